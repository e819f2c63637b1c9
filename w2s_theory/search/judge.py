"""Does a statement hold in a setting? Decided in exact or ball arithmetic, never in floats."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sympy import Abs, Implies, Integer, Le, Max, Pow

from w2s_theory.certify import Decision, Verdict, decide, lower, precision
from w2s_theory.enclose.minima import decide_with_infima, has_infimum
from w2s_theory.ledger.statement import Statement
from w2s_theory.search.settings import Settled

START_BITS, MAX_BITS = 64, 8192
UNDEFINED_BITS = 256
"""A side that is still undefined at this precision (a root of a negative number) stays so."""
_NONE = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The verdict on one setting.

    `effective`: every assumption is proved to hold, so that the claim was put to the test.
    `margin`: distance of the tightest clause from its edge, divided by its larger side (a float
    for reports only). `clause`: index of the clause that decided, if it is not PROVED.
    """

    verdict: Verdict
    effective: bool
    margin: float
    clause: int | None = None


IDLE = Judgement(verdict=Verdict.PROVED, effective=False, margin=_NONE)


def judge(
    statement: Statement, setting: Settled, *, equality_digits: int | None = None
) -> Judgement:
    """Decide `statement` in `setting`, raising the precision while anything is undecided.

    A setting that lacks a symbol of the statement is not effective. With `equality_digits` = n an
    equality counts as PROVED when the sides provably agree to 10^-n of the larger one (or to
    10^-n if both are smaller than 1): use it where the exact identity is proved elsewhere.

    >>> from w2s_theory.search import conjecture, corners
    >>> from fractions import Fraction
    >>> tight = corners.sharp(Fraction(41, 100))  # a student on the floor, at L_TE near 1/2
    >>> judge(conjecture.conjecture("L_ST >= 0.8*L_TE^2"), tight).verdict.name
    'REFUTED'
    """
    bits = START_BITS
    while True:
        with precision(bits):
            result = _judge_once(statement, setting, bits, equality_digits)
        hopeless = math.isnan(result.margin) and bits >= UNDEFINED_BITS
        if result.verdict is not Verdict.UNDECIDED or hopeless or 2 * bits > MAX_BITS:
            return result
        bits *= 2


def _judge_once(
    statement: Statement, setting: Settled, bits: int, equality_digits: int | None
) -> Judgement:
    values = setting.values()
    undecided = False
    for assumption in statement.assumes:
        if assumption.id in setting.grants:
            continue
        condition = statement.unfold(assumption.condition)
        if not condition.free_symbols <= values.keys():
            return IDLE
        verdict, _ = _decide(condition, values, bits, None)
        if verdict is Verdict.REFUTED:
            return IDLE
        undecided = undecided or verdict is Verdict.UNDECIDED
    if undecided:
        return Judgement(verdict=Verdict.UNDECIDED, effective=False, margin=_NONE)
    verdicts: list[Verdict] = []
    undefined = False
    margin = _NONE
    for clause in statement.unfolded:
        if not clause.free_symbols <= values.keys():
            return IDLE
        verdict, clause_margin = _decide(clause, values, bits, equality_digits)
        verdicts.append(verdict)
        undefined = undefined or math.isnan(clause_margin)
        margin = min(margin, clause_margin)
    for wanted in (Verdict.REFUTED, Verdict.UNDECIDED):
        if wanted in verdicts:
            place = verdicts.index(wanted)
            if wanted is Verdict.UNDECIDED and undefined:
                margin = float("nan")
            return Judgement(verdict=wanted, effective=True, margin=margin, clause=place)
    return Judgement(verdict=Verdict.PROVED, effective=True, margin=margin)


def _decide(
    clause: Any, values: Mapping[Any, Any], bits: int, equality_digits: int | None
) -> tuple[Verdict, float]:
    """Verdict, and relative margin (inf where there is none to speak of)."""
    if isinstance(clause, Implies):
        # The conclusion may be undefined where the premise fails, so the premise is asked first.
        premise, _ = _decide(clause.args[0], values, bits, equality_digits)
        if premise is Verdict.REFUTED:
            return Verdict.PROVED, _NONE
        conclusion, margin = _decide(clause.args[1], values, bits, equality_digits)
        if premise is Verdict.PROVED or conclusion is Verdict.PROVED:
            return conclusion, margin
        return Verdict.UNDECIDED, _NONE
    if equality_digits is not None and getattr(clause, "rel_op", "") == "==":
        clause = agreement(clause, equality_digits)
        needed = {symbol: values[symbol] for symbol in clause.free_symbols}
        if not has_infimum(clause):
            return decide(clause, needed, start_bits=bits, max_bits=max(bits, 1024)).verdict, _NONE
    needed = {symbol: values[symbol] for symbol in clause.free_symbols}
    if has_infimum(clause):
        return decide_with_infima(clause, needed, bits), _NONE
    decision = decide(clause, needed, start_bits=bits, max_bits=max(bits, 1024))
    return decision.verdict, _relative_margin(clause, needed, decision)


def agreement(equation: Any, digits: int) -> Any:
    """`|lhs - rhs| <= 10^-digits max(1, |rhs|)`, as a relation."""
    tolerance = Pow(Integer(10), -digits)
    return Le(Abs(equation.lhs - equation.rhs), tolerance * Max(1, Abs(equation.rhs)))


def _relative_margin(clause: Any, values: Mapping[Any, Any], decision: Decision) -> float:
    """Margin over the larger side, as a float; inf for what is no inequality."""
    if getattr(clause, "rel_op", "") not in (">=", ">", "<=", "<"):
        return _NONE
    with precision(max(decision.bits, START_BITS)):
        # The values as `decide` has them: a ball around them may take a root below 0.
        sizes = [abs(lower(side)(values)) for side in (clause.lhs, clause.rhs)]
        size = sizes[0].max(sizes[1])
        ratio = decision.margin / size
        return float(ratio.mid()) if ratio.is_finite() else _margin_at_zero(size)


def _margin_at_zero(size: Any) -> float:
    """0 where both sides are 0, NaN where one of them is undefined."""
    return 0.0 if size.is_finite() else float("nan")
