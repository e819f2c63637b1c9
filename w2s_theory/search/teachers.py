"""Teachers in coordinates: given, scaled up, or a readout of features; and random ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from flint import fmpq, fmpq_mat
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from w2s_theory.certify.balls import to_fmpq
from w2s_theory.ledger import quantities as q
from w2s_theory.search.coordinates import (
    LARGE,
    ONE,
    SMALL,
    UNIT,
    ZERO,
    coordinates,
    feature_rows,
    from_stereographic,
    unit_vectors,
)
from w2s_theory.search.settings import ExactVector, Values, dot


class Fit(StrEnum):
    """How the readout of a `FeatureTeacher` comes about."""

    LEAST_SQUARES = "least-squares"
    RIDGE = "ridge"
    DESCENT = "descent"
    SHIFT = "shift"


@dataclass(frozen=True, slots=True)
class PlainTeacher:
    """A teacher given by its coordinates; `gain` if it is that multiple of the target."""

    coordinates: tuple[Fraction, ...]
    gain: Fraction | None = None

    def vector(self, target: ExactVector) -> ExactVector:
        """Coordinates of f_T."""
        return tuple(to_fmpq(x) for x in self.coordinates)

    def symbols(self, target: ExactVector) -> Values:
        """The gain, if there is one."""
        return {} if self.gain is None else {q.GAIN: to_fmpq(self.gain)}


@dataclass(frozen=True, slots=True)
class FeatureTeacher:
    """A linear readout of rational features `(width, m)`, trained by `rule` on the target.

    rule: "least-squares" (needs independent features), "ridge" (penalty), "descent" (gradient
    descent on the readout, `steps` steps of size penalty/trace(G), penalty <= 1) or "shift"
    (least squares with the penalty added to every weight: not a fit at all).
    """

    features: tuple[tuple[Fraction, ...], ...]
    rule: Fit
    penalty: Fraction = Fraction(0)
    steps: int = 1

    def __post_init__(self) -> None:
        """Refuse a rule that would silently be another."""
        if self.rule not in tuple(Fit):
            raise ValueError(f"rule must be one of {', '.join(Fit)}, got {self.rule!r}")

    def weights(self, target: ExactVector) -> ExactVector:
        """Readout weights; `ZeroDivisionError` for dependent features under least squares."""
        gram, overlaps = self._system(target)
        width = gram.nrows()
        if self.rule == Fit.DESCENT:
            step = to_fmpq(self.penalty) / sum((gram[i, i] for i in range(width)), fmpq(0))
            current = fmpq_mat(width, 1, [0] * width)
            for _ in range(self.steps):
                current = current + step * (overlaps - gram * current)
            return tuple(current[i, 0] for i in range(width))
        shift = to_fmpq(self.penalty)
        if self.rule == Fit.RIDGE:
            for i in range(width):
                gram[i, i] = gram[i, i] + shift
        solved = gram.solve(overlaps)
        added = shift if self.rule == Fit.SHIFT else fmpq(0)
        return tuple(solved[i, 0] + added for i in range(width))

    def vector(self, target: ExactVector) -> ExactVector:
        """Coordinates of f_T = sum_i w_i sigma_i."""
        weights = self.weights(target)
        rows = [[to_fmpq(x) for x in row] for row in self.features]
        return tuple(dot(weights, column) for column in zip(*rows, strict=True))

    def symbols(self, target: ExactVector) -> Values:
        """The residual of the normal equations, `max |G w - b|`."""
        gram, overlaps = self._system(target)
        width = gram.nrows()
        column = fmpq_mat(width, 1, list(self.weights(target)))
        residual = gram * column - overlaps
        return {q.RESIDUAL: max(abs(residual[i, 0]) for i in range(width))}

    def _system(self, target: ExactVector) -> tuple[fmpq_mat, fmpq_mat]:
        rows = [[to_fmpq(x) for x in row] for row in self.features]
        width = len(rows)
        gram = fmpq_mat(width, width, [dot(a, b) for a in rows for b in rows])
        return gram, fmpq_mat(width, 1, [dot(row, target) for row in rows])


def teachers(dim: int) -> SearchStrategy[PlainTeacher | FeatureTeacher]:
    """Teachers for the target e_1: mostly shrinkage optimal (least squares, any point of the ball
    with diameter [0, f*], ridge, early stopped), some not (scaled up, shifted, arbitrary)."""
    rest = (ZERO,) * (dim - 2)
    # L_TE = |p|^2/(1 + |p|^2) for a least-squares teacher: near 2/3, 0 and 1.
    corner = st.one_of(st.integers(0, 23).map(_sqrt2), SMALL, LARGE).map(lambda x: (x, *rest))
    direction = st.one_of(unit_vectors(dim), corner.map(from_stereographic))
    ball = st.tuples(direction, st.one_of(st.just(ONE), UNIT)).map(
        lambda pair: PlainTeacher(_ball_point(*pair))
    )
    features = feature_rows(dim)
    fitted = features.map(lambda rows: FeatureTeacher(rows, Fit.LEAST_SQUARES))
    trained = st.builds(
        FeatureTeacher,
        features,
        st.sampled_from([Fit.RIDGE, Fit.DESCENT, Fit.SHIFT]),
        st.fractions(min_value=Fraction(1, 100), max_value=1, max_denominator=100),
        st.integers(1, 6),
    )
    arbitrary = st.tuples(*[coordinates() for _ in range(dim)]).map(PlainTeacher)
    return st.one_of(ball, ball, fitted, trained, arbitrary)


def _ball_point(direction: Sequence[Fraction], radius: Fraction) -> tuple[Fraction, ...]:
    """(e_1 + radius * direction)/2, in the ball with diameter [0, e_1]."""
    return tuple((radius * x + (1 if i == 0 else 0)) / 2 for i, x in enumerate(direction))


def _sqrt2(k: int) -> Fraction:
    """The k-th convergent of sqrt(2): tangents that approach L_TE = 2/3 from both sides."""
    x = ONE
    for _ in range(k):
        x = 1 + 1 / (1 + x)
    return x
