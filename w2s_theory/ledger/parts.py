"""Lists that are spread over the modules of a package: a new module is found, no list names it."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from types import ModuleType


def parts(package: str, attribute: str) -> tuple[ModuleType, ...]:
    """The modules directly in `package` with `attribute` and an integer `PLACE`, in that order.

    A module that has only one of the two is an error (`ValueError`): nothing is left out silently.
    Equal places are ordered by name.
    """
    found: list[tuple[int, str, ModuleType]] = []
    for entry in pkgutil.iter_modules(import_module(package).__path__):
        module = import_module(f"{package}.{entry.name}")
        has = [name for name in (attribute, "PLACE") if hasattr(module, name)]
        if len(has) == 1:
            raise ValueError(f"{module.__name__} must define {attribute} and PLACE, got {has[0]}")
        if has:
            found.append((module.PLACE, entry.name, module))
    return tuple(module for *_, module in sorted(found, key=lambda item: item[:2]))
