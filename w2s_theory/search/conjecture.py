"""A user's own claim about teachers and students, as a statement that can be attacked."""

from __future__ import annotations

import re

from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.limits import SHRINKAGE_LIMIT
from w2s_theory.ledger.render import claim_text
from w2s_theory.ledger.statement import Evidence, Kind, Mutant, Source, Statement
from w2s_theory.text.parser import parse

SYMBOLS = {
    str(symbol): symbol
    for symbol in (
        q.L_TE,
        q.L_ST,
        q.TEACHER_NORM2,
        q.STUDENT_NORM2,
        q.TEACHER_TARGET,
        q.STUDENT_TARGET,
        q.STUDENT_TEACHER,
    )
}
"""What a conjecture may speak of: the losses and the inner products of a unit target's setting."""

_RELATION = re.compile(r"(>=|<=|>|<)")


def conjecture(text: str) -> Statement:
    """`text`, such as "L_ST >= 0.8*L_TE^2", under the assumptions of Theorem 4.1.

    The sides are arithmetic in `SYMBOLS`, exact numbers and named functions (`text.parser`).
    Raises `ValueError` for anything else, and for a claim that SymPy decides without a setting.

    >>> conjecture("L_ST >= 0.8*L_TE^2").claim
    (L_ST >= 4*L_TE**2/5,)
    """
    from sympy import Ge, Gt, Le, Lt

    parts = _RELATION.split(text)
    if len(parts) != 3:
        raise ValueError(f"claim must be one inequality such as L_ST >= 0.8*L_TE^2, got {text!r}")
    relation = {">=": Ge, "<=": Le, ">": Gt, "<": Lt}[parts[1]]
    sides = [parse(side, SYMBOLS) for side in (parts[0], parts[2])]
    claim = relation(*sides, evaluate=False)
    if not claim.free_symbols:
        raise ValueError(f"claim must speak of {', '.join(SYMBOLS)}, got {text!r}")
    reversed_claim = {">=": Lt, "<=": Gt, ">": Le, "<": Ge}[parts[1]](*sides, evaluate=False)
    return Statement(
        id="conjecture",
        kind=Kind.THEOREM,
        title=claim_text((claim,)),
        source=Source.EXTENSION,
        text="A claim typed by the user.",
        claim=(claim,),
        assumes=SHRINKAGE_LIMIT,
        needs=(Evidence.PROPERTY,),
        reference="the user",
        mutants=(Mutant(id="reversed", change="the other way round", claim=(reversed_claim,)),),
    )
