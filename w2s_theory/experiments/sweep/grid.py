"""The grid of a sweep: read from TOML, refused whole or taken whole, and cut into jobs."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from itertools import product
from pathlib import Path
from typing import TypeVar, cast

from w2s_theory.arguments import choice, integer, real
from w2s_theory.experiments.named import ModelName, sphere_target
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.students.filters import learning_rule

T = TypeVar("T")

MOST_CELLS = 10_000_000
INFINITE = "inf"
_LOW_DEGREES = 8
"""The largest eigenvalue of a sphere's kernel is looked for in these degrees."""
_CODE = (
    *(
        "arguments.py",
        "text/parser.py",
        "certify",
        "enclose",
        "ledger",
        "models",
        "spectra",
        "students",
        "theorems",
    ),
    *(f"experiments/{name}.py" for name in ("draws", "gains", "named", "simulation")),
    *("experiments/sweep/cells.py", "experiments/sweep/grid.py"),
)
_LIBRARIES = ("numpy", "scipy", "sympy", "python-flint")


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepCell:
    """One teacher and its student. `student_width` None is infinite; `seed` is the sweep's.

    `activation` and `target` are texts as `simulate` reads them, and empty for the linear model.
    """

    model: str
    dim: int
    teacher_width: int
    student_width: int | None
    target: str
    rule: str
    draw: int
    seed: int
    activation: str = "relu"
    top: int = 1
    psi: float | None = None

    @property
    def content(self) -> dict[str, object]:
        """Every field by name; `asdict` copies deeply, which took most of a key's time."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Job:
    """Cells that are run together: one, or all that share the features of a finite student."""

    cells: tuple[SweepCell, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """A key a cell: of its content, of what it is run with, and of the code that runs it."""
        # The teachers of a finite student are the right sides of one iteration: its rounding is
        # of all of them.
        company = [cell.content for cell in self.cells] if len(self.cells) > 1 else []
        shared = _digest({"company": company, "code": code_version()})
        return tuple(_digest({"cell": cell.content, "shared": shared}) for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Plan:
    """Every job of a sweep, in the order of its file."""

    jobs: tuple[Job, ...]

    @property
    def cells(self) -> int:
        """How many cells."""
        return sum(len(job.cells) for job in self.jobs)

    @property
    def keys(self) -> list[str]:
        """The keys of all cells."""
        return [key for job in self.jobs for key in job.keys]

    def missing(self, known: set[str]) -> list[Job]:
        """The jobs with a cell whose key is not `known`."""
        return [job for job in self.jobs if not known.issuperset(job.keys)]


def generator_entropy(cell: SweepCell, role: str) -> tuple[int, ...]:
    """Integers that seed a cell's features: of its content alone, never of its place in a sweep.

    The role is "teacher", or "student": students of one width are the same for all teachers. What
    the features do not depend on is left out: other activations and targets see the same ones.
    """
    content = cell.content
    if role == "student":
        content = {key: content[key] for key in ("model", "dim", "student_width", "seed")}
    else:
        for key in ("student_width", "rule", "target", "activation"):
            del content[key]
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


def document_key(content: dict[str, object], module: Path) -> tuple[str, str]:
    """Keys of what the code of a sweep and a module make of `content`, and of that code."""
    code = _digest([code_version(), _content(module)])
    return _digest({"document": content, "code": code}), code


def _content(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _digest(content: object) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


# --- the file -------------------------------------------------------------------------------------


def read_plan(text: str) -> Plan:
    """The plan of a TOML text with one table [sweep]; `ValueError` lists every error with its line.

    Keys: model ("relu", "linear"), one value; dim, teacher_width, student_width ("inf" or
    integers), rule and, for relu, target and activation, as `simulate` reads them, each a value or
    a list; draws, seed, top and psi (linear), one value.
    """
    try:
        whole = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"sweep must be TOML: {error}") from None
    table = whole.get("sweep")
    if not isinstance(table, dict) or len(whole) > 1:
        given = ", ".join(whole) or "nothing"
        raise ValueError(f"sweep must have one table [sweep] and nothing else, got {given}")
    reader = _Reader(text, table)
    model = reader.one("model", lambda v: choice("model", str(v), ModelName).value)
    linear = model == ModelName.LINEAR
    dims = reader.many("dim", lambda v: integer("dim", v, 2))
    widths = reader.many("teacher_width", lambda v: integer("teacher_width", v, 1))
    students = reader.many("student_width", _student)
    sigma, degree = ("", "") if linear else ("relu", "1")
    activations = reader.many("activation", lambda v: _activation(v, dims), (sigma,))
    targets = reader.many("target", lambda v: _target(v, dims), (degree,))
    draws = reader.one("draws", lambda v: integer("draws", v, 1))
    seed = reader.one("seed", lambda v: integer("seed", v, 0), 0)
    top = reader.one("top", lambda v: integer("top", v, 1), 1)
    psi = reader.optional("psi", lambda v: real("psi", v, positive=True))
    largest = _largest(activations, dims) if not linear else max(1.0, psi or 0)
    rules = reader.many("rule", lambda v: _rule(v, largest), ("flow",))
    reader.finish(linear=linear, dims=dims, top=top)
    points = product(activations, dims, students, targets, rules)
    count = len(activations) * len(dims) * len(students) * len(targets) * len(rules)
    if count * len(widths) * draws > MOST_CELLS:
        raise ValueError(
            f"sweep must have at most {MOST_CELLS} cells, got {count * len(widths) * draws}"
        )
    jobs: list[Job] = []
    for activation, dim, student, target, rule in points:
        cells = tuple(
            SweepCell(
                model=model, dim=dim, teacher_width=width, student_width=student, target=target,
                rule=rule, draw=draw, seed=seed, activation=activation, top=top, psi=psi,
            )
            for width in widths
            for draw in range(draws)
        )  # fmt: skip
        shared = student is not None and not linear
        jobs += [Job(cells)] if shared else [Job((cell,)) for cell in cells]
    return Plan(tuple(jobs))


def _student(value: object) -> int | None:
    if isinstance(value, str | float) and value != INFINITE:
        raise ValueError(f'student_width must be "inf" or an integer >= 1, got {value!r}')
    return None if value == INFINITE else integer("student_width", value, 1)


def _activation(value: object, dims: Sequence[int]) -> str:
    """ValueError unless it has a kernel in every dimension."""
    text = str(value).replace(" ", "")
    _largest([text], dims or (2,))
    return text


def _target(value: object, dims: Sequence[int]) -> str:
    """ValueError unless it is a target in every dimension."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError(f"target must be a degree or a text, got {value!r}")
    text = str(value).replace(" ", "")
    for dim in dims or (2,):
        sphere_target(ReluSphere(dim), text)
    return text


def _largest(activations: Sequence[str], dims: Sequence[int]) -> float:
    """The largest eigenvalue of all kernels: a step must suit every one."""
    kernels = [ReluSphere(dim, activation) for activation in activations for dim in dims]
    found = [kernel.eigenspaces(_LOW_DEGREES).eigenvalues.max() for kernel in kernels]
    return float(max(found, default=0.0))


def _rule(value: object, largest: float) -> str:
    """ValueError unless there is a rule of that name, and it converges."""
    at_time = learning_rule(str(value))
    if largest:
        at_time(1.0, largest)
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
        only = {"top": linear, "psi": linear, "target": not linear, "activation": not linear}
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
