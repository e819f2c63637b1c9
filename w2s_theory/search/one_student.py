"""Target, teacher and students in coordinates; sharp settings of one student, and random ones.

The target spans the first axis of R^m. Everything is rational except gradient flow's exponential,
which is a ball at the precision of the moment. In the plane a least-squares teacher is given by
half = tan(theta/2), sin(theta)^2 = L_TE, so that every coordinate is rational.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction

from flint import fmpq
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from w2s_theory.certify.balls import to_arb, to_fmpq, to_fraction
from w2s_theory.ledger import quantities as q
from w2s_theory.search.coordinates import (
    MAX_DIM,
    ONE,
    SMALL,
    UNIT,
    ZERO,
    feature_rows,
    from_stereographic,
    rounded,
)
from w2s_theory.search.settings import Values, Vector, least, triple
from w2s_theory.search.spectral_students import (
    KEEP_FIRST,
    FixedStudent,
    Flow,
    Given,
    Link,
    Rule,
    flow_links,
    links,
    reflector_to,
)
from w2s_theory.search.teachers import FeatureTeacher, Fit, PlainTeacher, teachers


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

    def values(self) -> Values:
        """Every symbol that this setting determines."""
        target = tuple(to_fmpq(self.target_norm) if i == 0 else fmpq(0) for i in range(self.dim))
        teacher = self.teacher.vector(target)
        current: Vector = teacher
        gaps = []
        for link in self.links:
            gaps.append(link.gap(current))
            current = link.apply(current)
        result = triple(target, teacher, current, to_fmpq(self.scale))
        result |= self.teacher.symbols(target)
        result[q.CHAIN] = fmpq(len(gaps))
        result[q.LINK_MIN] = least(gaps)
        if self.turn is not None:
            result[q.PHI] = 2 * to_arb(self.turn).atan()
        if len(self.links) == 1 and isinstance(self.links[0], Link):
            result |= self._single(self.links[0])
        return result

    def _single(self, link: Link) -> Values:
        filters = link.filter_values()
        result = {q.FILTER_MIN: least(filters), q.FILTER_MAX: -least([-s for s in filters])}
        if isinstance(link.rule, Flow):
            result[q.EIGENVALUE_MIN] = to_fmpq(min(link.eigenvalues))
            # Only the sign of t is ever asked for, and infinity is not a number.
            result[q.TIME] = fmpq(1) if link.rule.time is None else to_fmpq(link.rule.time)
        return result


# --- named ----------------------------------------------------------------------------------------


TOUCHING = math.tan(math.asin(math.sqrt(2 / 3)) / 2)
"""tan(theta/2) at L_TE = 2/3, where Theorem 4.1's two bounds touch."""

HALVES = (Fraction(1, 10**6), Fraction(1, 6), rounded(TOUCHING, 3), rounded(TOUCHING, 12))
HALF_LOST = rounded(math.tan(math.pi / 8), 6)
"""tan(theta/2) at L_TE = 1/2."""


def planar(
    half: Fraction,
    students: tuple[Link | FixedStudent, ...],
    *,
    turn: Fraction | None = None,
    norm: Fraction = ONE,
    grants: tuple[str, ...] = (),
) -> Setting:
    """The least-squares teacher norm cos(theta) (cos(theta), sin(theta)) of the target norm e_1."""
    cosine, sine = from_stereographic((half,))
    teacher = PlainTeacher((norm * cosine * cosine, norm * cosine * sine))
    return Setting(
        dim=2, teacher=teacher, links=students, turn=turn, target_norm=norm, grants=grants
    )


def sharp(
    half: Fraction,
    *,
    digits: int = 12,
    rule: Rule = KEEP_FIRST,
    small: Fraction = ZERO,
    norm: Fraction = ONE,
) -> Setting:
    """A student near Theorem 4.1's floor: it keeps the direction of the nearest point of the ball.

    The tangent of half its angle is rounded to `digits` + 1 significant digits. The kernel has
    eigenvalues 1 (there) and `small`.
    """
    theta = 2 * math.atan(half)
    towards = theta - math.atan2(2 * math.sin(theta), math.cos(theta)) / 2
    axis = from_stereographic((rounded(math.tan(towards / 2), digits),))
    return planar(half, (Link((ONE, small), rule, reflector_to(axis)),), norm=norm)


def fitted(setting: Setting) -> Setting:
    """With its teacher as a least-squares fit: on the one feature along it, it is that itself."""
    row = tuple(to_fraction(x) for x in setting.teacher.vector(()))
    return replace(setting, teacher=FeatureTeacher((row,), Fit.LEAST_SQUARES))


def on_target(half: Fraction, share: Fraction) -> Setting:
    """The student share ||f_T|| f*: bounded by its teacher for share <= 1."""
    cosine, _ = from_stereographic((half,))
    return planar(half, (FixedStudent((share * cosine, ZERO)),))


def scaled_up(gain: Fraction) -> Setting:
    """f_T = g f* and f_S = f*: what Theorem 4.1's assumption on the teacher excludes (g > 1)."""
    student = Link((ONE, ZERO), Given((1 / gain, ZERO)))
    return Setting(dim=2, teacher=PlainTeacher((gain, ZERO), gain), links=(student,))


def backwards() -> Setting:
    """Corollary 1's limit broken by a student that runs backwards in time.

    The axis is obtuse to the teacher and 28 degrees from the target: a filter `1 - exp(|t|) < 0`
    turns the teacher's component along it into one along the target.
    """
    half = Fraction(18, 25)
    teacher = FeatureTeacher((from_stereographic((half,)),), Fit.LEAST_SQUARES)
    axis = from_stereographic((Fraction(-1, 4),))
    student = Link((ONE, ZERO), Flow(Fraction(-283, 100)), reflector_to(axis))
    return Setting(dim=2, teacher=teacher, links=(student,))


def on_features(rule: Fit, student: Link, penalty: Fraction = ZERO) -> Setting:
    """Two features in R^3, their readout trained by `rule`."""
    rows = ((ONE, Fraction(1, 3), ZERO), (Fraction(1, 7), ONE, Fraction(2)))
    return Setting(dim=3, teacher=FeatureTeacher(rows, rule, penalty), links=(student,))


def named() -> tuple[Setting, ...]:
    """One setting or more for each sharp case and for each assumption that can be broken."""
    values = (ONE, Fraction(1, 10), ZERO)
    negative = tuple(-x for x in values)
    filters = ((Fraction(3, 2), ONE, ONE), (Fraction(-1, 2), ZERO, ZERO), (ONE,) * 3, (ZERO,) * 3)
    times = (None, ZERO, ONE, Fraction(-1, 10))
    scaled_feature = FeatureTeacher(((ONE, ZERO),), Fit.SHIFT, Fraction(1, 2))
    nearly_all = Link((ONE, ONE), Given((Fraction(19, 20),) * 2))
    return (
        *(sharp(half) for half in (*HALVES, Fraction(999999, 10**6))),
        *(
            fitted(sharp(half, rule=Flow(Fraction(40)), small=Fraction(1, 10**12)))
            for half in (HALVES[-1], HALF_LOST)
        ),
        sharp(HALVES[1], norm=Fraction(2)),
        *(on_target(HALF_LOST, share) for share in (ONE, Fraction(9, 10), Fraction(101, 100))),
        *(scaled_up(gain) for gain in (Fraction(1, 2), ONE, Fraction(3, 2), Fraction(19, 10))),
        Setting(dim=2, teacher=scaled_feature, links=(Link((ONE, ONE), Flow(ONE)),)),
        *(on_features(Fit.LEAST_SQUARES, Link(values, Flow(time))) for time in times),
        on_features(Fit.LEAST_SQUARES, Link(negative, Flow(ONE))),
        on_features(Fit.RIDGE, Link(values, Flow(ONE)), ONE),
        *(on_features(Fit.LEAST_SQUARES, Link(values, Given(s))) for s in filters),
        replace(scaled_up(ONE), links=(nearly_all,), scale=Fraction(11, 10)),
        backwards(),
    )


# --- random ---------------------------------------------------------------------------------------


@st.composite
def one_student(draw: DrawFn, *, flow: bool = False, rational: bool = False) -> Setting:
    """A target, a teacher and one student (`flow`: trained by gradient flow; `rational`: every
    coordinate rational, so that equalities are decided exactly).

    One in three is at or near the sharp floor, some have a scaled-up teacher.
    """
    choice = draw(st.integers(0, 8))
    if choice <= 2:
        near: Setting = draw(sharp_students(flow=flow, rational=rational))
        return near
    if choice == 3 and not flow:
        scaled: Setting = draw(scaled_up_teachers())
        return scaled
    dim = draw(st.integers(2, MAX_DIM))
    return Setting(
        dim=dim,
        teacher=draw(teachers(dim)),
        links=(draw(flow_links(dim) if flow else links(dim, rational=rational)),),
        scale=draw(st.one_of(UNIT, UNIT, st.just(Fraction(11, 10)))),
    )


@st.composite
def random_features(draw: DrawFn) -> Setting:
    """A readout of random features, most often a least-squares fit, and a gradient-flow student."""
    if draw(st.integers(0, 3)) == 0:
        setting: Setting = draw(sharp_students(flow=True))
        return fitted(setting)
    dim = draw(st.integers(2, MAX_DIM))
    rule = draw(st.sampled_from([Fit.LEAST_SQUARES] * 5 + [Fit.SHIFT]))
    teacher = FeatureTeacher(draw(feature_rows(dim)), rule, draw(UNIT))
    return Setting(dim=dim, teacher=teacher, links=(draw(flow_links(dim)),))


def scaled_up_teachers() -> SearchStrategy[Setting]:
    """`scaled_up` settings with g in [1/2, 4]."""
    gains = st.fractions(min_value=Fraction(1, 2), max_value=4, max_denominator=40)
    return gains.map(scaled_up)


def sharp_students(*, flow: bool = False, rational: bool = False) -> SearchStrategy[Setting]:
    """`sharp`: projections and two-eigenvalue flows; one target in five has norm 2."""
    flows = st.integers(1, 200).map(lambda t: Flow(Fraction(t)))
    kept = st.just(KEEP_FIRST)
    return st.builds(
        sharp,
        half_tangents(),
        digits=st.integers(3, 15),
        rule=flows if flow else kept if rational else st.one_of(flows, kept),
        small=SMALL.map(lambda x: x / 10**6),
        norm=st.sampled_from([ONE] * 4 + [Fraction(2)]),
    )


def students_on_target() -> SearchStrategy[Setting]:
    """`on_target`: on Theorem 4.2's boundary half of the time."""
    shares = st.sampled_from([ONE, ONE, Fraction(1, 2), Fraction(101, 100)])
    return st.builds(on_target, half_tangents(), shares)


def half_tangents() -> SearchStrategy[Fraction]:
    """tan(theta/2) in (0, 1): L_TE = sin(theta)^2 everywhere, and near 0, 2/3 and 1."""
    inside = UNIT.filter(lambda x: 0 < x < 1)
    near_touch = st.integers(2, 15).map(lambda digits: rounded(TOUCHING, digits))
    return st.one_of(inside, SMALL, SMALL.map(lambda x: 1 - x), near_touch)
