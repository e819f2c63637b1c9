"""The constants and functions that a user's expression may name."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sympy import Expr, Function


@cache
def constants() -> dict[str, Expr]:
    """Name -> SymPy constant."""
    import sympy

    return {
        "pi": sympy.pi,
        "e": sympy.E,
        "euler_gamma": sympy.EulerGamma,
        "catalan": sympy.Catalan,
        "golden_ratio": sympy.GoldenRatio,
    }


@cache
def functions() -> dict[str, tuple[Function, int]]:
    """Name -> (SymPy function, how many arguments)."""
    import sympy

    unary = {
        "sqrt": sympy.sqrt,
        "abs": sympy.Abs,
        "exp": sympy.exp,
        "log": sympy.log,
        "ln": sympy.log,
        **{
            name: getattr(sympy, name)
            for name in (
                *("sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh"),
                *("erf", "erfc", "gamma", "loggamma", "factorial"),
            )
        },
    }
    binary = {name: getattr(sympy, name) for name in ("binomial", "beta")}
    return {
        **{name: (function, 1) for name, function in unary.items()},
        **{name: (function, 2) for name, function in binary.items()},
    }


def clash(name: str) -> str:
    """What to say where `name` is a function here and something else in the ledger."""
    if name != "beta":
        return ""
    from w2s_theory.ledger.render import text
    from w2s_theory.ledger.universality import PROVEN_EXPONENT

    return f"; it is Euler's Beta, the ledger's beta(dim) is {text(PROVEN_EXPONENT.expr)}"
