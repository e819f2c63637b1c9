"""The ledger of statements: `w2s_theory.ledger["thm-4.1"]`.

This package holds only SymPy expressions, text and links. The module itself behaves as the
read-only mapping id -> Statement, so that the statements are one index away.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from w2s_theory.ledger.registry import Ledger
    from w2s_theory.ledger.statement import Statement


def _ledger() -> Ledger:
    from w2s_theory.ledger.registry import load

    return load()


class _LedgerModule(ModuleType):
    """A module that is also a mapping (PEP 549's sanctioned use of `__class__`)."""

    def __getitem__(self, key: str) -> Statement:
        return _ledger()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(_ledger())

    def __len__(self) -> int:
        return len(_ledger())

    def __contains__(self, key: object) -> bool:
        return key in _ledger()

    def _repr_html_(self) -> str:
        return _ledger()._repr_html_()

    def keys(self) -> tuple[str, ...]:
        """Every id, in order."""
        return tuple(_ledger())

    def items(self) -> tuple[tuple[str, Statement], ...]:
        """Every id with its statement, in order."""
        return tuple(_ledger().items())

    def get(self, key: str, default: Statement | None = None) -> Statement | None:
        """The statement with this id, or `default`."""
        return _ledger().get(key, default)

    def values(self) -> tuple[Statement, ...]:
        """Every statement, in order."""
        return tuple(_ledger().values())


sys.modules[__name__].__class__ = _LedgerModule
