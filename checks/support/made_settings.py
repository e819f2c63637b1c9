"""Settings made of a few numbers: inner products, turned students, the linear model's scalings."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import arb
from sympy import Symbol

from checks.support.linear_means import law_at
from checks.support.quantiles import bins
from w2s_theory.certify.balls import to_arb
from w2s_theory.ledger import quantities as q
from w2s_theory.search.coordinates import ONE, from_stereographic
from w2s_theory.search.settings import BallSetting, NumberSetting, Settled, Values


@dataclass(frozen=True, slots=True)
class Restated:
    """A setting with other numbers for symbols that it leaves free."""

    setting: Settled
    numbers: tuple[tuple[Symbol, Fraction], ...]
    grants: tuple[str, ...] = ()

    def values(self) -> Values:
        """The setting's, but for those numbers."""
        return {**self.setting.values(), **NumberSetting(self.numbers).values()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Products:
    """Inner products of target, teacher and student, and what they alone determine.

    There are vectors with these products: `ValueError` where the Gram matrix has a negative minor.
    """

    target: Fraction = ONE
    teacher: Fraction = ONE
    student: Fraction = ONE
    teacher_target: Fraction = ONE
    student_target: Fraction = ONE
    student_teacher: Fraction = ONE
    more: tuple[tuple[Symbol, Fraction], ...] = ()
    grants: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Sylvester's criterion, for semidefinite matrices."""
        a, b, c = self.target, self.teacher, self.student
        x, y, z = self.teacher_target, self.student_target, self.student_teacher
        minors = (a, b, c, a * b - x * x, a * c - y * y, b * c - z * z)
        whole = a * b * c + 2 * x * y * z - a * z * z - b * y * y - c * x * x
        if min(*minors, whole) < 0:
            raise ValueError(f"products must be those of vectors, got {self}")

    def values(self) -> Values:
        """The products, the two losses, and `more`."""
        found = {
            q.TARGET_NORM2: self.target,
            q.TEACHER_NORM2: self.teacher,
            q.STUDENT_NORM2: self.student,
            q.TEACHER_TARGET: self.teacher_target,
            q.STUDENT_TARGET: self.student_target,
            q.STUDENT_TEACHER: self.student_teacher,
            q.L_TE: self.teacher - 2 * self.teacher_target + self.target,
            q.L_ST: self.student - 2 * self.student_target + self.target,
            q.FIT: self.teacher - 2 * self.student_teacher + self.student,
            **dict(self.more),
        }
        return NumberSetting(tuple(found.items())).values()


def numbers(rows: str, *symbols: Symbol, grants: tuple[str, ...] = ()) -> list[NumberSetting]:
    """One setting a row: `1 1/2; 3 4` for two symbols."""
    return [
        NumberSetting(tuple(zip(symbols, map(Fraction, row.split()), strict=True)), grants)
        for row in rows.split(";")
    ]


@dataclass(frozen=True, slots=True)
class Turned:
    """Products with one student, turned by 2 atan(`turn`) with a `share` of the length asked."""

    turn: Fraction
    target: Fraction = ONE
    overlap: Fraction = Fraction(1, 4)
    share: Fraction = ONE
    grants: tuple[str, ...] = ("rotating-chain",)

    def values(self) -> Values:
        """||f_T||^2 = 1/4."""
        quarter, (cosine, _) = Fraction(1, 4), from_stereographic((self.turn,))
        kept = quarter * cosine**2
        student = kept * self.share
        products = Products(
            target=self.target,
            teacher=quarter,
            student=student,
            teacher_target=self.overlap,
            student_target=cosine**2 * self.overlap,
            student_teacher=kept,
            more=((q.CHAIN, ONE), (q.LINK_MIN, kept - student)),
        )
        return {**products.values(), q.PHI: 2 * to_arb(self.turn).atan()}


def law(width: int, dim: int, psi: str) -> Settled:
    """The moments of the law at this psi, or at its absolute value: q is never negative."""
    number = Fraction(psi)
    law = bins(width, dim, abs(float(number)))
    values = (
        *((q.WIDTH, arb(width)), (q.DIM, arb(dim)), (q.PSI, to_arb(number))),
        (q.MEAN_ODDS, law.mean(law.odds, law.odds_beyond(1))),
        (q.MEAN_ODDS2, law.mean(law.odds**2, law.odds_beyond(2))),
        (q.MEAN_LOSS, 1 - law.mean(1 - law.losses, float(law.chances[0]))),
    )
    return BallSetting(values, ("loss-at",), f"M = {width}, d = {dim}, psi = {psi}")


def poles() -> list[NumberSetting]:
    """psi = 0, psi < 0 and d = M + 4, M = 8 and c = M psi: where formulas have no value."""
    means = (q.MEAN_ODDS, q.MEAN_ODDS2, q.MEAN_LOSS, q.MEAN_RATIO, q.PGR)
    rows = "8 72 0 0 1 1 1 1 1; 8 72 -1/1600 -1/200 1 1 1 1 1; 8 12 1 8 1 1 1 1 1"
    return numbers(rows, q.WIDTH, q.DIM, q.PSI, q.LIMIT_RATIO, *means, grants=("loss-at",))


def scaling(width: int, dim: int, psi: str, c: str = "1") -> Settled:
    """Means of the law off the path of Theorems 3.2 and 3.3."""
    number = ((q.LIMIT_RATIO, to_arb(Fraction(c))),)
    return law_at(width, dim, Fraction(psi), number)
