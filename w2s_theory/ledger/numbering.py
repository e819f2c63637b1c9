"""The numbers of the statements: the paper's where it has one, else a letter and a place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from string import ascii_uppercase

from w2s_theory.ledger.statement import Source, Statement
from w2s_theory.ledger.theories import Theory, modules

_PAPER = re.compile(r"(?:def|lem|thm|cor)-(\d+(?:\.\d+)?)$")
_OF_PAPER = (Source.PAPER, Source.RECONSTRUCTED)
PACKAGE = "w2s_theory.ledger"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the theory: its letter, what its module says first, its statements' ids."""

    letter: str
    title: str
    ids: tuple[str, ...]


def paper_number(statement: Statement) -> str:
    """The number in the paper ("4.1"), empty for what the paper does not number."""
    found = _PAPER.match(statement.id)
    return found[1] if found and statement.source in _OF_PAPER else ""


def label(statement: Statement, number: str) -> str:
    """Its kind and number, such as "Theorem 4.1" or "Lemma B.3"."""
    return f"{statement.kind.value.capitalize()} {number}"


def labels(theory: Theory) -> dict[str, str]:
    """Id -> name of every statement, such as "Theorem 4.1"."""
    return {key: label(theory.ledger[key], number) for key, number in numbers(theory).items()}


def all_parts(theory: Theory) -> tuple[Part, ...]:
    """The parts of a theory, of the package's first if it is on top of that."""
    below = modules((PACKAGE,), "STATEMENTS") if theory.on_top else ()
    return tuple(
        Part(
            ascii_uppercase[place % 26] * (place // 26 + 1),  # A, ..., Z, AA, ...
            (module.__doc__ or module.__name__).splitlines()[0].rstrip("."),
            tuple(statement.id for statement in module.STATEMENTS),
        )
        for place, module in enumerate((*below, *theory.modules))
    )


def numbers(theory: Theory) -> Mapping[str, str]:
    """Id -> number: the paper's "4.1", or "B.3", the third of part B that the paper does not have.

    The number of a statement depends on the theory alone, never on what is exported with it.
    """
    found: dict[str, str] = {}
    for part in all_parts(theory):
        place = 0
        for key in part.ids:
            number = paper_number(theory.ledger[key])
            place += not number
            found[key] = number or f"{part.letter}.{place}"
    return found
