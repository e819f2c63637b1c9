"""LaTeX and text of claims and formulas, from the SymPy objects alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sympy import Basic, Expr, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean
from sympy.printing.latex import LatexPrinter
from sympy.printing.str import StrPrinter

from w2s_theory.ledger.quantities import NOTATION

RELATION_LATEX = {">=": r"\ge", "<=": r"\le", ">": ">", "<": "<", "==": "=", "!=": r"\ne"}


def latex(expr: Basic, notation: Mapping[Symbol, str] | None = None) -> str:
    """LaTeX of an expression; `notation` overrides single symbols of the package's own."""
    names = {**NOTATION, **(notation or {})}
    settings = {"symbol_names": names, "order": "none", "inv_trig_style": "full"}
    printed: str = LatexPrinter(settings).doprint(expr)
    return printed


def text(expr: Basic) -> str:
    """One line of plain text."""
    printed: str = StrPrinter({"order": "none"}).doprint(expr)
    return printed


def claim_latex(
    claim: Sequence[Boolean],
    where: Sequence[tuple[Symbol, Expr]] = (),
    notation: Mapping[Symbol, str] | None = None,
) -> str:
    """Clauses joined; `a >= b` followed by `b >= c` is set as the chain `a >= b >= c`."""
    parts: list[str] = []
    previous: Boolean | None = None
    for clause in claim:
        if continues(previous, clause):
            sign = RELATION_LATEX[clause.rel_op]
            parts[-1] += rf" {sign} {latex(clause.rhs, notation)}"
        elif isinstance(clause, Relational):
            sign = RELATION_LATEX[clause.rel_op]
            parts.append(rf"{latex(clause.lhs, notation)} {sign} {latex(clause.rhs, notation)}")
        else:
            parts.append(latex(clause, notation))
        previous = clause
    definitions = [rf"{latex(a, notation)} = {latex(b, notation)}" for a, b in where]
    joined = r", \qquad ".join(parts)
    return rf"{joined} \qquad \text{{where }} {', '.join(definitions)}" if definitions else joined


def claim_text(claim: Sequence[Boolean], where: Sequence[tuple[Symbol, Expr]] = ()) -> str:
    """The same in plain text, clauses joined by commas."""
    parts: list[str] = []
    previous: Boolean | None = None
    for clause in claim:
        if continues(previous, clause):
            parts[-1] += f" {clause.rel_op} {text(clause.rhs)}"
        elif isinstance(clause, Relational):
            sign = "=" if clause.rel_op == "==" else clause.rel_op
            parts.append(f"{text(clause.lhs)} {sign} {text(clause.rhs)}")
        else:
            parts.append(text(clause))
        previous = clause
    definitions = [f"{text(a)} = {text(b)}" for a, b in where]
    joined = ",  ".join(parts)
    return f"{joined}  where {', '.join(definitions)}" if definitions else joined


def continues(previous: Basic | None, clause: Basic) -> bool:
    """Whether `clause` goes on where `previous` ended, by the same relation."""
    return (
        isinstance(previous, Relational)
        and isinstance(clause, Relational)
        and previous.rel_op == clause.rel_op
        and bool(previous.rhs == clause.lhs)
    )
