"""What a figure module gives: a drawing and the tidy tables behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Rows = Sequence[Mapping[str, object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A Matplotlib figure, and tables by suffix: "" for the draws, "curves", "fits"."""

    figure: Figure
    tables: Mapping[str, Rows]
