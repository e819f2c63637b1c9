"""`w2s spectrum`: reference values, certified JSON, LaTeX, the plot, and bad input."""

import json
import math
from pathlib import Path

import mpmath
import pytest
from typer.testing import CliRunner

from w2s_theory.certify import functions
from w2s_theory.cli import app
from w2s_theory.commands.spectrum import _count

RUNNER = CliRunner()
# a_0, a_1, a_2, ... of ReLU in d = 32.
REFERENCE = {
    0: "0.0710767318886031",
    1: "0.015625",
    2: "0.0021538403602607",
    3: "0",
    4: "-6.15382960074486e-05",
    6: "4.9895915681715e-06",
}
OUT_OF_MATPLOTLIB = 10_000  # bytes: a picture, not an empty canvas


def invoke(*arguments: str) -> tuple[int, str, str]:
    result = RUNNER.invoke(app, ["spectrum", *arguments])
    return result.exit_code, result.stdout, result.stderr


def table(*arguments: str) -> list[list[str]]:
    code, out, err = invoke(*arguments)
    assert (code, err) == (0, "")
    return [line.split() for line in out.splitlines()[2:]]


def test_reference_values_are_printed() -> None:
    found = {int(row[0]): row[2] for row in table("--activation", "relu", "--dim", "32")}
    assert {k: found[k] for k in REFERENCE} == REFERENCE


def test_a_huge_dimension_is_printed_from_its_logarithms() -> None:
    for dim, coefficient, eigenvalue in (
        ("1" + 30 * "0", "3.98942280401433e-16", "1.59154943091895e-31"),
        ("1" + 400 * "0", "3.98942280401433e-201", "1.5915e-401"),
    ):
        row = table("--dim", dim, "--max-degree", "2")[0]
        assert row[2:] == [coefficient, eigenvalue]
        certified = table("--dim", dim, "--max-degree", "2", "--digits", "10")[0]
        assert certified[2][:10] == coefficient[:10]


def test_what_no_float_is_small_enough_for_keeps_its_sign_and_loses_digits() -> None:
    rows = table("--dim", "1000000000", "--max-degree", "84")
    signs = [row[2].startswith("-") for row in rows[2::2]]
    assert signs == [degree % 4 == 0 for degree in range(2, 85, 2)]
    assert rows[38][3] == "7.8186e-312"  # a float of 9 digits
    assert rows[3][1:] == ["1.66667e26", "0", "0"]
    told = json.loads(invoke("--dim", "1000000000", "--max-degree", "84", "--json")[1])["degrees"]
    assert math.copysign(1, told[84]["coefficient"]) == -1
    assert math.copysign(1, told[83]["coefficient"]) == 1


@pytest.mark.parametrize(
    ("count", "shown"),
    [(10**18 - 1, "999999999999999999"), (10**18, "1.00000e18"), (10**19 - 1, "1.00000e19")],
)
def test_long_multiplicities_are_rounded(count: int, shown: str) -> None:
    assert _count(count) == shown


def test_digits_out_of_reach_are_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ("--activation", "erf", "--dim", "1" + 400 * "0", "--max-degree", "1")
    code, out, err = invoke(*asked)
    assert (code, err) == (0, "")
    assert "1.1284e-400" in out
    monkeypatch.setattr(functions, "_confluent_series", lambda *_: functions.nan())
    code, out, err = invoke(*asked)
    assert (code, out) == (3, "")
    assert err.startswith("w2s: undecided: ")
    assert err.count("\n") == 1


def test_json() -> None:
    code, out, err = invoke("--max-degree", "200", "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert list(found) == ["activation", "measure", "dim", "degrees"]
    assert (found["activation"], found["measure"], found["dim"]) == ("relu", "sphere", 32)
    assert [row["degree"] for row in found["degrees"]] == list(range(201))
    for row in found["degrees"]:
        keys = ["degree", "multiplicity", "coefficient", "eigenvalue", "log_eigenvalue"]
        assert list(row) == keys
        # A square of float64 numbers and its rounding.
        assert row["eigenvalue"] == pytest.approx(row["coefficient"] ** 2, rel=1e-12)
    trace = sum(row["multiplicity"] * row["eigenvalue"] for row in found["degrees"])
    # Above degree 200 lambda_k N_k falls like k^-4, from 1e-6 of the trace.
    assert trace == pytest.approx(1 / 64, rel=1e-5)
    assert "-0.0" not in out.replace("-0.00", "")


def test_certified_json_holds_the_true_values() -> None:
    found = json.loads(invoke("--dim", "5", "--max-degree", "6", "--digits", "50", "--json")[1])
    with mpmath.workdps(70):
        for row in found["degrees"]:
            k = row["degree"]
            # a_k = c_d int t P_k(t) (1-t^2) dt, d = 5: C_k^{3/2}(t)/C_k^{3/2}(1), c_5 = 3/4.
            weight = mpmath.mpf(3) / 4
            exact = weight * mpmath.quad(
                lambda t, k=k: (
                    t * (1 - t * t) * mpmath.gegenbauer(k, 1.5, t) / mpmath.gegenbauer(k, 1.5, 1)
                ),
                [0, 1],
            )
            for name, value in (("coefficient", exact), ("eigenvalue", exact**2)):
                ball = row[name]
                assert ball["digits"] == 50
                gap = abs(mpmath.mpf(ball["mid"]) - value)
                assert gap <= mpmath.mpf(ball["rad"]) + mpmath.mpf(10) ** -62


def test_gaussian_measure() -> None:
    found = json.loads(invoke("--measure", "gaussian", "--max-degree", "4", "--json")[1])
    assert found["dim"] is None
    assert {row["multiplicity"] for row in found["degrees"]} == {1}
    assert found["degrees"][0]["coefficient"] == pytest.approx((2 * mpmath.pi) ** -0.5, rel=1e-14)
    assert found["degrees"][1]["coefficient"] == 0.5


@pytest.mark.parametrize("name", ["step", "relu2", "relu3", "abs", "linear", "cos", "tanh"])
def test_other_activations(name: str) -> None:
    floats = table("--activation", name, "--dim", "4", "--max-degree", "4")
    balls = table("--activation", name, "--dim", "4", "--max-degree", "4", "--digits", "20")
    for row, ball in zip(floats, balls, strict=True):
        assert float(row[2]) == pytest.approx(float(ball[2]), rel=1e-13, abs=1e-300)


def test_multiplicities_of_any_length() -> None:
    code, out, _ = invoke("--dim", "1000000", "--max-degree", "1400", "--json")
    assert code == 0
    longest = json.loads(out, parse_int=str)["degrees"][-1]["multiplicity"]
    assert len(longest) > 4300


@pytest.mark.parametrize("measure", ["sphere", "gaussian"])
def test_latex(measure: str) -> None:
    code, out, err = invoke("--latex", "--measure", measure)
    assert (code, err) == (0, "")
    assert out.count("{") == out.count("}")
    letter = "a" if measure == "sphere" else "h"
    assert rf"{letter}_{{2m+1}} &= 0 && (m \ge 1)" in out
    assert (r"a_{1} &= \frac{1}{2 d}" in out) == (measure == "sphere")


@pytest.mark.parametrize("activation", ["relu", "cos"])
def test_plot(tmp_path: Path, activation: str) -> None:
    file = tmp_path / "spectrum.png"
    code, out, err = invoke("--max-degree", "60", "--activation", activation, "--plot", str(file))
    assert (code, out) == (0, "")
    # What a logarithmic axis has no place for is said, not dropped in silence.
    assert err.startswith("left out of the drawing: degree 0, lambda_0 = ")
    assert ("29 degrees whose eigenvalue is zero, the first 3" in err) == (activation == "relu")
    assert file.read_bytes().startswith(b"\x89PNG")
    assert file.stat().st_size > OUT_OF_MATPLOTLIB


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--dim", "1"], "dim must be an integer >= 2, got 1"),
        (["--max-degree", "-1"], "--max-degree must be an integer in 0..1000000000, got -1"),
        (["--activation", "rellu"], "got 'rellu'; did you mean relu"),
        (["--digits", "0"], "digits must be an integer >= 1, got 0"),
        (["--measure", "gauss"], "measure must be sphere or gaussian, got 'gauss'"),
        (["--plot", "nowhere/spectrum.png"], "existing folder, got 'nowhere/spectrum.png'"),
        (["--plot", "spectrum.doc"], "plot must be a .png, .pdf, .svg file"),
        (["--plot", "/proc/spectrum.png"], "/proc/spectrum.png"),
        (["--latex", "--json"], "only one of --latex, --json and --plot"),
        (["--latex", "--digits", "9"], "--digits goes with --json or the table"),
        (["--latex", "--activation", "tanh"], "must have a closed form for LaTeX, got tanh"),
    ],
    ids=str,
)
def test_bad_input_is_one_line(arguments: list[str], message: str) -> None:
    code, out, err = invoke(*arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1
