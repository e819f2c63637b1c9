"""Settings in floats and exactly: the same setting, and always one of the premises."""

import numpy as np
import pytest

from w2s_theory.certify import Verdict
from w2s_theory.search.premises import premises
from w2s_theory.search.sampling import Cube

MANY = [
    [], ["least-squares"], ["bounded"], ["gradient-flow"], ["pretrained"], ["any-teacher"],
    ["chain:3"], ["chain:2", "bounded", "any-teacher"],
]  # fmt: skip


@pytest.mark.parametrize("names", MANY, ids=str)
def test_every_point_is_a_setting_of_the_premises(names: list[str]) -> None:
    cube = Cube(premises(names))
    points = np.random.default_rng(0).random((4, cube.sides))
    for point in [*points, np.zeros(cube.sides), np.ones(cube.sides)]:
        for digits in (1, 6):
            assert cube.exact(point, digits).meets(cube.premises) is Verdict.PROVED


@pytest.mark.parametrize("names", MANY, ids=str)
def test_the_exact_setting_is_near_the_one_in_floats(names: list[str]) -> None:
    cube = Cube(premises(names))
    points = np.random.default_rng(1).random((3, cube.sides))
    floats = cube.values(points)
    for index, point in enumerate(points):
        exact = cube.exact(point, 12).values
        assert floats.keys() == exact.keys()
        for symbol, values in floats.items():
            assert values[index] == pytest.approx(float(exact[symbol]), abs=1e-10)


def test_opposite_and_vanishing_labels_have_a_reflection() -> None:
    cube = Cube(premises())
    for point in ([1, 0, 1, 1, 0], [0, 0, 1, 1, 0], [1, 1, 1, 0.5, 0]):
        example = cube.exact(np.array(point, dtype=float), 3)
        assert example.meets(cube.premises) is Verdict.PROVED
