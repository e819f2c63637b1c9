"""The linear model's means between their explicit bounds: Theorems 3.2 and 3.3.

The means are those of the exact law, which `law-linear` tests against simulated features; nothing
is drawn here.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from flint import arb

from checks.support.judging import combine, judge_all, limits, part
from checks.support.linear_means import Balls, law_at, means
from w2s_theory.certify import Verdict
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.statement import Evidence, Statement
from w2s_theory.regression.outcome import Outcome, Profile, check
from w2s_theory.search.settings import BallSetting
from w2s_theory.theorems.linear_law import mean_loss, mean_ratio

SHAPES = (
    *((16, 272, "1/16"), (3, 30, "1/6"), (40, 90, "1"), (2, 60, "1/100"), (200, 260, "1/2")),
    *((5, 40, "6/5"), (20, 60, "5"), (200, 206, "40")),
)
"""(M, d, psi): wide and narrow, psi small, near 1 and above."""

BEYOND = ((1, 41, "1/100"), (40, 43, "5"), (4, 24, "-1/2"))
"""What the assumptions exclude: one feature, d - M = 3, psi < 0 (a number only, with no model)."""


@check("linear-bounds", Evidence.EXACT_LAW)
def test_linear_bounds_of_the_law(statement: Statement, profile: Profile) -> Outcome:
    """At shapes that the assumptions admit and at some that they exclude."""
    shapes = [(m, d, Fraction(psi)) for m, d, psi in (*SHAPES, *BEYOND)]
    settings = [law_at(*shape, ()) for shape in shapes]
    return judge_all(statement, settings, least=len(SHAPES), digits=None)


@check("thm-3.2", Evidence.CERTIFIED)
def test_thm_3_2_certified(statement: Statement, profile: Profile) -> Outcome:
    """The mean ratio enclosed from exact moments, M = 4 to 10^6 (M a square: d is exact)."""
    roots = (2, 3, 4, 8, 16, 32, 64, 1000)
    settings = [_on_path(root, _enclosed(root), "enclosed") for root in roots]
    held = judge_all(part(statement, 2, 3), settings, least=len(roots), digits=None)
    return combine(held, limits(statement, 4, 5, 6, 7))


def _enclosed(root: int) -> arb:
    return mean_ratio(root**2, 1 + root**3, Fraction(1, root**2)).ball


def _on_path(root: int, ratio: arb, label: str, more: Balls = ()) -> BallSetting:
    width, dim = arb(root) ** 2, 1 + arb(root) ** 3
    values = ((q.WIDTH, width), (q.DIM, dim), (q.PSI, 1 / width), (q.MEAN_RATIO, ratio), *more)
    grants = ("scaling-3.2",) if root > 1 else ()  # 1/M is a ball unless M is a power of 2
    return BallSetting(values, grants, f"{label}, M = {root**2}")


@check("thm-3.2", Evidence.EXACT_LAW)
def test_thm_3_2_of_the_law(statement: Statement, profile: Profile) -> Outcome:
    """Means of the law, and that the ratio's agrees with the certified enclosure."""
    roots, agrees, settings = (3, 4, 8, 16, 32, 1000), [], []
    for root in roots:
        width, dim, psi = root**2, 1 + root**3, Fraction(1, root**2)
        ratio = means(width, dim, psi)[0]
        same = _enclosed(root).overlaps(ratio)
        agrees.append(Outcome(verdict=Verdict.PROVED if same else Verdict.REFUTED))
        loss = ((q.MEAN_LOSS, mean_loss(width, dim, psi)),)
        settings.append(_on_path(root, ratio, "of the law", loss))
    held = judge_all(part(statement, 0, 1, 2, 3), settings, least=len(roots), digits=None)
    return combine(held, *agrees)


@check("thm-3.3", Evidence.CERTIFIED)
def test_thm_3_3_certified(statement: Statement, profile: Profile) -> Outcome:
    """The limits, enclosed."""
    return limits(statement, 6, 7, 8, 9, 10, 11, LIMIT_RATIO=("1/10", 1, 3))


@check("thm-3.3", Evidence.EXACT_LAW)
def test_thm_3_3_of_the_law(statement: Statement, profile: Profile) -> Outcome:
    """c = 1/2, 1, 3 at M = 3, 16, 100 and 1600, d - M = M^2, against the bounds."""
    shapes = [(c, m, c / m) for c in map(Fraction, ("1/2", "1", "3")) for m in (3, 16, 100, 1600)]
    # Not on the path: psi is twice what it should be.
    shapes.append((Fraction(1), 100, Fraction(2, 100)))
    settings = []
    for c, width, psi in shapes:
        number = ((q.LIMIT_RATIO, arb(c.numerator) / c.denominator),)
        found = law_at(width, width + width**2, psi, number)
        settings.append(replace(found, grants=("scaling-3.3",)))
    claim = part(statement, 0, 1, 2, 3, 4, 5)
    return judge_all(claim, settings, least=12, digits=None)
