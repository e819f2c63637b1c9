"""Gram functions in extended precision, with a bound on their error: arc-cosine, or a series.

The integer polynomials come from `ledger.arccosine_polynomials`; only the arithmetic differs.
"""

from __future__ import annotations

import numpy as np

from w2s_theory.arguments import ExtendedArray
from w2s_theory.ledger.arccosine_polynomials import polynomials
from w2s_theory.models.roundoff import gamma
from w2s_theory.models.series_kernel import series
from w2s_theory.spectra.activations import Activation
from w2s_theory.spectra.homogeneous import Homogeneous


def extended_gram(activation: Activation, cosines: ExtendedArray, dim: int) -> ExtendedArray:
    """``E_x[sigma(<u,x>) sigma(<v,x>)]`` at cosines in [-1, 1]; the shape of ``cosines``.

    With sigma = c+ r(t) + c- r(-t) it is ``(c+^2 + c-^2) J(rho) + 2 c+ c- J(-rho)`` up to scale.
    """
    if not isinstance(activation, Homogeneous):
        return series(activation, dim).extended(cosines)
    plus, minus = float(activation.plus), float(activation.minus)
    order = int(activation.power)
    result = (plus**2 + minus**2) * _arccosine(order, cosines)
    if minus and plus:
        result += 2 * plus * minus * _arccosine(order, -cosines)
    return result / _scale(order, dim)


def _scale(order: int, dim: int) -> np.longdouble:
    pi = np.arccos(np.longdouble(-1))
    product = 2 * pi
    for j in range(order):
        product = product * (dim + 2 * j)
    return np.longdouble(product)


def _arccosine(order: int, cosines: ExtendedArray) -> ExtendedArray:
    root, angle = polynomials(order)
    result = np.arccos(-cosines) * _horner(angle, cosines)
    if root:
        result += np.sqrt((1 - cosines) * (1 + cosines)) * _horner(root, cosines)
    return result


def _horner(coefficients: tuple[int, ...], points: ExtendedArray) -> ExtendedArray:
    total = np.full_like(points, coefficients[-1])
    for value in reversed(coefficients[:-1]):
        total = total * points + value
    return total


def gram_rounding(
    activation: Activation, dim: int, cosine_error: float, largest_cosine: float
) -> float:
    """Absolute error bound of :func:`extended_gram` when the cosines err by ``cosine_error``.

    Slopes: ``J_n' = n^2 J_{n-1}``, at most its value at 1; ``J_0' = 1/sqrt(1-rho^2)``, taken at
    the largest off-diagonal ``|cosine|`` (diagonal cosines must be exact).
    """
    if not isinstance(activation, Homogeneous):
        return series(activation, dim).rounding(cosine_error, largest_cosine)
    order = int(activation.power)
    root, angle = polynomials(order)
    size = float(sum(map(abs, root)) + np.pi * sum(map(abs, angle)))
    rounding = gamma(4 * order + 12) * size
    if order == 0:
        gap = max(1 - largest_cosine - cosine_error, 0.0)
        slope_error = min(
            cosine_error / np.sqrt(gap) if gap > 0 else np.inf, 2 * np.sqrt(cosine_error)
        )
    else:
        slope_error = order**2 * float(np.pi * sum(polynomials(order - 1)[1])) * cosine_error
    weight = (abs(float(activation.plus)) + abs(float(activation.minus))) ** 2
    return float(weight * (rounding + slope_error) / float(_scale(order, dim)))
