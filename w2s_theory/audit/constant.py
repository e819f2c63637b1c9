"""What an audited constant is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from sympy import Expr

    from w2s_theory.ledger.statement import Source


class Sharpness(StrEnum):
    """How good a constant is."""

    BEST = "best possible"
    UNKNOWN = "not known to be best possible"
    IMPROVABLE = "improvable"
    VALUE = "exact value"


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    """One number of the theory.

    `expr` is a SymPy number taken from the object at `home` (a dotted name), `formula` the general
    form it is a value of, `latex` its name. `statements` are ids of the ledger that use it,
    `mutants` ("id~mutant") the false versions of it that the regression refutes, `evidence` paths
    of the tests of a constant that no statement uses yet. `remark` says why it is as sharp as
    `sharpness` says (an improvable one: improvable to what).
    """

    id: str
    latex: str
    meaning: str
    expr: Expr
    home: str
    source: Source
    reference: str
    sharpness: Sharpness
    remark: str
    formula: Expr | None = None
    statements: tuple[str, ...] = ()
    mutants: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


class Enclosure(TypedDict):
    """A ball as decimal strings, and how many digits of `mid` are certain."""

    mid: str
    rad: str
    digits: int


class Row(TypedDict):
    """One constant as `w2s audit --json` prints it."""

    id: str
    latex: str
    meaning: str
    exact: str
    formula: str | None
    enclosure: Enclosure
    sharpness: str
    remark: str
    source: str
    reference: str
    home: str
    statements: list[str]
    evidence: list[str]
    mutants: list[str]


class Audit(TypedDict):
    """The object of `w2s audit --json`."""

    constants: list[Row]
