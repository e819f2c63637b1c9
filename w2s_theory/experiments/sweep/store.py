"""Where a sweep's cells are kept: one SQLite file, a row a cell, written once.

A row's key says what the cell is and which code ran it, so two writers can only write the same
row, and what is there is never computed again. Write-ahead logging: a process that is killed
leaves whole rows or none.
"""

from __future__ import annotations

import json
import math
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from w2s_theory.experiments.sweep.grid import INFINITE, Job, SweepCell

VERSION = 2
_APPLICATION = 0x77327374
"""SQLite's application_id: "w2st"."""
_WAIT_MS = 60_000
NUMBERS = (
    "teacher_loss", "student_loss", "stopping_time", "pgr", "floor", "kappa",
    "teacher_error", "student_error", "ceiling", "seconds",
)  # fmt: skip
_MAY_LACK = ("pgr", "floor", "kappa", "stopping_time")
"""Undefined in some cells, not an error: no gap to recover, no floor, another rule than flow."""
_PLACE = (
    "model", "activation", "dim", "teacher_width", "student_width", "target", "rule", "draw",
)  # fmt: skip
_REST = ("top", "psi", "seed")
"""What else a cell is: in the content alone."""
_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS cells (
    key TEXT PRIMARY KEY, code TEXT NOT NULL, content TEXT NOT NULL,
    {", ".join(f"{name}" for name in _PLACE)},
    {", ".join(f"{name} REAL" for name in NUMBERS)}
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS failures (
    key TEXT PRIMARY KEY, content TEXT NOT NULL, error TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents (
    key TEXT PRIMARY KEY, code TEXT NOT NULL, content TEXT NOT NULL, text TEXT NOT NULL
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Result:
    """What a cell gave: numbers by name, of `NUMBERS`."""

    key: str
    cell: SweepCell
    numbers: Mapping[str, float]

    def __post_init__(self) -> None:
        """Refuse a number that is none where there must be one, and a teacher's loss not known."""
        for name in NUMBERS:
            value = self.numbers.get(name, math.nan)
            if not math.isfinite(value) and name not in _MAY_LACK:
                raise ValueError(f"cell must give a finite {name}, got {value}")
        if (error := self.numbers["teacher_error"]) > 1:
            raise ValueError(
                f"cell must know L_TE better than the target's energy 1, got +-{error:.2g}"
            )


class Store:
    """The file at `path`, made if absent unless `create` is False.

    Raises `ValueError` for a file that is damaged, of another program or of another version, and
    for a place that cannot be written; what it says names a way out.
    """

    def __init__(self, path: Path, *, create: bool = True) -> None:
        """Open and check the file."""
        self.path = path
        if not create and not path.exists():
            raise ValueError(f"--store must be an existing file, got {path}")
        if path.is_dir():
            raise ValueError(f"--store must be a file, got the folder {path}")
        if path.is_file() and not _may_be_sqlite(path):
            raise ValueError(f"--store must be a store of w2s sweep, got {path}, no SQLite file")
        with self._connected() as db:
            if create and self._is_new(db):
                db.execute("PRAGMA journal_mode = WAL")
                db.execute(f"PRAGMA application_id = {_APPLICATION}")
                db.execute(f"PRAGMA user_version = {VERSION}")
            self._check(db)
            if create:
                db.executescript(_SCHEMA)

    def _is_new(self, db: sqlite3.Connection) -> bool:
        """Whether nothing is in it, or only what a process wrote that was killed at making it."""
        tables = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        found = db.execute("PRAGMA application_id").fetchone()[0]
        version = db.execute("PRAGMA user_version").fetchone()[0]
        return tables == 0 and found in (0, _APPLICATION) and version == 0

    def _check(self, db: sqlite3.Connection) -> None:
        found = db.execute("PRAGMA application_id").fetchone()[0]
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if found != _APPLICATION:
            raise ValueError(f"--store must be a store of w2s sweep, got {self.path}")
        if version != VERSION:
            raise ValueError(
                f"--store must have version {VERSION}, got {version} in {self.path}: export it "
                "with the package that wrote it, or give another file"
            )
        if db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("the check found damaged pages")

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        """A connection for one transaction; SQLite's errors as one line."""
        try:
            with closing(self._opened()) as db:
                db.execute(f"PRAGMA busy_timeout = {_WAIT_MS}")
                # A kill of the process loses nothing; a power cut may lose last rows, no others.
                db.execute("PRAGMA synchronous = NORMAL")
                with db:
                    yield db
        except sqlite3.OperationalError as error:
            raise ValueError(f"--store {self.path} cannot be used: {error}") from error
        except sqlite3.DatabaseError as error:
            raise ValueError(
                f"--store {self.path} is damaged ({error}): `sqlite3 {self.path.name} .recover` "
                "saves what can be read, or give another file"
            ) from error

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep the file open: its log is not written back after each transaction."""
        with self._connected() as db:
            db.execute("SELECT count(*) FROM sqlite_master").fetchone()
            yield

    def _opened(self) -> sqlite3.Connection:
        """The file; in a folder that cannot be written, if no writer left a log, to read only."""
        log = self.path.with_name(f"{self.path.name}-wal")
        if os.access(self.path.absolute().parent, os.W_OK) or log.exists():
            return sqlite3.connect(self.path.absolute(), timeout=_WAIT_MS / 1000)
        return sqlite3.connect(f"{self.path.absolute().as_uri()}?immutable=1&mode=ro", uri=True)

    def known(self, keys: Iterable[str]) -> set[str]:
        """Those of `keys` that have a row."""
        wanted = list(keys)
        found: set[str] = set()
        with self._connected() as db:
            for start in range(0, len(wanted), 500):
                part = wanted[start : start + 500]
                marks = ",".join("?" * len(part))
                query = f"SELECT key FROM cells WHERE key IN ({marks})"
                found.update(row[0] for row in db.execute(query, part))
        return found

    def add(self, results: Sequence[Result], code: str) -> None:
        """Write the rows of one task, all or none; rows that are there stay as they are."""
        if not results:
            return
        rows = [
            (
                found.key,
                code,
                _content(found.cell),
                *(_place(found.cell, name) for name in _PLACE),
                *(_kept(found.numbers.get(name)) for name in NUMBERS),
            )
            for found in results
        ]
        marks = ",".join("?" * (3 + len(_PLACE) + len(NUMBERS)))
        with self._connected() as db:
            db.execute("BEGIN IMMEDIATE")
            db.executemany(f"INSERT OR IGNORE INTO cells VALUES ({marks})", rows)
            db.executemany("DELETE FROM failures WHERE key = ?", [(row[0],) for row in rows])

    def fail(self, jobs: Sequence[tuple[Job, str]]) -> None:
        """Remember that the cells of jobs failed, and why; the next run tries them again."""
        rows = [
            (key, _content(cell), error)
            for job, error in jobs
            for key, cell in zip(job.keys, job.cells, strict=True)
        ]
        if not rows:
            return
        with self._connected() as db:
            db.executemany("INSERT OR REPLACE INTO failures VALUES (?, ?, ?)", rows)

    def document(self, key: str) -> str | None:
        """The text that was kept under `key`, None if there is none."""
        with self._connected() as db:
            row = db.execute("SELECT text FROM documents WHERE key = ?", [key]).fetchone()
        return None if row is None else str(row[0])

    def keep(self, key: str, code: str, content: Mapping[str, object], text: str) -> None:
        """Keep a text of what is not one cell; one that is there stays as it is."""
        row = key, code, json.dumps(content, sort_keys=True), text
        with self._connected() as db:
            db.execute("INSERT OR IGNORE INTO documents VALUES (?, ?, ?, ?)", row)

    def rows(self) -> list[dict[str, object]]:
        """Every cell, ordered by its place in the grid; numbers as floats, None where undefined."""
        names = ("key", "code", *_PLACE, *_REST, *NUMBERS)
        rest = (f"json_extract(content, '$.{name}')" for name in _REST)
        query = f"SELECT key, code, {', '.join((*_PLACE, *rest, *NUMBERS))} FROM cells"
        with self._connected() as db:
            ordered = db.execute(f"{query} ORDER BY {', '.join((*_PLACE, 'key'))}")
            found = [dict(zip(names, row, strict=True)) for row in ordered]
        return [{"cell" if k == "key" else k: v for k, v in row.items()} for row in found]

    def failures(self) -> list[tuple[str, str]]:
        """Content and error of every cell that failed last."""
        with self._connected() as db:
            return list(db.execute("SELECT content, error FROM failures ORDER BY content"))


def _content(cell: SweepCell) -> str:
    return json.dumps(cell.content, sort_keys=True)


def _may_be_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(6) in (b"", b"SQLite")


def _place(cell: SweepCell, name: str) -> object:
    value = getattr(cell, name)
    return INFINITE if name == "student_width" and value is None else value


def _kept(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else value
