"""One experiment: teachers of one width, a student, and the numbers that the paper reports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from w2s_theory.arguments import FloatArray, integer
from w2s_theory.experiments.draws import draw_features, draw_together
from w2s_theory.models.ball_model import FIT_BITS
from w2s_theory.models.base import Features, Goal, Model, Operator
from w2s_theory.models.parallel import Progress, silent
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.roundoff import DOUBLE_EPS
from w2s_theory.models.teacher import DEFAULT_MAX_DEGREE, Teacher, fit_teachers
from w2s_theory.students.ball_student import certified_student
from w2s_theory.students.curve import StudentCurve, default_times, target_eigenvalue
from w2s_theory.students.filters import learning_rule
from w2s_theory.students.finite import default_blocks, finite_students
from w2s_theory.students.infinite import infinite_student
from w2s_theory.students.memory import plan_memory
from w2s_theory.students.spectral import SpectralFilter
from w2s_theory.text.tabular import Tabular
from w2s_theory.text.with_error import with_error
from w2s_theory.theorems.floors import shrinkage_floor
from w2s_theory.theorems.kappa import kappa

IN_BALLS_TO = 256
"""The width to which a student that floats lose is followed in balls: two seconds a draw."""

LOST = 0.1
"""The share of the best loss that its error may be before floats have lost it."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Simulation(Tabular):
    """Per draw, shape `(draws,)`: losses of a unit target, the best stopping time, PGR, kappa_S.

    `stopping_time` is the t of the smallest student loss, for dw/dt = -(1/2) grad; `floor` is
    Theorem 4.1's at each teacher loss, NaN where the rule overshot (momentum); `kappa` is kappa_S
    for the eigenspaces that carry the target. `pgr` takes as `ceiling` the student's best loss on
    the true labels (0 for an infinite student) and is NaN where the teacher's loss is not above it.
    `curves` holds every student's whole loss curve.
    `teacher_error` bounds the rounding of each L_TE; `student_error` and `ceiling_error` bound
    (infinite width) or estimate (finite) the error of the losses, `pgr_error` what they add up to,
    and `kappa_error` that of kappa_S.
    `converged` is False where a finite student's iteration or rounding fell short of its tolerance.
    """

    eigenvalue_target: float
    teacher_loss: FloatArray
    student_loss: FloatArray
    stopping_time: FloatArray
    pgr: FloatArray
    floor: FloatArray
    kappa: FloatArray
    teacher_error: FloatArray
    student_error: FloatArray
    pgr_error: FloatArray
    kappa_error: FloatArray
    ceiling: float
    ceiling_error: float
    converged: bool
    rank: tuple[int, ...]
    curves: tuple[StudentCurve, ...]
    memory: str

    def columns(self) -> dict[str, FloatArray]:
        """What is known of each draw."""
        return {name: getattr(self, name) for name in _COLUMNS}

    def title(self) -> str:
        """The mean losses, to the digits that their errors support."""
        teacher = with_error(self.teacher_loss.mean(), self.teacher_error.mean())
        student = with_error(self.student_loss.mean(), self.student_error.mean())
        draws = self.teacher_loss.size
        return f"simulation, draws: {draws}, mean L_TE {teacher}, mean best L_ST {student}"

    def shown(self) -> dict[str, list[str]]:
        """The draws, every number to the digits that its error supports, four at most."""
        teacher, student = self.teacher_loss, self.student_loss
        with np.errstate(divide="ignore", invalid="ignore"):
            share = self.student_error / student
            ratio = np.where(teacher > 0, student / teacher**2, 0.0)
            # The loss is flat at its minimum: the time is known to the square root of its accuracy.
            time_error = self.stopping_time * np.sqrt(share)
            ratio_error = ratio * (share + 2 * self.teacher_error / teacher)
            ratio_error = np.where(teacher > self.teacher_error, ratio_error, np.inf)
        above = np.minimum(teacher + self.teacher_error, 1.0)
        pairs = {
            "teacher_loss": (teacher, self.teacher_error),
            "student_loss": (student, self.student_error),
            "stopping_time": (self.stopping_time, time_error),
            "pgr": (self.pgr, self.pgr_error),
            "floor": (self.floor, np.abs(shrinkage_floor(above) - self.floor)),
            "kappa": (self.kappa, self.kappa_error),
            "student/teacher^2": (ratio, ratio_error),
        }
        return {
            name: [with_error(float(v), float(e)) for v, e in zip(*pair, strict=True)]
            for name, pair in pairs.items()
        }


_COLUMNS = (
    "teacher_loss",
    "teacher_error",
    "student_loss",
    "student_error",
    "stopping_time",
    "pgr",
    "pgr_error",
    "floor",
    "kappa",
    "kappa_error",
)


def simulate(
    model: Model[Features, Goal],
    target: Goal,
    *,
    teacher_width: int,
    student_width: int | None,
    draws: int,
    seed: int,
    rule: str = "flow",
    rank_revealing: bool = False,
    allow_unlearnable: bool = False,
    max_degree: int = DEFAULT_MAX_DEGREE,
    progress: Progress = silent,
) -> Simulation:
    """Fit `draws` least-squares teachers and train a student of each (None: infinite width).

    Students learn by ``rule`` (`learning_rule`) at every time of `default_times`, its step
    1/lambda_max of the infinite-width kernel; only gradient flow is refined between them.
    A student of finite width is shared by all draws. Draw i has its own generator, seeded by
    (seed, 0, i), and so has the student, so that draws can be added without changing the others
    (except a finite student of a joint model: there one draw holds all features). Raises
    `ValueError` for widths or draws < 1, an unlearnable target, singular features, or a width whose
    memory estimate exceeds what is free. Singular features are fitted on their span with
    `rank_revealing`; `rank` says its dimension, and kappa_S is NaN there.
    """
    teacher_width = integer("teacher_width", teacher_width, 1)
    draws, seed = integer("draws", draws, 1), integer("seed", seed, 0)
    learning_rule(rule)  # refused before anything is drawn
    if student_width is not None:
        student_width = integer("student_width", student_width, 1)
    if student_width is not None and not model.joint:
        # Refuse before anything is drawn.
        plan_memory(student_width, draws + 1, max_blocks=default_blocks(draws + 1))
    batches, units = _features(model, teacher_width, student_width, draws, seed)
    return trained(
        model,
        target,
        batches,
        units,
        rule=rule,
        rank_revealing=rank_revealing,
        allow_unlearnable=allow_unlearnable,
        max_degree=max_degree,
        progress=progress,
    )


def trained(
    model: Model[Features, Goal],
    target: Goal,
    batches: Sequence[Features],
    units: Features | None,
    *,
    operator: Operator | None = None,
    rule: str = "flow",
    rank_revealing: bool = False,
    allow_unlearnable: bool = False,
    max_degree: int = DEFAULT_MAX_DEGREE,
    progress: Progress = silent,
) -> Simulation:
    """`simulate` on given features: a teacher for each of `batches`, one student on `units`.

    The batches may be of different widths; `operator` is the units' kernel, if it is built. Raises
    `ValueError` as `simulate`.
    """
    at_time = learning_rule(rule)
    teachers = fit_teachers(
        model,
        batches,
        target,
        max_degree=max_degree,
        rank_revealing=rank_revealing,
        allow_unlearnable=allow_unlearnable,
        progress=progress,
    )
    asked = None if rule == "flow" else _along(at_time, teachers[0])
    if units is None:
        curves: Sequence[StudentCurve] = [_infinite(model, t, asked) for t in teachers]
        spectrum = np.append(teachers[0].spaces.eigenvalues, teachers[0].spaces.beyond)
        ceiling, ceiling_error, converged, memory = 0.0, 0.0, True, ""
    else:
        sweep = finite_students(
            model, units, teachers, asked, operator=operator, required=False, progress=progress
        )
        curves, ceiling, ceiling_error = sweep.curves, sweep.ceiling, sweep.ceiling_estimate
        converged, spectrum = sweep.converged, sweep.projection.values
        memory = "" if sweep.plan is None else str(sweep.plan)
    losses = np.array([teacher.loss for teacher in teachers])
    errors = np.array([teacher.error_bound for teacher in teachers])
    best = np.array([curve.best_loss for curve in curves])
    best_error = np.array([curve.best_error for curve in curves])
    floor = shrinkage_floor(np.minimum(losses, 1.0))
    if asked is not None:
        floor[[not _shrinks(curve, asked, spectrum) for curve in curves]] = np.nan
    least = np.where(np.isnan(floor), 0, shrinkage_floor(np.clip(losses - errors, 0, 1)))
    _check_floor(losses, best, best_error, least)
    span = np.where(losses > ceiling, losses - ceiling, np.nan)
    pgr = (losses - best) / span
    kappas, kappa_errors = zip(
        *(_target_alignment(model, teacher) for teacher in teachers), strict=True
    )
    shares = errors * np.abs(best - ceiling) / span + best_error + np.abs(pgr) * ceiling_error
    return Simulation(
        eigenvalue_target=target_eigenvalue(teachers[0].spaces, teachers[0].target_energies),
        teacher_loss=losses,
        student_loss=best,
        stopping_time=np.array([curve.best_time for curve in curves]),
        pgr=pgr,
        floor=floor,
        kappa=np.array(kappas),
        teacher_error=errors,
        student_error=best_error,
        pgr_error=shares / span,
        kappa_error=np.array(kappa_errors),
        ceiling=ceiling,
        ceiling_error=ceiling_error,
        converged=converged,
        rank=tuple(teacher.rank for teacher in teachers),
        curves=tuple(curves),
        memory=memory,
    )


def _infinite(
    model: Model[Features, Goal],
    teacher: Teacher[Features, Goal],
    asked: tuple[SpectralFilter, ...] | None,
) -> StudentCurve:
    """The infinite student, in balls where float64 has no digit of gradient flow's best loss."""
    curve = infinite_student(teacher, asked)
    lost = curve.best_error > LOST * curve.best_loss and len(teacher.features) <= IN_BALLS_TO
    finite = teacher.target_tail == 0
    if lost and finite and asked is None and isinstance(model, ReluSphere):
        return certified_student(model, teacher, bits=FIT_BITS).curve(teacher)
    return curve


def _shrinks(curve: StudentCurve, rules: Sequence[SpectralFilter], eigenvalues: FloatArray) -> bool:
    """Whether the best rule lies in [0, 1] but for rounding: what Theorem 4.1 assumes."""
    kept = rules[int(np.argmin(curve.losses))](eigenvalues)
    return bool(((kept >= 0) & (kept <= 1 + 8 * DOUBLE_EPS)).all())


def _check_floor(
    losses: FloatArray, best: FloatArray, errors: FloatArray, least: FloatArray
) -> None:
    """ValueError where a best loss is below ``least`` by more than its error."""
    below = best + errors < least
    if below.any():
        draw = int(np.argmax(below))
        raise ValueError(
            f"model must respect Theorem 4.1's floor {least[draw]:.4g} at L_TE = "
            f"{losses[draw]:.4g}, got L_ST = {best[draw]:.4g} +- {errors[draw]:.2g} in draw "
            f"{draw}: its members contradict each other (w2s_theory.models.check_model says where)"
        )


def _along(
    at_time: Callable[[float, float], SpectralFilter], teacher: Teacher[Features, Goal]
) -> tuple[SpectralFilter, ...]:
    """The rule at every default time, each once."""
    largest = float(teacher.spaces.eigenvalues.max())
    times = default_times(teacher.spaces, teacher.target_energies)
    return tuple(dict.fromkeys(at_time(float(time), largest) for time in times))


def _features(
    model: Model[Features, Goal],
    teacher_width: int,
    student_width: int | None,
    draws: int,
    seed: int,
) -> tuple[list[Features], Features | None]:
    """Features of every teacher and of the student (None: infinite)."""
    if student_width is not None and model.joint:
        widths = [teacher_width] * draws + [student_width]
        *batches, units = draw_together(model, widths, (seed, 2))
        return batches, units
    batches = list(draw_features(model, teacher_width, range(draws), (seed, 0)))
    if student_width is None:
        return batches, None
    return batches, draw_together(model, [student_width], (seed, 1))[0]


def _target_alignment(
    model: Model[Features, Goal], teacher: Teacher[Features, Goal]
) -> tuple[float, float]:
    """kappa_S of a teacher for the eigenspaces that carry its target, and its error bound."""
    unknown = float("nan"), float("nan")
    if teacher.target_tail > 0:  # infinitely many degrees: no width spans any of them
        return 1.0, 0.0
    if teacher.rank < len(teacher.features):
        return unknown
    spaces = np.flatnonzero(teacher.target_energies > 0).tolist()
    try:
        found = kappa(model, teacher.features, spaces)
    except ValueError:  # float64 cannot tell the Gram matrix from a singular one
        return unknown
    return found.kappa, found.error_bound
