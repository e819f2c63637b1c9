"""Teacher losses enclosed in Arb balls: small widths, no float that is not exact."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from w2s_theory.arguments import FloatArray, float_array, integer
from w2s_theory.models.harmonic_polynomials import HarmonicPolynomial
from w2s_theory.models.linear_features import LinearFeatures, LinearTarget
from w2s_theory.models.linear_gaussian import LinearGaussian
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.targets import Harmonic, HarmonicSum, Target

MAX_WIDTH = 128


def certified_loss(
    model: ReluSphere | LinearGaussian,
    features: Any,
    target: Any,
    weights: FloatArray | None = None,
    *,
    bits: int = 192,
) -> Any:
    """Arb enclosure of L_TE: of the least-squares optimum, or of given float ``weights``.

    Floats of features, weights, levels and scales are taken as the binary fractions they are; a
    feature row of the sphere stands for ``u/|u|``.  ValueError above width 128, for an activation
    that is not a power of max(t, 0), or if the Gram matrix cannot be told from a singular one at
    ``bits``.
    """
    from flint import arb, arb_mat, ctx

    width = len(features)
    if width > MAX_WIDTH:
        raise ValueError(f"features must number at most {MAX_WIDTH}, got {width}")
    values = None if weights is None else float_array("weights", weights, 1)
    if values is not None and values.size != width:
        raise ValueError(f"weights must have shape ({width},), got {values.shape}")
    with ctx.workprec(integer("bits", bits, 53)):
        if isinstance(model, ReluSphere):
            entries, overlaps, norm2 = _sphere(model, model.check_features(features), target)
        else:
            entries, overlaps, norm2 = _linear(model, features, target)
        gram = arb_mat(entries)
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


def _sphere(model: ReluSphere, units: FloatArray, target: Target) -> tuple[Any, Any, Any]:
    from flint import arb

    from w2s_theory.spectra import get_activation

    sigma = get_activation(model.activation)
    model.unlearnable_energy(target)  # checks the target's dim
    rows = [unit_ball(row) for row in units]
    gram = ball_gram(model)
    width = len(rows)
    entries = [[arb(0)] * width for _ in range(width)]
    for i in range(width):
        entries[i][i] = gram(arb(1))
        for j in range(i):
            entries[i][j] = entries[j][i] = gram(ball_dot(rows[i], rows[j]))
    overlaps, norm2 = [arb(0)] * width, arb(0)
    for part in target.components:
        coefficient = sigma.certified(part.degree, model.dim, digits=40)
        evaluate, energy = ball_component(part)
        norm2 += energy
        overlaps = [
            total + coefficient * evaluate(row) for total, row in zip(overlaps, rows, strict=True)
        ]
    return entries, overlaps, norm2


def ball_gram(model: ReluSphere) -> Callable[[Any], Any]:
    """The Gram function of two units at a ball cosine; ValueError unless a power of max(t, 0)."""
    from w2s_theory.spectra import kernel
    from w2s_theory.spectra.lowering import compile_ball

    powers = ("step", "relu", "relu2", "relu3")
    if model.activation not in powers:
        raise ValueError(f"activation must be a power of max(t, 0), got {model.activation!r}")
    order = powers.index(model.activation)
    return compile_ball(kernel.gram(order, model.dim), (kernel.RHO,))


def ball_component(part: Any) -> tuple[Callable[[list[Any]], Any], Any]:
    """Value of a component at a ball point, and its energy."""
    from flint import arb

    from w2s_theory.spectra.lowering import compile_ball

    if isinstance(part, HarmonicPolynomial):
        coefficients = [compile_ball(value, ())() for value in part.coefficients]

        def polynomial(point: list[Any]) -> Any:
            total = arb(0)
            for exponents, coefficient in zip(part.exponents, coefficients, strict=True):
                powers = (point[axis] ** power for axis, power in enumerate(exponents) if power)
                total += math.prod(powers, start=coefficient)
            return total

        return polynomial, compile_ball(part.exact_energy, ())()
    terms = part.terms if isinstance(part, HarmonicSum) else (part,)
    zonal = _legendre(part.degree, part.dim)
    axes = [unit_ball(np.array(term.direction)) for term in terms]
    scales = [arb(term.scale) for term in terms]
    amplitude = _root_multiplicity(part)

    def zonals(point: list[Any]) -> Any:
        values = (s * zonal(ball_dot(v, point)) for s, v in zip(scales, axes, strict=True))
        return amplitude * sum(values, arb(0))

    energy = arb(0)
    for i, first in enumerate(scales):
        for j, second in enumerate(scales):
            energy += first * second * (1 if i == j else zonal(ball_dot(axes[i], axes[j])))
    return zonals, energy


def _legendre(degree: int, dim: int) -> Callable[[Any], Any]:
    from w2s_theory.spectra.lowering import compile_ball
    from w2s_theory.spectra.polynomials import T, legendre_polynomial

    return compile_ball(legendre_polynomial(degree, dim), (T,))


def _root_multiplicity(part: Harmonic | HarmonicSum) -> Any:
    from flint import arb

    from w2s_theory.spectra.harmonics import multiplicity

    return arb(multiplicity(part.degree, part.dim)).sqrt()


def _linear(
    model: LinearGaussian, features: LinearFeatures, target: LinearTarget
) -> tuple[Any, Any, Any]:
    from flint import arb, arb_mat

    model.target_overlaps(target, features)  # checks both
    width = len(features)
    gram = arb_mat(width, width)
    overlaps, norm2 = [arb(0)] * width, arb(0)
    for level, block, size in zip(model.levels, features.blocks, target.coefficients, strict=True):
        rows = arb_mat([[arb(float(value)) for value in row] for row in block])
        gram += (rows * rows.transpose()) * arb(level)
        slope = arb(size) * arb(level).sqrt()
        overlaps = [overlaps[i] + slope * rows[i, 0] for i in range(width)]
        norm2 += arb(size) ** 2
    entries = [[gram[i, j] for j in range(width)] for i in range(width)]
    return entries, overlaps, norm2


def unit_ball(row: FloatArray) -> list[Any]:
    """The exact ``u/|u|`` of a float row."""
    from flint import arb

    exact = [arb(float(value)) for value in row]
    norm = ball_dot(exact, exact).sqrt()
    return [value / norm for value in exact]


def ball_dot(left: Iterable[Any], right: Iterable[Any]) -> Any:
    """The inner product of two rows of balls."""
    from flint import arb

    return sum((a * b for a, b in zip(left, right, strict=True)), arb(0))
