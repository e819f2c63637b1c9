"""Spectra of random-feature kernels: one formula; symbolic, certified and float64.

Names load on first use. ``get_activation("relu")`` gives the coefficients.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from w2s_theory.spectra.activations import get_activation, names
    from w2s_theory.spectra.arccosine import arccosine_kernel
    from w2s_theory.spectra.harmonics import iterate_legendre, legendre, multiplicity
    from w2s_theory.spectra.homogeneous import Homogeneous
    from w2s_theory.spectra.interface import Spectrum
    from w2s_theory.spectra.quadrature import Integrated

_HOMES = {
    "Homogeneous": "homogeneous",
    "Integrated": "quadrature",
    "Spectrum": "interface",
    "arccosine_kernel": "arccosine",
    "get_activation": "activations",
    "iterate_legendre": "harmonics",
    "legendre": "harmonics",
    "multiplicity": "harmonics",
    "names": "activations",
}

__all__ = [
    "Homogeneous",
    "Integrated",
    "Spectrum",
    "arccosine_kernel",
    "get_activation",
    "iterate_legendre",
    "legendre",
    "multiplicity",
    "names",
]


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
