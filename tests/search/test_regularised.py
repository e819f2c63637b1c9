"""Students that minimise a fit plus a regulariser: they do, and meet every assumption."""

from fractions import Fraction

import pytest
from flint import fmpq

from tests.making import draws
from w2s_theory.certify import Verdict, to_fmpq
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.registry import load
from w2s_theory.search import regularised
from w2s_theory.search.judge import judge
from w2s_theory.search.regularised import Penalty, RegularisedSetting

F = Fraction


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


def test_regularised_students_meet_every_assumption():
    lemma = load()["lem-1-convex"]
    found = draws(regularised.regularised(), 40)
    assert {setting.penalty.name for setting in found} == {"lasso", "ridge"}
    judged = [judge(lemma, setting) for setting in found]
    assert all(x.effective and x.verdict is Verdict.PROVED for x in judged)
