"""Students in coordinates: spectral filters of a kernel in any basis; and random ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import TypeAlias

from flint import arb, fmpq
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from sympy import Symbol, diff

from w2s_theory.certify.balls import to_arb, to_fmpq
from w2s_theory.certify.lower import lower
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4
from w2s_theory.search.coordinates import ONE, UNIT, ZERO, coordinates, eigenvalues
from w2s_theory.search.settings import AnyNumber, Number, Vector, dot
from w2s_theory.students.filters import (
    GradientDescent,
    HeavyBall,
    IterateAveraging,
    Ridge,
    SpectralCutoff,
)
from w2s_theory.students.spectral import SpectralFilter


@dataclass(frozen=True, slots=True)
class Flow:
    """Gradient flow at any time (negative ones exist only to be refuted); None is t = infinity."""

    time: Fraction | None

    def __call__(self, eigenvalue: Fraction) -> Number:
        """The filter value, as a ball unless t is 0 or infinite."""
        if self.time is None:
            return fmpq(int(eigenvalue > 0))
        if self.time == 0 or eigenvalue == 0:
            return fmpq(0)
        return _flow(0)(self._point(eigenvalue))

    def slope(self, eigenvalue: Fraction) -> Number:
        """The filter's derivative in t, as a ball unless t is 0 or infinite."""
        if self.time is None or self.time == 0:
            return to_fmpq(eigenvalue if self.time == 0 else 0)
        return _flow(1)(self._point(eigenvalue))

    def _point(self, eigenvalue: Fraction) -> dict[Symbol, arb]:
        return {q.EIGENVALUE: to_arb(eigenvalue), q.TIME: to_arb(self.time)}


@cache
def _flow(order: int) -> Callable[[Mapping[Symbol, arb]], arb]:
    """The ledger's filter, differentiated `order` times in t."""
    return lower(diff(section4.GRADIENT_FLOW.expr, q.TIME, order))


@dataclass(frozen=True, slots=True)
class Given:
    """Filter values given one by one, in the order of the eigenvalues."""

    filter: tuple[Fraction, ...]


Rule: TypeAlias = SpectralFilter | Flow | Given


@dataclass(frozen=True, slots=True)
class Link:
    """One student: a kernel (eigenvalues in the basis reflected by `reflector`) and a rule.

    `reflector` h is the normal of a Householder reflection, () for the standard basis.
    """

    eigenvalues: tuple[Fraction, ...]
    rule: Rule
    reflector: tuple[Fraction, ...] = ()

    def filter_values(self) -> tuple[Number, ...]:
        """s_k in the order of the eigenvalues."""
        if isinstance(self.rule, Given):
            return tuple(to_fmpq(s) for s in self.rule.filter)
        if isinstance(self.rule, Flow):
            return tuple(self.rule(x) for x in self.eigenvalues)
        return tuple(to_fmpq(self.rule.formula(x)) for x in self.eigenvalues)

    def apply(self, labels: Vector) -> Vector:
        """The student taught by `labels`."""
        inside = self.reflect(labels)
        kept = tuple(s * x for s, x in zip(self.filter_values(), inside, strict=True))
        return self.reflect(kept)

    def gap(self, labels: Vector) -> Number:
        """<f_S, f_T - f_S> = sum_k s_k (1 - s_k) c_k^2, exactly 0 where every s_k is 0 or 1."""
        total: Number = fmpq(0)
        for s, c in zip(self.filter_values(), self.reflect(labels), strict=True):
            total = total + s * (1 - s) * (c * c)
        return total

    def reflect(self, vector: tuple[AnyNumber, ...]) -> tuple[AnyNumber, ...]:
        """The vector in the basis of the eigenvalues, or back from there."""
        if not self.reflector:
            return vector
        normal = [to_fmpq(x) for x in self.reflector]
        factor = 2 * dot(normal, vector) / dot(normal, normal)
        return tuple(x - factor * h for x, h in zip(vector, normal, strict=True))


@dataclass(frozen=True, slots=True)
class FixedStudent:
    """A student given by its coordinates, whatever its teacher."""

    coordinates: tuple[Fraction, ...]

    def apply(self, labels: Vector) -> Vector:
        """Coordinates of f_S."""
        return tuple(to_fmpq(x) for x in self.coordinates)

    def gap(self, labels: Vector) -> Number:
        """<f_S, f_T - f_S>."""
        student = self.apply(labels)
        return dot(student, labels) - dot(student, student)


KEEP_FIRST = Given((ONE, ZERO))


def reflector_to(axis: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """Normal of the reflection that takes e_1 to `axis`; () if they are the same."""
    normal = tuple((1 if i == 0 else 0) - x for i, x in enumerate(axis))
    return normal if any(normal) else ()


def rules(values: Sequence[Fraction], *, rational: bool = False) -> SearchStrategy[Rule]:
    """Learning rules for these eigenvalues: gradient flow (t = 0, finite, infinite), gradient
    descent at any allowed step, ridge, cut-off, iterate averaging, any filter in [0, 1]; some
    break an assumption (momentum, filters outside [0, 1]). `rational`: no exponentials."""
    largest = max(values) or ONE
    step = st.fractions(min_value=Fraction(1, 20), max_value=1, max_denominator=20).map(
        lambda x: x / largest
    )
    level = st.sampled_from([x for x in values if x > 0] or [ONE])
    steps = st.integers(1, 8)
    wild = st.fractions(min_value=-1, max_value=2, max_denominator=20)
    momentum = st.fractions(min_value=0, max_value=Fraction(19, 20), max_denominator=20)
    ends = st.sampled_from([None, ZERO])
    return st.one_of(
        (ends if rational else st.one_of(ends, _times(largest))).map(Flow),
        st.tuples(*[UNIT for _ in values]).map(Given),
        st.tuples(*[st.sampled_from([ZERO, ONE]) for _ in values]).map(Given),
        st.builds(GradientDescent, step, steps),
        st.builds(IterateAveraging, step, steps),
        st.builds(Ridge, st.tuples(level, coordinates()).map(lambda p: p[0] * (abs(p[1]) + 1))),
        st.builds(SpectralCutoff, level),
        st.tuples(*[wild for _ in values]).map(Given),
        st.builds(HeavyBall, step, momentum, steps),
    )


@st.composite
def links(draw: DrawFn, dim: int, *, rational: bool = False) -> Link:
    """A student: kernel eigenvalues in a random basis, and a rule."""
    values = draw(eigenvalues(dim))
    return Link(values, draw(rules(values, rational=rational)), _normal(draw, dim))


@st.composite
def flow_links(draw: DrawFn, dim: int) -> Link:
    """A gradient-flow student; one in ten runs backwards in time, one has negative eigenvalues."""
    values = draw(eigenvalues(dim))
    time = draw(_times(max(values) or ONE))
    kind = draw(st.sampled_from(["forwards"] * 6 + ["start", "end", "backwards", "negative"]))
    if kind == "negative":
        values = tuple(-x for x in values)
    chosen = {"start": ZERO, "end": None, "backwards": -time / 100, "negative": time / 100}
    return Link(values, Flow(chosen.get(kind, time)), _normal(draw, dim))


def _times(largest: Fraction) -> SearchStrategy[Fraction]:
    # exp(-700) is resolved at 1024 bits; beyond it lies t = infinity, which is exact.
    return st.tuples(st.integers(1, 700), st.integers(0, 5)).map(
        lambda pair: Fraction(pair[0], 10 ** pair[1]) / largest
    )


def _normal(draw: DrawFn, dim: int) -> tuple[Fraction, ...]:
    normal: tuple[Fraction, ...] = draw(st.tuples(*[coordinates() for _ in range(dim)]))
    return normal if any(normal) else ()
