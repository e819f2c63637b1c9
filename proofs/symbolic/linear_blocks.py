"""The linear model with k strong directions: block algebra (Woodbury), for any k, M and d."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Ge, Symbol, exp

from proofs.operators import operator, operator_equal
from proofs.steps import Proof, Step, combination, concludes, equal
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.alignment import TARGET_IN_S
from w2s_theory.ledger.linear import BLOCK_TEACHER, LINEAR_STUDENT, PSI_BELOW_ONE
from w2s_theory.ledger.statement import Statement, dropped

_A, _AT, _W, _WI = (operator(name) for name in ("A", "A^T", "W", "W^-1"))
_GRAM, _GI, _H, _HI = (operator(name) for name in ("G", "G^-1", "H", "H^-1"))
_RULES: dict[tuple[Symbol, Symbol], tuple[Symbol, ...]] = {
    (_W, _WI): (),
    (_WI, _W): (),
    (_GRAM, _GI): (),
    (_GI, _GRAM): (),
    (_H, _HI): (),
    (_HI, _H): (),
}
_ONE = Symbol("s_1", real=True)


def woodbury() -> tuple[Step, ...]:
    """A G^-1 A^T = I - H."""
    return (
        operator_equal(
            "push through",
            _A * _WI * (_W + _AT * _A),
            (1 + _A * _WI * _AT) * _A,
            _RULES,
            "G = A^T A + W is the Gram matrix, the target's overlaps are A^T b (orthonormal "
            "coordinates <e_j, x>/sqrt(psi_j)); with H^-1 = I + A W^-1 A^T: A W^-1 G = H^-1 A",
            TARGET_IN_S,
        ),
        operator_equal(
            "strong part",
            _A * _GI * _AT - _H * _A * _WI * _AT,
            _H * (_HI * _A - _A * _WI * _GRAM) * _GI * _AT,
            _RULES,
            "the bracket is 0 (last step): A G^-1 A^T = H A W^-1 A^T",
        ),
        operator_equal(
            "Woodbury",
            _H * (_HI - 1),
            1 - _H,
            _RULES,
            "A W^-1 A^T = H^-1 - I: A G^-1 A^T = I - H, and P_S f_T = A w = A G^-1 A^T b = "
            "(I - H) b",
            s.NORMAL_EQUATIONS,
        ),
    )


def _energy() -> tuple[Step, ...]:
    """w^T W w = b^T (H - H^2) b."""
    hat = _A * _GI * _AT
    return (
        operator_equal(
            "weak part",
            _A * _GI * (_GRAM - _AT * _A) * _GI * _AT,
            hat - hat * hat,
            _RULES,
            "w^T W w with w = G^-1 A^T b and W = G - A^T A",
            s.NORMAL_EQUATIONS,
        ),
        operator_equal(
            "in H",
            (1 - _H) - (1 - _H) * (1 - _H),
            _H - _H * _H,
            _RULES,
            "A G^-1 A^T = I - H, and H is symmetric: b^T H H b = ||H b||^2",
        ),
    )


def _student() -> tuple[Step, ...]:
    """||b - s_1 (I - H) b||^2."""
    return (
        operator_equal(
            "signal",
            (1 - _ONE * (1 - _H)) * (1 - _ONE * (1 - _H)),
            (1 - _ONE) ** 2 + 2 * _ONE * (1 - _ONE) * _H + _ONE**2 * _H * _H,
            _RULES,
            "f_S = s(K) f_T is s_1 P_S f_T in S and s_psi times f_T outside (lem-1)",
        ),
    )


def prove_law_linear_k(statement: Statement) -> Proof:
    """Teacher, weak energy and student from H; then k > 1 against k = 1."""
    loss, energy, student, worse = statement.claim
    decay = exp(-q.TIME)
    signal: Any = decay**2 + 2 * (1 - decay) * decay * q.BLOCK_LOSS
    signal += (1 - decay) ** 2 * q.BLOCK_SQUARE
    noise = (1 - exp(-q.PSI * q.TIME)) ** 2 * (q.BLOCK_LOSS - q.BLOCK_SQUARE)
    spread = q.BLOCK_SQUARE - q.L_TE**2
    strong, weak = (1 - decay) ** 2, (1 - exp(-q.PSI * q.TIME)) ** 2
    return Proof(
        statement,
        (
            *woodbury(),
            concludes(
                "loss",
                loss,
                Eq(q.L_TE, q.BLOCK_LOSS),
                "L_TE = 1 - <f_T, f*> (lem-ls) = b^T b - b^T (I - H) b",
                s.UNIT_TARGET,
                s.NORMAL_EQUATIONS,
            ),
            *_energy(),
            concludes(
                "energy",
                energy,
                Eq(q.WEAK_ENERGY, q.BLOCK_LOSS - q.BLOCK_SQUARE),
                "the last two steps",
                s.NORMAL_EQUATIONS,
            ),
            *_student(),
            concludes(
                "student",
                student,
                Eq(q.L_ST, signal + noise),
                "b^T b = 1, s_1 = 1 - exp(-t) and s_psi = 1 - exp(-psi t)",
                *dropped(BLOCK_TEACHER, PSI_BELOW_ONE),
            ),
            equal(
                "against k = 1",
                signal + noise - LINEAR_STUDENT.expr,
                (strong - weak) * spread,
                "student-linear at the same L_TE; it is linear in ||H b||^2",
                of=((q.BLOCK_LOSS, q.L_TE),),
            ),
            combination(
                "no better",
                (strong - weak) * spread,
                [(strong - weak, spread)],
                [
                    (
                        strong - weak,
                        "s_psi/s_1 >= 0 and |1 - exp(-x t)| grows with x >= 0, whatever the sign "
                        "of t",
                    ),
                    (spread, "Cauchy-Schwarz: b^T H b <= ||b|| ||H b||, ||b|| = 1"),
                ],
                "0 < psi <= 1",
            ),
            concludes(
                "worse",
                worse,
                Ge(q.L_ST, LINEAR_STUDENT.expr),
                "the last two steps",
                s.UNIT_TARGET,
                PSI_BELOW_ONE,
            ),
        ),
    )
