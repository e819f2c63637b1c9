"""Statements as a notebook shows them."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from w2s_theory.ledger.statement import Statement


def statement_html(statement: Statement) -> str:
    """Title, source, text, assumptions and claim, and what evidence it needs (not what it has)."""
    assumed = "".join(f"<li>{escape(a.text)}</li>" for a in statement.assumes)
    needs = ", ".join(kind.value for kind in statement.needs)
    return (
        f"<div><strong>{escape(statement.id)}: {escape(statement.title)}</strong><br>"
        f"<em>{statement.kind.value}, {statement.source.value} ({escape(statement.reference)})</em>"
        f"<p>{escape(statement.text)}</p>"
        + (f"<p>Assumes</p><ul>{assumed}</ul>" if assumed else "")
        + f"$$\\displaystyle {escape(statement.latex)}$$"
        f"<p>Needs {needs}. What it has: <code>w2s show {escape(statement.id)}</code></p></div>"
    )


def ledger_html(statements: Iterable[Statement]) -> str:
    """A row a statement."""
    cells = ((s.id, s.kind.value, s.source.value, s.title) for s in statements)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in cells
    )
    heads = "".join(f"<th>{head}</th>" for head in ("id", "kind", "source", "title"))
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
