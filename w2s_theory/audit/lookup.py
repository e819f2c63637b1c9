"""Which constants somebody means: by id, by statement, or by some digits of the value."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from w2s_theory.audit.constants import constants
from w2s_theory.audit.evaluate import enclosure

if TYPE_CHECKING:
    from flint import arb

    from w2s_theory.audit.constant import Constant
    from w2s_theory.ledger.theories import Theory

_DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
_MOST_DIGITS = 100
_SPARE = 5


@dataclass(frozen=True, slots=True)
class Typed:
    """A decimal as it was typed: its value, and one unit of its last digit."""

    value: Fraction
    unit: Fraction

    @property
    def digits(self) -> int:
        """How many digits an enclosure needs to be told from it."""
        size = max(abs(self.value), self.unit)
        return len(str(int(size / self.unit))) + _SPARE


def decimal(text: str) -> Typed | None:
    """The number that `text` types in decimals, None if it is no decimal number.

    >>> decimal("1.4559").unit
    Fraction(1, 10000)
    """
    text = text.strip()
    if len(text) > _MOST_DIGITS or not _DECIMAL.fullmatch(text):
        return None
    mantissa, _, exponent = text.lower().partition("e")
    places = len(mantissa.partition(".")[2]) - int(exponent or 0)
    return Typed(Fraction(text), Fraction(10) ** -places)


def agrees(typed: Typed, number: arb | Fraction, *, cut: bool = False) -> bool | None:
    """Whether a number rounds to the decimal typed; None if its ball cannot say.

    With `cut` its digits may also have been cut off there. A tie rounds both ways.
    """
    from w2s_theory.certify import precision, to_arb

    half = Fraction(1, 2)
    way, end = -1 if typed.value < 0 else 1, Fraction(1) if cut else half  # positive: away from 0
    if isinstance(number, Fraction):
        places = way * (number - typed.value) / typed.unit
        return -half <= places and (places < end if cut else places <= end)
    with precision(4 * typed.digits + 64):
        # In units of the last digit: exact where the number is, so that a tie is one.
        beyond = number / to_arb(typed.unit) if typed.unit >= 1 else number * to_arb(1 / typed.unit)
        beyond = (beyond - to_arb(typed.value / typed.unit)) * way
        low, high = to_arb(-half), to_arb(end)
        if beyond >= low and (beyond < high if cut else beyond <= high):
            return True
        return False if beyond < low or (beyond >= high if cut else beyond > high) else None


def lookup(what: str, theory: Theory | None = None) -> tuple[Constant, ...]:
    """The constants with this id, used by the statement with this id, or with these digits.

    Empty only for digits that no constant has (rounded or cut). Raises `ValueError` for a text
    that is none of the three.

    >>> [constant.id for constant in lookup("0.559301")]
    ['chain-ratio-2']
    """
    from w2s_theory.ledger.registry import load

    known, ledger = constants(theory), load() if theory is None else theory.ledger
    if typed := decimal(what):
        close = [c for c in known if agrees(typed, enclosure(c, typed.digits), cut=True)]
        return tuple(close)
    by_id = [c for c in known if c.id == what]
    if by_id or what in ledger:
        return tuple(by_id or (c for c in known if what in c.statements))
    near = difflib.get_close_matches(what[:40], [*(c.id for c in known), *ledger], n=3, cutoff=0.5)
    hint = f"; did you mean {', '.join(near)}?" if near else ""
    raise ValueError(
        f"WHAT must be a constant, a statement or a decimal number, got {what[:40]!r}{hint}"
    )


def nearest(what: str, among: Sequence[Constant]) -> Constant:
    """The constant whose value is nearest to a decimal number."""
    typed = decimal(what)
    if typed is None or not among:
        raise ValueError(f"WHAT must be a decimal number, got {what!r}")
    return min(among, key=lambda c: abs(Fraction(float(enclosure(c, 15).mid())) - typed.value))
