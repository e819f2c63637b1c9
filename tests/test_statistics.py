"""Intervals and tests: coverage against known laws, and refusals."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import norm

from w2s_theory import statistics
from w2s_theory.statistics import (
    LawTest,
    bounded_mean_interval,
    extrapolated_median,
    failure_bound,
    law_draws,
    law_test,
    mean_reach,
    median_interval,
    median_share,
    power_law,
)


def misses(make, truth, tries=2000):
    """How often an interval at error rate 0.05 misses."""
    rng = np.random.default_rng(0)
    found = [make(rng) for _ in range(tries)]
    return np.mean([not (i.low <= truth <= i.high) for i in found])


def test_median_interval_keeps_its_rate():
    rate = misses(lambda r: median_interval(r.exponential(size=40), error_rate=0.05), np.log(2))
    assert rate <= 0.05 + 0.02  # 4 standard errors of 2000 tries
    assert rate >= 0.005


def test_median_interval_of_few_draws_is_their_range():
    values = np.arange(21.0)
    found = median_interval(values)
    assert (found.low, found.estimate, found.high) == (0.0, 10.0, 20.0)
    with pytest.raises(ValueError, match="at least 21 draws, got 20"):
        median_interval(values[:20])


def successes(share_of, tries=400):
    rng = np.random.default_rng(4)
    return np.mean([share_of(rng) for _ in range(tries)])


@pytest.mark.parametrize("count", [30, 100, 400])
def test_medians_are_told_from_values_with_that_share_below(count):
    """With power 0.9 at error rate 0.01: often enough, and not with half of what is over 1/2."""
    share = median_share(count, error_rate=0.01, power=0.9)

    def below(rng, value):
        return median_interval(rng.uniform(size=count), error_rate=0.01).high < value

    assert successes(lambda rng: below(rng, share)) >= 0.9 - 0.06  # four standard errors
    assert successes(lambda rng: below(rng, (share + 0.5) / 2)) < 0.75


def test_more_draws_resolve_more():
    assert median_share(10) == 1.0
    assert median_share(100) > median_share(200) > median_share(200, power=0.9)
    assert median_share(200) > median_share(200, error_rate=1e-3)
    assert mean_reach(500, 0.1) > mean_reach(1000, 0.1) > mean_reach(1000, 0.1, power=0.5)
    assert mean_reach(500, 0.1) > mean_reach(500, 0.1, error_rate=1e-3)
    assert mean_reach(500, 0.2) > mean_reach(500, 0.1)
    assert law_draws(0.01) > law_draws(0.02) > law_draws(0.02, error_rate=1e-3)
    assert law_draws(0.02) > law_draws(0.02, power=0.5)


@pytest.mark.parametrize(("low", "high"), [(0, 1), (0.4, 0.5)])
def test_means_are_as_near_as_that(low, high):
    reach = mean_reach(2000, (high - low) / np.sqrt(12), error_rate=1e-3, power=0.99)

    def near(rng):
        found = bounded_mean_interval(rng.uniform(low, high, 2000), 0, 1, error_rate=1e-3)
        middle = (low + high) / 2
        return max(found.high - middle, middle - found.low) <= reach

    assert successes(near) >= 0.99


def test_laws_at_that_distance_are_rejected():
    count = law_draws(0.1, error_rate=1e-3, power=0.99)

    def rejected(rng):
        shifted = np.clip(rng.uniform(size=count) + 0.1, 0, 1)  # at distance 0.1 exactly
        return not law_test(shifted, lambda x: np.clip(x, 0, 1), error_rate=1e-3).consistent

    assert successes(rejected, 100) >= 0.99


def test_failure_bounds():
    assert failure_bound(0, 200) == pytest.approx(1 - 0.05 ** (1 / 200), rel=1e-9)
    assert failure_bound(1, 200) > failure_bound(0, 200)
    assert failure_bound(7, 7) == 1.0
    with pytest.raises(ValueError, match=r"failures must be in 0\.\.runs, got 3 of 2"):
        failure_bound(3, 2)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: median_share(0), "draws must be an integer"),
        (lambda: mean_reach(1, 0.1), "draws must be an integer"),
        (lambda: mean_reach(10, -0.1), "spread must be a finite number >= 0"),
        (lambda: law_draws(0.1, power=1.0), "error_rate must be in"),
    ],
)
def test_refused_sample_sizes(ask, message):
    with pytest.raises(ValueError, match=message):
        ask()


def test_an_interval_knows_what_was_known_before():
    assert bounded_mean_interval([0.5, 0.7], 0, 1).range.contains(1)
    assert not bounded_mean_interval([0.5, 0.7], 0, 1).range.contains(1.001)
    assert median_interval(range(40)).range.contains(-1e300)


def test_bounded_mean_interval_covers():
    rate = misses(
        lambda r: bounded_mean_interval(r.beta(2, 5, 200), 0, 1, error_rate=0.05), 2 / 7, 500
    )
    assert rate == 0.0  # Bernstein is conservative
    with pytest.raises(ValueError, match=r"values must be in \[0, 1\]"):
        bounded_mean_interval([0.5, 1.5], 0, 1)


def test_law_test_accepts_the_law_and_rejects_a_near_one():
    from scipy.stats import norm

    draws = np.random.default_rng(1).normal(size=5000)
    assert law_test(draws, norm.cdf).consistent
    assert not law_test(draws, lambda x: norm.cdf(x, 0.15)).consistent


def test_power_law_recovers_an_exponent():
    rng = np.random.default_rng(2)
    groups = np.repeat([1.0, 2.0, 4.0, 8.0], 30)
    y = 3 * groups**-1.5 * np.exp(0.1 * rng.standard_normal(groups.size))
    found = power_law(groups, y, groups)
    assert found.exponent.low < -1.5 < found.exponent.high
    assert found.exponent.high - found.exponent.low < 0.2
    # The log of the constant has standard deviation 0.1 sqrt(1/120 + mean^2/sum of squares), here
    # 0.0153 (logs of 1, 2, 4, 8, 30 times each): 0.1 is more than six of them.
    assert found.constant == pytest.approx(3, rel=0.1)


def test_power_law_of_exact_data_is_exact():
    x = np.array([1.0, 2.0, 3.0])
    found = power_law(x, 5 * x**2, x)
    assert found.exponent.estimate == pytest.approx(2, rel=1e-12)
    assert found.exponent.high - found.exponent.low < 1e-10


@pytest.mark.parametrize(
    ("x", "y", "groups", "message"),
    [
        ([1.0, -2.0], [1.0, 1.0], [1, 2], "x must be positive"),
        ([1.0, 2.0], [1.0], [1, 2], "one length"),
        ([1.0, 1.0], [1.0, 2.0], [1, 2], "at least 2 values"),
        ([1.0, np.nan], [1.0, 2.0], [1, 2], "finite"),
    ],
)
def test_refused_power_laws(x, y, groups, message):
    with pytest.raises(ValueError, match=message):
        power_law(x, y, groups)


@pytest.mark.parametrize("rate", [0, 1, -0.1, True, float("nan")])
def test_refused_error_rates(rate):
    with pytest.raises(ValueError, match="error_rate must be in"):
        median_interval(np.arange(50.0), error_rate=rate)


def test_the_ball_of_an_interval_contains_it():
    found = bounded_mean_interval([0.1, 0.2, 0.35], 0, 1)
    assert found.ball.contains(found.low)
    assert found.ball.contains(found.high)


def test_extrapolation_recovers_an_intercept():
    rng = np.random.default_rng(3)
    scales = np.array([0.1, 0.2, 0.4])
    groups = [1 + 5 * x + 0.1 * rng.standard_normal(100) for x in scales]
    found = extrapolated_median(groups, scales)
    assert found.low < 1 < found.high
    assert found.high - found.low < 0.2
    with pytest.raises(ValueError, match="at least 3"):
        extrapolated_median(groups[:2], scales[:2])


# --- each error bound, and what it would miss if it were narrower ------------------------------


def test_a_median_interval_is_the_narrowest_of_its_rate():
    values = np.arange(1.0, 102)
    for rate in (0.3, 0.05, 1e-3, 1e-9):
        found = median_interval(values, error_rate=rate)
        place = int(found.low)
        assert found.low + found.high == 102
        below = [math.comb(101, k) / 2**101 for k in range(102)]
        assert 2 * sum(below[:place]) <= rate < 2 * sum(below[: place + 1])
        assert (found.draws, found.error_rate) == (101, rate)


@pytest.mark.parametrize("count", [2, 5, 8, 21])
def test_a_rate_met_exactly_needs_no_further_draw(count):
    found = median_interval(np.arange(float(count)), error_rate=2.0 ** (1 - count))
    assert (found.low, found.high) == (0, count - 1)
    with pytest.raises(ValueError, match=f"at least {count} draws, got {count - 1}"):
        median_interval(np.arange(count - 1.0), error_rate=2.0 ** (1 - count))


@pytest.mark.parametrize(("count", "rate"), [(20, 0.05), (100, 0.05), (1000, 1e-6)])
def test_bernstein_at_no_variance_covers_what_was_never_seen(count, rate):
    """All draws 0: every probability up to 1 - rate^(1/n) gives that more often than the rate."""
    for low, high in ((0, 1), (-3, 5)):
        found = bounded_mean_interval(np.full(count, low), low, high, error_rate=rate)
        unseen = low + (high - low) * (1 - rate ** (1 / count))
        assert found.low < low < unseen < found.high


def test_bernstein_is_the_bound_of_maurer_and_pontil():
    """Their theorem 4 for each side at half the rate, typed anew: delta = rate/2."""
    values = np.array([0.0, 1, 1, 2, 4]) - 1
    delta = 0.01 / 2
    log = math.log(2 / delta)
    variance = sum((values[i] - values[j]) ** 2 for i in range(5) for j in range(i)) / (5 * 4)
    half = math.sqrt(2 * variance * log / 5) + 4 * 7 * log / (3 * 4)
    found = bounded_mean_interval(values, -1, 3, error_rate=0.01)
    assert found.estimate == pytest.approx(0.6)
    assert found.high - 0.6 == pytest.approx(half, rel=1e-14)
    assert 0.6 - found.low == pytest.approx(half, rel=1e-14)
    assert (found.draws, found.error_rate) == (5, 0.01)


def test_means_need_two_draws_in_the_interval():
    assert bounded_mean_interval([0.0, 1.0], 0, 1).draws == 2
    with pytest.raises(ValueError, match="at least 2 draws, got 1"):
        bounded_mean_interval([0.5], 0, 1)
    for bad in (-1e-9, 1 + 1e-9):
        with pytest.raises(ValueError, match="values must be in"):
            bounded_mean_interval([0.5, bad], 0, 1)


def test_the_distance_of_a_law_and_its_edge():
    found = law_test([0.1, 0.4, 0.7], lambda x: x, error_rate=0.05)
    assert found.distance == pytest.approx(0.3)
    # P(D_3 >= 0.3) = 1 - 3! times a volume (Birnbaum 1952); 0.8 lies between his 0.3 and 0.35
    assert 0.7 < found.p_value < 0.9
    assert (found.draws, found.error_rate) == (3, 0.05)
    edge = LawTest(distance=0.5, p_value=0.05, draws=3, error_rate=0.05)
    assert edge.consistent
    assert not LawTest(distance=0.5, p_value=0.0499, draws=3, error_rate=0.05).consistent


def analytic_error(x, spread, counts):
    """Standard error of a slope whose groups have their own spread: the bootstrap's limit."""
    weights = np.repeat(x, counts) - np.repeat(x, counts).mean()
    return math.sqrt(sum((weights / (weights**2).sum()) ** 2 * np.repeat(spread, counts) ** 2))


@pytest.mark.parametrize("rate", [0.05, 1e-6])
def test_the_bootstrap_width_is_the_error_times_a_two_sided_quantile(rate):
    rng = np.random.default_rng(4)
    widths, counts, spreads = np.array([1.0, 2, 8]), (40, 80, 20), (0.4, 0.05, 0.2)
    noise = []
    for count, spread in zip(counts, spreads, strict=True):
        draws = rng.standard_normal(count)
        noise.append(spread * (draws - draws.mean()) / draws.std())
    x = np.repeat(widths, counts)
    y = 2 * x**0.5 * np.exp(np.concatenate(noise))
    found = power_law(x, y, x, error_rate=rate)
    half = norm.isf(rate / 2) * analytic_error(np.log(widths), spreads, counts)
    assert found.exponent.estimate == pytest.approx(0.5, abs=1e-12)  # the noise sums to 0
    assert found.constant == pytest.approx(2, rel=1e-12)
    assert found.exponent.high - 0.5 == pytest.approx(half, rel=0.06)  # 2000 resamples: 1.6 %
    assert 0.5 - found.exponent.low == pytest.approx(half, rel=0.06)
    assert (found.exponent.draws, found.exponent.error_rate) == (140, rate)


def test_an_intercept_by_weights_and_its_percentiles():
    rng = np.random.default_rng(5)
    x, counts = np.array([0.1, 0.2, 0.4, 0.8]), (400, 900, 400, 400)
    groups = [2 - s + (0.1 + s) * rng.standard_normal(n) for s, n in zip(x, counts, strict=True)]
    found = extrapolated_median(groups, x, error_rate=0.2)
    medians = np.array([np.median(g) for g in groups])
    weights = 1 / 4 - x.mean() * (x - x.mean()) / ((x - x.mean()) ** 2).sum()
    assert found.estimate == pytest.approx(weights @ medians, rel=1e-12)
    errors = [1.2533 * (0.1 + s) / math.sqrt(n) for s, n in zip(x, counts, strict=True)]
    half = norm.isf(0.1) * math.sqrt(
        sum((w * e) ** 2 for w, e in zip(weights, errors, strict=True))
    )
    assert found.high - found.low == pytest.approx(2 * half, rel=0.2)
    assert abs(found.high + found.low - 2 * found.estimate) < half
    assert (found.draws, found.error_rate) == (2100, 0.2)
    assert extrapolated_median(groups[:3], x[:3]).error_rate == 0.05
    with pytest.raises(ValueError, match="at least 3, got 3, 4"):
        extrapolated_median(groups[:3], x)


def test_resamples_are_seeded_and_at_least_two():
    x = np.repeat([1.0, 2.0], 10)
    y = x * np.exp(np.random.default_rng(6).standard_normal(20))
    groups = [y[:7], y[7:14], y[14:]]
    for make in (
        lambda **how: power_law(x, y, x, **how).exponent,
        lambda **how: extrapolated_median(groups, [1.0, 2, 3], **how),
    ):
        assert make(resamples=50) == make(resamples=50, seed=0) != make(resamples=50, seed=1)
        assert make(resamples=2).low < make(resamples=2).high
        with pytest.raises(ValueError, match="resamples must be"):
            make(resamples=1)


def test_ends_of_an_interval_the_wrong_way_round_are_refused():
    with pytest.raises(ValueError, match="low must be below high"):
        bounded_mean_interval([0.5, 0.5], 1, 0)


def test_law_draws_is_rounded_up_and_has_an_end():
    exact = sum(math.sqrt(math.log(2 / side) / 2) for side in (1e-6, 1e-3)) * 30
    assert law_draws(1 / 30) == math.ceil(exact**2) > exact**2
    with pytest.raises(ValueError, match="distance must be in"):
        law_draws(1e-8)


def test_resamples_have_an_end():
    with pytest.raises(ValueError, match="resamples must be an integer"):
        extrapolated_median([[1.0, 2.0]] * 3, [1.0, 2.0, 3.0], resamples=10**9 + 1)


def test_the_reach_of_a_mean_term_by_term():
    """log(4/rate) = log(2/(1 - power)) = 8, 101 draws: sqrt(16/101) 0.9 + 56/300 and so on."""
    found = mean_reach(101, 0.5, error_rate=4 * math.exp(-8), power=1 - 2 * math.exp(-8))
    assert found == pytest.approx(math.sqrt(16 / 101) * 1.4 + 56 / 300 + 8 / 303, rel=1e-9)


def test_a_bootstrap_of_many_draws_needs_little_memory(monkeypatch):
    x, groups = np.linspace(1.0, 2.0, 60), np.repeat([0, 1, 2], 20)
    y = x**2 * np.exp(np.sin(40 * x) / 5)
    whole = statistics.power_law(x, y, groups, error_rate=0.05).exponent
    monkeypatch.setattr(statistics, "_MOST_PICKS", 60 * 64)
    parts = statistics.power_law(x, y, groups, error_rate=0.05).exponent
    assert parts.estimate == whole.estimate
    assert parts.low == pytest.approx(whole.low, rel=0.01)
    assert parts.low != whole.low  # other resamples
