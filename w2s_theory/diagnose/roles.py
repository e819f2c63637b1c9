"""Which columns are the target, the teacher, the student: names, or patterns with stars.

A star stands for any text. Outputs of a vector are matched by the text of their star, so that
`y_2` and `y_10` of one role meet those of another whatever the order of the columns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from w2s_theory.diagnose.sources import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Patterns:
    """What the user typed, by role."""

    target: str = "target"
    teacher: str = "teacher"
    student: str = "student"
    ceiling: str | None = None
    start: str | None = None
    weights: str | None = None
    groups: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """Columns by role; `students` by checkpoint, in the order of training ("" for the only one)."""

    outputs: int
    target: tuple[str, ...]
    teacher: tuple[str, ...]
    students: Mapping[str, tuple[str, ...]]
    ceiling: tuple[str, ...] | None
    start: tuple[str, ...] | None
    weights: str | None
    groups: str | None

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column once."""
        vectors = (self.target, self.teacher, *self.students.values(), self.ceiling, self.start)
        named = [name for columns in vectors for name in columns or ()]
        return tuple(dict.fromkeys([*named, *filter(None, (self.weights, self.groups))]))


def find_roles(source: Table, given: Patterns) -> Roles:
    """The columns of each role.

    ValueError: a column that is missing, there twice or in two roles, outputs that differ between
    roles, or a pattern that could mean checkpoints as well as outputs.
    """
    names = source.names
    target = _outputs(names, "target", given.target)
    width = sum(source.width(name) for name in target.values())
    found = {
        role: _like_target(source, role, pattern, target, width)
        for role, pattern in (
            ("teacher", given.teacher),
            ("ceiling", given.ceiling),
            ("start", given.start),
        )
        if pattern is not None
    }
    students = _students(source, given.student, target, width)
    single = {
        role: None if pattern is None else _single(source, role, pattern)
        for role, pattern in (("weights", given.weights), ("groups", given.groups))
    }
    roles = Roles(
        outputs=width,
        target=tuple(target.values()),
        teacher=found["teacher"],
        students=students,
        ceiling=found.get("ceiling"),
        start=found.get("start"),
        weights=single["weights"],
        groups=single["groups"],
    )
    _one_role_each(roles)
    return roles


def _one_role_each(roles: Roles) -> None:
    seen: dict[str, str] = {}
    vectors: dict[str, tuple[str, ...] | None] = {
        "target": roles.target,
        "teacher": roles.teacher,
        **{f"student {label}".strip(): columns for label, columns in roles.students.items()},
        "ceiling": roles.ceiling,
        "start": roles.start,
        "weights": (roles.weights,) if roles.weights else None,
        "groups": (roles.groups,) if roles.groups else None,
    }
    for role, names in vectors.items():
        for name in names or ():
            if name in seen:
                raise ValueError(f"{seen[name]} and {role} must be different columns, got {name!r}")
            seen[name] = role


def _matches(names: Sequence[str], role: str, pattern: str) -> dict[tuple[str, ...], str]:
    """Columns by the texts of their stars. ValueError: none, or one name twice."""
    rule = re.compile("(.*)".join(re.escape(part) for part in pattern.split("*")), re.DOTALL)
    matched = [(found.groups(), name) for name in names if (found := rule.fullmatch(name))]
    for _, name in matched:
        if sum(other == name for _, other in matched) > 1:
            raise ValueError(f"{role} must be one column, got {name!r} twice")
    if not matched:
        shown = ", ".join(map(repr, names[:8])) + (", ..." if len(names) > 8 else "")
        raise ValueError(f"{role}: no column {pattern!r}; there are {shown or 'no columns'}")
    return dict(matched)


def _single(source: Table, role: str, pattern: str) -> str:
    name, *others = _matches(source.names, role, pattern).values()
    if others:
        raise ValueError(f"{role} must be one column, got {name!r} and {others[0]!r}")
    if source.width(name) != 1:
        raise ValueError(f"{role} must be one number a row, got {source.width(name)}")
    return name


def _outputs(names: Sequence[str], role: str, pattern: str) -> dict[str, str]:
    """Columns of a vector by output. ValueError: more than one star."""
    if pattern.count("*") > 1:
        raise ValueError(f"{role} must be a name or a pattern with one star, got {pattern!r}")
    found = _matches(names, role, pattern)
    return {"".join(stars): name for stars, name in found.items()}


def _like_target(
    source: Table, role: str, pattern: str, target: Mapping[str, str], width: int
) -> tuple[str, ...]:
    return _aligned(source, role, _outputs(source.names, role, pattern), target, width)


def _aligned(
    source: Table, role: str, found: Mapping[str, str], target: Mapping[str, str], width: int
) -> tuple[str, ...]:
    """In the order of the target's outputs. ValueError: others than those."""
    if len(target) > 1 and len(found) > 1:
        if sorted(found) != sorted(target):
            told = [", ".join(list(group)[:6]) for group in (target, found)]
            raise ValueError(f"{role} must have the target's outputs {told[0]}, got {told[1]}")
        ordered = tuple(found[key] for key in target)
    else:
        ordered = tuple(found.values())
    got = sum(source.width(name) for name in ordered)
    if got != width:
        raise ValueError(f"{role} must have as many outputs as the target, {width}, got {got}")
    return ordered


def _students(
    source: Table, pattern: str, target: Mapping[str, str], width: int
) -> dict[str, tuple[str, ...]]:
    """Columns of every checkpoint.

    The first of two stars is the checkpoint, the second the output. One star is the checkpoint
    where one column is a whole student, else the output.
    """
    stars = pattern.count("*")
    if stars > 2:
        raise ValueError(f"student must be a name or a pattern with 1 or 2 stars, got {pattern!r}")
    found = _matches(source.names, "student", pattern)
    if stars == 0:
        (name,) = found.values()
        return {"": _aligned(source, "student", {"": name}, target, width)}
    if stars == 1:
        whole = [source.width(name) == width for name in found.values()]
        if not any(whole):
            outputs = {key: name for (key,), name in found.items()}
            return {"": _aligned(source, "student", outputs, target, width)}
        if not all(whole):
            raise ValueError(f"student {pattern!r} must match columns of one width, {width}")
    students: dict[str, dict[str, str]] = {}
    for (step, *output), name in found.items():
        students.setdefault(step, {})["".join(output)] = name
    return {
        step: _aligned(source, f"student {step}", students[step], target, width)
        for step in sorted(students, key=_training_order)
    }


_NUMBER = re.compile(r"(\d+(?:\.\d+)?(?:e[-+]?\d+)?)", re.IGNORECASE)


def _training_order(step: str) -> list[tuple[str, float]]:
    """Numbers as numbers, words as words: step 9 before step 10, 0.5 before 2, 300 before 1e3."""
    parts = [*_NUMBER.split(step), "0"]
    return [(word, float(number)) for word, number in zip(parts[::2], parts[1::2], strict=True)]
