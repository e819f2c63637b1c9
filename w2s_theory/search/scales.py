"""Settings of the multi-scale master bound: S, then one more axis at a time down the spectrum."""

from __future__ import annotations

from dataclasses import dataclass, fields
from fractions import Fraction
from itertools import pairwise

from hypothesis.strategies import SearchStrategy

from w2s_theory.certify.balls import to_arb
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.section4 import GRADIENT_FLOW
from w2s_theory.search import principal_angles
from w2s_theory.search.coordinates import ONE, ZERO
from w2s_theory.search.principal_angles import AlignedSetting, alignment
from w2s_theory.search.settings import Number, Values
from w2s_theory.search.teachers import FeatureTeacher, Fit
from w2s_theory.students.floats import field_function


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaledSetting(AlignedSetting):
    """An `AlignedSetting` with the scales beyond its set: all axes, by falling eigenvalue."""

    def values(self) -> Values:
        """Losses, the alignment of S, and what may leak out."""
        order, kappas = self.order(), self.alignments()
        flow = field_function(GRADIENT_FLOW)
        time = to_arb(self.time)
        passed = [flow(to_arb(self.eigenvalues[i]), time) ** 2 for i in order] + [to_arb(0)]
        leaked: Number = to_arb(0)
        before: Number = to_arb(0)
        for place, (high, low) in enumerate(pairwise(passed)):
            leaked += (high - low) * to_arb(kappas[place + 1])
            before += (high - low) * to_arb(kappas[place])
        found = {q.KAPPA: kappas[0], q.LEAKED: leaked, q.LEAKED_BEFORE: before}
        return self.losses() | found

    def order(self) -> list[int]:
        """The axes outside S by falling eigenvalue."""
        outside = [i for i in range(len(self.target)) if i not in self.inside]
        return sorted(outside, key=lambda i: -self.eigenvalues[i])

    def alignments(self) -> list[Number]:
        """kappa of S and of each set after it."""
        order = self.order()
        sets = [(*self.inside, *order[:count]) for count in range(len(order) + 1)]
        return [alignment(self.teacher.features, chosen) for chosen in sets]

    @property
    def told(self) -> bool:
        """Whether the scales tell more than the master bound, which balls cannot tell from equal.

        Nothing to tell, exactly, is told too.
        """
        levels = [self.eigenvalues[i] for i in self.order()] + [ZERO]
        pairs = zip(pairwise(levels), self.alignments()[1:], strict=True)
        seen = any(high > low and aligned != 1 for (high, low), aligned in pairs)
        return seen or self.time == 0 or levels[0] == 0


def with_scales(setting: AlignedSetting) -> ScaledSetting:
    """The same with the scales beyond S."""
    kept = {field.name: getattr(setting, field.name) for field in fields(setting)}
    return ScaledSetting(**kept)


def scaled() -> SearchStrategy[ScaledSetting]:
    """`principal_angles.imperfect` with scales that tell something."""
    return principal_angles.imperfect().map(with_scales).filter(lambda setting: setting.told)


def named() -> tuple[ScaledSetting, ...]:
    """Those of `principal_angles`, with scales; one whose noise lies all at the first scale."""
    one, small = ONE, Fraction(1, 10)
    sharp = ScaledSetting(
        target=(one, ZERO, ZERO),
        teacher=FeatureTeacher(((one, one / 2, ZERO), (ZERO, small, one)), Fit.LEAST_SQUARES),
        eigenvalues=(one, one, small**2),
        inside=(0,),
        time=Fraction(9),
    )
    return (*(s for s in map(with_scales, principal_angles.named()) if s.told), sharp)
