"""From outcomes to a verdict: statements x evidence, inherited status, mutants."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache

from w2s_theory.certify.verdict import Verdict
from w2s_theory.ledger.registry import Ledger
from w2s_theory.ledger.statement import Evidence, Statement
from w2s_theory.regression.outcome import Outcome


class Status(StrEnum):
    """Of a kind of evidence, of a statement, and of a run; worst first.

    STALE: found by an earlier run, of something that has changed since.
    """

    REFUTED = "refuted"
    ERROR = "error"
    MISSING = "missing"
    VACUOUS = "vacuous"
    UNDECIDED = "undecided"
    PENDING = "pending"
    STALE = "stale"
    NOT_RUN = "not run"
    HELD = "held"


_ORDER = list(Status)
_FROM_VERDICT = {
    Verdict.REFUTED: Status.REFUTED,
    Verdict.UNDECIDED: Status.UNDECIDED,
    Verdict.VACUOUS: Status.VACUOUS,
    Verdict.PROVED: Status.HELD,
}
_MARKS = {
    Status.HELD: "held",
    Status.PENDING: "pending",
    Status.STALE: "stale",
    Status.NOT_RUN: "-",
    Status.UNDECIDED: "UNDECIDED",
    Status.VACUOUS: "VACUOUS",
    Status.MISSING: "MISSING",
    Status.ERROR: "ERROR",
    Status.REFUTED: "REFUTED",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One check run on one statement. `outcome` None: it raised something else, in `error`."""

    statement: str
    kind: Evidence
    check: str
    outcome: Outcome | None
    error: str = ""
    pending: bool = False

    @property
    def status(self) -> Status:
        """Status of this piece of evidence."""
        if self.pending:
            return Status.PENDING
        if self.outcome is None:
            return Status.ERROR
        found = _FROM_VERDICT[self.outcome.verdict]
        idle = found is Status.HELD and self.outcome.effective < 1
        return Status.VACUOUS if idle else found


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """A mutant, and the check that refuted it (None: it survived).

    `kinds`: the verdict of each kind of evidence that was run against it and looks at its change.
    """

    statement: str
    mutant: str
    change: str
    check: str | None
    margin: str = ""
    note: str = ""
    kinds: Mapping[str, str] = field(default_factory=dict)


class Fate(StrEnum):
    """What became of a statement that assumes less.

    ARGUED: it holds, for a reason that no machine checks.
    """

    REFUTED = "refuted"
    UNDEFINED = "undefined"
    PROVED = "proved"
    ARGUED = "argued"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weaker:
    """A generated mutant of a statement's hypotheses, and what shows its fate, or what is known."""

    statement: str
    id: str
    change: str
    fate: Fate
    note: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """All records of one kind of evidence for one statement, combined."""

    kind: Evidence
    status: Status
    margin: str
    effective: int
    gaps: int = 0
    recorded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A statement's own status, its inherited one, and its evidence by kind."""

    statement: Statement
    status: Status
    inherited: Status
    evidence: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A whole run."""

    rows: tuple[Row, ...]
    kills: tuple[Kill, ...]
    weaker: tuple[Weaker, ...] = ()
    partial: bool
    profile: str
    seed: int = 0
    broken: tuple[str, ...] = ()

    @property
    def status(self) -> Status:
        """The worst of all statements, a surviving mutant counting as refuted.

        In a partial run it speaks of the evidence that was gathered, and of nothing else.
        """
        if self.broken:
            return Status.ERROR
        if not self.rows:
            return Status.NOT_RUN if self.weaker else Status.MISSING
        if any(kill.check is None for kill in self.kills):
            return Status.REFUTED
        if self.partial:
            run = [entry.status for row in self.rows for entry in row.evidence]
            return worst((s for s in run if s is not Status.NOT_RUN), default=Status.NOT_RUN)
        return worst(row.status for row in self.rows)

    @property
    def exit_code(self) -> int:
        """That of the status."""
        return exit_code(self.status)


def exit_code(status: Status) -> int:
    """0 held; 1 refuted, missing or in error; 3 undecided or vacuous."""
    if status in (Status.HELD, Status.PENDING, Status.NOT_RUN):
        return 0
    return 3 if status in (Status.UNDECIDED, Status.VACUOUS) else 1


def worst(statuses: Iterable[Status], default: Status = Status.HELD) -> Status:
    """The worst status, `default` for none."""
    return min(statuses, key=rank, default=default)


def rank(status: Status) -> int:
    """How bad a status is: 0 is worst."""
    return _ORDER.index(status)


def build(
    ledger: Ledger,
    records: Sequence[Record],
    kills: Sequence[Kill],
    weaker: Sequence[Weaker] = (),
    *,
    selected: Sequence[str],
    partial: bool,
    profile: str,
    seed: int = 0,
    broken: tuple[str, ...] = (),
) -> Report:
    """Combine records into a report on the `selected` statements.

    With `partial` (a filter was active) a kind of evidence without a record is "not run" instead
    of missing. A statement's inherited status is the worst of its own and its ancestors'. `broken`
    names what could not be collected.
    """
    own: dict[str, tuple[Entry, ...]] = {}
    for key in ledger:
        own[key] = tuple(
            _kind(kind, [r for r in records if r.statement == key and r.kind is kind], partial)
            for kind in Evidence
            if kind in ledger[key].needs
            or any(r.statement == key and r.kind is kind for r in records)
        )
    status = {key: worst(entry.status for entry in own[key]) for key in ledger}
    rows = tuple(
        Row(
            statement=ledger[key],
            status=status[key],
            inherited=worst([status[key], *(status[a] for a in ledger.ancestors(key))]),
            evidence=own[key],
        )
        for key in ledger
        if key in selected
    )
    return Report(
        rows=rows,
        kills=tuple(kills),
        weaker=tuple(weaker),
        partial=partial,
        profile=profile,
        seed=seed,
        broken=broken,
    )


def _kind(kind: Evidence, records: Sequence[Record], partial: bool) -> Entry:
    if not records:
        return Entry(kind, Status.NOT_RUN if partial else Status.MISSING, "", 0)
    outcomes = [r.outcome for r in records if r.outcome is not None]
    margins = [o.margin for o in outcomes if o.margin]
    effective, gaps = (sum(getattr(o, name) for o in outcomes) for name in ("effective", "gaps"))
    status = worst(r.status for r in records)
    recorded = any(o.recorded for o in outcomes)
    return Entry(kind, status, margins[0] if margins else "", effective, gaps, recorded)


@cache
def fingerprint(statement: Statement) -> str:
    """A hash of what is claimed, so that a stored status is not shown for another claim."""
    parts = [*statement.unfolded, *(a.condition for a in statement.assumes)]
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:16]


def to_json(report: Report) -> dict[str, object]:
    """The object of `checks-report.json`; each kind of evidence with the day it is from, UTC."""
    when = datetime.now(UTC).strftime("%Y-%m-%d")
    return {
        "verdict": report.status.value,
        "profile": report.profile,
        "seed": report.seed,
        "partial": report.partial,
        "statements": [
            {
                "id": row.statement.id,
                "source": row.statement.source.value,
                "status": row.status.value,
                "inherited": row.inherited.value,
                "fingerprint": fingerprint(row.statement),
                "evidence": {
                    entry.kind.value: {**entry_json(entry), "when": when} for entry in row.evidence
                },
            }
            for row in report.rows
        ],
        "mutants": [
            {"statement": kill.statement, "mutant": kill.mutant, **kill_json(kill)}
            for kill in report.kills
        ],
        "kills": {
            kind.value: {"run": run, "killed": killed}
            for kind, run, killed in kills_by_kind(report)
        },
        "weaker": [asdict(one) for one in report.weaker],
    }


def entry_json(entry: Entry) -> dict[str, object]:
    """One kind of evidence."""
    return {
        "status": entry.status.value,
        "margin": entry.margin,
        "effective": entry.effective,
        "gaps": entry.gaps,
        "recorded": entry.recorded,
    }


def kill_json(kill: Kill) -> dict[str, object]:
    """What became of one mutant."""
    return {
        "change": kill.change,
        "killed_by": kill.check,
        "margin": kill.margin,
        "note": kill.note,
        "kinds": dict(kill.kinds),
    }


def verdict_line(report: Report) -> str:
    """One plain line."""
    words = _gathered(report)
    if pending := sum(row.status is Status.PENDING for row in report.rows):
        words.append(f"{pending} with pending formal proofs")
    if recorded := sum(entry.recorded for row in report.rows for entry in row.evidence):
        words.append(f"{recorded} formal proofs recorded, not rebuilt here: make formal, a minute")
    if vacuous := [row.statement.id for row in report.rows if row.status is Status.VACUOUS]:
        words.append(f"never put to the test: {', '.join(vacuous)}")
    if report.broken:
        words.append(f"could not be collected: {', '.join(report.broken)}")
    if report.kills:
        killed = sum(kill.check is not None for kill in report.kills)
        words.append(f"{killed} of {len(report.kills)} mutants killed")
    if report.weaker:
        words.append(f"{len(report.weaker)} weaker hypotheses: {_fates(report.weaker)}")
    if report.partial:
        words.append("partial run: nothing else was run")
    words.append(f"{report.profile} profile, seed {report.seed}")
    return f"verdict: {report.status.value.upper()} ({'; '.join(words)})"


def _fates(weaker: Sequence[Weaker]) -> str:
    found = [one.fate for one in weaker]
    return ", ".join(f"{found.count(fate)} {fate.value}" for fate in Fate if fate in found)


def weaker_table(report: Report) -> list[list[str]]:
    """Header and rows: those weaker hypotheses that are not refuted."""
    lines = [["weaker hypothesis", "change", "fate", "note"]]
    for one in report.weaker:
        if one.fate not in (Fate.REFUTED, Fate.UNDEFINED):
            lines.append([f"{one.statement}~{one.id}", one.change, one.fate.value, one.note])
    return lines


def _gathered(report: Report) -> list[str]:
    """How many statements held, or, where some of their evidence was not run, what was."""
    entries = [entry for row in report.rows for entry in row.evidence]
    whole = entries and all(entry.status is not Status.NOT_RUN for entry in entries)
    if whole or not report.partial:
        held = sum(row.status is Status.HELD for row in report.rows)
        return [f"{held} of {len(report.rows)} statements held"]
    words = []
    for kind in Evidence:
        mine = [entry.status for entry in entries if entry.kind is kind]
        run = [status for status in mine if status is not Status.NOT_RUN]
        held = run.count(Status.HELD)
        share = f"{held}" if held == len(run) else f"{held} of {len(run)}"
        plural = "s" * (len(run) != 1)
        words += [f"{kind.value.upper()} evidence of {share} statement{plural} held"] * bool(run)
    return words


def table(report: Report, without: Collection[Status] = ()) -> list[list[str]]:
    """Header and rows: id, source, one column a kind of evidence, inherited status.

    Rows whose status is one of `without` are left out.
    """
    rows = [row for row in report.rows if row.inherited not in without]
    kinds = [k for k in Evidence if any(e.kind is k for row in rows for e in row.evidence)]
    lines = [["statement", "source", *(k.value for k in kinds), "inherited"]]
    for row in rows:
        cells: Mapping[Evidence, str] = {e.kind: _cell(e) for e in row.evidence}
        lines.append(
            [
                row.statement.id,
                row.statement.source.value,
                *(cells.get(kind, "") for kind in kinds),
                row.inherited.value,
            ]
        )
    return lines


def kill_table(kills: Sequence[Kill]) -> list[list[str]]:
    """Header and rows: mutant, what it changes, which check killed it, at what margin."""
    lines = [["mutant", "change", "killed by", "margin"]]
    for kill in kills:
        by = "SURVIVED" if kill.check is None else kill.check
        lines.append([f"{kill.statement}~{kill.mutant}", kill.change, by, kill.margin or kill.note])
    return lines


def kills_by_kind(report: Report) -> tuple[tuple[Evidence, int, int], ...]:
    """Each kind of evidence: the mutants it was run against, and those it killed.

    A proof kills what it does not prove, any other kind what it refutes.
    """
    found = []
    for kind in Evidence:
        seen = [kill.kinds[kind.value] for kill in report.kills if kind.value in kill.kinds]
        killed = [
            verdict == Verdict.REFUTED.name
            or (kind is Evidence.SYMBOLIC and verdict != Verdict.PROVED.name)
            for verdict in seen
        ]
        if seen:
            found.append((kind, len(seen), sum(killed)))
    return tuple(found)


def _cell(entry: Entry) -> str:
    if entry.status is not Status.HELD:
        return _MARKS[entry.status]
    gaps = f", {entry.gaps} gap{'s' * (entry.gaps > 1)}" if entry.gaps else ""
    said = f"held{' (recorded)' * entry.recorded}{gaps}"
    return " ".join(filter(None, (said, entry.margin, f"({entry.effective})")))
