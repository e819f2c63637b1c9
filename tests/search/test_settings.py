"""What every setting is made of: inner products, distances, and numbers alone."""

from fractions import Fraction

import flint
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from w2s_theory.certify import to_fmpq
from w2s_theory.ledger import quantities as q
from w2s_theory.search.settings import NumberSetting, dot, triple

F = Fraction
LABELS = (F(1, 2), F(-1, 3), F(2))
SMALL = st.fractions(min_value=-3, max_value=3, max_denominator=30)
exactly = settings(max_examples=25, deadline=None, derandomize=True, database=None)


def exact(vector):
    return tuple(to_fmpq(x) for x in vector)


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


def test_number_settings_are_exact():
    setting = NumberSetting(((q.L_TE, F(1, 3)), (q.CHAIN, F(4))))
    assert setting.values() == {q.L_TE: flint.fmpq(1, 3), q.CHAIN: flint.fmpq(4)}
    assert setting.grants == ()


def test_vectors_of_different_lengths_have_no_product():
    with pytest.raises(ValueError, match="zip"):
        dot(exact(LABELS), exact(LABELS[:2]))
