"""The polynomials P_k of the sphere and He_k of the Gaussian as SymPy functions of their degree.

Unevaluated while the degree is a symbol, polynomials once it is an integer.
"""

from __future__ import annotations

from functools import cache

from sympy import Expr, Function, S, cancel, collect, expand, factor, hermite_prob_poly
from sympy.printing.latex import LatexPrinter
from sympy.printing.str import StrPrinter

from w2s_theory.ledger import quantities as q


@cache
def legendre_polynomial(degree: int, dim: Expr | int = q.SPACE_DIM) -> Expr:
    """P_k(t) by (k+d-2) P_{k+1} = (2k+d-2) t P_k - k P_{k-1}; ``dim`` a symbol or an integer.

    P_k(1) = 1 (Atkinson & Han 2012, eq. 2.86). ValueError: degree not an integer >= 0.
    """
    if isinstance(degree, bool) or not isinstance(degree, int) or degree < 0:
        raise ValueError(f"degree must be an integer >= 0, got {degree!r}")
    if degree < 2:
        return q.POINT**degree
    k = degree - 1
    above = (2 * k + dim - 2) * q.POINT * legendre_polynomial(k, dim)
    above -= k * legendre_polynomial(k - 1, dim)
    return collect(expand(cancel(above / (k + dim - 2))), q.POINT, factor)


class Harmonic(Function):
    """P_k(t), the Legendre polynomial of dimension d; (+-1)^k at t = +-1."""

    nargs = 3
    is_real = True

    @classmethod
    def eval(cls, degree: Expr, dim: Expr, point: Expr) -> Expr | None:
        """Numbers for the degree, or the ends of the interval, are put in."""
        if degree.is_Integer and degree >= 0:
            return legendre_polynomial(int(degree), dim).xreplace({q.POINT: point})
        if point == 1:
            return S.One
        if point == -1:
            return S.NegativeOne**degree
        return None

    def _latex(self, printer: LatexPrinter, exp: str | None = None) -> str:
        degree, dim, point = (printer.doprint(a) for a in self.args)
        name = rf"P_{{{degree}}}^{{({dim})}}\left({point}\right)"
        return name if exp is None else f"{name}^{{{exp}}}"

    def _sympystr(self, printer: StrPrinter) -> str:
        degree, dim, point = (printer.doprint(a) for a in self.args)
        return f"P({degree}, {dim}; {point})"


class Hermite(Function):
    """He_k(t), the probabilists' Hermite polynomial: He_{k+1} = t He_k - k He_{k-1}."""

    nargs = 2
    is_real = True

    @classmethod
    def eval(cls, degree: Expr, point: Expr) -> Expr | None:
        """A number for the degree is put in."""
        if degree.is_Integer and degree >= 0:
            return hermite_prob_poly(int(degree), point)
        return None

    def _latex(self, printer: LatexPrinter, exp: str | None = None) -> str:
        degree, point = (printer.doprint(a) for a in self.args)
        name = rf"\mathrm{{He}}_{{{degree}}}\left({point}\right)"
        return name if exp is None else f"{name}^{{{exp}}}"

    def _sympystr(self, printer: StrPrinter) -> str:
        degree, point = (printer.doprint(a) for a in self.args)
        return f"He({degree}; {point})"
