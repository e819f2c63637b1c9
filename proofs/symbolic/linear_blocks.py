"""The exact student of the linear model, for one strong direction and for several."""

from __future__ import annotations

from functools import cache

from sympy import Eq, Expr, Ge, Integer, Le, Symbol, exp

from proofs.kernel import Fact, assume, at_vector, cases, evident, gap, given, monotone
from proofs.lemmas import cauchy_schwarz, defining, nothing, part, substitute, unit
from proofs.operators import operator, operator_equal
from proofs.proof import Proof
from proofs.steps import Step
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

_A, _AT, _W, _WI = (operator(name) for name in ("A", "A^T", "W", "W^-1"))
_GRAM, _GI, _H, _HI = (operator(name) for name in ("G", "G^-1", "H", "H^-1"))
_RULES: dict[tuple[Symbol, Symbol], tuple[Symbol, ...]] = {
    (_W, _WI): (),
    (_WI, _W): (),
    (_GRAM, _GI): (),
    (_GI, _GRAM): (),
    (_H, _HI): (),
    (_HI, _H): (),
}


def woodbury() -> tuple[Step, ...]:
    """A G^-1 A^T = I - H."""
    return (
        operator_equal(
            "push through",
            _A * _WI * (_W + _AT * _A),
            (1 + _A * _WI * _AT) * _A,
            _RULES,
            "G = A^T A + W is the Gram matrix, the target's overlaps are A^T b (orthonormal "
            "coordinates <e_j, x>/sqrt(psi_j)); with H^-1 = I + A W^-1 A^T: A W^-1 G = H^-1 A",
            TARGET_IN_S,
        ),
        operator_equal(
            "strong part",
            _A * _GI * _AT - _H * _A * _WI * _AT,
            _H * (_HI * _A - _A * _WI * _GRAM) * _GI * _AT,
            _RULES,
            "the bracket is 0 (last step): A G^-1 A^T = H A W^-1 A^T",
        ),
        operator_equal(
            "Woodbury",
            _H * (_HI - 1),
            1 - _H,
            _RULES,
            "A W^-1 A^T = H^-1 - I: A G^-1 A^T = I - H, and P_S f_T = A w = A G^-1 A^T b = "
            "(I - H) b",
            s.NORMAL_EQUATIONS,
        ),
    )


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


def _block(symbol: Symbol, value: Expr) -> Fact:
    return gap(
        "H = (I + A W^-1 A^T)^-1 = I - A G^-1 A^T by Woodbury, G = A^T A + W, and in orthonormal "
        "coordinates A G^-1 A^T is P_S P_T on S: H = P_S (I - P_T) there",
        Eq(symbol, value, evaluate=False),
    )


@cache
def _blocks() -> tuple[Fact, Fact, Fact]:
    """L_TE = b^T H b, ||P_S f_T||^2 = ||H b||^2 + 1 - 2 L_TE and ||H b||^2 >= L_TE^2."""
    (none,), target, seen = given(TARGET_IN_S), v.TARGET, v.P_T * v.TARGET
    outside, projected = (1 - v.P_S) * target, defining(d.PROJECTED_TEACHER)
    none = none - defining(m.OUTSIDE_STRONG)

    def inside(vector: Expr) -> Fact:
        return nothing(vector, outside, none)

    kept, hat = v.P_S * target, v.P_S * (1 - v.P_T) * v.P_S
    _, signal = _teacher_norms()
    # <P_S f*, P_T P_S f*> = <f*, P_T f*> = <f*, f_T>
    shown = at_vector(projected, target) + inside(seen) + inside(v.P_T * kept) + signal
    square = at_vector(projected, STRONG) + at_vector(projected, v.P_S * seen)
    square = square + inside(v.P_T * v.P_S * seen) + inside(v.P_T * v.P_S * v.P_T * kept)
    known = {
        v.norm2(kept): inside(target) - unit(),
        v.norm2(v.P_T * kept): shown,
        v.norm2(v.P_S * v.P_T * kept): square,
    }
    form = _block(q.BLOCK_LOSS, v.inner(target, hat * target))
    norm = _block(q.BLOCK_SQUARE, v.norm2(hat * target))
    norm = substitute(norm, known)
    spread = substitute(cauchy_schwarz(target, hat * target), known | {q.TARGET_NORM2: unit()})
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
