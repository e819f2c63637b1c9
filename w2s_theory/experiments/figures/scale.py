"""How large the experiments are: quick for a look, full as in the paper."""

from __future__ import annotations

from dataclasses import dataclass

WIDTHS = (16, 32, 64, 128, 256)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Teacher widths and draws, student width, dimensions; `ablation` are smaller students."""

    name: str
    widths: tuple[int, ...]
    draws: int
    student: int
    dims: tuple[int, ...]
    ablation: tuple[int, ...]


QUICK = Scale(
    name="quick", widths=WIDTHS, draws=4, student=8192, dims=(16, 32), ablation=(512, 2048, 4096)
)
FULL = Scale(
    name="full",
    widths=WIDTHS,
    draws=10,
    student=16384,
    dims=(16, 32, 64),
    ablation=(1024, 4096, 8192),
)
