"""Target, teacher and students in exact coordinates: an example that can be read and rechecked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from sympy import Expr, Integer, Rational, Symbol, expand
from sympy.core.relational import Relational

from w2s_theory.certify import Verdict
from w2s_theory.certify.decide import decide
from w2s_theory.certify.verdict import weakest
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.render import text
from w2s_theory.search.premises import Premises, StudentRule, on_student, on_teacher
from w2s_theory.text.parser import parse

Exact: TypeAlias = tuple[Expr, ...]
_RATIONAL = re.compile(r"-?[0-9]{1,4000}(/[1-9][0-9]{0,4000})?")


def link_loss(index: int) -> Symbol:
    """`L_1`, `L_2`, ...: the losses along a chain of students."""
    return Symbol(f"L_{index}", real=True)


@dataclass(frozen=True)
class Example:
    """Vectors of exact numbers: the target of norm 1, the teacher, the students in order.

    `start`: what a pre-trained student starts from, 0 otherwise.
    """

    target: Exact
    teacher: Exact
    students: tuple[Exact, ...]
    start: Exact

    @cached_property
    def values(self) -> Mapping[Symbol, Expr]:
        """Every quantity a conjecture may speak of, as an exact number."""
        last = self.students[-1]
        found = {
            q.TARGET_NORM2: _dot(self.target, self.target),
            q.TEACHER_NORM2: _dot(self.teacher, self.teacher),
            q.STUDENT_NORM2: _dot(last, last),
            q.TEACHER_TARGET: _dot(self.teacher, self.target),
            q.STUDENT_TARGET: _dot(last, self.target),
            q.STUDENT_TEACHER: _dot(last, self.teacher),
            q.L_TE: _distance2(self.teacher, self.target),
            q.L_ST: _distance2(last, self.target),
        }
        for index, student in enumerate(self.students, 1):
            found[link_loss(index)] = _distance2(student, self.target)
        return found

    def meets(self, premises: Premises) -> Verdict:
        """Whether this is an example of the premises, decided exactly."""
        if len(self.students) != premises.chain:
            return Verdict.REFUTED
        asked = [(c, self.values) for c in on_teacher(premises.teacher)]
        labels = self.teacher
        for student in self.students:
            link = Example(self.target, labels, (student,), self.start)
            if premises.student is StudentRule.PRETRAINED:
                link = link.moved()
            elif any(self.start):
                return Verdict.REFUTED
            asked += [(c, link.values) for c in on_student(premises.student)]
            labels = student
        if self.values[q.TARGET_NORM2] != 1:
            return Verdict.REFUTED
        return weakest(decide(c.xreplace(dict(v))).verdict for c, v in asked)

    def moved(self) -> Example:
        """The same as seen from the start."""
        target, teacher, *students = (
            tuple(x - y for x, y in zip(vector, self.start, strict=True))
            for vector in (self.target, self.teacher, *self.students)
        )
        return Example(target, teacher, tuple(students), (Integer(0),) * len(self.start))

    def as_dict(self) -> dict[str, object]:
        """Coordinates as text that `from_dict` reads back exactly."""

        def texts(vector: Exact) -> list[str]:
            return [text(x) for x in vector]

        found: dict[str, object] = {
            "target": texts(self.target),
            "teacher": texts(self.teacher),
            "students": [texts(student) for student in self.students],
        }
        return found | ({"start": texts(self.start)} if any(self.start) else {})


def at(relation: Relational, values: Mapping[Symbol, Expr]) -> Verdict:
    """The relation where its symbols have these exact values; UNDECIDED where a side has none."""
    sides = [side.xreplace(dict(values)).doit() for side in relation.args]
    if not all(side.is_real and side.is_finite for side in sides):
        return Verdict.UNDECIDED
    return decide(relation.func(*sides, evaluate=False)).verdict


def from_dict(found: object) -> Example:
    """What `as_dict` wrote. Raises `ValueError` for anything else."""
    if not isinstance(found, dict):
        raise ValueError(f"counterexample must be an object with coordinates, got {found!r}")
    teacher, students = found.get("teacher"), found.get("students")
    if not isinstance(students, list) or not students:
        raise ValueError(f"students must be a list of at least one vector, got {students!r}")
    vectors = [_vector("target", found.get("target")), _vector("teacher", teacher)]
    vectors += [_vector("students", student) for student in students]
    vectors.append(_vector("start", found.get("start", ["0"] * len(vectors[0]))))
    if len({len(vector) for vector in vectors}) != 1:
        raise ValueError("target, teacher, students and start must have the same length")
    return Example(vectors[0], vectors[1], tuple(vectors[2:-1]), vectors[-1])


def _vector(name: str, entries: object) -> Exact:
    if not isinstance(entries, list) or not entries or not all(isinstance(e, str) for e in entries):
        raise ValueError(f"{name} must be a list of exact numbers as text, got {entries!r}")
    return tuple(
        Rational(entry) if _RATIONAL.fullmatch(entry) else parse(entry).doit() for entry in entries
    )


def _dot(a: Sequence[Expr], b: Sequence[Expr]) -> Expr:
    return expand(sum((x * y for x, y in zip(a, b, strict=True)), Integer(0)))


def _distance2(a: Sequence[Expr], b: Sequence[Expr]) -> Expr:
    difference = [x - y for x, y in zip(a, b, strict=True)]
    return _dot(difference, difference)
