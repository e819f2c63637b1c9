"""Polynomial targets: a SymPy expression decomposed exactly into spherical harmonics.

A homogeneous p of degree m is ``sum_j |x|^{2j} h_{m-2j}`` with
``h_n = H_n(Delta^j p) / prod_{l=1..j} 2l (2n+2l+d-2)`` and the harmonic projection
``H_n(q) = sum_i (-1)^i |x|^{2i} Delta^i q / prod_{l=1..i} 2l (2n+d-2-2l)``
(Axler, Bourdon & Ramey 2001, th. 5.18 and 5.21).  On the sphere ``|x| = 1``, so h_n is kept as
the sparse polynomial ``sum_i c_i Delta^i q``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from w2s_theory.arguments import ExtendedArray
from w2s_theory.models.roundoff import gamma
from w2s_theory.models.targets import BallValues, Component, Target

if TYPE_CHECKING:
    from flint import arb
    from sympy import Expr, Symbol

Exponents = tuple[int, ...]
Terms = dict[Exponents, "Expr"]

_DIGITS = 30


@dataclass(frozen=True, slots=True)
class HarmonicPolynomial:
    """A harmonic of one degree as ``sum_i c_i x^{e_i}`` on the unit sphere, c_i exact in SymPy.

    ``exact_energy`` is its squared norm in L2 of the sphere, exact.
    """

    degree: int
    dim: int
    exponents: tuple[Exponents, ...]
    coefficients: tuple[Expr, ...]
    exact_energy: Expr
    _floats: ExtendedArray = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Round the coefficients once, to the accumulation type."""
        import sympy as sp

        digits = [str(sp.N(value, _DIGITS)) for value in self.coefficients]
        object.__setattr__(self, "_floats", np.array([np.longdouble(text) for text in digits]))

    @property
    def energy(self) -> float:
        """``||h||^2`` as a float."""
        return float(self.exact_energy)

    def values(self, units: ExtendedArray) -> ExtendedArray:
        """h at the unit rows of ``units``, shape ``(width,)``."""
        total = np.zeros(units.shape[0], dtype=np.longdouble)
        for exponents, coefficient in zip(self.exponents, self._floats, strict=True):
            term = np.full(units.shape[0], coefficient)
            for axis, power in enumerate(exponents):
                if power:
                    term *= units[:, axis] ** power
            total += term
        return total

    def rounding(self, cosine_error: float) -> float:
        """``sum |c_i|`` times the roundings of a monomial; rows err like inner products."""
        size = float(np.abs(self._floats).sum())
        return size * (
            gamma(len(self.exponents) + 8 * self.degree + 8) + self.degree * cosine_error
        )

    def in_balls(self) -> BallValues:
        """Value and energy in Arb."""
        from flint import arb

        from w2s_theory.certify import lower

        coefficients = [lower(value)({}) for value in self.coefficients]

        def polynomial(point: list[arb]) -> arb:
            terms = zip(self.exponents, coefficients, strict=True)
            return sum((math.prod(monomial(point, e), start=c) for e, c in terms), arb(0))

        def monomial(point: list[arb], exponents: Exponents) -> Iterator[arb]:
            return (point[axis] ** power for axis, power in enumerate(exponents) if power)

        return polynomial, lower(self.exact_energy)({})


def polynomial_target(
    expression: Expr, symbols: Sequence[Symbol], *, normalise: bool = False
) -> Target:
    """The target equal to a polynomial in ``symbols`` (x_1..x_d) on the unit sphere.

    Coefficients must be exact (rational or algebraic, no floats).  ValueError: not a polynomial,
    zero on the sphere, or, unless ``normalise``, of norm other than 1 (the norm is named).
    """
    import sympy as sp

    parts = harmonic_parts(expression, symbols)
    norm2 = sp.simplify(sum((energy for _, energy in parts.values()), start=sp.Integer(0)))
    if norm2 == 0:
        raise ValueError(f"expression must not vanish on the sphere, got {expression}")
    if not normalise and norm2 != 1:
        raise ValueError(f"expression must have norm 1 on the sphere, got {sp.sqrt(norm2)}")
    scale = 1 / sp.sqrt(norm2)
    components: list[Component] = []
    for degree in sorted(parts):
        terms, energy = parts[degree]
        components.append(
            HarmonicPolynomial(
                degree=degree,
                dim=len(symbols),
                exponents=tuple(sorted(terms)),
                coefficients=tuple(terms[key] * scale for key in sorted(terms)),
                exact_energy=energy / norm2,
            )
        )
    return Target(tuple(components))


def harmonic_parts(expression: Expr, symbols: Sequence[Symbol]) -> dict[int, tuple[Terms, Expr]]:
    """Degree -> (terms on the unit sphere, exact squared norm), degrees of norm 0 left out."""
    import sympy as sp

    dim = len(symbols)
    if dim < 2:
        raise ValueError(f"symbols must be at least 2 coordinates, got {dim}")
    try:
        poly = sp.Poly(expression, *symbols)
    except sp.PolynomialError as error:
        raise ValueError(f"expression must be a polynomial in {symbols}: {error}") from None
    if any(not value.is_number or value.has(sp.Float) for value in poly.coeffs()):
        raise ValueError(f"expression must have exact numeric coefficients, got {expression}")
    by_degree: dict[int, Terms] = {}
    for exponents, coefficient in poly.terms():
        by_degree.setdefault(sum(exponents), {})[exponents] = coefficient
    harmonics: dict[int, Terms] = {}
    tops: dict[int, Terms] = {}
    for degree, terms in by_degree.items():
        power, rest = 0, terms
        while rest:
            n = degree - 2 * power
            factor = sp.prod(2 * m * (2 * n + 2 * m + dim - 2) for m in range(1, power + 1))
            _add(tops.setdefault(n, {}), rest, 1 / sp.sympify(factor))
            power, rest = power + 1, _laplacian(rest)
    for n, top in tops.items():
        harmonics[n] = _project(top, n, dim)
    # h_n minus its leading part has lower degree, to which h_n is orthogonal.
    result = {}
    for n, terms in harmonics.items():
        energy = sp.simplify(_inner(terms, tops[n], dim))
        if energy != 0:
            result[n] = (terms, energy)
    return result


def _project(top: Terms, degree: int, dim: int) -> Terms:
    import sympy as sp

    total: Terms = {}
    power, factor, rest = 0, sp.Integer(1), top
    while rest:
        _add(total, rest, 1 / factor)
        power, rest = power + 1, _laplacian(rest)
        if rest:
            factor *= -2 * power * (2 * degree + dim - 2 - 2 * power)
    return total


def _laplacian(terms: Terms) -> Terms:
    result: Terms = {}
    for exponents, coefficient in terms.items():
        for axis, power in enumerate(exponents):
            if power >= 2:
                lowered = (*exponents[:axis], power - 2, *exponents[axis + 1 :])
                _add(result, {lowered: coefficient}, power * (power - 1))
    return result


def _add(total: Terms, terms: Terms, factor: Expr | int) -> None:
    for exponents, coefficient in terms.items():
        value = total.get(exponents, 0) + factor * coefficient
        if value == 0:
            total.pop(exponents, None)
        else:
            total[exponents] = value


def _inner(left: Terms, right: Terms, dim: int) -> Expr:
    import sympy as sp

    total = sp.Integer(0)
    for a, first in left.items():
        for b, second in right.items():
            total += first * second * sphere_moment(tuple(map(sum, zip(a, b, strict=True))), dim)
    return total


def sphere_moment(exponents: Exponents, dim: int) -> Expr:
    """``E[x^e]`` on the unit sphere, exact: ``prod (e_i - 1)!! / (d (d+2) ... (d+|e|-2))``."""
    import sympy as sp

    if any(power % 2 for power in exponents):
        return sp.Integer(0)
    top = sp.prod(sp.factorial2(power - 1) for power in exponents if power)
    bottom = sp.prod(dim + 2 * step for step in range(sum(exponents) // 2))
    return sp.sympify(top) / bottom
