"""Sums over the spectrum of the ReLU kernel, in balls, as settings."""

from __future__ import annotations

from fractions import Fraction

from flint import arb
from sympy import Integer

from w2s_theory.certify import lower, precision, to_arb
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.kernels import MULTIPLICITY, TRACE
from w2s_theory.ledger.universality import RIDGE_AT
from w2s_theory.search.settings import BallSetting
from w2s_theory.spectra import get_activation


def degrees(dim: int, cut: int, power: int, least: Fraction | None = None) -> BallSetting:
    """A_S for all degrees up to `cut`, the eigenvalue beyond it, the largest width for it."""
    with precision(256):
        inverse, size, spectrum = arb(0), 0, {}
        for degree in (0, 1, *range(2, cut + 3, 2)):
            value = get_activation("relu").certified(degree, dim, digits=60) ** 2
            spectrum[degree] = value
            if degree <= cut:
                count = 1 if degree == 0 else int(MULTIPLICITY(Integer(degree), Integer(dim)))
                inverse, size = inverse + count / value, size + count
        width = (cut + 2) ** (4 * dim + 5) - 1
        loss = least or (Fraction(2, width**power) if power else Fraction(1, 3))
        values = (
            *((q.SPACE_DIM, arb(dim)), (q.CUT, arb(cut)), (q.WIDTH, arb(width))),
            *((q.TRACE, 1 / arb(2 * dim)), (q.INVERSE_SUM, inverse), (q.SIZE, arb(size))),
            (q.LAMBDA_OUT, spectrum[cut + 2]),
            (q.LAMBDA_TARGET, spectrum[1]),
            (q.LOSS_POWER, arb(max(power, 1))),
            (q.L_TE, to_arb(loss)),
        )
        return BallSetting(values, (), f"d = {dim}, K = {cut}, L_TE about M^-{power}")


def spread_at(dim: int, scale: Fraction) -> BallSetting:
    """D at kappa = C scale^-(d+2): its terms down to kappa/1000, what is left by the trace."""
    with precision(128):
        constant = lower(RIDGE_AT(Integer(1), Integer(dim)))({})
        ridge = constant * to_arb(scale) ** (-dim - 2)
        spread, left, degree = arb(0), to_arb(TRACE(Integer(1), Integer(dim))), 0
        while True:
            value = get_activation("relu").certified(degree, dim, digits=40) ** 2
            count = 1 if degree == 0 else int(MULTIPLICITY(Integer(degree), Integer(dim)))
            spread += count * ridge * value / (value + ridge) ** 2
            left -= count * value
            if degree > 1 and value < ridge / 1000:
                break
            degree += 1 if degree < 2 else 2
        values = (
            (q.RIDGE, ridge),
            (q.SPREAD, spread.union(spread + left / ridge)),
            (q.SPACE_DIM, arb(dim)),
            (q.LAMBDA_TARGET, get_activation("relu").certified(1, dim, digits=40) ** 2),
        )
        return BallSetting(values, (), f"d = {dim}, K = {scale}")
