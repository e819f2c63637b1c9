"""`diagnose`: what the theory says of six inner products of (target, teacher, student)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from w2s_theory.arguments import choice, integer, real
from w2s_theory.diagnose.estimates import (
    DOUBT,
    FEW,
    Measured,
    Statistics,
    curve,
    estimates,
    figures,
    recovered_gap,
)
from w2s_theory.diagnose.judgement import judge, shown
from w2s_theory.diagnose.kinds import Inputs, Standing
from w2s_theory.diagnose.moments import Units, gather
from w2s_theory.diagnose.roles import Patterns, Roles, find_roles
from w2s_theory.diagnose.sources import Arrays, Table, array_column, open_source
from w2s_theory.models.parallel import Progress, silent
from w2s_theory.statistics import Interval

LEVEL = 0.95
LEVELS = (0.5, 0.999)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One student's figures, relative to ||target||^2, each with its interval; None: undefined.

    `floor` is Theorem 4.1's, None for a teacher no better than 0; `instance_floor` (7.1) and
    `pretrained_floor` (7.9, None without a start) take a negative gap as slack, so they hold for
    every run; `limit` is the floor of a student whose gap is not negative, `ratio` = L_ST / limit
    (None where that is 0), `room` = L_ST - limit. `gain` = misfit + `cross_term`;
    `start_distance` is ||f_T - f_0||^2 and `moved` ||f_S - f_0||^2;
    `rescaled_loss` is L_ST after the best multiple `best_scale`. `target_norm2` is the mean
    square of the target, in its own units. `doubtful` names the figures whose intervals may miss
    oftener than they say, for tails that are too heavy for so few examples (`estimates.DOUBT`).
    """

    checkpoint: str
    target_norm2: Interval
    teacher_norm2: Interval
    student_norm2: Interval
    teacher_loss: Interval
    student_loss: Interval
    ceiling_loss: Interval | None
    pgr: Interval | None
    pgr_ceiling: Interval | None
    instance_pgr_ceiling: Interval | None
    teacher_gap: Interval
    student_gap: Interval
    floor: Interval | None
    above_floor: Interval | None
    instance_floor: Interval
    start_loss: Interval | None
    start_distance: Interval | None
    moved: Interval | None
    start_gap: Interval | None
    pretrained_floor: Interval | None
    limit: Interval
    ratio: Interval | None
    room: Interval
    misfit: Interval
    gain: Interval
    cross_term: Interval
    best_scale: Interval
    rescaled_loss: Interval
    verdict: Standing
    reasons: tuple[str, ...]
    doubtful: tuple[str, ...]

    def as_dict(self) -> dict[str, dict[str, float | None] | None]:
        """Every figure as estimate, low and high; None where undefined, or without upper end."""
        words = ("checkpoint", "verdict", "reasons", "doubtful")
        names = [field.name for field in fields(self) if field.name not in words]
        return {name: _three(getattr(self, name)) for name in names}


def _three(value: Interval | None) -> dict[str, float | None] | None:
    if value is None:
        return None
    high = value.high if math.isfinite(value.high) else None
    return {"estimate": value.estimate, "low": value.low, "high": high}


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What `diagnose` found: `run` is the student's, `runs` those of all checkpoints.

    Of several checkpoints `run` is the one of least loss *on these data*, so its loss is
    optimistic. `later_loss` is by how much the last one loses more, and `agreement` the one that
    agrees best with the teacher, the choice that validation on the teacher's labels makes.
    """

    examples: int
    dropped: int
    outputs: int
    groups: int | None
    units: int
    blocks: bool
    level: float
    inputs: Inputs
    runs: tuple[Run, ...]
    best: int
    agreement: int
    later_loss: Interval | None
    agreement_loss: Interval | None

    def as_dict(self) -> dict[str, object]:
        """The object of ``w2s diagnose --json``: numbers as estimate, low and high, or None."""
        found: dict[str, object] = {
            "examples": self.examples,
            "outputs": self.outputs,
            **self.run.as_dict(),
            "verdict": self.verdict.value,
            "reasons": list(self.reasons),
            "doubtful": list(self.run.doubtful),
            "level": self.level,
            "inputs": self.inputs.value,
            "dropped": self.dropped,
            "groups": self.groups,
            "units": self.units,
            "blocks": self.blocks,
        }
        if len(self.runs) > 1:
            found |= {
                "checkpoints": [
                    {"checkpoint": run.checkpoint, **run.as_dict(), "verdict": run.verdict.value}
                    for run in self.runs
                ],
                "best_checkpoint": self.run.checkpoint,
                "agreement_checkpoint": self.runs[self.agreement].checkpoint,
                "later_loss": _three(self.later_loss),
                "agreement_loss": _three(self.agreement_loss),
            }
        return found

    @property
    def run(self) -> Run:
        """The best checkpoint, or the only student."""
        return self.runs[self.best]

    @property
    def verdict(self) -> Standing:
        """Where the run stands."""
        return self.run.verdict

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why, and what else to know, a sentence each."""
        run, notes = self.run, list(self.run.reasons)
        if run.pgr is None:
            notes.append(
                "PGR is undefined: the interval of the gap L_TE - L_ceiling is not above 0"
            )
        elif run.pgr_ceiling is not None and run.pgr_ceiling.estimate > 1:
            notes.append("the ceiling on PGR exceeds 1: a student may beat the ceiling student")
        if len(self.runs) > 1:
            notes += self._along_training()
        if self.dropped:
            notes.append(f"{self.dropped} rows with values that are not finite were dropped")
        kind = "examples" if self.groups is None else "groups"
        if self.units < FEW:
            notes.append(f"{self.units} {kind} are few: the intervals are large-sample ones")
        elif run.doubtful:
            names = ", ".join(run.doubtful[:4]) + ", ..." * (len(run.doubtful) > 4)
            notes.append(
                f"tails too heavy for so few {kind}: intervals may miss oftener than "
                f"{1 - self.level:.3g} of the time: {names}"
            )
        return tuple(notes)

    def _along_training(self) -> list[str]:
        best, last, chosen = self.run, self.runs[-1], self.runs[self.agreement]
        notes = [
            f"of {len(self.runs)} checkpoints {best.checkpoint} has the least loss, chosen on "
            "these data: on new ones expect a little more"
        ]
        if self.later_loss is None:
            notes.append("the last checkpoint is the best: the gain has not stopped")
        else:
            told = "the gain stopped there" if self.later_loss.low > 0 else "no loss that is sure"
            notes.append(f"until {last.checkpoint} L_ST grew by {shown(self.later_loss)}: {told}")
        lost = "" if self.agreement_loss is None else f", which loses {shown(self.agreement_loss)}"
        notes.append(
            "agreement with the teacher would have chosen "
            f"{'the last, ' * (chosen is last)}{chosen.checkpoint}{lost} (weak-validation)"
        )
        return notes


def diagnose(
    target: ArrayLike,
    teacher: ArrayLike,
    student: ArrayLike | Mapping[str, ArrayLike],
    ceiling: ArrayLike | None = None,
    start: ArrayLike | None = None,
    *,
    weights: ArrayLike | None = None,
    groups: ArrayLike | None = None,
    level: float = LEVEL,
    inputs: str = Inputs.TEST,
    drop: bool = False,
    seed: int = 0,
) -> Diagnosis:
    """What the theory says of predictions: arrays or columns of frames, one or more outputs a row.

    ``student`` may be a mapping of checkpoints, in the order of training. ``ceiling``: a student
    trained on the true labels; ``start``: the student before training, where it was not 0.
    ``groups``: ids of clusters of dependent examples. ``inputs``: "training" if the rows are those
    the student was trained on, where nothing is sampled. ValueError: see `diagnose_file`.

    >>> import numpy as np
    >>> x = np.random.default_rng(0).standard_normal((500, 2))
    >>> found = diagnose(x[:, 0], 0.7 * x[:, 0] + 0.3 * x[:, 1], 0.6 * x[:, 0] + 0.1 * x[:, 1])
    >>> print(found.verdict)
    within the limit
    """
    steps = student if isinstance(student, Mapping) else {"": student}
    if not steps:
        raise ValueError("student must have at least one checkpoint, got none")
    given = {"target": target, "teacher": teacher, "ceiling": ceiling, "start": start}
    given |= {"weights": weights, "groups": groups}
    labels = {f"{step}": f"student {step}".strip() for step in steps}
    if len(labels) < len(steps):
        raise ValueError(f"student must name each checkpoint differently, got {[*steps]}")
    given |= dict(zip(labels.values(), steps.values(), strict=True))
    source = Arrays({k: array_column(k, v) for k, v in given.items() if v is not None})
    width = source.width("target")
    for name in ("teacher", "ceiling", "start", *labels.values()):
        if name in source.columns and source.width(name) != width:
            got = source.width(name)
            raise ValueError(f"{name} must have the target's {width} outputs, got {got}")
    for name in ("weights", "groups"):
        if name in source.columns and source.width(name) != 1:
            raise ValueError(f"{name} must be one a row, got {source.width(name)}")

    def role(name: str) -> tuple[str, ...] | None:
        return (name,) if given[name] is not None else None

    roles = Roles(
        outputs=width,
        target=("target",),
        teacher=("teacher",),
        students={step: (label,) for step, label in labels.items()},
        ceiling=role("ceiling"),
        start=role("start"),
        weights="weights" if weights is not None else None,
        groups="groups" if groups is not None else None,
    )
    return _diagnose(source, roles, level=level, inputs=inputs, drop=drop, seed=seed)


def diagnose_file(
    data: object,
    *,
    patterns: Patterns | None = None,
    level: float = LEVEL,
    inputs: str = Inputs.TEST,
    drop: bool = False,
    seed: int = 0,
    progress: Progress = silent,
) -> Diagnosis:
    """The same of a file (.csv, .parquet, .npz, .npy, a folder of .npy) or a frame.

    ``patterns`` names the columns of each role. ValueError, one line: columns that are missing,
    there twice or no numbers, unequal lengths, rows that are not finite (counted; ``drop`` omits
    them), a constant target, a teacher that is 0 or the target, a level outside [0.5, 0.999].
    """
    source = open_source(str(data) if isinstance(data, Path) else data)
    roles = find_roles(source, patterns or Patterns())
    return _diagnose(
        source, roles, level=level, inputs=inputs, drop=drop, seed=seed, progress=progress
    )


def _diagnose(
    source: Table,
    roles: Roles,
    *,
    level: float,
    inputs: str,
    drop: bool,
    seed: int,
    progress: Progress = silent,
) -> Diagnosis:
    low, high = LEVELS
    if not low <= real("level", level) <= high:
        raise ValueError(f"level must be in [{low}, {high}], got {level!r}")
    kind, seed = choice("inputs", inputs, Inputs), integer("seed", seed, 0)
    units = gather(source, roles, drop=drop, seed=seed, progress=progress)
    return summarise(units, level=level, inputs=kind, seed=seed)


def summarise(units: Units, *, level: float, inputs: Inputs, seed: int = 0) -> Diagnosis:
    """The diagnosis from sums of units alone."""
    layout, sums = units.layout, units.sums
    names, total = layout.students, units.sums.sum(axis=0)
    at_hand = [figures(layout, total, number) for number in range(len(names))]
    losses = [float(found["student_loss"]) for found in at_hand]
    best, last = int(np.argmin(losses)), len(names) - 1
    agreement = int(np.argmin([float(found["misfit"]) for found in at_hand]))
    steps = tuple(dict.fromkeys([best, agreement, last]))

    parts = [
        Statistics(
            prefix=f"{number} ",
            places=layout.places(number),
            of=partial(figures, layout, student=number),
        )
        for number in range(len(names))
    ]
    if len(steps) > 1:
        compared = [layout.place("student_target2", step) for step in steps]
        places = (layout.place("target2"), *compared)
        parts.append(Statistics(prefix="later ", places=places, of=partial(curve, layout, steps)))
    found = estimates(units, parts, level=level, seed=seed)
    runs = [
        _run(
            name,
            {key: found[f"{number} {key}"] for key in at_hand[number]},
            recovered_gap(units, number, level=level),
            inputs=inputs,
            examples=units.examples,
        )
        for number, name in enumerate(names)
    ]
    later = {key: value.interval for key, value in found.items() if key.startswith("later ")}
    return Diagnosis(
        examples=units.examples,
        dropped=units.dropped,
        outputs=units.outputs,
        groups=units.groups,
        units=len(sums),
        blocks=units.blocks,
        level=level,
        inputs=inputs,
        runs=tuple(runs),
        best=best,
        agreement=agreement,
        later_loss=later.get(f"later {last}"),
        agreement_loss=later.get(f"later {agreement}"),
    )


_ALWAYS = (
    *("target_norm2", "teacher_norm2", "student_norm2", "teacher_loss", "student_loss"),
    *("teacher_gap", "student_gap", "instance_floor", "limit", "room", "misfit", "gain"),
    *("cross_term", "best_scale", "rescaled_loss"),
)


def _run(
    name: str, got: dict[str, Measured], pgr: Interval | None, *, inputs: Inputs, examples: int
) -> Run:
    found = {key: estimate.interval for key, estimate in got.items()}
    if found["limit"].low == 0:  # L_ST over a limit that may be 0 has no upper end
        found = found | {"ratio": replace(found["ratio"], high=math.inf)}
    standing, reasons = judge(found, inputs=inputs, examples=examples)
    shown_names = [field.name for field in fields(Run) if field.name in got]
    theorem = found if found["teacher_loss"].estimate <= 1 else {}  # it speaks of losses up to 1
    recovered = {} if pgr is None else found
    return Run(
        checkpoint=name,
        ceiling_loss=found.get("ceiling_loss"),
        pgr=pgr,
        pgr_ceiling=recovered.get("pgr_ceiling") if theorem else None,
        instance_pgr_ceiling=recovered.get("instance_pgr_ceiling"),
        floor=theorem.get("floor"),
        above_floor=theorem.get("above_floor"),
        start_loss=found.get("start_loss"),
        start_distance=found.get("start_distance"),
        moved=found.get("moved"),
        start_gap=found.get("start_gap"),
        pretrained_floor=found.get("pretrained_floor"),
        ratio=found["ratio"] if found["limit"].estimate > 0 else None,
        verdict=standing,
        reasons=reasons,
        doubtful=tuple(key for key in shown_names if got[key].doubt > DOUBT),
        **{key: found[key] for key in _ALWAYS},
    )
