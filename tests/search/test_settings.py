"""Exact settings against dense linear algebra: teachers, students, chains, inner products."""

import math
from fractions import Fraction

import flint
import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from w2s_theory.certify import precision, to_arb, to_fmpq
from w2s_theory.ledger import quantities as q
from w2s_theory.search.one_student import Setting
from w2s_theory.search.settings import NumberSetting, dot, triple
from w2s_theory.search.spectral_students import FixedStudent, Flow, Given, Link
from w2s_theory.search.teachers import FeatureTeacher, PlainTeacher
from w2s_theory.students.filters import GradientDescent, HeavyBall, Ridge

F = Fraction
ROWS = ((F(1), F(1, 3), F(0)), (F(1, 7), F(1), F(2)))
TARGET = (to_fmpq(1), to_fmpq(0), to_fmpq(0))
EIGENVALUES = (F(2), F(1, 2), F(0))
NORMAL = (F(1), F(-2), F(1, 3))
LABELS = (F(1, 2), F(-1, 3), F(2))
SMALL = st.fractions(min_value=-3, max_value=3, max_denominator=30)
exactly = settings(max_examples=25, deadline=None, derandomize=True, database=None)


def exact(vector):
    return tuple(to_fmpq(x) for x in vector)


def floats(vector):
    with precision(200):
        return np.array([float(to_arb(x)) for x in vector])


def reflection(normal):
    h = np.array([float(x) for x in normal])
    return np.eye(len(h)) - 2 * np.outer(h, h) / (h @ h)


# --- teachers ------------------------------------------------------------------------------------


def dense(rule, penalty, steps):
    """Readout weights by NumPy."""
    rows = np.array([[float(x) for x in row] for row in ROWS])
    gram, overlaps = rows @ rows.T, rows[:, 0]
    if rule == "least-squares":
        return np.linalg.lstsq(rows.T, np.eye(3)[0], rcond=None)[0]
    if rule == "ridge":
        return np.linalg.solve(gram + penalty * np.eye(2), overlaps)
    if rule == "shift":
        return np.linalg.solve(gram, overlaps) + penalty
    weights = np.zeros(2)
    for _ in range(steps):
        weights = weights - penalty / np.trace(gram) * (gram @ weights - overlaps)
    return weights


@pytest.mark.parametrize(
    ("rule", "penalty", "steps"),
    [
        ("least-squares", F(0), 1),
        ("ridge", F(1, 10), 1),
        ("ridge", F(3), 1),
        ("descent", F(1), 1),
        ("descent", F(1, 2), 7),
        ("shift", F(1, 4), 1),
    ],
)
def test_feature_teachers_against_dense_algebra(rule, penalty, steps):
    teacher = FeatureTeacher(ROWS, rule, penalty, steps)
    expected = dense(rule, float(penalty), steps)
    # The dense reference is float64, three unknowns wide.
    np.testing.assert_allclose(floats(teacher.weights(TARGET)), expected, rtol=1e-12)
    rows = np.array([[float(x) for x in row] for row in ROWS])
    np.testing.assert_allclose(floats(teacher.vector(TARGET)), expected @ rows, rtol=1e-12)
    residual = np.abs(rows @ rows.T @ expected - rows[:, 0]).max()
    found = teacher.symbols(TARGET)[q.RESIDUAL]
    assert float(to_arb(found)) == pytest.approx(residual, abs=1e-14)
    assert (found == 0) == (rule == "least-squares")


def test_least_squares_is_the_orthogonal_projection_exactly():
    teacher = FeatureTeacher(ROWS, "least-squares")
    values = Setting(dim=3, teacher=teacher, links=(FixedStudent(LABELS),)).values()
    assert values[q.RESIDUAL] == 0
    assert values[q.TEACHER_TARGET] == values[q.TEACHER_NORM2]
    assert values[q.L_TE] == 1 - values[q.TEACHER_NORM2]
    miss = [t - f for t, f in zip(teacher.vector(TARGET), TARGET, strict=True)]
    assert all(dot(exact(row), miss) == 0 for row in ROWS)


@pytest.mark.parametrize("rows", [(ROWS[0], ROWS[0]), ((F(0),) * 3,)], ids=["repeated", "zero"])
def test_dependent_features_have_no_least_squares_weights(rows):
    with pytest.raises(ZeroDivisionError):
        FeatureTeacher(rows, "least-squares").weights(TARGET)
    assert len(FeatureTeacher(rows, "ridge", F(1)).weights(TARGET)) == len(rows)


def test_plain_teachers_are_what_they_are_given():
    teacher = PlainTeacher(LABELS, F(3, 2))
    assert teacher.vector(TARGET) == exact(LABELS)
    assert teacher.symbols(TARGET) == {q.GAIN: flint.fmpq(3, 2)}
    assert PlainTeacher(LABELS).symbols(TARGET) == {}


# --- students ------------------------------------------------------------------------------------


@pytest.mark.parametrize("time", [F(1, 1000), F(1), F(20), F(-1, 3)], ids=str)
@pytest.mark.parametrize("eigenvalue", [F(1, 10**12), F(1), F(7, 3), F(-1, 2)], ids=str)
def test_flow_encloses_one_minus_exp(eigenvalue, time):
    with mpmath.workdps(60), precision(128):
        x = mpmath.mpf(eigenvalue.numerator) / eigenvalue.denominator
        t = mpmath.mpf(time.numerator) / time.denominator
        reference = -mpmath.expm1(-x * t)
        ball = Flow(time)(eigenvalue)
        assert ball.overlaps(flint.arb(mpmath.nstr(reference, 50)))
        assert ball.rad() < to_arb(F(1, 10**35)) * (1 + abs(ball))


@pytest.mark.parametrize(
    ("time", "eigenvalue", "value"),
    [(F(0), F(5), 0), (F(3), F(0), 0), (None, F(5), 1), (None, F(1, 10**12), 1), (None, F(0), 0)],
    ids=str,
)
def test_ends_of_the_flow_are_exact(time, eigenvalue, value):
    found = Flow(time)(eigenvalue)
    assert isinstance(found, flint.fmpq)
    assert found == value


@pytest.mark.parametrize(
    ("rule", "filters"),
    [
        (Given((F(1), F(1, 2), F(-1))), (1, 0.5, -1)),
        (Ridge(F(1)), (2 / 3, 1 / 3, 0)),
        (GradientDescent(F(1, 4), 2), (1 - 0.25, 1 - (7 / 8) ** 2, 0)),
        (HeavyBall(F(1, 2), F(1, 2), 2), (1.5, 0.25 * (2 - 0.25 + 0.5), 0)),
        (Flow(None), (1, 1, 0)),
        (Flow(F(3)), (1 - math.exp(-6), 1 - math.exp(-1.5), 0)),
    ],
    ids=lambda x: type(x).__name__,
)
@pytest.mark.parametrize("normal", [(), NORMAL], ids=["standard basis", "reflected"])
def test_students_against_dense_algebra(rule, filters, normal):
    link = Link(EIGENVALUES, rule, normal)
    np.testing.assert_allclose(floats(link.filter_values()), filters, rtol=1e-14)
    basis = reflection(normal) if normal else np.eye(3)
    expected = basis @ np.diag(filters) @ basis @ np.array([float(x) for x in LABELS])
    np.testing.assert_allclose(floats(link.apply(exact(LABELS))), expected, rtol=0, atol=1e-14)


@pytest.mark.parametrize("normal", [(), NORMAL], ids=["standard basis", "reflected"])
@pytest.mark.parametrize(
    "rule",
    [Given((F(1), F(1, 2), F(-1))), Ridge(F(1)), HeavyBall(F(1, 2), F(1, 2), 2), Flow(None)],
    ids=lambda x: type(x).__name__,
)
def test_the_gap_of_a_link_is_the_inner_product(rule, normal):
    link, labels = Link(EIGENVALUES, rule, normal), exact(LABELS)
    student = link.apply(labels)
    assert link.gap(labels) == dot(student, labels) - dot(student, student)


def test_the_gap_of_a_flow_encloses_the_inner_product():
    link, labels = Link(EIGENVALUES, Flow(F(1)), NORMAL), exact(LABELS)
    with precision(128):
        student = link.apply(labels)
        assert link.gap(labels).overlaps(dot(student, labels) - dot(student, student))
        assert link.gap(labels) > 0


@exactly
@given(st.tuples(SMALL, SMALL, SMALL), st.tuples(SMALL, SMALL, SMALL).filter(any))
def test_reflections_preserve_norms_and_undo_themselves(labels, normal):
    keep = Link((F(1),) * 3, Given((F(1),) * 3), normal)
    assert keep.apply(exact(labels)) == exact(labels)
    flipped = keep.reflect(exact(labels))
    assert dot(flipped, flipped) == dot(exact(labels), exact(labels))
    assert dot(flipped, exact(normal)) == -dot(exact(labels), exact(normal))


def test_a_fixed_student_ignores_its_teacher():
    assert FixedStudent(LABELS).apply(exact((F(9), F(9), F(9)))) == exact(LABELS)


# --- the numbers of a setting --------------------------------------------------------------------


@exactly
@given(*[st.tuples(SMALL, SMALL, SMALL) for _ in range(3)], SMALL)
def test_inner_products_and_distances(target, teacher, student, scale):
    values = triple(exact(target), exact(teacher), exact(student), to_fmpq(scale))
    f, t, x = (np.array(v, dtype=object) for v in (target, teacher, student))
    expected = {
        q.TARGET_NORM2: f @ f,
        q.TEACHER_NORM2: t @ t,
        q.STUDENT_NORM2: x @ x,
        q.TEACHER_TARGET: t @ f,
        q.STUDENT_TARGET: x @ f,
        q.STUDENT_TEACHER: x @ t,
        q.SCALE: scale,
        q.FIT: (t - x) @ (t - x),
        q.SCALED_FIT: (t - scale * x) @ (t - scale * x),
        q.CENTRE_DISTANCE2: (x - t / 2) @ (x - t / 2),
        q.L_TE: (t - f) @ (t - f),
        q.L_ST: (x - f) @ (x - f),
    }
    assert values == {symbol: to_fmpq(value) for symbol, value in expected.items()}


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


def test_number_settings_are_exact():
    setting = NumberSetting(((q.L_TE, F(1, 3)), (q.CHAIN, F(4))))
    assert setting.values() == {q.L_TE: flint.fmpq(1, 3), q.CHAIN: flint.fmpq(4)}
    assert setting.grants == ()


def test_vectors_of_different_lengths_have_no_product():
    with pytest.raises(ValueError, match="zip"):
        dot(exact(LABELS), exact(LABELS[:2]))
