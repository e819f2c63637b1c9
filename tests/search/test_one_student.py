"""Named settings of section 4: what they say, on the sharp edges, breaking every assumption."""

import math
from fractions import Fraction

import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Le, Lt

import w2s_theory as w2s
from tests.making import statement
from w2s_theory.certify import Verdict, decide, precision, to_arb, to_fmpq
from w2s_theory.enclose.minima import enclosure
from w2s_theory.ledger import limits
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.search import (
    bootstrapping,
    coordinates,
    numbers,
    one_student,
    regularised,
    spectral_students,
)
from w2s_theory.search.judge import judge
from w2s_theory.search.one_student import Setting
from w2s_theory.search.regularised import Penalty, RegularisedSetting
from w2s_theory.search.spectral_students import Given
from w2s_theory.search.teachers import FeatureTeacher

F = Fraction
PROVED, REFUTED = Verdict.PROVED, Verdict.REFUTED
TANGENT = st.fractions(min_value=-100, max_value=100, max_denominator=50)
HALVES = (F(1, 10**6), F(1, 6), F(2, 5), coordinates.rounded(one_student.TOUCHING, 12), F(99, 100))
CHAIN = s.CHAIN_FLOOR.expr.xreplace(dict([s.ANGLE]))
exactly = settings(max_examples=25, deadline=None, derandomize=True, database=None)


def verdict(condition, setting):
    with precision(256):
        values = setting.values()
        return decide(condition, {x: values[x] for x in condition.free_symbols}).verdict


def loss_of(half):
    """sin(theta)^2 for half = tan(theta/2)."""
    return (2 * half / (1 + half**2)) ** 2


# --- ingredients ---------------------------------------------------------------------------------


@exactly
@given(st.lists(TANGENT, min_size=1, max_size=4))
def test_stereographic_points_are_unit_vectors(tangent):
    point = coordinates.from_stereographic(tangent)
    assert sum(x * x for x in point) == 1
    assert [x / (1 + point[0]) for x in point[1:]] == tangent


@pytest.mark.parametrize(
    ("x", "digits", "value"),
    [(0.123456, 2, F(123, 1000)), (123456.0, 0, F(100000)), (-2e-9, 3, F(-2, 10**9)), (0.0, 5, 0)],
)
def test_rounding_counts_significant_digits(x, digits, value):
    assert coordinates.rounded(x, digits) == value


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


# --- sharp students ------------------------------------------------------------------------------


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


@pytest.mark.parametrize("half", HALVES, ids=str)
@pytest.mark.parametrize("length", [1, 2, 5, 20])
def test_rotating_chains_lie_on_the_edge_of_every_link(half, length):
    setting = bootstrapping.rotating(half, length)
    assert setting.grants == ("rotating-chain",)
    assert len(setting.links) == length
    values = setting.values()
    assert values[q.LINK_MIN] == fmpq(0)
    assert values[q.L_TE] == to_fmpq(loss_of(half))
    cosine, _ = coordinates.from_stereographic((setting.turn,))
    assert values[q.STUDENT_NORM2] == values[q.TEACHER_NORM2] * to_fmpq(cosine ** (2 * length))
    with precision(256):
        phi = setting.values()[q.PHI]
        assert phi.cos().contains(to_fmpq(cosine)) or abs(phi.cos() - to_arb(cosine)) < 1e-70
        assert phi * length >= 0
        floor = enclosure(CHAIN, {q.CHAIN: length, q.L_TE: loss_of(half)}, 30)
        excess = to_arb(values[q.L_ST]) / floor - 1
        assert to_arb(F(-1, 10**29)) < excess < to_arb(F(1, 10**12))


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_a_share_of_the_turn_is_taken_as_given(share):
    setting = bootstrapping.rotating(F(1, 3), 4, share=share)
    expected = math.tan(share * 2 * math.atan(1 / 3) / 4 / 2)
    # The corner is rounded to 12 digits.
    assert float(setting.turn) == pytest.approx(expected, rel=1e-11)
    values = setting.values()
    assert values[q.LINK_MIN] == 0
    assert judge(w2s.ledger["nstep-sharp"], setting, equality_digits=30).verdict is PROVED


def test_a_spoilt_chain_is_not_granted_to_rotate():
    weaker = Given((F(1, 2), F(0)))
    setting = bootstrapping.rotating(F(1, 3), 3, last=weaker)
    assert setting.grants == ()
    assert setting.links[-1].rule == weaker
    assert [link.rule for link in setting.links[:-1]] == [spectral_students.KEEP_FIRST] * 2
    assert not judge(w2s.ledger["nstep-sharp"], setting).effective


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


# --- the collections -----------------------------------------------------------------------------


def test_every_setting_has_values_and_settings_differ():
    found = bootstrapping.named()
    assert len(set(found)) == len(found)
    assert one_student.backwards() in found
    for setting in found:
        assert isinstance(setting, Setting)
        values = setting.values()
        assert {q.L_TE, q.L_ST, q.LINK_MIN, q.CHAIN} <= values.keys()
        if isinstance(setting.teacher, FeatureTeacher) and setting.teacher.rule == "least-squares":
            assert values[q.RESIDUAL] == 0


SETTING_ASSUMPTIONS = (
    s.UNIT_TARGET,
    s.TEACHER_SHRINKS,
    s.STUDENT_SHRINKS,
    s.BOUNDED_STUDENT,
    s.CHAIN_SHRINKS,
    s.NORMAL_EQUATIONS,
    s.FILTER_NONNEGATIVE,
    s.FILTER_AT_MOST_ONE,
    s.EIGENVALUES_NONNEGATIVE,
    s.TIME_NONNEGATIVE,
    s.SCALE_IN_UNIT,
)
REGULARISER_ASSUMPTIONS = (
    limits.REGULARISER_CONVEX,
    limits.REGULARISER_MINIMAL,
    limits.REGULARISED_MINIMISER,
)


@pytest.mark.parametrize(
    ("assumption", "pool"),
    [
        *((a, bootstrapping.named()) for a in SETTING_ASSUMPTIONS),
        *((a, regularised.named()) for a in REGULARISER_ASSUMPTIONS),
    ],
    ids=lambda x: getattr(x, "id", ""),
)
def test_each_assumption_is_kept_by_some_corners_and_broken_by_others(assumption, pool):
    condition = assumption.condition
    able = [x for x in pool if condition.free_symbols <= x.values().keys()]
    assert {verdict(condition, setting) for setting in able} == {PROVED, REFUTED}


@pytest.mark.parametrize(
    "name", ["lem-1", "lem-1-filters", "lem-1-convex", "thm-4.1", "cor-1", "thm-4.2", "cor-2"]
)
def test_corners_put_a_statement_to_the_test_and_keep_it(name):
    pool = (*bootstrapping.named(), *regularised.named())
    found = [judge(w2s.ledger[name], x) for x in pool]
    assert all(x.verdict in (PROVED, Verdict.VACUOUS) for x in found)
    assert sum(x.effective for x in found) >= 3


def test_erratum_numbers_lie_on_both_sides_of_the_threshold():
    erratum = w2s.ledger["err-1"]
    effective = [judge(erratum, x).effective for x in numbers.thresholds()]
    assert any(effective)
    assert not all(effective)


# --- regularisers --------------------------------------------------------------------------------


def objective(setting, candidate):
    teacher = [to_fmpq(x) for x in setting.teacher]
    fit = sum(((t - x) ** 2 for t, x in zip(teacher, candidate, strict=True)), fmpq(0))
    return fit + setting.penalty(tuple(candidate))


@pytest.mark.parametrize(
    "setting",
    [
        regularised.soft_threshold((F(1), F(-2), F(1, 3)), F(1, 2), F(1, 2)),
        regularised.soft_threshold((F(1), F(-2), F(1, 3)), F(10), F(1, 2)),
        RegularisedSetting((F(4), F(-2)), (F(2), F(-1)), F(1, 2), Penalty("ridge", F(1))),
        RegularisedSetting(
            (F(1), F(0)), (F(3, 2), F(1)), F(1), Penalty("ridge", F(1), (F(2), F(2)))
        ),
    ],
    ids=["lasso", "strong lasso", "ridge", "ridge off centre"],
)
def test_students_minimise_their_objective(setting):
    student = [to_fmpq(x) for x in setting.student]
    least = objective(setting, student)
    for axis in range(len(student)):
        for step in (F(1), F(1, 10), F(1, 1000)):
            for sign in (1, -1):
                moved = [x + to_fmpq(sign * step) * (i == axis) for i, x in enumerate(student)]
                assert objective(setting, moved) > least


def test_the_table_has_three_values():
    penalty = Penalty("table", F(100), (F(1), F(2)))
    at = [(F(0), F(0)), (F(1), F(2)), (F(1), F(3))]
    assert [penalty(tuple(map(to_fmpq, f))) for f in at] == [0, fmpq(1, 1000), 100]


def test_regularised_settings_know_the_penalty_at_three_points():
    setting = RegularisedSetting((F(1), F(1)), (F(1), F(-2)), F(1, 2), Penalty("lasso", F(3)))
    values = setting.values()
    assert values[q.PENALTY_ZERO] == 0
    assert values[q.PENALTY_STUDENT] == 9
    assert values[q.PENALTY_SCALED] == fmpq(9, 2)
    assert values[q.FIT] == 9
    assert values[q.SCALED_FIT] == fmpq(17, 4)
