"""Drift between audits, the audit that the repository keeps, and the command."""

import copy
import json
from fractions import Fraction

import pytest
from typer.testing import CliRunner

from w2s_theory.audit import layout
from w2s_theory.audit.compare import ball, drift, read
from w2s_theory.audit.evaluate import audit
from w2s_theory.cli import app
from w2s_theory.regression.stored import project_root
from w2s_theory.text.inline_math import prose_latex

RUNNER = CliRunner()
KEPT = project_root() / "audit.json"
DESIGN_KEYS = ["id", "latex", "exact", "enclosure", "sharpness", "statements", "evidence"]


def invoke(*arguments):
    result = RUNNER.invoke(app, ["audit", *arguments])
    return result.exit_code, result.stdout, result.stderr


def changed(change):
    found = copy.deepcopy(audit())
    change(found["constants"])
    return found


def set_mid(rows, mid):
    rows[0]["enclosure"]["mid"] = mid


DRIFTS = {
    "value": lambda rows: set_mid(rows, "0.750000000000000000000000000001"),
    "exact": lambda rows: rows[0].update(exact="0.75"),
    "sharpness": lambda rows: rows[0].update(sharpness="improvable"),
    "statements": lambda rows: rows[0]["statements"].pop(),
    "mutants": lambda rows: rows[0]["mutants"].pop(),
    "evidence": lambda rows: rows[0]["evidence"].append("formal"),
    "digits": lambda rows: rows[0]["enclosure"].update(digits=31),
    "removed": lambda rows: rows.pop(),
    "added": lambda rows: rows.append({**rows[0], "id": "new"}),
    "unknown key": lambda rows: rows[0].update(more=1),
}


@pytest.mark.parametrize("name", DRIFTS)
def test_every_change_is_drift(name, tmp_path):
    earlier = changed(DRIFTS[name])
    assert len(drift(earlier, audit())) == 1
    path = tmp_path / "earlier.json"
    path.write_text(json.dumps(earlier))
    code, out, _ = invoke("--against", str(path))
    assert code == 1
    assert "audit: 1 differences" in out


def test_overlapping_balls_are_no_drift():
    earlier = changed(lambda rows: rows[2]["enclosure"].update(rad="3.33e-31"))
    assert drift(earlier, audit()) == []


def test_the_kept_audit_has_not_drifted():
    assert drift(read(KEPT), audit()) == []
    code, out, _ = invoke("--against", str(KEPT))
    assert (code, out.count("\n")) == (0, 1)


def test_the_kept_table_is_made_by_the_code():
    page = (project_root() / "docs" / "audit.md").read_text("utf-8")
    assert "\n".join(layout.markdown(audit()["constants"])) + "\n" == page


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"constants": [1]}',
        '{"constants": [{"id": "a"}]}',
        '{"constants": [{"id": "a", "enclosure": {"mid": 1, "rad": "0"}}]}',
        '{"constants": [{"id": "a", "enclosure": {"mid": "1e99999999", "rad": "0"}}]}',
        '{"constants": [{"id": "a", "enclosure": {"mid": "nan", "rad": "0"}}]}',
        "[" * 100000,
    ],
)
def test_files_that_are_no_audit(content, tmp_path):
    path = tmp_path / "bad.json"
    path.write_text(content)
    code, out, err = invoke("--against", str(path))
    assert (code, out) == (2, "")
    assert "audit must be made by" in err


def test_json_keys_of_the_design():
    code, out, _ = invoke("--json")
    assert code == 0
    rows = json.loads(out)["constants"]
    assert rows
    assert all(set(DESIGN_KEYS) <= set(row) for row in rows)
    assert json.loads(out) == audit()


def test_fewer_digits_on_request():
    rows = json.loads(invoke("--json", "--digits", "5")[1])["constants"]
    assert {row["enclosure"]["digits"] for row in rows} == {5}


@pytest.mark.parametrize("option", ["--latex", "--markdown", ""])
def test_every_constant_is_in_every_table(option):
    code, out, _ = invoke(*([option] if option else []))
    assert code == 0
    for row in audit()["constants"]:
        assert (row["latex"] if option == "--latex" else row["id"]) in out
        improvable = option == "--latex" and row["sharpness"] == "improvable"
        said = row["remark" if improvable else "sharpness"]
        assert (prose_latex(said) if option == "--latex" else said) in out


@pytest.mark.parametrize(
    "arguments",
    [
        ("--json", "--latex"),
        ("--expr", "pi", "--latex"),
        ("--expr", "pi", "--against", "audit.json"),
        ("--against", "no/such/file.json"),
        ("--against", "audit.json", "--json"),
        ("--against", "audit.json", "--digits", "3"),
        ("--digits", "0"),
        ("--expr", "pi", "--digits", "0"),
        ("--expr", "pi", "--digits", "5000"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(arguments):
    code, out, err = invoke(*arguments)
    assert (code, out) == (2, "")
    assert len(err.strip().splitlines()) == 1


def test_expression_json():
    code, out, _ = invoke("--expr", "1 + (32-1)/(2*(32+2))", "--digits", "50", "--json")
    assert code == 0
    found = json.loads(out)
    assert found["enclosure"]["mid"].startswith("1.4558823529411764705882352941176470588235294")
    assert found["enclosure"]["digits"] >= 50
    assert r"\frac" in found["latex"]


def test_ends_of_an_enclosure_are_those_that_are_written():
    found = ball({"mid": "-1.25e-3", "rad": "2.5E-30", "digits": 27})
    assert found == (
        Fraction(-1, 800) - Fraction(5, 2 * 10**30),
        Fraction(5, 2 * 10**30) - Fraction(1, 800),
    )
    assert ball({"mid": "0.75", "rad": "0", "digits": 30}) == (Fraction(3, 4), Fraction(3, 4))
    assert ball({"mid": "1e9999", "rad": "0", "digits": 30})[0] == 10**9999
    for bad in ("1e10000", "1e-10000", "1" * 2001, 1):
        with pytest.raises(ValueError, match="enclosure must"):
            ball({"mid": bad, "rad": "0", "digits": 30})
