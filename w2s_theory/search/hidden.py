"""Settings of the rate: what a teacher hides of the kernel's unit ball, exactly, in R^2 to R^4."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from fractions import Fraction

from flint import fmpq_mat
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from w2s_theory.certify.algebraic import eigenvalues
from w2s_theory.certify.balls import to_arb, to_fmpq
from w2s_theory.ledger import quantities as q
from w2s_theory.search import principal_angles
from w2s_theory.search.coordinates import ONE, SMALL, UNIT, ZERO
from w2s_theory.search.principal_angles import AlignedSetting, alignment, projector
from w2s_theory.search.settings import Values
from w2s_theory.search.teachers import FeatureTeacher, Fit


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenSetting(AlignedSetting):
    """An `AlignedSetting` at a level mu; lambda_0 is the least eigenvalue in S.

    The features' mean is that of their squares over the width, whatever law they come from.
    """

    level: Fraction = ONE

    def values(self) -> Values:
        """Losses, kappa_S, Delta and tau."""
        rows = [tuple(to_fmpq(x) for x in row) for row in self.teacher.features]
        dim, width = len(self.target), len(rows)
        seen, mu = projector(rows), to_fmpq(self.level)
        missed = fmpq_mat([[int(i == j) - seen[i, j] for j in range(dim)] for i in range(dim)])
        kernel = [to_fmpq(value) for value in self.eigenvalues]
        spectrum = fmpq_mat(
            [[kernel[i] if i == j else to_fmpq(ZERO) for j in range(dim)] for i in range(dim)]
        )
        features = fmpq_mat([list(row) for row in rows])
        excess = spectrum - features.transpose() * features / width
        weighted = fmpq_mat(
            [[excess[i, j] / (kernel[i] + mu) for j in range(dim)] for i in range(dim)]
        )
        found = self.losses() | {
            q.KAPPA: alignment(self.teacher.features, self.inside),
            q.LAMBDA_TARGET: min(kernel[i] for i in self.inside),
            q.HIDDEN: eigenvalues(missed * spectrum * missed)[-1].value(),
            q.LEVEL: mu,
            q.DEVIATION: eigenvalues(weighted)[-1].value(),
        }
        pairs = [(to_fmpq(x), value) for x, value in zip(self.target, kernel, strict=True) if x]
        if all(value for _, value in pairs):
            found[q.TARGET_ENERGY] = sum((x * x / value for x, value in pairs), to_fmpq(ZERO))
        return found


def hiding(setting: AlignedSetting, level: Fraction) -> HiddenSetting:
    """The same at a level mu, with what the teacher hides."""
    kept = {field.name: getattr(setting, field.name) for field in fields(setting)}
    return HiddenSetting(**kept | {"grants": ("freedom",)}, level=level)


def _informative(setting: AlignedSetting) -> bool:
    """Some eigenvalue is not 0, and no inequality is an equality because nothing is hidden."""
    return any(setting.eigenvalues) and len(setting.teacher.features) < len(setting.target)


@st.composite
def _levered(draw: DrawFn) -> HiddenSetting:
    setting = draw(principal_angles.imperfect().filter(_informative))
    return hiding(setting, draw(st.one_of(SMALL, UNIT.filter(bool))))


def levered() -> SearchStrategy[HiddenSetting]:
    """Any features that do not span everything, any level mu > 0."""
    return _levered()


def _late(setting: HiddenSetting) -> HiddenSetting:
    """At a level just above what is hidden, trained for long."""
    hidden = to_arb(setting.values()[q.HIDDEN])
    level = Fraction(math.floor(float(hidden.upper()) * 1000) + 1, 1000)
    lowest = min(setting.eigenvalues[i] for i in setting.inside)
    return replace(setting, level=level, time=40 / lowest if lowest else setting.time)


def late() -> SearchStrategy[HiddenSetting]:
    """`levered`, with Delta at most mu and a student that is late for it."""
    return _levered().map(_late)


def named_late() -> tuple[HiddenSetting, ...]:
    """A teacher that is nearly right, a leak that fills the bound, and one that has not begun."""
    good = HiddenSetting(
        target=(ONE, ZERO),
        teacher=FeatureTeacher(((ONE, Fraction(1, 50)),), Fit.LEAST_SQUARES),
        eigenvalues=(ONE, Fraction(1, 10**4)),
        inside=(0,),
        time=Fraction(40),
        level=Fraction(1, 1000),
        grants=("freedom",),
    )
    leak = replace(
        good,
        teacher=FeatureTeacher(((ONE, Fraction(1, 100)),), Fit.LEAST_SQUARES),
        eigenvalues=(ONE, Fraction(1, 40)),
        level=Fraction(26, 1000),
    )
    return (good, leak, replace(good, time=ZERO), *map(_late, named()))


def named() -> tuple[HiddenSetting, ...]:
    """A leak that the bound barely exceeds, a target outside S, and a level that is met."""
    small, tenth = Fraction(1, 100), Fraction(1, 10)
    leak = HiddenSetting(
        target=(ONE, ZERO),
        teacher=FeatureTeacher(((ONE, -small),), Fit.LEAST_SQUARES),
        eigenvalues=(Fraction(10), tenth),
        inside=(0,),
        time=Fraction(2),
        grants=("freedom",),
    )
    stray = replace(
        leak,
        target=(ZERO, ONE),
        teacher=FeatureTeacher(((ZERO, ONE),), Fit.LEAST_SQUARES),
        eigenvalues=(ONE, small),
        time=Fraction(40),
    )
    others = principal_angles.named()
    return (leak, stray, *(hiding(s, tenth) for s in others if _informative(s)), *_tight())


def _tight() -> tuple[HiddenSetting, ...]:
    """One feature along the target, and nearly: tau mu = (1 - tau) Delta, and lambda_0 below 1."""
    return tuple(
        HiddenSetting(
            target=(ONE, ZERO),
            teacher=FeatureTeacher(((ONE, tilt),), Fit.LEAST_SQUARES),
            eigenvalues=values,
            inside=(0,),
            time=Fraction(40),
            level=Fraction(1, 10),
            grants=("freedom",),
        )
        for tilt, values in (
            (Fraction(1, 50), (ONE, ONE / 2)),
            (ONE / 2, (ONE / 4, Fraction(1, 1000))),
            (ONE / 2, (ONE, Fraction(1, 1000))),
        )
    )
