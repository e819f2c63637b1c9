"""The names of `--assume`: what they stand for, and which are refused."""

import pytest

from w2s_theory.search.premises import Premises, StudentRule, TeacherRule, premises


def test_names_add_up() -> None:
    assert premises() == Premises(TeacherRule.SHRINKS, StudentRule.SHRINKS, 1)
    assert premises(["bounded", "any-teacher", "chain:3", "bounded"]) == Premises(
        TeacherRule.ANY, StudentRule.BOUNDED, 3
    )


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["chian:2"], "did you mean chain:N"),
        (["leastsquares"], "did you mean least-squares"),
        (["chain:0"], "N from 1 to 20, got 'chain:0'"),
        (["chain:x"], "N from 1 to 20"),
        (["chain:\u0663"], "N from 1 to 20"),
        (["chain:2", "chain:3"], "both chain:2 and chain:3"),
        (["bounded", "convex"], "both bounded and convex"),
        (["least-squares", "any-teacher"], "both least-squares and any-teacher"),
        (["convex", "chain:2"], "chain:2 must not stand with convex"),
    ],
)
def test_other_names_and_contradictions_are_refused(names: list[str], message: str) -> None:
    with pytest.raises(ValueError, match="--assume") as raised:
        premises(names)
    assert message in str(raised.value)
