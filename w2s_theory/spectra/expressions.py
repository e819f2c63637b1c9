"""Activations typed as an expression in t, such as ``t/(1 + exp(-t))``: pieces for quadrature.

The safe parser (`w2s_theory.text.parser`) reads it; here its tree becomes a function of complex
balls. A part that is not analytic, or not real, on a ball makes it no finite number there, so that
quadrature refuses rather than errs.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache

import sympy as sp
from flint import acb, arb

from w2s_theory.certify import to_fmpq
from w2s_theory.certify.lower import lower
from w2s_theory.spectra.quadrature import Integrated, Piece
from w2s_theory.text.parser import parse

T = sp.Symbol("t", real=True)

_ENTIRE: dict[type[sp.Function], Callable[[acb], acb]] = {
    sp.exp: acb.exp,
    sp.sin: acb.sin,
    sp.cos: acb.cos,
    sp.sinh: acb.sinh,
    sp.cosh: acb.cosh,
    sp.erf: acb.erf,
    sp.erfc: acb.erfc,
    # Meromorphic: not finite on a ball that holds a pole.
    sp.tan: acb.tan,
    sp.tanh: acb.tanh,
}
_ODD = (sp.sin, sp.sinh, sp.erf, sp.tan, sp.tanh, sp.atan)
_EVEN = (sp.cos, sp.cosh, sp.Abs)


@cache
def activation(text: str) -> Integrated:
    """sigma(t) = ``text``, between -1 and 1; ValueError for what the parser or this refuses.

    >>> print(activation("t/(1+exp(-t))").certified(1, dim=3, digits=6))
    [0.166666666666667 +/- 3.34e-16]
    """
    expr = parse(text, {"t": T})
    kinked = any(isinstance(node, sp.Abs) or _is_root(node) for node in sp.preorder_traversal(expr))
    # On either side of 0 the size of t is analytic.
    sides = [expr.xreplace({sp.Abs(T): side}) for side in (-T, T)] if kinked else [expr]
    return Integrated(
        name=text,
        pieces=tuple(_piece(side) for side in sides),
        breakpoints=(Fraction(0),) if kinked else (),
        parity=_parity(expr),
    )


def _is_root(node: sp.Basic) -> bool:
    return isinstance(node, sp.Pow) and not node.exp.is_integer and node.base.has(T)


def _piece(expr: sp.Expr) -> Piece:  # noqa: PLR0911 - one return per kind of node
    if expr == T:
        return lambda z, analytic: z
    if not expr.has(T):
        constant = lower(expr)
        return lambda z, analytic: acb(constant({}))
    if isinstance(expr, sp.Pow):
        return _power(expr.base, expr.exp)
    parts = [_piece(arg) for arg in expr.args]
    if isinstance(expr, sp.Add):
        return lambda z, analytic: sum((part(z, analytic) for part in parts), acb(0))
    if isinstance(expr, sp.Mul):

        def product(z: acb, analytic: bool) -> acb:
            total = acb(1)
            for part in parts:
                total = total * part(z, analytic)
            return total

        return product
    (inner,) = parts[:1]
    if isinstance(expr, sp.Abs):
        return lambda z, analytic: inner(z, analytic).real_abs(analytic)
    if isinstance(expr, sp.log):
        return lambda z, analytic: _right(inner(z, analytic)).log()
    if isinstance(expr, sp.atan):
        return lambda z, analytic: _uncut(inner(z, analytic)).atan()
    if expr.func not in _ENTIRE:
        known = ", ".join(sorted(f.__name__ for f in (*_ENTIRE, sp.log, sp.atan)))
        raise ValueError(
            f"activation may use + - * / ^, sqrt, abs, {known}, got {expr.func.__name__}"
        )
    function = _ENTIRE[expr.func]
    return lambda z, analytic: function(inner(z, analytic))


def _power(base: sp.Expr, exponent: sp.Expr) -> Piece:
    if base is sp.E:
        return _piece(sp.exp(exponent, evaluate=False))
    if not exponent.is_Rational:
        return _piece(sp.exp(exponent * sp.log(base, evaluate=False), evaluate=False))
    inner = _piece(base)
    if exponent.is_Integer:
        number = int(exponent)
        return lambda z, analytic: inner(z, analytic) ** number
    power = to_fmpq(exponent)

    def root(z: acb, analytic: bool) -> acb:
        value = inner(z, analytic)
        if not analytic and power > 0 and value.real.contains(0):
            reach = (abs(value).upper() ** arb(power)).upper()
            return acb(arb(0).union(reach))
        return _right(value) ** acb(power)

    return root


def _right(value: acb) -> acb:
    """The value where its real part is positive: roots and logarithms are analytic there."""
    return value if value.real > 0 else acb(arb.nan())


def _uncut(value: acb) -> acb:
    """The value where it is off the cuts of the arc tangent, +-i(1, inf)."""
    return value if value.real != 0 or abs(value.imag) < 1 else acb(arb.nan())


def _parity(expr: sp.Expr) -> int | None:  # noqa: PLR0911 - one return per kind of node
    """0 or 1 where the tree shows that it is even or odd, None where it does not."""
    if expr == T:
        return 1
    if not expr.has(T):
        return 0
    parts = [_parity(arg) for arg in expr.args]
    if isinstance(expr, sp.Add):
        return parts[0] if len(set(parts)) == 1 else None
    if isinstance(expr, sp.Mul):
        return None if None in parts else sum(p for p in parts if p is not None) % 2
    if isinstance(expr, sp.Pow) and parts[1] == 0 and expr.exp.is_Integer:
        return None if parts[0] is None else parts[0] * int(expr.exp) % 2
    if all(part == 0 for part in parts):
        return 0
    if parts[0] == 1 and isinstance(expr, _ODD):
        return 1
    return 0 if parts[0] == 1 and isinstance(expr, _EVEN) else None
