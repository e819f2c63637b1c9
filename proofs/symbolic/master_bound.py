"""The master bound: three orthogonal parts of the student's error, each bounded, then summed."""

from __future__ import annotations

from sympy import Expr, Integer, Le, exp, sqrt, symbols

from proofs.operators import nested, operator, operator_equal, projections
from proofs.steps import Proof, Step, combination, concludes, equal
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.alignment import MASTER, TARGET_IN_S
from w2s_theory.ledger.statement import Assumption, Statement

P_0, P_S = operator("P_0"), operator("P_S")
RULES = {**projections(P_0, P_S), **nested(P_0, P_S)}
_X, _Z, _C, _FS, _FO = symbols("x z c s s_out", real=True)
_A, _B, _Q, _O, _R, _E, _SO, _L = symbols("a b q o r e s_o L", real=True)


def master_steps(
    *, unit: Assumption = s.UNIT_TARGET, least_squares: Assumption = s.NORMAL_EQUATIONS
) -> tuple[Step, ...]:
    """Everything but the last line."""
    return (
        operator_equal(
            "three parts",
            P_0 * P_0 + (P_S - P_0) * (P_S - P_0) + (1 - P_S) * (1 - P_S),
            1 + 0 * P_0,
            RULES,
            "P_0, P_S - P_0 and I - P_S are projections that sum to I, so L_ST is the sum of three "
            "squared norms, and so is L_TE; f* lies in the first part",
            TARGET_IN_S,
        ),
        combination(
            "S_0: not yet learnt",
            (_Z**2 - _X**2) * _C**2,
            [(_Z - _X, _Z + _X, _C**2)],
            [
                (_Z - _X, "x = exp(-lambda t) <= z = exp(-lambda_0 t), for lambda >= lambda_0"),
                (_Z + _X, "exponentials are positive"),
                (q.TIME, s.TIME_NONNEGATIVE),
            ],
            "f_S - f_T = -x c in an eigenfunction of S_0; so b = ||P_0 (f_S - f_T)|| <= "
            "z ||P_0 f_T||",
        ),
        equal(
            "norm of the teacher",
            q.squared_distance(Integer(1), q.TEACHER_NORM2, q.TEACHER_NORM2),
            1 - q.TEACHER_NORM2,
            "L_TE = 1 - ||f_T||^2 for a least-squares teacher, so ||P_0 f_T||^2 <= 1 - L_TE",
            unit,
            least_squares,
        ),
        combination(
            "S without S_0: no overshoot",
            _C**2 - _FS**2 * _C**2,
            [(1 - _FS, 1 + _FS, _C**2)],
            [
                (1 - _FS, "1 - s = exp(-lambda t) > 0"),
                (1 + _FS, "s = 1 - exp(-lambda t) >= 0"),
                (q.TIME, s.TIME_NONNEGATIVE),
                (q.EIGENVALUE_MIN, s.EIGENVALUES_NONNEGATIVE),
            ],
            "there f* = 0: the student's part is no larger than the teacher's, whose square is q",
        ),
        combination(
            "outside S: leakage",
            _FO**2 * _C**2 - _FS**2 * _C**2,
            [(_FO - _FS, _FO + _FS, _C**2)],
            [
                (_FO - _FS, "lambda <= lambda_out and 1 - exp(-lambda t) increases with lambda"),
                (_FO + _FS, "both are nonnegative"),
                (q.TIME, s.TIME_NONNEGATIVE),
                (q.EIGENVALUE_MIN, s.EIGENVALUES_NONNEGATIVE),
            ],
            "there f* = 0 too: o <= s_out^2 ||(I - P_S)(f_T - f*)||^2 <= s_out^2 L_TE",
        ),
        combination(
            "sum",
            (_R + _E) ** 2 + _SO**2 * _L - ((_A + _B) ** 2 + _Q + _O),
            [
                (_R**2 - _A**2 - _Q,),
                (2, _R, _E - _B),
                (2, _B, _R - _A),
                (_E - _B, _E + _B),
                (_SO**2 * _L - _O,),
            ],
            [
                (_R**2 - _A**2 - _Q, "kappa-alignment: a^2 + q = ||P_S (f_T - f*)||^2 <= r^2"),
                (_R - _A, "the same, q >= 0"),
                (_R, "r = sqrt(kappa_S L_TE)"),
                (_B, "a norm"),
                (_E - _B, "b <= e = exp(-lambda_0 t) sqrt(1 - L_TE)"),
                (_E + _B, "both are nonnegative"),
                (_SO**2 * _L - _O, "leakage"),
            ],
            "triangle inequality on S_0: ||P_0 (f_S - f*)|| <= a + b, a = ||P_0 (f_T - f*)||",
        ),
    )


def bound() -> Expr:
    """(r + e)^2 + s_out^2 L with what r, e and s_out stand for."""
    aligned = sqrt(q.KAPPA * q.L_TE)
    unfinished = exp(-q.LAMBDA_TARGET * q.TIME) * sqrt(1 - q.L_TE)
    leaked = s.GRADIENT_FLOW(q.LAMBDA_OUT, q.TIME)
    return (aligned + unfinished) ** 2 + leaked**2 * q.L_TE


def prove_master_bound(statement: Statement) -> Proof:
    """Alignment on S, exponential decay on S_0, monotone filter elsewhere."""
    (clause,) = statement.claim
    return Proof(
        statement,
        (
            *master_steps(),
            concludes(
                "master bound",
                clause,
                Le(q.L_ST, bound()),
                "the sum with r, e, s_out put in",
                *MASTER,
            ),
        ),
    )
