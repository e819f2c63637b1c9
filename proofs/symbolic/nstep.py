"""The n-step limit: the bound, its two ends, and the rotating chain that attains it."""

from __future__ import annotations

from functools import cache

from sympy import Expr, Ge, Integer, Le, Lt, Rational, acos, asin, cos, pi, sin, sqrt, symbols

from proofs import chains
from proofs.angles import (
    BASE,
    HALF,
    LAST,
    QUARTER_TURN,
    R_0,
    TURN,
    TURNS,
    X,
    Y,
    Z,
    at_most_one,
    bernoulli,
    cosine,
    equal_turns,
    extreme_teacher,
    parabola,
    within,
)
from proofs.kernel import (
    Fact,
    assume,
    attained,
    below,
    both,
    cases,
    definition,
    equal,
    evident,
    given,
    instantiate,
    inverse,
    monotone,
    power,
    square_norm,
)
from proofs.lemmas import (
    below_root,
    defining,
    over,
    part,
    same_root,
    settle,
    substitute,
    teacher_loss,
    triangle,
    unit,
)
from proofs.proof import Proof
from proofs.symbolic.thm_4_1 import angle_of_loss
from w2s_theory.ledger import definitions as d
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger import spaces as v
from w2s_theory.ledger.chains import ROTATION
from w2s_theory.ledger.infimum import Infimum
from w2s_theory.ledger.statement import Statement

N, THETA, PHI, L = q.CHAIN, q.THETA, q.PHI, q.L_TE
C, LONGEST = cos(THETA), cos(THETA) * cos(PHI) ** N
RIGHT = within(THETA, QUARTER_TURN)
TURNED = within(PHI, THETA / N)
SHARE = N * PHI / (N + 1)


def _angle_bounds(low: Fact, high: Fact) -> tuple[Fact, Fact]:
    """asin(sqrt(L)) lies in [0, pi/2]."""
    _, (*domain, below_one, _) = angle_of_loss(low, high)
    rises = monotone("asin", evident(sqrt(L), low), Integer(0), sqrt(L), below_one, *domain)
    above = evident(1 + sqrt(L), low)
    return rises, monotone("asin", below_one, sqrt(L), Integer(1), above, *domain)


def _at_loss(fact: Fact, low: Fact, high: Fact) -> Fact:
    """theta = asin(sqrt(L))."""
    angle, domain = angle_of_loss(low, high)
    return settle(instantiate(fact, {THETA: angle}, *domain), *_angle_bounds(low, high))


def _turn() -> tuple[Fact, ...]:
    """phi <= pi/2, theta - n phi >= 0, cos(theta) >= 0, and of R, its value after n + 1 turns,

    cos(theta) and cos(theta - n phi) the differences, each >= 0, in this order.
    """
    (low, high), (theta, room) = TURNED, RIGHT
    rest = (N * high).states(THETA - N * PHI)
    inside = high + (evident((N - 1) / N) * theta).states(THETA - THETA / N) + room
    longer = settle(
        instantiate(equal_turns(), {TURN: PHI, LAST: Integer(0), TURNS: N}), low, inside
    )
    count = evident(N + 1)
    less = ((rest + room + evident(N * QUARTER_TURN)) / count).states(QUARTER_TURN - SHARE, count)
    turned = ((N * low) / count).states(SHARE, count)
    shrinks = power(
        at_most_one(SHARE, turned, less), cos(SHARE), Integer(1), N + 1, cosine(SHARE, turned, less)
    )
    longest = cosine(THETA, *RIGHT)
    ahead = monotone("cos", N * low, THETA - N * PHI, THETA, rest, room + evident(QUARTER_TURN))
    return inside, rest, longest, longest * longer, longest * shrinks, ahead


def _falling(minimum: Infimum, following: Infimum) -> Fact:
    """The same total turn in n + 1 steps leaves a longer student, nearer to the target."""
    (low, _), (theta, _) = TURNED, RIGHT
    _, rest, _, grown, spare, ahead = _turn()
    gained = grown * (2 * ahead + 2 * spare + grown)
    count = evident(N + 1)
    point = ((N * low) / count).states(SHARE, count)
    end = (rest / count).states(THETA / (N + 1) - SHARE, count)
    other = attained(following, SHARE, point, end, theta)
    value = following.objective.xreplace({PHI: SHARE})
    gap = gained.states(minimum.objective - value)
    return below((gap + other).states(minimum.objective - following, theta, count), minimum, theta)


def _shorter() -> Fact:
    """cos(theta) - R >= 0."""
    _, _, _, grown, spare, _ = _turn()
    return grown + spare


def _above_bounded(minimum: Infimum) -> Fact:
    """1 - 2 R cos(B) + R^2 >= (1 - R)^2 >= (1 - cos(theta))^2."""
    (low, _), (theta, room) = TURNED, RIGHT
    inside, rest, longest, _, _, _ = _turn()
    near = at_most_one(THETA - N * PHI, rest, N * low + room)
    length = evident(LONGEST, longest, cosine(PHI, low, inside))
    shorter, one = _shorter(), at_most_one(THETA, *RIGHT)
    gap = 2 * length * near + shorter * (2 * one + shorter)
    return below(gap.states(minimum.objective - (1 - C) ** 2), minimum, theta)


def _rate(minimum: Infimum) -> Fact:
    """phi = theta/n is allowed, and cos(theta/n)^n >= 1 - theta^2/(2 n) by Bernoulli."""
    theta, room = RIGHT
    part, count = THETA / N, evident(N)
    small = (theta / count).states(part)
    inside = (evident((N - 1) / N) * theta).states(THETA - part) + room
    step = cosine(part, small, inside)
    whole = settle(instantiate(bernoulli(), {BASE: cos(part), TURNS: N}, step), step)
    length = whole + N * parabola(part, small, inside)
    gained = cosine(THETA, *RIGHT) * length
    shorter = settle(instantiate(_shorter(), {PHI: part}), small) + at_most_one(THETA, *RIGHT)
    gap: Fact = gained * (2 * shorter + gained)
    return gap + attained(minimum, part, small, evident(0), theta)


def _one_step(minimum: Infimum, low: Fact, high: Fact) -> Fact:
    """Amplitude of a cosine from below; the angle with tan(2 phi) = 2 tan(theta) attains it."""
    sine, theta = sin(THETA), RIGHT[0]
    doubled = 1 - C**2 / 2 - C**2 * cos(2 * PHI) / 2 - C * sine * sin(2 * PHI)
    wave, amplitude = 1 - C**2 / 2 - doubled, C * sqrt(C**2 + 4 * sine**2) / 2
    across = evident((C**2 * sin(2 * PHI) / 2 - C * sine * cos(2 * PHI)) ** 2)
    size = cosine(THETA, *RIGHT)
    highest = below_root(across.states(amplitude**2 - wave**2), wave, amplitude, size)
    least = (highest + equal(minimum.objective, doubled)).states(
        minimum.objective - (1 - C**2 / 2 - amplitude), size
    )
    return _at_loss(below(least, minimum, theta), low, high)


def _one_step_attained(minimum: Infimum, low: Fact, high: Fact) -> Fact:
    """phi = asin(sqrt((1 - r)/2)) with r = cos(2 phi) = sqrt(1 - L)/sqrt(1 + 3 L)."""
    angle, domain = angle_of_loss(low, high)
    more, below_one = evident(1 + 3 * L, low), domain[2]
    turned = sqrt(1 - L) / sqrt(1 + 3 * L)
    ratio = evident(turned, high, more)
    known = (*domain, more, ratio)
    flat = (4 * low / more).states(1 - turned**2, *known)
    room = HALF * below_root(flat, turned, Integer(1), ratio, *known)
    early = assume(Ge(1 - 2 * L, 0, evaluate=False))
    wide = 4 * L**2 * (Rational(3, 2) * early + evident(HALF)) / more
    reach = below_root(
        wide.states(turned**2 - (1 - 2 * L) ** 2, *known), 1 - 2 * L, turned, ratio, *known
    )
    sine, cosine_ = sqrt((1 - turned) / 2), sqrt((1 + turned) / 2)
    order = monotone("root", HALF * reach, sine**2, L, room, *known)
    known = (*known, room, order + below_one, evident(sine, room, *known))
    end = monotone("asin", order, sine, sqrt(L), evident(1 + sine, *known), *known)
    start = monotone("asin", known[-1], Integer(0), sine, *known)
    generic = 1 - C**2 * cos(PHI) ** 2 - 2 * C * sin(THETA) * sin(PHI) * cos(PHI)
    at = {THETA: angle, PHI: asin(sine)}
    value = instantiate(equal(minimum.objective, generic), at, evident(1 + sine, *known), *known)
    product = sqrt(L) / sqrt(1 + 3 * L)
    halves = same_root(
        equal(product**2, (sine * cosine_) ** 2, *known), product, sine * cosine_, *known
    )
    scale = 2 * sqrt(1 - L) * sqrt(L)
    reached = 1 - (1 - L) * (1 + turned) / 2 - scale * product
    bounds = (start, end, _angle_bounds(low, high)[0])
    attains = attained(minimum.xreplace({THETA: angle}), asin(sine), *bounds, *known)
    floor = equal(reached, s.SHRINKAGE_FLOOR.expr, *known)
    return attains - value - halves.times(scale, *known) - floor


def prove_nstep_ends(statement: Statement) -> Proof:
    """n = 1 by the amplitude; monotone by smaller turns; the limit by Bernoulli."""
    floors = dict(statement.where)
    floor, following = floors[q.FLOOR_N], floors[q.FLOOR_NEXT]
    low, high = part(s.LOSS_IN_UNIT, Ge(L, 0)), part(s.LOSS_IN_UNIT, Le(L, 1))
    one = floors[q.FLOOR_ONE]
    gap = one.xreplace({THETA: asin(sqrt(L))}) - s.SHRINKAGE_FLOOR.expr
    ends = angle_of_loss(low, high)[1]
    least = _one_step(one, low, high).states(gap, *ends, *_angle_bounds(low, high))
    most = _one_step_attained(one, low, high).states(-gap, *ends, *_angle_bounds(low, high))
    facts = (_falling(floor, following), _above_bounded(floor), _rate(floor))
    return Proof(statement, (both(least, most), *(_at_loss(fact, low, high) for fact in facts)))


_LENGTH, _AWAY = symbols("length away", real=True)  # of the last student, its angle to the target


def _nearest(minimum: Infimum) -> Fact:
    """||f_n - f*||^2 is at least the minimum, if f_n has turned by x, and the teacher is at y.

    Up to x = y the best turn of least squares, at angle z, reaches a point as long on the same ray;
    beyond, nothing is better than x = y.
    """
    floor = minimum.xreplace({THETA: Z})
    start, long = assume(Ge(R_0, 0)), assume(Ge(R_0 * cos(X / N) ** N - _LENGTH, 0))
    length, turned = assume(Ge(_LENGTH, 0)), assume(Ge(X, 0))
    labels, away = assume(Ge(Y, 0)), within(_AWAY, pi)
    apart, right, most = (
        assume(Ge(Z - Y, 0)),
        assume(Lt(Z, QUARTER_TURN)),
        assume(Ge(N * QUARTER_TURN - X, 0)),
    )
    reach = assume(Ge(X + _AWAY - Y, 0))
    right_angle = (apart + labels, right)
    count, one = evident(N), evident(2 * sin(_AWAY / 2) ** 2)
    one = one.states(1 - cos(_AWAY))

    def finish(turn: Expr, low: Fact, rest: Fact, longest: Fact, seen: Fact) -> Fact:
        phi = (turn + Z - Y) / N
        small = ((low + apart) / count).states(phi)
        end = (rest / count).states(Z / N - phi)
        extreme = instantiate(extreme_teacher(), {TURNS: N, X: turn})
        longer = settle(extreme, low, right, apart, rest) + longest  # R - r
        shorter = settle(instantiate(_shorter(), {PHI: phi, THETA: Z}), small, end, *right_angle)
        ahead = monotone("cos", apart + low, Y - turn, Z, rest, right + evident(QUARTER_TURN))
        gain = 2 * length * seen + longer * (2 * ahead + 2 * shorter + longer)
        value = floor.objective.xreplace({PHI: phi})
        loss = 1 - 2 * _LENGTH * cos(_AWAY) + _LENGTH**2
        best = attained(floor, phi, small, end, right_angle[0])
        return (gain.states(loss - value) + best).states(loss - floor, right_angle[0])

    before, beyond = assume(Ge(Y - X, 0)), assume(Le(Y - X, 0))
    seen = monotone("cos", reach, Y - X, _AWAY, before, away[1])
    least = (beyond / count).states((X - Y) / N)
    part = (labels / count).states(Y / N)
    room = (most / count).states(QUARTER_TURN - X / N)
    cosines = monotone("cos", least, Y / N, X / N, part, room + evident(QUARTER_TURN))
    positive = cosine(X / N, (turned / count).states(X / N), room)
    powers = power(cosines, cos(X / N), cos(Y / N), N, positive)
    short = long + start * powers
    return cases(
        finish(X, turned, before, long, seen),
        before,
        finish(Y, labels, evident(0), short, one),
        beyond,
    )


def _turned_chain(minimum: Infimum) -> Fact:
    """The limit for a chain that does not end at 0."""
    low, norm = teacher_loss()
    student = assume(chains.NONZERO)
    teacher = chains.positive(Integer(0), evident(N))
    high, one = norm + teacher, unit()
    norms = (teacher, student, (one + evident(1)).states(q.TARGET_NORM2))
    theta, domain = angle_of_loss(low, high)
    bounds = _angle_bounds(low, high)
    sides = ((v.TEACHER, v.STUDENT), (v.TARGET, v.TEACHER), (v.TARGET, v.STUDENT))
    turned, labels, away = (chains.angle(*pair, *norms).put(one) for pair in sides)
    rho, length = (evident(chains.length(f), *norms) for f in (v.TEACHER, v.STUDENT))
    loss = defining(d.TEACHER_LOSS) + one
    # <f_T, f*> - ||f_T|| cos(theta) = (||f_T|| - cos(theta))^2/2
    excess = evident((rho.gap - sqrt(1 - L)) ** 2, teacher, high) + loss
    wider = over(excess, 2 * rho, labels.cosine - sqrt(1 - L), teacher, high)
    ends = (labels.below, evident(1 + sqrt(1 - L), high), teacher, high)
    angles = monotone("acos", wider, sqrt(1 - L), labels.cosine, *ends)
    back = inverse("cos", theta, *bounds, bounds[1] + evident(QUARTER_TURN), *domain)
    values = {R_0: rho.gap, X: acos(turned.cosine), Y: acos(labels.cosine), Z: theta}
    values |= {_LENGTH: length.gap, _AWAY: acos(away.cosine)}
    known = (*norms, *domain, *turned.known, *labels.known, *away.known)
    limit = settle(
        instantiate(_nearest(minimum), values, *known),
        *(rho, length, turned.nonnegative, labels.nonnegative, away.obtuse, bounds[1]),
        HALF * norm - loss.times(HALF),
        angles - back,
        chains.turning(),
        chains.turned_at_most(N - 1, evident(0)),
        chains.triangle(v.TARGET, v.STUDENT, v.TEACHER, *norms).put(one, q.TARGET_NORM2),
    )
    return limit + defining(d.STUDENT_LOSS) + one


def _student_is_zero(minimum: Infimum) -> Fact:
    """f_n = 0 has the loss 1, and phi = 0 reaches L_TE <= 1."""
    low, norm = teacher_loss()
    high = norm + square_norm(v.TEACHER)
    zero = both(square_norm(v.STUDENT), assume(Le(q.STUDENT_NORM2, 0)))
    reached = square_norm(v.TARGET - v.STUDENT)
    far = triangle(v.TARGET, v.STUDENT).put(unit(), q.TARGET_NORM2).put(zero, q.STUDENT_NORM2)
    reached = reached.put(unit(), q.TARGET_NORM2).put(zero, q.STUDENT_NORM2)
    square = monotone("square", far, Integer(1), sqrt(reached.gap), reached)
    loss = defining(d.STUDENT_LOSS) + unit() + zero
    rises, _ = _angle_bounds(low, high)
    angle, domain = angle_of_loss(low, high)
    floor = minimum.xreplace({THETA: angle})
    end = (rises / evident(N)).states(angle / N, *domain)
    start = attained(floor, Integer(0), evident(0), end, rises, *domain)
    return square + loss + high + start


@cache
def limit() -> Fact:
    """L_ST is at least the minimum, whether the chain ends at 0 or not."""
    minimum = s.CHAIN_FLOOR.expr
    some, none = assume(chains.NONZERO), assume(Le(q.STUDENT_NORM2, 0))
    return cases(_turned_chain(minimum), some, _student_is_zero(minimum), none)


def prove_nstep(statement: Statement) -> Proof:
    """Turning costs length; then the distance to the target along the best turn."""
    return Proof(statement, (limit(),))


def prove_nstep_sharp(statement: Statement) -> Proof:
    """f_i = cos(theta) cos(phi)^i at angle theta - i phi: each link is on the ball's boundary."""
    target, complement, rotation = ROTATION
    (one,), (norm,), (turned,), (rotated,) = (
        *map(given, (target, complement, rotation)),
        definition(d.ROTATED),
    )
    high = square_norm(v.TEACHER).put(norm, q.TEACHER_NORM2)
    low = square_norm(v.TEACHER - v.TARGET) + defining(d.TEACHER_LOSS)
    domain = (*angle_of_loss(low, high)[1], square_norm(v.TEACHER))
    overlap = instantiate(rotated, {d.INDEX: N})
    known = {q.TARGET_NORM2: one, q.STUDENT_TARGET: overlap, q.STUDENT_NORM2: turned}
    loss = substitute(defining(d.STUDENT_LOSS), known | {q.TEACHER_NORM2: norm}, *domain)
    smallest, inside = definition(d.SMALLEST_LINK)
    length, turn = (
        settle(instantiate(fact, {d.INDEX: d.LINK}), inside) for fact in definition(d.ROTATED_LINK)
    )
    return Proof(statement, (loss, (smallest + turn - length).named("links", "each is 0")))
