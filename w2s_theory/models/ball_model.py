"""Teacher losses enclosed in Arb balls: small widths, no float that is not exact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from w2s_theory.arguments import FloatArray, float_array, integer
from w2s_theory.models.base import Features, Goal, Model

if TYPE_CHECKING:
    from flint import arb

MAX_WIDTH = 512
FIT_BITS = 256
"""G of 512 units in d = 2 has a condition number of about 2^60."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exact:
    """L_TE of a function with given weights, a bound on its error, and on what they cost.

    ``gap`` bounds L_TE minus the loss of the exact least-squares fit.
    """

    loss: float
    error: float
    gap: float


def certified_loss(
    model: Model[Features, Goal],
    features: Features,
    target: Goal,
    weights: FloatArray | None = None,
    *,
    bits: int = 192,
) -> arb:
    """Arb enclosure of L_TE: of the least-squares optimum, or of given float ``weights``.

    Floats of features, weights, levels and scales are taken as the binary fractions they are; a
    feature row of the sphere stands for ``u/|u|``.  ValueError above width 512, or if the Gram
    matrix cannot be told from a singular one at ``bits``.
    """
    from flint import arb, arb_mat

    from w2s_theory.certify.balls import precision

    width = len(features)
    if width > MAX_WIDTH:
        raise ValueError(f"features must number at most {MAX_WIDTH}, got {width}")
    values = None if weights is None else float_array("weights", weights, 1)
    if values is not None and values.size != width:
        raise ValueError(f"weights must have shape ({width},), got {values.shape}")
    with precision(integer("bits", bits, 53)):
        overlaps, norm2 = model.ball_overlaps(features, target)
        gram = arb_mat(model.ball_gram(features))
        if values is None:
            try:
                solution = gram.solve(arb_mat([[value] for value in overlaps]))
            except ZeroDivisionError:
                raise ValueError(
                    f"features must have a Gram matrix regular at bits = {bits}"
                ) from None
            return norm2 - sum((overlaps[i] * solution[i, 0] for i in range(width)), arb(0))
        column = arb_mat([[arb(float(value))] for value in values])
        image = gram * column
        linear = sum((overlaps[i] * column[i, 0] for i in range(width)), arb(0))
        return norm2 - 2 * linear + sum((column[i, 0] * image[i, 0] for i in range(width)), arb(0))


def exact_fit(
    model: Model[Features, Goal], features: Features, target: Goal
) -> tuple[FloatArray, Exact]:
    """Least-squares weights, rounded to floats, and what is known of them, in Arb balls.

    About 2 width^3/3 ball operations: 6 s at width 512. ValueError as `certified_loss`.
    """
    from flint import arb, arb_mat

    from w2s_theory.certify.balls import precision

    if len(features) > MAX_WIDTH:
        raise ValueError(f"features must number at most {MAX_WIDTH}, got {len(features)}")
    with precision(FIT_BITS):
        overlaps, norm2 = model.ball_overlaps(features, target)
        gram, column = arb_mat(model.ball_gram(features)), arb_mat([[b] for b in overlaps])
        try:
            solution = gram.solve(column)
        except ZeroDivisionError:
            raise ValueError("features must be linearly independent") from None
        weights = np.array([float(solution[i, 0].mid()) for i in range(len(overlaps))])
        kept = arb_mat([[arb(weight)] for weight in weights.tolist()])
        moved = solution - kept  # G moved is the residual b - G w
        gap = (moved.transpose() * (column - gram * kept))[0, 0]
        loss = norm2 - (column.transpose() * solution)[0, 0] + gap
        middle = float(loss.mid())
        error = float(abs(loss - middle).upper())
        return weights, Exact(loss=middle, error=error, gap=max(float(gap.upper()), 0.0))
