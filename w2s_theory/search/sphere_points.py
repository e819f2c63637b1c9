"""Numbers for the statements of section 1: degrees, dimensions, powers, cosines and angles."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from w2s_theory.ledger import quantities as q
from w2s_theory.search.coordinates import ONE, ZERO
from w2s_theory.search.settings import NumberSetting

MAX_DEGREE = 12


def point(
    degree: int = 2,
    dim: int = 3,
    power: int = 1,
    *,
    cosine: Fraction = Fraction(1, 3),
    side: Fraction = Fraction(-1, 2),
    angle: Fraction = ONE,
    term: int = 0,
) -> NumberSetting:
    """Degree k, dimension d, power alpha, cosines rho and t, an angle, the index of a term."""
    counts = ((q.DEGREE, degree), (q.SPACE_DIM, dim), (q.POWER, power), (q.TERM, term))
    return NumberSetting(
        (
            *((symbol, Fraction(count)) for symbol, count in counts),
            *((q.RHO, cosine), (q.POINT, side), (q.TURN, angle)),
        )
    )


@st.composite
def points(draw: DrawFn) -> NumberSetting:
    """Small degrees and dimensions most often; a few cosines and angles that are none."""
    cosines = st.one_of(
        st.fractions(min_value=-1, max_value=1, max_denominator=20),
        st.sampled_from([ONE, -ONE, ZERO, Fraction(11, 10)]),
    )
    return point(
        degree=draw(st.integers(0, MAX_DEGREE)),
        dim=draw(st.one_of(st.integers(1, 5), st.integers(6, 40))),
        power=draw(st.integers(0, 4)),
        cosine=draw(cosines),
        side=draw(cosines),
        angle=draw(st.fractions(min_value=0, max_value=Fraction(16, 5), max_denominator=10)),
        term=draw(st.integers(0, 6)),
    )


def named() -> tuple[NumberSetting, ...]:
    """Every low degree in d = 2, 3 and 5, the ends of the cosine, a step, and a large dimension."""
    low = tuple(point(k, dim, power) for k in range(6) for dim in (2, 3, 5) for power in (0, 1, 2))
    ends = tuple(point(cosine=rho, side=rho, angle=ZERO) for rho in (ONE, -ONE, ZERO))
    return (point(), *low, *ends, point(1, 32), point(4, 32), point(7, 8, 3), point(1, 1, 0))
