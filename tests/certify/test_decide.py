import random
from fractions import Fraction

import pytest
import sympy as sp
from flint import arb, ctx
from sympy import And, Eq, Ge, Gt, Le, Lt, Ne, Not, Or, Rational

from w2s_theory.certify import Verdict, ball, decide, weakest

L, student, x, y = sp.symbols("L L_ST x y")
FLOOR = (1 + L - sp.sqrt((1 + 3 * L) * (1 - L))) / 2
TOUCH = {L: Fraction(2, 3)}
PROVED, REFUTED, UNDECIDED = Verdict.PROVED, Verdict.REFUTED, Verdict.UNDECIDED


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (Ge(FLOOR, Rational(3, 4) * L**2), PROVED),
        (Le(Rational(3, 4) * L**2, FLOOR), PROVED),
        (Gt(FLOOR, Rational(3, 4) * L**2), REFUTED),
        (Lt(FLOOR, Rational(3, 4) * L**2), REFUTED),
        (Le(FLOOR, Rational(3, 4) * L**2), PROVED),
        (Eq(FLOOR, Rational(3, 4) * L**2), PROVED),
        (Ne(FLOOR, Rational(3, 4) * L**2), REFUTED),
        (Ge(FLOOR, Rational(7501, 10000) * L**2), REFUTED),
        (Ge(FLOOR, (Rational(3, 4) + Rational(1, 10**60)) * L**2), REFUTED),
        (Gt(FLOOR, (Rational(3, 4) - Rational(1, 10**60)) * L**2), PROVED),
        (Eq(FLOOR, (Rational(3, 4) - Rational(1, 10**200)) * L**2), REFUTED),
    ],
)
def test_the_touching_point_of_the_quadratic_floor(claim, verdict):
    assert decide(claim, TOUCH).verdict is verdict


def test_touching_without_a_square_inside_the_root():
    values = {x: 2, y: 3}
    claim = Ge(sp.sqrt(x) + sp.sqrt(y), sp.sqrt(x + y + 2 * sp.sqrt(x * y)))
    result = decide(claim, values)
    assert (result.verdict, result.bits) == (PROVED, 0)
    assert result.margin.is_zero()
    strict = Gt(*claim.args)
    assert decide(strict, values).verdict is REFUTED
    assert decide(strict, values, start_bits=100).verdict is REFUTED
    assert decide(strict, values, max_bits=128).verdict is UNDECIDED


def test_exact_rational_claims_use_no_balls():
    result = decide(Ge(x**2 / (x + 1), Rational(1, 6)), {x: Fraction(1, 2)}, start_bits=2)
    assert (result.verdict, result.bits) == (PROVED, 0)
    third = Gt(x, Rational(1, 3) - Rational(1, 10**500))
    assert decide(third, {x: Fraction(1, 3)}, start_bits=2).verdict is PROVED
    assert decide(Not(third), {x: Fraction(1, 3)}, start_bits=2).verdict is REFUTED


@pytest.mark.parametrize(
    ("claim", "margin"),
    [
        (x >= 1, 2),
        (x > 1, 2),
        (x <= 1, -2),
        (x < 5, 2),
        (Eq(x, 5), -2),
        (Ne(x, 5), 2),
        (And(x >= 1, x <= 4), 1),
        (Or(x >= 1, x <= 2), 2),
        (Not(Eq(x, 4), evaluate=False), 1),
    ],
)
def test_margins(claim, margin):
    assert decide(claim, {x: 3}).margin == margin


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (And(x >= 1, y >= 1), PROVED),
        (And(x >= 1, y >= 3), REFUTED),
        (Or(x >= 9, y >= 1), PROVED),
        (Or(x >= 9, y >= 9), REFUTED),
        (And(x >= 9, y >= sp.sqrt(-x)), REFUTED),
        (And(x >= 1, y >= sp.sqrt(-x)), UNDECIDED),
        (Or(x >= 1, y >= sp.sqrt(-x)), PROVED),
        (Not(Or(x >= 9, y >= 9)), PROVED),
        (sp.true, PROVED),
        (sp.false, REFUTED),
        (True, PROVED),
    ],
)
def test_connectives(claim, verdict):
    assert decide(claim, {x: 3, y: 2}).verdict is verdict


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        (sp.sqrt(x) >= 0, -1),
        (1 / x >= 0, 0),
        (1 / x + sp.sqrt(2) >= 0, 0),
        (sp.log(x) <= 0, 0),
        (sp.log(x) <= 1, -1),
        (sp.asin(x) <= 2, 2),
        (sp.Max(0, sp.sqrt(x) - 1) <= 1, -1),
    ],
)
def test_undefined_sides_stay_undecided(claim, value):
    assert decide(claim, {x: value}).verdict is UNDECIDED


def test_balls_decide_only_what_holds_throughout():
    assert decide(x >= 1, {x: ball(2.0, 0.5)}).verdict is PROVED
    assert decide(x >= 1, {x: ball(0.0, 0.5)}).verdict is REFUTED
    assert decide(x >= 1, {x: ball(1.0, 0.5)}).verdict is UNDECIDED
    assert decide(Not(x >= 1), {x: ball(1.0, 0.5)}).verdict is UNDECIDED
    assert decide(Eq(x, 1), {x: ball(1.0, 0.5)}).verdict is UNDECIDED
    assert decide(sp.sqrt(x) >= -1, {x: ball(0.0, 0.5)}).verdict is UNDECIDED


def test_an_infinite_side_decides_nothing():
    assert decide(x >= 1, {x: arb("inf")}).verdict is UNDECIDED
    assert decide(x >= 1, {x: arb.nan()}).verdict is UNDECIDED


def test_balls_are_not_chased_through_the_precisions():
    result = decide(sp.exp(x) >= 1, {x: ball(0.0, 1e-3)}, max_bits=10**6)
    assert result.verdict is UNDECIDED
    assert result.bits <= 256


def test_an_exact_ball_counts_as_exact():
    assert decide(Eq(x, Rational(3, 4)), {x: arb(0.75)}).verdict is PROVED


@pytest.mark.parametrize(("last", "verdict"), [(785, PROVED), (786, REFUTED)])
def test_close_numbers_take_more_bits(last, verdict):
    digits = 14142135623730950488016887242096980 * 1000 + last  # sqrt(2) = 1.41...980785696...
    result = decide(sp.sqrt(x) > Rational(digits, 10**37), {x: 2})
    assert result.verdict is verdict
    assert result.bits > 64


def test_agrees_with_rational_arithmetic_on_random_claims():
    generator = random.Random(7)
    for _ in range(300):
        a, b = (Fraction(generator.randint(0, 60), generator.randint(1, 9)) for _ in range(2))
        truth = a >= b  # the same as sqrt(a) >= sqrt(b)
        result = decide(sp.sqrt(x) >= sp.sqrt(y), {x: a, y: b})
        assert result.verdict is (PROVED if truth else REFUTED)


@pytest.mark.parametrize(
    ("claim", "values", "message"),
    [
        (Ge(x, sp.Float(0.5)), {x: 1}, "float"),
        (x >= 1, {x: 0.5}, "Fraction"),
        (x + y >= 1, {x: 1}, "symbol y"),
        (sp.sqrt(x) + y >= 1, {x: 1}, "symbol y"),
        (x + 1, {x: 1}, "relation"),
        (1, {}, "relation"),
        (sp.zeta(x) > 1, {x: 2}, "zeta"),
        (sp.Xor(x > 1, y > 1), {x: 2, y: 2}, "relation"),
    ],
)
def test_bad_input(claim, values, message):
    with pytest.raises(ValueError, match=message):
        decide(claim, values)


@pytest.mark.parametrize("bits", [{"start_bits": 1}, {"start_bits": 128, "max_bits": 64}])
def test_bad_precision(bits):
    with pytest.raises(ValueError, match="bits"):
        decide(x >= 1, {x: 1}, **bits)


def test_precision_is_restored():
    before = ctx.prec
    decide(sp.sqrt(x) > 1, {x: 2})
    with pytest.raises(ValueError, match="Fraction"):
        decide(sp.sqrt(x) > 1, {x: 0.5})
    assert ctx.prec == before


def test_verdict_order():
    assert weakest([]) is PROVED
    assert weakest([PROVED, UNDECIDED]) is UNDECIDED
    assert weakest([UNDECIDED, REFUTED, PROVED]) is REFUTED
    assert (PROVED & REFUTED, UNDECIDED & PROVED) == (REFUTED, UNDECIDED)
    assert (PROVED | REFUTED, UNDECIDED | REFUTED) == (PROVED, UNDECIDED)
    assert [~PROVED, ~REFUTED, ~UNDECIDED] == [REFUTED, PROVED, UNDECIDED]


@pytest.mark.parametrize(("sign", "verdict"), [(1, REFUTED), (-1, PROVED)])
def test_a_narrow_ball_is_followed_as_far_as_it_is_narrow(sign, verdict):
    """Bits are doubled while the margin shrinks: 64 and 128 do not settle this, 512 do."""
    with ctx.workprec(600):
        given = arb(2, arb(2) ** -550)
        root = Fraction(int(sp.floor(sp.sqrt(2).evalf(120) * 10**100)), 10**100)
    claim = sp.sqrt(x) > Rational(root.numerator, root.denominator) + sign * Rational(1, 10**99)
    found = decide(claim, {x: given})
    assert found.verdict is verdict
    assert found.bits == 512


def test_what_cancels_must_have_a_value_all_the_same():
    for part, nowhere in ((sp.log(-x), 1), (1 / x, 0), (sp.sqrt(-x), 1), (sp.asin(1 + x), 1)):
        for claim in (Ge(part + 1, part, evaluate=False), Eq(part, part, evaluate=False)):
            assert decide(claim, {x: Fraction(nowhere)}).verdict is UNDECIDED
            assert decide(claim, {x: Fraction(-1)}).verdict is PROVED
