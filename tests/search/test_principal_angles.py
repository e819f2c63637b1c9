"""Alignment settings by hand: one feature, its angle with S, and what a second axis changes."""

from dataclasses import replace
from fractions import Fraction

import pytest

from tests.making import draws
from w2s_theory.certify import to_arb, to_fmpq
from w2s_theory.ledger import quantities as q
from w2s_theory.search.principal_angles import AlignedSetting, aligned, named_unlearnable, split
from w2s_theory.search.settings import dot
from w2s_theory.search.teachers import FeatureTeacher, Fit

F = Fraction
# The feature has the angle arccos(2/3) with the target's axis.
SETTING = AlignedSetting(
    target=(F(1), F(0), F(0)),
    teacher=FeatureTeacher(((F(2), F(1), F(2)),), Fit.LEAST_SQUARES),
    eigenvalues=(F(1), F(1, 2), F(0)),
    inside=(0,),
    time=F(0),
)


def test_one_axis_and_one_feature():
    values = SETTING.values()
    cosine2 = to_fmpq(F(4, 9))
    for symbol in (q.KAPPA, q.KAPPA_TARGET, q.WORST_LOSS, q.L_TE):
        assert to_arb(values[symbol]).contains(1 - cosine2)
    for symbol in (q.SIGMA2_MIN, q.PENCIL):
        assert to_arb(values[symbol]).contains(cosine2)
    # sigma^2/(1 - sigma^2) = 4/5, the feature's energy in S over that outside.
    assert to_arb(values[q.BLOCK_MIN]).contains(to_fmpq(F(4, 5)))
    assert values[q.L_ST] == 1
    assert (values[q.LAMBDA_TARGET], values[q.LAMBDA_OUT]) == (1, to_fmpq(F(1, 2)))


def test_more_axes_than_features_leave_one_unseen():
    values = replace(SETTING, inside=(0, 1)).values()
    assert values[q.KAPPA] == 1
    assert values[q.PENCIL] == 0


def test_a_rotation_changes_no_angle_and_a_feature_lowers_kappa():
    setting = replace(SETTING, normal=(F(1), F(-2), F(3)), added=1, unit=(F(1), F(0), F(0)))
    values = setting.values()
    assert to_arb(values[q.KAPPA_TURNED]).overlaps(to_arb(values[q.KAPPA]))
    assert values[q.KAPPA_RISE] >= 0
    assert values[q.KAPPA_FALL] >= 0


def test_drawn_settings_have_losses_of_unit_targets():
    for setting in draws(aligned(), 30):
        values = setting.losses()
        target = [to_fmpq(x) for x in setting.target]
        assert dot(target, target) == values[q.TARGET_NORM2] == 1
        assert set(setting.inside) <= set(range(len(target)))


def test_split_features_are_independent_outside():
    assert all(q.BLOCK_MIN in setting.values() for setting in draws(split(), 10))


@pytest.mark.parametrize("setting", named_unlearnable())
def test_energy_on_a_vanishing_axis_is_counted(setting):
    values = setting.losses()
    assert values[q.NULL_ENERGY] == to_fmpq(F(16, 25))
    assert (values[q.NULL_TEACHER] == 0) == (setting.teacher.features[0][2] == 0)
