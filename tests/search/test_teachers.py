"""Teachers in coordinates: against dense linear algebra, and drawn at every corner."""

from collections import Counter
from fractions import Fraction

import flint
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.making import draws
from w2s_theory.certify import precision, to_arb, to_fmpq
from w2s_theory.ledger import quantities as q
from w2s_theory.search import coordinates, teachers
from w2s_theory.search.one_student import Setting
from w2s_theory.search.settings import dot
from w2s_theory.search.spectral_students import FixedStudent
from w2s_theory.search.teachers import FeatureTeacher, PlainTeacher

F = Fraction
ROWS = ((F(1), F(1, 3), F(0)), (F(1, 7), F(1), F(2)))
TARGET = (to_fmpq(1), to_fmpq(0), to_fmpq(0))
LABELS = (F(1, 2), F(-1, 3), F(2))
DIMS = st.integers(2, coordinates.MAX_DIM)
exactly = settings(max_examples=20, deadline=None, derandomize=True, database=None)


def exact(vector):
    return tuple(to_fmpq(x) for x in vector)


def floats(vector):
    with precision(200):
        return np.array([float(to_arb(x)) for x in vector])


def target(dim):
    return tuple(to_fmpq(int(i == 0)) for i in range(dim))


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
