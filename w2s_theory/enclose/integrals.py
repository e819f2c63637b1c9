"""Balls around the one-dimensional integrals of a claim, by Arb's rigorous quadrature.

On [-1, 1] and [0, 1] the substitution t = cos(theta) takes the roots of 1 - t^2 away; on [0, inf)
a polynomial times exp(-t^2/2) is cut off and the rest bounded by incomplete Gamma functions.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from functools import reduce

import sympy as sp
from flint import acb, arb

from w2s_theory.certify.balls import integrated, precision
from w2s_theory.certify.lower import lower

Rationals = Mapping[sp.Symbol, sp.Rational]
Function = Callable[[acb], acb]
EVALUATIONS_PER_BIT = 2000
_S = sp.Symbol("S", positive=True)
_ANGLE = sp.Symbol("A", real=True)
_FUNCTIONS = {sp.sin: acb.sin, sp.cos: acb.cos, sp.exp: acb.exp}


def integral(node: sp.Integral, values: Rationals, bits: int) -> arb:
    """Ball around a SymPy Integral at ``values`` (symbols to SymPy rationals).

    ValueError: an integrand that is not analytic in the forms above. Not finite: no convergence.
    """
    (symbol, low, high) = node.limits[0]
    if high is sp.oo:
        return _half_line(node.function.xreplace(dict(values)), symbol, bits)
    if {low, high} <= {sp.Integer(-1), sp.Integer(0), sp.Integer(1)}:
        integrand = _on_circle(node.function, symbol, values)
        low, high, symbol = sp.acos(high), sp.acos(low), _ANGLE
    else:
        integrand = node.function.xreplace(dict(values))
        low, high = low.xreplace(dict(values)), high.xreplace(dict(values))
    with precision(2 * bits):
        ends = lower(low)({}), lower(high)({})
        return _integrate(_analytic(integrand, symbol), *ends, bits)


def _on_circle(integrand: sp.Expr, symbol: sp.Symbol, values: Rationals) -> sp.Expr:
    """f(cos A) sin A, with 1 - t^2 as the square of a positive sine."""
    squared = integrand.xreplace({1 - symbol**2: _S**2})
    turned = {sp.acos(symbol): _ANGLE, symbol: sp.cos(_ANGLE)}
    at_values = (squared * _S).xreplace(dict(values))
    return at_values.xreplace(turned).xreplace({_S: sp.sin(_ANGLE)})


def _half_line(integrand: sp.Expr, symbol: sp.Symbol, bits: int) -> arb:
    polynomial = sp.Poly(sp.expand(integrand / sp.exp(-(symbol**2) / 2)), symbol)
    reach = math.isqrt(2 * bits) + polynomial.degree() + 2
    with precision(2 * bits):
        body = _analytic(polynomial.as_expr() * sp.exp(-(symbol**2) / 2), symbol)
        total = _integrate(body, arb(0), arb(reach), bits)
        rest = arb(0)
        for (power,), coefficient in polynomial.terms():
            half = arb(power + 1) / 2
            moment = arb(2) ** (half - 1) * (arb(reach) ** 2 / 2).gamma_upper(half)
            rest += abs(lower(coefficient)({})) * moment
        return total + arb(0).union(rest).union(-rest)


def _integrate(body: Function, low: arb, high: arb, bits: int) -> arb:
    return integrated(lambda z, _analytic: body(z), low, high, bits, EVALUATIONS_PER_BIT * bits)


def _analytic(node: sp.Expr, symbol: sp.Symbol) -> Function:
    """An entire function of ``symbol`` on acb: sums, products, powers, sin, cos, exp."""
    if not node.has(symbol):
        constant = acb(lower(node)({}))
        return lambda z: constant
    if node == symbol:
        return lambda z: z
    if node.is_Add or node.is_Mul:
        join = operator.add if node.is_Add else operator.mul
        parts = [_analytic(a, symbol) for a in node.args]
        return lambda z: reduce(join, [part(z) for part in parts])
    if node.is_Pow and node.exp.is_Integer and node.exp > 0:
        inner, power = _analytic(node.base, symbol), int(node.exp)
        return lambda z: inner(z) ** power
    method = _FUNCTIONS.get(node.func)
    if method is None:
        raise ValueError(f"no entire form for {sp.srepr(node)}")
    argument = _analytic(node.args[0], symbol)
    return lambda z: method(argument(z))
