"""Hypothesis strategies for exact weak-to-strong settings, public: test your own conjectures.

Every strategy reaches its hard corners on purpose: losses near 0, near 2/3 (where Theorem 4.1's
two bounds touch) and near 1, students at the sharp floor, eigenvalues from 1e-12 to 1e12, repeated
and zero. Settings that break an assumption (scaled-up teachers, momentum, negative times, targets
that are no unit vectors) are drawn too, in the minority: `judge` counts them as not effective, and
they are what kills the mutants that drop the assumption.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from w2s_theory.certify.balls import to_fraction
from w2s_theory.infimum import argmin
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import setup
from w2s_theory.settings import (
    FeatureTeacher,
    FixedStudent,
    Flow,
    Given,
    Link,
    NumberSetting,
    PlainTeacher,
    Setting,
)
from w2s_theory.students.filters import (
    GradientDescent,
    HeavyBall,
    IterateAveraging,
    Ridge,
    SpectralCutoff,
)

UNIT = st.fractions(min_value=0, max_value=1, max_denominator=1000)
SMALL = st.integers(0, 12).map(lambda k: Fraction(1, 10**k))
MAX_DIM, MAX_CHAIN = 4, 20


def coordinates() -> SearchStrategy[Fraction]:
    """A real coordinate: zero, one, ordinary, tiny or huge."""
    ordinary = st.fractions(min_value=-3, max_value=3, max_denominator=50)
    return st.one_of(st.sampled_from([Fraction(0), Fraction(1)]), ordinary, SMALL, SMALL.map(_inv))


def eigenvalues(dim: int) -> SearchStrategy[tuple[Fraction, ...]]:
    """`dim` kernel eigenvalues in [1e-12, 1e12] or 0, in any order, repeats likely."""
    one = st.tuples(st.integers(1, 9), st.integers(-12, 12)).map(
        lambda pair: pair[0] * Fraction(10) ** pair[1]
    )
    few = st.lists(st.one_of(one, st.just(Fraction(0))), min_size=1, max_size=dim)
    return few.flatmap(lambda levels: st.tuples(*[st.sampled_from(levels) for _ in range(dim)]))


def unit_vectors(dim: int) -> SearchStrategy[tuple[Fraction, ...]]:
    """Rational unit vectors of length `dim` >= 2, by stereographic projection from the first axis.

    The tangent p of the projection makes the first coordinate (1 - |p|^2)/(1 + |p|^2).
    """
    if dim < 2:
        raise ValueError(f"dim must be an integer >= 2, got {dim!r}")
    return st.tuples(*[coordinates() for _ in range(dim - 1)]).map(from_stereographic)


def from_stereographic(tangent: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """The rational unit vector with this tangent."""
    square = sum((x * x for x in tangent), Fraction(0))
    return ((1 - square) / (1 + square), *(2 * x / (1 + square) for x in tangent))


def teacher_tangents(dim: int) -> SearchStrategy[tuple[Fraction, ...]]:
    """Tangents p with L_TE = |p|^2/(1 + |p|^2): everywhere, and near 0, 2/3 and 1."""
    rest = (Fraction(0),) * (dim - 2)
    near_touch = st.integers(0, 23).map(lambda k: (_sqrt2(k), *rest))
    small = SMALL.map(lambda x: (x, *rest))
    large = SMALL.map(lambda x: (1 / x, *rest))
    anywhere = st.tuples(*[coordinates() for _ in range(dim - 1)])
    return st.one_of(anywhere, anywhere, small, large, near_touch)


def teachers(dim: int) -> SearchStrategy[PlainTeacher | FeatureTeacher]:
    """Teachers for the target e_1: mostly shrinkage optimal (least squares, any point of the ball
    with diameter [0, f*], ridge, early stopped), some not (scaled up, shifted, arbitrary)."""
    ball = st.tuples(teacher_tangents(dim), st.one_of(st.just(Fraction(1)), UNIT)).map(
        lambda pair: PlainTeacher(_ball_point(from_stereographic(pair[0]), pair[1]))
    )
    features = st.lists(
        st.tuples(*[coordinates() for _ in range(dim)]), min_size=1, max_size=dim - 1
    ).filter(independent)
    fitted = features.map(lambda rows: FeatureTeacher(tuple(rows), "least-squares"))
    trained = st.builds(
        FeatureTeacher,
        features.map(tuple),
        st.sampled_from(["ridge", "descent", "shift"]),
        st.fractions(min_value=Fraction(1, 100), max_value=1, max_denominator=100),
        st.integers(1, 6),
    )
    scaled = st.fractions(min_value=Fraction(1, 2), max_value=5, max_denominator=100).map(
        lambda g: PlainTeacher((g, *(Fraction(0),) * (dim - 1)), g)
    )
    arbitrary = st.tuples(*[coordinates() for _ in range(dim)]).map(PlainTeacher)
    return st.one_of(ball, ball, ball, fitted, fitted, trained, st.one_of(scaled, arbitrary))


def rules(values: Sequence[Fraction], *, unruly: bool = True) -> SearchStrategy[Any]:
    """Learning rules for these eigenvalues: gradient flow (t = 0, finite, infinite), gradient
    descent at any allowed step, ridge, cut-off, iterate averaging, any filter in [0, 1]; with
    `unruly` also momentum, negative times and filters outside [0, 1]."""
    largest = max(values) or Fraction(1)
    time = st.one_of(
        st.sampled_from([None, Fraction(0)]),
        # exp(-700) is resolved at 1024 bits; beyond it lies t = infinity, which is exact.
        st.tuples(st.integers(1, 700), st.integers(0, 5)).map(
            lambda pair: Fraction(pair[0], 10 ** pair[1]) / largest
        ),
    )
    step = st.fractions(min_value=Fraction(1, 20), max_value=1, max_denominator=20).map(
        lambda x: x / largest
    )
    level = st.sampled_from([x for x in values if x > 0] or [Fraction(1)])
    steps = st.integers(1, 8)
    tame = [
        time.map(Flow),
        st.tuples(*[UNIT for _ in values]).map(Given),
        st.tuples(*[st.sampled_from([Fraction(0), Fraction(1)]) for _ in values]).map(Given),
        st.builds(GradientDescent, step, steps),
        st.builds(IterateAveraging, step, steps),
        st.builds(Ridge, st.tuples(level, coordinates()).map(lambda p: p[0] * (abs(p[1]) + 1))),
        st.builds(SpectralCutoff, level),
    ]
    if not unruly:
        return st.one_of(*tame)
    wild = st.fractions(min_value=-1, max_value=2, max_denominator=20)
    momentum = st.fractions(min_value=0, max_value=Fraction(19, 20), max_denominator=20)
    unruly_rules = st.one_of(
        st.tuples(*[wild for _ in values]).map(Given),
        st.builds(HeavyBall, step, momentum, steps),
        st.fractions(min_value=-3, max_value=0, max_denominator=10).map(
            lambda x: Flow(x / largest)
        ),
    )
    return st.one_of(*tame, unruly_rules)


@st.composite
def links(draw: Any, dim: int, *, unruly: bool = True) -> Link:
    """A student: kernel eigenvalues in a random basis, and a rule."""
    values = draw(eigenvalues(dim))
    if unruly and draw(st.integers(0, 24)) == 0:
        values = tuple(-x for x in values)
        return Link(values, Flow(Fraction(1, 10)), _normal(draw, dim))
    return Link(values, draw(rules(values, unruly=unruly)), _normal(draw, dim))


@st.composite
def one_student(draw: Any, *, unruly: bool = True) -> Setting:
    """A target, a teacher and one student; about one in four at or near the sharp floor."""
    choice = draw(st.integers(0, 7))
    if choice <= 1:
        return draw(sharp())
    if choice == 2:
        return draw(scaled_up())
    dim = draw(st.integers(2, MAX_DIM))
    norm = draw(st.one_of(*[st.just(Fraction(1))] * 9, st.just(Fraction(3, 2))))
    return Setting(
        dim=dim,
        teacher=draw(teachers(dim)),
        links=(draw(links(dim, unruly=unruly)),),
        scale=draw(st.one_of(UNIT, UNIT, st.just(Fraction(11, 10)))),
        target_norm=norm if unruly else Fraction(1),
    )


@st.composite
def random_features(draw: Any) -> Setting:
    """A readout of random features fitted to the target, and a gradient-flow student.

    Most readouts are least-squares fits, most times are nonnegative; the rest break Corollary 1's
    assumptions.
    """
    if draw(st.integers(0, 3)) == 0:
        setting: Setting = draw(sharp(flow=True))
        # Least squares on the one feature along the teacher is the teacher itself.
        feature = setting.teacher.coordinates
        return replace(setting, teacher=FeatureTeacher((feature,), "least-squares"))
    dim = draw(st.integers(2, MAX_DIM))
    rows = draw(
        st.lists(st.tuples(*[coordinates() for _ in range(dim)]), min_size=1, max_size=dim - 1)
        .filter(independent)
        .map(tuple)
    )
    rule = draw(st.sampled_from(["least-squares"] * 5 + ["shift"]))
    values = draw(eigenvalues(dim))
    largest = max(values) or Fraction(1)
    size = Fraction(draw(st.integers(1, 700)), 10 ** draw(st.integers(0, 5))) / largest
    time = draw(st.sampled_from([None, Fraction(0), *[size] * 9, -size / 100]))
    return Setting(
        dim=dim,
        teacher=FeatureTeacher(rows, rule, draw(UNIT)),
        links=(Link(values, Flow(time), _normal(draw, dim)),),
    )


@st.composite
def bounded(draw: Any) -> Setting:
    """A student no longer than its teacher, on the target or near it; or any other student."""
    choice = draw(st.integers(0, 3))
    if choice == 0:
        return draw(chains())
    if choice == 1:
        return draw(one_student())
    return draw(on_target())


@st.composite
def on_target(draw: Any) -> Setting:
    """A least-squares teacher in the plane and the student r f*, r = ||f_T|| half of the time."""
    half = draw(half_tangents())
    cosine, _ = from_stereographic((half,))
    share = draw(st.one_of(st.just(Fraction(1)), UNIT, st.just(Fraction(101, 100))))
    return _planar(half, (FixedStudent((share * cosine, Fraction(0))),))


@st.composite
def scaled_up(draw: Any) -> Setting:
    """f_T = g f* and f_S = f*: what Theorem 4.1's assumption on the teacher excludes (g > 1)."""
    gain = draw(st.fractions(min_value=Fraction(1, 2), max_value=4, max_denominator=40))
    shrink = Given((1 / gain, Fraction(0)))
    teacher = PlainTeacher((gain, Fraction(0)), gain)
    return Setting(dim=2, teacher=teacher, links=(Link((Fraction(1), Fraction(0)), shrink),))


@st.composite
def sharp(draw: Any, *, flow: bool = False) -> Setting:
    """A least-squares teacher in the plane, and a student close to Theorem 4.1's floor.

    The student keeps the direction of the ball's point nearest to the target: a projection, or a
    gradient flow with one large and one small eigenvalue that tends to it.
    """
    half = draw(half_tangents())
    theta = 2 * math.atan(half)
    digits = draw(st.integers(1, 15))
    towards = theta - math.atan2(2 * math.sin(theta), math.cos(theta)) / 2
    axis = from_stereographic((_round(math.tan(towards / 2), digits),))
    if not flow and draw(st.booleans()):
        rule: Any = Given((Fraction(1), Fraction(0)))
    else:
        rule = Flow(Fraction(draw(st.integers(1, 200))))
    values = (Fraction(1), draw(SMALL) / 10**6)
    return _planar(half, (Link(values, rule, _reflector(axis)),))


@st.composite
def chains(draw: Any, *, unruly: bool = True) -> Setting:
    """A chain of 1 to 20 students, each with a kernel of its own; half of them rotate."""
    length = draw(st.one_of(st.integers(1, 3), st.integers(1, MAX_CHAIN)))
    if draw(st.booleans()):
        return draw(rotating(length))
    dim = draw(st.integers(2, MAX_DIM))
    students = tuple(draw(links(dim, unruly=unruly)) for _ in range(min(length, 4)))
    norm = draw(st.one_of(*[st.just(Fraction(1))] * 9, st.just(Fraction(3, 2))))
    return Setting(
        dim=dim,
        teacher=draw(teachers(dim)),
        links=students,
        target_norm=norm if unruly else Fraction(1),
    )


@st.composite
def rotating(draw: Any, length: int) -> Setting:
    """`length` students in the plane, each turning by phi and shrinking by cos(phi).

    phi is near the best one, or anything between 0 and theta/length.
    """
    half = draw(half_tangents())
    theta = 2 * math.atan(half)
    if draw(st.booleans()):
        loss = to_fraction(from_stereographic((half,))[1] ** 2)
        node = setup.CHAIN_FLOOR.expr.xreplace(dict([setup.ANGLE]))
        share = float(to_fraction(argmin(node, {q.CHAIN: length, q.L_TE: loss}, 64)))
    else:
        share = float(draw(UNIT))
    turn = _round(math.tan(share * theta / length / 2), draw(st.integers(2, 15)))
    direction = from_stereographic((half,))
    students = []
    for _ in range(length):
        direction = _turned(direction, turn)
        keep = Given((Fraction(1), Fraction(0)))
        students.append(Link((Fraction(1), Fraction(0)), keep, _reflector(direction)))
    return _planar(half, tuple(students), turn)


@st.composite
def losses(draw: Any) -> NumberSetting:
    """A teacher loss in [0, 1], and a chain length."""
    loss = draw(st.one_of(UNIT, SMALL, SMALL.map(lambda x: 1 - x), st.just(Fraction(2, 3))))
    length = draw(st.sampled_from([1, 2, 3, 4, 8, 16, 64]))
    return NumberSetting(((q.L_TE, loss), (q.CHAIN, Fraction(length))))


@st.composite
def exponents(draw: Any) -> NumberSetting:
    """A constant c, an exponent beta and a teacher loss, for claims of the form L_ST ? c L^beta."""
    constant = draw(st.one_of(SMALL, SMALL.map(_inv), UNIT.filter(bool)))
    beta = draw(st.sampled_from([Fraction(n, 10) for n in (10, 19, 20, 21, 22, 25, 30, 40, 60)]))
    loss = draw(st.one_of(UNIT.filter(bool), SMALL, SMALL.map(lambda x: x**4)))
    return NumberSetting(((q.COEFFICIENT, constant), (q.EXPONENT, beta), (q.L_TE, loss)))


def independent(rows: Sequence[Sequence[Fraction]]) -> bool:
    """Whether the rows are linearly independent."""
    from flint import fmpq_mat

    from w2s_theory.certify import to_fmpq

    matrix = fmpq_mat(len(rows), len(rows[0]), [to_fmpq(x) for row in rows for x in row])
    return bool(matrix.rank() == len(rows))


def half_tangents() -> SearchStrategy[Fraction]:
    """tan(theta/2) in (0, 1): L_TE = sin(theta)^2 everywhere, and near 0, 2/3 and 1."""
    touching = math.tan(math.asin(math.sqrt(2 / 3)) / 2)
    inside = UNIT.filter(lambda x: 0 < x < 1)
    near_touch = st.integers(2, 15).map(lambda digits: _round(touching, digits))
    small = SMALL.filter(lambda x: x < 1)
    return st.one_of(inside, small, small.map(lambda x: 1 - x), near_touch)


def _planar(
    half: Fraction, students: tuple[Link | FixedStudent, ...], turn: Fraction | None = None
) -> Setting:
    """The least-squares teacher cos(theta) (cos(theta), sin(theta)), tan(theta/2) = half."""
    cosine, sine = from_stereographic((half,))
    teacher = PlainTeacher((cosine * cosine, cosine * sine))
    return Setting(dim=2, teacher=teacher, links=students, turn=turn)


def _ball_point(direction: Sequence[Fraction], radius: Fraction) -> tuple[Fraction, ...]:
    """(e_1 + radius * direction)/2, in the ball with diameter [0, e_1]."""
    return tuple((radius * x + (1 if i == 0 else 0)) / 2 for i, x in enumerate(direction))


def _normal(draw: Any, dim: int) -> tuple[Fraction, ...]:
    normal: tuple[Fraction, ...] = draw(st.tuples(*[coordinates() for _ in range(dim)]))
    return normal if any(normal) else ()


def _reflector(axis: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """Normal of the reflection that takes e_1 to `axis`; () if they are the same."""
    normal = tuple((1 if i == 0 else 0) - x for i, x in enumerate(axis))
    return normal if any(normal) else ()


def _turned(direction: tuple[Fraction, ...], turn: Fraction) -> tuple[Fraction, ...]:
    """A point of the unit circle, turned clockwise by 2 atan(turn)."""
    c, s = from_stereographic((turn,))
    x, y = direction
    return (c * x + s * y, c * y - s * x)


def _inv(x: Fraction) -> Fraction:
    return 1 / x


def _sqrt2(k: int) -> Fraction:
    """The k-th convergent of sqrt(2): tangents that approach L_TE = 2/3 from both sides."""
    x = Fraction(1)
    for _ in range(k):
        x = 1 + 1 / (1 + x)
    return x


def _round(x: float, digits: int) -> Fraction:
    """`x` to about `digits` significant digits, as a rational."""
    if x == 0:
        return Fraction(0)
    return Fraction(f"{x:.{digits}e}")
