"""Results that show themselves as a table, and leave as a dictionary, CSV or a data frame."""

from __future__ import annotations

import csv
import importlib
import io
from abc import ABC, abstractmethod
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHOWN = 12
"""Rows that a notebook shows; more are counted."""


class Tabular(ABC):
    """A result with columns of one length."""

    __slots__ = ()

    @abstractmethod
    def columns(self) -> Mapping[str, NDArray[np.generic]]:
        """The columns by name, arrays of one length."""

    @abstractmethod
    def title(self) -> str:
        """One line that says what it is."""

    def shown(self) -> dict[str, list[str]]:
        """The columns as text to read."""
        return {name: [_shown(v) for v in column] for name, column in self.as_dict().items()}

    def as_dict(self) -> dict[str, list[Any]]:
        """The columns as lists of plain numbers, for JSON."""
        return {name: column.tolist() for name, column in self.columns().items()}

    def to_csv(self, path: str | Path | None = None) -> str:
        """The columns as CSV with a header, every digit kept; written to ``path`` if given."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        table = self.as_dict()
        writer.writerow(table)
        writer.writerows(zip(*table.values(), strict=True))
        if path is not None:
            Path(path).write_text(text.getvalue(), encoding="utf-8")
        return text.getvalue()

    def to_frame(self) -> Any:
        """A data frame of pandas, or polars, if one is installed; else the dictionary of arrays."""
        for library in ("pandas", "polars"):
            try:
                frame = importlib.import_module(library).DataFrame
            except ImportError:
                continue
            return frame(self.as_dict())
        return dict(self.columns())

    def __repr__(self) -> str:
        """The title alone."""
        return f"<{self.title()}>"

    def _repr_html_(self) -> str:
        table = self.shown()
        rows = list(zip(*table.values(), strict=True))
        head = "".join(f"<th>{escape(name)}</th>" for name in table)
        body = "".join(
            f"<tr>{''.join(f'<td>{escape(value)}</td>' for value in row)}</tr>"
            for row in rows[:SHOWN]
        )
        more = f"<p>and {len(rows) - SHOWN} more rows</p>" if len(rows) > SHOWN else ""
        return f"<p>{escape(self.title())}</p><table><tr>{head}</tr>{body}</table>{more}"


def _shown(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
