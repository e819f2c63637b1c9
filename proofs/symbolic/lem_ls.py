"""A least-squares teacher is shrinkage optimal: the normal equations make <f_T, f* - f_T> zero."""

from __future__ import annotations

from proofs.kernel import Fact, average, both, definition, given
from proofs.lemmas import defining
from proofs.proof import Proof
from w2s_theory.ledger import definitions as d
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger import spaces as v
from w2s_theory.ledger.statement import Statement


def orthogonal() -> Fact:
    """||f_T||^2 = <f_T, f*>: they differ by w.(G w - b), and every entry of G w - b is 0."""
    product, most, least = definition(d.READOUT)
    (zero,) = given(s.NORMAL_EQUATIONS)
    entry = both(least - zero, most - zero).named("normal equations", "each |r_i| <= 0")
    return average(entry.times(v.WEIGHT_AT), v.FEATURES) + product


def teacher_shrinks() -> Fact:
    """<f_T, f* - f_T> >= 0, with equality."""
    return orthogonal().times(-1).states(s.TEACHER_SHRINKS.condition)


def prove_lem_ls(statement: Statement) -> Proof:
    """Claims in order: <f_T, f*> = ||f_T||^2, shrinkage optimality, the loss."""
    loss = defining(d.TEACHER_LOSS) + orthogonal().times(2)
    return Proof(statement, (orthogonal(), teacher_shrinks(), loss.named("loss", "expanded")))
