"""The one loop of every experiment: seed, sample, fit.

A draw's generator is seeded by the experiment's own integers and the draw's number, so that a draw
does not depend on which others are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

import numpy as np

from w2s_theory.models.base import Features, Goal, Model
from w2s_theory.models.teacher import Teacher, fit_teacher


def draw_features(
    model: Model[Features, Goal], width: int, draws: Iterable[int], entropy: Sequence[int]
) -> Iterator[Features]:
    """``width`` features for each number in ``draws``, seeded by (\\*entropy, number)."""
    for draw in draws:
        yield model.sample_features(width, np.random.default_rng([*entropy, draw]))


def draw_together(
    model: Model[Features, Goal], widths: Sequence[int], entropy: Sequence[int]
) -> list[Features]:
    """One draw of all features, seeded by entropy, cut into parts of these ``widths``.

    A joint model (`Model.joint`) needs it: its features are comparable within a draw only.
    """
    drawn = model.sample_features(sum(widths), np.random.default_rng(list(entropy)))
    ends = accumulate(widths)
    return [drawn[end - width : end] for width, end in zip(widths, ends, strict=True)]


def draw_teachers(
    model: Model[Features, Goal],
    target: Goal,
    width: int,
    draws: Iterable[int],
    entropy: Sequence[int],
) -> Iterator[Teacher[Features, Goal]]:
    """Least-squares teachers on `draw_features`, one by one. ValueError as `fit_teacher`."""
    for features in draw_features(model, width, draws, entropy):
        yield fit_teacher(model, features, target)
