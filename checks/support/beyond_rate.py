"""Settings just beyond what the statements on the rate and on the teacher's loss assume."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

import numpy as np

from checks.support.made_settings import numbers
from checks.support.unit_pairs import pair_setting, zonal_settings
from w2s_theory.ledger import quantities as q
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.search.coordinates import ONE, ZERO
from w2s_theory.search.hidden import HiddenSetting, hiding
from w2s_theory.search.principal_angles import AlignedSetting
from w2s_theory.search.scales import with_scales
from w2s_theory.search.settings import NumberSetting, Settled
from w2s_theory.search.teachers import FeatureTeacher, Fit

JUST = Fraction(1, 500)
"""A step that one percent allows."""


def early() -> Iterator[Settled]:
    """One feature all but along the target, nothing beyond S: 4 Delta^2 is all but lost.

    L_TE = Delta/lambda_0 = x, and exp(-t) = 1.003 x: the student loses (2.003 - x)^2 x^2.
    """
    yield HiddenSetting(
        target=(ONE, ZERO),
        teacher=FeatureTeacher(((ONE, Fraction(1, 100)),), Fit.LEAST_SQUARES),
        eigenvalues=(ONE, ZERO),
        inside=(0,),
        time=Fraction(920745, 100000),
        grants=("freedom",),
    )


def spanned() -> Iterator[Settled]:
    """Nothing is hidden, and tau mu is below 0: a feature too long, a level below 0."""
    for feature, level in ((Fraction(401, 400), ONE), (ONE / 2, -Fraction(1, 200))):
        yield HiddenSetting(
            target=(ONE,),
            teacher=FeatureTeacher(((feature,),), Fit.LEAST_SQUARES),
            eigenvalues=(ONE,),
            inside=(0,),
            time=ONE,
            level=level,
            grants=("freedom",),
        )


def shares() -> list[NumberSetting]:
    """Delta just above lambda_0, at 0 and below."""
    rows = "201/200 1 1; 0 1 1; -1/200 1 1"
    return numbers(rows, q.HIDDEN, q.LAMBDA_TARGET, q.LAMBDA_OUT)


_WIDTHS = (q.FREEDOM, q.WIDTH, q.RISK, q.LEVERAGE_RISK, q.FAR_RISK)


def widths() -> list[NumberSetting]:
    """One unit of four that are orthogonal, K = 1: Delta = 1, and d(mu) = 4/(1 + mu).

    mu = 1/8, the risk asked for 1/2, 0 and below; and a kernel that is 0.
    """
    grants = ("unit-target", "least-squares", "target-in-S", "level")
    rows = "32/9 1 1/2 1 1; 32/9 1 0 1 1; 32/9 1 -1/200 1 1; 0 1 1/2 0 0"
    return numbers(rows, *_WIDTHS, grants=grants)


def pairs() -> Iterator[Settled]:
    """Nearly equal units, a unit that is there twice, two lines only; a longer target, a shift."""
    yield pair_setting(1e-4, 1.0, sides=1)
    yield pair_setting(1e-3, 1.0, repeated=True)
    yield pair_setting(1e-2, None, turned=True)
    yield pair_setting(0.5, 0.5, norm2=1 + JUST)
    yield pair_setting(0.5, 0.5, outside=JUST)
    yield pair_setting(0.5, 0.5, shift=JUST)


_ZONAL = (q.DEGREE, q.SPACE_DIM, q.WIDTH, q.FLATNESS, q.TARGET_ENERGY, q.VANISHING, q.L_TE)


def zonal() -> Iterator[Settled]:
    """Two opposite units, which see a linear target; S^0; twelve units on the circle, small ell."""
    yield from numbers("1 3 2 3 36 5 0; 2 1 0 1 1 1 1", *_ZONAL)
    angles = np.arange(12) * np.pi / 6
    yield from zonal_settings(ReluSphere(2), np.column_stack([np.cos(angles), np.sin(angles)]), 2)


def beyond_rate(angles: Sequence[AlignedSetting]) -> dict[str, Iterable[Settled]]:
    """Those of each statement, to be gone through once; `angles` is one thing slightly wrong."""
    hides = [hiding(setting, ONE) for setting in angles]
    return {
        "master-bound-multiscale": map(with_scales, angles),
        "leverage": (*hides, *spanned(), *widths()),
        "gain-rate": (*hides, *early()),
        "gain-rate-limit": shares(),
        "teacher-lower": zonal(),
        "ansatz-fails": pairs(),
    }
