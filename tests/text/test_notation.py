"""A notation of one's own: what a file may say, and the macros made of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from w2s_theory.ledger.quantities import L_TE
from w2s_theory.text import notation


def written(folder: Path, text: str, name: str = "mine.toml") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_entries_of_a_file_take_the_place_of_the_packages(tmp_path: Path) -> None:
    for path in (written(tmp_path, "L_TE = 'W'"), written(tmp_path, '{"L_TE": "W"}', "mine.json")):
        mine, own = notation.load_notation(path), notation.load_notation()
        assert len(mine.entries) == len(own.entries)
        changed = [e for e, o in zip(mine.entries, own.entries, strict=True) if e != o]
        assert [(e.name, e.latex) for e in changed] == [("L_TE", "W")]
        assert mine.expanded(mine.latex(L_TE**2)) == "W^{2}"
        assert next(line for line in mine.definitions() if "{W}" in line).startswith(
            r"\newcommand{\wtsLTE}{W} "
        )


def test_names_of_macros_are_letters() -> None:
    assert notation.macro_name("R_0") == "wtsRZero"
    assert notation.macro_name("a_12.b") == "wtsAOneTwoB"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.toml", "#" * (notation._MOST_BYTES + 1), "must be a file of at most"),
        ("a.toml", "L_TE", "must be TOML or .json"),
        ("a.json", "L_TE = 'W'", "must be TOML or .json"),
        ("a.json", "[" * 10**5, "must be TOML or .json"),
        ("a.json", "[]", "must map names to LaTeX"),
        ("a.toml", "L_TF = 'W'", "must name known symbols, got 'L_TF'; did you mean L_TE"),
        ("a.toml", "L_TE = 3", "notation of L_TE must be LaTeX of 1..200 characters"),
        ("a.toml", "L_TE = ' '", "notation of L_TE must be LaTeX of 1..200 characters"),
        ("a.toml", f"L_TE = '{201 * 'x'}'", "notation of L_TE must be LaTeX of 1..200 characters"),
        ("a.toml", r"L_TE = '\nothing'", "notation of L_TE must be mathematics"),
    ],
)
def test_files_that_are_refused(tmp_path: Path, name: str, text: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        notation.load_notation(written(tmp_path, text, name))


def test_the_longest_that_is_taken(tmp_path: Path) -> None:
    path = written(tmp_path, f"L_TE = '{200 * 'x'}'")
    assert {e.name: e.latex for e in notation.load_notation(path).entries}["L_TE"] == 200 * "x"
    full = f"L_TE = 'W' #{(notation._MOST_BYTES - 12) * ' '}"
    assert len(full) == notation._MOST_BYTES
    assert notation.load_notation(written(tmp_path, full)).entries
