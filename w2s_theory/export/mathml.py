"""Mathematics for a browser without scripts: MathML from the LaTeX that everything prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from xml.etree.ElementTree import Element, fromstring, tostring

from w2s_theory.ledger.quantities import QUANTITIES
from w2s_theory.ledger.render import latex as printed
from w2s_theory.ledger.statement import Assumption, Statement
from w2s_theory.text.displays import Plain, displayed, visible
from w2s_theory.text.inline_math import prose_pieces

_ROWS = ("math", "mrow", "msqrt", "mstyle", "mtd")
"""Elements whose children stand in a row without an <mrow>."""
_SIGNS, _CLOSES = "\u2212-+\u00b1", ")]}!\u2016"
_UNDER = ("lim", "max", "min")
_SCROLLS = 'tabindex="0" role="group" aria-label="{}"'
_NARROW = 28
"""About how many characters a phone has room for."""


NAMES: Mapping[str, str] = {str(q.symbol): q.latex for q in QUANTITIES if len(str(q.symbol)) > 1}
"""What prose calls a quantity -> its LaTeX."""


@cache
def mathml(latex: str, *, display: bool = False) -> str:
    """`latex` as one `<math>` element, as short as its appearance allows."""
    from latex2mathml.converter import convert

    made: str = convert(latex, display="block" if display else "inline")
    for extra in (' xmlns="http://www.w3.org/1998/Math/MathML"', ' display="inline"'):
        made = made.replace(extra, "")
    root = fromstring(made)
    _shorten(root)
    for node in root.iter():
        if node.tag == "mo" and ((node.text or "").isalpha() or node.text == "\u221e"):
            node.tag = "mi"
    for node in root.iter():
        if node.tag in _ROWS:
            _form(node)
            _space(node)
        if node.tag == "msub" and display and node[0].text in _UNDER:
            node.tag = "munder"
        elif node.tag == "mi" and "\u0393" <= (node.text or "") <= "\u03a9":
            node.set("mathvariant", "normal")
    return tostring(root, encoding="unicode", short_empty_elements=False)


def _shorten(node: Element) -> None:
    """Take out rows of one element, attributes that no browser heeds, letters one by one."""
    for child in node:
        _shorten(child)
    node.attrib.pop("fence", None)
    children = [c[0] if c.tag == "mrow" and len(c) == 1 else c for c in node]
    if node.tag in _ROWS and len(children) == 1 and children[0].tag == "mrow":
        children = [*children[0]]
    if node.tag == "mrow" and len(children) > 1 and all(map(_upright, children)):
        # <mi> of several letters is upright by itself.
        word = Element("mi")
        word.text = "".join(c.text or "" for c in children)
        children = [word]
    node[:] = children


def _space(row: Element) -> None:
    """As TeX does, a thin space before the name of a function, and after it but at a bracket."""
    spaced: list[Element] = []
    for child in row:
        last = spaced[-1] if spaced else None
        if last is not None and (
            (_is_name(last) and "mo" not in (child.tag, *(first.tag for first in child[:1])))
            or (_is_name(child) and (last.tag != "mo" or last.text in (")", "]", "}", "!")))
        ):
            spaced.append(Element("mspace", width="0.167em"))
        spaced.append(child)
    row[:] = spaced


def _form(row: Element) -> None:
    """What MathML would space otherwise than TeX: a/b, (-x), |x|."""
    bars = 0
    for before, child in zip([None, *row], row, strict=False):
        if child.tag != "mo" or "form" in child.attrib:
            continue
        if child.text == "/":
            child.attrib.update(lspace="0", rspace="0")
        elif child.text == "|":
            child.set("form", "postfix" if bars % 2 else "prefix")
            bars += 1
        elif str(child.text) in _SIGNS and before is not None and _opens(before):
            child.set("form", "prefix")


def _opens(node: Element) -> bool:
    """Whether a sign behind it is one of a number."""
    return node.tag == "mo" and node.get("form") != "postfix" and str(node.text) not in _CLOSES


def _is_name(node: Element) -> bool:
    """A word such as cos, with or without scripts."""
    base = node[0] if node.tag[:2] == "ms" and len(node) > 1 else node
    return base.tag == "mi" and len(base.text or "") > 1 and str(base.text).isascii()


def _upright(node: Element) -> bool:
    return node.tag == "mi" and node.get("mathvariant") == "normal" and bool(node.text)


def prose(text: str) -> str:
    """A text of the ledger as HTML, its ASCII mathematics typeset."""
    return "".join(
        _inline(piece) if is_math else escape(piece) for is_math, piece in prose_pieces(text, NAMES)
    )


def _inline(latex: str) -> str:
    """A formula in a line; a long one scrolls by itself on a narrow screen."""
    if visible(latex) <= _NARROW:
        return mathml(latex)
    return f'<span class="scroll" {_SCROLLS.format("formula")}>{mathml(latex)}</span>'


def scrolling(latex: str, label: str) -> str:
    """A formula on lines of its own, which scrolls by itself where it may not fit a phone."""
    if visible(latex) <= _NARROW:
        return f"<div>{mathml(latex, display=True)}</div>"
    set_ = mathml(latex, display=True)
    return f'<div class="scroll" {_SCROLLS.format(label)}>{set_}</div>'


def claim(statement: Statement) -> str:
    """The claim, a line a relation, then its definitions."""
    claimed, defined = displayed(statement.claim, statement.where, Plain())
    lines = _lines(claimed)
    if defined:
        lines += f'<div class="where">where</div>{_lines(defined)}'
    return f'<div class="display">{lines}</div>'


def assumption(made: Assumption) -> str:
    """The text of an assumption, then its condition unless the text ends with it."""
    said, condition = prose(made.text), printed(made.condition)
    if said.endswith(mathml(condition)):
        return said
    return f"{said}: {scrolling(condition, 'condition')}"


def _lines(aligned: Sequence[str]) -> str:
    """Lines of an `aligned` environment, those that go on with the one before set in."""
    html = []
    for line in aligned:
        goes_on = line.startswith(r"&\qquad")
        bare = line.removeprefix("&").replace(r"\qquad\quad", "", 1) if goes_on else line[1:]
        bare = bare.removeprefix(r"\qquad").strip()
        html.append(f'<div class="line{" on" * goes_on}">{mathml(bare, display=True)}</div>')
    return "".join(html)
