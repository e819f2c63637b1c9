"""What a store says: rows narrowed, aggregated, compared and written."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np

from w2s_theory.experiments.sweep.grid import code_version
from w2s_theory.experiments.sweep.store import NUMBERS
from w2s_theory.statistics import median_interval, power_law
from w2s_theory.text.files import replace_files
from w2s_theory.text.with_error import with_error, with_interval

StoredRow: TypeAlias = dict[str, object]
GRID = (
    "model", "activation", "dim", "teacher_width", "student_width", "target", "rule",
    "top", "psi", "seed", "code",
)  # fmt: skip
"""What tells cells apart but for their draw: other seeds draw other targets, other code may err."""
_MEASURED = ("teacher_loss", "student_loss", "stopping_time", "pgr", "floor", "kappa")
_LOSSES = ("teacher_loss", "student_loss")
ERROR_RATE = 0.05
FEWEST = 4
"""Draws at each width that a bootstrap needs to say anything."""
_FORMATS = (".csv", ".parquet", ".json")


def narrowed(rows: Sequence[StoredRow], where: Sequence[str]) -> list[StoredRow]:
    """The rows that have all of `where`, each "column=value"; of a code its first letters do.

    ValueError for another column, and for a condition that leaves nothing of what there is.
    """
    left = list(rows)
    for condition in where:
        name, equals, value = condition.replace(" ", "").partition("=")
        if not equals or name not in (*GRID, "draw"):
            known = ", ".join((*GRID, "draw"))
            raise ValueError(f"--where must be one of {known}, = and a value, got {condition!r}")
        short = len(value) if name == "code" and value else None
        found = [row for row in left if str(row[name])[:short] == value]
        if left and not found:
            there = ", ".join(dict.fromkeys(str(row[name]) for row in left))
            raise ValueError(f"--where {condition!r} leaves no row: {name} is {there}")
        left = found
    return left


def distinct(rows: Sequence[StoredRow]) -> list[StoredRow]:
    """The rows, of those that say the same cell the first.

    The teachers of a finite student are run together, and run again together with more.
    """
    found: dict[tuple[object, ...], StoredRow] = {}
    for row in rows:
        found.setdefault(tuple(row[name] for name in (*GRID, "draw")), row)
    return list(found.values())


def medians(rows: Sequence[StoredRow]) -> list[StoredRow]:
    """A row for each point of the grid: medians over draws, [low, high] at 95 percent.

    The interval is distribution-free, and None where there are too few draws for one (under 6). Of
    what is undefined in some draws (PGR without a gap) there is no median.
    """
    groups: dict[tuple[object, ...], list[StoredRow]] = {}
    for row in distinct(rows):
        groups.setdefault(tuple(row[name] for name in GRID), []).append(row)
    found: list[StoredRow] = []
    for point, members in groups.items():
        line: StoredRow = dict(zip(GRID, point, strict=True)) | {"draws": len(members)}
        for name in _MEASURED:
            defined = all(m[name] is not None for m in members)
            values = [float(str(m[name])) for m in members] if defined else []
            line[name] = _median(values)
            line[f"{name}_low"], line[f"{name}_high"] = _ends(values)
        found.append(line)
    return found


def exponents(rows: Sequence[StoredRow]) -> list[StoredRow]:
    """A row for each point of the grid but the teacher's width: L_ST ~ constant L_TE^exponent.

    Fitted over widths and draws, [low, high] by bootstrap at 95 percent. The exponent is None where
    all teachers lose the same, the interval where there is one width or one of too few draws.
    """
    found: list[StoredRow] = []
    for point, members in series(rows).items():
        widths = [int(str(m["teacher_width"])) for m in members]
        line: StoredRow = dict(point) | {"draws": len(members), "widths": len(set(widths))}
        try:
            teacher, student = ([float(str(m[name])) for m in members] for name in _LOSSES)
            with np.errstate(divide="ignore", invalid="ignore"):  # resamples of one draw alone
                law = power_law(teacher, student, widths, error_rate=ERROR_RATE)
        except ValueError:
            line |= dict.fromkeys(("exponent", "exponent_low", "exponent_high", "constant"))
        else:
            enough = min(Counter(widths).values()) >= FEWEST and len(set(widths)) > 1
            line["exponent"] = law.exponent.estimate
            line["exponent_low"] = law.exponent.low if enough else None
            line["exponent_high"] = law.exponent.high if enough else None
            line["constant"] = law.constant
        found.append(line)
    return found


def series(rows: Sequence[StoredRow]) -> dict[tuple[tuple[str, object], ...], list[StoredRow]]:
    """The rows by their place in the grid but for the teacher's width."""
    names = [name for name in GRID if name != "teacher_width"]
    groups: dict[tuple[tuple[str, object], ...], list[StoredRow]] = {}
    for row in distinct(rows):
        groups.setdefault(tuple((name, row[name]) for name in names), []).append(row)
    return groups


def _median(values: Sequence[float]) -> float | None:
    from statistics import median

    return median(values) if values else None


def _ends(values: Sequence[float]) -> tuple[float | None, float | None]:
    try:
        interval = median_interval(values, error_rate=ERROR_RATE)
    except ValueError:
        return None, None
    return interval.low, interval.high


def differences(ours: Sequence[StoredRow], theirs: Sequence[StoredRow]) -> list[str]:
    """Cells of both, by what they are, that have other numbers, and how many are of one only.

    Which code made them is left out: versions may be compared. ValueError where no cell is of both,
    and where one store has a cell by several versions.
    """
    one, two = _by_content(ours), _by_content(theirs)
    common = [key for key in one if key in two]
    if not common:
        raise ValueError("--against must be a store with some cell of the first, got none")
    lines = [
        f"{key}: {name} {one[key][name]!r}, {two[key][name]!r}"
        for key in common
        for name in NUMBERS
        if name != "seconds" and one[key][name] != two[key][name]
    ]
    for place, count in (("first", len(one)), ("second", len(two))):
        if count > len(common):
            lines.append(f"{count - len(common)} cells only in the {place}")
    return lines


def _by_content(rows: Sequence[StoredRow]) -> dict[str, StoredRow]:
    found: dict[str, StoredRow] = {}
    for row in distinct(rows):
        names = (name for name in (*GRID, "draw") if name != "code" and row[name] is not None)
        key = ", ".join(f"{name}={row[name]}" for name in names)
        if key in found:
            raise ValueError(
                f"--against needs one version of the code in a store, got two of {key}"
            )
        found[key] = row
    return found


def heading(rows: Sequence[StoredRow]) -> str:
    """What all rows have in common, as "column value"; what goes without saying is left out."""
    said = {name: rows[0].get(name) for name in GRID if name not in _varying(rows)}
    if said.get("code") == code_version():
        del said["code"]
    if said.get("psi", 0) is None:
        said |= {"top": None}  # of the linear model
    return ", ".join(f"{name} {_shown(name, v)}" for name, v in said.items() if v is not None)


def table(rows: Sequence[StoredRow]) -> list[list[str]]:
    """Header and cells for a terminal: what differs, to the digits that its interval supports."""
    hidden = {"cell", "teacher_error", "student_error", "ceiling", "seconds"}
    hidden |= set(GRID) - set(_varying(rows))
    ends = {f"{name}_{end}" for name in rows[0] for end in ("low", "high")}
    names = [name for name in rows[0] if name not in hidden | ends]
    return [names, *([_cell(row, name) for name in names] for row in rows)]


def _varying(rows: Sequence[StoredRow]) -> list[str]:
    return [name for name in GRID if name in rows[0] and len({row[name] for row in rows}) > 1]


def _cell(row: StoredRow, name: str) -> str:
    """A number with its interval, or its error, or as it is."""
    value, error = row[name], row.get(name.replace("loss", "error"))
    low, high = row.get(f"{name}_low"), row.get(f"{name}_high")
    if isinstance(value, float) and isinstance(low, float) and isinstance(high, float):
        return with_interval(value, low, high)
    if name in _LOSSES and isinstance(value, float) and isinstance(error, float):
        return with_error(value, error)
    return _shown(name, value)


def _shown(name: str, value: object) -> str:
    if name == "code":
        return str(value)[:8]
    return "" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)


def write(rows: Sequence[StoredRow], out: Path) -> None:
    """The rows as CSV, JSON or Parquet, by the name's ending; the file is whole or not there."""
    if out.suffix not in _FORMATS:
        raise ValueError(f"--out must end in {', '.join(_FORMATS)}, got {out}")
    if not rows:
        raise ValueError(f"--out must have rows to write, got none for {out}")
    if out.suffix == ".parquet":
        data = _parquet(rows)
    elif out.suffix == ".json":
        data = json.dumps({"rows": list(rows)}, indent=1).encode()
    else:
        text = io.StringIO()
        writer = csv.DictWriter(text, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        data = text.getvalue().encode()
    replace_files(out.parent, {out.name: data})


def _parquet(rows: Sequence[StoredRow]) -> bytes:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise ValueError("--out .parquet needs pyarrow: pip install 'w2s_theory[files]'") from error
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    # Widths are numbers or "inf": one column, one type.
    columns |= {n: [str(x) for x in columns[n]] for n in ("student_width",) if n in columns}
    buffer = io.BytesIO()
    parquet.write_table(pyarrow.table(columns), buffer)
    return buffer.getvalue()
