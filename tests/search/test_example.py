"""Exact examples: what they measure, what premises they meet, and reading them back."""

import pytest
from sympy import Integer, Rational, Symbol, sqrt

from w2s_theory.certify import Verdict
from w2s_theory.ledger import quantities as q
from w2s_theory.search.conjecture import conjecture
from w2s_theory.search.example import Example, at, from_dict, link_loss
from w2s_theory.search.premises import premises

ZERO, ONE, HALF = Integer(0), Integer(1), Rational(1, 2)
TARGET = (ONE, ZERO)
TEACHER = (HALF, HALF)
"""Least squares, L_TE = 1/2."""


def example(*students: tuple, teacher: tuple = TEACHER, start: tuple = (ZERO, ZERO)) -> Example:
    return Example(TARGET, teacher, students, start)


def test_values_are_exact() -> None:
    found = example((HALF, ZERO), (Rational(1, 4), ZERO)).values
    assert found[q.L_TE] == HALF
    assert found[link_loss(1)] == Rational(1, 4)
    assert found[q.L_ST] == found[link_loss(2)] == Rational(9, 16)
    assert found[q.STUDENT_TEACHER] == Rational(1, 8)


ALONG = (HALF, ZERO)
"""On the sphere over [0, f_T]."""
BEYOND = (sqrt(HALF), ZERO)
"""As long as the teacher, outside that ball."""
INSIDE = (Rational(1, 4), Rational(1, 4))


@pytest.mark.parametrize(
    ("names", "student", "verdict"),
    [
        ([], ALONG, Verdict.PROVED),
        ([], BEYOND, Verdict.REFUTED),
        (["gradient-flow"], ALONG, Verdict.REFUTED),
        (["gradient-flow"], INSIDE, Verdict.PROVED),
        (["gradient-flow"], (ZERO, ZERO), Verdict.PROVED),
        (["bounded"], BEYOND, Verdict.PROVED),
        (["bounded"], (Rational(71, 100), ZERO), Verdict.REFUTED),
        (["convex"], TEACHER, Verdict.PROVED),
        (["convex"], INSIDE, Verdict.REFUTED),  # early-stopped: the target pulls it on
        (["chain:2"], ALONG, Verdict.REFUTED),  # one student is no chain of two
        (["pretrained"], ALONG, Verdict.PROVED),
    ],
)
def test_premises_are_decided(names: list[str], student: tuple, verdict: Verdict) -> None:
    assert example(student).meets(premises(names)) is verdict


def test_premises_on_the_teacher_the_target_and_the_start() -> None:
    long = example(ALONG, teacher=(ONE, HALF))
    assert long.meets(premises()) is Verdict.REFUTED
    assert long.meets(premises(["any-teacher"])) is Verdict.PROVED
    shrunk = example((ZERO, ZERO), teacher=INSIDE)
    assert shrunk.meets(premises(["least-squares"])) is Verdict.REFUTED
    assert Example(TEACHER, TEACHER, (TEACHER,), (ZERO, ZERO)).meets(premises()) is Verdict.REFUTED
    started = example(TARGET, start=TARGET)
    assert started.meets(premises()) is Verdict.REFUTED
    assert started.meets(premises(["pretrained"])) is Verdict.PROVED
    chain = example(ALONG, BEYOND)
    assert chain.meets(premises(["chain:2"])) is Verdict.REFUTED


def test_a_claim_without_a_value_is_undecided() -> None:
    (claim,) = conjecture("1/(L_TE - L_ST) <= 3").claims
    assert at(claim, example(TEACHER).values) is Verdict.UNDECIDED
    (claim,) = conjecture("sqrt(L_ST - L_TE) >= 0").claims
    assert at(claim, example(ALONG).values) is Verdict.UNDECIDED
    assert at(claim, {q.L_ST: Symbol("y")}) is Verdict.UNDECIDED


def test_coordinates_come_back_exactly() -> None:
    long = Rational(10**300 + 1, 10**301 + 3)
    for found in (example(BEYOND), example((long, ZERO)), example(TARGET, start=TARGET)):
        assert from_dict(found.as_dict()) == found


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ("text", "must be an object"),
        ({"students": []}, "at least one vector"),
        ({"target": ["1"], "teacher": ["1"], "students": [["1", "0"]]}, "the same length"),
        ({"target": [1], "teacher": ["1"], "students": [["1"]]}, "target must be a list"),
        ({"target": ["1"], "teacher": ["x"], "students": [["1"]]}, "got 'x'"),
    ],
)
def test_other_objects_are_refused(broken: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        from_dict(broken)
