"""Which SymPy functions have a ball version, and which Arb routine it is."""

from collections.abc import Callable

import sympy
from flint import arb
from sympy import Basic, S

from w2s_theory.certify import functions

CONSTANTS: dict[Basic, Callable[[], arb]] = {
    S.Pi: arb.pi,
    S.Exp1: arb.const_e,
    S.EulerGamma: arb.const_euler,
    S.Catalan: arb.const_catalan,
    S.GoldenRatio: lambda: (1 + arb(5).sqrt()) / 2,
}

# Sums, products, powers, Min, Max, asin, acos, hyper and Piecewise are the compiler's own.
FUNCTIONS: dict[type[Basic], Callable[..., arb]] = {
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
    sympy.binomial: functions.binomial,
    sympy.rf: arb.rising,
    sympy.ff: functions.falling,
    sympy.beta: functions.beta,
    sympy.polygamma: functions.polygamma,
    sympy.gegenbauer: lambda n, a, x: x.gegenbauer_c(n, a),
    sympy.hermite: lambda n, x: x.hermite_h(n),
    sympy.hermite_prob: functions.hermite_he,
    sympy.legendre: lambda n, x: x.legendre_p(n),
    sympy.chebyshevt: lambda n, x: x.chebyshev_t(n),
    sympy.chebyshevu: lambda n, x: x.chebyshev_u(n),
}

# The order, their first argument, must be an integer.
POLYNOMIALS = (
    *(sympy.gegenbauer, sympy.hermite, sympy.hermite_prob),
    *(sympy.legendre, sympy.chebyshevt, sympy.chebyshevu),
)

# Differentiable wherever their balls and those of their derivatives are finite.
_SMOOTH = (
    *(sympy.exp, sympy.log, sympy.sin, sympy.cos, sympy.tan, sympy.asin, sympy.acos, sympy.atan),
    *(sympy.sinh, sympy.cosh, sympy.tanh, sympy.erf, sympy.erfc),
    *(sympy.gamma, sympy.loggamma, sympy.beta),
    *(sympy.gegenbauer, sympy.hermite, sympy.legendre, sympy.chebyshevt, sympy.chebyshevu),
    *(sympy.Add, sympy.Mul, sympy.Pow, sympy.Number, sympy.NumberSymbol, sympy.Symbol),
)


def is_smooth(expr: Basic) -> bool:
    """Whether ``expr`` has no node that may jump or bend, so that its derivatives bound it."""
    return all(isinstance(node, _SMOOTH) for node in sympy.preorder_traversal(expr))
