"""Theorem 4.2 (bounded student) and its sharpness."""

from __future__ import annotations

from sympy import Ge, Gt, Integer, Le, sqrt

from proofs.kernel import Fact, assume, both, cases, evident, given, monotone, square_norm, sturm
from proofs.lemmas import (
    alone,
    below_root,
    cauchy_schwarz,
    closer,
    defining,
    nothing,
    over,
    short,
    substitute,
    teacher_loss,
    triangle,
)
from proofs.proof import Proof
from w2s_theory.ledger import definitions as d
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger import spaces as v
from w2s_theory.ledger.chains import SHARP_STUDENT
from w2s_theory.ledger.statement import Statement

L, ROOT = q.L_TE, sqrt(1 - q.L_TE)


def above_quarter(low: Fact, high: Fact) -> Fact:
    """Theorem 4.2's floor is at least L^2/4: 2 - L - L^2/4 >= 2 sqrt(1 - L), squared."""
    kept = 2 - L - s.BOUNDED_CONSTANT * L**2
    squares = sturm((kept**2 - 4 * (1 - L)).expand(), L, low, high)
    gap = below_root(squares, 2 * ROOT, kept, sturm(kept, L, low, high), high)
    return gap.states(s.BOUNDED_FLOOR.expr - s.quadratic(s.BOUNDED_CONSTANT), high).named(
        "parabola", "2 - L - L^2/4 >= 2 sqrt(1 - L), squared"
    )


def shortened(low: Fact, high: Fact) -> Fact:
    """1 - sqrt(1 - L) >= 0."""
    return monotone("root", low, 1 - L, Integer(1), high)


def bounded_limit() -> tuple[Fact, Fact]:
    """||f_S - f*|| >= ||f*|| - ||f_S|| >= 1 - sqrt(1 - L), as ||f_S|| <= ||f_T||."""
    low, norm = teacher_loss()
    high = norm + square_norm(v.TEACHER)
    (bounded,) = given(s.BOUNDED_STUDENT)
    (optimal,), size = given(s.TEACHER_SHRINKS), q.TARGET_NORM2
    own = (2 * optimal - defining(d.TEACHER_LOSS)).states(size - L - q.TEACHER_NORM2)
    lengths = (
        *(square_norm(v.STUDENT), square_norm(v.TARGET)),
        (own + square_norm(v.TEACHER)).states(size - L),
    )
    shorter = monotone("root", own + bounded, q.STUDENT_NORM2, size - L, *lengths)
    reached = square_norm(v.TARGET - v.STUDENT)
    shrunk = closer(low, Integer(1), short(), *lengths, high)
    distance = (triangle(v.TARGET, v.STUDENT) + shorter + shrunk).named(
        "distance", "||f_S - f*|| >= ||f*|| - ||f_S||, which is least for ||f*|| = 1"
    )
    positive = shortened(low, high)
    square = monotone("square", distance, 1 - ROOT, sqrt(reached.gap), positive, reached, high)
    return square + defining(d.STUDENT_LOSS), above_quarter(low, high)


def prove_thm_4_2(statement: Statement) -> Proof:
    """The triangle inequality, and ||f_T||^2 <= 1 - L_TE."""
    return Proof(statement, bounded_limit())


def _on_target() -> tuple[Fact, Fact, Fact]:
    """||f*||^2 = 1, <f_S, f*> = ||f_T|| and ||f_S|| = ||f_T||, from an inequality for each.

    ||f_T|| <= <f_S, f*> <= ||f_S|| ||f*|| <= ||f_T|| by Cauchy and Schwarz: all are equalities. If
    f_T = 0 the target's norm is the teacher's loss, 1.
    """
    size, seen, length = q.TEACHER_NORM2, q.STUDENT_TARGET, q.STUDENT_NORM2
    _, complement, student = SHARP_STUDENT
    norms, root = square_norm(v.TEACHER), sqrt(size)
    longer = alone(student, Ge(seen, root))
    shorter = alone(student, Le(length, size))
    squares = monotone("square", longer, root, seen, evident(root, norms), norms)
    schwarz = cauchy_schwarz(v.STUDENT, v.TARGET)  # ||f_S||^2 ||f*||^2 - <f_S, f*>^2
    reached = schwarz + squares.states(seen**2 - size, norms)
    same = both(reached + short() * square_norm(v.STUDENT), shorter)
    same = same.states(length - size)
    within = (schwarz + short() * square_norm(v.STUDENT) + shorter).states(size - seen**2)
    most = below_root(within.states(root**2 - seen**2, norms), seen, root, norms)
    product = both(longer.states(seen - root, norms), most.states(root - seen, norms))
    scaled = reached - same.times(q.TARGET_NORM2)  # ||f_T||^2 (||f*||^2 - 1) >= 0
    some, none = assume(Gt(size, 0)), assume(Le(size, 0))
    unit_least = over(scaled, some, q.TARGET_NORM2 - 1)
    (norm,) = given(complement)
    zero = both(norms, none)
    loss = defining(d.TEACHER_LOSS) - nothing(v.TARGET, v.TEACHER, zero.states(size)).times(2)
    alike = (norm - loss - zero.times(2)).states(q.TARGET_NORM2 - 1)
    least = cases(unit_least, some, alike, none)
    return both(least, short().states(1 - q.TARGET_NORM2)), product, same


def prove_thm_4_2_sharp(statement: Statement) -> Proof:
    """f_S = ||f_T|| f* with ||f_T||^2 = 1 - L_TE, and the floor squeezed between parabolas."""
    _, complement, _ = SHARP_STUDENT
    (norm,), norms = given(complement), square_norm(v.TEACHER)
    known = dict(
        zip((q.TARGET_NORM2, q.STUDENT_TARGET, q.STUDENT_NORM2), _on_target(), strict=True)
    )
    high = norms.put(norm, q.TEACHER_NORM2)
    known |= {q.TEACHER_NORM2: norm}
    loss = substitute(defining(d.STUDENT_LOSS), known, norms, high)
    low = square_norm(v.TEACHER - v.TARGET) + defining(d.TEACHER_LOSS)
    bottom, short = high + evident(1), shortened(low, high)
    gap = (evident(ROOT * (1 - ROOT) ** 2, high) / bottom).states(
        L / (2 - L) - (1 - ROOT), high, bottom
    )
    squeezed = monotone("square", gap, 1 - ROOT, L / (2 - L), short, high, bottom)
    return Proof(statement, (loss, squeezed))
