"""What a definition is: relations that hold in every setting of some statements."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import spaces as v
from w2s_theory.ledger.relations import Eq


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """Relations that hold by definition, for all values of `free` that satisfy `when`."""

    text: str
    relations: tuple[Boolean, ...]
    when: tuple[Boolean, ...] = ()
    free: tuple[Symbol, ...] = ()
    scope: tuple[str, ...] = ()

    @property
    def pinned(self) -> tuple[Symbol, ...]:
        """The symbols that it gives a meaning: no other values may be put for them.

        The length of the chain is one: the student is its last member.
        """
        said = (*self.relations, *self.when)
        found = {q.CHAIN, *(symbol for relation in said for symbol in relation.free_symbols)}
        return tuple(sorted(found - set(self.free), key=str))


def distance(symbol: Symbol, left: Expr, right: Expr) -> Definition:
    """The symbol is the squared distance of two vectors."""
    return Definition(
        text=f"{symbol} = ||{left} - {right}||^2", relations=(Eq(symbol, v.norm2(left - right)),)
    )
