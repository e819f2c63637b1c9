"""Turning costs length: how long the last student of a chain is, by the angle it has turned.

Of a chain that ends at f_n != 0, so that every f_i has an angle: x_i is the cosine of the angle
between f_T and f_i, y_i that between f_i and f_{i+1}.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sympy import Expr, Ge, Gt, Integer, Le, Symbol, acos, cos, sqrt

from proofs import angles
from proofs.kernel import (
    Fact,
    assume,
    equal,
    evident,
    given,
    induction,
    instantiate,
    monotone,
    square_norm,
)
from proofs.lemmas import defining, product_of_norms, same_root, settle
from w2s_theory.ledger import definitions as d
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger import spaces as v

N, RIGHT = q.CHAIN, angles.QUARTER_TURN
NONZERO = Gt(q.STUDENT_NORM2, 0)
_K = Symbol("k", integer=True, nonnegative=True)
_J = Symbol("j_1", integer=True, nonnegative=True)


@dataclass(frozen=True, slots=True)
class Angle:
    """The cosine of an angle between two vectors, and what is known of it."""

    cosine: Expr
    below: Fact  # 1 - cosine >= 0
    above: Fact  # 1 + cosine >= 0
    positive: tuple[Fact, ...]

    @property
    def nonnegative(self) -> Fact:
        """acos >= 0."""
        return monotone("acos", self.below, self.cosine, Integer(1), self.above, *self.positive)

    @property
    def known(self) -> tuple[Fact, Fact]:
        """Both bounds."""
        return self.below, self.above

    @property
    def obtuse(self) -> Fact:
        """pi - acos >= 0."""
        return monotone("acos", self.above, Integer(-1), self.cosine, self.below, *self.positive)

    def put(self, unit: Fact) -> Angle:
        """With ||f*|| = 1 put in."""
        facts = (self.below, self.above, *self.positive)
        below, above, *positive = (fact.put(unit, q.TARGET_NORM2) for fact in facts)
        cosine = self.cosine.xreplace({q.TARGET_NORM2: Integer(1)})
        return Angle(cosine, below, above, tuple(positive))


def length(vector: Expr) -> Expr:
    """||vector||."""
    return sqrt(v.norm2(vector))


@cache
def angle(left: Expr, right: Expr, *positive: Fact) -> Angle:
    """Of two vectors with squared norms > 0."""
    lengths = evident(length(left) * length(right), *positive)
    ratio = v.inner(left, right) / lengths.gap
    below = (product_of_norms(left, right) / lengths).states(1 - ratio, *positive)
    above = (product_of_norms(-left, right) / lengths).states(1 + ratio, *positive)
    return Angle(ratio, below, above, positive)


@cache
def triangle(first: Expr, middle: Expr, last: Expr, *positive: Fact) -> Fact:
    """The angles from first to middle and from middle to last add up at least to the third."""
    one, two, three = (
        angle(*pair, *positive) for pair in ((first, middle), (middle, last), (first, last))
    )
    u2, m2, w2 = map(v.norm2, (first, middle, last))
    across = [m2 * f - v.inner(f, middle) * middle for f in (first, last)]
    product = product_of_norms(-across[0], across[1])
    known = (*one.known, *two.known, *three.known, *positive)
    sines = tuple((x.below * x.above).states(1 - x.cosine**2, *known) for x in (one, two))
    known = (*known, *sines, *map(square_norm, across))
    lengths = [
        (m2 * sqrt(n2) * sqrt(1 - x.cosine**2), length(vector))
        for n2, x, vector in ((u2, one, across[0]), (w2, two, across[1]))
    ]
    roots = [same_root(equal(a**2, b**2, *known), a, b, *known) for a, b in lengths]
    first_root, second_root = roots[0].times(lengths[1][1], *known), roots[1]
    product = product + first_root + second_root.times(lengths[0][0], *known)
    scale = evident(m2**2 * sqrt(u2) * sqrt(w2), *positive)
    x, y, z = one.cosine, two.cosine, three.cosine
    apart = (product / scale).states(z - x * y + sqrt(1 - x**2) * sqrt(1 - y**2), *known)
    values = {angles.X: x, angles.Y: y, angles.Z: z}
    return settle(instantiate(angles.spherical(), values, *positive), apart, *known)


def link(index: Expr = d.INDEX, *inside: Fact) -> Fact:
    """<f_{i+1}, f_i - f_{i+1}> >= 0, for i <= n - 1."""
    (positive,) = given(s.CHAIN_SHRINKS)
    fact = defining(d.LINKS) + positive
    return settle(instantiate(fact, {d.INDEX: index}, *inside), *inside)


def one_link(index: Expr = d.INDEX, *inside: Fact) -> Fact:
    """||f_i||^2 - ||f_{i+1}||^2 >= 0."""
    step = square_norm(v.chain(index) - v.chain(index + 1)) + 2 * link(index, *inside)
    return step.named("one link", "||f_i - f_{i+1}||^2 + 2 <f_{i+1}, f_i - f_{i+1}>")


def positive(index: Expr, inside: Fact) -> Fact:
    """||f_i||^2 > 0 for i <= n: it is at least ||f_n||^2."""
    top, k = N - index, _J
    words = Ge(v.norm2(v.chain(N - k)) - q.STUDENT_NORM2, 0)
    before = assume(Le(k, top - 1))
    at = N - k - 1
    step = one_link(at, before + evident(index), evident(k)) + assume(words)
    return induction(words, k, evident(0), step, top, inside) + assume(NONZERO)


@dataclass(frozen=True, slots=True)
class Link:
    """The link from f_i to f_{i+1}, 0 <= i < n: lengths, the angle, and how it shrinks."""

    lengths: tuple[Expr, Expr]
    positive: tuple[Fact, Fact]
    turn: Angle
    shrinks: Fact  # r_i cos - r_{i+1} >= 0
    acute: Fact  # pi/2 - acos >= 0


def turn(index: Expr, inside: Fact) -> Link:
    """By i <= n - 1, as `inside`."""
    fi, fj = v.chain(index), v.chain(index + 1)
    norms = positive(index, inside + evident(1)), positive(index + 1, inside)
    bent = angle(fi, fj, *norms)
    ri, rj = length(fi), length(fj)
    shrinks = (link(index, inside, evident(index)) / evident(rj, *norms)).states(
        ri * bent.cosine - rj, *norms
    )
    acute = ((shrinks + evident(rj, *norms)) / evident(ri, *norms)).states(bent.cosine, *norms)
    right = monotone("acos", acute, Integer(0), bent.cosine, bent.below, *norms)
    return Link((ri, rj), norms, bent, shrinks, right)


def _cosine(index: Expr) -> Expr:
    return v.inner(v.TEACHER, v.chain(index)) / (length(v.TEACHER) * length(v.chain(index)))


def turned_at_most(index: Expr, inside: Fact) -> Fact:
    """The angle between f_T and f_{k+1} is at most (k + 1) pi/2, for k <= n - 1."""
    j = _J1
    words = Ge((j + 1) * RIGHT - acos(_cosine(j + 1)), 0)
    next_ = inside + assume(Le(j, index - 1))  # j + 1 <= n - 1
    first, last = turn(Integer(0), evident(N - 1)), turn(j + 1, next_)
    sum_ = triangle(v.TEACHER, v.chain(j + 1), v.chain(j + 2), first.positive[0], *last.positive)
    step = assume(words) + last.acute + sum_
    return induction(words, j, first.acute, step, index, inside)


_J1 = Symbol("j_2", integer=True, nonnegative=True)


@cache
def turning() -> Fact:
    """||f_T|| cos(A/n)^n - ||f_n|| >= 0, A the angle from f_T to f_n."""
    k, r0 = _K, length(v.TEACHER)
    first = turn(Integer(0), evident(N - 1))
    words = Ge(r0 * cos(acos(_cosine(k + 1)) / (k + 1)) ** (k + 1) - length(v.chain(k + 1)), 0)
    inside = assume(Le(k, N - 2))  # k + 1 <= n - 1
    last, turned = turn(k + 1, inside), turned_at_most(k, inside + evident(1))
    norms = (first.positive[0], *last.positive)
    before, after = (angle(v.TEACHER, v.chain(k + i), *norms) for i in (1, 2))
    values = {
        **{angles.TURNS: k + 1, angles.X: acos(before.cosine), angles.Y: acos(last.turn.cosine)},
        **{angles.Z: acos(after.cosine), angles.R_0: r0},
        **{angles.R_I: last.lengths[0], angles.R_J: last.lengths[1]},
    }
    known = (*norms, *before.known, *after.known, *last.turn.known)
    step = settle(
        instantiate(angles.one_more_turn(), values, *known),
        *(assume(words), last.shrinks, last.acute, turned, evident(r0, *norms)),
        *(before.nonnegative, last.turn.nonnegative, after.nonnegative),
        triangle(v.TEACHER, v.chain(k + 1), v.chain(k + 2), *norms),
    )
    return induction(words, k, first.shrinks, step, N - 1).named(
        "turning costs length", "||f_n|| <= ||f_T|| cos(A/n)^n, by induction along the chain"
    )
