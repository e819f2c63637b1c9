"""Sufficient statistics, streamed: what each example adds to the squared lengths and distances.

Six inner products of (target, teacher, student) say everything; they are kept as three squared
norms and three squared distances (polarisation), for a loss that is small then loses no digits.
An example, or a group of examples, is a *unit*: one row of sums. Beyond ``MOST_UNITS`` units these
are dealt at random to that many blocks, and the sums of a block are one unit. A random block is a
sample of its own, so the blocks' spread estimates that of the examples without bias, and so does
their skewness; what is lost is the precision of that estimate, 1/sqrt(2 MOST_UNITS) of a standard
error.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from w2s_theory.arguments import FloatArray
from w2s_theory.diagnose.roles import Roles
from w2s_theory.diagnose.sources import Piece, Table

MOST_UNITS = 2000
"""Units of the bootstrap."""

_KEPT = 1 << 17
"""Examples kept one by one until there are more than so many."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each moment stands in a row; `student2`, ... once for each checkpoint."""

    shared: tuple[str, ...]
    own: tuple[str, ...]
    students: tuple[str, ...]

    @classmethod
    def of(cls, roles: Roles) -> Layout:
        """The moments that these roles allow."""
        shared = ["weight", "target2", "teacher2", "teacher_target2"]
        own = ["student2", "student_target2", "student_teacher2"]
        if roles.ceiling is not None:
            shared.append("ceiling_target2")
        if roles.start is not None:
            shared += ["start_target2", "start_teacher2"]
            own.append("student_start2")
        return cls(tuple(shared), tuple(own), tuple(roles.students))

    @property
    def size(self) -> int:
        """Numbers a row."""
        return len(self.shared) + len(self.own) * len(self.students)

    def place(self, moment: str, student: int = 0) -> int:
        """Column of a moment."""
        if moment in self.shared:
            return self.shared.index(moment)
        return len(self.shared) + student * len(self.own) + self.own.index(moment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """Sums of the moments, shape (units, moments), and what they were made of."""

    layout: Layout
    sums: FloatArray
    examples: int
    dropped: int
    outputs: int
    groups: int | None
    blocks: bool


def gather(
    source: Table, roles: Roles, *, drop: bool = False, seed: int = 0, most: int = MOST_UNITS
) -> Units:
    """One pass over the data. ``seed``: of the dealing into blocks.

    ValueError: rows with NaN or infinite values (counted) unless ``drop``, negative weights, a
    target that is constant, a teacher that is zero or the target, fewer than 2 units.
    """
    layout = Layout.of(roles)
    tally = _Tally(layout.size, most, np.random.default_rng(seed))
    bad = examples = 0
    varies = _Varies()
    for piece in source.pieces(roles.columns, roles.groups):
        target = _vector(piece, roles.target)
        rows, finite = _contributions(piece, roles, layout, target)
        groups = None if roles.groups is None else piece[roles.groups]
        if not finite.all():
            bad += int((~finite).sum())
            rows, target = rows[finite], target[finite]
            groups = None if groups is None else groups[finite]
        examples += len(rows)
        varies.see(target)
        tally.add(rows, groups)
    if bad and not drop:
        of = f"{bad} of {examples + bad} rows"
        raise ValueError(f"{of} have NaN, infinite or huge values: --drop (drop=True) omits them")
    _check(layout, tally, varies, examples, bad)
    sums = tally.finished()
    if len(sums) < 2:
        raise ValueError(f"data must have at least 2 examples (or groups), got {len(sums)}")
    return Units(
        layout=layout,
        sums=sums,
        examples=examples,
        dropped=bad,
        outputs=roles.outputs,
        groups=tally.groups,
        blocks=tally.dealt,
    )


def _check(layout: Layout, tally: _Tally, varies: _Varies, examples: int, bad: int) -> None:
    if examples == 0:
        raise ValueError(f"data must have rows, got none{f' but {bad} dropped' if bad else ''}")
    total = dict(zip(layout.shared, tally.total.tolist(), strict=False))
    if not np.isfinite(tally.total).all():
        raise ValueError("data must have squares with a finite sum: divide them by their size")
    if total["weight"] == 0:
        raise ValueError("weights must not all be 0")
    if not varies.found:
        raise ValueError("target must vary, got one value in every row")
    if total["target2"] == 0:
        raise ValueError("target must not be 0 wherever the weight is positive")
    if total["teacher2"] == 0:
        raise ValueError("teacher must not be 0 in every row")
    if total["teacher_target2"] == 0:
        raise ValueError("teacher must not be the target: it has no loss that a student could mend")


@dataclass(slots=True)
class _Varies:
    """Whether two rows differ; looks no further once they do."""

    first: FloatArray | None = None
    found: bool = False

    def see(self, rows: FloatArray) -> None:
        if self.found or not len(rows):
            return
        if self.first is None:
            self.first = rows[0].copy()
        self.found = bool((rows != self.first).any())


def _vector(piece: Piece, names: Sequence[str]) -> FloatArray:
    """Shape (rows, outputs), float64."""
    columns = [piece[name] for name in names]
    if len(columns) == 1:
        column = columns[0] if columns[0].ndim == 2 else columns[0][:, None]
        return np.asarray(column, dtype=np.float64)
    return np.column_stack(columns).astype(np.float64, copy=False)


def _contributions(
    piece: Piece, roles: Roles, layout: Layout, target: FloatArray
) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Moments of each row, shape (rows, moments), and which rows are finite throughout."""
    count, outputs = target.shape
    rows = np.empty((layout.size, count))
    room, ones = np.empty((count, outputs)), np.ones(outputs)

    def put(moment: str, a: FloatArray, b: FloatArray | None = None, student: int = 0) -> None:
        if b is not None:
            a = np.subtract(a, b, out=room)
        np.matmul(np.multiply(a, a, out=room), ones, out=rows[layout.place(moment, student)])

    with np.errstate(over="ignore", invalid="ignore"):
        teacher = _vector(piece, roles.teacher)
        put("target2", target)
        put("teacher2", teacher)
        put("teacher_target2", teacher, target)
        start = None
        if roles.ceiling is not None:
            put("ceiling_target2", _vector(piece, roles.ceiling), target)
        if roles.start is not None:
            start = _vector(piece, roles.start)
            put("start_target2", start, target)
            put("start_teacher2", start, teacher)
        for number, columns in enumerate(roles.students.values()):
            student = _vector(piece, columns)
            put("student2", student, student=number)
            put("student_target2", student, target, number)
            put("student_teacher2", student, teacher, number)
            if start is not None:
                put("student_start2", student, start, number)
    weight = rows[layout.place("weight")]
    if roles.weights is None:
        weight[:] = 1.0
    else:
        weight[:] = piece[roles.weights]
        if (weight < 0).any():
            raise ValueError(f"weights must be >= 0, got {float(weight[weight < 0][0]):g}")
        with np.errstate(over="ignore", invalid="ignore"):
            rows[1:] *= weight
    # Every number of a row is squared in one of them: one that is not finite shows.
    with np.errstate(over="ignore", invalid="ignore"):
        finite = np.isfinite(rows.sum(axis=0))
    return rows.T, finite


@dataclass(slots=True)
class _Tally:
    """Sums by unit while rows arrive."""

    size: int
    most: int
    rng: np.random.Generator
    total: FloatArray = field(init=False)
    dealt: bool = False
    groups: int | None = None
    _kept: list[FloatArray] = field(default_factory=list)
    _count: int = 0
    _blocks: FloatArray | None = None
    _index: dict[object, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.total = np.zeros(self.size)

    def add(self, rows: FloatArray, groups: NDArray[np.generic] | None) -> None:
        with np.errstate(over="ignore"):
            self.total += rows.sum(axis=0)
        if groups is not None:
            self._add_groups(rows, groups)
            return
        if self._blocks is None:
            self._kept.append(rows)
            self._count += len(rows)
            if self._count > _KEPT:
                self._blocks = self._deal()
            return
        self._blocks += dealt_sums(rows, self.rng.integers(self.most, size=len(rows)), self.most)

    def _add_groups(self, rows: FloatArray, groups: NDArray[np.generic]) -> None:
        if groups.dtype.kind == "O":
            missing = any(
                v is None or (isinstance(v, float) and np.isnan(v)) for v in groups.tolist()
            )
            groups = groups.astype(str)
        else:
            missing = groups.dtype.kind == "f" and bool(np.isnan(groups.astype(np.float64)).any())
        if missing:
            raise ValueError("groups must be given in every row, got missing values")
        ids, place = np.unique(groups, return_inverse=True)
        number = np.array([self._index.setdefault(i, len(self._index)) for i in ids.tolist()])
        self.groups = len(self._index)
        if self._blocks is None:
            self._blocks = np.zeros((0, self.size))
        if self.groups > len(self._blocks):
            grown = np.zeros((2 * self.groups, self.size))
            grown[: len(self._blocks)] = self._blocks
            self._blocks = grown
        self._blocks[number] += dealt_sums(rows, place, len(ids))

    def _deal(self) -> FloatArray:
        """Blocks of equal size, within one, of what was kept."""
        rows = np.concatenate(self._kept)
        self._kept, self.dealt = [], True
        return dealt_sums(rows, self.rng.permutation(len(rows)) % self.most, self.most)

    def finished(self) -> FloatArray:
        if self.groups is not None and self._blocks is not None:
            self._kept, self._count = [self._blocks[: self.groups]], self.groups
            self._blocks = None
        if self._blocks is None and self._count > self.most:
            self._blocks = self._deal()
        return np.concatenate(self._kept) if self._blocks is None else self._blocks


def dealt_sums(rows: FloatArray, labels: NDArray[np.int64], count: int) -> FloatArray:
    """Sums of the rows with each label, shape (count, moments)."""
    columns: Iterable[FloatArray] = rows.T
    return np.stack([np.bincount(labels, column, count) for column in columns], axis=1)
