"""Every strategy of settings reaches the hard corners: losses near 0, 2/3 and 1, near-equality.

Counted among settings that meet the assumptions of the statement the strategy serves, in the
derandomised examples of the strategy together with the named corners that are always tried first.
"""

import math
from dataclasses import replace
from fractions import Fraction
from functools import cache

import pytest
from flint import fmpq
from sympy import Ge, Le

import w2s_theory as w2s
from tests.making import draws
from w2s_theory.certify import Verdict, decide, precision, to_arb, to_fmpq
from w2s_theory.enclose.minima import enclosure, upper_bound
from w2s_theory.ledger import limits
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.registry import load
from w2s_theory.search import (
    bootstrapping,
    coordinates,
    one_student,
    regularised,
    spectral_students,
)
from w2s_theory.search.judge import judge
from w2s_theory.search.one_student import Setting
from w2s_theory.search.spectral_students import Given
from w2s_theory.search.teachers import FeatureTeacher

F = Fraction
CLOSE = F(1, 1000)
HALVES = (F(1, 10**6), F(1, 6), F(2, 5), coordinates.rounded(one_student.TOUCHING, 12), F(99, 100))
PROVED, REFUTED = Verdict.PROVED, Verdict.REFUTED
CHAIN = s.CHAIN_FLOOR.expr.xreplace(dict([s.ANGLE]))
ONE, BOUNDED = s.SHRINKAGE_FLOOR.expr, s.BOUNDED_FLOOR.expr
# strategy, examples, the statement it serves, that statement's floor
CASES = {
    "one student": (one_student.one_student(), 40, "thm-4.1", ONE),
    "one flow": (one_student.one_student(flow=True), 40, "thm-4.1", ONE),
    "random features": (one_student.random_features(), 60, "cor-1", ONE),
    "sharp": (one_student.sharp_students(), 60, "thm-4.1", ONE),
    "sharp flow": (one_student.sharp_students(flow=True), 60, "thm-4.1", ONE),
    "bounded": (bootstrapping.bounded(), 40, "thm-4.2", BOUNDED),
    "on target": (one_student.students_on_target(), 60, "thm-4.2", BOUNDED),
    "chains": (bootstrapping.chains(), 40, "nstep", CHAIN),
    "rotating": (bootstrapping.rotating_chains(3), 40, "nstep", CHAIN),
}


def verdict(condition, setting):
    with precision(256):
        values = setting.values()
        return decide(condition, {x: values[x] for x in condition.free_symbols}).verdict


def loss_of(half):
    """sin(theta)^2 for half = tan(theta/2)."""
    return (2 * half / (1 + half**2)) ** 2


@cache
def examples(name):
    strategy, count, _, _ = CASES[name]
    return tuple(draws(strategy, count))


def kept(statement, settings):
    """The values of each setting that meets the statement's assumptions, None for the others."""
    # Only the assumptions matter here, so the claim is one that costs nothing.
    trivial = replace(load()[statement], claim=(Ge(q.L_TE, 0),))
    with precision(256):
        return [x.values() if judge(trivial, x).effective else None for x in settings]


@cache
def drawn(name):
    return kept(CASES[name][2], examples(name))


@cache
def named(statement):
    return kept(statement, bootstrapping.named())


def near_floor(values, floor):
    """Whether L_ST is proved to be within a thousandth of the floor, at a loss where L^2 is not."""
    if not fmpq(1, 100) < values[q.L_TE] < fmpq(9, 10):
        return False
    if floor is CHAIN:
        at = {q.L_TE: values[q.L_TE], q.CHAIN: values[q.CHAIN]}
        with precision(128):
            return bool(to_arb(values[q.L_ST]) < upper_bound(CHAIN, at, 128) * to_arb(1 + CLOSE))
    claim = Le(q.L_ST, floor * (1 + s.Rational(1, 1000)))
    return decide(claim, {x: values[x] for x in (q.L_ST, q.L_TE)}).verdict is Verdict.PROVED


@pytest.mark.parametrize("name", CASES)
def test_hard_corners_are_reached(name):
    found = [values for values in (*drawn(name), *named(CASES[name][2])) if values]
    losses = [values[q.L_TE] for values in found]
    floor = CASES[name][3]
    counts = {
        "near 0": sum(0 < x < fmpq(1, 10**6) for x in losses),
        "near 2/3": sum(abs(x - fmpq(2, 3)) < fmpq(1, 1000) for x in losses),
        "near 1": sum(x > fmpq(999, 1000) for x in losses),
        "near equality": sum(near_floor(values, floor) for values in found),
        "in between": sum(fmpq(1, 10) < x < fmpq(3, 5) for x in losses),
    }
    assert min(counts.values()) >= 1, counts


@pytest.mark.parametrize("name", CASES)
def test_many_drawn_settings_put_the_statement_to_the_test(name):
    effective = [values for values in drawn(name) if values]
    assert len(effective) >= 0.4 * len(examples(name))


@pytest.mark.parametrize("name", CASES)
def test_targets_are_unit_vectors_but_for_the_ones_meant_to_be_longer(name):
    norms = {setting.target_norm for setting in examples(name)}
    assert norms <= {F(1), F(2)}
    longer = sum(setting.target_norm == 2 for setting in examples(name))
    assert longer <= 0.3 * len(examples(name))
    for setting in examples(name):
        assert isinstance(setting, Setting)
        assert setting.values()[q.TARGET_NORM2] == fmpq(int(setting.target_norm**2))


def test_least_squares_teachers_have_no_residual():
    found = [x for x in examples("random features") if x.teacher.rule == "least-squares"]
    assert len(found) >= 20
    for setting in found:
        values = setting.values()
        assert values[q.RESIDUAL] == 0
        assert values[q.TEACHER_TARGET] == values[q.TEACHER_NORM2]
    assert all(isinstance(x.teacher, FeatureTeacher) for x in examples("random features"))


def test_rotating_chains_have_no_slack_in_any_link():
    whole = [x for x in examples("rotating") if x.grants]
    spoilt = [x for x in examples("rotating") if not x.grants]
    assert len(whole) > len(spoilt) > 0
    assert all(x.values()[q.LINK_MIN] == 0 for x in whole)
    assert all(
        x.values()[q.LINK_MIN] == 0
        for x in examples("sharp")
        if x.links[0].rule == spectral_students.KEEP_FIRST
    )


def test_named_chains_of_each_length_start_at_small_touching_and_half_losses():
    values = [setting.values() for setting in bootstrapping.named() if setting.turn is not None]
    for length in (1, 2, 7):
        losses = [float(v[q.L_TE]) for v in values if v[q.CHAIN] == length]
        for wanted in (float(loss_of(F(1, 6))), 2 / 3, 0.5):
            assert any(abs(loss - wanted) < 1e-3 for loss in losses), (length, wanted)


def test_chains_have_one_to_twenty_students():
    lengths = {len(x.links) for x in examples("chains")}
    assert {1, 2, 3} <= lengths
    assert max(lengths) > 10
    assert max(lengths) <= bootstrapping.MAX_CHAIN
    assert {x.turn is None for x in examples("chains")} == {True, False}


def test_dimensions_and_scales_vary():
    found = examples("one student")
    assert {x.dim for x in found} == {2, 3, 4}
    scales = {x.scale for x in found}
    assert F(11, 10) in scales
    assert len(scales) > 5


def test_examples_are_the_same_in_every_run():
    assert draws(one_student.sharp_students(flow=True), 60) == list(examples("sharp flow"))


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
