"""Does a statement hold in a setting? Decided in exact or ball arithmetic, never in floats."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sympy import Eq, Le, Lt, Pow, log

from w2s_theory.certify import Verdict, precision
from w2s_theory.enclose.claims import TERMS, Effort, Ruling, decide_clause, free_symbols
from w2s_theory.ledger.statement import Statement
from w2s_theory.search.settings import Settled, refuse_foreign

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sympy import Symbol
    from sympy.logic.boolalg import Boolean

    from w2s_theory.search.settings import Number

START_BITS, MAX_BITS = 64, 8192
UNDEFINED_BITS = 256
"""A side that is still undefined at this precision (a root of a negative number) stays so, and a
sum or limit that is still too wide is as narrow as it gets."""
_NONE = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The verdict on one setting.

    `effective`: every assumption is proved to hold, so that the claim was put to the test.
    `margin`: distance of the tightest clause from its edge, divided by its larger side.
    `resolution`: by how much, relatively, the sides of an equality could still differ (both are
    floats for reports only). `clause`: index of the clause that decided, if it is not PROVED.
    `undefined`: it is UNDECIDED because a part of it provably has no value in this setting.
    `tested`: the clauses that were put to the test; an implication is not where its premise fails.
    """

    verdict: Verdict
    effective: bool
    margin: float
    clause: int | None = None
    resolution: float = 0.0
    undefined: bool = False
    tested: tuple[int, ...] = ()


IDLE = Judgement(verdict=Verdict.VACUOUS, effective=False, margin=_NONE)


def judge(
    statement: Statement,
    setting: Settled,
    *,
    equality_digits: int | None = None,
    relative: bool = False,
    bits: int = START_BITS,
    terms: int = TERMS,
) -> Judgement:
    """Decide `statement` in `setting`, raising the precision from `bits` while it is undecided.

    A setting that lacks a symbol of the statement is not effective, nor is one whose numbers
    refute what it grants. With `equality_digits` = n an
    equality counts as PROVED when the sides provably agree to 10^-n of the larger one (or, unless
    `relative`, to 10^-n if both are smaller than 1): use it where the exact identity is proved
    elsewhere. Sums take `terms` terms one by one, and agree to 6 digits at most.

    Raises `ValueError` for a symbol that neither the setting nor the ledger knows.
    """
    effort = Effort(digits=equality_digits, relative=relative, terms=terms)
    while True:
        with precision(bits):
            result = _judge_once(statement, setting, bits, effort)
        hopeless = math.isnan(result.margin) and bits >= UNDEFINED_BITS
        if result.verdict is not Verdict.UNDECIDED or hopeless or 2 * bits > MAX_BITS:
            return result
        bits *= 2


def _judge_once(statement: Statement, setting: Settled, bits: int, effort: Effort) -> Judgement:
    values = setting.values()
    undecided = False
    for assumption in statement.assumes:
        granted = assumption.id in setting.grants
        condition = statement.unfold(assumption.condition)
        if missing := free_symbols(condition) - values.keys():
            refuse_foreign(statement.id, missing)
            if granted:
                continue
            return IDLE
        verdict = decide_clause(condition, values, bits).verdict
        if verdict is Verdict.REFUTED:
            return IDLE
        undecided = undecided or (verdict is Verdict.UNDECIDED and not granted)
    if undecided:
        return Judgement(verdict=Verdict.UNDECIDED, effective=False, margin=_NONE)
    rulings: list[Ruling] = []
    for clause in statement.unfolded:
        if missing := free_symbols(clause) - values.keys():
            refuse_foreign(statement.id, missing)
            return IDLE
        rulings.append(decide_clause(clause, values, bits, effort))
    verdicts = [ruling.verdict for ruling in rulings]
    margins = [ruling.margin for ruling in rulings if not math.isnan(ruling.margin)]
    margin = min(margins, default=_NONE)
    resolution = max(ruling.resolution for ruling in rulings)
    tested = tuple(place for place, ruling in enumerate(rulings) if not ruling.idle)
    for wanted in (Verdict.REFUTED, Verdict.UNDECIDED):
        if wanted in verdicts:
            if wanted is Verdict.UNDECIDED and len(margins) < len(rulings):
                margin = float("nan")
            place = verdicts.index(wanted)
            return Judgement(
                verdict=wanted,
                effective=True,
                margin=margin,
                clause=place,
                resolution=resolution,
                tested=tested,
                undefined=math.isnan(rulings[place].margin)
                and _undefined(statement.unfolded[place], values, bits),
            )
    return Judgement(
        verdict=Verdict.PROVED, effective=True, margin=margin, resolution=resolution, tested=tested
    )


def _undefined(clause: Boolean, values: Mapping[Symbol, Number], bits: int) -> bool:
    """Whether a part is a pole, a root of a negative number or a logarithm of none above 0."""

    def proved(relation: Boolean) -> bool:
        return decide_clause(relation, values, bits).verdict is Verdict.PROVED

    for node in clause.atoms(Pow, log):
        inner = node.args[0]
        if not inner.free_symbols <= values.keys():  # bound by a sum or an infimum
            continue
        if isinstance(node, log):
            outside = [Le(inner, 0, evaluate=False)]
        else:
            pole = [Eq(inner, 0, evaluate=False)] if node.exp.is_negative else []
            root = [Lt(inner, 0, evaluate=False)] if node.exp.is_integer is False else []
            outside = pole + root
        if any(proved(relation) for relation in outside):
            return True
    return False
