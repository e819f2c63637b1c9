"""The symbols of the theory, each with its LaTeX and what it means.

Everything in section 4 of the paper happens in the span of three functions: the target f*, the
teacher f_T and the student f_S. A setting is therefore known by their inner products in L2(D), and
assumptions and claims are relations between those numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Symbol


@dataclass(frozen=True, slots=True)
class Quantity:
    """A symbol, its LaTeX, and its meaning in one line."""

    symbol: Symbol
    latex: str
    meaning: str


def _real(name: str) -> Symbol:
    return Symbol(name, real=True)


# Each symbol is named where it is listed: one row declares it, its LaTeX and its meaning.
_DECLARED: tuple[tuple[Symbol, str, str], ...] = (
    # Inner products. <f,g> = E_x f(x) g(x).
    (TARGET_NORM2 := _real("target_norm2"), r"\|f^*\|^2", "squared norm of the target"),
    (TEACHER_NORM2 := _real("teacher_norm2"), r"\|f_T\|^2", "squared norm of the teacher"),
    (STUDENT_NORM2 := _real("student_norm2"), r"\|f_S\|^2", "squared norm of the student"),
    (
        TEACHER_TARGET := _real("teacher_target"),
        r"\langle f_T, f^*\rangle",
        "teacher against target",
    ),
    (
        STUDENT_TARGET := _real("student_target"),
        r"\langle f_S, f^*\rangle",
        "student against target",
    ),
    (
        STUDENT_TEACHER := _real("student_teacher"),
        r"\langle f_S, f_T\rangle",
        "student against teacher",
    ),
    (L_TE := _real("L_TE"), r"\mathcal{L}_{\mathrm{TE}}", "teacher loss ||f_T - f*||^2"),
    (L_ST := _real("L_ST"), r"\mathcal{L}_{\mathrm{ST}}", "student loss ||f_S - f*||^2"),
    # A chain of students.
    (CHAIN := Symbol("n", integer=True, positive=True), "n", "number of students in a chain"),
    (
        LINK_MIN := _real("link_min"),
        r"\gamma_{\min}",
        "smallest <f_i, f_{i-1} - f_i> over the links of a chain",
    ),
    # The student's learning rule as a spectral filter s(lambda).
    (
        FILTER_MIN := _real("filter_min"),
        r"s_{\min}",
        "smallest spectral filter value of the student",
    ),
    (
        FILTER_MAX := _real("filter_max"),
        r"s_{\max}",
        "largest spectral filter value of the student",
    ),
    (EIGENVALUE := _real("eigenvalue"), r"\lambda", "kernel eigenvalue"),
    (EIGENVALUE_MIN := _real("eigenvalue_min"), r"\lambda_{\min}", "smallest kernel eigenvalue"),
    (TIME := _real("time"), "t", "gradient flow time, dw/dt = -(1/2) grad"),
    (STEP := _real("step"), r"\eta", "gradient descent step, or ridge parameter"),
    (STEPS := _real("steps"), "k", "number of gradient descent steps"),
    (SLOWNESS := Symbol("N", positive=True), "N", "exp(t), and the inverse of a small eigenvalue"),
    (MOMENTUM := _real("momentum"), r"\mu", "heavy-ball momentum"),
    # Auxiliary reals of particular statements.
    (SCALE := _real("a"), "a", "a scale in Definition 1"),
    (PHI := _real("phi"), r"\varphi", "angle turned by each student of a chain"),
    (THETA := _real("theta"), r"\theta", "angle between teacher and target, sin(theta)^2 = L_TE"),
    (FLOOR_ONE := _real("floor_one"), r"\mathcal{F}_1", "limit of a one-step chain"),
    (FLOOR_N := _real("floor_n"), r"\mathcal{F}_n", "limit of an n-step chain"),
    (FLOOR_NEXT := _real("floor_next"), r"\mathcal{F}_{n+1}", "limit of an (n+1)-step chain"),
    (TOUCH := _real("touch"), "L_0", "the loss at which floor and parabola touch"),
    (FIT := _real("fit"), r"\|f_T - f_S\|^2", "squared distance of teacher and student"),
    (
        SCALED_FIT := _real("scaled_fit"),
        r"\|f_T - a f_S\|^2",
        "squared distance of teacher and scaled student",
    ),
    (
        CENTRE_DISTANCE2 := _real("centre_distance2"),
        r"\|f_S - \tfrac{1}{2} f_T\|^2",
        "squared distance of the student from the centre of the teacher's ball",
    ),
    (GAIN := _real("g"), "g", "factor by which a teacher is scaled up"),
    (COEFFICIENT := _real("c"), "c", "a constant"),
    (EXPONENT := _real("beta"), r"\beta", "an exponent"),
    (
        RESIDUAL := _real("residual"),
        r"\|Gw - b\|_\infty",
        "residual of the teacher's normal equations",
    ),
    (PENALTY_ZERO := _real("R_0"), "R(0)", "regulariser at 0"),
    (PENALTY_STUDENT := _real("R_S"), "R(f_S)", "regulariser at the student"),
    (PENALTY_SCALED := _real("R_aS"), "R(a f_S)", "regulariser at the scaled student"),
    # Consequences of Theorem 4.1: a run, its start, its ceiling, its labels.
    (SLACK := _real("slack"), r"\varepsilon", "how far below 0 the student's shrinkage may lie"),
    (START_LOSS := _real("start_loss"), r"\mathcal{L}_0", "initial student's loss ||f_0 - f*||^2"),
    (
        START_DISTANCE := _real("start_distance"),
        r"\|f_T - f_0\|^2",
        "squared distance of the teacher from the initial student",
    ),
    (
        START_GAP := _real("start_gap"),
        r"\langle f_S - f_0, f_T - f_S\rangle",
        "shrinkage of what the student has moved from its start",
    ),
    (
        CEILING := _real("ceiling"),
        r"\mathcal{L}_{\mathrm{ceiling}}",
        "the student's best loss on the true labels",
    ),
    (ADVANTAGE := _real("advantage"), "e", "advantage of the teacher over 0, 1 - L_TE"),
    (WEAK_SHARE := _real("weak_share"), "q", "share of the teacher's labels, the rest is gold"),
    (
        CLASS_ZERO := _real("class_zero"),
        r"\min_{0 \le a \le 1} \|f_T - f_S + a f_S\|^2 - \|f_T - f_S\|^2",
        "what f_T loses at least on the way from f_S to 0",
    ),
    (
        CLASS_TARGET := _real("class_target"),
        r"\min_{0 \le a \le 1} \|f_T - f_S - a (f^* - f_S)\|^2 - \|f_T - f_S\|^2",
        "what f_T loses at least on the way from f_S to f*",
    ),
    (
        CLASS_POINT := _real("class_point"),
        r"\min_{0 \le a \le 1} \|f_T - f_S - a (g - f_S)\|^2 - \|f_T - f_S\|^2",
        "what f_T loses at least on the way from f_S to g",
    ),
    (
        POINT_DISTANCE := _real("point_distance"),
        r"\|f^* - g\|^2",
        "squared distance of the target from a member of the class",
    ),
    (WEIGHT := _real("weight"), "w", "weight of the first of two that are averaged"),
    (ONE_GAP := _real("one_gap"), r"\langle f_1, f_T - f_1\rangle", "shrinkage of student 1"),
    (OTHER_GAP := _real("other_gap"), r"\langle f_2, f_T - f_2\rangle", "shrinkage of student 2"),
    (ONE_LOSS := _real("one_loss"), r"\|f_1 - f^*\|^2", "loss of student 1"),
    (OTHER_LOSS := _real("other_loss"), r"\|f_2 - f^*\|^2", "loss of student 2"),
    (STUDENTS_APART := _real("students_apart"), r"\|f_1 - f_2\|^2", "squared distance of students"),
    (
        ONE_TEACHER_GAP := _real("one_teacher_gap"),
        r"\langle t_1, f^* - t_1\rangle",
        "shrinkage of teacher 1 for the target",
    ),
    (
        OTHER_TEACHER_GAP := _real("other_teacher_gap"),
        r"\langle t_2, f^* - t_2\rangle",
        "shrinkage of teacher 2 for the target",
    ),
    (TEACHERS_APART := _real("teachers_apart"), r"\|t_1 - t_2\|^2", "squared distance of teachers"),
    (
        HEAD_GRADIENT := _real("head_gradient"),
        r"\|\omega W - \langle h, f_T - f_S\rangle\|_\infty",
        "largest entry of half the gradient in the head",
    ),
    (DECAY := _real("decay"), r"\omega", "weight decay"),
    (HEAD_NORM2 := _real("head_norm2"), r"\|W\|^2", "squared norm of the head's weights"),
    (HOMOGENEITY := _real("homogeneity"), "H", "degree of homogeneity in the weights"),
    (
        EULER_MISS := _real("euler_miss"),
        r"\|\theta \cdot \nabla f_S - H f_S\|^2",
        "by how much Euler's identity fails",
    ),
    (
        NORM_RATE := _real("norm_rate"),
        r"\tfrac{d}{dt} \tfrac{1}{2} \|\theta\|^2",
        "rate of half the squared norm of all weights",
    ),
    (PARAMETER_NORM2 := _real("parameter_norm2"), r"\|\theta\|^2", "squared norm of all weights"),
    (LATER_TIME := _real("later_time"), "t'", "a later time"),
    (LATER_FIT := _real("later_fit"), r"\|f_T - f_S'\|^2", "misfit at a later time"),
    (FILTER_RISE := _real("filter_rise"), r"\min (s' - s)", "least rise of the filter"),
    (LATER_MAX := _real("later_max"), r"s'_{\max}", "largest filter value at the later time"),
    (
        UNCONVERGED := _real("unconverged"),
        r"\|f_S - P_S f_T\|^2",
        "squared distance of the student from the teacher's projection on its features",
    ),
    (
        UNSEEN := _real("unseen"),
        r"\|P_S (I - P_T) f^*\|^2",
        "what the student's features see of what the teacher's cannot",
    ),
    (INVERSE_MAX := _real("inverse_max"), r"\lambda_{\min}^{-1}", "largest 1/lambda"),
    (BIAS := _real("bias"), "B", "the loss that training longer never removes"),
    (UNFINISHED := _real("unfinished"), r"\delta", "what the filter lacks of 1 on the target"),
    (NOISE := _real("noise"), "N", "the student's noise"),
    (MEAN_INVERSE := _real("mean_inverse"), r"\mathbb{E}[1/\lambda]", "mean of 1/lambda"),
    (MEAN_INVERSE2 := _real("mean_inverse2"), r"\mathbb{E}[1/\lambda^2]", "mean of 1/lambda^2"),
    # Alignment of the teacher with a set S of student eigenfunctions, and the spectrum around it.
    (
        KAPPA := _real("kappa_S"),
        r"\kappa_S",
        "alignment: the teacher's worst loss over unit targets in S",
    ),
    (
        KAPPA_TURNED := _real("kappa_turned"),
        r"\kappa_S^R",
        "alignment after a rotation of everything",
    ),
    (
        KAPPA_RISE := _real("kappa_rise"),
        r"\Delta_S\kappa",
        "what a larger set adds to the alignment",
    ),
    (
        KAPPA_FALL := _real("kappa_fall"),
        r"\Delta_M\kappa",
        "what more units take off the alignment",
    ),
    (
        KAPPA_TARGET := _real("kappa_target"),
        r"\kappa_{\{f^*\}}",
        "alignment for S spanned by the target",
    ),
    (
        MEAN_KAPPA := _real("mean_kappa"),
        r"\overline{\kappa}_S",
        "mean alignment over random features",
    ),
    (SIGMA2_MIN := _real("sigma2_min"), r"\sigma_{\min}^2", "cos^2 of the largest principal angle"),
    (
        WORST_LOSS := _real("worst_loss"),
        r"\mathcal{L}_{\max}(S)",
        "worst loss of a least-squares teacher over unit targets in S",
    ),
    (
        PENCIL := _real("pencil"),
        r"\mu_{|S|}(G_S, G)",
        "|S|-th largest generalised eigenvalue of the Gram matrix of S against the whole",
    ),
    (
        PENCIL_BEFORE := _real("pencil_before"),
        r"\mu_{|S|-1}(G_S, G)",
        "the generalised eigenvalue before it",
    ),
    (SIZE := _real("size"), "|S|", "number of eigenfunctions in S"),
    (WIDTH := _real("width"), "M", "width of the teacher"),
    (
        PROJECTED_MISS := _real("projected_miss"),
        r"\|P_S(f_T - f^*)\|^2",
        "the teacher's loss within S",
    ),
    (
        TARGET_OUTSIDE := _real("target_outside"),
        r"\|f^* - P_S f^*\|^2",
        "the target's energy outside S",
    ),
    (
        NULL_ENERGY := _real("null_energy"),
        r"\|P_0 f^*\|^2",
        "the target's energy where the kernel vanishes",
    ),
    (
        NULL_TEACHER := _real("null_teacher"),
        r"\|P_0 f_T\|^2",
        "the teacher's energy where the kernel vanishes",
    ),
    (
        LAMBDA_TARGET := _real("lambda_target"),
        r"\lambda_0",
        "smallest kernel eigenvalue that carries the target",
    ),
    (
        LAMBDA_OUT := _real("lambda_out"),
        r"\lambda_{\mathrm{out}}",
        "largest kernel eigenvalue outside S",
    ),
    (
        TRACE := _real("trace"),
        r"\operatorname{tr} K",
        "trace of the kernel, the squared norm of a feature",
    ),
    (INVERSE_SUM := _real("inverse_sum"), r"\Sigma_S", "sum of inverse eigenvalues over S"),
    (MEAN_LOSS := _real("mean_loss"), r"\overline{\mathcal{L}}_{\mathrm{TE}}", "mean teacher loss"),
    # Theorem 3.1: the risk of a badly aligned teacher, the degrees in S, medians at two widths.
    (RISK := _real("risk"), r"\delta", "a risk, over the teacher's features"),
    (
        MISS_RISK := _real("miss_risk"),
        r"\mathbb{P}\left(\kappa_S > \tfrac{A_S}{\delta M}\right)",
        "probability that kappa_S exceeds A_S/(delta M), A_S = tr K sum_S 1/lambda - |S|",
    ),
    (FACTOR := _real("factor"), "A", "a factor"),
    (LOSS_POWER := _real("loss_power"), "b", "a power of M: L_TE is at least M^-b"),
    (CUT := Symbol("K", positive=True), "K", "the largest degree in S"),
    # The rate: several scales, leverage, and what bounds a teacher from both sides.
    (
        LEAKED := _real("leaked"),
        r"\Lambda",
        "sum over scales beyond S of (s_k^2 - s_{k+}^2) kappa_k, and s^2 of what lies beyond them",
    ),
    (
        LEAKED_BEFORE := _real("leaked_before"),
        r"\Lambda^-",
        "the same with the alignment of the scale before each",
    ),
    (
        HIDDEN := _real("hidden"),
        r"\Delta",
        "worst squared distance from the kernel's unit ball to the teacher's span, "
        "||K^(1/2) (I - P_T)||^2",
    ),
    (LEVEL := _real("level"), r"\mu", "a level of the spectrum"),
    (
        FREEDOM := _real("freedom"),
        r"d(\mu)",
        "degrees of freedom, sum_k N_k lambda_k/(lambda_k + mu)",
    ),
    (
        DEVIATION := _real("deviation"),
        r"\tau",
        "largest eigenvalue of (K + mu)^(-1/2) (K - K_M) (K + mu)^(-1/2), K_M the features' mean",
    ),
    (
        LEVERAGE_RISK := _real("leverage_risk"),
        r"\mathbb{P}(\Delta > \mu)",
        "probability that some unit function of the kernel is farther than mu (squared)",
    ),
    (
        FAR_RISK := _real("far_risk"),
        r"\mathbb{P}(\Delta > 4\mu)",
        "probability that some unit function of the kernel is farther than 4 mu (squared)",
    ),
    (
        TARGET_ENERGY := _real("target_energy"),
        r"\|f^*\|_K^2",
        "the target's energy in the kernel's own norm, sum_k ||f*_k||^2/lambda_k",
    ),
    (
        FLATNESS := _real("flatness"),
        "B",
        "largest h(x)^2 over its mean, h = sum_k f*_k/a_k (N_k for a zonal target of degree k)",
    ),
    (
        VANISHING := Symbol("ell", integer=True, positive=True),
        r"\ell",
        "degree of the polynomials that vanish at the units",
    ),
    (
        LINE_ENERGY := _real("line_energy"),
        r"w^\top A w",
        "least energy of an even function that takes a unit linear function's values at the units",
    ),
    (
        LEAST_ENERGY := _real("least_energy"),
        r"\lambda_{\min}(A)",
        "the least of these over unit linear functions",
    ),
    (PAIR_GAP := _real("pair_gap"), "r", "angle by which two units miss being opposite"),
    (NEXT_GAP := _real("next_gap"), "h", "angle from them to the next unit's line"),
    (
        SIGHT := _real("sight"),
        "c",
        "the lesser cosine of the two units' lines with the linear function",
    ),
    (SIDES := _real("sides"), r"\sigma", "-1 for nearly opposite units, 1 for nearly equal ones"),
    (
        TEACHER_SLOPE := _real("teacher_slope"),
        r"\hat\alpha",
        "exponent of the median L_TE in the width, between two widths",
    ),
    (
        EVEN_ENERGY := _real("even_energy"),
        r"b^\top (G - b b^\top)^{-1} b",
        "b the target's overlaps with the features, G their Gram matrix",
    ),
    (WIDTH_WIDE := _real("width_wide"), "M'", "a larger width"),
    (
        RATIO_NARROW := _real("ratio_narrow"),
        r"\rho_M",
        "median of min_t L_ST/L_TE at the smaller width",
    ),
    (
        RATIO_WIDE := _real("ratio_wide"),
        r"\rho_{M'}",
        "median of min_t L_ST/L_TE at the larger width",
    ),
    (PGR_NARROW := _real("pgr_narrow"), r"\mathrm{PGR}_M", "median PGR at the smaller width"),
    (PGR_WIDE := _real("pgr_wide"), r"\mathrm{PGR}_{M'}", "median PGR at the larger width"),
    (
        SQUARE_NARROW := _real("square_narrow"),
        r"\varrho_M",
        "median of min_t L_ST/L_TE^2 at the smaller width",
    ),
    (SQUARE_WIDE := _real("square_wide"), r"\varrho_{M'}", "the same at the larger width"),
    (DIM := _real("dim"), "d", "dimension of the inputs"),
    (SLOPE := _real("slope"), r"\hat\beta", "fitted exponent of min_t L_ST against L_TE"),
    # The linear model: Psi = (1, ..., 1, psi, ..., psi).
    (PSI := _real("psi"), r"\psi", "variance of the weak directions of the linear model"),
    (
        BLOCK_MIN := _real("block_min"),
        r"\mu_{\min}",
        "lambda_min(A W^-1 A^T): A the strong coordinates of the features, W the weak ones' Gram",
    ),
    (
        BLOCK_LOSS := _real("block_loss"),
        r"b^\top H b",
        "b the target's strong coordinates, H = (I + A W^-1 A^T)^-1",
    ),
    (
        BLOCK_SQUARE := _real("block_square"),
        r"\|H b\|^2",
        "what the teacher misses of the strong directions",
    ),
    (
        WEAK_ENERGY := _real("weak_energy"),
        r"\|f_T - P_S f_T\|^2",
        "the teacher's energy in the weak directions",
    ),
    (LOSS_AT := _real("loss_at"), "x", "a teacher loss"),
    (LOSS_CDF := _real("loss_cdf"), r"F(x)", "distribution of L_TE"),
    (MEAN_ODDS := _real("mean_odds"), r"\overline{q}", "mean of q = (1 - L_TE)/L_TE"),
    (MEAN_ODDS2 := _real("mean_odds2"), r"\overline{q^2}", "second moment of q = (1 - L_TE)/L_TE"),
    (MEAN_RATIO := _real("mean_ratio"), r"\overline{\rho}", "mean of min_t L_ST/L_TE^2"),
    (LIMIT_RATIO := _real("limit_ratio"), "c", "limit of psi (d - M)/M"),
    (PGR := _real("pgr"), r"\mathrm{PGR}", "performance gap recovered"),
    (
        STUDENT_SLOPE := _real("student_slope"),
        r"\mathcal{L}_{\mathrm{ST}}'(t)",
        "time derivative of L_ST",
    ),
    # Gaussian universality: the effective ridge and what is predicted and measured.
    (RIDGE := _real("ridge"), r"\kappa", "effective ridge: sum_i lambda_i/(lambda_i + kappa) = M"),
    (RIDGE_ABOVE := _real("ridge_above"), r"\kappa'", "another effective ridge"),
    (CAPTURED := _real("captured"), r"d(\kappa)", "sum_i lambda_i/(lambda_i + kappa)"),
    (CAPTURED_ABOVE := _real("captured_above"), r"d(\kappa')", "the same at another ridge"),
    (
        SPREAD := _real("spread"),
        "D",
        "sum_i kappa lambda_i/(lambda_i + kappa)^2, the normalisation of the noise energies",
    ),
    (
        MEASURED_LOSS := _real("measured_loss"),
        r"\hat{\mathcal{L}}_{\mathrm{TE}}",
        "measured median of L_TE",
    ),
    (
        MEASURED_CURVE := _real("measured_curve"),
        r"\hat{\mathcal{L}}_{\mathrm{ST}}(t)",
        "measured median of L_ST(t)",
    ),
    (
        PREDICTED_CURVE := _real("predicted_curve"),
        r"\mathcal{L}_{\mathrm{ST}}^{\mathrm{eq}}(t)",
        "predicted L_ST(t)",
    ),
    # Kernel spectra: max(t,0)^alpha on S^{d-1} or for the Gaussian measure, degree by degree.
    (
        DEGREE := Symbol("k", integer=True, nonnegative=True),
        "k",
        "degree of a spherical harmonic or Hermite polynomial",
    ),
    (
        SPACE_DIM := Symbol("d", integer=True, positive=True),
        "d",
        "dimension of the space whose unit sphere carries the inputs",
    ),
    (
        POWER := Symbol("alpha", nonnegative=True),
        r"\alpha",
        "power of the activation max(t,0)^alpha, 1 for ReLU",
    ),
    (TERM := Symbol("m", integer=True, nonnegative=True), "m", "index of the terms of a series"),
    (POINT := _real("t"), "t", "cosine of the angle between a feature and an input"),
    (SIDE := _real("s"), "s", "cosine of the angle of rotation about a feature"),
    (RHO := _real("rho"), r"\rho", "cosine of the angle between two features"),
    (TURN := _real("vartheta"), r"\vartheta", "angle between two features, rho = cos(vartheta)"),
    (PLANE_ANGLE := _real("phi_1"), r"\varphi", "angle in the plane of two features"),
    (
        A_K := _real("a_k"),
        "a_{k}",
        "kernel coefficient of degree k; the kernel eigenvalue is its square",
    ),
    (A_ZERO := _real("a_0"), "a_{0}", "kernel coefficient of degree 0"),
    (H_K := _real("h_k"), "h_{k}", "Hermite coefficient of degree k"),
    (N_K := _real("N_k"), "N_{k}", "number of independent harmonics of degree k"),
    (C_D := _real("c_d"), "c_{d}", "constant of the density of t"),
    (DECAY_C := _real("C"), "C", "constant of the decay law"),
)
QUANTITIES = tuple(Quantity(*declared) for declared in _DECLARED)

NOTATION: dict[Symbol, str] = {q.symbol: q.latex for q in QUANTITIES}


def squared_distance(norm_a: Expr, norm_b: Expr, inner: Expr) -> Expr:
    """||a - b||^2 from the squared norms and the inner product."""
    return norm_a - 2 * inner + norm_b
