"""The named filters lie between 0 and 1; flows with two eigenvalues approach the floor."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from sympy import Add, Expr, Ge, Gt, Integer, Le, cos, exp, log, sin, sqrt, symbols

from proofs.calculus import tends, through
from proofs.kernel import (
    Fact,
    as_power,
    assume,
    both,
    cases,
    equal,
    evident,
    given,
    instantiate,
    monotone,
    power,
    tangent,
)
from proofs.lemmas import below_root, part, same_root, settle
from proofs.proof import Proof
from proofs.symbolic.thm_4_1 import above_parabola, angle_of_loss, nearest
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.rules import (
    FLOW_LOSS,
    LATE,
    NAMED_RULES,
    POSITIVE_EIGENVALUE,
    POSITIVE_STEP,
    POSITIVE_STEPS,
    SHORT_STEP,
    TURN,
    between,
    two_eigenvalues,
)
from w2s_theory.ledger.statement import Statement

L, N, THETA, PHI = q.L_TE, q.SLOWNESS, q.THETA, q.PHI
PLANE = symbols("a_1 a_2 b_1 b_2", real=True)


def _averaged(total: Fact, short: Fact, steps: Fact, small: Fact) -> Fact:
    """k x s >= 0, s the averaged filter: b^k >= 1 + k log b and log b >= 1 - 1/b for b = 1 - x."""
    b, k, gap = short.gap, q.STEPS, steps.gap * small.gap - short.gap * total.gap
    some, none = assume(Gt(b, 0)), assume(Le(b, 0))
    powers = tangent("exp", k * log(b), Integer(0), some)
    powers = powers.put(as_power(b, k, some), exp(k * log(b)), some)
    logs = tangent("exp", -log(b), Integer(0), some)
    shown = (some * (powers + steps * logs)).states(gap, some, steps)
    zero = both(short, none).times(total.gap, short, steps)
    return cases(shown, some, steps * small - zero, none)


def prove_lem_1_named(statement: Statement) -> Proof:
    """Each filter and its complement are nonnegative."""
    (lam,), (step,), (steps,) = map(given, (POSITIVE_EIGENVALUE, POSITIVE_STEP, POSITIVE_STEPS))
    (short,), (time,) = given(SHORT_STEP), given(s.TIME_NONNEGATIVE)
    small, passed = step * lam, time * lam
    decay = evident(exp(-passed.gap))
    flow = decay * monotone("exp", passed, -passed.gap, Integer(0))
    left = evident(short.gap**q.STEPS, short, steps)
    total = power(small, short.gap, Integer(1), q.STEPS, short, steps)
    averaged = _averaged(total, short, steps, small) * short * total
    above = (lam + step, steps * small)
    facts = (flow, lam * step / (above[0] * above[0]), left * total, averaged / above[1] / above[1])
    known = ((), (above[0],), (short, steps), (lam, step, short, steps))
    return Proof(
        statement,
        tuple(
            fact.states(between(rule.expr).lhs, *domain).named(rule.name, "times its complement")
            for fact, rule, domain in zip(facts, NAMED_RULES, known, strict=True)
        ),
    )


def _norm2(vector: Sequence[Expr]) -> Expr:
    return Add(*(x**2 for x in vector))


def _minus(first: Sequence[Expr], second: Sequence[Expr]) -> tuple[Expr, ...]:
    return tuple(x - y for x, y in zip(first, second, strict=True))


@cache
def _apart() -> Fact:
    """|a - b| - (|a| - |b|) >= 0 in the plane, a and b the symbols `PLANE`."""
    (x, y), (u, w) = a, b = PLANE[:2], PLANE[2:]
    squares = tuple(evident(_norm2(v)) for v in (a, b, _minus(a, b)))
    first, second, third = (sqrt(fact.gap) for fact in squares)
    cauchy = evident((x * w - y * u) ** 2).states(first**2 * second**2 - (x * u + y * w) ** 2)
    product = below_root(cauchy, x * u + y * w, first * second, *squares)
    closer = (2 * product).states(third**2 - (first - second) ** 2, *squares)
    return below_root(closer, first - second, third, *squares).named(
        "triangle inequality in the plane", "|a|^2 |b|^2 - <a, b>^2 is a square"
    )


def _distance(first: Sequence[Expr], second: Sequence[Expr]) -> Fact:
    return instantiate(_apart(), dict(zip(PLANE, (*first, *second), strict=True)))


@cache
def _flow() -> tuple[Fact, Fact]:
    """Both bounds for cos(theta) >= 0, N >= 1 and any phi.

    Coordinates: f_T turned by phi and what is across; f_S keeps 1 - 1/N of one and of the other s.
    """
    (late,), grows, long = given(LATE), evident(N), assume(Ge(cos(THETA), 0))
    logs = monotone("log", late, Integer(1), N) / grows
    leak, decay = monotone("exp", logs, -logs.gap, Integer(0)), evident(exp(-logs.gap))
    line = tangent("exp", -logs.gap, Integer(0))  # log(N)/N - s >= 0
    c, (x, y), slow = cos(THETA), (cos(PHI), sin(PHI)), 1 / N
    target, teacher = (cos(THETA - PHI), -sin(THETA - PHI)), (c * x, c * y)
    student = (c * x * (1 - slow), c * y * leak.gap)
    loss = evident(_norm2(_minus(student, target)))
    flow = FLOW_LOSS(THETA, PHI, N)

    # f_S lies in the ball of diameter [0, f_T], whose centre has the distance `far` to f*.
    centre = tuple(v / 2 for v in teacher)
    offset, away = (evident(_norm2(_minus(v, centre))) for v in (student, target))
    far, radius = evident(sin(THETA) ** 2 + c**2 / 4), c / 2
    kept = (late / grows).states(1 - slow) * evident(slow) * x**2 + leak * decay * y**2
    ball = (kept * c**2).states(radius**2 - offset.gap)
    inside = below_root(ball, sqrt(offset.gap), radius, long, offset)
    same_distance = same_root(equal(away.gap, far.gap), sqrt(away.gap), sqrt(far.gap), away, far)
    positive = below_root(evident(sin(THETA) ** 2), radius, sqrt(far.gap), far, long)
    nearest = _distance(_minus(target, centre), _minus(student, centre)) + inside + same_distance
    least = monotone("square", nearest, positive.gap, sqrt(loss.gap), positive, loss)

    # It is within `reach` of the nearest point of the ball, whose loss is `best`.
    missed = (-c * x * slow, c * y * leak.gap)
    reach, gone = evident(c * (logs.gap + slow), long, logs), evident(_norm2(missed))
    rest = logs * (2 * slow) + line * (logs + leak) * y**2 + evident((slow * y) ** 2)
    rest = (rest + evident((logs.gap * x) ** 2)) * c**2
    close = below_root(rest.states(reach.gap**2 - gone.gap), sqrt(gone.gap), reach.gap, gone, reach)
    best = evident(_norm2((c * x - target[0], target[1])))
    total = _distance(_minus(student, target), missed) + close  # |a - b| is `best`
    named = s.CHAIN_OBJECTIVE(Integer(1), THETA, PHI)
    square = equal(best.gap, named)
    same_best = same_root(square, sqrt(best.gap), sqrt(named), best, best - square)
    bound = sqrt(named) + reach.gap
    most = monotone("square", total - same_best, sqrt(loss.gap), bound, loss, reach, best - square)
    return least.states(flow - positive.gap**2), most.states(bound**2 - flow, best - square)


def prove_thm_4_1_sharp_flow(statement: Statement) -> Proof:
    """The triangle inequality, twice, at the angle of thm-4.1-sharp; the limit by continuity."""
    low, high = (part(s.LOSS_BELOW_ONE, words) for words in (L >= 0, L < 1))
    angle, domain = angle_of_loss(low, high)
    values = {THETA: angle, PHI: TURN.xreplace({THETA: angle})}
    long = evident(sqrt(1 - L), high)
    least, most = (settle(instantiate(f, values, *domain), long) for f in _flow())
    floor = above_parabola(low, high) + evident(s.quadratic(), low)
    floor = floor.states(s.SHRINKAGE_FLOOR.expr, *domain)
    named = s.CHAIN_OBJECTIVE(Integer(1), THETA, PHI).xreplace(values)
    known = (*domain, floor, (floor + nearest()).states(named, *domain))
    roots = sqrt(named), sqrt(floor.gap)
    same = same_root(nearest(), *roots, *known).states(roots[0] - roots[1], *known)
    most = most.put(same, roots[0], *known)
    fast, leak = symbols("u v", real=True)
    sequences = {fast: tends("reciprocal", N), leak: tends("logarithm", N)}
    curve = two_eigenvalues(1 - fast, 1 - exp(-leak)).xreplace(values)
    return Proof(statement, (least, most, through(curve, sequences, *domain)))
