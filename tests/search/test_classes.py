"""Convex classes and mixtures: their numbers are those of the vectors, and what is drawn varies."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import fmpq

from tests.making import draws
from w2s_theory.certify import Verdict
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.registry import load
from w2s_theory.search import classes
from w2s_theory.search.judge import judge

HALF, THIRD = Fraction(1, 2), Fraction(1, 3)


def dot(x, y):
    return sum((a * b for a, b in zip(x, y, strict=True)), Fraction(0))


def less(x, y):
    return tuple(a - b for a, b in zip(x, y, strict=True))


def exact(value):
    return fmpq(value.numerator, value.denominator)


def test_numbers_of_a_mixture_are_those_of_its_vectors():
    teachers = (HALF, Fraction(1, 4)), (Fraction(1), -THIRD)
    students = (THIRD, HALF), (Fraction(1, 5), Fraction(-1, 7))
    weight, target = Fraction(1, 4), (Fraction(1), Fraction(0))
    found = classes.MixtureRun(teachers, students, weight).values()

    def mean(pair):
        return tuple(weight * a + (1 - weight) * b for a, b in zip(*pair, strict=True))

    teacher, student = mean(teachers), mean(students)
    wanted = {
        q.WEIGHT: weight,
        q.TEACHER_TARGET: teacher[0],
        q.TEACHER_NORM2: dot(teacher, teacher),
        q.STUDENT_NORM2: dot(student, student),
        q.STUDENT_TARGET: student[0],
        q.STUDENT_TEACHER: dot(student, teacher),
        q.ONE_GAP: dot(students[0], less(teacher, students[0])),
        q.OTHER_GAP: dot(students[1], less(teacher, students[1])),
        q.ONE_LOSS: dot(less(target, students[0]), less(target, students[0])),
        q.OTHER_LOSS: dot(less(target, students[1]), less(target, students[1])),
        q.STUDENTS_APART: dot(less(*students), less(*students)),
        q.ONE_TEACHER_GAP: dot(teachers[0], less(target, teachers[0])),
        q.OTHER_TEACHER_GAP: dot(teachers[1], less(target, teachers[1])),
        q.TEACHERS_APART: dot(less(*teachers), less(*teachers)),
    }
    assert {symbol: found[symbol] for symbol in wanted} == {k: exact(v) for k, v in wanted.items()}


def test_numbers_of_a_class_are_those_of_its_vectors():
    """The ways from f_S to 0, f* and the member: none helps, half of one, all of one."""
    found = classes.ClassRun((Fraction(1), Fraction(0)), (HALF, HALF), (THIRD, THIRD)).values()
    assert found[q.CLASS_ZERO] == 0
    assert found[q.CLASS_TARGET] == exact(-HALF)  # the way is that of f_T: all of it
    assert found[q.CLASS_POINT] == 0
    assert found[q.POINT_DISTANCE] == exact(Fraction(4, 9) + Fraction(1, 9))
    found = classes.ClassRun((Fraction(1), HALF), (THIRD, HALF), (THIRD, THIRD)).values()
    assert found[q.CLASS_TARGET] == exact(-Fraction(16, 81) / (Fraction(4, 9) + Fraction(1, 4)))


@pytest.mark.parametrize(
    ("strategy", "statement"),
    [(classes.class_runs(), "convex-class"), (classes.mixtures(), "mixtures")],
)
def test_some_that_are_drawn_meet_the_premises_and_none_refutes(strategy, statement):
    judged = [judge(load()[statement], setting) for setting in draws(strategy, 40)]
    assert all(found.verdict in (Verdict.PROVED, Verdict.VACUOUS) for found in judged)
    assert sum(found.effective for found in judged) >= 10


def test_mixtures_are_of_two_teachers_and_of_two_students():
    found = draws(classes.mixtures(), 40)
    assert sum(x.teachers[0] != x.teachers[1] for x in found) > 20
    assert sum(x.students[0] != x.students[1] for x in found) > 20
    assert {len(x.teachers[0]) for x in found} == {2, 3}
    assert len({x.weight for x in found}) > 10


def test_most_students_of_classes_are_projections_on_a_half_space():
    found = draws(classes.class_runs(), 60)
    shrunk = [x for x in found if dot(x.student, x.student) * dot(x.teacher, x.teacher)
              == dot(x.student, x.teacher) ** 2 and x.student != x.teacher]  # fmt: skip
    assert 1 <= len(shrunk) < 30
    assert any(x.student == x.teacher for x in found)
    assert any(x.student != x.teacher for x in found if x not in shrunk)
