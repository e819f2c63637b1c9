"""kappa_S: its forms, the alignment inequality, its properties, the linear model, its mean."""

from __future__ import annotations

from sympy import Eq, Expr, Gt, Integer, Le, Rational

from proofs.kernel import (
    Fact,
    assume,
    at_vector,
    average,
    both,
    cases,
    definition,
    evident,
    gap,
    given,
    square_norm,
)
from proofs.lemmas import below_root, cauchy_schwarz, defining, nothing, over
from proofs.lemmas import unit as unit_target
from proofs.proof import Proof
from w2s_theory.ledger import definitions as d
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import spaces as v
from w2s_theory.ledger.alignment import TARGET_IN_S, VISIBLE
from w2s_theory.ledger.statement import Assumption, Statement

HALF = Rational(1, 2)


def unseen(vector: Expr) -> Fact:
    """<u, f* - P_0 f*> = 0: the target lies in S_0."""
    (none,) = given(TARGET_IN_S)
    return nothing(vector, (1 - v.P_0) * v.TARGET, none - defining(d.TARGET_OUTSIDE))


def within(vector: Expr) -> Fact:
    """<u, P_S f*> = <u, f*>."""
    return unseen(v.P_S * vector) - unseen(vector)


def projected_loss() -> Fact:
    """L_TE = ||f* - P_T f*||^2."""
    teacher, loss = defining(d.PROJECTED_TEACHER), defining(d.TEACHER_LOSS)
    missed = loss + at_vector(teacher, v.TEACHER) + at_vector(teacher, v.P_T * v.TARGET)
    return missed - at_vector(teacher, v.TARGET).times(2)


def prove_kappa_forms(statement: Statement) -> Proof:
    """Each extreme is attained, and there the other is no better."""
    _, most = definition(d.ALIGNMENT)
    unit, reached = definition(d.ALIGNMENT_REACHED)
    least, near_unit, near = definition(d.PRINCIPAL)
    worst, missed_unit, missed = definition(d.WORST_TARGET)
    # ||(I - P_T) g||^2 + ||P_T g||^2 = ||g||^2
    below = at_vector(least, v.WORST) + unit.times(q.SIGMA2_MIN - 1) + reached
    above = at_vector(most, v.NEAREST) + near_unit.times(1 - q.KAPPA) - near
    angle = both(above, below).named("principal angle", "each extreme at the other's vector")
    low = at_vector(worst, v.WORST) + unit.times(-q.WORST_LOSS) + reached
    high = at_vector(most, v.MISSED) + missed_unit.times(-q.KAPPA) + missed
    loss = both(high, low).named("worst loss", "the teacher of g is P_T g")
    pencil = gap(
        "with B = G^(-1/2) (<sigma_i, e_j>), sigma_min^2 is the least eigenvalue of B* B and the "
        "pencil's are those of B B*, completed by zeros (Sylvester)",
        Eq(q.SIGMA2_MIN, q.PENCIL),
    )
    return Proof(statement, (angle, loss, angle - pencil))


def aligned(
    part: Expr = v.P_S, kappa: Expr = q.KAPPA, meaning: tuple[Fact, ...] | None = None
) -> Fact:
    """kappa_S L_TE - ||P_S (f_T - f*)||^2 >= 0: with r = f_T - f* and g = P_S r, of norm^2 n,

    n = <g, r> = <(I - P_T) g, r>, since the teacher does not see r; so n^2 <= kappa_S n L_TE.
    Another set has its own projection `part`, alignment, and facts of what it means.
    """
    error = v.TEACHER - v.TARGET
    within = part * error
    hidden, n = (1 - v.P_T) * within, v.norm2(within)
    (projected,) = definition(d.PROJECTED_TEACHER)
    positive, *_, bound = meaning or definition(d.ALIGNMENT)
    unseen = at_vector(projected, v.P_T * within).named(
        "the error is invisible to the teacher", "<P_T g, f_T - f*> = 0"
    )
    inner = unseen.states(v.inner(hidden, error) - n)
    product = (
        cauchy_schwarz(hidden, error)
        + inner.times(v.inner(hidden, error) + n)
        + at_vector(bound, error) * square_norm(error)
    )
    some, none = assume(Gt(n, 0)), assume(Le(n, 0))
    gap = kappa * v.norm2(error) - n
    right = (positive * square_norm(error) + none).states(gap)
    loss = defining(d.TEACHER_LOSS).times(kappa)
    return cases(over(product, some, gap), some, right, none) + loss


def prove_kappa_alignment(statement: Statement) -> Proof:
    """Cauchy-Schwarz and the definition of kappa_S."""
    return Proof(statement, (aligned() - defining(d.PROJECTED_MISS),))


def prove_kappa_properties(statement: Statement) -> Proof:
    """An extreme, at a vector where the other is attained."""
    positive, most = definition(d.ALIGNMENT)
    unit, reached = definition(d.ALIGNMENT_REACHED)
    bound = (square_norm(v.P_T * v.P_S * v.WORST) - unit + reached).named(
        "at most 1", "||(I - P_T) g||^2 = ||g||^2 - ||P_T g||^2"
    )
    larger = at_vector(defining(d.LARGER_SET), v.P_S * v.WORST)
    rise = larger + unit.times(-q.KAPPA - q.KAPPA_RISE) + reached
    wider_unit, wider = definition(d.WIDER_TEACHER)
    more = square_norm((v.P_WIDER - v.P_T) * v.P_S * v.LEFT)
    fall = at_vector(most, v.LEFT) + more + wider_unit.times(-q.KAPPA) + wider

    reason = "M equations <g, sigma_i> = 0 in |S| > M unknowns have a solution g of unit norm in S"
    wide = Assumption("local", "|S| > M", Gt(q.SIZE, q.WIDTH))
    hidden = v.norm2(v.P_T * v.P_S * v.BLIND)
    blind_unit, blind = (
        gap(reason, Eq(norm, value), wide)
        for norm, value in ((v.norm2(v.P_S * v.BLIND), 1), (hidden, 0))
    )
    least = at_vector(most, v.BLIND) + blind_unit.times(1 - q.KAPPA) - blind
    missed, target = projected_loss(), unit_target()
    span = missed + defining(d.TARGET_LINE) + target.times(q.KAPPA_TARGET)
    seen = v.P_T * v.TARGET
    above = at_vector(most, v.TARGET) - within(v.P_T * v.P_S * v.TARGET) - within(seen)
    above = above + within(v.TARGET).times(1 - q.KAPPA) - target.times(q.KAPPA) - missed

    most_turned, turned_unit, turned = definition(d.TURNED)
    below = at_vector(most_turned, v.ROTATION * v.WORST) - unit.times(q.KAPPA_TURNED) + reached
    above_turned = at_vector(most, v.BACK * v.TURNED) - turned_unit.times(q.KAPPA) + turned
    same = both(below, above_turned).named("rotation", "R keeps norms, and R* R = I")
    return Proof(statement, (positive, bound, rise, fall, both(least, bound), span, above, same))


def missed_form(vector: Expr) -> Fact:
    """||(I - P_T) P_S g||^2 = <g, P_S y> for g = (I + X) y, as X = A G^-1 A^T (I + X)."""
    gram, projected, _ = definition(d.FEATURE_BLOCKS)
    target = v.P_S * vector + d.BLOCK * vector
    weights = v.GRAM_INVERSE * v.STRONG_T * target, v.WEAK_INVERSE * v.STRONG_T * vector
    polar = at_vector(gram, weights[0] + weights[1])
    polar = polar - at_vector(gram, weights[0]) - at_vector(gram, weights[1])
    shown = polar.times(HALF) - at_vector(projected, target)
    left = v.norm2((1 - v.P_T) * v.P_S * target)
    return shown.states(left - v.inner(target, v.P_S * vector))


def _along_eigenvector() -> tuple[Fact, Fact]:
    """mu >= 0, and kappa (1 + mu) - 1 >= 0: the target (I + X) e."""
    e, mu = v.WEAKEST, q.BLOCK_MIN
    _, turned, unit = definition(d.LEAST_BLOCK)
    at_e, at_image = (at_vector(turned, u) for u in (e, d.BLOCK * e))
    low = at_vector(definition(d.FEATURE_BLOCKS)[2], v.STRONG_T * e) - at_e - unit.times(mu)
    bound = at_vector(definition(d.ALIGNMENT)[1], v.P_S * e + d.BLOCK * e) + missed_form(e)
    kept = q.KAPPA * (1 + mu) - 1
    bound = bound - at_image.times(q.KAPPA) - at_e.times(q.KAPPA * (2 + mu) - 1)
    low = low.states(mu)
    return low, over(bound - unit.times((1 + mu) * kept), low + evident(1), kept)


def _at_worst(positive: Fact) -> Fact:
    """1 - kappa (1 + mu) >= 0: the worst target is (I + X) y."""
    y, mu, g = v.SOLVED * v.WORST, q.BLOCK_MIN, v.P_S * v.WORST
    image, solved = d.BLOCK * y, defining(d.SOLVED)
    unit, reached = definition(d.ALIGNMENT_REACHED)

    def form(part: Expr) -> Fact:
        """<g, part g> in y: it is <y + X y, part (y + X y)>."""
        return at_vector(solved, part * g) + at_vector(solved, part * (y + image))

    whole, kept = form(Integer(1)) + unit, form(1 - v.P_T) + reached - missed_form(y)
    least = at_vector(definition(d.LEAST_BLOCK)[0], y)
    inside = at_vector(definition(d.FEATURE_BLOCKS)[2], v.STRONG_T * y)
    squares, size = cauchy_schwarz(y, image), v.norm2(y)
    some, none = assume(Gt(size, 0)), assume(Le(size, 0))
    further = v.norm2(image) - mu * inside.gap
    one = over(squares + inside * least, some, further)
    flat = below_root(squares + none * square_norm(image), inside.gap, Integer(0))
    rest = cases(one, some, square_norm(image) + positive * flat, none)
    return least + rest - whole + kept.times(1 + mu)


def prove_kappa_linear(statement: Statement) -> Proof:
    """The teacher's miss of g = (I + X) y is <g, y>; then an eigenvector, and Cauchy-Schwarz."""
    positive, least = _along_eigenvector()
    most = _at_worst(positive)
    equal_ = both(least, most) / (positive + evident(1))
    return Proof(statement, (equal_,))


def prove_kappa_width(statement: Statement) -> Proof:
    """An average of features approximates every function of S; least squares does no worse."""
    loss, kappa, nearest = definition(d.FEATURE_MEANS)
    variance = (
        "M independent terms g(u_i)/a_k sigma_i have the mean g (Funk-Hecke) and the mean squared "
        "norm tr K/lambda: the variance of their average is 1/M of theirs, summed over a basis of S"
    )
    within = gap(
        "an operator's norm squared is at most the sum of its squares over an orthonormal basis",
        Le(v.KAPPA_DRAWN, v.SUM_DRAWN),
    )
    estimate, error = (
        gap(variance, Eq(v.Mean(at, v.FEATURE_DRAWS), (q.TRACE * norms - mean) / q.WIDTH), *seen)
        # Not the ledger's formulas: a gap that is read off the claim would be false with it.
        for at, norms, mean, *seen in (
            (v.ESTIMATE_DRAWN, 1 / q.LAMBDA_TARGET, 1, VISIBLE),
            (v.SUM_DRAWN, q.INVERSE_SUM, q.SIZE),
        )
    )
    teacher = average(nearest, v.FEATURE_DRAWS) - estimate - loss
    return Proof(statement, (average(within, v.FEATURE_DRAWS) - error - kappa, teacher))
