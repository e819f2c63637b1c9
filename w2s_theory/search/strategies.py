"""Hypothesis strategies for exact weak-to-strong settings, public: test your own conjectures.

Every strategy reaches its hard corners on purpose: losses near 0, near 2/3 (where Theorem 4.1's
two bounds touch) and near 1, students at the sharp floor, eigenvalues from 1e-12 to 1e12, repeated
and zero. Settings that break an assumption (scaled-up teachers, momentum, negative times, targets
that are no unit vectors) are drawn too, in the minority: `judge` counts them as not effective, and
they are what kills the mutants that drop the assumption.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from w2s_theory.certify.balls import to_fraction
from w2s_theory.ledger import quantities as q
from w2s_theory.search import corners
from w2s_theory.search.corners import ONE, ZERO, from_stereographic, rounded
from w2s_theory.search.settings import (
    FeatureTeacher,
    Flow,
    Given,
    Link,
    NumberSetting,
    Penalty,
    PlainTeacher,
    RegularisedSetting,
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
SMALL = st.integers(1, 12).map(lambda k: Fraction(1, 10**k))
LARGE = st.integers(1, 12).map(lambda k: Fraction(10**k))
MAX_DIM, MAX_CHAIN = 4, 20


def coordinates() -> SearchStrategy[Fraction]:
    """A real coordinate: zero, one, ordinary, tiny or huge."""
    ordinary = st.fractions(min_value=-3, max_value=3, max_denominator=50)
    return st.one_of(st.sampled_from([ZERO, ONE]), ordinary, SMALL, LARGE)


def eigenvalues(dim: int) -> SearchStrategy[tuple[Fraction, ...]]:
    """`dim` kernel eigenvalues in [1e-12, 1e12] or 0, in any order, repeats likely."""
    one = st.tuples(st.integers(1, 9), st.integers(-12, 12)).map(
        lambda pair: pair[0] * Fraction(10) ** pair[1]
    )
    few = st.lists(st.one_of(one, one, st.just(ZERO)), min_size=1, max_size=dim)
    return few.flatmap(lambda levels: st.tuples(*[st.sampled_from(levels) for _ in range(dim)]))


def unit_vectors(dim: int) -> SearchStrategy[tuple[Fraction, ...]]:
    """Rational unit vectors of length `dim` >= 2; `ValueError` for a smaller one."""
    if dim < 2:
        raise ValueError(f"dim must be an integer >= 2, got {dim!r}")
    return st.tuples(*[coordinates() for _ in range(dim - 1)]).map(from_stereographic)


def independent(rows: Sequence[Sequence[Fraction]]) -> bool:
    """Whether the rows are linearly independent."""
    from flint import fmpq_mat

    from w2s_theory.certify import to_fmpq

    matrix = fmpq_mat(len(rows), len(rows[0]), [to_fmpq(x) for row in rows for x in row])
    return bool(matrix.rank() == len(rows))


def feature_rows(dim: int) -> SearchStrategy[tuple[tuple[Fraction, ...], ...]]:
    """1 to dim - 1 linearly independent rational features."""
    row = st.tuples(*[coordinates() for _ in range(dim)])
    return st.lists(row, min_size=1, max_size=dim - 1).filter(independent).map(tuple)


def teachers(dim: int) -> SearchStrategy[PlainTeacher | FeatureTeacher]:
    """Teachers for the target e_1: mostly shrinkage optimal (least squares, any point of the ball
    with diameter [0, f*], ridge, early stopped), some not (scaled up, shifted, arbitrary)."""
    rest = (ZERO,) * (dim - 2)
    # L_TE = |p|^2/(1 + |p|^2) for a least-squares teacher: near 2/3, 0 and 1.
    corner = st.one_of(st.integers(0, 23).map(_sqrt2), SMALL, LARGE).map(lambda x: (x, *rest))
    direction = st.one_of(unit_vectors(dim), corner.map(from_stereographic))
    ball = st.tuples(direction, st.one_of(st.just(ONE), UNIT)).map(
        lambda pair: PlainTeacher(_ball_point(*pair))
    )
    features = feature_rows(dim)
    fitted = features.map(lambda rows: FeatureTeacher(rows, "least-squares"))
    trained = st.builds(
        FeatureTeacher,
        features,
        st.sampled_from(["ridge", "descent", "shift"]),
        st.fractions(min_value=Fraction(1, 100), max_value=1, max_denominator=100),
        st.integers(1, 6),
    )
    arbitrary = st.tuples(*[coordinates() for _ in range(dim)]).map(PlainTeacher)
    return st.one_of(ball, ball, fitted, trained, arbitrary)


def rules(values: Sequence[Fraction], *, rational: bool = False) -> SearchStrategy[Any]:
    """Learning rules for these eigenvalues: gradient flow (t = 0, finite, infinite), gradient
    descent at any allowed step, ridge, cut-off, iterate averaging, any filter in [0, 1]; some
    break an assumption (momentum, filters outside [0, 1]). `rational`: no exponentials."""
    largest = max(values) or ONE
    step = st.fractions(min_value=Fraction(1, 20), max_value=1, max_denominator=20).map(
        lambda x: x / largest
    )
    level = st.sampled_from([x for x in values if x > 0] or [ONE])
    steps = st.integers(1, 8)
    wild = st.fractions(min_value=-1, max_value=2, max_denominator=20)
    momentum = st.fractions(min_value=0, max_value=Fraction(19, 20), max_denominator=20)
    ends = st.sampled_from([None, ZERO])
    return st.one_of(
        (ends if rational else st.one_of(ends, _times(largest))).map(Flow),
        st.tuples(*[UNIT for _ in values]).map(Given),
        st.tuples(*[st.sampled_from([ZERO, ONE]) for _ in values]).map(Given),
        st.builds(GradientDescent, step, steps),
        st.builds(IterateAveraging, step, steps),
        st.builds(Ridge, st.tuples(level, coordinates()).map(lambda p: p[0] * (abs(p[1]) + 1))),
        st.builds(SpectralCutoff, level),
        st.tuples(*[wild for _ in values]).map(Given),
        st.builds(HeavyBall, step, momentum, steps),
    )


@st.composite
def links(draw: Any, dim: int, *, rational: bool = False) -> Link:
    """A student: kernel eigenvalues in a random basis, and a rule."""
    values = draw(eigenvalues(dim))
    return Link(values, draw(rules(values, rational=rational)), _normal(draw, dim))


@st.composite
def flow_links(draw: Any, dim: int) -> Link:
    """A gradient-flow student; one in ten runs backwards in time, one has negative eigenvalues."""
    values = draw(eigenvalues(dim))
    time = draw(_times(max(values) or ONE))
    kind = draw(st.sampled_from(["forwards"] * 6 + ["start", "end", "backwards", "negative"]))
    if kind == "negative":
        values = tuple(-x for x in values)
    chosen = {"start": ZERO, "end": None, "backwards": -time / 100, "negative": time / 100}
    return Link(values, Flow(chosen.get(kind, time)), _normal(draw, dim))


@st.composite
def one_student(draw: Any, *, flow: bool = False, rational: bool = False) -> Setting:
    """A target, a teacher and one student (`flow`: trained by gradient flow; `rational`: every
    coordinate rational, so that equalities are decided exactly).

    One in three is at or near the sharp floor, some have a scaled-up teacher.
    """
    choice = draw(st.integers(0, 8))
    if choice <= 2:
        near: Setting = draw(sharp(flow=flow, rational=rational))
        return near
    if choice == 3 and not flow:
        scaled: Setting = draw(scaled_up())
        return scaled
    dim = draw(st.integers(2, MAX_DIM))
    return Setting(
        dim=dim,
        teacher=draw(teachers(dim)),
        links=(draw(flow_links(dim) if flow else links(dim, rational=rational)),),
        scale=draw(st.one_of(UNIT, UNIT, st.just(Fraction(11, 10)))),
    )


@st.composite
def random_features(draw: Any) -> Setting:
    """A readout of random features, most often a least-squares fit, and a gradient-flow student."""
    if draw(st.integers(0, 3)) == 0:
        setting: Setting = draw(sharp(flow=True))
        # Least squares on the one feature along the teacher is the teacher itself.
        feature = setting.teacher.vector(())
        row = tuple(to_fraction(x) for x in feature)
        return replace(setting, teacher=FeatureTeacher((row,), "least-squares"))
    dim = draw(st.integers(2, MAX_DIM))
    rule = draw(st.sampled_from(["least-squares"] * 5 + ["shift"]))
    teacher = FeatureTeacher(draw(feature_rows(dim)), rule, draw(UNIT))
    return Setting(dim=dim, teacher=teacher, links=(draw(flow_links(dim)),))


def scaled_up() -> SearchStrategy[Setting]:
    """`corners.scaled_up` with g in [1/2, 4]."""
    gains = st.fractions(min_value=Fraction(1, 2), max_value=4, max_denominator=40)
    return gains.map(corners.scaled_up)


def sharp(*, flow: bool = False, rational: bool = False) -> SearchStrategy[Setting]:
    """`corners.sharp`: projections and two-eigenvalue flows; one target in five has norm 2."""
    flows = st.integers(1, 200).map(lambda t: Flow(Fraction(t)))
    kept = st.just(corners.KEEP_FIRST)
    return st.builds(
        corners.sharp,
        half_tangents(),
        digits=st.integers(3, 15),
        rule=flows if flow else kept if rational else st.one_of(flows, kept),
        small=SMALL.map(lambda x: x / 10**6),
        norm=st.sampled_from([ONE] * 4 + [Fraction(2)]),
    )


@st.composite
def bounded(draw: Any) -> Setting:
    """A student no longer than its teacher: a chain's last, one in a row, or one on the target."""
    kind = draw(st.sampled_from([chains(), one_student(), on_target(), on_target()]))
    setting: Setting = draw(kind)
    return setting


def on_target() -> SearchStrategy[Setting]:
    """`corners.on_target`: on Theorem 4.2's boundary half of the time."""
    shares = st.sampled_from([ONE, ONE, Fraction(1, 2), Fraction(101, 100)])
    return st.builds(corners.on_target, half_tangents(), shares)


@st.composite
def chains(draw: Any) -> Setting:
    """A chain of 1 to 20 students, each with a kernel of its own; half of them rotate."""
    length = draw(st.one_of(st.integers(1, 3), st.integers(1, MAX_CHAIN)))
    if draw(st.booleans()):
        turning: Setting = draw(rotating(length))
        return turning
    if draw(st.integers(0, 5)) == 0:
        scaled: Setting = draw(scaled_up())
        return scaled
    dim = draw(st.integers(2, MAX_DIM))
    # An exponential in the middle would make balls of coordinates that are exactly 0 further on.
    students = [draw(links(dim, rational=True)) for _ in range(min(length, 4) - 1)]
    students.append(draw(links(dim)))
    return Setting(dim=dim, teacher=draw(teachers(dim)), links=tuple(students))


def rotating(length: int) -> SearchStrategy[Setting]:
    """`corners.rotating` near the best turn or at any other; one in five is spoilt at its end."""
    weaker = Given((Fraction(1, 2), ZERO))
    return st.builds(
        corners.rotating,
        half_tangents(),
        st.just(length),
        share=st.one_of(st.none(), UNIT.map(float)),
        digits=st.integers(3, 15),
        last=st.sampled_from([corners.KEEP_FIRST] * 4 + [weaker]),
    )


@st.composite
def losses(draw: Any) -> NumberSetting:
    """A teacher loss in [0, 1], and a chain length."""
    loss = draw(st.one_of(UNIT, SMALL, SMALL.map(lambda x: 1 - x), st.just(Fraction(2, 3))))
    length = draw(st.sampled_from([1, 2, 3, 4, 8, 16, 64]))
    return NumberSetting(((q.L_TE, loss), (q.CHAIN, Fraction(length))))


@st.composite
def exponents(draw: Any) -> NumberSetting:
    """A constant c, an exponent beta and a teacher loss, for claims of the form L_ST ? c L^beta."""
    loss = draw(st.one_of(UNIT.filter(bool), SMALL, SMALL.map(lambda x: x**4)))
    if draw(st.booleans()):
        # c L^beta = x L^2 with x on either side of 3/4.
        beta = Fraction(draw(st.sampled_from([1, 3, 4, 6])))
        constant = draw(st.fractions(min_value=Fraction(1, 2), max_value=1, max_denominator=50))
        constant *= loss ** (2 - int(beta))
    else:
        beta = draw(st.sampled_from([Fraction(n, 10) for n in (10, 19, 21, 22, 25, 30, 40, 60)]))
        constant = draw(st.one_of(SMALL, LARGE, UNIT.filter(bool)))
    return NumberSetting(((q.COEFFICIENT, constant), (q.EXPONENT, beta), (q.L_TE, loss)))


@st.composite
def momentum_steps(draw: Any) -> NumberSetting:
    """A step, an eigenvalue and a momentum."""
    x = draw(st.fractions(min_value=0, max_value=1, max_denominator=40))
    eigenvalue = draw(st.one_of(SMALL, LARGE, st.just(ONE)))
    momentum = draw(st.fractions(min_value=0, max_value=Fraction(99, 100), max_denominator=100))
    return NumberSetting(
        ((q.EIGENVALUE, eigenvalue), (q.STEP, x / eigenvalue), (q.MOMENTUM, momentum))
    )


def regularised() -> SearchStrategy[RegularisedSetting]:
    """Lasso and ridge students of any teacher: convex, and minimal at 0."""
    teacher = st.tuples(*[coordinates() for _ in range(3)])
    weight = st.one_of(UNIT, SMALL, LARGE)
    lasso = st.builds(corners.soft_threshold, teacher, weight, UNIT)
    ridge = st.tuples(teacher, weight, UNIT).map(
        lambda drawn: RegularisedSetting(
            drawn[0],
            tuple(x / (1 + drawn[1]) for x in drawn[0]),
            drawn[2],
            Penalty("ridge", drawn[1]),
        )
    )
    return st.one_of(lasso, ridge)


def half_tangents() -> SearchStrategy[Fraction]:
    """tan(theta/2) in (0, 1): L_TE = sin(theta)^2 everywhere, and near 0, 2/3 and 1."""
    inside = UNIT.filter(lambda x: 0 < x < 1)
    near_touch = st.integers(2, 15).map(lambda digits: rounded(corners.TOUCHING, digits))
    return st.one_of(inside, SMALL, SMALL.map(lambda x: 1 - x), near_touch)


def _times(largest: Fraction) -> SearchStrategy[Fraction]:
    # exp(-700) is resolved at 1024 bits; beyond it lies t = infinity, which is exact.
    return st.tuples(st.integers(1, 700), st.integers(0, 5)).map(
        lambda pair: Fraction(pair[0], 10 ** pair[1]) / largest
    )


def _ball_point(direction: Sequence[Fraction], radius: Fraction) -> tuple[Fraction, ...]:
    """(e_1 + radius * direction)/2, in the ball with diameter [0, e_1]."""
    return tuple((radius * x + (1 if i == 0 else 0)) / 2 for i, x in enumerate(direction))


def _normal(draw: Any, dim: int) -> tuple[Fraction, ...]:
    normal: tuple[Fraction, ...] = draw(st.tuples(*[coordinates() for _ in range(dim)]))
    return normal if any(normal) else ()


def _sqrt2(k: int) -> Fraction:
    """The k-th convergent of sqrt(2): tangents that approach L_TE = 2/3 from both sides."""
    x = ONE
    for _ in range(k):
        x = 1 + 1 / (1 + x)
    return x
