"""Corollary 2: norms never grow along a chain, by induction; then Theorem 4.2."""

from __future__ import annotations

from sympy import Le

from proofs.kernel import Fact, assume, discharge, evident, given, induction, square_norm
from proofs.lemmas import defining
from proofs.proof import Proof
from proofs.symbolic.thm_4_2 import bounded_limit
from w2s_theory.ledger import definitions as d
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger import spaces as v
from w2s_theory.ledger.statement import Statement


def link() -> Fact:
    """<f_{i+1}, f_i - f_{i+1}> >= 0, for i < n."""
    (positive,) = given(s.CHAIN_SHRINKS)
    return defining(d.LINKS) + positive


def norms_fall() -> Fact:
    """||f_T||^2 - ||f_S||^2 >= 0."""
    i = d.INDEX
    claim = Le(v.norm2(v.chain(i)), q.TEACHER_NORM2)
    one = (square_norm(v.chain(i) - v.chain(i + 1)) + 2 * link()).named(
        "one link", "||f_i||^2 - ||f_{i+1}||^2 = ||f_i - f_{i+1}||^2 + 2 <f_{i+1}, f_i - f_{i+1}>"
    )
    shorter = induction(claim, i, evident(0), one + assume(claim), q.CHAIN)
    return shorter.named("norms fall", "from f_0 = f_T to f_n = f_S, one link at a time")


def prove_cor_2(statement: Statement) -> Proof:
    """||f_{i-1}||^2 - ||f_i||^2 = ||f_{i-1} - f_i||^2 + 2 <f_i, f_{i-1} - f_i>."""
    first, second = bounded_limit()
    shorter = norms_fall()
    return Proof(statement, (shorter, discharge(first, s.BOUNDED_STUDENT, shorter), second))
