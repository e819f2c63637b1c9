"""The loss floors of section 4: how good a student can get, given its teacher's loss.

Float functions are vectorised and generated from the ledger's formulas; `floors` gives certified
enclosures. Teacher losses are those of a unit target, L_TE = ||f_T - f*||^2 in [0, 1].
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from w2s_theory.arguments import integer, unit_interval
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4
from w2s_theory.ledger.statement import Formula
from w2s_theory.students.floats import numpy_function, stable

if TYPE_CHECKING:
    from flint import arb

MAX_EXPONENT = 100_000
"""Powers of ten that a loss may be typed with: its decimal digits are all kept."""

_EXPONENT = re.compile(r"[eE]([-+]?[\d_]+)\s*$")


def shrinkage_floor(teacher_loss: ArrayLike) -> NDArray[np.float64]:
    """Theorem 4.1's sharp floor (1 + L - sqrt((1+3L)(1-L)))/2; any shape, elementwise.

    Raises `ValueError` for a loss outside [0, 1].

    >>> print(shrinkage_floor([0.1, 2 / 3]))
    [0.00916731 0.33333333]
    """
    return numpy_function(section4.SHRINKAGE_FLOOR)(unit_interval("teacher_loss", teacher_loss))


def quadratic_floor(teacher_loss: ArrayLike) -> NDArray[np.float64]:
    """Theorem 4.1's parabola, (3/4) L^2. Raises `ValueError` for a loss outside [0, 1]."""
    return numpy_function(section4.QUADRATIC_FLOOR)(unit_interval("teacher_loss", teacher_loss))


def bounded_floor(teacher_loss: ArrayLike) -> NDArray[np.float64]:
    """Theorem 4.2's floor (1 - sqrt(1-L))^2. Raises `ValueError` for a loss outside [0, 1]."""
    return numpy_function(section4.BOUNDED_FLOOR)(unit_interval("teacher_loss", teacher_loss))


@dataclass(frozen=True, slots=True, kw_only=True)
class Floors:
    """Certified floors (Arb balls) at one teacher loss, for a chain of `chain` students."""

    teacher_loss: Fraction
    chain: int
    floor: arb
    quadratic_floor: arb
    bounded_floor: arb
    chain_floor: arb


def floors(teacher_loss: int | str | Fraction, *, chain: int = 1, digits: int = 20) -> Floors:
    """Certified floors with `digits` digits at an exact teacher loss (Theorems 4.1, 4.2, nstep).

    `teacher_loss` is exact: an integer, a Fraction, or a decimal string such as "0.1" (a float is
    refused: the float 0.1 is not 1/10). Raises `ValueError` for a loss outside [0, 1], chain < 1
    or digits < 1.

    >>> print(floors("1/10").floor, floors("1/10", chain=4).chain_floor)
    [0.00916730868040161 +/- 3.97e-18] [0.00401165784004233 +/- 5.85e-19]
    """
    from w2s_theory.certify import enclose
    from w2s_theory.enclose.minima import enclosure

    loss = exact_loss(teacher_loss)
    chain, digits = integer("chain", chain, 1), integer("digits", digits, 1)
    at = {q.L_TE: loss}

    def ball(formula: Formula) -> arb:
        # Conjugates first: 1e-2000 would cost the plain form 13,000 bits, a chain apart.
        return enclose(stable(formula.expr), at, digits=digits)

    one_step = ball(section4.SHRINKAGE_FLOOR)
    if chain == 1 or loss in (0, 1):
        # At L = 0 every floor is 0, and at L = 1 the teacher is 0, and so is every student.
        chain_floor = one_step
    else:
        node = section4.CHAIN_FLOOR.expr.xreplace(dict([section4.ANGLE]))
        chain_floor = enclosure(node, {**at, q.CHAIN: chain}, digits)
    return Floors(
        teacher_loss=loss,
        chain=chain,
        floor=one_step,
        quadratic_floor=ball(section4.QUADRATIC_FLOOR),
        bounded_floor=ball(section4.BOUNDED_FLOOR),
        chain_floor=chain_floor,
    )


def exact_loss(value: int | str | Fraction, name: str = "teacher_loss") -> Fraction:
    """A loss in [0, 1] as an exact rational; `ValueError` for floats, NaN and anything else."""
    return _exact(name, value, Fraction(1), "in [0, 1]")


def exact_nonnegative(name: str, value: int | str | Fraction) -> Fraction:
    """An exact rational >= 0; `ValueError` for floats, NaN and anything else."""
    return _exact(name, value, None, ">= 0")


def _exact(name: str, value: object, most: Fraction | None, allowed: str) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | str | Fraction):
        raise ValueError(f"{name} must be exact (int, Fraction or a string), got {value!r}")
    if isinstance(value, str) and (exponent := _EXPONENT.search(value)):
        size = exponent[1].replace("_", "")
        if len(size) > 7 or abs(int(size)) > MAX_EXPONENT:
            raise ValueError(f"{name} must be above 1e-{MAX_EXPONENT} or 0, got {value!r}")
    try:
        number = Fraction(value)
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"{name} must be a number {allowed}, got {value!r}") from None
    if number < 0 or (most is not None and number > most):
        raise ValueError(f"{name} must be {allowed}, got {value}")
    return number
