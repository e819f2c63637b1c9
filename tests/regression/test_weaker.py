"""Weaker hypotheses in the report: how they get there, and how they are counted."""

import json

from w2s_theory.ledger.registry import load
from w2s_theory.regression.report import Fate, Weaker, build, to_json, verdict_line, weaker_table

PLUGIN = 'pytest_plugins = ["w2s_theory.regression.plugin"]'
CHECKS = """
import pytest
from w2s_theory.certify.verdict import Verdict
from w2s_theory.ledger.statement import Evidence
from w2s_theory.regression.outcome import Outcome, check, weaker
from w2s_theory.regression.report import Fate, Weaker

@check("lem-ls", Evidence.PROPERTY)
def test_one(statement, profile):
    real = statement.mutant_of is None
    return Outcome(verdict=Verdict.PROVED if real else Verdict.REFUTED)

@pytest.mark.parametrize("statement_id", ["lem-ls", "thm-4.1"])
@weaker
def test_weaker(statement_id, record_weaker):
    for id, fate in (("a", Fate.REFUTED), ("b", Fate.UNDECIDED)):
        record_weaker(Weaker(statement=statement_id, id=id, change="less", fate=fate, note="why"))
"""


def one(fate, id="a"):
    return Weaker(statement="lem-ls", id=id, change="less", fate=fate, note="why")


def made(*weaker):
    return build(load(), [], [], weaker, selected=(), partial=True, profile="quick")


def test_they_are_counted_by_fate():
    report = made(one(Fate.REFUTED), one(Fate.REFUTED, "b"), one(Fate.ARGUED, "c"))
    assert "3 weaker hypotheses: 2 refuted, 1 argued;" in verdict_line(report)


def test_only_those_that_are_not_refuted_are_shown():
    report = made(*(one(fate, fate.value) for fate in Fate))
    shown = [row[2] for row in weaker_table(report)[1:]]
    assert shown == ["proved", "argued", "undecided"]


def test_they_are_in_the_stored_report():
    assert to_json(made(one(Fate.PROVED)))["weaker"] == [
        {"statement": "lem-ls", "id": "a", "change": "less", "fate": "proved", "note": "why"}
    ]


def test_a_run_gathers_them(pytester):
    pytester.makeconftest(PLUGIN)
    pytester.makepyfile(test_made=CHECKS)
    result = pytester.runpytest("-p", "no:cacheprovider", "--report", "made.json")
    result.stdout.fnmatch_lines(["*4 weaker hypotheses: 2 refuted, 2 undecided*"])
    result.stdout.fnmatch_lines(["*weaker hypotheses that are not refuted*"])


def test_they_follow_their_statement_and_the_mutants(pytester):
    pytester.makeconftest(PLUGIN)
    pytester.makepyfile(test_made=CHECKS)
    options = ("-p", "no:cacheprovider", "--report", "made.json")
    some = pytester.runpytest(*options, "--statement", "lem-ls")
    some.stdout.fnmatch_lines(["*2 weaker hypotheses: 1 refuted, 1 undecided*"])
    for without in (("--mutants", "without"), ("--evidence", "property")):
        none = pytester.runpytest(*options, *without)
        none.stdout.no_fnmatch_line("*weaker hypotheses*")


def test_they_alone_leave_a_report_that_knows_of_no_statement(pytester):
    pytester.makeconftest(PLUGIN)
    pytester.makepyfile(test_made=CHECKS)
    options = ("-p", "no:cacheprovider", "--report", "made.json", "-k", "weaker")
    result = pytester.runpytest(*options)
    assert result.ret == 0
    result.stdout.fnmatch_lines(["verdict: NOT RUN (4 weaker hypotheses: 2 refuted, 2 undecided*"])
    report = json.loads((pytester.path / "made.json").read_text())
    assert (report["statements"], report["partial"], len(report["weaker"])) == ([], True, 4)
