"""Which random settings put which statement to the test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from w2s_theory.ledger.statement import Statement
from w2s_theory.search import (
    bootstrapping,
    numbers,
    one_student,
    principal_angles,
    regularised,
    spiked,
)
from w2s_theory.search.one_student import Setting
from w2s_theory.search.teachers import FeatureTeacher


@dataclass(frozen=True, slots=True)
class Attack:
    """A Hypothesis strategy, and named settings to try first."""

    settings: Any
    examples: tuple[Any, ...]


def _on_features() -> tuple[Setting, ...]:
    return tuple(s for s in bootstrapping.named() if isinstance(s.teacher, FeatureTeacher))


_ATTACKS: dict[str, Callable[[], Attack]] = {
    "def-1": lambda: Attack(one_student.one_student(rational=True), bootstrapping.named()),
    "lem-1": lambda: Attack(one_student.one_student(flow=True), bootstrapping.named()),
    "lem-1-filters": lambda: Attack(one_student.one_student(), bootstrapping.named()),
    "lem-1-convex": lambda: Attack(regularised.regularised(), regularised.named()),
    "lem-1-overshoot": lambda: Attack(numbers.momentum_steps(), ()),
    "lem-ls": lambda: Attack(one_student.random_features(), bootstrapping.named()),
    "thm-4.1": lambda: Attack(one_student.one_student(), bootstrapping.named()),
    "thm-4.1-best": lambda: Attack(numbers.losses(), ()),
    "thm-4.1-sharp": lambda: Attack(numbers.losses(), ()),
    "thm-4.1-needs-teacher": lambda: Attack(
        one_student.scaled_up_teachers(), bootstrapping.named()
    ),
    "cor-1": lambda: Attack(one_student.random_features(), _on_features()),
    "thm-4.2": lambda: Attack(bootstrapping.bounded(), bootstrapping.named()),
    "thm-4.2-sharp": lambda: Attack(one_student.students_on_target(), bootstrapping.named()),
    "cor-2": lambda: Attack(bootstrapping.chains(), bootstrapping.named()),
    "nstep": lambda: Attack(bootstrapping.chains(), bootstrapping.named()),
    "nstep-ends": lambda: Attack(numbers.losses(), ()),
    "nstep-sharp": lambda: Attack(bootstrapping.chains(), bootstrapping.named()),
    **{
        key: lambda: Attack(principal_angles.imperfect(), principal_angles.named())
        for key in (
            "kappa-forms",
            "kappa-alignment",
            "kappa-properties",
            "kappa-linear",
            "master-bound",
        )
    },
    "student-linear": lambda: Attack(spiked.linear_models(), spiked.named_linear()),
    "law-linear-k": lambda: Attack(spiked.block_models(), spiked.named_blocks()),
    "err-1": lambda: Attack(numbers.exponents(), numbers.thresholds()),
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
