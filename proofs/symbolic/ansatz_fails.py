"""Nearly opposite units: a B-spline across three lines, and the even part of the error."""

from __future__ import annotations

from sympy import Expr, Ge, Gt, Integer, Integral, Le, Symbol, pi, sin

from proofs.calculus import primitive
from proofs.kernel import (
    Fact,
    assume,
    average,
    cases,
    chord,
    definition,
    evident,
    gap,
    monotone,
    square_norm,
    tangent,
)
from proofs.lemmas import cauchy_schwarz, defining, over, part, short
from proofs.proof import Proof
from proofs.symbolic.alignment import unseen
from proofs.symbolic.lem_ls import orthogonal
from w2s_theory.ledger import definitions as d
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import spaces as v
from w2s_theory.ledger.statement import Statement
from w2s_theory.ledger.teacher_forms import PAIR, STRAIT

R, H, C = q.PAIR_GAP, q.NEXT_GAP, q.SIGHT
B, PHI = v.SPLINE_AT, v.BENT_AT
_X = d.ON_ARM
_ENERGY = (
    "d = 2: the eigenvalues of K_e are 1/(pi (k^2 - 1))^2 (spec-coefficients), so the energy of an "
    "even g is pi times the integral of (g'' + g)^2 over half a turn, at least that over the arc"
)
_PARTS = (
    "B = sin(x - x_1) sin(h), then sin(x_3 - x) sin(r): twice by parts, the integral of B (g'' + "
    "g) is g_1 sin(h) - g_2 sin(r+h) + g_3 sin(r), 0 for a linear function; the sign that is "
    "turned leaves twice one term, at least 2 c sin(h)/(2 sqrt 2), for g or -g"
)


def _positive(symbol: Symbol) -> Fact:
    return part(PAIR, Gt(symbol, 0))


def _least_bend() -> Fact:
    """K F - y^2 >= 0: K^2 F - 2 K I^2 + I^2 mean(B^2) >= 0, mean(B^2) <= K and I^2 >= y^2."""
    measure = v.ARC
    room = evident(R**2 * H**2 * (R + H) / 3, _positive(R), _positive(H))  # K > 0
    caught = v.Mean(B * PHI, measure)  # I
    turned = gap(_PARTS, Ge(caught**2, (C * sin(H)) ** 2 / 2))
    square = _square().states(room.gap - v.Mean(B**2, measure))
    bent = average(evident((room.gap * PHI - caught * B) ** 2), measure)
    product = bent + evident(caught**2) * square
    return over(product, room, room.gap * v.Mean(PHI**2, measure) - caught**2) + turned


def _sines(at: Expr, low: Fact, high: Fact) -> tuple[Fact, Fact]:
    """x - sin(x) >= 0 and sin(x) >= 0 on [0, pi]: a concave function, its tangent and its chord."""
    share = (high * evident(1 / pi)).states(1 - at / pi)
    known = (low, share, (low * evident(1 / pi)).states(at / pi))
    above = chord("arch", Integer(0), pi, 1 - at / pi, at, *known)
    return tangent("arch", at, Integer(0), low, high), above


def _square() -> Fact:
    """h^2 r^3/3 + r^2 h^3/3 - mean(B^2) >= 0: B = sin(u) sin(v), and 0 <= sin(x) <= x."""
    meaning, low, high, least, most, area = definition(d.SPLINE)
    (near, first), (other, second) = (
        _sines(at, *ends)
        for at, ends in ((v.NEAR_AT, (low, high)), (v.OTHER_ARM_AT, (least, most)))
    )
    product = first * second
    below = near * least + first * other  # (u - sin(u)) v + sin(u) (v - sin(v))
    squares = below * (below + 2 * product) - meaning.times(B + product.gap)
    mean = average(squares, v.ARC) - area
    for length, arm in ((R, H), (H, R)):
        third = primitive(Integral(_X**2, (_X, 0, length)), _X**3 / 3)
        mean = mean - third.times(arm**2)
    return mean


def _sine(h: Fact) -> Fact:
    """sin(h) - 2 h/pi >= 0: a concave function is above its chord."""
    whole = part(PAIR, Le(R + H, pi / 2)) + _positive(R)  # pi/2 - h > 0
    share = (whole.states(pi / 2 - H) * evident(2 / pi)).states(1 - 2 * H / pi)
    known = (share, (h * evident(2 / pi)).states(2 * H / pi))
    return chord("arch", Integer(0), pi / 2, 1 - 2 * H / pi, H, *known)


def _strait() -> Fact:
    """pi r^2 (r + h) E - 6 c^2 >= 0."""
    r, h = _positive(R), _positive(H)
    energy = gap(_ENERGY, Ge(q.LINE_ENERGY, pi * v.Mean(PHI**2, v.ARC)))
    bend = _least_bend()
    cost = evident(R**2 * (R + H), r, h)
    sine = _sine(h)
    squares = monotone("square", sine, 2 * H / pi, sin(H), evident(2 * H / pi, h))
    product = pi * cost * h * h * energy + 3 * pi**2 * bend
    product = product + evident(3 * pi**2 * C**2 / 2) * squares
    return over(product, h * h, pi * cost.gap * q.LINE_ENERGY - 6 * C**2, r, h)


_EVEN = (
    "teacher-schur: the error's linear part has coordinates x, x = (I + A)^-1 b, and its even part "
    "the energy x^T A x (K_e w = U x/(2 sqrt d))"
)


def _loss() -> Fact:
    """1 - (1 + l) L_TE >= 0: L^2 <= ||P_S e||^2, and L >= (1 + l) ||P_S e||^2."""
    error = v.TEACHER - v.TARGET
    near = v.P_S * error
    even = gap(
        _EVEN, Ge(v.norm2((1 - v.P_S) * error), q.LEAST_ENERGY * v.norm2(near)), *STRAIT[2:4]
    )
    loss = defining(d.TEACHER_LOSS)
    seen = unseen(near) - unseen(error)
    missed = loss + orthogonal() + seen  # L_TE + <P_S e, f*> = 0, for a unit target
    product = v.inner(near, v.TARGET)
    missed = missed.states(q.L_TE + product)
    square = cauchy_schwarz(near, v.TARGET) + short() * square_norm(near)
    square = square + missed.times(product - q.L_TE)
    gap_ = 1 - (1 + q.LEAST_ENERGY) * q.L_TE
    positive, negative = (assume(kind(1 + q.LEAST_ENERGY, 0)) for kind in (Ge, Le))
    grown = even + loss + positive * square
    some, none = assume(Gt(q.L_TE, 0)), assume(Le(q.L_TE, 0))
    right = over(grown, some, gap_)
    one = evident(Integer(1))
    left = (one + positive * none).states(gap_)
    least = square_norm(error) + loss
    below = (one + negative * least).states(gap_)
    return cases(cases(right, some, left, none), positive, below, negative)


def prove_ansatz_fails(statement: Statement) -> Proof:
    """Cauchy-Schwarz on the arc; then the linear part of the error."""
    return Proof(statement, (_strait(), _loss()))
