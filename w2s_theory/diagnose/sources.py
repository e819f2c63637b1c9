"""Where predictions come from: files, frames and arrays, read in pieces.

pyarrow reads CSV and Parquet, NumPy its own files; a frame is anything whose columns are
`frame[name]` and become arrays. Nothing is converted but numbers to float64.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol, TextIO, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from w2s_theory.arguments import choice
from w2s_theory.diagnose.kinds import FileKind

if TYPE_CHECKING:
    from pyarrow import Array as ArrowArray
    from pyarrow import ChunkedArray, RecordBatch, Schema

Piece: TypeAlias = "dict[str, NDArray[np.generic]]"

ROWS = 1 << 16
"""Rows of a piece at most,"""

NUMBERS = 1 << 21
"""and numbers: wide rows are read fewer at a time."""

MOST_COLUMNS = 100_000
"""A wider table has its examples in its columns."""

_BLOCK = 1 << 24
_LONGEST_HEADER = 1 << 26


class Table(Protocol):
    """A table: named columns, each a number or a vector a row."""

    @property
    def names(self) -> Sequence[str]:
        """All columns, in the table's order."""

    def width(self, name: str) -> int:
        """Numbers a row in this column."""

    def pieces(self, names: Sequence[str], text: str | None) -> Iterator[Piece]:
        """These columns in pieces of `rows_of` rows at most; ``text`` is one of any type."""


def rows_of(width: int) -> int:
    """Rows of a piece that is so many numbers wide."""
    return max(1, min(ROWS, NUMBERS // width))


@dataclass(frozen=True, slots=True)
class Arrays:
    """Arrays by name, of shape (rows,) or (rows, width)."""

    columns: Mapping[str, NDArray[np.generic]]

    @property
    def names(self) -> Sequence[str]:
        """All columns, in the table's order."""
        return tuple(self.columns)

    def width(self, name: str) -> int:
        """Numbers a row in this column."""
        shape = self.columns[name].shape
        if len(shape) not in (1, 2) or (len(shape) == 2 and shape[1] == 0):
            raise ValueError(f"{name} must have shape (rows,) or (rows, outputs), got {shape}")
        return 1 if len(shape) == 1 else int(shape[1])

    def pieces(self, names: Sequence[str], text: str | None) -> Iterator[Piece]:
        """Views of some rows. ValueError: unequal lengths, or what is not a number."""
        arrays = {
            name: self.columns[name] if name == text else _floats(self.columns[name])
            for name in names
        }
        lengths = {name: len(array) for name, array in arrays.items()}
        if len(set(lengths.values())) > 1:
            told = ", ".join(f"{name} {length}" for name, length in lengths.items())
            raise ValueError(f"columns must have one length, got {told}")
        for name, array in arrays.items():
            if name != text and array.dtype.kind not in "buif":
                raise ValueError(f"{name} must be real numbers, got {_kind(array)}")
        step = rows_of(sum(self.width(name) for name in names))
        for start in range(0, next(iter(lengths.values())), step):
            yield {name: array[start : start + step] for name, array in arrays.items()}


def _kind(array: NDArray[np.generic]) -> str:
    names = {"U": "text", "S": "text", "T": "text", "O": "objects", "c": "complex numbers"}
    return names.get(array.dtype.kind, str(array.dtype))


def array_column(name: str, values: ArrayLike) -> NDArray[np.generic]:
    """A column of a frame, or an array; masked values are missing. ValueError: none."""
    if isinstance(values, np.ma.MaskedArray) and values.mask.any():
        values = np.where(values.mask, np.nan, values.data)
    try:
        mixed = isinstance(values, list | tuple) and any(isinstance(v, str) for v in values)
        return np.asarray(values, dtype=object if mixed else None)  # text is no number's name
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be an array: {error}") from None


def _floats(column: NDArray[np.generic]) -> NDArray[np.generic]:
    """Objects that are all numbers (pandas' nullable columns: missing ones are NaN) as float64."""
    if column.dtype.kind == "O" and not any(isinstance(v, str | bytes) for v in column.flat):
        try:
            return column.astype(np.float64)
        except (OverflowError, TypeError, ValueError):
            pass
    return column


@dataclass(frozen=True, slots=True)
class ArrowTable:
    """A CSV or Parquet file, streamed by pyarrow."""

    path: Path
    kind: FileKind
    header: tuple[str, ...]
    schema: Schema | None = None

    @property
    def names(self) -> Sequence[str]:
        """All columns, in the table's order."""
        return self.header

    def width(self, name: str) -> int:
        """Numbers a row: 1 in a CSV, the length of the lists in a Parquet file."""
        import pyarrow as pa

        if self.schema is None:
            return 1
        kind = self.schema.field(name).type
        if pa.types.is_fixed_size_list(kind):
            return int(kind.list_size)
        if pa.types.is_list(kind) or pa.types.is_large_list(kind):
            from pyarrow import compute

            first = next(self._batches((name,), None, ROWS), None)
            lists = first is not None and compute.max(compute.list_value_length(first.column(0)))
            longest = lists.as_py() if lists else None
            if longest == 0:
                raise ValueError(f"{name} must hold lists of numbers, got empty ones")
            return longest or 1
        return 1

    def pieces(self, names: Sequence[str], text: str | None) -> Iterator[Piece]:
        """Record batches as arrays. ValueError: what pyarrow cannot read as numbers."""
        widths = {name: self.width(name) for name in names}
        step = rows_of(sum(widths.values()))
        for batch in self._batches(tuple(names), text, step):
            whole = {
                name: _numbers(name, batch.column(place), widths[name], text=name == text)
                for place, name in enumerate(names)
            }
            for start in range(0, batch.num_rows, step):
                yield {name: array[start : start + step] for name, array in whole.items()}

    def _batches(
        self, names: tuple[str, ...], text: str | None, rows: int
    ) -> Iterator[RecordBatch]:
        import pyarrow as pa

        try:
            if self.kind is FileKind.PARQUET:
                from pyarrow.parquet import ParquetFile

                with ParquetFile(self.path) as file:
                    for batch in file.iter_batches(columns=list(names), batch_size=rows):
                        yield batch.select(list(names))
                return
            from pyarrow import csv as arrow_csv

            types = {name: pa.string() if name == text else pa.float64() for name in names}
            with arrow_csv.open_csv(
                self.path,
                read_options=arrow_csv.ReadOptions(block_size=_BLOCK),
                convert_options=arrow_csv.ConvertOptions(
                    include_columns=list(names), column_types=types
                ),
            ) as reader:
                yield from reader
        except pa.ArrowInvalid as error:
            raise ValueError(_told(self.path, str(error), names)) from None


def _told(path: Path, message: str, names: Sequence[str]) -> str:
    """What pyarrow says, in one line, with the name of a column instead of its number."""
    line = message.splitlines()[0]
    for place, name in enumerate(names):
        line = line.replace(f"In CSV column #{place}: CSV conversion", f"{name}: conversion")
    return f"{path.name}: {line}"


def _numbers(
    name: str, column: ArrowArray | ChunkedArray, width: int, *, text: bool
) -> NDArray[np.generic]:
    import pyarrow as pa
    from pyarrow import compute

    kind = column.type
    if text:
        return np.asarray(column.to_numpy(zero_copy_only=False))
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        lengths = compute.list_value_length(column)
        if compute.any(compute.not_equal(lengths, width)).as_py():
            raise ValueError(f"{name} must hold lists of one length, got others than {width}")
        whole = np.full((len(column), width), np.nan)
        given = compute.is_valid(column).to_numpy(zero_copy_only=False)
        whole[given] = _numbers(name, column.flatten(), 1, text=False).reshape(-1, width)
        return whole
    numeric = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind)
    if not numeric and not pa.types.is_decimal(kind) and not pa.types.is_null(kind):
        raise ValueError(f"{name} must be real numbers, got {kind}")
    found: NDArray[np.generic] = column.cast(pa.float64(), safe=False).to_numpy(
        zero_copy_only=False
    )
    return found


def open_source(given: object) -> Table:
    """A file (.csv, .parquet, .npz, .npy), a folder of .npy files, a frame or arrays by name.

    ValueError: no such file, another kind of file, no columns, or more than ``MOST_COLUMNS``.
    """
    if not isinstance(given, str | Path):
        return _in_memory(given)
    path = Path(given)
    if path.is_dir():
        files = sorted(path.glob("*.npy"))
        if not files:
            raise ValueError(f"a folder must hold .npy files, one a column, got {path}")
        return Arrays({file.stem: _load(file) for file in files})
    if not path.exists():
        raise ValueError(f"no such file: {path}")
    kind = choice("the file's ending", path.suffix.lower(), FileKind)
    if path.stat().st_size == 0:
        raise ValueError(f"{path.name} is empty")
    match kind:
        case FileKind.NPZ:
            with path.open("rb") as raw, _npz(path, raw) as archive:
                return Arrays({name: _member(archive, name) for name in archive.files})
        case FileKind.NPY:
            return _fields(path)
        case FileKind.PARQUET:
            return _parquet(path)
        case FileKind.CSV:
            _need_pyarrow(kind)
            with path.open(encoding="utf-8-sig", newline="") as file:
                return ArrowTable(path, kind, _header(path, file))


def _header(path: Path, file: TextIO) -> tuple[str, ...]:
    """The first line; the standard library reads it, for pyarrow takes minutes for 10^6 names."""
    lines = iter(lambda: file.readline(_LONGEST_HEADER), "")
    try:
        names = tuple(next(csv.reader(lines), ()))
    except (csv.Error, UnicodeDecodeError) as error:
        raise ValueError(f"{path.name} is not CSV in UTF-8: {error}") from None
    if len(names) == 1 and any(mark in names[0] for mark in ";\t|"):
        raise ValueError(f"{path.name} must have commas between its columns, got {names[0]!r}")
    if len(names) > MOST_COLUMNS:
        raise ValueError(
            f"{path.name} has {len(names)} columns, at most {MOST_COLUMNS} are read: "
            "a row is an example, a column a role"
        )
    return names


def _need_pyarrow(kind: FileKind) -> None:
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        raise ValueError(
            f"reading {kind} files needs pyarrow: pip install 'w2s_theory[files]'"
        ) from None


def _parquet(path: Path) -> ArrowTable:
    _need_pyarrow(FileKind.PARQUET)
    import pyarrow as pa
    from pyarrow.parquet import read_schema

    try:
        schema = read_schema(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise ValueError(_told(path, str(error), ())) from None
    return ArrowTable(path, FileKind.PARQUET, tuple(schema.names), schema)


def _npz(path: Path, file: BinaryIO) -> np.lib.npyio.NpzFile:
    from zipfile import BadZipFile

    try:
        found = np.load(file, allow_pickle=False)
    except (BadZipFile, EOFError, OSError, ValueError):
        found = None
    if not isinstance(found, np.lib.npyio.NpzFile):
        raise ValueError(f"{path.name} is no .npz archive")
    return found


def _member(archive: np.lib.npyio.NpzFile, name: str) -> NDArray[np.generic]:
    try:
        found: NDArray[np.generic] = archive[name]
    except ValueError:
        raise ValueError(f"{name} must be real numbers, got objects") from None
    return found


def _load(path: Path) -> NDArray[Any]:
    """Mapped, not read. ValueError: not an array of numbers."""
    try:
        found: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    except (EOFError, OSError, ValueError) as error:
        raise ValueError(f"{path.name}: {' '.join(str(error).split())}") from None
    return found


def _fields(path: Path) -> Arrays:
    found = _load(path)
    if found.dtype.names is None or found.ndim != 1:
        raise ValueError(
            f"{path.name} must be a structured array with fields target, teacher, ..., got "
            f"{found.dtype} of shape {found.shape}; plain arrays: .npz, or a folder of .npy files"
        )
    return Arrays({name: found[name] for name in found.dtype.names})


def _in_memory(given: object) -> Arrays:
    """A frame, or a mapping of arrays. A frame with duplicate names has two arrays for one."""
    columns = getattr(given, "columns", None)
    names = list(given) if isinstance(given, Mapping) else columns
    if names is None or not hasattr(given, "__getitem__"):
        raise ValueError(
            f"data must be a path, a frame or arrays by name, got {type(given).__name__}"
        )
    labels = [str(name) for name in names]
    for label in labels:
        if labels.count(label) > 1:
            raise ValueError(f"columns must have different names, got {label!r} twice")
    return Arrays({str(name): array_column(str(name), given[name]) for name in names})
