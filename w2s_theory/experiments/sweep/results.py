"""What a store says: rows narrowed, aggregated, compared and written."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from w2s_theory.experiments.sweep.store import NUMBERS
from w2s_theory.statistics import median_interval, power_law
from w2s_theory.text.files import replace_files

StoredRow: TypeAlias = dict[str, object]
GRID = ("model", "activation", "dim", "teacher_width", "student_width", "target", "rule")
_MEASURED = ("teacher_loss", "student_loss", "stopping_time", "pgr", "floor", "kappa")
_LOSSES = ("teacher_loss", "student_loss")
ERROR_RATE = 0.05
FEWEST = 4
"""Draws at each width that a bootstrap needs to say anything."""
_FORMATS = (".csv", ".parquet", ".json")


def narrowed(rows: Sequence[StoredRow], where: Sequence[str]) -> list[StoredRow]:
    """The rows that have all of `where`, each "column=value". ValueError for another column."""
    wanted = []
    for condition in where:
        name, equals, value = condition.partition("=")
        if not equals or name not in (*GRID, "draw"):
            known = ", ".join((*GRID, "draw"))
            raise ValueError(f"--where must be one of {known}, = and a value, got {condition!r}")
        wanted.append((name, value))
    return [row for row in rows if all(str(row[name]) == value for name, value in wanted)]


def medians(rows: Sequence[StoredRow]) -> list[StoredRow]:
    """A row for each point of the grid: medians over draws, [low, high] at 95 percent.

    The interval is distribution-free, and None where there are too few draws for one (under 6).
    """
    groups: dict[tuple[object, ...], list[StoredRow]] = {}
    for row in rows:
        groups.setdefault(tuple(row[name] for name in GRID), []).append(row)
    found: list[StoredRow] = []
    for point, members in groups.items():
        line: StoredRow = dict(zip(GRID, point, strict=True)) | {"draws": len(members)}
        for name in _MEASURED:
            values = [float(str(m[name])) for m in members if m[name] is not None]
            line[name] = _median(values)
            line[f"{name}_low"], line[f"{name}_high"] = _ends(values)
        found.append(line)
    return found


def exponents(rows: Sequence[StoredRow]) -> list[StoredRow]:
    """A row for each point of the grid but the teacher's width: L_ST ~ constant L_TE^exponent.

    Fitted over widths and draws, [low, high] by bootstrap at 95 percent. The exponent is None where
    all teachers lose the same, the interval where a width has fewer than `FEWEST` draws.
    """
    found: list[StoredRow] = []
    for point, members in series(rows).items():
        widths = [int(str(m["teacher_width"])) for m in members]
        line: StoredRow = dict(point) | {"draws": len(members), "widths": len(set(widths))}
        try:
            teacher, student = ([float(str(m[name])) for m in members] for name in _LOSSES)
            law = power_law(teacher, student, widths, error_rate=ERROR_RATE)
        except ValueError:
            line |= dict.fromkeys(("exponent", "exponent_low", "exponent_high", "constant"))
        else:
            enough = min(Counter(widths).values()) >= FEWEST
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
    for row in rows:
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
    """Cells of both that have other numbers, and cells of one only, by their key."""
    one, two = ({row["cell"]: row for row in rows} for rows in (ours, theirs))
    numbers = [name for name in NUMBERS if name != "seconds"]
    lines = [f"{key}: only in the first" for key in one if key not in two]
    lines += [f"{key}: only in the second" for key in two if key not in one]
    for key in (key for key in one if key in two):
        other = [name for name in numbers if one[key][name] != two[key][name]]
        lines += [f"{key}: {name} {one[key][name]!r}, {two[key][name]!r}" for name in other]
    return lines


def table(rows: Sequence[StoredRow]) -> list[list[str]]:
    """Header and cells for a terminal."""
    hidden = ("cell", "code", "teacher_error", "student_error", "ceiling", "seconds")
    names = [name for name in rows[0] if name not in hidden]
    return [names, *([_shown(row[name]) for name in names] for row in rows)]


def _shown(value: object) -> str:
    return "" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)


def write(rows: Sequence[StoredRow], out: Path) -> None:
    """The rows as CSV, JSON or Parquet, by the name's ending; the file is whole or not there."""
    if out.suffix not in _FORMATS:
        raise ValueError(f"--out must end in {', '.join(_FORMATS)}, got {out}")
    if out.suffix == ".parquet":
        data = _parquet(rows)
    elif out.suffix == ".json":
        data = json.dumps({"rows": list(rows)}, indent=1).encode()
    else:
        text = io.StringIO()
        writer = csv.DictWriter(text, list(rows[0]) if rows else [])
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
    columns = {name: [row[name] for row in rows] for name in (rows[0] if rows else ())}
    # Widths are numbers or "inf": one column, one type.
    columns |= {n: [str(x) for x in columns[n]] for n in ("student_width",) if n in columns}
    buffer = io.BytesIO()
    parquet.write_table(pyarrow.table(columns), buffer)
    return buffer.getvalue()
