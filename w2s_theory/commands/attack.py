"""`w2s falsify`: attack a statement, or decide or attack a claim of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from w2s_theory.commands.output import UNDECIDED, check_plot, emit, fail, painted, reports_bad_input
from w2s_theory.commands.theory import TheoryName

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sympy import Symbol

    from w2s_theory.ledger.registry import Ledger
    from w2s_theory.search.inquiry import Inquiry
    from w2s_theory.search.settings import Number

PLACE = 15
app = typer.Typer()


@app.command()
@reports_bad_input
def falsify(
    statement_id: Annotated[
        str | None, typer.Argument(metavar="ID", help="A statement, as in `w2s list`.")
    ] = None,
    claim: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CLAIM",
            help="A claim of your own, e.g. 'L_ST >= 0.8*L_TE^2'; more are all claimed.",
        ),
    ] = None,
    when: Annotated[
        list[str] | None,
        typer.Option(metavar="CONDITION", help="Only where this holds, e.g. 'L_TE <= 1/10'."),
    ] = None,
    assume: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RULE",
            help="Of teacher and student: shrinkage (default), least-squares, bounded, "
            "gradient-flow, convex, pretrained, any-teacher, chain:N.",
        ),
    ] = None,
    mutant: Annotated[str | None, typer.Option(help="Attack this mutant of ID instead.")] = None,
    tries: Annotated[
        int | None, typer.Option(help="Settings to try [500 for ID, 20000 for a claim].")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Of the random settings; fresh by default.")
    ] = None,
    recheck: Annotated[
        Path | None, typer.Option(help="Check the counterexample of an earlier --json exactly.")
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(help="Draw the counterexample: 0, f_T, f_S and f*.")
    ] = None,
    theory_name: TheoryName = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Attack a statement or a mutant of it, or a claim of your own.

    A claim is one inequality in L_TE, L_ST, the inner products target_norm2, teacher_norm2,
    student_norm2, teacher_target, student_target, student_teacher, and misfit, teacher_gap,
    student_gap, PGR; with chain:N also L_1 to L_N. Claims about L_TE and L_ST alone are decided
    (PROVED or REFUTED); the others are searched. Exit code 1: refuted; 3: undecided or vacuous.
    """
    from w2s_theory.regression.stored import chosen

    claims, conditions, premises = claim or [], when or [], assume or []
    check_plot(plot)
    if [statement_id is None, not claims, recheck is None].count(False) != 1:
        fail("give one of ID, --claim and --recheck")
    if recheck is not None:
        if plot is not None:
            fail("--plot goes with an ID or --claim")
        _recheck(recheck, as_json)
    if claims:
        if mutant is not None:
            fail("--mutant goes with an ID, not with --claim")
        _inquire(claims, conditions, premises, tries, seed, plot, as_json)
    if conditions or premises:
        fail("--when and --assume go with --claim, not with an ID")
    ledger = chosen(theory_name).ledger
    tries = 500 if tries is None else tries
    _attack(ledger, str(statement_id), mutant, tries, seed, plot, as_json)


def _attack(
    ledger: Ledger,
    statement_id: str,
    mutant: str | None,
    tries: int,
    seed: int | None,
    plot: Path | None,
    as_json: bool,
) -> None:
    from w2s_theory.certify import Verdict
    from w2s_theory.commands.progress import progress_bar
    from w2s_theory.ledger.render import claim_text
    from w2s_theory.search.catalogue import attack_on
    from w2s_theory.search.falsify import falsify as search

    entry = ledger[statement_id]
    attack = attack_on(entry, ledger)
    if mutant is not None:
        known = {m.id: m for m in entry.mutants}
        if mutant not in known:
            fail(f"mutant must be one of {', '.join(known)}, got {mutant!r}")
        entry = entry.mutated(known[mutant])
    entry, clauses = attack.on(entry), len(entry.claim)
    with progress_bar(quiet=as_json) as progress:
        found = search(
            entry,
            attack.settings,
            examples=attack.examples,
            tries=tries,
            seed=seed,
            equality_digits=30,
            progress=progress,
        )
    refuted = found.verdict is Verdict.REFUTED
    verdict = "NOT_REFUTED" if found.verdict is Verdict.PROVED else found.verdict.name
    payload = {
        "claim": claim_text(entry.claim, entry.where),
        "verdict": verdict,
        "counterexample": str(found.counterexample) if refuted else None,
        "tightest_ratio": found.margin,
        "tries": found.tried,
        "effective": found.effective,
        "undefined": found.undefined,
    }
    if as_json:
        emit(payload)
    else:
        typer.echo(f"{entry.id}: {payload['claim']}")
        if len(entry.claim) < clauses:
            typer.echo(
                f"attacked: the {len(entry.claim)} of {clauses} clauses that settings decide"
            )
        undefined = f", {found.undefined} where the claim has no value" * bool(found.undefined)
        typer.echo(f"{verdict} in {found.tried} tries, {found.effective} effective{undefined}")
        if refuted:
            typer.echo(f"counterexample: {found.counterexample}")
        if found.verdict is Verdict.UNDECIDED:
            typer.echo(f"undecided: {found.undecided}; another --seed, or more --tries")
    if plot is not None:
        _draw(plot, _coordinates(found.counterexample.values()) if found.counterexample else None)
    raise typer.Exit(_CODES[verdict])


_CODES = {"PROVED": 0, "NOT_REFUTED": 0, "REFUTED": 1, "UNDECIDED": UNDECIDED, "VACUOUS": UNDECIDED}


def _inquire(
    claims: list[str],
    when: list[str],
    assume: list[str],
    tries: int | None,
    seed: int | None,
    plot: Path | None,
    as_json: bool,
) -> None:
    from w2s_theory.commands.progress import progress_bar
    from w2s_theory.search.conjecture import conjecture
    from w2s_theory.search.inquiry import TRIES, inquire

    asked = conjecture(claims, when=when, assume=assume)
    with progress_bar(quiet=as_json) as progress:
        number = TRIES if tries is None else tries
        found = inquire(asked, tries=number, seed=seed, progress=progress)
    if as_json:
        emit(found.as_dict())
    else:
        for line in _said(found):
            typer.echo(painted(line))
    if plot is not None:
        example = found.counterexample
        if example is not None and len(example.students) > 1:
            fail("--plot draws one student, and this counterexample is a chain")
        vectors = None
        if example is not None:
            roles = {"target": example.target, "teacher": example.teacher}
            roles |= {"student": example.students[0], "start": example.start}
            vectors = {name: [float(x) for x in vector] for name, vector in roles.items()}
        _draw(plot, vectors)
    raise typer.Exit(_CODES[found.verdict.value])


def _draw(plot: Path, vectors: dict[str, list[float]] | None) -> None:
    if vectors is None:
        fail("--plot draws a counterexample, and none was found")
    from w2s_theory.diagnose.triangle import draw_example
    from w2s_theory.text.files import replace_files

    if not any(vectors.get("start", ())):
        vectors.pop("start", None)
    replace_files(plot.parent, {plot.name: draw_example(plot.suffix[1:], **vectors)})


def _coordinates(values: Mapping[Symbol, Number]) -> dict[str, list[float]]:
    """Target, teacher and student of a setting, in three coordinates, from their inner products."""
    import numpy as np

    from w2s_theory.certify import to_arb
    from w2s_theory.ledger import quantities as q

    rows = (
        (q.TARGET_NORM2, q.TEACHER_TARGET, q.STUDENT_TARGET),
        (q.TEACHER_TARGET, q.TEACHER_NORM2, q.STUDENT_TEACHER),
        (q.STUDENT_TARGET, q.STUDENT_TEACHER, q.STUDENT_NORM2),
    )
    if any(symbol not in values for row in rows for symbol in row):
        fail("--plot draws target, teacher and student, and this counterexample has none")
    gram = np.array([[float(to_arb(values[symbol]).mid()) for symbol in row] for row in rows])
    sizes, axes = np.linalg.eigh(gram)
    points = axes * np.sqrt(np.maximum(sizes, 0))
    return dict(zip(("target", "teacher", "student"), points.tolist(), strict=True))


def _said(found: Inquiry) -> list[str]:
    asked = found.conjecture
    lines = [f"claim: {asked.text}"]
    if asked.conditions:
        lines.append(f"when:  {',  '.join(asked.typed['when'])}")
    lines.append(f"given: {asked.premises.text}; target of norm 1")
    if found.tries:
        tight = (
            "" if found.tightest_ratio is None else f", tightest ratio {found.tightest_ratio:.3g}"
        )
        share = f"{found.effective} of {found.tries} tries effective"
        lines.append(f"{found.verdict.value}: {share}{tight}")
    else:
        proved = f"for every setting{' in which it has a value' * asked.partial}"
        how = {"PROVED": proved, "VACUOUS": "no teacher loss meets the conditions"}
        lines.append(f"{found.verdict.value}: {how.get(found.verdict.value, 'exactly')}")
    if found.weak:
        lines.append("warning: under a fifth of the tries put the claim to the test")
    lines += [f"  {line}" for line in found.because]
    example = found.counterexample
    if example is None:
        return lines
    values = {str(symbol): value for symbol, value in example.values.items()}
    lines.append("counterexample (--json has it exactly, --recheck reads it back):")
    for name in ("L_TE", "L_ST"):
        lines.append(f"  {name:5} = {float(values[name]):.12g}")
    for typed, claimed in zip(asked.typed["claims"], asked.claims, strict=True):
        sides = (float(side.xreplace(dict(example.values))) for side in (claimed.lhs, claimed.rhs))
        lines.append(f"  {typed}: {next(sides):.12g} against {next(sides):.12g}")
    vectors = [("f*", example.target), ("f_T", example.teacher)]
    if any(example.start):
        vectors.append(("f_0", example.start))
    names = ["f_S"] if len(example.students) == 1 else [f"f_{k + 1}" for k in range(99)]
    vectors += zip(names, example.students, strict=False)
    for name, vector in vectors:
        lines.append(f"  {name:5} = ({', '.join(f'{float(x):.9g}' for x in vector)})")
    return lines


def _recheck(file: Path, as_json: bool) -> None:
    from w2s_theory.search.inquiry import recheck

    verdict = recheck(file.read_text(encoding="utf-8"))
    said = {
        "REFUTED": "the counterexample stands, in exact arithmetic",
        "PROVED": "the claims hold there",
        "VACUOUS": "it does not meet the premises and conditions",
        "UNDECIDED": "a claim has no value there",
    }[verdict.name]
    if as_json:
        emit({"verdict": verdict.name, "because": said})
    else:
        typer.echo(f"{verdict.name}: {said}")
    raise typer.Exit(
        1 if verdict.name == "REFUTED" else UNDECIDED if verdict.name == "UNDECIDED" else 0
    )
