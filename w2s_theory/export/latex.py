"""`w2s export latex`: statements, notation, tables, figures and a report that compiles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from w2s_theory.audit.constants import constants
from w2s_theory.export import report_tables
from w2s_theory.export.document import STYLE, main_tex, notation_table, style_tex
from w2s_theory.export.statement_tex import statement_tex
from w2s_theory.ledger.numbering import all_parts
from w2s_theory.ledger.numbering import labels as labels_of
from w2s_theory.ledger.references import bibtex
from w2s_theory.ledger.theories import Theory
from w2s_theory.models.parallel import Progress, silent
from w2s_theory.regression.lasting import dated, known
from w2s_theory.regression.stored import OURS, ours
from w2s_theory.text.files import check_target, write_directory
from w2s_theory.text.notation import load_notation

_MACRO = re.compile(r"\\(wts[A-Za-z]+)")


def latex_files(
    ids: Sequence[str] = (),
    notation: Path | None = None,
    figures: Path | None = None,
    theory: Theory | None = None,
    *,
    progress: Progress = silent,
) -> dict[str, str | bytes]:
    """Relative path -> content of the report on the statements `ids` (all if empty).

    `figures` is a directory made by `w2s figure N --format pdf`: its figures are included, and the
    exponents fitted in them. `theory`: another than the package's. Raises `ValueError` for an
    unknown id or symbol, or if `figures` holds none.
    """
    theory = ours() if theory is None else theory
    ledger, package = theory.ledger, theory.name == OURS or theory.on_top
    drawn = _figures(figures)
    chosen = {ledger[key].id for key in ids} if ids else set(ledger)
    statements = [ledger[key] for key in ledger if key in chosen]
    names, labels = load_notation(notation), labels_of(theory)
    said = _last_run(theory, *chosen)
    files: dict[str, str | bytes] = {}
    for place, s in enumerate(statements, 1):
        files[f"statements/{s.id}.tex"] = statement_tex(s, names, labels, chosen, said[s.id])
        progress("statements", place, len(statements))
    used = _MACRO.findall("".join(str(content) for content in files.values()))
    files[STYLE] = style_tex(names)
    sections = [("Notation", "notation", notation_table(names, used))]
    if constants(theory):
        sections.append(("Constants", "constants", report_tables.constants_tex(theory, labels)))
    if package:
        sections += [
            ("Spectra", "spectra", report_tables.spectrum_tex()),
            ("The limit of n-step chains", "chains", report_tables.chain_tex()),
        ]
    if figures is not None:
        beside = (path.with_name(f"{path.stem}-fits.csv") for path in drawn)
        fits = [path for path in beside if path.exists()]
        if fits:
            sections.append(("Measured exponents", "exponents", report_tables.exponents_tex(fits)))
        files |= {f"figures/{path.name}": path.read_bytes() for path in drawn}
    for _, name, content in sections:
        files[f"tables/{name}.tex"] = content
    files["references.bib"] = bibtex()
    held = {part: [ledger[key] for key in part.ids if key in chosen] for part in all_parts(theory)}
    files["main.tex"] = main_tex(
        {part: some for part, some in held.items() if some},
        [(title, name) for title, name, _ in sections],
        [path.stem for path in drawn],
        labels,
        "" if package else theory.name,
    )
    return files


def fragment(id: str, notation: Path | None = None, theory: Theory | None = None) -> str:
    """One statement, to put into a paper that loads `w2s_theory.sty`; `ValueError`: unknown id."""
    theory = ours() if theory is None else theory
    statement, names, labels = theory.ledger[id], load_notation(notation), labels_of(theory)
    return statement_tex(statement, names, labels, {id}, _last_run(theory, id)[id])


def _last_run(theory: Theory, *about: str) -> dict[str, dict[str, str]]:
    """Statement -> kind of evidence -> status and day of its run."""
    return {
        key: {kind: dated(row) for kind, row in found.evidence.items()}
        for key, found in known(theory, *about).items()
    }


def export_latex(
    out: Path,
    ids: Sequence[str] = (),
    *,
    notation: Path | None = None,
    figures: Path | None = None,
    theory: Theory | None = None,
    progress: Progress = silent,
) -> list[str]:
    """Write the report to the directory `out`, whole or not at all; the relative paths written.

    Raises `ValueError` as `latex_files` does, and if `out` is not empty or not writable.
    """
    check_target(out)
    files = latex_files(ids, notation, figures, theory, progress=progress)
    write_directory(out, files)
    return sorted(files)


def _figures(folder: Path | None) -> list[Path]:
    if folder is None:
        return []
    if not folder.is_dir():
        raise ValueError(f"figures must be a directory, got {folder}")
    from w2s_theory.experiments.figures.make import NUMBERS

    names = [f"figure{number}.pdf" for number in NUMBERS]
    found = [folder / name for name in names if (folder / name).is_file()]
    if not found:
        raise ValueError(f"figures must hold one of {', '.join(names)}, got none in {folder}")
    return found
