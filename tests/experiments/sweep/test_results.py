"""What a store says: no cell twice, no two things in one group, nothing compared with nothing."""

from dataclasses import replace
from pathlib import Path

import pytest

from w2s_theory.experiments.sweep.grid import SweepCell
from w2s_theory.experiments.sweep.results import (
    StoredRow,
    differences,
    distinct,
    exponents,
    heading,
    medians,
    narrowed,
    series,
    table,
)
from w2s_theory.experiments.sweep.store import NUMBERS, Result, Store

CELL = SweepCell(
    model="linear", dim=8, teacher_width=4, student_width=64, target="", rule="flow", draw=0,
    seed=7, activation="", psi=0.1,
)  # fmt: skip


def rows(tmp_path: Path, *cells: SweepCell, code: str = "old", **numbers: float) -> list[StoredRow]:
    """The rows of a store of these cells; the loss says which."""
    store = Store(tmp_path / f"{len(list(tmp_path.iterdir()))}.db")
    for place, cell in enumerate(cells, 1):
        found = dict.fromkeys(NUMBERS, 0.5) | {"teacher_loss": place / 100} | numbers
        store.add([Result(f"{place}{code}", cell, found)], code)
    return store.rows()


def draws(count: int, **changes: object) -> list[SweepCell]:
    return [replace(CELL, draw=draw, **changes) for draw in range(count)]


@pytest.mark.parametrize("change", [{"psi": 0.2}, {"top": 2}, {"seed": 8}, {"dim": 9}])
def test_a_median_mixes_nothing(change: dict[str, object], tmp_path: Path) -> None:
    found = medians(rows(tmp_path, *draws(3), *draws(3, **change)))
    assert [row["teacher_loss"] for row in found] == [0.02, 0.05]
    assert [row["draws"] for row in found] == [3, 3]


def test_versions_of_the_code_are_not_mixed(tmp_path: Path) -> None:
    both = rows(tmp_path, *draws(2)) + rows(tmp_path, *draws(2), code="new")
    assert [(row["code"], row["draws"]) for row in medians(both)] == [("old", 2), ("new", 2)]
    assert len(exponents(both)) == len(series(both)) == 2
    assert [row["code"] for row in narrowed(both, ["code = ne"])] == ["new", "new"]


def test_a_cell_that_was_run_in_other_company_counts_once(tmp_path: Path) -> None:
    again = rows(tmp_path, *draws(2), *draws(4))
    assert len(again) == 6
    assert len(distinct(again)) == 4
    assert [row["draws"] for row in medians(again)] == [4]
    assert differences(again, again) == []


@pytest.mark.parametrize("count", [2, 4, 8])
def test_one_width_has_an_exponent_without_an_interval(count: int, tmp_path: Path) -> None:
    (line,) = exponents(rows(tmp_path, *draws(count)))
    assert (line["exponent"], line["exponent_low"]) == (pytest.approx(0, abs=1e-12), None)


def test_what_is_undefined_in_a_draw_has_no_median(tmp_path: Path) -> None:
    found = rows(tmp_path, *draws(8))
    found[3]["pgr"] = None
    (line,) = medians(found)
    assert (line["pgr"], line["pgr_low"], line["kappa"]) == (None, None, 0.5)


def test_versions_are_compared_cell_by_cell(tmp_path: Path) -> None:
    old, new = rows(tmp_path, *draws(2)), rows(tmp_path, *draws(3), code="new")
    assert differences(old, new) == ["1 cells only in the second"]
    new[1]["pgr"] = 0.25
    first, _ = differences(old, new)
    assert first.startswith("model=linear, activation=, dim=8, teacher_width=4, student_width=64")
    assert first.endswith("psi=0.1, seed=7, draw=1: pgr 0.5, 0.25")
    with pytest.raises(ValueError, match="some cell of the first"):
        differences(old, rows(tmp_path, *draws(2, seed=8)))
    with pytest.raises(ValueError, match="one version of the code"):
        differences(old, [*old, *new])


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("dim=9", "leaves no row: dim is 8"),
        ("dim=", "leaves no row: dim is 8"),
        ("dim", "must be one of model"),
        ("teacher_loss=1", "must be one of model"),
        ("code=", "leaves no row: code is old"),
    ],
)
def test_conditions_that_say_nothing(condition: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=message):
        narrowed(rows(tmp_path, *draws(2)), [condition])
    assert narrowed([], ["dim=9"]) == []


def test_a_table_shows_what_differs_to_the_digits_of_its_error(tmp_path: Path) -> None:
    found = rows(tmp_path, *draws(2), student_loss=1.23456, student_error=0.002)
    assert "psi 0.1, seed 7, code old" in heading(found)
    assert table(found[:1]) == [
        ["draw", "teacher_loss", "student_loss", "stopping_time", "pgr", "floor", "kappa"],
        ["0", "< 0.6", "1.23", "0.5", "0.5", "0.5", "0.5"],
    ]
    (_, line) = table(medians(rows(tmp_path, *draws(6))))
    assert line[:3] == ["6", "0.035 (0.010 to 0.060)", "0.5"]
