"""Activations by name: each constant of this module is one."""

from __future__ import annotations

import difflib
import re
from fractions import Fraction
from functools import cache, partial

from w2s_theory.spectra import expressions, formulas
from w2s_theory.spectra.analytic import Analytic
from w2s_theory.spectra.homogeneous import Homogeneous
from w2s_theory.spectra.quadrature import Integrated

Activation = Homogeneous | Analytic | Integrated


def names() -> tuple[str, ...]:
    """The names there are."""
    return tuple(_registry())


def get_activation(name: str) -> Activation:
    """The activation of that name, or sigma(t) given as an expression in t.

    ValueError lists the names there are, and near matches, or says what is wrong in an expression.

    >>> relu = get_activation("relu")
    >>> print(relu.values(3, dim=3).coefficients)
    [0.25       0.16666667 0.0625     0.        ]
    >>> relu.symbolic(2, dim=3), relu.certified(1, dim=3, digits=10)
    (1/16, [0.166666666666667 +/- 3.34e-16])
    >>> print(get_activation("t/(1+exp(-t))").values(1, dim=3).coefficients)
    [0.07944265 0.16666667]
    """
    known = _registry()
    if isinstance(name, str) and name not in known and _is_expression(name):
        return expressions.activation(name)
    if not isinstance(name, str) or name not in known:
        near = difflib.get_close_matches(str(name).lower(), known, n=3)
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        raise ValueError(
            f"activation must be one of {', '.join(known)} or an expression in t, "
            f"got {name!r}{hint}"
        )
    return known[name]


def _is_expression(text: str) -> bool:
    """Not one that looks like a name: "leaky-relu" does, "t" and "pi-t" do not."""
    return not re.fullmatch(r"[A-Za-z_][\w-]*", text) or "t" in text.split("-")


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
ERF = Analytic(name="erf", text="erf(t)", sphere=formulas.erf_sphere, gauss=formulas.erf_gauss)
SIN = Analytic(
    name="sin",
    text="sin(t)",
    sphere=partial(formulas.wave_sphere, 1),
    gauss=partial(formulas.wave_gauss, 1),
)
COS = Analytic(
    name="cos",
    text="cos(t)",
    sphere=partial(formulas.wave_sphere, 0),
    gauss=partial(formulas.wave_gauss, 0),
)
GELU = Analytic(
    name="gelu",
    text="t*(1+erf(t/sqrt(2)))/2",
    sphere=formulas.gelu_sphere,
    gauss=formulas.gelu_gauss,
)
TANH = Integrated(
    name="tanh", pieces=(lambda z, analytic: z.tanh(),), parity=1, growth=(Fraction(1), 0)
)
