"""One statement as a theorem environment."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from w2s_theory.ledger.references import cited
from w2s_theory.ledger.statement import Assumption, Statement
from w2s_theory.text.displays import claim_lines, definition_lines, display
from w2s_theory.text.escape import latex_text
from w2s_theory.text.inline_math import prose_latex
from w2s_theory.text.notation import Notation

_FROM_CONDITION = re.compile(r"\w+ (>=|>|<=|<) \S+")


def statement_tex(
    statement: Statement,
    notation: Notation,
    exported: Collection[str],
    evidence: Mapping[str, str] | None = None,
) -> str:
    """The `.tex` of one statement: environment of its kind, ``\\label`` its id, source note.

    Statements it uses are referred to if `exported`, else named. `evidence` is the status of each
    kind in the last run; what is needed and not in it was not run.
    """
    prose = notation.macros
    title = prose_latex(statement.title, prose)
    lines = [
        f"% {statement.id} ({statement.kind.value}, {statement.source.value})",
        rf"\begin{{wts{statement.kind.value}}}[{{{title}}}]\label{{{statement.id}}}",
        rf"\wtssource{{{statement.source.value}}}{{{_reference(statement.reference, notation)}}}%",
        prose_latex(statement.text, prose),
    ]
    if statement.assumes:
        lines += ["Assume", r"\begin{wtsassumptions}"]
        lines += [rf"\item {_assumption(a, notation)}" for a in statement.assumes]
        lines += [r"\end{wtsassumptions}", "Then"]
    else:
        lines.append("Then")
    lines += display(_stopped(claim_lines(statement.claim, notation), bool(statement.where)))
    if statement.where:
        lines.append("where")
        lines += display(_stopped(definition_lines(statement.where, notation)))
    lines += [
        rf"\wtsevidence{{{_evidence(statement, evidence or {})}}}%",
        rf"\wtsuses{{{_uses(statement, exported)}}}%",
        rf"\end{{wts{statement.kind.value}}}",
    ]
    return "\n".join(lines) + "\n"


def _stopped(lines: list[str], comma: bool = False) -> list[str]:
    return [*lines[:-1], lines[-1] + ("," if comma else ".")]


def _assumption(assumption: Assumption, notation: Notation) -> str:
    condition = rf"$\displaystyle {notation.latex(assumption.condition)}$"
    text = assumption.text
    # Texts made from a condition say nothing that the condition does not.
    if _FROM_CONDITION.fullmatch(text) or "*" in text.replace("f*", ""):
        return condition
    prose = prose_latex(text, notation.macros)
    return prose if "$" in prose else f"{prose}, {condition}"


def _reference(reference: str, notation: Notation) -> str:
    text = prose_latex(reference, notation.macros)
    keys = [work.key for work in cited(reference)]
    return text + (rf"~\cite{{{','.join(keys)}}}" if keys else "")


def _evidence(statement: Statement, found: Mapping[str, str]) -> str:
    return ", ".join(f"{kind.value} {found.get(kind.value, 'not run')}" for kind in statement.needs)


def _uses(statement: Statement, exported: Collection[str]) -> str:
    names = [
        rf"\ref{{{key}}} ({latex_text(key)})" if key in exported else latex_text(key)
        for key in statement.uses
    ]
    return ", ".join(names) or "nothing"
