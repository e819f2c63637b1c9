"""The kernel's rules of integration and recursion: moments of polynomials by their recurrences.

Part of `proofs.kernel`, like which they make facts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sympy as sp
from sympy import Dummy, Expr, Function, Integer, Integral, Mul, Symbol, gamma, oo

from proofs.domains import RefusedError, Sign, defined, same, sign_of
from proofs.kernel import Fact, _derive, _meets, _pinned, _uncaptured, instantiate, real
from w2s_theory.ledger.harmonic import Harmonic, Hermite
from w2s_theory.ledger.statement import Assumption

Hypothesis = Callable[..., Fact]


def converges(area: Integral, *domain: Fact) -> None:
    """Refuse an integral that is not plainly finite.

    The integrand is a product: t^p, p > -1, on [0, 1] or [0, oo); (1 - t^2)^q, q > -1, on [0, 1] or
    [-1, 1]; exp(-t^2/2); polynomials P_k(t) and He_k(t); whole powers of these.
    """
    known = [real(fact) for fact in domain]
    ((symbol, low, high),) = area.limits
    fixed, varying = area.function.as_independent(symbol, as_Add=False)
    factors = Mul.make_args(varying)
    defined(fixed, known)
    decays = sp.exp(-(symbol**2) / 2) in factors
    if (low, high) not in ((-1, 1), (0, 1), (0, oo)) or high.is_infinite is not decays:
        raise RefusedError(f"{area} is not over an interval that is known")
    for factor in factors:
        base, power = factor.as_base_exp()
        if isinstance(base, Harmonic | Hermite) and base.args[-1] == symbol:
            defined(base, known)
            fine = power.is_integer and power.is_positive and not Mul(*base.args[:-1]).has(symbol)
        elif factor == sp.exp(-(symbol**2) / 2):
            fine = True
        else:
            whole = power.is_integer and power.is_nonnegative
            ends = (base == symbol and low == 0) or (base == 1 - symbol**2 and high == 1)
            small = ends and not power.has(symbol)
            small = small and sign_of(power + 1, known) is Sign.POSITIVE
            fine = small or (whole and base.is_polynomial(symbol))
        if not fine:
            raise RefusedError(f"{factor} is not known to be integrable in {area}")


def integrate(
    equation: Fact, weight: Expr, parts: Sequence[tuple[Expr, Integral]], *domain: Fact
) -> Fact:
    """From f(t) = 0 for every t, and weight f = sum c_i g_i: sum c_i int g_i = 0."""
    limits = {area.limits for _, area in parts}
    if len(limits) != 1 or real(equation).sign is not Sign.ZERO:
        raise RefusedError(f"{equation.relation} is not integrated to integrals of one kind")
    (((symbol, *_),),) = limits
    total = sp.Add(*(factor * area.function for factor, area in parts))
    if any(sp.sympify(factor).has(symbol) for factor, _ in parts):
        raise RefusedError(f"a factor varies with {symbol}")
    if not same(total, weight * equation.gap):
        raise RefusedError(f"{weight} times {equation.relation} is not {total} = 0")
    assumed = {s for a in equation.assumes for s in a.condition.free_symbols}
    if symbol in _pinned(equation) | assumed:
        raise RefusedError(f"{equation.relation} does not hold for every {symbol}")
    for factor, area in parts:
        converges(area, *domain)
        defined(sp.sympify(factor), [real(fact) for fact in domain])
    gap = sp.Add(*(factor * area for factor, area in parts))
    return _derive("integrate", gap, Sign.ZERO, equation, *domain)


def halves(area: Integral, *domain: Fact) -> Fact:
    """int_-1^1 f(t) = int_0^1 f(t) + int_0^1 f(-t)."""
    converges(area, *domain)
    ((symbol, low, high),) = area.limits
    if (low, high) != (-1, 1):
        raise RefusedError(f"{area} is not over [-1, 1]")
    sides = (area.function, area.function.xreplace({symbol: -symbol}))
    parts = (Integral(side, (symbol, 0, 1)) for side in sides)
    return _derive("two halves", area - sp.Add(*parts), Sign.ZERO, *domain)


def carried(fact: Fact, gap: Expr, symbol: Symbol, equation: Fact) -> Fact:
    """What holds of a value holds of a symbol that equals it."""
    value = symbol - real(equation).gap
    if equation.sign is not Sign.ZERO or value.has(symbol):
        raise RefusedError(f"{equation.relation} does not give {symbol}")
    _uncaptured(gap, symbol, value)
    if not same(real(fact).gap, gap.xreplace({symbol: value})):
        raise RefusedError(f"{fact.relation} is not {gap} at {symbol} = {value}")
    return _derive("equals for equals", gap, fact.sign, fact, equation)


def beta(symbol: Symbol, power: Expr, side: Expr, *domain: Fact) -> Fact:
    """int_0^1 t^p (1-t^2)^q dt = Gamma((p+1)/2) Gamma(q+1)/(2 Gamma((p+3)/2+q)), DLMF 5.12.1."""
    area = Integral(symbol**power * (1 - symbol**2) ** side, (symbol, 0, 1))
    converges(area, *domain)
    value = gamma((power + 1) / 2) * gamma(side + 1) / (2 * gamma((power + 3) / 2 + side))
    return _derive("Beta integral", area - value, Sign.ZERO, *domain)


def gauss(symbol: Symbol, power: Expr, *domain: Fact) -> Fact:
    """int_0^oo t^p exp(-t^2/2) dt = 2^((p-1)/2) Gamma((p+1)/2), DLMF 5.9.1."""
    area = Integral(symbol**power * sp.exp(-(symbol**2) / 2), (symbol, 0, oo))
    converges(area, *domain)
    value = 2 ** ((power - 1) / 2) * gamma((power + 1) / 2)
    return _derive("Gamma integral", area - value, Sign.ZERO, *domain)


def recursion(
    gap: Expr,
    index: Symbol,
    free: Sequence[Symbol],
    base: tuple[Fact, Fact],
    step: Callable[[Hypothesis], Fact],
    *domain: Fact,
) -> Fact:
    """gap = 0 for every index = 0, 1, 2, ... and all values of the `free` symbols.

    `base` says so at 0 and 1. `step` derives it at index + 2; it is given a function that makes the
    hypothesis at index + 0 or index + 1 and any values of the free symbols.
    """
    if not (index.is_integer and index.is_nonnegative and index.is_positive is None):
        raise RefusedError(f"{index} must count from 0")
    token: Any = Function(f"holds_{Dummy().dummy_index}", real=True)
    varying = (index, *free)

    def condition(values: Sequence[Expr]) -> Any:
        return sp.Ge(token(*values), 0, evaluate=False)

    def hypothesis(after: int, values: Mapping[Symbol, Expr] | None = None) -> Fact:
        new = {index: index + _early(after), **(values or {})}
        assumed = Assumption("hypothesis", f"by induction, at {new}", condition(varying))
        bare = _derive("hypothesis", gap, Sign.ZERO, assumes=(assumed,))
        return instantiate(bare, new, *domain)

    known = [real(fact) for fact in domain]
    assumed, kept = [], []
    reached = real(step(hypothesis))
    for assumption in reached.assumes:
        node = assumption.condition.lhs if isinstance(assumption.condition, sp.Ge) else None
        if isinstance(node, token):
            assumed.append(assumption.condition)
            if node.args[0] not in (index, index + 1):
                raise RefusedError(f"{assumption.text} is not before index + 2")
        else:
            kept.append(assumption)
    kept += [a for fact in (*base, *known) for a in real(fact).assumes]
    loose = {s for a in kept for s in a.condition.free_symbols} | _pinned(reached, *base, *domain)
    if loose & set(varying):
        raise RefusedError(f"something is assumed of {loose & set(varying)}")
    for at, fact in zip((0, 1, index + 2), (*base, reached), strict=True):
        _uncaptured(gap, index, sp.sympify(at))
        if not _meets(real(fact), gap.xreplace({index: sp.sympify(at)}), Sign.ZERO):
            raise RefusedError(f"{fact.relation} is not the relation at {at}")
    return _derive("recursion", gap, Sign.ZERO, *base, reached, *domain, drop=assumed)


def _early(after: int) -> Integer:
    if after not in (0, 1):
        raise RefusedError(f"the hypothesis is at index or index + 1, got index + {after}")
    return Integer(after)
