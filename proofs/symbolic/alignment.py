"""kappa_S: its forms, the alignment inequality, its properties, the linear model, its mean."""

from __future__ import annotations

from sympy import Eq, Ge, Gt, Implies, Le, Matrix, Symbol, diff, eye, symbols
from sympy.logic.boolalg import Boolean

from proofs.kernel import Fact, assume, at_vector, cases, definition, square_norm
from proofs.lemmas import cauchy_schwarz, defining, over
from proofs.operators import nested, operator, operator_equal, projections
from proofs.proof import Proof as Facts
from proofs.steps import Proof, Step, concludes, equal
from w2s_theory.certify import Verdict
from w2s_theory.ledger import definitions as d
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger import spaces as v
from w2s_theory.ledger.alignment import TARGET_IN_S
from w2s_theory.ledger.statement import Assumption, Statement

P_S, P_T, P_T2, P_S2 = (operator(name) for name in ("P_S", "P_T", "P_T'", "P_S'"))
RULES = {**projections(P_S, P_T, P_T2, P_S2), **nested(P_T, P_T2), **nested(P_S, P_S2)}


def says(name: str, clause: Boolean, expected: Boolean, because: str, *assumes: Assumption) -> Step:
    """The clause is literally the one that has been established."""

    def run() -> Verdict:
        return Verdict.PROVED if clause == expected else Verdict.UNDECIDED

    return Step(name=name, claim=clause, because=because, check=run, assumes=assumes, gaps=1)


def compression() -> Step:
    """||(I - P_T) g||^2 on S as a quadratic form."""
    return operator_equal(
        "what the teacher misses of S",
        P_S * (1 - P_T) * (1 - P_T) * P_S,
        P_S - P_S * P_T * P_T * P_S,
        RULES,
        "((I - P_T) P_S)* (I - P_T) P_S = P_S - (P_T P_S)* P_T P_S, and P_S is the identity on S: "
        "so ||(I - P_T) P_S||^2 = max over unit g in S of 1 - ||P_T g||^2 = 1 - sigma_min^2",
    )


def prove_kappa_forms(statement: Statement) -> Proof:
    """Operator norm = principal angle = worst loss = 1 - an eigenvalue of the pencil."""
    angle, worst, pencil = statement.claim
    return Proof(
        statement,
        (
            compression(),
            concludes("angle", angle, Eq(q.KAPPA, 1 - q.SIGMA2_MIN), "the first step"),
            operator_equal(
                "loss of a least-squares teacher",
                (1 - P_T) * (1 - P_T),
                1 - P_T,
                RULES,
                "for a target g: ||g - P_T g||^2 = <g, (I - P_T) g>",
            ),
            concludes(
                "worst",
                worst,
                Eq(q.KAPPA, q.WORST_LOSS),
                "the maximum over unit g in S of the loss is the operator norm squared",
            ),
            *_sylvester(),
            concludes(
                "pencil",
                pencil,
                Eq(q.KAPPA, 1 - q.PENCIL),
                "with B = G^(-1/2) (<sigma_i, e_j>): P_S P_T P_S = B* B on S, G^(-1/2) G_S "
                "G^(-1/2) = B B*; the |S| eigenvalues of B* B are the |S| largest of B B*, "
                "completed by zeros, so the smallest is the |S|-th largest (0 if |S| > M)",
            ),
        ),
    )


def _sylvester() -> tuple[Step, ...]:
    steps = []
    scale = Symbol("mu", real=True)
    for width, size in ((2, 3), (3, 2), (3, 3)):
        b = Matrix(width, size, lambda i, j: Symbol(f"b_{i}{j}", real=True))
        inner = (scale * eye(size) - b.T * b).det(method="berkowitz")
        outer = (scale * eye(width) - b * b.T).det(method="berkowitz")
        steps.append(
            equal(
                f"nonzero eigenvalues of B*B and BB* (M = {width}, |S| = {size})",
                scale**width * inner,
                scale**size * outer,
                "Sylvester: det [[mu I, B], [B*, I]] by either block; here entry by entry",
            )
        )
    return tuple(steps)


def aligned() -> Fact:
    """kappa_S L_TE - ||P_S (f_T - f*)||^2 >= 0: with r = f_T - f* and g = P_S r, of norm^2 n,

    n = <g, r> = <(I - P_T) g, r>, since the teacher does not see r; so n^2 <= kappa_S n L_TE.
    """
    error = v.TEACHER - v.TARGET
    within = v.P_S * error
    hidden, n = (1 - v.P_T) * within, v.norm2(within)
    (projected,), (positive, bound) = map(definition, (d.PROJECTED_TEACHER, d.ALIGNMENT))
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
    gap = q.KAPPA * v.norm2(error) - n
    right = (positive * square_norm(error) + none).states(gap)
    loss = defining(d.TEACHER_LOSS).times(q.KAPPA)
    return cases(over(product, some, gap), some, right, none) + loss


def prove_kappa_alignment(statement: Statement) -> Facts:
    """Cauchy-Schwarz and the definition of kappa_S."""
    return Facts(statement, (aligned() - defining(d.PROJECTED_MISS),))


def prove_kappa_properties(statement: Statement) -> Proof:
    """Each property from one of the forms."""
    low, high, rise, fall, blind, span, above, turned = statement.claim
    sup = "a maximum over unit targets in S"
    return Proof(
        statement,
        (
            compression(),
            concludes("low", low, Ge(q.KAPPA, 0), "a squared norm"),
            concludes("high", high, Le(q.KAPPA, 1), "kappa_S = 1 - sigma_min^2"),
            concludes(
                "rise", rise, Ge(q.KAPPA_RISE, 0), f"{sup}, and a larger set has more of them"
            ),
            operator_equal(
                "more units",
                (P_T2 - P_T) * (P_T2 - P_T),
                P_T2 - P_T,
                RULES,
                "P_T' - P_T is a projection, so <g, (I - P_T) g> - <g, (I - P_T') g> >= 0",
            ),
            concludes("fall", fall, Ge(q.KAPPA_FALL, 0), "the maximum of what is smaller"),
            says(
                "blind",
                blind,
                Implies(Gt(q.SIZE, q.WIDTH), Eq(q.KAPPA, 1)),
                "P_T P_S has rank at most M < |S|: some unit g in S has P_T g = 0",
            ),
            concludes(
                "span",
                span,
                Eq(q.KAPPA_TARGET, q.L_TE),
                "the unit targets in span f* are f* and -f*",
                s.UNIT_TARGET,
                s.NORMAL_EQUATIONS,
            ),
            concludes(
                "above",
                above,
                Ge(q.KAPPA, q.L_TE),
                f"{sup}, of which f* is one",
                s.UNIT_TARGET,
                s.NORMAL_EQUATIONS,
                TARGET_IN_S,
            ),
            concludes(
                "turned",
                turned,
                Eq(q.KAPPA_TURNED, q.KAPPA),
                "P -> R P R* for both projections leaves the singular values of P_T P_S alone",
            ),
        ),
    )


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
