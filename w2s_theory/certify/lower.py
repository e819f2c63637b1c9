"""SymPy to Arb: an expression becomes a short program on balls and exact rationals.

``lower(expr)`` returns a function of a mapping from symbols to balls (or exact rationals). Its
value contains expr at every point of the balls; if expr may be undefined there it is not finite.

Sums and products of exact rationals stay exact, so that an exponent or the order of a function is
the number that it is; everything else is a ball. SymPy floats are refused everywhere.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

import sympy
from flint import arb, fmpq
from sympy import Basic, Expr, S, Symbol

from w2s_theory.certify import functions
from w2s_theory.certify.balls import Exact, to_fmpq
from w2s_theory.certify.table import CONSTANTS, FUNCTIONS, POLYNOMIALS

Values: TypeAlias = Mapping[Symbol, Exact | arb]
Number: TypeAlias = arb | fmpq
Slots: TypeAlias = list[Number]
Step: TypeAlias = Callable[[Slots], Number]

_EXTREMA = {sympy.Min: arb.min, sympy.Max: arb.max}
_ARCS = {sympy.asin: arb.asin, sympy.acos: arb.acos}
_RECIPROCALS = {sympy.gamma: 0, sympy.factorial: 1}  # 1/Gamma is entire; n! = Gamma(n + 1)


def reject_floats(expr: object) -> Basic:
    """``expr`` as a SymPy object, free of floats; ValueError otherwise."""
    found = sympy.sympify(expr)
    floats = found.atoms(sympy.Float)
    if floats:
        raise ValueError(f"expr must be exact, got the float {min(floats)} in {found}")
    return found


def _ball(number: Number) -> arb:
    return number if type(number) is arb else arb(number)


def _sum(indices: Sequence[int]) -> Step:
    first, second, *rest = indices

    def add(slots: Slots) -> Number:
        total = slots[first] + slots[second]
        for i in rest:
            total = total + slots[i]
        return total

    return add


def _product(indices: Sequence[int]) -> Step:
    first, second, *rest = indices

    def multiply(slots: Slots) -> Number:
        total = functions.product(slots[first], slots[second])
        for i in rest:
            total = functions.product(total, slots[i])
        return total

    return multiply


class _Program:
    """Instructions in order, each distinct subexpression once, on slots that start as ``slots``."""

    def __init__(self, clip: bool) -> None:
        self.slots: Slots = []
        self.inputs: list[tuple[int, Symbol]] = []
        self.steps: list[tuple[int, Step]] = []
        self.clip = clip
        self._index: dict[Basic, int] = {}

    def place(self, expr: Basic) -> int:
        """Slot that will hold the value of ``expr``."""
        if isinstance(expr, sympy.UnevaluatedExpr):
            return self.place(expr.args[0])
        if expr in self._index:
            return self._index[expr]
        start, step = fmpq(0), None
        if isinstance(expr, sympy.Rational):
            start = to_fmpq(expr)
        elif not isinstance(expr, Symbol):
            step = self._step(expr)
        i = self._index[expr] = len(self.slots)
        self.slots.append(start)
        if isinstance(expr, Symbol):
            self.inputs.append((i, expr))
        if step is not None:
            self.steps.append((i, step))
        return i

    def _step(self, expr: Expr) -> Step:  # noqa: PLR0911 - one return per class of node
        head = expr.func
        if expr in CONSTANTS:
            make = CONSTANTS[expr]
            return lambda _s: make()
        if head is sympy.Piecewise:
            return self._piecewise(expr)
        if head is sympy.Pow:
            return self._power(expr.base, expr.exp)
        if head is sympy.hyper:
            return self._hypergeometric(expr)
        if head is sympy.Add:
            return _sum([self.place(arg) for arg in expr.args])
        if head is sympy.Mul:
            return _product([self.place(arg) for arg in expr.args])
        if head in _EXTREMA:
            return self._extremum(_EXTREMA[head], expr.args)
        if head in _ARCS:
            arc, clip = _ARCS[head], self.clip
            return self._call(lambda x: functions.arc(arc, x, clip), expr.args)
        if head not in FUNCTIONS:
            raise ValueError(f"cannot enclose the node {head.__name__} in {expr}")
        if head in POLYNOMIALS and not expr.args[0].is_integer:
            raise ValueError(f"the order of {head.__name__} must be an integer, got {expr}")
        return self._call(FUNCTIONS[head], expr.args)

    def _call(self, function: Callable[..., arb], args: Sequence[Expr]) -> Step:
        i, *rest = places = [self.place(arg) for arg in args]
        if rest:
            return lambda s: function(*[_ball(s[j]) for j in places])
        return lambda s: function(x if type(x := s[i]) is arb else arb(x))

    def _extremum(self, pick: Callable[[arb, arb], arb], args: Sequence[Expr]) -> Step:
        first, *rest = [self.place(arg) for arg in args]

        def extremum(slots: Slots) -> arb:
            best = _ball(slots[first])
            for i in rest:
                best = pick(best, _ball(slots[i]))
            return best

        return extremum

    def _power(  # noqa: PLR0911 - one return per kind of exponent
        self, base: Expr, exponent: Expr
    ) -> Step:
        clip = self.clip
        if isinstance(exponent, sympy.Integer):
            n = int(exponent)
            if n < 0 and base.func in _RECIPROCALS:
                argument = base.args[0] + _RECIPROCALS[base.func]
                if n == -1:
                    return self._call(arb.rgamma, [argument])
                return self._call(lambda x: functions.integer_power(x.rgamma(), -n), [argument])
            if n == -1:
                return self._call(lambda x: 1 / x, [base])
            return self._call(lambda x: functions.integer_power(x, n), [base])
        if isinstance(exponent, sympy.Rational):
            p, q = int(exponent.p), int(exponent.q)
            return self._call(lambda x: functions.rational_power(x, p, q, clip), [base])
        if base is S.Exp1:
            return self._call(functions.exp, [exponent])
        i, j = self.place(base), self.place(exponent)
        return lambda s: functions.general_power(_ball(s[i]), s[j], clip)

    def _hypergeometric(self, expr: Expr) -> Step:
        upper, lower = ([self.place(a) for a in part] for part in (expr.ap, expr.bq))
        i = self.place(expr.argument)
        if len(upper) == len(lower) == 1:
            (a,), (b,) = upper, lower
            return lambda s: functions.confluent(_ball(s[a]), _ball(s[b]), _ball(s[i]))
        return lambda s: _ball(s[i]).hypgeom(
            [_ball(s[j]) for j in upper], [_ball(s[j]) for j in lower]
        )

    def _piecewise(self, expr: Expr) -> Step:
        branches: list[tuple[int, int, bool | None]] = []
        for value, condition in expr.args:
            if condition is S.true:
                branches.append((self.place(value), 0, None))
                continue
            if condition.func not in (sympy.Ge, sympy.Gt, sympy.Le, sympy.Lt):
                raise ValueError(f"cannot decide the condition {condition} in {expr}")
            margin = self.place(condition.gts - condition.lts)
            branches.append((self.place(value), margin, condition.func in (sympy.Gt, sympy.Lt)))

        def choose(slots: Slots) -> Number:
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


@lru_cache(maxsize=4096)
def lower_many(exprs: tuple[Expr, ...], *, clip: bool = False) -> Callable[[Values], list[arb]]:
    """Like ``lower`` for several expressions at once, sharing their common parts."""
    program = _Program(clip)
    outputs = [program.place(reject_floats(expr)) for expr in exprs]
    start, inputs, steps = program.slots, program.inputs, program.steps

    def run(values: Values) -> list[arb]:
        slots = start.copy()
        for i, symbol in inputs:
            try:
                value = values[symbol]
            except KeyError:
                raise ValueError(f"values must give the symbol {symbol}") from None
            slots[i] = value if type(value) is arb else to_fmpq(value)
        for i, step in steps:
            slots[i] = step(slots)
        return [_ball(slots[i]) for i in outputs]

    return run


@lru_cache(maxsize=4096, typed=True)
def lower(expr: Expr, *, clip: bool = False) -> Callable[[Values], arb]:
    """Compile ``expr`` to a function from symbol values to a ball, at the precision of the call.

    An even root whose argument may be negative, a division by a ball that holds zero, a pole:
    all give a ball that is not finite; 1/gamma and 1/factorial are 0 at their poles. With ``clip``
    the caller vouches that expr is real at the points meant (rounding may push a ball slightly
    below zero), and only the part of a root's, an asin's or an acos's argument inside its domain
    counts.
    Errors: ValueError for floats, unknown nodes (named), and symbols without a value.
    """
    run = lower_many((sympy.sympify(expr),), clip=clip)
    return lambda values: run(values)[0]
