"""Numbers alone: losses, exponents and steps lie on both sides of what the statements exclude."""

from fractions import Fraction

import w2s_theory as w2s
from tests.making import draws
from w2s_theory.certify import Verdict
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.registry import load
from w2s_theory.search import numbers
from w2s_theory.search.judge import judge

F = Fraction


def numbers_of(strategy, count):
    return [dict(setting.numbers) for setting in draws(strategy, count)]


def test_losses_reach_their_corners():
    found = numbers_of(numbers.losses(), 100)
    losses = [values[q.L_TE] for values in found]
    assert all(0 <= loss <= 1 for loss in losses)
    assert {F(0), F(1), F(2, 3)} <= set(losses)
    assert sum(0 < loss < F(1, 10**6) for loss in losses) >= 3
    assert sum(F(999999, 10**6) < loss < 1 for loss in losses) >= 3
    assert {values[q.CHAIN] for values in found} == {1, 2, 3, 4, 8, 16, 64}


def test_exponents_lie_on_both_sides_of_the_threshold():
    erratum = load()["err-1"]
    found = draws(numbers.exponents(), 60)
    judged = [judge(erratum, setting) for setting in found]
    assert all(x.verdict in (Verdict.PROVED, Verdict.VACUOUS) for x in judged)
    assert 0.1 < sum(x.effective for x in judged) / len(judged) < 0.9
    values = [dict(setting.numbers) for setting in found]
    assert all(v[q.COEFFICIENT] > 0 and 0 < v[q.L_TE] <= 1 for v in values)
    assert any(v[q.EXPONENT] < 2 for v in values)
    assert any(2 < v[q.EXPONENT] < 3 for v in values)
    whole = [v for v in values if v[q.EXPONENT].denominator == 1]
    ratios = [v[q.COEFFICIENT] * v[q.L_TE] ** int(v[q.EXPONENT] - 2) for v in whole]
    assert any(F(7, 10) < x < F(3, 4) for x in ratios)
    assert any(F(3, 4) < x < F(8, 10) for x in ratios)


def test_momentum_overshoots_sometimes():
    witness = load()["lem-1-overshoot"]
    judged = [judge(witness, setting) for setting in draws(numbers.momentum_steps(), 50)]
    assert all(x.verdict in (Verdict.PROVED, Verdict.VACUOUS) for x in judged)
    assert 0 < sum(x.effective for x in judged) < 50


def test_erratum_numbers_lie_on_both_sides_of_the_threshold():
    erratum = w2s.ledger["err-1"]
    effective = [judge(erratum, x).effective for x in numbers.thresholds()]
    assert any(effective)
    assert not all(effective)


def test_named_losses_are_both_ends_two_thirds_and_between():
    found = [dict(setting.numbers) for setting in numbers.named_losses()]
    losses = {values[q.L_TE] for values in found}
    assert {F(0), F(2, 3), F(1)} < losses
    assert all(0 <= loss <= 1 for loss in losses)
    assert min(losses - {F(0)}) < F(1, 10**5)
    assert max(losses - {F(1)}) > F(9, 10)
    chains = {values[q.CHAIN] for values in found}
    assert len(found) == len(losses) * len(chains)
    assert 1 in chains
    assert max(chains) > 10


def test_rules_take_one_to_twelve_steps_a_few_of_them_too_long():
    found = numbers_of(numbers.rules(), 200)
    assert {1, 2} < {values[q.STEPS] for values in found} <= set(range(1, 13))
    sizes = [values[q.STEP] * values[q.EIGENVALUE] for values in found]
    assert all(0 < size <= F(11, 10) for size in sizes)
    assert 1 <= sum(size > 1 for size in sizes) < 40
    times = [values[q.TIME] * values[q.EIGENVALUE] for values in found]
    assert min(times) < F(1, 2)
    assert max(times) > 10


def test_dimensions_are_small_and_large():
    dims = [values[q.DIM] for values in numbers_of(numbers.dimensions(), 60)]
    assert all(dim.denominator == 1 and 1 <= dim <= 10**6 for dim in dims)
    assert sum(dim <= 300 for dim in dims) > 10
    assert max(dims) > 1000
    assert {1, 2, 3, 10**6} < {dict(x.numbers)[q.DIM] for x in numbers.named_dimensions()}


def test_each_named_rule_has_one_thing_wrong_or_nothing():
    def wrong(v):
        too_long = v[q.EIGENVALUE] * v[q.STEP] > 1
        return too_long + sum(v[symbol] < 0 for symbol in (q.EIGENVALUE, q.STEP, q.STEPS, q.TIME))

    found = [wrong(dict(setting.numbers)) for setting in numbers.named_rules()]
    assert sorted(found) == [0, 1, 1, 1, 1, 1]
