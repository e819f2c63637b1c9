"""The proof kernel: with `calculus`, `integrals`, `means` and `series` all that makes a `Fact`.

A fact says that `gap` is > 0, >= 0 or = 0 wherever its assumptions and the definitions it rests on
hold, for all real values of its other symbols; and that `gap` is real there. Rules check their side
conditions by exact arithmetic and raise `RefusedError` where they do not hold; `domain` are facts
that put arguments of roots, quotients and logarithms where they are real (`proofs.domains`).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn

import sympy as sp
from sympy import And, Expr, Integer, S, Symbol, expand
from sympy.logic.boolalg import Boolean

from proofs import domains
from proofs.domains import RELATIONS, SHAPES, RefusedError, Sign, claim, opaque, same, sign_of
from w2s_theory.certify import Verdict, decide, identity, prove_sign
from w2s_theory.ledger import spaces
from w2s_theory.ledger.definition import Definition
from w2s_theory.ledger.definitions import DEFINITIONS, GRAM
from w2s_theory.ledger.infimum import Infimum
from w2s_theory.ledger.statement import Assumption

_SECRET = secrets.token_bytes(16)
_FIELDS = ("gap", "sign", "assumes", "definitions", "gaps", "rule", "parents", "name", "because")


class Fact:
    """`gap` sign 0, under `assumes`, by `definitions`; `gaps` are what it rests on unproved."""

    __slots__ = (*_FIELDS, "_seal")
    gap: Expr
    sign: Sign
    assumes: tuple[Assumption, ...]
    definitions: tuple[Definition, ...]
    gaps: tuple[str, ...]
    rule: str
    parents: tuple[Fact, ...]
    name: str
    because: str

    def __new__(cls, *_args: object, **_named: object) -> NoReturn:
        """Facts come from rules alone."""
        raise RefusedError("a Fact is made by a rule of proofs.kernel, never by its class")

    def __init_subclass__(cls) -> NoReturn:
        """No other class is a Fact."""
        raise RefusedError("Fact cannot be subclassed")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        """Facts do not change."""
        raise RefusedError(f"a Fact does not change: {name} = {value!r}")

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        """A fact read back would not have been derived."""
        raise RefusedError("a Fact is not copied, pickled or replaced")

    def __repr__(self) -> str:
        """The relation."""
        return f"<Fact {self.relation}>"

    @property
    def relation(self) -> Expr:
        """The gap against 0, as SymPy."""
        return RELATIONS[self.sign](self.gap, 0, evaluate=False)

    def named(self, name: str, because: str) -> Fact:
        """The same fact, as a step of the proof for the reader."""
        return _derive("named", self.gap, self.sign, self, name=name, because=because)

    def __add__(self, other: Fact) -> Fact:
        """The sum of two gaps."""
        sign = domains.total(self.sign, real(other).sign)
        return _derive("add", self.gap + other.gap, sign, self, other)

    def __sub__(self, other: Fact) -> Fact:
        """The difference; `other` is an equality."""
        return self + other.times(-1)

    def __mul__(self, other: Any) -> Fact:
        """The product with a fact, or with an expression that is plainly nonnegative."""
        factor = other if isinstance(other, Fact) else evident(other)
        sign = domains.product(self.sign, real(factor).sign)
        return _derive("multiply", self.gap * factor.gap, sign, self, factor)

    __rmul__ = __mul__

    def __truediv__(self, other: Fact) -> Fact:
        """The quotient by a positive fact."""
        if real(other).sign is not Sign.POSITIVE:
            raise RefusedError(f"a divisor must be > 0, got {other.relation}")
        return _derive("divide", self.gap / other.gap, self.sign, self, other)

    def times(self, expr: Expr, *domain: Fact) -> Fact:
        """An equality times any expression."""
        if self.sign is not Sign.ZERO:
            raise RefusedError(f"only an equality may be multiplied by {expr}, got {self.relation}")
        return _derive("multiply", self.gap * _defined(expr, domain), self.sign, self, *domain)

    def states(self, words: Boolean, *domain: Fact) -> Fact:
        """The same in other words: a relation, or a gap, identical to this one."""
        gap, sign = claim(words) if isinstance(words, sp.Rel) else (words, self.sign)
        if not matches(self, gap, sign):
            raise RefusedError(f"{self.relation} is not shown to give {words}")
        return _derive("identity", _defined(gap, (self, *domain)), sign, self, *domain)

    def put(self, equation: Fact, symbol: Expr, *domain: Fact) -> Fact:
        """Substitute equals: the equation solved for a symbol in which it is linear."""
        rest = real(equation).gap
        rest = rest if rest.coeff(symbol, 1).is_Number and rest.coeff(symbol, 1) else expand(rest)
        factor = rest.coeff(symbol, 1)
        value = symbol - rest / factor if factor.is_Number and factor != 0 else symbol
        value = value if not value.has(symbol) else expand(value)
        if equation.sign is not Sign.ZERO or symbol.is_number or value.has(symbol):
            raise RefusedError(f"{equation.relation} does not give {symbol}")
        _uncaptured(self.gap, symbol, value)
        gap = self.gap.xreplace({symbol: _defined(value, (equation, *domain))})
        return _derive("substitute", gap, self.sign, self, equation, *domain)


def _seal(fact: Fact) -> int:
    return hash((_SECRET, id(fact), *(getattr(fact, field) for field in _FIELDS[:5])))


def real(fact: Fact) -> Fact:
    """The fact, if a rule made it; `RefusedError` for an imitation."""
    if type(fact) is not Fact or getattr(fact, "_seal", None) != _seal(fact):
        raise RefusedError(f"not a Fact that a rule made: {object.__repr__(fact)}")
    return fact


def _derive(
    rule: str,
    gap: Any,
    sign: Sign,
    *parents: Fact,
    assumes: Iterable[Assumption] = (),
    definitions: Iterable[Definition] = (),
    gaps: Iterable[str] = (),
    drop: Sequence[Any] = (),
    name: str = "",
    because: str = "",
) -> Fact:
    gap = domains.exact(gap)
    parents = tuple(real(parent) for parent in parents)
    rests = [*definitions, *(d for p in parents for d in p.definitions)]
    if gap.has(*spaces.GRAM_SYMBOLS):
        rests.append(GRAM)
    made = [*(a for p in parents for a in p.assumes if a.condition not in drop), *assumes]
    unproved = [*(reason for p in parents for reason in p.gaps), *gaps]
    fact: Fact = object.__new__(Fact)  # type: ignore[arg-type]
    values = (gap, sign, _once(made), _once(rests), _once(unproved), rule, parents, name, because)
    for field, value in zip(_FIELDS, values, strict=True):
        object.__setattr__(fact, field, value)
    object.__setattr__(fact, "_seal", _seal(fact))
    return fact


def _once(items: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(items))


def _defined(expr: Expr, domain: Sequence[Fact]) -> Expr:
    return domains.defined(expr, [real(fact) for fact in domain])


def _known(expr: Expr, domain: Sequence[Fact]) -> Sign | None:
    return sign_of(sp.sympify(expr), [real(fact) for fact in domain])


def matches(fact: Fact, gap: Expr, sign: Sign) -> bool:
    """Whether a fact says this (or more), up to exact identity, where `gap` is real."""
    if sign is not real(fact).sign and sign is not Sign.NONNEGATIVE:
        return False
    if same(fact.gap, gap) or (fact.sign is Sign.ZERO and same(fact.gap, -gap)):
        return True
    return identity(*opaque(fact.gap, gap)) is Verdict.PROVED


def _meets(fact: Fact, gap: Expr, sign: Sign) -> bool:
    if sign is Sign.ZERO:
        return fact.sign is sign and (same(fact.gap, gap) or same(fact.gap, -gap))
    return sign in (fact.sign, Sign.NONNEGATIVE) and same(fact.gap, gap)


def _pinned(*facts: Fact) -> set[Symbol]:
    return {symbol for f in facts for d in f.definitions for symbol in d.pinned}


def _uncaptured(gap: Expr, symbol: Expr, value: Expr) -> None:
    """Nothing bound by a mean, an integral, ... is replaced, and nothing put in gets bound."""
    bound = domains.bound_in(gap)
    if bound and bound & (symbol.free_symbols | sp.sympify(value).free_symbols):
        raise RefusedError(f"{symbol} cannot become {value} in {gap}: a symbol is bound there")


# --- where facts start ----------------------------------------------------------------------------


def given(assumption: Assumption) -> tuple[Fact, ...]:
    """One fact for each conjunct of an assumption, in SymPy's order of them."""
    parts = map(claim, _conjuncts(assumption.condition))
    return tuple(_derive("given", gap, sign, assumes=(assumption,)) for gap, sign in parts)


def _conjuncts(condition: Boolean) -> tuple[Any, ...]:
    # And.make_args is a set
    return tuple(condition.args) if isinstance(condition, And) else (condition,)


def assume(relation: Boolean) -> Fact:
    """A relation, assumed until it is discharged."""
    return given(Assumption("local", str(relation), relation))[0]


def definition(meaning: Definition) -> tuple[Fact, ...]:
    """One fact for each relation of a definition of the ledger."""
    if meaning not in DEFINITIONS:
        raise RefusedError(f"not a definition of the ledger: {meaning.text}")
    local = tuple(Assumption("local", str(r), r) for r in meaning.when)
    return tuple(
        _derive("definition", *claim(r), assumes=local, definitions=(meaning,))
        for r in meaning.relations
    )


def square_norm(vector: Expr, *domain: Fact) -> Fact:
    """||vector||^2 >= 0, expanded in inner products."""
    gap = _defined(spaces.norm2(vector), domain)
    return _derive("square norm", gap, Sign.NONNEGATIVE, *domain)


def evident(expr: Expr, *domain: Fact) -> Fact:
    """The sign that the parts of an expression give it: squares, roots, exponentials, facts."""
    sign = _known(_defined(expr, domain), domain)
    if sign is None:
        raise RefusedError(f"the sign of {expr} is not plain")
    return _derive("evident", expr, sign, *domain)


def equal(left: Expr, right: Expr, *domain: Fact) -> Fact:
    """An exact identity."""
    gap = _defined(left, domain) - _defined(right, domain)
    if identity(left, right) is not Verdict.PROVED:
        raise RefusedError(f"{left} is not shown to equal {right}")
    return _derive("identity", gap, Sign.ZERO, *domain)


def ball(relation: Boolean) -> Fact:
    """A relation between numbers, decided exactly or in balls."""
    gap, sign = claim(relation)
    if gap.free_symbols or decide(relation).verdict is not Verdict.PROVED:
        raise RefusedError(f"{relation} is not decided to hold")
    return _derive("ball", _defined(gap, ()), sign)


def sturm(expr: Expr, symbol: Symbol, low: Fact, high: Fact) -> Fact:
    """A polynomial's sign where symbol - a and b - symbol are >= 0, a and b rational."""
    lo, hi = symbol - real(low).gap, symbol + real(high).gap
    if lo.free_symbols or hi.free_symbols:
        raise RefusedError(f"{low.relation} and {high.relation} must bound {symbol} by numbers")
    for sign in (Sign.POSITIVE, Sign.NONNEGATIVE):
        if prove_sign(expr, symbol, lo, hi, strict=sign is Sign.POSITIVE).verdict is Verdict.PROVED:
            return _derive("Sturm", expr, sign, low, high)
    raise RefusedError(f"{expr} is not >= 0 on [{lo}, {hi}]")


def gap(reason: str, relation: Boolean, *assumes: Assumption) -> Fact:
    """A relation that is not proved here, and says so in everything that rests on it."""
    if not reason:
        raise RefusedError("a gap must give its reason")
    fact = _derive("gap", *claim(relation), assumes=assumes, gaps=(reason,))
    return fact.named("gap", reason)


# --- functions ------------------------------------------------------------------------------------


def larger(node: sp.Max, value: Expr, *orders: Fact) -> Fact:
    """A maximum is the one of its arguments that is >= all others, by `orders`."""
    others = [other for other in node.args if other != value]
    if len(others) == len(node.args) or None in [_known(value - o, orders) for o in others]:
        raise RefusedError(f"{value} is not shown to be the largest in {node}")
    return _derive("maximum", _defined(node, orders) - value, Sign.ZERO, *orders)


def monotone(name: str, order: Fact, low: Expr, high: Expr, *domain: Fact) -> Fact:
    """From low <= high, in the function's domain: its values in their order."""
    shape, known = SHAPES[name], (order, *domain)
    if not shape.rises or not same(real(order).gap, high - low):
        raise RefusedError(f"{order.relation} is not {low} <= {high}, or {name} is not monotone")
    shape.inside(_defined(low, known), _defined(high, known), [real(f) for f in known])
    change = shape.rises * (shape.function(high) - shape.function(low))
    return _derive(f"monotone: {name}", change, order.sign, *known)


def power(order: Fact, low: Expr, high: Expr, exponent: Expr, *domain: Fact) -> Fact:
    """From 0 <= low <= high and exponent > 0: low^exponent <= high^exponent."""
    known = (order, *domain)
    base, rises = (_known(_defined(e, known), known) for e in (low, exponent))
    if (
        base is None
        or rises is not Sign.POSITIVE
        or not same(order.gap, _defined(high, known) - low)
    ):
        raise RefusedError(f"not 0 <= {low} <= {high} and {exponent} > 0")
    return _derive("monotone: power", high**exponent - low**exponent, order.sign, *known)


def tangent(name: str, point: Expr, at: Expr, *domain: Fact) -> Fact:
    """A convex function is above its tangent at `at` (a concave one below), both in its domain."""
    shape, x, known = SHAPES[name], sp.Dummy("x", real=True), [real(f) for f in domain]
    if not shape.bends:
        raise RefusedError(f"{name} is neither convex nor concave")
    for place in (point, at):
        shape.inside(_defined(place, domain), place, known)
    f = shape.function
    slope = _defined(sp.diff(f(x), x).xreplace({x: sp.sympify(at)}), domain)
    above = shape.bends * (f(point) - f(at) - slope * (point - at))
    return _derive(f"tangent: {name}", above, Sign.NONNEGATIVE, *domain)


def chord(name: str, left: Expr, right: Expr, share: Expr, at: Expr, *domain: Fact) -> Fact:
    """A convex function is below its chord (a concave one above) at share left + (1 - share) right.

    `at` is that point, in other words perhaps; 0 <= share <= 1.
    """
    shape, known = SHAPES[name], [real(f) for f in domain]
    rest = 1 - _defined(share, domain)
    if not shape.bends or None in (_known(share, domain), _known(rest, domain)):
        raise RefusedError(f"{name} has no chords, or {share} is not shown to be in [0, 1]")
    if identity(_defined(at, domain), share * left + rest * right) is not Verdict.PROVED:
        raise RefusedError(f"{at} is not shown to divide the chord at {share}")
    for place in (left, right):
        shape.inside(_defined(place, domain), place, known)
    f = shape.function
    between = share * f(left) + rest * f(right) - f(at)
    return _derive(f"chord: {name}", shape.bends * between, Sign.NONNEGATIVE, *domain)


def as_power(base: Expr, exponent: Expr, *domain: Fact) -> Fact:
    """exp(e log b) = b^e for b > 0."""
    b, e = _defined(base, domain), _defined(exponent, domain)
    if _known(b, domain) is not Sign.POSITIVE:
        raise RefusedError(f"{b} is not shown > 0")
    return _derive("power", sp.exp(e * sp.log(b)) - b**e, Sign.ZERO, *domain)


def inverse(name: str, point: Expr, *domain: Fact) -> Fact:
    """acos(cos x) = x on [0, pi], asin(sin x) = x on [-pi/2, pi/2]."""
    back, shape = {"cos": sp.acos, "sin": sp.asin}[name], SHAPES[name]
    shape.inside(_defined(point, domain), point, [real(f) for f in domain])
    return _derive("inverse", back(shape.function(point)) - point, Sign.ZERO, *domain)


# --- reasoning ------------------------------------------------------------------------------------


def discharge(fact: Fact, assumption: Assumption, *proofs: Fact) -> Fact:
    """Drop an assumption, each conjunct of which is one of `proofs`."""
    for part in _conjuncts(assumption.condition):
        if not any(_meets(real(proof), *claim(part)) for proof in proofs):
            raise RefusedError(f"{part} is not among the facts given")
    bare = _derive("discharge", fact.gap, fact.sign, fact, drop=[assumption.condition])
    return _derive("discharge", fact.gap, fact.sign, bare, *proofs)


def cases(first: Fact, one: Fact, second: Fact, other: Fact) -> Fact:
    """The same gap under e >= 0 and under e <= 0, each assumed (as `one` and `other`)."""
    local = [f.assumes[0].condition for f in (real(one), real(other)) if f.rule == "given"]
    split = len(local) == 2 and all(isinstance(c, sp.Rel) for c in local)
    signs = (one.sign, other.sign)
    if not split or Sign.ZERO in signs or Sign.NONNEGATIVE not in signs:
        raise RefusedError(f"{one.relation} and {other.relation} do not cover all cases")
    if not same(one.gap, -other.gap) or not same(real(first).gap, real(second).gap):
        raise RefusedError(f"{first.relation} and {second.relation} are not two cases of one fact")
    sign = first.sign if first.sign is second.sign else Sign.NONNEGATIVE
    left = _derive("case", first.gap, sign, first, drop=local[:1])
    right = _derive("case", first.gap, sign, second, drop=local[1:])
    return _derive("cases", first.gap, sign, left, right)


def both(least: Fact, most: Fact) -> Fact:
    """From e >= 0 and -e >= 0: e = 0."""
    if not same(real(least).gap, -real(most).gap):
        raise RefusedError(f"{least.relation} and {most.relation} are not opposite")
    return _derive("antisymmetry", least.gap, Sign.ZERO, least, most)


def instantiate(fact: Fact, values: Mapping[Symbol, Expr], *domain: Fact) -> Fact:
    """Other values for symbols that no definition pins, in the fact and in its assumptions."""
    pinned = _pinned(real(fact)) | {*spaces.FAMILY_SYMBOLS, *spaces.LAW_SYMBOLS}
    new = {symbol: _defined(value, domain) for symbol, value in values.items()}
    for symbol, value in new.items():
        if symbol in pinned or not isinstance(symbol, Symbol):
            raise RefusedError(f"{symbol} has a meaning, {value} cannot stand for it")
        sign = _known(value, domain)
        apt = symbol.is_nonnegative is None or sign is not None
        apt = apt and (symbol.is_zero is None or sign is Sign.POSITIVE)
        apt = apt and (not symbol.is_integer or value.is_integer) and not symbol.is_nonpositive
        if not apt or not symbol.assumptions0.keys() <= _KINDS:
            raise RefusedError(f"{value} is not shown to be a value of {symbol}")
        _uncaptured(fact.gap, symbol, value)
    moved = [Assumption(a.id, a.text, a.condition.xreplace(new)) for a in fact.assumes]
    if any(a.condition is S.false for a in moved):
        raise RefusedError(f"an assumption fails at {values}")
    moved = [a for a in moved if a.condition is not S.true]
    gone = [a.condition for a in fact.assumes]
    bare = _derive("instantiate", fact.gap.xreplace(new), fact.sign, fact, drop=gone)
    return _derive("instantiate", bare.gap, bare.sign, bare, *domain, assumes=moved)


_KINDS = {*Symbol("p", integer=True, positive=True).assumptions0}  # real, integer, of a sign


def at_vector(fact: Fact, vector: Expr, *domain: Fact) -> Fact:
    """A vector in the place of `ANY`, where a definition speaks of any vector."""
    assumed = [a.condition for a in real(fact).assumes if a.condition.has(spaces.ANY)]
    if spaces.ANY in _pinned(fact) or assumed:
        raise RefusedError(f"{fact.relation} is not shown for any vector")
    gap = _defined(spaces.at_vector(fact.gap, vector), domain)
    return _derive("vector", gap, fact.sign, fact, *domain)


def average(fact: Fact, measure: Symbol, *domain: Fact) -> Fact:
    """The mean of a gap that is >= 0 (= 0; > 0, if the measure is not 0) at every point."""
    family, known = set(spaces.FAMILIES[measure]), [real(f) for f in domain]
    if any(a.condition.free_symbols & family for f in (real(fact), *known) for a in f.assumes):
        raise RefusedError(f"{fact.relation} assumes something of single points")
    domains.integrable(fact.gap, measure, known or None)
    whole = _known(spaces.Mean(Integer(1), measure), domain) is Sign.POSITIVE
    sign = fact.sign if whole or fact.sign is Sign.ZERO else Sign.NONNEGATIVE
    return _derive("mean", spaces.Mean(fact.gap, measure), sign, fact, *domain)


def squeeze(fact: Fact, small: Symbol) -> Fact:
    """What holds for every small > 0, polynomial in it, holds (not strictly) at 0."""
    used = _pinned(real(fact)) | {s for a in fact.assumes for s in a.condition.free_symbols}
    at = expand(fact.gap)
    free = small.is_positive and small.is_integer is None and small not in used
    if not free or not at.is_polynomial(small):
        raise RefusedError(f"{fact.relation} is no polynomial, for every {small} > 0")
    sign = Sign.ZERO if fact.sign is Sign.ZERO else Sign.NONNEGATIVE
    return _derive("limit", at.coeff(small, 0), sign, fact)


def induction(
    words: Boolean, index: Symbol, base: Fact, step: Fact, top: Expr, *domain: Fact
) -> Fact:
    """A relation at `top`: at 0 by `base`, from index < top to index + 1 by `step`.

    The step may assume the relation at index, and index <= top - 1. `index` is a nonnegative
    integer symbol, `top` a nonnegative integer without it.
    """
    top, allowed = sp.sympify(top), (words, sp.Le(index, top - 1))
    free = [a for f in (base, *domain) for a in real(f).assumes]
    free += [a for a in real(step).assumes if a.condition not in allowed]
    if index in _pinned(base, step, *domain) or any(
        index in a.condition.free_symbols for a in free
    ):
        raise RefusedError(f"something is assumed of {index}")
    counts = top.is_nonnegative or _known(top, domain) is not None
    whole = index.is_integer and index.is_nonnegative and top.is_integer and counts
    if not whole or index.is_positive or top.has(index) or not words.has(index):
        raise RefusedError(f"{index} must count from 0 to an integer, got {top}")
    at, sign = claim(words)
    _uncaptured(at, index, top)
    starts = _meets(base, at.xreplace({index: Integer(0)}), sign)
    if not starts or not _meets(step, at.xreplace({index: index + 1}), sign):
        raise RefusedError(f"base {base.relation} or step {step.relation} is not of {words}")
    bare = _derive("induction", at.xreplace({index: top}), sign, base, step, drop=allowed)
    return _derive("induction", bare.gap, sign, bare, *domain)


def attained(minimum: Infimum, point: Expr, *domain: Fact) -> Fact:
    """The minimum is at most the objective at a point of the interval."""
    lo, hi = _defined(minimum, domain).interval
    rooms = [expand(_defined(point, domain) - lo), *([] if hi is sp.oo else [expand(hi - point)])]
    if None in [_known(room, domain) for room in rooms]:
        raise RefusedError(f"{point} is not shown to lie in [{lo}, {hi}]")
    value = minimum.objective.xreplace({minimum.symbol: sp.sympify(point)})
    return _derive("minimum", value - minimum, Sign.NONNEGATIVE, *domain)


def below(fact: Fact, minimum: Infimum, *domain: Fact) -> Fact:
    """From objective - b >= 0 on the whole interval: minimum - b >= 0."""
    symbol, (lo, hi) = minimum.symbol, _defined(minimum, domain).interval
    bound = minimum.objective - real(fact).gap
    bound = expand(bound) if bound.has(symbol) else bound
    inside = (sp.Ge(symbol, lo), sp.Le(symbol, hi))
    free = {s for a in fact.assumes if a.condition not in inside for s in a.condition.free_symbols}
    plain = symbol.is_nonnegative is symbol.is_nonpositive is symbol.is_integer is None
    if not plain or symbol in _pinned(fact) | free | bound.free_symbols:
        raise RefusedError(f"{fact.relation} does not bound {minimum} from below")
    bare = _derive("minimum", minimum - bound, Sign.NONNEGATIVE, fact, drop=inside)
    return _derive("minimum", bare.gap, bare.sign, bare, *domain)
