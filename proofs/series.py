"""The kernel's rules for series: known ones, integrated, rescaled, without every other term.

Part of `proofs.kernel`, like which they make facts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sympy as sp
from sympy import Expr, Integer, Pow, Sum, Symbol, factorial, factorial2, oo, pi

from proofs.domains import RefusedError, Sign, same
from proofs.kernel import Fact, _defined, _derive, _pinned, real
from w2s_theory.certify import Verdict, gamma_identity, identity

SERIES: Mapping[str, tuple[Callable[[Symbol], Expr], Callable[[Symbol, Symbol], Expr]]] = {
    "arccosine": (
        lambda x: pi / 2 - sp.acos(x),
        lambda x, m: factorial2(2 * m - 1) ** 2 * x ** (2 * m + 1) / factorial(2 * m + 1),
    )
}
"""Textbook series on [-1, 1], with their functions (DLMF 4.24.1 and 4.24.2)."""


def known(name: str, x: Symbol, index: Symbol, inside: Fact) -> Fact:
    """A function of `SERIES` is the sum of its series where 1 - x^2 >= 0."""
    function, term = SERIES[name]
    _counts(index)
    if real(inside).sign is Sign.ZERO or not same(inside.gap, 1 - x**2):
        raise RefusedError(f"{inside.relation} is not {x}^2 <= 1")
    gap = function(x) - Sum(term(x, index), (index, 0, oo))
    return _derive("series", gap, Sign.ZERO, inside)


def integrated(series: Fact, primitive: Expr, x: Symbol) -> Fact:
    """From f(x) = sum a_m x^e for all x^2 <= 1, and F' = f: F(x) - F(0) = sum a_m x^(e+1)/(e+1).

    A power series may be integrated inside; at both ends, where it converges, by Abel's theorem.
    """
    (total, (index, *_)), rest = _parts(series)
    fixed, power = total.as_independent(x, as_Add=False)
    base, exponent = power.as_base_exp()
    counts = sp.Poly(exponent, index).all_coeffs() if exponent.is_polynomial(index) else []
    whole = len(counts) == 2 and all(c.is_Integer and c >= 0 for c in counts)
    assumed = [a.condition for a in series.assumes if x in a.condition.free_symbols]
    if not whole or base != x or x in _pinned(series):
        raise RefusedError(f"{series.relation} is no power series in {x}")
    if assumed != [sp.Le(x**2, 1)]:
        raise RefusedError(f"{series.relation} is not shown for every {x}^2 <= 1")
    _continuous(primitive, x)
    if identity(sp.diff(primitive, x), rest) is not Verdict.PROVED:
        raise RefusedError(f"{primitive} is not shown to be a primitive of {rest}")
    higher = Sum(fixed * x ** (exponent + 1) / (exponent + 1), (index, 0, oo))
    gap = primitive - primitive.xreplace({x: Integer(0)}) - higher
    return _derive("integrated series", gap, Sign.ZERO, series)


def _continuous(expr: Expr, x: Symbol) -> None:
    """On [-1, 1]."""
    if not expr.has(x):
        _defined(expr, ())
    elif isinstance(expr, Pow) and expr.exp == sp.Rational(1, 2):
        if not same(expr.base, 1 - x**2):
            raise RefusedError(f"{expr} is not continuous on [-1, 1]")
    elif not (expr == x or (isinstance(expr, sp.acos) and expr.args[0] == x)):
        if not isinstance(expr, sp.Add | sp.Mul) and not (
            isinstance(expr, Pow) and expr.exp.is_Integer and expr.exp > 0
        ):
            raise RefusedError(f"{expr} is not shown to be continuous on [-1, 1]")
        for part in expr.args:
            _continuous(part, x)


def _parts(series: Fact) -> tuple[tuple[Expr, tuple[Symbol, Expr, Expr]], Expr]:
    """Of f - sum = 0: the term, its limits and f."""
    sums = [s for s in real(series).gap.atoms(Sum) if series.gap.coeff(s) == -1]
    if len(sums) != 1 or series.sign is not Sign.ZERO:
        raise RefusedError(f"{series.relation} is not of one series")
    total = sums[0]
    rest = series.gap + total
    if rest.has(Sum) or len(total.limits) != 1 or total.limits[0][1:] != (0, oo):
        raise RefusedError(f"{series.relation} is not of one series from 0")
    return (total.function, total.limits[0]), rest


def rescaled(left: Sum, right: Sum, factor: Expr, *domain: Fact) -> Fact:
    """sum a_m = c sum b_m, both from 0, where a_m = c b_m; one of them is in a known fact."""
    facts = [real(fact) for fact in domain]
    if left.limits != right.limits or left.limits[0][1:] != (0, oo) or len(left.limits) != 1:
        raise RefusedError(f"{left} and {right} are not over the same terms")
    _counts(left.limits[0][0])
    number = factor.is_number and factor.is_zero is False
    converging = (right, left) if number else (right,)
    if not any(fact.gap.has(node) for fact in facts for node in converging):
        raise RefusedError(f"{right} is not known to converge")
    for node in (left, right):
        _defined(node.function, domain)
    if _defined(factor, domain).has(left.limits[0][0]):
        raise RefusedError(f"{factor} varies")
    if not gamma_identity(left.function, factor * right.function):
        raise RefusedError(f"{left.function} is not {factor} times {right.function}")
    return _derive("terms", left - factor * right, Sign.ZERO, *domain)


def thinned(total: Sum, start: int, index: Symbol, vanishing: Fact, *domain: Fact) -> Fact:
    """sum a_k = a_0 + ... + a_{n-1} + sum_m a_{n+2m}, as a_{n+1+2m} = 0 for every m.

    One of both sums is in a known fact.
    """
    ((k, low, high),) = total.limits
    _counts(index)
    odd = total.function.xreplace({k: start + 1 + 2 * index})
    even = Sum(total.function.xreplace({k: start + 2 * index}), (index, 0, oo))
    said = {s for a in real(vanishing).assumes for s in a.condition.free_symbols}
    if (low, high) != (0, oo) or vanishing.sign is not Sign.ZERO or not same(vanishing.gap, odd):
        raise RefusedError(f"{vanishing.relation} is not about every other term of {total}")
    if not any(real(fact).gap.has(node) for fact in domain for node in (total, even)):
        raise RefusedError(f"{total} is not known to converge")
    if index in said | _pinned(vanishing) | total.free_symbols:
        raise RefusedError(f"{vanishing.relation} does not hold for every {index}")
    first = sp.Add(*(total.function.xreplace({k: Integer(j)}) for j in range(start)))
    return _derive("terms", total - first - even, Sign.ZERO, vanishing, *domain)


def _counts(index: Symbol) -> None:
    if not (index.is_integer and index.is_nonnegative and index.is_positive is None):
        raise RefusedError(f"{index} does not count from 0")
