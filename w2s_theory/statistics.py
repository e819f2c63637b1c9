"""Statistics of the Monte-Carlo checks: intervals and tests with a stated error rate.

Each function takes independent draws and returns what it concludes together with the probability
of being wrong. Distribution-free methods come first; the bootstrap is a large-sample method, and
says so.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from w2s_theory.arguments import FloatArray, float_array, integer, real, signed

ERROR_RATE = 1e-6
"""Default probability that a check of a true statement fails."""

POWER = 0.999
"""Default probability with which a sample is large enough to decide."""

MOST_DRAWS = 10**16
"""Nobody draws more."""

_MOST_PICKS = 10**7
"""Draws that a bootstrap resamples at once: 400 MB."""

if TYPE_CHECKING:
    from flint import arb


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """`estimate` and an interval that misses the true value with probability `error_rate`."""

    estimate: float
    low: float
    high: float
    draws: int
    error_rate: float
    least: float = -math.inf
    most: float = math.inf
    """What is known of the true value before it is measured."""

    @property
    def range(self) -> arb:
        """The ball from `least` to `most`."""
        from flint import arb

        return arb(self.least).union(arb(self.most))

    @property
    def ball(self) -> arb:
        """The smallest Arb ball around the interval."""
        from flint import arb

        return arb(self.low).union(arb(self.high))


def median_interval(values: ArrayLike, *, error_rate: float = ERROR_RATE) -> Interval:
    """Order statistics around the median: exact for every continuous law (David & Nagaraja 2003).

    ValueError with fewer draws than 1 + log2(1/error_rate): no interval would be wide enough.

    >>> found = median_interval(range(101), error_rate=1e-3)
    >>> found.estimate, found.low, found.high
    (50.0, 33.0, 67.0)
    """
    ordered = np.sort(_draws(values))
    rate = check_rate(error_rate)
    count = ordered.size
    place = _place(count, rate)
    if place < 1:
        needed = 1 + math.ceil(-math.log2(rate))
        raise ValueError(f"values must hold at least {needed} draws, got {count}")
    return Interval(
        estimate=float(np.median(ordered)),
        low=float(ordered[place - 1]),
        high=float(ordered[count - place]),
        draws=count,
        error_rate=rate,
    )


def _place(count: int, rate: float) -> int:
    """The k for which the k-th smallest and largest of the draws enclose the median; 0 for none."""
    from scipy.stats import binom

    # P(the k smallest are all above the median, or mirrored) = 2 P(Bin(n, 1/2) <= k - 1).
    # `ppf` is the place where the two are equal, else the next: one more, and down.
    place = int(binom.ppf(rate / 2, count, 0.5)) + 1
    while place > 0 and 2 * float(binom.cdf(place - 1, count, 0.5)) > rate:
        place -= 1
    return place


def bounded_mean_interval(
    values: ArrayLike, low: float, high: float, *, error_rate: float = ERROR_RATE
) -> Interval:
    """Mean of draws in [low, high] by the empirical Bernstein bound (Maurer & Pontil 2009, th. 4).

    Holds for every law on the interval. ValueError for a draw outside it or fewer than 2 draws.
    """
    draws, rate = _draws(values), check_rate(error_rate)
    low, high = signed("low", low), signed("high", high)
    if draws.size < 2:
        raise ValueError(f"values must hold at least 2 draws, got {draws.size}")
    if not (low < high and math.isfinite(high - low)):
        raise ValueError(f"low must be below high by a finite number, got {low!r} and {high!r}")
    if not (low <= draws.min() and draws.max() <= high):
        raise ValueError(
            f"values must be in [{low:g}, {high:g}], got {draws.min()!r} to {draws.max()!r}"
        )
    log_term = math.log(4 / rate)  # each side at half the rate
    variance = float((draws / (high - low)).var(ddof=1))
    half = math.sqrt(2 * variance * log_term / draws.size) + 7 * log_term / (3 * (draws.size - 1))
    return replace(_around(draws, half * (high - low), rate), least=low, most=high)


@dataclass(frozen=True, slots=True, kw_only=True)
class LawTest:
    """Kolmogorov-Smirnov: the largest distance of the distributions and its p-value."""

    distance: float
    p_value: float
    draws: int
    error_rate: float

    @property
    def consistent(self) -> bool:
        """False with probability at most `error_rate` if the law is right."""
        return self.p_value >= self.error_rate


def law_test(
    values: ArrayLike, cdf: Callable[[FloatArray], FloatArray], *, error_rate: float = ERROR_RATE
) -> LawTest:
    """One-sample Kolmogorov-Smirnov test against a continuous law, with the exact p-value."""
    from scipy.stats import kstest

    draws = _draws(values)
    result = kstest(draws, cdf)
    return LawTest(
        distance=float(result.statistic),
        p_value=float(result.pvalue),
        draws=draws.size,
        error_rate=check_rate(error_rate),
    )


def median_share(draws: int, *, error_rate: float = ERROR_RATE, power: float = POWER) -> float:
    """The share of a law below a value at which `median_interval` lies below it, too.

    With probability `power`; 1 where there are too few draws for an interval. The other side is its
    mirror image.
    """
    from scipy.stats import beta

    count, missed = integer("draws", draws, 1), check_rate(1 - power)
    # The upper end is the place-th largest draw: at most place - 1 may exceed the value.
    place = _place(count, check_rate(error_rate))
    return 1 - float(beta.ppf(missed, place, count - place + 1)) if place else 1.0


def mean_reach(
    draws: int, spread: float, *, error_rate: float = ERROR_RATE, power: float = POWER
) -> float:
    """How far from the mean `bounded_mean_interval` may end, in an interval of length 1.

    `spread`: the standard deviation of a draw. With probability `power`: Bernstein's inequality for
    the mean, and the concentration of the sample's deviation (Maurer & Pontil 2009, th. 10).
    """
    count, spread = integer("draws", draws, 2), real("spread", spread)
    wrong, missed = math.log(4 / check_rate(error_rate)), math.log(2 / check_rate(1 - power))
    deviation = spread + math.sqrt(2 * missed / (count - 1))
    half = math.sqrt(2 * wrong / count) * deviation + 7 * wrong / (3 * (count - 1))
    return half + math.sqrt(2 * missed / count) * spread + missed / (3 * count)


def law_draws(distance: float, *, error_rate: float = ERROR_RATE, power: float = POWER) -> int:
    """Draws with which `law_test` rejects, with probability `power`, a law at this distance.

    The distance is Kolmogorov and Smirnov's; twice by the inequality of Dvoretzky, Kiefer and
    Wolfowitz (Massart 1990).
    """
    sides = (check_rate(error_rate), check_rate(1 - power))
    if not MOST_DRAWS**-0.5 < real("distance", distance) <= 1:
        raise ValueError(f"distance must be in (1e-8, 1], got {distance!r}")
    return math.ceil((sum(math.sqrt(math.log(2 / side) / 2) for side in sides) / distance) ** 2)


def failure_bound(failures: int, runs: int, *, confidence: float = 0.95) -> float:
    """Upper bound of a failure's probability after independent runs (Clopper & Pearson 1934)."""
    from scipy.stats import beta

    runs, failures = integer("runs", runs, 1), integer("failures", failures, 0)
    confidence = 1 - check_rate(1 - signed("confidence", confidence))
    if failures > runs:
        raise ValueError(f"failures must be in 0..runs, got {failures!r} of {runs!r}")
    return 1.0 if failures == runs else float(beta.ppf(confidence, failures + 1, runs - failures))


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerLaw:
    """y ~ constant x^exponent: least squares in logarithms, and the exponent's interval."""

    exponent: Interval
    constant: float


def power_law(
    x: ArrayLike,
    y: ArrayLike,
    groups: ArrayLike,
    *,
    seed: int = 0,
    resamples: int = 2000,
    error_rate: float = ERROR_RATE,
) -> PowerLaw:
    """Fit log y = log c + beta log x; interval: bootstrap standard error times a normal quantile.

    Draws are resampled within each group (a width), for the design is fixed. The interval is a
    large-sample one (Efron & Tibshirani 1993, ch. 13). ValueError unless x and y are positive, of
    one length, and x takes at least 2 values.
    """
    from scipy.special import ndtri

    log_x, log_y = (np.log(_positive(name, v)) for name, v in (("x", x), ("y", y)))
    labels = np.asarray(groups)
    if log_x.size != log_y.size or labels.shape != log_x.shape:
        raise ValueError(f"x, y and groups must have one length, got {log_x.size}, {log_y.size}")
    if np.ptp(log_x) == 0:
        raise ValueError("x must take at least 2 values, got one")
    rng = np.random.default_rng(integer("seed", seed, 0))
    count = integer("resamples", resamples, 2, 10**9)
    members = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    slopes = np.empty(count)
    at_once = max(1, _MOST_PICKS // log_x.size)
    for start in range(0, count, at_once):
        size = min(at_once, count - start)
        picks = np.concatenate([rng.choice(group, (size, group.size)) for group in members], axis=1)
        slopes[start : start + size] = _slopes(log_x[picks], log_y[picks])
    slope = float(_slopes(log_x[None], log_y[None])[0])
    rate = check_rate(error_rate)
    half = -float(ndtri(rate / 2)) * float(slopes.std(ddof=1))
    return PowerLaw(
        exponent=Interval(
            estimate=slope, low=slope - half, high=slope + half, draws=log_x.size, error_rate=rate
        ),
        constant=float(np.exp(log_y.mean() - slope * log_x.mean())),
    )


def check_rate(error_rate: float) -> float:
    """An error rate in (0, 1); ValueError otherwise."""
    try:
        rate = real("error_rate", error_rate)
    except ValueError:
        rate = 0.0
    if not 0 < rate < 1:
        raise ValueError(f"error_rate must be in (0, 1), got {error_rate!r}")
    return rate


def _slopes(x: FloatArray, y: FloatArray) -> FloatArray:
    centred = x - x.mean(axis=1, keepdims=True)
    slopes: FloatArray = (centred * y).sum(axis=1) / (centred**2).sum(axis=1)
    return slopes


def _around(draws: FloatArray, half: float, rate: float) -> Interval:
    mean = float((draws / draws.size).sum())
    return Interval(
        estimate=mean, low=mean - half, high=mean + half, draws=draws.size, error_rate=rate
    )


def _draws(values: ArrayLike) -> FloatArray:
    return float_array("values", values, 1)


def _positive(name: str, values: ArrayLike) -> FloatArray:
    array = float_array(name, values, 1)
    if not (array > 0).all():
        raise ValueError(f"{name} must be positive, got {array.min()!r}")
    return array


def extrapolated_median(
    groups: Sequence[ArrayLike],
    scales: ArrayLike,
    *,
    seed: int = 0,
    resamples: int = 2000,
    error_rate: float = 0.05,
) -> Interval:
    """Intercept at scale 0 of the medians of `groups` against `scales`, by least squares.

    Bootstrap within groups, percentile interval (Efron & Tibshirani 1993, ch. 13): large-sample,
    and only as good as the linear form. ValueError unless there are at least 3 groups and scales.
    """
    samples = [_draws(group) for group in groups]
    x = float_array("scales", scales, 1)
    if len(samples) != x.size or x.size < 3:
        raise ValueError(f"groups and scales must number at least 3, got {len(samples)}, {x.size}")
    rate, count = check_rate(error_rate), integer("resamples", resamples, 2, 10**9)
    rng = np.random.default_rng(integer("seed", seed, 0))
    medians = np.array(
        [np.median(rng.choice(s, (count, s.size)), axis=1) for s in samples]
    )  # (groups, resamples)
    design = np.stack([np.ones_like(x), x], axis=1)
    found = np.linalg.lstsq(design, medians, rcond=None)[0][0]
    exact = np.linalg.lstsq(design, np.array([np.median(s) for s in samples]), rcond=None)[0][0]
    if not (np.isfinite(found).all() and np.ptp(found / 2) < np.finfo(np.float64).max / 2):
        raise ValueError("groups and scales must be of a size that a line through them is, too")
    low, high = np.quantile(found, [rate / 2, 1 - rate / 2])
    return Interval(
        estimate=float(exact),
        low=float(low),
        high=float(high),
        draws=sum(s.size for s in samples),
        error_rate=rate,
    )
