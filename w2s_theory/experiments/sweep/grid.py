"""The grid of a sweep: read from TOML, refused whole or taken whole, and cut into jobs."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version
from itertools import product
from pathlib import Path
from typing import TypeVar, cast

from w2s_theory.arguments import choice, integer, real
from w2s_theory.experiments.named import ModelName
from w2s_theory.students.filters import learning_rule

T = TypeVar("T")

MOST_CELLS = 10_000_000
INFINITE = "inf"
_CODE = (
    *("arguments.py", "certify", "enclose", "ledger", "models", "spectra", "students", "theorems"),
    *("experiments/draws.py", "experiments/simulation.py"),
    *("experiments/sweep/cells.py", "experiments/sweep/grid.py"),
)
_LIBRARIES = ("numpy", "scipy", "sympy", "python-flint")


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepCell:
    """One teacher and its student. `student_width` None is infinite; `seed` is the sweep's."""

    model: str
    dim: int
    teacher_width: int
    student_width: int | None
    target: int
    rule: str
    draw: int
    seed: int
    top: int = 1
    psi: float | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """Cells that are run together: one, or all that share the features of a finite student."""

    cells: tuple[SweepCell, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """A key a cell: of its content, of what it is run with, and of the code that runs it."""
        # The teachers of a finite student are the right sides of one iteration: its rounding is
        # of all of them.
        company = [asdict(cell) for cell in self.cells] if len(self.cells) > 1 else []
        shared = _digest({"company": company, "code": code_version()})
        return tuple(_digest({"cell": asdict(cell), "shared": shared}) for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Plan:
    """Every job of a sweep, in the order of its file."""

    jobs: tuple[Job, ...]

    @property
    def cells(self) -> int:
        """How many cells."""
        return sum(len(job.cells) for job in self.jobs)


def generator_entropy(cell: SweepCell, role: str) -> tuple[int, ...]:
    """Integers that seed a cell's features: of its content alone, never of its place in a sweep.

    The role is "teacher", or "student": students of one width are the same for all teachers.
    """
    content = asdict(cell)
    if role == "student":
        content = {key: content[key] for key in ("model", "dim", "student_width", "seed")}
    else:
        del content["student_width"], content["rule"], content["target"]
    digest = hashlib.sha256(json.dumps([role, content], sort_keys=True).encode()).digest()
    return tuple(int.from_bytes(digest[i : i + 4], "big") for i in range(0, 16, 4))


@cache
def code_version() -> str:
    """A hash of the modules that a cell's numbers come from, and of the libraries' versions."""
    package = Path(__file__).resolve().parents[2]
    files: list[Path] = []
    for name in _CODE:
        path = package / name
        files += sorted(path.rglob("*.py")) if path.is_dir() else [path]
    parts = [f"{name} {version(name)}" for name in _LIBRARIES]
    parts += [f"{p.relative_to(package)} {_content(p)}" for p in files]
    return _digest(parts)


def _content(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _digest(content: object) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


# --- the file -------------------------------------------------------------------------------------


def read_plan(text: str) -> Plan:
    """The plan of a TOML text with one table [sweep]; `ValueError` lists every error with its line.

    Keys: model ("relu", "linear"), dim, teacher_width, student_width ("inf" or integers), target
    (degrees; relu), rule, each a value or a list; draws, seed, top and psi (linear), one value.
    """
    try:
        table = tomllib.loads(text).get("sweep")
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"sweep must be TOML: {error}") from None
    if not isinstance(table, dict):
        raise ValueError("sweep must have one table [sweep], got none")
    reader = _Reader(text, table)
    model = reader.one("model", lambda v: choice("model", str(v), ModelName).value)
    linear = model == ModelName.LINEAR
    dims = reader.many("dim", lambda v: integer("dim", v, 2))
    widths = reader.many("teacher_width", lambda v: integer("teacher_width", v, 1))
    students = reader.many("student_width", _student)
    targets = reader.many("target", lambda v: integer("target", v, 0), (1,))
    rules = reader.many("rule", _rule, ("flow",))
    draws = reader.one("draws", lambda v: integer("draws", v, 1))
    seed = reader.one("seed", lambda v: integer("seed", v, 0), 0)
    top = reader.one("top", lambda v: integer("top", v, 1), 1)
    psi = reader.optional("psi", lambda v: real("psi", v, positive=True))
    reader.finish(linear=linear, dims=dims, top=top)
    count = len(dims) * len(widths) * len(students) * len(targets) * len(rules) * draws
    if count > MOST_CELLS:
        raise ValueError(f"sweep must have at most {MOST_CELLS} cells, got {count}")
    jobs: list[Job] = []
    for dim, student, target, rule in product(dims, students, targets, rules):
        cells = tuple(
            SweepCell(
                model=model, dim=dim, teacher_width=width, student_width=student, target=target,
                rule=rule, draw=draw, seed=seed, top=top, psi=psi,
            )
            for width in widths
            for draw in range(draws)
        )  # fmt: skip
        shared = student is not None and not linear
        jobs += [Job(cells)] if shared else [Job((cell,)) for cell in cells]
    return Plan(tuple(jobs))


def _student(value: object) -> int | None:
    return None if value == INFINITE else integer("student_width", value, 1)


def _rule(value: object) -> str:
    learning_rule(str(value))
    return str(value)


class _Reader:
    """Values of a table by key; errors are kept with their lines until `finish`."""

    def __init__(self, text: str, table: Mapping[str, object]) -> None:
        self._table = table
        self._lines = text.splitlines()
        self._errors: list[tuple[int, str]] = []
        self._known: list[str] = []

    def one(self, key: str, parse: Callable[[object], T], default: T | None = None) -> T:
        """The value of `key`; `finish` raises before a missing one is used."""
        found = self.many(key, parse, () if default is None else (default,), single=True)
        return found[0] if found else cast(T, default)

    def optional(self, key: str, parse: Callable[[object], T]) -> T | None:
        """The value of `key`, None if it is not there."""
        self._known.append(key)
        return self.one(key, parse) if key in self._table else None

    def many(
        self,
        key: str,
        parse: Callable[[object], T],
        default: Sequence[T] = (),
        *,
        single: bool = False,
    ) -> list[T]:
        """The values of `key`, a list or one."""
        self._known.append(key)
        if key not in self._table:
            if not default:
                self._note(key, f"{key} must be given")
            return list(default)
        value = self._table[key]
        values = value if isinstance(value, list) else [value]
        if isinstance(value, list) and (single or not value):
            self._note(key, f"{key} must be {'one value' if single else 'at least one value'}")
            return []
        found: list[T] = []
        for entry in values:
            try:
                parsed = parse(entry)
            except ValueError as error:
                self._note(key, str(error))
                continue
            if parsed in found:
                self._note(key, f"{key} must not repeat {entry!r}")
            found.append(parsed)
        return found

    def finish(self, *, linear: bool, dims: Sequence[int], top: int | None) -> None:
        """Raise `ValueError` with every error, by line, if there is one."""
        only = {"top": linear, "psi": linear, "target": not linear}
        for key in self._table:
            if key not in self._known:
                near = difflib.get_close_matches(key, self._known, n=1)
                self._note(
                    key, f"unknown key {key!r}" + "".join(f"; did you mean {n}?" for n in near)
                )
            elif not only.get(key, True):
                self._note(key, f"{key} does not apply to this model")
        if linear and "psi" not in self._table:
            self._note("psi", "psi must be given for the linear model")
        if linear and top is not None and any(top >= dim for dim in dims):
            self._note("top", f"top must be below every dim, got {top}")
        if self._errors:
            lines = [f"line {line}: {said}" for line, said in sorted(self._errors)]
            raise ValueError("; ".join(lines))

    def _note(self, key: str, said: str) -> None:
        pattern = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=")
        place = next((n for n, line in enumerate(self._lines, 1) if pattern.match(line)), 1)
        self._errors.append((place, said))
