"""Activations by name: each constant of this module is one."""

from __future__ import annotations

import difflib
from fractions import Fraction
from functools import cache, partial

from w2s_theory.spectra import formulas
from w2s_theory.spectra.analytic import Analytic
from w2s_theory.spectra.homogeneous import Homogeneous
from w2s_theory.spectra.quadrature import Integrated

Activation = Homogeneous | Analytic | Integrated


def names() -> tuple[str, ...]:
    """The names there are."""
    return tuple(_registry())


def get_activation(name: str) -> Activation:
    """The activation of that name; ValueError lists the names there are, and near matches.

    >>> relu = get_activation("relu")
    >>> print(relu.values(3, dim=3).coefficients)
    [0.25       0.16666667 0.0625     0.        ]
    >>> relu.symbolic(2, dim=3), relu.certified(1, dim=3, digits=10)
    (1/16, [0.166666666666667 +/- 3.34e-16])
    """
    known = _registry()
    if not isinstance(name, str) or name not in known:
        near = difflib.get_close_matches(str(name).lower(), known, n=3)
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        raise ValueError(f"activation must be one of {', '.join(known)}, got {name!r}{hint}")
    return known[name]


@cache
def _registry() -> dict[str, Activation]:
    """Every activation of this module by its name, in order."""
    return {found.name: found for found in globals().values() if isinstance(found, Activation)}


STEP = Homogeneous(name="step", power=Fraction(0))
RELU = Homogeneous(name="relu", power=Fraction(1))
RELU2 = Homogeneous(name="relu2", power=Fraction(2))
RELU3 = Homogeneous(name="relu3", power=Fraction(3))
ABS = Homogeneous(name="abs", power=Fraction(1), minus=Fraction(1))
LINEAR = Homogeneous(name="linear", power=Fraction(1), minus=Fraction(-1))
ERF = Analytic(name="erf", sphere=formulas.erf_sphere, gauss=formulas.erf_gauss)
SIN = Analytic(
    name="sin", sphere=partial(formulas.wave_sphere, 1), gauss=partial(formulas.wave_gauss, 1)
)
COS = Analytic(
    name="cos", sphere=partial(formulas.wave_sphere, 0), gauss=partial(formulas.wave_gauss, 0)
)
GELU = Analytic(name="gelu", sphere=formulas.gelu_sphere, gauss=formulas.gelu_gauss)
TANH = Integrated(
    name="tanh", pieces=(lambda z, analytic: z.tanh(),), parity=1, growth=(Fraction(1), 0)
)
