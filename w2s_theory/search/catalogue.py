"""Which random settings put which statement to the test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from w2s_theory.ledger.statement import Statement
from w2s_theory.search import alignment_settings, corners, gain_settings, strategies
from w2s_theory.search.settings import FeatureTeacher, Setting


@dataclass(frozen=True, slots=True)
class Attack:
    """A Hypothesis strategy, and named settings to try first."""

    settings: Any
    examples: tuple[Any, ...]


def _on_features() -> tuple[Setting, ...]:
    return tuple(s for s in corners.settings() if isinstance(s.teacher, FeatureTeacher))


_ATTACKS: dict[str, Callable[[], Attack]] = {
    "def-1": lambda: Attack(strategies.one_student(rational=True), corners.settings()),
    "lem-1": lambda: Attack(strategies.one_student(flow=True), corners.settings()),
    "lem-1-filters": lambda: Attack(strategies.one_student(), corners.settings()),
    "lem-1-convex": lambda: Attack(strategies.regularised(), corners.regularised_settings()),
    "lem-1-overshoot": lambda: Attack(strategies.momentum_steps(), ()),
    "lem-ls": lambda: Attack(strategies.random_features(), corners.settings()),
    "thm-4.1": lambda: Attack(strategies.one_student(), corners.settings()),
    "thm-4.1-best": lambda: Attack(strategies.losses(), ()),
    "thm-4.1-sharp": lambda: Attack(strategies.losses(), ()),
    "thm-4.1-needs-teacher": lambda: Attack(strategies.scaled_up(), corners.settings()),
    "cor-1": lambda: Attack(strategies.random_features(), _on_features()),
    "thm-4.2": lambda: Attack(strategies.bounded(), corners.settings()),
    "thm-4.2-sharp": lambda: Attack(strategies.on_target(), corners.settings()),
    "cor-2": lambda: Attack(strategies.chains(), corners.settings()),
    "nstep": lambda: Attack(strategies.chains(), corners.settings()),
    "nstep-ends": lambda: Attack(strategies.losses(), ()),
    "nstep-sharp": lambda: Attack(strategies.chains(), corners.settings()),
    **{
        key: lambda: Attack(alignment_settings.imperfect(), alignment_settings.corner_settings())
        for key in (
            "kappa-forms",
            "kappa-alignment",
            "kappa-properties",
            "kappa-linear",
            "master-bound",
        )
    },
    "student-linear": lambda: Attack(gain_settings.linear_models(), gain_settings.linear_corners()),
    "law-linear-k": lambda: Attack(gain_settings.block_models(), gain_settings.block_corners()),
    "err-1": lambda: Attack(strategies.exponents(), corners.numbers()),
}


def attack_on(statement: Statement) -> Attack:
    """The settings that put a statement (or a mutant of it) to the test.

    Raises `ValueError` for a statement whose claim is not about settings that can be drawn.
    """
    key = statement.mutant_of or statement.id
    if key not in _ATTACKS:
        raise ValueError(
            f"statement must be one of {', '.join(_ATTACKS)} to be attacked, got {key!r}"
        )
    return _ATTACKS[key]()
