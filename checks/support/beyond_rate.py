"""Settings just beyond what the statements on the rate and on the teacher's loss assume."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from checks.support.circle_units import Circle
from checks.support.made_settings import Restated, law, numbers
from checks.support.unit_pairs import pair_setting, zonal_settings
from w2s_theory.ledger import quantities as q
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.search.coordinates import ONE, ZERO, from_stereographic
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


def attained() -> Iterator[Settled]:
    """One feature all but along the target, nothing beyond S: Theorem 3.1 is all but attained.

    A hundredth too early; a kappa_S above what is said of it; a longer target; one outside S.
    """
    near, length, inside = Fraction(1, 100), 10**6, 10**4 + 1  # 1/kappa_S = 1 + 1/near^2
    early = AlignedSetting(
        target=(ONE, ZERO),
        teacher=FeatureTeacher(((ONE, near),), Fit.LEAST_SQUARES),
        eigenvalues=(ONE, ZERO),
        inside=(0,),
        time=Fraction(4602677, length),
    )
    late = replace(early, time=Fraction(6907756, length))
    nearer = FeatureTeacher(((ONE, near / 10),), Fit.LEAST_SQUARES)
    long = replace(early, target=(Fraction(1001, 1000), ZERO), time=Fraction(4604171, length))
    yield Restated(early, ((q.RISK, Fraction(inside)),))
    yield Restated(replace(late, teacher=nearer), ((q.RISK, Fraction(201, 200) * (length + 1)),))
    yield Restated(long, ((q.RISK, Fraction(inside)),))
    axis, tail = from_stereographic((Fraction(1, 30),))
    unit = [tuple(ONE if i == j else ZERO for j in range(6)) for i in range(6)]
    first = (ONE, ZERO, near, ZERO, ZERO, ZERO)
    stray = AlignedSetting(
        target=(axis, tail, ZERO, ZERO, ZERO, ZERO),
        teacher=FeatureTeacher((first, *unit[3:]), Fit.LEAST_SQUARES),
        eigenvalues=unit[0],
        inside=(0,),
        time=Fraction(30),
    )
    yield Restated(stray, ((q.LAMBDA_TARGET, ONE), (q.RISK, Fraction(inside, 4))))


def two_points() -> list[NumberSetting]:
    """S^0, where the density of a coordinate is no function."""
    return numbers("1 0 0", q.SPACE_DIM, q.TERM, q.NULL_TEACHER)


def not_seen() -> list[NumberSetting]:
    """A target of degree 3, with a teacher of 3 units: L_TE is 1."""
    return numbers("1/6 0 3 1; 1/6 -1/100 3 1", q.TRACE, q.LAMBDA_TARGET, q.WIDTH, q.MEAN_LOSS)


def off_the_law() -> Iterator[Settled]:
    """d <= M + 4, psi < 0, no loss at x; and M = 0: no beta distribution has the parameter 0."""
    yield from (law(8, dim, psi) for dim, psi in ((11, "1"), (12, "1"), (40, "-1/200")))
    rows = "0 8 1 1/2 0; 3 10 1 101/100 1; 3 10 1 -1/100 0"
    yield from numbers(rows, q.WIDTH, q.DIM, q.PSI, q.LOSS_AT, q.LOSS_CDF)


def at_level() -> Iterator[Settled]:
    """`early` at the level Delta itself, or half a percent below.

    Too early; late enough for the lower level; a longer target, one outside S; a shifted readout;
    and a negative time at which what lies beyond S explodes.
    """
    near = Fraction(1, 100)
    hidden_share = near**2 / (1 + near**2)
    feature = FeatureTeacher(((ONE, near),), Fit.LEAST_SQUARES)
    early = HiddenSetting(
        target=(ONE, ZERO),
        teacher=feature,
        eigenvalues=(ONE, ZERO),
        inside=(0,),
        time=Fraction(920745, 100000),
        level=hidden_share,
        grants=("freedom",),
    )
    late = replace(early, time=Fraction(921297, 100000))
    yield early
    yield replace(late, level=hidden_share * Fraction(200, 201))
    yield replace(early, target=(Fraction(1001, 1000), ZERO), time=Fraction(920985, 100000))
    yield replace(late, teacher=FeatureTeacher(feature.features, Fit.SHIFT, -JUST))
    axis, tail = from_stereographic((Fraction(1, 30),))
    yield replace(
        late,
        target=(axis, tail, ZERO),
        teacher=FeatureTeacher(((ONE, ZERO, near),), Fit.LEAST_SQUARES),
        eigenvalues=(ONE, ZERO, ZERO),
    )
    yield replace(
        early,
        teacher=FeatureTeacher(((ONE, ONE),), Fit.LEAST_SQUARES),
        eigenvalues=(ONE, Fraction(4000)),
        time=-Fraction(1, 200),
        level=Fraction(2001),
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
    grants = (
        *("unit-target", "least-squares", "target-in-S", "level", "kernel-positive"),
        *("time-nonnegative", "visible", "late-for-level", "some-level"),
    )
    rows = "32/9 1 1/2 1 1; 32/9 1 0 1 1; 32/9 1 -1/200 1 1; 0 1 1/2 0 0"
    return numbers(rows, *_WIDTHS, grants=grants)


def powers() -> list[NumberSetting]:
    """mu = 0, delta = 0 and below, delta far above 1: d(mu) is about 6 at mu = 1/1000."""
    rows = "2 2 0 6 1/2; 2 2 1/1000 6 0; 2 2 1/1000 6 -1/200; 2 2 1/1000 6 1000000"
    return numbers(rows, q.SPACE_DIM, q.CUT, q.LEVEL, q.FREEDOM, q.RISK)


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


_LIMIT = (q.DEGREE, q.RISK, q.LAMBDA_TARGET, q.FLATNESS, q.TARGET_ENERGY, q.SPACE_DIM)
_SQUARE = (*_LIMIT, q.WIDTH, q.TIME, q.HIDDEN, q.L_TE, q.L_ST)
_TARGET = ("unit-target", "least-squares", "target-in-S", "kernel-positive")


def squares() -> Iterator[Settled]:
    """Units at equal angles, as many as it takes, with one thing wrong.

    A target that is long, or 0; a readout off by 1e-9; a share of the target, or of the kernel's
    eigenvalues, where it must not be; a linear target; times before 0, and long after the stop.
    Then numbers: delta and lambda_0 at 0 and below, S^0, and fewer than no units.
    """
    many = 10**9 + 1
    yield Circle(width=1001, norm2=Fraction(10**30))
    yield Circle(width=1001, norm2=Fraction(0))
    yield Circle(width=many, shift=Fraction(1, 10**9))
    yield Circle(width=many, stray=Fraction(1, 200), beyond=100)
    yield Circle(width=many, negative=Fraction(1, 200))
    yield Circle(width=12, degree=1)
    yield Circle(width=101, early=Fraction(10**9))
    yield Circle(width=11, early=Fraction(1, 10**500))
    grants = (*_TARGET, "time-nonnegative", "width")
    rows = "2 0 1 2 1 2; 2 -1/200 1 2 1 2; 2 1/2 0 2 1 2; 2 1/2 -1/200 2 1 2; 2 1/2 1 2 1 1"
    yield from numbers(rows, *_LIMIT, grants=grants)
    yield from numbers("2 1/2 1 2 1 3 -1 1 0 1 1", *_SQUARE, grants=_TARGET)


def beyond_rate(angles: Sequence[AlignedSetting]) -> dict[str, Iterable[Settled]]:
    """Those of each statement, to be gone through once; `angles` is one thing slightly wrong."""
    hides = [hiding(setting, ONE) for setting in angles]
    return {
        "kappa-width": not_seen(),
        "master-bound-multiscale": map(with_scales, angles),
        "leverage": (*hides, *spanned(), *widths()),
        "gain-rate": (*hides, *early()),
        "gain-rate-limit": shares(),
        "thm-3.1": (*hides, *at_level(), *widths()),
        "teacher-rate": at_level(),
        "leverage-power": powers(),
        "teacher-lower": zonal(),
        "gain-rate-power": squares(),
        "ansatz-fails": pairs(),
    }
