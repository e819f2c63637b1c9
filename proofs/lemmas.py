"""Lemmas that several proofs use, each derived by the kernel from its arguments."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from sympy import Expr, Ge, Integer, Le, Symbol, sqrt
from sympy.logic.boolalg import Boolean

from proofs.domains import claim
from proofs.kernel import (
    Fact,
    assume,
    both,
    cases,
    definition,
    discharge,
    evident,
    given,
    matches,
    monotone,
    square_norm,
    squeeze,
)
from w2s_theory.ledger import definitions as d
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger import spaces as v
from w2s_theory.ledger.definition import Definition
from w2s_theory.ledger.statement import Assumption

EPSILON = Symbol("epsilon", positive=True)


def over(product: Fact, divisor: Fact, quotient: Expr, *domain: Fact) -> Fact:
    """quotient >= 0 (> 0, = 0), which times `divisor` > 0 is the product."""
    return (product.states(quotient * divisor.gap, divisor, *domain) / divisor).states(
        quotient, divisor, *domain
    )


def settle(fact: Fact, *proofs: Fact) -> Fact:
    """The fact without those of its local assumptions that are among `proofs`."""
    for assumption in fact.assumes:
        if assumption.id == "local" and any(
            matches(proof, *claim(assumption.condition)) for proof in proofs
        ):
            fact = discharge(fact, assumption, *proofs)
    return fact


def below_root(squares: Fact, low: Expr, high: Expr, *domain: Fact) -> Fact:
    """From high^2 - low^2 >= 0 and high >= 0: high - low >= 0."""
    top, small = evident(high, *domain), evident(EPSILON)
    under, beyond = (assume(kind(low, 0, evaluate=False)) for kind in (Le, Ge))
    product = squares + 2 * EPSILON * top + small * EPSILON
    close = over(product, top + beyond + small, high - low + EPSILON, *domain)
    return cases(squeeze(close, EPSILON), beyond, top + under, under)


def same_root(squares: Fact, left: Expr, right: Expr, *domain: Fact) -> Fact:
    """From left^2 = right^2, both >= 0: left - right = 0."""
    least = below_root(squares, right, left, *domain)
    return both(least, below_root(squares.times(-1), left, right, *domain))


@cache
def cauchy_schwarz(left: Expr, right: Expr) -> Fact:
    """||u||^2 ||v||^2 - <u, v>^2 >= 0."""
    u2, v2, uv = v.norm2(left), v.norm2(right), v.inner(left, right)
    square = square_norm(uv * left - (u2 + EPSILON) * right) + EPSILON * evident(uv**2)
    divisor = square_norm(left) + evident(EPSILON)
    close = over(square, divisor, (u2 + EPSILON) * v2 - uv**2)
    return squeeze(close, EPSILON).named(
        "Cauchy-Schwarz", "||<u,v> u - (||u||^2 + epsilon) v||^2 >= 0, epsilon -> 0"
    )


def nothing(vector: Expr, other: Expr, none: Fact) -> Fact:
    """<u, w> = 0, from ||w||^2 = 0."""
    zero, product = none.states(v.norm2(other)), v.inner(vector, other)
    squares = cauchy_schwarz(vector, other) - zero.times(v.norm2(vector))
    sides = (below_root(squares.states(-(product**2)), x, Integer(0)) for x in (product, -product))
    most, least = sides
    return both(least, most)


@cache
def product_of_norms(left: Expr, right: Expr) -> Fact:
    """||u|| ||v|| - <u, v> >= 0."""
    domain = square_norm(left), square_norm(right)
    roots = sqrt(domain[0].gap) * sqrt(domain[1].gap)
    return below_root(cauchy_schwarz(left, right), v.inner(left, right), roots, *domain)


@cache
def triangle(left: Expr, right: Expr) -> Fact:
    """||u - v|| - (||u|| - ||v||) >= 0."""
    domain = tuple(map(square_norm, (left, right, left - right)))
    a, b, c = (sqrt(fact.gap) for fact in domain)
    squares = (2 * product_of_norms(left, right)).states(c**2 - (a - b) ** 2, *domain)
    return below_root(squares, a - b, c, *domain).named(
        "triangle inequality", "||u - v||^2 >= (||u|| - ||v||)^2, by Cauchy-Schwarz"
    )


def defining(meaning: Definition) -> Fact:
    """The one relation of a definition."""
    (fact,) = definition(meaning)
    return fact


def part(assumption: Assumption, words: Boolean) -> Fact:
    """The conjunct of an assumption that is this relation."""
    return next(fact for fact in given(assumption) if matches(fact, *claim(words)))


def alone(assumption: Assumption, words: Boolean) -> Fact:
    """A conjunct of an assumption, or half of an equality there, that rests on no more than that.

    (That the statement assumes it is for the proof's end to see, like all that a fact rests on.)
    """
    (fact,) = given(Assumption(assumption.id, assumption.text, words))
    return fact


def unit_scale() -> Fact:
    """1 - a >= 0."""
    return alone(s.SCALE_IN_UNIT, Le(q.SCALE, 1))


def unit() -> Fact:
    """||f*||^2 = 1."""
    (fact,) = given(s.UNIT_TARGET)
    return fact


def short() -> Fact:
    """1 - ||f*||^2 >= 0: all that many proofs need of a unit target."""
    return alone(s.UNIT_TARGET, Le(q.TARGET_NORM2, 1))


def closer(above: Fact, top: Expr, room: Fact, *domain: Fact) -> Fact:
    """sqrt(a) - sqrt(b) >= sqrt(A) - sqrt(B) from `above`: a - b >= 0, A = a + c, B = b + c.

    `top` is A, `room` c >= 0: (B' - b') (A' + a') - (A'^2 - a'^2) = (B' - b') (A' - B' + a' - b')
    for the roots, as both squares are c apart.
    """
    shift = room.gap
    high, low = top, top - shift - above.gap
    far, near = low + above.gap, low + shift
    roots = [sqrt(x) for x in (high, near, far, low)]
    known = (above, room, *domain)
    wide, narrow, up = (
        monotone("root", fact, *ends, *known)
        for fact, ends in (
            (above.states(high - near), (near, high)),
            (above.states(far - low), (low, far)),
            (room.states(near - low), (low, near)),
        )
    )
    gap = roots[2] - roots[3] - roots[0] + roots[1]
    return over(up * (wide + narrow), evident(roots[0] + roots[2], *known), gap, *known)


@cache
def teacher_loss() -> tuple[Fact, Fact]:
    """L_TE >= 0 and, for a shrinkage-optimal teacher, 1 - L_TE >= ||f_T||^2, as ||f*|| <= 1."""
    loss, (optimal,) = defining(d.TEACHER_LOSS), given(s.TEACHER_SHRINKS)
    shown = (2 * optimal + short()).states(
        1 - (q.TARGET_NORM2 - 2 * q.TEACHER_TARGET + q.TEACHER_NORM2) - q.TEACHER_NORM2
    )
    norm = (shown - loss).states(1 - q.L_TE - q.TEACHER_NORM2)
    low = (square_norm(v.TEACHER - v.TARGET) + loss).states(q.L_TE)
    return low, norm.named(
        "teacher norm", "1 - L_TE - ||f_T||^2 = 2 <f_T, f* - f_T> + (1 - ||f*||^2)"
    )


def substitute(fact: Fact, known: Mapping[Expr, Fact], *domain: Fact) -> Fact:
    """`put` of several equations, in order."""
    for symbol, equation in known.items():
        fact = fact.put(equation, symbol, *domain)
    return fact
