"""Which random settings put which statement to the test: those that determine its symbols."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from hypothesis.strategies import SearchStrategy
from sympy import Basic, Symbol

from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.registry import Ledger, load
from w2s_theory.ledger.statement import Statement
from w2s_theory.search import (
    ansatz,
    bootstrapping,
    classes,
    hidden,
    numbers,
    one_student,
    principal_angles,
    regularised,
    runs,
    scales,
    sphere_points,
    spiked,
    training,
)
from w2s_theory.search.settings import Settled, refuse_foreign


@dataclass(frozen=True, slots=True)
class Topic:
    """Settings of one kind: how they are drawn, and those that have a name.

    They attack a statement if one of the named settings determines its symbols. `about`: only
    those that speak of one of these symbols or assumptions, and before the topics for all.
    `slow`: a setting takes longer to draw and to judge.
    """

    drawn: Callable[[], SearchStrategy[Settled]]
    named: Callable[[], tuple[Settled, ...]]
    about: tuple[str, ...] = ()
    slow: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """A Hypothesis strategy, named settings to try first, and the clauses that they determine.

    A search takes one in `share` of the tries it is given. `shape`: how many clauses the statement
    has, of which a mutant may have others.
    """

    settings: SearchStrategy[Settled]
    examples: tuple[Settled, ...]
    clauses: tuple[int, ...]
    share: int
    shape: int

    def on(self, statement: Statement) -> Statement:
        """The statement with the clauses that can be attacked; one of another shape as it is."""
        if len(statement.claim) != self.shape:
            return statement
        return replace(statement, claim=tuple(statement.claim[i] for i in self.clauses))


_TOPICS = (
    Topic(one_student.random_features, bootstrapping.named, about=(str(q.RESIDUAL),)),
    Topic(lambda: one_student.one_student(flow=True), bootstrapping.named, about=(str(q.TIME),)),
    Topic(
        lambda: one_student.one_student(rational=True),
        bootstrapping.named,
        about=(str(q.SCALED_FIT),),
    ),
    Topic(one_student.scaled_up_teachers, bootstrapping.named, about=(str(q.GAIN),)),
    Topic(one_student.students_on_target, bootstrapping.named, about=("student-on-target",)),
    Topic(bootstrapping.chains, bootstrapping.named, about=(str(q.LINK_MIN),)),
    Topic(bootstrapping.bounded, bootstrapping.named, about=("bounded-student",)),
    Topic(
        principal_angles.unlearnable,
        principal_angles.named_unlearnable,
        about=(str(q.NULL_TEACHER),),
        slow=True,
    ),
    Topic(principal_angles.patient, principal_angles.named, about=(str(q.RISK),), slow=True),
    Topic(hidden.late, hidden.named_late, about=("late-for-level",), slow=True),
    Topic(hidden.levered, hidden.named, about=(str(q.HIDDEN),), slow=True),
    Topic(scales.scaled, scales.named, about=(str(q.LEAKED),), slow=True),
    Topic(principal_angles.split, principal_angles.named, about=(str(q.BLOCK_MIN),), slow=True),
    Topic(lambda: runs.runs(runs.Special.START), runs.named, about=(str(q.START_GAP),), slow=True),
    Topic(
        lambda: runs.runs(runs.Special.LABELS), runs.named, about=(str(q.WEAK_SHARE),), slow=True
    ),
    Topic(lambda: runs.runs(runs.Special.SLACK), runs.named, about=(str(q.SLACK),), slow=True),
    Topic(lambda: runs.runs(runs.Special.NOTHING), runs.named, about=(str(q.CEILING),), slow=True),
    Topic(classes.class_runs, classes.named_classes, about=(str(q.CLASS_ZERO),), slow=True),
    Topic(classes.mixtures, classes.named_mixtures, about=(str(q.WEIGHT),), slow=True),
    Topic(training.heads, training.named_heads, about=(str(q.HEAD_NORM2),), slow=True),
    Topic(training.networks, training.named_networks, about=(str(q.NORM_RATE),), slow=True),
    Topic(training.watched, training.named_watched, about=(str(q.LATER_FIT),), slow=True),
    Topic(
        training.students_on_axis,
        training.named_on_axis,
        about=("student-is-projection-on-target",),
        slow=True,
    ),
    Topic(training.projections, training.named_projections, about=(str(q.UNSEEN),), slow=True),
    Topic(training.several, training.named_degrees, about=(str(q.BIAS),), slow=True),
    Topic(numbers.losses, numbers.named_losses),
    Topic(numbers.exponents, numbers.thresholds),
    Topic(numbers.momentum_steps, numbers.named_momenta),
    Topic(numbers.rules, numbers.named_rules),
    Topic(numbers.dimensions, numbers.named_dimensions),
    Topic(one_student.one_student, bootstrapping.named),
    Topic(regularised.regularised, regularised.named),
    Topic(sphere_points.points, sphere_points.named, slow=True),
    Topic(principal_angles.imperfect, principal_angles.named, slow=True),
    Topic(spiked.linear_models, spiked.named_linear, slow=True),
    Topic(spiked.block_models, spiked.named_blocks, slow=True),
    Topic(spiked.scalings, spiked.named_scalings, slow=True),
    Topic(ansatz.spectra, ansatz.named, slow=True),
)


def attack_on(statement: Statement, ledger: Ledger | None = None) -> Attack:
    """The settings that put a statement (or a mutant of it) to the test.

    `ledger` is the one that it is from, the package's without.
    Raises `ValueError` with the reason for a statement whose claim is not about settings that can
    be drawn, or not in symbols of the ledger.
    """
    key = statement.mutant_of or statement.id
    refuse_foreign(statement.id, _spoken(statement))
    real = (load() if ledger is None else ledger).get(key, statement)
    spoken = {a.id for a in real.assumes} | set(map(str, _spoken(real)))
    candidates = [t for t in _TOPICS if not t.about or spoken & set(t.about)]
    # The first of those that determine most clauses, a topic for such statements before others.
    clauses, topic = max(
        ((_determined(real, topic), topic) for topic in candidates),
        key=lambda pair: (len(pair[0]), bool(pair[1].about)),
    )
    if not clauses:
        raise ValueError(f"{key} cannot be attacked: {_reason(real)}")
    return Attack(
        settings=topic.drawn(),
        examples=topic.named(),
        clauses=clauses,
        share=3 if topic.slow else 1,
        shape=len(real.claim),
    )


def _determined(statement: Statement, topic: Topic) -> tuple[int, ...]:
    """The clauses all of whose symbols, and those of the assumptions, one named setting gives."""
    best: tuple[int, ...] = ()
    for symbols, grants in _given(topic):
        assumed = (a.condition for a in statement.assumes if a.id not in grants)
        if all(_symbols(statement, condition) <= symbols for condition in assumed):
            claim = enumerate(statement.claim)
            here = tuple(i for i, c in claim if frozenset() < _symbols(statement, c) <= symbols)
            best = max(best, here, key=len)
    return best


def _spoken(statement: Statement) -> frozenset[Symbol]:
    parts = (*statement.claim, *(a.condition for a in statement.assumes))
    return frozenset().union(*(_symbols(statement, part) for part in parts))


def _symbols(statement: Statement, expression: Basic) -> frozenset[Symbol]:
    return frozenset(statement.unfold(expression).free_symbols)


@cache
def _given(topic: Topic) -> tuple[tuple[frozenset[Symbol], tuple[str, ...]], ...]:
    """What each named setting determines and grants, every combination once."""
    return tuple(dict.fromkeys((frozenset(s.values()), s.grants) for s in topic.named()))


def _reason(statement: Statement) -> str:
    """What the claim speaks of that no setting determines."""
    known = {s for topic in _TOPICS for symbols, _ in _given(topic) for s in symbols}
    claimed = {s for clause in statement.claim for s in _symbols(statement, clause)}
    meanings = {quantity.symbol: quantity.meaning for quantity in q.QUANTITIES}
    unknown = [f"{symbol} ({meanings[symbol]})" for symbol in sorted(claimed - known, key=str)]
    if unknown:
        return f"no setting that can be drawn determines {', '.join(unknown)}"
    return "no setting determines all of its symbols at once"
