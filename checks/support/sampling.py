"""Sampling until a claim is decided, at an error rate that is stated beforehand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from flint import arb
from sympy import Symbol

from checks.support.judging import judge_all
from w2s_theory.certify import Verdict
from w2s_theory.ledger.statement import Statement
from w2s_theory.regression.outcome import Outcome
from w2s_theory.search.judge import judge
from w2s_theory.search.settings import BallSetting
from w2s_theory.statistics import ERROR_RATE, POWER, Interval, mean_reach, median_share

STAGES = 5
"""A sample is doubled so often that the last one is 16 times the first."""

Draw = Callable[[int, float], BallSetting]
"""A setting measured with so many draws, at an error rate for all of its intervals together."""


Resolution = Callable[[int, float, int], str]
"""What so many draws resolve in so many cells, each at an error rate, with probability `POWER`."""


def medians(intervals: int) -> Resolution:
    """Of laws whose medians are enclosed, `intervals` in a cell."""

    def resolves(draws: int, rate: float, cells: int) -> str:
        power = 1 - (1 - POWER) / (cells * intervals)
        share = median_share(draws, error_rate=rate / intervals, power=power)
        return f"medians, from values with {share:.0%} of the law on one side"

    return resolves


def means(intervals: int, spread: float) -> Resolution:
    """Of numbers in [0, 1] with that standard deviation, `intervals` in a cell."""

    def resolves(draws: int, rate: float, cells: int) -> str:
        power = 1 - (1 - POWER) / (cells * intervals)
        reach = mean_reach(draws, spread, error_rate=rate / intervals, power=power)
        return f"means, to {reach:.2g} at a deviation of {spread:.2g}"

    return resolves


def sampled(
    intervals: Mapping[Symbol, Interval],
    *numbers: tuple[Symbol, arb],
    grants: tuple[str, ...] = (),
    label: str = "",
) -> BallSetting:
    """A setting of measured numbers, with what was known of them before, and of exact ones."""
    measured = [(symbol, found.ball) for symbol, found in intervals.items()]
    ranges = tuple((symbol, found.range) for symbol, found in intervals.items())
    return BallSetting((*measured, *numbers), grants, label, ranges)


def sample_all(
    statement: Statement,
    cells: Sequence[Draw],
    *,
    first: int,
    resolves: Resolution,
    least: int | None = None,
    stages: int = STAGES,
) -> Outcome:
    """Measure every cell with `first` draws, the undecided ones with twice as many, and so on.

    Every look of every cell is given its share of `ERROR_RATE`, so that a true statement is refuted
    with at most that probability (a union bound). `resolves` says what the last look is enough for.
    `least` as in `judge_all`, all cells by default.
    """
    rate = ERROR_RATE / (stages * len(cells))
    settings: dict[int, BallSetting] = {}
    draws, undecided = dict.fromkeys(range(len(cells)), 0), list(range(len(cells)))
    for stage in range(stages):
        looked, undecided = undecided, []
        for place in looked:
            draws[place] = first << stage
            settings[place] = cells[place](draws[place], rate)
            verdict = judge(statement, settings[place]).verdict
            if verdict is Verdict.UNDECIDED:
                undecided.append(place)
            if verdict is Verdict.REFUTED:
                settings, undecided = {place: settings[place]}, []
                break
        if not undecided:
            break
    found = [settings[place] for place in sorted(settings)]
    least = len(cells) if least is None else least
    outcome = judge_all(statement, found, least=least, digits=None)
    return replace(
        outcome,
        draws=sum(draws.values()),
        rate=f"{ERROR_RATE:.0e}",
        resolves=resolves(first << (stages - 1), rate, len(cells)),
    )
