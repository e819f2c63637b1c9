"""kappa_S enclosed in Arb: Sylvester's law of inertia, no eigensolver.

The pencil (G_S, G) has as many eigenvalues above mu as G_S - mu G has positive ones, which is the
number of positive pivots of its LDL^T factorisation (Higham & Cheng 1998); pivots are balls, and
their signs are certain or the precision is raised.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from w2s_theory.arguments import integer
from w2s_theory.models.base import Features, Goal, Model
from w2s_theory.theorems.kappa import kappa

if TYPE_CHECKING:
    from flint import arb, fmpq

MAX_WIDTH = 64
_MAX_BITS = 4096


@dataclass(frozen=True, slots=True)
class Pencil:
    """Gram matrix of the features, and that of their parts in S, as lists of balls."""

    whole: list[list[arb]]
    part: list[list[arb]]


def certified_kappa(
    model: Model[Features, Goal],
    features: Features,
    spaces: Sequence[int],
    *,
    digits: int = 10,
    bits: int = 192,
) -> arb:
    """Arb enclosure of kappa_S of width about 10^-digits around the float64 value.

    Floats of the features are taken as the binary fractions they are (a row of the sphere stands
    for `u/|u|`). ValueError above width 64 or for a model without enclosures; ArithmeticError if
    the float64 value is not within 10^-digits of the truth.
    """
    from flint import arb, fmpq

    from w2s_theory.certify import precision

    guess = kappa(model, features, spaces)
    if guess.width > MAX_WIDTH:
        raise ValueError(f"features must number at most {MAX_WIDTH}, got {guess.width}")
    if guess.size > guess.width:
        return arb(1)
    step = fmpq(1, 10 ** integer("digits", digits, 1, 1000))
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


def count_above(found: Pencil, share: fmpq | arb) -> int | None:
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


def pencil(model: Model[Features, Goal], features: Features, spaces: Sequence[int]) -> Pencil:
    """Both Gram matrices at the current precision. ValueError for a model without enclosures."""
    return Pencil(model.ball_gram(features), model.ball_gram(features, spaces))
