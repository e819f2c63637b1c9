"""The linear model's student: one strong direction or several, against many weak ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from flint import arb, fmpq, fmpq_mat
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from w2s_theory.certify.balls import to_fmpq
from w2s_theory.ledger import quantities as q
from w2s_theory.search.coordinates import (
    MAX_DIM,
    ONE,
    UNIT,
    ZERO,
    coordinates,
    feature_rows,
    independent,
    unit_vectors,
)
from w2s_theory.search.principal_angles import AlignedSetting
from w2s_theory.search.settings import BallSetting, Number, Values, dot
from w2s_theory.search.spectral_students import Flow
from w2s_theory.search.teachers import FeatureTeacher, Fit
from w2s_theory.theorems.linear_law import mean_ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearSetting:
    """The linear model with k = 1 and psi = root^2: rational `features` (width, dim), one time.

    In orthonormal coordinates a feature is (u_1, root u_2, ...); the kernel's eigenvalues are 1
    for the target's axis and psi for the others. Where the model does not hold: `stated` is a psi
    that is not theirs, `norm` the target's length, `leading` its eigenvalue.
    """

    features: tuple[tuple[Fraction, ...], ...]
    root: Fraction
    time: Fraction
    rule: Fit = Fit.LEAST_SQUARES
    shift: Fraction = ZERO
    stated: Fraction | None = None
    norm: Fraction = ONE
    leading: Fraction = ONE
    grants: tuple[str, ...] = ()

    def values(self) -> Values:
        """What the features determine, and the derivative of the loss in t."""
        dim, psi = len(self.features[0]), self.root**2
        rows = tuple((row[0], *(self.root * x for x in row[1:])) for row in self.features)
        setting = AlignedSetting(
            target=(self.norm, *(ZERO,) * (dim - 1)),
            teacher=FeatureTeacher(rows, self.rule, self.shift),
            eigenvalues=(self.leading, *(psi,) * (dim - 1)),
            inside=(0,),
            time=self.time,
        )
        labels = setting.teacher.vector(tuple(to_fmpq(x) for x in setting.target))
        # d/dt of sum_j (s_j c_j - f_j)^2.
        flow = Flow(self.time)
        slope: Number = fmpq(0)
        triples = zip(setting.eigenvalues, labels, setting.target, strict=True)
        for value, coordinate, wanted in triples:
            miss = flow(value) * coordinate - to_fmpq(wanted)
            slope += 2 * miss * flow.slope(value) * coordinate
        stated = psi if self.stated is None else self.stated
        return setting.losses() | {q.PSI: to_fmpq(stated), q.STUDENT_SLOPE: slope}


@st.composite
def linear_models(draw: DrawFn) -> LinearSetting:
    """Any rational features in R^2 to R^4 with psi < 1, at any time; the loss is never 0 or 1."""
    dim = draw(st.integers(2, MAX_DIM))
    return LinearSetting(
        features=draw(feature_rows(dim).filter(_partly_blind)),
        root=draw(st.fractions(Fraction(1, 50), Fraction(19, 20), max_denominator=50)),
        time=draw(st.sampled_from([ZERO, *(Fraction(n, 10) for n in (1, 5, 20, 100, 2000)), -ONE])),
        rule=draw(st.sampled_from([Fit.LEAST_SQUARES] * 5 + [Fit.SHIFT])),
        shift=draw(UNIT),
    )


def _partly_blind(rows: tuple[tuple[Fraction, ...], ...]) -> bool:
    """Neither e_1 in the span of the features (L = 0) nor orthogonal to it (L = 1)."""
    axis = (ONE, *(ZERO,) * (len(rows[0]) - 1))
    return any(row[0] for row in rows) and independent((*rows, axis))


def named_linear() -> tuple[LinearSetting, ...]:
    """One feature in the plane, at times before, near and after the optimum; a psi too large."""
    half, tilt = Fraction(1, 2), ((ONE, Fraction(2)),)
    times = (Fraction(1, 10), ONE, Fraction(5), Fraction(40))
    fitted = tuple(LinearSetting(features=tilt, root=half, time=time) for time in times)
    shifted = LinearSetting(features=tilt, root=half, time=ONE, rule=Fit.SHIFT, shift=-half / 2)
    other = LinearSetting(features=tilt, root=half, time=ONE, stated=half)
    return (*fitted, shifted, other)


# --- several strong directions --------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockSetting:
    """The linear model with k strong directions and psi = root^2, at one time.

    `strong` (width, k) and `weak` (width, d - k) are the features' rational coordinates, `target`
    (k,) the unit vector b; the rows of `weak` must be linearly independent. Where the model does
    not hold: `stated` and `leading` as in `LinearSetting`, `astray` the target's part along the
    first weak axis.
    """

    strong: tuple[tuple[Fraction, ...], ...]
    weak: tuple[tuple[Fraction, ...], ...]
    target: tuple[Fraction, ...]
    root: Fraction
    time: Fraction
    rule: Fit = Fit.LEAST_SQUARES
    shift: Fraction = ZERO
    stated: Fraction | None = None
    leading: Fraction = ONE
    astray: Fraction = ZERO
    grants: tuple[str, ...] = ()

    def values(self) -> Values:
        """Teacher and student from the features; the forms in H from the two blocks."""
        size, count = len(self.target), len(self.weak[0])
        psi, inside = self.root**2, tuple(range(size))
        weak = [tuple(self.root * x for x in row) for row in self.weak]
        rows = tuple((*a, *b) for a, b in zip(self.strong, weak, strict=True))
        setting = AlignedSetting(
            target=(*self.target, self.astray, *(ZERO,) * (count - 1)),
            teacher=FeatureTeacher(rows, self.rule, self.shift),
            eigenvalues=(*(self.leading,) * size, *(psi,) * count),
            inside=inside,
            time=self.time,
        )
        labels = setting.teacher.vector(tuple(to_fmpq(x) for x in setting.target))
        loss, square = self.forms()
        return setting.losses() | {
            q.PSI: to_fmpq(psi if self.stated is None else self.stated),
            q.WEAK_ENERGY: dot(labels[size:], labels[size:]),
            q.BLOCK_LOSS: loss,
            q.BLOCK_SQUARE: square,
            **rank_one(rows, setting.target),
        }

    def forms(self) -> tuple[fmpq, fmpq]:
        """b^T H b and ||H b||^2, H = (I + A W^-1 A^T)^-1."""
        size = len(self.target)
        strong, weak = (
            fmpq_mat([[to_fmpq(x) for x in row] for row in block])
            for block in (self.strong, self.weak)
        )
        noise = to_fmpq(self.root**2) * (weak * weak.transpose())
        inverse = strong.transpose() * noise.solve(strong)
        for i in range(size):
            inverse[i, i] = inverse[i, i] + 1
        target = [to_fmpq(x) for x in self.target]
        column = inverse.solve(fmpq_mat(size, 1, target))
        missed = [column[i, 0] for i in range(size)]
        return dot(missed, target), dot(missed, missed)


def block_models() -> SearchStrategy[BlockSetting]:
    """`_block_models` in which k = 1 would do better, so that no inequality is an equality."""
    return _block_models().filter(_oblique)


def _oblique(setting: BlockSetting) -> bool:
    loss, square = setting.forms()
    return bool(square > loss**2) and setting.root != 1


@st.composite
def _block_models(draw: DrawFn) -> BlockSetting:
    """Two or three strong directions, one to three weak ones, any unit target, any time."""
    size, count = draw(st.integers(2, 3)), draw(st.integers(1, 3))
    weak = draw(_rows(count, 1, count).filter(independent))
    return BlockSetting(
        strong=draw(_rows(size, len(weak), len(weak))),
        weak=weak,
        target=draw(unit_vectors(size)),
        root=draw(st.fractions(Fraction(1, 50), Fraction(6, 5), max_denominator=50)),
        time=draw(st.sampled_from([ZERO, *(Fraction(n, 10) for n in (1, 5, 20, 100, 2000))])),
        rule=draw(st.sampled_from([Fit.LEAST_SQUARES] * 5 + [Fit.SHIFT])),
        shift=draw(UNIT),
    )


def _rows(length: int, least: int, most: int) -> SearchStrategy[tuple[tuple[Fraction, ...], ...]]:
    row = st.tuples(*[coordinates() for _ in range(length)])
    return st.lists(row, min_size=least, max_size=most).map(tuple)


def named_blocks() -> tuple[BlockSetting, ...]:
    """Two strong directions, an oblique target: early, late, psi just above 1, a shift."""
    base = BlockSetting(
        strong=((ONE, ZERO), (ONE, Fraction(2))),
        weak=((ONE, ZERO, ONE), (ZERO, ONE, ONE)),
        target=(Fraction(3, 5), Fraction(4, 5)),
        root=Fraction(1, 2),
        time=ONE,
    )
    return (
        base,
        replace(base, time=Fraction(1, 10)),
        replace(base, time=Fraction(40)),
        replace(base, root=Fraction(1003, 1000)),  # psi = 1.006
        replace(base, rule=Fit.SHIFT, shift=-Fraction(1, 4)),
    )


def rank_one(rows: Sequence[Sequence[Fraction]], target: Sequence[Fraction]) -> Values:
    """b^T (G - b b^T)^-1 b, where it exists: the target is no combination of the features."""
    *vectors, wanted = ([to_fmpq(x) for x in row] for row in (*rows, target))
    overlaps = [dot(vector, wanted) for vector in vectors]
    rest = fmpq_mat(
        [
            [dot(u, v) - b * c for v, c in zip(vectors, overlaps, strict=True)]
            for u, b in zip(vectors, overlaps, strict=True)
        ]
    )
    if rest.det() == 0:
        return {}
    solved = rest.solve(fmpq_mat(len(overlaps), 1, overlaps))
    return {q.EVEN_ENERGY: dot(overlaps, [solved[i, 0] for i in range(len(overlaps))])}


# --- the scaling of Theorem 3.2 -------------------------------------------------------------------


def scaled(root: int) -> BallSetting:
    """The mean of min_t L_ST/L_TE^2 at M = root^2, d = 1 + root^3 and psi = 1/M, enclosed.

    M is a square, so that d is exact. `ValueError` for `root` < 3.
    """
    width, dim = root**2, 1 + root**3
    ratio = mean_ratio(width, dim, Fraction(1, width)).ball
    return at_scale(width, dim, ratio, f"enclosed, M = {width}")


def at_scale(width: int, dim: int, ratio: arb, label: str) -> BallSetting:
    """A mean ratio, enclosed or measured, at a width and a dimension that meet the scaling."""
    numbers = ((q.WIDTH, arb(width)), (q.DIM, arb(dim)), (q.MEAN_RATIO, ratio))
    return BallSetting((*numbers, (q.PSI, 1 / arb(width))), ("scaling-3.2",), label)


def scalings() -> SearchStrategy[BallSetting]:
    """`scaled` from M = 16 to M = 4 10^6."""
    return st.one_of(st.integers(4, 64), st.integers(4, 2000)).map(scaled)


def named_scalings() -> tuple[BallSetting, ...]:
    """M = 16 to 10^6."""
    return tuple(scaled(root) for root in (4, 8, 16, 32, 64, 1000))
