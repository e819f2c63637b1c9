"""How Gamma(x + s)/Gamma(x) compares with powers, from the convexity of log Gamma."""

from __future__ import annotations

from functools import cache

import sympy as sp
from sympy import Expr, Ge, Integer, Rational, Symbol, gamma, log

from proofs.calculus import limit_of, logarithm, squeezed, tends, through, towards
from proofs.kernel import Fact, assume, chord, equal, evident, instantiate
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.at_infinity import AtInfinity

X = Symbol("x", positive=True)
S = Symbol("s", positive=True)
M, HALF = q.TERM, Rational(1, 2)
_U, _V = Symbol("u", real=True), Symbol("v", real=True)


def rise(x: Expr, s: Expr) -> Expr:
    """log(Gamma(x + s)/Gamma(x))."""
    return log(gamma(x + s)) - log(gamma(x))


def _next(x: Expr, *domain: Fact) -> Fact:
    """log Gamma(x + 1) = log x + log Gamma(x)."""
    return logarithm(gamma(x + 1), {x: Integer(1), gamma(x): Integer(1)}, *domain)


@cache
def slopes() -> tuple[Fact, Fact]:
    """rise(x + 1) - s log x >= 0 and s log(x + s) - rise(x) >= 0."""
    share, grows = evident(1 / (S + 1)), evident(S + 1)
    rest = evident(S / (S + 1))
    low = chord("log Gamma", X, X + S + 1, S / (S + 1), X + 1, share.states(1 - S / (S + 1)))
    high = chord("log Gamma", X, X + S + 1, 1 / (S + 1), X + S, rest.states(1 - 1 / (S + 1)))
    least, most = grows * low, grows * high
    least = least + _next(X).times(S)
    most = most + _next(X + S).times(-S)
    return least.states(rise(X + 1, S) - S * log(X)), most.states(S * log(X + S) - rise(X, S))


def _late(index: Symbol) -> Expr:
    return index if index.is_positive else index + 1


def same_logs(shift: Expr, index: Symbol, here: Fact, there: Fact) -> Fact:
    """lim log(x + c) - log x = 0 as the index grows, x = here.gap linear in it, x + c = there.gap.

    Both facts say > 0, from some index on.
    """
    n, x = _late(index), here.gap
    scale = x.coeff(index)
    rest = sp.expand(x - scale * n)
    limit = through(log(1 + shift * _U / (scale + rest * _U)), {_U: tends("reciprocal", index)})
    slope = (here / evident(n)).states(scale + rest / n)
    inner = 1 + shift / n / (scale + rest / n)
    known = (slope, here, there)
    ratio = (there / here).states(inner, *known)
    apart = log(x + shift) - log(x)
    equation = logarithm(x + shift, {x: Integer(1), inner: Integer(1)}, *known, ratio)
    return limit_of(equation.states(apart - log(inner), *known, ratio), apart, Integer(1), limit)


def flat(index: Symbol, here: Fact, before: Fact) -> Fact:
    """lim rise(x) - s log x = 0 as the index grows; x > 0 and x - 1 > 0 from some index on."""
    x = here.gap
    least, most = slopes()
    least = instantiate(least, {X: x - 1}, before) + evident(S) * 0
    most = instantiate(most, {X: x}, here)
    low = same_logs(Integer(-1), index, here, before)
    high = same_logs(S, index, here, here + evident(S))
    low, high = (through(S * _V, {_V: limit}) for limit in (low, high))
    body = rise(x, S) - S * log(x)
    least = least.states(body - S * (log(x - 1) - log(x)), here, before)
    most = most.states(S * (log(x + S) - log(x)) - body, here)
    return squeezed(least, most, low, high)


Y = X + M
MIDDLE = Y + S / 2


def _least(body: Expr, step: Fact, limit: Fact, *known: Fact) -> Fact:
    """What falls to 0 in steps of 1 is >= 0, also at the start."""
    (there,) = limit.gap.atoms(AtInfinity)
    falls = step.states(body - body.xreplace({M: M + 1}), *known)
    equation = equal(body, there.args[0], *known)
    return instantiate(towards(falls, limit_of(equation, body, Integer(1), limit)), {M: Integer(0)})


@cache
def centre() -> Fact:
    """s log(x + (s-1)/2) - rise(x) >= 0 for s >= 1."""
    h, large = MIDDLE, assume(Ge(S, 1))
    place = large * HALF + evident(Y)  # h - 1/2
    share = (large / evident(S)).states(1 - 1 / S)
    room = evident(Y / h).states(1 - S / (2 * h))
    bent = S * chord("log ratio", Integer(0), S / (2 * h), 1 - 1 / S, 1 / (2 * h), share, room)
    known = (room, (place / evident(h)).states(1 - 1 / (2 * h)), place)
    ends = _split(S / (2 * h), *known) - _split(1 / (2 * h), *known).times(S)
    step = bent + ends + _next(Y + S) - _next(Y)
    shifted = same_logs((S - 1) / 2, M, evident(Y), place)
    limit = through(S * _U - _V, {_U: shifted, _V: _level()})
    return _least(S * log(h - HALF) - rise(Y, S), step, limit, *known)


@cache
def edges() -> Fact:
    """rise(x) - (s/2) (log x + log(x + s - 1)) >= 0 for s >= 2."""
    h, large, half = MIDDLE, assume(Ge(S, 2)), S / 2
    place = large + evident(Y + 1)  # y + s - 1
    share = (large / evident(S)).states(1 - 2 / S)
    room = evident(Y / h).states(1 - S / (2 * h))
    at = (S - 2) / (2 * h)
    bent = half * chord("log ratio", Integer(0), S / (2 * h), 2 / S, at, share, room)
    inner = evident((Y + 1) / h).states(1 - at)
    known = (room, inner, place, (place / evident(h)).states(1 + at))
    outer, within = _split(S / (2 * h), *known), _split(at, *known)
    step = bent + outer.times(half - 1) - within.times(half) - _next(Y + S) + _next(Y)
    shifted = same_logs(S - 1, M, evident(Y), place)
    limit = through(_V - half * _U, {_U: shifted, _V: _level()})
    body = rise(Y, S) - half * (log(Y) + log(Y + S - 1))
    return _least(body, step, limit, *known)


def _level() -> Fact:
    return flat(M, evident(Y), evident(X) + assume(Ge(M, 1)))


def _split(turn: Expr, *known: Fact) -> Fact:
    """log(h (1 + t)) - log(h (1 - t)) = log(1 + t) - log(1 - t)."""
    h, unit = MIDDLE, Integer(1)

    def side(sign: int) -> Fact:
        place = sp.expand(h + sign * sp.cancel(h * turn))
        return logarithm(place, {h: unit, 1 + sign * turn: unit}, *known)

    return side(1) - side(-1)
