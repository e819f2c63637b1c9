"""Exact settings for the linear model's student and for the universality ansatz."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from flint import fmpq, fmpq_mat
from hypothesis import strategies as st

from w2s_theory.certify.balls import to_arb, to_fmpq
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import universality as ledger
from w2s_theory.search import strategies
from w2s_theory.search.alignment_settings import AlignedSetting
from w2s_theory.search.corners import ONE, ZERO
from w2s_theory.search.settings import FeatureTeacher, dot


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearSetting:
    """The linear model with k = 1 and psi = root^2: rational `features` (width, dim), one time.

    In orthonormal coordinates a feature is (u_1, root u_2, ...); the kernel's eigenvalues are 1
    for the target's axis and psi for the others.
    """

    features: tuple[tuple[Fraction, ...], ...]
    root: Fraction
    time: Fraction
    rule: str = "least-squares"
    shift: Fraction = ZERO
    grants: tuple[str, ...] = ()

    def values(self) -> dict[Any, Any]:
        """What the features determine, and the derivative of the loss in t."""
        dim, psi = len(self.features[0]), self.root**2
        rows = tuple((row[0], *(self.root * x for x in row[1:])) for row in self.features)
        setting = AlignedSetting(
            target=(ONE, *(ZERO,) * (dim - 1)),
            teacher=FeatureTeacher(rows, self.rule, self.shift),
            eigenvalues=(ONE, *(psi,) * (dim - 1)),
            inside=(0,),
            time=self.time,
        )
        labels = setting.teacher.vector(tuple(to_fmpq(x) for x in setting.target))
        # d/dt of sum_j (s_j c_j - f_j)^2 with s_j' = lambda_j exp(-lambda_j t).
        slope: Any = fmpq(0)
        triples = zip(setting.eigenvalues, labels, setting.target, strict=True)
        for value, coordinate, wanted in triples:
            decay = (-to_arb(value * self.time)).exp() if self.time else fmpq(1)
            miss = (1 - decay) * coordinate - to_fmpq(wanted)
            slope += 2 * miss * to_fmpq(value) * decay * coordinate
        return setting.losses() | {q.PSI: to_fmpq(psi), q.STUDENT_SLOPE: slope}


@st.composite
def linear_models(draw: Any) -> LinearSetting:
    """Any rational features in R^2 to R^4 with psi < 1, at any time; the loss is never 0 or 1."""
    dim = draw(st.integers(2, strategies.MAX_DIM))
    return LinearSetting(
        features=draw(strategies.feature_rows(dim).filter(_partly_blind)),
        root=draw(st.fractions(Fraction(1, 50), Fraction(19, 20), max_denominator=50)),
        time=draw(st.sampled_from([ZERO, *(Fraction(n, 10) for n in (1, 5, 20, 100, 2000)), -ONE])),
        rule=draw(st.sampled_from(["least-squares"] * 5 + ["shift"])),
        shift=draw(strategies.UNIT),
    )


def _partly_blind(rows: tuple[tuple[Fraction, ...], ...]) -> bool:
    """Neither e_1 in the span of the features (L = 0) nor orthogonal to it (L = 1)."""
    axis = (ONE, *(ZERO,) * (len(rows[0]) - 1))
    return any(row[0] for row in rows) and strategies.independent((*rows, axis))


def linear_corners() -> tuple[LinearSetting, ...]:
    """One feature in the plane, at times before, near and after the optimum."""
    half, tilt = Fraction(1, 2), ((ONE, Fraction(2)),)
    times = (Fraction(1, 10), ONE, Fraction(5), Fraction(40))
    fitted = tuple(LinearSetting(features=tilt, root=half, time=time) for time in times)
    shifted = LinearSetting(features=tilt, root=half, time=ONE, rule="shift", shift=-half / 2)
    return (*fitted, shifted)


# --- several strong directions --------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockSetting:
    """The linear model with k strong directions and psi = root^2, at one time.

    `strong` (width, k) and `weak` (width, d - k) are the features' rational coordinates, `target`
    (k,) the unit vector b; the rows of `weak` must be linearly independent.
    """

    strong: tuple[tuple[Fraction, ...], ...]
    weak: tuple[tuple[Fraction, ...], ...]
    target: tuple[Fraction, ...]
    root: Fraction
    time: Fraction
    rule: str = "least-squares"
    shift: Fraction = ZERO
    grants: tuple[str, ...] = ()

    def values(self) -> dict[Any, Any]:
        """Teacher and student from the features; the forms in H from the two blocks."""
        size, count = len(self.target), len(self.weak[0])
        psi, inside = self.root**2, tuple(range(size))
        weak = [tuple(self.root * x for x in row) for row in self.weak]
        rows = tuple((*a, *b) for a, b in zip(self.strong, weak, strict=True))
        setting = AlignedSetting(
            target=(*self.target, *(ZERO,) * count),
            teacher=FeatureTeacher(rows, self.rule, self.shift),
            eigenvalues=(*(ONE,) * size, *(psi,) * count),
            inside=inside,
            time=self.time,
        )
        labels = setting.teacher.vector(tuple(to_fmpq(x) for x in setting.target))
        loss, square = self.forms()
        return setting.losses() | {
            q.PSI: to_fmpq(psi),
            q.WEAK_ENERGY: dot(labels[size:], labels[size:]),
            q.BLOCK_LOSS: loss,
            q.BLOCK_SQUARE: square,
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


def block_models() -> Any:
    """`_block_models` in which k = 1 would do better, so that no inequality is an equality."""
    return _block_models().filter(_oblique)


def _oblique(setting: BlockSetting) -> bool:
    loss, square = setting.forms()
    return bool(square > loss**2) and setting.root != 1


@st.composite
def _block_models(draw: Any) -> BlockSetting:
    """Two or three strong directions, one to three weak ones, any unit target, any time."""
    size, count = draw(st.integers(2, 3)), draw(st.integers(1, 3))
    weak = draw(_rows(count, 1, count).filter(strategies.independent))
    return BlockSetting(
        strong=draw(_rows(size, len(weak), len(weak))),
        weak=weak,
        target=draw(strategies.unit_vectors(size)),
        root=draw(st.fractions(Fraction(1, 50), Fraction(6, 5), max_denominator=50)),
        time=draw(st.sampled_from([ZERO, *(Fraction(n, 10) for n in (1, 5, 20, 100, 2000))])),
        rule=draw(st.sampled_from(["least-squares"] * 5 + ["shift"])),
        shift=draw(strategies.UNIT),
    )


def _rows(length: int, least: int, most: int) -> Any:
    row = st.tuples(*[strategies.coordinates() for _ in range(length)])
    return st.lists(row, min_size=least, max_size=most).map(tuple)


def block_corners() -> tuple[BlockSetting, ...]:
    """Two strong directions, an oblique target: early, late, psi above 1, a shifted readout."""
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
        replace(base, root=Fraction(2)),
        replace(base, rule="shift", shift=-Fraction(1, 4)),
    )


# --- the universality ansatz ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsatzSetting:
    """A spectrum (eigenvalue, multiplicity) whose first eigenvalue carries the target, and kappa.

    The teacher's energies are those of the deterministic equivalent; the student stops at
    t = patience log(1/L_TE)/lambda_0. `loss` overrides L_TE (then the ansatz does not hold).
    """

    spectrum: tuple[tuple[Fraction, int], ...]
    ridge: Fraction
    patience: Fraction
    loss: Fraction | None = None
    grants: tuple[str, ...] = ()

    def values(self) -> dict[Any, Any]:
        """Ridge, spread, trace, and the student's loss as the sum over the spectrum."""
        target = self.spectrum[0][0]
        weights = [_weight(value, self.ridge) for value, _ in self.spectrum]
        counts = [count for _, count in self.spectrum]
        spread = sum(w * n for w, n in zip(weights, counts, strict=True))
        loss = self.ridge / (target + self.ridge) if self.loss is None else self.loss
        time = to_arb(self.patience) * to_arb(1 / loss).log() / to_arb(target)
        others = [counts[0] - 1, *counts[1:]]
        noise = to_arb(0)
        for (value, _), weight, count in zip(self.spectrum, weights, others, strict=True):
            kept = 1 - (-to_arb(value) * time).exp()
            noise += kept**2 * to_arb(weight * count)
        signal = 1 - (1 - (-to_arb(target) * time).exp()) * to_arb(1 - loss)
        return {
            q.RIDGE: to_fmpq(self.ridge),
            q.SPREAD: to_fmpq(spread),
            q.TRACE: to_fmpq(sum((v * n for v, n in self.spectrum), ZERO)),
            q.LAMBDA_TARGET: to_fmpq(target),
            q.COEFFICIENT: to_fmpq(self.patience),
            q.L_TE: to_fmpq(loss),
            q.L_ST: signal**2 + to_arb(loss * (1 - loss) / spread) * noise,
        }


def _weight(value: Fraction, ridge: Fraction) -> Fraction:
    """`ledger.NOISE_WEIGHT`, exactly."""
    from sympy import Rational

    numbers = [Rational(x.numerator, x.denominator) for x in (value, ridge)]
    weight = ledger.NOISE_WEIGHT(*numbers)
    return Fraction(int(weight.p), int(weight.q))


@st.composite
def ansatz(draw: Any) -> AnsatzSetting:
    """Power-law and arbitrary spectra; kappa from far below to above the target's eigenvalue."""
    power = draw(st.integers(1, 6))
    levels = draw(st.integers(1, 8))
    growth = draw(st.integers(0, 3))
    decaying = [(Fraction(1, (k + 1) ** power), (k + 1) ** growth) for k in range(levels)]
    single = st.tuples(st.one_of(strategies.SMALL, st.just(ONE)), st.integers(1, 10**4))
    extra = draw(st.lists(single, max_size=2))
    return AnsatzSetting(
        spectrum=(*decaying, *extra),
        ridge=draw(st.one_of(strategies.SMALL, strategies.UNIT.filter(bool), st.just(Fraction(3)))),
        patience=draw(st.sampled_from([Fraction(n, 2) for n in (-2, 0, 1, 2, 3, 4, 6, 8)])),
    )


def ansatz_corners() -> tuple[AnsatzSetting, ...]:
    """Much noise, little noise, a student still learning, one running backwards, other losses."""
    many = ((ONE, 1), (Fraction(1, 1000), 1000))
    twin = ((ONE, 50), (Fraction(1, 100), 10))
    small = Fraction(1, 1000)
    steep = ((ONE, 1), (Fraction(1000), 1))
    return (
        AnsatzSetting(spectrum=many, ridge=small, patience=ONE),
        AnsatzSetting(spectrum=twin, ridge=small, patience=Fraction(4)),
        AnsatzSetting(spectrum=steep, ridge=Fraction(1, 10), patience=-ONE),
        AnsatzSetting(spectrum=twin, ridge=Fraction(5), patience=ONE, loss=small),
        AnsatzSetting(spectrum=many, ridge=Fraction(1, 10**6), patience=Fraction(3)),
    )
