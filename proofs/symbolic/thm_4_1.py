"""Theorem 4.1 down to the perfect square, its best constant, its sharpness, and Corollary 1."""

from __future__ import annotations

from sympy import Expr, Ge, Integer, Lt, Symbol, cos, sin, sqrt, symbols, tan

from proofs.steps import (
    Proof,
    Step,
    at_least_on_unit,
    combination,
    concludes,
    decided,
    equal,
    nonnegative,
    touches,
)
from proofs.symbolic.def_1 import DISTANCES
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.sharpness import SCALED
from w2s_theory.ledger.statement import Statement

L, NORM = q.L_TE, q.TEACHER_NORM2
LOSS = q.squared_distance(NORM, q.TARGET_NORM2, q.TEACHER_TARGET)
_OPTIMALITY = q.TEACHER_TARGET - NORM


def teacher_norm_step() -> Step:
    """||f_T||^2 <= 1 - L_TE, since 1 - L_TE - ||f_T||^2 = 2 <f_T, f* - f_T> + (1 - ||f*||^2)."""
    return combination(
        "teacher norm",
        1 - LOSS - NORM,
        [(2, _OPTIMALITY), (1 - q.TARGET_NORM2,)],
        [(_OPTIMALITY, s.TEACHER_SHRINKS), (1 - q.TARGET_NORM2, s.UNIT_TARGET)],
        "L_TE = ||f_T - f*||^2, expanded",
    )


def cauchy_schwarz_step() -> Step:
    """||u - v|| >= ||u|| - ||v||, from <u, v> <= ||u|| ||v||, itself a square."""
    u, v, inner = symbols("u2 v2 uv", positive=True)
    return equal(
        "Cauchy-Schwarz",
        u * v - inner**2,
        u * (v - 2 * (inner / u) * inner + (inner / u) ** 2 * u),
        "||u||^2 ||v||^2 - <u,v>^2 = ||u||^2 ||v - (<u,v>/||u||^2) u||^2 >= 0; so the triangle "
        "inequality ||u - v|| >= ||u|| - ||v||",
    )


def floor_at(norm: Expr) -> Expr:
    """(sqrt(2 + 2L - n) - sqrt(n))/2: distance from f* to the ball, for ||f_T||^2 = n."""
    return s.half(sqrt(2 + 2 * L - norm) - sqrt(norm))


def prove_thm_4_1(statement: Statement) -> Proof:
    """Distance from f* to the ball of diameter [0, f_T], decreasing in ||f_T||; then the square."""
    first, second = statement.claim
    centre = q.squared_distance(q.TARGET_NORM2, NORM / 4, q.TEACHER_TARGET / 2)
    radius = NORM / 4 - q.CENTRE_DISTANCE2
    for symbol, value in DISTANCES:
        radius = radius.xreplace({symbol: value})
    return Proof(
        statement,
        (
            combination(
                "ball",
                radius,
                [(s.SHRINKAGE,)],
                [(s.SHRINKAGE, s.STUDENT_SHRINKS)],
                "f_S is within r = ||f_T||/2 of the centre f_T/2 (Definition 1)",
            ),
            cauchy_schwarz_step(),
            equal(
                "centre",
                centre,
                (2 + 2 * LOSS - NORM) / 4,
                "||f* - f_T/2||^2 = (2 + 2 L - n)/4, n = ||f_T||^2",
                s.UNIT_TARGET,
                of=((q.TARGET_NORM2, Integer(1)),),
            ),
            teacher_norm_step(),
            equal(
                "decreasing",
                2 + 2 * L - NORM,
                (1 + 3 * L) + (1 - L - NORM),
                "n <= 1 - L gives 2 + 2L - n >= 1 + 3L; the root is increasing, so the distance "
                "(sqrt(2 + 2L - n) - sqrt(n))/2 is least at n = 1 - L",
            ),
            equal(
                "worst teacher",
                floor_at(1 - L),
                s.half(sqrt(1 + 3 * L) - sqrt(1 - L)),
                "the distance at n = 1 - L",
            ),
            nonnegative(
                "distance is nonnegative",
                (1 + 3 * L) - (1 - L),
                L,
                "sqrt(1 + 3L) >= sqrt(1 - L), so squaring keeps the order",
            ),
            equal(
                "square",
                s.SHRINKAGE_FLOOR_AS_SQUARE.expr,
                s.SHRINKAGE_FLOOR.expr,
                "((sqrt(1+3L) - sqrt(1-L))/2)^2, multiplied out",
            ),
            concludes(
                "first inequality",
                first,
                Ge(q.L_ST, s.SHRINKAGE_FLOOR.expr),
                "L_ST = ||f_S - f*||^2 >= (||f* - f_T/2|| - ||f_T||/2)^2",
                s.UNIT_TARGET,
                s.TEACHER_SHRINKS,
                s.STUDENT_SHRINKS,
            ),
            at_least_on_unit(
                "second inequality",
                second.lhs,
                second.rhs,
                L,
                "p - w >= 0 with p >= 0 and p^2 - w^2 = L^2 (1 - 3L/2)^2 >= 0",
            ),
        ),
    )


def prove_thm_4_1_best(statement: Statement) -> Proof:
    """The gap is a perfect square with zeros 0 and 2/3; any larger constant fails at 2/3."""
    square, touch = statement.claim
    at = dict(statement.where)
    return Proof(
        statement,
        (
            equal(
                "perfect square",
                square.lhs,
                square.rhs,
                "polynomials in L",
                is_clause=True,
            ),
            touches(
                "zeros",
                square.lhs.expand(),
                L,
                [Integer(0), at[q.TOUCH]],
                "Sturm: no other zero in [0, 1]",
            ),
            equal(
                "touch",
                touch.lhs,
                touch.rhs,
                "exact: both sides are 1/3",
                of=statement.where,
                is_clause=True,
            ),
        ),
    )


def prove_thm_4_1_sharp(statement: Statement) -> Proof:
    """One student turning by phi: product to sum, then the amplitude of a cosine."""
    (clause,) = statement.claim
    c, phi, theta = Symbol("c", positive=True), q.PHI, q.THETA
    objective = s.CHAIN_OBJECTIVE(Integer(1), theta, phi)
    doubled = (
        1
        - cos(theta) ** 2 / 2
        - cos(theta) ** 2 * cos(2 * phi) / 2
        - cos(theta) * sin(theta) * sin(2 * phi)
    )
    cosine2 = 1 / sqrt(1 + 4 * tan(theta) ** 2)
    loss = 1 - c**2
    attained = 1 - c**2 / 2 - (c / 2) * sqrt(c**2 + 4 * loss)
    return Proof(
        statement,
        (
            equal("product to sum", objective, doubled, "cos(x) cos(y) and cos(x)^2 as sums"),
            equal(
                "angle",
                cosine2**2 * (1 + 4 * tan(theta) ** 2),
                Integer(1),
                "tan(2 phi) = 2 tan(theta) has cos(2 phi) = 1/sqrt(1 + 4 tan(theta)^2) and "
                "sin(2 phi) = 2 tan(theta) cos(2 phi)",
            ),
            equal(
                "amplitude",
                (c / 2) * c + (c * sqrt(loss)) * (2 * sqrt(loss) / c),
                (c / 2) * (c**2 + 4 * loss) / c,
                "with c = cos(theta), cos(2 phi) = c/sqrt(c^2 + 4 (1 - c^2)): the two terms add up "
                "to (c/2) sqrt(c^2 + 4 (1 - c^2))",
            ),
            equal(
                "floor",
                attained,
                clause.rhs.xreplace({L: loss}),
                "L = 1 - c^2",
                is_clause=True,
            ),
        ),
    )


def prove_thm_4_1_needs_teacher(statement: Statement) -> Proof:
    """f_T = g f*, f_S = f*: every number in closed form."""
    shrinks, beaten, loss, teacher = statement.claim
    g = q.GAIN
    values = (
        (q.L_TE, LOSS),
        (q.TEACHER_TARGET, g),
        (NORM, g**2),
        (q.TARGET_NORM2, Integer(1)),
        (q.STUDENT_TEACHER, g),
        (q.STUDENT_NORM2, Integer(1)),
    )
    return Proof(
        statement,
        (
            equal("loss", loss.lhs, loss.rhs, "(g - 1)^2", of=values, is_clause=True),
            equal(
                "student shrinks",
                shrinks.lhs - shrinks.rhs,
                g - 1,
                "> 0 by g > 1",
                *SCALED,
                of=values,
            ),
            equal(
                "limit is broken",
                beaten.rhs.xreplace({L: (g - 1) ** 2}),
                s.QUADRATIC_CONSTANT * (g - 1) ** 4,
                "> 0 = L_ST, since f_S = f*",
                *SCALED,
            ),
            equal(
                "teacher does not shrink",
                teacher.lhs - teacher.rhs,
                -g * (g - 1),
                "< 0 by g > 1",
                *SCALED,
                of=values,
            ),
            decided("an instance", Lt(0, s.QUADRATIC_CONSTANT), "g = 2: L_TE = 1, L_ST = 0"),
        ),
    )


def prove_cor_1(statement: Statement) -> Proof:
    """Lemma lem-ls gives the teacher's optimality, Lemma 1 the student's; then Theorem 4.1."""
    ledger = load()
    theorem = ledger["thm-4.1"]
    (clause,) = statement.claim
    return Proof(
        statement,
        (
            concludes(
                "teacher",
                s.TEACHER_SHRINKS.condition,
                ledger["lem-ls"].claim[1],
                "the conclusion of lem-ls is the theorem's assumption on the teacher",
                *ledger["lem-ls"].assumes,
            ),
            concludes(
                "student",
                s.STUDENT_SHRINKS.condition,
                ledger["lem-1"].claim[0],
                "the conclusion of lem-1 is the theorem's assumption on the student",
                *ledger["lem-1"].assumes,
            ),
            at_least_on_unit(
                "floor",
                theorem.claim[1].lhs,
                clause.rhs,
                L,
                "Theorem 4.1's sharp floor is at least the corollary's bound",
            ),
            concludes(
                "corollary",
                clause,
                Ge(q.L_ST, clause.rhs),
                "L_ST >= sharp floor >= bound",
                s.UNIT_TARGET,
            ),
        ),
    )
