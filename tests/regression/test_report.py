"""The report: status by kind, inheritance, mutants, exit codes."""

from dataclasses import replace

import pytest

from w2s_theory.certify import Verdict
from w2s_theory.ledger.registry import Ledger, load
from w2s_theory.ledger.statement import Evidence
from w2s_theory.regression.outcome import Outcome
from w2s_theory.regression.report import (
    Kill,
    Record,
    Report,
    Status,
    build,
    fingerprint,
    kills_by_kind,
    table,
    to_json,
    verdict_line,
)
from w2s_theory.text.columns import columns

LEDGER = Ledger([load()["def-1"], load()["lem-1"]])


def record(key: str, kind: Evidence, verdict: Verdict | None) -> Record:
    outcome = None if verdict is None else Outcome(verdict=verdict, margin="0.5", effective=7)
    return Record(statement=key, kind=kind, check="test", outcome=outcome)


def report(
    verdicts: dict[tuple[str, Evidence], Verdict | None], *kills: Kill, partial: bool = False
) -> Report:
    records = [record(key, kind, verdict) for (key, kind), verdict in verdicts.items()]
    return build(LEDGER, records, kills, selected=list(LEDGER), partial=partial, profile="quick")


ALL = {(key, kind): Verdict.PROVED for key in LEDGER for kind in LEDGER[key].needs}
DEF = ("def-1", Evidence.SYMBOLIC)


def test_held_needs_every_kind() -> None:
    assert report(ALL).status is Status.HELD
    assert report(ALL).exit_code == 0
    missing = report({k: v for k, v in ALL.items() if k != DEF})
    assert missing.rows[0].status is Status.MISSING
    assert missing.exit_code == 1


@pytest.mark.parametrize(
    ("verdict", "status", "code"),
    [
        (Verdict.REFUTED, Status.REFUTED, 1),
        (Verdict.UNDECIDED, Status.UNDECIDED, 3),
        (Verdict.VACUOUS, Status.VACUOUS, 3),
        (None, Status.ERROR, 1),
    ],
)
def test_status_is_inherited_by_what_uses_it(
    verdict: Verdict | None, status: Status, code: int
) -> None:
    found = report({**ALL, DEF: verdict})
    assert found.rows[1].statement.id == "lem-1"
    assert found.rows[1].status is Status.HELD
    assert found.rows[1].inherited is status
    assert found.exit_code == code


def test_a_survivor_fails_the_run() -> None:
    killed = Kill(statement="def-1", mutant="m", change="c", check="test")
    survivor = Kill(statement="def-1", mutant="m", change="c", check=None)
    assert report(ALL, killed).status is Status.HELD
    assert report(ALL, survivor).exit_code == 1
    assert "0 of 1 mutants killed" in verdict_line(report(ALL, survivor))
    assert report(ALL, killed, survivor).status is Status.REFUTED


def test_evidence_one_part_of_which_is_recorded_is_recorded() -> None:
    proved = Outcome(verdict=Verdict.PROVED, effective=1)
    records = [
        Record(statement="lem-1", kind=Evidence.FORMAL, check="test", outcome=outcome)
        for outcome in (proved, replace(proved, recorded=True))
    ]
    found = build(LEDGER, records, (), selected=["lem-1"], partial=True, profile="quick")
    assert [entry.recorded for entry in found.rows[0].evidence if entry.effective] == [True]


def test_kills_are_counted_by_kind() -> None:
    """A proof kills what it does not prove; a check only what it refutes."""
    verdicts = (
        {"symbolic": "UNDECIDED", "property": "REFUTED"},
        {"symbolic": "REFUTED", "property": "UNDECIDED"},
        {"symbolic": "PROVED", "certified": "PROVED"},
    )
    about = {"statement": "def-1", "mutant": "m", "change": "c", "check": "t"}
    found = report(ALL, *(Kill(**about, kinds=kinds) for kinds in verdicts))
    wanted = {"symbolic": (3, 2), "certified": (1, 0), "property": (2, 1)}
    assert {kind.value: counts for kind, *counts in kills_by_kind(found)} == {
        kind: [*counts] for kind, counts in wanted.items()
    }
    assert to_json(found)["kills"]["property"] == {"run": 2, "killed": 1}


def test_pending_is_shown_and_does_not_fail() -> None:
    pending = Record(statement="def-1", kind=Evidence.FORMAL, check="t", outcome=None, pending=True)
    records = [
        pending,
        *(record(k, e, v) for (k, e), v in ALL.items() if (k, e) != ("def-1", Evidence.FORMAL)),
    ]
    found = build(LEDGER, records, [], selected=list(LEDGER), partial=False, profile="quick")
    assert found.status is Status.PENDING
    assert found.exit_code == 0
    assert "pending" in columns(table(found))[2]


def test_partial_run_says_so() -> None:
    found = report({DEF: Verdict.PROVED}, partial=True)
    assert found.status is Status.HELD
    assert "partial run" in verdict_line(found)
    assert found.rows[0].status is Status.NOT_RUN


def test_a_partial_line_says_what_was_run_instead() -> None:
    kind = Evidence.SYMBOLIC
    both = {(key, kind): Verdict.PROVED for key in LEDGER}
    line = verdict_line(report(both, partial=True))
    assert "(SYMBOLIC evidence of 2 statements held; partial run: nothing else" in line
    line = verdict_line(report({**both, DEF: Verdict.UNDECIDED}, partial=True))
    assert "(SYMBOLIC evidence of 1 of 2 statements held; partial" in line
    assert "(2 of 2 statements held; partial" in verdict_line(report(ALL, partial=True))


def test_proved_in_no_setting_is_vacuous_and_named() -> None:
    idle = replace(
        record(*DEF, Verdict.PROVED), outcome=Outcome(verdict=Verdict.PROVED, effective=0)
    )
    records = [idle, *(record(k, e, v) for (k, e), v in ALL.items() if (k, e) != DEF)]
    found = build(LEDGER, records, [], selected=list(LEDGER), partial=False, profile="quick")
    assert (found.status, found.exit_code) == (Status.VACUOUS, 3)
    assert "VACUOUS (1 of 2 statements held; never put to the test: def-1;" in verdict_line(found)


def test_mutants_alone_leave_statements_not_run() -> None:
    killed = Kill(statement="def-1", mutant="m", change="c", check="test")
    found = report({}, killed, partial=True)
    assert (found.status, found.exit_code) == (Status.NOT_RUN, 0)
    assert "NOT RUN (1 of 1 mutants killed; partial run" in verdict_line(found)


def test_an_empty_report_is_missing() -> None:
    empty = Report(rows=(), kills=(), partial=False, profile="quick")
    assert empty.status is Status.MISSING
    assert empty.exit_code == 1


def test_json_keys_are_stable() -> None:
    found = to_json(report(ALL))
    keys = {"verdict", "profile", "seed", "partial", "statements", "mutants", "kills", "weaker"}
    assert set(found) == keys
    entry = found["statements"][0]
    assert {"id", "status", "inherited", "evidence", "source", "fingerprint"} == set(entry)
    kept = {"status": "held", "margin": "0.5", "effective": 7, "gaps": 0}
    found = entry["evidence"]["symbolic"]
    assert {key: found[key] for key in kept} == kept
    assert set(found) == {*kept, "recorded", "when"}


@pytest.mark.parametrize(
    ("gaps", "cell"), [(0, "held (12)"), (1, "held, 1 gap (12)"), (3, "held, 3 gaps (12)")]
)
def test_gaps_show_in_the_table(gaps: int, cell: str) -> None:
    outcome = Outcome(verdict=Verdict.PROVED, effective=12, gaps=gaps)
    shown = Record(statement="def-1", kind=Evidence.SYMBOLIC, check="t", outcome=outcome)
    found = build(LEDGER, [shown], [], selected=["def-1"], partial=True, profile="quick")
    assert cell in table(found)[1]


def test_fingerprint_follows_claim_and_assumptions() -> None:
    theorem = load()["thm-4.1"]
    prints = [fingerprint(theorem), *(fingerprint(theorem.mutated(m)) for m in theorem.mutants)]
    assert len(set(prints)) == len(prints)
