"""The tables of the documents: each says which command made it, and comes from a store."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from benchmarks import evidence_tables, simulation_tables
from benchmarks.pages import ROOT, Table, write
from benchmarks.simulation_tables import (
    GRIDS,
    INTERVALS,
    Source,
    floor_table,
    median,
    tables,
    upper,
)
from w2s_theory import __version__
from w2s_theory.experiments.sweep.grid import code_version, read_plan
from w2s_theory.experiments.sweep.store import Store

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
MARKED = re.compile(r"<!-- table: (\w+) -->\n(.*?)<!-- end: \1 -->", re.DOTALL)
BLOCK = re.compile(r"(?:^\|.*\n)+", re.MULTILINE)
NUMBER = re.compile(r"^[~<>]?\s*-?\d[\d,]*(\.\d+)?(e-?\d+)?\b")
SPAN = re.compile(r"`([^`\n]+)`|^ {4}(\S.*)$", re.MULTILINE)
GRID = """
[sweep]
model = "relu"
dim = 3
teacher_width = [4, 6]
student_width = "inf"
draws = 6
"""


def measured(block: str) -> bool:
    """Whether half of some column's cells begin with a number."""
    header, _, *body = ([c.strip() for c in line.split("|")[1:-1]] for line in block.splitlines())
    shares = (
        sum(bool(NUMBER.match(row[place].replace("`", ""))) for row in body) / len(body)
        for place in range(len(header))
    )
    return max(shares) >= 0.5


def commands(text: str) -> Iterator[str]:
    """The commands in backticks or indented: `w2s ...`, `make ...`, or a script of benchmarks."""
    scripts = {path.stem for path in (ROOT / "benchmarks").glob("*.py")}
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    for spans in SPAN.findall(text):
        words = "".join(spans).removeprefix("python ").removeprefix("-m ").split()
        script = words[0].removesuffix(".py").removeprefix("benchmarks.")
        if words[0] == "w2s" or (words[0] == "make" and words[1] in targets):
            yield " ".join(words[:2])
        elif script.removeprefix("benchmarks/") in scripts:
            yield words[0]


def unnamed(page: str) -> list[str]:
    """The headers of tables with numbers that no command is named for, in them or around them.

    Around: after the last heading or table, and in the paragraph that follows.
    """
    found, start = [], 0
    for block in BLOCK.finditer(page):
        before = re.split(r"^#+ .*$", page[start : block.start()], flags=re.MULTILINE)[-1]
        after = page[block.end() :].lstrip("\n").partition("\n\n")[0]
        if measured(block[0]) and not any(commands(before + block[0] + after)):
            found.append(block[0].partition("\n")[0])
        start = block.end()
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_table_of_numbers_names_what_made_it(page: Path) -> None:
    assert unnamed(page.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "# `w2s results` before a heading\n\n## Then\n\n{}",
        "`w2s results`\n\n| a |\n|---|\n{}{}",
    ],
)
def test_a_table_without_a_command_is_found(around: str) -> None:
    table = "| a | b |\n|---|---|\n| x | 0.5 |\n| y | 1e-3 (1e-4 to 2e-3) |\n"
    assert unnamed(around.replace("{}{}", f"| x |\n\n{table}").replace("{}", table)) == [
        "| a | b |"
    ]
    for name in ("`no_such_script.py`", "benchmarks/power.py", "`make nothing`"):
        assert unnamed(f"{table}\n{name}\n") == ["| a | b |"]
    for name in (
        "`power.py`",
        "`python -m benchmarks.power --runs 3`",
        "`w2s audit`",
        "`make power`",
    ):
        assert unnamed(f"{table}\nMade by {name}.\n") == []
    assert unnamed("| a | b |\n|---|---|\n| x | it has 3 gaps |\n") == []


def test_every_marked_table_has_a_writer_and_every_writer_its_marks() -> None:
    marked = {
        (name, page.relative_to(ROOT).as_posix())
        for page in PAGES
        for name, _ in MARKED.findall(page.read_text("utf-8"))
    }
    written = {(name, page) for name, (page, _) in simulation_tables.TABLES.items()}
    evidence = {(name, page) for name, page in marked if page == evidence_tables.PAGE}
    assert marked == written | evidence
    assert all(
        body.strip() for page in PAGES for _, body in MARKED.findall(page.read_text("utf-8"))
    )


@pytest.mark.parametrize("grid", sorted(GRIDS.glob("*.toml")), ids=lambda path: path.stem)
def test_a_grid_is_whole_and_belongs_to_a_table(grid: Path) -> None:
    assert read_plan(grid.read_text("utf-8")).cells > 0
    assert grid.stem.partition("-")[0] in simulation_tables.TABLES


def test_a_small_grid_becomes_the_text_of_a_page(tmp_path: Path) -> None:
    (tmp_path / "floor.toml").write_text(GRID)
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- table: floor -->\nold\n<!-- end: floor -->\nafter\n")
    store = tmp_path / "s.db"

    def written() -> str:
        source = Source(Store(store), tmp_path)
        write([Table("floor", "page.md", partial(floor_table, source))], tmp_path)
        return page.read_text("utf-8")

    first = written()
    made = f"seed 0, w2s_theory {__version__}, code {code_version()[:8]}: {INTERVALS}."
    assert first == TEXT.replace("MADE", made)
    with closing(sqlite3.connect(store)) as db, db:  # another number there is another number here
        db.execute("UPDATE cells SET student_loss = 0.9 WHERE teacher_width = 6")
    second = written()
    changed = [b for a, b in zip(first.splitlines(), second.splitlines(), strict=True) if a != b]
    assert len(changed) == 1
    assert changed[0].startswith("| 3 | 6 |")
    assert "| 0.9000 (0.8999 to 0.9001) |" in changed[0]


def test_a_table_that_is_none_and_a_grid_that_is_none_are_refused(tmp_path: Path) -> None:
    source = Source(Store(tmp_path / "s.db"), tmp_path)
    with pytest.raises(ValueError, match=r"table must be one of floor, .*got nothing"):
        tables(source, ["nothing"])
    with pytest.raises(ValueError, match=r"got floor.toml"):
        source.rows("floor")


def test_a_document_is_computed_once(tmp_path: Path) -> None:
    source, calls = Source(Store(tmp_path / "s.db"), tmp_path), []
    for seed in (1, 1, 2):
        assert source.kept({"seed": seed}, lambda: calls.append(0) or [0.1 + 0.2]) == [0.1 + 0.2]
    assert len(calls) == 2


def test_bounds_are_rounded_up_and_intervals_hold_the_errors() -> None:
    import numpy as np

    assert (upper(1.0801e-4), upper(0.2399)) == ("1.09e-4", "0.240")
    values = np.arange(1.0, 8.0)
    assert (median(values), median(values, 0.5)) == ("4 (1 to 7)", "4 (0.5 to 7.5)")


TEXT = """\
before
<!-- table: floor -->
| d | teacher width | L_TE | best L_ST | best L_ST / floor | smallest |
| --: | --: | --- | --- | --- | --- |
| 3 | 4 | 0.36 (0.23 to 0.53) | 0.28 (0.11 to 0.40) | 2.4 (1.8 to 3.3) | 1.89 |
| 3 | 6 | 0.17 (0.064 to 0.24) | 0.074 (0.018 to 0.13) | 3.2 (2.4 to 5.2) | 2.46 |

`python -m benchmarks.simulation_tables floor`, grid `docs/tables/floor.toml`, MADE
<!-- end: floor -->
after
"""
