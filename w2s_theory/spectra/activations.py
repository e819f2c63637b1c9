"""The activations: each one an object of this module, found by its name."""

from __future__ import annotations

import difflib
from fractions import Fraction
from functools import cache, partial

from w2s_theory.spectra import formulas
from w2s_theory.spectra.analytic import Analytic
from w2s_theory.spectra.homogeneous import Homogeneous
from w2s_theory.spectra.quadrature import Integrated

STEP = Homogeneous(name="step", power=Fraction(0))
RELU = Homogeneous(name="relu", power=Fraction(1))
RELU2 = Homogeneous(name="relu2", power=Fraction(2))
RELU3 = Homogeneous(name="relu3", power=Fraction(3))
ABS = Homogeneous(name="abs", power=Fraction(1), minus=Fraction(1))
LINEAR = Homogeneous(name="linear", power=Fraction(1), minus=Fraction(-1))
ERF = Analytic(name="erf", sphere=formulas.erf_sphere, gauss=formulas.erf_gauss)
SIN = Analytic(
    name="sin",
    sphere=partial(formulas.wave_sphere, 1),
    gauss=partial(formulas.wave_gauss, 1),
)
COS = Analytic(
    name="cos",
    sphere=partial(formulas.wave_sphere, 0),
    gauss=partial(formulas.wave_gauss, 0),
)
GELU = Analytic(name="gelu", sphere=formulas.gelu_sphere, gauss=formulas.gelu_gauss)
TANH = Integrated(
    name="tanh",
    pieces=(lambda z, analytic: z.tanh(),),
    parity=1,
    growth=(Fraction(1), 0),
)

Activation = Homogeneous | Analytic | Integrated


@cache
def _registry() -> dict[str, Activation]:
    """Every activation of this module, in its order."""
    return {a.name: a for a in globals().values() if isinstance(a, Activation)}


def names() -> tuple[str, ...]:
    """The names there are."""
    return tuple(_registry())


def get_activation(name: str) -> Activation:
    """The activation of that name; ValueError lists the names there are, and near matches."""
    found = _registry()
    if name not in found:
        near = difflib.get_close_matches(str(name).lower(), found, n=3)
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        raise ValueError(f"activation must be one of {', '.join(found)}, got {name!r}{hint}")
    return found[name]
