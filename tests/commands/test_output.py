"""What every command shares: closed pipes, narrow terminals, colours, negative numbers."""

import os
import subprocess
import sys

import pytest
from typer.testing import CliRunner, Result

import w2s_theory
from tests.terminal import on_terminal
from w2s_theory.cli import app
from w2s_theory.commands.output import CLOSED_PIPE
from w2s_theory.text.columns import columns

W2S = [sys.executable, "-m", "w2s_theory.cli"]


@pytest.mark.parametrize("command", [["list"], ["list", "--json"]])
def test_a_closed_pipe_ends_a_command_silently(command: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([*W2S, *command], stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (CLOSED_PIPE, b"")


def in_a_terminal(width: int, **environment: str) -> str:
    """What `w2s list` prints to a terminal of this width."""
    code, written = on_terminal("-m", "w2s_theory.cli", "list", columns=width, env=environment)
    assert code == 0
    return written.replace("\r", "")


def test_a_table_fits_the_terminal_and_no_color_is_honoured() -> None:
    lines = in_a_terminal(60, NO_COLOR="1").splitlines()
    assert max(map(len, lines)) <= 60
    assert "\x1b" not in "".join(lines)
    assert "thm-4.1" in lines
    assert in_a_terminal(300, NO_COLOR="1").splitlines()[0].startswith("id  ")


def test_columns_become_paragraphs() -> None:
    rows = [["id", "kind", "title"], ["thm", "theorem", "a b"], ["x", "", "c"]]
    assert columns(rows)[2] == "thm  theorem  a b"
    assert columns(rows, 16) == [
        "thm",
        "    kind:",
        "    theorem;",
        "    title: a b",
        "x",
        "    title: c",
    ]


def test_the_version_and_negative_numbers() -> None:
    def run(*arguments: str) -> tuple[int, str]:
        done = invoked(*arguments)
        return done.exit_code, done.stdout + done.stderr

    process = subprocess.run([*W2S, "--version"], capture_output=True, text=True, check=False)
    version = f"w2s {w2s_theory.__version__}\n"
    assert (process.returncode, process.stdout, process.stderr) == (0, version, "")
    refused = (2, "w2s: LOSS must be in [0, 1], got -0.1\n")
    assert run("floor", "-0.1") == run("floor", "--", "-0.1") == refused
    assert "got '--chian'" in run("floor", "--chian")[1]


def invoked(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments, env={"COLUMNS": "80", "TERM": "dumb"})


def test_every_command_is_said_in_one_line() -> None:
    for listed in (invoked("--help"), invoked("export", "--help")):
        said = listed.stdout.partition("Commands:")[2].strip().splitlines()
        assert len(said) > 2
        assert all(line.endswith(".") and not line.endswith("...") for line in said), said


@pytest.mark.parametrize("command", ["simulate", "falsify", "sweep", "check", "export html"])
def test_a_help_fits_80_columns_and_names_what_it_wants(command: str) -> None:
    text = invoked(*command.split(), "--help").stdout
    assert max(map(len, text.splitlines())) <= 80
    assert "[[" not in text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("spectrum --dim -3", "w2s: --dim must be an integer >= 2, got -3"),
        ("falsify thm-4.1 --tries 0", "w2s: --tries must be an integer >= 1, got 0"),
        ("simulate foo", "w2s: model must be relu or linear, got 'foo'"),
        ("sweep none.toml --store x.db", "w2s: none.toml: no such file or directory"),
    ],
)
def test_an_error_is_in_the_words_of_who_typed(typed: str, said: str) -> None:
    done = invoked(*typed.split())
    assert (done.exit_code, done.stderr.strip()) == (2, said)
