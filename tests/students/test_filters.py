from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from flint import arb, ctx, fmpq

from w2s_theory.ledger import section4
from w2s_theory.students.filters import (
    Chain,
    GradientDescent,
    GradientFlow,
    HeavyBall,
    IterateAveraging,
    Nesterov,
    Ridge,
    SpectralCutoff,
    learning_rule,
    named_rules,
)
from w2s_theory.students.floats import field_function
from w2s_theory.students.spectral import SpectralFilter, flow_resolvent

RATIONAL = [
    GradientDescent(0.25, 12),
    GradientDescent(Fraction(3, 2), 3),
    GradientDescent(0.5, 0),
    Ridge(0.125),
    SpectralCutoff(0.3),
    IterateAveraging(0.5, 9),
    IterateAveraging(0.125, 200),
    HeavyBall(0.5, 0.75, 20),
    HeavyBall(0.25, 0, 6),
    HeavyBall(0.5, 0.75, 2),
    *(Nesterov(0.5, n) for n in (0, 1, 2, 9, 40)),
    Chain((Ridge(0.5), GradientDescent(0.25, 4))),
]
VALUES = [Fraction(0), Fraction(1, 10**12), Fraction(1, 1000), Fraction(1, 7), Fraction(1, 2)]
VALUES += [Fraction(1), Fraction(9, 4)]


@pytest.mark.parametrize("rule", RATIONAL)
@pytest.mark.parametrize("value", VALUES)
def test_floats_match_the_exact_formula(rule: SpectralFilter, value: Fraction) -> None:
    exact = rule(value)
    assert isinstance(exact, Fraction)
    computed = rule(np.array([float(value)]))[0]
    # relative accuracy down to lambda = 1e-12, where 1 - (1 - x)^n would keep 4 digits
    shifted = rule(Fraction(float(value)))
    assert computed == pytest.approx(float(shifted), rel=2e-13, abs=0)
    if value > 0:
        resolvent = rule.resolvent(np.array([float(value)]))[0]
        assert resolvent == pytest.approx(float(shifted / Fraction(float(value))), rel=2e-13)


@pytest.mark.parametrize("rule", RATIONAL)
def test_the_resolvent_is_continuous_at_zero(rule: SpectralFilter) -> None:
    limit, near = rule.resolvent(np.array([0.0, 1e-13]))
    # Between 0 and 1e-13 the resolvent moves by its slope times 1e-13.
    assert limit == pytest.approx(near, rel=1e-9, abs=1e-11)
    if not isinstance(rule, SpectralCutoff | Chain):
        assert limit == pytest.approx(rule.time, rel=1e-14)


@pytest.mark.parametrize("rule", [*RATIONAL[:4], *RATIONAL[5:], GradientFlow(3.0)])
def test_sympy_and_arb_share_the_formula(rule: SpectralFilter) -> None:
    symbol = sp.Symbol("lam", positive=True)
    symbolic = rule.formula(symbol).subs(symbol, sp.Rational(1, 7))
    with ctx.workprec(128):
        ball = rule.formula(arb(fmpq(1, 7)))
    reference = rule(np.array([1 / 7]))[0]
    # Rounding of up to a few hundred float64 steps.
    assert float(symbolic) == pytest.approx(reference, rel=1e-12)
    assert float(ball.mid()) == pytest.approx(reference, rel=1e-12)


def test_gradient_flow_keeps_relative_accuracy_and_its_limits() -> None:
    times = np.array([0.0, 1e-9, 1.0, 1e3, np.inf])
    values = np.array([0.0, 1e-12, 0.5])
    resolvent = flow_resolvent(values, times)
    assert resolvent[:, 0] == pytest.approx([0, 1e-9, 1, 1e3, 0], rel=1e-15)
    # 1 - exp(-x) = x (1 - x/2): here x is 5e-10 at most.
    assert resolvent[1] == pytest.approx([1e-9] * 3, rel=1e-9)
    assert resolvent[4] == pytest.approx([0, 1e12, 2], rel=1e-15)
    assert GradientFlow(np.inf)(Fraction(1, 3)) == 1
    assert GradientFlow(np.inf)(Fraction(0)) == 0
    with pytest.raises(ValueError, match="not rational"):
        GradientFlow(1.0)(Fraction(1, 3))


def test_one_fraction_among_numbers_makes_all_exact() -> None:
    rule = GradientDescent(Fraction(3), 1)  # s = 3 lambda: 1 at a third, above 1 beyond
    assert rule.shrinks([Fraction(1, 3), 0])
    assert not rule.shrinks([0, Fraction(1, 3) + Fraction(1, 10**30)])


def test_which_rules_shrink() -> None:
    spectrum = np.linspace(0, 1, 101)
    shrinking = [
        GradientFlow(7.0),
        GradientDescent(1.0, 5),
        Ridge(0.1),
        SpectralCutoff(0.2),
        IterateAveraging(1.0, 4),
        Chain((Ridge(0.1), GradientFlow(2.0))),
    ]
    assert all(rule.shrinks(spectrum) for rule in shrinking)
    assert not HeavyBall(1.0, 0.9, 8).shrinks(spectrum)
    assert not GradientDescent(1.5, 3).shrinks(spectrum)  # s = 1 + (1/2)^3 at 1
    assert GradientDescent(1.5, 4).shrinks(spectrum)
    assert not HeavyBall(Fraction(1), Fraction(9, 10), 4).shrinks([Fraction(1), Fraction(1, 2)])
    assert Ridge(Fraction(1, 9)).shrinks(Fraction(5))


@pytest.mark.parametrize(
    "rule",
    [
        GradientFlow(40.0),
        GradientDescent(1.0, 30),
        GradientDescent(3.0, 5),
        Ridge(0.01),
        SpectralCutoff(0.5),
        IterateAveraging(1.0, 30),
        IterateAveraging(3.5, 3),
        HeavyBall(1.0, 0.25, 10),
        Nesterov(1.0, 10),
        Chain((GradientFlow(3.0), HeavyBall(0.25, 0.25, 10))),
    ],
)
@pytest.mark.parametrize("largest", [1e-4, 0.05, 0.25])
def test_the_supremum_bounds_the_filter(rule: SpectralFilter, largest: float) -> None:
    grid = np.concatenate([[0.0], np.geomspace(1e-9, largest, 2000)])
    bound = rule.supremum(largest)
    assert np.abs(rule(grid)).max() <= bound * (1 + 1e-12)
    assert bound <= 5


@pytest.mark.parametrize(
    ("rule", "largest", "supremum"),
    [
        (GradientDescent(1.0, 3), 0.5, 0.875),  # monotone while step largest <= 1
        (GradientDescent(1.0, 3), 1.0, 1.0),
        (GradientDescent(2.0, 3), 0.75, 2.0),
        (GradientDescent(2.0, 3), 1.5, 9.0),  # 1 + 2^3, which s takes
        (IterateAveraging(1.0, 2), 0.5, 0.625),
        (HeavyBall(1.0, 0.0, 4), 0.125, 0.5),  # without momentum: 4 steps of 1
        (HeavyBall(1.0, 0.0, 4), 0.5, 1.0),
        (HeavyBall(1.0, 0.25, 10), 0.25, 1.0),
        (Nesterov(1.0, 2), 0.125, 0.28125),  # 2 (2 + 7)/8 steps of 1
        (Nesterov(1.0, 10), 1.0, 2.0),
        (Ridge(0.5), 1.5, 0.75),
        (Chain((Ridge(0.5), Ridge(0.5))), 0.5, 0.25),
    ],
)
def test_suprema_are_as_small_as_promised(
    rule: SpectralFilter, largest: float, supremum: float
) -> None:
    assert rule.supremum(largest) == pytest.approx(supremum, rel=1e-14)


@pytest.mark.parametrize("rule", [HeavyBall(1.0, 0.25, 3), Nesterov(0.25, 3)])
def test_a_supremum_beyond_its_range_is_refused(rule: SpectralFilter) -> None:
    border = 0.25 if isinstance(rule, HeavyBall) else 4.0
    assert rule.supremum(border) > 0
    with pytest.raises(ValueError, match="largest must satisfy step largest <="):
        rule.supremum(math.nextafter(border, 9))


def test_the_momentum_supremum_refuses_the_underdamped_range() -> None:
    with pytest.raises(ValueError, match="smaller momentum"):
        HeavyBall(1.0, 0.9, 10).supremum(0.5)


def test_counts_are_plain_integers() -> None:
    """An int8 would overflow in what is made of it."""
    for rule in (
        GradientDescent(0.5, np.int8(99)),
        IterateAveraging(0.5, np.int8(99)),
        HeavyBall(0.5, 0.1, np.int8(99)),
    ):
        assert type(rule.steps) is int


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: GradientFlow(-1.0), "duration"),
        (lambda: GradientFlow(float("nan")), "duration"),
        (lambda: GradientDescent(0, 3), "step"),
        (lambda: GradientDescent(0.1, True), "steps"),
        (lambda: GradientDescent(0.1, -1), "steps"),
        (lambda: Ridge(0.0), "penalty"),
        (lambda: Ridge(float("inf")), "penalty"),
        (lambda: SpectralCutoff(-1.0), "threshold"),
        (lambda: IterateAveraging(0.1, 0), "steps"),
        (lambda: HeavyBall(0.1, 1.0, 3), "momentum"),
        (lambda: Chain(()), "links"),
        (lambda: Nesterov(0.1, -1), "steps"),
        (lambda: Nesterov(1.0, 9).supremum(1.5), "largest"),
        (lambda: Nesterov(2.0, 10**4)([1.0]), "diverges"),
        (lambda: HeavyBall(9.0, 0.5, 10**6)([1.0]), "diverges"),
        (lambda: learning_rule("gd:0"), "step"),
        (lambda: learning_rule("gd:3")(1.0, 1.0), "step"),
        (lambda: learning_rule("flow:3"), "takes no value"),
        (lambda: Ridge(1.0)(np.array([-1.0])), "eigenvalues"),
        (lambda: Ridge(1.0)(Fraction(-1)), "eigenvalues"),
        (lambda: Ridge(1.0)([float("nan")]), "eigenvalues"),
        (lambda: GradientDescent(1e3, 500)([1.0]), "diverges"),
        (lambda: flow_resolvent([1.0], [-1.0]), "times"),
        (lambda: flow_resolvent([1.0], [float("nan")]), "times"),
        (lambda: flow_resolvent([1.0], "now"), "times"),
    ],
)
def test_bad_input(build: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        build()  # type: ignore[operator]


@pytest.mark.parametrize("name", [*named_rules(), "gd:0.2", "heavy-ball:0.5"])
def test_a_named_rule_has_about_the_time_asked_for(name: str) -> None:
    for time in (0.5, 3.0, 1000.0):
        rule = learning_rule(name)(time, 4.0)
        if type(rule) not in (HeavyBall, Nesterov):
            assert abs(rule.time - time) <= 1 / 8  # half a step of gradient descent
            assert rule.shrinks(np.linspace(0, 4, 50))
        elif time > 100:  # heavy ball starts slowly, as if momentum/(1 - momentum) steps late
            assert rule.time == pytest.approx(time, rel=0.03)


def test_momentum_is_right_after_more_steps_than_can_be_taken_one_by_one() -> None:
    step, momentum, value = 0.5, 0.75, 1e-9
    many = HeavyBall(step, momentum, 10**10)([value])
    # The slow root of z^2 - (1 + momentum - step value) z + momentum, to first order in value.
    assert many == pytest.approx(-np.expm1(-(10**10) * step * value / (1 - momentum)), rel=1e-8)
    slow, n = Nesterov(step, 10**5), 10**5
    # 1 - s is 2 J_1(w)/w to first order, w = n sqrt(step value): Mehler and Heine.
    from scipy.special import j1

    for value in (1e-12, 1e-10, 1e-8):
        w = (n + 1.75) * np.sqrt(step * value)
        assert slow([value]) == pytest.approx(1 - 2 * j1(w) / w, rel=1e-3)


def test_a_rule_that_no_time_fixes_has_no_name() -> None:
    assert Chain not in named_rules().values()
    with pytest.raises(ValueError, match="fixed by its time"):
        Chain.at_time(1.0, 1.0)


def test_heavy_ball_is_the_ledgers_after_two_steps() -> None:
    step, momentum, value = Fraction(1, 3), Fraction(1, 5), Fraction(2, 7)
    two = field_function(section4.HEAVY_BALL_TWO_STEPS)
    assert HeavyBall(step, momentum, 2)(value) == two(value, step, momentum)
