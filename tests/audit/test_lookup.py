"""Which constants are meant: by the digits typed, by the statement that uses them."""

from fractions import Fraction

import pytest

from w2s_theory.audit.constants import constants
from w2s_theory.audit.lookup import agrees, decimal, lookup, nearest
from w2s_theory.certify import to_arb


@pytest.mark.parametrize(
    ("typed", "number", "rounds", "cuts"),
    [
        ("2", "5/2", True, True),  # a tie rounds both ways
        ("3", "5/2", True, True),
        ("0.3", "1/4", True, True),
        ("0.2", "1/4", True, True),
        ("-2", "-5/2", True, True),
        ("-3", "-5/2", True, True),
        ("2", "23/8", False, True),
        ("2", "3", False, False),  # 3 cut off is 3
        ("0.74", "3/4", False, False),
        ("-2", "-3", False, False),
        ("3", "19/8", False, False),  # digits cut off never raise a number
        ("2e1", "25", True, True),
        ("2e1", "30", False, False),
    ],
)
def test_rounded_and_cut(typed: str, number: str, rounds: bool, cuts: bool) -> None:
    for value in (to_arb(Fraction(number)), Fraction(number)):
        assert agrees(decimal(typed), value) is rounds
        assert agrees(decimal(typed), value, cut=True) is cuts


@pytest.mark.parametrize("ends", [("14/10", "16/10"), ("24/10", "26/10")])
def test_a_ball_around_the_border_cannot_say(ends: tuple[str, str]) -> None:
    low, high = (to_arb(Fraction(end)) for end in ends)
    assert agrees(decimal("2"), low.union(high)) is None
    cut = agrees(decimal("2"), to_arb(Fraction("29/10")).union(to_arb(Fraction("31/10"))), cut=True)
    assert cut is None


def test_a_tie_is_found_from_both_sides() -> None:
    assert "limit-constant" in [c.id for c in lookup("0.8")]  # 3/4
    assert "limit-constant" in [c.id for c in lookup("0.7")]
    assert lookup("0.74") == ()


def test_the_constants_of_a_statement() -> None:
    assert [c.id for c in lookup("cor-1")] == ["limit-constant", "limit-exponent"]
    assert lookup("thm-3.1") == ()


def test_the_nearest_is_the_nearest() -> None:
    assert nearest("0.5593012", constants()).id == "chain-ratio-2"
    for what, among in (("two", constants()), ("1", ())):
        with pytest.raises(ValueError, match="decimal number"):
            nearest(what, among)
