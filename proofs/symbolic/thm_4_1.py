"""Theorem 4.1, its best constant, its sharpness, and Corollary 1."""

from __future__ import annotations

from functools import cache
from operator import add

from sympy import Expr, Integer, Rational, asin, atan, cos, sin, sqrt, tan

from proofs.kernel import (
    Fact,
    discharge,
    equal,
    evident,
    given,
    instantiate,
    monotone,
    square_norm,
    sturm,
)
from proofs.lemmas import (
    below_root,
    closer,
    defining,
    nothing,
    part,
    same_root,
    short,
    teacher_loss,
    triangle,
)
from proofs.proof import Proof
from proofs.symbolic.lem_1 import flow_shrinks
from proofs.symbolic.lem_ls import teacher_shrinks
from w2s_theory.ledger import definitions as d
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger import spaces as v
from w2s_theory.ledger.sharpness import SCALED
from w2s_theory.ledger.statement import Statement

L, HALF, QUARTER = q.L_TE, Rational(1, 2), Rational(1, 4)


def angle_of_loss(low: Fact, high: Fact) -> tuple[Expr, tuple[Fact, ...]]:
    """theta = asin(sqrt(L)) and what makes it, its cosine and its tangent real, from 0 <= L < 1."""
    below_one = monotone("root", high, L, Integer(1), low)
    ends = evident(1 + 3 * L, low) * high
    return asin(sqrt(L)), (low, high, below_one, ends)


def above_parabola(low: Fact, high: Fact) -> Fact:
    """Theorem 4.1's floor is at least (3/4) L^2 for 0 <= L <= 1."""
    radicand, kept = (1 + 3 * L) * (1 - L), 1 + L - 2 * s.quadratic()
    ends = evident(1 + 3 * L, low) * high
    touch = L**2 * (1 - 3 * L / 2) ** 2
    squares = evident(touch).states(kept**2 - sqrt(radicand) ** 2)
    gap: Fact = below_root(squares, sqrt(radicand), kept, sturm(kept, L, low, high), ends) * HALF
    clause = s.SHRINKAGE_FLOOR.expr - s.quadratic()
    return gap.states(clause, ends).named(
        "perfect square", f"with w the root and p = {kept}: p >= 0 and p^2 - w^2 = {touch}"
    )


@cache
def shrinkage_limit() -> tuple[Fact, Fact]:
    """The distance from f* to the ball of diameter [0, f_T], least if ||f_T||^2 = 1 - L_TE."""
    low, norm = teacher_loss()
    high = norm + square_norm(v.TEACHER)
    (student,) = given(s.STUDENT_SHRINKS)
    centre, offset = v.TARGET - v.TEACHER / 2, v.STUDENT - v.TEACHER / 2
    far, near = (1 + 3 * L) / 4, (1 - L) / 4
    (optimal,), size = given(s.TEACHER_SHRINKS), q.TARGET_NORM2
    loss = defining(d.TEACHER_LOSS)
    own = (2 * optimal - loss).states(size - L - q.TEACHER_NORM2)
    away = (QUARTER * own - loss.times(HALF)).states(v.norm2(centre) - (size + 3 * L) / 4)
    within = (QUARTER * own + student).named(
        "ball", "f_S is within ||f_T||/2 of the centre f_T/2, ||f_T||^2 <= ||f*||^2 - L_TE"
    )
    room = QUARTER * short()
    at = (evident(far, low), evident(near, high))
    at_size = (
        (QUARTER * square_norm(v.TARGET) + 3 * QUARTER * low).states((size + 3 * L) / 4),
        (QUARTER * own + QUARTER * square_norm(v.TEACHER)).states((size - L) / 4),
    )
    longer = monotone("root", away, (size + 3 * L) / 4, v.norm2(centre), *at_size)
    shorter = monotone(
        "root", within, v.norm2(offset), (size - L) / 4, *at_size, square_norm(offset)
    )
    worst, reached = sqrt(far) - sqrt(near), square_norm(v.STUDENT - v.TARGET)
    shrunk = closer(low, far, room, *at, *at_size)
    distance = (triangle(centre, offset) + longer + shorter + shrunk).named(
        "distance", "||f_S - f*|| >= ||f* - f_T/2|| - ||f_S - f_T/2||, least for ||f*|| = 1"
    )
    positive = monotone("root", low, near, far, *at)
    square = monotone("square", distance, worst, sqrt(reached.gap), positive, reached, *at)
    first = (square + defining(d.STUDENT_LOSS)).states(
        q.L_ST - s.SHRINKAGE_FLOOR.expr, *at, evident(1 + 3 * L, low) * high
    )
    return first, above_parabola(low, high)


def prove_thm_4_1(statement: Statement) -> Proof:
    """Distance from f* to the ball; then the perfect square."""
    return Proof(statement, shrinkage_limit())


def prove_thm_4_1_best(statement: Statement) -> Proof:
    """The gap is a perfect square; floor and parabola touch at 2/3."""
    kept, touch = 1 + L - 2 * s.quadratic(), dict(statement.where)[q.TOUCH]
    square = equal(kept**2 - (1 + 3 * L) * (1 - L), L**2 * (1 - L / touch) ** 2)
    at_touch = equal(s.SHRINKAGE_FLOOR(touch), s.quadratic().xreplace({L: touch}))
    return Proof(statement, (square, at_touch))


@cache
def nearest() -> Fact:
    """One student turning by phi: product to sum, then the angle with tan(2 phi) = 2 tan(theta)."""
    theta, phi = q.THETA, q.PHI
    doubled = (
        1
        - cos(theta) ** 2 / 2
        - cos(theta) ** 2 * cos(2 * phi) / 2
        - cos(theta) * sin(theta) * sin(2 * phi)
    )
    sums = equal(s.CHAIN_OBJECTIVE(Integer(1), theta, phi), doubled).named(
        "product to sum", "cos(x) cos(y) and cos(x)^2 as sums"
    )
    low = part(s.LOSS_BELOW_ONE, L >= 0)
    high = part(s.LOSS_BELOW_ONE, L < 1)
    angle, domain = angle_of_loss(low, high)
    at = {theta: angle, phi: atan(2 * tan(angle)) / 2}
    slope, root = sqrt(1 + 4 * L / (1 - L)), sqrt((1 + 3 * L) * (1 - L))
    squares = equal(root**2, ((1 - L) * slope) ** 2, *domain)
    roots = same_root(squares, root, (1 - L) * slope, *domain)
    reached = equal(doubled.xreplace(at), (1 + L - (1 - L) * slope) / 2, *domain)
    attained = (reached + roots.times(HALF)).named(
        "amplitude", "1/cos(2 phi) = sqrt(1 + 4 tan(theta)^2) at this angle"
    )
    gap = s.CHAIN_OBJECTIVE(Integer(1), theta, phi).xreplace(at) - s.SHRINKAGE_FLOOR.expr
    return (instantiate(sums, at, *domain) + attained).states(gap, *domain)


def prove_thm_4_1_sharp(statement: Statement) -> Proof:
    """The nearest point of the ball."""
    return Proof(statement, (nearest(),))


def prove_thm_4_1_needs_teacher(statement: Statement) -> Proof:
    """f_T = g f*, f_S = f*: every number in closed form."""
    ((unit_norm,), (scaled,), (same,), (larger,)) = map(given, SCALED)
    gain, none = v.TEACHER - q.GAIN * v.TARGET, same - defining(d.STUDENT_LOSS)
    aligned = nothing(v.TARGET, gain, scaled) + unit_norm.times(q.GAIN)  # <f_T, f*> - g
    norm = nothing(v.TEACHER, gain, scaled) + aligned.times(q.GAIN)
    taught, long = (nothing(u, v.STUDENT - v.TARGET, none) for u in (v.TEACHER, v.STUDENT))
    reached = nothing(v.TARGET, v.STUDENT - v.TARGET, none) + unit_norm  # <f_S, f*> - 1
    loss = defining(d.TEACHER_LOSS) + norm - aligned.times(2) + unit_norm
    loss = loss.states(L - (q.GAIN - 1) ** 2)
    shrinks = larger + taught + aligned - long - reached
    fourth = s.QUADRATIC_CONSTANT * larger * larger * larger * larger
    beaten = fourth - same + loss.times(s.QUADRATIC_CONSTANT * (L + (q.GAIN - 1) ** 2))
    falls = larger * (larger + evident(1)) + norm - aligned
    return Proof(statement, (shrinks, beaten, loss, falls))


def prove_cor_1(statement: Statement) -> Proof:
    """Lemma lem-ls gives the teacher's optimality, Lemma 1 the student's; then Theorem 4.1."""
    limit = discharge(add(*shrinkage_limit()), s.TEACHER_SHRINKS, teacher_shrinks())
    return Proof(statement, (discharge(limit, s.STUDENT_SHRINKS, flow_shrinks()),))
