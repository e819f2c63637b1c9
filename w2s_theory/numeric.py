"""NumPy functions from the ledger's SymPy expressions."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

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


def unit_interval(name: str, value: ArrayLike) -> NDArray[np.float64]:
    """`value` as float64 in [0, 1]; `ValueError` names the first value that is not."""
    given = np.asarray(value)
    try:
        if given.dtype.kind not in "iufO":
            raise TypeError
        array = given.astype(np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be real numbers in [0, 1], got {value!r}") from None
    outside = ~((array >= 0) & (array <= 1))
    if outside.any():
        first = array[outside].flat[0] if array.ndim else float(array)
        raise ValueError(f"{name} must be in [0, 1], got {first}")
    return array
