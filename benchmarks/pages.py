"""Tables of the documents, each written into its page between its marks.

`<!-- table: NAME -->` and `<!-- end: NAME -->`; what stands between them is replaced.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Table:
    """A table, its page from the root, and what makes its text: None if its source is missing."""

    name: str
    page: str
    make: Callable[[], str] | None


def markdown(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; numbers to the right."""
    body = [[str(cell).replace("|", r"\|") for cell in row] for row in rows]
    numeric = [
        all((row[i].strip("%") or "0").isdigit() for row in body) for i in range(len(header))
    ]
    marks = ["--:" if right else "---" for right in numeric]
    return "\n".join(f"| {' | '.join(row)} |" for row in (list(header), marks, *body))


def put(page: str, name: str, table: str) -> str:
    """The page with the table between its marks; ValueError where it has none."""
    start, end = f"<!-- table: {name} -->", f"<!-- end: {name} -->"
    before, found, rest = page.partition(start)
    _, closed, after = rest.partition(end)
    if not (found and closed):
        raise ValueError(f"page must have the marks {start} and {end}")
    return f"{before}{start}\n{table.strip()}\n{end}{after}"


def write(tables: Iterable[Table], root: Path = ROOT) -> None:
    """Write each table into its page below `root`, one after the other; missing ones are told."""
    for table in tables:
        if table.make is None:
            sys.stderr.write(f"{table.name}: its source is missing, left as it is\n")
            continue
        path, text = root / table.page, table.make()
        path.write_text(put(path.read_text("utf-8"), table.name, text), "utf-8")
