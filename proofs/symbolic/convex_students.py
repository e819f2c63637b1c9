"""Convex classes: the way to a member of the class, ever shorter; and mixtures, by bilinearity."""

from __future__ import annotations

from sympy import Expr, Ge, Integer, Le, Rational, Symbol, sqrt

from proofs.kernel import (
    Fact,
    assume,
    at_vector,
    definition,
    discharge,
    evident,
    instantiate,
    monotone,
    square_norm,
    squeeze,
)
from proofs.lemmas import EPSILON, defining, over, part, product_of_norms, teacher_loss
from proofs.proof import Proof
from proofs.symbolic.thm_4_1 import shrinkage_limit
from w2s_theory.ledger import convex_students as c
from w2s_theory.ledger import definitions as d
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import run_definitions as r
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger import section7 as z
from w2s_theory.ledger import spaces as v
from w2s_theory.ledger.definition import Definition
from w2s_theory.ledger.statement import Assumption, Statement

HALF = Rational(1, 2)


def _obtuse(meaning: Definition, least: Ge, point: Expr) -> Fact:
    """-<f_T - f_S, g - f_S> >= 0: -2 <f_T - f_S, g - f_S> + a ||g - f_S||^2 >= 0, a -> 0."""
    way = defining(meaning) + assume(least)
    step, small = point - v.STUDENT, evident(r.MOVE)
    slope = v.inner(v.TEACHER - v.STUDENT, step)
    halfway = over(way, small, r.MOVE * v.norm2(step) - 2 * slope)
    wide = evident(1 + EPSILON)
    at = instantiate(halfway, {r.MOVE: EPSILON / (1 + EPSILON)}, wide, evident(EPSILON) / wide)
    whole = (at * wide).states(EPSILON * v.norm2(step) - 2 * slope * (1 + EPSILON), wide)
    return squeeze(whole, EPSILON).named(
        "obtuse angle", "f_T is not nearer to f_S + a (g - f_S) than to f_S, however small a > 0"
    )


def _shrinks() -> Fact:
    """With g = 0 the student is shrinkage optimal."""
    zero: Fact = HALF * _obtuse(r.CLASS_ZERO, c.HOLDS_ZERO, Integer(0))
    return zero.states(s.STUDENT_SHRINKS.condition)


def _detour(crossed: Fact) -> Fact:
    """<f_T - f_S, g - f*> <= ||f_T - f_S|| ||g - f*||."""
    off, aside = v.TEACHER - v.STUDENT, v.TARGET - v.POINT
    fit, distance = defining(d.FIT), defining(r.POINT_DISTANCE)
    left, right = square_norm(off), square_norm(aside)
    short, near = (left + fit).states(q.FIT), (right + distance).states(q.POINT_DISTANCE)
    ends = (left, right, short, near)
    roots = [
        monotone("root", fact, v.norm2(vector), symbol, *ends)
        for fact, vector, symbol in ((fit, off, q.FIT), (distance, aside, q.POINT_DISTANCE))
    ]
    product = product_of_norms(off, aside)
    product = product + roots[0].times(sqrt(v.norm2(aside)), *ends)
    product = product + roots[1].times(sqrt(q.FIT), *ends)
    gain = crossed + _obtuse(r.CLASS_POINT, c.HOLDS_POINT, v.POINT) + 2 * product
    return gain.states(q.L_TE - q.FIT + c.DETOUR - q.L_ST, *ends)


def prove_convex_class(statement: Statement) -> Proof:
    """The angle at f_S for g = 0, f* and any g; then ||f_T - f*||^2 expanded about f_S."""
    losses = defining(d.TEACHER_LOSS) - defining(d.STUDENT_LOSS) - defining(d.FIT)
    crossed = losses.states(q.L_TE - q.L_ST - q.FIT - 2 * c.CROSS)
    target = _obtuse(r.CLASS_TARGET, c.HOLDS_TARGET, v.TARGET)
    gain = (target + crossed).states(q.L_TE - q.L_ST - q.FIT)
    limit = discharge(shrinkage_limit()[0], s.STUDENT_SHRINKS, _shrinks())
    low, norm = teacher_loss()
    ends = evident(1 + 3 * q.L_TE, low) * (norm + square_norm(v.TEACHER))
    misfit = (gain + limit).states(z.GAIN_CEILING.expr - q.FIT, ends)
    return Proof(statement, (_shrinks(), gain, misfit, crossed, _detour(crossed)))


# --- mixtures -----------------------------------------------------------------------------------


_MIXED = {
    v.STUDENT: (r.MIXED_STUDENTS, v.STUDENTS, r.STUDENTS_APART),
    v.TEACHER: (r.MIXED_TEACHERS, v.TEACHERS, r.TEACHERS_APART),
}


def _norm(whole: Expr) -> Fact:
    """||f||^2 - (w ||f_1||^2 + (1 - w) ||f_2||^2 - w (1 - w) ||f_1 - f_2||^2) = 0."""
    meaning, pair, apart = _MIXED[whole]
    mixed = definition(meaning)[0]
    one, other = (at_vector(mixed, f) for f in pair)
    squares = at_vector(mixed, whole) + one.times(q.WEIGHT) + other.times(1 - q.WEIGHT)
    return squares + defining(apart).times(q.WEIGHT * (1 - q.WEIGHT))


def _mean_shrinkage(whole: Expr, label: Expr, words: Expr) -> Fact:
    """<f, y - f> is the mean of <f_1, y - f_1> and <f_2, y - f_2>, and the spread."""
    mixed, first, second = definition(_MIXED[whole][0])
    gaps = first.times(q.WEIGHT) + second.times(1 - q.WEIGHT)
    return (at_vector(mixed, label) - _norm(whole) - gaps).states(words)


def prove_mixtures(statement: Statement) -> Proof:
    """Bilinearity; then the mean of what is >= 0; then Theorem 4.1."""
    gap, loss, teachers, *_ = (clause.lhs - clause.rhs for clause in c.MIXTURES.claim[:3])
    students = _mean_shrinkage(v.STUDENT, v.TEACHER, gap)
    taught = _mean_shrinkage(v.TEACHER, v.TARGET, teachers)
    on_target = at_vector(definition(r.MIXED_STUDENTS)[0], v.TARGET)
    both = defining(r.ONE_LOSS).times(q.WEIGHT) + defining(r.OTHER_LOSS).times(1 - q.WEIGHT)
    losses = defining(d.STUDENT_LOSS) + _norm(v.STUDENT) - on_target.times(2) - both
    shrinks = _nonnegative(students, s.STUDENT_SHRINKS, v.STUDENT, q.ONE_GAP, q.OTHER_GAP)
    teacher = _nonnegative(
        taught, s.TEACHER_SHRINKS, v.TEACHER, q.ONE_TEACHER_GAP, q.OTHER_TEACHER_GAP
    )
    limit = discharge(shrinkage_limit()[0], s.STUDENT_SHRINKS, shrinks)
    limit = discharge(limit, s.TEACHER_SHRINKS, teacher)
    return Proof(statement, (students, losses.states(loss), taught, shrinks, limit))


def _nonnegative(mean: Fact, words: Assumption, whole: Expr, *gaps: Symbol) -> Fact:
    """The mean of two gaps that are >= 0, and the spread, which is."""
    weight, rest = (part(c.WEIGHT_IN_UNIT, r) for r in (Ge(q.WEIGHT, 0), Le(q.WEIGHT, 1)))
    one, other = (assume(Ge(gap, 0)) for gap in gaps)
    apart = _MIXED[whole][2]
    distance = square_norm(_MIXED[whole][1][0] - _MIXED[whole][1][1]) + defining(apart)
    parts = weight * one + rest * other + weight * rest * distance
    shown: Fact = (parts + mean).states(words.condition)
    return shown
