"""What a verified minimisation leaves behind, so that it can be checked again."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from flint import arb, fmpq
from sympy import Expr, Symbol

from w2s_theory.certify.balls import Exact

Point: TypeAlias = tuple[fmpq, ...]


class Rule(StrEnum):
    """How a leaf is bounded."""

    NATURAL = "natural"
    SLOPE = "slope"
    CONVEX = "convex"
    QUADRATIC = "quadratic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A box [lo, hi] and a lower bound of the function on it.

    face: per coordinate -1 (increasing, the minimum lies at lo), 1 (decreasing, at hi), 0 (free).
    rule, applied on the face: "natural" (interval evaluation), "slope" (mean value form about
    ``point``), "convex" (tangent plane at ``point``), "quadratic" (second-order Taylor form).
    bound: None if nothing finite is known.
    """

    lo: Point
    hi: Point
    face: tuple[int, ...]
    rule: Rule
    point: Point
    bound: fmpq | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """Leaves that tile the domain, and a point where the function is at most ``upper``."""

    expr: Expr
    symbols: tuple[Symbol, ...]
    values: tuple[tuple[Symbol, Exact | arb], ...]
    domain: tuple[tuple[fmpq, fmpq], ...]
    leaves: tuple[Leaf, ...]
    lower: fmpq | None
    upper: fmpq | None
    point: Point
    bits: int
