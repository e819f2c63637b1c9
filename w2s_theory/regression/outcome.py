"""What a check returns, how it is declared, and how much work it may do."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from w2s_theory.certify.verdict import Verdict
from w2s_theory.ledger.statement import Evidence

if TYPE_CHECKING:
    import numpy as np

Check = TypeVar("Check", bound=Callable[..., "Outcome"])
Test = TypeVar("Test", bound=Callable[..., None])


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The result of one check on one statement.

    `margin` says how far the claim was from its edge, in the check's own words; `effective` counts
    the settings in which the claim was really put to the test, or the steps of a proof; `gaps` the
    steps that a proof takes without proof. A sampled one also says how many `draws` it took, at
    which `rate` it fails a true statement, and what it `resolves` with probability
    `statistics.POWER`, in its own words. `recorded`: it was found in an earlier build of the same
    sources, which the repository keeps, and not again on this machine.
    """

    verdict: Verdict
    margin: str = ""
    effective: int = 1
    detail: str = ""
    draws: int = 0
    rate: str = ""
    resolves: str = ""
    gaps: int = 0
    recorded: bool = False


class PendingError(Exception):
    """Raised by a check whose evidence is declared but not built on this machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How much a check may do: random tries, network draws and widths, certified digits.

    All that is random in a run comes from `seed`.
    """

    name: str
    tries: int
    draws: int
    widths: tuple[int, ...]
    digits: int
    seed: int = 0
    shrink: bool = True

    def stream(self, *label: object) -> int:
        """A seed of 128 bits: another one for every label, the same wherever it is asked for."""
        text = "\0".join(map(str, (self.seed, *label)))
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:16])

    def rng(self, *label: object) -> np.random.Generator:
        """A generator seeded by `stream`, independent of those of all other labels."""
        import numpy as np

        return np.random.default_rng(self.stream(*label))


QUICK = Profile(name="quick", tries=100, draws=3, widths=(16, 64, 256), digits=20)
FULL = Profile(name="full", tries=2000, draws=10, widths=(16, 32, 64, 128, 256), digits=50)
PROFILES = {profile.name: profile for profile in (QUICK, FULL)}


def check(statement_id: str | None, kind: Evidence) -> Callable[[Check], Check]:
    """Declare a test function as evidence of one kind for one statement.

    With None it serves many statements, as pytest parametrises its argument `statement_id`.
    """

    def mark(function: Check) -> Check:
        function.w2s_check = (statement_id, kind)  # type: ignore[attr-defined]
        return function

    return mark


def weaker(function: Test) -> Test:
    """Declare a test, parametrised by `statement_id`, as one of statements that assume less.

    It takes `record_weaker`, and calls it with a `Weaker` for each.
    """
    function.w2s_weaker = True  # type: ignore[attr-defined]
    return function


def first_line(value: object) -> str:
    """The first line of a text, for tables."""
    return str(value).splitlines()[0] if str(value) else ""
