"""Eigenvalues of rational symmetric matrices as exact real algebraic numbers.

A root is an irreducible rational polynomial and its place among that polynomial's real roots, so
two roots are the same number exactly if these agree: no tolerance decides an equality.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from flint import arb, fmpq, fmpq_mat, fmpq_poly

from w2s_theory.certify.balls import dyadic, precision

_SORT_BITS, _MAX_SORT_BITS = 128, 16384


@dataclass(frozen=True)
class Root:
    """The `place`-th smallest root of an irreducible polynomial (coefficients, constant first)."""

    factor: tuple[fmpq, ...]
    place: int

    @cached_property
    def rational(self) -> fmpq | None:
        """The root itself where the polynomial is linear."""
        return -self.factor[0] / self.factor[1] if len(self.factor) == 2 else None

    def value(self) -> fmpq | arb:
        """An fmpq, or a ball at the current precision."""
        if self.rational is not None:
            return self.rational
        return _real_roots(self.factor)[self.place]

    def same(self, other: Root) -> bool:
        """Whether both are the same number."""
        return self.factor == other.factor and self.place == other.place


def eigenvalues(matrix: fmpq_mat) -> tuple[Root, ...]:
    """Eigenvalues of a rational matrix with real spectrum, ascending, with multiplicity.

    Raises `ValueError` if some eigenvalue is not real (no symmetric matrix, no pencil of such).
    """
    roots: list[Root] = []
    for factor, count in matrix.charpoly().factor()[1]:
        lead = factor[factor.degree()]
        key = tuple(factor[i] / lead for i in range(factor.degree() + 1))
        if len(_real_roots(key)) != factor.degree():
            raise ValueError(f"matrix must have real eigenvalues only, got the factor {factor}")
        for place in range(factor.degree()):
            roots += [Root(key, place)] * count
    return _sorted(roots)


def _sorted(roots: list[Root]) -> tuple[Root, ...]:
    """Ascending; distinct numbers are told apart at a high enough precision."""
    bits = _SORT_BITS
    while bits <= _MAX_SORT_BITS:
        with precision(bits):
            balls = [(arb(root.value()), root) for root in roots]
            balls.sort(key=lambda pair: dyadic(pair[0].mid()))
            if all(a < b or first.same(second) for (a, first), (b, second) in pairwise(balls)):
                return tuple(root for _, root in balls)
        bits *= 2
    raise ArithmeticError(f"eigenvalues are not told apart at {_MAX_SORT_BITS} bits")


def _real_roots(factor: tuple[fmpq, ...]) -> list[arb]:
    """Real roots of an irreducible polynomial as balls, ascending (roots are simple)."""
    if len(factor) == 2:
        return [arb(-factor[0] / factor[1])]
    # (root, multiplicity); the stub leaves out the second
    pairs: Any = fmpq_poly(list(factor)).complex_roots()
    found = [root.real for root, _ in pairs if root.imag == 0]
    return sorted(found, key=lambda ball: dyadic(ball.mid()))
