"""The teacher's loss as a Schur complement: the even kernel, Woodbury, Sherman and Morrison."""

from __future__ import annotations

from sympy import Eq, Integer, Symbol, acos, pi

from proofs.kernel import Fact, equal, given, instantiate, inverse, monotone
from proofs.lemmas import below_root
from proofs.operators import operator, operator_equal
from proofs.proof import Proof as Facts
from proofs.steps import Proof, Step, concludes
from proofs.steps import equal as equal_scalars
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.alignment import TARGET_IN_S
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.spectra import COSINE_RHO
from w2s_theory.ledger.statement import Statement


def _range() -> tuple[Fact, Fact, Fact]:
    """1 - rho^2, 1 - rho and 1 + rho are >= 0."""
    (cosine,), one = given(COSINE_RHO), Integer(1)
    low = below_root(cosine.states(one - (-q.RHO) ** 2), -q.RHO, one)
    return cosine, below_root(cosine, q.RHO, one), low


def _arcsine() -> Fact:
    """asin(rho) = pi/2 - acos(rho)."""
    (_, high, low), one = _range(), Integer(1)
    least = monotone("acos", high, q.RHO, one, low)
    most = monotone("acos", low.states(q.RHO - (-1)), -one, q.RHO, high)
    return inverse("sin", pi / 2 - acos(q.RHO), least, most, low, high)


def prove_even_kernel(statement: Statement) -> Facts:
    """pi - acos(rho) = pi/2 + asin(rho), at rho and at -rho."""
    facts, range_ = [], _range()
    for clause, sign in zip(load()["even-kernel"].claim, (1, -1), strict=True):
        turned = instantiate(_arcsine(), {q.RHO: sign * q.RHO})
        scale = sign * q.RHO / (2 * pi * q.SPACE_DIM)
        split = equal(clause.lhs, clause.rhs - scale * turned.gap, *range_)
        facts.append(split + turned.times(-scale))
    return Facts(statement, tuple(facts))


_A, _AT, _W, _WI = (operator(name) for name in ("A", "A^T", "W", "W^-1"))
_GRAM, _GI, _H, _HI = (operator(name) for name in ("G", "G^-1", "H", "H^-1"))
_BLOCK_RULES: dict[tuple[Symbol, Symbol], tuple[Symbol, ...]] = {
    (_W, _WI): (),
    (_WI, _W): (),
    (_GRAM, _GI): (),
    (_GI, _GRAM): (),
    (_H, _HI): (),
    (_HI, _H): (),
}


def _woodbury() -> tuple[Step, ...]:
    """A G^-1 A^T = I - H."""
    return (
        operator_equal(
            "push through",
            _A * _WI * (_W + _AT * _A),
            (1 + _A * _WI * _AT) * _A,
            _BLOCK_RULES,
            "G = A^T A + W is the Gram matrix, the target's overlaps are A^T b (orthonormal "
            "coordinates <e_j, x>/sqrt(psi_j)); with H^-1 = I + A W^-1 A^T: A W^-1 G = H^-1 A",
            TARGET_IN_S,
        ),
        operator_equal(
            "strong part",
            _A * _GI * _AT - _H * _A * _WI * _AT,
            _H * (_HI * _A - _A * _WI * _GRAM) * _GI * _AT,
            _BLOCK_RULES,
            "the bracket is 0 (last step): A G^-1 A^T = H A W^-1 A^T",
        ),
        operator_equal(
            "Woodbury",
            _H * (_HI - 1),
            1 - _H,
            _BLOCK_RULES,
            "A W^-1 A^T = H^-1 - I: A G^-1 A^T = I - H, and P_S f_T = A w = A G^-1 A^T b = "
            "(I - H) b",
            s.NORMAL_EQUATIONS,
        ),
    )


_G, _GI, _R, _RI, _B, _BT = map(operator, ("G", "G^-1", "R", "R^-1", "b", "b^T"))
_INVERSES = {(_G, _GI): (), (_GI, _G): (), (_R, _RI): (), (_RI, _R): ()}


def prove_teacher_schur(statement: Statement) -> Proof:
    """Woodbury for the block form; G and G - b b^T for the other."""
    loss, energy = statement.claim
    e = q.EVEN_ENERGY
    return Proof(
        statement,
        (
            *_woodbury(),
            concludes(
                "loss",
                loss,
                Eq(q.L_TE, q.BLOCK_LOSS),
                "L_TE = 1 - <f_T, f*> (lem-ls) = b^T b - b^T (I - H) b; on the sphere "
                "<sqrt(d) x_j, sigma_i> = sqrt(d) a_1 U_ij = U_ij/(2 sqrt(d)), and even-kernel",
                s.UNIT_TARGET,
                s.NORMAL_EQUATIONS,
            ),
            operator_equal(
                "rank one",
                _RI - _GI - _GI * (_G - _R) * _RI,
                Integer(0) * _G,
                _INVERSES,
                "R = G - b b^T, so G^-1 (G - R) R^-1 = G^-1 b b^T R^-1: with e = b^T R^-1 b, "
                "e - b^T G^-1 b = e b^T G^-1 b",
            ),
            equal_scalars(
                "solved",
                (1 - e / (1 + e)) * (1 + e),
                Integer(1),
                "b^T G^-1 b = e/(1 + e), and L_TE = 1 - b^T G^-1 b",
            ),
            concludes(
                "energy",
                energy,
                Eq(q.L_TE * (1 + e), 1, evaluate=False),
                "the last two steps",
                s.UNIT_TARGET,
                s.NORMAL_EQUATIONS,
            ),
        ),
    )
