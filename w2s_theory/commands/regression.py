"""`w2s check`: the theorem regression, through pytest."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Annotated, Any

import typer

from w2s_theory.commands.output import emit, fail, reports_bad_input
from w2s_theory.commands.theory import Json, TheoryName

_EXIT = {"held": 0, "pending": 0, "not run": 0, "undecided": 3}
_USAGE = 4  # pytest's exit code for bad options

app = typer.Typer()
PLACE = 50


@app.command()
@reports_bad_input
def check(
    statement_ids: Annotated[
        list[str] | None, typer.Argument(metavar="ID", help="Statements; all by default.")
    ] = None,
    mutants: Annotated[
        bool, typer.Option("--mutants", help="Only run the checks against the mutants.")
    ] = False,
    evidence: Annotated[str | None, typer.Option(help="Only this kind of evidence.")] = None,
    profile: Annotated[str, typer.Option(help="quick or full.")] = "quick",
    theory_name: TheoryName = None,
    as_json: Json = False,
) -> None:
    """Run the checks and their mutants: the theorem regression.

    Exit code 0 held, 1 refuted or missing, 3 undecided or vacuous.

    The report is left in the current folder, or at the top of a checkout: checks-report.json has
    what was run, checks-status.json what `w2s list` knows from all runs.
    """
    from w2s_theory.regression.links import check_files
    from w2s_theory.regression.report import Status, exit_code
    from w2s_theory.regression.stored import JSON_NAME, OURS, chosen, is_report, results_folder

    theory, folder = chosen(theory_name), results_folder()
    ledger, root = theory.ledger, theory.root
    arguments = [f"--statement={ledger[key].id}" for key in statement_ids or []]
    if mutants:
        arguments.append("--mutants=only")
    if evidence is not None:
        arguments.append(f"--evidence={evidence}")
    path = folder / JSON_NAME
    if path.exists() and not is_report(path):
        fail(f"{path} is no report of w2s check: it is left alone, so move it or go elsewhere")
    path.unlink(missing_ok=True)
    if theory.name == OURS:
        # From the folder of an installed package nothing is to be left, nor found before ours.
        arguments += [str(root / "checks"), f"--config-file={root / 'pyproject.toml'}"]
        arguments += [f"--rootdir={root}", *(["-p", "no:cacheprovider"] if root != folder else [])]
    else:
        files = (name for key in theory.own for name in check_files(ledger[key], theory))
        arguments += [str(root / name) for name in dict.fromkeys(files)]
        arguments += [f"--rootdir={root}", *([f"--theory={theory_name}"] if theory_name else [])]
    run = subprocess.run(
        [
            *(sys.executable, "-P", "-m", "pytest", f"--report={path}", f"--profile={profile}"),
            *arguments,
        ],
        cwd=folder if theory.name == OURS else root,
        check=False,
        capture_output=as_json,
        text=True,
    )
    if not path.exists():
        if as_json:
            lines = [line for line in (run.stderr or run.stdout).splitlines() if line.strip()]
            fail(lines[-1] if lines else "pytest wrote no report")
        raise typer.Exit(2 if run.returncode == _USAGE else 1)
    report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if as_json:
        emit(report)
    code = exit_code(Status(report["verdict"]))
    raise typer.Exit(code if code or run.returncode == 0 else 1)
