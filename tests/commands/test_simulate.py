"""`w2s simulate`: the JSON of every model, both kinds of student, and bad input."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from w2s_theory.cli import app
from w2s_theory.students.filters import named_rules
from w2s_theory.theorems.floors import shrinkage_floor

RUNNER = CliRunner()
KEYS = [
    "model",
    "dim",
    "teacher_width",
    "student_width",
    "draws",
    "seed",
    "eigenvalue_target",
    "teacher_loss",
    "student_loss",
    "stopping_time",
    "pgr",
    "floor",
    "kappa",
    "teacher_error",
    "student_error",
    "pgr_error",
    "kappa_error",
    "ceiling",
    "ceiling_error",
    "converged",
]
RELU = ["relu", "--dim", "8", "--teacher-width", "24", "--draws", "3"]
LINEAR = ["linear", "--dim", "40", "--teacher-width", "8", "--psi", "0.1", "--draws", "3"]


def invoke(*arguments: str) -> tuple[int, str, str]:
    result = RUNNER.invoke(app, ["simulate", *arguments])
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize("student", ["inf", "128"])
@pytest.mark.parametrize("model", [RELU, LINEAR, [*LINEAR, "--top", "2"]], ids=str)
def test_json_has_the_stated_keys_and_respects_the_floor(model: list[str], student: str) -> None:
    code, out, err = invoke(*model, "--student-width", student, "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert list(found) == KEYS
    assert all(len(found[key]) == 3 for key in KEYS[7:17])
    assert found["converged"] is True
    teacher, best = np.array(found["teacher_loss"]), np.array(found["student_loss"])
    np.testing.assert_array_equal(found["floor"], shrinkage_floor(teacher))
    assert (best >= found["floor"]).all()
    assert (best <= teacher).all()
    assert all(0 <= kappa <= 1 for kappa in found["kappa"])


@pytest.mark.parametrize("student", ["inf", "128"])
@pytest.mark.parametrize(
    "rule", [*(name for name in named_rules() if name != "flow"), "gd:20", "heavy-ball:0.2"]
)
def test_every_rule_trains_the_same_teachers_and_respects_the_floor(rule, student) -> None:
    flow, other = (
        json.loads(invoke(*RELU, "--student-width", student, *option, "--json")[1])
        for option in ([], ["--rule", rule])
    )
    assert other.pop("rule") == rule
    assert list(other) == KEYS
    assert other["teacher_loss"] == flow["teacher_loss"]
    assert other["student_loss"] != flow["student_loss"]
    for loss, floor, teacher in zip(
        other["student_loss"], other["floor"], other["teacher_loss"], strict=True
    ):
        assert loss <= teacher
        assert floor is None or floor <= loss
    if rule == "nesterov":  # said, not passed over
        assert "floor: Theorem 4.1 has none" in invoke(*RELU, "--rule", rule)[1]
    # A mean of iterates overshoots a little at eigenvalues above the infinite kernel's largest.
    overshoots = rule.startswith(("heavy", "nest")) or (rule, student) == ("average", "128")
    assert overshoots == (None in other["floor"])


def test_a_small_loss_is_right_in_every_digit_printed() -> None:
    code, out, _ = invoke(
        *("relu", "--dim", "3", "--teacher-width", "256", "--student-width", "2048"),
        *("--draws", "2", "--quiet"),
    )
    rows = [line.split() for line in out.splitlines()[3:5]]
    # A dense eigendecomposition with extended sums, and a Cholesky solve for the ceiling.
    assert (code, [row[1] for row in rows]) == (0, ["1.969e-07", "1.663e-07"])
    assert [row[3] for row in rows] == ["0.7827", "0.734"]


def test_no_digit_beyond_the_error_is_printed() -> None:
    arguments = ("relu", "--dim", "2", "--draws", "2", "--rule", "gd")
    found = json.loads(invoke(*arguments, "--json")[1])
    _, out, _ = invoke(*arguments, "--quiet")
    for loss, error in zip(found["student_loss"], found["student_error"], strict=True):
        assert loss < error  # float64 tells it from nothing, but not which digits it has
    assert [row.split()[1] for row in out.splitlines()[2:4]] == ["<", "<"]


def test_gradient_flow_is_followed_in_balls_where_floats_know_nothing() -> None:
    arguments = ("relu", "--dim", "2", "--teacher-width", "48", "--draws", "2")
    found = json.loads(invoke(*arguments, "--json")[1])
    for loss, error in zip(found["student_loss"], found["student_error"], strict=True):
        assert 0 < error < loss < 1e-14


@pytest.mark.parametrize(
    ("arguments", "printed"),
    [
        (("relu", "--dim", "3", "--teacher-width", "4", "--student-width", "2"), "0.1635"),
        (("linear", "--dim", "4", "--psi", "0.1", "--teacher-width", "5", "--rank-revealing"), "<"),
    ],
)
def test_without_a_gap_to_recover_the_losses_stand_and_pgr_is_undefined(arguments, printed) -> None:
    code, out, err = invoke(*arguments, "--draws", "1", "--quiet")
    assert (code, err) == (0, "")
    assert out.splitlines()[3].startswith(printed)
    assert "pgr: undefined where the teacher loses no more than the ceiling" in out
    assert out.splitlines()[3].endswith("?") == (printed == "<")  # L_ST/L_TE^2 of an L_TE that is 0
    found = json.loads(invoke(*arguments, "--draws", "1", "--json")[1])
    assert found["pgr"] == [None]


def test_isotropic_inputs_are_a_model_and_high_degrees_are_targets() -> None:
    found = json.loads(invoke(*LINEAR, "--psi", "1", "--json")[1])
    assert found["eigenvalue_target"] == 1
    assert found["student_loss"] == pytest.approx(found["teacher_loss"])
    high = ["relu", "--dim", "3", "--teacher-width", "8", "--target", "42", "--draws", "1"]
    code, out, _ = invoke(*high, "--json")
    assert code == 0
    assert 0.9 < json.loads(out)["teacher_loss"][0] <= 1


def test_an_iteration_out_of_budget_is_marked(monkeypatch) -> None:
    from w2s_theory.students import finite

    monkeypatch.setattr(finite, "default_blocks", lambda columns: 5)
    code, out, _ = invoke(*RELU, "--student-width", "512", "--quiet")
    assert code == 0
    assert "not converged: an estimated error of up to " in out
    found = json.loads(invoke(*RELU, "--student-width", "512", "--json")[1])
    assert found["converged"] is False
    assert max(found["student_error"]) > 1e-4 * min(found["student_loss"])


def test_draws_can_be_added_without_changing_the_others() -> None:
    few = json.loads(invoke(*RELU, "--json")[1])
    more = json.loads(invoke(*RELU[:-1], "5", "--json")[1])
    assert more["teacher_loss"][:3] == few["teacher_loss"]


def test_linear_works_at_its_defaults() -> None:
    found = json.loads(invoke("linear", "--draws", "2", "--json")[1])
    assert (found["dim"], found["eigenvalue_target"]) == (1024, 1)
    # E q = M/(psi (d - M)) for q = (1 - L)/L, psi = d^(-2/3).
    expected = 1 / (1 + 64 * 1024 ** (2 / 3) / 960)
    assert found["teacher_loss"] == pytest.approx([expected] * 2, rel=0.5)


@pytest.mark.parametrize("student", ["inf", "100"])
@pytest.mark.parametrize(
    "options",
    [
        ("--activation", "t/(1+exp(-t))"),
        ("--activation", "tanh", "--target", "network:8"),
        ("--target", "1:0.5,2:0.5"),
        ("--target", "network:64"),
        ("--target", "exp(-4*(1-t)^2)", "--allow-unlearnable"),
    ],
    ids=str,
)
def test_activations_and_targets_of_ones_own(options, student) -> None:
    common = ("relu", "--dim", "5", "--teacher-width", "10", "--draws", "2", *options)
    found = json.loads(invoke(*common, "--student-width", student, "--json")[1])
    for loss, floor, teacher in zip(
        found["student_loss"], found["floor"], found["teacher_loss"], strict=True
    ):
        assert floor < loss <= teacher < 1
    assert {f"--{key}" for key in ("target", "activation") if key in found} <= set(options)
    assert max(found["teacher_error"]) < 1e-10


def test_every_hint_names_an_option_of_the_command() -> None:
    known = set(re.findall(r"--[a-z-]+", invoke("--help")[1]))
    for arguments in (
        ["relu", "--target", "3"],
        ["relu", "--dim", "2", "--teacher-width", "1000", "--draws", "1"],
        ["relu", "--student-width", "1000000000"],
        ["linear", "--dim", "8"],
    ):
        hints = re.findall(r"--[a-z-]+", invoke(*arguments)[2])
        assert set(hints) <= known
        assert hints


def test_kappa_is_the_loss_where_the_target_spans_its_eigenspace() -> None:
    found = json.loads(invoke(*LINEAR, "--json")[1])
    # Two routes to a number of order 1/10: one minus an eigenvalue, and a refined solve.
    assert found["kappa"] == pytest.approx(found["teacher_loss"], rel=1e-9)


def test_dependent_features_are_fitted_on_their_span_and_said() -> None:
    crowded = ["relu", "--dim", "2", "--teacher-width", "1000", "--draws", "1"]
    code, out, _ = invoke(*crowded, "--rank-revealing")
    assert code == 0
    assert "dependent features" in out


def test_plot_is_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "curve.svg"
    assert invoke(*RELU, "--plot", str(path))[0] == 0
    assert path.read_text().rstrip().endswith("</svg>")
    assert [p.name for p in tmp_path.iterdir()] == ["curve.svg"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["cubic"], "model must be relu or linear, got 'cubic'"),
        (["relu", "--dim", "1"], "dim must be an integer >= 2, got 1"),
        (["relu", "--teacher-width", "0"], "--teacher-width must be an integer >= 1"),
        (["relu", "--draws", "0"], "draws must be an integer >= 1"),
        (["relu", "--seed", "-1"], "seed must be an integer >= 0"),
        (["relu", "--student-width", "nan"], "student-width must be an integer >= 1 or inf"),
        (["relu", "--student-width", "1000000000"], "is free"),
        (
            ["relu", "--rule", "sgd"],
            "rule must be one of heavy-ball[:MU], nesterov, flow, gd[:STEP], ridge",
        ),
        (["relu", "--rule", "gd:1e9"], "step must be < 2/lambda_max = 395.891"),
        (["relu", "--rule", "gd:-1"], "step must be a finite number > 0"),
        (["relu", "--rule", "gd:fast"], "rule must have a number after the colon, got 'gd:fast'"),
        (["relu", "--rule", "ridge:2"], "rule must be ridge alone, which takes no value, got 2.0"),
        (["relu", "--rule", "heavy-ball:1"], "momentum must be in [0, 1), got 1.0"),
        (["relu", "--target", "3"], "eigenspaces of eigenvalue 0"),
        (["relu", "--dim", "2", "--teacher-width", "1000", "--draws", "1"], "linearly independent"),
        (["relu", "--plot", "/nowhere/x.png"], "plot must be"),
        (["relu", "--plot", "x.gif"], "plot must be"),
        (["relu", "--target", "1:0.5,2"], "target must be degree:energy,... with distinct"),
        (["relu", "--target", "1:0.5,2:0.6"], "target must have norm 1"),
        (["relu", "--target", "network:0"], "width must be an integer >= 1, got 0"),
        (["relu", "--target", "bump"], "network:WIDTH or a function of t; as one: activation"),
        (["relu", "--activation", "swish"], "or an expression in t, got 'swish'"),
        (
            ["relu", "--psi", "0.1"],
            "psi does not apply to relu, which takes target and activation, got 0.1",
        ),
        (["relu", "--top", "1"], "top does not apply to relu"),
        (
            ["linear", "--target", "1"],
            "target does not apply to linear, which takes top and psi, got",
        ),
        (["linear", "--activation", "relu"], "activation does not apply to linear"),
        (["linear", "--dim", "8"], "--rank-revealing"),
        (["linear", "--dim", "8", "--psi", "-1"], "got"),
        (["linear", "--dim", "8", "--psi", "0.1", "--top", "8"], "top must be in 1..dim-1"),
    ],
    ids=str,
)
def test_bad_input_is_one_line_and_exit_2(arguments: list[str], message: str) -> None:
    code, out, err = invoke(*arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert len(err.strip().splitlines()) == 1
