"""Spectra of random-feature kernels: one formula; symbolic, certified and float64."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "Spectrum": "spectrum",
    "arccosine_kernel": "arccosine",
    "get_activation": "activations",
    "iterate_legendre": "harmonics",
    "legendre": "harmonics",
    "multiplicity": "harmonics",
}

__all__ = sorted(_HOMES)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"w2s_theory.spectra.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
