"""Settings of one student and of chains: their numbers, the sharp edges, and random ones."""

import math
from fractions import Fraction

import flint
import pytest
from flint import fmpq
from sympy import Le, Lt

import w2s_theory as w2s
from tests.making import draws, statement
from w2s_theory.certify import Verdict, decide, precision, to_arb, to_fmpq
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.search import coordinates, one_student
from w2s_theory.search.judge import judge
from w2s_theory.search.one_student import Setting
from w2s_theory.search.spectral_students import FixedStudent, Flow, Given, Link
from w2s_theory.search.teachers import PlainTeacher

F = Fraction
PROVED, REFUTED = Verdict.PROVED, Verdict.REFUTED
HALVES = (F(1, 10**6), F(1, 6), F(2, 5), coordinates.rounded(one_student.TOUCHING, 12), F(99, 100))
EIGENVALUES = (F(2), F(1, 2), F(0))
LABELS = (F(1, 2), F(-1, 3), F(2))


def verdict(condition, setting):
    with precision(256):
        values = setting.values()
        return decide(condition, {x: values[x] for x in condition.free_symbols}).verdict


def loss_of(half):
    """sin(theta)^2 for half = tan(theta/2)."""
    return (2 * half / (1 + half**2)) ** 2


@pytest.mark.parametrize("norm", [F(1), F(2), F(1, 3)], ids=str)
def test_the_target_lies_on_the_first_axis(norm):
    links = (FixedStudent(LABELS),)
    setting = Setting(dim=3, teacher=PlainTeacher(LABELS), links=links, target_norm=norm)
    values = setting.values()
    assert values[q.TARGET_NORM2] == to_fmpq(norm**2)
    assert values[q.TEACHER_TARGET] == to_fmpq(norm * LABELS[0])


def test_a_chain_teaches_each_student_by_the_one_before():
    half, third = Given((F(1, 2),) * 3), Given((F(1, 3), F(1), F(0)))
    links = (Link(EIGENVALUES, half), Link(EIGENVALUES, third))
    values = Setting(dim=3, teacher=PlainTeacher(LABELS), links=links).values()
    first = [x / 2 for x in LABELS]
    last = [first[0] / 3, first[1], F(0)]
    gaps = [sum(x * x for x in first), sum(b * (a - b) for a, b in zip(first, last, strict=True))]
    assert values[q.CHAIN] == 2
    assert values[q.LINK_MIN] == to_fmpq(min(gaps))
    assert values[q.STUDENT_NORM2] == to_fmpq(sum(x * x for x in last))
    assert values[q.STUDENT_TEACHER] == to_fmpq(
        sum(a * b for a, b in zip(last, LABELS, strict=True))
    )
    # A filter, a time and an eigenvalue belong to one student, not to a chain.
    assert not {q.FILTER_MIN, q.FILTER_MAX, q.TIME, q.EIGENVALUE_MIN} & values.keys()


def test_a_single_student_has_a_filter():
    setting = Setting(
        dim=3, teacher=PlainTeacher(LABELS), links=(Link(EIGENVALUES, Given((F(2), F(-1), F(0)))),)
    )
    values = setting.values()
    assert (values[q.FILTER_MIN], values[q.FILTER_MAX]) == (-1, 2)
    assert q.TIME not in values
    gap = values[q.STUDENT_TEACHER] - values[q.STUDENT_NORM2]
    assert values[q.LINK_MIN] == gap


@pytest.mark.parametrize(("time", "shown"), [(F(0), 0), (F(-2), -2), (F(5), 5), (None, 1)])
def test_a_flow_has_a_time_and_a_smallest_eigenvalue(time, shown):
    link = Link((F(2), F(-1, 2), F(0)), Flow(time))
    values = Setting(dim=3, teacher=PlainTeacher(LABELS), links=(link,)).values()
    assert values[q.TIME] == shown
    assert values[q.EIGENVALUE_MIN] == flint.fmpq(-1, 2)


def test_filters_of_a_flow_are_bounded_as_balls():
    link = Link(EIGENVALUES, Flow(F(1)))
    with precision(128):
        values = Setting(dim=3, teacher=PlainTeacher(LABELS), links=(link,)).values()
        assert values[q.FILTER_MIN].contains(0)
        assert abs(values[q.FILTER_MAX] - (1 - (-to_arb(2)).exp())) < to_arb(F(1, 10**36))
        assert isinstance(values[q.LINK_MIN], flint.arb)
        assert isinstance(values[q.TEACHER_NORM2], flint.fmpq)


def test_balls_narrow_with_the_precision_in_force():
    link = Link(EIGENVALUES, Flow(F(1)))
    setting = Setting(dim=3, teacher=PlainTeacher(LABELS), links=(link,))
    radii = []
    for bits in (64, 256):
        with precision(bits):
            radii.append(setting.values()[q.L_ST].rad())
    assert radii[1] < radii[0] * flint.arb(2) ** -150


def test_the_touching_angle():
    half = one_student.TOUCHING
    assert math.sin(2 * math.atan(half)) ** 2 == pytest.approx(2 / 3, rel=1e-15)


@pytest.mark.parametrize("half", HALVES, ids=str)
@pytest.mark.parametrize("norm", [F(1), F(2)], ids=str)
def test_planar_teachers_are_least_squares_fits(half, norm):
    values = one_student.sharp(half, norm=norm).values()
    assert values[q.TARGET_NORM2] == to_fmpq(norm**2)
    assert values[q.TEACHER_TARGET] == values[q.TEACHER_NORM2]
    assert values[q.L_TE] == to_fmpq(norm**2 * loss_of(half))


@pytest.mark.parametrize("half", HALVES, ids=str)
@pytest.mark.parametrize("digits", [3, 8, 12])
def test_sharp_students_approach_the_floor_from_above(half, digits):
    values = one_student.sharp(half, digits=digits).values()
    with precision(512):
        floor = s.SHRINKAGE_FLOOR.expr
        # The angle's error enters squared; near 0 the angle is a difference of nearly equal ones.
        excess = max(F(10) ** (-2 * digits + 1), F(1, 10**20))
        near = Le(q.L_ST, floor * (1 + s.Rational(excess.numerator, excess.denominator)))
        assert judge(statement(near), one_student.sharp(half, digits=digits)).verdict is PROVED
        assert judge(statement(Lt(q.L_ST, floor)), one_student.sharp(half)).verdict is REFUTED
    assert values[q.LINK_MIN] == 0
    assert values[q.STUDENT_TEACHER] == values[q.STUDENT_NORM2]


@pytest.mark.parametrize("share", [F(1), F(1, 2), F(101, 100)], ids=str)
def test_students_on_the_target(share):
    values = one_student.on_target(F(1, 4), share).values()
    assert values[q.STUDENT_NORM2] == to_fmpq(share**2) * values[q.TEACHER_NORM2]
    assert values[q.STUDENT_TARGET] ** 2 == values[q.STUDENT_NORM2]
    assert (values[q.STUDENT_NORM2] <= values[q.TEACHER_NORM2]) == (share <= 1)


@pytest.mark.parametrize("gain", [F(1, 2), F(1), F(7, 3)], ids=str)
def test_scaled_up_teachers_teach_the_target_itself(gain):
    values = one_student.scaled_up(gain).values()
    assert values[q.GAIN] == to_fmpq(gain)
    assert values[q.L_ST] == 0
    assert values[q.L_TE] == to_fmpq((gain - 1) ** 2)
    assert (values[q.TEACHER_TARGET] >= values[q.TEACHER_NORM2]) == (gain <= 1)


def test_the_backward_student_beats_the_limit():
    setting = one_student.backwards()
    corollary = w2s.ledger["cor-1"]
    assert not judge(corollary, setting).effective
    careless = next(m for m in corollary.mutants if m.id == "negative-time")
    assert judge(corollary.mutated(careless), setting).verdict is REFUTED
    assert verdict(s.NORMAL_EQUATIONS.condition, setting) is PROVED


def test_half_tangents_reach_every_loss():
    halves = draws(one_student.half_tangents(), 120)
    assert all(0 < half < 1 for half in halves)
    losses = [(2 * half / (1 + half**2)) ** 2 for half in halves]
    assert sum(loss < F(1, 10**6) for loss in losses) >= 3
    assert sum(abs(loss - F(2, 3)) < F(1, 1000) for loss in losses) >= 3
    assert sum(loss > F(999, 1000) for loss in losses) >= 3
    assert sum(F(1, 10) < loss < F(6, 10) for loss in losses) >= 3


def test_scaled_up_teachers():
    gains = [x.teacher.gain for x in draws(one_student.scaled_up_teachers(), 40)]
    assert all(F(1, 2) <= gain <= 4 for gain in gains)
    assert min(gains) < 1 < max(gains)


def test_rational_students_have_rational_numbers():
    for setting in draws(one_student.one_student(rational=True), 15):
        assert all(isinstance(x, fmpq) for x in setting.values().values())


def test_named_flows_start_where_the_floors_touch_and_at_one_half() -> None:
    flows = [x for x in one_student.named() if isinstance(getattr(x.links[0], "rule", None), Flow)]
    losses = [x.values()[q.L_TE] for x in flows]
    assert any(abs(loss - fmpq(2, 3)) < fmpq(1, 10**11) for loss in losses)
    assert any(abs(loss - fmpq(1, 2)) < fmpq(1, 10**5) for loss in losses)
