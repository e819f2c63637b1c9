"""The ledger: an ordered, acyclic collection of statements with permanent ids."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from html import escape

from w2s_theory.ledger.parts import parts
from w2s_theory.ledger.references import cited
from w2s_theory.ledger.statement import Statement


class UnknownStatementError(KeyError, ValueError):
    """An id that is not in the ledger; the message lists near matches."""

    def __str__(self) -> str:
        """The message itself, not its repr (KeyError's habit)."""
        return str(self.args[0])


class Ledger(Mapping[str, Statement]):
    """Statements by id, in the order of the paper. Immutable.

    Raises `ValueError` for an empty collection, a repeated id, a dependency that is not in it, a
    cycle, or a statement without mutants.
    """

    def __init__(self, statements: Iterable[Statement]) -> None:
        """Check the collection as a whole: nothing later has to."""
        items: dict[str, Statement] = {}
        for statement in statements:
            if statement.id in items:
                raise ValueError(f"statement id {statement.id!r} appears twice")
            items[statement.id] = statement
        if not items:
            raise ValueError("a ledger must hold at least one statement, got none")
        for statement in items.values():
            if not statement.mutants:
                raise ValueError(f"statement {statement.id!r} must list mutants, got none")
            cited(statement.reference)  # an unknown work is an error
            for other in statement.uses:
                if other not in items:
                    raise ValueError(f"{statement.id!r} uses {other!r}, which is not a statement")
        try:
            TopologicalSorter({s.id: s.uses for s in items.values()}).prepare()
        except CycleError as error:
            raise ValueError(
                f"statements depend on each other in a cycle: {error.args[1]}"
            ) from None
        self._items = items

    def __getitem__(self, key: str) -> Statement:
        """The statement with this id; `UnknownStatementError` lists near matches."""
        if key not in self._items:
            raise UnknownStatementError(unknown(str(key), self._items))
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        """Ids in order."""
        return iter(self._items)

    def __len__(self) -> int:
        """How many statements."""
        return len(self._items)

    def __contains__(self, key: object) -> bool:
        """Whether an id is known (`Mapping`'s own would go through the error)."""
        return key in self._items

    def __repr__(self) -> str:
        """How many statements; `_repr_html_` lists them."""
        return f"<ledger of {len(self)} statements: {', '.join([*self][:3])}, ...>"

    def _repr_html_(self) -> str:
        cells = ((s.id, s.kind.value, s.source.value, s.title) for s in self.values())
        rows = (f"<td>{'</td><td>'.join(map(escape, row))}</td>" for row in cells)
        heads = "".join(f"<th>{head}</th>" for head in ("id", "kind", "source", "title"))
        return f"<table><tr>{heads}</tr>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"

    def ancestors(self, key: str) -> tuple[str, ...]:
        """Everything `key` rests on, directly or not, in ledger order, without `key` itself."""
        seen: set[str] = set()
        queue = list(self[key].uses)
        while queue:
            current = queue.pop()
            if current not in seen:
                seen.add(current)
                queue.extend(self[current].uses)
        return tuple(name for name in self._items if name in seen)


_SOME = 12


def unknown(key: str, known: Iterable[str]) -> str:
    """An error text for an unknown id that lists near matches, or the first ids if none is near."""
    names = list(known)
    near = difflib.get_close_matches(key, names, n=5, cutoff=0.5)
    near = near or [name for name in names if key.lower() in name]
    some = ", ".join(names[:_SOME]) + ", ..." * (len(names) > _SOME)
    hint = f"did you mean {', '.join(near)}?" if near else f"known: {some}"
    return f"unknown statement {key!r}; {hint}"


@cache
def load() -> Ledger:
    """The package's ledger: the `STATEMENTS` of every module of `w2s_theory.ledger`, by `PLACE`."""
    modules = parts("w2s_theory.ledger", "STATEMENTS")
    return Ledger(statement for module in modules for statement in module.STATEMENTS)
