"""The list of audited constants."""

from __future__ import annotations

from functools import cache

from w2s_theory.audit import limits, references, spectra
from w2s_theory.audit.constant import Constant


@cache
def constants() -> tuple[Constant, ...]:
    """Every audited constant, in the order of the paper; ids are distinct.

    Raises `ValueError` if an id appears twice or a link names no statement or mutant.
    """
    parts = (limits, spectra, references)
    found = tuple(item for part in parts for item in part.constants())
    _check(found)
    return found


def _check(found: tuple[Constant, ...]) -> None:
    from w2s_theory.ledger.registry import load

    ledger = load()
    seen: dict[str, Constant] = {}
    for item in found:
        if item.id in seen:
            raise ValueError(f"constant id {item.id!r} appears twice")
        seen[item.id] = item
        if not item.statements and not item.evidence:
            raise ValueError(f"constant {item.id!r} must name a statement or a test")
        for link in item.mutants:
            key, _, mutant = link.partition("~")
            if mutant not in [m.id for m in ledger[key].mutants]:
                raise ValueError(f"constant {item.id!r} names the mutant {link!r}, which is not")
        for key in item.statements:
            ledger[key]  # raises for an id that is not in the ledger
