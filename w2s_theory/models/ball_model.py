"""Teacher losses enclosed in Arb balls: small widths, no float that is not exact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from w2s_theory.arguments import FloatArray, float_array, integer
from w2s_theory.models.base import Features, Goal, Model

if TYPE_CHECKING:
    from flint import arb

MAX_WIDTH = 128


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
    feature row of the sphere stands for ``u/|u|``.  ValueError above width 128, for an activation
    that is not a power of max(t, 0), or if the Gram matrix cannot be told from a singular one at
    ``bits``.
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
