"""One statement as a theorem environment."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from w2s_theory.ledger.references import cited
from w2s_theory.ledger.statement import Assumption, Statement
from w2s_theory.text.displays import display, displayed
from w2s_theory.text.escape import latex_text
from w2s_theory.text.inline_math import prose_latex
from w2s_theory.text.notation import Notation

_PLAIN = re.compile(
    r"\\(?:\||langle) ?(?:[-+,a ]|\\tfrac\{1\}\{2\}|f_[TS]|f\^\*)+\\(?:\|\^2|rangle)"
)
_FROM_CONDITION = re.compile(r"\w+ (>=|>|<=|<) \S+")


def statement_tex(
    statement: Statement,
    notation: Notation,
    labels: Mapping[str, str],
    exported: Collection[str],
    evidence: Mapping[str, str] | None = None,
) -> str:
    """The `.tex` of one statement: environment of its kind, ``\\label`` its id, source note.

    `labels` are names such as "Theorem 4.1" of all statements. Those of `exported` are referred
    to, the others named. `evidence` is what to say of each kind, its status and day; what is
    needed and not in it was not run.
    """
    prose = notation.macros
    name = f"wts{statement.kind.value}"
    text = prose_latex(statement.text, prose, upright=True)
    lines = [
        f"% {statement.id} ({statement.kind.value}, {statement.source.value})",
        rf"\wtsnumbered{{{labels[statement.id].split()[-1]}}}",
        rf"\begin{{{name}}}[{{{prose_latex(statement.title, prose)}}}]\label{{{statement.id}}}",
        rf"\wtssource{{{statement.source.value}}}{{{_reference(statement.reference, notation)}}}%",
        referring(text, labels, set(exported) - {statement.id}),
    ]
    if statement.assumes:
        lines += ["Assume", r"\begin{wtsassumptions}"]
        others = set(exported) - {statement.id}
        made = (referring(_assumption(a, notation), labels, others) for a in statement.assumes)
        lines += [rf"\item {one}" for one in made]
        lines += [r"\end{wtsassumptions}", "Then"]
    else:
        lines.append("Then")
    claimed, defined = displayed(statement.claim, statement.where, notation)
    lines += display(_stopped(claimed, bool(defined)))
    if defined:
        lines += ["where", *display(_stopped(defined))]
    if meanings := _meanings("\n".join(lines[3:]), statement, notation):
        lines.append(rf"\wtssymbols{{{meanings}}}%")
    lines += [
        rf"\wtsevidence{{{_evidence(statement, evidence or {})}}}%",
        rf"\wtsuses{{{_uses(statement, labels, exported)}}}%",
        rf"\end{{{name}}}",
    ]
    return "\n".join(lines) + "\n"


def _meanings(printed: str, statement: Statement, notation: Notation) -> str:
    """What the printed symbols stand for that neither `where` nor their own name says.

    A norm or an inner product of teacher, student and target says what it is; the two losses are
    defined once, where all begins.
    """
    parts = (*statement.claim, *(a.condition for a in statement.assumes))
    parts += tuple(value for _, value in statement.where)
    used = set().union(*(part.free_symbols for part in parts))
    used -= {symbol for symbol, _ in statement.where}
    shown = notation.expanded(printed)
    return "; ".join(
        rf"${{\{e.macro}}}$, {prose_latex(e.meaning, notation.macros)}"
        for e in notation.entries
        if e.symbol in used
        and not _PLAIN.fullmatch(e.latex)
        and e.name not in ("L_TE", "L_ST")
        and re.search(rf"(?<![A-Za-z\\]){re.escape(e.latex)}(?![A-Za-z])", shown)
    )


def referring(text: str, labels: Mapping[str, str], exported: Collection[str]) -> str:
    """Ids of `exported` in a text as references; those that are plain words stay."""
    ids = sorted((key for key in exported if "-" in key), key=len, reverse=True)
    if not ids:
        return text
    named = re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, ids))})(?![\w-])")
    return named.sub(lambda m: _ref(m[1], labels), text)


def _ref(key: str, labels: Mapping[str, str]) -> str:
    return rf"{labels[key].split()[0]}~\ref{{{key}}}"


def _stopped(lines: list[str], comma: bool = False) -> list[str]:
    return [*lines[:-1], lines[-1] + ("," if comma else ".")]


def _assumption(assumption: Assumption, notation: Notation) -> str:
    condition = rf"$\displaystyle {notation.latex(assumption.condition)}$"
    text = assumption.text
    # Texts made from a condition say nothing that the condition does not.
    if _FROM_CONDITION.fullmatch(text) or "*" in text.replace("f*", ""):
        return condition
    prose = prose_latex(text, notation.macros, upright=True)
    return prose if "$" in prose else f"{prose}, {condition}"


def _reference(reference: str, notation: Notation) -> str:
    text = prose_latex(reference, notation.macros)
    keys = [work.key for work in cited(reference)]
    return text + (rf"~\cite{{{','.join(keys)}}}" if keys else "")


def _evidence(statement: Statement, found: Mapping[str, str]) -> str:
    return ", ".join(f"{kind.value} {found.get(kind.value, 'not run')}" for kind in statement.needs)


def _uses(statement: Statement, labels: Mapping[str, str], exported: Collection[str]) -> str:
    names = [
        _ref(key, labels) if key in exported else f"{labels[key]} ({latex_text(key)})"
        for key in statement.uses
    ]
    return ", ".join(names) or "nothing"
