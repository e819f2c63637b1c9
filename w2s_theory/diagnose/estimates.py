"""Figures of a run as functions of its moments, and their intervals.

Everything but PGR has a BCa interval (Efron 1987; SciPy's) from resampled units, all figures from
the same resamples, at a level expanded for the number of units as Student's t is (Hesterberg 2015,
section 4.2); where its acceleration is 0/0, as for a floor that is 0 in every resample, the
percentile interval. PGR has Fieller's (1954), which needs no division by a gap that may be 0.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from w2s_theory.arguments import FloatArray
from w2s_theory.diagnose.moments import LARGEST, Layout, Units
from w2s_theory.statistics import Interval
from w2s_theory.theorems.floors import shrinkage_floor
from w2s_theory.theorems.practical_limits import gain_ceiling, instance_floor, pretrained_floor

RESAMPLES = 4000
"""At least; more where the level leaves fewer than 100 of them outside on each side."""

_BATCH = 1 << 21
_TINY = 1e-12


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
    limit = instance_floor(teacher_loss, teacher_norm2)
    found = {
        "target_norm2": target / sums[..., layout.place("weight")],
        "teacher_norm2": teacher_norm2,
        "student_norm2": student_norm2,
        "teacher_loss": teacher_loss,
        "student_loss": student_loss,
        "teacher_gap": _gap(teacher_norm2, np.ones_like(target), teacher_loss),
        "student_gap": student_gap,
        "floor": shrinkage_floor(capped),
        "instance_floor": instance_floor(teacher_loss, teacher_norm2, _slack(student_gap)),
        "misfit": misfit,
        "gain": teacher_loss - student_loss,
        "cross_term": teacher_loss - student_loss - misfit,
    }
    if "start_target2" in layout.shared:
        start_loss, distance = share("start_target2"), share("start_teacher2")
        found["start_loss"], found["start_distance"] = start_loss, distance
        found["moved"] = share("student_start2")
        found["start_gap"] = _gap(found["moved"], distance, misfit)
        found["pretrained_floor"] = pretrained_floor(
            teacher_loss, start_loss, distance, _slack(found["start_gap"])
        )
        found["from_zero"] = student_loss - limit
        limit = pretrained_floor(teacher_loss, start_loss, distance)
    found |= {
        "limit": limit,
        "room": student_loss - limit,
        "ratio": student_loss / np.maximum(limit, _TINY),
        "above_floor": student_loss - found["floor"],
    }
    # <f_S, f* - f_S>, which is 0 at the best scale: the loss falls by its square over ||f_S||^2.
    residual = _gap(student_norm2, np.ones_like(target), student_loss)
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


def intervals(
    units: Units,
    statistic: Callable[[FloatArray], Mapping[str, FloatArray]],
    *,
    level: float,
    seed: int,
) -> dict[str, Interval]:
    """BCa intervals of a statistic of the summed moments, by name.

    A resample is how often it drew each unit, so its sums are one product of matrices: nothing is
    copied, be it of the data or of the units.
    """
    from scipy.stats import DegenerateDataWarning, bootstrap

    count = len(units.sums)
    total, target = units.sums.sum(axis=0), units.layout.place("target2")
    plain = statistic(total)
    resamples = max(RESAMPLES, math.ceil(200 / (1 - level)))

    def of_resamples(index: NDArray[np.int64], axis: int = -1) -> FloatArray:
        drawn = index.reshape(-1, index.shape[-1])
        lifted = drawn + count * np.arange(len(drawn))[:, None]
        counts = np.bincount(lifted.ravel(), minlength=len(drawn) * count)
        sums = counts.reshape(len(drawn), count).astype(np.float64) @ units.sums
        # Where all that was drawn of a few examples has a target of 0 nothing is relative to it.
        sums[sums[:, target] * LARGEST < total[target]] = total
        rows = np.stack([np.broadcast_to(v, len(drawn)) for v in statistic(sums).values()])
        return rows.reshape(-1, *index.shape[:-1])

    def run(method: str, size: int, before: object = None) -> tuple[FloatArray, FloatArray, object]:
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
        return found.confidence_interval.low, found.confidence_interval.high, found

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore", DegenerateDataWarning)
        warnings.simplefilter("ignore", RuntimeWarning)
        low, high, drawn = run("BCa", resamples)
        plain_low, plain_high, _ = run("percentile", 0, drawn)
    undefined = np.isnan(low) | np.isnan(high)
    low, high = np.where(undefined, plain_low, low), np.where(undefined, plain_high, high)
    return {
        name: Interval(
            estimate=float(value),
            low=float(low[place]),
            high=float(high[place]),
            draws=count,
            error_rate=1 - level,
        )
        for place, (name, value) in enumerate(plain.items())
    }


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
