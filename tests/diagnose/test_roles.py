"""Names and patterns: what is matched, in which order, and what is refused."""

import numpy as np
import pytest

from w2s_theory.diagnose.roles import Patterns, find_roles
from w2s_theory.diagnose.sources import Arrays


def table(*names, width=1):
    column = np.zeros(3) if width == 1 else np.zeros((3, width))
    return Arrays(dict.fromkeys(names, column))


def roles(source, **patterns):
    return find_roles(source, Patterns(**patterns))


def test_outputs_are_matched_by_the_text_of_the_star():
    names = ["y_2", "y_10", "y_1", "t_1", "t_2", "t_10", "s_10", "s_1", "s_2"]
    found = roles(table(*names), target="y_*", teacher="t_*", student="s_*")
    assert found.target == ("y_2", "y_10", "y_1")
    assert found.teacher == ("t_2", "t_10", "t_1")
    assert found.students == {"": ("s_2", "s_10", "s_1")}
    assert found.outputs == 3


def test_checkpoints_come_in_the_order_of_training():
    steps = ["step_10", "step_9", "step_1e3", "step_300", "step_0.5"]
    found = roles(table("target", "teacher", *steps), student="step_*")
    assert list(found.students) == ["0.5", "9", "10", "300", "1e3"]
    words = roles(table("target", "teacher", "s_late", "s_b2", "s_b10", "s_b"), student="s_*")
    assert list(words.students) == ["b", "b2", "b10", "late"]


def test_checkpoints_of_vectors_have_two_stars_or_are_arrays():
    outputs = [f"{role}_{k}" for role in ("y", "t") for k in "ab"]
    steps = [f"s{step}_{k}" for k in "ba" for step in (10, 2)]
    found = roles(table(*outputs, *steps), target="y_*", teacher="t_*", student="s*_*")
    assert found.students == {"2": ("s2_a", "s2_b"), "10": ("s10_a", "s10_b")}
    arrays = roles(table("target", "teacher", "s_1", "s_2", width=4), student="s_*")
    assert arrays.students == {"1": ("s_1",), "2": ("s_2",)}


def test_a_star_that_matches_one_scalar_is_a_checkpoint_of_its_name():
    assert roles(table("target", "teacher", "s_7"), student="s_*").students == {"7": ("s_7",)}


def test_names_are_taken_literally():
    found = roles(table("a.b", "axb", "t[0]", "s"), target="a.b", teacher="t[0]", student="s")
    assert (found.target, found.teacher) == (("a.b",), ("t[0]",))


def test_every_role_is_read_once():
    given = {name: name for name in ("ceiling", "start", "weights", "groups")}
    names = ["target", "teacher", "student", *given]
    assert roles(table(*names, "other"), **given).columns == tuple(names)


@pytest.mark.parametrize(
    ("names", "patterns", "message"),
    [
        (["target", "teacher"], {}, "student: no column 'student'; there are 'target', 'teacher'"),
        ([], {}, "there are no columns"),
        (["target", "teacher", "student", "student"], {}, "student must be one column"),
        (["target", "teacher", "student"], {"teacher": "target"}, "target and teacher must be"),
        (["target", "teacher", "s"], {"student": "t*"}, "must be different columns"),
        (["target", "teacher", "student"], {"weights": "student"}, "student and weights must be"),
        (["target", "teacher", "student"], {"groups": "g*"}, "groups: no column 'g*'"),
        (["y_1", "y_2", "t_1", "t_3", "s"], {"target": "y_*", "teacher": "t_*"}, "outputs 1, 2"),
        (["y_1", "y_2", "t_1", "s"], {"target": "y_*", "teacher": "t_1"}, "as many outputs as"),
        (["y_1_2", "t", "s"], {"target": "y_*_*"}, "with one star"),
        (["target", "teacher", "s"], {"student": "*s*_*"}, "with 1 or 2 stars"),
        (
            ["y_1", "y_2", "t_1", "t_2", "s_1", "s_2", "s_3"],
            {"target": "y_*", "teacher": "t_*", "student": "s_*"},
            "student must have the target's outputs 1, 2, got 1, 2, 3",
        ),
        (
            ["y_1", "y_2", "t_1", "t_2", "s1_1", "s1_2", "s2_1"],
            {"target": "y_*", "teacher": "t_*", "student": "s*_*"},
            "student 2 must have as many outputs as the target, 2, got 1",
        ),
    ],
    ids=str,
)
def test_nothing_is_guessed(names, patterns, message):
    class Columns(Arrays):
        names = ()

    source = Columns(dict.fromkeys(names, np.zeros(3)))
    Columns.names = tuple(names)
    with pytest.raises(ValueError, match=message.replace("*", r"\*")):
        roles(source, **patterns)
