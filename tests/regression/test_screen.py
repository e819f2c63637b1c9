"""What a run shows on a screen: it fits, and what is wrong is always there."""

from collections import Counter
from os import terminal_size
from types import SimpleNamespace

import pytest

from tests.terminal import on_terminal, shown
from w2s_theory.certify import Verdict
from w2s_theory.ledger.registry import load
from w2s_theory.regression import gathering
from w2s_theory.regression.gathering import Gathering, Plan
from w2s_theory.regression.outcome import QUICK, Outcome
from w2s_theory.regression.report import Fate, Kill, Record, Weaker
from w2s_theory.regression.stored import ours

SIZES = [(80, 24), (200, 50)]


class Screen:
    """What pytest's terminal reporter is asked for."""

    def __init__(self, isatty: bool = True) -> None:
        self.isatty, self.lines, self.live = isatty, [], []

    def write_line(self, line: str, **_: bool) -> None:
        self.lines.append(line)

    def section(self, title: str, **_: str) -> None:
        self.lines.append(f"= {title}")

    def rewrite(self, line: str, **_: bool) -> None:
        self.live.append(line)


def summary(screen, keys=(), *, bad=(), alive=(), verbosity=0, size=SIZES[0]):
    """The lines that a run of these statements (or all) ends with."""
    ledger = load()
    keys = keys or tuple(ledger)
    results: dict[str, Record | Kill] = {}
    for key in keys:
        for kind in ledger[key].needs:
            verdict = Verdict.REFUTED if key in bad else Verdict.PROVED
            outcome = Outcome(verdict=verdict, margin="ratio 1.234e-05", effective=1234)
            made = Record(statement=key, kind=kind, check="test_one", outcome=outcome)
            results[f"{key}/{kind}"] = made
        for mutant in ledger[key].mutants:
            by = None if f"{key}~{mutant.id}" in alive else "test_search"
            results[f"{key}~{mutant.id}"] = Kill(
                statement=key, mutant=mutant.id, change=mutant.change, check=by
            )
    plugins = SimpleNamespace(get_plugin=lambda _: screen)
    config = SimpleNamespace(
        pluginmanager=plugins, get_verbosity=lambda: verbosity, getoption=lambda _: 0
    )
    plan = Plan(items=dict(results), selected=keys, partial=False)
    made = Gathering(config, QUICK, ours(), plan=plan)
    made.results, made.failures = results, Counter()
    made.weaker = {
        str(i): Weaker(statement=keys[0], id=str(i), change="x" * 90, fate=Fate.ARGUED, note="why")
        for i in range(60)
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gathering, "get_terminal_size", lambda: terminal_size(size))
        made._tell(keys[0])
        made.pytest_terminal_summary(screen)
    return screen.lines


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("keys", [(), ("thm-4.1",), tuple(load())[:12]])
def test_a_summary_fits_the_screen(size, keys):
    screen = Screen()
    lines = summary(screen, keys, size=size)
    assert len(lines) <= size[1]
    assert max(map(len, lines)) <= size[0]
    assert "verdict: HELD" in "\n".join(lines)
    assert "weaker hypotheses that are not refuted" in "\n".join(lines)
    assert all(len(line) < size[0] for line in screen.live)
    assert " left: " in screen.live[0]


@pytest.mark.parametrize("size", SIZES)
def test_what_is_wrong_is_always_shown(size):
    bad, alive = ("nstep", "lem-ls"), ("thm-4.1~c-0.76",)
    lines = summary(Screen(), bad=bad, alive=alive, size=size)
    text = "\n".join(lines)
    assert all(f"\n{key}" in text for key in bad)
    assert "thm-4.1~c-0.76" in text
    assert "SURVIVED" in text
    assert "\ncor-2 " not in text
    assert "verdict: REFUTED" in text


@pytest.mark.parametrize("isatty", [True, False])
def test_verbose_shows_every_row(isatty):
    text = "\n".join(summary(Screen(isatty), verbosity=1, size=(200, 50)))
    for key, entry in load().items():
        assert f"\n{key}" in text
        assert all(f"{key}~{mutant.id}" in text for mutant in entry.mutants)


def test_a_log_has_the_verdict_in_one_line_and_no_live_line():
    screen = Screen(isatty=False)
    assert "statements held" in summary(screen)[-1]
    assert screen.live == []


def test_few_statements_are_shown_whole_in_a_log():
    text = "\n".join(summary(Screen(isatty=False), ("thm-4.1", "cor-1")))
    assert "statements x evidence" in text
    assert "thm-4.1~c-0.76" in text


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
def test_processes_on_a_terminal(tmp_path, size):
    """With pytest-xdist: the line of what is left, a short failure, the verdict."""
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["w2s_theory.regression.plugin"]')
    (tmp_path / "test_made.py").write_text(
        "from w2s_theory.certify import Verdict\n"
        "from w2s_theory.ledger.statement import Evidence\n"
        "from w2s_theory.regression.outcome import Outcome, check\n"
        "@check('lem-1', Evidence.PROPERTY)\n"
        "def test_bad(statement, profile):\n"
        "    return Outcome(verdict=Verdict.REFUTED, detail='at zero')\n"
    )
    (tmp_path / "pytest.ini").write_text("[pytest]")
    arguments = ("-P", "-m", "pytest", "-n", "2", "-p", "no:cacheprovider")
    code, written = on_terminal(*arguments, cwd=tmp_path, columns=size[0], lines=size[1])
    text = shown(written)
    assert code == 1
    assert "checks and mutants" in text
    assert "lem-1 [property] REFUTED: at zero" in text
    assert "pyfuncitem" not in text
    assert "verdict: REFUTED" in text
    assert "\x1b[31m" in written
