"""Points for the statements about spectra: what they name, and the ranges drawn."""

from fractions import Fraction

from tests.making import draws
from w2s_theory.ledger import quantities as q
from w2s_theory.search.sphere_points import MAX_DEGREE, named, point, points


def test_a_point_is_its_numbers():
    numbers = dict(point(4, 32, 2, cosine=Fraction(1, 5)).numbers)
    assert (numbers[q.DEGREE], numbers[q.SPACE_DIM], numbers[q.POWER]) == (4, 32, 2)
    assert numbers[q.RHO] == Fraction(1, 5)


def test_points_reach_both_sides_of_every_assumption():
    found = [dict(setting.numbers) for setting in draws(points(), 200)]
    assert {n[q.DEGREE] for n in found} == set(range(MAX_DEGREE + 1))
    assert {1, 2, 3} < {n[q.SPACE_DIM] for n in found}
    for symbol in (q.RHO, q.POINT):
        assert {n[symbol] ** 2 > 1 for n in found} == {True, False}
    assert {n[q.DEGREE] > n[q.POWER] for n in found} == {True, False}


def test_named_points_hold_every_low_degree_and_no_point_twice():
    found = [tuple(dict(setting.numbers).items()) for setting in named()]
    low = {(n[q.DEGREE], n[q.SPACE_DIM], n[q.POWER]) for n in map(dict, found)}
    assert {(k, d, a) for k in range(6) for d in (2, 3, 5) for a in (0, 1, 2)} <= low
