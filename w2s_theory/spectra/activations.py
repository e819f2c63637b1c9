"""The registry of activations, by name."""

from __future__ import annotations

from fractions import Fraction

from w2s_theory.spectra.homogeneous import Homogeneous

STEP = Homogeneous(name="step", power=Fraction(0))
RELU = Homogeneous(name="relu", power=Fraction(1))
RELU2 = Homogeneous(name="relu2", power=Fraction(2))
RELU3 = Homogeneous(name="relu3", power=Fraction(3))
ABS = Homogeneous(name="abs", power=Fraction(1), minus=Fraction(1))
LINEAR = Homogeneous(name="linear", power=Fraction(1), minus=Fraction(-1))

_REGISTRY = {a.name: a for a in (STEP, RELU, RELU2, RELU3, ABS, LINEAR)}


def get_activation(name: str) -> Homogeneous:
    """The activation of that name; ValueError lists the names there are."""
    if name not in _REGISTRY:
        raise ValueError(f"activation must be one of {', '.join(_REGISTRY)}, got {name!r}")
    return _REGISTRY[name]
