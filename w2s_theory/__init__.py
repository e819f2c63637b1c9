"""Weak-to-strong generalization in random feature networks, as executable theory.

`w2s_theory.ledger["thm-4.1"]` is a statement; `w2s` is the command line.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from w2s_theory.ledger.registry import Ledger

    ledger: Ledger

__version__ = "0.1.0"

_SUBMODULES = (
    "arguments",
    "audit",
    "certify",
    "diagnose",
    "enclose",
    "experiments",
    "export",
    "ledger",
    "models",
    "regression",
    "search",
    "spectra",
    "statistics",
    "students",
    "text",
    "theorems",
)

_FUNCTIONS = {
    "conjecture": "search.conjecture",
    "falsify": "search.inquiry",
    "floors": "theorems.floors",
    "recheck": "search.inquiry",
    "simulate": "experiments.named",
    "spectrum": "spectra.tabulate",
}
"""What people call most, by the module that holds it."""


def __getattr__(name: str) -> Any:
    """Load a name on first use: SymPy takes half a second, `import w2s_theory` none."""
    if name in _SUBMODULES:
        return import_module(f"w2s_theory.{name}")
    if name in _FUNCTIONS:
        return getattr(import_module(f"w2s_theory.{_FUNCTIONS[name]}"), name)
    raise AttributeError(f"module 'w2s_theory' has no attribute {name!r}")


def __dir__() -> list[str]:
    """Names for completion."""
    return sorted([*globals(), *_SUBMODULES, *_FUNCTIONS])
