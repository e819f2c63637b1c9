"""The master bound: three orthogonal parts of the student's error, each bounded, then summed."""

from __future__ import annotations

from functools import cache

from sympy import Expr, Integer, Symbol, exp, sqrt, symbols

from proofs.kernel import Fact, average, at_vector, both, definition, evident, given, monotone, square_norm
from proofs.lemmas import below_root, cauchy_schwarz, defining, product_of_norms, unit
from proofs.operators import nested, operator, operator_equal, projections
from proofs.proof import Proof as Facts
from proofs.steps import Step, combination, equal
from proofs.symbolic.alignment import aligned
from proofs.symbolic.lem_ls import orthogonal
from w2s_theory.ledger import definitions as d
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger import spaces as v
from w2s_theory.ledger.alignment import TARGET_IN_S
from w2s_theory.ledger.statement import Assumption, Statement

P_0, P_S = operator("P_0"), operator("P_S")
RULES = {**projections(P_0, P_S), **nested(P_0, P_S)}
_X, _Z, _C, _FS, _FO = symbols("x z c s s_out", real=True)
_A, _B, _Q, _O, _R, _E, _SO, _L = symbols("a b q o r e s_o L", real=True)


def master_steps(
    *, unit: Assumption = s.UNIT_TARGET, least_squares: Assumption = s.NORMAL_EQUATIONS
) -> tuple[Step, ...]:
    """Everything but the last line."""
    return (
        operator_equal(
            "three parts",
            P_0 * P_0 + (P_S - P_0) * (P_S - P_0) + (1 - P_S) * (1 - P_S),
            1 + 0 * P_0,
            RULES,
            "P_0, P_S - P_0 and I - P_S are projections that sum to I, so L_ST is the sum of three "
            "squared norms, and so is L_TE; f* lies in the first part",
            TARGET_IN_S,
        ),
        combination(
            "S_0: not yet learnt",
            (_Z**2 - _X**2) * _C**2,
            [(_Z - _X, _Z + _X, _C**2)],
            [
                (_Z - _X, "x = exp(-lambda t) <= z = exp(-lambda_0 t), for lambda >= lambda_0"),
                (_Z + _X, "exponentials are positive"),
                (q.TIME, s.TIME_NONNEGATIVE),
            ],
            "f_S - f_T = -x c in an eigenfunction of S_0; so b = ||P_0 (f_S - f_T)|| <= "
            "z ||P_0 f_T||",
        ),
        equal(
            "norm of the teacher",
            q.squared_distance(Integer(1), q.TEACHER_NORM2, q.TEACHER_NORM2),
            1 - q.TEACHER_NORM2,
            "L_TE = 1 - ||f_T||^2 for a least-squares teacher, so ||P_0 f_T||^2 <= 1 - L_TE",
            unit,
            least_squares,
        ),
        combination(
            "S without S_0: no overshoot",
            _C**2 - _FS**2 * _C**2,
            [(1 - _FS, 1 + _FS, _C**2)],
            [
                (1 - _FS, "1 - s = exp(-lambda t) > 0"),
                (1 + _FS, "s = 1 - exp(-lambda t) >= 0"),
                (q.TIME, s.TIME_NONNEGATIVE),
                (q.EIGENVALUE_MIN, s.EIGENVALUES_NONNEGATIVE),
            ],
            "there f* = 0: the student's part is no larger than the teacher's, whose square is q",
        ),
        combination(
            "outside S: leakage",
            _FO**2 * _C**2 - _FS**2 * _C**2,
            [(_FO - _FS, _FO + _FS, _C**2)],
            [
                (_FO - _FS, "lambda <= lambda_out and 1 - exp(-lambda t) increases with lambda"),
                (_FO + _FS, "both are nonnegative"),
                (q.TIME, s.TIME_NONNEGATIVE),
                (q.EIGENVALUE_MIN, s.EIGENVALUES_NONNEGATIVE),
            ],
            "there f* = 0 too: o <= s_out^2 ||(I - P_S)(f_T - f*)||^2 <= s_out^2 L_TE",
        ),
        combination(
            "sum",
            (_R + _E) ** 2 + _SO**2 * _L - ((_A + _B) ** 2 + _Q + _O),
            [
                (_R**2 - _A**2 - _Q,),
                (2, _R, _E - _B),
                (2, _B, _R - _A),
                (_E - _B, _E + _B),
                (_SO**2 * _L - _O,),
            ],
            [
                (_R**2 - _A**2 - _Q, "kappa-alignment: a^2 + q = ||P_S (f_T - f*)||^2 <= r^2"),
                (_R - _A, "the same, q >= 0"),
                (_R, "r = sqrt(kappa_S L_TE)"),
                (_B, "a norm"),
                (_E - _B, "b <= e = exp(-lambda_0 t) sqrt(1 - L_TE)"),
                (_E + _B, "both are nonnegative"),
                (_SO**2 * _L - _O, "leakage"),
            ],
            "triangle inequality on S_0: ||P_0 (f_S - f*)|| <= a + b, a = ||P_0 (f_T - f*)||",
        ),
    )


def _unseen(vector: Expr) -> Fact:
    """<u, f* - P_0 f*> = 0: the target lies in S_0."""
    outside = (1 - v.P_0) * v.TARGET
    (none,) = given(TARGET_IN_S)
    zero = none - defining(d.TARGET_OUTSIDE)  # ||f* - P_0 f*||^2 = 0
    product = v.inner(vector, outside)
    squares = cauchy_schwarz(vector, outside) - zero.times(v.norm2(vector))
    sides = (below_root(squares.states(-(product**2)), x, Integer(0)) for x in (product, -product))
    most, least = sides
    return both(least, most)


def _without_target(part: Expr, vector: Expr) -> Fact:
    """||part (u - f*)||^2 = ||part u||^2 for a part orthogonal to S_0."""
    shown = _unseen(part * v.TARGET) - _unseen(part * vector).times(2)
    return shown.states(v.norm2(part * (vector - v.TARGET)) - v.norm2(part * vector))


def _mean_at_most(meaning: d.Definition, measure: Symbol, at: Symbol, order: Fact, kept: int) -> Fact:
    """From order = top^2 - value^2 at each eigenvalue: top^2 ||part f_T||^2 - ||... f_T||^2 >= 0."""
    facts = definition(meaning)
    whole = order.gap.as_independent(at, as_Add=True)[0]
    return average(order, measure) + facts[0].times(whole) - facts[kept]


def prove_master_bound(statement: Statement) -> Facts:
    """Alignment on S, exponential decay on S_0, monotone filter elsewhere."""
    return Facts(statement, (_bound(),))


@cache
def _bound() -> Fact:
    ((time,), (positive,)) = given(s.TIME_NONNEGATIVE), given(s.EIGENVALUES_NONNEGATIVE)
    learnt, labels = v.FILTER * v.TEACHER, v.TEACHER
    between, outside = v.P_S - v.P_0, 1 - v.P_S
    loss, target = defining(d.TEACHER_LOSS), unit()
    error, part = v.TEACHER - v.TARGET, v.norm2
    low = square_norm(error) + loss  # L >= 0
    norm = loss + orthogonal().times(2) + target  # ||f_T||^2 = 1 - L
    norm = norm.states(q.TEACHER_NORM2 - (1 - q.L_TE))
    high = square_norm(v.TEACHER) - norm
    kappa = definition(d.ALIGNMENT)[0]

    # S_0: what is not learnt yet, e = exp(-lambda_0 t) sqrt(1 - L)
    slow, unfinished = exp(-q.LAMBDA_TARGET * q.TIME), (1 - v.FILTER) * v.P_0 * v.TEACHER
    least = definition(d.FLOW_WITHIN)[-1] * time
    decay = exp(-v.WITHIN_AT * q.TIME)
    faster = monotone("exp", least, -v.WITHIN_AT * q.TIME, -q.LAMBDA_TARGET * q.TIME)
    squares = monotone("square", faster, decay, slow, evident(decay))
    left = _mean_at_most(d.FLOW_WITHIN, v.WITHIN, v.WITHIN_AT, squares, 2)
    left = left + evident(slow**2) * square_norm((1 - v.P_0) * v.TEACHER) - norm.times(slow**2)
    late, early = sqrt(part(unfinished)), slow * sqrt(1 - q.L_TE)
    known = (square_norm(unfinished), low, high, kappa)
    rest = below_root(left.states(early**2 - late**2, *known), late, early, *known)

    # S: aligned(), as ||P_S (f_T - f*)||^2 is the sum of both parts
    missed = v.P_0 * error
    near, far = sqrt(part(missed)), sqrt(q.KAPPA * q.L_TE)
    known = (*known, square_norm(missed))
    inside = square_norm(between * error)
    reach = below_root((aligned() + inside).states(far**2 - near**2, *known), near, far, *known)

    # Beyond S_0 the target vanishes, and the filter only shrinks: q = ||(P_S - P_0) f_T||^2 ...
    flow, ranges = exp(-v.BETWEEN_AT * q.TIME), definition(d.FLOW_BETWEEN)[3:]
    passed = (ranges[0] + positive) * time
    falls = monotone("exp", passed, -v.BETWEEN_AT * q.TIME, Integer(0))
    below = (evident(flow) * (falls + evident(1))).states(1 - (1 - flow) ** 2)
    shrunk = _mean_at_most(d.FLOW_BETWEEN, v.BETWEEN, v.BETWEEN_AT, below, 1)
    shrunk = shrunk + _without_target(between, labels) - _without_target(between, learnt)

    # ... and outside S lets through at most 1 - exp(-lambda_out t) of it.
    leak, (least, most) = exp(-v.OUTSIDE_AT * q.TIME), definition(d.FLOW_OUTSIDE)[3:]
    slowest = exp(-q.LAMBDA_OUT * q.TIME)
    order = monotone("exp", most * time, -q.LAMBDA_OUT * q.TIME, -v.OUTSIDE_AT * q.TIME)
    passed = (least + positive) * time
    some = monotone("exp", passed, -v.OUTSIDE_AT * q.TIME, Integer(0))
    squares = monotone("square", order, 1 - leak, 1 - slowest, some)
    leaked = _mean_at_most(d.FLOW_OUTSIDE, v.OUTSIDE, v.OUTSIDE_AT, squares, 1)
    leaked = leaked + _without_target(outside, labels).times((1 - slowest) ** 2)
    leaked = leaked - _without_target(outside, learnt)
    leaked = leaked + evident((1 - slowest) ** 2) * square_norm(v.P_S * error)

    # ||P_0 (f_S - f*)|| <= near + late, then the sum of the three parts.
    known = (*known, square_norm(missed), evident(near, *known), evident(late, *known))
    cross = product_of_norms(-missed, unfinished)
    top = far**2 - near**2 - part(between * error)
    spare = aligned().states(top, *known)
    bound = (
        spare
        + 2 * evident(far, *known) * rest
        + 2 * evident(late, *known) * reach
        + rest * (rest + 2 * evident(late, *known))
        + 2 * cross
        + shrunk
        + leaked
        + loss.times((1 - slowest) ** 2)
    )
    filtered = definition(d.FILTERED)[0]
    student = at_vector(filtered, v.STUDENT) + at_vector(filtered, learnt)
    student = student - at_vector(filtered, v.TARGET).times(2)
    return bound - student - defining(d.STUDENT_LOSS)
