"""Exact zero test for real algebraic numbers written with ``+, -, *, /`` and roots.

The root bound is that of Burnikel, Fleischer, Mehlhorn and Schirra (Algorithmica 27, 2000; the
form with one new root per root node is their ESA 2001 improvement). Write E = U/L with U and L
algebraic integers in a field of degree at most D = the product of the root indices, all
conjugates of U at most 2^u and ``|L| <= 2^l``. The norm of U != 0 is a non-zero integer, hence
``|E| >= 2^-(u (D - 1) + l)``.
"""

import sympy
from sympy import Expr, Pow, Rational

from w2s_theory.certify.balls import precision
from w2s_theory.certify.lower import lower, reject_floats

_MAX_BITS = 50_000


def separation_bits(expr: Expr) -> int | None:
    """B with ``|expr| >= 2^-B`` unless expr = 0.

    None if expr is not built from rationals and roots.
    """
    roots: dict[tuple[Expr, int], None] = {}
    try:
        u, lower_bits = _sizes(expr, roots)
    except _NotAlgebraicError:
        return None
    degree = 1
    for _base, index in roots:
        degree *= index
    return u * (degree - 1) + lower_bits


class _NotAlgebraicError(Exception):
    pass


def _sizes(expr: Expr, roots: dict[tuple[Expr, int], None]) -> tuple[int, int]:
    """(u, l): bits of the numerator's conjugates and of the denominator's."""
    if isinstance(expr, Rational):
        return abs(int(expr.p)).bit_length(), (int(expr.q) - 1).bit_length()
    if isinstance(expr, Pow) and isinstance(expr.exp, Rational):
        u, v = _sizes(expr.base, roots)
        p, q = int(expr.exp.p), int(expr.exp.q)
        if q > 1:
            roots[(expr.base, q)] = None
            u = -(-(u + (q - 1) * v) // q)
        return (u * p, v * p) if p > 0 else (v * -p, u * -p)
    if isinstance(expr, sympy.UnevaluatedExpr):
        return _sizes(expr.args[0], roots)
    if not isinstance(expr, sympy.Add | sympy.Mul):
        raise _NotAlgebraicError
    u, v = _sizes(expr.args[0], roots)
    for arg in expr.args[1:]:
        other_u, other_v = _sizes(arg, roots)
        if isinstance(expr, sympy.Add):
            u = max(u + other_v, v + other_u) + 1
        else:
            u += other_u
        v += other_v
    return u, v


def is_zero(expr: Expr) -> bool | None:
    """Whether a real number without symbols is exactly zero; None if that cannot be told.

    Numbers built from rationals and roots are decided by a separation bound, others only if a
    ball excludes zero or SymPy simplifies them to the literal 0.
    Errors: ValueError for floats and free symbols.
    """
    expr = reject_floats(expr)
    if expr.free_symbols:
        raise ValueError(f"expr must be a number, got {expr}")
    if isinstance(expr, Rational):
        return bool(expr == 0)
    settled = _settle_roots(expr)
    if settled is None:
        return None
    try:
        return _separate(settled)
    except ValueError:  # a node that has no ball version
        return True if sympy.simplify(settled) == 0 else None


def _separate(expr: Expr) -> bool | None:
    bound = separation_bits(expr)
    run = lower(expr)
    algebraic = bound is not None
    if bound is not None and bound > _MAX_BITS:
        bound = None  # no ball will be that narrow
    limit = 1024 if bound is None else 4 * bound + 1024
    bits = 128
    while bits <= limit:
        with precision(bits):
            ball = run({})
            if ball > 0 or ball < 0:
                return False
            if bound is not None and ball.is_finite() and 2 ** (bound + 1) * ball.abs_upper() < 1:
                return True
        bits *= 2
    if not algebraic and sympy.simplify(expr) == 0:
        return True
    return None


def _settle_roots(expr: Expr) -> Expr | None:
    """``expr`` with every root of an exact zero replaced by 0; None if a base is undecided."""
    if not expr.args:
        return expr
    args = [_settle_roots(arg) for arg in expr.args]
    if any(arg is None for arg in args):
        return None
    if isinstance(expr, Pow) and isinstance(expr.exp, Rational) and expr.exp.q > 1:
        zero = is_zero(args[0])
        if zero is None:
            return None
        if zero:
            return sympy.S.Zero if expr.exp > 0 else None
    return expr if list(expr.args) == args else expr.func(*args)
