"""What a conjecture assumes of teacher and students, by the names of `w2s falsify --assume`."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sympy import Eq, Gt, Le, Or
from sympy.logic.boolalg import Boolean

from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s

MAX_CHAIN = 20


class TeacherRule(StrEnum):
    """What is known of the teacher; the target has norm 1."""

    SHRINKS = "shrinkage optimal for the target"
    LEAST_SQUARES = "least squares"
    ANY = "any"


class StudentRule(StrEnum):
    """What is known of each student, given its labels."""

    SHRINKS = "shrinkage optimal for its labels"
    FLOW = "gradient flow from 0, stopped at a finite time"
    BOUNDED = "no longer than its labels"
    CONVEX = "the projection of its labels on a convex class with 0 and the target in it"
    PRETRAINED = "shrinkage optimal for its labels as seen from a start of its own"


@dataclass(frozen=True, slots=True)
class Premises:
    """A rule for the teacher, one for the students, and the number of students in a row."""

    teacher: TeacherRule = TeacherRule.SHRINKS
    student: StudentRule = StudentRule.SHRINKS
    chain: int = 1

    @property
    def text(self) -> str:
        """In words."""
        many = f"{self.chain} students in a row, each" if self.chain > 1 else "student:"
        return f"teacher: {self.teacher}; {many} {self.student}"


_NAMES: dict[str, TeacherRule | StudentRule] = {
    "shrinkage": StudentRule.SHRINKS,
    "least-squares": TeacherRule.LEAST_SQUARES,
    "any-teacher": TeacherRule.ANY,
    "bounded": StudentRule.BOUNDED,
    "gradient-flow": StudentRule.FLOW,
    "convex": StudentRule.CONVEX,
    "pretrained": StudentRule.PRETRAINED,
}
NAMES = (*_NAMES, "chain:N")


def premises(names: Sequence[str] = ()) -> Premises:
    """The premises that `names` (of `NAMES`) stand for together; Theorem 4.1's without any.

    "shrinkage", "gradient-flow", "bounded", "convex" and "pretrained" are about the students,
    "least-squares" and "any-teacher" about the teacher (else shrinkage optimal), "chain:3" says
    three students in a row. Raises `ValueError` for another name and for two that contradict.

    >>> premises(["least-squares", "chain:2"]).text
    'teacher: least squares; 2 students in a row, each shrinkage optimal for its labels'
    """
    found: dict[type, tuple[str, TeacherRule | StudentRule | int]] = {}
    for name in names:
        value = _value(name)
        if found.setdefault(type(value), (name, value))[1] != value:
            raise ValueError(f"--assume must not hold both {found[type(value)][0]} and {name}")
    teacher, student, chain = TeacherRule.SHRINKS, StudentRule.SHRINKS, 1
    for _, value in found.values():
        if isinstance(value, TeacherRule):
            teacher = value
        elif isinstance(value, StudentRule):
            student = value
        else:
            chain = value
    if chain > 1 and student in {StudentRule.CONVEX, StudentRule.PRETRAINED}:
        raise ValueError(f"--assume chain:{chain} must not stand with {found[StudentRule][0]}")
    return Premises(teacher, student, chain)


def _value(name: str) -> TeacherRule | StudentRule | int:
    if name in _NAMES:
        return _NAMES[name]
    head, _, digits = name.partition(":")
    if head != "chain":
        near = difflib.get_close_matches(name, NAMES, n=2, cutoff=0.4)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        raise ValueError(f"--assume must be one of {', '.join(NAMES)}, got {name!r}{hint}")
    if not (digits.isascii() and digits.isdigit() and 1 <= int(digits) <= MAX_CHAIN):
        raise ValueError(f"--assume chain:N must have N from 1 to {MAX_CHAIN}, got {name!r}")
    return int(digits)


def on_teacher(rule: TeacherRule) -> tuple[Boolean, ...]:
    """The rule as conditions on the ledger's inner products."""
    if rule is TeacherRule.SHRINKS:
        return (s.TEACHER_SHRINKS.condition,)
    if rule is TeacherRule.LEAST_SQUARES:
        return (Eq(q.TEACHER_TARGET, q.TEACHER_NORM2),)
    return ()


def on_student(rule: StudentRule) -> tuple[Boolean, ...]:
    """The same for a student and the labels it saw, which stand in the teacher's place.

    Gradient flow reaches exactly the interior of the ball over its labels, and 0: the filter
    <f_S, f_S>/<f_S, f_T> < 1 on the direction of f_S is one. The projection on the hull of 0,
    f_S and f* is f_S exactly if the two inequalities of "convex" hold. A start is moved to 0.
    """
    shrinks = s.STUDENT_SHRINKS.condition
    if rule is StudentRule.FLOW:
        return (Or(Gt(s.SHRINKAGE, 0), Eq(q.STUDENT_NORM2, 0)),)
    if rule is StudentRule.BOUNDED:
        return (s.BOUNDED_STUDENT.condition,)
    if rule is StudentRule.CONVEX:
        towards = q.TEACHER_TARGET - q.STUDENT_TARGET - s.SHRINKAGE
        return (shrinks, Le(towards, 0))
    return (shrinks,)
