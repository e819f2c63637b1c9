"""What the checks share: a search, or a list of settings against a statement."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from w2s_theory.certify import Verdict, weakest
from w2s_theory.ledger.statement import Statement
from w2s_theory.regression.outcome import Outcome, Profile
from w2s_theory.search.catalogue import attack_on
from w2s_theory.search.falsify import Search, falsify
from w2s_theory.search.judge import judge

EQUAL_DIGITS = 30
"""Equalities of ball-valued settings are decided to this many digits; proofs make them exact."""


def search(statement: Statement, profile: Profile) -> Outcome:
    """Search for a counterexample; at least a fifth of the tries must be effective."""
    attack = attack_on(statement)
    found = falsify(
        statement,
        attack.settings,
        examples=attack.examples,
        tries=profile.tries,
        derandomize=profile.derandomize,
        shrink=profile.shrink,
        equality_digits=EQUAL_DIGITS,
    )
    return from_search(found, least=profile.tries // 5)


def from_search(search: Search, *, least: int) -> Outcome:
    """A property check's outcome: UNDECIDED unless at least `least` settings were effective."""
    verdict = search.verdict
    detail = f"{search.effective} of {search.tried} settings effective"
    if verdict is Verdict.PROVED and search.effective < least:
        verdict = Verdict.UNDECIDED
        detail += f", at least {least} needed"
    if verdict is Verdict.UNDECIDED and search.undecided is not None:
        detail = f"undecided: {search.undecided}"
    if search.counterexample is not None:
        detail = f"counterexample: {search.counterexample}"
    margin = "" if abs(search.margin) == float("inf") else f"{search.margin:.3g}"
    return Outcome(verdict=verdict, margin=margin, effective=search.effective, detail=detail)


def judge_all(
    statement: Statement, settings: Iterable[Any], *, least: int, digits: int = EQUAL_DIGITS
) -> Outcome:
    """Judge named settings one by one: all must hold, and at least `least` must be effective.

    Equalities of balls are decided to `digits` digits.
    """
    verdicts, margins, undecided, effective = [], [], [], 0
    for setting in settings:
        result = judge(statement, setting, equality_digits=digits)
        if not result.effective:
            continue
        effective += 1
        verdicts.append(result.verdict)
        margins.append(result.margin)
        if result.verdict is Verdict.UNDECIDED:
            undecided.append(setting)
        if result.verdict is Verdict.REFUTED:
            return Outcome(
                verdict=Verdict.REFUTED,
                margin=_shown(result.margin),
                effective=effective,
                detail=f"counterexample: {setting}",
            )
    if effective < least:
        detail = f"{effective} settings effective, at least {least} needed"
        return Outcome(verdict=Verdict.UNDECIDED, effective=effective, detail=detail)
    return Outcome(
        verdict=weakest(verdicts),
        margin=_shown(min(margins)),
        effective=effective,
        detail=f"{len(undecided)} undecided, first {undecided[0]}" if undecided else "",
    )


def _shown(margin: float) -> str:
    return "" if margin == float("inf") else f"{margin:.3g}"


def combine(*outcomes: Outcome) -> Outcome:
    """The weakest of several outcomes, with all effective counts and the first margin."""
    verdict = weakest([o.verdict for o in outcomes])
    margin = next((o.margin for o in outcomes if o.margin), "")
    detail = next((o.detail for o in outcomes if o.verdict is verdict and o.detail), "")
    effective = sum(o.effective for o in outcomes)
    return Outcome(verdict=verdict, margin=margin, effective=effective, detail=detail)
