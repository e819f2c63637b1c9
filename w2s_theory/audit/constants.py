"""The list of audited constants."""

from __future__ import annotations

from functools import cache

from w2s_theory.audit import (
    coefficient_constants,
    limit_constants,
    rate_constants,
    reference_values,
)
from w2s_theory.audit.constant import Constant


@cache
def constants() -> tuple[Constant, ...]:
    """Every audited constant, in the order of the paper.

    Raises `ValueError` if an id appears twice, or a constant names neither statement nor test.
    """
    parts = (limit_constants, rate_constants, coefficient_constants, reference_values)
    seen: dict[str, Constant] = {}
    for item in (item for part in parts for item in part.constants()):
        if item.id in seen:
            raise ValueError(f"constant id {item.id!r} appears twice")
        if not item.statements and not item.evidence:
            raise ValueError(f"constant {item.id!r} must name a statement or a test")
        seen[item.id] = item
    return tuple(seen.values())
