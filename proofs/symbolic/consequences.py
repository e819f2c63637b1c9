"""Consequences of Theorem 4.1 for one run: distance from f* to the ball that the student is in."""

from __future__ import annotations

from functools import cache

from sympy import Expr, Ge, Integer, Le, Lt, Max, Rational, sqrt

from proofs.kernel import (
    Fact,
    assume,
    average,
    cases,
    definition,
    discharge,
    equal,
    evident,
    given,
    larger,
    monotone,
    square_norm,
)
from proofs.lemmas import below_root, defining, over, part, same_root, teacher_loss, triangle, unit
from proofs.proof import Proof
from proofs.symbolic.cor_2 import norms_fall
from proofs.symbolic.thm_4_1 import shrinkage_limit
from proofs.symbolic.thm_4_2 import bounded_limit
from w2s_theory.ledger import consequences as c
from w2s_theory.ledger import definitions as d
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import run_definitions as r
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger import section7 as z
from w2s_theory.ledger import spaces as v
from w2s_theory.ledger.statement import Statement

L, N, W = q.L_TE, q.TEACHER_NORM2, q.WEAK_SHARE
HALF, QUARTER = Rational(1, 2), Rational(1, 4)

# --- the distance to a ball ---------------------------------------------------------------------


def outside(far: Expr, near: Expr, order: Fact, *domain: Fact) -> Fact:
    """From far - near >= 0 (> 0): Max(0, sqrt(far) - sqrt(near)) is the difference."""
    room = sqrt(far) - sqrt(near)
    return larger(Max(0, room), room, monotone("root", order, near, far, *domain), *domain)


def inside(far: Expr, near: Expr, order: Fact, *domain: Fact) -> Fact:
    """From near - far >= 0: it is 0."""
    room = sqrt(far) - sqrt(near)
    return larger(Max(0, room), Integer(0), monotone("root", order, far, near, *domain), *domain)


def ball_limit(
    centre: Expr, far: Expr, near: Expr, away: Fact, within: Fact, *domain: Fact
) -> Fact:
    """L_ST - Max(0, sqrt(far) - sqrt(near))^2/4 >= 0, `centre` twice that of the ball.

    `away`: ||2 f* - centre||^2 - far >= 0, `within`: near - ||2 f_S - centre||^2 >= 0.
    """
    to_target, to_student = 2 * v.TARGET - centre, 2 * v.STUDENT - centre
    ends = (*domain, square_norm(to_target), square_norm(to_student))
    longer = monotone("root", away, far, v.norm2(to_target), *ends)
    shorter = monotone("root", within, v.norm2(to_student), near, *ends)
    reached, room = square_norm(2 * v.TARGET - 2 * v.STUDENT), sqrt(far) - sqrt(near)
    distance = (triangle(to_target, to_student) + longer + shorter).named(
        "distance", "2 ||f_S - f*|| >= ||2 f* - c|| - ||2 f_S - c||, c twice the centre of the ball"
    )
    beyond, under = (assume(kind(room, 0, evaluate=False)) for kind in (Ge, Le))
    square = monotone("square", distance, room, sqrt(reached.gap), beyond, reached, *ends)
    loss, most = defining(d.STUDENT_LOSS), Max(0, room)
    chosen = larger(most, room, beyond, *ends)
    clear = QUARTER * square + loss - chosen.times((most + room) / 4, *ends)
    nothing = larger(most, Integer(0), under, *ends)
    hit = QUARTER * reached + loss - nothing.times(most / 4, *ends)
    gap = q.L_ST - most**2 / 4
    return cases(clear.states(gap, *ends), beyond, hit.states(gap, *ends), under)


def ends(far: Expr, near: Expr, holds: Fact, clear: Fact, *domain: Fact) -> tuple[Fact, Fact]:
    """From near - far >= 0 the floor is 0, from far - near > 0 it is positive."""
    zero = inside(far, near, holds.states(near - far), *domain)
    apart = clear.states(far - near)
    room, chosen = (monotone("root", apart, near, far, *domain), outside(far, near, apart, *domain))
    most = Max(0, room.gap)
    positive = QUARTER * room * room + chosen.times((most + room.gap) / 4, *domain)
    return zero.times(most / 4, *domain), positive


# --- thm-4.1-instance ---------------------------------------------------------------------------


@cache
def instance_ball() -> tuple[Expr, Expr, Fact, Fact]:
    """far, near, and both >= 0."""
    at = (L, Integer(1), N, q.SLACK)
    far, near = z.BALL_FAR(*at), z.BALL_NEAR(*at)
    (nearly,) = given(c.NEARLY_SHRINKS)
    wide = (square_norm(2 * v.STUDENT - v.TEACHER) + 4 * nearly).states(near)
    return far, near, (square_norm(2 * v.TARGET - v.TEACHER) - from_target()).states(far), wide


def from_target() -> Fact:
    """||2 f* - f_T||^2 - (2 + 2 L_TE - ||f_T||^2) = 0."""
    return (unit().times(2) - defining(d.TEACHER_LOSS).times(2)).states(
        v.norm2(2 * v.TARGET - v.TEACHER) - (2 + 2 * L - N)
    )


@cache
def instance_limit() -> Fact:
    """L_ST is at least the instance floor."""
    far, near, *domain = instance_ball()
    (nearly,) = given(c.NEARLY_SHRINKS)
    within = (4 * nearly).states(near - v.norm2(2 * v.STUDENT - v.TEACHER))
    return ball_limit(v.TEACHER, far, near, from_target(), within, *domain)


def prove_thm_4_1_instance(statement: Statement) -> Proof:
    """The ball; where it holds f*; and how its distance falls with the teacher's length."""
    far, near, *domain = instance_ball()
    holds, clear = assume(Ge(*c.INSIDE)), assume(Lt(*c.INSIDE))
    zero, positive = ends(far, near, 2 * holds, 2 * clear, *domain)
    return Proof(statement, (instance_limit(), zero, positive, above_theorem()))


def above_theorem() -> Fact:
    """For ||f_T||^2 <= 1 - L_TE and no slack: it is at least Theorem 4.1's floor."""
    far, norm, short = instance_ball()[0], square_norm(v.TEACHER), assume(c.SHORT)
    low = square_norm(v.TEACHER - v.TARGET) + defining(d.TEACHER_LOSS)
    high, wide = (short + norm).states(1 - L), evident(1 + 3 * L, low)
    away = (square_norm(2 * v.TARGET - v.TEACHER) - from_target()).states(far)
    domain = (norm, high, wide, away)
    longer = monotone("root", short.states(far - (1 + 3 * L)), 1 + 3 * L, far, *domain)
    shorter = monotone("root", short, N, 1 - L, *domain)
    least, room = sqrt(1 + 3 * L) - sqrt(1 - L), sqrt(far) - sqrt(N)
    positive = monotone("root", 4 * low, 1 - L, 1 + 3 * L, *domain)
    further = (longer + shorter).states(room - least, *domain)
    order = (further + positive).states(room, *domain)
    chosen, most = larger(Max(0, room), room, order, *domain), Max(0, room)
    squares = monotone("square", further, least, room, positive, *domain)
    gap = QUARTER * squares + chosen.times((most + room) / 4, *domain)
    clause = z.INSTANCE_FLOOR(L, N, Integer(0)) - s.SHRINKAGE_FLOOR.expr
    above: Fact = gap.states(clause, *domain, wide * high)
    return above


# --- pretrained ---------------------------------------------------------------------------------


def prove_pretrained(statement: Statement) -> Proof:
    """The same with the ball whose diameter runs from f_0 to f_T, by the parallelogram identity."""
    far, near = z.BALL_FAR.expr, z.BALL_NEAR.expr
    (nearly,) = given(c.START_SHRINKS)
    loss, start, distance = map(defining, (d.TEACHER_LOSS, r.START_LOSS, r.START_DISTANCE))
    centre = v.TEACHER + v.START
    away = (distance - loss.times(2) - start.times(2)).states(v.norm2(2 * v.TARGET - centre) - far)
    moved = nearly - defining(r.START_GAP)
    within = (4 * moved + distance).states(near - v.norm2(2 * v.STUDENT - centre))
    wide = (square_norm(2 * v.STUDENT - centre) + within).states(near)
    domain = ((square_norm(2 * v.TARGET - centre) - away).states(far), wide)
    limit = ball_limit(centre, far, near, away, within, *domain)
    holds, clear = assume(Ge(*c.OBTUSE)), assume(Lt(*c.OBTUSE))
    return Proof(statement, (limit, *ends(far, near, 2 * holds, 2 * clear, *domain)))


def prove_pretrained_filters(statement: Statement) -> Proof:
    """Each eigenfunction contributes s (1 - s)."""
    above, below = definition(d.FILTER_RANGE)
    ((low,), (high,)) = given(s.FILTER_NONNEGATIVE), given(s.FILTER_AT_MOST_ONE)
    term = average((above + low) * (below + high), v.SPECTRUM)
    return Proof(statement, (term + defining(r.STARTED_STUDENT),))


# --- pgr-ceiling, no-boost ----------------------------------------------------------------------


def prove_pgr_ceiling(statement: Statement) -> Proof:
    """Theorem 4.1, divided by the gap or by L_TE, both positive."""
    limit, parabola = shrinkage_limit()
    perfect = part(c.CEILING_BELOW, Ge(q.CEILING, 0))
    gap = part(c.CEILING_BELOW, Lt(q.CEILING, L))
    low, norm = teacher_loss()
    domain = (gap, gap + perfect, evident(1 + 3 * L, low) * (norm + square_norm(v.TEACHER)))
    recovered = dict(statement.where)[q.PGR]
    beaten = assume(Lt(q.L_ST, q.CEILING))
    return Proof(
        statement,
        (
            over(limit, gap, z.PGR_CEILING.expr - recovered, *domain),
            over(
                parabola,
                domain[1],
                1 - s.QUADRATIC_CONSTANT * L - z.PGR_CEILING(L, Integer(0)),
                *domain,
            ),
            over(beaten, gap, recovered - 1, gap),
        ),
    )


def prove_no_boost(statement: Statement) -> Proof:
    """Theorem 4.1 and Corollary 2 in terms of e = 1 - L_TE, and 4 - 3 e <= 4 under the root."""
    low, norm = teacher_loss()
    high = norm + square_norm(v.TEACHER)
    ends = evident(1 + 3 * L, low) * high
    one = shrinkage_limit()[0].states(z.NO_BOOST(1 - L) - (1 - q.L_ST), ends, high)
    root = sqrt((1 - L) * (1 + 3 * L)) / 2
    squares = (Rational(3, 4) * high * high).states(sqrt(1 - L) ** 2 - root**2, high, ends)
    rough = below_root(squares, root, sqrt(1 - L), high, ends).states(
        z.NO_BOOST_ROOT(1 - L) - z.NO_BOOST(1 - L), high, ends
    )
    chain = discharge(bounded_limit()[0], s.BOUNDED_STUDENT, norms_fall())
    last = chain.states(z.NO_BOOST_CHAIN(1 - L) - (1 - q.L_ST), high)
    return Proof(statement, (one, rough, last))


# --- gold-labels --------------------------------------------------------------------------------


def prove_gold_labels(statement: Statement) -> Proof:
    """The ball of the labels; two perfect squares; the roots' sum is largest without gold."""
    low, norm = teacher_loss()
    high = norm + square_norm(v.TEACHER)
    some, most = part(c.WEAK_IN_UNIT, Ge(W, 0)), part(c.WEAK_IN_UNIT, Le(W, 1))
    far, near = z.GOLD_FAR.expr, z.GOLD_NEAR.expr
    long = evident(1 + L * W * (2 + W), low, some).states(far)
    domain = (low, high, some, most, long, (high + low * evident((1 - W) ** 2)).states(near))
    return Proof(
        statement,
        (
            _label_ball(far, near, norm, *domain),
            _gold_parabola(*domain),
            _gold_share(*domain),
            _gold_touch(some, most),
        ),
    )


def _label_ball(far: Expr, near: Expr, norm: Fact, *domain: Fact) -> Fact:
    """The ball with diameter from 0 to the labels q f_T + (1 - q) f*."""
    labels, some = W * v.TEACHER + (1 - W) * v.TARGET, domain[2]
    (shrinks,) = given(c.LABELS_SHRINK)
    spare = some * norm  # q (1 - L_TE - ||f_T||^2): least squares makes the longest labels
    loss, one = defining(d.TEACHER_LOSS), unit()
    away = (spare + one.times(1 + W) - loss.times(W * (1 + W))).states(
        v.norm2(2 * v.TARGET - labels) - far
    )
    within = (spare + 4 * shrinks - one.times(1 - W) - loss.times(W * (1 - W))).states(
        near - v.norm2(2 * v.STUDENT - labels)
    )
    limit = ball_limit(labels, far, near, away, within, *domain)
    low, _, some, *_ = domain
    chosen = outside(far, near, (4 * low * some).states(far - near), *domain)
    room = sqrt(far) - sqrt(near)
    return (limit + chosen.times((Max(0, room) + room) / 4, *domain)).states(
        q.L_ST - z.GOLD_FLOOR.expr, *domain
    )


def _gold_parabola(*domain: Fact) -> Fact:
    """With p = 1 + q^2 L - 2 c L^2: p^2 - A B = L^2 (q^2 - 2 c L)^2."""
    low, high, some, most, long, short = domain
    parabola, root = z.GOLD_CONSTANT.expr * L**2, sqrt(long.gap) * sqrt(short.gap)
    kept = 1 + W**2 * L - 2 * parabola
    touch = evident(L**2 * (W**2 - 2 * z.GOLD_CONSTANT.expr * L) ** 2)
    squares = touch.states(kept**2 - root**2, *domain)
    within = (most + some * high).states(1 - W * L)
    wide = within * (evident(1) + some * low) + evident(W**2) * low * high
    positive = (wide + HALF * evident(W**4 * L**2)).states(kept)
    gap: Fact = HALF * below_root(squares, root, kept, positive, *domain)
    return gap.states(z.GOLD_FLOOR.expr - parabola, *domain)


def _gold_share(*domain: Fact) -> Fact:
    """(u - q w) U = q w (V - U), where u U = 4 q L and w V = 4 L."""
    low, high, some, most, long, short = domain
    ends = (evident(1 + 3 * L, low), high)
    far, near = sqrt(1 + 3 * L), sqrt(1 - L)
    inner, edge = sqrt(long.gap) * sqrt(short.gap), far * near
    square = (most * (evident(1) + some)).states(1 - W**2)
    room = square * low * (2 * evident(edge, *ends) + 2 * high)
    high_side = square * low + evident(edge, *ends)
    gap = room.states(high_side.gap**2 - inner**2, *domain, *ends)
    products = below_root(gap, inner, high_side.gap, high_side, *domain, *ends)
    whole, part_ = far + near, sqrt(long.gap) + sqrt(short.gap)
    wider = below_root(
        (2 * products).states(whole**2 - part_**2, *domain, *ends), part_, whole, *domain, *ends
    )
    roots = monotone("root", 4 * low, 1 - L, 1 + 3 * L, *ends)
    apart = sqrt(long.gap) - sqrt(short.gap)
    divisor = evident(part_, *domain)
    more = over(some * roots * wider, divisor, apart - W * roots.gap, *domain, *ends)
    squares = monotone("square", more, W * roots.gap, apart, some * roots, *domain, *ends)
    clause = z.GOLD_FLOOR.expr - W**2 * s.SHRINKAGE_FLOOR.expr
    least: Fact = QUARTER * squares
    return least.states(clause, *domain, *ends, ends[0] * ends[1])


def _gold_touch(some: Fact, most: Fact) -> Fact:
    """There the roots are (2 + q)/r and (2 - q)/r, r^2 = 4 - q^2."""
    touch = z.GOLD_TOUCH.expr
    wide, narrow = evident(2 + W, some), most + evident(1)
    bottom = (wide * narrow).states(4 - W**2)
    far, near = (f(touch, W) for f in (z.GOLD_FAR, z.GOLD_NEAR))
    signs = (
        (wide / narrow).states(far, bottom, narrow),
        (narrow / wide).states(near, bottom, wide),
    )
    ends, root = (bottom, wide, narrow, *signs), sqrt(4 - W**2)
    roots = [
        same_root(
            equal(inner, (side.gap / root) ** 2, *ends), sqrt(inner), side.gap / root, *ends
        ).states(sqrt(inner) - side.gap / root, *ends)
        for inner, side in ((far, wide), (near, narrow))
    ]
    apart, reached = sqrt(far) - sqrt(near), 2 * W / root
    square = (roots[0] - roots[1]).times((apart + reached) / 4, *ends)
    value = equal(W**2 / (4 - W**2), z.GOLD_CONSTANT.expr * touch**2, bottom)
    return (square + value).states(z.GOLD_FLOOR(touch, W) - z.GOLD_CONSTANT.expr * touch**2, *ends)
