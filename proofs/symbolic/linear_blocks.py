"""The exact student of the linear model, for one strong direction and for several."""

from __future__ import annotations

from functools import cache

from sympy import Eq, Expr, Ge, Integer, Le, exp

from proofs.kernel import Fact, assume, at_vector, cases, definition, evident, given, monotone
from proofs.lemmas import cauchy_schwarz, defining, nothing, part, substitute, unit
from proofs.proof import Proof
from proofs.symbolic.gamma_ratios import HALF
from proofs.symbolic.lem_ls import orthogonal
from proofs.symbolic.master_bound import unit_loss
from w2s_theory.ledger import definitions as d
from w2s_theory.ledger import model_definitions as m
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger import spaces as v
from w2s_theory.ledger.alignment import TARGET_IN_S
from w2s_theory.ledger.linear import BLOCK_TEACHER, LINEAR_TEACHER, PSI_BELOW_ONE
from w2s_theory.ledger.statement import Assumption, Statement

STRONG, WEAK = v.P_S * v.TEACHER, (1 - v.P_S) * v.TEACHER
FAST, SLOW = (s.GRADIENT_FLOW(rate, q.TIME) for rate in (q.LAMBDA_TARGET, q.LAMBDA_OUT))


def _student() -> Fact:
    """L_ST = s_1^2 ||P_S f_T||^2 + s_psi^2 ||f_T - P_S f_T||^2 - 2 <f_S, f*> + ||f*||^2."""
    levels = defining(m.TWO_LEVELS)
    along, across = (at_vector(levels, u) for u in (STRONG, WEAK))
    loss = defining(d.STUDENT_LOSS) + at_vector(levels, v.STUDENT)
    loss = loss - at_vector(levels, v.TARGET).times(2) + along.times(FAST) + across.times(SLOW)
    return loss + unit()


def _at_levels(fact: Fact, levels: Assumption) -> Fact:
    """The eigenvalues 1 and psi put in."""
    for symbol, value in ((q.LAMBDA_TARGET, Integer(1)), (q.LAMBDA_OUT, q.PSI)):
        fact = fact.put(part(levels, Eq(symbol, value)), symbol)
    return fact


def _teacher_norms() -> tuple[Fact, Fact]:
    """||f_T||^2 = 1 - L_TE = <f_T, f*>."""
    norm = (defining(d.TEACHER_LOSS) + orthogonal().times(2) + unit()).times(-1)
    return norm.states(q.TEACHER_NORM2 - (1 - q.L_TE)), norm + orthogonal()


def prove_student_linear(statement: Statement) -> Proof:
    """<f_T, f*> = ||f_T||^2 = 1 - L, so the weak directions hold (1-L) - (1-L)^2 = L (1-L)."""
    along, (norm, signal) = defining(m.ONE_DIRECTION), _teacher_norms()
    known = {
        v.norm2(STRONG): at_vector(along, STRONG),
        v.inner(STRONG, v.TARGET): at_vector(along, v.TARGET),
        q.TARGET_NORM2: unit(),
        q.TEACHER_NORM2: norm,
        q.TEACHER_TARGET: signal,
    }
    loss = _at_levels(substitute(_student(), known), LINEAR_TEACHER[2])
    low, high, _ = unit_loss()
    miss = evident(exp(-q.TIME)) * high
    above = miss * (2 * low + miss) + evident(s.GRADIENT_FLOW(q.PSI, q.TIME) ** 2) * low * high
    return Proof(statement, (loss, defining(m.STUDENT_SLOPE), above + loss))


SOLUTION = v.SOLVED * v.TARGET
"""H b."""
IMAGE = d.BLOCK * SOLUTION


def _polar(meaning: Fact, left: Expr, right: Expr) -> Fact:
    """The form of two vectors, from that of any one."""
    whole = at_vector(meaning, left + right)
    return (whole - at_vector(meaning, left) - at_vector(meaning, right)).times(HALF)


def _seen(vector: Expr) -> Fact:
    """<P_T P_S u, P_T P_S f*> = <u, A W^-1 A^T H b>, as G W^-1 A^T H b = A^T b (Woodbury)."""
    gram, projected, _ = definition(d.FEATURE_BLOCKS)
    solved, *_ = definition(d.SOLVED_TARGET)
    weights = v.GRAM_INVERSE * v.STRONG_T * vector
    split = _polar(gram, weights, v.WEAK_INVERSE * v.STRONG_T * SOLUTION)
    return _polar(projected, vector, v.TARGET) - at_vector(solved, v.STRONG * weights) - split


@cache
def _blocks() -> tuple[Fact, Fact, Fact]:
    """L_TE = b^T H b, ||P_S f_T||^2 = ||H b||^2 + 1 - 2 L_TE and ||H b||^2 >= L_TE^2."""
    (none,), target, seen = given(TARGET_IN_S), v.TARGET, v.P_T * v.TARGET
    outside, projected = (1 - v.P_S) * target, defining(d.PROJECTED_TEACHER)
    none = none - defining(m.OUTSIDE_STRONG)

    def inside(vector: Expr) -> Fact:
        return nothing(vector, outside, none)

    kept, (solved, form, norm) = v.P_S * target, definition(d.SOLVED_TARGET)
    _, signal = _teacher_norms()
    # <P_S f*, P_T P_S f*> = <f*, P_T f*> = <f*, f_T>
    shown = at_vector(projected, target) + inside(seen) + inside(v.P_T * kept) + signal
    square = at_vector(projected, STRONG) + at_vector(projected, v.P_S * seen)
    square = square + inside(v.P_T * v.P_S * seen) + inside(v.P_T * v.P_S * v.P_T * kept)
    known = {v.norm2(kept): inside(target) - unit(), v.norm2(v.P_T * kept): shown}
    image = (_seen(v.P_T * kept) + _seen(IMAGE)).put(square, v.norm2(v.P_S * v.P_T * kept))
    missed = (at_vector(solved, u) for u in (SOLUTION, IMAGE, target))
    known = {
        **dict(zip((v.norm2(SOLUTION), v.inner(SOLUTION, IMAGE)), missed, strict=False)),
        v.norm2(IMAGE): image,
        v.inner(target, SOLUTION): next(missed),
        v.inner(target, IMAGE): _seen(target),
        **known,
    }
    norm = substitute(norm, known)
    spread = substitute(cauchy_schwarz(target, SOLUTION), known | {q.TARGET_NORM2: unit()})
    return substitute(form, known), norm, spread.put(norm, v.norm2(STRONG))


def _stronger() -> Fact:
    """s_1^2 >= s_psi^2 for 0 < psi <= 1, whatever the sign of t."""
    time, weak, psi = q.TIME, part(PSI_BELOW_ONE, Le(q.PSI, 1)), part(PSI_BELOW_ONE, q.PSI > 0)
    later, earlier = assume(Ge(time, 0)), assume(Le(time, 0))
    strong, slow = 1 - exp(-time), 1 - exp(-q.PSI * time)
    some = monotone("exp", later * psi, -q.PSI * time, Integer(0))
    more = monotone("exp", later * weak, -time, -q.PSI * time)
    first = monotone("square", more, slow, strong, some)
    some = monotone("exp", earlier * psi, Integer(0), -q.PSI * time)
    more = monotone("exp", earlier * weak, -q.PSI * time, -time)
    second = monotone("square", more, -slow, -strong, some)
    words = strong**2 - slow**2
    return cases(first.states(words), later, second.states(words), earlier)


def prove_law_linear_k(statement: Statement) -> Proof:
    """Teacher, weak energy and student from H; then k > 1 against k = 1."""
    loss, square, spread = _blocks()
    norm, signal = _teacher_norms()
    (none,) = given(TARGET_IN_S)
    known = {
        v.inner(STRONG, v.TARGET): nothing(
            v.TEACHER, (1 - v.P_S) * v.TARGET, none - defining(m.OUTSIDE_STRONG)
        ),
        v.norm2(STRONG): square,
        q.TARGET_NORM2: unit(),
        q.TEACHER_NORM2: norm,
        q.TEACHER_TARGET: signal,
    }
    energy = substitute(defining(m.WEAK_ENERGY), known).put(loss, q.L_TE)
    student = _at_levels(substitute(_student(), known), BLOCK_TEACHER[3])
    worse = student + _stronger() * spread
    return Proof(statement, (loss, energy, student.put(loss, q.L_TE), worse))
