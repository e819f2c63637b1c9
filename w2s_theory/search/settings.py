"""A setting is a point at which a statement is judged: numbers for its symbols.

Numbers are exact rationals, or balls where an exponential or a measurement enters; so an inequality
between the numbers of a setting is decided without rounding. The symbols are those of
`w2s_theory.ledger.quantities`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol, TypeAlias, TypeVar

from flint import arb, fmpq
from sympy import Symbol

from w2s_theory.certify.balls import to_arb, to_fmpq
from w2s_theory.ledger import quantities as q

Number: TypeAlias = fmpq | arb
Vector: TypeAlias = tuple[Number, ...]
ExactVector: TypeAlias = tuple[fmpq, ...]
AnyNumber = TypeVar("AnyNumber", fmpq, Number)
Values: TypeAlias = dict[Symbol, Number]


class Settled(Protocol):
    """Anything that assigns numbers to symbols, and says which assumptions hold by construction."""

    def values(self) -> Mapping[Symbol, Number]:
        """Symbols to exact rationals or balls at the current precision."""

    @property
    def grants(self) -> tuple[str, ...]:
        """Ids of assumptions that hold by construction, unless the numbers refute them."""


@dataclass(frozen=True, slots=True)
class NumberSetting:
    """Numbers alone, for claims about losses, constants and exponents."""

    numbers: tuple[tuple[Symbol, Fraction], ...]
    grants: tuple[str, ...] = ()

    def values(self) -> Values:
        """The numbers as exact rationals."""
        return {symbol: to_fmpq(value) for symbol, value in self.numbers}


@dataclass(frozen=True, slots=True, eq=False)
class BallSetting:
    """Enclosures of measured quantities, such as those of a simulated network.

    `ranges`: what is known of a measured number before it is measured. Two settings are equal only
    if they are the same: balls have no equality.
    """

    balls: tuple[tuple[Symbol, arb], ...]
    grants: tuple[str, ...] = ()
    label: str = ""
    ranges: tuple[tuple[Symbol, arb], ...] = ()

    def values(self) -> Values:
        """The balls as they are."""
        return dict(self.balls)


def refuse_foreign(statement_id: str, symbols: Iterable[Symbol]) -> None:
    """Raise `ValueError` for symbols that are not the ledger's: no setting would determine them.

    SymPy holds `Symbol("L_ST")` and the ledger's `L_ST`, which is real, for different symbols.
    """
    known = {str(quantity.symbol): quantity.symbol for quantity in q.QUANTITIES}
    notes = []
    for symbol in sorted(symbols, key=str):
        name = str(symbol)
        if known.get(name) == symbol:
            continue
        if name in known:
            facts = ", ".join(k for k, v in sorted(known[name]._assumptions_orig.items()) if v)
            notes.append(f"{name} is not the ledger's {name}, which is assumed {facts}")
        else:
            near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
            notes.append(name + (f", did you mean {', '.join(near)}?" if near else ""))
    if notes:
        raise ValueError(
            f"statement {statement_id!r} must speak of symbols of w2s_theory.ledger.quantities, "
            f"got {'; '.join(notes)}"
        )


def dot(a: Sequence[AnyNumber], b: Sequence[AnyNumber]) -> AnyNumber:
    """Inner product, exact for exact vectors."""
    total: AnyNumber = fmpq(0)
    for x, y in zip(a, b, strict=True):
        total = total + x * y
    return total


def triple(target: Vector, teacher: Vector, student: Vector, scale: Number) -> Values:
    """Inner products and distances of target, teacher and student."""
    fit = [t - x for t, x in zip(teacher, student, strict=True)]
    scaled = [t - scale * x for t, x in zip(teacher, student, strict=True)]
    centre = [x - t / 2 for t, x in zip(teacher, student, strict=True)]
    teacher_miss = [t - f for t, f in zip(teacher, target, strict=True)]
    student_miss = [x - f for x, f in zip(student, target, strict=True)]
    return {
        q.TARGET_NORM2: dot(target, target),
        q.TEACHER_NORM2: dot(teacher, teacher),
        q.STUDENT_NORM2: dot(student, student),
        q.TEACHER_TARGET: dot(teacher, target),
        q.STUDENT_TARGET: dot(student, target),
        q.STUDENT_TEACHER: dot(student, teacher),
        q.SCALE: scale,
        q.FIT: dot(fit, fit),
        q.SCALED_FIT: dot(scaled, scaled),
        q.CENTRE_DISTANCE2: dot(centre, centre),
        q.L_TE: dot(teacher_miss, teacher_miss),
        q.L_ST: dot(student_miss, student_miss),
    }


def least(numbers: Sequence[Number]) -> Number:
    """Minimum of rationals and balls; a ball if one is among them."""
    if any(isinstance(x, arb) for x in numbers):
        least = to_arb(numbers[0])
        for x in numbers[1:]:
            least = least.min(to_arb(x))
        return least
    return min(numbers)
