"""SymPy expressions and relations as text of Coq, over its real numbers."""

# ruff: noqa: N802, N815 (the names are SymPy's)

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sympy import Basic, Expr, Function, Mul, Symbol
from sympy.printing.printer import Printer

if TYPE_CHECKING:
    from sympy.core.relational import Relational
    from sympy.logic.boolalg import BooleanFunction

_FUNCTIONS = {"Max": "Rmax", "Min": "Rmin", "Abs": "Rabs"}
_FUNCTIONS |= {name: name for name in ("exp", "cos", "sin", "tan", "asin", "atan")}
_SIGNS = {
    "Equality": "=",
    "GreaterThan": ">=",
    "LessThan": "<=",
    "StrictGreaterThan": ">",
    "StrictLessThan": "<",
}
_JOINTS = {"Implies": " -> ", "And": " /\\ ", "Or": " \\/ "}


class CoqPrinter(Printer):
    """Prints a symbol as `names` has it; `ValueError` for what has no name or no translation.

    A natural exponent becomes `^`, 1/2 `sqrt`, another one `power`: that is SymPy's power for a
    base >= 0 and an exponent > 0. An equation with an integral becomes `is_RInt`.
    """

    def __init__(self, names: Mapping[Basic | type[Basic], str]) -> None:
        """`names` are Coq terms; an integer symbol is a `nat`, an unknown function takes these."""
        super().__init__()
        self._names = names

    def also(self, *bound: Symbol) -> CoqPrinter:
        """A printer that knows these symbols too, by their own names."""
        return CoqPrinter({**self._names, **{symbol: str(symbol) for symbol in bound}})

    def emptyPrinter(self, expr: Basic) -> str:
        """Nothing is printed as something else."""
        raise ValueError(f"{type(expr).__name__} has no translation to Coq: {expr}")

    def argument(self, expr: Basic) -> str:
        """As an argument of a function: compound text in parentheses."""
        text = self.doprint(expr)
        return text if text.replace("_", "").isalnum() else f"({text})"

    def _operand(self, expr: Basic) -> str:
        """As a part of a sum, product or power, which bind weaker than an application."""
        text = self.doprint(expr)
        applied = expr.is_Symbol or expr.is_Function or (expr.is_Pow and text.startswith("sqrt "))
        return text if applied else self.argument(expr)

    def _print_Symbol(self, expr: Symbol) -> str:
        if expr not in self._names:
            raise ValueError(f"symbol {expr} has no meaning in this setting")
        return f"INR {self._names[expr]}" if expr.is_integer else self._names[expr]

    def _print_Integer(self, expr: Expr) -> str:
        return str(expr)

    def _print_Rational(self, expr: Expr) -> str:
        return f"{expr.p} / {expr.q}"

    def _print_Pi(self, _: Expr) -> str:
        return "PI"

    def _print_Add(self, expr: Expr) -> str:
        first, *rest = expr.as_ordered_terms()
        signed = [(" - ", -t) if t.could_extract_minus_sign() else (" + ", t) for t in rest]
        return self._operand(first) + "".join(sign + self._operand(term) for sign, term in signed)

    def _print_Mul(self, expr: Expr) -> str:
        factors = expr.as_ordered_factors()
        if factors[0] == -1:
            return f"- {self._operand(Mul(*factors[1:], evaluate=False))}"
        return " * ".join(map(self._operand, factors))

    def _print_Pow(self, expr: Expr) -> str:
        base, exponent = expr.base, expr.exp
        if exponent.could_extract_minus_sign():
            return f"/ {self._operand(base**-exponent)}"
        if exponent.is_integer:
            return f"{self._operand(base)} ^ {self._natural(exponent)}"
        if 2 * exponent == 1:
            return f"sqrt {self.argument(base)}"
        return f"power {self.argument(base)} {self.argument(exponent)}"

    def _natural(self, expr: Expr) -> str:
        """A natural exponent: sums and products of naturals and of symbols that are."""
        if expr.is_Integer and expr >= 0:
            return str(expr)
        if expr.is_Symbol and expr.is_nonnegative:
            return self._names[expr]
        if expr.is_Add or expr.is_Mul:
            sign = " + " if expr.is_Add else " * "
            return f"({sign.join(map(self._natural, expr.args))})"
        raise ValueError(f"exponent {expr} is not a natural number")

    def _print_Function(self, expr: Expr) -> str:
        name = type(expr).__name__
        if name not in _FUNCTIONS:
            return self.emptyPrinter(expr)
        return " ".join([_FUNCTIONS[name], *map(self.argument, expr.args)])

    def _print_AppliedUndef(self, expr: Function) -> str:
        if expr.func not in self._names:
            return self.emptyPrinter(expr)
        places = (f"{self._natural(place)}%nat" for place in expr.args)
        return " ".join([self._names[expr.func], *places])

    _print_Max = _print_Min = _print_Function

    def _print_Relational(self, expr: Relational) -> str:
        sign = _SIGNS[type(expr).__name__]
        if sign == "=" and type(expr.lhs).__name__ == "Integral":
            return self._integral(expr.lhs, expr.rhs)
        return f"{self.doprint(expr.lhs)} {sign} {self.doprint(expr.rhs)}"

    def _integral(self, integral: Expr, value: Expr) -> str:
        ((symbol, *ends),) = integral.limits
        body = self.also(symbol).doprint(integral.function)
        return f"is_RInt (fun {symbol} => {body}) {' '.join(map(self.argument, (*ends, value)))}"

    def _print_BooleanFunction(self, expr: BooleanFunction) -> str:
        name = type(expr).__name__
        if name not in _JOINTS:
            return self.emptyPrinter(expr)
        # SymPy keeps the parts of And and Or in no order of its own.
        parts = expr.args if name == "Implies" else sorted(expr.args, key=str)
        return _JOINTS[name].join(f"({self.doprint(part)})" for part in parts)
