"""Functions made of the ledger's SymPy expressions: over NumPy floats, or over any field."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from w2s_theory.ledger.statement import Formula

if TYPE_CHECKING:
    from sympy import Expr

FieldElement: TypeAlias = Any
"""A Fraction, a SymPy expression or an Arb ball: what they share no type says."""


@lru_cache(maxsize=64)
def field_function(formula: Formula) -> Callable[..., FieldElement]:
    """The formula as typed, over the field of its arguments. ValueError: exp of a Fraction."""
    from sympy import lambdify

    return lambdify(formula.args, formula.expr, modules=[{"exp": _exp}])  # type: ignore[no-any-return]


def _exp(value: FieldElement) -> FieldElement:
    from fractions import Fraction

    from sympy import Basic, exp

    if isinstance(value, Fraction):
        raise ValueError(f"exp is not rational at {value}")
    return exp(value) if isinstance(value, Basic) else value.exp()


@lru_cache(maxsize=64)
def quotient(formula: Formula) -> Formula:
    """The formula over its first argument, cancelled."""
    from sympy import cancel

    return Formula(f"{formula.name}_quotient", formula.args, cancel(formula.expr / formula.args[0]))


@lru_cache(maxsize=64)
def numpy_function(formula: Formula) -> Callable[..., NDArray[np.float64]]:
    """The formula as a vectorised float64 function of its arguments, in their order.

    Where it would cancel it is rearranged: 1 - exp(x) is -expm1(x), and a difference with a square
    root, such as (1 + L - sqrt((1+3L)(1-L)))/2, is multiplied by its conjugate, so that the
    relative error stays at a few ulps near 0.
    """
    from sympy import exp, lambdify
    from sympy.codegen.cfunctions import expm1

    expr = stable(formula.expr).replace(
        lambda node: node.is_Add and isinstance(1 - node, exp),
        lambda node: -expm1((1 - node).args[0]),
    )
    return lambdify(formula.args, expr, modules="numpy")  # type: ignore[no-any-return]


def stable(expr: Expr) -> Expr:
    """The same expression with conjugates multiplied out of differences of square roots."""
    from sympy import Pow, Rational, factor, radsimp

    if not expr.atoms(Pow) or all(p.exp.is_integer for p in expr.atoms(Pow)):
        return expr
    half = Rational(1, 2)
    # radsimp multiplies the radicands out, and near L = 1 they would cancel in their turn.
    return (1 / radsimp(1 / expr)).replace(
        lambda node: isinstance(node, Pow) and node.exp == half,
        lambda node: Pow(factor(node.base), half),
    )
