"""LaTeX and text of claims and formulas, from the SymPy objects alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from sympy import Basic, Expr, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from w2s_theory.ledger.printers import ExactLatex, ExactText
from w2s_theory.ledger.quantities import NOTATION

_SQUARE = re.compile(r"(.+)\^(?:2|\{2\})")
RELATION_LATEX = {">=": r"\ge", "<=": r"\le", ">": ">", "<": "<", "==": "=", "!=": r"\ne"}


def latex(
    expr: Basic,
    notation: Mapping[Symbol, str] | None = None,
    roots: Mapping[Symbol, str] | None = None,
    named: Mapping[Basic, str] | None = None,
) -> str:
    """LaTeX of an expression; `notation` overrides single symbols of the package's own.

    `roots`: the LaTeX of what a symbol is the square of, read from its own if not given. `named`:
    the LaTeX of expressions that have a name.
    """
    return _printer(notation or {}, roots, named or {}).doprint(expr)


def printed_parts(expressions: Sequence[Basic], named: Mapping[Basic, str]) -> Counter[Basic]:
    """How often each part of the expressions is printed by itself, outside those `named`."""
    printer = _printer({}, None, named)
    for expr in expressions:
        printer.doprint(expr)
    return printer.seen


def _printer(
    notation: Mapping[Symbol, str], roots: Mapping[Symbol, str] | None, named: Mapping[Basic, str]
) -> ExactLatex:
    names = {**NOTATION, **notation}
    settings = {
        "symbol_names": names,
        "order": "none",
        "inv_trig_style": "full",
        "fold_func_brackets": True,
    }
    printer = ExactLatex(settings)
    if roots is None:
        roots = square_roots(names) if notation else _ROOTS
    printer.roots = roots
    printer.named, printer.seen = named, Counter()
    return printer


def square_roots(names: Mapping[Symbol, str]) -> dict[Symbol, str]:
    """Of symbols whose LaTeX ends in a square, such as a squared norm: the LaTeX without it."""
    found = ((symbol, _SQUARE.fullmatch(tex)) for symbol, tex in names.items())
    return {symbol: match[1] for symbol, match in found if match}


_ROOTS = square_roots(NOTATION)


def text(expr: Basic) -> str:
    """One line of plain text, which Python and `text.parser` read as what it is."""
    printed: str = ExactText({"order": "none"}).doprint(expr)
    return printed


def claim_latex(
    claim: Sequence[Boolean],
    where: Sequence[tuple[Symbol, Expr]] = (),
    notation: Mapping[Symbol, str] | None = None,
) -> str:
    """Clauses joined; `a >= b` followed by `b >= c` is set as the chain `a >= b >= c`."""

    def show(expr: Basic) -> str:
        return latex(expr, notation)

    joined = r", \qquad ".join(_clauses(claim, show, RELATION_LATEX))
    definitions = ", ".join(f"{show(a)} = {show(b)}" for a, b in where)
    return rf"{joined} \qquad \text{{where }} {definitions}" if where else joined


def claim_text(claim: Sequence[Boolean], where: Sequence[tuple[Symbol, Expr]] = ()) -> str:
    """The same in plain text, clauses joined by commas."""
    joined = ",  ".join(
        _clauses(claim, text, {sign: sign for sign in RELATION_LATEX} | {"==": "="})
    )
    definitions = ", ".join(f"{text(a)} = {text(b)}" for a, b in where)
    return f"{joined}  where {definitions}" if where else joined


def _clauses(
    claim: Sequence[Boolean], show: Callable[[Basic], str], signs: Mapping[str, str]
) -> list[str]:
    parts: list[str] = []
    previous: Boolean | None = None
    for clause in claim:
        if continues(previous, clause):
            parts[-1] += f" {signs[clause.rel_op]} {show(clause.rhs)}"
        elif isinstance(clause, Relational):
            parts.append(f"{show(clause.lhs)} {signs[clause.rel_op]} {show(clause.rhs)}")
        else:
            parts.append(show(clause))
        previous = clause
    return parts


def continues(previous: Basic | None, clause: Basic) -> bool:
    """Whether `clause` goes on where `previous` ended, by the same relation."""
    return (
        isinstance(previous, Relational)
        and isinstance(clause, Relational)
        and previous.rel_op == clause.rel_op
        and bool(previous.rhs == clause.lhs)
    )
