"""What may be typed as a claim or a condition, and what is said of anything else."""

import pytest

from w2s_theory.ledger import quantities as q
from w2s_theory.search.conjecture import DERIVED, conjecture


def test_derived_quantities_stand_for_their_formulas() -> None:
    (claim,) = conjecture("misfit >= teacher_gap + student_gap").claims
    assert claim.gts == DERIVED["misfit"]
    assert claim.lts == DERIVED["teacher_gap"] + DERIVED["student_gap"]
    assert claim.free_symbols <= {quantity.symbol for quantity in q.QUANTITIES}


def test_the_losses_of_a_chain_exist_only_in_a_chain() -> None:
    assert str(conjecture("L_2 >= L_1", assume=["chain:2"]).claims[0]) == "L_2 >= L_1"
    with pytest.raises(ValueError, match="got 'L_2'"):
        conjecture("L_2 >= L_1")


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        ("L_ST >= 0.8 L_TE^2", r"\* between factors: 'L_ST >= 0.8\*L_TE\^2'"),
        ("L_ST >= 2L_TE", r"\* between factors: 'L_ST >= 2\*L_TE'"),
        ("L_ST >= (1 + L_TE) L_TE", r"\* between factors: 'L_ST >= \(1 \+ L_TE\)\*L_TE'"),
        ("L_ST => L_TE", "did you mean >= for =>"),
        ("L_ST = L_TE", "one inequality"),
        ("L_ST != L_TE", "one inequality"),
        ("0 <= L_ST <= 1", "one inequality"),
        ("misfitt >= 0", "did you mean misfit"),
        ("2 >= 1", "must speak of"),
        ("", "one inequality"),
    ],
)
def test_other_claims_are_refused_in_one_line(claim: str, message: str) -> None:
    with pytest.raises(ValueError, match=message) as raised:
        conjecture(claim)
    assert "\n" not in str(raised.value)


def test_a_condition_is_refused_by_its_own_name() -> None:
    with pytest.raises(ValueError, match="--when must be one inequality"):
        conjecture("L_ST >= 0", when=["L_TE"])
    with pytest.raises(ValueError, match="claim must be given"):
        conjecture([])
