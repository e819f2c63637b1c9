"""M equal angles on the circle: teachers and students of any width, in closed form.

sigma_j = sum_n a_n exp(i n (theta - theta_j)), n in Z, so each class of n modulo M is its own
problem: what the units see of cos(k theta) is the one vector (a_n) with n in the class of k.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from w2s_theory.certify import precision, to_arb
from w2s_theory.ledger import quantities as q
from w2s_theory.search.settings import Values

BITS = 2048
"""The teacher's loss is what is left of 1, about M^-4."""
_NEAR = 3
"""Aliases on each side that are added one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """Target `norm2`^(1/2) sqrt(2) cos(`degree` theta), stopped where lambda_0 exp(-lambda_0 t) is
    `early` times a bound on Delta.

    A share `stray` of the target's square is of degree `beyond` instead; the readout is 1 + `shift`
    times the least-squares one; with `negative` the student's kernel has one eigenvalue below 0.
    """

    width: int
    degree: int = 2
    norm2: Fraction = Fraction(1)
    stray: Fraction = Fraction(0)
    beyond: int = 0
    shift: Fraction = Fraction(0)
    early: Fraction = Fraction(2)
    negative: Fraction = Fraction(0)
    grants: tuple[str, ...] = ("some-risk",)

    def __post_init__(self) -> None:
        """Classes of more than one known degree are not worked out."""
        if self.width < 2 * max(self.degree, self.beyond) + 4:
            raise ValueError(f"width must be far above the degrees, got {self}")

    @property
    def period(self) -> int:
        """The step between the even degrees of a class."""
        return self.width if self.width % 2 == 0 else 2 * self.width

    def values(self) -> Values:
        """What clause 1 of gain-rate-power speaks of."""
        with precision(BITS):
            return self._values()

    def _values(self) -> Values:
        lowest = _eigenvalue(self.degree)
        half = arb(self.period) / 2
        # 2 sum a_n^2 over the class but for its least n: the trace of what is hidden
        hidden = arb.pi() ** 2 / (24 * half**4 * (1 - 2 / half) ** 2)
        time = (lowest / (hidden * to_arb(self.early))).log() / lowest
        parts = [(self.degree, 1 - self.stray)]
        parts += [(self.beyond, self.stray)] if self.stray else []
        size, shift = to_arb(self.norm2), to_arb(self.shift)
        losses = [self._losses(degree, time) for degree, _ in parts]
        shares = [to_arb(share) * size for _, share in parts]
        energy = sum((s / _eigenvalue(k) for s, (k, _) in zip(shares, parts, strict=True)), arb(0))
        return {
            q.TARGET_NORM2: size,
            q.TARGET_OUTSIDE: to_arb(self.stray) * size,
            q.RESIDUAL: abs(shift) * (2 * size * lowest).sqrt(),
            q.EIGENVALUE_MIN: -to_arb(self.negative),
            q.TIME: time,
            q.LAMBDA_TARGET: lowest,
            q.SPACE_DIM: arb(2),
            q.DEGREE: arb(max(self.degree, self.beyond)),
            q.WIDTH: arb(self.width),
            q.FLATNESS: arb(2 * len(parts)),
            q.TARGET_ENERGY: energy,
            q.HIDDEN: (hidden / 2).union(arb(0)).union(hidden),
            q.L_TE: sum((s * loss for s, (loss, _) in zip(shares, losses, strict=True)), arb(0)),
            q.L_ST: sum((s * loss for s, (_, loss) in zip(shares, losses, strict=True)), arb(0)),
        }

    def _losses(self, degree: int, time: arb) -> tuple[arb, arb]:
        """Of the teacher and of the student, for a unit target of one degree."""
        own, all_ = _eigenvalue(degree), self._class_sum(degree)
        scale = 1 + to_arb(self.shift)
        learnt = 1 - (-own * time).exp()
        taught = scale * own / all_
        teacher = (1 - taught) ** 2 + taught**2 * (all_ - own) / own
        student, rest = (1 - learnt * taught) ** 2, all_ - own
        for alias in [degree + j * self.period for j in range(-_NEAR, _NEAR + 1) if j]:
            seen = _eigenvalue(alias) if degree != 1 else arb(0)
            slope = -to_arb(self.negative) if alias == degree - self.period else seen
            slope = seen if not self.negative else slope
            student += taught**2 * seen / own * (1 - (-slope * time).exp()) ** 2
            rest -= seen
        furthest = _eigenvalue((_NEAR + 1) * self.period - degree) if degree != 1 else arb(0)
        leaked = taught**2 * rest / own * (1 - (-furthest * time).exp()) ** 2
        return teacher, student + leaked.union(arb(0))

    def _class_sum(self, degree: int) -> arb:
        """sum of a_n^2 over n = degree mod the period, by 1/(n^2-1)^2 in partial fractions."""
        if degree == 1:  # the other odd degrees are not seen
            return _eigenvalue(1)
        step = arb.pi() / self.period
        near, far = step * (degree - 1), step * (degree + 1)
        squares = step**2 * (1 / near.sin() ** 2 + 1 / far.sin() ** 2)
        return (squares - step * (1 / near.tan() - 1 / far.tan())) / (4 * arb.pi() ** 2)


def _eigenvalue(degree: int) -> arb:
    """a_n^2 of the ReLU on the circle, n = 1 or even."""
    if abs(degree) == 1:
        return arb(1) / 16
    return 1 / (arb.pi() * (degree**2 - 1)) ** 2
