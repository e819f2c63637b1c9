"""What a check returns, how it is declared, and how much work it may do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from w2s_theory.certify.verdict import Verdict
from w2s_theory.ledger.statement import Evidence

Check = TypeVar("Check", bound=Callable[..., "Outcome"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The result of one check on one statement.

    `margin` says how far the claim was from its edge, in the check's own words; `effective` counts
    the settings in which the claim was really put to the test.
    """

    verdict: Verdict
    margin: str = ""
    effective: int = 1
    detail: str = ""


class PendingError(Exception):
    """Raised by a check whose evidence is declared but not built on this machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How much a check may do: random tries, network draws and widths, certified digits."""

    name: str
    tries: int
    draws: int
    widths: tuple[int, ...]
    digits: int
    derandomize: bool
    shrink: bool = True


QUICK = Profile(name="quick", tries=100, draws=3, widths=(16, 64, 256), digits=20, derandomize=True)
FULL = Profile(
    name="full",
    tries=2000,
    draws=10,
    widths=(16, 32, 64, 128, 256),
    digits=50,
    derandomize=True,
)
PROFILES = {profile.name: profile for profile in (QUICK, FULL)}


def check(statement_id: str | None, kind: Evidence) -> Callable[[Check], Check]:
    """Declare a test function as evidence of one kind for one statement.

    With None it serves many statements, as pytest parametrises its argument `statement_id`.
    """

    def mark(function: Check) -> Check:
        function.w2s_check = (statement_id, kind)  # type: ignore[attr-defined]
        return function

    return mark


def first_line(value: object) -> str:
    """The first line of a text, for tables."""
    return str(value).splitlines()[0] if str(value) else ""
