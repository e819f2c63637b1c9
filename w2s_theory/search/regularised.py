"""Students that minimise a fit plus a regulariser, which may be convex or not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from flint import fmpq
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from w2s_theory.certify.balls import to_fmpq
from w2s_theory.ledger import quantities as q
from w2s_theory.search.coordinates import LARGE, ONE, SMALL, UNIT, ZERO, coordinates
from w2s_theory.search.settings import ExactVector, Values, dot, triple


class Shape(StrEnum):
    """What a `Penalty` looks like."""

    RIDGE = "ridge"
    LASSO = "lasso"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Penalty:
    """A regulariser R.

    "ridge": `weight |f - centre|^2` (centre 0 if not given). "lasso": `weight |f|_1`. "table": 0
    at 0, 1/1000 at the centre, weight everywhere else.
    """

    name: Shape
    weight: Fraction
    centre: tuple[Fraction, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a name that would silently be another."""
        if self.name not in tuple(Shape):
            raise ValueError(f"name must be one of {', '.join(Shape)}, got {self.name!r}")

    def __call__(self, f: ExactVector) -> fmpq:
        """R(f)."""
        centre = [to_fmpq(x) for x in self.centre] or [fmpq(0)] * len(f)
        weight = to_fmpq(self.weight)
        if self.name == Shape.LASSO:
            return weight * sum((abs(x) for x in f), fmpq(0))
        if self.name == Shape.RIDGE:
            offset = [x - c for x, c in zip(f, centre, strict=True)]
            return weight * dot(offset, offset)
        if not any(f):
            return fmpq(0)
        return fmpq(1, 1000) if list(f) == centre else weight


@dataclass(frozen=True, slots=True)
class RegularisedSetting:
    """f_S claimed to minimise ||f_T - f||^2 + R(f), with R at 0, at f_S and at a f_S."""

    teacher: tuple[Fraction, ...]
    student: tuple[Fraction, ...]
    scale: Fraction
    penalty: Penalty
    grants: tuple[str, ...] = ()

    def values(self) -> Values:
        """The inner products and the three values of the regulariser."""
        teacher = tuple(to_fmpq(x) for x in self.teacher)
        student = tuple(to_fmpq(x) for x in self.student)
        scale = to_fmpq(self.scale)
        zero = tuple(fmpq(0) for _ in teacher)
        return {
            **triple(zero, teacher, student, scale),
            q.PENALTY_ZERO: self.penalty(zero),
            q.PENALTY_STUDENT: self.penalty(student),
            q.PENALTY_SCALED: self.penalty(tuple(scale * x for x in student)),
        }


def soft_threshold(
    teacher: tuple[Fraction, ...], weight: Fraction, scale: Fraction
) -> RegularisedSetting:
    """The lasso student: R(f) = `weight |f|_1` takes weight/2 off every coordinate."""
    student = tuple((1 if x > 0 else -1) * max(abs(x) - weight / 2, ZERO) for x in teacher)
    return RegularisedSetting(teacher, student, scale, Penalty(Shape.LASSO, weight))


def named() -> tuple[RegularisedSetting, ...]:
    """Minimisers for regularisers that are convex and minimal at 0, and for three that are not."""
    teacher = (ONE, Fraction(-2), Fraction(1, 3))
    half = Fraction(1, 2)
    tables = [
        RegularisedSetting(teacher, tuple(factor * x for x in teacher), scale, penalty)
        for factor, penalty in (
            (half, Penalty(Shape.RIDGE, ONE)),
            # |f - 2 f_T|^2 is convex, but smallest at 2 f_T.
            (Fraction(3, 2), Penalty(Shape.RIDGE, ONE, tuple(2 * x for x in teacher))),
            # -|f|^2/2 is not convex, and neither is 0 at 0, 1/1000 at 6/5 f_T, 100 elsewhere.
            (Fraction(2), Penalty(Shape.RIDGE, -half)),
            (
                Fraction(6, 5),
                Penalty(Shape.TABLE, Fraction(100), tuple(6 * x / 5 for x in teacher)),
            ),
            (Fraction(6, 5), Penalty(Shape.RIDGE, ONE)),
        )
        for scale in (ZERO, half, Fraction(9, 10), ONE)
    ]
    return (*tables, soft_threshold(teacher, half, half), soft_threshold(teacher, ZERO, half))


def regularised() -> SearchStrategy[RegularisedSetting]:
    """Lasso and ridge students of any teacher: convex, and minimal at 0."""
    teacher = st.tuples(*[coordinates() for _ in range(3)])
    weight = st.one_of(UNIT, SMALL, LARGE)
    lasso = st.builds(soft_threshold, teacher, weight, UNIT)
    ridge = st.tuples(teacher, weight, UNIT).map(
        lambda drawn: RegularisedSetting(
            drawn[0],
            tuple(x / (1 + drawn[1]) for x in drawn[0]),
            drawn[2],
            Penalty(Shape.RIDGE, drawn[1]),
        )
    )
    return st.one_of(lasso, ridge)
