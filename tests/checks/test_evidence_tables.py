"""The tables of the page on evidence: what they count, and where they are put."""

import json

import pytest

from benchmarks.evidence_tables import PAGE, RECORD, code_table, mutant_table, weaker_table
from benchmarks.pages import ROOT, markdown, put
from w2s_theory.ledger.registry import load

FIRST = next(iter(load()))


def test_numbers_stand_to_the_right():
    assert (
        markdown(("a", "b"), [("x", 1), ("y", 23)])
        == "| a | b |\n| --- | --: |\n| x | 1 |\n| y | 23 |"
    )


def test_timeouts_are_kills_and_what_is_harmless_is_no_survivor():
    fates = ("killed", "timeout", "harmless", "survived", "not run", "gone")
    found = [
        {"seed": 7, "module": "a.b", "first": o, "outcome": o, "text": "x", "change": "y"}
        for o in fates
    ]
    table = code_table([*found, {**found[3], "outcome": "killed"}])
    assert "| 7 | a | 5 | 2 | 1 | 1 | 1 | 50% | 75% |" in table
    assert "| a.b | 5 | 2 | 1 | 1 | 1 | 50% | 75% |" in table
    assert "|  | all | 5 |" in table
    assert table.endswith("| a.b | `x` | `y` |")


def test_weaker_hypotheses_are_counted_by_fate():
    one = {"statement": FIRST, "id": "a", "change": "b", "note": ""}
    report = {"weaker": [{**one, "fate": fate} for fate in ("refuted", "refuted", "undecided")]}
    assert f"| {FIRST} | 3 | 2 | 0 | 0 | 0 | 1 |" in weaker_table(report)


def test_survivors_are_not_counted_as_killed():
    mutants = [{"statement": FIRST, "killed_by": by} for by in ("test_a", None)]
    shown = mutant_table({"mutants": mutants, "kills": {"property": {"run": 2, "killed": 1}}})
    assert "| 2 | 1 |" in shown
    assert "| property | 2 | 1 |" in shown


def test_a_table_replaces_the_one_before():
    page = "a\n<!-- table: t -->\nold\n<!-- end: t -->\nb"
    assert put(page, "t", "new") == "a\n<!-- table: t -->\nnew\n<!-- end: t -->\nb"


def test_a_page_without_the_marks_is_refused():
    with pytest.raises(ValueError, match="page must have the marks"):
        put("a", "t", "new")


@pytest.mark.parametrize("name", ["power", "proofs", "weaker", "code"])
def test_the_page_has_a_table_of_each_kind(name):
    _, _, rest = (ROOT / PAGE).read_text("utf-8").partition(f"<!-- table: {name} -->\n")
    assert rest.startswith(("|", "\n|")) or "\n| " in rest.partition("<!-- end")[0]


def test_the_page_shows_the_record_of_the_code_mutants():
    assert code_table(json.loads(RECORD.read_text("utf-8"))) in (ROOT / PAGE).read_text("utf-8")
