"""A claim as a picture for slides, set by Matplotlib: no TeX is needed."""

from __future__ import annotations

import io
import re
from pathlib import Path

from w2s_theory.arguments import real
from w2s_theory.ledger.statement import Statement
from w2s_theory.text.displays import Plain, displayed
from w2s_theory.text.files import replace_files

KINDS = ("svg", "png", "pdf")
_APART = 0.7
"""Between what two lines hold, in their size."""
# What Matplotlib's mathematics knows by another name, or does not need.
_INSTEAD = (
    (r"\\frac", r"\\dfrac"),
    (r"\\tfrac", r"\\frac"),
    (r"\\bigg[lr]([()])", r"\1"),
    (r"\\top", r"{\\mathsf{T}}"),
    (r"\^\*", "^{*}"),
    (r"\\text\{(\w+)\}", r"\\mathrm{\1}"),
    (r"\\(limits|displaystyle)|&", ""),
    (r"\\(g|l)e(?![a-z])", r"\\\1eq"),
    (r"\\ne(?![a-z])", r"\\neq"),
    (r"(?<=[\w})]) (?=\\(log|arc|sin|cos|tan|max|min|exp))", r"\\,"),
    (r"\\(log|arctan|arcsin|arccos|sin|cos|tan|max|min|exp)\^\{([^{}]*)\}", r"\\\1^{\2}\\!"),
)


def formula_picture(statement: Statement, kind: str, *, size: float = 24.0) -> bytes:
    """The claim of a statement and its definitions as SVG, PNG or PDF, without background.

    Raises `ValueError` for an unknown kind, for a size not positive, and for a claim with a sign
    that Matplotlib does not know.
    """
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties
    from matplotlib.mathtext import MathTextParser

    if kind not in KINDS:
        raise ValueError(f"the picture must be one of {', '.join(KINDS)}, got {kind!r}")
    points = real("size", size, positive=True)
    lines, defined = displayed(statement.claim, statement.where, Plain())
    if defined:
        lines += [r"\mathrm{where}", *defined]
    figure = Figure(figsize=(1, 1))
    buffer, below = io.BytesIO(), 0.0
    options = {"metadata": {"Date": None}} if kind == "svg" else {}
    font = FontProperties(size=points, math_fontfamily="cm")
    try:
        for line in lines:
            tex = f"${_readable(line)}$"
            _, height, depth, *_ = MathTextParser("path").parse(tex, 72, font)
            below += height - depth
            shift = 2 * points if line.startswith(r"&\qquad") else 0
            figure.text(shift / 72, -below / 72, tex, fontproperties=font, va="baseline")
            below += depth + _APART * points
        figure.savefig(
            buffer, format=kind, dpi=300, transparent=True, bbox_inches="tight", **options
        )
    except ValueError as error:
        said = str(error).strip().splitlines()[-1]
        raise ValueError(
            f"the claim of {statement.id} has what Matplotlib cannot set: {said}"
        ) from None
    return buffer.getvalue()


def export_formula(statement: Statement, out: Path, *, size: float = 24.0) -> None:
    """Write the picture; the kind is the suffix of `out`. Raises as `formula_picture` does."""
    picture = formula_picture(statement, out.suffix.removeprefix("."), size=size)
    out.parent.mkdir(parents=True, exist_ok=True)
    replace_files(out.parent, {out.name: picture})


def _readable(line: str) -> str:
    line = re.sub(r"^&(\\qquad)?(\\quad)?\s*", "", line)
    for pattern, replacement in _INSTEAD:
        line = re.sub(pattern, replacement, line)
    return line
