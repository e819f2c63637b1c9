"""Figures 1 to 6: data, theory over it, legible drawings, files that appear whole."""

import csv
import json
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from typer.testing import CliRunner

from w2s_theory.cli import app
from w2s_theory.experiments.figures import drawn_cells, figure1, figure2, make, style
from w2s_theory.experiments.figures.fits import fit, stated_exponent
from w2s_theory.experiments.figures.scale import FULL, QUICK, Scale
from w2s_theory.experiments.networks import relu_runs
from w2s_theory.experiments.sweep.store import Store
from w2s_theory.models.parallel import silent
from w2s_theory.text import files
from w2s_theory.theorems.floors import shrinkage_floor
from w2s_theory.theorems.linear_law import student_losses

RUNNER = CliRunner()
TINY = Scale(
    name="tiny", widths=(6, 12, 24), draws=3, student=256, dims=(4, 6), ablation=(64, 128, 256)
)
DOCUMENTS = Path(__file__).parents[2] / "docs" / "figures"
STARTS = {"pdf": b"%PDF", "png": b"\x89PNG", "svg": b"<?xml"}


def invoke(*arguments):
    result = RUNNER.invoke(app, ["figure", *map(str, arguments)])
    return result.exit_code, result.stdout, result.stderr


def read(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def drawn():
    """Every figure, drawn at a tiny scale."""
    with style.styled():
        return {number: make.drawing(number, TINY) for number in make.NUMBERS}


@pytest.mark.parametrize(
    ("number", "kind"), [*((n, "pdf") for n in make.NUMBERS), (1, "svg"), (2, "svg"), (2, "png")]
)
def test_files(number, kind, drawn, tmp_path, monkeypatch):
    monkeypatch.setattr(make, "drawing", lambda n, scale, progress, store: drawn[n])
    out = tmp_path / "new" / "folder"
    written = make.make(number, TINY, out, kind=kind)
    assert sorted(path.name for path in out.iterdir()) == sorted(path.name for path in written)
    assert (out / f"figure{number}.{kind}").read_bytes().startswith(STARTS[kind])
    rows = read(out / f"figure{number}.csv")
    assert {row["figure"] for row in rows} == {str(number)}
    assert all(value not in ("", "nan", "inf") for row in rows for value in row.values())


@pytest.mark.parametrize("number", [2, 3, 4, 5, 6])
def test_every_draw_is_above_the_floor_and_named(number, drawn):
    tables = drawn[number].tables
    assert sorted(tables) == ["", "curves", "fits"]
    dims = (32,) if number == 2 else TINY.dims
    linear, several = number in (3, 6), number in (5, 6)
    students = TINY.ablation if several else (TINY.student,)
    cells = len(TINY.widths) * len(students) * (1 if linear else len(dims))
    assert len(tables[""]) == cells * TINY.draws
    for row in tables[""]:
        assert row["best_student_loss"] >= row["floor"] - 1e-6
        assert row["floor"] == pytest.approx(float(shrinkage_floor(row["teacher_loss"])), rel=1e-12)
        assert row["model"] == ("linear" if linear else "relu")
    assert len(tables["fits"]) == cells / len(TINY.widths)
    for row in tables["fits"]:
        assert row["low"] < row["exponent"] < row["high"]
        assert row["confidence"] == 0.95


@pytest.mark.parametrize("kind", list(style.Format))
def test_the_same_data_give_the_same_file(kind):
    cells = drawn_cells.relu_cells(4, (6, 12), (64,), 2, silent)
    with style.styled():
        one, two = (style.rendered(figure2.draw(cells).figure, kind) for _ in range(2))
    assert one == two


@pytest.mark.parametrize("number", make.NUMBERS)
def test_labels_do_not_overlap(number, drawn):
    figure = drawn[number].figure
    FigureCanvasAgg(figure)
    with style.styled():
        figure.draw_without_rendering()
    renderer = figure.canvas.get_renderer()
    legends = [a.get_legend() for a in figure.axes if a.get_legend()]
    page = figure.bbox
    for legend in legends:
        box = legend.get_window_extent(renderer)
        assert page.x0 - 1 <= box.x0
        assert box.x1 <= page.x1 + 1
        assert page.y0 - 1 <= box.y0
        others = [a for a in figure.axes if a.axison and a is not legend.axes]
        assert not any(box.overlaps(a.get_window_extent(renderer)) for a in others)
    for one, two in pairwise(legends):
        assert not one.get_window_extent(renderer).overlaps(two.get_window_extent(renderer))
    for axes in figure.axes:
        if axes.axison:
            assert axes.get_xlabel()
            for axis in (axes.xaxis, axes.yaxis):
                low, high = sorted(axis.get_view_interval())
                ticks = [
                    t.label1.get_window_extent(renderer)
                    for t in axis.get_major_ticks()
                    if t.label1.get_text() and low <= t.get_loc() <= high
                ]
                assert not any(a.overlaps(b) for a, b in pairwise(ticks))
                assert all(not t.label1.get_text() for t in axis.get_minor_ticks())


MARKS = {
    **dict.fromkeys((2, 3, 4), ("draws, range", "draws", "band", "grey below")),
    **dict.fromkeys((5, 6), ("draws (full: means)", "band", "grey below")),
    7: ("middle half of the draws", "deterministic equivalent"),
}


@pytest.mark.parametrize("number", MARKS)
def test_every_pale_mark_is_in_a_legend_and_in_the_caption(number, drawn):
    legends = [axes.get_legend() for axes in drawn[number].figure.axes if axes.get_legend()]
    said = "; ".join(text.get_text() for legend in legends for text in legend.get_texts())
    assert all(mark in said for mark in MARKS[number])
    caption = make.caption(number)
    assert "draws" in caption or "same marks" in caption


def words(svg):
    """What is written in a figure, but for numbers, which are those of its scale."""
    return {text for text in re.findall(r"<!-- (.+?) -->", svg) if not re.search(r"\d", text)}


@pytest.mark.parametrize("path", sorted(DOCUMENTS.glob("figure*.svg")), ids=lambda path: path.stem)
def test_the_documents_show_figures_as_they_are_drawn_now(path, drawn):
    figure = drawn[int(path.stem.removeprefix("figure"))].figure
    with style.styled():
        now = style.rendered(figure, style.Format.SVG).decode()
    assert len(words(now)) > 3
    assert words(path.read_text()) == words(now), "make regenerate"


def test_legends_say_what_is_drawn(drawn):
    for number in (2, 3, 4, 5, 6):
        said = " ".join(
            text.get_text()
            for axes in drawn[number].figure.axes
            if axes.get_legend()
            for text in axes.get_legend().get_texts()
        )
        assert "floor (Theorem 4.1)" in said
        assert "universality" in said
        exponents = [f"{row['exponent']:.2f} [" for row in drawn[number].tables["fits"]]
        assert all(exponent in said for exponent in exponents)
    assert "proven exponent 1.456" in " ".join(
        text.get_text() for text in drawn[2].figure.axes[-1].get_legend().get_texts()
    )
    assert "econstructed" in drawn[6].figure.get_suptitle()
    assert make.NUMBERS == (1, 2, 3, 4, 5, 6, 7)
    assert make.caption(6).startswith("Reconstructed")


def test_the_plane_of_figure_1_is_that_of_theorem_4_1():
    plane = figure1.compute(TINY, silent)
    floor = float(np.sum((plane.nearest - plane.target) ** 2))
    assert floor == pytest.approx(float(shrinkage_floor(figure1.TEACHER_LOSS)), rel=1e-14)
    assert np.sum((plane.teacher - plane.target) ** 2) == pytest.approx(
        figure1.TEACHER_LOSS, rel=1e-14
    )
    inside = np.sum((plane.path - plane.teacher / 2) ** 2, axis=1)
    assert inside.max() <= np.sum((plane.teacher / 2) ** 2) * (1 + 1e-12)
    assert np.allclose(plane.path[-1], plane.teacher)


@pytest.mark.parametrize("number", [5, 6])
def test_a_figure_from_a_store_costs_what_is_new(number, drawn, tmp_path, monkeypatch):
    scale = replace(TINY, widths=TINY.widths[:2], dims=(4,))
    store = Store(tmp_path / "s.db")
    with style.styled():
        first = make.drawing(number, scale, silent, store)
        assert first.tables == make.drawing(number, scale, silent).tables
        monkeypatch.setattr(drawn_cells, "finite_students", None)
        monkeypatch.setattr(drawn_cells, "fit_teachers", None)
        again = make.drawing(number, scale, silent, Store(tmp_path / "s.db"))
        assert again.tables == first.tables
        assert style.rendered(again.figure, "svg") == style.rendered(first.figure, "svg")
        with pytest.raises(TypeError, match="NoneType"):  # other draws are not there
            make.drawing(number, replace(scale, draws=2), silent, store)


def test_what_is_shared_between_figures_is_computed_once(tmp_path, monkeypatch):
    store = Store(tmp_path / "s.db")
    scale = replace(TINY, widths=(6, 12), dims=(32,))
    with style.styled():
        make.drawing(2, scale, silent, store)
        monkeypatch.setattr(drawn_cells, "finite_students", None)
        make.drawing(4, scale, silent, store)


def test_figures_without_cells_have_no_store(tmp_path):
    for number in (1, 7):
        code, _, err = invoke(number, "--out", tmp_path, "--store", tmp_path / "s.db")
        assert code == 2
        assert f"not for {number}" in err


def test_teachers_are_those_of_the_networks():
    sweep_cells = drawn_cells.relu_cells(4, (6,), (64,), 2, silent)
    runs = list(relu_runs(4, (6,), 2, seed=drawn_cells.SEED))
    assert sweep_cells[0].teacher_loss.tolist() == [run.teacher.loss for run in runs]


def test_a_wide_linear_student_is_the_infinite_one():
    (cell,) = drawn_cells.linear_cells((8,), (20000,), 2, silent)
    psi = int(8**1.5) ** (-2 / 3)
    exact = student_losses(cell.teacher_loss, psi, cell.clock)
    # Eigenvalues of a Wishart matrix of 23 dimensions and 20000 draws: within about 7 percent.
    assert np.max(np.abs(cell.curves - exact)) < 0.05
    assert np.all(cell.student_loss <= exact.min(axis=1) * 1.2)


def test_stated_exponents(drawn):
    relu, linear = (
        drawn_cells.relu_cells(32, (4, 8), (32,), 2, silent),
        drawn_cells.linear_cells((4, 8), (32,), 2, silent),
    )
    assert stated_exponent(relu[0]) == pytest.approx(1 + 31 / (2 * 34), rel=1e-14)
    assert stated_exponent(linear[0]) == 2
    assert fit(relu, "x").law.exponent.draws == 4


def test_full_is_the_papers_scale():
    assert FULL.student == 16384
    assert FULL.dims == (16, 32, 64)
    assert (min(FULL.widths), max(FULL.widths)) == (16, 256)
    assert max(FULL.ablation) < FULL.student
    assert QUICK.student < FULL.student


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["8"], "figure must be one of 1, 2, 3, 4, 5, 6, 7"),
        (["0"], "figure must be one of"),
        (["two"], "figure must be one of"),
        (["1", "--format", "gif"], "format must be png, svg or pdf"),
        (["1", "--quick", "--full"], "only one of"),
        (["1", "--out", "/dev/null"], "must be a directory"),
        (["1", "--out", "/dev/null/below"], "must be writable"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(arguments, message):
    code, out, err = invoke(*arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert len(err.strip().splitlines()) == 1


def test_the_command(tmp_path):
    code, out, _ = invoke(1, "--out", tmp_path, "--format", "svg", "--json")
    assert code == 0
    found = json.loads(out)
    assert found["files"] == [str(tmp_path / "figure1.svg"), str(tmp_path / "figure1.csv")]
    (tmp_path / "of any program").touch()
    modes = {path.stat().st_mode for path in tmp_path.iterdir()}
    assert len(modes) == 1


def test_a_full_disk_changes_nothing(tmp_path, monkeypatch):
    (tmp_path / "figure1.csv").write_text("old")

    def refuse(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "chmod", refuse)
    with pytest.raises(OSError, match="No space"):
        make.make(1, TINY, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["figure1.csv"]
    assert (tmp_path / "figure1.csv").read_text() == "old"


def test_figure_7_is_of_both_targets_and_measures_what_it_draws(drawn):
    rows = drawn[7].tables[""]
    assert len(rows) == 4 * 2 * len(TINY.widths) * 5 * TINY.draws
    for row in rows:
        assert 0 < row["teacher_loss"] < 1
        assert 0 < row["predicted_teacher_loss"] < 1
    widest = [r for r in rows if (r["dim"], r["degree"], r["teacher_width"]) == (2, 1, 24)]
    predicted = widest[0]["predicted_teacher_loss"]
    assert np.median([row["teacher_loss"] for row in widest]) < predicted
