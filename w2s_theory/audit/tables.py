"""The audit as text, Markdown and LaTeX."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from w2s_theory.audit.constant import Constant
from w2s_theory.audit.constants import constants
from w2s_theory.export.escape import latex_text, markdown_cell

_SHOWN = 40
Row = Mapping[str, Any]


def plain(rows: Sequence[Row]) -> list[list[str]]:
    """Header and rows for a terminal."""
    head = ["constant", "exact", "enclosure", "sharpness", "source", "used by"]
    body = [
        [
            row["id"],
            _short(row["exact"]),
            _interval(row["enclosure"]),
            row["sharpness"],
            row["source"],
            ", ".join(row["statements"]),
        ]
        for row in rows
    ]
    return [head, *body]


def markdown(rows: Sequence[Row]) -> list[str]:
    """Lines of a Markdown table; long minima are cut."""
    head = ("constant", "meaning", "exact", "proven enclosure", "sharpness", "source", "evidence")
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    for row in rows:
        cells = (
            f"`{row['id']}`",
            row["meaning"],
            f"`{_short(row['exact'])}`",
            _interval(row["enclosure"]),
            f"{row['sharpness']}: {row['remark']}",
            row["source"],
            ", ".join(row["evidence"]),
        )
        lines.append("| " + " | ".join(markdown_cell(cell) for cell in cells) + " |")
    return lines


def latex(rows: Sequence[Row], chosen: Sequence[Constant] | None = None) -> list[str]:
    """Lines of a longtable (packages amsmath, array, booktabs, longtable)."""
    by_id = {constant.id: constant for constant in chosen or constants()}
    head = r"Constant & Exact & Proven enclosure & Sharpness & Used by \\"
    lines = [
        r"{\footnotesize\setlength{\tabcolsep}{4pt}",
        r"\begin{longtable}{@{}l>{\raggedright\arraybackslash}p{0.2\linewidth}"
        r"l>{\raggedright\arraybackslash}p{0.12\linewidth}"
        r">{\raggedright\arraybackslash}p{0.15\linewidth}@{}}",
        r"\toprule",
        head,
        r"\midrule\endfirsthead",
        r"\toprule",
        head,
        r"\midrule\endhead",
        r"\bottomrule\endlastfoot",
    ]
    for row in rows:
        used = r", \allowbreak ".join(latex_text(key) for key in row["statements"]) or "--"
        cells = (
            rf"${row['latex']}$",
            _exact(by_id[row["id"]]),
            _latex_interval(row["enclosure"]),
            row["sharpness"],
            used,
        )
        lines.append(" & ".join(cells) + r" \\")
    return [*lines, r"\end{longtable}}"]


def _exact(constant: Constant) -> str:
    from w2s_theory.ledger.infimum import Infimum
    from w2s_theory.ledger.render import latex as render

    if constant.expr.has(Infimum):
        return "a minimum"
    return rf"${render(constant.expr)}$"


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


def _interval(enclosure: Row) -> str:
    return f"{enclosure['mid']} +- {enclosure['rad']}"


def _latex_interval(enclosure: Row) -> str:
    mid = enclosure["mid"]
    mantissa, _, exponent = mid.partition("e")
    scale = rf"\cdot 10^{{{exponent}}}" if exponent else ""
    rad, _, power = enclosure["rad"].partition("e")
    radius = rf"{rad}\cdot 10^{{{power}}}" if power else rad
    return rf"$\begin{{array}}[t]{{@{{}}l@{{}}}}{mantissa}{scale}\\ {{}}\pm {radius}\end{{array}}$"
