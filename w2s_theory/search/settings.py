"""Exact weak-to-strong settings: a target, a teacher and a chain of students, in coordinates.

The target spans the first axis of R^m. Everything is rational except gradient flow's exponential,
which is a ball at the precision of the moment; so an inequality between the numbers of a setting
is decided without rounding. `values()` gives the symbols of `w2s_theory.ledger.quantities`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any, Protocol

from flint import arb, fmpq, fmpq_mat

from w2s_theory.certify import lower, to_arb, to_fmpq
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4
from w2s_theory.students.spectral import SpectralFilter

Number = Any  # fmpq, or arb where an exponential enters
Vector = tuple[Number, ...]


class Settled(Protocol):
    """Anything that assigns numbers to symbols, and says which assumptions hold by construction."""

    def values(self) -> Mapping[Any, Number]:
        """Symbols to exact rationals or balls at the current precision."""

    @property
    def grants(self) -> tuple[str, ...]:
        """Ids of assumptions that hold by construction and are not decided again."""


def dot(a: Sequence[Number], b: Sequence[Number]) -> Number:
    """Inner product."""
    total: Number = fmpq(0)
    for x, y in zip(a, b, strict=True):
        total = total + x * y
    return total


_RULES = ("least-squares", "ridge", "descent", "shift")
_PENALTIES = ("ridge", "lasso", "table")


# --- teachers -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlainTeacher:
    """A teacher given by its coordinates; `gain` if it is that multiple of the target."""

    coordinates: tuple[Fraction, ...]
    gain: Fraction | None = None

    def vector(self, target: Vector) -> Vector:
        """Coordinates of f_T."""
        return tuple(to_fmpq(x) for x in self.coordinates)

    def symbols(self, target: Vector) -> dict[Any, Number]:
        """The gain, if there is one."""
        return {} if self.gain is None else {q.GAIN: to_fmpq(self.gain)}


@dataclass(frozen=True, slots=True)
class FeatureTeacher:
    """A linear readout of rational features `(width, m)`, trained by `rule` on the target.

    rule: "least-squares" (needs independent features), "ridge" (penalty), "descent" (gradient
    descent on the readout, `steps` steps of size penalty/trace(G), penalty <= 1) or "shift"
    (least squares with the penalty added to every weight: not a fit at all).
    """

    features: tuple[tuple[Fraction, ...], ...]
    rule: str
    penalty: Fraction = Fraction(0)
    steps: int = 1

    def __post_init__(self) -> None:
        """Refuse a rule that would silently be another."""
        if self.rule not in _RULES:
            raise ValueError(f"rule must be one of {', '.join(_RULES)}, got {self.rule!r}")

    def weights(self, target: Vector) -> tuple[fmpq, ...]:
        """Readout weights; `ZeroDivisionError` for dependent features under least squares."""
        gram, overlaps = self._system(target)
        width = gram.nrows()
        if self.rule == "descent":
            step = to_fmpq(self.penalty) / sum((gram[i, i] for i in range(width)), fmpq(0))
            current = fmpq_mat(width, 1, [0] * width)
            for _ in range(self.steps):
                current = current + step * (overlaps - gram * current)
            return tuple(current[i, 0] for i in range(width))
        shift = to_fmpq(self.penalty)
        if self.rule == "ridge":
            for i in range(width):
                gram[i, i] = gram[i, i] + shift
        solved = gram.solve(overlaps)
        added = shift if self.rule == "shift" else fmpq(0)
        return tuple(solved[i, 0] + added for i in range(width))

    def vector(self, target: Vector) -> Vector:
        """Coordinates of f_T = sum_i w_i sigma_i."""
        weights = self.weights(target)
        rows = [[to_fmpq(x) for x in row] for row in self.features]
        return tuple(dot(weights, column) for column in zip(*rows, strict=True))

    def symbols(self, target: Vector) -> dict[Any, Number]:
        """The residual of the normal equations, `max |G w - b|`."""
        gram, overlaps = self._system(target)
        width = gram.nrows()
        column = fmpq_mat(width, 1, list(self.weights(target)))
        residual = gram * column - overlaps
        return {q.RESIDUAL: max(abs(residual[i, 0]) for i in range(width))}

    def _system(self, target: Vector) -> tuple[fmpq_mat, fmpq_mat]:
        rows = [[to_fmpq(x) for x in row] for row in self.features]
        width = len(rows)
        gram = fmpq_mat(width, width, [dot(a, b) for a in rows for b in rows])
        return gram, fmpq_mat(width, 1, [dot(row, target) for row in rows])


# --- students -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Flow:
    """Gradient flow at any time (negative ones exist only to be refuted); None is t = infinity."""

    time: Fraction | None

    def __call__(self, eigenvalue: Fraction) -> Number:
        """The filter value, as a ball unless t is 0 or infinite."""
        if self.time is None:
            return fmpq(int(eigenvalue > 0))
        if self.time == 0 or eigenvalue == 0:
            return fmpq(0)
        point = {q.EIGENVALUE: to_arb(eigenvalue), q.TIME: to_arb(self.time)}
        return _flow()(point)


@dataclass(frozen=True, slots=True)
class Given:
    """Filter values given one by one, in the order of the eigenvalues."""

    filter: tuple[Fraction, ...]


@cache
def _flow() -> Callable[[Mapping[Any, arb]], arb]:
    function: Callable[[Mapping[Any, arb]], arb] = lower(section4.GRADIENT_FLOW.expr)
    return function


@dataclass(frozen=True, slots=True)
class Link:
    """One student: a kernel (eigenvalues in the basis reflected by `reflector`) and a rule.

    `reflector` h is the normal of a Householder reflection, () for the standard basis.
    """

    eigenvalues: tuple[Fraction, ...]
    rule: SpectralFilter | Flow | Given
    reflector: tuple[Fraction, ...] = ()

    def filter_values(self) -> tuple[Number, ...]:
        """s_k in the order of the eigenvalues."""
        if isinstance(self.rule, Given):
            return tuple(to_fmpq(s) for s in self.rule.filter)
        if isinstance(self.rule, Flow):
            return tuple(self.rule(x) for x in self.eigenvalues)
        return tuple(to_fmpq(self.rule.formula(x)) for x in self.eigenvalues)

    def apply(self, labels: Vector) -> Vector:
        """The student taught by `labels`."""
        inside = self._reflect(labels)
        kept = tuple(s * x for s, x in zip(self.filter_values(), inside, strict=True))
        return self._reflect(kept)

    def gap(self, labels: Vector) -> Number:
        """<f_S, f_T - f_S> = sum_k s_k (1 - s_k) c_k^2, exactly 0 where every s_k is 0 or 1."""
        total: Number = fmpq(0)
        for s, c in zip(self.filter_values(), self._reflect(labels), strict=True):
            total = total + s * (1 - s) * (c * c)
        return total

    def _reflect(self, vector: Vector) -> Vector:
        if not self.reflector:
            return vector
        normal = [to_fmpq(x) for x in self.reflector]
        factor = 2 * dot(normal, vector) / dot(normal, normal)
        return tuple(x - factor * h for x, h in zip(vector, normal, strict=True))


@dataclass(frozen=True, slots=True)
class FixedStudent:
    """A student given by its coordinates, whatever its teacher."""

    coordinates: tuple[Fraction, ...]

    def apply(self, labels: Vector) -> Vector:
        """Coordinates of f_S."""
        return tuple(to_fmpq(x) for x in self.coordinates)

    def gap(self, labels: Vector) -> Number:
        """<f_S, f_T - f_S>."""
        student = self.apply(labels)
        return dot(student, labels) - dot(student, student)


@dataclass(frozen=True, slots=True)
class Setting:
    """A target of norm `target_norm` on the first axis, a teacher, and a chain of students.

    `scale` is Definition 1's a; `turn` is tan(phi/2) of a rotating chain.
    """

    dim: int
    teacher: PlainTeacher | FeatureTeacher
    links: tuple[Link | FixedStudent, ...]
    scale: Fraction = Fraction(1, 2)
    target_norm: Fraction = Fraction(1)
    turn: Fraction | None = None
    grants: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """A setting without a student has nothing to say."""
        if not self.links:
            raise ValueError("links must hold at least one student, got none")

    def values(self) -> dict[Any, Number]:
        """Every symbol that this setting determines."""
        target = tuple(to_fmpq(self.target_norm) if i == 0 else fmpq(0) for i in range(self.dim))
        teacher = self.teacher.vector(target)
        current, gaps = teacher, []
        for link in self.links:
            gaps.append(link.gap(current))
            current = link.apply(current)
        result = triple(target, teacher, current, to_fmpq(self.scale))
        result |= self.teacher.symbols(target)
        result[q.CHAIN] = fmpq(len(gaps))
        result[q.LINK_MIN] = _least(gaps)
        if self.turn is not None:
            result[q.PHI] = 2 * to_arb(self.turn).atan()
        if len(self.links) == 1 and isinstance(self.links[0], Link):
            result |= self._single(self.links[0])
        return result

    def _single(self, link: Link) -> dict[Any, Number]:
        filters = link.filter_values()
        result = {q.FILTER_MIN: _least(filters), q.FILTER_MAX: -_least([-s for s in filters])}
        if isinstance(link.rule, Flow):
            result[q.EIGENVALUE_MIN] = to_fmpq(min(link.eigenvalues))
            # Only the sign of t is ever asked for, and infinity is not a number.
            result[q.TIME] = fmpq(1) if link.rule.time is None else to_fmpq(link.rule.time)
        return result


def triple(target: Vector, teacher: Vector, student: Vector, scale: Number) -> dict[Any, Number]:
    """Inner products and distances of target, teacher and student."""
    fit = [t - x for t, x in zip(teacher, student, strict=True)]
    scaled = [t - scale * x for t, x in zip(teacher, student, strict=True)]
    centre = [x - t / 2 for t, x in zip(teacher, student, strict=True)]
    teacher_miss = [t - f for t, f in zip(teacher, target, strict=True)]
    student_miss = [x - f for x, f in zip(student, target, strict=True)]
    return {
        q.TARGET_NORM2: dot(target, target),
        q.TEACHER_NORM2: dot(teacher, teacher),
        q.STUDENT_NORM2: dot(student, student),
        q.TEACHER_TARGET: dot(teacher, target),
        q.STUDENT_TARGET: dot(student, target),
        q.STUDENT_TEACHER: dot(student, teacher),
        q.SCALE: scale,
        q.FIT: dot(fit, fit),
        q.SCALED_FIT: dot(scaled, scaled),
        q.CENTRE_DISTANCE2: dot(centre, centre),
        q.L_TE: dot(teacher_miss, teacher_miss),
        q.L_ST: dot(student_miss, student_miss),
    }


@dataclass(frozen=True, slots=True)
class Penalty:
    """A regulariser R.

    "ridge": `weight |f - centre|^2` (centre 0 if not given). "lasso": `weight |f|_1`. "table": 0
    at 0, 1/1000 at the centre, weight everywhere else.
    """

    name: str
    weight: Fraction
    centre: tuple[Fraction, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a name that would silently be another."""
        if self.name not in _PENALTIES:
            raise ValueError(f"name must be one of {', '.join(_PENALTIES)}, got {self.name!r}")

    def __call__(self, f: Vector) -> fmpq:
        """R(f)."""
        centre = [to_fmpq(x) for x in self.centre] or [fmpq(0)] * len(f)
        weight = to_fmpq(self.weight)
        if self.name == "lasso":
            return weight * sum((abs(x) for x in f), fmpq(0))
        if self.name == "ridge":
            offset = [x - c for x, c in zip(f, centre, strict=True)]
            return weight * dot(offset, offset)
        if not any(f):
            return fmpq(0)
        return fmpq(1, 1000) if list(f) == centre else weight


@dataclass(frozen=True, slots=True)
class RegularisedSetting:
    """f_S claimed to minimise ||f_T - f||^2 + R(f), with R at 0, at f_S and at a f_S."""

    teacher: tuple[Fraction, ...]
    student: tuple[Fraction, ...]
    scale: Fraction
    penalty: Penalty
    grants: tuple[str, ...] = ()

    def values(self) -> dict[Any, Number]:
        """The inner products and the three values of the regulariser."""
        teacher = tuple(to_fmpq(x) for x in self.teacher)
        student = tuple(to_fmpq(x) for x in self.student)
        scale = to_fmpq(self.scale)
        zero = tuple(fmpq(0) for _ in teacher)
        return {
            **triple(zero, teacher, student, scale),
            q.PENALTY_ZERO: self.penalty(zero),
            q.PENALTY_STUDENT: self.penalty(student),
            q.PENALTY_SCALED: self.penalty(tuple(scale * x for x in student)),
        }


@dataclass(frozen=True, slots=True)
class NumberSetting:
    """Numbers alone, for claims about losses, constants and exponents."""

    numbers: tuple[tuple[Any, Fraction], ...]
    grants: tuple[str, ...] = ()

    def values(self) -> dict[Any, Number]:
        """The numbers as exact rationals."""
        return {symbol: to_fmpq(value) for symbol, value in self.numbers}


@dataclass(frozen=True, slots=True, eq=False)
class BallSetting:
    """Enclosures of measured quantities, such as those of a simulated network.

    Two of them are equal only if they are the same: balls have no equality.
    """

    balls: tuple[tuple[Any, arb], ...]
    grants: tuple[str, ...] = ()
    label: str = ""

    def values(self) -> dict[Any, Number]:
        """The balls as they are."""
        return dict(self.balls)


def _least(numbers: Sequence[Number]) -> Number:
    """Minimum of rationals and balls; a ball if one is among them."""
    if any(isinstance(x, arb) for x in numbers):
        least = to_arb(numbers[0])
        for x in numbers[1:]:
            least = least.min(to_arb(x))
        return least
    return min(numbers)
