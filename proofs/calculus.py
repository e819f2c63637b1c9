"""The kernel's rules of calculus: Gamma functions, integers, integrals and limits.

Part of `proofs.kernel`, like which they make facts: no other module does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import sympy as sp
from sympy import Expr, Integer, Integral, Symbol, gamma
from sympy.logic.boolalg import Boolean

from proofs import asymptotics, domains
from proofs.domains import RefusedError, RefutedError, Sign, claim, same
from proofs.kernel import Fact, _defined, _derive, _known, _pinned, equal, real
from w2s_theory.certify import Verdict, gamma_identity, identity
from w2s_theory.ledger.at_infinity import AtInfinity
from w2s_theory.ledger.statement import Assumption


def quotient(left: Expr, right: Expr, *domain: Fact) -> Fact:
    """An exact identity between Gamma quotients; 1/Gamma is 0 at the poles."""
    gap = _defined(left, domain) - _defined(right, domain)
    if not gamma_identity(left, right):
        raise RefusedError(f"{left} is not shown to equal {right}")
    return _derive("Gamma", gap, Sign.ZERO, *domain)


def pole(place: Fact, argument: Expr, order: Fact) -> Fact:
    """1/Gamma(argument) = 0, from argument = n, an integer, and -n >= 0."""
    number = -real(order).gap
    at = real(place).sign is Sign.ZERO and same(place.gap, argument - number)
    if not at or not number.is_integer or order.sign is Sign.ZERO:
        raise RefusedError(f"{argument} is not shown to be a pole of Gamma")
    return _derive("Gamma's pole", 1 / gamma(argument), Sign.ZERO, place, order)


def power_of_product(factors: Sequence[tuple[Expr, Expr]], exponent: Expr, *domain: Fact) -> Fact:
    """(b^p c^q ...)^e = b^(p e) c^(q e) ... for b, c, ... > 0."""
    known = [real(fact) for fact in domain]
    for base, power in factors:
        _defined(power, domain)
        if domains.sign_of(_defined(base, domain), known) is not Sign.POSITIVE:
            raise RefusedError(f"{base} is not shown > 0")
    product = sp.Mul(*(base**power for base, power in factors))
    value = sp.Mul(*(base ** sp.cancel(power * exponent) for base, power in factors))
    gap = product ** _defined(exponent, domain) - value
    return _derive("powers", gap, Sign.ZERO, *domain)


def whole(fact: Fact) -> Fact:
    """From n + r >= 0, n an integer: n + floor(r) >= 0; from n + r > 0: n + ceil(r) - 1 >= 0."""
    shift, number = sp.expand(real(fact).gap).as_coeff_Add(rational=True)
    if not number.is_integer or fact.sign is Sign.ZERO:
        raise RefusedError(f"{fact.relation} bounds no integer")
    strict = fact.sign is Sign.POSITIVE
    least = sp.ceiling(shift) - 1 if strict else sp.floor(shift)
    return _derive("integer", number + least, Sign.NONNEGATIVE, fact)


def floored(expr: Expr, *domain: Fact) -> tuple[Fact, Fact]:
    """x - floor(x) >= 0 and floor(x) + 1 - x > 0."""
    x = _defined(expr, domain)
    low = _derive("floor", x - sp.floor(x), Sign.NONNEGATIVE, *domain)
    return low, _derive("floor", sp.floor(x) + 1 - x, Sign.POSITIVE, *domain)


def absurd(fact: Fact, relation: Boolean, *domain: Fact) -> Fact:
    """Anything, from 0 > 0."""
    if real(fact).sign is not Sign.POSITIVE or sp.expand(fact.gap) != 0:
        raise RefusedError(f"{fact.relation} is no contradiction")
    gap, sign = claim(relation)
    return _derive("contradiction", _defined(gap, domain), sign, fact, *domain)


def either(assumption: Assumption, *facts: Fact) -> Fact:
    """The same under each alternative of an assumption, each assumed in one of the facts.

    The alternatives of a != b are a < b and a > b.
    """
    condition = assumption.condition
    parts = condition.args if isinstance(condition, sp.Or) else ()
    if isinstance(condition, sp.Ne):
        parts = (sp.Lt(*condition.args), sp.Gt(*condition.args))
    first = real(facts[0])
    for part in parts:
        if not any(part in [a.condition for a in real(fact).assumes] for fact in facts):
            raise RefusedError(f"no fact for the case {part}")
    if not parts or any(f.sign is not first.sign or not same(f.gap, first.gap) for f in facts):
        raise RefusedError(f"not the same in all cases of {condition}")
    bare = [
        _derive("case", first.gap, first.sign, fact, drop=(part,))
        for fact in facts
        for part in parts
        if part in [a.condition for a in fact.assumes]
    ]
    return _derive("cases", first.gap, first.sign, *bare, assumes=(assumption,))


def primitive(area: Integral, antiderivative: Expr) -> Fact:
    """An integral between finite ends of what is the derivative of a function without poles."""
    ((symbol, low, high),) = area.limits
    if not low.is_finite or not high.is_finite:
        raise RefusedError(f"{area} is not over a bounded interval")
    domains.bounded(antiderivative, (symbol,), ())
    equal(sp.diff(antiderivative, symbol), area.function)
    change = antiderivative.xreplace({symbol: high}) - antiderivative.xreplace({symbol: low})
    return _derive("integral", area - change, Sign.ZERO)


def limit_of(equation: Fact, term: Expr, factor: Expr, limit: Fact) -> Fact:
    """From term = c g, c without the index, from some index on, and lim g = b: lim term = c b."""
    body, value, symbol = _limit(limit)
    factor = sp.sympify(factor)
    late = [a.condition for a in real(equation).assumes if _is_late(a.condition, symbol)]
    assumed = {
        s for a in equation.assumes for s in a.condition.free_symbols if a.condition not in late
    }
    if equation.sign is not Sign.ZERO or not same(equation.gap, term - factor * body):
        raise RefusedError(f"{equation.relation} is not {term} = {factor} times {body}")
    if symbol in _pinned(equation, limit) | assumed | factor.free_symbols:
        raise RefusedError(f"{equation.relation} does not hold for every {symbol}")
    gap = AtInfinity(term, symbol) - factor * value
    return _derive("limit", gap, Sign.ZERO, equation, limit, drop=late)


LIMITS: Mapping[str, tuple[Callable[..., Expr], Callable[..., Expr]]] = {
    "reciprocal": (lambda n: 1 / n, lambda: Integer(0)),
    "logarithm": (lambda n: sp.log(n) / n, lambda: Integer(0)),
    "compound": (lambda n, c: n * sp.log(1 + c / n), lambda c: c),
}
"""Textbook limits as n grows."""


def tends(name: str, index: Symbol, *values: Expr) -> Fact:
    """A limit of `LIMITS`, n the index, or its successor where the index may be 0."""
    term, limit = LIMITS[name]
    if not index.is_nonnegative or any(sp.sympify(value).has(index) for value in values):
        raise RefusedError(f"{index} does not grow alone")
    n = index if index.is_positive else index + 1
    fixed = [_defined(sp.sympify(value), ()) for value in values]
    return _derive("limit", AtInfinity(term(n, *fixed), index) - limit(*fixed), Sign.ZERO)


def squeezed(least: Fact, most: Fact, low: Fact, high: Fact) -> Fact:
    """From f - g >= 0 and h - f >= 0, from some index on, and lim g = lim h = b: lim f = b."""
    (g, value, index), (h, other, also) = _limit(low), _limit(high)
    body = real(least).gap + g
    if not same(value, other) or index != also or not same(real(most).gap, h - body):
        raise RefusedError(f"{least.relation} and {most.relation} are not between two equal limits")
    late = [a.condition for f in (least, most) for a in f.assumes if _is_late(a.condition, index)]
    facts = (least, most)
    held = [a.condition for f in facts for a in f.assumes if a.condition not in late]
    loose = {s for condition in held for s in condition.free_symbols}
    if index in loose | _pinned(*facts, low, high):
        raise RefusedError(f"{least.relation} or {most.relation} does not hold for every {index}")
    gap = AtInfinity(body, index) - value
    return _derive("squeeze", gap, Sign.ZERO, *facts, low, high, drop=late)


def logarithm(product: Expr, powers: Mapping[Expr, Expr], *domain: Fact) -> Fact:
    """log(prod b^e) = sum e log b, for every b > 0."""
    known = [real(fact) for fact in domain]
    if any(domains.sign_of(base, known) is not Sign.POSITIVE for base in powers):
        raise RefusedError(f"not all of {list(powers)} are shown > 0")
    parts = (_defined(e, domain) * sp.log(_defined(b, domain)) for b, e in powers.items())
    if not gamma_identity(product, sp.Mul(*(b**e for b, e in powers.items()))):
        raise RefusedError(f"{product} is not shown to be a product of {powers}")
    return _derive("logarithm", sp.log(product) - sp.Add(*parts), Sign.ZERO, *domain)


def through(function: Expr, limits: Mapping[Symbol, Fact], *domain: Fact) -> Fact:
    """From lim g_i = b_i, and a function that is continuous at b in symbols x_i: its limit."""
    found = {x: _limit(fact) for x, fact in limits.items()}
    indices = {symbol for _, _, symbol in found.values()}
    values = {x: value for x, (_, value, _) in found.items()}
    if len(indices) != 1 or indices & function.free_symbols:
        raise RefusedError(f"{function} must be a function of limits in one other symbol")
    domains.continuous(function, values, [real(fact) for fact in domain])
    body = function.xreplace({x: g for x, (g, _, _) in found.items()})
    gap = AtInfinity(body, *indices) - function.xreplace(values)
    return _derive("continuity", gap, Sign.ZERO, *limits.values(), *domain)


def _is_late(condition: Boolean, symbol: Symbol) -> bool:
    return isinstance(condition, sp.Ge) and condition.lhs == symbol and condition.rhs.is_Rational


def towards(step: Fact, limit: Fact) -> Fact:
    """A sequence that falls at each step is at least its limit, one that rises at most."""
    body, value, symbol = _limit(limit)
    if not symbol.is_integer:
        raise RefusedError(f"{symbol} does not step")
    falls = body - body.xreplace({symbol: symbol + 1})
    assumed = {s for a in real(step).assumes for s in a.condition.free_symbols}
    sign = next((sign for sign in (1, -1) if same(step.gap, sign * falls)), 0)
    if not sign or symbol in _pinned(step, limit) | assumed:
        raise RefusedError(f"{step.relation} does not say that {body} falls or rises")
    return _derive("monotone limit", sign * (body - value), Sign.NONNEGATIVE, step, limit)


def _limit(fact: Fact) -> tuple[Expr, Expr, Symbol]:
    """Of lim body = value: body, value and the index."""
    nodes = list(real(fact).gap.atoms(AtInfinity))
    value = sp.expand(sum(nodes) - fact.gap)
    if len(nodes) != 1 or fact.sign is not Sign.ZERO or value.has(AtInfinity):
        raise RefusedError(f"{fact.relation} is no limit")
    body, symbol = nodes[0].args
    if not symbol.is_nonnegative or value.has(symbol):
        raise RefusedError(f"{fact.relation} is no limit in an index")
    return body, value, symbol


def reaches(relation: Boolean, *domain: Fact) -> Fact:
    """lim e = value, by leading terms; `RefutedError` where the limit is shown to be another."""
    gap, sign = claim(relation)
    node, value = relation.lhs, relation.rhs
    if not isinstance(node, AtInfinity) or sign is not Sign.ZERO or value.has(node.args[1]):
        raise RefusedError(f"{relation} is no limit")
    known = [real(fact) for fact in domain]
    body, symbol = node.args
    found = asymptotics.limit(body, symbol, known)
    if found is None or asymptotics.apart(found - value, known):
        raise RefutedError(f"the limit is {'infinite' if found is None else found}")
    if identity(found, value) is not Verdict.PROVED and not gamma_identity(found, value):
        raise RefusedError(f"{found} is not shown to equal {value}")
    return _derive("leading terms", gap, sign, *domain)


def worked(node: sp.Derivative, *domain: Fact) -> Fact:
    """A derivative of whole order, of what is smooth, worked out."""
    _smooth(node.expr, node.variables[0], domain)
    if len(set(node.variables)) != 1 or node.doit().has(sp.Derivative):
        raise RefusedError(f"{node} is not worked out")
    return _derive("derivative", node - _defined(node.doit(), domain), Sign.ZERO, *domain)


def lowered(node: sp.Derivative, slope: Expr, *domain: Fact) -> Fact:
    """D^n f = D^(n-1) f', n >= 1."""
    symbol, order = _order(node)
    _smooth(node.expr, symbol, domain)
    if _known(order - 1, domain) is None:
        raise RefusedError(f"{order} is not shown >= 1")
    _alike(sp.diff(node.expr, symbol), slope, domain)
    gap = node - sp.Derivative(slope, (symbol, order - 1))
    return _derive("derivative", gap, Sign.ZERO, *domain)


def leibniz(node: sp.Derivative, factor: Expr, rest: Expr, *domain: Fact) -> Fact:
    """D^n(q f) = sum_i binom(n, i) q^(i) D^(n-i) f, q a polynomial of degree at most n."""
    symbol, order = _order(node)
    _smooth(rest, symbol, domain)
    degree = sp.degree(factor, symbol) if factor.is_polynomial(symbol) else -1
    if degree < 0 or _known(order - degree, domain) is None:
        raise RefusedError(f"{factor} is no polynomial of degree <= {order}")
    _alike(node.expr, factor * rest, domain)
    terms = (
        sp.ff(order, i)
        / sp.factorial(i)
        * sp.diff(factor, symbol, i)
        * sp.Derivative(rest, (symbol, order - i))
        for i in range(degree + 1)
    )
    return _derive("Leibniz", node - sp.Add(*terms), Sign.ZERO, *domain)


def _alike(left: Expr, right: Expr, domain: Sequence[Fact]) -> None:
    """Refuse two expressions that are not shown to be equal."""
    alike = same(_defined(left, domain), _defined(right, domain))
    if not alike and identity(left, right) is not Verdict.PROVED:
        raise RefusedError(f"{left} is not shown to equal {right}")


def _order(node: sp.Derivative) -> tuple[Symbol, Expr]:
    if len(node.variable_count) != 1 or not node.variable_count[0][1].is_integer:
        raise RefusedError(f"{node} is not in one symbol, of whole order")
    symbol, order = node.variable_count[0]
    return symbol, order


def _smooth(expr: Expr, symbol: Symbol, domain: Sequence[Fact]) -> None:
    """Around any place where the known facts hold: bases of powers are > 0 there, so nearby."""
    for power in expr.atoms(sp.Pow):
        whole = power.exp.is_integer and power.exp.is_nonnegative
        if power.exp.has(symbol) or not (whole or _known(power.base, domain) is Sign.POSITIVE):
            raise RefusedError(f"{power} is not shown to be smooth")
    if expr.atoms(sp.Function):
        raise RefusedError(f"{expr} has other functions than powers")
