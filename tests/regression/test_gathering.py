"""The report is the same however the checks are run: serially, in processes, in part, broken."""

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from w2s_theory.ledger.registry import load

LEDGER = load()  # pytester forgets what is imported while it runs: once before is once for all

pytestmark = pytest.mark.slow

HEAD = """
import os, pytest
from w2s_theory.certify import Verdict
from w2s_theory.ledger.statement import Evidence
from w2s_theory.regression.outcome import Outcome, PendingError, check

def outcome(verdict="PROVED", effective=3):
    return Outcome(verdict=Verdict[verdict], margin="0.5", effective=effective, detail="because")
"""


def a_check(name, key, kind, body, *, above="", fixture=""):
    arguments = ", ".join(filter(None, ("statement", "profile", fixture)))
    return f"""
{above}
@check("{key}", Evidence.{kind})
def test_{name}({arguments}):
    {body}
"""


GOOD = HEAD + a_check("good", "def-1", "SYMBOLIC", "return outcome()")
KILLER = HEAD + a_check(
    "killer",
    "lem-1-convex",
    "PROPERTY",
    "return outcome('REFUTED' if statement.mutant_of else 'PROVED')",
)
ILL = (
    KILLER
    + a_check("refuted", "def-1", "PROPERTY", "return outcome('REFUTED')")
    + a_check("raises", "lem-1", "SYMBOLIC", "raise RuntimeError('broken check')")
    + a_check("fixture", "lem-1", "PROPERTY", "return outcome()", fixture="no_such_fixture")
    + a_check("skipped", "lem-ls", "SYMBOLIC", "pytest.skip('not today')")
    + a_check("marked", "lem-ls", "PROPERTY", "return outcome()", above="@pytest.mark.skip('no')")
    + a_check("vacuous", "thm-4.2", "PROPERTY", "return outcome(effective=0)")
    + a_check("undecided", "thm-4.2", "SYMBOLIC", "return outcome('UNDECIDED')")
    + a_check("nothing", "cor-1", "PROPERTY", "return None")
    + a_check("xfail", "cor-1", "SYMBOLIC", "return outcome('REFUTED')", above="@pytest.mark.xfail")
    + a_check("pending", "cor-2", "FORMAL", "raise PendingError('build it')")
)
ORDINARY = "def test_right():\n    assert True\n\ndef test_wrong():\n    assert False\n"


@pytest.fixture
def tree(pytester, monkeypatch):
    """A function that makes a tree of files and runs pytest there: (result, its report)."""
    pytester.makeini("[pytest]")
    pytester.makeconftest('pytest_plugins = ["w2s_theory.regression.plugin"]')
    # The processes of a run inside this one's are those of the inner run alone.
    for name in [name for name in os.environ if name.startswith("PYTEST_XDIST")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("W2S_DERANDOMIZE", "1")
    monkeypatch.setattr("w2s_theory.regression.gathering._FEW", 10**6)
    path = pytester.path / "checks-report.json"

    def run(*arguments, cache=False, **files):
        for name, text in files.items():
            folder, _, rest = name.partition("__")
            (pytester.path / folder).mkdir(exist_ok=True)
            (pytester.path / folder / f"{rest}.py").write_text(text)
        path.unlink(missing_ok=True)
        off = () if cache else ("-p", "no:cacheprovider")
        result = pytester.runpytest_inprocess(*off, *arguments)
        return result, json.loads(path.read_text()) if path.exists() else None

    return run


def status(report, key, kind):
    (entry,) = [e for e in report["statements"] if e["id"] == key]
    return entry["evidence"][kind]["status"]


def verdict(result):
    (line,) = [line for line in result.outlines if line.startswith("verdict: ")]
    return line


def table(result):
    lines = result.outlines
    start = next(i for i, line in enumerate(lines) if "statements x evidence" in line)
    return lines[start : lines.index(verdict(result)) + 1]


def test_a_long_summary_shows_what_is_not_held_and_v_shows_all(tree, monkeypatch):
    monkeypatch.setattr("w2s_theory.regression.gathering._FEW", 0)
    result, _ = tree(checks__test_ill=ILL)
    (start,) = [i for i, line in enumerate(result.outlines) if "= not held =" in line]
    assert any(line.startswith("def-1 ") for line in result.outlines[start:])
    assert not any("statements x evidence" in line for line in result.outlines)
    assert "0 of " not in " ".join(result.outlines[:start])  # no line of progress in a file
    whole, _ = tree("-v", checks__test_ill=ILL)
    assert any(line.startswith("lem-1-convex ") for line in table(whole))
    assert not any("= not held =" in line for line in whole.outlines)


# --- every way to run the same checks -------------------------------------------------------------


def test_what_is_ill_is_named_and_nothing_of_it_is_held(tree):
    result, report = tree(checks__test_ill=ILL)
    assert result.ret == 1
    wanted = {
        ("lem-1-convex", "property"): "held",
        ("def-1", "property"): "refuted",
        ("lem-1", "symbolic"): "error",
        ("lem-1", "property"): "error",
        ("lem-ls", "symbolic"): "error",
        ("lem-ls", "property"): "error",
        ("thm-4.2", "property"): "vacuous",
        ("thm-4.2", "symbolic"): "undecided",
        ("cor-1", "property"): "error",
        ("cor-1", "symbolic"): "refuted",
        ("cor-2", "formal"): "pending",
        ("def-1", "symbolic"): "missing",
    }
    assert {pair: status(report, *pair) for pair in wanted} == wanted
    assert {kill["killed_by"] for kill in report["mutants"]} >= {None, "test_killer"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("-n2",),
        ("-n2", "--dist=each", "-k", "killer or refuted or raises", "-p", "no:junitxml"),
        ("-n1", "--dist=loadfile", "--evidence=property"),
    ],
    ids=" ".join,
)
def test_processes_change_nothing(tree, arguments):
    """Seen to hold for loadscope and worksteal too; every process costs two seconds."""
    files = {"checks__test_ill": ILL, "checks__test_good": GOOD, "tests__test_unit": ORDINARY}
    alone = [a for a in arguments if not a.startswith(("-n", "--dist"))]
    one, first = tree(*alone, "-p", "no:xdist", **files)
    many, second = tree(*arguments)
    assert first == second
    assert one.ret == many.ret == 1
    assert table(one) == table(many)


NARROWED = ["-x", "--maxfail=2", "--lf", "--ignore=checks/test_searches.py", "-k good or late"]


@pytest.mark.parametrize("arguments", NARROWED)
def test_processes_change_nothing_of_a_part(tree, pytester, arguments):
    """Whatever is the first failure in time: it is the first in order that ends a run with -x."""
    late = "import time; time.sleep(0.3); return outcome('UNDECIDED')"
    files = {
        "checks__test_proofs": GOOD + a_check("late", "lem-1", "SYMBOLIC", late),
        "checks__test_searches": KILLER
        + a_check("refuted", "def-1", "PROPERTY", "return outcome('REFUTED')"),
        "checks__test_z": HEAD + a_check("raises", "lem-1", "PROPERTY", "raise RuntimeError('no')"),
    }
    kept = pytester.path / ".pytest_cache"
    if arguments == "--lf":
        tree("-p", "no:xdist", "--mutants=without", cache=True, **files)
    one, first = tree(arguments, "-p", "no:xdist", cache=True, **files)
    if arguments == "--lf":
        shutil.rmtree(kept)
        tree("-p", "no:xdist", "--mutants=without", cache=True, **files)
    many, second = tree(arguments, "-n2", "-p", "no:junitxml", cache=True)
    assert first == second
    assert first["partial"]
    assert one.ret == many.ret == 1
    assert table(one) == table(many)


@pytest.mark.parametrize("processes", ["0", "2"])
def test_missing_evidence_fails_even_if_every_check_passes(tree, processes):
    result, report = tree("-n", processes, "--mutants", "without", checks__test_good=GOOD)
    result.assert_outcomes(passed=1)
    assert result.ret == 1
    assert report["verdict"] == "missing"
    assert not report["partial"]
    assert status(report, "def-1", "symbolic") == "held"


def test_processes_share_the_seed_that_is_printed(tree, monkeypatch):
    for name in ("CI", "W2S_DERANDOMIZE"):
        monkeypatch.delenv(name, raising=False)
    wait = "import time; time.sleep(0.5); "  # so that either process takes some
    body = "return Outcome(verdict=Verdict.PROVED, effective=1, margin=str(profile.seed))"
    said = [
        a_check(f"seed_{i}", key, "SYMBOLIC", wait + body)
        for i, key in enumerate(("def-1", "lem-1", "lem-ls", "thm-4.1", "cor-1", "thm-4.2"))
    ]
    result, report = tree("-n2", "--mutants=without", checks__test_seeds=HEAD + "".join(said))
    result.assert_outcomes(passed=6)
    found = {row["evidence"]["symbolic"]["margin"] for row in report["statements"]
             if row["evidence"].get("symbolic", {}).get("margin")}  # fmt: skip
    assert found == {str(report["seed"])}


def test_a_process_that_dies_is_an_error(tree):
    dies = HEAD + a_check("dies", "def-1", "SYMBOLIC", "os._exit(7)")
    dies += a_check("good", "def-1", "SYMBOLIC", "return outcome()")
    result, report = tree("-n1", "--statement=def-1", "--mutants=without", checks__test_dies=dies)
    assert result.ret == 1
    assert status(report, "def-1", "symbolic") == "error"


def test_a_failing_teardown_is_not_held(tree):
    torn = HEAD + a_check("torn", "def-1", "SYMBOLIC", "return outcome()", fixture="late")
    torn += "@pytest.fixture\ndef late():\n    yield\n    raise OSError('late')\n"
    _, report = tree(checks__test_torn=torn)
    assert status(report, "def-1", "symbolic") == "error"


# --- parts of a run -------------------------------------------------------------------------------


def test_a_run_that_stops_early_is_partial(tree):
    first = HEAD + a_check("a", "def-1", "SYMBOLIC", "return outcome('UNDECIDED')")
    first += a_check("b", "lem-1", "SYMBOLIC", "return outcome()")
    result, report = tree("-x", checks__test_first=first)
    assert report["partial"]
    assert report["verdict"] == "undecided"
    assert status(report, "lem-1", "symbolic") == "not run"
    assert "partial run" in verdict(result)
    whole, report = tree(checks__test_first=first)
    assert not report["partial"]
    assert "partial" not in verdict(whole)


@pytest.mark.parametrize(
    "arguments",
    [
        ("-k", "good"),
        ("--deselect", "checks/test_proofs.py::test_other"),
        ("checks/test_proofs.py::test_good",),
        ("--statement", "def-1"),
        ("--ignore", "checks/test_searches.py"),
        ("--ignore-glob", "*searches*"),
        ("checks/test_proofs.py",),
    ],
    ids=" ".join,
)
def test_a_narrowed_run_is_partial_and_the_whole_is_not(tree, arguments):
    other = a_check("other", "lem-1", "SYMBOLIC", "return outcome()")
    files = {"checks__test_proofs": GOOD + other, "checks__test_searches": KILLER}
    result, report = tree("--mutants=without", *arguments, **files)
    assert report["partial"]
    assert result.ret == 0
    assert status(report, "def-1", "symbolic") == "held"
    result, report = tree("--mutants=without", "--ignore=elsewhere")
    assert (result.ret, report["partial"], report["verdict"]) == (1, False, "missing")


def test_a_statement_that_was_asked_for_is_partial_even_if_no_other_has_a_check(tree):
    result, report = tree("--statement=def-1", "--mutants=without", checks__test_good=GOOD)
    assert (result.ret, report["partial"], report["verdict"]) == (0, True, "held")
    assert [entry["id"] for entry in report["statements"]] == ["def-1"]


def test_a_file_that_has_lost_its_checks_is_missing_and_not_partial(tree):
    result, report = tree("--mutants=without", checks__test_proofs="", checks__test_searches=KILLER)
    assert (result.ret, report["partial"]) == (1, False)
    assert status(report, "def-1", "symbolic") == "missing"


def test_last_failed_is_partial_and_runs_a_mutant_with_all_of_its_checks(tree):
    verdict_ = "return outcome('UNDECIDED' if statement.mutant_of else 'PROVED')"
    blind = HEAD + a_check("blind", "lem-1-convex", "SYMBOLIC", verdict_)
    fails = a_check("fails", "def-1", "PROPERTY", "return outcome('REFUTED')")
    files = {"checks__test_proofs": blind, "checks__test_searches": KILLER + fails}
    _, before = tree("--lf", cache=True, **files)
    assert not before["partial"]
    result, report = tree("--lf", "-n0", cache=True)
    assert report["partial"]
    assert result.ret == 1
    assert [e["id"] for e in report["statements"]] == ["def-1"]
    assert all(kill["statement"] == "def-1" for kill in report["mutants"])


def test_a_mutant_is_not_judged_by_some_of_its_checks(tree):
    verdict_ = "return outcome('UNDECIDED' if statement.mutant_of else 'PROVED')"
    blind = HEAD + a_check("blind", "lem-1-convex", "SYMBOLIC", verdict_)
    files = {"checks__test_proofs": blind, "checks__test_searches": KILLER}
    for arguments in (["-k", "blind"], ["--evidence=symbolic"], ["checks/test_proofs.py"]):
        result, report = tree(*arguments, **files)
        assert (result.ret, report["mutants"]) == (0, [])
    _, report = tree()
    assert {kill["killed_by"] for kill in report["mutants"]} == {"test_killer"}
    count = len(report["mutants"])
    kinds = {
        "symbolic": {"run": count, "killed": count},
        "property": {"run": count, "killed": count},
    }
    assert report["kills"] == kinds


def test_a_proof_of_a_mutant_fails_whatever_refutes_it(tree):
    prover = HEAD + a_check("prover", "lem-1-convex", "SYMBOLIC", "return outcome()")
    for files in (("test_proofs", "test_searches"), ("test_searches", "test_proofs")):
        texts = dict(zip((f"checks__{name}" for name in files), (prover, KILLER), strict=True))
        result, report = tree(**texts)
        assert result.ret == 1
        assert {kill["killed_by"] for kill in report["mutants"]} == {None}
        assert report["kills"]["symbolic"]["killed"] == 0


def test_every_kind_is_run_in_the_full_profile(tree):
    """In the quick one the proof, and what it takes to refute the mutant."""
    verdict_ = "return outcome('REFUTED' if statement.mutant_of else 'PROVED')"
    files = {
        "checks__test_searches": KILLER,
        "checks__test_other": HEAD + a_check("other", "lem-1-convex", "CERTIFIED", verdict_),
    }
    _, report = tree(**files)
    assert [*report["kills"]] == ["property"]
    _, report = tree("--profile=full", **files)
    assert [*report["kills"]] == ["certified", "property"]


@pytest.mark.parametrize("processes", ["0", "1"])
def test_a_file_that_cannot_be_collected_is_an_error(tree, processes):
    result, report = tree(
        "--continue-on-collection-errors",
        "--mutants=without",
        "-n",
        processes,
        checks__test_good=GOOD,
        checks__test_broken="import no_such_module",
    )
    assert result.ret == 1
    assert report["verdict"] == "error"
    assert "could not be collected: checks/test_broken.py" in verdict(result)


def test_what_is_kept_of_earlier_runs_is_left_by_a_partial_one(tree, pytester):
    undecided = a_check("other", "def-1", "SYMBOLIC", "return outcome('UNDECIDED')")
    two = GOOD + a_check("second", "lem-1", "SYMBOLIC", "return outcome()")
    path = pytester.path / "checks-status.json"

    def kept(*arguments, **files):
        tree("--mutants=without", *arguments, **files)
        found = json.loads(path.read_text())["statements"]
        return {key: about["evidence"]["symbolic"]["status"] for key, about in found.items()}

    assert kept("--statement=lem-1", checks__test_two=two) == {"lem-1": "held"}
    assert kept("-k", "good") == {"lem-1": "held", "def-1": "held"}
    # What is good of one of two checks says nothing; what is bad does.
    assert kept("-k", "other", checks__test_two=two + undecided)["def-1"] == "undecided"
    assert kept("-k", "good", "-n1")["def-1"] == "undecided"
    assert kept("--statement=def-1", checks__test_two=two)["def-1"] == "held"


# --- ordinary tests beside checks -----------------------------------------------------------------


@pytest.mark.parametrize("option", [(), ("--statement=def-1",), ("--evidence=symbolic",)])
def test_ordinary_tests_run_and_fail_the_run(tree, option):
    files = {"checks__test_good": GOOD, "tests__test_unit": ORDINARY}
    result, report = tree("--mutants=without", *option, **files)
    result.assert_outcomes(passed=2, failed=1)
    assert result.ret == 1
    assert status(report, "def-1", "symbolic") == "held"


def test_ordinary_tests_alone_are_pytest_alone(tree):
    result, report = tree(tests__test_unit=ORDINARY)
    result.assert_outcomes(passed=1, failed=1)
    assert report is None
    result.stdout.no_fnmatch_line("*verdict*")
    result, _ = tree("-k", "right")
    assert result.ret == 0
    result, _ = tree("-k", "no_such_test")
    assert result.ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_mutants_only_leaves_ordinary_tests_alone(tree):
    result, report = tree(
        "--mutants=only", checks__test_k=KILLER, tests__test_unit="def test(): pass"
    )
    result.assert_outcomes(passed=1 + len(report["mutants"]), deselected=1)
    assert "NOT RUN" in verdict(result)
    assert "mutants killed; partial run: nothing else was run" in verdict(result)


# --- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ("--statement=lem-1",),
        ("--statement=lem-1", "-n1"),
        ("--evidence=witness",),
        ("--mutants=only", "-k", "test_right"),
    ],
    ids=" ".join,
)
def test_nothing_selected_is_refused(tree, arguments):
    files = {"checks__test_good": GOOD, "tests__test_unit": ORDINARY}
    result, report = tree(*arguments, **files)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "no check is selected" in "\n".join(result.outlines + result.errlines)
    assert report is None


def test_a_check_of_an_unknown_statement_is_refused(tree):
    result, _ = tree(checks__test_x=HEAD + a_check("x", "thm-4.3", "SYMBOLIC", "return outcome()"))
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "did you mean thm-4.2" in "\n".join(result.errlines)


@pytest.mark.parametrize("place", ["none/report.json", "/proc/report.json", "checks", "a.py/b"])
def test_a_report_that_cannot_be_written_is_refused_before_anything_runs(tree, place):
    ran = HEAD + a_check("ran", "def-1", "SYMBOLIC", "open('ran', 'w'); return outcome()")
    result, _ = tree("--report", place, checks__test_ran=ran, a__py="")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "--report" in "\n".join(result.errlines)
    assert not Path("ran").exists()


def test_a_report_that_is_lost_fails_the_run(tree, monkeypatch):
    def full(*_):
        raise OSError("disk full")

    monkeypatch.setattr("w2s_theory.regression.gathering.replace_files", full)
    result, report = tree("--statement=def-1", "--mutants=without", checks__test_good=GOOD)
    assert (result.ret, report) == (1, None)
    result.stdout.fnmatch_lines(["*the report was not written: *checks-report.json: disk full"])


@pytest.mark.parametrize("asked", [True, False])
def test_a_read_only_folder_is_told_in_one_line(pytester, asked):
    """A root without the right to write anywhere stands in for another user."""
    lower = []
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("root may write anywhere, and there is no setpriv to take that from it")
        lower = ["setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override"]
    pytester.makeini("[pytest]")
    pytester.makeconftest('pytest_plugins = ["w2s_theory.regression.plugin"]')
    pytester.makepyfile(test_good=GOOD)
    pytester.mkdir("there").chmod(0o555)
    report = ["--report", "there/report.json"] if asked else []
    arguments = ["-p", "no:cacheprovider", "--statement=def-1", "--mutants=without", *report]
    pytester.path.chmod(0o555)
    try:
        python = [*lower, sys.executable, "-B", "-m", "pytest"]
        result = pytester.run(*python, *arguments)
    finally:
        pytester.path.chmod(0o755)
    lines = result.outlines + result.errlines
    assert "Traceback" not in "\n".join(lines)
    (line,) = [line for line in lines if "Permission denied" in line]
    if asked:
        assert result.ret == pytest.ExitCode.USAGE_ERROR
        assert line == "ERROR: --report there/report.json: Permission denied"
    else:
        assert result.ret == 1
        assert line.endswith("checks-report.json: Permission denied")
    assert not list(pytester.path.rglob("*report.json*"))


def test_optimised_python_is_refused_in_one_line(pytester):
    pytester.makeini("[pytest]\nfilterwarnings =\n    error\n    default:assertions not in test")
    pytester.makeconftest('pytest_plugins = ["w2s_theory.regression.plugin"]')
    pytester.makepyfile(ORDINARY)
    result = pytester.run(sys.executable, "-O", "-m", "pytest")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "ERROR: python -O strips assert statements: run without -O" in result.errlines
    assert "Traceback" not in "\n".join(result.errlines)
