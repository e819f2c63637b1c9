"""What the runs so far have found, kept beside the report of the last one.

A run replaces what it found again and leaves the rest; each result stands under a hash of what it
rests on (`rests`), and is stale once that has changed.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from w2s_theory.ledger.statement import Evidence, Statement
from w2s_theory.ledger.theories import Theory
from w2s_theory.regression.report import Report, Status, entry_json, kill_json, worst
from w2s_theory.regression.rests import Rests
from w2s_theory.regression.stored import results_folder
from w2s_theory.text.files import replace_files

STATUS_NAME = "checks-status.json"
Pair = tuple[str, str]
"""A statement's id and a kind of evidence, as text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasting:
    """What is known of a statement: its own status, and the worst of it and of its ancestors'.

    `evidence` and `mutants` are as the run found them, with `when` and, where what they rest on
    has changed since, the status "stale". `when` is that of the oldest result; None without any.
    """

    status: Status
    inherited: Status
    when: str | None
    evidence: Mapping[str, Mapping[str, Any]]
    mutants: Mapping[str, Mapping[str, Any]]


def keep(
    folder: Path, found: Report, whole: Sequence[Pair], keys: Mapping[str, Mapping[str, str]]
) -> None:
    """Put what a run found into the file of `folder`; `OSError` where it cannot be written.

    What held counts if all checks of its kind were run, the pairs of `whole`; what did not, always.
    `keys` are those of `Rests.keys` for each statement, of when the run began. Another process that
    writes meanwhile waits.
    """
    when = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with _alone(folder):
        kept = _read(folder)
        for row in found.rows:
            about = kept.setdefault(row.statement.id, {"evidence": {}, "mutants": {}})
            for entry in row.evidence:
                pair = (row.statement.id, entry.kind.value)
                good = entry.status in (Status.HELD, Status.PENDING)
                if entry.status is not Status.NOT_RUN and (pair in whole or not good):
                    about["evidence"][entry.kind.value] = {
                        **entry_json(entry),
                        "when": when,
                        "profile": found.profile,
                        "seed": found.seed,
                        "key": keys[row.statement.id][entry.kind.value],
                    }
        for kill in found.kills:
            about = kept.setdefault(kill.statement, {"evidence": {}, "mutants": {}})
            key = keys[kill.statement]["mutants"]
            about["mutants"][kill.mutant] = {**kill_json(kill), "when": when, "key": key}
        text = json.dumps({"statements": kept}, indent=1) + "\n"
        replace_files(folder, {STATUS_NAME: text.encode()})


def known(theory: Theory, *about: str) -> dict[str, Lasting]:
    """What the runs so far have found of these statements, or of all, where runs leave it."""
    return lasting(results_folder(), theory, about)


def lasting(folder: Path, theory: Theory, about: Sequence[str] = ()) -> dict[str, Lasting]:
    """Statement id -> what the file of `folder` knows of it, for `about`, or the whole ledger."""
    ledger = theory.ledger
    asked = [ledger[key].id for key in about] or list(ledger)
    needed = dict.fromkeys(each for key in asked for each in (key, *ledger.ancestors(key)))
    kept, rests = _read(folder), Rests(theory)
    own = {key: _own(ledger[key], kept.get(key), rests) for key in needed}
    return {
        key: replace(
            own[key], inherited=worst(own[k].status for k in (key, *ledger.ancestors(key)))
        )
        for key in asked
    }


def summary(found: Mapping[str, Lasting]) -> str:
    """How many statements stand how, and since when; "not run" where nothing is known."""
    dates = [each.when for each in found.values() if each.when is not None]
    if not dates:
        return Status.NOT_RUN.value
    statuses = [each.status for each in found.values()]
    counts = [(statuses.count(status), status.value) for status in reversed(Status)]
    said = ", ".join(f"{count} {status}" for count, status in counts if count)
    return f"{said}; the oldest result is of {min(dates)[:10]}"


def dated(found: Mapping[str, Any]) -> str:
    """A result of `evidence` as a document says it, which outlives its day: held on 2026-11-26."""
    day = found["when"][:10]
    if found["status"] == Status.STALE:
        return f"{Status.STALE} (what it rests on has changed since the run on {day})"
    return f"{found['status']} on {day}"


def age(when: str | None) -> str:
    """How long ago, in one word and a unit; empty for never."""
    if when is None:
        return ""
    seconds = (datetime.now(UTC) - datetime.fromisoformat(when)).total_seconds()
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size:.0f} {unit}"
    return "now"


def _own(statement: Statement, kept: Mapping[str, Any] | None, rests: Rests) -> Lasting:
    """What is known of it alone."""
    kept = kept or {"evidence": {}, "mutants": {}}
    keys, evidence = rests.keys(statement) if kept["evidence"] or kept["mutants"] else {}, {}
    for kind in Evidence:
        if entry := kept["evidence"].get(kind.value):
            fresh = entry["key"] == keys[kind.value]
            evidence[kind.value] = entry if fresh else {**entry, "status": Status.STALE.value}
    mutants = {
        m.id: kill
        for m in statement.mutants
        if (kill := kept["mutants"].get(m.id)) and kill["key"] == keys["mutants"]
    }
    statuses = [Status(entry["status"]) for entry in evidence.values()]
    statuses += [Status.NOT_RUN for kind in statement.needs if kind.value not in evidence]
    # A mutant that survives says that the evidence would pass for something else.
    statuses += [Status.UNDECIDED for kill in mutants.values() if kill["killed_by"] is None]
    dates = [entry["when"] for entry in evidence.values()]
    status, when = worst(statuses), min(dates, default=None)
    return Lasting(status=status, inherited=status, when=when, evidence=evidence, mutants=mutants)


def _read(folder: Path) -> dict[str, Any]:
    """The statements of the file; none where there is no file, or what is there is none of ours."""
    try:
        kept: dict[str, Any] = json.loads((folder / STATUS_NAME).read_bytes())["statements"]
        for about in kept.values():
            for entry in about["evidence"].values():
                Status(entry["status"]), datetime.fromisoformat(entry["when"]), entry["key"]
            for kill in about["mutants"].values():
                kill["killed_by"], kill["key"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
    return kept


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """The folder itself is locked: no file is left behind, and reading needs no lock."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
