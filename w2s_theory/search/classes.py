"""Students from convex classes and others, and mixtures, in rational coordinates.

The target is the first axis.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import fmpq
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from w2s_theory.certify.balls import to_fmpq
from w2s_theory.ledger import quantities as q
from w2s_theory.search.coordinates import ONE, UNIT, ZERO, from_stereographic
from w2s_theory.search.runs import Point, difference, filters, fitted, points
from w2s_theory.search.settings import ExactVector, Values, Vector, dot, triple
from w2s_theory.search.spectral_students import Link

_HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class ClassRun:
    """A teacher, a student that may be its projection on a class, and a member of the class."""

    teacher: Point
    student: Point
    point: Point
    grants: tuple[str, ...] = ()

    def values(self) -> Values:
        """Inner products, and what f_T loses at least on the ways to 0, f* and the member."""
        teacher, student, point = (
            tuple(map(to_fmpq, x)) for x in (self.teacher, self.student, self.point)
        )
        target = _first(len(teacher))
        off, missed = difference(teacher, student), difference(target, point)
        return triple(target, teacher, student, fmpq(1, 2)) | {
            q.CLASS_ZERO: _loses(off, tuple(-x for x in student)),
            q.CLASS_TARGET: _loses(off, difference(target, student)),
            q.CLASS_POINT: _loses(off, difference(point, student)),
            q.POINT_DISTANCE: dot(missed, missed),
        }


def _first(dim: int) -> ExactVector:
    return tuple(fmpq(int(i == 0)) for i in range(dim))


def _loses(off: ExactVector, way: ExactVector) -> fmpq:
    """The least of a^2 ||way||^2 - 2 a <off, way> over 0 <= a <= 1."""
    slope, square = dot(off, way), dot(way, way)
    if slope <= 0:
        return fmpq(0)
    return square - 2 * slope if slope >= square else -slope * slope / square


def named_classes() -> tuple[ClassRun, ...]:
    """Projections on a line, a half-plane and a segment; students that are none."""
    teacher, aside = (_HALF, _HALF), (ZERO, _HALF)
    return (
        ClassRun(teacher, (_HALF, ZERO), (ONE, ZERO)),
        ClassRun((_HALF, ONE), teacher, (Fraction(1, 3), Fraction(1, 4))),
        ClassRun(teacher, (Fraction(1, 20),) * 2, (ONE, ZERO)),
        ClassRun(teacher, (ZERO, Fraction(3, 5)), (ONE, ZERO)),
        ClassRun(teacher, aside, (ZERO, Fraction(1, 4))),
        ClassRun((Fraction(3, 2), _HALF), (ONE, ZERO), (_HALF, ZERO)),
    )


@st.composite
def class_runs(draw: DrawFn) -> ClassRun:
    """The projection on a half-space that holds 0 and f*, or not; one in five is shrunk instead."""
    dim = draw(st.integers(2, 3))
    axis = from_stereographic(draw(points(dim - 1)))
    scale = draw(UNIT)
    teacher = tuple((scale * x + int(i == 0)) / 2 for i, x in enumerate(axis))
    share = draw(UNIT)
    if draw(st.integers(0, 4)) == 0:
        return ClassRun(teacher, tuple(share * x for x in teacher), axis)
    normal = draw(points(dim).filter(any))
    bound = max(ZERO, normal[0]) + draw(st.sampled_from([ZERO, ZERO, share, -share]))
    over = max(ZERO, _dot(normal, teacher) - bound) / _dot(normal, normal)
    student = tuple(t - over * n for t, n in zip(teacher, normal, strict=True))
    point = tuple(share * int(i == 0) + (1 - share) * x for i, x in enumerate(student))
    return ClassRun(teacher, student, point)


def _dot(left: Point, right: Point) -> Fraction:
    return sum((x * y for x, y in zip(left, right, strict=True)), ZERO)


@dataclass(frozen=True, slots=True)
class MixtureRun:
    """Two teachers, two students of their mean, and the weight of the first of each."""

    teachers: tuple[Point, Point]
    students: tuple[Point | Link, Point | Link]
    weight: Fraction
    grants: tuple[str, ...] = ()

    def values(self) -> Values:
        """Inner products of the means; shrinkage, losses and distances of their parts."""
        weight = to_fmpq(self.weight)

        def mean(one: Vector, other: Vector) -> Vector:
            return tuple(weight * x + (1 - weight) * y for x, y in zip(one, other, strict=True))

        first, second = (tuple(map(to_fmpq, t)) for t in self.teachers)
        target, teacher = _first(len(first)), mean(first, second)
        one, other = (
            s.apply(teacher) if isinstance(s, Link) else tuple(map(to_fmpq, s))
            for s in self.students
        )
        apart, between = difference(one, other), difference(first, second)
        misses = [difference(f, target) for f in (one, other)]
        return triple(target, teacher, mean(one, other), fmpq(1, 2)) | {
            q.WEIGHT: weight,
            q.ONE_GAP: dot(one, difference(teacher, one)),
            q.OTHER_GAP: dot(other, difference(teacher, other)),
            q.ONE_LOSS: dot(misses[0], misses[0]),
            q.OTHER_LOSS: dot(misses[1], misses[1]),
            q.STUDENTS_APART: dot(apart, apart),
            q.ONE_TEACHER_GAP: dot(first, difference(target, first)),
            q.OTHER_TEACHER_GAP: dot(second, difference(target, second)),
            q.TEACHERS_APART: dot(between, between),
        }


def named_mixtures() -> tuple[MixtureRun, ...]:
    """Means of shrinkage-optimal ones; extrapolations; one bad student; bad teachers."""
    teacher, zero, target = (_HALF, _HALF), (ZERO, ZERO), (ONE, ZERO)
    long, other = (Fraction(3, 2), ZERO), fitted(Fraction(1, 6))
    return (
        MixtureRun((teacher, other), (zero, (Fraction(1, 4),) * 2), _HALF),
        MixtureRun((teacher, teacher), (teacher, zero), Fraction(2)),
        MixtureRun((teacher, teacher), (zero, teacher), Fraction(-1)),
        MixtureRun((teacher, teacher), (teacher, (Fraction(2), Fraction(2))), _HALF),
        MixtureRun((long, long), (target, target), _HALF),
    )


@st.composite
def mixtures(draw: DrawFn) -> MixtureRun:
    """Teachers in the ball of the target (or beyond), students by filters."""
    dim = draw(st.integers(2, 3))
    teachers, students = [], []
    for _ in range(2):
        axis, scale = from_stereographic(draw(points(dim - 1))), draw(_SCALES)
        teachers.append(tuple((scale * x + int(i == 0)) / 2 for i, x in enumerate(axis)))
        normal = draw(points(dim))
        rule = draw(filters(dim))
        students.append(Link((ONE,) * dim, rule, normal if any(normal) else ()))
    return MixtureRun((teachers[0], teachers[1]), (students[0], students[1]), draw(UNIT))


_SCALES = st.sampled_from([ONE] * 4 + [_HALF, Fraction(11, 10)])
