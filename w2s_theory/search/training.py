"""Students by how they were trained, in rational numbers: heads, networks, filters, projections.

The target is the first axis of R^m; for networks that is a data set of m points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import fmpq, fmpq_mat
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from w2s_theory.certify.balls import to_fmpq
from w2s_theory.ledger import quantities as q
from w2s_theory.search.coordinates import ONE, UNIT, ZERO, from_stereographic, independent
from w2s_theory.search.one_student import HALF_LOST, HALVES, Setting, half_tangents, on_target
from w2s_theory.search.runs import Point, difference, filters, fitted, points
from w2s_theory.search.settings import (
    ExactVector,
    NumberSetting,
    Values,
    Vector,
    dot,
    least,
    triple,
)
from w2s_theory.search.spectral_students import Given, Link

_HALF, _THIRD, _TENTH = Fraction(1, 2), Fraction(1, 3), Fraction(1, 10)
Rows = tuple[Point, ...]
_SMALL = st.fractions(min_value=-2, max_value=2, max_denominator=12)


def _exact(point: Sequence[Fraction]) -> ExactVector:
    return tuple(map(to_fmpq, point))


def _first(dim: int) -> ExactVector:
    return tuple(fmpq(int(i == 0)) for i in range(dim))


def _ball_point(draw: DrawFn, dim: int) -> Point:
    """A teacher in the ball with diameter from 0 to the target; one in six is beyond."""
    axis = from_stereographic(draw(points(dim - 1)))
    scale = draw(_SCALES)
    return tuple((scale * x + int(i == 0)) / 2 for i, x in enumerate(axis))


_SCALES = st.sampled_from([ONE] * 3 + [_HALF, _TENTH, Fraction(11, 10)])

# --- heads ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HeadRun:
    """A head on given features, at a stationary point for this decay, plus `shift`."""

    features: Rows
    teacher: Point
    decay: Fraction
    shift: Fraction = ZERO
    grants: tuple[str, ...] = ()

    def values(self) -> Values:
        """Inner products, the head's norm, and the largest entry of half its gradient."""
        rows, teacher = [_exact(row) for row in self.features], _exact(self.teacher)
        decay, shift = to_fmpq(self.decay), to_fmpq(self.shift)
        width = len(rows)
        gram = fmpq_mat(width, width, [dot(a, b) for a in rows for b in rows])
        for i in range(width):
            gram[i, i] = gram[i, i] + decay
        solved = gram.solve(fmpq_mat(width, 1, [dot(row, teacher) for row in rows]))
        head = [solved[i, 0] + shift for i in range(width)]
        student = tuple(dot(head, column) for column in zip(*rows, strict=True))
        rest = difference(teacher, student)
        gradient = [decay * w - dot(row, rest) for w, row in zip(head, rows, strict=True)]
        return triple(_first(len(teacher)), teacher, student, fmpq(1, 2)) | {
            q.DECAY: decay,
            q.HEAD_NORM2: dot(head, head),
            q.HEAD_GRADIENT: -least([-abs(g) for g in gradient]),
        }


def named_heads() -> tuple[HeadRun, ...]:
    """With decay and without, with negative decay, off the stationary point, for a long teacher."""
    rows = ((ONE, _THIRD, ZERO), (Fraction(1, 7), ONE, Fraction(2)))
    teacher = (_HALF, _HALF, ZERO)
    return (
        *(HeadRun(rows, teacher, decay) for decay in (ZERO, _HALF, -_TENTH)),
        HeadRun(rows, teacher, _HALF, _HALF),
        HeadRun(((ONE, ZERO),), (Fraction(3, 2), ZERO), _HALF),
    )


@st.composite
def heads(draw: DrawFn) -> HeadRun:
    """Independent features, most often a stationary head with decay >= 0."""
    dim = draw(st.integers(2, 4))
    rows = draw(st.lists(points(dim), min_size=1, max_size=dim - 1).filter(independent))
    decay = draw(st.one_of(UNIT, st.just(ZERO)))
    shift = draw(st.sampled_from([ZERO] * 5 + [_TENTH]))
    return HeadRun(tuple(rows), _ball_point(draw, dim), decay, shift)


# --- networks -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NetworkRun:
    """A ReLU network with the rows of every layer's weights, on a data set, and labels for it.

    `bias` is added to every hidden unit, and counts as a weight: homogeneous for two layers only.
    """

    layers: tuple[Rows, ...]
    inputs: Rows
    teacher: Point
    decay: Fraction = ZERO
    bias: Fraction = ZERO
    grants: tuple[str, ...] = ()

    def values(self) -> Values:
        """Inner products, and the rate of the weights' norm along the gradient flow."""
        bias, decay = to_fmpq(self.bias), to_fmpq(self.decay)
        layers = [[_exact(row) for row in layer] for layer in self.layers]
        outputs = [_forward(layers, bias, _exact(x)) for x in self.inputs]
        student, radial = (tuple(column) for column in zip(*outputs, strict=True))
        teacher = _exact(self.teacher)
        miss = [r - len(layers) * f for r, f in zip(radial, student, strict=True)]
        hidden = sum(len(layer) for layer in layers[:-1])
        norm = sum((dot(row, row) for layer in layers for row in layer), hidden * bias * bias)
        return triple(_first(len(teacher)), teacher, student, fmpq(1, 2)) | {
            q.HOMOGENEITY: fmpq(len(layers)),
            q.EULER_MISS: dot(miss, miss),
            q.NORM_RATE: dot(radial, difference(teacher, student)) - decay * norm,
            q.PARAMETER_NORM2: norm,
            q.DECAY: decay,
        }


def _forward(
    layers: Sequence[Sequence[ExactVector]], bias: fmpq, point: ExactVector
) -> tuple[fmpq, fmpq]:
    """The output, and its derivative in the direction of all weights (forward differentiation)."""
    active, slope = list(point), [fmpq(0)] * len(point)
    for depth, layer in enumerate(layers):
        shift = bias if depth < len(layers) - 1 else fmpq(0)
        sums = [dot(row, active) + shift for row in layer]
        slopes = [z + dot(row, slope) for z, row in zip(sums, layer, strict=True)]
        if depth == len(layers) - 1:
            return sums[0], slopes[0]
        active = [max(z, fmpq(0)) for z in sums]
        slope = [d if z > 0 else fmpq(0) for z, d in zip(sums, slopes, strict=True)]
    raise ValueError("layers must hold at least one layer, got none")


_INPUTS: Rows = ((ONE, ZERO), (ZERO, ONE), (-ONE, _HALF))


def _two_layers(size: Fraction) -> tuple[Rows, ...]:
    return ((((size, ZERO), (ZERO, size))), ((size, _HALF * size),))


def named_networks() -> tuple[NetworkRun, ...]:
    """Small and large weights, two and three layers; decay of both signs; a bias; long labels."""
    teacher = (_HALF, _HALF, ZERO)
    three = (*_two_layers(_HALF)[:1], ((ONE, ZERO), (ZERO, ONE)), ((_HALF, _HALF),))
    fit = ((((ONE, -ONE),)), ((ONE,),))  # the target, on these inputs
    return (
        *(NetworkRun(_two_layers(size), _INPUTS, teacher) for size in (_HALF, Fraction(3))),
        NetworkRun(three, _INPUTS, teacher),
        NetworkRun(_two_layers(_HALF), _INPUTS, teacher, _TENTH),
        NetworkRun(_two_layers(ONE), _INPUTS, teacher, Fraction(-10)),
        NetworkRun(three, _INPUTS, teacher, ZERO, _THIRD),
        NetworkRun(fit, _INPUTS, (Fraction(3, 2), ZERO, ZERO)),
        NetworkRun(fit, _INPUTS, teacher),
    )


@st.composite
def networks(draw: DrawFn) -> NetworkRun:
    """Two or three layers of two units on three points, some with a bias or with decay."""
    middle = [draw(_MATRICES) for _ in range(draw(st.integers(1, 2)))]
    scale = draw(_SIZES)
    layers = (*middle, (draw(_ROWS),))
    shrunk = tuple(tuple(tuple(scale * x for x in row) for row in m) for m in layers)
    return NetworkRun(
        shrunk,
        draw(_DATA),
        _ball_point(draw, 3),
        draw(st.sampled_from([ZERO] * 3 + [_TENTH])),
        draw(st.sampled_from([ZERO] * 7 + [_THIRD])),
    )


_ROWS = st.tuples(_SMALL, _SMALL)
_MATRICES = st.tuples(_ROWS, _ROWS)
_DATA = st.tuples(_ROWS, _ROWS, _ROWS)
_SIZES = st.sampled_from([_TENTH, _HALF, _HALF, ONE])

# --- two times ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WatchedRun:
    """One teacher's student at two times, and gradient flow of one eigenvalue at two more."""

    teacher: Point
    student: Link
    later: Link
    flow: tuple[Fraction, Fraction, Fraction]
    grants: tuple[str, ...] = ()

    def values(self) -> Values:
        """Inner products, the later misfit, and the least rise of the filter."""
        teacher = _exact(self.teacher)
        now, then = self.student.filter_values(), self.later.filter_values()
        rest = difference(teacher, self.later.apply(teacher))
        eigenvalue, time, later = map(to_fmpq, self.flow)
        student: Vector = self.student.apply(teacher)
        return triple(_first(len(teacher)), teacher, student, fmpq(1, 2)) | {
            q.LATER_FIT: dot(rest, rest),
            q.FILTER_RISE: least([b - a for a, b in zip(now, then, strict=True)]),
            q.LATER_MAX: -least([-s for s in then]),
            q.EIGENVALUE: eigenvalue,
            q.TIME: time,
            q.LATER_TIME: later,
        }


def _pair(
    teacher: Point, now: Sequence[str], then: Sequence[str], normal: Point = ()
) -> WatchedRun:
    one = (ONE,) * len(teacher)
    first, second = (Link(one, Given(tuple(map(Fraction, s))), normal) for s in (now, then))
    return WatchedRun(teacher, first, second, (ONE, ZERO, _HALF))


def named_watched() -> tuple[WatchedRun, ...]:
    """Filters that rise, stand still, fall and overshoot; one on the target's axis."""
    teacher = fitted(HALVES[1])
    table = (("1/2 0", "1 1/2"), ("1 0", "1 0"), ("1 1/2", "1/2 1/2"), ("1/2 1/2", "3 3"))
    return tuple(_pair(teacher, now.split(), then.split()) for now, then in table)


@st.composite
def watched(draw: DrawFn) -> WatchedRun:
    """A filter and a later one that most often is above it."""
    dim = draw(st.integers(2, 3))
    teacher, first, second = _ball_point(draw, dim), draw(filters(dim)), draw(filters(dim))
    pairs = zip(first.filter, second.filter, strict=True)
    if draw(st.integers(0, 4)):
        low, high = zip(*((min(p), max(p)) for p in pairs), strict=True)
    else:
        low, high = first.filter, second.filter
    normal = draw(points(dim))
    run = _pair(
        teacher, [str(x) for x in low], [str(x) for x in high], normal if any(normal) else ()
    )
    time = draw(UNIT)
    return WatchedRun(teacher, run.student, run.later, (draw(UNIT), time, time + draw(UNIT)))


# --- the projection on the target -----------------------------------------------------------------


def on_axis(half: Fraction) -> Setting:
    """The student (1 - L_TE) f* of the least-squares teacher with this half tangent."""
    return on_target(half, from_stereographic((half,))[0])


def named_on_axis() -> tuple[Setting, ...]:
    """Several teacher losses; and students on the axis that are longer and shorter."""
    return (
        *(on_axis(half) for half in (*HALVES, HALF_LOST)),
        *(on_target(HALF_LOST, share) for share in (ONE, _TENTH)),
    )


def students_on_axis() -> SearchStrategy[Setting]:
    """`on_axis` at any loss."""
    return half_tangents().map(on_axis)


# --- converged students ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProjectionRun:
    """Features of a teacher and of a student, both fitted exactly, or scaled off their fits."""

    teacher: Rows
    student: Rows
    off_teacher: Fraction = ONE
    off_student: Fraction = ONE
    grants: tuple[str, ...] = ()

    def values(self) -> Values:
        """Inner products, the ceiling, and what the student sees of what the teacher cannot."""
        rows, features = [_exact(r) for r in self.student], [_exact(r) for r in self.teacher]
        target = _first(len(features[0]))
        fit = _projected(features, target)
        teacher = tuple(to_fmpq(self.off_teacher) * x for x in fit)
        image = _projected(rows, teacher)
        student = tuple(to_fmpq(self.off_student) * x for x in image)
        apart, lost = difference(student, image), difference(target, _projected(rows, target))
        miss = _projected(rows, difference(teacher, target))
        unseen = _projected(rows, difference(target, fit))
        rest = difference(teacher, target)
        return triple(target, teacher, student, fmpq(1, 2)) | {
            q.UNCONVERGED: dot(apart, apart),
            q.CEILING: dot(lost, lost),
            q.PROJECTED_MISS: dot(miss, miss),
            q.UNSEEN: dot(unseen, unseen),
            q.RESIDUAL: -least([-abs(dot(row, rest)) for row in features]),
        }


def _projected(rows: Sequence[ExactVector], vector: ExactVector) -> ExactVector:
    """The projection on the span of independent rows."""
    width = len(rows)
    gram = fmpq_mat(width, width, [dot(a, b) for a in rows for b in rows])
    weights = gram.solve(fmpq_mat(width, 1, [dot(row, vector) for row in rows]))
    head = [weights[i, 0] for i in range(width)]
    return tuple(dot(head, column) for column in zip(*rows, strict=True))


_SPANS: tuple[Rows, Rows] = (((ONE, ONE, ZERO),), ((ONE, ZERO, ZERO), (ZERO, ONE, ONE)))


def named_projections() -> tuple[ProjectionRun, ...]:
    """Fitted; a teacher off its fit; a student off its projection; a student that sees all."""
    whole = ((ONE, ZERO, ZERO), (ZERO, ONE, ZERO), (ZERO, ZERO, ONE))
    return (
        ProjectionRun(*_SPANS),
        ProjectionRun(*_SPANS, off_teacher=Fraction(3, 2)),
        ProjectionRun(*_SPANS, off_student=_HALF),
        ProjectionRun(_SPANS[0], whole),
    )


@st.composite
def projections(draw: DrawFn) -> ProjectionRun:
    """Independent features of both; some off their fits."""
    dim = draw(st.integers(2, 4))
    spans = [
        tuple(draw(st.lists(points(dim), min_size=1, max_size=size).filter(independent)))
        for size in (dim - 1, dim)
    ]
    return ProjectionRun(spans[0], spans[1], draw(_OFF), draw(_OFF))


_OFF = st.sampled_from([ONE] * 4 + [_HALF])


# --- several degrees ------------------------------------------------------------------------------


def degrees(
    levels: Sequence[tuple[Fraction, Fraction, Fraction]], ridge: Fraction, noise: Fraction
) -> NumberSetting:
    """The equivalent at levels (energy, 1/lambda, filter), the energies up to a factor."""
    total = sum((level[0] for level in levels), ZERO)
    shares = [(a / total, u, s, ridge * u / (1 + ridge * u)) for a, u, s in levels]

    def mean(power: int, place: int) -> Fraction:
        return sum((row[0] * row[place] ** power for row in shares), ZERO)

    rules = [level[2] for level in levels]
    loss = sum((a * (1 - s * (1 - rho)) ** 2 for a, _, s, rho in shares), noise)
    numbers = (
        (q.RIDGE, ridge),
        (q.INVERSE_MAX, max(level[1] for level in levels)),
        (q.MEAN_INVERSE, mean(1, 1)),
        (q.MEAN_INVERSE2, mean(2, 1)),
        (q.L_TE, mean(1, 3)),
        (q.BIAS, mean(2, 3)),
        (q.L_ST, loss),
        (q.NOISE, noise),
        (q.FILTER_MIN, min(rules)),
        (q.FILTER_MAX, max(rules)),
        (q.UNFINISHED, max(ZERO, 1 - min(rules))),
    )
    return NumberSetting(numbers)


def named_degrees() -> tuple[NumberSetting, ...]:
    """Two equal energies at lambda = 1 and 1/4, trained to the end or not; one level alone.

    The ridge is anything from 0 to more than every eigenvalue.
    """
    two = ((ONE, ONE, ONE), (ONE, Fraction(4), ONE))
    early = ((ONE, ONE, _HALF), (ONE, Fraction(4), _TENTH))
    small = Fraction(1, 1000)
    unfinished = degrees(early, small, ZERO)
    wrong = tuple((k, ZERO if k is q.UNFINISHED else x) for k, x in unfinished.numbers)
    return (
        *(
            degrees(two, ridge, small)
            for ridge in (_TENTH, small, Fraction(1, 10**6), Fraction(5), ZERO)
        ),
        degrees(two[:1], small, ZERO),
        unfinished,
        NumberSetting(wrong),
    )


@st.composite
def several(draw: DrawFn) -> NumberSetting:
    """One to four levels, lambda >= 1/10, any filter in the unit interval, any kappa."""
    levels = draw(st.lists(st.tuples(_ENERGY, _INVERSE, UNIT), min_size=1, max_size=4))
    return degrees(levels, draw(_RIDGE), draw(UNIT))


_ENERGY = st.fractions(min_value=_TENTH, max_value=1, max_denominator=20)
_INVERSE = st.fractions(min_value=_TENTH, max_value=10, max_denominator=10)
_RIDGE = st.sampled_from([ZERO, Fraction(10), ONE, *(Fraction(1, 10**k) for k in range(1, 8))])
