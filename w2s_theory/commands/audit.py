"""`w2s audit`: every constant of the theory, or one that the user types."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from w2s_theory.commands.output import echo_table, emit, fail, reports_bad_input
from w2s_theory.commands.theory import Json, TheoryName

if TYPE_CHECKING:
    from w2s_theory.ledger.theories import Theory

_UNDECIDED = 3

app = typer.Typer()
PLACE = 60


@app.command()
@reports_bad_input
def audit(
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="WHAT",
            help="Only these: a constant's id, a statement's, or digits such as 0.559301.",
        ),
    ] = None,
    theory_name: TheoryName = None,
    as_json: Json = False,
    latex: Annotated[bool, typer.Option("--latex", help="A LaTeX table (booktabs).")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="A Markdown page.")] = False,
    against: Annotated[
        Path | None, typer.Option(help="An earlier audit (JSON): exit 1 on any drift.")
    ] = None,
    expr: Annotated[
        str | None,
        typer.Option(help="Audit this number instead: arithmetic, functions, ids with _ for -."),
    ] = None,
    expect: Annotated[
        str | None, typer.Option(help="With --expr: exit 1 unless it rounds to this decimal.")
    ] = None,
    digits: Annotated[
        int | None, typer.Option(help="Certified digits (30; with --expr 50).")
    ] = None,
) -> None:
    """Audit the constants of the theory, or a number of your own.

    Each with its exact form, proven enclosure, source, sharpness and evidence.
    """
    if sum((as_json, latex, markdown)) > 1:
        fail("only one of --json, --latex and --markdown may be given")
    if expr is not None:
        if latex or markdown or against is not None or what is not None:
            fail("--expr goes with --expect, --digits and --json only")
        _own(expr, 50 if digits is None else digits, expect, as_json)
        return
    if expect is not None:
        fail("--expect goes with --expr")
    if what is not None:
        if latex or markdown or against is not None:
            fail("WHAT goes with --digits and --json only")
        _looked_up(what, 30 if digits is None else digits, as_json, _theory(theory_name))
        return
    if against is not None and digits is not None:
        fail("--against compares at 30 digits; --digits may not be given")
    if against is not None:
        _compare(against, as_json or latex or markdown, _theory(theory_name))
        return
    from w2s_theory.audit import layout
    from w2s_theory.audit.evaluate import DIGITS
    from w2s_theory.audit.evaluate import audit as run
    from w2s_theory.commands.progress import progress_bar
    from w2s_theory.ledger.numbering import labels

    theory = _theory(theory_name)
    with progress_bar(quiet=as_json) as progress:
        found = run(DIGITS if digits is None else digits, theory, progress)
    if as_json:
        emit(found)
        return
    rows = found["constants"]
    lines = layout.markdown(rows) if markdown else []
    lines = layout.latex(rows, labels(theory)) if latex else lines
    for line in lines:
        typer.echo(line)
    if not lines:
        echo_table(layout.plain(rows))


def _theory(name: str | None) -> Theory:
    from w2s_theory.regression.stored import chosen

    return chosen(name)


def _compare(against: Path, formatted: bool, theory: Theory) -> None:
    from w2s_theory.audit.compare import drift, read
    from w2s_theory.audit.evaluate import audit as run
    from w2s_theory.commands.progress import progress_bar

    if formatted:
        fail("--against goes with no other option")
    earlier = read(against)
    with progress_bar(quiet=False) as progress:
        found = run(theory=theory, progress=progress)
    lines = drift(earlier, found)
    for line in lines:
        typer.echo(line)
    count = len(found["constants"])
    typer.echo(f"audit: {len(lines)} differences in {count} constants against {against}")
    raise typer.Exit(1 if lines else 0)


def _looked_up(what: str, digits: int, as_json: bool, theory: Theory) -> None:
    from w2s_theory.audit import layout
    from w2s_theory.audit.constants import constants
    from w2s_theory.audit.evaluate import row
    from w2s_theory.audit.lookup import decimal, lookup, nearest

    rows = [row(constant, digits, theory) for constant in lookup(what, theory)]
    if as_json:
        emit({"constants": rows})
    for entry in rows if not as_json else ():
        for line in layout.detail(entry):
            typer.echo(line)
    if rows or decimal(what) is None:
        return
    close = row(nearest(what, constants(theory)), digits, theory)
    if not as_json:
        typer.echo(f"no constant has these digits; the nearest is {close['id']}:")
        typer.echo(f"  {close['enclosure']['mid']} +- {close['enclosure']['rad']}")
    raise typer.Exit(1)


def _own(text: str, digits: int, expect: str | None, as_json: bool) -> None:
    from flint import arb

    from w2s_theory.audit.expression import audit_expression
    from w2s_theory.audit.lookup import agrees, decimal
    from w2s_theory.certify import describe
    from w2s_theory.ledger.render import latex as render
    from w2s_theory.ledger.render import text as plain

    expected = None if expect is None else decimal(expect)
    if expect is not None and expected is None:
        fail(f"--expect must be a decimal number, got {expect!r}")
    found = audit_expression(text, digits)
    enclosure = describe(found.ball, digits)
    if not found.settled:  # no digit is known
        enclosure = describe(found.ball.abs_upper() * arb(0, 1), 1) | {"mid": "0"}
    number = found.ball if found.exact is None else found.exact
    agreed = None if expected is None else agrees(expected, number)
    payload = {
        "expr": text,
        "latex": render(found.expr),
        "exact": plain(found.expr),
        "enclosure": enclosure,
        "settled": found.settled,
    }
    if expected is not None:
        payload |= {"expect": expect, "agrees": agreed}
    if as_json:
        emit(payload)
    else:
        typer.echo(f"{payload['exact']}\n  = {enclosure['mid']} +- {enclosure['rad']}")
        if not found.settled:
            typer.echo(f"  undecided: not told from 0, {digits} digits were not reached")
        if expected is not None:
            said = {True: "rounds to", False: "does not round to", None: "undecided against"}
            typer.echo(f"  {said[agreed]} {expect}")
    undecided = not found.settled or (expected is not None and agreed is None)
    raise typer.Exit(_UNDECIDED if undecided else 1 if agreed is False else 0)
