"""Settings beyond what the consequences of Theorem 4.1 assume, as `beyond` has them for others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from checks.support.made_settings import Products, Restated
from w2s_theory.ledger import quantities as q
from w2s_theory.search.classes import ClassRun, MixtureRun
from w2s_theory.search.coordinates import ONE, ZERO
from w2s_theory.search.one_student import HALF_LOST, Setting
from w2s_theory.search.runs import Point, Run, fitted, nearest
from w2s_theory.search.settings import Settled
from w2s_theory.search.spectral_students import FixedStudent, Given, Link
from w2s_theory.search.teachers import PlainTeacher
from w2s_theory.search.training import HeadRun, NetworkRun, ProjectionRun, WatchedRun, degrees

_JUST = Fraction(1, 500)
"""A step that one percent allows."""
_UP, _DOWN = 1 + _JUST, 1 - _JUST
_HALF, _SLIGHT = Fraction(1, 2), Fraction(1, 200)
_NOTHING, _TARGET = (ZERO, ZERO), (ONE, ZERO)
_TEACHER = fitted(HALF_LOST)
_LONG = fitted(HALF_LOST, scale=_UP)


def _student(run: Run) -> Point:
    assert isinstance(run.student, FixedStudent)
    return run.student.coordinates


_SHARP = _student(nearest(_TEACHER))
_BEYOND = _student(nearest(_TEACHER, widened=_SLIGHT))
"""The student nearest to the target, and one whose shrinkage is short of 0 by less than 1/100."""


def _longer(setting: Settled) -> Settled:
    """||f*||^2 = 251/250: teacher and student are 0, so theirs are the losses."""
    norms = (q.TARGET_NORM2, q.L_TE, q.L_ST, q.ONE_LOSS, q.OTHER_LOSS)
    return Restated(setting, tuple((symbol, 1 + 2 * _JUST) for symbol in norms))


def _instance() -> Iterator[Settled]:
    """f_T = 2 f* for a longer target; 1/200 less slack than needed; a longer teacher."""
    yield Run(teacher=(2 * _UP, ZERO), student=FixedStudent(_NOTHING), target_norm=_UP)
    yield from _slacks()
    yield nearest(_LONG)


def _slacks() -> Iterator[Settled]:
    wide = nearest(_TEACHER, widened=Fraction(1, 10))
    yield replace(wide, slack=Fraction(1, 10) / (1 + Fraction(1, 200)))


def _started() -> Iterator[Settled]:
    """From a start at the origin, and from elsewhere."""
    yield from _slacks()
    wide = nearest(_TEACHER, start=(_HALF, -_HALF), widened=Fraction(1, 10))
    yield replace(wide, slack=Fraction(1, 10) / (1 + Fraction(1, 200)))


def _filters() -> Iterator[Settled]:
    for filter in ((-_JUST, ZERO), (_UP, ONE)):
        yield Run(teacher=(_HALF, _HALF), student=Link((ONE, ONE), Given(filter)))


def _recovered() -> Iterator[Settled]:
    """A longer target or teacher; ceilings below 0, at L_TE, above, and just met."""
    yield Run(teacher=_NOTHING, student=FixedStudent(_NOTHING), target_norm=_UP)
    yield nearest(_LONG)
    yield Run(teacher=_TARGET, student=FixedStudent(_TARGET), ceiling=-_SLIGHT)
    teacher = (_HALF, _HALF)
    for ceiling in (_HALF, _HALF * _UP):
        yield Run(teacher=teacher, student=FixedStudent(_NOTHING), ceiling=ceiling)
    met = Fraction(5, 16)
    student = FixedStudent((_HALF, _HALF / 2))
    for ceiling in (met, met * _DOWN):
        yield Run(teacher=teacher, student=student, ceiling=ceiling)


def _boosted() -> Iterator[Settled]:
    """A longer target or teacher; students just beyond the limit, one with teacher 0."""
    nothing = FixedStudent(_NOTHING)
    yield Setting(dim=2, teacher=PlainTeacher(_NOTHING), links=(nothing,), target_norm=_UP)
    for teacher, student in ((_LONG, _SHARP), (_TEACHER, _BEYOND)):
        yield Setting(dim=2, teacher=PlainTeacher(teacher), links=(FixedStudent(student),))
    short = FixedStudent((Fraction(9, 100), ZERO))
    yield Setting(dim=2, teacher=PlainTeacher(_NOTHING), links=(short,))


def _labelled() -> Iterator[Settled]:
    """A longer target or teacher; less than no weak labels, more than all; a student beyond."""
    yield Run(teacher=_NOTHING, student=FixedStudent(_NOTHING), target_norm=_UP)
    yield nearest(_LONG)
    yield Run(teacher=(_HALF, _HALF), student=FixedStudent(_TARGET), weak_share=-_SLIGHT)
    yield Run(teacher=_NOTHING, student=FixedStudent(_NOTHING), weak_share=1 + _SLIGHT)
    yield Run(teacher=_TEACHER, student=FixedStudent(_BEYOND))


def _classes() -> Iterator[Settled]:
    """Classes that all but hold the target, or the origin; a longer target or teacher."""
    near = fitted(Fraction(1, 25))
    shrunk = (Fraction(9, 10) * near[0], Fraction(9, 10) * near[1])
    yield ClassRun(near, shrunk, _TARGET)
    yield ClassRun(near, _TARGET, _TARGET)
    yield ClassRun((1 + _SLIGHT, ZERO), _TARGET, _TARGET)
    yield _longer(ClassRun(_NOTHING, _NOTHING, _TARGET))


def _mixed() -> Iterator[Settled]:
    """Weights just beyond; of two students or teachers one at fault, alone or slightly."""
    for weight in (-_SLIGHT, 1 + _SLIGHT):
        students = (_TEACHER, _NOTHING)
        yield MixtureRun((_TEACHER, _TEACHER), students, weight)
    long = (Fraction(3, 2), ZERO)
    for good, bad in (
        ((_TEACHER, _SHARP), (_TEACHER, _TARGET)),
        ((_TEACHER, _SHARP), (_TEACHER, _BEYOND)),
        ((_TARGET, _TARGET), (long, _TARGET)),
        ((_TEACHER, _SHARP), (_LONG, _SHARP)),
    ):
        for (one, first), (other, second), weight in ((bad, good, ONE), (good, bad, ZERO)):
            yield MixtureRun((one, other), (first, second), weight)
    yield _longer(MixtureRun((_NOTHING, _NOTHING), (_NOTHING, _NOTHING), ONE))


def _heads() -> Iterator[Settled]:
    """A gradient of 1/1000, a decay of -1/200, a longer target or teacher."""
    yield HeadRun((_TARGET,), _TEACHER, _HALF, Fraction(1, 1000))
    yield HeadRun((_TARGET,), _TEACHER, -_SLIGHT)
    yield HeadRun((_SHARP,), _LONG, ZERO)
    yield _longer(HeadRun((_TARGET,), _NOTHING, ZERO))


def _networks() -> Iterator[Settled]:
    """A small bias; degree 0; a small negative decay; a norm that all but grows."""
    inputs = ((ONE, ZERO), (ZERO, ONE), (-ONE, _HALF))
    fit, teacher = _fit(ONE), (_HALF, _HALF, ZERO)
    three = (((_HALF, ZERO), (ZERO, _HALF)), ((ONE, ZERO), (ZERO, ONE)), ((_HALF, _HALF),))
    yield NetworkRun(three, inputs, teacher, ZERO, Fraction(1, 50))
    numbers = ((q.HOMOGENEITY, 0), (q.EULER_MISS, 0), (q.NORM_RATE, 0), (q.DECAY, 0))
    more = ((q.PARAMETER_NORM2, ONE), *((symbol, Fraction(x)) for symbol, x in numbers))
    half = Fraction(1, 4)  # f_T = f*/2 and f_S = f*, normalised weights
    yield Products(teacher=half, teacher_target=_HALF, student_teacher=_HALF, more=more)
    yield NetworkRun(_fit(Fraction(20)), inputs, teacher, -_SLIGHT)
    for length in (_DOWN, _UP):
        yield NetworkRun(fit, inputs, (length, ZERO, ZERO))
    zero = (((ZERO, ZERO),), ((ZERO,),))
    yield _longer(NetworkRun(zero, inputs, (ZERO, ZERO, ZERO)))


def _fit(size: Fraction) -> tuple[tuple[Point, ...], ...]:
    """The target on these inputs, with an output weight of this size."""
    return (((1 / size, -1 / size),), ((size,),))


def _watched() -> Iterator[Settled]:
    """Filters that fall or overshoot by 1/500; flows that go back, or up."""
    still = (ONE, ZERO, ONE)
    table = ((_DOWN, still), (_UP, still), (ONE, (ONE, ONE, _DOWN)), (ONE, (-_SLIGHT, ZERO, ONE)))
    for later, flow in table:
        now, then = (Link((ONE, ONE), Given((s, s))) for s in (ONE, later))
        yield WatchedRun(_TEACHER, now, then, flow)


def _on_axis() -> Iterator[Settled]:
    """A target of another length, L_TE = 1, a teacher and a student of another length."""
    quarter = Fraction(1, 4)
    for target in (_UP, _DOWN):
        yield _axis(target, quarter, quarter - (1 - target) / 2)
    yield _axis(ONE, ZERO, ZERO)
    for more in (-1, 1):
        yield _axis(ONE, quarter + Fraction(more, 2000), quarter)
        yield _axis(ONE, quarter, quarter, 1 + more * Fraction(1, 50))


def _axis(
    target: Fraction, teacher: Fraction, product: Fraction, stretch: Fraction = ONE
) -> Settled:
    """Products of f*, f_T and f_S = (1 - L_TE) f*, stretched."""
    share = (1 - (teacher - 2 * product + target)) * stretch
    return Products(
        target=target,
        teacher=teacher,
        student=share**2 * target,
        teacher_target=product,
        student_target=share * target,
        student_teacher=share * product,
    )


def _converged() -> Iterator[Settled]:
    spans = ((ONE, ONE, ZERO),), ((ONE, ZERO, ZERO), (ZERO, ONE, ONE))
    yield ProjectionRun(*spans, off_student=_DOWN)
    yield ProjectionRun(*spans, off_teacher=_UP)


def _several() -> Iterator[Settled]:
    """One level: kappa < 0, 1/lambda = 0, filters just beyond."""
    for inverse, ridge, filter in ((ONE, -_SLIGHT, ONE), (ZERO, _HALF, ONE), (ONE, _HALF, _UP)):
        yield degrees([(ONE, inverse, filter)], ridge, ZERO)
    unfinished = degrees([(ONE, ONE, _DOWN)], _HALF, ZERO)
    yield Restated(unfinished, ((q.UNFINISHED, ZERO),))


def beyond_runs() -> dict[str, Iterable[Settled]]:
    """The settings of each consequence."""
    return {
        "thm-4.1-instance": _instance(),
        "pretrained": _started(),
        "pretrained-filters": _filters(),
        "pgr-ceiling": _recovered(),
        "no-boost": _boosted(),
        "gold-labels": _labelled(),
        "convex-class": _classes(),
        "mixtures": _mixed(),
        "linear-head": _heads(),
        "homogeneous": _networks(),
        "weak-validation": _watched(),
        "squared-only": _on_axis(),
        "converged": _converged(),
        "several-degrees": _several(),
    }
