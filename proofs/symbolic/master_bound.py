"""The master bound: three orthogonal parts of the student's error, each bounded, then summed."""

from __future__ import annotations

from functools import cache

from sympy import Expr, Integer, exp, sqrt

from proofs.kernel import (
    Fact,
    at_vector,
    average,
    definition,
    evident,
    given,
    monotone,
    square_norm,
)
from proofs.lemmas import below_root, defining, product_of_norms, short
from proofs.proof import Proof
from proofs.symbolic.alignment import aligned, unseen
from proofs.symbolic.lem_ls import orthogonal
from w2s_theory.ledger import definitions as d
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger import spaces as v
from w2s_theory.ledger.definition import Definition
from w2s_theory.ledger.statement import Statement


def without_target(part: Expr, vector: Expr) -> Fact:
    """||part (u - f*)||^2 = ||part u||^2 for a part orthogonal to S_0."""
    shown = unseen(part * v.TARGET) - unseen(part * vector).times(2)
    return shown.states(v.norm2(part * (vector - v.TARGET)) - v.norm2(part * vector))


def _mean_at_most(meaning: Definition, order: Fact, kept: int) -> Fact:
    """From top^2 - value^2 >= 0 at each eigenvalue: top^2 ||part f_T||^2 - ||... f_T||^2 >= 0.

    `kept` is the place of the norm on the right among the relations of the definition.
    """
    facts = definition(meaning)
    ((measure, (at,)),) = (m for m in v.FAMILIES.items() if order.gap.has(*m[1]))
    whole = order.gap.as_independent(at, as_Add=True)[0]
    return average(order, measure) + facts[0].times(whole) - facts[kept]


def prove_master_bound(statement: Statement) -> Proof:
    """Alignment on S, exponential decay on S_0, monotone filter elsewhere."""
    return Proof(statement, (master_bound(),))


def unit_loss() -> tuple[Fact, Fact, Fact]:
    """L_TE >= 0, 1 - L_TE >= 0 for a least-squares teacher as ||f*|| <= 1, kappa_S >= 0."""
    loss = defining(d.TEACHER_LOSS)
    low = square_norm(v.TEACHER - v.TARGET) + loss
    return low, square_norm(v.TEACHER) + _length(), definition(d.ALIGNMENT)[0]


def _length() -> Fact:
    """1 - L_TE - ||f_T||^2 >= 0."""
    return short() - defining(d.TEACHER_LOSS) - orthogonal().times(2)


@cache
def master_bound() -> Fact:
    """What is learnt in S, and outside it what leaks: at most 1 - exp(-lambda_out t) of it."""
    ((time,), (positive,)) = given(s.TIME_NONNEGATIVE), given(s.EIGENVALUES_NONNEGATIVE)
    outside = 1 - v.P_S
    leak, (least, most) = exp(-v.OUTSIDE_AT * q.TIME), definition(d.FLOW_OUTSIDE)[3:]
    slowest = exp(-q.LAMBDA_OUT * q.TIME)
    order = monotone("exp", most * time, -q.LAMBDA_OUT * q.TIME, -v.OUTSIDE_AT * q.TIME)
    passed = (least + positive) * time
    some = monotone("exp", passed, -v.OUTSIDE_AT * q.TIME, Integer(0))
    squares = monotone("square", order, 1 - leak, 1 - slowest, some)
    leaked = _mean_at_most(d.FLOW_OUTSIDE, squares, 1)
    leaked = leaked + without_target(outside, v.TEACHER).times((1 - slowest) ** 2)
    leaked = leaked - without_target(outside, v.FILTER * v.TEACHER)
    leaked = leaked + evident((1 - slowest) ** 2) * square_norm(v.P_S * (v.TEACHER - v.TARGET))
    return with_leak(leaked + defining(d.TEACHER_LOSS).times((1 - slowest) ** 2))


def with_leak(
    leaked: Fact, level: Expr = q.KAPPA, within: Fact | None = None, *known: Fact
) -> Fact:
    """The bound from x - ||(I - P_S)(f_S - f*)||^2 >= 0: on S_0, in S without S_0, outside: x.

    In S from level L_TE - ||P_S (f_T - f*)||^2 >= 0, `within`: that of kappa_S, or another.
    """
    within = within or aligned()
    ((time,), (positive,)) = given(s.TIME_NONNEGATIVE), given(s.EIGENVALUES_NONNEGATIVE)
    learnt, labels = v.FILTER * v.TEACHER, v.TEACHER
    between = v.P_S - v.P_0
    error, part = v.TEACHER - v.TARGET, v.norm2
    low, high, kappa = unit_loss()

    # S_0: what is not learnt yet, e = exp(-lambda_0 t) sqrt(1 - L)
    slow, unfinished = exp(-q.LAMBDA_TARGET * q.TIME), (1 - v.FILTER) * v.P_0 * v.TEACHER
    least = definition(d.FLOW_WITHIN)[-1] * time
    decay = exp(-v.WITHIN_AT * q.TIME)
    faster = monotone("exp", least, -v.WITHIN_AT * q.TIME, -q.LAMBDA_TARGET * q.TIME)
    squares = monotone("square", faster, decay, slow, evident(decay))
    left = _mean_at_most(d.FLOW_WITHIN, squares, 2)
    left = left + evident(slow**2) * (square_norm((1 - v.P_0) * v.TEACHER) + _length())
    late, early = sqrt(part(unfinished)), slow * sqrt(1 - q.L_TE)
    known = (*known, square_norm(unfinished), low, high, kappa)
    rest = below_root(left.states(early**2 - late**2, *known), late, early, *known)

    # S: as ||P_S (f_T - f*)||^2 is the sum of both parts
    missed = v.P_0 * error
    near, far = sqrt(part(missed)), sqrt(level * q.L_TE)
    known = (*known, square_norm(missed))
    inside = square_norm(between * error)
    reach = below_root((within + inside).states(far**2 - near**2, *known), near, far, *known)

    # In S beyond S_0 the target vanishes, and the filter only shrinks.
    flow, ranges = exp(-v.BETWEEN_AT * q.TIME), definition(d.FLOW_BETWEEN)[3:]
    passed = (ranges[0] + positive) * time
    falls = monotone("exp", passed, -v.BETWEEN_AT * q.TIME, Integer(0))
    below = (evident(flow) * (falls + evident(1))).states(1 - (1 - flow) ** 2)
    shrunk = _mean_at_most(d.FLOW_BETWEEN, below, 1)
    shrunk = shrunk + without_target(between, labels) - without_target(between, learnt)

    # ||P_0 (f_S - f*)|| <= near + late, then the sum of the three parts.
    known = (*known, square_norm(missed), evident(near, *known), evident(late, *known))
    cross = product_of_norms(-missed, unfinished)
    top = far**2 - near**2 - part(between * error)
    spare = within.states(top, *known)
    bound = (
        spare
        + 2 * evident(far, *known) * rest
        + 2 * evident(late, *known) * reach
        + rest * (rest + 2 * evident(late, *known))
        + 2 * cross
        + shrunk
        + leaked
    )
    filtered = definition(d.FILTERED)[0]
    student = at_vector(filtered, v.STUDENT) + at_vector(filtered, learnt)
    student = student - at_vector(filtered, v.TARGET).times(2)
    return bound - student - defining(d.STUDENT_LOSS)
