"""The symbols of the theory, each with its LaTeX and what it means.

Everything in section 4 of the paper happens in the span of three functions: the target f*, the
teacher f_T and the student f_S. A setting is therefore known by their inner products in L2(D), and
assumptions and claims are relations between those numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Symbol, symbols

# Inner products. <f,g> = E_x f(x) g(x).
TARGET_NORM2 = Symbol("target_norm2", real=True)
TEACHER_NORM2 = Symbol("teacher_norm2", real=True)
STUDENT_NORM2 = Symbol("student_norm2", real=True)
TEACHER_TARGET = Symbol("teacher_target", real=True)
STUDENT_TARGET = Symbol("student_target", real=True)
STUDENT_TEACHER = Symbol("student_teacher", real=True)

# Distances that Definition 1 compares; settings compute them from coordinates.
FIT = Symbol("fit", real=True)
SCALED_FIT = Symbol("scaled_fit", real=True)
CENTRE_DISTANCE2 = Symbol("centre_distance2", real=True)

L_TE = Symbol("L_TE", real=True)
L_ST = Symbol("L_ST", real=True)

# A chain of students: its length and the smallest <f_i, f_{i-1} - f_i> over its links.
CHAIN = Symbol("n", integer=True, positive=True)
LINK_MIN = Symbol("link_min", real=True)

# The student's learning rule as a spectral filter s(lambda).
FILTER_MIN, FILTER_MAX = symbols("filter_min filter_max", real=True)
EIGENVALUE, EIGENVALUE_MIN, TIME = symbols("eigenvalue eigenvalue_min time", real=True)
STEP, STEPS, MOMENTUM = symbols("step steps momentum", real=True)

# Auxiliary reals of particular statements.
SCALE = Symbol("a", real=True)
THETA, PHI = symbols("theta phi", real=True)
FLOOR_ONE, FLOOR_N, FLOOR_NEXT = symbols("floor_one floor_n floor_next", real=True)
TOUCH = Symbol("touch", real=True)
GAIN = Symbol("g", real=True)
COEFFICIENT, EXPONENT = symbols("c beta", real=True)
RESIDUAL = Symbol("residual", real=True)
PENALTY_ZERO, PENALTY_STUDENT, PENALTY_SCALED = symbols("R_0 R_S R_aS", real=True)

# Alignment of the teacher with a set S of student eigenfunctions, and the spectrum around it.
KAPPA = Symbol("kappa_S", real=True)
KAPPA_TURNED = Symbol("kappa_turned", real=True)
KAPPA_RISE, KAPPA_FALL = symbols("kappa_rise kappa_fall", real=True)
KAPPA_TARGET, MEAN_KAPPA = symbols("kappa_target mean_kappa", real=True)
SIGMA2_MIN, WORST_LOSS, PENCIL, PENCIL_BEFORE = symbols(
    "sigma2_min worst_loss pencil pencil_before", real=True
)
SIZE, WIDTH = symbols("size width", real=True)
PROJECTED_MISS, TARGET_OUTSIDE = symbols("projected_miss target_outside", real=True)
NULL_ENERGY, NULL_TEACHER = symbols("null_energy null_teacher", real=True)
LAMBDA_TARGET, LAMBDA_OUT = symbols("lambda_target lambda_out", real=True)
TRACE, INVERSE_SUM, MEAN_LOSS = symbols("trace inverse_sum mean_loss", real=True)

# Theorem 3.1: the allowance for unfinished training, and medians at two widths.
ALLOWANCE = Symbol("allowance", real=True)
RATIO_NARROW, RATIO_WIDE, PGR_NARROW, PGR_WIDE = symbols(
    "ratio_narrow ratio_wide pgr_narrow pgr_wide", real=True
)
DIM, SLOPE = symbols("dim slope", real=True)

# The linear model: Psi = (1, ..., 1, psi, ..., psi).
PSI, BLOCK_MIN, LOSS_AT, LOSS_CDF = symbols("psi block_min loss_at loss_cdf", real=True)
MEAN_ODDS, MEAN_ODDS2, MEAN_RATIO = symbols("mean_odds mean_odds2 mean_ratio", real=True)
LIMIT_RATIO, PGR, STUDENT_SLOPE = symbols("limit_ratio pgr student_slope", real=True)
BLOCK_LOSS, BLOCK_SQUARE, WEAK_ENERGY = symbols("block_loss block_square weak_energy", real=True)

# Gaussian universality: the effective ridge and what is predicted and measured.
RIDGE, RIDGE_ABOVE, SPREAD = symbols("ridge ridge_above spread", real=True)
MEASURED_LOSS, MEASURED_CURVE, PREDICTED_CURVE = symbols(
    "measured_loss measured_curve predicted_curve", real=True
)

# Kernel spectra: max(t,0)^alpha on S^{d-1} or for the Gaussian measure, degree by degree.
DEGREE = Symbol("k", integer=True, nonnegative=True)
SPACE_DIM = Symbol("d", integer=True, positive=True)
POWER = Symbol("alpha", nonnegative=True)
TERM = Symbol("m", integer=True, nonnegative=True)
POINT, SIDE, RHO = symbols("t s rho", real=True)
TURN, PLANE_ANGLE = symbols("vartheta phi_1", real=True)
A_K, A_ZERO, H_K, N_K, C_D, DECAY_C = symbols("a_k a_0 h_k N_k c_d C", real=True)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A symbol, its LaTeX, and its meaning in one line."""

    symbol: Symbol
    latex: str
    meaning: str


QUANTITIES: tuple[Quantity, ...] = (
    Quantity(TARGET_NORM2, r"\|f^*\|^2", "squared norm of the target"),
    Quantity(TEACHER_NORM2, r"\|f_T\|^2", "squared norm of the teacher"),
    Quantity(STUDENT_NORM2, r"\|f_S\|^2", "squared norm of the student"),
    Quantity(TEACHER_TARGET, r"\langle f_T, f^*\rangle", "teacher against target"),
    Quantity(STUDENT_TARGET, r"\langle f_S, f^*\rangle", "student against target"),
    Quantity(STUDENT_TEACHER, r"\langle f_S, f_T\rangle", "student against teacher"),
    Quantity(L_TE, r"\mathcal{L}_{\mathrm{TE}}", "teacher loss ||f_T - f*||^2"),
    Quantity(L_ST, r"\mathcal{L}_{\mathrm{ST}}", "student loss ||f_S - f*||^2"),
    Quantity(CHAIN, "n", "number of students in a chain"),
    Quantity(
        LINK_MIN,
        r"\gamma_{\min}",
        "smallest <f_i, f_{i-1} - f_i> over the links of a chain",
    ),
    Quantity(FILTER_MIN, r"s_{\min}", "smallest spectral filter value of the student"),
    Quantity(FILTER_MAX, r"s_{\max}", "largest spectral filter value of the student"),
    Quantity(EIGENVALUE, r"\lambda", "kernel eigenvalue"),
    Quantity(EIGENVALUE_MIN, r"\lambda_{\min}", "smallest kernel eigenvalue"),
    Quantity(TIME, "t", "gradient flow time, dw/dt = -(1/2) grad"),
    Quantity(STEP, r"\eta", "gradient descent step, or ridge parameter"),
    Quantity(STEPS, "k", "number of gradient descent steps"),
    Quantity(MOMENTUM, r"\mu", "heavy-ball momentum"),
    Quantity(SCALE, "a", "a scale in Definition 1"),
    Quantity(PHI, r"\varphi", "angle turned by each student of a chain"),
    Quantity(THETA, r"\theta", "angle between teacher and target, sin(theta)^2 = L_TE"),
    Quantity(FLOOR_ONE, r"\mathcal{F}_1", "limit of a one-step chain"),
    Quantity(FLOOR_N, r"\mathcal{F}_n", "limit of an n-step chain"),
    Quantity(FLOOR_NEXT, r"\mathcal{F}_{n+1}", "limit of an (n+1)-step chain"),
    Quantity(TOUCH, "L_0", "the loss at which floor and parabola touch"),
    Quantity(FIT, r"\|f_T - f_S\|^2", "squared distance of teacher and student"),
    Quantity(SCALED_FIT, r"\|f_T - a f_S\|^2", "squared distance of teacher and scaled student"),
    Quantity(
        CENTRE_DISTANCE2,
        r"\|f_S - \tfrac{1}{2} f_T\|^2",
        "squared distance of the student from the centre of the teacher's ball",
    ),
    Quantity(GAIN, "g", "factor by which a teacher is scaled up"),
    Quantity(COEFFICIENT, "c", "a constant"),
    Quantity(EXPONENT, r"\beta", "an exponent"),
    Quantity(RESIDUAL, r"\|Gw - b\|_\infty", "residual of the teacher's normal equations"),
    Quantity(PENALTY_ZERO, "R(0)", "regulariser at 0"),
    Quantity(PENALTY_STUDENT, "R(f_S)", "regulariser at the student"),
    Quantity(PENALTY_SCALED, "R(a f_S)", "regulariser at the scaled student"),
    Quantity(KAPPA, r"\kappa_S", "alignment: the teacher's worst loss over unit targets in S"),
    Quantity(KAPPA_TURNED, r"\kappa_S^R", "alignment after a rotation of everything"),
    Quantity(KAPPA_RISE, r"\Delta_S\kappa", "what a larger set adds to the alignment"),
    Quantity(KAPPA_FALL, r"\Delta_M\kappa", "what more units take off the alignment"),
    Quantity(KAPPA_TARGET, r"\kappa_{\{f^*\}}", "alignment for S spanned by the target"),
    Quantity(MEAN_KAPPA, r"\overline{\kappa}_S", "mean alignment over random features"),
    Quantity(SIGMA2_MIN, r"\sigma_{\min}^2", "cos^2 of the largest principal angle"),
    Quantity(
        WORST_LOSS,
        r"\mathcal{L}_{\max}(S)",
        "worst loss of a least-squares teacher over unit targets in S",
    ),
    Quantity(
        PENCIL,
        r"\mu_{|S|}(G_S, G)",
        "|S|-th largest generalised eigenvalue of the Gram matrix of S against the whole",
    ),
    Quantity(PENCIL_BEFORE, r"\mu_{|S|-1}(G_S, G)", "the generalised eigenvalue before it"),
    Quantity(SIZE, "|S|", "number of eigenfunctions in S"),
    Quantity(WIDTH, r"M_{\mathrm{TE}}", "width of the teacher"),
    Quantity(PROJECTED_MISS, r"\|P_S(f_T - f^*)\|^2", "the teacher's loss within S"),
    Quantity(TARGET_OUTSIDE, r"\|f^* - P_S f^*\|^2", "the target's energy outside S"),
    Quantity(NULL_ENERGY, r"\|P_0 f^*\|^2", "the target's energy where the kernel vanishes"),
    Quantity(NULL_TEACHER, r"\|P_0 f_T\|^2", "the teacher's energy where the kernel vanishes"),
    Quantity(LAMBDA_TARGET, r"\lambda_0", "smallest kernel eigenvalue that carries the target"),
    Quantity(LAMBDA_OUT, r"\lambda_{\mathrm{out}}", "largest kernel eigenvalue outside S"),
    Quantity(TRACE, r"\operatorname{tr} K", "trace of the kernel, the squared norm of a feature"),
    Quantity(INVERSE_SUM, r"\Sigma_S", "sum of inverse eigenvalues over S"),
    Quantity(MEAN_LOSS, r"\overline{\mathcal{L}}_{\mathrm{TE}}", "mean teacher loss"),
    Quantity(ALLOWANCE, r"\varepsilon", "allowance for what training has not reached"),
    Quantity(RATIO_NARROW, r"\rho_M", "median of min_t L_ST/L_TE at the smaller width"),
    Quantity(RATIO_WIDE, r"\rho_{M'}", "median of min_t L_ST/L_TE at the larger width"),
    Quantity(PGR_NARROW, r"\mathrm{PGR}_M", "median PGR at the smaller width"),
    Quantity(PGR_WIDE, r"\mathrm{PGR}_{M'}", "median PGR at the larger width"),
    Quantity(DIM, "d", "dimension of the inputs"),
    Quantity(SLOPE, r"\hat\beta", "fitted exponent of min_t L_ST against L_TE"),
    Quantity(PSI, r"\psi", "variance of the weak directions of the linear model"),
    Quantity(
        BLOCK_MIN,
        r"\mu_{\min}",
        "lambda_min(A W^-1 A^T): A the strong coordinates of the features, W the weak ones' Gram",
    ),
    Quantity(
        BLOCK_LOSS,
        r"b^T H b",
        "b the target's strong coordinates, H = (I + A W^-1 A^T)^-1",
    ),
    Quantity(BLOCK_SQUARE, r"\|H b\|^2", "what the teacher misses of the strong directions"),
    Quantity(WEAK_ENERGY, r"\|f_T - P_S f_T\|^2", "the teacher's energy in the weak directions"),
    Quantity(LOSS_AT, "x", "a teacher loss"),
    Quantity(LOSS_CDF, r"F(x)", "distribution of L_TE"),
    Quantity(MEAN_ODDS, r"\overline{q}", "mean of q = (1 - L_TE)/L_TE"),
    Quantity(MEAN_ODDS2, r"\overline{q^2}", "second moment of q = (1 - L_TE)/L_TE"),
    Quantity(
        MEAN_RATIO,
        r"\overline{\rho}",
        "mean of min_t L_ST/L_TE^2",
    ),
    Quantity(LIMIT_RATIO, "c", "limit of psi (d - M)/M"),
    Quantity(PGR, r"\mathrm{PGR}", "performance gap recovered"),
    Quantity(STUDENT_SLOPE, r"\mathcal{L}_{\mathrm{ST}}'(t)", "time derivative of L_ST"),
    Quantity(RIDGE, r"\kappa", "effective ridge: sum_i lambda_i/(lambda_i + kappa) = M"),
    Quantity(RIDGE_ABOVE, r"\kappa'", "another effective ridge"),
    Quantity(
        SPREAD,
        "D",
        "sum_i kappa lambda_i/(lambda_i + kappa)^2, the normalisation of the noise energies",
    ),
    Quantity(MEASURED_LOSS, r"\hat{\mathcal{L}}_{\mathrm{TE}}", "measured mean of L_TE"),
    Quantity(MEASURED_CURVE, r"\hat{\mathcal{L}}_{\mathrm{ST}}(t)", "measured mean of L_ST(t)"),
    Quantity(PREDICTED_CURVE, r"\mathcal{L}_{\mathrm{ST}}^{\mathrm{eq}}(t)", "predicted L_ST(t)"),
    Quantity(DEGREE, "k", "degree of a spherical harmonic or Hermite polynomial"),
    Quantity(SPACE_DIM, "d", "dimension of the space whose unit sphere carries the inputs"),
    Quantity(POWER, r"\alpha", "power of the activation max(t,0)^alpha; 1 is ReLU"),
    Quantity(TERM, "m", "index of the terms of a series"),
    Quantity(POINT, "t", "cosine of the angle between a feature and an input"),
    Quantity(SIDE, "s", "cosine of the angle of rotation about a feature"),
    Quantity(RHO, r"\rho", "cosine of the angle between two features"),
    Quantity(TURN, r"\vartheta", "angle between two features, rho = cos(theta)"),
    Quantity(PLANE_ANGLE, r"\phi", "angle in the plane of two features"),
    Quantity(A_K, "a_{k}", "kernel coefficient of degree k; the kernel eigenvalue is its square"),
    Quantity(A_ZERO, "a_{0}", "kernel coefficient of degree 0"),
    Quantity(H_K, "h_{k}", "Hermite coefficient of degree k"),
    Quantity(N_K, "N_{k}", "number of independent harmonics of degree k"),
    Quantity(C_D, "c_{d}", "constant of the density of t"),
    Quantity(DECAY_C, "C", "constant of the decay law"),
)

NOTATION: dict[Symbol, str] = {q.symbol: q.latex for q in QUANTITIES}


def squared_distance(norm_a: Expr, norm_b: Expr, inner: Expr) -> Expr:
    """||a - b||^2 from the squared norms and the inner product."""
    return norm_a - 2 * inner + norm_b
