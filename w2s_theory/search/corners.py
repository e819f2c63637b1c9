"""Named settings: the sharp cases of section 4, and the ones that break each assumption.

They are tried before any random search. In the plane a least-squares teacher is given by
half = tan(theta/2), sin(theta)^2 = L_TE, so that every coordinate is rational.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from w2s_theory.certify.balls import to_fraction
from w2s_theory.enclose.minima import argmin
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4
from w2s_theory.search.settings import (
    FeatureTeacher,
    FixedStudent,
    Flow,
    Given,
    Link,
    NumberSetting,
    Penalty,
    PlainTeacher,
    RegularisedSetting,
    Setting,
)

ZERO, ONE = Fraction(0), Fraction(1)
KEEP_FIRST = Given((ONE, ZERO))
TOUCHING = math.tan(math.asin(math.sqrt(2 / 3)) / 2)
"""tan(theta/2) at L_TE = 2/3, where Theorem 4.1's two bounds touch."""


def rounded(x: float, digits: int) -> Fraction:
    """`x` to `digits` + 1 significant digits, as a rational."""
    return Fraction(f"{x:.{digits}e}")


def from_stereographic(tangent: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """The rational unit vector with first coordinate `(1 - |p|^2)/(1 + |p|^2)`, p the tangent."""
    square = sum((x * x for x in tangent), ZERO)
    return ((1 - square) / (1 + square), *(2 * x / (1 + square) for x in tangent))


def planar(
    half: Fraction,
    students: tuple[Link | FixedStudent, ...],
    *,
    turn: Fraction | None = None,
    norm: Fraction = ONE,
    grants: tuple[str, ...] = (),
) -> Setting:
    """The least-squares teacher norm cos(theta) (cos(theta), sin(theta)) of the target norm e_1."""
    cosine, sine = from_stereographic((half,))
    teacher = PlainTeacher((norm * cosine * cosine, norm * cosine * sine))
    return Setting(
        dim=2, teacher=teacher, links=students, turn=turn, target_norm=norm, grants=grants
    )


def sharp(
    half: Fraction,
    *,
    digits: int = 12,
    rule: Any = KEEP_FIRST,
    small: Fraction = ZERO,
    norm: Fraction = ONE,
) -> Setting:
    """A student near Theorem 4.1's floor: it keeps the direction of the nearest point of the ball.

    The tangent of half its angle is rounded to `digits` + 1 significant digits. The kernel has
    eigenvalues 1 (there) and `small`.
    """
    theta = 2 * math.atan(half)
    towards = theta - math.atan2(2 * math.sin(theta), math.cos(theta)) / 2
    axis = from_stereographic((rounded(math.tan(towards / 2), digits),))
    return planar(half, (Link((ONE, small), rule, _reflector(axis)),), norm=norm)


def rotating(
    half: Fraction,
    length: int,
    *,
    share: float | None = None,
    digits: int = 12,
    last: Given = KEEP_FIRST,
) -> Setting:
    """`length` students, each turning by phi = share theta/length and shrinking by cos(phi).

    `share` None is the best one. A `last` student with another rule spoils the rotation.
    """
    theta = 2 * math.atan(half)
    direction = from_stereographic((half,))
    if share is None:
        node = section4.CHAIN_FLOOR.expr.xreplace(dict([section4.ANGLE]))
        share = float(to_fraction(argmin(node, {q.CHAIN: length, q.L_TE: direction[1] ** 2}, 64)))
    turn = rounded(math.tan(share * theta / length / 2), digits)
    students = []
    for step in range(length):
        direction = _turned(direction, turn)
        rule = last if step == length - 1 else KEEP_FIRST
        students.append(Link((ONE, ZERO), rule, _reflector(direction)))
    grants = ("rotating-chain",) if last is KEEP_FIRST else ()
    return planar(half, tuple(students), turn=turn, grants=grants)


def on_target(half: Fraction, share: Fraction) -> Setting:
    """The student share ||f_T|| f*: bounded by its teacher for share <= 1."""
    cosine, _ = from_stereographic((half,))
    return planar(half, (FixedStudent((share * cosine, ZERO)),))


def scaled_up(gain: Fraction) -> Setting:
    """f_T = g f* and f_S = f*: what Theorem 4.1's assumption on the teacher excludes (g > 1)."""
    student = Link((ONE, ZERO), Given((1 / gain, ZERO)))
    return Setting(dim=2, teacher=PlainTeacher((gain, ZERO), gain), links=(student,))


def backwards() -> Setting:
    """Corollary 1's limit broken by a student that runs backwards in time.

    The axis is obtuse to the teacher and 28 degrees from the target: a filter `1 - exp(|t|) < 0`
    turns the teacher's component along it into one along the target.
    """
    half = Fraction(18, 25)
    teacher = FeatureTeacher((from_stereographic((half,)),), "least-squares")
    axis = from_stereographic((Fraction(-1, 4),))
    student = Link((ONE, ZERO), Flow(Fraction(-283, 100)), _reflector(axis))
    return Setting(dim=2, teacher=teacher, links=(student,))


def on_features(rule: str, student: Link, penalty: Fraction = ZERO) -> Setting:
    """Two features in R^3, their readout trained by `rule`."""
    rows = ((ONE, Fraction(1, 3), ZERO), (Fraction(1, 7), ONE, Fraction(2)))
    return Setting(dim=3, teacher=FeatureTeacher(rows, rule, penalty), links=(student,))


def settings() -> tuple[Setting, ...]:
    """One setting or more for each sharp case and for each assumption that can be broken."""
    halves = (Fraction(1, 10**6), Fraction(1, 6), rounded(TOUCHING, 3), rounded(TOUCHING, 12))
    middle = rounded(math.tan(math.pi / 8), 6)  # L_TE = 1/2
    values = (ONE, Fraction(1, 10), ZERO)
    negative = tuple(-x for x in values)
    filters = ((Fraction(3, 2), ONE, ONE), (Fraction(-1, 2), ZERO, ZERO), (ONE,) * 3, (ZERO,) * 3)
    times = (None, ZERO, ONE, Fraction(-1, 10))
    scaled_feature = FeatureTeacher(((ONE, ZERO),), "shift", Fraction(1, 2))
    nearly_all = Link((ONE, ONE), Given((Fraction(19, 20),) * 2))
    return (
        *(sharp(half) for half in (*halves, Fraction(999999, 10**6))),
        sharp(middle, rule=Flow(Fraction(40)), small=Fraction(1, 10**12)),
        sharp(halves[1], norm=Fraction(2)),
        *(rotating(half, n) for n in (1, 2, 7) for half in (*halves[1:], middle)),
        rotating(middle, 2, share=0.5),
        rotating(middle, 2, last=Given((Fraction(1, 2), ZERO))),
        *(on_target(middle, share) for share in (ONE, Fraction(9, 10), Fraction(101, 100))),
        *(scaled_up(gain) for gain in (Fraction(1, 2), ONE, Fraction(3, 2), Fraction(19, 10))),
        Setting(dim=2, teacher=scaled_feature, links=(Link((ONE, ONE), Flow(ONE)),)),
        *(on_features("least-squares", Link(values, Flow(time))) for time in times),
        on_features("least-squares", Link(negative, Flow(ONE))),
        on_features("ridge", Link(values, Flow(ONE)), ONE),
        *(on_features("least-squares", Link(values, Given(s))) for s in filters),
        replace(scaled_up(ONE), links=(nearly_all,), scale=Fraction(11, 10)),
        backwards(),
    )


def regularised_settings() -> tuple[RegularisedSetting, ...]:
    """Minimisers for regularisers that are convex and minimal at 0, and for three that are not."""
    teacher = (ONE, Fraction(-2), Fraction(1, 3))
    half = Fraction(1, 2)
    tables = [
        RegularisedSetting(teacher, tuple(factor * x for x in teacher), scale, penalty)
        for factor, penalty in (
            (half, Penalty("ridge", ONE)),
            # |f - 2 f_T|^2 is convex, but smallest at 2 f_T.
            (Fraction(3, 2), Penalty("ridge", ONE, tuple(2 * x for x in teacher))),
            # -|f|^2/2 is not convex, and neither is 0 at 0, 1/1000 at 6/5 f_T, 100 elsewhere.
            (Fraction(2), Penalty("ridge", -half)),
            (Fraction(6, 5), Penalty("table", Fraction(100), tuple(6 * x / 5 for x in teacher))),
            (Fraction(6, 5), Penalty("ridge", ONE)),
        )
        for scale in (ZERO, half, Fraction(9, 10), ONE)
    ]
    return (*tables, soft_threshold(teacher, half, half), soft_threshold(teacher, ZERO, half))


def soft_threshold(
    teacher: tuple[Fraction, ...], weight: Fraction, scale: Fraction
) -> RegularisedSetting:
    """The lasso student: R(f) = `weight |f|_1` takes weight/2 off every coordinate."""
    student = tuple((1 if x > 0 else -1) * max(abs(x) - weight / 2, ZERO) for x in teacher)
    return RegularisedSetting(teacher, student, scale, Penalty("lasso", weight))


def numbers() -> tuple[NumberSetting, ...]:
    """Constants, exponents and losses around the threshold of the erratum."""
    table = [
        (c, beta, loss)
        for beta in (1, 3, 4)
        for loss in (Fraction(1, 2), Fraction(1, 1000))
        for c in (
            Fraction(7, 10) * loss ** (2 - beta),
            Fraction(9, 10) * loss ** (2 - beta),
            Fraction(1, 5) * loss ** (2 - beta),
            ONE,
        )
    ]
    return tuple(
        NumberSetting(((q.COEFFICIENT, c), (q.EXPONENT, Fraction(beta)), (q.L_TE, loss)))
        for c, beta, loss in table
    )


def _reflector(axis: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """Normal of the reflection that takes e_1 to `axis`; () if they are the same."""
    normal = tuple((1 if i == 0 else 0) - x for i, x in enumerate(axis))
    return normal if any(normal) else ()


def _turned(direction: tuple[Fraction, ...], turn: Fraction) -> tuple[Fraction, ...]:
    """A point of the unit circle, turned clockwise by 2 atan(turn)."""
    c, s = from_stereographic((turn,))
    x, y = direction
    return (c * x + s * y, c * y - s * x)
