"""The universality ansatz: a teacher with the energies of the deterministic equivalent."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from sympy import Rational

from w2s_theory.certify.balls import to_arb, to_fmpq
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.section4 import GRADIENT_FLOW
from w2s_theory.ledger.universality import NOISE_WEIGHT
from w2s_theory.search.coordinates import ONE, SMALL, UNIT, ZERO
from w2s_theory.search.settings import Values
from w2s_theory.students.floats import field_function


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

    def values(self) -> Values:
        """Ridge, spread, trace, and the student's loss as the sum over the spectrum."""
        target = self.spectrum[0][0]
        weights = [_weight(value, self.ridge) for value, _ in self.spectrum]
        counts = [count for _, count in self.spectrum]
        spread = sum(w * n for w, n in zip(weights, counts, strict=True))
        loss = self.ridge / (target + self.ridge) if self.loss is None else self.loss
        time = to_arb(self.patience) * to_arb(1 / loss).log() / to_arb(target)
        others = [counts[0] - 1, *counts[1:]]
        learned, noise = field_function(GRADIENT_FLOW), to_arb(0)
        for (value, _), weight, count in zip(self.spectrum, weights, others, strict=True):
            noise += learned(to_arb(value), time) ** 2 * to_arb(weight * count)
        signal = 1 - learned(to_arb(target), time) * to_arb(1 - loss)
        above, last = self.ridge * Fraction(3, 2), self.spectrum[-1][0]
        captured = (
            sum((n * v / (v + kappa) for v, n in self.spectrum), ZERO)
            for kappa in (self.ridge, above)
        )
        return {
            **dict(zip((q.CAPTURED, q.CAPTURED_ABOVE), map(to_fmpq, captured), strict=True)),
            q.RIDGE_ABOVE: to_fmpq(above),
            q.EIGENVALUE: to_fmpq(last),
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
    numbers = [Rational(x.numerator, x.denominator) for x in (value, ridge)]
    weight = NOISE_WEIGHT(*numbers)
    return Fraction(int(weight.p), int(weight.q))


@st.composite
def spectra(draw: DrawFn) -> AnsatzSetting:
    """Power-law and arbitrary spectra; kappa from far below to above the target's eigenvalue."""
    power = draw(st.integers(1, 6))
    levels = draw(st.integers(1, 8))
    growth = draw(st.integers(0, 3))
    decaying = [(Fraction(1, (k + 1) ** power), (k + 1) ** growth) for k in range(levels)]
    single = st.tuples(st.one_of(SMALL, st.just(ONE)), st.integers(1, 10**4))
    extra = draw(st.lists(single, max_size=2))
    return AnsatzSetting(
        spectrum=(*decaying, *extra),
        ridge=draw(st.one_of(SMALL, UNIT.filter(bool), st.just(Fraction(3)))),
        patience=draw(st.sampled_from([Fraction(n, 2) for n in (-2, 0, 1, 2, 3, 4, 6, 8)])),
    )


def named() -> tuple[AnsatzSetting, ...]:
    """Much noise, little noise, a student still learning, one running backwards, other losses.

    The last but one is within 3 percent of the floor; the last has a negative eigenvalue.
    """
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
        AnsatzSetting(spectrum=many, ridge=Fraction(1, 100), patience=Fraction(2)),
        AnsatzSetting(spectrum=((-ONE, 1),), ridge=Fraction(2), patience=ONE),
    )
