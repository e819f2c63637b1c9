"""Containment by rational arithmetic: ``arb.contains`` rounds a rational number first."""

from fractions import Fraction

from flint import arb

from w2s_theory.certify.balls import dyadic, to_fmpq


def holds(ball: arb, value: Fraction | int) -> bool:
    if not ball.is_finite():
        return False
    mid, rad = dyadic(ball.mid()), dyadic(ball.rad())
    return bool(mid - rad <= to_fmpq(value) <= mid + rad)
