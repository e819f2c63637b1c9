"""Students in coordinates: against dense linear algebra, exact where they can be, and drawn."""

import math
from fractions import Fraction

import flint
import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.making import draws
from w2s_theory.certify import precision, to_arb, to_fmpq
from w2s_theory.search import bootstrapping, spectral_students
from w2s_theory.search.settings import dot
from w2s_theory.search.spectral_students import FixedStudent, Flow, Given, Link
from w2s_theory.students.filters import (
    GradientDescent,
    HeavyBall,
    IterateAveraging,
    Ridge,
    SpectralCutoff,
)

F = Fraction
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


@pytest.mark.parametrize("time", [F(1, 1000), F(1), F(20), F(-1, 3)], ids=str)
@pytest.mark.parametrize("eigenvalue", [F(1, 10**12), F(1), F(7, 3), F(-1, 2)], ids=str)
def test_a_flow_and_its_slope_are_enclosed(eigenvalue, time):
    with mpmath.workdps(60), precision(128):
        x = mpmath.mpf(eigenvalue.numerator) / eigenvalue.denominator
        t = mpmath.mpf(time.numerator) / time.denominator
        reference = -mpmath.expm1(-x * t)
        ball = Flow(time)(eigenvalue)
        assert ball.overlaps(flint.arb(mpmath.nstr(reference, 50)))
        assert ball.rad() < to_arb(F(1, 10**35)) * (1 + abs(ball))
        assert (
            Flow(time)
            .slope(eigenvalue)
            .overlaps(flint.arb(mpmath.nstr(x * mpmath.exp(-x * t), 50)))
        )


@pytest.mark.parametrize(
    ("time", "eigenvalue", "value"),
    [(F(0), F(5), 0), (F(3), F(0), 0), (None, F(5), 1), (None, F(1, 10**12), 1), (None, F(0), 0)],
    ids=str,
)
def test_ends_of_the_flow_are_exact(time, eigenvalue, value):
    found, slope = Flow(time)(eigenvalue), Flow(time).slope(eigenvalue)
    assert isinstance(found, flint.fmpq)
    assert found == value
    assert slope == (to_fmpq(eigenvalue) if time == 0 else 0)


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


VALUES = (F(3), F(1, 10**6), F(0), F(3))


def test_rules_are_all_drawn_at_allowed_parameters():
    found = draws(spectral_students.rules(VALUES), 200)
    honest = (GradientDescent, IterateAveraging, Ridge, SpectralCutoff)
    assert {type(rule) for rule in found} == {Flow, Given, HeavyBall, *honest}
    times = [rule.time for rule in found if isinstance(rule, Flow)]
    assert {None, F(0)} < set(times)
    assert all(time is None or time >= 0 for time in times)
    steps = [r.step for r in found if isinstance(r, GradientDescent | IterateAveraging | HeavyBall)]
    assert all(0 < step * max(VALUES) <= 1 for step in steps)
    assert any(2 * step * max(VALUES) > 1 for step in steps)
    filters = [rule.filter for rule in found if isinstance(rule, Given)]
    assert {len(values) for values in filters} == {len(VALUES)}
    assert any(max(values) > 1 for values in filters)
    assert any(min(values) < 0 for values in filters)
    assert any(set(values) == {0, 1} for values in filters)
    for rule in found:
        if isinstance(rule, honest):
            assert all(0 <= rule.formula(x) <= 1 for x in VALUES)


def test_rules_exist_for_a_spectrum_that_vanishes():
    assert draws(spectral_students.rules((F(0), F(0))), 20)


@pytest.fixture(scope="module")
def flows():
    return draws(spectral_students.flow_links(3), 80)


def test_flows_run_forwards_most_of_the_time(flows):
    assert all(isinstance(link.rule, Flow) for link in flows)
    wrong = [
        link
        for link in flows
        if min(link.eigenvalues) < 0 or (link.rule.time is not None and link.rule.time < 0)
    ]
    assert len(wrong) < len(flows) / 2
    assert {None, F(0)} < {link.rule.time for link in flows}
    assert {bool(link.reflector) for link in flows} == {True, False}


def test_flows_that_break_an_assumption_are_drawn_or_named(flows):
    named = [x.links[0] for x in bootstrapping.named() if isinstance(x.links[0], Link)]
    found = [*flows, *(link for link in named if isinstance(link.rule, Flow))]
    assert any(link.rule.time is not None and link.rule.time < 0 for link in found)
    assert any(min(link.eigenvalues) < 0 for link in found)
