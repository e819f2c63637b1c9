"""SymPy to Arb: an expression becomes a short program on balls.

``lower(expr)`` returns a function of a mapping from symbols to balls (or exact rationals). Its
value contains expr at every point of the balls; if expr may be undefined there it is not finite.

A class outside this table joins in by defining ``_arb_(self, values) -> arb``, where values maps
symbols to balls. SymPy floats are refused everywhere.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import sympy
from flint import arb
from sympy import Expr, S, Symbol

from w2s_theory.certify import functions
from w2s_theory.certify.balls import Exact, to_arb, to_fmpq
from w2s_theory.certify.table import BINARY, CONSTANTS, POLYNOMIALS, UNARY

Values = Mapping[Symbol, Exact | arb]
Slots = list[arb]
Step = Callable[[Slots, Values], arb]


def reject_floats(expr: Any) -> Any:
    """``expr`` as a SymPy object, free of floats; ValueError otherwise."""
    expr = sympy.sympify(expr)
    floats = expr.atoms(sympy.Float)
    if floats:
        raise ValueError(f"expr must be exact, got the float {min(floats)} in {expr}")
    return expr


def _symbol(symbol: Symbol) -> Step:
    def read(_slots: Slots, values: Values) -> arb:
        try:
            value = values[symbol]
        except KeyError:
            raise ValueError(f"values must give the symbol {symbol}") from None
        return value if type(value) is arb else to_arb(value)

    return read


def _sum(indices: Sequence[int]) -> Step:
    first, second, *rest = indices

    def add(slots: Slots, _values: Values) -> arb:
        total = slots[first] + slots[second]
        for i in rest:
            total = total + slots[i]
        return total

    return add


def _product(indices: Sequence[int]) -> Step:
    first, second, *rest = indices

    def multiply(slots: Slots, _values: Values) -> arb:
        total = functions.product(slots[first], slots[second])
        for i in rest:
            total = functions.product(total, slots[i])
        return total

    return multiply


class _Program:
    """Instructions in order, each distinct subexpression once."""

    def __init__(self, clip: bool) -> None:
        self.steps: list[Step] = []
        self.clip = clip
        self._index: dict[Any, int] = {}

    def place(self, expr: Any) -> int:
        """Slot that will hold the value of ``expr``."""
        if isinstance(expr, sympy.UnevaluatedExpr):
            return self.place(expr.args[0])
        if expr not in self._index:
            step = self._step(expr)
            self._index[expr] = len(self.steps)
            self.steps.append(step)
        return self._index[expr]

    def _step(self, expr: Any) -> Step:  # noqa: PLR0911 - one return per class of node
        if isinstance(expr, Symbol):
            return _symbol(expr)
        if isinstance(expr, sympy.Integer):
            constant = arb(int(expr))
            return lambda _s, _v: constant
        if isinstance(expr, sympy.Rational):
            rational = to_fmpq(expr)
            return lambda _s, _v: arb(rational)
        if expr in CONSTANTS:
            make = CONSTANTS[expr]
            return lambda _s, _v: make()
        if hasattr(expr, "_arb_"):
            return lambda _s, v: expr._arb_({key: to_arb(x) for key, x in v.items()})
        if isinstance(expr, sympy.Piecewise):
            return self._piecewise(expr)
        if isinstance(expr, sympy.Pow):
            return self._power(expr.base, expr.exp)
        return self._function(expr)

    def _function(self, expr: Any) -> Step:
        head = expr.func
        known = (sympy.Add, sympy.Mul, sympy.Min, sympy.Max, sympy.asin, sympy.acos)
        if head not in known and not any(head in t for t in (UNARY, BINARY, POLYNOMIALS)):
            raise ValueError(f"cannot enclose the node {head.__name__} in {expr}")
        if head in POLYNOMIALS and not expr.args[0].is_integer:
            raise ValueError(f"the order of {head.__name__} must be an integer, got {expr}")
        args = [self.place(arg) for arg in expr.args]
        if head is sympy.Add:
            return _sum(args)
        if head is sympy.Mul:
            return _product(args)
        if head in (sympy.Min, sympy.Max):
            return _extremum(args, arb.min if head is sympy.Min else arb.max)
        i = args[0]
        if head in (sympy.asin, sympy.acos):
            inverse, clip = (arb.asin if head is sympy.asin else arb.acos), self.clip
            return lambda s, _v: functions.arc(inverse, s[i], clip)
        if head in UNARY:
            unary = UNARY[head]
            return lambda s, _v: unary(s[i])
        function = BINARY.get(head) or POLYNOMIALS[head]
        return lambda s, _v: function(*[s[j] for j in args])

    def _power(self, base: Any, exponent: Any) -> Step:
        i = self.place(base)
        if isinstance(exponent, sympy.Integer):
            n = int(exponent)
            if n == -1:
                return lambda s, _v: 1 / s[i]
            return lambda s, _v: functions.integer_power(s[i], n)
        if isinstance(exponent, sympy.Rational):
            rational, clip = to_fmpq(exponent), self.clip
            return lambda s, _v: functions.rational_power(s[i], rational, clip)
        j = self.place(exponent)
        if base is S.Exp1:
            return lambda s, _v: functions.exp(s[j])
        return lambda s, _v: functions.general_power(s[i], s[j])

    def _piecewise(self, expr: Any) -> Step:
        branches: list[tuple[int, int, bool | None]] = []
        for value, condition in expr.args:
            if condition is S.true:
                branches.append((self.place(value), 0, None))
                continue
            if condition.func not in (sympy.Ge, sympy.Gt, sympy.Le, sympy.Lt):
                raise ValueError(f"cannot decide the condition {condition} in {expr}")
            margin = self.place(condition.gts - condition.lts)
            branches.append((self.place(value), margin, condition.func in (sympy.Gt, sympy.Lt)))

        def choose(slots: Slots, _values: Values) -> arb:
            for value, margin, strict in branches:
                if strict is None:
                    return slots[value]
                gap = slots[margin]
                if gap > 0 or (not strict and gap >= 0):
                    return slots[value]
                if not (gap < 0 or (strict and gap <= 0)):
                    return functions.nan()
            return functions.nan()

        return choose


def _extremum(indices: Sequence[int], pick: Callable[[arb, arb], arb]) -> Step:
    first, *rest = indices

    def extremum(slots: Slots, _values: Values) -> arb:
        best = slots[first]
        for i in rest:
            best = pick(best, slots[i])
        return best

    return extremum


@lru_cache(maxsize=4096)
def lower_many(exprs: tuple[Expr, ...], *, clip: bool = False) -> Callable[[Values], list[arb]]:
    """Like ``lower`` for several expressions at once, sharing their common parts."""
    program = _Program(clip)
    outputs = [program.place(reject_floats(expr)) for expr in exprs]
    steps = tuple(program.steps)

    def run(values: Values) -> list[arb]:
        slots: Slots = []
        for step in steps:
            slots.append(step(slots, values))
        return [slots[i] for i in outputs]

    return run


@lru_cache(maxsize=4096, typed=True)
def lower(expr: Expr, *, clip: bool = False) -> Callable[[Values], arb]:
    """Compile ``expr`` to a function from symbol values to a ball, at the precision of the call.

    An even root whose argument may be negative, a division by a ball that holds zero, a pole:
    all give a ball that is not finite. With ``clip`` the caller vouches that expr is real at the
    points meant (rounding may push a ball slightly below zero), and only the part of a root's, an
    asin's or an acos's argument inside its domain counts.
    Errors: ValueError for floats, unknown nodes (named), and symbols without a value.
    """
    run = lower_many((sympy.sympify(expr),), clip=clip)
    return lambda values: run(values)[0]
