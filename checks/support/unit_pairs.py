"""Teachers of ReLU units in balls: zonal targets, and nearly opposite units on the circle."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
from flint import arb, arb_mat

from w2s_theory.arguments import FloatArray
from w2s_theory.certify import lower, precision, to_arb
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.teacher_forms import EVEN_KERNEL
from w2s_theory.models.ball_model import certified_loss
from w2s_theory.models.ball_sphere import unit_ball
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.targets import Harmonic, harmonic_target
from w2s_theory.search.settings import BallSetting
from w2s_theory.spectra.harmonics import multiplicity

BITS = 256


def zonal_settings(model: ReluSphere, features: FloatArray, degree: int) -> list[BallSetting]:
    dim, width = model.dim, len(features)
    target = harmonic_target(Harmonic(degree, np.eye(dim)[0]))
    loss = certified_loss(model, features, target, bits=BITS)
    flat = multiplicity(degree, dim)
    wide = (2 * width * flat * math.factorial(dim - 1)) ** (1 / (dim - 1))
    with precision(BITS):
        energy = 1 / model.sigma.certified(degree, dim, digits=60) ** 2
    counting = next(
        ell for ell in range(1, 10**4) if math.comb(ell + dim - 1, dim - 1) > 1.5 * width * flat
    )
    return [
        BallSetting(
            (
                *((q.L_TE, loss), (q.TARGET_ENERGY, energy), (q.FLATNESS, arb(flat))),
                *((q.VANISHING, arb(ell)), (q.DEGREE, arb(degree)), (q.SPACE_DIM, arb(dim))),
                (q.WIDTH, arb(width)),
            ),
            (),
            f"d = {dim}, M = {width}, k = {degree}, ell = {ell}",
        )
        for ell in (1, 2, counting, math.ceil(wide) + 1)
    ]


def line_energies(model: ReluSphere, features: FloatArray) -> arb_mat:
    """U^T K_e^-1 U/(4d) in balls."""
    units = arb_mat([unit_ball(row) for row in features])
    cosines, size = units * units.transpose(), len(features)
    even = lower(EVEN_KERNEL(q.RHO, model.dim))
    rows = [
        [even({q.RHO: cosines[i, j] if i != j else arb(1)}) for j in range(size)]
        for i in range(size)
    ]
    return units.transpose() * arb_mat(rows).solve(units) / (4 * model.dim)


def nearest(features: FloatArray, sides: int) -> tuple[tuple[object, arb], ...]:
    """r, h and c of neighbouring lines whose units are on opposite sides (or on one).

    The triple with the largest c^2/(r^2 (r + h)); nothing where no neighbours are so, which of six
    random units is one draw in thirty.
    """
    rows = [unit_ball(row) for row in features]
    angles = [arb.atan2(row[1], row[0]) for row in rows]
    lines = [angle if angle > 0 else angle + arb.pi() for angle in angles]
    order = sorted(range(len(rows)), key=lambda i: float(lines[i]))
    found = []
    for i, j, k in zip(order, order[1:], order[2:], strict=False):
        for one, two, next_ in ((i, j, k), (k, j, i)):
            side = rows[one][0] * rows[two][0] + rows[one][1] * rows[two][1] > 0
            if side == (sides > 0):
                r, h = abs(lines[two] - lines[one]), abs(lines[next_] - lines[two])
                sight = abs(rows[one][0]).min(abs(rows[two][0]))
                found.append((float(sight**2 / (r**2 * (r + h))), r, h, sight))
    if not found:
        return ()
    _, r, h, sight = max(found, key=lambda entry: entry[0])
    return (q.PAIR_GAP, r), (q.NEXT_GAP, h), (q.SIGHT, sight)


def pair_setting(
    gap: float,
    after: float | None,
    *,
    sides: int = -1,
    turned: bool = False,
    repeated: bool = False,
    norm2: Fraction = Fraction(1),
    outside: Fraction = Fraction(0),
    shift: Fraction = Fraction(0),
) -> BallSetting:
    """Two lines `gap` apart about the first axis, units on opposite `sides`; one more `after`.

    The linear function is the first coordinate, or (`turned`) the second. With `repeated` the
    second unit is there twice, and so the next line is its own. The target is the unit linear
    function of least energy but for an `outside` share of its square in an odd degree, which no
    teacher sees, times the root of `norm2`; `shift` is added to one weight of the teacher's.
    """
    angles = [-gap / 2, gap / 2 + (np.pi if sides < 0 else 0)]
    angles += [] if after is None else [gap / 2 + after]
    features, model = np.column_stack([np.cos(angles), np.sin(angles)]), ReluSphere(2)
    with precision(BITS):
        rows, form = [unit_ball(row) for row in features], line_energies(model, features)
        difference = ((form[0, 0] - form[1, 1]) ** 2 / 4 + form[0, 1] ** 2).sqrt()
        least = (form[0, 0] + form[1, 1]) / 2 - difference
        lines = [(row[1] / row[0]).atan() for row in rows]
        last = arb.pi() + lines[0] if after is None else lines[2]
        size, own = to_arb(norm2), arb(1) / (2 * model.dim)
        seen = to_arb(1 - outside) / (1 + least) + to_arb(outside)
        axis = int(turned)
        values = (
            (q.PAIR_GAP, lines[1] - lines[0]),
            (q.NEXT_GAP, arb(0) if repeated else last - lines[1]),
            (q.SIGHT, min(abs(row[axis]) for row in rows[:2])),
            (q.SIDES, arb(sides)),
            (q.LINE_ENERGY, form[axis, axis]),
            (q.LEAST_ENERGY, least),
            (q.L_TE, size * seen + to_arb(shift) ** 2 * own),
            (q.TARGET_NORM2, size),
            (q.TARGET_OUTSIDE, size * to_arb(outside)),
            (q.RESIDUAL, abs(to_arb(shift)) * own),
        )
    return BallSetting(values, (), f"two lines {gap} apart, the next {after}, sides {sides}")
