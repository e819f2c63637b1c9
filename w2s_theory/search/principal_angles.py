"""Exact settings for the alignment and the master bound, and random ones (Hypothesis).

The student's eigenfunctions are the axes of R^m: any other basis is this one turned. Features and
target are rational, so kappa_S is an algebraic number, known exactly (`certify.algebraic`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from flint import fmpq, fmpq_mat
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from w2s_theory.certify.algebraic import Root, eigenvalues
from w2s_theory.certify.balls import to_arb, to_fmpq
from w2s_theory.ledger import quantities as q
from w2s_theory.search import coordinates
from w2s_theory.search.coordinates import MAX_DIM, ONE, UNIT, ZERO
from w2s_theory.search.settings import ExactVector, Number, Values, dot, triple
from w2s_theory.search.spectral_students import Flow, Link
from w2s_theory.search.teachers import FeatureTeacher, Fit


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignedSetting:
    """A target and features in R^m, a set S of axes, kernel eigenvalues, and a time.

    `inside` lists S, `added` is one more axis for a larger set, `unit` one more feature row,
    `normal` the normal of a reflection that turns everything.
    """

    target: tuple[Fraction, ...]
    teacher: FeatureTeacher
    eigenvalues: tuple[Fraction, ...]
    inside: tuple[int, ...]
    time: Fraction
    added: int | None = None
    unit: tuple[Fraction, ...] = ()
    normal: tuple[Fraction, ...] = ()
    grants: tuple[str, ...] = ()

    def values(self) -> Values:
        """Every symbol that this setting determines."""
        forms = self._forms()
        return self.losses() | forms | self._changes() | self._risk(forms[q.KAPPA])

    def losses(self) -> Values:
        """Teacher, student and spectrum, without the alignment."""
        target = tuple(to_fmpq(x) for x in self.target)
        teacher = self.teacher.vector(target)
        student = Link(self.eigenvalues, Flow(self.time)).apply(teacher)
        outside = [i for i in range(len(target)) if i not in self.inside]
        carried = [v for v, x in zip(self.eigenvalues, self.target, strict=True) if x]
        null = [i for i, value in enumerate(self.eigenvalues) if value == 0]
        left = [self.eigenvalues[i] for i in outside]
        miss = [teacher[i] - target[i] for i in self.inside]
        result = triple(target, teacher, student, fmpq(1))
        result |= self.teacher.symbols(target)
        result |= {
            q.EIGENVALUE_MIN: to_fmpq(min(self.eigenvalues)),
            q.LAMBDA_TARGET: to_fmpq(min(carried)),
            q.LAMBDA_OUT: to_fmpq(max(left, default=ZERO)),
            q.TIME: to_fmpq(self.time),
            q.NULL_ENERGY: sum((target[i] ** 2 for i in null), fmpq(0)),
            q.NULL_TEACHER: sum((teacher[i] ** 2 for i in null), fmpq(0)),
            q.TARGET_OUTSIDE: sum((target[i] ** 2 for i in outside), fmpq(0)),
            q.PROJECTED_MISS: dot(miss, miss),
            q.SPACE_DIM: fmpq(len(target)),
            q.SIZE: fmpq(len(self.inside)),
            q.WIDTH: fmpq(len(self.teacher.features)),
        }
        return result

    def _rows(self) -> list[ExactVector]:
        return [tuple(to_fmpq(x) for x in row) for row in self.teacher.features]

    def _forms(self) -> Values:
        """kappa_S as an operator norm, a principal angle, a worst loss, and an eigenvalue."""
        rows, size = self._rows(), len(self.inside)
        width, dim = len(rows), len(self.target)
        seen = projector(rows)
        rest = [
            [int(i == j) - seen[i, j] if {i, j} <= set(self.inside) else fmpq(0)
             for j in range(dim)]
            for i in range(dim)
        ]  # fmt: skip
        norms = eigenvalues(fmpq_mat(rest))
        result = {
            q.KAPPA: norms[-1].value(),
            q.SIGMA2_MIN: _least_cosine(rows, self.inside).value(),
            q.WORST_LOSS: self._worst().value(),
        }
        gram = fmpq_mat([[dot(a, b) for b in rows] for a in rows])
        kept = [[a[i] for i in self.inside] for a in rows]
        ratios = eigenvalues(gram.solve(fmpq_mat([[dot(a, b) for b in kept] for a in kept])))
        result[q.PENCIL] = ratios[width - size].value() if size <= width else fmpq(0)
        if size > 1:
            before = width - size + 1
            result[q.PENCIL_BEFORE] = ratios[before].value() if before >= 0 else fmpq(0)
        weak = [[x for i, x in enumerate(a) if i not in self.inside] for a in rows]
        noise = fmpq_mat([[dot(a, b) for b in weak] for a in weak])
        if noise.det() != 0:
            strong = fmpq_mat(kept)
            result[q.BLOCK_MIN] = eigenvalues(strong.transpose() * noise.solve(strong))[0].value()
        return result

    def _risk(self, aligned: Number) -> Values:
        """delta such that A_S/(delta M) is kappa_S rounded up to a multiple of 1/64.

        Any A_S > 0 will do: the trace counts one more eigenfunction, which no feature sees.
        """
        values = [self.eigenvalues[i] for i in self.inside]
        if not all(values):
            return {}
        trace, inverse = sum(self.eigenvalues, max(values)), sum((1 / v for v in values), ZERO)
        level = Fraction(max(1, math.ceil(64 * float(to_arb(aligned).upper()))), 64)
        cost = trace * inverse - len(values)
        return {
            q.TRACE: to_fmpq(trace),
            q.INVERSE_SUM: to_fmpq(inverse),
            q.RISK: to_fmpq(cost / (level * len(self.teacher.features))),
        }

    def _worst(self) -> Root:
        """The worst loss over unit targets in S, from losses of least-squares fits alone."""
        basis = [_axis(i, len(self.target)) for i in self.inside]
        fits = FeatureTeacher(self.teacher.features, Fit.LEAST_SQUARES)

        def loss(target: ExactVector) -> fmpq:
            miss = [a - b for a, b in zip(fits.vector(target), target, strict=True)]
            return dot(miss, miss)

        single = [loss(e) for e in basis]
        pairs = [
            [(loss(tuple(x + y for x, y in zip(e, f, strict=True))) - single[i] - single[j]) / 2
             for j, f in enumerate(basis)]
            for i, e in enumerate(basis)
        ]  # fmt: skip
        return eigenvalues(fmpq_mat(pairs))[-1]

    def _changes(self) -> Values:
        """What a larger set, a wider teacher and a rotation do to kappa_S."""
        rows, target = self._rows(), tuple(to_fmpq(x) for x in self.target)
        here = _least_cosine(rows, self.inside)
        captured = projector(rows) * fmpq_mat(len(target), 1, list(target))
        shadow = dot([captured[i, 0] for i in range(len(target))], target)
        result: Values = {q.KAPPA_TARGET: 1 - shadow / dot(target, target)}
        if self.added is not None:
            wider = _least_cosine(rows, (*self.inside, self.added))
            result[q.KAPPA_RISE] = _gap(here, wider)
        if self.unit and coordinates.independent((*self.teacher.features, self.unit)):
            more = [*rows, tuple(to_fmpq(x) for x in self.unit)]
            result[q.KAPPA_FALL] = _gap(_least_cosine(more, self.inside), here)
        if self.normal:
            turn = Link(self.eigenvalues, Flow(ZERO), self.normal)
            turned = [turn.reflect(row) for row in rows]
            frame = [turn.reflect(_axis(i, len(target))) for i in self.inside]
            seen = projector(turned)
            result[q.KAPPA_TURNED] = 1 - eigenvalues(_compressed(seen, frame))[0].value()
        return result


def _gap(smaller: Root, larger: Root) -> Number:
    """smaller - larger of the two cosines, exactly 0 if they are the same number."""
    return fmpq(0) if smaller.same(larger) else smaller.value() - larger.value()


def _axis(place: int, dim: int) -> ExactVector:
    return tuple(fmpq(int(i == place)) for i in range(dim))


def projector(rows: Sequence[ExactVector]) -> fmpq_mat:
    """P_T = F^T G^-1 F."""
    features = fmpq_mat([list(row) for row in rows])
    return features.transpose() * (features * features.transpose()).solve(features)


def _compressed(seen: fmpq_mat, frame: Sequence[ExactVector]) -> fmpq_mat:
    columns = fmpq_mat([list(vector) for vector in frame])
    return columns * seen * columns.transpose()


def alignment(rows: Sequence[Sequence[Fraction]], inside: Sequence[int]) -> Number:
    """kappa_S of S = `inside` and the span of the features `rows`."""
    features = [tuple(to_fmpq(x) for x in row) for row in rows]
    return 1 - _least_cosine(features, inside).value()


def _least_cosine(rows: Sequence[ExactVector], inside: Sequence[int]) -> Root:
    """sigma_min(P_T P_S)^2, the smallest eigenvalue of P_S P_T P_S on S."""
    seen = projector(rows)
    return eigenvalues(fmpq_mat([[seen[i, j] for j in inside] for i in inside]))[0]


# --- random and named -----------------------------------------------------------------------------


@st.composite
def aligned(draw: DrawFn) -> AlignedSetting:
    """Any features and S in R^2 to R^4; the teacher is most often a least-squares fit.

    In the minority: shifted weights, targets that reach outside S, negative times, `|S| > width`.
    """
    dim = draw(st.integers(2, MAX_DIM))
    order = draw(st.permutations(range(dim)))
    size = draw(st.integers(1, dim))
    inside = tuple(sorted(order[:size]))
    stray = draw(st.integers(0, 7)) == 0
    places = order[: draw(st.integers(1, dim if stray else size))]
    values = draw(coordinates.eigenvalues(dim))
    features = draw(coordinates.feature_rows(dim))
    rule = draw(st.sampled_from([Fit.LEAST_SQUARES] * 6 + [Fit.SHIFT]))
    unit = draw(st.tuples(*[coordinates.coordinates() for _ in range(dim)]))
    normal = draw(st.tuples(*[st.integers(-3, 3).map(Fraction) for _ in range(dim)]))
    scale = draw(st.sampled_from([ZERO, *map(Fraction, (1, 2, 5, 30)), Fraction(1, 10), -ONE / 10]))
    return AlignedSetting(
        target=_spread(draw(_direction(len(places))), places, dim),
        teacher=FeatureTeacher(features, rule, draw(UNIT)),
        eigenvalues=values,
        inside=inside,
        time=scale / (max(values) or ONE),
        added=order[size] if size < dim else None,
        unit=unit,
        normal=normal if any(normal) else (),
    )


@st.composite
def unlearnable(draw: DrawFn) -> AlignedSetting:
    """A target with energy on an axis where the kernel vanishes, which features rarely see."""
    dim = draw(st.integers(2, MAX_DIM))
    seen = draw(coordinates.feature_rows(dim))
    blind = draw(st.integers(0, 4)) > 0
    rows = tuple((*row, ZERO if blind else ONE) for row in seen)
    levels = draw(coordinates.eigenvalues(len(seen[0])))
    return AlignedSetting(
        target=draw(coordinates.unit_vectors(len(rows[0]))),
        teacher=FeatureTeacher(rows, Fit.LEAST_SQUARES),
        eigenvalues=(*(value or ONE for value in levels), ZERO),
        inside=(0,),
        time=ONE,
    )


def named_unlearnable() -> tuple[AlignedSetting, ...]:
    """One learnable axis and one that is not: the teacher blind to it, or not."""
    return tuple(
        AlignedSetting(
            target=(Fraction(3, 5), ZERO, Fraction(4, 5)),
            teacher=FeatureTeacher(((ONE, tilt, seen),), Fit.LEAST_SQUARES),
            eigenvalues=(ONE, ONE, ZERO),
            inside=(0,),
            time=ONE,
        )
        for tilt in (ZERO, ONE)
        for seen in (ZERO, ONE)
    )


def informative(setting: AlignedSetting) -> bool:
    """Whether the teacher says something and misses something.

    A silent or a perfect one turns every bound into an equality, which balls cannot decide.
    """
    target = tuple(to_fmpq(x) for x in setting.target)
    teacher = setting.teacher.vector(target)
    return any(teacher) and any(a != b for a, b in zip(teacher, target, strict=True))


def imperfect() -> SearchStrategy[AlignedSetting]:
    """`aligned` without perfect or silent teachers."""
    return aligned().filter(informative)


def patient() -> SearchStrategy[AlignedSetting]:
    """`imperfect`, and three times as many whose students see all of S and train for long."""

    def seen(setting: AlignedSetting) -> bool:
        return all(setting.eigenvalues[i] for i in setting.inside)

    def trained(setting: AlignedSetting) -> AlignedSetting:
        slowest = min(setting.eigenvalues[i] for i in setting.inside)
        return replace(setting, time=10 / slowest)

    late = imperfect().filter(seen).map(trained)
    return st.integers(0, 3).flatmap(lambda place: late if place else imperfect())


def split() -> SearchStrategy[AlignedSetting]:
    """`imperfect` where features are linearly independent outside S too, as `q.BLOCK_MIN` needs."""

    def apart(setting: AlignedSetting) -> bool:
        rows = setting.teacher.features
        weak = [tuple(x for i, x in enumerate(a) if i not in setting.inside) for a in rows]
        return bool(weak[0]) and coordinates.independent(weak)

    return imperfect().filter(apart)


def named() -> tuple[AlignedSetting, ...]:
    """The settings that kill: one target axis, one feature, leakage, blindness, no improvement."""
    half, two = Fraction(1, 2), Fraction(2)
    tilted = FeatureTeacher(((ONE, half, ZERO),), Fit.LEAST_SQUARES)
    blind = FeatureTeacher(((ZERO, ONE, ZERO), (ONE, ZERO, ONE)), Fit.LEAST_SQUARES)
    several = FeatureTeacher(((ONE, half, ZERO), (ZERO, half, ONE)), Fit.LEAST_SQUARES)
    shifted = FeatureTeacher(((ONE, half, ZERO),), Fit.SHIFT, -Fraction(3, 10))
    nearly = ((4 * ONE, -ONE, ZERO, ZERO), (ZERO, ONE, -ONE, ZERO), (ZERO, ZERO, ONE, -ONE))
    base = AlignedSetting(
        target=(ONE, ZERO, ZERO),
        teacher=tilted,
        eigenvalues=(ONE, ZERO, ZERO),
        inside=(0,),
        time=ONE,
        added=1,
        unit=(ZERO, ZERO, ONE),
        normal=(ONE, two, ONE),
    )
    pair = replace(base, inside=(0, 1), added=2)
    return (
        *(replace(base, time=t) for t in (half, Fraction(7, 10), ONE, Fraction(5), Fraction(40))),
        replace(base, teacher=several, time=Fraction(3)),
        replace(base, teacher=shifted, time=Fraction(20)),
        replace(pair, eigenvalues=(ONE, Fraction(10), ZERO), time=-ONE),
        replace(base, eigenvalues=(ONE, ONE, ONE), time=Fraction(9)),
        replace(base, teacher=blind, inside=(1,), added=0, time=ZERO),
        replace(pair, teacher=several),
        pair,
        AlignedSetting(
            target=(ONE, ZERO, ZERO, ZERO),
            teacher=FeatureTeacher(nearly, Fit.LEAST_SQUARES),
            eigenvalues=(ONE,) * 4,
            inside=(0,),
            time=Fraction(9),
        ),
    )


def _direction(count: int) -> SearchStrategy[tuple[Fraction, ...]]:
    return st.just((ONE,)) if count == 1 else coordinates.unit_vectors(count)


def _spread(values: Sequence[Fraction], places: Sequence[int], dim: int) -> tuple[Fraction, ...]:
    result = [ZERO] * dim
    for place, value in zip(places, values, strict=True):
        result[place] = value
    return tuple(result)
