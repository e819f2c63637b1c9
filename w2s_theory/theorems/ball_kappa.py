"""kappa_S enclosed in Arb: Sylvester's law of inertia, no eigensolver.

The pencil (G_S, G) has as many eigenvalues above mu as G_S - mu G has positive ones, which is the
number of positive pivots of its LDL^T factorisation (Higham & Cheng 1998); pivots are balls, and
their signs are certain or the precision is raised.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from w2s_theory.arguments import FloatArray, integer
from w2s_theory.models.linear_features import LinearFeatures
from w2s_theory.models.linear_gaussian import LinearGaussian
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.spectra import get_activation, kernel
from w2s_theory.spectra.harmonics import multiplicity
from w2s_theory.spectra.lowering import compile_ball
from w2s_theory.spectra.polynomials import T, legendre_polynomial
from w2s_theory.theorems.kappa import kappa

MAX_WIDTH = 64
_MAX_BITS = 4096


@dataclass(frozen=True, slots=True)
class Pencil:
    """Gram matrix of the features, and that of their parts in S, as lists of balls."""

    whole: list[list[Any]]
    part: list[list[Any]]


def certified_kappa(
    model: ReluSphere | LinearGaussian,
    features: Any,
    spaces: Sequence[int],
    *,
    digits: int = 10,
    bits: int = 192,
) -> Any:
    """Arb enclosure of kappa_S of width about 10^-digits around the float64 value.

    Floats of the features are taken as the binary fractions they are (a row of the sphere stands
    for `u/|u|`). ValueError above width 64 or for another activation than ReLU; ArithmeticError if
    the float64 value is not within 10^-digits of the truth.
    """
    from flint import arb, fmpq

    from w2s_theory.certify import precision

    guess = kappa(model, features, spaces)
    if guess.width > MAX_WIDTH:
        raise ValueError(f"features must number at most {MAX_WIDTH}, got {guess.width}")
    if guess.size > guess.width:
        return arb(1)
    step = fmpq(1, 10 ** integer("digits", digits, 1))
    numerator, denominator = (1 - guess.kappa).as_integer_ratio()
    share = fmpq(numerator, denominator)
    while bits <= _MAX_BITS:
        with precision(bits):
            found = pencil(model, features, guess.spaces)
            above = count_above(found, share - step / 2)
            below = count_above(found, share + step / 2)
            if above is not None and below is not None:
                if above >= guess.size > below:
                    return 1 - arb(share - step / 2).union(arb(share + step / 2))
                raise ArithmeticError(f"kappa is not within 10^-{digits} of {guess.kappa!r}")
        bits *= 2
    raise ArithmeticError(f"the signs of the pivots are not certain at {_MAX_BITS} bits")


def count_above(found: Pencil, share: Any) -> int | None:
    """Eigenvalues of the pencil above `share`: positive pivots; None if a sign is uncertain."""
    width = len(found.whole)
    rows = [
        [found.part[i][j] - share * found.whole[i][j] for j in range(width)] for i in range(width)
    ]
    positive = 0
    for k in range(width):
        pivot = rows[k][k]
        if not (pivot > 0 or pivot < 0):
            return None
        positive += bool(pivot > 0)
        for i in range(k + 1, width):
            factor = rows[i][k] / pivot
            for j in range(k + 1, i + 1):
                rows[i][j] = rows[j][i] = rows[i][j] - factor * rows[k][j]
    return positive


def pencil(model: Any, features: Any, spaces: Sequence[int]) -> Pencil:
    """Both Gram matrices at the current precision. ValueError for a model of another kind."""
    if isinstance(model, LinearGaussian) and isinstance(features, LinearFeatures):
        return _linear(model, features, spaces)
    if isinstance(model, ReluSphere) and model.activation == "relu":
        return _sphere(model, model.check_features(features), spaces)
    raise ValueError(f"model must be linear or a ReLU sphere, got {model!r}")


def _sphere(model: ReluSphere, units: FloatArray, spaces: Sequence[int]) -> Pencil:
    from flint import arb

    rows = [[arb(float(x)) for x in row] for row in units]
    norms = [_dot(row, row).sqrt() for row in rows]
    rows = [[x / norm for x in row] for row, norm in zip(rows, norms, strict=True)]
    gram = compile_ball(kernel.gram(1, model.dim), (kernel.RHO,))
    terms = []
    for degree in spaces:
        coefficient = get_activation("relu").certified(degree, model.dim, digits=60)
        zonal = compile_ball(legendre_polynomial(degree, model.dim), (T,))
        terms.append((coefficient**2 * multiplicity(degree, model.dim), zonal))
    width = len(rows)
    whole = [[arb(0)] * width for _ in range(width)]
    part = [[arb(0)] * width for _ in range(width)]
    for i in range(width):
        for j in range(i + 1):
            cosine = arb(1) if i == j else _dot(rows[i], rows[j])
            whole[i][j] = whole[j][i] = gram(cosine)
            total = sum((scale * zonal(cosine) for scale, zonal in terms), arb(0))
            part[i][j] = part[j][i] = total
    return Pencil(whole, part)


def _linear(model: LinearGaussian, features: LinearFeatures, spaces: Sequence[int]) -> Pencil:
    from flint import arb

    width = len(features)
    whole = [[arb(0)] * width for _ in range(width)]
    part = [[arb(0)] * width for _ in range(width)]
    for place, (level, block) in enumerate(zip(model.levels, features.blocks, strict=True)):
        rows = [[arb(float(x)) for x in row] for row in block]
        for i in range(width):
            for j in range(width):
                term = arb(level) * _dot(rows[i], rows[j])
                whole[i][j] += term
                if place in spaces:
                    part[i][j] += term
    return Pencil(whole, part)


def _dot(left: list[Any], right: list[Any]) -> Any:
    from flint import arb

    return sum((a * b for a, b in zip(left, right, strict=True)), arb(0))
