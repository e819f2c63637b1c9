"""Grids: read whole or refused whole, and keys that say what a cell is."""

from dataclasses import replace

import pytest

from w2s_theory.experiments.sweep import grid
from w2s_theory.experiments.sweep.grid import Job, generator_entropy, read_plan
from w2s_theory.students.filters import named_rules

SMALL = """
[sweep]
model = "relu"
dim = [3, 4]
teacher_width = [4, 8]
student_width = ["inf", 32]
target = [1]
draws = 3
seed = 7
"""


def test_a_grid_is_every_combination_once() -> None:
    plan = read_plan(SMALL)
    assert plan.cells == 2 * 2 * 2 * 3
    # An infinite student is a job of its own, teachers of a finite one share it.
    assert sorted(len(job.cells) for job in plan.jobs) == [1] * 12 + [6] * 2
    keys = [key for job in plan.jobs for key in job.keys]
    assert len(set(keys)) == len(keys) == plan.cells
    assert read_plan(SMALL) == plan


def test_every_error_is_told_at_once_with_its_line() -> None:
    text = '[sweep]\nmodel = "relo"\ndim = [3, 1]\nteacher_wdith = 4\ndraws = 0\n'
    text += 'student_width = ["inf", "wide"]\nrule = "floww"\npsi = 0.5\n'
    with pytest.raises(ValueError, match="line 2: model must be") as raised:
        read_plan(text)
    said = str(raised.value)
    for part in (
        "line 3: dim must be an integer >= 2, got 1",
        "line 4: unknown key 'teacher_wdith'; did you mean teacher_width?",
        "teacher_width must be given",
        "line 5: draws must be",
        "line 6: student_width must be",
        "line 7: rule must be one of",
        "line 8: psi does not apply",
    ):
        assert part in said, said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "one table \\[sweep\\] and nothing else, got nothing"),
        ("[Sweep]", "got Sweep"),
        (SMALL + "[more]\nseed = 1\n", "and nothing else, got sweep, more"),
        (SMALL.replace('"inf"', "inf"), 'must be "inf" or an integer >= 1, got inf'),
        ("[sweep", "must be TOML"),
        (SMALL + "dim = 3\n", "must be TOML"),
        (SMALL.replace("[3, 4]", "[3, 3]"), "dim must not repeat 3"),
        (SMALL.replace("[3, 4]", "[]"), "dim must be at least one value"),
        (SMALL.replace("= 3\nseed", "= [3]\nseed"), "draws must be one value"),
        (SMALL.replace("draws = 3", "draws = 10000000"), "at most 10000000 cells"),
        (SMALL.replace("relu", "linear"), "psi must be given for the linear model"),
        (SMALL.replace("relu", "linear") + "psi = 0.5\n", "target does not apply"),
    ],
)
def test_a_grid_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_plan(text)


def test_targets_and_activations_are_texts() -> None:
    text = SMALL.replace("[1]", '[1, "1:0.5, 2:0.5", "network:4"]')
    text += 'activation = ["relu", "tanh", "t/(1+exp(-t))"]\nrule = ["gd", "gd:0.5", "nesterov"]\n'
    plan = read_plan(text)
    assert plan.cells == 2 * 2 * 2 * 3 * 3 * 3 * 3
    cells = [cell for job in plan.jobs for cell in job.cells]
    assert {cell.target for cell in cells} == {"1", "1:0.5,2:0.5", "network:4"}
    assert {cell.activation for cell in cells} == {"relu", "tanh", "t/(1+exp(-t))"}


def test_every_learning_rule_is_taken() -> None:
    names = [*named_rules(), "gd:0.5", "heavy-ball:0.5"]
    plan = read_plan(SMALL + f"rule = {names}\n".replace("'", '"'))
    assert [cell.rule for job in plan.jobs[:1] for cell in job.cells] == names[:1]
    assert {cell.rule for job in plan.jobs for cell in job.cells} == set(names)


def test_every_text_is_read_before_anything_runs() -> None:
    text = SMALL.replace("[1]", '[1, "1:0.7,2:0.7", "network:0", true, "1", "exp(u)"]')
    text += 'activation = ["relu", "rely", "1/t"]\nrule = ["gd:1e9", "gd:x", "heavy-ball:2"]\n'
    with pytest.raises(ValueError, match="target must be") as raised:
        read_plan(text)
    said = str(raised.value)
    for part in (
        "line 7: target must have norm 1",
        "line 7: width must be an integer >= 1, got 0",
        "line 7: target must be a degree or a text, got True",
        "line 7: target must not repeat '1'",
        "line 7: target must be a degree, degree:energy",
        "line 10: activation must be",
        "line 11: step must be < 2/lambda_max",
        "line 11: rule must have a number",
        "line 11: momentum must be",
    ):
        assert part in said, said


def test_the_key_says_everything_that_the_numbers_depend_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alone, *_, company = read_plan(SMALL).jobs
    (cell,) = alone.cells
    for change in (
        {"dim": 5},
        {"teacher_width": 9},
        {"draw": 9},
        {"rule": "ridge"},
        {"activation": "erf"},
    ):
        assert Job((replace(cell, **change),)).keys != alone.keys  # type: ignore[arg-type]
    fewer = Job(company.cells[:-1])
    assert not set(fewer.keys) & set(company.keys)
    before = alone.keys
    monkeypatch.setattr(grid, "code_version", lambda: "other")
    assert alone.keys != before


def test_features_depend_on_their_cell_alone() -> None:
    alone, *_, company = read_plan(SMALL).jobs
    (cell,) = alone.cells
    assert generator_entropy(cell, "teacher") == generator_entropy(
        replace(cell, student_width=32, rule="ridge", activation="erf", target="2"), "teacher"
    )
    students = {generator_entropy(c, "student") for c in company.cells}
    teachers = {generator_entropy(c, "teacher") for c in company.cells}
    assert (len(students), len(teachers)) == (1, len(company.cells))
