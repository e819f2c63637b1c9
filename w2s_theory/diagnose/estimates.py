"""Figures of a run as functions of its moments, and their intervals.

Everything but PGR has a bootstrap-t interval (Efron 1979; Hall 1992, ch. 3; DiCiccio & Efron 1996,
section 5): units are resampled by SciPy, all figures from the same resamples, and a figure's error
is divided by its standard error in that resample, which the delta method reads off the resampled
moments. Squared lengths, distances and their ratios are studentised in logarithms, which keeps
their intervals positive. What such an interval misses too often is known up to order 1/n
(`tail_term`): nothing for squares of normal numbers and every gamma law, more for heavier tails;
its ends are that much farther out (Loh 1987: calibration of the level).

Where a resample has no standard error (a floor that is 0 in it), and below ``FEW`` units, where
bootstrap-t is unstable (Polansky 2000), the interval is BCa (Efron 1987; SciPy's), at a level
expanded for the number of units as Student's t is (Hesterberg 2015, section 4.2), or the percentile
interval where BCa's acceleration is 0/0; of few units it holds Student's as well, for no resample
leaves the range of two examples. Where the term above is larger than ``DOUBT``, as one example
that outweighs all others makes it, it holds both the bootstrap-t and the BCa interval. PGR has
Fieller's (1954), which needs no division by a gap that may be 0.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from w2s_theory.arguments import FloatArray
from w2s_theory.diagnose.moments import LARGEST, Layout, Units
from w2s_theory.statistics import Interval
from w2s_theory.theorems.floors import shrinkage_floor
from w2s_theory.theorems.practical_limits import gain_ceiling, unchecked_floor

if TYPE_CHECKING:
    from scipy.stats._resampling import BootstrapResult

RESAMPLES = 4000
"""At least; more where the level leaves fewer than 100 of them outside on each side."""

FEW = 50
"""Units below which a bootstrap-t interval is not to be trusted."""

DOUBT = 0.02
"""Where heavy tails would take more than so much of the coverage, their correction is in doubt."""

POSITIVE = frozenset(
    {"target_norm2", "teacher_norm2", "student_norm2", "teacher_loss", "student_loss"}
    | {"ceiling_loss", "misfit", "start_loss", "start_distance", "moved", "ratio"}
    | {"rescaled_loss"}
)
"""Figures that are studentised in logarithms."""

FLOORS = frozenset({"floor", "instance_floor", "pretrained_floor", "limit"})
"""Never negative, and 0 for some teachers."""

_BATCH = 1 << 21
_TINY = 1e-12
_ROUNDED = 1e-24
"""A floor, the square of a difference of lengths, that is 0 but for rounding."""
_STEP = 1e-4


def figures(layout: Layout, sums: FloatArray, student: int = 0) -> dict[str, FloatArray]:
    """Figures by name from sums (..., moments), each (...); relative to ||target||^2.

    `limit` is the floor that assumes a shrinkage-optimal student and nothing else: of
    thm-4.1-instance, or of pretrained where there is a start. `instance_floor` and
    `pretrained_floor` take what is missing of that assumption as slack, so no run is below them.
    """

    def share(moment: str) -> FloatArray:
        found: FloatArray = sums[..., layout.place(moment, student)] / target
        return found

    target = sums[..., layout.place("target2")]
    teacher_loss, teacher_norm2 = share("teacher_target2"), share("teacher2")
    student_loss, student_norm2 = share("student_target2"), share("student2")
    misfit = share("student_teacher2")
    student_gap = _gap(student_norm2, teacher_norm2, misfit)
    capped = np.minimum(teacher_loss, 1.0)
    one = np.ones_like(target)
    limit = unchecked_floor(teacher_loss, one, teacher_norm2, 0 * one)
    found = {
        "target_norm2": target / sums[..., layout.place("weight")],
        "teacher_norm2": teacher_norm2,
        "student_norm2": student_norm2,
        "teacher_loss": teacher_loss,
        "student_loss": student_loss,
        "teacher_gap": _gap(teacher_norm2, one, teacher_loss),
        "student_gap": student_gap,
        "floor": shrinkage_floor(capped),
        "instance_floor": unchecked_floor(teacher_loss, one, teacher_norm2, _slack(student_gap)),
        "misfit": misfit,
        "gain": teacher_loss - student_loss,
        "cross_term": teacher_loss - student_loss - misfit,
    }
    if "start_target2" in layout.shared:
        start_loss, distance = share("start_target2"), share("start_teacher2")
        found["start_loss"], found["start_distance"] = start_loss, distance
        found["moved"] = share("student_start2")
        found["start_gap"] = _gap(found["moved"], distance, misfit)
        found["pretrained_floor"] = unchecked_floor(
            teacher_loss, start_loss, distance, _slack(found["start_gap"])
        )
        found["from_zero"] = student_loss - limit
        limit = unchecked_floor(teacher_loss, start_loss, distance, 0 * one)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = student_loss / limit
    found |= {
        "limit": limit,
        "room": student_loss - limit,
        "ratio": ratio,
        "above_floor": student_loss - found["floor"],
    }
    # <f_S, f* - f_S>, which is 0 at the best scale: the loss falls by its square over ||f_S||^2.
    residual = _gap(student_norm2, one, student_loss)
    room = np.where(student_norm2 > 0, student_norm2, 1.0)
    found["best_scale"] = np.where(student_norm2 > 0, 1 + residual / room, 1.0)
    found["rescaled_loss"] = np.maximum(student_loss - residual**2 / room, 0.0)
    gap = teacher_loss
    if "ceiling_target2" in layout.shared:
        found["ceiling_loss"] = share("ceiling_target2")
        gap = teacher_loss - found["ceiling_loss"]
    bounded = np.maximum(gap, _TINY)
    found["gap"] = gap
    found["pgr_ceiling"] = gain_ceiling(capped) / bounded
    found["instance_pgr_ceiling"] = (teacher_loss - found["instance_floor"]) / bounded
    return found


def _gap(norm2: FloatArray, goal_norm2: FloatArray, distance2: FloatArray) -> FloatArray:
    """<f, g - f> from ||f||^2, ||g||^2 and ||f - g||^2: how far f is from overshooting g."""
    found: FloatArray = (goal_norm2 - norm2 - distance2) / 2
    return found


def _slack(gap: FloatArray) -> FloatArray:
    return np.maximum(-gap, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """Figures by name of sums (..., moments), and the moments that they are functions of."""

    prefix: str
    places: tuple[int, ...]
    of: Callable[[FloatArray], Mapping[str, FloatArray]]

    def values(self, sums: FloatArray) -> FloatArray:
        """Shape (figures, ...)."""
        return np.stack([np.broadcast_to(v, sums.shape[:-1]) for v in self.of(sums).values()])

    def slopes(self, sums: FloatArray) -> FloatArray:
        """Of every figure in every moment, shape (..., figures, moments), by differences."""
        here, found = self.values(sums), []
        for place in self.places:
            there, step = sums.copy(), np.where(sums[..., place] > 0, sums[..., place], 1.0) * _STEP
            there[..., place] += step
            found.append((self.values(there) - here) / step)
        return np.moveaxis(np.stack(found, axis=-1), 0, -2)


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure's interval, and how much of its coverage heavy tails would take (`tail_term`)."""

    interval: Interval
    doubt: float


def estimates(
    units: Units, parts: Sequence[Statistics], *, level: float, seed: int
) -> dict[str, Measured]:
    """Intervals of statistics of the summed moments, by prefix and name.

    A resample is how often it drew each unit, so its sums, of moments and of their products, are
    products of matrices: nothing is copied, be it of the data or of the units.
    """
    from scipy.stats import DegenerateDataWarning, bootstrap, norm

    count, target = len(units.sums), units.layout.place("target2")
    total = units.sums.sum(axis=0)
    away = units.sums - total / count
    resamples = max(RESAMPLES, math.ceil(200 / (1 - level)))

    def found_in(counts: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Figures and standard errors, shape (figures, resamples) each."""
        sums = counts @ units.sums
        # Where all that was drawn of a few examples has a target of 0 nothing is relative to it.
        sums[sums[:, target] * LARGEST < total[target]] = total
        values = [part.values(sums) for part in parts]
        errors = [np.sqrt(_variances(part, sums, counts, away)) for part in parts]
        return np.concatenate(values), np.concatenate(errors)

    def of_resamples(index: NDArray[np.int64], axis: int = -1) -> FloatArray:
        drawn = index.reshape(-1, index.shape[-1])
        lifted = drawn + count * np.arange(len(drawn))[:, None]
        counts = np.bincount(lifted.ravel(), minlength=len(drawn) * count)
        rows = found_in(counts.reshape(len(drawn), count).astype(np.float64))
        return np.concatenate(rows).reshape(-1, *index.shape[:-1])

    def run(
        method: str, size: int, before: BootstrapResult | None = None
    ) -> tuple[FloatArray, BootstrapResult]:
        found = bootstrap(
            (np.arange(count),),
            of_resamples,
            vectorized=True,
            axis=-1,
            n_resamples=size,
            batch=max(1, _BATCH // count),
            confidence_level=expanded(level, count),
            method=method,
            bootstrap_result=before,
            random_state=np.random.default_rng(seed),
        )
        return np.stack(found.confidence_interval)[:, : len(here)], found

    here = [(part, name, float(v)) for part in parts for name, v in part.of(total).items()]
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore", DegenerateDataWarning)
        warnings.simplefilter("ignore", RuntimeWarning)
        percentile, drawn = run("percentile", resamples)
        plain = found_in(np.ones((1, count)))
        logs = [name in POSITIVE for _, name, _ in here]
        terms = np.concatenate(
            [tail_term(part.slopes(total) @ away[:, part.places].T, level=level) for part in parts]
        )
        quantile = norm.isf((1 - level) / 2)
        tails = norm.sf(quantile * (1 + np.maximum(terms, 0.0)))
        ends = studentised(plain, np.split(drawn.bootstrap_distribution, 2), logs, tails)
        steady = np.isfinite(ends).all(axis=0) & (count >= FEW)
        doubts = 2 * quantile * norm.pdf(quantile) * np.abs(terms)
        sure = steady & (doubts <= DOUBT)
        if not sure.all():
            bca, _ = run("BCa", 0, drawn)
            other = np.where(np.isnan(bca).any(axis=0), percentile, bca)
            if count < FEW:
                ends = students(plain, logs, count, level=level)
            elif not steady.all():
                ends[:, ~steady] = np.nan
            both = np.fmin(other[0], ends[0]), np.fmax(other[1], ends[1])
            ends = np.where(sure, ends, both)
    floors = [name in FLOORS for _, name, _ in here]
    zero = [value < _ROUNDED for _, _, value in here]
    ends[0] = np.where(floors, np.where(zero, 0.0, np.maximum(ends[0], 0.0)), ends[0])
    return {
        f"{part.prefix}{name}": Measured(
            Interval(
                estimate=value,
                low=float(ends[0, place]),
                high=float(ends[1, place]),
                draws=count,
                error_rate=1 - level,
            ),
            float(doubts[place]),
        )
        for place, (part, name, value) in enumerate(here)
    }


def _variances(
    part: Statistics, sums: FloatArray, counts: FloatArray, away: FloatArray
) -> FloatArray:
    """Of the figures, shape (figures, resamples): slopes times covariances of the drawn units.

    Zero for samples of another size: SciPy's jackknife, which needs none.
    """
    slopes = part.slopes(sums)
    if (drawn := counts.sum(axis=1)).max() != len(away):
        return np.zeros(slopes.shape[1::-1])
    own, size = away[:, part.places], len(part.places)
    products = (own[:, :, None] * own[:, None, :]).reshape(len(own), -1)
    shift = counts @ own
    spread = (counts @ products).reshape(-1, size, size)
    spread -= shift[:, :, None] * shift[:, None, :] / drawn[:, None, None]
    found: FloatArray = ((slopes @ spread) * slopes).sum(axis=-1).T
    return np.maximum(found, 0.0)


def studentised(
    plain: Sequence[FloatArray],
    drawn: Sequence[FloatArray],
    logs: Sequence[bool],
    tails: FloatArray,
) -> FloatArray:
    """Bootstrap-t ends, shape (2, figures), of values and standard errors: at hand, and drawn.

    ``tails``: what is left out on each side of each. Not finite where a resample has no standard
    error, or a logarithm none.
    """
    log = np.array(logs)[:, None]
    (value, error), (values, errors) = (
        (np.where(log, np.log(v), v), np.where(log, e / v, e)) for v, e in (plain, drawn)
    )
    pivots = (values - value) / errors
    far = [np.quantile(row, [1 - tail, tail]) for row, tail in zip(pivots, tails, strict=True)]
    ends = value[:, 0] - np.transpose(far) * error[:, 0]
    ends[:, ~np.isfinite(pivots).all(axis=-1)] = np.nan
    found: FloatArray = np.where(log[:, 0], np.exp(ends), ends)
    return found


def students(
    plain: Sequence[FloatArray], logs: Sequence[bool], count: int, *, level: float
) -> FloatArray:
    """Student's ends, shape (2, figures), in logarithms where asked; not a number at log 0."""
    from scipy.stats import t

    value, error = (rows[:, 0] for rows in plain)
    half = math.sqrt(count / (count - 1)) * t.isf((1 - level) / 2, count - 1) * error
    factor = np.exp(half / value)
    apart = np.where(logs, [value / factor, value * factor], [value - half, value + half])
    return np.where(error > 0, apart, np.nan)


def tail_term(influence: FloatArray, *, level: float) -> FloatArray:
    """How much farther out, as a share, a bootstrap-t interval of each row's mean should end.

    Its quantiles are estimated from the same sample, so its coverage is too low by
    z (2 z^2 + 1)(kurtosis - 3/2 skewness^2) phi(z)/(3n) up to higher orders (Hall 1992, section
    3.5), as if z were too small by the share that is returned, at the sample's own moments.
    """
    from scipy.stats import norm

    z = float(norm.isf((1 - level) / 2))
    scale = np.sqrt((influence**2).mean(axis=-1, keepdims=True))
    units = influence / np.where(scale > 0, scale, 1.0)
    skewness, kurtosis = (units**3).mean(axis=-1), (units**4).mean(axis=-1) - 3
    times = (2 * z * z + 1) / (6 * influence.shape[-1])
    return np.where(scale[..., 0] > 0, times * (kurtosis - 1.5 * skewness**2), 0.0)


def expanded(level: float, units: int) -> float:
    """The level at which a percentile interval of a mean has Student's width.

    A bootstrap's spread is that of n, not n - 1, degrees of freedom, and its quantiles are normal.
    """
    from scipy.stats import norm, t

    width = math.sqrt(units / (units - 1)) * t.isf((1 - level) / 2, units - 1)
    return float(1 - 2 * norm.sf(width))


def recovered_gap(units: Units, student: int, *, level: float) -> Interval | None:
    """PGR, (L_TE - L_ST)/(L_TE - L_ceiling), with Fieller's interval; None where the gap may be 0.

    The gap's own interval is Student's, over units; None as well where the ceiling is worse than
    the teacher, for then there is no gap to recover.
    """
    layout, sums = units.layout, units.sums
    teacher = sums[:, layout.place("teacher_target2")]
    gain = teacher - sums[:, layout.place("student_target2", student)]
    gap = teacher
    if "ceiling_target2" in layout.shared:
        gap = teacher - sums[:, layout.place("ceiling_target2")]
    found = fieller(gain, gap, level=level)
    if found is None:
        return None
    return Interval(
        estimate=found[0], low=found[1], high=found[2], draws=len(sums), error_rate=1 - level
    )


def fieller(
    above: FloatArray, below: FloatArray, *, level: float
) -> tuple[float, float, float] | None:
    """Ratio of the means of pairs, and its interval; None unless the mean below is positive.

    Fieller's set, {r : the mean of above - r below may be 0}, is an interval exactly where the
    interval of the mean below leaves out 0.
    """
    from scipy.stats import t

    pairs = np.stack([above, below])
    pairs /= float(np.abs(pairs).max()) or 1.0  # a square may not be a float
    mean_above, mean_below = pairs.mean(axis=1)
    count = pairs.shape[1]
    square = float(t.isf((1 - level) / 2, count - 1)) ** 2
    (va, vab), (_, vb) = square * np.cov(pairs) / count
    a, b, c = mean_below**2 - vb, mean_above * mean_below - vab, mean_above**2 - va
    if not (mean_below > 0 and a > 0):
        return None
    root = math.sqrt(max(b * b - a * c, 0.0))
    return float(mean_above / mean_below), float((b - root) / a), float((b + root) / a)


def curve(layout: Layout, steps: Sequence[int], sums: FloatArray) -> dict[str, FloatArray]:
    """What the best of several checkpoints gains over others: losses less the best one's."""
    best, *others = steps
    target = sums[..., layout.place("target2")]
    loss = {step: sums[..., layout.place("student_target2", step)] / target for step in steps}
    return {f"{step}": loss[step] - loss[best] for step in others}
