"""sin, cos, erf and GELU: entire functions with hypergeometric coefficients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flint import arb
from sympy import Expr

from w2s_theory.spectra.closed import DIGITS, ClosedForm
from w2s_theory.spectra.formulas import Branch


@dataclass(frozen=True, slots=True, kw_only=True)
class Analytic(ClosedForm):
    """An entire activation, by its branches on the sphere and for the Gaussian measure.

    ``text`` is the function itself, an expression in t.
    """

    name: str
    text: str
    sphere: Callable[[], tuple[Branch, ...]]
    gauss: Callable[[], tuple[Branch, ...]]

    def branches(self, gauss: bool) -> tuple[Branch, ...]:
        """The formulas, in the order in which they are tried."""
        return self.gauss() if gauss else self.sphere()

    def simplify(self, expression: Expr) -> Expr:
        """The expression as it is: Gamma functions of numbers are already evaluated."""
        return expression

    def second_moment(self, dim: int, digits: int = DIGITS) -> arb:
        """Arb ball around E[sigma(t)^2] on S^{d-1}. ValueError: dim < 2, digits < 1."""
        from w2s_theory.spectra.expressions import activation

        return activation(self.text).second_moment(dim, digits)
