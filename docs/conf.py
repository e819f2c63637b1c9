"""Sphinx configuration; `make docs` builds with every warning an error."""

import re
from typing import Any

from docutils.nodes import SkipNode
from numpy.typing import ArrayLike
from sphinx.application import Sphinx
from sphinx.util.typing import stringify_annotation

import w2s_theory
from w2s_theory.export.mathml import mathml

project = "w2s_theory"
version = release = w2s_theory.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.autosummary"]
templates_path = ["templates"]
exclude_patterns = ["templates"]
myst_enable_extensions = ["dollarmath"]
html_theme = "furo"
html_title = "w2s_theory"
html_math_renderer = "mathml"
html_show_sourcelink = html_copy_source = html_show_copyright = False

# Docstrings are plain text with code in backticks, single or double.
default_role = "code"
autodoc_default_options = {
    "members": True,
    "member-order": "bysource",
    # The errors that a constructor raises are told by its __post_init__.
    "special-members": "__call__, __getitem__, __post_init__",
    # Every object once, in the module that defines it.
    "ignore-module-all": True,
}
autodoc_preserve_defaults = True
autodoc_typehints_format = "short"

# Without network no page of another library is known. What an annotation names without a dot is
# known to the type checker: an alias, a type variable, or a name that is imported for it alone.
nitpick_ignore_regex = [
    ("py:.*", r"(collections|concurrent|contextlib|fractions|pathlib|types|typing)\..*"),
    ("py:.*", r"(_pytest|flint|hypothesis|matplotlib|np|numpy|sympy)\..*"),
    ("py:class", r"\w+"),
    ("py:class", r"None\.\w+"),  # the classes of SymPy's undefined functions
    ("py:class", r"w2s_theory\.[\w.]+\.(_\w+|AnyNumber|Check|Features|Goal|Test)"),
]


def name_arrays(*event: Any) -> tuple[str | None, ...]:
    """NumPy's aliases as the source has them: evaluated they fill three lines of a signature."""
    array_like = re.escape(stringify_annotation(ArrayLike, "smart"))
    array = r"~numpy\.ndarray\[tuple\[~typing\.Any, \.\.\.\], ~numpy\.dtype\[([^]]*)\]\]"
    parts = event[-2:]  # arguments and what is returned, None where there are none
    for pattern, name in ((array, r"NDArray[\1]"), (array_like, "ArrayLike")):
        parts = tuple(part and re.sub(pattern, f"~numpy.typing.{name}", part) for part in parts)
    return parts


def inline_math(visitor: Any, node: Any) -> None:
    """Mathematics in a line as MathML: no script, no font, no network."""
    visitor.body.append(mathml(node.astext()))
    raise SkipNode


def displayed_math(visitor: Any, node: Any) -> None:
    """A display, which scrolls by itself where the screen is narrow."""
    formula = mathml(node.astext(), display=True)
    style = "overflow-x: auto; margin: 1rem 0"
    named = 'tabindex="0" role="group" aria-label="Formula"'
    visitor.body.append(f'<div style="{style}" {named}>{formula}</div>')
    raise SkipNode


def name_statements(app: Sphinx, what: str, name: str, obj: Any, *event: Any) -> None:
    """Under a part of the ledger, its statements, each with its page of the site beside."""
    if what == "module" and hasattr(obj, "STATEMENTS"):
        links = (f"`{s.id} <../theory/statements/{s.id}.html>`__" for s in obj.STATEMENTS)
        event[-1].extend(["", f"On the site: {', '.join(links)}.", ""])


def setup(app: Sphinx) -> None:
    """Connect the hooks."""
    app.add_html_math_renderer("mathml", (inline_math, None), (displayed_math, None))
    app.connect("autodoc-process-signature", name_arrays)
    app.connect("autodoc-process-docstring", name_statements)
