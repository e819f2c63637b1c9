"""The teacher's loss as a Schur complement: the even kernel, Woodbury, Sherman and Morrison."""

from __future__ import annotations

from sympy import Integer, acos, pi

from proofs.kernel import Fact, at_vector, definition, equal, given, instantiate, inverse, monotone
from proofs.lemmas import below_root, unit
from proofs.proof import Proof
from proofs.symbolic.alignment import missed_form, projected_loss, within
from w2s_theory.ledger import definitions as d
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import spaces as v
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


def prove_even_kernel(statement: Statement) -> Proof:
    """pi - acos(rho) = pi/2 + asin(rho), at rho and at -rho."""
    facts, range_ = [], _range()
    for clause, sign in zip(load()["even-kernel"].claim, (1, -1), strict=True):
        turned = instantiate(_arcsine(), {q.RHO: sign * q.RHO})
        scale = sign * q.RHO / (2 * pi * q.SPACE_DIM)
        split = equal(clause.lhs, clause.rhs - scale * turned.gap, *range_)
        facts.append(split + turned.times(-scale))
    return Proof(statement, tuple(facts))


def _block_form() -> Fact:
    """L_TE - b^T H b: the teacher's miss of f* = (I + X) y is <f*, y>, y = H f*."""
    y, kept = v.SOLVED * v.TARGET, v.P_S * v.TARGET
    solved, form, _ = definition(d.SOLVED_TARGET)
    image, part = y + d.BLOCK * y, 1 - v.P_T
    # <P_S f*, part P_S f*> is the same of (I + X) y.
    turned = at_vector(solved, part * kept) + at_vector(solved, part * image)
    inside = within(v.P_T * kept) + within(v.P_T * v.TARGET) - within(v.TARGET)
    shown = missed_form(y) + at_vector(solved, y) - turned - form
    return projected_loss() + inside + shown


def prove_teacher_schur(statement: Statement) -> Proof:
    """Woodbury for the block form; G x = (1 + e) b for the other."""
    rank_one, spanned, energy = definition(d.RANK_ONE)
    e, missed = q.EVEN_ENERGY, projected_loss()
    share = at_vector(rank_one, v.TARGET) - at_vector(spanned, v.TARGET) - energy
    return Proof(statement, (_block_form(), (missed + unit()).times(1 + e) + share))
