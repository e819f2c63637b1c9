"""The answers a rigorous check can give, and how they combine."""

from collections.abc import Iterable
from enum import Enum


class Verdict(Enum):
    """PROVED and REFUTED are certain; UNDECIDED says nothing about the claim.

    VACUOUS: the claim was never put to the test, because nothing met what it assumes.
    """

    PROVED = "PROVED"
    REFUTED = "REFUTED"
    UNDECIDED = "UNDECIDED"
    VACUOUS = "VACUOUS"

    def __and__(self, other: "Verdict") -> "Verdict":
        """Verdict of a conjunction."""
        return weakest((self, other))

    def __or__(self, other: "Verdict") -> "Verdict":
        """Verdict of a disjunction."""
        return max(self, other, key=_ORDER.index)

    def __invert__(self) -> "Verdict":
        """Verdict of the negated claim."""
        return _NEGATED.get(self, self)


_ORDER = (Verdict.REFUTED, Verdict.UNDECIDED, Verdict.VACUOUS, Verdict.PROVED)
_NEGATED = {Verdict.REFUTED: Verdict.PROVED, Verdict.PROVED: Verdict.REFUTED}


def weakest(verdicts: Iterable[Verdict]) -> Verdict:
    """Smallest verdict in REFUTED < UNDECIDED < VACUOUS < PROVED; PROVED for no verdict at all."""
    return min(verdicts, key=_ORDER.index, default=Verdict.PROVED)
