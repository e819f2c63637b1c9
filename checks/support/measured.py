"""What the checks of sections 3 and 5 share: single clauses, and outcomes of measured intervals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from checks.support.evidence import EQUAL_DIGITS, from_search
from w2s_theory.certify import Verdict, weakest
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.statement import Statement
from w2s_theory.regression.outcome import Outcome, Profile
from w2s_theory.search.catalogue import attack_on
from w2s_theory.search.falsify import falsify
from w2s_theory.search.judge import judge


def part(statement: Statement, *clauses: int) -> Statement:
    """The statement with some of its clauses only; a mutant of another shape is left whole.

    A setting judges a statement only if it determines every symbol, and one that is measured
    rarely determines what another one proves.
    """
    real = load()[statement.mutant_of or statement.id]
    if len(statement.claim) != len(real.claim):
        return statement
    return replace(statement, claim=tuple(statement.claim[i] for i in clauses))


def assumed(statement: Statement) -> tuple[str, ...]:
    """Ids of what the real statement assumes: measured settings satisfy it by construction."""
    return tuple(a.id for a in load()[statement.mutant_of or statement.id].assumes)


def search_in(
    statement: Statement, profile: Profile, settings: Any, examples: Iterable[Any]
) -> Outcome:
    """As `evidence.search` with a third of the tries, of which a tenth must be effective.

    The settings of sections 3 and 5 take longer to draw, and few determine every symbol.
    """
    tries = profile.tries // 3
    found = falsify(
        statement,
        settings,
        examples=tuple(examples),
        tries=tries,
        derandomize=profile.derandomize,
        shrink=profile.shrink,
        equality_digits=EQUAL_DIGITS,
    )
    return from_search(found, least=tries // 10)


def search(statement: Statement, profile: Profile) -> Outcome:
    """`search_in` the settings that `attack_on` has for the statement."""
    attack = attack_on(statement)
    return search_in(statement, profile, attack.settings, attack.examples)


def judge_measured(
    statement: Statement, settings: Iterable[Any], *, least: int, digits: int | None = None
) -> Outcome:
    """Judge settings whose numbers are measured intervals: every one must be decided.

    `digits`: an equality is decided to that many digits.
    """
    verdicts, margins, notes = [], [], []
    for setting in settings:
        result = judge(statement, setting, equality_digits=digits)
        if not result.effective:
            continue
        verdicts.append(result.verdict)
        margins.append(result.margin)
        if result.verdict is not Verdict.PROVED:
            notes.append(f"{result.verdict.name.lower()}: {setting}")
        if result.verdict is Verdict.REFUTED:
            break
    if len(verdicts) < least and Verdict.REFUTED not in verdicts:
        detail = f"{len(verdicts)} settings effective, at least {least} needed"
        return Outcome(verdict=Verdict.UNDECIDED, effective=len(verdicts), detail=detail)
    margin = min(margins)
    return Outcome(
        verdict=weakest(verdicts),
        margin="" if margin == float("inf") else f"{margin:.3g}",
        effective=len(verdicts),
        detail="; ".join(notes[:3]),
    )
