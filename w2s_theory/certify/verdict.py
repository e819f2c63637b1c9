"""The three answers a rigorous check can give, and how they combine."""

from collections.abc import Iterable
from enum import Enum


class Verdict(Enum):
    """PROVED and REFUTED are certain; UNDECIDED says nothing about the claim."""

    PROVED = "PROVED"
    REFUTED = "REFUTED"
    UNDECIDED = "UNDECIDED"

    def __and__(self, other: "Verdict") -> "Verdict":
        """Verdict of a conjunction."""
        return weakest((self, other))

    def __or__(self, other: "Verdict") -> "Verdict":
        """Verdict of a disjunction."""
        return max(self, other, key=_ORDER.index)

    def __invert__(self) -> "Verdict":
        """Verdict of the negated claim."""
        return _ORDER[2 - _ORDER.index(self)]


_ORDER = (Verdict.REFUTED, Verdict.UNDECIDED, Verdict.PROVED)


def weakest(verdicts: Iterable[Verdict]) -> Verdict:
    """Smallest verdict in REFUTED < UNDECIDED < PROVED; PROVED for an empty conjunction."""
    return min(verdicts, key=_ORDER.index, default=Verdict.PROVED)
