"""How far a random-feature student is certified to get: leverage, level, and the rate of the gain.

d(mu) = sum_k N_k lambda_k/(lambda_k + mu). In balls the terms up to a degree are added one by one,
and what is left is at most the rest of the trace over mu. From the width of `leverage` on a teacher
hides at most mu of the kernel's unit ball with probability at least 1 - delta, and `gain-rate`
bounds the loss of its student.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from sympy import Integer

from w2s_theory.arguments import degree_number, integer, real
from w2s_theory.certify import lower
from w2s_theory.certify.balls import precision, to_arb
from w2s_theory.ledger import rate as ledger
from w2s_theory.ledger.kernels import TRACE
from w2s_theory.ledger.statement import Formula
from w2s_theory.spectra import get_activation
from w2s_theory.spectra.harmonics import multiplicity

if TYPE_CHECKING:
    from flint import arb

BITS = 128
MOST_DEGREES = 200_000
_TAIL = 1e-3
"""The part of d(mu) that is left to the trace."""
_STEPS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """What holds with probability at least 1 - ``risk`` over the features of a ReLU teacher.

    Delta is at most ``level`` = mu, d(mu) at most ``freedom``; L_TE is at most ``teacher`` and L_ST
    of the infinite student stopped at ``time`` at most ``student`` (above 1 both say nothing).
    From ``width_from`` on ``student`` is below 1.
    """

    dim: int
    degree: int
    width: int
    risk: float
    level: float
    freedom: float
    eigenvalue: float
    beyond: float
    time: float
    teacher: float
    student: float
    width_from: int


def ceiling(dim: int, width: int, risk: float, degree: int = 1) -> Ceiling:
    """The certified upper bounds for a zonal target of ``degree``, rounded upwards.

    ValueError: dim < 2, width < 1, risk not in (0, 1], or a degree where the kernel vanishes.
    """
    integer("dim", dim, 2)
    integer("width", width, 1)
    if not 0 < real("risk", risk, positive=True) <= 1:
        raise ValueError(f"risk must be in (0, 1], got {risk!r}")
    degree = degree_number("degree", degree)
    if degree % 2 and degree > 1:
        raise ValueError(f"degree must be even or 1, got {degree}: the kernel vanishes there")
    with precision(BITS):
        lowest, beyond = _levels(dim, degree)
        level = _level(dim, width, risk)
        share, time, student = _student(level, lowest, beyond)
        return Ceiling(
            dim=dim,
            degree=degree,
            width=width,
            risk=risk,
            level=level,
            freedom=_up(freedom(dim, level)),
            eigenvalue=float(lowest),
            beyond=float(beyond),
            time=time,
            teacher=_up(share),
            student=_up(student),
            width_from=_width_from(dim, risk, lowest, beyond),
        )


def freedom(dim: int, level: float) -> arb:
    """An enclosure of d(mu) for ReLU at exactly mu = ``level``, about a thousandth wide.

    ValueError unless ``level`` > 0, or if more than `MOST_DEGREES` degrees are needed.

    >>> f"{float(freedom(3, 1e-4).lower()):.4g}"
    '16.5'
    """
    from flint import arb

    real("level", level, positive=True)
    with precision(BITS):
        mu, total, rest = arb(level), arb(0), _trace(dim)
        even, odd = eigenvalue(dim, 0), eigenvalue(dim, 1)
        total, rest = dim * odd / (odd + mu), rest - dim * odd
        for degree in range(0, MOST_DEGREES, 2):
            count = 1 if degree == 0 else multiplicity(degree, dim)
            total += count * even / (even + mu)
            rest -= count * even
            if rest / mu < _TAIL * total:
                return total + (rest / mu).union(arb(0))
            even *= (to_arb(degree - 1) / (degree + dim + 1)) ** 2  # a_{k+2}/a_k (spec-decay)
    raise ValueError(f"level must be larger, got {level!r}: more than {MOST_DEGREES} degrees")


def _trace(dim: int) -> arb:
    """The squared norm of a feature."""
    return lower(TRACE(Integer(1), Integer(dim)))({})


def eigenvalue(dim: int, degree: int) -> arb:
    """a_k^2 for ReLU, enclosed."""
    return get_activation("relu").certified(degree, dim, digits=BITS // 4) ** 2


def _levels(dim: int, degree: int) -> tuple[arb, arb]:
    """The least eigenvalue of the learnable degrees up to the target's, the largest beyond them."""
    learnable = [0, 1, *range(2, degree + 3, 2)]
    values = {k: eigenvalue(dim, k) for k in learnable}
    inside = min((values[k] for k in learnable if k <= degree), key=float)
    return inside, max((values[k] for k in learnable if k > degree), key=float)


@cache
def _level(dim: int, width: int, risk: float) -> float:
    """The least mu, to a millionth, at which the width is certified to suffice."""
    low, high = -300.0, math.log(float(_trace(dim)))
    if not _suffices(dim, width, risk, math.exp(high)):
        return math.exp(high)  # Delta is at most the trace, whatever the features are
    low = high
    while _suffices(dim, width, risk, math.exp(low - 4)):
        low -= 4
    low, high = low - 4, low
    for _ in range(_STEPS):
        if high - low < 1e-6:
            break
        middle = (low + high) / 2
        low, high = (
            (low, middle) if _suffices(dim, width, risk, math.exp(middle)) else (middle, high)
        )
    return math.exp(high)


def _suffices(dim: int, width: int, risk: float, level: float) -> bool:
    return bool(_width(dim, risk, level) <= width)


def _width(dim: int, risk: float, level: float) -> arb:
    """The width that `leverage` asks for; d(mu) counts as 1 at least."""
    from flint import arb

    count = freedom(dim, level).max(arb(1))
    return _evaluate(ledger.WIDTH_AT, count, arb(risk))


def _evaluate(formula: Formula, *values: arb) -> arb:
    return lower(formula.expr)(dict(zip(formula.args, values, strict=True)))


def _student(level: float, lowest: arb, beyond: arb) -> tuple[arb, float, arb]:
    """Delta/lambda_0, a time with exp(-lambda_0 t) at most that, and the bound on L_ST there."""
    from flint import arb

    share = arb(level) / lowest
    if not share < 1:
        return arb(1), 0.0, arb(1)
    time = np.nextafter(_up(_evaluate(ledger.STOP_AT, arb(level), lowest)), np.inf)
    return share, float(time), _evaluate(ledger.SQUARE_RATE, arb(level), lowest, beyond, arb(time))


def _width_from(dim: int, risk: float, lowest: arb, beyond: arb) -> int:
    """The least width, up to the accuracy of d(mu), with a bound below 1."""
    low, high = -60.0, 0.0  # log of mu/lambda_0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        _, _, student = _student(math.exp(middle) * float(lowest), lowest, beyond)
        low, high = (middle, high) if student < 1 else (low, middle)
    return math.ceil(_up(_width(dim, risk, math.exp(low) * float(lowest))))


def _up(value: arb) -> float:
    """A float that is not below the ball."""
    return float(np.nextafter(float(value.upper()), np.inf))
