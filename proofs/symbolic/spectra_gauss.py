"""Hermite coefficients by one integration by parts, and the power series of the kernels."""

from __future__ import annotations

from typing import Any

from sympy import (
    Expr,
    Function,
    Integer,
    Rational,
    Sum,
    diff,
    exp,
    factorial,
    factorial2,
    gamma,
    pi,
    sqrt,
)

from proofs.quotients import by_induction, reduces
from proofs.steps import Proof, Step, concludes, equal
from w2s_theory.ledger import kernels as f
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.spectra import COSINE_RHO
from w2s_theory.ledger.statement import Statement

K, ALPHA, M, RHO, T = q.DEGREE, q.POWER, q.TERM, q.RHO, q.POINT
_ORDERS = (0, 1, 2)
BINOMIAL = factorial2(2 * M - 1) ** 2 / factorial(2 * M)
"""[rho^{2m}] (1-rho^2)^{-1/2} = C(2m,m)/4^m."""


def prove_spec_hermite(statement: Statement) -> Proof:
    """E[max(g,0)^alpha He_{k+1}] = alpha E[max(g,0)^{alpha-1} He_k], from the half moments."""
    (mean, relu), real = statement.claim, load()["spec-hermite"]
    raw = statement.unfold(mean.rhs) * sqrt(factorial(K))
    value = Function("He_k")(T)
    weight = exp(-(T**2) / 2)
    zero = Integer(0)
    return Proof(
        statement,
        (
            equal(
                "by parts",
                diff(value * weight, T),
                -(T * value - diff(value, T)) * weight,
                "He_{k+1} = t He_k - He_k', so He_{k+1} exp(-t^2/2) is a derivative",
            ),
            reduces(
                "closed form steps alike",
                raw.xreplace({K: K + 1}),
                ALPHA * raw.xreplace({ALPHA: ALPHA - 1}),
                "h_k sqrt(k!), for alpha > 0",
            ),
            reduces(
                "start",
                raw.xreplace({K: zero}),
                f.HALF_MOMENT(ALPHA / 2),
                "E[max(g,0)^alpha], Legendre's duplication",
            ),
            reduces(
                "all powers",
                raw.xreplace({K: K + 2}) / raw,
                ALPHA - K,
                "rational in alpha, as is the ratio of the integrals: what the induction shows for "
                "alpha > k - 1 holds for every alpha >= 0",
            ),
            concludes("coefficient", mean, real.claim[0], "by induction in k"),
            by_induction(
                "ReLU", relu.lhs, relu.rhs, M, "Gamma's functional equation", is_clause=True
            ),
        ),
    )


def _derivatives_at_zero(order: int) -> list[Expr]:
    """J_n^{(k)}(0)/k!, k = 0, ..., n."""
    kernel, found = f.arccosine(order), []
    for degree in range(order + 1):
        found.append(kernel.xreplace({RHO: Integer(0)}) / factorial(degree))
        kernel = diff(kernel, RHO)
    return found


def _derivative_step(order: int) -> Step:
    return equal(
        f"J_{order}, differentiated {order + 1} times",
        diff(f.arccosine(order), RHO, order + 1),
        factorial(order) ** 2 / sqrt(1 - RHO**2),
        "a binomial series: the power series converges absolutely on [-1, 1], its terms being "
        "O(k^{-n-3/2})",
        COSINE_RHO,
    )


def _binomial_step() -> Step:
    half = Rational(1, 2)
    return by_induction(
        "binomial series",
        BINOMIAL,
        gamma(M + half) / (gamma(half) * factorial(M)),
        M,
        "[x^m] (1-x)^{-1/2} = (1/2)(3/2)...(m-1/2)/m!, x = rho^2",
    )


def prove_spec_hermite_kernel(statement: Statement) -> Proof:
    """Coefficients beyond n from the binomial series, up to n from the derivatives at 0."""
    real = load()["spec-hermite-kernel"]
    steps: list[Step] = [_binomial_step()]
    for order, clause in zip(_ORDERS, statement.claim, strict=True):
        weight = clause.lhs.function / RHO**K
        degree = order + 1 + 2 * M
        beyond = weight.xreplace({K: degree}) * 2 * pi
        steps += [
            _derivative_step(order),
            by_induction(
                f"order {order}: k = n + 1 + 2m",
                beyond * factorial(degree) / factorial(2 * M),
                factorial(order) ** 2 * BINOMIAL,
                M,
                "2 pi h_k^2 k!/(k-n-1)! against the binomial series",
            ),
            *_low_degrees(
                order, [2 * pi * weight.xreplace({K: Integer(k)}) for k in range(order + 1)]
            ),
            concludes(
                f"order {order}",
                clause,
                real.claim[order],
                "the other degrees vanish on both sides (spec-odd)",
                COSINE_RHO,
            ),
        ]
    return Proof(statement, tuple(steps))


def _low_degrees(order: int, claimed: list[Any]) -> list[Step]:
    return [
        equal(f"order {order}: k = {k}", mine, known, "[rho^k] J_n, its derivative at 0 over k!")
        for k, (mine, known) in enumerate(zip(claimed, _derivatives_at_zero(order), strict=True))
    ]


def prove_spec_taylor(statement: Statement) -> Proof:
    """The same series written out: (n+1)-fold integration of the binomial series."""
    real = load()["spec-taylor"]
    steps: list[Step] = [_binomial_step()]
    for order, clause in zip(_ORDERS, statement.claim, strict=True):
        (series,) = clause.rhs.atoms(Sum)
        low = clause.rhs - series
        degree = order + 1 + 2 * M
        term = series.function / RHO**degree
        steps += [
            _derivative_step(order),
            reduces(
                f"order {order}: k = n + 1 + 2m",
                pi * term * factorial(degree) / factorial(2 * M),
                factorial(order) ** 2 * BINOMIAL,
                "the term, differentiated n + 1 times: a rational over pi",
            ),
            *_low_degrees(order, [pi * low.expand().coeff(RHO, k) for k in range(order + 1)]),
            concludes(f"order {order}", clause, real.claim[order], "both parts", COSINE_RHO),
        ]
    return Proof(statement, tuple(steps))
