"""Tables as aligned text."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence


def columns(lines: Sequence[Sequence[str]], width: int | None = None) -> list[str]:
    """Rows as aligned text; where that is wider than `width`, a paragraph for each row.

    A paragraph has the row's first cell, then "header: cell" for the others.
    """
    widths = [max(len(row[i]) for row in lines) for i in range(len(lines[0]))]
    text = [
        "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in lines
    ]
    if width is None or max(map(len, text)) <= width:
        return [text[0], "-" * len(text[0]), *text[1:]]
    heads = lines[0][1:]
    return [line for row in lines[1:] for line in _paragraph(row, heads, width)]


def _paragraph(row: Sequence[str], heads: Sequence[str], width: int) -> list[str]:
    said = "; ".join(f"{head}: {cell}" for head, cell in zip(heads, row[1:], strict=True) if cell)
    indent = "    "
    wrapped = textwrap.wrap(said, width, initial_indent=indent, subsequent_indent=indent)
    return [row[0], *wrapped]
