"""`w2s --help` lists the commands as one meets them."""

from typer.testing import CliRunner

from w2s_theory.cli import app

MET = ["list", "show", "floor", "spectrum", "simulate", "figure", "check", "audit", "export"]


def test_commands_are_listed_as_one_meets_them():
    lines = CliRunner().invoke(app, ["--help"]).stdout.split("Commands:")[1].splitlines()
    listed = [line.split()[0] for line in lines if line.startswith("  ") and line[2] != " "]
    assert [name for name in listed if name in MET] == MET
