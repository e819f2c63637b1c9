"""Input of `w2s diagnose`: every format gives the same figures, and bad input is one clear line."""

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
import pytest
from pyarrow import parquet
from typer.testing import CliRunner

from w2s_theory.cli import app
from w2s_theory.diagnose import sources
from w2s_theory.diagnose.diagnosis import diagnose, diagnose_file
from w2s_theory.diagnose.roles import Patterns

RUNNER = CliRunner()
RNG = np.random.default_rng(7)
X = RNG.standard_normal((300, 3, 2))
TARGET, TEACHER, STUDENT = X[:, 0], X[:, 0] + 0.5 * X[:, 1], 0.8 * X[:, 0] + 0.1 * X[:, 2]
VECTORS = {"target": TARGET, "teacher": TEACHER, "student": STUDENT}
COLUMNS = {f"{role}_{k}": values[:, k] for role, values in VECTORS.items() for k in (0, 1)}
STARS = Patterns(target="target_*", teacher="teacher_*", student="student_*")


def structured():
    found = np.zeros(300, dtype=[(role, float, 2) for role in VECTORS])
    for role, values in VECTORS.items():
        found[role] = values
    return found


def folder(path):
    path.mkdir()
    for role, values in VECTORS.items():
        np.save(path / f"{role}.npy", values)


def lists(path):
    table = pa.table({role: list(values) for role, values in VECTORS.items()})
    parquet.write_table(table, path)


def fixed_lists(path):
    arrays = [pa.FixedSizeListArray.from_arrays(values.ravel(), 2) for values in VECTORS.values()]
    parquet.write_table(pa.table(arrays, names=list(VECTORS)), path, row_group_size=77)


@pytest.mark.parametrize(
    ("name", "write", "patterns"),
    [
        ("d.csv", lambda p: arrow_csv.write_csv(pa.table(COLUMNS), p), STARS),
        ("d.parquet", lambda p: parquet.write_table(pa.table(COLUMNS), p), STARS),
        ("lists.parquet", lists, Patterns()),
        ("fixed.parquet", fixed_lists, Patterns()),
        ("d.npz", lambda p: np.savez(p, **VECTORS), Patterns()),
        ("columns.npz", lambda p: np.savez_compressed(p, **COLUMNS), STARS),
        ("d.npy", lambda p: np.save(p, structured()), Patterns()),
        ("folder", folder, Patterns()),
    ],
)
def test_every_format_gives_the_figures_of_the_arrays(name, write, patterns, tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "ROWS", 64)
    write(tmp_path / name)
    assert diagnose_file(tmp_path / name, patterns=patterns) == diagnose(TARGET, TEACHER, STUDENT)


class Frame:
    """As pandas and polars have it: names, and columns that become arrays."""

    def __init__(self, columns):
        self._columns = columns
        self.columns = [name for name, _ in columns]

    def __getitem__(self, name):
        return dict(self._columns)[name]


def test_frames_and_mappings_are_read_without_their_libraries():
    expected = diagnose(TARGET, TEACHER, STUDENT)
    assert diagnose_file(Frame(list(COLUMNS.items())), patterns=STARS) == expected
    assert diagnose_file(COLUMNS, patterns=STARS) == expected
    nullable = {name: values.astype(object) for name, values in COLUMNS.items()}
    assert diagnose_file(nullable, patterns=STARS) == expected


def bad(text):
    def write(path):
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    return write


HEADER = "target,teacher,student\n"
GOOD = "1,0.5,0.6\n-1,-0.6,-0.5\n0.5,0.3,0.2\n"
WIDE = ",".join(f"c{k}" for k in range(10**6)) + "\n" + "1," * (10**6 - 1) + "1\n"


def array(**columns):
    return lambda path: np.savez(path, **columns)


ONES, MIXED = np.ones(4), np.array([1.0, 2, 3, 5])
BAD = [
    ("missing column", "a.csv", bad("target,teacher\n1,2\n"), "student: no column 'student'"),
    ("duplicate column", "a.csv", bad("target,teacher,student,target\n1,2,3,4\n"), "twice"),
    ("ragged", "a.csv", bad(HEADER + "1,2\n"), "Expected 3 columns, got 2"),
    ("strings", "a.csv", bad(HEADER + GOOD + "1,abc,2\n"), "teacher: conversion error to double"),
    ("NaN", "a.csv", bad(HEADER + GOOD + ",1,2\n1,inf,1\n"), "2 of 5 rows have NaN, infinite"),
    ("huge", "a.csv", bad(HEADER + GOOD + "1e200,1,2\n"), "1 of 4 rows have NaN, infinite or huge"),
    ("constant", "a.csv", bad(HEADER + "1,2,3\n1,3,4\n1,5,6\n"), "target must vary"),
    ("zero teacher", "a.csv", bad(HEADER + "1,0,3\n2,0,4\n"), "teacher must not be 0 in every"),
    ("the teacher", "a.csv", bad(HEADER + "1,1,3\n2,2,4\n"), "teacher must not be the target"),
    ("empty", "a.csv", bad(""), "a.csv is empty"),
    ("semicolons", "a.csv", bad("target;teacher;student\n1;2;3\n"), "must have commas between"),
    ("spaces", "a.csv", bad("target, teacher\n1,2\n"), "there are 'target', ' teacher'"),
    ("blank", "a.csv", bad("\n"), "there are no columns"),
    ("no rows", "a.csv", bad(HEADER), "data must have rows, got none"),
    ("one row", "a.csv", bad(HEADER + "1,2,3\n"), "target must vary"),
    ("wide", "a.csv", bad(WIDE), "a.csv has 1000000 columns, at most 100000 are read"),
    ("binary", "a.csv", bad(b"\xff\xfe\x00\x01" * 99), "a.csv is not CSV in UTF-8"),
    ("not UTF-8", "a.csv", bad(HEADER.encode() + b"1,2,\xff\n"), "a.csv is not CSV in UTF-8"),
    ("kind", "a.txt", bad("x"), "the file's ending must be .csv, .parquet, .npz or .npy"),
    ("absent", "b.csv", lambda path: None, "no such file"),
    ("no parquet", "a.parquet", bad("nonsense"), "a.parquet: "),
    ("empty parquet", "a.parquet", bad(""), "a.parquet is empty"),
    ("no archive", "a.npz", bad("nonsense"), "a.npz is no .npz archive"),
    ("truncated", "a.npz", bad(b"PK\x03\x04 nonsense"), "a.npz is no .npz archive"),
    ("no array", "a.npy", bad("nonsense"), "a.npy: "),
    ("plain", "a.npy", lambda p: np.save(p, X), "must be a structured array with fields"),
    ("folder", "empty", lambda p: p.mkdir(), "a folder must hold .npy files"),
    (
        "lengths",
        "a.npz",
        array(target=MIXED, teacher=ONES[:3], student=ONES),
        "columns must have one length, got target 4, teacher 3, student 4",
    ),
    (
        "text",
        "a.npz",
        array(target=MIXED, teacher=ONES, student=np.array(list("abcd"))),
        "student must be real numbers, got text",
    ),
    (
        "complex",
        "a.npz",
        array(target=MIXED, teacher=ONES, student=1j * ONES),
        "student must be real numbers, got complex numbers",
    ),
    (
        "objects",
        "a.npz",
        array(target=MIXED, teacher=ONES, student=np.array([None] * 4)),
        "student must be real numbers, got objects",
    ),
    (
        "3-d",
        "a.npz",
        array(target=np.ones((4, 2, 2)), teacher=ONES, student=ONES),
        "target must have shape (rows,) or (rows, outputs), got (4, 2, 2)",
    ),
    (
        "outputs",
        "a.npz",
        array(target=np.eye(4), teacher=ONES, student=np.eye(4)),
        "teacher must have as many outputs as the target, 4, got 1",
    ),
]


@pytest.mark.parametrize(
    ("name", "write", "message"), [case[1:] for case in BAD], ids=[case[0] for case in BAD]
)
def test_bad_input_is_one_line_and_exit_2(name, write, message, tmp_path):
    write(tmp_path / name)
    result = RUNNER.invoke(app, ["diagnose", str(tmp_path / name), "--json"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def same_figures(found, expected):
    """Up to rounding: the number of rows at a time changes it."""
    for name, number in expected.run.as_dict().items():
        got = found.run.as_dict()[name]
        assert (got is None) == (number is None), name
        for end in number or ():
            assert got[end] == (number[end] and pytest.approx(number[end], rel=1e-9)), name


def test_rows_that_are_not_finite_are_dropped_on_request_and_counted():
    spoilt = TARGET.copy()
    spoilt[3, 1], spoilt[9, 0] = np.nan, -np.inf
    with pytest.raises(ValueError, match="2 of 300 rows have NaN"):
        diagnose(spoilt, TEACHER, STUDENT)
    found = diagnose(spoilt, TEACHER, STUDENT, drop=True)
    kept = np.delete(np.arange(300), [3, 9])
    expected = diagnose(TARGET[kept], TEACHER[kept], STUDENT[kept])
    assert (found.examples, found.dropped) == (298, 2)
    same_figures(found, expected)
    assert "2 rows with values that are not finite were dropped" in found.reasons
    with pytest.raises(ValueError, match="data must have rows, got none but 300 dropped"):
        diagnose(np.full(300, np.nan), TARGET[:, 0], STUDENT[:, 0], drop=True)


def test_a_parquet_column_of_text_is_refused(tmp_path):
    table = pa.table({"target": [1.0, 2.0], "teacher": ["a", "b"], "student": [1, 2]})
    parquet.write_table(table, tmp_path / "a.parquet")
    with pytest.raises(ValueError, match="teacher must be real numbers, got string"):
        diagnose_file(tmp_path / "a.parquet")


def test_lists_of_different_lengths_are_refused(tmp_path):
    columns = {role: [[1.0, 2.0], [3.0]] for role in VECTORS}
    parquet.write_table(pa.table(columns), tmp_path / "a.parquet")
    with pytest.raises(ValueError, match="target must hold lists of one length"):
        diagnose_file(tmp_path / "a.parquet")


@pytest.mark.parametrize("fixed", [True, False])
@pytest.mark.parametrize("place", [0, 7])
def test_a_list_that_is_missing_is_a_row_to_drop(fixed, place, tmp_path):
    rows = {role: values.tolist() for role, values in VECTORS.items()}
    rows["student"][place] = None
    kind = pa.list_(pa.float64(), 2) if fixed else pa.list_(pa.float64())
    table = pa.table({role: pa.array(values, kind) for role, values in rows.items()})
    parquet.write_table(table, tmp_path / "a.parquet")
    with pytest.raises(ValueError, match="1 of 300 rows have NaN"):
        diagnose_file(tmp_path / "a.parquet")
    kept = np.delete(np.arange(300), place)
    found = diagnose_file(tmp_path / "a.parquet", drop=True)
    expected = diagnose(TARGET[kept], TEACHER[kept], STUDENT[kept])
    assert found.dropped == 1
    same_figures(found, expected)


def test_lists_without_numbers_are_refused(tmp_path):
    empty = pa.array([[], []], pa.list_(pa.float64()))
    parquet.write_table(pa.table(dict.fromkeys(VECTORS, empty)), tmp_path / "a.parquet")
    with pytest.raises(ValueError, match="target must hold lists of numbers, got empty ones"):
        diagnose_file(tmp_path / "a.parquet")


def test_integers_beyond_the_floats_are_rounded_as_numpy_rounds_them(tmp_path):
    columns = {role: (1e18 * values[:, 0]).astype(np.int64) for role, values in VECTORS.items()}
    parquet.write_table(pa.table(columns), tmp_path / "a.parquet")
    assert diagnose_file(tmp_path / "a.parquet") == diagnose_file(columns)
    with pytest.raises(ValueError, match="student must be real numbers, got objects"):
        diagnose(TARGET[:3, 0], TEACHER[:3, 0], [10**400, 1, 2])


def test_what_is_masked_is_missing():
    masked = np.ma.masked_array(STUDENT[:, 0], np.arange(300) == 5)
    found = diagnose(TARGET[:, 0], TEACHER[:, 0], masked, drop=True)
    kept = np.delete(np.arange(300), 5)
    expected = diagnose(TARGET[kept, 0], TEACHER[kept, 0], STUDENT[kept, 0])
    assert found.dropped == 1
    same_figures(found, expected)


def test_wide_rows_are_read_fewer_at_a_time(monkeypatch):
    monkeypatch.setattr(sources, "NUMBERS", 60)
    pieces = list(sources.Arrays(VECTORS).pieces(tuple(VECTORS), None))
    assert [len(piece["target"]) for piece in pieces] == [10] * 30
    assert sources.rows_of(10**9) == 1


def test_checkpoints_of_one_name_and_weights_of_two_columns_are_refused():
    columns = TARGET[:, 0], TEACHER[:, 0]
    with pytest.raises(ValueError, match=r"must name each checkpoint differently, got \[1, '1'\]"):
        diagnose(*columns, {1: STUDENT[:, 0], "1": STUDENT[:, 0]})
    for role in ("weights", "groups"):
        with pytest.raises(ValueError, match=f"{role} must be one a row, got 2"):
            diagnose(*columns, STUDENT[:, 0], **{role: np.ones((300, 2))})
    tall = diagnose(*columns, STUDENT[:, 0], weights=np.ones((300, 1)))
    assert tall == diagnose(*columns, STUDENT[:, 0])


def test_frames_with_one_name_twice_are_refused():
    columns = [*COLUMNS.items(), ("target_0", TARGET[:, 1])]
    with pytest.raises(ValueError, match="got 'target_0' twice"):
        diagnose_file(Frame(columns), patterns=STARS)
    with pytest.raises(ValueError, match="data must be a path, a frame or arrays by name"):
        diagnose_file(3)


def test_without_pyarrow_a_csv_says_what_to_install(tmp_path, monkeypatch):
    import sys

    bad(HEADER + GOOD)(tmp_path / "a.csv")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ValueError, match=r"needs pyarrow: pip install 'w2s_theory\[files\]'"):
        diagnose_file(tmp_path / "a.csv")


def test_numbers_of_any_type_are_read_as_float64():
    whole = np.round(10 * X).astype(np.int8)
    columns = (whole[:, 0], whole[:, 0] + whole[:, 1], whole[:, 2])
    expected = diagnose(*(c.astype(float) for c in columns))
    assert diagnose(*columns) == expected
    assert diagnose(*(c.astype(np.float32) for c in columns)) == expected
    unsigned = (whole[:, 0] > 0, whole[:, 1].astype(np.uint8), whole[:, 2] > 1)
    assert diagnose(*unsigned) == diagnose(*(c.astype(float) for c in unsigned))
