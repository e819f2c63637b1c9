"""Balls around limits of powers and iterated logarithms, by an enclosure at all large indices.

From n = exp(s) on, s a huge power of two, each part of an expression is a ball times
n^p log(n)^q log(log(n))^r; so whatever part of a sum is smaller than another one is a ball around 0
times that one. Nothing is taken to be negligible, and no rule of the proofs' limits is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import sympy as sp
from flint import arb, fmpq

from w2s_theory.certify.balls import precision
from w2s_theory.certify.lower import lower

_Powers = tuple[fmpq, fmpq, fmpq]
_NONE: _Powers = (fmpq(0), fmpq(0), fmpq(0))
_SLACK = 4
"""s = 2^(4 bits): log(s)/s is far below the precision."""


@dataclass(frozen=True, slots=True)
class Growth:
    """`size` holds the quotient by n^p log(n)^q log(log(n))^r at every index that is large."""

    size: arb
    powers: _Powers

    def __mul__(self, other: Growth) -> Growth:
        """Of the product."""
        p, q, r = (a + b for a, b in zip(self.powers, other.powers, strict=True))
        return Growth(self.size * other.size, (p, q, r))


def limit_of_growth(expression: sp.Expr, index: sp.Symbol, bits: int) -> arb:
    """Ball around the limit of an expression in the index alone, infinite where it is.

    ArithmeticError: it has parts that are no powers and logarithms, or that have no value, or
    cancels at first order.
    """
    with precision(bits + 64):
        found = _growth(expression, index, arb(2) ** (_SLACK * bits))
        if not found.size.is_finite():
            raise ArithmeticError(f"a part of {expression} has no value")
        way = _order(found.powers)
        if way < 0:
            return arb(0)
        if way == 0:
            return found.size
        return _signed(found.size) * arb("inf")


def _order(powers: _Powers) -> int:
    """1 if it grows, -1 if it vanishes, 0 if it stays."""
    return next((1 if power > 0 else -1 for power in powers if power != 0), 0)


def _signed(size: arb) -> arb:
    """The ball, if it is away from 0."""
    if size.contains(0) or not size.is_finite():
        raise ArithmeticError(f"the largest parts may cancel, or are too wide: {size}")
    return size


def _share(powers: _Powers, start: arb) -> arb:
    """A ball around n^p log(n)^q log(log(n))^r, which vanishes, at every large index."""
    if _order(powers) == 0:
        return arb(1)
    if _order(powers) > 0:
        raise ArithmeticError(f"{powers} grows")
    p, q, r = (arb(power) for power in powers)
    far = start.log()
    # d/ds of p s + q log(s) + r log(log(s)), less by every positive part that it may still have
    slope = p + (q.max(arb(0)) + r.max(arb(0)) / far) / start if p < 0 else q + r.max(arb(0)) / far
    if (p < 0 or q < 0) and not slope < 0:
        raise ArithmeticError("not large enough an index")
    return (p * start + q * far + r * far.log()).exp().union(arb(0))


def _growth(  # noqa: PLR0911 - one return per kind of node
    expr: sp.Expr, index: sp.Symbol, start: arb
) -> Growth:
    if expr == index:
        return Growth(arb(1), (fmpq(1), fmpq(0), fmpq(0)))
    if not expr.has(index):
        return Growth(lower(expr)({}), _NONE)
    if isinstance(expr, sp.Mul):
        return reduce(Growth.__mul__, [_growth(part, index, start) for part in expr.args])
    if isinstance(expr, sp.Add):
        return _sum([_growth(part, index, start) for part in _parts(expr)], start)
    if isinstance(expr, sp.Pow) and expr.exp.is_Rational:
        return _power(_growth(expr.base, index, start), expr.exp)
    if isinstance(expr, sp.log):
        return _logarithm(_growth(expr.args[0], index, start), start)
    if isinstance(expr, _Tail):
        return _tail(_growth(expr.args[0], index, start), start)
    raise ArithmeticError(f"{expr} is no power and no logarithm of {index}")


class _Tail(sp.Function):
    """1 - exp(u)."""


def _parts(expr: sp.Expr) -> tuple[sp.Expr, ...]:
    """The terms of a sum; 1 - exp(u) as one of them."""
    one = expr - 1
    if isinstance(-one, sp.exp):
        return (_Tail((-one).args[0]),)
    return tuple(expr.args)


def _tail(inner: Growth, start: arb) -> Growth:
    """1 - exp(u) = -u (1 + u/2 + ...), between -u and -u exp(u), where u vanishes."""
    if _order(inner.powers) >= 0:
        raise ArithmeticError("an exponential of what does not vanish")
    near = (inner.size * _share(inner.powers, start)).exp().union(arb(1))
    return Growth(-inner.size * near, inner.powers)


def _power(base: Growth, exponent: sp.Rational) -> Growth:
    whole = exponent.is_Integer
    number = fmpq(int(exponent.p), int(exponent.q))
    if exponent < 0 or not whole:
        _signed(base.size)
    if not whole and base.size < 0:
        raise ArithmeticError("a root of what is negative")
    p, q, r = (power * number for power in base.powers)
    return Growth(base.size ** arb(number), (p, q, r))


def _logarithm(inner: Growth, start: arb) -> Growth:
    """log(c) + p log(n) + q log(log(n))."""
    p, q, r = inner.powers
    if not inner.size > 0 or r != 0:
        raise ArithmeticError("a logarithm of what is not positive, or a fourth one")
    parts = [Growth(inner.size.log(), _NONE)]
    parts += [Growth(arb(p), (fmpq(0), fmpq(1), fmpq(0)))] if p != 0 else []
    parts += [Growth(arb(q), (fmpq(0), fmpq(0), fmpq(1)))] if q != 0 else []
    return _sum(parts, start)


def _sum(parts: list[Growth], start: arb) -> Growth:
    top = max(part.powers for part in parts)
    total = arb(0)
    for part in parts:
        p, q, r = (a - b for a, b in zip(part.powers, top, strict=True))
        total += part.size * _share((p, q, r), start)
    return Growth(total, top)
