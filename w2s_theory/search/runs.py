"""One run in rational coordinates: a start, gold labels, slack, a ceiling; sharp ones, and random.

As in `one_student` the target spans the first axis. A student is trained from `start` on labels
q f_T + (1 - q) f*, or given by its coordinates.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cache

from flint import fmpq
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from w2s_theory.certify.balls import to_fmpq
from w2s_theory.ledger import quantities as q
from w2s_theory.search.coordinates import (
    MAX_DIM,
    ONE,
    SMALL,
    UNIT,
    ZERO,
    coordinates,
    from_stereographic,
    rounded,
)
from w2s_theory.search.one_student import HALF_LOST, HALVES
from w2s_theory.search.settings import AnyNumber, Values, Vector, dot, least, triple
from w2s_theory.search.spectral_students import KEEP_FIRST, FixedStudent, Given, Link, reflector_to

Point = tuple[Fraction, ...]
_NOWHERE: Point = (ZERO, ZERO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A teacher, a start, and a student: trained by a `Link`, or at given coordinates.

    `weak_share` is the q of the labels, `slack` None what <f_S - f_0, f_T - f_S> falls short of 0.
    """

    teacher: Point
    student: Link | FixedStudent
    start: Point = _NOWHERE
    weak_share: Fraction = ONE
    slack: Fraction | None = None
    ceiling: Fraction = ZERO
    target_norm: Fraction = ONE
    grants: tuple[str, ...] = ()

    def values(self) -> Values:
        """Every symbol that this run determines."""
        dim = len(self.teacher)
        target = tuple(to_fmpq(self.target_norm) if i == 0 else fmpq(0) for i in range(dim))
        teacher, start = (tuple(map(to_fmpq, x)) for x in (self.teacher, self.start))
        share = to_fmpq(self.weak_share)
        labels = tuple(share * t + (1 - share) * f for t, f in zip(teacher, target, strict=True))
        student: Vector = self.student.apply(difference(labels, start))
        if isinstance(self.student, Link):
            student = tuple(a + b for a, b in zip(start, student, strict=True))
        gap = dot(difference(student, start), difference(teacher, student))
        off, far = difference(start, target), difference(teacher, start)
        result = triple(target, teacher, student, fmpq(1, 2)) | {
            q.START_LOSS: dot(off, off),
            q.START_DISTANCE: dot(far, far),
            q.START_GAP: gap,
            q.SLACK: -least([fmpq(0), gap]) if self.slack is None else to_fmpq(self.slack),
            q.WEAK_SHARE: share,
            q.CEILING: to_fmpq(self.ceiling),
        }
        if isinstance(self.student, Link):
            filters = self.student.filter_values()
            result |= {q.FILTER_MIN: least(filters), q.FILTER_MAX: -least([-s for s in filters])}
        return result


def difference(left: tuple[AnyNumber, ...], right: tuple[AnyNumber, ...]) -> tuple[AnyNumber, ...]:
    """One vector less another."""
    return tuple(x - y for x, y in zip(left, right, strict=True))


def fitted(half: Fraction, *, scale: Fraction = ONE) -> Point:
    """The least-squares teacher in the plane with half = tan(theta/2), or a multiple of it."""
    cosine, sine = from_stereographic((half,))
    return (scale * cosine * cosine, scale * cosine * sine)


def nearest(
    teacher: Point,
    *,
    start: Point = _NOWHERE,
    weak_share: Fraction = ONE,
    widened: Fraction = ZERO,
    digits: int = 12,
    ceiling: Fraction = ZERO,
) -> Run:
    """The point nearest to the target of the ball from `start` to the labels, within rounding.

    The ball's squared radius is `widened`; the student stays inside.
    """
    labels = (weak_share * teacher[0] + 1 - weak_share, weak_share * teacher[1])
    return Run(
        teacher=teacher,
        student=FixedStudent(_sharp(labels, start, widened, digits)),
        start=start,
        weak_share=weak_share,
        ceiling=ceiling,
    )


def _sharp(
    labels: Point, start: Point = _NOWHERE, widened: Fraction = ZERO, digits: int = 12
) -> Point:
    middle = tuple((a + b) / 2 for a, b in zip(labels, start, strict=True))
    apart = tuple(a - b for a, b in zip(labels, start, strict=True))
    radius2 = sum((x * x for x in apart), ZERO) / 4 + widened
    bits = 4 * digits
    radius = Fraction(math.isqrt(int(radius2 * 4**bits)), 2**bits)
    angle = math.atan2(float(-middle[1]), float(1 - middle[0]))
    x, y = from_stereographic((rounded(math.tan(angle / 2), digits),))
    return (middle[0] + radius * x, middle[1] + radius * y)


_ON_TARGET = FixedStudent((ONE, ZERO))
_HALF, _TENTH = Fraction(1, 2), Fraction(1, 10)


def named() -> tuple[Run, ...]:
    """Sharp runs of every kind, and one or more for each assumption that can be broken."""
    teacher, touching = fitted(HALF_LOST), fitted(HALVES[-1])
    long, unit = fitted(HALF_LOST, scale=Fraction(3, 2)), from_stereographic((Fraction(1, 4),))
    off_axis = (Fraction(4, 5), Fraction(-1, 5))
    turned = reflector_to(from_stereographic((Fraction(1, 3),)))
    outside = (Given((Fraction(3, 2), ONE)), Given((Fraction(-1, 2), ZERO)), KEEP_FIRST)
    return (
        *(nearest(t, ceiling=c) for t in (teacher, touching, long, unit) for c in (ZERO, _TENTH)),
        nearest(teacher, ceiling=Fraction(2, 5)),
        *(nearest(t, widened=w) for t in (teacher, unit) for w in (_TENTH, ONE)),
        *(nearest(teacher, start=s) for s in (off_axis, (_HALF, _HALF), (ONE, ZERO))),
        nearest(teacher, start=off_axis, widened=Fraction(1, 50)),
        *(nearest(t, weak_share=w) for t in (teacher, touching) for w in (_HALF, _TENTH, ZERO)),
        *(nearest(fitted(Fraction(1, 10**6)), weak_share=w) for w in (ONE, _HALF)),
        *(
            Run(teacher=t, student=_ON_TARGET, weak_share=_HALF)
            for t in (teacher, (_HALF * 3, ZERO))
        ),
        Run(teacher=teacher, student=_ON_TARGET, slack=ZERO),
        Run(teacher=teacher, student=_ON_TARGET, start=off_axis, slack=ZERO),
        Run(teacher=(Fraction(3, 2), ZERO), student=_ON_TARGET),
        Run(teacher=(Fraction(3, 2), ZERO), student=_ON_TARGET, ceiling=_TENTH),
        Run(teacher=teacher, student=FixedStudent(teacher), ceiling=ONE),
        Run(teacher=teacher, student=Link((ONE, ONE), Given((_HALF, _HALF))), ceiling=_TENTH),
        Run(teacher=teacher, student=Link((ONE, ONE), Given((_HALF, _HALF))), ceiling=ONE),
        Run(
            teacher=_halved(teacher),
            student=FixedStudent(_halved(_sharp(teacher))),
            target_norm=_HALF,
        ),
        *(
            Run(teacher=teacher, start=s, student=Link((ONE, ONE), rule, turned))
            for rule in outside
            for s in (_NOWHERE, off_axis, (ONE, ZERO))
        ),
    )


def _halved(point: Point) -> Point:
    return tuple(x / 2 for x in point)


# --- random ---------------------------------------------------------------------------------------


class Special(StrEnum):
    """What is special about a run."""

    NOTHING = "nothing"
    START = "start"
    LABELS = "labels"
    SLACK = "slack"


@cache
def points(dim: int) -> SearchStrategy[Point]:
    """`dim` coordinates."""
    return st.tuples(*[coordinates() for _ in range(dim)])


@cache
def filters(dim: int) -> SearchStrategy[Given]:
    """Filter values, one student in ten with some outside the unit interval."""
    wild = st.fractions(min_value=-1, max_value=2, max_denominator=20)
    inside, ends = st.tuples(*[UNIT] * dim), st.tuples(*[st.sampled_from([ZERO, ONE])] * dim)
    outside = st.tuples(*[wild] * dim)
    return st.sampled_from([inside] * 6 + [ends] * 3 + [outside]).flatmap(lambda s: s.map(Given))


@cache
def tangents() -> SearchStrategy[Fraction]:
    """tan(theta/2): any, small, and where the floor is sharp."""
    return st.one_of(UNIT, SMALL, st.sampled_from(HALVES))


@st.composite
def runs(draw: DrawFn, special: Special) -> Run:
    """A teacher at, in or out of the ball of shrinkage optimality, and a student of a filter.

    One student in three is at the nearest point of its ball.
    """
    share = draw(UNIT) if special is Special.LABELS else ONE
    ceiling = draw(_CEILINGS)
    scale = draw(_SCALES)
    if draw(_THIRDS) == 0:
        start = _NOWHERE
        if special is Special.START:
            start = draw(points(2))
        wide = draw(UNIT) if special is Special.SLACK else ZERO
        teacher = fitted(draw(tangents()), scale=scale)
        # A share of L_TE: on either side of the student's loss.
        ceiling *= (1 - teacher[0]) ** 2 + teacher[1] ** 2
        return nearest(teacher, start=start, weak_share=share, widened=wide, ceiling=ceiling)
    dim = draw(_DIMENSIONS)
    axis = from_stereographic(draw(points(dim - 1)))
    teacher = tuple((scale * x + int(i == 0)) / 2 for i, x in enumerate(axis))
    start = draw(points(dim)) if special is Special.START else (ZERO,) * dim
    normal = draw(points(dim))
    student: Link | FixedStudent
    student = Link((ONE,) * dim, draw(filters(dim)), normal if any(normal) else ())
    slack = None
    if special is Special.SLACK:
        student = FixedStudent(draw(points(dim)))
        slack = draw(_SLACKS)
    return Run(
        teacher=teacher,
        student=student,
        start=start,
        weak_share=share,
        slack=slack,
        ceiling=ceiling,
    )


_CEILINGS = st.one_of(st.just(ZERO), SMALL, UNIT)
_SCALES = st.sampled_from([ONE] * 3 + [_HALF, Fraction(11, 10)])
_THIRDS, _DIMENSIONS = st.integers(0, 2), st.integers(2, MAX_DIM)
_SLACKS = st.sampled_from([None, None, ZERO, ONE])
