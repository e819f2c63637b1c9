"""The teacher's loss by its Schur forms against the least-squares fit, in balls."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np
from flint import arb, arb_mat

from checks.support.judging import assumed, judge_all
from checks.support.sampling import medians, sample_all, sampled
from checks.support.unit_pairs import line_energies, nearest, zonal_settings
from w2s_theory.arguments import FloatArray
from w2s_theory.certify import lower, precision
from w2s_theory.experiments.draws import draw_features
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.measurements import CIRCLE
from w2s_theory.ledger.statement import Evidence, Statement
from w2s_theory.ledger.teacher_forms import EVEN_KERNEL
from w2s_theory.models.ball_model import certified_loss
from w2s_theory.models.ball_sphere import unit_ball
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.targets import Harmonic, harmonic_target
from w2s_theory.regression.outcome import Outcome, Profile, check
from w2s_theory.search.settings import BallSetting
from w2s_theory.statistics import Interval, median_interval
from w2s_theory.theorems.circle import circle_loss

_BITS, _DIGITS = 256, 30
CELLS = ((2, 12), (2, 32), (3, 8), (3, 24), (8, 24), (32, 24))


@check("teacher-schur", Evidence.CERTIFIED)
def test_teacher_schur_certified(statement: Statement, profile: Profile) -> Outcome:
    """Linear targets on real networks; the loss comes from the Gram matrix, the forms do not."""
    settings = []
    for dim, width in CELLS:
        model = ReluSphere(dim)
        features = model.sample_features(width, profile.rng("teacher-schur", dim, width))
        target = harmonic_target(Harmonic(1, np.eye(dim)[0]))
        loss = certified_loss(model, features, target, bits=_BITS)
        with precision(_BITS):
            values = ((q.L_TE, loss), *_forms(model, features))
        label = f"dim {dim}, width {width}"
        settings.append(BallSetting(values, assumed(statement), label))
    return judge_all(statement, settings, least=len(CELLS), digits=_DIGITS)


def _forms(model: ReluSphere, features: FloatArray) -> tuple[tuple[object, arb], ...]:
    """b^T H b and ||H b||^2 by the even kernel, and b^T (G - b b^T)^-1 b."""
    dim, width = model.dim, len(features)
    units = arb_mat([unit_ball(row) for row in features])
    cosines = units * units.transpose()
    even = lower(EVEN_KERNEL(q.RHO, dim))
    kernel = arb_mat(
        [
            [even({q.RHO: cosines[i, j] if i != j else arb(1)}) for j in range(width)]
            for i in range(width)
        ]
    )
    solved = units.transpose() * kernel.solve(units) / (4 * dim)
    for i in range(dim):
        solved[i, i] += 1
    axis = arb_mat(dim, 1)
    axis[0, 0] = 1
    missed = solved.solve(axis)
    overlaps = arb_mat([[units[i, 0] / (2 * arb(dim).sqrt())] for i in range(width)])
    rest = kernel + units * units.transpose() / (4 * dim) - overlaps * overlaps.transpose()
    energy = (overlaps.transpose() * rest.solve(overlaps))[0, 0]
    square = sum((missed[i, 0] ** 2 for i in range(dim)), arb(0))
    return (q.BLOCK_LOSS, missed[0, 0]), (q.BLOCK_SQUARE, square), (q.EVEN_ENERGY, energy)


DRAWS = 600


@check("ansatz-fails-measured", Evidence.MONTE_CARLO)
def test_exponent_on_the_circle(statement: Statement, profile: Profile) -> Outcome:
    """The slope of the medians between two widths, by order statistics."""
    narrow, wide = map(int, CIRCLE)

    def drawn(draws: int, rate: float) -> BallSetting:
        low, high = (_median(profile, width, draws, rate / 2) for width in (narrow, wide))
        span = math.log(wide / narrow)
        slopes = [math.log(a / b) / span for a, b in ((low.low, high.high), (low.high, high.low))]
        middle = math.log(low.estimate / high.estimate) / span
        found = replace(low, estimate=middle, low=slopes[0], high=slopes[1], error_rate=rate)
        return sampled(
            {q.TEACHER_SLOPE: replace(found, least=0.0)},
            *((q.DIM, arb(2)), (q.WIDTH, arb(narrow)), (q.WIDTH_WIDE, arb(wide))),
            label=f"widths {narrow}, {wide}",
        )

    return sample_all(statement, [drawn], first=DRAWS, resolves=medians(2))


def _median(profile: Profile, width: int, draws: int, rate: float) -> Interval:
    """Units nearer than floats can tell apart leave a loss that counts as any: 0 below, 1 above."""
    losses = np.array(_losses(profile.stream("circle"), width, draws))
    below, above = (
        median_interval(np.where(np.isnan(losses), end, losses), error_rate=rate) for end in (0, 1)
    )
    return replace(below, high=above.high)


@cache
def _losses(seed: int, width: int, draws: int) -> tuple[float, ...]:
    features = draw_features(ReluSphere(2), width, range(draws), (seed, width))
    return tuple(map(circle_loss_or_nan, features))


def circle_loss_or_nan(units: FloatArray) -> float:
    """`circle_loss`, NaN where two units are equal or opposite to the last digits."""
    try:
        return circle_loss(units)
    except ValueError:
        return math.nan


EVEN_CELLS = ((2, 24, 2), (2, 48, 4), (3, 32, 2), (4, 32, 2), (5, 24, 4), (8, 24, 2))
"""Dimension, width, degree of the target."""


@check("teacher-lower", Evidence.CERTIFIED)
def test_teacher_lower_certified(statement: Statement, profile: Profile) -> Outcome:
    """Zonal targets on random units, at an ell that counts and at one that is wide enough.

    The last settings are for assumptions to exclude: a linear target and two opposite units.
    """
    settings = []
    for dim, width, degree in EVEN_CELLS:
        model = ReluSphere(dim)
        features = model.sample_features(width, profile.rng("teacher-lower", dim, width))
        settings += zonal_settings(model, features, degree)
    opposite = np.array([[1.0, 0, 0], [-1.0, 0, 0]])
    settings += zonal_settings(ReluSphere(3), opposite, 1)
    return judge_all(statement, settings, least=2 * len(EVEN_CELLS), digits=_DIGITS)


@check("ansatz-fails", Evidence.CERTIFIED)
def test_ansatz_fails_certified(statement: Statement, profile: Profile) -> Outcome:
    """Random units on the circle: the pair and its next line that ask for most, in Arb.

    The last but one has one pair that is all but opposite, far from the others; the last a pair
    of nearly equal units only, for an assumption to exclude.
    """
    settings, model = [], ReluSphere(2)
    rngs = [(width, profile.rng("ansatz-fails", width)) for width in (6, 16, 40, 64)]
    angles = np.array([0.3, 0.3001, 1.0, 2.2])
    teachers = [(-1, model.sample_features(width, rng)) for width, rng in rngs]
    opposite = np.array([0.3, 0.3 + np.pi + 1e-6, 1.0, 2.2])
    for sides, at in ((-1, opposite), (1, angles)):
        teachers.append((sides, np.column_stack([np.cos(at), np.sin(at)])))
    for sides, features in teachers:
        with precision(_BITS):
            found = nearest(features, sides)
        if not found:
            continue
        target = harmonic_target(Harmonic(1, np.eye(2)[0]))
        loss = certified_loss(model, features, target, bits=_BITS)
        with precision(_BITS):
            form = line_energies(model, features)
            gap = ((form[0, 0] - form[1, 1]) ** 2 / 4 + form[0, 1] ** 2).sqrt()
            least = (form[0, 0] + form[1, 1]) / 2 - gap
            known = ((q.L_TE, loss), (q.LINE_ENERGY, form[0, 0]), (q.LEAST_ENERGY, least))
            pair = (*found, (q.SIDES, arb(sides)))
            label = f"M = {len(features)}, sides {sides}"
            settings.append(BallSetting((*known, *pair), assumed(statement)[1:4], label))
    return judge_all(statement, settings, least=4, digits=_DIGITS)
