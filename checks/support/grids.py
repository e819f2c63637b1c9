"""What the checks of section 1 share: grids of exact numbers, decided in ball arithmetic."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from w2s_theory.certify import Verdict, decide, weakest
from w2s_theory.enclose.claims import decide_at
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.statement import Statement
from w2s_theory.regression.outcome import Outcome, Profile

Numbers = dict[Any, Fraction]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """Bits of the balls, terms summed one by one, and how closely two sides must agree.

    A sum is enclosed to the third power of its length and a limit to the index at which it is
    read off, so their tolerance is 1e-6; closed forms and integrals must agree to the profile's
    digits.
    """

    bits: int
    start: int
    tolerance: Fraction


def exact(profile: Profile) -> Effort:
    """For closed forms and integrals."""
    return Effort(bits=64 + 4 * profile.digits, start=0, tolerance=Fraction(1, 10**profile.digits))


def summed(profile: Profile, start: int) -> Effort:
    """For sums and limits."""
    return Effort(bits=64 + 4 * profile.digits, start=start, tolerance=Fraction(1, 10**6))


def grid(**names: Iterable[object]) -> list[Numbers]:
    """Every combination of values, by the names of `ledger.quantities`; text is read exactly."""
    symbols = [getattr(q, name) for name in names]
    products = itertools.product(*(list(values) for values in names.values()))
    return [dict(zip(symbols, (Fraction(str(v)) for v in row), strict=True)) for row in products]


def agree(
    statement: Statement, settings: Iterable[Numbers], effort: Effort, *, least: int
) -> Outcome:
    """Decide every clause in every setting that satisfies the assumptions.

    The margin is the worst resolution: by how much, relatively, two sides could still differ.
    A sum or limit that cannot be enclosed leaves its setting undecided.
    """
    verdicts, undecided, worst, effective = [], [], 0.0, 0
    known: dict[Any, tuple[Verdict, float]] = {}  # a clause may not depend on every number
    for numbers in settings:
        if not _assumed(statement, numbers):
            continue
        effective += 1
        for clause in statement.unfolded:
            needed = {s: numbers[s] for s in sorted(clause.free_symbols, key=str)}
            key = (clause, *needed.values())
            if key not in known:
                known[key] = _decide(clause, needed, effort)
            verdict, resolution = known[key]
            verdicts.append(verdict)
            where = ", ".join(f"{symbol} = {value}" for symbol, value in numbers.items())
            if verdict is Verdict.REFUTED:
                detail = f"counterexample: {where}"
                return Outcome(verdict=verdict, margin="ball", effective=effective, detail=detail)
            if verdict is Verdict.UNDECIDED:
                undecided.append(where)
            if clause.rel_op == "==":
                worst = max(worst, resolution)
    if effective < least:
        detail = f"{effective} settings effective, at least {least} needed"
        return Outcome(verdict=Verdict.UNDECIDED, effective=effective, detail=detail)
    return Outcome(
        verdict=weakest(verdicts),
        margin=f"to {worst:.1e}",
        effective=effective,
        detail=f"{len(undecided)} undecided, first {undecided[0]}" if undecided else "",
    )


def _assumed(statement: Statement, numbers: Mapping[Any, Fraction]) -> bool:
    conditions = [statement.unfold(a.condition) for a in statement.assumes]
    return all(
        decide(c, {s: numbers[s] for s in c.free_symbols}).verdict is Verdict.PROVED
        for c in conditions
    )


def _decide(clause: Any, numbers: Mapping[Any, Fraction], effort: Effort) -> tuple[Verdict, float]:
    try:
        verdict, sides = decide_at(
            clause, numbers, bits=effort.bits, start=effort.start, tolerance=effort.tolerance
        )
    except ArithmeticError:
        return Verdict.UNDECIDED, float("inf")
    return verdict, sides.resolution
