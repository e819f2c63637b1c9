"""NumPy functions from the ledger's SymPy expressions."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from w2s_theory.ledger.statement import Formula


@lru_cache(maxsize=64)
def numpy_function(formula: Formula) -> Callable[..., NDArray[np.float64]]:
    """The formula as a vectorised float64 function of its arguments, in their order.

    A difference with a square root, such as (1 + L - sqrt((1+3L)(1-L)))/2, is first multiplied by
    its conjugate, so that nothing cancels: the relative error stays at a few ulps near L = 0.
    """
    from sympy import lambdify

    return lambdify(formula.args, stable(formula.expr), modules="numpy")  # type: ignore[no-any-return]


def stable(expr: Any) -> Any:
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
