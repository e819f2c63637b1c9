"""Sufficient statistics, streamed: what each example adds to the squared lengths and distances.

Six inner products of (target, teacher, student) say everything; they are kept as three squared
norms and three squared distances (polarisation), for a loss that is small then loses no digits.
An example, or a group of examples, is a *unit*: one row of sums. More than ``MOST_UNITS`` units are
dealt at random to ``BLOCKS`` blocks, and the sums of a block are one unit. A random block is a
sample of its own, so the blocks' spread estimates that of the examples without bias, and so does
their skewness; what is lost is the precision of that estimate, 1/sqrt(2 BLOCKS) of a standard
error.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from operator import ne

import numpy as np
from numpy.typing import ArrayLike, NDArray

from w2s_theory.arguments import FloatArray
from w2s_theory.diagnose.roles import Roles
from w2s_theory.diagnose.sources import Piece, Table
from w2s_theory.models.parallel import Progress, cores, one_thread_blas, silent

MOST_UNITS = 2000
"""Units that are resampled one by one."""

BLOCKS = 1000

LARGEST = 1e30
"""What is larger than so many targets, squared, is on another scale."""

SMALLEST = float(np.finfo(np.float64).tiny / np.finfo(np.float64).eps)
"""Below, squares lose digits."""

_KEPT = 1 << 17
"""Examples kept one by one until there are more than so many."""

_CACHED = 1 << 16
"""Numbers at a time: as many of a vector as stay in a core's cache."""

_AHEAD = 8
"""Pieces under way at a time; not the number of cores, for the dealing depends on it."""


LENGTHS: Mapping[str, tuple[str, str | None]] = {
    "target2": ("target", None),
    "teacher2": ("teacher", None),
    "teacher_target2": ("teacher", "target"),
    "ceiling_target2": ("ceiling", "target"),
    "start_target2": ("start", "target"),
    "start_teacher2": ("start", "teacher"),
    "student2": ("student", None),
    "student_target2": ("student", "target"),
    "student_teacher2": ("student", "teacher"),
    "student_start2": ("student", "start"),
}
"""What a moment is the squared norm of, or the squared distance between."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each moment stands in a row: the weight, what is shared, and what each student adds."""

    shared: tuple[str, ...]
    own: tuple[str, ...]
    students: tuple[str, ...]

    @classmethod
    def of(cls, roles: Roles) -> Layout:
        """The moments that these roles allow."""
        known = {"target", "teacher", "student", None}
        known |= {"ceiling"} if roles.ceiling is not None else set()
        known |= {"start"} if roles.start is not None else set()
        names = [name for name, pair in LENGTHS.items() if known.issuperset(pair)]
        own = tuple(name for name in names if LENGTHS[name][0] == "student")
        shared = ("weight", *(name for name in names if name not in own))
        return cls(shared, own, tuple(roles.students))

    @property
    def size(self) -> int:
        """Numbers a row."""
        return len(self.shared) + len(self.own) * len(self.students)

    def place(self, moment: str, student: int = 0) -> int:
        """Column of a moment."""
        if moment in self.shared:
            return self.shared.index(moment)
        return len(self.shared) + student * len(self.own) + self.own.index(moment)

    def places(self, student: int) -> tuple[int, ...]:
        """Columns of all that is shared, and of one student's own."""
        first = self.place(self.own[0], student)
        return (*range(len(self.shared)), *range(first, first + len(self.own)))


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
    source: Table,
    roles: Roles,
    *,
    drop: bool = False,
    seed: int = 0,
    most: int = MOST_UNITS,
    blocks: int = BLOCKS,
    progress: Progress = silent,
) -> Units:
    """One pass over the data; rows of weight 0 are not there. ``seed``: of the dealing into blocks.

    ValueError: rows with NaN or infinite values (counted) unless ``drop``, negative weights, a
    target that is constant, a teacher that is zero or the target, fewer than 2 units.
    """
    layout = Layout.of(roles)
    tally = _Tally(layout.size, most, blocks, np.random.default_rng(seed))
    bad = examples = seen = 0
    varies = _Varies()

    def add(part: _Part) -> None:
        nonlocal bad, examples
        bad, examples = bad + part.bad, examples + len(part.target)
        varies.see(part.target)
        tally.add(part)

    with one_thread_blas(), ThreadPoolExecutor(cores()) as pool:
        under_way: deque[Future[_Part]] = deque()
        for piece in source.pieces(roles.columns, roles.groups):
            seen += (rows := len(piece[roles.target[0]]))
            progress(f"rows read: {seen:,}", seen, 0)  # of a CSV nobody knows how many there are
            labels = tally.labels(rows)
            under_way.append(pool.submit(_part, piece, roles, layout, labels, blocks))
            if len(under_way) == _AHEAD:
                add(under_way.popleft().result())
        for future in under_way:
            add(future.result())
    if bad and not drop:
        of = f"{bad} of {seen} rows"
        raise ValueError(f"{of} have NaN, infinite or huge values: --drop (drop=True) omits them")
    if bad < seen and not examples:
        raise ValueError("weights must not all be 0")
    _check(layout, tally, varies, examples, bad)
    sums = tally.finished()
    if len(sums) < 2:
        raise ValueError(f"data must have at least 2 examples (or groups), got {len(sums)}")
    weights = np.sort(sums[:, layout.place("weight")])
    if weights[:-1].sum() * LARGEST < weights[-1]:  # no resample without it would say anything
        raise ValueError("weights must leave something to more than one example (or group)")
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
    largest = float(tally.total[1:].max())
    if not np.isfinite(tally.total).all():
        raise ValueError("data must have squares with a finite sum: divide them by their size")
    if not varies.found:
        raise ValueError("target must vary, got one value in every row")
    if total["target2"] < SMALLEST:
        raise ValueError(f"target must have squares above {SMALLEST:.0e}: multiply all by a number")
    if not largest < LARGEST * total["target2"]:
        ratio = largest / total["target2"]
        raise ValueError(f"predictions must be of the target's size, got {ratio:.0e} of its square")
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """What a piece adds: `sums` by block (blocks, moments) if `dealt`, else of its rows, (moments,
    rows).
    """

    target: FloatArray
    groups: NDArray[np.generic] | None
    bad: int
    total: FloatArray
    sums: FloatArray
    dealt: bool


def _part(
    piece: Piece, roles: Roles, layout: Layout, labels: NDArray[np.intp] | None, blocks: int
) -> _Part:
    """One core's work."""
    target = _vector(piece, roles.target)
    groups = None if roles.groups is None else piece[roles.groups].reshape(-1)
    with np.errstate(over="ignore", invalid="ignore"):  # a thread has an error state of its own
        rows = _contributions(piece, roles, layout, target)
        kept = np.ones(len(target), dtype=bool) if roles.weights is None else rows[0] != 0
        bad = 0
        # Every number of a row is squared in one of them: one that is not finite shows.
        if not np.isfinite(rows.sum(axis=1)).all():
            finite = np.isfinite(rows.sum(axis=0))
            kept, bad = kept & finite, int((~finite).sum())
        if not kept.all():
            rows, target = rows[:, kept], target[kept]
            groups = None if groups is None else groups[kept]
            labels = None if labels is None else labels[kept]
        return _Part(
            target=target,
            groups=groups,
            bad=bad,
            total=rows.sum(axis=1),
            sums=rows if labels is None else dealt_sums(rows, labels, blocks),
            dealt=labels is not None,
        )


def _contributions(piece: Piece, roles: Roles, layout: Layout, target: FloatArray) -> FloatArray:
    """Moments of each row, shape (moments, rows)."""
    rows = np.empty((layout.size, len(target)))
    vectors = {"target": target, "teacher": _vector(piece, roles.teacher)}
    vectors |= {
        name: _vector(piece, columns)
        for name, columns in (("ceiling", roles.ceiling), ("start", roles.start))
        if columns is not None
    }
    _square(vectors, layout.shared[1:], rows[1 : len(layout.shared)])
    for number, columns in enumerate(roles.students.values()):
        first = layout.place(layout.own[0], number)
        vectors["student"] = _vector(piece, columns)
        _square(vectors, layout.own, rows[first : first + len(layout.own)])
    if roles.weights is None:
        rows[0] = 1.0
    else:
        rows[0] = piece[roles.weights].reshape(-1)
        if (rows[0] < 0).any():
            raise ValueError(f"weights must be >= 0, got {float(rows[0][rows[0] < 0][0]):g}")
        rows[1:] *= rows[0]
    return rows


def _square(vectors: Mapping[str, FloatArray], moments: Sequence[str], rows: FloatArray) -> None:
    """Squared norms and distances into ``rows``, so few at a time that they stay in the cache."""
    count, outputs = vectors["target"].shape
    step = max(1, _CACHED // outputs)
    room, ones = np.empty((min(step, count), outputs)), np.ones(outputs)
    for start in range(0, count, step):
        part = slice(start, start + step)
        for row, moment in zip(rows, moments, strict=True):
            name, other = LENGTHS[moment]
            left = vectors[name][part]
            space = room[: len(left)]
            if other is not None:
                left = np.subtract(left, vectors[other][part], out=space)
            np.matmul(np.multiply(left, left, out=space), ones, out=row[part])


@dataclass(slots=True)
class _Tally:
    """Sums by unit while rows arrive."""

    size: int
    most: int
    blocks: int
    rng: np.random.Generator
    total: FloatArray = field(init=False)
    dealt: bool = False
    groups: int | None = None
    _kept: list[FloatArray] = field(default_factory=list)
    _count: int = 0
    _blocks: FloatArray | None = None
    _index: dict[Hashable, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.total = np.zeros(self.size)

    def labels(self, count: int) -> NDArray[np.intp] | None:
        """Blocks for so many examples; None before there are blocks."""
        return self._labels(count) if self.dealt else None

    def _labels(self, count: int) -> NDArray[np.intp]:
        return self.rng.integers(self.blocks, size=count, dtype=np.uint32).astype(np.intp)

    def add(self, part: _Part) -> None:
        """What the next piece adds."""
        self.total += part.total
        sums = part.sums
        if part.groups is not None:
            self._add_groups(sums, part.groups)
        elif self._blocks is None:
            self._kept.append(sums)
            self._count += sums.shape[1]
            if self._count > max(_KEPT, self.most):
                self._blocks = self._deal()
        else:
            if not part.dealt:  # it was under way before there were blocks
                sums = dealt_sums(sums, self._labels(sums.shape[1]), self.blocks)
            self._blocks += sums

    def _add_groups(self, rows: FloatArray, groups: NDArray[np.generic]) -> None:
        if not len(groups):
            return
        ids, place = group_ids(groups)
        first = next(iter(self._index), ids[0])
        if isinstance(first, str) != isinstance(ids[0], str):
            raise ValueError(MIXED)
        number = np.array([self._index.setdefault(i, len(self._index)) for i in ids])
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
        rows = np.concatenate(self._kept, axis=1)
        self._kept, self.dealt = [], True
        return dealt_sums(rows, self.rng.permutation(rows.shape[1]) % self.blocks, self.blocks)

    def finished(self) -> FloatArray:
        """Sums, shape (units, moments)."""
        if self.groups is not None and self._blocks is not None:
            self._kept, self._count = [self._blocks[: self.groups].T], self.groups
            self._blocks = None
        if self._blocks is None and self._count > self.most:
            self._blocks = self._deal()
        return np.concatenate(self._kept, axis=1).T if self._blocks is None else self._blocks


MIXED = "groups must be all text or all numbers, got both"


def group_ids(groups: NDArray[np.generic]) -> tuple[list[Hashable], NDArray[np.intp]]:
    """The ids, and whose each row is. ValueError: missing ones, text among numbers, no ids."""
    kind = groups.dtype.kind
    if kind == "O":
        values, index = groups.tolist(), dict[Hashable, int]()
        try:
            missing = any(v is None or v == "" or ne(v, v) for v in values)  # ne: NaN, NaT
            place = np.array([index.setdefault(v, len(index)) for v in values])
        except TypeError:  # pandas.NA is neither equal nor not, a list is no key
            raise ValueError("groups must be ids in every row, got others") from None
        if len({isinstance(v, str) for v in index}) > 1 and not missing:
            raise ValueError(MIXED)
        ids = list(index)
    else:
        found, place = np.unique(groups, return_inverse=True)
        ids = found.tolist()
        none = {"M": np.isnat, "f": np.isnan}.get(kind, lambda ids: ids == "")
        missing = bool(np.any(none(found)))
    if missing:
        raise ValueError("groups must be given in every row, got missing values")
    return ids, place


def dealt_sums(rows: FloatArray, labels: ArrayLike, count: int) -> FloatArray:
    """Sums of the columns with each label, shape (count, moments)."""
    return np.stack([np.bincount(labels, row, count) for row in rows], axis=1)
