"""Activations whose coefficients have a closed form: symbolic, certified and float64."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from fractions import Fraction

import sympy as sp
from flint import arb, fmpq

from w2s_theory.arguments import degree_number, integer
from w2s_theory.certify.digits import GUARD, refine
from w2s_theory.certify.lower import lower
from w2s_theory.spectra import formulas
from w2s_theory.spectra.formulas import Branch
from w2s_theory.spectra.interface import Spectrum
from w2s_theory.spectra.rounding import exact, rounded

DIGITS = 30
DOUBLE = 19  # decimal digits that settle the nearest float64 but for ties


@dataclass(frozen=True, slots=True, kw_only=True)
class ParityForm:
    """a_k (or h_k) for every degree k = 2m + parity >= least, in ``index`` m, d and R."""

    parity: int
    least: int
    index: sp.Symbol
    expression: sp.Expr


def gamma_guard(*arguments: int) -> int:
    """Bits lost by Gamma at numbers of this size: log Gamma(x) is about x log x."""
    return GUARD + 2 * max(arguments).bit_length()


class ClosedForm(ABC):
    """What a closed form gives, on the sphere S^{d-1} and for the standard Gaussian measure.

    On the sphere the coefficient of degree k is a_k = E[sigma(R t) P_k(t)], t = <u,x>; for the
    Gaussian it is h_k = E[sigma(R g) He_k(g)] / sqrt(k!). Methods raise ValueError for dim < 2, a
    negative degree, digits < 1, a radius not finite and > 0.
    """

    __slots__ = ()
    name: str
    method = "closed form"

    @abstractmethod
    def branches(self, gauss: bool) -> tuple[Branch, ...]:
        """The formulas, in the order in which they are tried."""

    @abstractmethod
    def simplify(self, expression: sp.Expr) -> sp.Expr:
        """The expression at a number k, in its shortest exact form."""

    def symbolic(
        self, degree: int, dim: int | sp.Symbol = formulas.D, radius: sp.Expr | int = 1
    ) -> sp.Expr:
        """a_k in SymPy, exact; ``dim`` an integer >= 2 or a symbol, ``radius`` likewise."""
        if not isinstance(dim, sp.Symbol):
            dim = integer("dim", dim, 2)
        return self._symbolic(degree, False, {formulas.D: dim, formulas.RADIUS: radius})

    def hermite_symbolic(self, degree: int, radius: sp.Expr | int = 1) -> sp.Expr:
        """h_k in SymPy, exact."""
        return self._symbolic(degree, True, {formulas.RADIUS: radius})

    def _symbolic(self, degree: int, gauss: bool, at: dict[sp.Symbol, sp.Expr | int]) -> sp.Expr:
        degree = integer("degree", degree, 0)
        branch = self._branch(degree, gauss)
        if branch is None:
            return sp.Integer(0)
        # Numbers for k first: the parity of k decides which Gamma factors cancel.
        return self.simplify(branch.expression.subs(formulas.K, degree).subs(at))

    def symbolic_general(self, parity: int, gauss: bool = False) -> ParityForm:
        """The formula for all large degrees of one parity (0 or 1), k and d symbolic."""
        if integer("parity", parity, 0) > 1:
            raise ValueError(f"parity must be 0 or 1, got {parity}")
        tail = [b for b in self.branches(gauss) if b.parity == parity and b.most is None]
        last = [b.most for b in self.branches(gauss) if b.parity == parity and b.most is not None]
        if not tail:
            least, expression = (max(last) + 2 if last else parity), sp.Integer(0)
        else:
            least, expression = max(tail[0].least, parity), tail[0].expression
        degree = 2 * formulas.M + parity
        return ParityForm(
            parity=parity,
            least=least,
            index=formulas.M,
            expression=sp.powsimp(sp.sympify(expression).subs(formulas.K, degree)),
        )

    def certified(
        self, degree: int, dim: int, digits: int = DIGITS, radius: float | Fraction = 1
    ) -> arb:
        """Arb ball around a_k, of relative accuracy 10^-digits (an exact 0 where it vanishes)."""
        dim = integer("dim", dim, 2)
        return self._certified(degree, digits, radius, dim)

    def hermite_certified(
        self, degree: int, digits: int = DIGITS, radius: float | Fraction = 1
    ) -> arb:
        """Arb ball around h_k, of relative accuracy 10^-digits (an exact 0 where it vanishes)."""
        return self._certified(degree, digits, radius, None)

    def _certified(
        self, degree: int, digits: int, radius: float | Fraction, dim: int | None
    ) -> arb:
        degree = integer("degree", degree, 0)
        at = {formulas.K: fmpq(degree), formulas.RADIUS: exact("radius", radius)}
        if dim is not None:
            at[formulas.D] = fmpq(dim)
        branch = self._branch(degree, dim is None)
        run = lower(sp.Integer(0) if branch is None else branch.expression)
        return refine(lambda _bits: run(at), digits, guard=gamma_guard(degree, dim or 0))

    def values(self, max_degree: int, dim: int, radius: float = 1.0) -> Spectrum:
        """Float64 spectrum on S^{d-1}, degrees 0..max_degree: certified balls, rounded."""
        dim = integer("dim", dim, 2)
        max_degree = degree_number("max_degree", max_degree)
        balls = (self._certified(k, DOUBLE, radius, dim) for k in range(max_degree + 1))
        return Spectrum(rounded(balls), dim)

    def hermite_values(self, max_degree: int, radius: float = 1.0) -> Spectrum:
        """Float64 spectrum for the Gaussian measure (multiplicities 1)."""
        max_degree = degree_number("max_degree", max_degree)
        balls = (self._certified(k, DOUBLE, radius, None) for k in range(max_degree + 1))
        return Spectrum(rounded(balls), None)

    def _branch(self, degree: int, gauss: bool) -> Branch | None:
        return next((b for b in self.branches(gauss) if b.covers(degree)), None)
