"""The minimum of an expression over an interval, as an unevaluated SymPy node."""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Basic, Expr, S, Symbol, sympify
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.str import StrPrinter


class Infimum(Expr):
    """min of `objective` over lo <= symbol <= hi; `symbol` is bound.

    Unevaluated: `enclose.minima` encloses it, `search.judge` decides inequalities on it.
    """

    is_commutative = True
    is_real = True
    # Binds like a product, so that printers put it in parentheses under a power.
    precedence = PRECEDENCE["Mul"]

    def __new__(cls, objective: Expr, symbol: Symbol, lo: Expr, hi: Expr) -> Infimum:
        """All four arguments are SymPy objects."""
        if not isinstance(symbol, Symbol):
            raise ValueError(f"symbol must be a SymPy Symbol, got {symbol!r}")
        node: Infimum = Expr.__new__(cls, sympify(objective), symbol, sympify(lo), sympify(hi))
        return node

    @property
    def objective(self) -> Expr:
        """What is minimised."""
        return self.args[0]

    @property
    def symbol(self) -> Symbol:
        """The bound symbol."""
        return self.args[1]

    @property
    def interval(self) -> tuple[Expr, Expr]:
        """The closed interval of the bound symbol."""
        return self.args[2], self.args[3]

    @property
    def bound_symbols(self) -> list[Symbol]:
        """SymPy's name for what substitution must leave alone."""
        return [self.symbol]

    def _eval_subs(self, old: Basic, new: Basic) -> Expr | None:
        if old == self.symbol:
            return self
        self._guarded({old: new})
        return None

    def _xreplace(self, rule: Mapping[Basic, Basic]) -> tuple[Expr, bool]:
        if self in rule:
            return rule[self], True
        self._guarded(rule)
        inner = {old: new for old, new in rule.items() if old != self.symbol}
        replaced: tuple[Expr, bool] = super()._xreplace(inner)
        return replaced

    def _guarded(self, rule: Mapping[Basic, Basic]) -> None:
        """Refuse to put the bound symbol under its own minimum."""
        for old, new in rule.items():
            if old in self.free_symbols and self.symbol in getattr(new, "free_symbols", ()):
                raise ValueError(
                    f"{old} cannot become {new}: {self.symbol} is bound by the minimum"
                )

    @property
    def free_symbols(self) -> set[Basic]:
        """Free symbols, without the bound one."""
        lo, hi = self.interval
        inner: set[Basic] = self.objective.free_symbols - {self.symbol}
        return set(inner | lo.free_symbols | hi.free_symbols)

    def _latex(self, printer: LatexPrinter) -> str:
        raised = getattr(printer, "raised", printer.doprint)  # SymPy's own printer has none
        lo, hi = (raised(e) for e in self.interval)
        name = printer.doprint(self.symbol)
        return rf"\min_{{{lo} \le {name} \le {hi}}} \left({printer.doprint(self.objective)}\right)"

    def _sympystr(self, printer: StrPrinter) -> str:
        lo, hi = (printer.doprint(e) for e in self.interval)
        name, body = printer.doprint(self.symbol), printer.doprint(self.objective)
        return f"min({body} for {lo} <= {name} <= {hi})"

    @property
    def is_number(self) -> bool:
        """True once no free symbol is left."""
        return not self.free_symbols

    def _eval_derivative(self, symbol: Symbol) -> Expr:
        if symbol not in self.free_symbols:
            return S.Zero
        raise ValueError(f"a minimum is not differentiated, asked for d/d{symbol}")
