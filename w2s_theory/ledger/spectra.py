"""Section 1 on the sphere: harmonics, Funk-Hecke, the coefficients of max(t,0)^alpha, their decay.

In every claim a_k, N_k and the density of t = <u,x> are the formulas of `ledger.kernels`.
"""

from __future__ import annotations

from sympy import (
    Derivative,
    Expr,
    Integer,
    Integral,
    Or,
    Rational,
    binomial,
    floor,
    gamma,
    pi,
    sqrt,
)
from sympy.logic.boolalg import Boolean

from w2s_theory.ledger import kernels as f
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.at_infinity import AtInfinity
from w2s_theory.ledger.harmonic import Harmonic
from w2s_theory.ledger.prose import say
from w2s_theory.ledger.references import ATKINSON_HAN, IN_PAPER, PAPER
from w2s_theory.ledger.relations import Eq, Ge, Gt, Le, Lt, Ne
from w2s_theory.ledger.statement import (
    Assumption,
    Evidence,
    Kind,
    Mutant,
    Source,
    Statement,
    dropped,
)

_CHECKS = "checks/test_spectra.py"
RELU_MODEL = f"{IN_PAPER}, ReLU model; exact form reconstructed"
K, D, ALPHA, T, S, RHO = q.DEGREE, q.SPACE_DIM, q.POWER, q.POINT, q.SIDE, q.RHO
HARMONIC = Harmonic(K, D, T)
A_IS = (q.A_K, f.COEFFICIENT.expr)
C_IS = (q.C_D, f.DENSITY_CONSTANT.expr)
H_IS = (q.H_K, f.HERMITE_COEFFICIENT.expr)


def equation(left: Expr, right: Expr) -> Boolean:
    """left = right; ValueError for one object on both sides, a claim that nothing could refute."""
    if left == right:
        raise ValueError(f"equation must have two different sides, got {left} twice")
    return Eq(left, right)


# --- assumptions ----------------------------------------------------------------------------------

SPHERE = Assumption("sphere", "d >= 2", Ge(D, 2))
SPHERE_OF_SPHERES = Assumption("sphere-dim-3", "d >= 3", Ge(D, 3))
NOT_0_IN_2 = Assumption("not-0-in-2", "k > 0 if d = 2", Gt(K + D, 2))
INSIDE = Assumption("inside", "-1 < t < 1", Lt(T**2, 1))
COSINE = Assumption("cosine", "-1 <= t <= 1", Le(T**2, 1))
COSINE_RHO = Assumption("cosine-rho", "-1 <= rho <= 1", Le(RHO**2, 1))
BEYOND_POWER = Assumption("beyond-power", "k > alpha", Ge(K - ALPHA, 1))
SAME_PARITY = Assumption(
    "same-parity", "k - alpha is even", Eq(2 * floor((K - ALPHA) / 2), K - ALPHA)
)
OTHER_PARITY = Assumption(
    "other-parity", "k - alpha is odd", Eq(2 * floor((K - ALPHA - 1) / 2), K - ALPHA - 1)
)
_DIMS, _TOP = (Integer(3), Integer(5)), Integer(4)
IN_3_OR_5 = Assumption("in-3-or-5", "d is 3 or 5", Or(*(Eq(D, dim) for dim in _DIMS)))
DEGREE_TO_4 = Assumption("degree-to-4", "k <= 4", Le(K, _TOP))
NOT_STEP_IN_3 = Assumption("not-step-in-3", "2 alpha + d is not 3", Ne(2 * ALPHA + D, 3))

# --- harmonics ------------------------------------------------------------------------------------


def _rodrigues(base: Expr = -Rational(1, 2), shift: int = 0) -> tuple[Boolean, ...]:
    scale = base**K * gamma((D - 1) / 2) / gamma(K + (D - 1) / 2 + shift)
    inner = Derivative((1 - T**2) ** (K + (D - 3) / 2), (T, K))
    return (equation(HARMONIC, scale * (1 - T**2) ** (-(D - 3) / 2) * inner),)


RODRIGUES = Statement(
    id="spec-rodrigues",
    kind=Kind.IDENTITY,
    title="Rodrigues' formula for the Legendre polynomials of dimension d",
    source=Source.EXTENSION,
    text="P_k is defined by its recurrence in k, which the right-hand side obeys too. Classical; "
    "the coefficients below come from the recurrence alone.",
    claim=_rodrigues(),
    assumes=(SPHERE, INSIDE),
    needs=(Evidence.SYMBOLIC, Evidence.CERTIFIED),
    reference=f"{ATKINSON_HAN}, theorem 2.23",
    proof="proofs/symbolic/spectra_harmonics.py",
    checks=(_CHECKS,),
    mutants=(
        Mutant("sign", "(-1/2)^k becomes (1/2)^k", claim=_rodrigues(Rational(1, 2))),
        Mutant("two", "(-1/2)^k becomes (-1)^k", claim=_rodrigues(Integer(-1))),
        Mutant("gamma", "k off by one under Gamma", claim=_rodrigues(shift=1)),
        Mutant(
            "line", f"without {say(SPHERE.condition)}", assumes=dropped((SPHERE, INSIDE), SPHERE)
        ),
    ),
)


def _counted(count: Expr = q.N_K) -> tuple[Boolean, ...]:
    square = Integral(f.DENSITY.expr * HARMONIC**2, (T, -1, 1))
    return (equation(square, 1 / count), equation(count, f.MULTIPLICITY_BY_BINOMIALS.expr))


MULTIPLICITY = Statement(
    id="spec-multiplicity",
    kind=Kind.IDENTITY,
    title="N_k, the number of harmonics of degree k, and the mean square of P_k",
    source=Source.RECONSTRUCTED,
    text="The multiplicity of the kernel eigenvalue of degree k on the sphere, in closed form "
    "and by binomials. (The formula is undefined at degree zero on the circle.)",
    claim=_counted(),
    assumes=(SPHERE, NOT_0_IN_2),
    where=((q.N_K, f.MULTIPLICITY.expr), C_IS),
    uses=("spec-rodrigues",),
    needs=(Evidence.SYMBOLIC, Evidence.CERTIFIED),
    reference=f"{ATKINSON_HAN}, eq. 2.10 and 2.67",
    proof="proofs/symbolic/spectra_harmonics.py",
    checks=(_CHECKS,),
    mutants=(
        Mutant("off-by-one", "k off by one in N_k", claim=_counted(f.MULTIPLICITY(K + 1, D))),
        Mutant(
            "all-polynomials",
            "the second binomial is not taken off",
            claim=_counted(binomial(D + K - 1, K)),
        ),
        Mutant("two", "a factor 2", claim=_counted(2 * q.N_K)),
        Mutant(
            "sign",
            "the second binomial is added",
            claim=(equation(q.N_K, binomial(D + K - 1, K) + binomial(D + K - 3, K - 2)),),
        ),
        Mutant(
            "any-degree",
            f"without {say(NOT_0_IN_2.condition)}",
            assumes=dropped((SPHERE, NOT_0_IN_2), NOT_0_IN_2),
        ),
    ),
)

_RADIUS = sqrt((1 - RHO**2) * (1 - T**2))


def _funk_hecke(radius: Expr = _RADIUS, lost: int = 1) -> tuple[Boolean, ...]:
    mean = Integral(
        f.DENSITY(f.DENSITY_CONSTANT(D - lost), S, D - lost) * Harmonic(K, D, RHO * T + radius * S),
        (S, -1, 1),
    )
    return (equation(mean, Harmonic(K, D, RHO) * HARMONIC),)


FUNK_HECKE = Statement(
    id="spec-funk-hecke",
    kind=Kind.LEMMA,
    title="Funk-Hecke: the mean of a harmonic over the rotations about u",
    source=Source.EXTENSION,
    text="The mean of P_k(<v,x>) over the rotations of x about u, with <u,x> = t and <u,v> = "
    "rho. (Hence the eigenvalues of a kernel of <u,x>: spec-eigenvalue. In the plane the "
    "mean is over two reflections, not an integral.)",
    claim=_funk_hecke(),
    assumes=(SPHERE_OF_SPHERES, COSINE, COSINE_RHO),
    uses=("spec-rodrigues",),
    needs=(Evidence.SYMBOLIC, Evidence.CERTIFIED),
    reference=f"{ATKINSON_HAN}, theorem 2.22",
    proof="proofs/symbolic/spectra_harmonics.py",
    checks=(_CHECKS,),
    mutants=(
        Mutant(
            "sign", "1 - t^2 becomes 1 + t^2", claim=_funk_hecke(sqrt((1 - RHO**2) * (1 + T**2)))
        ),
        Mutant(
            "dimension",
            "the density of the sphere of one dimension more",
            claim=_funk_hecke(lost=0),
        ),
        Mutant(
            "addition",
            "P_k(rho) + P_k(t)",
            claim=(equation(_funk_hecke()[0].lhs, Harmonic(K, D, RHO) + HARMONIC),),
        ),
    ),
)

# --- coefficients ---------------------------------------------------------------------------------

_RELU = f.COEFFICIENT(K, D, Integer(1))
MOMENT = Integral(f.DENSITY.expr * T**ALPHA * HARMONIC, (T, 0, 1))


def _coefficients(value: Expr = f.COEFFICIENT.expr) -> tuple[Boolean, ...]:
    return (equation(MOMENT, value),)


COEFFICIENTS = Statement(
    id="spec-coefficients",
    kind=Kind.THEOREM,
    title="Kernel coefficients of the powers of ReLU in closed form",
    source=Source.RECONSTRUCTED,
    text="a_k is the mean of the activation, the power alpha of the positive part of t = <u,x>, "
    "times P_k(t), u and x uniform on the sphere: by the recurrence of P_k, from Beta integrals. "
    "The kernel eigenvalue is the square of a_k, N_k times.",
    claim=_coefficients(),
    assumes=(SPHERE,),
    where=(C_IS,),
    uses=("spec-rodrigues", "spec-funk-hecke"),
    needs=(Evidence.SYMBOLIC, Evidence.CERTIFIED),
    reference=RELU_MODEL,
    proof="proofs/symbolic/spectra_coefficients.py",
    checks=(_CHECKS,),
    mutants=(
        Mutant("two", "a factor 2", claim=_coefficients(2 * f.COEFFICIENT.expr)),
        Mutant(
            "sign",
            "the sign of every odd degree",
            claim=_coefficients((-1) ** K * f.COEFFICIENT.expr),
        ),
        Mutant("degree", "k off by one", claim=_coefficients(f.COEFFICIENT(K + 1, D, ALPHA))),
        Mutant("dimension", "d off by one", claim=_coefficients(f.COEFFICIENT(K, D + 1, ALPHA))),
    ),
)


def _relu(value: Expr = _RELU) -> tuple[Boolean, ...]:
    return (equation(MOMENT.xreplace({ALPHA: Integer(1)}), value),)


def _listed(dim: Expr) -> str:
    values = (say(f.COEFFICIENT(Integer(k), dim, Integer(1))) for k in range(int(_TOP) + 1))
    return f"d = {say(dim)}: {', '.join(values)}."


RELU_IN_3_AND_5 = Statement(
    id="spec-relu-3-5",
    kind=Kind.COROLLARY,
    title=f"ReLU in dimension {say(_DIMS[0])} and {say(_DIMS[1])}, up to degree {say(_TOP)}: "
    "exact rationals",
    source=Source.RECONSTRUCTED,
    text=f"{_listed(_DIMS[0])} {_listed(_DIMS[1])} The instances of spec-coefficients that are "
    "integrals of polynomials, proved in Coq from the recurrence.",
    claim=_relu(),
    assumes=(IN_3_OR_5, DEGREE_TO_4),
    where=(C_IS,),
    uses=("spec-coefficients",),
    needs=(Evidence.FORMAL, Evidence.SYMBOLIC, Evidence.CERTIFIED),
    reference=RELU_MODEL,
    proof="proofs/symbolic/spectra_coefficients.py",
    checks=(_CHECKS,),
    formal="relu_sphere",
    mutants=(
        Mutant("two", "a factor 2", claim=_relu(2 * _RELU)),
        Mutant("sign", "a_k is never negative", claim=_relu(abs(_RELU))),
        Mutant("dimension", "d off by one", claim=_relu(f.COEFFICIENT(K, D + 1, Integer(1)))),
    ),
)

_HALF_ROOT_PI = 1 / (2 * sqrt(pi))


_RELU_LOW = (q.C_D / (D - 1), 1 / (2 * D))


def _low(
    scale: Expr = _HALF_ROOT_PI, first: Expr = _RELU_LOW[1], shift: int = 0
) -> tuple[Boolean, ...]:
    def moment(power: Expr) -> Expr:
        return scale * gamma(D / 2) * gamma((power + 1) / 2) / gamma((power + D + shift) / 2)

    zero, one = Integer(0), Integer(1)
    return (
        equation(f.COEFFICIENT(zero, D, ALPHA), moment(ALPHA)),
        equation(f.COEFFICIENT(one, D, ALPHA), moment(ALPHA + 1)),
        equation(f.COEFFICIENT(zero, D, one), _RELU_LOW[0]),
        equation(f.COEFFICIENT(one, D, one), first),
    )


_FULL = 2 * q.C_D / (D - 1)
LOW_DEGREES = Statement(
    id="spec-low",
    kind=Kind.COROLLARY,
    title=f"The two lowest degrees are Beta integrals; for ReLU they are {say(_RELU_LOW[0])} and "
    f"{say(_RELU_LOW[1])}",
    source=Source.RECONSTRUCTED,
    text="Moments of the positive part of t, at alpha and at its successor. Every degree up to "
    "alpha is a sum of such integrals, one a term of P_k.",
    claim=_low(),
    assumes=(SPHERE,),
    where=(C_IS,),
    uses=("spec-coefficients",),
    needs=(Evidence.SYMBOLIC, Evidence.CERTIFIED),
    reference=RELU_MODEL,
    proof="proofs/symbolic/spectra_coefficients.py",
    checks=(_CHECKS,),
    mutants=(
        Mutant("two", "the half is lost", claim=_low(1 / sqrt(pi))),
        Mutant("one", f"the linear coefficient is {say(1 / D)}", claim=_low(first=1 / D)),
        Mutant("dimension", "d off by one", claim=_low(shift=1)),
        Mutant(
            "full-moment",
            f"the constant coefficient is {say(_FULL)}, the moment of |t|",
            claim=(equation(f.COEFFICIENT(Integer(0), D, Integer(1)), _FULL),),
        ),
    ),
)

_VANISHING = (SPHERE, BEYOND_POWER, SAME_PARITY)

ODD = Statement(
    id="spec-odd",
    kind=Kind.COROLLARY,
    title="Half of the degrees vanish: for ReLU the odd ones beyond the first",
    source=Source.RECONSTRUCTED,
    text="The coefficient a_k vanishes if k is above alpha and of its parity: no ReLU network "
    "of this model, of any width, has anything in an odd degree beyond the first. Likewise "
    "for the Gaussian measure.",
    claim=(equation(MOMENT, 0), equation(q.A_K, 0), equation(q.H_K, 0)),
    assumes=_VANISHING,
    where=(A_IS, H_IS, C_IS),
    uses=("spec-coefficients",),
    needs=(Evidence.SYMBOLIC, Evidence.CERTIFIED),
    reference=RELU_MODEL,
    proof="proofs/symbolic/spectra_coefficients.py",
    checks=(_CHECKS,),
    mutants=(
        Mutant(
            "all-parities",
            "every degree above alpha vanishes",
            assumes=dropped(_VANISHING, SAME_PARITY),
        ),
        Mutant(
            "all-degrees",
            "degrees k <= alpha vanish as well",
            assumes=dropped(_VANISHING, BEYOND_POWER),
        ),
        Mutant(
            "even", "the even degrees of ReLU vanish", assumes=(SPHERE, BEYOND_POWER, OTHER_PARITY)
        ),
    ),
)

# --- decay ----------------------------------------------------------------------------------------

_BEYOND = ALPHA + 1 + 2 * q.TERM
_DECAYING = (SPHERE, BEYOND_POWER, OTHER_PARITY, NOT_STEP_IN_3)


def _decay(factor: Expr = Integer(1), power: int = 0) -> tuple[Boolean, ...]:
    growing = f.COEFFICIENT(_BEYOND, D, ALPHA) ** 2 * _BEYOND ** (2 * ALPHA + D + power)
    return (
        Le(factor * f.DECAY_LOWER.expr * K**-power, q.A_K**2),
        Le(q.A_K**2, factor * f.DECAY_UPPER.expr * K**-power),
        equation(AtInfinity(growing, q.TERM), factor * q.DECAY_C),
    )


_RELU_POWER = (K ** (-2 * ALPHA - D)).xreplace({ALPHA: Integer(1)})
_RELU_CONSTANT = f.DECAY_CONSTANT(D, Integer(1))
DECAY = Statement(
    id="spec-decay",
    kind=Kind.THEOREM,
    title="The eigenvalues decay as a power of the degree, with bounds at every degree",
    source=Source.EXTENSION,
    text=f"For ReLU the paper's power, {say(_RELU_POWER)}, with the constant "
    f"{say(_RELU_CONSTANT)}. The bounds hold at every non-zero degree above alpha, not only "
    "in the limit; for the step on the sphere in space the upper one fails.",
    claim=_decay(),
    assumes=_DECAYING,
    where=(A_IS, (q.DECAY_C, f.DECAY_CONSTANT.expr)),
    uses=("spec-coefficients",),
    needs=(Evidence.SYMBOLIC, Evidence.CERTIFIED),
    reference=f"Extension of the decay law of {PAPER}",
    proof="proofs/symbolic/spectra_decay.py",
    checks=(_CHECKS,),
    mutants=(
        Mutant("two", "C becomes 2 C", claim=_decay(Integer(2))),
        Mutant("one-percent", "C becomes 0.99 C", claim=_decay(Rational(99, 100))),
        Mutant("exponent", "one more power of k", claim=_decay(power=1)),
        Mutant(
            "every-degree", "every degree above alpha", assumes=dropped(_DECAYING, OTHER_PARITY)
        ),
        Mutant("step-in-3", "the step in d = 3 as well", assumes=dropped(_DECAYING, NOT_STEP_IN_3)),
    ),
)

PLACE = 50
STATEMENTS = (
    RODRIGUES,
    MULTIPLICITY,
    FUNK_HECKE,
    COEFFICIENTS,
    RELU_IN_3_AND_5,
    LOW_DEGREES,
    ODD,
    DECAY,
)
