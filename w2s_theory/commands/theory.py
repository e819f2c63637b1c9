"""`w2s list`, `show`, `floor`: the ledger, and the limits it states."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from w2s_theory.commands.output import echo_table, emit, fail, reports_bad_input

if TYPE_CHECKING:
    from flint import arb

    from w2s_theory.ledger.statement import Statement
    from w2s_theory.ledger.theories import Theory
    from w2s_theory.regression.formal import FormalTheorem

Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]
TheoryName = Annotated[
    str | None,
    typer.Option("--theory", help="MODULE:NAME of another theory than pyproject.toml's."),
]
Id = Annotated[str, typer.Argument(metavar="ID", help="Id of a statement, as in `w2s list`.")]

app = typer.Typer()
PLACE = 10


@app.command("list")
@reports_bad_input
def list_statements(theory_name: TheoryName = None, as_json: Json = False) -> None:
    """List the statements, and what the runs so far have found.

    A statement is held, stale (what its evidence rests on has changed since), not run, or what went
    wrong; `inherited` is the worst of it and of all it uses.
    """
    from w2s_theory.regression.lasting import age, known, summary
    from w2s_theory.regression.stored import chosen

    theory = chosen(theory_name)
    ledger, found = theory.ledger, known(theory)
    rows = [
        {
            "id": entry.id,
            "kind": entry.kind.value,
            "title": entry.title,
            "source": entry.source.value,
            "uses": list(entry.uses),
            "needs": [kind.value for kind in entry.needs],
            "status": found[entry.id].status.value,
            "inherited": found[entry.id].inherited.value,
            "when": found[entry.id].when,
        }
        for entry in ledger.values()
    ]
    if as_json:
        emit({"statements": rows})
        return

    heads = ("id", "kind", "source", "status", "inherited", "age", "title")
    ages = ({**row, "age": age(found[str(row["id"])].when)} for row in rows)
    echo_table([list(heads), *([str(row[head]) for head in heads] for row in ages)])
    typer.echo(summary(found))


@app.command()
@reports_bad_input
def show(
    statement_id: Id,
    latex: Annotated[bool, typer.Option("--latex", help="Only the claim, in LaTeX.")] = False,
    theory_name: TheoryName = None,
    as_json: Json = False,
) -> None:
    """Show a statement: claim, evidence, proof, checks, mutants."""
    from w2s_theory.ledger.render import claim_text, text
    from w2s_theory.regression.lasting import age, known
    from w2s_theory.regression.links import check_files
    from w2s_theory.regression.stored import chosen, home_of

    theory = chosen(theory_name)
    ledger, entry = theory.ledger, theory.ledger[statement_id]
    if latex and as_json:
        fail("--latex prints no JSON object: --json has the claim in LaTeX, too")
    if latex:
        typer.echo(entry.latex)
        return
    found, home = known(theory, entry.id)[entry.id], home_of(theory, entry.id)
    coq, checks = _formal(entry, home), check_files(entry, home)
    payload: dict[str, object] = {
        "id": entry.id,
        "kind": entry.kind.value,
        "title": entry.title,
        "source": entry.source.value,
        "reference": entry.reference,
        "text": entry.text,
        "assumes": [
            {"id": a.id, "text": a.text, "condition": text(a.condition)} for a in entry.assumes
        ],
        "claim": claim_text(entry.claim, entry.where),
        "latex": entry.latex,
        "uses": list(entry.uses),
        "ancestors": list(ledger.ancestors(entry.id)),
        "needs": [kind.value for kind in entry.needs],
        "status": found.status.value,
        "inherited": found.inherited.value,
        "when": found.when,
        "evidence": dict(found.evidence),
        "proof": entry.proof,
        "formal": entry.formal,
        "formal_statement": coq.statement if coq else None,
        "formal_claim": coq.claim if coq else None,
        "checks": list(checks),
        "mutants": [{"id": m.id, "change": m.change} for m in entry.mutants],
    }
    if as_json:
        emit(payload)
        return
    typer.echo(f"{entry.id}: {entry.title}")
    typer.echo(f"{entry.kind.value}, {entry.source.value} ({entry.reference})\n")
    typer.echo(f"{entry.text}\n")
    for assumption in entry.assumes:
        typer.echo(f"  assumes  {assumption.text}")
    typer.echo(f"  claim    {payload['claim']}\n")
    typer.echo(f"  uses     {', '.join(entry.uses) or 'nothing'}")
    others = f" (with what it uses: {found.inherited})" * (found.inherited is not found.status)
    typer.echo(f"  status   {found.status}{others}")
    for kind in entry.needs:
        result, said = found.evidence.get(kind.value), "not run"
        if result is not None:
            recorded = "(recorded)" * bool(result.get("recorded"))
            told = (result["status"], recorded, result["margin"], f"({age(result['when'])})")
            said = " ".join(filter(None, told))
        typer.echo(f"  needs    {kind.value}: {said}")
    typer.echo(f"  proof    {entry.proof or 'none'}")
    if entry.formal:
        said = f"({coq.link}) {coq.statement}" if coq else "run make formal to see its statement"
        typer.echo(f"  Coq      {entry.formal}: {said}")
    typer.echo(f"  checks   {', '.join(checks) or 'none'}")
    for mutant in entry.mutants:
        typer.echo(f"  mutant   {mutant.id}: {mutant.change}")


def _formal(entry: Statement, home: Theory) -> FormalTheorem | None:
    """What Coq printed for the theorem, None where it was not built or has changed since."""
    from w2s_theory.regression.formal import StaleReportError, known_theorems

    try:
        theorems = known_theorems(home.root, home.ledger)[0].get(entry.id, ())
    except (FileNotFoundError, StaleReportError):
        return None
    return next((t for t in theorems if t.name == entry.formal), None)


@app.command(context_settings={"ignore_unknown_options": True})  # so that -0.1 is a number
@reports_bad_input
def floor(
    teacher_loss: Annotated[
        str, typer.Argument(metavar="LOSS", help="L_TE in [0, 1], exact: 0.1 or 1/10.")
    ],
    chain: Annotated[int, typer.Option(help="Number of students in a row.")] = 1,
    digits: Annotated[int | None, typer.Option(help="Certified digits instead of floats.")] = None,
    as_json: Json = False,
) -> None:
    """Say how good a student can get: the certified floors of L_ST."""
    from w2s_theory.certify import describe
    from w2s_theory.theorems.floors import floors

    if teacher_loss.startswith("--"):
        fail(f"floor has the options --chain, --digits and --json, got {teacher_loss!r}")
    sys.set_int_max_str_digits(0)  # small losses and long answers have more than 4300 digits
    try:
        found = floors(teacher_loss, chain=chain, digits=20 if digits is None else digits)
    except ValueError as error:
        fail(str(error).replace("teacher_loss", "LOSS"))

    def shown(ball: arb) -> object:
        return float(ball.mid()) if digits is None else describe(ball, digits)

    payload = {
        "teacher_loss": float(found.teacher_loss),
        "teacher_loss_exact": teacher_loss,
        "floor": shown(found.floor),
        "quadratic_floor": shown(found.quadratic_floor),
        "bounded_floor": shown(found.bounded_floor),
        "chain": found.chain,
        "chain_floor": shown(found.chain_floor),
    }
    if as_json:
        emit(payload)
        return
    lines = (
        ("sharp floor, one student (thm-4.1)", found.floor),
        ("3/4 L_TE^2 (thm-4.1)", found.quadratic_floor),
        ("bounded student, any chain (thm-4.2, cor-2)", found.bounded_floor),
        (f"chain of {found.chain} (nstep)", found.chain_floor),
    )
    typer.echo(f"L_TE = {teacher_loss.strip()}")
    for name, ball in lines:
        number = describe(ball, digits or 15)
        typer.echo(f"  {name:44} {number['mid']} +- {number['rad']}")
