"""kappa_S: its forms, the alignment inequality, its properties, the linear model, its mean."""

from __future__ import annotations

from sympy import Eq, Expr, Gt, Le, Symbol, diff, symbols
from sympy.logic.boolalg import Boolean

from proofs.kernel import Fact, assume, at_vector, both, cases, definition, gap, given, square_norm
from proofs.lemmas import cauchy_schwarz, defining, nothing, over
from proofs.lemmas import unit as unit_target
from proofs.operators import operator, operator_equal
from proofs.proof import Proof as Facts
from proofs.steps import Proof, Step, concludes, equal
from w2s_theory.certify import Verdict
from w2s_theory.ledger import definitions as d
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import spaces as v
from w2s_theory.ledger.alignment import TARGET_IN_S
from w2s_theory.ledger.statement import Assumption, Statement


def says(name: str, clause: Boolean, expected: Boolean, because: str, *assumes: Assumption) -> Step:
    """The clause is literally the one that has been established."""

    def run() -> Verdict:
        return Verdict.PROVED if clause == expected else Verdict.UNDECIDED

    return Step(name=name, claim=clause, because=because, check=run, assumes=assumes, gaps=1)


def unseen(vector: Expr) -> Fact:
    """<u, f* - P_0 f*> = 0: the target lies in S_0."""
    (none,) = given(TARGET_IN_S)
    return nothing(vector, (1 - v.P_0) * v.TARGET, none - defining(d.TARGET_OUTSIDE))


def _within(vector: Expr) -> Fact:
    """<u, P_S f*> = <u, f*>."""
    return unseen(v.P_S * vector) - unseen(vector)


def prove_kappa_forms(statement: Statement) -> Facts:
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
    return Facts(statement, (angle, loss, angle - pencil))


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


def prove_kappa_alignment(statement: Statement) -> Facts:
    """Cauchy-Schwarz and the definition of kappa_S."""
    return Facts(statement, (aligned() - defining(d.PROJECTED_MISS),))


def prove_kappa_properties(statement: Statement) -> Facts:
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
    teacher, loss, target = defining(d.PROJECTED_TEACHER), defining(d.TEACHER_LOSS), unit_target()
    missed = loss + at_vector(teacher, v.TEACHER) + at_vector(teacher, v.P_T * v.TARGET)
    missed = missed - at_vector(teacher, v.TARGET).times(2)  # L_TE = ||f* - P_T f*||^2
    span = missed + defining(d.TARGET_LINE) + target.times(q.KAPPA_TARGET)
    seen = v.P_T * v.TARGET
    above = at_vector(most, v.TARGET) - _within(v.P_T * v.P_S * v.TARGET) - _within(seen)
    above = above + _within(v.TARGET).times(1 - q.KAPPA) - target.times(q.KAPPA) - missed

    most_turned, turned_unit, turned = definition(d.TURNED)
    below = at_vector(most_turned, v.ROTATION * v.WORST) - unit.times(q.KAPPA_TURNED) + reached
    above_turned = at_vector(most, v.BACK * v.TURNED) - turned_unit.times(q.KAPPA) + turned
    same = both(below, above_turned).named("rotation", "R keeps norms, and R* R = I")
    return Facts(statement, (positive, bound, rise, fall, both(least, bound), span, above, same))


def prove_kappa_linear(statement: Statement) -> Proof:
    """P_S P_T P_S = A G^-1 A^T with G = A^T A + W; the push-through identity."""
    (clause,) = statement.claim
    a, at, w, wi = (operator(name) for name in ("A", "A^T", "W", "W^-1"))
    rules: dict[tuple[Symbol, Symbol], tuple[Symbol, ...]] = {(wi, w): (), (w, wi): ()}
    x = Symbol("x", positive=True)
    return Proof(
        statement,
        (
            operator_equal(
                "push through",
                a * wi * (w + at * a),
                (1 + a * wi * at) * a,
                rules,
                "A W^-1 G = (I + X) A with X = A W^-1 A^T, so A G^-1 A^T = (I + X)^-1 A W^-1 A^T "
                "= (I + X)^-1 X",
            ),
            equal("one eigenvalue", 1 - x / (1 + x), 1 / (1 + x), "of I - (I + X)^-1 X"),
            equal(
                "decreasing",
                diff(1 / (1 + x), x),
                -1 / (1 + x) ** 2,
                "so the largest eigenvalue belongs to lambda_min(X)",
            ),
            concludes("kappa", clause, Eq(q.KAPPA, 1 / (1 + q.BLOCK_MIN)), "the operator norm"),
        ),
    )


def prove_kappa_width(statement: Statement) -> Proof:
    """An average of features approximates every function of S; least squares does no worse."""
    alignment, teacher = statement.claim
    width, size, trace = q.WIDTH, q.SIZE, q.TRACE
    square, norm, lam = symbols("s n lambda", positive=True)
    first, second = symbols("i_1 i_2", positive=True)
    return Proof(
        statement,
        (
            equal(
                "variance of a mean",
                (width * square + width * (width - 1) * norm) / width**2 - norm,
                (square - norm) / width,
                "M independent terms h_i = g(u_i)/a_k sigma_i with mean g (Funk-Hecke: "
                "E_u g(u) sigma(<u,x>) = a_k g(x)) and E ||h_i||^2 = s, ||g||^2 = n: "
                "E ||mean - g||^2",
            ),
            equal(
                "second moment",
                (square - norm).subs(square, norm * trace / lam),
                norm * (trace / lam - 1),
                "s = E g(u)^2/a_k^2 ||sigma_u||^2, every feature has ||sigma_u||^2 = tr K, and "
                "E g(u)^2 = ||g||^2, lambda_k = a_k^2",
            ),
            concludes(
                "teacher",
                teacher,
                Le(q.MEAN_LOSS, (trace / q.LAMBDA_TARGET - 1) / width),
                "the mean lies in the features' span, and the teacher is the best approximation "
                "there; g = f*",
            ),
            equal(
                "sum over a basis",
                (trace * first - 1) / width + (trace * second - 1) / width,
                (trace * (first + second) - 2) / width,
                "i = 1/lambda_e; term by term over an orthonormal basis of S (degree by degree)",
            ),
            concludes(
                "alignment",
                alignment,
                Le(q.MEAN_KAPPA, (trace * q.INVERSE_SUM - size) / width),
                "||(I - P_T) P_S||^2 is at most the sum of ||(I - P_T) e||^2 over the basis",
            ),
        ),
    )
