"""Many settings of a conjecture at once, in floats; and one of them, exactly.

A setting is a point of a unit cube: so corners, boundaries and local optimisation are the same for
all premises. Everything lies in R^3 with the target on the first axis. A student is its labels'
image under the reflection 2 w w^T - 1, shrunk towards the middle of the ball it may be in, w a
unit vector: with rational w and shrinkage all of it is rational, and the premises hold exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np
from sympy import Integer, Rational, Symbol

from w2s_theory.arguments import FloatArray
from w2s_theory.ledger import quantities as q
from w2s_theory.search.coordinates import from_stereographic, rounded
from w2s_theory.search.example import Exact, Example, link_loss
from w2s_theory.search.premises import Premises, StudentRule, TeacherRule

_MOST_NORM = 3.0
"""How long a teacher with no premise, and a start's distance from 0, are drawn."""

Vectors: TypeAlias = "tuple[FloatArray, FloatArray, list[FloatArray]]"


@dataclass(frozen=True, slots=True)
class Cube:
    """The settings of `premises` as points of a unit cube."""

    premises: Premises

    @property
    def sides(self) -> int:
        """Its dimension: 2 for the teacher, 3 a student, 3 for a start."""
        started = self.premises.student is StudentRule.PRETRAINED
        return 2 + 3 * started + 3 * self.premises.chain

    def vectors(self, points: FloatArray) -> Vectors:
        """Teacher, start and students of each of `points` (n, sides): arrays (n, 3)."""
        size, angle = points[:, 0], np.pi * points[:, 1]
        direction = np.stack([np.cos(angle), np.sin(angle), 0 * angle], axis=1)
        rule, at = self.premises.teacher, 2
        if rule is TeacherRule.ANY:
            teacher = _MOST_NORM * size[:, None] * direction
        else:
            radius = size if rule is TeacherRule.SHRINKS else 1 + 0 * size
            teacher = (np.eye(3)[0] + radius[:, None] * direction) / 2
        start = np.zeros_like(teacher)
        if self.premises.student is StudentRule.PRETRAINED:
            start = _MOST_NORM * points[:, 2:3] * _unit(points[:, 3], points[:, 4])
            at = 5
        students, labels = [], teacher
        for _ in range(self.premises.chain):
            share = float(self._most) * points[:, at : at + 1]
            towards = _unit(points[:, at + 1], points[:, at + 2])
            seen = labels - start
            reach = np.linalg.norm(seen, axis=1, keepdims=True) * share * towards
            labels = reach if self._bounded else start + (seen + reach) / 2
            students.append(labels)
            at += 3
        return teacher, start, students

    @property
    def _bounded(self) -> bool:
        return self.premises.student is StudentRule.BOUNDED

    @property
    def _most(self) -> Rational:
        """Gradient flow does not reach the sphere."""
        return 1 - Rational(int(self.premises.student is StudentRule.FLOW), 10**6)

    def values(self, points: FloatArray) -> dict[Symbol, FloatArray]:
        """The quantities of a conjecture at `points`, arrays (n,)."""
        teacher, _, students = self.vectors(points)
        target, last = np.eye(3)[0], students[-1]
        found = {
            q.TARGET_NORM2: np.ones(len(points)),
            q.TEACHER_NORM2: _dot(teacher, teacher),
            q.STUDENT_NORM2: _dot(last, last),
            q.TEACHER_TARGET: teacher[:, 0],
            q.STUDENT_TARGET: last[:, 0],
            q.STUDENT_TEACHER: _dot(last, teacher),
            q.L_TE: _dot(teacher - target, teacher - target),
        }
        for index, student in enumerate(students, 1):
            found[link_loss(index)] = _dot(student - target, student - target)
        return found | {q.L_ST: found[link_loss(len(students))]}

    def exact(self, point: FloatArray, digits: int) -> Example:
        """The setting at `point` (sides,), coordinates rounded to rationals of about `digits`."""
        target = tuple(Integer(int(i == 0)) for i in range(3))
        size = Integer(1)
        if self.premises.teacher is not TeacherRule.LEAST_SQUARES:
            size = _rational(point[0], digits)
        direction = _rational_unit(self._teacher_direction(point), digits)
        if self.premises.teacher is TeacherRule.ANY:
            teacher = tuple(int(_MOST_NORM) * size * x for x in direction)
        else:
            teacher = tuple((t + size * x) / 2 for t, x in zip(target, direction, strict=True))
        start: Exact = (Integer(0),) * 3
        at = 2
        if self.premises.student is StudentRule.PRETRAINED:
            away = _rational_unit(_unit(point[3:4], point[4:5])[0], digits)
            start = tuple(int(_MOST_NORM) * _rational(point[2], digits) * x for x in away)
            at = 5
        students, labels = [], teacher
        for _ in range(self.premises.chain):
            share = self._most * _rational(point[at], digits)
            towards = _unit(point[at + 1 : at + 2], point[at + 2 : at + 3])[0]
            seen = tuple(x - y for x, y in zip(labels, start, strict=True))
            image = _turned(seen, towards, digits)
            if self._bounded:
                labels = tuple(share * x for x in image)
            else:
                labels = tuple(
                    o + (x + share * y) / 2 for o, x, y in zip(start, seen, image, strict=True)
                )
            students.append(labels)
            at += 3
        return Example(target, teacher, tuple(students), start)

    @staticmethod
    def _teacher_direction(point: FloatArray) -> FloatArray:
        angle = np.pi * point[1]
        return np.array([np.cos(angle), np.sin(angle), 0.0])


def _unit(polar: FloatArray, turn: FloatArray) -> FloatArray:
    """Unit vectors (n, 3), uniform for uniform arguments."""
    height, angle = 1 - 2 * polar, np.pi * turn
    flat = np.sqrt(np.maximum(0, 1 - height**2))
    return np.stack([height, flat * np.cos(2 * angle), flat * np.sin(2 * angle)], axis=1)


def _dot(a: FloatArray, b: FloatArray) -> FloatArray:
    products: FloatArray = (a * b).sum(axis=1)
    return products


def _turned(labels: Exact, towards: FloatArray, digits: int) -> Exact:
    """The image of `labels` under a rational reflection, nearly along `towards`."""
    floats = np.array([float(x) for x in labels])
    norm = float(np.linalg.norm(floats))
    if norm == 0:
        return labels
    middle = floats / norm + towards
    if np.linalg.norm(middle) < 1e-9:  # opposite: any axis across will do
        middle = np.cross(floats, np.eye(3)[int(np.argmin(np.abs(floats)))])
    axis = _rational_unit(middle / np.linalg.norm(middle), digits)
    along = sum((x * y for x, y in zip(axis, labels, strict=True)), Integer(0))
    return tuple(2 * along * w - x for w, x in zip(axis, labels, strict=True))


def _rational_unit(direction: FloatArray, digits: int) -> Exact:
    """A rational unit vector near `direction` or, on its other side, near the opposite's image."""
    sign = -1 if direction[0] < 0 else 1
    tangent = [rounded(x, digits) for x in sign * direction[1:] / (1 + abs(direction[0]))]
    return tuple(sign * Rational(x.numerator, x.denominator) for x in from_stereographic(tangent))


def _rational(value: float, digits: int) -> Rational:
    found = Fraction(round(float(value) * 10**digits), 10**digits)
    return Rational(found.numerator, found.denominator)
