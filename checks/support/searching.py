"""Searching for a counterexample with what the catalogue of attacks has for a statement."""

from __future__ import annotations

from checks.support.judging import EQUAL_DIGITS, shown
from w2s_theory.certify import Verdict
from w2s_theory.ledger.registry import Ledger
from w2s_theory.ledger.statement import Statement
from w2s_theory.regression.outcome import Outcome, Profile
from w2s_theory.search.catalogue import attack_on
from w2s_theory.search.falsify import Search, falsify

ROUNDS = 3


def search(statement: Statement, profile: Profile, ledger: Ledger | None = None) -> Outcome:
    """Attack the clauses that can be attacked, as often as the attack asks.

    `ledger`: of a theory of one's own.
    Hypothesis repeats itself in some searches: one with too few effective settings is done again.
    """
    attack, key = attack_on(statement, ledger), statement.mutant_of or statement.id
    for again in range(ROUNDS):
        found = falsify(
            attack.on(statement),
            attack.settings,
            examples=attack.examples,
            tries=profile.tries // attack.share,
            seed=profile.stream("search", key, again),
            shrink=profile.shrink,
            equality_digits=EQUAL_DIGITS,
        )
        if found.verdict in (Verdict.REFUTED, Verdict.UNDECIDED) or found.effective >= needed(
            found
        ):
            break
    return from_search(found)


def needed(search: Search) -> int:
    """A fifth of the settings must be effective."""
    return -(-search.tried // 5)


def from_search(search: Search) -> Outcome:
    """A property check's outcome: UNDECIDED unless a fifth of the settings were effective."""
    verdict, least = search.verdict, needed(search)
    detail = f"{search.effective} of {search.tried} settings effective"
    if verdict is Verdict.PROVED and search.effective < least:
        verdict = Verdict.UNDECIDED
        detail += f", at least {least} needed"
    if verdict is Verdict.PROVED and search.undefined:
        verdict = Verdict.UNDECIDED
        detail += f", {search.undefined} where the claim has no value"
    if verdict is Verdict.PROVED and search.untested:
        verdict = Verdict.VACUOUS
        detail += f", the premise of clause {search.untested[0] + 1} held in none"
    if verdict is Verdict.UNDECIDED and search.undecided is not None:
        detail = f"undecided: {search.undecided}"
    if search.counterexample is not None:
        detail = f"counterexample: {search.counterexample}"
    margin = shown(search.margin)
    return Outcome(verdict=verdict, margin=margin, effective=search.effective, detail=detail)
