"""Rigorous quadrature: coefficients of an activation given by its analytic pieces."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import sympy as sp
from flint import acb, acb_poly, arb, fmpq

from w2s_theory.arguments import degree_number, integer
from w2s_theory.certify.balls import integrated, precision
from w2s_theory.certify.digits import finite, refine
from w2s_theory.certify.lower import lower
from w2s_theory.spectra import formulas
from w2s_theory.spectra.closed import DIGITS, DOUBLE
from w2s_theory.spectra.interface import Spectrum
from w2s_theory.spectra.rounding import exact, rounded

Piece = Callable[[acb, bool], acb]
EVALUATIONS = 20_000
EVALUATIONS_PER_BIT = 50
CHECK_BITS = 40
CRAMER = fmpq(10865, 10000)  # |He_k(x)| <= 1.0865 sqrt(k!) exp(x^2/4) (DLMF 18.14.9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Integrated:
    """sigma(z) by analytic pieces between breakpoints (its kinks or jumps, increasing).

    ``pieces[i](z, analytic)`` maps an acb to an acb enclosing sigma between breakpoints i-1 and i;
    if ``analytic`` is set and the piece is not analytic on z, it must return a non-finite ball (a
    meromorphic piece does so by itself: ``acb.integral``). ``parity`` 0 or 1 states that sigma is
    even or odd. ``growth`` (A, p) states ``|sigma(z)| <= A (1 + |z|)^p`` on the real line (beyond a
    distance of 1 from the breakpoints, if singular); the Gaussian measure needs it. ``singular``
    (A, s), 0 <= s < 1/2, states ``|sigma(z)| <= A |z - b|^-s`` within 1 of each breakpoint b, where
    no quadrature can find out how sigma grows. ValueError: inconsistent counts, order, parity,
    growth or singularity.
    """

    name: str
    pieces: tuple[Piece, ...]
    breakpoints: tuple[Fraction, ...] = ()
    parity: int | None = None
    growth: tuple[Fraction, int] | None = None
    singular: tuple[Fraction, Fraction] | None = None
    method = "rigorous quadrature"

    def __post_init__(self) -> None:
        """Reject pieces that do not fit the breakpoints."""
        if len(self.pieces) != len(self.breakpoints) + 1:
            raise ValueError(
                f"pieces must be one more than the {len(self.breakpoints)} breakpoints, "
                f"got {len(self.pieces)}"
            )
        if any(a >= b for a, b in zip(self.breakpoints, self.breakpoints[1:], strict=False)):
            raise ValueError(f"breakpoints must increase, got {self.breakpoints}")
        if self.parity not in (None, 0, 1):
            raise ValueError(f"parity must be None, 0 or 1, got {self.parity!r}")
        if self.growth is not None and (self.growth[0] < 0 or self.growth[1] < 0):
            raise ValueError(f"growth must be two numbers >= 0, got {self.growth}")
        if self.singular is not None and not (
            self.singular[0] >= 0 and 0 <= self.singular[1] < Fraction(1, 2)
        ):
            raise ValueError(f"singular must be A >= 0 and 0 <= s < 1/2, got {self.singular}")

    def symbolic(
        self, degree: int, dim: int | sp.Symbol = formulas.D, radius: sp.Expr | int = 1
    ) -> sp.Expr:
        """There is none: ValueError."""
        raise ValueError(f"{self.name} has no closed form, got a request for one; use certified")

    def certified(
        self, degree: int, dim: int, digits: int = DIGITS, radius: float | Fraction = 1
    ) -> arb:
        """Arb ball around a_k = E[sigma(R t) P_k(t)] on S^{d-1}, of relative accuracy 10^-digits.

        A coefficient that cannot be told from 0 comes as a ball of radius 10^-(2 digits + 20)
        about it. ValueError: dim < 2, degree < 0, digits < 1, radius not finite and > 0, sigma not
        square integrable on the sphere (or its second moment out of reach of the quadrature).
        """
        degree, dim = integer("degree", degree, 0), integer("dim", dim, 2)
        size = exact("radius", radius)
        if self.parity is not None and degree % 2 != self.parity:
            return arb(0)
        self._second_moment(dim, size)
        return _refine(lambda bits: self._on_sphere(degree, dim, size, bits), digits)

    def hermite_certified(
        self, degree: int, digits: int = DIGITS, radius: float | Fraction = 1
    ) -> arb:
        """Arb ball around h_k = E[sigma(R g) He_k(g)] / sqrt(k!), as `certified`.

        ValueError: as there, and no ``growth`` (the tails would be unbounded).
        """
        degree = integer("degree", degree, 0)
        size = exact("radius", radius)
        if self.growth is None:
            raise ValueError(
                f"growth must be given for {self.name}: without a bound |sigma(z)| <= A (1+|z|)^p "
                "it may not be square integrable for the Gaussian measure, got None"
            )
        if self.parity is not None and degree % 2 != self.parity:
            return arb(0)
        return _refine(lambda bits: self._on_line(degree, size, bits), digits)

    def values(self, max_degree: int, dim: int, radius: float = 1.0) -> Spectrum:
        """Float64 spectrum on S^{d-1}: one rigorous integral per degree (milliseconds), rounded.

        A coefficient that cannot be told from 0 (`certified`) is 0.
        """
        max_degree, dim = degree_number("max_degree", max_degree), integer("dim", dim, 2)
        balls = (self.certified(k, dim, DOUBLE, radius) for k in range(max_degree + 1))
        return Spectrum(rounded(arb(0) if b.contains(0) else b for b in balls), dim)

    def hermite_values(self, max_degree: int, radius: float = 1.0) -> Spectrum:
        """Float64 spectrum for the Gaussian measure: one rigorous integral per degree, rounded."""
        max_degree = degree_number("max_degree", max_degree)
        balls = (self.hermite_certified(k, DOUBLE, radius) for k in range(max_degree + 1))
        return Spectrum(rounded(balls), None)

    def second_moment(self, dim: int, digits: int = DIGITS) -> arb:
        """Arb ball around E[sigma(t)^2] on S^{d-1}, of relative accuracy 10^-digits.

        ValueError: dim < 2, digits < 1, or out of reach of the quadrature.
        """
        self._second_moment(dim, fmpq(1))  # says what is wrong, where anything is
        return refine(lambda bits: self._square(integer("dim", dim, 2), fmpq(1), bits), digits)

    def _second_moment(self, dim: int, size: fmpq) -> None:
        if not _is_square_integrable(self, dim, int(size.p), int(size.q)):
            raise ValueError(
                f"activation must be square integrable on the sphere, got {self.name}: "
                f"E[sigma^2] at dim {dim} is infinite or could not be bounded (singular= states "
                "how it grows at its breakpoints)"
            )

    def _square(self, dim: int, size: fmpq, bits: int) -> arb:
        """E[sigma(R t)^2] away from the breakpoints of a singular sigma."""
        cut, _ = self._cut(size, bits)
        self._heaviest(size, dim, cut)
        with precision(bits + dim.bit_length() + int(cut.q).bit_length()):
            total = arb(0)
            for piece, low, high in self._arcs(size, cut):

                def integrand(z: acb, flag: bool, f: Piece = piece) -> acb:
                    return f(z.cos() * size, flag) ** 2 * z.sin() ** (dim - 2)

                total += _integral(integrand, low, high, bits // 2 if bits == CHECK_BITS else bits)
            return total * lower(formulas.density_constant())({formulas.D: dim})

    def _arcs(self, size: fmpq, cut: fmpq) -> list[tuple[Piece, arb, arb]]:
        """Each piece with its interval of theta, t = cos(theta), R t between its breakpoints."""
        spans = self._spans(size, fmpq(1), cut)
        return [(piece, arb(high).acos(), arb(low).acos()) for piece, low, high in spans]

    def _spans(self, size: fmpq, reach: fmpq, cut: fmpq) -> list[tuple[Piece, fmpq, fmpq]]:
        """Each piece with its interval in [-reach, reach], ``cut`` away from its breakpoints."""
        found = []
        low, after = -reach, fmpq(0)
        for piece, at in zip(self.pieces, (*self.breakpoints, None), strict=True):
            place = reach if at is None else fmpq(at.numerator, at.denominator) / size
            inside = at is not None and abs(place) <= reach
            high = min(max(place, -reach), reach)
            start, stop = low + after, high - (cut if inside else 0)
            if start < stop:
                found.append((piece, start, stop))
            low, after = high, cut if inside else fmpq(0)
        return found

    def _cut(self, size: fmpq, bits: int) -> tuple[fmpq, arb]:
        """A distance from each breakpoint in t or x, and what sigma has within it, below 2^-bits.

        ``2 A R^-s cut^(1-s) / (1-s)`` a breakpoint; both 0 unless singular.
        """
        if self.singular is None or not self.breakpoints:
            return fmpq(0), arb(0)
        factor, power = (fmpq(v.numerator, v.denominator) for v in map(Fraction, self.singular))
        count = 2 * factor * len(self.breakpoints) / (1 - power)
        scale = int(size.p).bit_length() - int(size.q).bit_length()
        extra = bits + int(count.ceil()).bit_length() + abs(scale) + 4
        cut = fmpq(1, 1 << 2 * extra)  # 1 - s > 1/2
        return cut, count * arb(size) ** -arb(power) * arb(cut) ** arb(1 - power)

    def _heaviest(self, size: fmpq, dim: int, cut: fmpq) -> arb:
        """The largest (1-t^2)^((d-3)/2) within ``cut`` of a breakpoint inside (-1, 1)."""
        if dim > 2 or not cut:
            return arb(1)
        places = [abs(fmpq(b.numerator, b.denominator) / size) + cut for b in self.breakpoints]
        inside = [place for place in places if place - 2 * cut <= 1]
        if any(place >= 1 for place in inside):
            raise ValueError(f"breakpoints must not be at the poles of the circle, got {self.name}")
        return (1 - arb(max(inside, default=fmpq(0))) ** 2).rsqrt()

    def _on_sphere(self, degree: int, dim: int, size: fmpq, bits: int) -> arb:
        cut, left = self._cut(size, bits)
        with precision(bits + degree + dim.bit_length() + 20 + int(cut.q).bit_length()):
            harmonic = _angular(degree, dim)
            constant = lower(formulas.density_constant())({formulas.D: dim})
            left *= self._heaviest(size, dim, cut)
            total = arb(0).union(left).union(-left)
            for piece, low, high in self._arcs(size, cut):

                def integrand(z: acb, flag: bool, f: Piece = piece) -> acb:
                    turn = acb(0, 1) * z
                    value = harmonic((2 * turn).exp()) * (-degree * turn).exp()
                    return f(z.cos() * size, flag) * value * z.sin() ** (dim - 2)

                total += _integral(integrand, low, high, bits)
            return total * constant

    def _on_line(self, degree: int, size: fmpq, bits: int) -> arb:
        reach, tail = self._tail(size, bits)
        extra = degree + math.ceil(0.75 * reach * reach)
        cut, left = self._cut(size, bits)
        with precision(bits + extra + int(cut.q).bit_length()):
            hermite = acb_poly(_hermite(degree))
            tail += CRAMER * left
            total = arb(0)
            for piece, low, high in self._spans(size, fmpq(reach), cut):

                def integrand(z: acb, flag: bool, f: Piece = piece) -> acb:
                    return f(z * size, flag) * hermite(z) * (-z * z / 2).exp()

                total += _integral(integrand, arb(low), arb(high), bits + extra)
            scale = (arb(degree + 1).gamma() * 2 * arb.pi()).rsqrt()
            return total * scale + arb(0).union(tail).union(-tail)

    def _tail(self, size: fmpq, bits: int) -> tuple[int, arb]:
        """T and a bound below 2^-bits on what |x| > T contributes to h_k.

        2 A C (2 pi)^{-1/2} int_T^inf (1+Rx)^p exp(-x^2/4) dx, whose integrand decays at a
        logarithmic rate of T/2 - p/(1/R+T) at least.
        """
        if self.growth is None:
            raise ValueError("growth must be given, got None")
        factor, power = self.growth
        size_a = fmpq(factor.numerator, factor.denominator)
        reach = max(4, math.isqrt(3 * bits) + 1)
        if self.singular is not None and self.breakpoints:
            last = (max(map(abs, self.breakpoints)) + 1) / Fraction(int(size.p), int(size.q))
            reach = max(reach, math.ceil(last))
        while True:
            rate = arb(reach) / 2 - power / (1 / arb(size) + reach)
            if rate > 0:
                edge = (1 + arb(size) * reach) ** power * (-(arb(reach) ** 2) / 4).exp()
                bound = 2 * size_a * CRAMER * edge / rate / (2 * arb.pi()).sqrt()
                if bound < arb(2) ** -bits:
                    return reach, bound
            reach += 1 + reach // 8


@lru_cache(maxsize=256)
def _is_square_integrable(sigma: Integrated, dim: int, top: int, bottom: int) -> bool:
    return bool(sigma._square(dim, fmpq(top, bottom), CHECK_BITS).is_finite())


def _refine(evaluate: Callable[[int], arb], digits: int) -> arb:
    """As `refine`, but a ball around 0 is an answer once it is narrow enough."""
    least = math.ceil((2 * integer("digits", digits, 1) + 20) * math.log2(10))

    def settle(ball: arb, previous: arb | None) -> arb | None:
        finite(ball, previous)
        return ball if ball.contains(0) and ball.rad() < arb(2) ** -least else None

    return refine(evaluate, digits, settle=settle)


def _integral(integrand: Piece, low: arb, high: arb, bits: int) -> arb:
    return integrated(integrand, low, high, bits, EVALUATIONS + EVALUATIONS_PER_BIT * bits)


def _angular(degree: int, dim: int) -> acb_poly:
    """q with P_k(cos theta) = w^{-k} q(w^2), w = exp(i theta): positive coefficients, sum 1.

    C_k^l(cos theta) = sum_j (l)_j (l)_{k-j} cos((k-2j) theta) / (j! (k-j)!) (DLMF 18.5.11).
    """
    if dim == 2:
        half = fmpq(1, 2)
        return acb_poly([half, *[0] * (degree - 1), half] if degree else [1])
    terms = [fmpq(1)]
    for j in range(degree):
        terms.append(terms[-1] * (fmpq(dim - 2, 2) + j) / (j + 1))
    products = [terms[j] * terms[degree - j] for j in range(degree + 1)]
    total = sum(products, fmpq(0))
    return acb_poly([arb(p / total) for p in products])


def _hermite(degree: int) -> list[int]:
    coefficients = sp.Poly(sp.hermite_prob_poly(degree, formulas.K), formulas.K).all_coeffs()
    return [int(c) for c in reversed(coefficients)]
