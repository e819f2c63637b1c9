"""Sphinx configuration; `make docs` builds with every warning an error."""

import re
from typing import Any

from docutils import nodes
from numpy.typing import ArrayLike
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.typing import stringify_annotation

import w2s_theory
from w2s_theory.export.mathml import NAMES, mathml
from w2s_theory.text.displays import visible
from w2s_theory.text.inline_math import prose_runs

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


NAMED = 'tabindex="0" role="group" aria-label="Formula"'
NARROW = 28
"""About how many characters a phone has room for."""


def inline_math(visitor: Any, node: Any) -> None:
    """Mathematics in a line as MathML: no script, no font, no network."""
    formula = mathml(node.astext())
    if visible(node.astext()) > NARROW:
        style = "display: inline-block; max-width: 100%; vertical-align: middle; overflow-x: auto"
        formula = f'<span style="{style}" {NAMED}>{formula}</span>'
    visitor.body.append(formula)
    raise nodes.SkipNode


def displayed_math(visitor: Any, node: Any) -> None:
    """A display, which scrolls by itself where the screen is narrow."""
    formula = mathml(node.astext(), display=True)
    style = "overflow-x: auto; margin: 1rem 0"
    visitor.body.append(f'<div style="{style}" {NAMED}>{formula}</div>')
    raise nodes.SkipNode


class TypesetMathematics(SphinxPostTransform):
    """ASCII mathematics as the ledger writes it, in text and in backticks, becomes mathematics."""

    default_priority = 600
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Leave titles, which stand in menus too, and docstrings as they are."""
        if self.env.docname.startswith("api"):
            return
        for node in [*self.document.findall(nodes.literal)]:
            found = pieces(node.astext()) if re.search(r"[ ^(/]", node.astext()) else []
            if len(found) == 1 and found[0][0]:
                node.replace_self(nodes.math("", found[0][1]))
        for block in [*self.document.findall(nodes.literal_block)]:
            found = pieces(" ".join(block.astext().rstrip(" .,").split()))
            if len(found) == 1 and found[0][0]:
                block.replace_self(nodes.math_block("", found[0][1]))
        for text in [*self.document.findall(nodes.Text)]:  # a line of the source each
            place = text.parent.index(text) if text.parent else 0
            if place and isinstance(before := text.parent[place - 1], nodes.Text):
                text.parent[place - 1 : place + 1] = [nodes.Text(before + text)]
        for text in [*self.document.findall(nodes.Text)]:
            if not isinstance(text.parent, WORDS):
                made = [node for piece in pieces(text.astext()) for node in set_piece(*piece)]
                text.parent.replace(text, made)


def pieces(text: str) -> list[tuple[bool, str]]:
    """Mathematics and words, but for what only looks like mathematics: names, hashes, seconds."""
    plain = re.sub(r"^-(?=[\d.]+%?$)", "\u2212", text.replace("**", "^").replace("\u2019", "'"))
    found = [("", None), *prose_runs(plain, NAMES), ("", None)]
    made = []
    for (before, _), (piece, tex), (after, _) in zip(found, found[1:], found[2:], strict=False):
        glued = re.search(r"[\w.']$", before) or re.match(r"\w", after)
        if tex is not None and not glued and not re.fullmatch(NO_MATHEMATICS, tex):
            made.append((True, tex))
        else:
            words = piece.replace("'", "\u2019").replace("<=", "\u2264").replace(">=", "\u2265")
            made.append((False, words))
    return made


WORDS = (nodes.title, nodes.literal, nodes.math, nodes.math_block, nodes.FixedTextElement)


def set_piece(is_math: bool, text: str) -> list[nodes.Node]:
    """Nodes: a number such as 2e-7 in the letters of its text, what else is mathematics as such."""
    if number := re.fullmatch(r"(-?[\d.]+ \+- )?(?:1|([\d.]+))e(-?)0*(\d+)", text):
        middle = (number[1] or "").replace("+-", "\u00b1").replace("-", "\u2212")
        power = nodes.superscript("", "\u2212" * bool(number[3]) + number[4])
        return [nodes.Text(middle + (f"{number[2]}\u00b710" if number[2] else "10")), power]
    if not is_math:
        return [nodes.Text(text)]
    return [nodes.math("", re.sub(r"(?:\b1|(\d))e(-?)0*(\d+)", powers, text))]


def powers(found: re.Match[str]) -> str:
    """A power of ten in a formula."""
    return f"{found[1]} \\cdot " * bool(found[1]) + f"10^{{{found[2]}{found[3]}}}"


NO_MATHEMATICS = (
    r"(?!\d[\d.]*e-?\d+$)[\w.]*\d[\w.]*(-\d+)?|2F1.*|s|[\d.]+ (s|\\min)|-?[\d.]{9,}.*"
    r"|.*\\mathrm\{(?!(ST|TE|out|ceiling|PGR)\}).*"
)


def name_statements(app: Sphinx, what: str, name: str, obj: Any, *event: Any) -> None:
    """Under a part of the ledger, its statements, each with its page of the site beside."""
    if what == "module" and hasattr(obj, "STATEMENTS"):
        links = (f"`{s.id} <../theory/statements/{s.id}.html>`__" for s in obj.STATEMENTS)
        event[-1].extend(["", f"On the site: {', '.join(links)}.", ""])


def setup(app: Sphinx) -> None:
    """Connect the hooks."""
    app.add_html_math_renderer("mathml", (inline_math, None), (displayed_math, None))
    app.add_post_transform(TypesetMathematics)
    app.connect("autodoc-process-signature", name_arrays)
    app.connect("autodoc-process-docstring", name_statements)
