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
        r"\min_i \langle f_i, f_{i-1} - f_i\rangle",
        "smallest <f_i, f_{i-1} - f_i> over the links of a chain",
    ),
    Quantity(FILTER_MIN, r"\min_k s_k", "smallest spectral filter value of the student"),
    Quantity(FILTER_MAX, r"\max_k s_k", "largest spectral filter value of the student"),
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
)

NOTATION: dict[Symbol, str] = {q.symbol: q.latex for q in QUANTITIES}


def squared_distance(norm_a: Expr, norm_b: Expr, inner: Expr) -> Expr:
    """||a - b||^2 from the squared norms and the inner product."""
    return norm_a - 2 * inner + norm_b
