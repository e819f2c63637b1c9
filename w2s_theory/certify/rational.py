"""Exact evaluation of rational expressions, for claims whose values are rational."""

from collections.abc import Callable, Mapping
from functools import lru_cache

import sympy
from flint import fmpq
from sympy import Expr, Symbol

from w2s_theory.certify.balls import to_fmpq

Rationals = Mapping[Symbol, fmpq]
_MAX_EXPONENT = 1024


@lru_cache(maxsize=4096)
def lower_rational(expr: Expr) -> Callable[[Rationals], fmpq] | None:
    """``expr`` as a function on fmpq values; None if it is not a rational expression.

    The function raises ZeroDivisionError at a pole.
    """
    return _compile(expr)


def _compile(  # noqa: PLR0911 - one return per class of node
    expr: Expr,
) -> Callable[[Rationals], fmpq] | None:
    if isinstance(expr, sympy.UnevaluatedExpr):
        return _compile(expr.args[0])
    if isinstance(expr, Symbol):
        return lambda values: values[expr]
    if isinstance(expr, sympy.Rational):
        constant = to_fmpq(expr)
        return lambda _values: constant
    if isinstance(expr, sympy.Pow) and isinstance(expr.exp, sympy.Integer):
        base, n = _compile(expr.base), int(expr.exp)
        if base is None or abs(n) > _MAX_EXPONENT:
            return None
        inner = base
        return lambda values: inner(values) ** n
    if not isinstance(expr, sympy.Add | sympy.Mul):
        return None
    parts = [_compile(arg) for arg in expr.args]
    if any(part is None for part in parts):
        return None
    first, *rest = [part for part in parts if part is not None]

    def add(values: Rationals) -> fmpq:
        total = first(values)
        for part in rest:
            total = total + part(values)
        return total

    def multiply(values: Rationals) -> fmpq:
        total = first(values)
        for part in rest:
            total = total * part(values)
        return total

    return add if isinstance(expr, sympy.Add) else multiply
