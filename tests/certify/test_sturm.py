import random
from fractions import Fraction

import pytest
import sympy as sp
from sympy import Rational, oo

from w2s_theory.certify import Verdict, prove_sign

x, y = sp.symbols("x y")
PROVED, REFUTED = Verdict.PROVED, Verdict.REFUTED


@pytest.mark.parametrize(
    ("expr", "lo", "hi", "strict", "verdict", "witness"),
    [
        (x**2 * (1 - Rational(3, 2) * x) ** 2, 0, 1, False, PROVED, None),
        (x**2 * (1 - Rational(3, 2) * x) ** 2, 0, 1, True, REFUTED, 0),
        ((1 - Rational(3, 2) * x) ** 2, Rational(1, 2), 1, True, REFUTED, Fraction(2, 3)),
        ((1 - Rational(3, 2) * x) ** 2, 0, Rational(1, 2), True, PROVED, None),
        ((x**2 - 2) ** 2, 0, 2, False, PROVED, None),
        ((x**2 - 2) ** 2, 0, 2, True, REFUTED, None),
        (x**2 + 1, -oo, oo, True, PROVED, None),
        (x, 0, oo, False, PROVED, None),
        (x**4 - x + Rational(48, 100), -oo, oo, True, PROVED, None),
        (x - 1, 1, 1, False, PROVED, None),
        (x - 1, 1, 1, True, REFUTED, 1),
        (sp.Integer(3), -oo, oo, True, PROVED, None),
        (x - x, 0, 1, False, PROVED, None),
        (x - x, 0, 1, True, REFUTED, 0),
        (x - 5, 6, oo, True, PROVED, None),
        (5 - x, -oo, 4, True, PROVED, None),
        (-x - 1, -oo, -9, True, PROVED, None),
        ((x - 1) * (x + 2), 90, oo, True, PROVED, None),
    ],
)
def test_known_signs(expr, lo, hi, strict, verdict, witness):  # noqa: PLR0917 - a table
    proof = prove_sign(expr, x, lo, hi, strict=strict)
    assert (proof.verdict, proof.witness) == (verdict, witness)


@pytest.mark.parametrize(
    ("expr", "lo", "hi"),
    [
        (x, -oo, oo),
        (x**2 - x, 0, 1),
        (x**3 - 2 * x, -1, oo),
        (x**4 - x + Rational(47, 100), 0, 1),
        ((x - Rational(1, 3)) ** 2 - Rational(1, 10**40), 0, 1),
        (-sp.Integer(1) + 0 * x, 0, 1),
        (x - 10**9, -oo, 3),
        (x + 1, -oo, -9),  # beyond every root
        (x**3, -oo, -9),
        (1 - x, 9, oo),
        ((x - 1) * (x**2 - 2), 1, Rational(3, 2)),
    ],
)
def test_a_refutation_shows_a_point(expr, lo, hi):
    proof = prove_sign(expr, x, lo, hi)
    assert proof.verdict is REFUTED
    assert lo <= proof.witness <= hi
    assert sp.sympify(expr).subs(x, Rational(proof.witness)) < 0


def test_zeros_in_order():
    proof = prove_sign(x**2 * (x**2 - 2) ** 2 * (x - 2) ** 4, x, -2, 2)
    assert proof.verdict is PROVED
    negative, zero, positive, two = proof.zeros
    assert (zero, two) == (0, 2)
    assert negative[0] < negative[1] <= 0 < positive[0] < positive[1] < 2
    assert positive[0] ** 2 < 2 < positive[1] ** 2
    assert proof.factors[0] == (1, 1)


def test_agrees_with_dense_sampling_of_random_polynomials():
    generator = random.Random(3)
    seen = set()
    for _ in range(150):
        roots = [Fraction(generator.randint(-8, 8), 4) for _ in range(generator.randint(0, 4))]
        expr = sp.prod([x - Rational(r) for r in roots]) * (x**2 + generator.randint(-3, 3))
        proof = prove_sign(expr, x, -1, 1)
        poly = sp.Poly(expr, x)
        lowest = min(poly.eval(Rational(k, 64)) for k in range(-64, 65))
        if lowest < 0:
            assert proof.verdict is REFUTED
        if proof.verdict is REFUTED:
            assert poly.eval(Rational(proof.witness)) < 0
            assert -1 <= proof.witness <= 1
        inside = {r for r in roots if -1 <= r <= 1}
        assert inside <= {z for z in proof.zeros if isinstance(z, Fraction)}
        seen.add(proof.verdict)
    assert seen == {PROVED, REFUTED}


@pytest.mark.parametrize(
    ("expr", "lo", "hi", "message"),
    [
        (sp.sqrt(x), 0, 1, "polynomial"),
        (sp.sin(x), 0, 1, "polynomial"),
        (1 / x, 1, 2, "polynomial"),
        (x * y, 0, 1, "polynomial"),
        (sp.pi * x, 0, 1, "polynomial"),
        (sp.Float(0.5) * x, 0, 1, "float"),
        (x, 0.5, 1, "lo"),
        (x, 0, sp.Float(1), "hi"),
        (x, 1, 0, "at most"),
        (x, oo, oo, "lo"),
        (x, float("nan"), 1, "lo"),
    ],
)
def test_bad_input(expr, lo, hi, message):
    with pytest.raises(ValueError, match=message):
        prove_sign(expr, x, lo, hi)


def test_beyond_the_size_guard_it_does_not_guess():
    assert prove_sign(x**500 + 1, x, 0, 1).verdict is Verdict.UNDECIDED
