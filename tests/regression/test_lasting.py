"""Results of runs merge: each stands under a hash of what it rests on, and goes stale with it."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import SimpleNamespace

import pytest

from w2s_theory.certify import Verdict
from w2s_theory.ledger.registry import Ledger, load
from w2s_theory.ledger.statement import Evidence
from w2s_theory.regression.lasting import STATUS_NAME, age, keep, lasting, summary
from w2s_theory.regression.outcome import Outcome
from w2s_theory.regression.report import Kill, Record, Status, build
from w2s_theory.regression.rests import Rests

LEDGER = Ledger([load()["def-1"], load()["lem-1"]])
NEEDS = {key: [kind.value for kind in LEDGER[key].needs] for key in LEDGER}


@pytest.fixture
def root(tmp_path):
    """Proof and checks of the two statements, in files of their own."""
    for key in LEDGER:
        for name in (LEDGER[key].proof, "checks/test_proofs.py", *LEDGER[key].checks):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(f"# {name}\n")
    return tmp_path


def theory(root, ledger):
    """What stands for a theory: this ledger, its files in `root`."""
    served = {"proofs": "checks/test_proofs.py", "searches": None, "formal": None}
    return SimpleNamespace(ledger=ledger, own=tuple(ledger), root=root, **served)


def run(root, verdicts, *kills, partial=True, whole=True, ledger=LEDGER):
    """A run that found these verdicts, (id, kind) -> verdict, is kept."""
    records = [
        Record(statement=key, kind=Evidence(kind), check="t", outcome=Outcome(verdict=verdict))
        for (key, kind), verdict in verdicts.items()
    ]
    about = [key for key in ledger if any(key == pair[0] for pair in verdicts)]
    found = build(ledger, records, kills, selected=about, partial=partial, profile="quick")
    rests = Rests(theory(root, ledger))
    keys = {key: rests.keys(ledger[key]) for key in ledger}
    keep(root, found, list(verdicts) if whole else [], keys)


def held(key, verdict=Verdict.PROVED):
    return {(key, kind): verdict for kind in NEEDS[key]}


def statuses(root, ledger=LEDGER):
    return [each.status.value for each in lasting(root, theory(root, ledger)).values()]


def test_nothing_is_known_before_a_run(root):
    assert statuses(root) == ["not run", "not run"]
    assert summary(lasting(root, theory(root, LEDGER))) == "not run"


def test_a_partial_run_leaves_the_others(root):
    run(root, held("def-1"))
    assert statuses(root) == ["held", "not run"]
    run(root, held("lem-1"))
    assert statuses(root) == ["held", "held"]
    run(root, held("lem-1", Verdict.REFUTED))
    assert statuses(root) == ["held", "refuted"]
    assert lasting(root, theory(root, LEDGER), ["def-1"])["def-1"].status is Status.HELD


def test_a_statement_is_held_when_all_its_kinds_are(root):
    (first, *others) = NEEDS["lem-1"]
    assert others
    run(root, {("lem-1", first): Verdict.PROVED})
    assert statuses(root)[1] == "not run"
    run(root, {("lem-1", kind): Verdict.PROVED for kind in others})
    assert statuses(root)[1] == "held"


def test_what_some_checks_of_a_kind_found_counts_only_if_it_is_bad(root):
    run(root, held("def-1"), whole=False)
    assert statuses(root)[0] == "not run"
    run(root, held("def-1"))
    run(root, held("def-1", Verdict.REFUTED), whole=False)
    run(root, held("def-1"), whole=False)
    assert statuses(root)[0] == "refuted"


def test_a_survivor_is_not_held(root):
    mutant = LEDGER["def-1"].mutants[0]
    kill = Kill(statement="def-1", mutant=mutant.id, change="c", check=None)
    run(root, held("def-1"), kill)
    assert statuses(root)[0] == "undecided"
    run(root, held("def-1"), replace(kill, check="t"))
    assert statuses(root)[0] == "held"


def test_status_is_inherited(root):
    run(root, held("lem-1"))
    found = lasting(root, theory(root, LEDGER))["lem-1"]
    assert (found.status, found.inherited) == (Status.HELD, Status.NOT_RUN)


@pytest.mark.parametrize("name", [LEDGER["def-1"].proof, "checks/test_proofs.py"])
def test_a_changed_file_makes_stale(root, name):
    run(root, held("def-1") | held("lem-1"))
    (root / name).write_text("# otherwise\n")
    expected = ["stale", "stale" if name.startswith("checks/") else "held"]
    assert statuses(root) == expected
    run(root, held("def-1"))
    assert statuses(root) == ["held", expected[1]]


def test_a_changed_claim_or_mutant_makes_stale(root):
    run(root, held("def-1"))
    entry = LEDGER["def-1"]
    for other in (replace(entry, claim=entry.claim[:1]), replace(entry, mutants=entry.mutants[:1])):
        assert statuses(root, Ledger([other]))[0] == "stale"
    assert statuses(root, Ledger([replace(entry, text="said otherwise")]))[0] == "held"


def test_formal_evidence_rests_on_the_coq_sources(root):
    theorem = Ledger([replace(load()["thm-4.1"], uses=())])
    (root / "proofs/coq").mkdir(parents=True)
    (root / "proofs/coq/Limits.v").write_text("Qed.")
    kinds = [kind.value for kind in theorem["thm-4.1"].needs]
    run(root, {("thm-4.1", kind): Verdict.PROVED for kind in kinds}, ledger=theorem)
    (root / "proofs/coq/Limits.v").write_text("Admitted.")
    found = lasting(root, theory(root, theorem))["thm-4.1"].evidence
    assert [kind for kind in kinds if found[kind]["status"] == "stale"] == ["formal"]


def test_two_writers_lose_nothing(root):
    with ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(run, root, held(key)) for key in [*LEDGER] * 8]
    assert [job.exception() for job in jobs] == [None] * 16
    assert statuses(root) == ["held", "held"]
    assert not [path.name for path in root.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize(
    "text",
    ["{}", "", "[]", "3", "null", "not json", "\xff", '{"statements": 3}', '{"statements": [{}]}',
     '{"statements": {"def-1": {}}}', '{"statements": {"def-1": {"evidence": {"symbolic": 3}}}}'],
)  # fmt: skip
def test_what_is_no_status_counts_as_none_and_is_replaced(root, text):
    (root / STATUS_NAME).write_text(text, encoding="latin-1")
    assert statuses(root) == ["not run", "not run"]
    run(root, held("def-1"))
    assert statuses(root) == ["held", "not run"]
    assert list(json.loads((root / STATUS_NAME).read_text())["statements"]) == ["def-1"]


def test_a_statement_is_as_old_as_its_oldest_evidence(root):
    run(root, held("lem-1"))
    path = root / STATUS_NAME
    kept = json.loads(path.read_text())
    for year, entry in enumerate(kept["statements"]["lem-1"]["evidence"].values(), 2020):
        entry["when"] = f"{year}-01-01T00:00:00Z"
    path.write_text(json.dumps(kept))
    found = lasting(root, theory(root, LEDGER))["lem-1"]
    assert len(found.evidence) > 1
    assert found.when == "2020-01-01T00:00:00Z"


def test_age():
    assert age(None) == ""
    assert age("2020-01-01T00:00:00Z").endswith(" d")
