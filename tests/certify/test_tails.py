import math

import mpmath
import pytest
from flint import arb, fmpq

from w2s_theory.certify import ball, geometric_tail, power_tail


@pytest.mark.parametrize(("first", "ratio"), [(1, fmpq(1, 3)), (5, fmpq(99, 100)), (0, 0), (2, 0)])
def test_geometric_tail_is_the_sum(first, ratio):
    tail = geometric_tail(arb(first), arb(ratio))
    total = fmpq(first) / (1 - fmpq(ratio))
    assert tail.lower() > -1e-6
    assert tail.upper() >= total
    assert tail.upper() <= total * fmpq(1001, 1000) + fmpq(1, 10**9)


@pytest.mark.parametrize("exponent", [1.5, 2.0, 7.25])
@pytest.mark.parametrize("start", [1, 2, 10, 1000])
def test_power_tail_bounds_the_hurwitz_zeta_sum(exponent, start):
    tail = power_tail(arb(3), arb(exponent), start)
    total = float(3 * mpmath.zeta(exponent, start))
    assert tail.upper() > total * (1 - 1e-12)
    # the integral test overshoots by at most the first term
    assert tail.upper() < (total + 3 * start**-exponent) * 1.001


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: geometric_tail(arb(-1), arb(0.5)), "first"),
        (lambda: geometric_tail(arb(1), arb(1)), "ratio"),
        (lambda: geometric_tail(arb(1), arb(-0.5)), "ratio"),
        (lambda: geometric_tail(arb(1), ball(0.99, 0.02)), "ratio"),
        (lambda: geometric_tail(arb.nan(), arb(0.5)), "first"),
        (lambda: geometric_tail(arb(1), 0.5), "ratio must be an arb"),
        (lambda: power_tail(arb(1), arb(1), 2), "exponent"),
        (lambda: power_tail(arb(1), ball(1.0, 0.1), 2), "exponent"),
        (lambda: power_tail(arb(-1), arb(2), 2), "constant"),
        (lambda: power_tail(arb(1), arb(2), 0), "start"),
        (lambda: power_tail(arb(1), arb(2), True), "start"),
        (lambda: power_tail(math.pi, arb(2), 1), "constant must be an arb"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()
