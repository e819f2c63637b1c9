"""The list of audited constants."""

from __future__ import annotations

from functools import cache

from w2s_theory.audit.constant import Constant
from w2s_theory.ledger.parts import parts


@cache
def constants() -> tuple[Constant, ...]:
    """Every audited constant: what `declared` of the modules of `w2s_theory.audit` lists.

    Raises `ValueError` if an id appears twice, or a constant names neither statement nor test.
    """
    modules = parts("w2s_theory.audit", "declared")
    seen: dict[str, Constant] = {}
    for item in (item for module in modules for item in module.declared()):
        if item.id in seen:
            raise ValueError(f"constant id {item.id!r} appears twice")
        if not item.statements and not item.evidence:
            raise ValueError(f"constant {item.id!r} must name a statement or a test")
        seen[item.id] = item
    return tuple(seen.values())
