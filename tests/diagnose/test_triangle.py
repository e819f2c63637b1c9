"""The drawing: points where the inner products say, and a file of each kind."""

import numpy as np
import pytest

from tests.diagnose.test_judgement import least_squares_teacher, nearest_student, plane
from w2s_theory.diagnose.diagnosis import diagnose
from w2s_theory.diagnose.triangle import _coordinates, _inner_products, draw


@pytest.mark.parametrize("start", [None, (0.3, -0.4, 0.1)])
@pytest.mark.parametrize("first", ["target", "teacher"])
def test_points_keep_their_distances_in_the_plane(first, start):
    f = plane(60)
    points = {"target": (1, 0, 0.1), "teacher": (0.7, 0.4, 0), "student": (0.6, 0.3, 0.5)}
    origin = np.zeros(3) if start is None else np.array(start)
    found = diagnose(
        *(f(*p) for p in points.values()), start=None if start is None else f(*start)
    ).run
    second, off = ("teacher", "student") if first == "target" else ("student", "target")
    inner = _inner_products(found)
    size = np.sqrt(1.01)  # of the target
    moved = {name: (np.array(p) - origin) / size for name, p in points.items()}
    placed = _coordinates(inner, first, second, off)
    for (a, b), value in inner.items():
        assert value == pytest.approx(moved[a] @ moved[b], abs=1e-12)
        if (a, b) != (off, off):
            assert np.dot(placed[a], placed[b]) == pytest.approx(value, abs=1e-12)


def test_a_run_with_a_start_is_drawn():
    """Checkpoints are in `tests/commands/test_diagnose.py`."""
    f = plane(60)
    teacher, student = least_squares_teacher(f, 0.3), nearest_student(f, 0.3)
    found = diagnose(f(1, 0), teacher, student, start=f(0.2, 0.1))
    assert draw(found, "png").startswith(b"\x89PNG")


@pytest.mark.parametrize("first", ["target", "teacher"])
def test_points_on_one_line_have_a_place(first):
    f = plane(60)
    inner = _inner_products(diagnose(f(1, 0), f(0.7, 0), f(0, 0)).run)
    second, off = ("teacher", "student") if first == "target" else ("student", "target")
    placed = _coordinates(inner, first, second, off)
    assert np.isfinite(list(placed.values())).all()
    assert placed["teacher"][0] == pytest.approx(0.7)
