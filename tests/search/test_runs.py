"""Runs, classes and training in rational numbers: their numbers are those of the vectors."""

from dataclasses import replace
from fractions import Fraction

from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from w2s_theory.ledger import quantities as q
from w2s_theory.search import classes, runs, training

HALF = Fraction(1, 2)


def test_the_nearest_point_is_in_the_ball_and_nearly_on_it():
    for widened in (Fraction(0), Fraction(1, 10)):
        values = runs.nearest(runs.fitted(HALF), widened=widened, digits=14).values()
        gap = values[q.STUDENT_TEACHER] - values[q.STUDENT_NORM2]
        assert 0 <= gap + fmpq(widened.numerator, widened.denominator) < fmpq(1, 10**10)
        assert values[q.SLACK] == max(0, -gap)


@given(st.data())
def test_a_student_has_a_filter_value_for_every_direction(data):
    dim = data.draw(st.integers(1, 4))
    assert len(data.draw(runs.filters(dim)).filter) == dim


def test_the_way_to_a_member_loses_least_where_it_is_nearest():
    off, way = (fmpq(1), fmpq(0)), (fmpq(2), fmpq(1))  # nearest at a = 2/5
    assert classes._loses(off, way) == fmpq(-4, 5)
    assert classes._loses((fmpq(9), fmpq(0)), way) == 5 - 36
    assert classes._loses((fmpq(-1), fmpq(0)), way) == 0


def test_forward_derivatives_of_a_network_obey_euler_without_a_bias_alone():
    three = training.named_networks()[2]
    assert three.values()[q.EULER_MISS] == 0
    assert replace(three, bias=HALF).values()[q.EULER_MISS] > 0
    two = training.named_networks()[0]
    assert replace(two, bias=HALF).values()[q.EULER_MISS] == 0  # a weight like others


def test_a_head_is_stationary_unless_shifted():
    head = training.named_heads()[1]
    assert head.values()[q.HEAD_GRADIENT] == 0
    assert replace(head, shift=HALF).values()[q.HEAD_GRADIENT] > 0


def test_named_settings_meet_premises_and_do_not():
    """The clauses that have a premise are not all idle."""
    for settings, symbol in (
        (classes.named_classes(), q.CLASS_TARGET),
        (classes.named_mixtures(), q.OTHER_GAP),
        (training.named_networks(), q.NORM_RATE),
    ):
        values = [setting.values()[symbol] for setting in settings]
        assert min(values) < 0 <= max(values)
