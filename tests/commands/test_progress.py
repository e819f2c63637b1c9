"""Long work says on a terminal what is done and what is left, elsewhere nothing; Ctrl-C ends it."""

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.terminal import on_terminal, shown
from w2s_theory.commands import progress
from w2s_theory.models.parallel import silent

W2S = ("-P", "-m", "w2s_theory.cli")
LONG = {
    "falsify": ("falsify", "nstep", "--tries", "10000000", "--seed", "0"),
    "audit": ("audit", "--digits", "4000"),
    "spectrum": (
        "spectrum",
        "--activation",
        "t/(1+exp(-t))",
        "--digits",
        "200",
        "--max-degree",
        "200",
    ),
    "simulate": ("simulate", "relu", "--student-width", "16384", "--draws", "2000"),
    "ceiling": ("ceiling", "relu", "--dim", "8", "--draws", "100000"),
    "figure": ("figure", "7", "--full"),
}


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def drawn(monkeypatch: pytest.MonkeyPatch, columns: int, **environment: str) -> str:
    """What the bar of two stages writes."""
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(progress, "_PATIENCE", -1.0)
    for name, value in {"COLUMNS": str(columns), "TERM": "xterm", **environment}.items():
        monkeypatch.setenv(name, value)
    with progress.progress_bar(quiet=False) as report:
        report("cells: worst 1.5", 1, 4)
        report("cells: worst 1.2", 3, 4)
        report("rows read: 65,536", 65536, 0)
    return screen.getvalue()


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_what_is_done_and_left_fits(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    text = drawn(monkeypatch, columns)
    assert "3/4" in text
    assert "worst 1.2" in text
    assert re.search(r"\d:\d\d:\d\d|-:--:--", text)
    assert "\x1b[3" in text
    assert all(len(line) <= columns for line in re.split(r"[\r\n]", shown(text)))


def test_no_colour_where_none_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    text = drawn(monkeypatch, 80, NO_COLOR="1")
    assert "3/4" in text
    assert not re.search(r"\x1b\[3\d", text)


@pytest.mark.parametrize("quiet", [True, False])
def test_nothing_where_nobody_watches(monkeypatch: pytest.MonkeyPatch, quiet: bool) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal() if quiet else io.StringIO())
    with progress.progress_bar(quiet=quiet) as report:
        assert report is silent


@pytest.mark.slow
@pytest.mark.parametrize("command", LONG)
def test_a_long_command_is_watched_and_interrupted(command: str, tmp_path: Path) -> None:
    code, written = on_terminal(*W2S, *LONG[command], cwd=tmp_path, interrupt_at="/", seconds=300)
    text = shown(written)
    assert re.search(r"\d+/\d+", text)
    assert code == 130
    assert text.rstrip().endswith("w2s: interrupted")
    assert "Traceback" not in text
    assert not [*tmp_path.rglob("*.*")]


@pytest.mark.slow
def test_a_pipe_gets_no_bar(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, *W2S, "audit"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
