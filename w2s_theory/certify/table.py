"""Which SymPy functions have a ball version, and which Arb routine it is."""

from collections.abc import Callable
from typing import Any

import sympy
from flint import arb
from sympy import S

from w2s_theory.certify import functions

CONSTANTS: dict[Any, Callable[[], arb]] = {
    S.Pi: arb.pi,
    S.Exp1: arb.const_e,
    S.EulerGamma: arb.const_euler,
    S.Catalan: arb.const_catalan,
    S.GoldenRatio: lambda: (1 + arb(5).sqrt()) / 2,
}

UNARY: dict[Any, Callable[[arb], arb]] = {
    sympy.exp: functions.exp,
    sympy.log: functions.log,
    sympy.sin: arb.sin,
    sympy.cos: arb.cos,
    sympy.tan: functions.tan,
    sympy.atan: lambda x: functions.monotone(x, arb.atan),
    sympy.sinh: lambda x: functions.monotone(x, arb.sinh),
    sympy.cosh: functions.cosh,
    sympy.tanh: lambda x: functions.monotone(x, arb.tanh),
    sympy.erf: lambda x: functions.monotone(x, arb.erf),
    sympy.erfc: lambda x: functions.monotone(x, arb.erfc),
    sympy.Abs: functions.absolute,
    sympy.sign: arb.sgn,
    sympy.floor: arb.floor,
    sympy.ceiling: arb.ceil,
    sympy.gamma: arb.gamma,
    sympy.loggamma: arb.lgamma,
    sympy.factorial: arb.fac,
    sympy.factorial2: functions.double_factorial,
}

BINARY: dict[Any, Callable[[arb, arb], arb]] = {
    sympy.binomial: functions.binomial,
    sympy.rf: arb.rising,
    sympy.ff: functions.falling,
    sympy.beta: functions.beta,
    sympy.polygamma: functions.polygamma,
}

# Orthogonal polynomials: the order must be an integer, the last argument is the point.
POLYNOMIALS: dict[Any, Callable[..., arb]] = {
    sympy.gegenbauer: lambda n, a, x: x.gegenbauer_c(n, a),
    sympy.hermite: lambda n, x: x.hermite_h(n),
    sympy.hermite_prob: functions.hermite_he,
    sympy.legendre: lambda n, x: x.legendre_p(n),
    sympy.chebyshevt: lambda n, x: x.chebyshev_t(n),
    sympy.chebyshevu: lambda n, x: x.chebyshev_u(n),
}

# Differentiable wherever their balls and those of their derivatives are finite.
_SMOOTH = (
    *(sympy.exp, sympy.log, sympy.sin, sympy.cos, sympy.tan, sympy.asin, sympy.acos, sympy.atan),
    *(sympy.sinh, sympy.cosh, sympy.tanh, sympy.erf, sympy.erfc),
    *(sympy.gamma, sympy.loggamma, sympy.beta),
    *(sympy.gegenbauer, sympy.hermite, sympy.legendre, sympy.chebyshevt, sympy.chebyshevu),
    *(sympy.Add, sympy.Mul, sympy.Pow, sympy.Number, sympy.NumberSymbol, sympy.Symbol),
)


def is_smooth(expr: Any) -> bool:
    """Whether ``expr`` has no node that may jump or bend, so that its derivatives bound it."""
    return all(isinstance(node, _SMOOTH) for node in sympy.preorder_traversal(expr))
