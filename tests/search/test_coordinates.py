"""Ingredients of the strategies: spectra, vectors, features, teachers, rules, numbers."""

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.making import draws
from w2s_theory.certify import Verdict, to_fmpq
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.registry import load
from w2s_theory.search import (
    bootstrapping,
    coordinates,
    numbers,
    one_student,
    regularised,
    spectral_students,
    teachers,
)
from w2s_theory.search.judge import judge
from w2s_theory.search.settings import dot
from w2s_theory.search.spectral_students import Flow, Given, Link
from w2s_theory.search.teachers import FeatureTeacher, PlainTeacher
from w2s_theory.students.filters import (
    GradientDescent,
    HeavyBall,
    IterateAveraging,
    Ridge,
    SpectralCutoff,
)

F = Fraction
exactly = settings(max_examples=20, deadline=None, derandomize=True, database=None)
DIMS = st.integers(2, coordinates.MAX_DIM)


def target(dim):
    return tuple(to_fmpq(int(i == 0)) for i in range(dim))


# --- spectra and vectors --------------------------------------------------------------------------


def test_eigenvalues_spread_repeat_and_vanish():
    found = draws(coordinates.eigenvalues(4), 100)
    assert all(len(values) == 4 for values in found)
    flat = {x for values in found for x in values}
    assert all(x == 0 or F(1, 10**12) <= x < F(10**13) for x in flat)
    assert min(x for x in flat if x) < F(1, 10**9)
    assert max(flat) > 10**9
    assert sum(0 in values for values in found) >= 5
    assert sum(len(set(values)) < 4 for values in found) >= 5
    assert any(len(set(values)) >= 3 for values in found)
    assert any(list(values) != sorted(values) for values in found)
    assert any(list(values) != sorted(values, reverse=True) for values in found)


@exactly
@given(DIMS.flatmap(coordinates.unit_vectors))
def test_unit_vectors_are_unit_vectors(vector):
    assert sum(x * x for x in vector) == 1


@pytest.mark.parametrize("dim", [1, 0, -2])
def test_unit_vectors_need_two_coordinates(dim):
    with pytest.raises(ValueError, match=f"dim must be an integer >= 2, got {dim}"):
        coordinates.unit_vectors(dim)


@exactly
@given(st.data(), DIMS)
def test_features_are_independent_and_fewer_than_coordinates(data, dim):
    rows = data.draw(coordinates.feature_rows(dim))
    assert 1 <= len(rows) < dim
    assert {len(row) for row in rows} == {dim}
    assert coordinates.independent(rows)
    FeatureTeacher(rows, "least-squares").weights(target(dim))


@pytest.mark.parametrize(
    ("rows", "independent"),
    [
        (((1, 0, 0), (0, 1, 0)), True),
        (((1, 2, 3), (2, 4, 6)), False),
        (((0, 0, 0),), False),
        (((1, 1, 0), (0, 1, 1), (1, 0, -1)), False),
        (((1, 1, 0), (0, 1, 1), (1, 0, 1)), True),
    ],
)
def test_independence(rows, independent):
    assert coordinates.independent([[F(x) for x in row] for row in rows]) is independent


# --- teachers -------------------------------------------------------------------------------------


def test_teachers_reach_every_kind_and_every_corner():
    # In the plane, where no rational fit has the loss 2/3 exactly.
    kinds, reached = Counter(), Counter()
    for teacher in draws(teachers.teachers(2), 400):
        vector = teacher.vector(target(2))
        inner, norm = vector[0], dot(vector, vector)
        loss = 1 - 2 * inner + norm
        kinds[getattr(teacher, "rule", "plain")] += 1
        reached["shrinks"] += bool(inner >= norm)
        reached["exact fit"] += bool(inner == norm)
        reached["does not shrink"] += bool(inner < norm)
        if inner >= norm:
            assert 0 <= loss <= 1
            reached["near 0"] += bool(loss < to_fmpq(F(1, 10**6)))
            reached["near 2/3"] += bool(abs(loss - to_fmpq(F(2, 3))) < to_fmpq(F(1, 10**6)))
            reached["near 1"] += bool(loss > to_fmpq(F(999, 1000)))
        if isinstance(teacher, FeatureTeacher) and teacher.rule == "least-squares":
            assert inner == norm
            assert teacher.symbols(target(2))[q.RESIDUAL] == 0
    assert set(kinds) == {"plain", "least-squares", "ridge", "descent", "shift"}
    assert reached["shrinks"] > reached["does not shrink"] > 0
    assert {"near 0", "near 2/3", "near 1"} <= {name for name, count in reached.items() if count}
    assert reached["exact fit"] >= 10


@exactly
@given(st.data(), DIMS)
def test_trained_teachers_shrink(data, dim):
    # Ridge and early-stopped descent are spectral filters in [0, 1] of the target.
    rows = data.draw(coordinates.feature_rows(dim))
    penalty = data.draw(st.fractions(F(1, 100), 1, max_denominator=100))
    for rule in ("ridge", "descent", "least-squares"):
        vector = FeatureTeacher(rows, rule, penalty, 3).vector(target(dim))
        assert vector[0] >= dot(vector, vector)
    assert isinstance(data.draw(teachers.teachers(dim)), PlainTeacher | FeatureTeacher)


# --- rules ----------------------------------------------------------------------------------------

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


# --- numbers --------------------------------------------------------------------------------------


def numbers_of(strategy, count):
    return [dict(setting.numbers) for setting in draws(strategy, count)]


def test_losses_reach_their_corners():
    found = numbers_of(numbers.losses(), 100)
    losses = [values[q.L_TE] for values in found]
    assert all(0 <= loss <= 1 for loss in losses)
    assert {F(0), F(1), F(2, 3)} <= set(losses)
    assert sum(0 < loss < F(1, 10**6) for loss in losses) >= 3
    assert sum(F(999999, 10**6) < loss < 1 for loss in losses) >= 3
    assert {values[q.CHAIN] for values in found} == {1, 2, 3, 4, 8, 16, 64}


def test_exponents_lie_on_both_sides_of_the_threshold():
    erratum = load()["err-1"]
    found = draws(numbers.exponents(), 60)
    judged = [judge(erratum, setting) for setting in found]
    assert all(x.verdict in (Verdict.PROVED, Verdict.VACUOUS) for x in judged)
    assert 0.1 < sum(x.effective for x in judged) / len(judged) < 0.9
    values = [dict(setting.numbers) for setting in found]
    assert all(v[q.COEFFICIENT] > 0 and 0 < v[q.L_TE] <= 1 for v in values)
    assert any(v[q.EXPONENT] < 2 for v in values)
    assert any(2 < v[q.EXPONENT] < 3 for v in values)
    whole = [v for v in values if v[q.EXPONENT].denominator == 1]
    ratios = [v[q.COEFFICIENT] * v[q.L_TE] ** int(v[q.EXPONENT] - 2) for v in whole]
    assert any(F(7, 10) < x < F(3, 4) for x in ratios)
    assert any(F(3, 4) < x < F(8, 10) for x in ratios)


def test_momentum_overshoots_sometimes():
    witness = load()["lem-1-overshoot"]
    judged = [judge(witness, setting) for setting in draws(numbers.momentum_steps(), 50)]
    assert all(x.verdict in (Verdict.PROVED, Verdict.VACUOUS) for x in judged)
    assert 0 < sum(x.effective for x in judged) < 50


def test_regularised_students_meet_every_assumption():
    lemma = load()["lem-1-convex"]
    found = draws(regularised.regularised(), 40)
    assert {setting.penalty.name for setting in found} == {"lasso", "ridge"}
    judged = [judge(lemma, setting) for setting in found]
    assert all(x.effective and x.verdict is Verdict.PROVED for x in judged)


def test_half_tangents_reach_every_loss():
    halves = draws(one_student.half_tangents(), 120)
    assert all(0 < half < 1 for half in halves)
    losses = [(2 * half / (1 + half**2)) ** 2 for half in halves]
    assert sum(loss < F(1, 10**6) for loss in losses) >= 3
    assert sum(abs(loss - F(2, 3)) < F(1, 1000) for loss in losses) >= 3
    assert sum(loss > F(999, 1000) for loss in losses) >= 3
    assert sum(F(1, 10) < loss < F(6, 10) for loss in losses) >= 3
