"""Draw one figure and write it with the tables behind it, whole or not at all."""

from __future__ import annotations

import csv
import os
import pkgutil
from importlib import import_module
from inspect import signature
from io import StringIO
from pathlib import Path
from types import ModuleType

from w2s_theory.arguments import choice
from w2s_theory.experiments import figures
from w2s_theory.experiments.figures import style
from w2s_theory.experiments.figures.drawing import Drawing, Rows
from w2s_theory.experiments.figures.scale import Scale
from w2s_theory.experiments.sweep.store import Store
from w2s_theory.models.parallel import Progress, silent
from w2s_theory.text.files import replace_files

_NAMES = (module.name.removeprefix("figure") for module in pkgutil.iter_modules(figures.__path__))
NUMBERS = tuple(sorted(int(name) for name in _NAMES if name.isdecimal()))
"""Every module `figureN` beside this one is a figure: it has `CAPTION`, `compute` and `draw`."""


def check(number: int, kind: str, out: Path) -> None:
    """Raise `ValueError` for an unknown figure or format, or a directory that cannot be written."""
    if isinstance(number, bool) or number not in NUMBERS:
        raise ValueError(f"figure must be one of {', '.join(map(str, NUMBERS))}, got {number}")
    choice("format", kind, style.Format)
    if out.exists() and not out.is_dir():
        raise ValueError(f"output directory must be a directory, got {out}")
    parent = Path(os.path.abspath(out))
    while not parent.exists():
        parent = parent.parent
    if not parent.is_dir() or not os.access(parent, os.W_OK | os.X_OK):
        raise ValueError(f"output directory must be writable, got {out}")


def caption(number: int) -> str:
    """What figure `number` shows, in the prose of the ledger."""
    found: str = _module(number).CAPTION
    return found


def _module(number: int) -> ModuleType:
    return import_module(f"{figures.__name__}.figure{number}")


def drawing(
    number: int, scale: Scale, progress: Progress = silent, store: Store | None = None
) -> Drawing:
    """Compute and draw figure `number`; the caller sets the style.

    Its cells come from `store`, or go there. ValueError for a figure without cells.
    """
    module = _module(number)
    if store is None:
        computed = module.compute(scale, progress)
    elif "store" in signature(module.compute).parameters:
        computed = module.compute(scale, progress, store)
    else:
        raise ValueError(f"--store is for figures of teachers and students, not for {number}")
    found: Drawing = module.draw(computed)
    return found


def make(
    number: int,
    scale: Scale,
    out: Path,
    *,
    kind: str = style.Format.PDF,
    progress: Progress = silent,
    store: Store | None = None,
) -> list[Path]:
    """Write `figureN.<kind>`, `figureN.csv` and, where there are any, `-curves` and `-fits` CSVs.

    Files of the same name are replaced; others in `out` are left alone. What `store` holds is not
    computed again. Raises `ValueError` as `check` and `drawing` do.
    """
    check(number, kind, out)
    with style.styled():
        found = drawing(number, scale, progress, store)
        files: dict[str, bytes] = {
            f"figure{number}.{kind}": style.rendered(found.figure, style.Format(kind))
        }
    for suffix, rows in found.tables.items():
        name = f"figure{number}-{suffix}.csv" if suffix else f"figure{number}.csv"
        files[name] = csv_text(rows).encode("utf-8")
    out.mkdir(parents=True, exist_ok=True)
    replace_files(out, files)
    return [out / name for name in files]


def csv_text(rows: Rows) -> str:
    """A CSV file: header, one row a mapping, floats in full precision."""
    buffer = StringIO()
    writer = csv.DictWriter(buffer, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()
