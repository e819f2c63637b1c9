"""Every statement with less assumed: refuted, undefined, proved all the same, or listed."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from checks.support.beyond import beyond
from checks.support.weakening import Kept, fate
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.weakened import weakened
from w2s_theory.regression.outcome import FULL, Profile, weaker
from w2s_theory.regression.report import Fate, Weaker
from w2s_theory.search.catalogue import attack_on
from w2s_theory.search.settings import Settled

OPEN = Path(__file__).with_name("weakened.toml")
SHARE = 4
"""Of how many a quick run looks at one, drawn anew in every run."""


@cache
def listed() -> dict[str, tuple[Fate, str]]:
    """`statement~change` to what is known of it, of those that nothing here decides."""
    entries = tomllib.loads(OPEN.read_text("utf-8"))["open"]
    return {
        f"{entry['statement']}~{id}": (Fate(entry["fate"]), entry["reason"])
        for entry in entries
        for id in entry["ids"]
    }


@pytest.mark.parametrize("statement_id", [key for key, entry in load().items() if weakened(entry)])
@weaker
def test_weaker(
    statement_id: str, profile: Profile, record_weaker: Callable[[Weaker], None]
) -> None:
    """A full run looks at all of them, a quick one at some.

    One that is neither decided nor listed fails, if settings beyond the statement's hypotheses or
    reasons are written down at all. Where neither are it is told as undecided.
    """
    entry, wrong, full = load()[statement_id], [], profile.name == FULL.name
    settings = [Kept(setting) for setting in _settings(statement_id)]
    begun = bool(beyond(entry)) or any(key.startswith(f"{statement_id}~") for key in listed())
    for mutant in weakened(entry):
        key = f"{entry.id}~{mutant.id}"
        known = listed().get(key)
        if full or (not known and profile.stream("weaker", key) % SHARE == 0):
            shown, why = fate(entry.mutated(mutant), settings)
            if (shown is Fate.UNDECIDED) is (known is None) and begun:
                wrong.append(f"{key} is {shown.value} and {'' if known else 'not '}listed: {why}")
            found, note = known or (shown, why[:200])
        elif known:
            found, note = known
        else:
            continue
        record_weaker(
            Weaker(statement=entry.id, id=mutant.id, change=mutant.change, fate=found, note=note)
        )
    if wrong:
        pytest.fail("; ".join(wrong), pytrace=False)


def _settings(key: str) -> tuple[Settled, ...]:
    entry = load()[key]
    try:
        named = attack_on(entry).examples
    except ValueError:  # no random settings, so no named ones
        named = ()
    return (*beyond(entry), *named)
