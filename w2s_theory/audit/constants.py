"""The list of audited constants."""

from __future__ import annotations

from functools import cache

from w2s_theory.audit.constant import Constant
from w2s_theory.ledger.theories import Theory, modules

_OURS = "w2s_theory.audit"


@cache
def constants(theory: Theory | None = None) -> tuple[Constant, ...]:
    """Every audited constant: what `declared` of the modules that the theory names lists.

    Those of the package are in `w2s_theory.audit`. Raises `ValueError` if an id appears twice, or a
    constant names neither statement nor test.
    """
    named = (_OURS,) if theory is None else theory.constants
    if theory is not None and theory.on_top:
        named = (_OURS, *named)
    seen: dict[str, Constant] = {}
    for item in (item for module in modules(named, "declared") for item in module.declared()):
        if item.id in seen:
            raise ValueError(f"constant id {item.id!r} appears twice")
        if not item.statements and not item.evidence:
            raise ValueError(f"constant {item.id!r} must name a statement or a test")
        seen[item.id] = item
    return tuple(seen.values())
