"""Where an expression is real, its sign where that is plain, and the shapes of functions.

`known` are facts: anything with a `gap` and what `sign` says of it. A root, a quotient or a
logarithm is real only where a fact, or the sign of its parts, puts its argument in the domain.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache, reduce
from typing import Any, Protocol, get_args

import sympy as sp
from sympy import Add, Expr, Integer, Mul, Pow, Rational, Symbol, expand, oo
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import Boolean

from w2s_theory.certify import Verdict, decide, identity, separating_point
from w2s_theory.ledger.at_infinity import AtInfinity
from w2s_theory.ledger.definition import Definition
from w2s_theory.ledger.harmonic import Harmonic, Hermite
from w2s_theory.ledger.infimum import Infimum
from w2s_theory.ledger.spaces import FAMILIES, FAMILY_SYMBOLS, LAWS, Inner, Mean
from w2s_theory.ledger.statement import Assumption


class RefusedError(ValueError):
    """A rule whose side condition is not met."""


class RefutedError(RefusedError):
    """A relation that is shown to be false."""


class Sign(StrEnum):
    """What a fact says of its gap."""

    POSITIVE = ">"
    NONNEGATIVE = ">="
    ZERO = "="


class Known(Protocol):
    """A gap and its sign, under assumptions and by definitions."""

    @property
    def gap(self) -> Expr: ...  # noqa: D102
    @property
    def sign(self) -> Sign: ...  # noqa: D102
    @property
    def assumes(self) -> tuple[Assumption, ...]: ...  # noqa: D102
    @property
    def definitions(self) -> tuple[Definition, ...]: ...  # noqa: D102


RELATIONS = {
    Sign.POSITIVE: sp.StrictGreaterThan,
    Sign.NONNEGATIVE: sp.GreaterThan,
    Sign.ZERO: sp.Equality,
}
_STRONGEST = (Sign.POSITIVE, Sign.ZERO, Sign.NONNEGATIVE)
_PLAIN = Symbol | sp.Number | sp.NumberSymbol | sp.Add | Mul | sp.exp | sp.sin | sp.cos
_LIMITS = sp.Integral | sp.Sum | sp.Derivative | AtInfinity
"""Real where a fact holds in which they stand."""
_TOTAL = _PLAIN | Pow | sp.floor | sp.atan | sp.Max | sp.Min | sp.Abs | Inner | Mean | AppliedUndef


def exact(expr: Expr) -> Expr:
    """A real SymPy expression without floats and infinities; `RefusedError` otherwise."""
    expr = sp.sympify(expr)
    if not isinstance(expr, Expr) or not expr.is_commutative:
        raise RefusedError(f"not a real expression: {expr}")
    parts = {node: sp.Dummy() for node in expr.atoms(sp.Integral, sp.Sum, Infimum)}
    for node in parts:  # only they may go to infinity
        if isinstance(node, Infimum):
            ends = [end for end in node.interval if end is not oo or end is node.interval[0]]
        else:
            ends = [e for limits in node.limits for e in limits[1:] if not e.is_infinite]
        for part in (*ends, node.args[0]):
            exact(part)
    if expr.xreplace(parts).has(sp.Float, sp.nan, sp.zoo, oo, -oo, sp.I):
        raise RefusedError(f"not an exact real expression: {expr}")
    atoms = expr.atoms(Symbol, AppliedUndef)  # those of vectors do not commute
    if any(node.is_real is False and node.is_commutative for node in atoms):
        raise RefusedError(f"a symbol that is not real, in {expr}")
    return expr


def same(left: Expr, right: Expr) -> bool:
    """Whether two expressions are equal once multiplied out."""
    return bool(left == right or expand(left - right) == 0)


def opaque(*exprs: Expr) -> tuple[Expr, ...]:
    """The expressions, each limit in them a symbol, one for identical bodies of the same index.

    What a limit binds is no number, so no rule for numbers may look inside it.
    """
    nodes: dict[AtInfinity, Symbol] = {}
    for node in sp.ordered({node for expr in exprs for node in expr.atoms(AtInfinity)}):
        like = (known for known in nodes if _same_limit(node, known))
        nodes[node] = next((nodes[known] for known in like), sp.Dummy(real=True))
    return tuple(expr.xreplace(nodes) for expr in exprs)


def _same_limit(left: AtInfinity, right: AtInfinity) -> bool:
    (body, index), (other, also) = left.args, right.args
    if index != also or Add(body, other, evaluate=False).has(*get_args(_LIMITS)):
        return bool(left == right)
    if same(body, other):
        return True
    # A point at which they differ is cheaper to find than that there is none.
    return separating_point(body, other) is None and identity(body, other) is Verdict.PROVED


def claim(relation: Boolean) -> tuple[Expr, Sign]:
    """A relation as gap and sign; `RefusedError` for one of another kind."""
    for sign, kind in RELATIONS.items():
        if isinstance(relation, kind):
            return relation.lhs - relation.rhs, sign
    if isinstance(relation, sp.LessThan | sp.StrictLessThan):
        strict = isinstance(relation, sp.StrictLessThan)
        return relation.rhs - relation.lhs, Sign.POSITIVE if strict else Sign.NONNEGATIVE
    raise RefusedError(f"not a relation that a fact can state: {relation}")


def bound_in(expr: Expr) -> set[Symbol]:
    """The symbols that a mean, minimum, integral, sum, limit or derivative in `expr` binds."""
    bound = {node.symbol for node in expr.atoms(Infimum)}
    for node in expr.atoms(sp.Integral, sp.Sum, AtInfinity):
        bound |= set(node.bound_symbols)
    for node in expr.atoms(sp.Derivative):
        bound |= {symbol for symbol, _ in node.variable_count}
    return bound | set(FAMILY_SYMBOLS) if expr.has(Mean) else bound


def product(left: Sign, right: Sign) -> Sign:
    """Of two signs."""
    if Sign.ZERO in (left, right):
        return Sign.ZERO
    return left if left is right else Sign.NONNEGATIVE


def total(left: Sign, right: Sign) -> Sign:
    """Of a sum of two signs."""
    if left is right:
        return left
    return Sign.POSITIVE if Sign.POSITIVE in (left, right) else Sign.NONNEGATIVE


def sign_of(  # noqa: PLR0911 - one return per kind of expression
    expr: Any, known: Sequence[Known]
) -> Sign | None:
    """The sign of an expression, by known facts and the signs of its parts; None if not plain."""
    expr = sp.sympify(expr)
    primitive = _primitive(expr)
    # Known up to a positive factor; of several facts the one that says most.
    kinds = _kinds(expr)  # a cheap test first: to multiply out long expressions is slow
    near = (fact for fact in known if _kinds(fact.gap) == kinds)
    said = {fact.sign for fact in near if _primitive(fact.gap) == primitive}
    if said:
        return next(sign for sign in _STRONGEST if sign in said)
    if not expr.free_symbols and not expr.has(Inner, Mean, Infimum, AppliedUndef):
        return next(
            (s for s in _STRONGEST if _decided(RELATIONS[s](expr, 0, evaluate=False))), None
        )
    number, rest = expr.as_coeff_Add()
    counts = isinstance(rest, Symbol) and rest.is_integer and rest.is_positive  # rest >= 1
    if counts and number.is_Integer and number >= -1:
        return Sign.NONNEGATIVE if number == -1 else Sign.POSITIVE
    if isinstance(expr, Symbol):
        positive = Sign.POSITIVE if expr.is_positive else None
        return positive or (Sign.NONNEGATIVE if expr.is_nonnegative else None)
    if isinstance(expr, sp.exp):
        return Sign.POSITIVE
    if isinstance(expr, sp.gamma):
        return Sign.POSITIVE if sign_of(expr.args[0], known) is Sign.POSITIVE else None
    if isinstance(expr, sp.factorial):
        return Sign.POSITIVE if sign_of(expr.args[0], known) is not None else None
    if isinstance(expr, Pow):
        return _sign_of_power(expr, known)
    if isinstance(expr, sp.Add | Mul):
        parts = [sign_of(part, known) for part in expr.args]
        combine = product if isinstance(expr, Mul) else total
        return None if None in parts else reduce(combine, parts)  # type: ignore[arg-type]
    return None


@lru_cache(maxsize=4096)
def _primitive(expr: Expr) -> Expr:
    """Multiplied out, without a positive rational factor."""
    return expand(expr).as_content_primitive()[1]


@lru_cache(maxsize=4096)
def _kinds(expr: Expr) -> frozenset[type]:
    """The functions in an expression."""
    return frozenset(type(node) for node in expr.atoms(sp.Function))


def _decided(relation: Boolean) -> bool:
    return decide(relation).verdict is Verdict.PROVED


def _sign_of_power(expr: Expr, known: Sequence[Known]) -> Sign | None:
    base = sign_of(expr.base, known)
    if base is Sign.POSITIVE:
        return base
    positive = sign_of(expr.exp, known) is Sign.POSITIVE
    even = isinstance(expr.exp, Integer) and expr.exp % 2 == 0
    return Sign.NONNEGATIVE if positive and (even or base is not None) else None


def _needs(node: Expr) -> tuple[tuple[Any, str], ...]:  # noqa: PLR0911 - one per kind of node
    """What must be >= 0, > 0 or != 0 for a node to be real when its arguments are."""
    if isinstance(node, Pow):
        if node.exp.is_integer:
            return () if node.exp.is_nonnegative else ((node.base, "!="),)
        return ((node.base, ">=" if isinstance(node.exp, Rational) and node.exp > 0 else ">"),)
    if isinstance(node, sp.log):
        return ((node.args[0], ">"),)
    if isinstance(node, sp.tan):
        return ((sp.cos(node.args[0]), "!="),)
    if isinstance(node, sp.asin | sp.acos):
        return ((1 - node.args[0], ">="), (1 + node.args[0], ">="))
    if isinstance(node, sp.gamma):
        return ((node.args[0], ">"),)
    if isinstance(node, sp.factorial):
        return ((node.args[0], ">="),)
    if isinstance(node, sp.binomial) and all(number.is_integer for number in node.args):
        return ((node.args[0], ">="),)
    if isinstance(node, sp.factorial2) and node.args[0].is_odd:
        return ()  # continued by the recurrence
    if isinstance(node, Harmonic | Hermite) and node.args[0].is_integer:
        spaces = ((dim - 1, ">") for dim in node.args[1:-1] if dim.is_integer)
        return ((node.args[0], ">="), *spaces)
    if isinstance(node, Infimum):
        low, high = node.interval
        return () if high is oo else ((high - low, ">="),)
    if isinstance(node, _TOTAL):
        return ()
    raise RefusedError(f"no rule knows where {node.func} is real")


def _is_entire(node: Expr) -> bool:
    """1/Gamma^n is real everywhere, 0 at the poles."""
    inverse = isinstance(node, Pow) and node.exp.is_Integer and node.exp.is_negative
    return bool(inverse and isinstance(node.base, sp.gamma))


def defined(expr: Expr, known: Sequence[Known]) -> Expr:
    """The expression, if it is real wherever the known facts hold."""
    expr = exact(expr)
    stack = [expr]
    while stack:
        node = stack.pop()
        if _is_entire(node):
            stack += node.base.args
            continue
        if isinstance(node, _LIMITS) and any(fact.gap.has(node) for fact in known):
            continue
        for inside, how in _needs(node):
            if how == ">" and isinstance(node, Pow) and sign_of(node.exp, known) is Sign.POSITIVE:
                how = ">="  # noqa: PLW2901 - a positive power of 0 is 0
            signs = {sign_of(inside, known)}
            if how == "!=":
                signs.add(sign_of(expand(-inside), known))
            if Sign.POSITIVE not in signs and (how != ">=" or signs == {None}):
                raise RefusedError(f"{inside} is not shown {how} 0 in {expr}")
        if isinstance(node, Infimum):
            bounded(node.objective, (node.symbol,), known)
            if node.interval[1] is oo:
                least(node, known)
            stack += [end for end in node.interval if end is not oo]
        elif isinstance(node, Mean):
            integrable(node.args[0], node.args[1], known)
        elif not isinstance(node, Inner):
            stack += node.args
    return expr


def least(node: Infimum, known: Sequence[Known]) -> None:
    """Refuse an infimum whose objective is not plainly >= 0: without end it may be unbounded."""
    everywhere = [fact for fact in known if not _said_of(node.symbol, fact)]
    room = _Room(node.symbol - node.interval[0], Sign.NONNEGATIVE)
    if sign_of(node.objective, [*everywhere, room]) is None:
        raise RefusedError(f"{node.objective} is not plainly >= 0")


def _said_of(symbol: Symbol, fact: Known) -> bool:
    """Whether something is assumed of a symbol, or it has a meaning."""
    meant = any(symbol in meaning.pinned for meaning in fact.definitions)
    return meant or any(a.condition.has(symbol) for a in fact.assumes)


@dataclass(frozen=True, slots=True)
class _Room:
    gap: Expr
    sign: Sign
    assumes: tuple[Assumption, ...] = ()
    definitions: tuple[Definition, ...] = ()


def integrable(body: Expr, measure: Symbol, known: Sequence[Known] | None) -> None:
    """Refuse what has no mean, or what known facts do not show to have one.

    A function of chi-square variables has one if each of its terms is at most a multiple of a
    product of their powers x^s, each with n + 2 s > 0, n the degrees of freedom. What does not vary
    must be `defined` by the known facts, unless there is no list of them.
    """
    law = LAWS.get(measure)
    if law is None:
        bounded(body, FAMILIES[measure], known)
        return
    known = known or ()
    for term in sp.Add.make_args(expand(body)):
        factors = Mul.make_args(term)
        minimum = next((f for f in factors if isinstance(f, Infimum) and f.has(*law)), None)
        if minimum is not None:  # between 0 and its objective at the lower end
            bounded(minimum.objective, (minimum.symbol,), known)
            least(minimum, known)
            start = minimum.objective.xreplace({minimum.symbol: minimum.interval[0]})
            integrable(start * term / minimum, measure, known)
        elif not any(_has_mean(powers, law, known) for powers in _growths(factors, law, known)):
            raise RefusedError(f"{term} is not shown to have a mean")


Powers = Mapping[Symbol, Expr]


def _has_mean(powers: Powers, law: Powers, known: Sequence[Known]) -> bool:
    rooms = (expand(law[x] + 2 * power) for x, power in powers.items())
    return all(sign_of(room, known) is Sign.POSITIVE for room in rooms)


def _growths(factors: Sequence[Expr], law: Powers, known: Sequence[Known]) -> list[Powers]:
    """Powers of the variables that bound a product, up to a factor without them."""
    found: list[Powers] = [{}]
    for factor in factors:
        base, power = factor.as_base_exp()
        if not factor.has(*law):
            defined(factor, known)
            continue
        if base in law and power.is_Rational:
            ways: list[Powers] = [{base: power}]
        elif isinstance(base, sp.Add) and power.is_Rational and power < 0:
            # A sum of nonnegative terms is at least each of them.
            terms = [t.as_independent(*law, as_Add=False) for t in expand(base).args]
            if any(sign_of(fixed * rest, known) is None for fixed, rest in terms):
                raise RefusedError(f"{base} is no sum of nonnegative terms")
            ways = [
                {x: power * p for x, p in growth.items()}
                for fixed, rest in terms
                if sign_of(fixed, known) is Sign.POSITIVE
                for growth in _growths(Mul.make_args(rest), law, known)
            ]
        else:
            raise RefusedError(f"no rule bounds {factor} by powers of {law}")
        found = [{x: a.get(x, 0) + b.get(x, 0) for x in (*a, *b)} for a in found for b in ways]
    return found


def bounded(body: Expr, varying: Collection[Symbol], known: Sequence[Known] | None = None) -> None:
    """Refuse what is not continuous in `varying` everywhere, so bounded where they are bounded.

    What does not vary must be `defined` by the known facts, unless there is no list of them.
    """
    if not body.free_symbols & set(varying):
        if known is not None:
            defined(body, known)
        return
    whole = isinstance(body, Pow) and body.exp.is_integer
    if whole and not body.exp.is_nonnegative:
        whole = _is_away_from_0(body.base, varying, known or ())
    if not (whole or isinstance(body, _PLAIN)):
        raise RefusedError(f"{body} may be unbounded or undefined")
    for part in body.args:
        bounded(part, varying, known)


def continuous(body: Expr, at: Mapping[Symbol, Expr], known: Sequence[Known]) -> None:
    """Refuse what is not continuous in some symbols at their values `at`, all of them together."""
    if not body.free_symbols & set(at):
        defined(body, known)
        return
    whole = isinstance(body, Pow) and body.exp.is_integer and body.exp.is_nonnegative
    inside = body.args[0] if isinstance(body, Pow | sp.log) and not whole else None
    if inside is not None and sign_of(inside.xreplace(at), known) is not Sign.POSITIVE:
        raise RefusedError(f"{inside} is not shown > 0 at {at}")
    if inside is None and not (whole or isinstance(body, _PLAIN)):
        raise RefusedError(f"{body} is not shown to be continuous")
    for part in body.args:
        continuous(part, at, known)


def _is_away_from_0(base: Expr, varying: Collection[Symbol], known: Sequence[Known]) -> bool:
    """Whether a sum has nonnegative terms, and a positive one that does not vary."""
    terms = sp.Add.make_args(base)
    fixed = [term for term in terms if not term.free_symbols & set(varying)]
    has_least = any(sign_of(term, known) is Sign.POSITIVE for term in fixed)
    return has_least and None not in [sign_of(term, known) for term in terms]


@dataclass(frozen=True, slots=True)
class Shape:
    """A function on an interval: rises (1) or falls (-1), strictly; is convex (1) or concave (-1).

    The interval lacks its finite ends if it is `open`, its upper end if it is `half` open.
    """

    function: Callable[[Any], Any]
    low: Any
    high: Any
    rises: int = 0
    bends: int = 0
    open: bool = False
    half: bool = False

    def inside(self, low: Expr, high: Expr, known: Sequence[Known]) -> None:
        """Refuse unless [low, high] is shown to lie in the domain."""
        for room, end in ((low - self.low, self.low), (self.high - high, self.high)):
            sign = Sign.POSITIVE if end.is_infinite else sign_of(room, known)
            strict = self.open or (self.half and end is self.high)
            if sign is None or (strict and sign is not Sign.POSITIVE):
                raise RefusedError(f"{room} is not shown {'> 0' if strict else '>= 0'}")


SHAPES: Mapping[str, Shape] = {
    "square": Shape(lambda x: x**2, Integer(0), oo, rises=1),
    "parabola": Shape(lambda x: x**2, -oo, oo, bends=1),
    "root": Shape(sp.sqrt, Integer(0), oo, rises=1, bends=-1),
    "exp": Shape(sp.exp, -oo, oo, rises=1, bends=1),
    "log": Shape(sp.log, Integer(0), oo, rises=1, bends=-1, open=True),
    "reciprocal": Shape(lambda x: 1 / x, Integer(0), oo, rises=-1, bends=1, open=True),
    "sin": Shape(sp.sin, -sp.pi / 2, sp.pi / 2, rises=1),
    "arch": Shape(sp.sin, Integer(0), sp.pi, bends=-1),
    "cos": Shape(sp.cos, Integer(0), sp.pi, rises=-1),
    "dome": Shape(sp.cos, -sp.pi / 2, sp.pi / 2, bends=-1),
    "log cos": Shape(lambda x: sp.log(sp.cos(x)), -sp.pi / 2, sp.pi / 2, bends=-1, open=True),
    "log ratio": Shape(
        lambda x: sp.log(1 + x) - sp.log(1 - x), Integer(0), Integer(1), rises=1, bends=1, half=True
    ),
    "log Gamma": Shape(lambda x: sp.log(sp.gamma(x)), Integer(0), oo, bends=1, open=True),
    "tan": Shape(sp.tan, -sp.pi / 2, sp.pi / 2, rises=1, open=True),
    "asin": Shape(sp.asin, Integer(-1), Integer(1), rises=1),
    "acos": Shape(sp.acos, Integer(-1), Integer(1), rises=-1),
    "atan": Shape(sp.atan, -oo, oo, rises=1),
}
"""Textbook shapes.

"log cos" has second derivative -1/cos^2, "log ratio" 4x/(1-x^2)^2, "log Gamma" sum_n 1/(x+n)^2.
"""
