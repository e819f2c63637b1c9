"""The limit of an expression as a symbol tends to infinity, as an unevaluated SymPy node."""

from __future__ import annotations

from sympy import Add, Basic, Expr, Symbol, sympify
from sympy.logic.boolalg import Boolean
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.str import StrPrinter

from w2s_theory.ledger.relations import Eq


class AtInfinity(Expr):
    """lim of `args[0]` as the integer symbol `args[1]` tends to infinity; the symbol is bound.

    (SymPy's own `Limit` carries its direction as a symbol, which is no quantity of a claim.)
    """

    is_commutative = True
    is_real = True
    precedence = PRECEDENCE["Mul"]

    def __new__(cls, expr: Expr, symbol: Symbol) -> AtInfinity:
        """ValueError unless `symbol` is a Symbol."""
        if not isinstance(symbol, Symbol):
            raise ValueError(f"symbol must be a SymPy Symbol, got {symbol!r}")
        node: AtInfinity = Expr.__new__(cls, sympify(expr), symbol)
        return node

    @property
    def bound_symbols(self) -> list[Symbol]:
        """SymPy's name for what substitution must leave alone."""
        return [self.args[1]]

    @property
    def free_symbols(self) -> set[Basic]:
        """Free symbols, without the bound one."""
        return set(self.args[0].free_symbols - {self.args[1]})

    def _latex(self, printer: LatexPrinter) -> str:
        expr, symbol = (printer.doprint(a) for a in self.args)
        bare = self.args[0] in getattr(printer, "named", ()) or not isinstance(self.args[0], Add)
        body = expr if bare else rf"\left({expr}\right)"
        return rf"\lim_{{{symbol} \to \infty}} {body}"

    def _sympystr(self, printer: StrPrinter) -> str:
        expr, symbol = (printer.doprint(a) for a in self.args)
        return f"lim({expr} for {symbol} -> oo)"


def at_infinity(expr: Expr, value: Expr, symbol: Symbol) -> Boolean:
    """lim expr = value as the symbol tends to infinity, not evaluated."""
    return Eq(AtInfinity(expr, symbol), value)
