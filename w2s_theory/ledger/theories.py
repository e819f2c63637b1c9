"""A theory: a ledger, and where the proofs and checks of its statements are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

from w2s_theory.ledger.parts import parts
from w2s_theory.ledger.registry import Ledger, load


@dataclass(frozen=True, slots=True, kw_only=True)
class Theory:
    """Statements of one's own, alone or on top of the package's, which they may then use.

    `parts` are modules with `STATEMENTS`, or packages of such modules in the order of their
    `PLACE`. The names of proofs and checks start from the folder `root`; `proofs`, `searches` and
    `formal` name files of checks that serve every statement with that kind of evidence. `constants`
    are modules, or packages, with `declared()`, for the audit.
    """

    name: str
    parts: tuple[str, ...]
    root: Path
    proofs: str | None = None
    searches: str | None = None
    formal: str | None = None
    constants: tuple[str, ...] = ()
    on_top: bool = False

    def __post_init__(self) -> None:
        """A text where a tuple belongs would be read letter by letter."""
        if not self.name or not isinstance(self.name, str):
            raise ValueError(f"name must be a text, got {self.name!r}")
        for field in ("parts", "constants"):
            names = getattr(self, field)
            if not isinstance(names, tuple) or not all(isinstance(n, str) for n in names):
                raise ValueError(f"{field} must be a tuple of module names, got {names!r}")

    @property
    def ledger(self) -> Ledger:
        """Its statements, after those of the package if it is on top; errors are `Ledger`'s."""
        return _ledgers(self)[0]

    @property
    def own(self) -> tuple[str, ...]:
        """The ids of its own statements, in order."""
        return _ledgers(self)[1]

    @property
    def modules(self) -> tuple[ModuleType, ...]:
        """Those of `parts`, in order, each with its `STATEMENTS`."""
        return tuple(modules(self.parts, "STATEMENTS"))


@cache
def _ledgers(theory: Theory) -> tuple[Ledger, tuple[str, ...]]:
    mine = [statement for module in theory.modules for statement in module.STATEMENTS]
    below = list(load().values()) if theory.on_top else []
    return Ledger([*below, *mine]), tuple(statement.id for statement in mine)


def modules(names: Sequence[str], attribute: str) -> Iterator[ModuleType]:
    """The modules with these names, and those of packages by `parts`; all have the attribute."""
    for name in names:
        module = import_module(name)
        found = parts(name, attribute) if hasattr(module, "__path__") else (module,)
        for part in found:
            if not hasattr(part, attribute):
                raise ValueError(f"{part.__name__} must define {attribute}")
            yield part
