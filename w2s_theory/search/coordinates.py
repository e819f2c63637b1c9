"""Exact coordinates, and random ones: rationals, unit vectors, features, kernel eigenvalues."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from flint import fmpq_mat
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from w2s_theory.certify.balls import to_fmpq

ZERO, ONE = Fraction(0), Fraction(1)


UNIT = st.fractions(min_value=0, max_value=1, max_denominator=1000)


SMALL = st.integers(1, 12).map(lambda k: Fraction(1, 10**k))


LARGE = st.integers(1, 12).map(lambda k: Fraction(10**k))


MAX_DIM = 4


def rounded(x: float, digits: int) -> Fraction:
    """`x` to `digits` + 1 significant digits, as a rational."""
    return Fraction(f"{x:.{digits}e}")


def from_stereographic(tangent: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """The rational unit vector with first coordinate `(1 - |p|^2)/(1 + |p|^2)`, p the tangent."""
    square = sum((x * x for x in tangent), ZERO)
    return ((1 - square) / (1 + square), *(2 * x / (1 + square) for x in tangent))


def coordinates() -> SearchStrategy[Fraction]:
    """A real coordinate: zero, one, ordinary, tiny or huge."""
    ordinary = st.fractions(min_value=-3, max_value=3, max_denominator=50)
    return st.one_of(st.sampled_from([ZERO, ONE]), ordinary, SMALL, LARGE)


def eigenvalues(dim: int) -> SearchStrategy[tuple[Fraction, ...]]:
    """`dim` kernel eigenvalues in [1e-12, 1e12] or 0, in any order, repeats likely."""
    one = st.tuples(st.integers(1, 9), st.integers(-12, 12)).map(
        lambda pair: pair[0] * Fraction(10) ** pair[1]
    )
    few = st.lists(st.one_of(one, one, st.just(ZERO)), min_size=1, max_size=dim)
    return few.flatmap(lambda levels: st.tuples(*[st.sampled_from(levels) for _ in range(dim)]))


def unit_vectors(dim: int) -> SearchStrategy[tuple[Fraction, ...]]:
    """Rational unit vectors of length `dim` >= 2; `ValueError` for a smaller one."""
    if dim < 2:
        raise ValueError(f"dim must be an integer >= 2, got {dim!r}")
    return st.tuples(*[coordinates() for _ in range(dim - 1)]).map(from_stereographic)


def independent(rows: Sequence[Sequence[Fraction]]) -> bool:
    """Whether the rows are linearly independent."""
    matrix = fmpq_mat(len(rows), len(rows[0]), [to_fmpq(x) for row in rows for x in row])
    return bool(matrix.rank() == len(rows))


def feature_rows(dim: int) -> SearchStrategy[tuple[tuple[Fraction, ...], ...]]:
    """1 to dim - 1 linearly independent rational features."""
    row = st.tuples(*[coordinates() for _ in range(dim)])
    return st.lists(row, min_size=1, max_size=dim - 1).filter(independent).map(tuple)
