"""Tables of numbers with booktabs: spectra, the n-step limit, measured exponents."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from w2s_theory.text.inline_math import prose_latex

if TYPE_CHECKING:
    from flint import arb

    from w2s_theory.ledger.theories import Theory

SPECTRUM_DIMS = (2, 3, 8, 32)
SPECTRUM_DEGREES = (0, 1, 2, 4, 6, 8)
LOSSES = ("1/100", "1/10", "1/4", "1/2", "2/3", "9/10")
CHAINS = (1, 2, 4, 16, 256)
_DIGITS = 8


def scientific(mid: str) -> str:
    """A decimal string as LaTeX, powers of ten written out."""
    mantissa, _, exponent = mid.partition("e")
    return rf"{mantissa}\cdot 10^{{{int(exponent)}}}" if exponent else mantissa


def _significant(ball: arb, digits: int) -> str:
    """`digits` digits of a ball that has more: every digit shown is certain but for rounding."""
    value = float(ball.mid())
    if value == 0:
        return "0"
    if 1e-3 <= abs(value) < 1e4:
        return f"{value:#.{digits}g}"
    return scientific(f"{value:.{digits - 1}e}")


def spectrum_tex() -> str:
    """Coefficients a_k of ReLU on S^{d-1}, and the Hermite coefficients h_k."""
    from w2s_theory.spectra.activations import RELU

    head = " & ".join(["$k$", *(rf"$d={dim}$" for dim in SPECTRUM_DIMS), r"$h_k$"])
    rows = []
    for degree in SPECTRUM_DEGREES:
        balls = [RELU.certified(degree, dim, 20) for dim in SPECTRUM_DIMS]
        balls.append(RELU.hermite_certified(degree, 20))
        cells = (rf"${_significant(ball, 6)}$" for ball in balls)
        rows.append(" & ".join([str(degree), *cells]))
    note = (
        r"\noindent Funk--Hecke coefficients $a_k(d)$ of ReLU on $\mathbb{S}^{d-1}$; the kernel's "
        r"eigenvalues are $a_k^2$. Odd degrees $k \ge 3$ vanish. Last column: Hermite "
        r"coefficients, to which $a_k \sqrt{d N_k}$ tends. All digits shown are certified.\par"
    )
    return _centred(note, "r" + "l" * (len(SPECTRUM_DIMS) + 1), head, rows)


def chain_tex() -> str:
    """The n-step limit over L^2 at several teacher losses."""
    from w2s_theory.ledger.render import latex
    from w2s_theory.ledger.section4 import QUADRATIC_CONSTANT
    from w2s_theory.theorems.floors import floors

    head = " & ".join(
        [
            r"$\mathcal{L}_{\mathrm{TE}}$",
            *(rf"$n={n}$" for n in CHAINS),
            r"$n\to\infty$",
            rf"${latex(QUADRATIC_CONSTANT)}$",
        ]
    )
    rows = []
    for loss in LOSSES:
        found = [floors(loss, chain=n, digits=20) for n in CHAINS]
        square = found[0].teacher_loss ** 2
        scale = square.denominator, square.numerator
        balls = [*(f.chain_floor for f in found), found[0].bounded_floor, found[0].quadratic_floor]
        cells = [rf"${_significant(ball * scale[0] / scale[1], _DIGITS)}$" for ball in balls]
        rows.append(" & ".join([f"${loss}$", *cells]))
    note = (
        r"\noindent The best loss that a chain of $n$ students can reach, divided by "
        r"$\mathcal{L}_{\mathrm{TE}}^2$: $n = 1$ is Theorem 4.1, $n \to \infty$ Theorem 4.2; "
        r"last column, the constant of the quadratic floor. All digits shown are certified.\par"
    )
    return _centred(note, "r" + "l" * (len(CHAINS) + 2), head, rows)


def exponents_tex(paths: Sequence[Path]) -> str:
    """Fitted exponents, from the `fits` CSV beside each figure."""
    head = r"Figure & Series & Exponent & 95\% interval & Theory & Assumption missed"
    rows = []
    for path in paths:
        try:
            with path.open(newline="", encoding="utf-8") as file:
                rows += [_exponent_row(row) for row in csv.DictReader(file)]
        except (KeyError, TypeError, ValueError):
            raise ValueError(f"figures must hold tables of `w2s figure`, got {path}") from None
    note = (
        r"\noindent Exponents of $\min_t \mathcal{L}_{\mathrm{ST}}$ against "
        r"$\mathcal{L}_{\mathrm{TE}}$, fitted to all draws, with bootstrap intervals. "
        r"Theory: the proven exponent for ReLU, the limit 2 for the linear model. A fit over a "
        r"finite range may exceed 2; the pointwise floor is what is proved. A student of finite "
        r"width misses the theory's assumption that it is infinitely wide: its fit says how far "
        r"the width is from enough, and nothing against the theory.\par"
    )
    return _centred(note, "rlrlll", head, rows)


def _exponent_row(row: dict[str, str]) -> str:
    cells = (
        str(int(row["figure"])),
        prose_latex(row["series"].replace("relu", "ReLU").replace(" M_ST", ", M_ST")),
        f"{float(row['exponent']):.3f}",
        f"[{float(row['low']):.3f}, {float(row['high']):.3f}]",
        f"{float(row['theory']):.3f}",
        "an infinite student" if "M_ST" in row["series"] else "none",
    )
    return " & ".join(cells)


def constants_tex(theory: Theory, labels: Mapping[str, str]) -> str:
    """The constants of a theory, audited; `labels` are the names of its statements."""
    from w2s_theory.audit import layout
    from w2s_theory.audit.evaluate import audit

    return "\n".join(layout.latex(audit(theory=theory)["constants"], labels)) + "\n"


def _centred(note: str, columns: str, head: str, rows: Sequence[str]) -> str:
    lines = [
        note,
        r"\begin{center}\small",
        r"\wtsfit{\begin{tabular}{@{}" + columns + r"@{}}",
        r"\toprule",
        rf"{head} \\",
        r"\midrule",
        *(rf"{row} \\" for row in rows),
        r"\bottomrule",
        r"\end{tabular}}",
        r"\end{center}",
        "",
    ]
    return "\n".join(lines)
