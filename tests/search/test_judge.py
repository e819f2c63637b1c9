"""Verdicts on single settings: touching, idle and undecided ones, and their precision."""

import math
from dataclasses import dataclass, replace
from fractions import Fraction

import flint
import pytest
from sympy import And, Eq, Ge, Gt, Le, Lt, Rational, Symbol, log, sqrt

import w2s_theory as w2s
from tests.making import assuming, balls, numbers, statement
from w2s_theory.certify import Verdict, to_arb
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.search import one_student
from w2s_theory.search.judge import IDLE, MAX_BITS, START_BITS, Judgement, judge
from w2s_theory.search.one_student import Setting
from w2s_theory.search.spectral_students import Flow, Link
from w2s_theory.search.teachers import PlainTeacher

PROVED, REFUTED, UNDECIDED = Verdict.PROVED, Verdict.REFUTED, Verdict.UNDECIDED
FLOOR = s.SHRINKAGE_FLOOR.expr
TWO_THIRDS = numbers(L_TE=Fraction(2, 3))


def ask(claim, setting, **options):
    return judge(statement(claim), setting, **options)


def test_a_margin_is_known_where_the_verdict_is():
    # 1 - L_TE is below the 64 bits that decide, and under a root.
    near_one = numbers(L_TE=1 - Fraction(1, 7**23), L_ST=1)
    result = ask(Ge(q.L_ST, FLOOR), near_one)
    assert result.verdict is PROVED
    assert 0 < result.margin < 1


# --- exact touching ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (Ge(FLOOR, s.quadratic()), PROVED),
        (Gt(FLOOR, s.quadratic()), REFUTED),
        (Le(FLOOR, s.quadratic()), PROVED),
        (Eq(FLOOR, s.quadratic()), PROVED),
        (Ge(FLOOR, s.quadratic(Rational(7501, 10000))), REFUTED),
        (Gt(FLOOR, s.quadratic(Rational(7499, 10000))), PROVED),
        (Ge(FLOOR, s.quadratic() + Rational(1, 10**300)), REFUTED),
        (Eq(((sqrt(1 + 3 * q.L_TE) - sqrt(1 - q.L_TE)) / 2) ** 2, FLOOR), PROVED),
    ],
    ids=str,
)
def test_where_floor_and_parabola_touch(claim, verdict):
    result = ask(claim, TWO_THIRDS)
    assert (result.verdict, result.effective) == (verdict, True)


@pytest.mark.parametrize(
    ("claim", "loss", "verdict"),
    [
        (Ge(FLOOR, s.quadratic()), 0, PROVED),
        (Gt(FLOOR, s.quadratic()), 0, REFUTED),
        (Ge(FLOOR, s.quadratic()), 1, PROVED),
        # Roots that are irrational, and equal on both sides.
        (Eq(sqrt(q.L_TE + 2 * sqrt(6)), sqrt(2) + sqrt(3)), 5, PROVED),
        (Ge(sqrt(q.L_TE + 2 * sqrt(6)), sqrt(2) + sqrt(3)), 5, PROVED),
        (Gt(sqrt(q.L_TE + 2 * sqrt(6)), sqrt(2) + sqrt(3)), 5, REFUTED),
        (Gt(sqrt(q.L_TE + 2 * sqrt(6)), sqrt(2) + sqrt(3)), 5 + Fraction(1, 10**90), PROVED),
    ],
    ids=str,
)
def test_touching_elsewhere(claim, loss, verdict):
    assert ask(claim, numbers(L_TE=loss)).verdict is verdict


def test_margin_is_relative_to_the_larger_side():
    claim = Ge(q.L_ST, q.L_TE)
    assert ask(claim, numbers(L_ST=4, L_TE=3)).margin == pytest.approx(1 / 4, rel=1e-14)
    assert ask(claim, numbers(L_ST=3, L_TE=4)).margin == pytest.approx(-1 / 4, rel=1e-14)
    assert ask(claim, numbers(L_ST=-4, L_TE=-5)).margin == pytest.approx(1 / 5, rel=1e-14)
    small = numbers(L_ST=Fraction(4, 10**30), L_TE=Fraction(3, 10**30))
    assert ask(claim, small).margin == pytest.approx(1 / 4, rel=1e-14)
    assert ask(claim, numbers(L_ST=0, L_TE=0)).margin == 0.0
    assert ask(Eq(q.L_ST, q.L_TE), numbers(L_ST=1, L_TE=1)).margin == math.inf


def test_margin_is_that_of_the_tightest_clause():
    entry = statement(Ge(q.L_ST, 1), Ge(q.L_ST, q.L_TE), Le(q.L_ST, 8))
    assert judge(entry, numbers(L_ST=4, L_TE=3)).margin == pytest.approx(1 / 4, rel=1e-14)


# --- which clause ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bounds", "verdict", "clause"),
    [
        ((0, 0, 0), PROVED, None),
        ((0, 3, 0), REFUTED, 1),
        ((0, 3, 4), REFUTED, 1),
        ((0, 1, 0), UNDECIDED, 1),
        ((1, 0, 3), REFUTED, 2),
        ((1, 1, 0), UNDECIDED, 0),
    ],
)
def test_a_refuted_clause_comes_before_an_undecided_one(bounds, verdict, clause):
    entry = statement(*(Ge(q.L_TE + i, bound + i) for i, bound in enumerate(bounds)))
    result = judge(entry, balls(L_TE=(Fraction(1, 2), 2)))
    assert (result.verdict, result.clause, result.effective) == (verdict, clause, True)


# --- settings that do not put the claim to the test -----------------------------------------------

FALSE = Ge(q.L_TE, 10)


@pytest.mark.parametrize(
    "entry",
    [
        statement(FALSE, assumes=(assuming(Ge(q.L_TE, 2)),)),
        statement(FALSE, assumes=(assuming(Ge(q.L_TE, 0), "a"), assuming(Lt(q.L_TE, 1), "b"))),
        statement(FALSE, assumes=(assuming(And(Ge(q.L_TE, 0), Le(q.L_TE, 0))),)),
        statement(FALSE, assumes=(assuming(Gt(q.GAIN, 1)),)),
        statement(Ge(q.L_TE, q.GAIN)),
        statement(Ge(q.L_TE, 0), Ge(q.GAIN, 0)),
    ],
    ids=["refuted", "second refuted", "conjunction", "no symbol", "no symbol", "later clause"],
)
def test_settings_outside_the_assumptions_are_idle(entry):
    assert judge(entry, numbers(L_TE=1)) == IDLE
    assert Judgement(verdict=Verdict.VACUOUS, effective=False, margin=math.inf) == IDLE


@pytest.mark.parametrize(
    ("name", "facts", "message"),
    [
        ("L_ST", {}, "L_ST is not the ledger's L_ST, which is assumed real"),
        ("L_ST", {"positive": True}, "L_ST is not the ledger's L_ST, which is assumed real"),
        ("n", {"real": True}, "n is not the ledger's n, which is assumed integer, positive"),
        ("L_SS", {"real": True}, "got L_SS, did you mean L_ST"),
        ("zzzzzz", {}, "w2s_theory.ledger.quantities, got zzzzzz$"),
    ],
)
def test_symbols_that_are_not_the_ledgers_are_refused_by_name(name, facts, message):
    foreign = Symbol(name, **facts)
    for entry in (
        statement(Ge(foreign, q.L_TE)),
        statement(Ge(q.L_TE, 0), assumes=(assuming(Ge(foreign, 2)),)),
    ):
        with pytest.raises(ValueError, match=message):
            judge(entry, numbers(L_TE=1))
    with pytest.raises(ValueError, match="'made' must speak of symbols of"):
        judge(statement(Ge(foreign, 2)), numbers(L_TE=1, L_ST=1, CHAIN=1))


@pytest.mark.parametrize(
    ("claim", "at", "verdict", "undefined"),
    [
        (Ge(sqrt(q.L_TE), 0), -1, UNDECIDED, True),
        (Ge((q.L_TE - 2) ** Rational(-1, 3), -5), 1, UNDECIDED, True),
        (Ge(1 / (q.L_TE - 1), 0), 1, UNDECIDED, True),
        (Ge((q.L_TE - 1) ** Rational(-1, 2), 0), 1, UNDECIDED, True),
        (Ge(log(q.L_TE), -5), 0, UNDECIDED, True),
        (Ge(log(q.L_TE - 1), -5), Fraction(1, 2), UNDECIDED, True),
        (Ge(sqrt(q.L_TE), 0), 0, PROVED, False),
        (Ge(sqrt(q.L_TE), 0), Fraction(1, 10**30), PROVED, False),
        (Ge(log(q.L_TE), 0), Fraction(1, 10**30), REFUTED, False),
        (Ge((q.L_TE - 2) ** 3, -5), 1, PROVED, False),
    ],
    ids=str,
)
def test_what_provably_has_no_value_is_told_from_what_is_undecided(claim, at, verdict, undefined):
    result = ask(claim, numbers(L_TE=at))
    assert (result.verdict, result.undefined) == (verdict, undefined)


@pytest.mark.parametrize("claim", [Ge(sqrt(q.L_TE), 0), Ge(1 / q.L_TE, 0), Ge(log(q.L_TE), -9)])
def test_a_ball_across_the_edge_is_undecided_and_not_called_undefined(claim):
    result = ask(claim, balls(L_TE=(-1, 1)))
    assert (result.verdict, result.undefined) == (UNDECIDED, False)


def test_a_refuted_assumption_outweighs_an_undecided_one():
    unsure, wrong = assuming(Ge(q.L_TE, 1), "unsure"), assuming(Ge(q.L_ST, 1), "wrong")
    setting = balls(L_TE=(0, 2), L_ST=(0, Fraction(1, 2)))
    for order in ((unsure, wrong), (wrong, unsure)):
        assert judge(statement(FALSE, assumes=order), setting) == IDLE


def test_an_undecided_assumption_leaves_the_setting_undecided_and_not_effective():
    entry = statement(FALSE, assumes=(assuming(Ge(q.L_TE, 1)),))
    result = judge(entry, balls(L_TE=(0, 2)))
    assert (result.verdict, result.effective, result.clause) == (UNDECIDED, False, None)
    assert math.isinf(result.margin)


def test_granted_assumptions_are_not_asked_again():
    hidden = assuming(Ge(q.GAIN, 0), "granted")
    entry = statement(Ge(q.L_TE, 0), assumes=(hidden,))
    assert judge(entry, numbers(L_TE=1)) == IDLE
    assert judge(entry, numbers(L_TE=1, grants=("granted",))).effective
    assert not judge(entry, numbers(L_TE=1, grants=("grant", "granted-too"))).effective


@pytest.mark.parametrize("grants", [(), ("made",)])
@pytest.mark.parametrize("value", [-1, Fraction(-1, 10**30)])
def test_what_the_numbers_refute_cannot_be_granted(grants, value):
    entry = statement(Ge(q.L_TE, 0), assumes=(assuming(Ge(q.GAIN, 0)),))
    assert judge(entry, numbers(L_TE=1, GAIN=value, grants=grants)) == IDLE
    assert judge(entry, numbers(L_TE=-1, GAIN=value, grants=grants)) == IDLE


def test_what_balls_leave_open_can_be_granted():
    entry = statement(Ge(q.L_TE, 0), assumes=(assuming(Ge(q.GAIN, 1)),))
    open_gain = {"L_TE": (1, 2), "GAIN": (0, 2)}
    assert judge(entry, balls(**open_gain)).verdict is UNDECIDED
    result = judge(entry, balls(**open_gain, grants=("made",)))
    assert (result.verdict, result.effective) == (PROVED, True)


def test_definitions_are_unfolded_in_assumptions_and_claim():
    where = ((q.TOUCH, q.L_TE + 1),)
    entry = statement(Ge(q.TOUCH, 2), assumes=(assuming(Le(q.TOUCH, 5)),), where=where)
    assert judge(entry, numbers(L_TE=1)).verdict is PROVED
    assert judge(entry, numbers(L_TE=1)).effective
    assert judge(entry, numbers(L_TE=Fraction(1, 2))).verdict is REFUTED
    assert judge(entry, numbers(L_TE=5)) == IDLE


# --- precision ------------------------------------------------------------------------------------


@dataclass
class Narrowing:
    """L_TE = 1 + 2^-need exactly, but as a ball of radius 2^-bits at the current precision."""

    need: int
    asked: list
    grants = ()

    def values(self):
        bits = flint.ctx.prec
        self.asked.append(bits)
        centre = 1 + to_arb(Fraction(1, 2**self.need))
        radius = to_arb(Fraction(1, 2**bits))
        return {q.L_TE: (centre - radius).union(centre + radius)}


@pytest.mark.parametrize("need", [10, 63, 100, 1000, 2000])
def test_precision_rises_until_the_claim_is_decided(need):
    setting = Narrowing(need, [])
    assert ask(Gt(q.L_TE, 1), setting).verdict is PROVED
    bits = setting.asked[-1]
    assert setting.asked == [START_BITS * 2**i for i in range(len(setting.asked))]
    assert bits > need
    assert bits == START_BITS or bits // 2 <= need + 8


def test_precision_stops_at_the_limit():
    setting = Narrowing(3 * MAX_BITS, [])
    assert ask(Gt(q.L_TE, 1), setting).verdict is UNDECIDED
    assert setting.asked[-1] == MAX_BITS


@pytest.mark.parametrize(
    ("time", "verdict", "effective"),
    [(50, PROVED, True), (1000, PROVED, True), (MAX_BITS, UNDECIDED, False)],
)
def test_late_flows_need_precision(time, verdict, effective):
    # s = 1 - exp(-t) <= 1 is seen once exp(-t) is resolved, which takes 1.44 t bits.
    student = Link((Fraction(1), Fraction(0)), Flow(Fraction(time)))
    teacher = PlainTeacher((Fraction(1, 2), Fraction(1, 2)))
    setting = Setting(dim=2, teacher=teacher, links=(student,))
    result = judge(w2s.ledger["lem-1-filters"], setting)
    assert (result.verdict, result.effective) == (verdict, effective)


class Broken:
    grants = ()

    def values(self):
        raise ZeroDivisionError


def test_precision_is_restored_also_after_an_error():
    before = flint.ctx.prec
    ask(Gt(q.L_TE, 1), Narrowing(100, []))
    with pytest.raises(ZeroDivisionError):
        ask(Gt(q.L_TE, 1), Broken())
    assert flint.ctx.prec == before


# --- entries of the ledger ------------------------------------------------------------------------


@pytest.mark.parametrize("gain", [Fraction(3, 2), Fraction(19, 10)])
def test_a_scaled_up_teacher_is_outside_theorem_4_1_and_refutes_its_mutant(gain):
    theorem = w2s.ledger["thm-4.1"]
    careless = next(m for m in theorem.mutants if m.id == "any-teacher")
    setting = one_student.scaled_up(gain)
    assert judge(theorem, setting) == IDLE
    result = judge(theorem.mutated(careless), setting)
    assert (result.verdict, result.clause) == (REFUTED, 0)
    assert judge(w2s.ledger["thm-4.1-needs-teacher"], setting).effective


def test_judgements_compare_by_value():
    first, second = (judge(w2s.ledger["thm-4.1"], one_student.sharp(Fraction(1, 6))) for _ in "ab")
    assert first == second
    assert first.verdict is PROVED
    assert first.effective
    assert replace(first, clause=1) != first


def test_a_clause_without_a_value_leaves_no_margin():
    claim = statement(Ge(q.L_TE, 0), Ge(1 / (2 * q.L_TE - 1), 0))
    found = judge(claim, numbers(L_TE="1/2"))
    assert found.verdict is Verdict.UNDECIDED
    assert found.undefined
    assert math.isnan(found.margin)
