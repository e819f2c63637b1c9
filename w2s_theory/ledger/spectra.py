"""Section 1 on the sphere: harmonics, Funk-Hecke, the coefficients of max(t,0)^alpha, their decay.

In every claim a_k, N_k and the density of t = <u,x> are the formulas of `ledger.kernels`.
"""

from __future__ import annotations

from sympy import (
    Derivative,
    Eq,
    Expr,
    Ge,
    Integer,
    Integral,
    Le,
    Lt,
    Ne,
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
from w2s_theory.ledger.references import ATKINSON_HAN, IN_PAPER, PAPER
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
    """left = right, not evaluated: SymPy would spend a second on what it cannot decide anyway.

    ValueError for one object on both sides, a claim that nothing could refute.
    """
    if left == right:
        raise ValueError(f"equation must have two different sides, got {left} twice")
    return Eq(left, right, evaluate=False)


# --- assumptions ----------------------------------------------------------------------------------

SPHERE = Assumption("sphere", "d >= 2", Ge(D, 2))
SPHERE_OF_SPHERES = Assumption("sphere-dim-3", "d >= 3", Ge(D, 3))
DEGREE_POSITIVE = Assumption("degree-positive", "k >= 1", Ge(K, 1))
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
IN_3_OR_5 = Assumption("in-3-or-5", "d is 3 or 5", Or(Eq(D, 3), Eq(D, 5)))
DEGREE_TO_4 = Assumption("degree-to-4", "k <= 4", Le(K, 4))
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
    text="P_k is defined by (k+d-2) P_{k+1} = (2k+d-2) t P_k - k P_{k-1}, P_0 = 1, P_1 = t. "
    "Classical; restated because the coefficients rest on it.",
    claim=_rodrigues(),
    assumes=(SPHERE, INSIDE),
    needs=(Evidence.SYMBOLIC,),
    reference=f"{ATKINSON_HAN}, theorem 2.23",
    proof="proofs/symbolic/spectra_harmonics.py",
    mutants=(
        Mutant(id="sign", change="(-1/2)^k becomes (1/2)^k", claim=_rodrigues(Rational(1, 2))),
        Mutant(id="two", change="the factor 2^-k is lost", claim=_rodrigues(Integer(-1))),
        Mutant(id="gamma", change="Gamma(k + (d+1)/2)", claim=_rodrigues(shift=1)),
    ),
)


def _counted(count: Expr = q.N_K) -> tuple[Boolean, ...]:
    square = Integral(f.DENSITY.expr * HARMONIC**2, (T, -1, 1))
    return (equation(square, 1 / count), equation(count, f.MULTIPLICITY_BY_BINOMIALS.expr))


MULTIPLICITY = Statement(
    id="spec-multiplicity",
    kind=Kind.IDENTITY,
    title="N_k harmonics of degree k, and E[P_k^2] = 1/N_k",
    source=Source.RECONSTRUCTED,
    text="The multiplicity of the kernel eigenvalue of degree k on S^{d-1}; N_0 = 1.",
    claim=_counted(),
    assumes=(SPHERE, DEGREE_POSITIVE),
    where=((q.N_K, f.MULTIPLICITY.expr), C_IS),
    uses=("spec-rodrigues",),
    needs=(Evidence.SYMBOLIC, Evidence.CERTIFIED),
    reference=f"{ATKINSON_HAN}, eq. 2.10 and 2.67",
    proof="proofs/symbolic/spectra_harmonics.py",
    checks=(_CHECKS,),
    mutants=(
        Mutant(
            id="off-by-one",
            change="N_k becomes N_{k+1}",
            claim=_counted(f.MULTIPLICITY(K + 1, D)),
        ),
        Mutant(
            id="all-polynomials",
            change="polynomials of degree k - 2 are not taken off",
            claim=_counted(binomial(D + K - 1, K)),
        ),
        Mutant(id="two", change="a factor 2", claim=_counted(2 * q.N_K)),
        Mutant(
            id="sign",
            change="polynomials of degree k - 2 are added",
            claim=(equation(q.N_K, binomial(D + K - 1, K) + binomial(D + K - 3, K - 2)),),
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
    title="Funk-Hecke: harmonics are the eigenfunctions of every kernel of <u,x>",
    source=Source.EXTENSION,
    text="The mean of P_k(<v,x>) over the rotations of x about u, with <u,x> = t and <u,v> = rho. "
    "Integrated against sigma(t) it gives E_x[sigma(<u,x>) P_k(<v,x>)] = a_k P_k(<u,v>), so the "
    "operator of sigma has eigenvalue a_k = E[sigma(t) P_k(t)] and the kernel a_k^2. (In d = 2 "
    "the mean is over two reflections, not an integral.)",
    claim=_funk_hecke(),
    assumes=(SPHERE_OF_SPHERES, COSINE, COSINE_RHO),
    uses=("spec-rodrigues",),
    needs=(Evidence.SYMBOLIC, Evidence.CERTIFIED),
    reference=f"{ATKINSON_HAN}, theorem 2.22",
    proof="proofs/symbolic/spectra_harmonics.py",
    checks=(_CHECKS,),
    mutants=(
        Mutant(
            id="sign",
            change="1 - t^2 becomes 1 + t^2",
            claim=_funk_hecke(sqrt((1 - RHO**2) * (1 + T**2))),
        ),
        Mutant(
            id="dimension",
            change="the density of S^{d-1}, not of S^{d-2}",
            claim=_funk_hecke(lost=0),
        ),
        Mutant(
            id="addition",
            change="P_k(rho) + P_k(t)",
            claim=(equation(_funk_hecke()[0].lhs, Harmonic(K, D, RHO) + HARMONIC),),
        ),
    ),
)

# --- coefficients ---------------------------------------------------------------------------------

_RELU = f.COEFFICIENT(K, D, Integer(1))
_MOMENT = Integral(f.DENSITY.expr * T**ALPHA * HARMONIC, (T, 0, 1))


def _coefficients(value: Expr = f.COEFFICIENT.expr) -> tuple[Boolean, ...]:
    return (equation(_MOMENT, value),)


COEFFICIENTS = Statement(
    id="spec-coefficients",
    kind=Kind.THEOREM,
    title="Kernel coefficients of max(t,0)^alpha in closed form",
    source=Source.RECONSTRUCTED,
    text="a_k = E[max(t,0)^alpha P_k(t)], t = <u,x>, u and x uniform on S^{d-1}: by Rodrigues' "
    "formula and integration by parts. The kernel eigenvalue is a_k^2, N_k times. ReLU is "
    "alpha = 1.",
    claim=_coefficients(),
    assumes=(SPHERE,),
    where=(C_IS,),
    uses=("spec-rodrigues", "spec-funk-hecke"),
    needs=(Evidence.SYMBOLIC, Evidence.CERTIFIED),
    reference=RELU_MODEL,
    proof="proofs/symbolic/spectra_coefficients.py",
    checks=(_CHECKS,),
    mutants=(
        Mutant(id="two", change="a factor 2", claim=_coefficients(2 * f.COEFFICIENT.expr)),
        Mutant(
            id="sign",
            change="the sign of every odd degree",
            claim=_coefficients((-1) ** K * f.COEFFICIENT.expr),
        ),
        Mutant(
            id="degree",
            change="k off by one",
            claim=_coefficients(f.COEFFICIENT(K + 1, D, ALPHA)),
        ),
        Mutant(
            id="dimension",
            change="d off by one",
            claim=_coefficients(f.COEFFICIENT(K, D + 1, ALPHA)),
        ),
    ),
)


def _relu(value: Expr = _RELU) -> tuple[Boolean, ...]:
    return (equation(_MOMENT.xreplace({ALPHA: Integer(1)}), value),)


RELU_IN_3_AND_5 = Statement(
    id="spec-relu-3-5",
    kind=Kind.COROLLARY,
    title="ReLU in dimension 3 and 5, degrees 0 to 4: exact rationals",
    source=Source.RECONSTRUCTED,
    text="d = 3: 1/4, 1/6, 1/16, 0, -1/96. d = 5: 3/16, 1/10, 1/32, 0, -1/256. The instances of "
    "spec-coefficients that are integrals of polynomials, proved in Coq from the recurrence.",
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
        Mutant(id="two", change="a factor 2", claim=_relu(2 * _RELU)),
        Mutant(
            id="sign",
            change="a_k is never negative",
            claim=_relu(abs(_RELU)),
        ),
        Mutant(
            id="dimension", change="d off by one", claim=_relu(f.COEFFICIENT(K, D + 1, Integer(1)))
        ),
    ),
)

_HALF_ROOT_PI = 1 / (2 * sqrt(pi))


def _low(scale: Expr = _HALF_ROOT_PI, trace: int = 2, shift: int = 0) -> tuple[Boolean, ...]:
    def moment(power: Expr) -> Expr:
        return scale * gamma(D / 2) * gamma((power + 1) / 2) / gamma((power + D + shift) / 2)

    zero, one = Integer(0), Integer(1)
    return (
        equation(f.COEFFICIENT(zero, D, ALPHA), moment(ALPHA)),
        equation(f.COEFFICIENT(one, D, ALPHA), moment(ALPHA + 1)),
        equation(f.COEFFICIENT(zero, D, one), q.C_D / (D - 1)),
        equation(f.COEFFICIENT(one, D, one), 1 / (trace * D)),
    )


LOW_DEGREES = Statement(
    id="spec-low",
    kind=Kind.COROLLARY,
    title="Degrees 0 and 1 are Beta integrals; ReLU: a_0 = c_d/(d-1), a_1 = 1/(2d)",
    source=Source.RECONSTRUCTED,
    text="E[max(t,0)^p] = c_d B((p+1)/2, (d-1)/2)/2, here at p = alpha and alpha + 1. Every degree "
    "k <= alpha is a sum of such integrals, one a term of P_k.",
    claim=_low(),
    assumes=(SPHERE,),
    where=(C_IS,),
    uses=("spec-coefficients",),
    needs=(Evidence.SYMBOLIC, Evidence.CERTIFIED),
    reference=RELU_MODEL,
    proof="proofs/symbolic/spectra_coefficients.py",
    checks=(_CHECKS,),
    mutants=(
        Mutant(id="two", change="the half is lost", claim=_low(1 / sqrt(pi))),
        Mutant(id="one", change="a_1 = 1/d", claim=_low(trace=1)),
        Mutant(id="dimension", change="d off by one", claim=_low(shift=1)),
        Mutant(
            id="full-moment",
            change="a_0 = 2 c_d/(d-1), the moment of |t|",
            claim=(equation(f.COEFFICIENT(Integer(0), D, Integer(1)), 2 * q.C_D / (D - 1)),),
        ),
    ),
)

_VANISHING = (SPHERE, BEYOND_POWER, SAME_PARITY)

ODD = Statement(
    id="spec-odd",
    kind=Kind.COROLLARY,
    title="Half of the degrees vanish: every odd degree >= 3 for ReLU",
    source=Source.RECONSTRUCTED,
    text="a_k = 0 for k - alpha = 2, 4, 6, ...: no ReLU network of this model, of any width, has "
    "anything in an odd degree >= 3. Likewise for the Gaussian measure.",
    claim=(equation(_MOMENT, 0), equation(q.A_K, 0), equation(q.H_K, 0)),
    assumes=_VANISHING,
    where=(A_IS, H_IS, C_IS),
    uses=("spec-coefficients",),
    needs=(Evidence.SYMBOLIC, Evidence.CERTIFIED),
    reference=RELU_MODEL,
    proof="proofs/symbolic/spectra_coefficients.py",
    checks=(_CHECKS,),
    mutants=(
        Mutant(
            id="all-parities",
            change="every degree above alpha vanishes",
            assumes=dropped(_VANISHING, SAME_PARITY),
        ),
        Mutant(
            id="all-degrees",
            change="degrees k <= alpha vanish as well",
            assumes=dropped(_VANISHING, BEYOND_POWER),
        ),
        Mutant(
            id="even",
            change="the even degrees of ReLU vanish",
            assumes=(SPHERE, BEYOND_POWER, OTHER_PARITY),
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


DECAY = Statement(
    id="spec-decay",
    kind=Kind.THEOREM,
    title="The eigenvalues decay as C k^-(d + 2 alpha), with bounds at every degree",
    source=Source.EXTENSION,
    text="For ReLU the paper's Theta_d(k^-(d+2)) with its constant "
    "C = 2^(d-2) Gamma(d/2)^2/pi^2. The bounds hold at every non-zero degree above alpha, not "
    "only in the limit; for the step in d = 3 the upper one fails.",
    claim=_decay(),
    assumes=_DECAYING,
    where=(A_IS, (q.DECAY_C, f.DECAY_CONSTANT.expr)),
    uses=("spec-coefficients",),
    needs=(Evidence.SYMBOLIC, Evidence.CERTIFIED),
    reference=f"Extension of the decay law of {PAPER}",
    proof="proofs/symbolic/spectra_decay.py",
    checks=(_CHECKS,),
    mutants=(
        Mutant(id="two", change="C becomes 2 C", claim=_decay(Integer(2))),
        Mutant(id="one-percent", change="C becomes 0.99 C", claim=_decay(Rational(99, 100))),
        Mutant(id="exponent", change="k^-(d + 2 alpha + 1)", claim=_decay(power=1)),
        Mutant(
            id="every-degree",
            change="every degree above alpha",
            assumes=dropped(_DECAYING, OTHER_PARITY),
        ),
        Mutant(
            id="step-in-3",
            change="the step in d = 3 as well",
            assumes=dropped(_DECAYING, NOT_STEP_IN_3),
        ),
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
