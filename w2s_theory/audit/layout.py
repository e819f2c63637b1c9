"""The audit as text, Markdown and LaTeX."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from w2s_theory.audit.constant import Constant, Enclosure, Row, Sharpness
from w2s_theory.audit.constants import constants
from w2s_theory.text.displays import visible
from w2s_theory.text.escape import latex_text, markdown_cell
from w2s_theory.text.inline_math import prose_latex

_SHOWN, _SET = 40, 20
_PAGE = (
    "# The constants, audited",
    "",
    "Made by `w2s audit --markdown`. An enclosure is a proven interval (ball arithmetic);",
    "`w2s audit --json` has the exact forms in full, where each is used and its mutants;",
    "`w2s audit --against audit.json` exits 1 if any of it has drifted. A number of your own:",
    '`w2s audit --expr "1 + 31/(2*34)" --digits 50`.',
    "",
)


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


def detail(row: Row) -> list[str]:
    """One constant, a line a field."""
    interval = row["enclosure"]
    return [
        f"{row['id']}: {row['meaning']}",
        f"  exact      {row['exact']}",
        f"  enclosure  {interval['mid']} +- {interval['rad']}",
        f"  sharpness  {row['sharpness']}: {row['remark']}",
        f"  source     {row['source']} ({row['reference']})",
        f"  home       {row['home']}",
        f"  used by    {', '.join(row['statements']) or 'no statement'}",
        f"  evidence   {', '.join(row['evidence'])}",
        f"  mutants    {', '.join(row['mutants']) or 'none'}",
    ]


def markdown(rows: Sequence[Row]) -> list[str]:
    """Lines of a Markdown page: what an audit is, and its table; long minima are cut."""
    head = ("constant", "meaning", "exact", "proven enclosure", "sharpness", "source", "evidence")
    lines = [*_PAGE, "| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
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


def latex(rows: Sequence[Row], labels: Mapping[str, str]) -> list[str]:
    """Lines of a longtable (packages amsmath, array, booktabs, longtable).

    `labels` are names such as "Theorem 4.1" of statements.
    """
    by_id = {constant.id: constant for constant in constants()}
    left, right = (0.13, 0.15), (0.18, 0.15)
    columns = rf"{_ragged(left)}>{{\scriptsize}}l{_ragged(right)}"
    head = r"Constant & Exact & Proven enclosure & Sharpness & Used by \\"
    lines = [
        r"{\footnotesize\setlength{\tabcolsep}{3.5pt}",
        rf"\begin{{longtable}}{{@{{}}{columns}@{{}}}}",
        r"\toprule",
        head,
        r"\midrule\endfirsthead",
        r"\toprule",
        head,
        r"\midrule\endhead",
        r"\bottomrule\endlastfoot",
    ]
    before = ""
    for row in rows:
        used = ", ".join(latex_text(labels[key]) for key in row["statements"]) or "--"
        improvable = row["sharpness"] == Sharpness.IMPROVABLE
        sharpness = prose_latex(row["remark"] if improvable else row["sharpness"])
        cells = (
            rf"${row['latex']}$",
            _exact(by_id[row["id"]]),
            _latex_interval(row["enclosure"]),
            "as above" if improvable and sharpness == before else sharpness,
            used,
        )
        before = sharpness
        lines.append(" & ".join(cells) + r" \\[2pt]")
    return [*lines, r"\end{longtable}}"]


def _ragged(widths: Sequence[float]) -> str:
    return "".join(rf">{{\raggedright\arraybackslash}}p{{{w}\linewidth}}" for w in widths)


def _exact(constant: Constant) -> str:
    """The general formula of a family, else the number; words for what is too wide."""
    from w2s_theory.ledger.infimum import Infimum
    from w2s_theory.ledger.render import latex as render

    if constant.expr.has(Infimum):
        return "a minimum over the turn"
    for expr in (constant.formula, constant.expr):
        printed = "" if expr is None else render(expr)
        if printed and visible(printed) <= _SET:
            return rf"${printed}$"
    return constant.remark


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


def _interval(enclosure: Enclosure) -> str:
    return f"{enclosure['mid']} +- {enclosure['rad']}"


def _latex_interval(enclosure: Enclosure) -> str:
    mantissa, exponent = _scientific(enclosure["mid"])
    radius, power = _scientific(enclosure["rad"])
    scale = rf"\cdot 10^{{{exponent}}}\ " if exponent else ""
    error = rf"{{}}\pm {radius}" + (rf"\cdot 10^{{{power}}}" if power else "")
    if enclosure["rad"] == "0":
        mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
        return rf"${mantissa}{scale}\text{{ exactly}}$"
    below = scale + error
    return rf"$\begin{{array}}[t]{{@{{}}l@{{}}}}{mantissa}\\{below}\end{{array}}$"


def _scientific(written: str) -> tuple[str, int]:
    """Mantissa and power of ten; numbers below 1/100 lose their leading zeros."""
    mantissa, _, exponent = written.partition("e")
    if exponent or not mantissa.lstrip("-").startswith("0.00"):
        return mantissa, int(exponent or 0)
    sign = "-" if mantissa.startswith("-") else ""
    digits = mantissa.lstrip("-")[2:]
    significant = digits.lstrip("0")
    if not significant:
        return mantissa, 0
    return f"{sign}{significant[0]}.{significant[1:]}", len(significant) - len(digits) - 1
