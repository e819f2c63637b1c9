"""sin, cos, erf and GELU: entire functions with hypergeometric coefficients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sympy import Expr

from w2s_theory.spectra.closed import ClosedForm
from w2s_theory.spectra.formulas import Branch


@dataclass(frozen=True, slots=True, kw_only=True)
class Analytic(ClosedForm):
    """An entire activation, by its branches on the sphere and for the Gaussian measure."""

    name: str
    sphere: Callable[[], tuple[Branch, ...]]
    gauss: Callable[[], tuple[Branch, ...]]

    def branches(self, gauss: bool) -> tuple[Branch, ...]:
        """The formulas, in the order in which they are tried."""
        return self.gauss() if gauss else self.sphere()

    def simplify(self, expression: Expr) -> Expr:
        """The expression as it is: Gamma functions of numbers are already evaluated."""
        return expression
