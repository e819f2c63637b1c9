"""Leading terms: c N^p log(N)^q log(log(N))^r with c != 0, and the limits that they give.

An expression has a leading term if its quotient by it tends to 1 as the symbol N grows; it is then
real, and of the sign of c, from some N on. The symbols of c, p, q, r are signed by known facts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import sympy as sp
from sympy import Expr, Integer, Symbol

from proofs.domains import Known, RefusedError, Sign, defined, exact, same, sign_of

_LEVELS = 3
"""N, log N, log log N."""


@dataclass(frozen=True, slots=True)
class Leading:
    """`coefficient`, not 0, times the iterated logarithms of N to the `powers`."""

    coefficient: Expr
    powers: tuple[Expr, ...]

    def times(self, other: Leading) -> Leading:
        """The leading term of a product."""
        powers = (sp.expand(a + b) for a, b in zip(self.powers, other.powers, strict=True))
        return Leading(self.coefficient * other.coefficient, tuple(powers))


def _unit(level: int, coefficient: Expr) -> Leading:
    return Leading(coefficient, tuple(Integer(place == level) for place in range(_LEVELS)))


def _direction(expr: Expr, known: Sequence[Known]) -> int:
    """1, -1 or 0: the sign of an expression; `RefusedError` if it is not plain."""
    if expr == 0 or same(expr, Integer(0)) or sp.factor(expr) == 0:
        return 0
    for sign in (1, -1):
        for form in (expr, sp.factor(expr)):
            if sign_of(sign * form, known) is Sign.POSITIVE:
                return sign
    raise RefusedError(f"the sign of {expr} is not plain")


def order(term: Leading, known: Sequence[Known]) -> int:
    """1 if the term grows without bound, -1 if it vanishes, 0 if it is constant."""
    return next((way for power in term.powers if (way := _direction(power, known))), 0)


def leading(  # noqa: PLR0911 - one return per kind of node
    expr: Expr, symbol: Symbol, known: Sequence[Known]
) -> Leading:
    """The leading term of an expression; `RefusedError` if it is not found."""
    if expr == symbol:
        return _unit(0, Integer(1))
    if not expr.has(symbol):
        if _direction(expr, known) == 0:
            raise RefusedError(f"{expr} is 0")
        return _unit(_LEVELS, expr)
    if isinstance(expr, sp.Mul):
        terms = [leading(factor, symbol, known) for factor in expr.args]
        return reduce(Leading.times, terms)
    if isinstance(expr, sp.Pow) and not expr.exp.has(symbol):
        base = leading(expr.base, symbol, known)
        if not expr.exp.is_Integer and _direction(base.coefficient, known) < 0:
            raise RefusedError(f"{expr.base} is negative at last")
        powers = tuple(sp.expand(power * expr.exp) for power in base.powers)
        return Leading(base.coefficient**expr.exp, powers)
    if isinstance(expr, sp.log):
        return _logarithm(leading(expr.args[0], symbol, known), known)
    if isinstance(expr, sp.exp) and order(leading(expr.args[0], symbol, known), known) < 0:
        return _unit(_LEVELS, Integer(1))
    if isinstance(expr, sp.Add):
        return _sum(expr, symbol, known)
    raise RefusedError(f"no leading term of {expr} is known")


def _logarithm(term: Leading, known: Sequence[Known]) -> Leading:
    """log(c N^p log(N)^q ...): p log N, or if p = 0 q log(log(N)), or if both are the constant."""
    if _direction(term.coefficient, known) < 0:
        raise RefusedError(f"a logarithm of what is {term.coefficient} at last")
    for level, power in enumerate(term.powers):
        if _direction(power, known) and level + 1 < _LEVELS:
            return _unit(level + 1, power)
        if _direction(power, known):
            raise RefusedError("a fourth logarithm")
    constant = sp.log(term.coefficient)
    if _direction(constant, known) == 0:
        raise RefusedError("a logarithm of what tends to 1")
    return _unit(_LEVELS, constant)


def _sum(expr: Expr, symbol: Symbol, known: Sequence[Known]) -> Leading:
    """The largest of the terms; 1 - exp(u) ~ -u where u vanishes.

    Terms without the symbol are one constant, of whatever sign if another term grows.
    """
    one = expr - 1
    if isinstance(-one, sp.exp):
        small = leading(-one.args[1].args[0], symbol, known)
        if order(small, known) < 0:
            return small
    best: list[Leading] = []
    fixed, varying = expr.as_independent(symbol, as_Add=True)
    terms = [leading(part, symbol, known) for part in sp.Add.make_args(varying)]
    if any(order(term, known) > 0 for term in terms):
        defined(fixed, known)
    elif fixed != 0:
        terms.append(leading(fixed, symbol, known))
    for term in terms:
        way = 1
        if best:
            apart = [a - b for a, b in zip(term.powers, best[0].powers, strict=True)]
            way = order(Leading(Integer(1), tuple(map(sp.expand, apart))), known)
        best = [term] if way > 0 else [*best, term] if way == 0 else best
    total = sp.Add(*(term.coefficient for term in best))
    if _direction(total, known) == 0:
        raise RefusedError(f"the largest terms of {expr} cancel")
    return Leading(total, best[0].powers)


def limit(expr: Expr, symbol: Symbol, known: Sequence[Known]) -> Expr | None:
    """The limit as the symbol grows, None if it is infinite; `RefusedError` if it is not found."""
    known = [fact for fact in known if not fact.gap.has(symbol)]
    try:
        term = leading(exact(expr), symbol, known)
    except RefusedError:
        parts = [limit(part, symbol, known) for part in _terms(expr)]
        if None in parts:
            raise
        return sp.Add(*parts)
    way = order(term, known)
    return None if way > 0 else Integer(0) if way < 0 else term.coefficient


def apart(difference: Expr, known: Sequence[Known]) -> bool:
    """Whether a difference is shown not to be 0, for some or for all values of its symbols."""
    try:
        return _direction(difference, known) != 0
    except RefusedError:
        return False


def _terms(expr: Expr) -> Sequence[Expr]:
    """Of a sum; `RefusedError` for anything else."""
    if not isinstance(expr, sp.Add):
        raise RefusedError(f"no limit of {expr} is known")
    return tuple(expr.args)
