"""Results as tables, dictionaries, CSV and data frames."""

import csv
import io
import json
import sys
import types

import numpy as np
import pytest

import w2s_theory as w2s
from w2s_theory.models.linear_gaussian import LinearGaussian
from w2s_theory.text.tabular import SHOWN, Tabular


class Two(Tabular):
    def columns(self):
        return {"n": np.arange(SHOWN + 2), "x<y": np.linspace(0, 1, SHOWN + 2)}

    def title(self):
        return "a & b"


def test_it_shows_itself_in_short_and_leaves_whole():
    assert repr(Two()) == "<a & b>"
    html = Two()._repr_html_()
    assert "<p>a &amp; b</p>" in html
    assert "<th>x&lt;y</th>" in html
    assert html.count("<tr>") == SHOWN + 1
    assert "and 2 more rows" in html
    assert json.loads(json.dumps(Two().as_dict()))["n"] == list(range(SHOWN + 2))


def test_csv_keeps_every_digit(tmp_path):
    text = Two().to_csv(tmp_path / "two.csv")
    assert (tmp_path / "two.csv").read_text() == text
    head, *rows = csv.reader(io.StringIO(text))
    assert head == ["n", "x<y"]
    assert [float(row[1]) for row in rows] == Two().columns()["x<y"].tolist()


@pytest.mark.parametrize("installed", [("pandas", "polars"), ("polars",), ()], ids=str)
def test_a_frame_is_made_by_what_is_installed(monkeypatch, installed):
    for name in ("pandas", "polars"):
        module = types.ModuleType(name)
        module.DataFrame = lambda table, by=name: (by, table)
        monkeypatch.setitem(sys.modules, name, module if name in installed else None)
    found = Two().to_frame()
    if installed:
        assert found == (installed[0], Two().as_dict())
    else:
        assert isinstance(found["n"], np.ndarray)


def test_simulations_and_spectra_are_tables():
    run = w2s.simulate(dim=5, teacher_width=8, draws=2, target="network:4")
    assert repr(run).startswith("<simulation, draws: 2, mean L_TE 0.")
    assert len(repr(run)) < 100
    assert run.as_dict()["teacher_loss"] == run.teacher_loss.tolist()
    assert run._repr_html_().count("<tr>") == 3
    assert f"<td>{run.shown()['student_loss'][0]}</td>" in run._repr_html_()
    spectrum = w2s.spectrum("t*erf(t)", dim=3, max_degree=4)
    assert repr(spectrum) == "<spectrum on the sphere, d = 3, degrees 0 to 4>"
    assert spectrum.as_dict()["multiplicity"] == [1, 3, 5, 7, 9]
    assert spectrum.to_csv().splitlines()[2].startswith("1,3.0,0.0,0.0,")
    assert repr(w2s.spectrum(measure="gaussian")).startswith("<spectrum for the Gaussian")
    with pytest.raises(ValueError, match="dim does not apply to the gaussian measure, got 3"):
        w2s.spectrum(dim=3, measure="gaussian")


def test_a_model_of_ones_own_is_simulated():
    model = LinearGaussian([1.0, 0.1], [1, 30])
    run = w2s.simulate(model, target=model.target(np.eye(31)[0]), teacher_width=6, draws=2)
    assert (run.floor <= run.student_loss).all()
    assert w2s.models.check_model(model).not_run == ("energies", "overlaps", "system", "expansion")
    with pytest.raises(ValueError, match="target must be given for a model of your own"):
        w2s.simulate(model)
    with pytest.raises(ValueError, match="psi does not apply to your own model, which takes targ"):
        w2s.simulate(model, target=1, psi=0.1)
