"""Compile a SymPy expression to a function of Arb balls: one walk, many evaluations."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

import sympy as sp
from flint import arb, fmpq

from w2s_theory.certify.functions import binomial, double_factorial

Ball = Callable[[dict[Any, Any]], Any]


def compile_ball(expression: Any, symbols: Sequence[Any]) -> Callable[..., Any]:
    """Return ``f(*values) -> arb`` enclosing ``expression`` at the context's precision.

    Values are int, Fraction-like fmpq, or arb. 1/gamma is entire, so its poles give exact zeros.
    TypeError names a SymPy node that has no ball form (a Float among them: it is not exact).
    """
    names = list(symbols)
    run = _walk(sp.sympify(expression), set(names))

    def evaluate(*values: Any) -> Any:
        out = run(dict(zip(names, values, strict=True)))
        return out if isinstance(out, arb) else arb(out)

    return evaluate


def _walk(node: Any, names: set[Any]) -> Ball:
    if node in names:
        return lambda env: env[node]
    if node.is_Rational:
        exact = fmpq(int(node.p), int(node.q))
        return lambda env: exact
    if node is sp.pi:
        return lambda env: arb.pi()
    if node.is_Add or node.is_Mul:
        join = operator.add if node.is_Add else operator.mul
        return _fold([_walk(a, names) for a in node.args], join)
    return _call(node, names)


def _call(node: Any, names: set[Any]) -> Ball:
    if node.is_Pow:
        return _power(node, names)
    if isinstance(node, sp.hyper):
        return _hypergeometric(node, names)
    method = _FUNCTIONS.get(node.func)
    if method is None:
        raise TypeError(f"no ball form for {sp.srepr(node)}")
    inner = [_walk(a, names) for a in node.args]
    return lambda env: method(*[_ball(part(env)) for part in inner])


def _ball(value: Any) -> Any:
    return value if isinstance(value, arb) else arb(value)


def _fold(parts: list[Ball], join: Callable[[Any, Any], Any]) -> Ball:
    def run(env: dict[Any, Any]) -> Any:
        total = parts[0](env)
        for part in parts[1:]:
            total = join(total, part(env))
        return total

    return run


def _power(node: Any, names: set[Any]) -> Ball:
    base, exponent = node.args
    if exponent.is_Integer and exponent < 0 and base.func in (sp.gamma, sp.factorial):
        shift = 1 if base.func is sp.factorial else 0
        argument = _walk(base.args[0] + shift, names)
        power = -int(exponent)
        return lambda env: _ball(argument(env)).rgamma() ** power
    inner, outer = _walk(base, names), _walk(exponent, names)
    if base is sp.S.NegativeOne:
        return lambda env: _sign(fmpq(outer(env)))
    if exponent == sp.Rational(1, 2):
        return lambda env: _ball(inner(env)).sqrt()
    if exponent == sp.Rational(-1, 2):
        return lambda env: _ball(inner(env)).rsqrt()
    return lambda env: _ball(inner(env)) ** outer(env)


def _sign(exponent: Any) -> int:
    if exponent.q != 1:
        raise ValueError(f"(-1)**{exponent} is not real")
    return -1 if int(exponent.p) % 2 else 1


def _hypergeometric(node: Any, names: set[Any]) -> Ball:
    upper = [_walk(a, names) for a in node.ap]
    lower = [_walk(b, names) for b in node.bq]
    argument = _walk(node.argument, names)

    def run(env: dict[Any, Any]) -> Any:
        above = [_ball(a(env)) for a in upper]
        below = [_ball(b(env)) for b in lower]
        return _ball(argument(env)).hypgeom(above, below)

    return run


_FUNCTIONS: dict[Any, Callable[..., Any]] = {
    sp.gamma: lambda x: x.gamma(),
    sp.factorial: lambda x: (x + 1).gamma(),
    sp.factorial2: double_factorial,
    sp.binomial: binomial,
    sp.exp: lambda x: x.exp(),
    sp.log: lambda x: x.log(),
    sp.cos: lambda x: x.cos(),
    sp.sin: lambda x: x.sin(),
    sp.acos: lambda x: x.acos(),
    sp.asin: lambda x: x.asin(),
    sp.erf: lambda x: x.erf(),
    sp.Abs: abs,
    sp.loggamma: lambda x: x.lgamma(),
}
