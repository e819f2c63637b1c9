"""The decay of the eigenvalues of max(t,0)^alpha: lambda_k k^{2 alpha + d} -> C(alpha, d).

C = 2^{d-2} (Gamma(d/2) alpha!)^2 / pi^2, over the non-zero degrees k > alpha. With s = alpha + d/2
and x = k + d/2 - 1 it holds for every such k, not only in the limit, that

    C x^{-2s} <= lambda_k <= C ((k-alpha)(k+alpha+d-2))^{-s}      (upper: s >= 2, or s = 1).

Proof. lambda_{k+2}/lambda_k = ((k-alpha)/(k+alpha+d))^2, so with X = k + d/2 the logarithm of
lambda_k/lower falls in each step by a series in 1/X whose coefficients have one sign, and that of
lambda_k/upper rises likewise (`step_coefficient`); both tend to 0 by Stirling (`stirling_gap`).
"""

from __future__ import annotations

import sympy as sp
from flint import arb
from sympy import Expr

from w2s_theory.arguments import integer
from w2s_theory.certify.digits import refine
from w2s_theory.certify.lower import lower
from w2s_theory.certify.positivity import X, nonnegative_from
from w2s_theory.ledger import kernels
from w2s_theory.spectra import formulas
from w2s_theory.spectra.closed import gamma_guard
from w2s_theory.spectra.formulas import ALPHA, HALF, D, K

S = sp.Symbol("s", positive=True)
INVERSE = sp.Symbol("y", positive=True)  # 1/X


def decay_constant(power: Expr | int = ALPHA, dim: Expr | int = D) -> Expr:
    """C = 2^{d-2} (Gamma(d/2) Gamma(alpha+1))^2 / pi^2; ReLU: power = 1."""
    return kernels.DECAY_CONSTANT(sp.sympify(dim), sp.sympify(power))


def magnitude() -> Expr:
    """``|a_k|`` for k - alpha odd: the closed form, its 1/Gamma reflected and the sign dropped."""
    pole = sp.gamma((ALPHA - K) / 2 + 1)
    return formulas.power_sphere() * pole * sp.gamma((K - ALPHA) / 2) / sp.pi


def _stirling(argument: Expr) -> Expr:
    return (argument - HALF) * sp.log(argument) - argument + sp.log(2 * sp.pi) / 2


def stirling_gap() -> Expr:
    """lim log(lambda_k k^{2 alpha+d} / C), k -> inf, each log Gamma by Stirling: 0 if C is right.

    The remainders of log Gamma(z) are below 1/(12 z) (DLMF 5.11.3) and vanish in the limit.
    alpha and d stay symbolic.
    """
    near, far = (K - ALPHA) / 2, (K + ALPHA + D) / 2
    prefactor = magnitude() / (sp.gamma(near) / sp.gamma(far))
    constant = sp.expand_log(sp.log(sp.simplify(prefactor**2 / decay_constant())), force=True)
    growth = 2 * (_stirling(near) - _stirling(far)) + (2 * ALPHA + D) * sp.log(K)
    z = sp.Symbol("z", positive=True)
    moving = sp.limit(growth.subs(K, z), z, sp.oo)
    return sp.simplify(sp.expand_log(sp.expand(moving + constant), force=True))


def lower_bound(power: Expr | int = ALPHA, dim: Expr | int = D) -> Expr:
    """C x^{-(2 alpha + d)}, x = k + d/2 - 1, in K."""
    constant = decay_constant(power, dim)
    return kernels.DECAY_LOWER(constant, K, sp.sympify(dim), sp.sympify(power))


def upper_bound(power: Expr | int = ALPHA, dim: Expr | int = D) -> Expr:
    """C ((k-alpha)(k+alpha+d-2))^{-(alpha + d/2)}, in K."""
    constant = decay_constant(power, dim)
    return kernels.DECAY_UPPER(constant, K, sp.sympify(dim), sp.sympify(power))


def log_step(upper: bool) -> Expr:
    """log of (lambda/bound)(k+2) over (lambda/bound)(k), in y = 1/X and s = alpha + d/2."""
    step = 2 * sp.log((1 - S * INVERSE) / (1 + S * INVERSE))
    if not upper:
        return step + 2 * S * sp.log((1 + INVERSE) / (1 - INVERSE))
    ahead = (1 + (2 - S) * INVERSE) * (1 + S * INVERSE)
    here = (1 - S * INVERSE) * (1 + (S - 2) * INVERSE)
    return step + S * sp.log(ahead / here)


def step_coefficient(upper: bool, index: int) -> Expr:
    """Coefficient of y^{2j+1} in `log_step` (the even ones vanish).

    Lower: 4 (s - s^{2j+1})/(2j+1) <= 0 for s >= 1. Upper: 2 s (s-2)(s^{2j} - (s-2)^{2j})/(2j+1),
    >= 0 for s >= 2 and 0 for s = 1.
    """
    j = integer("index", index, 0)
    if upper:
        return 2 * S * (S - 2) * (S ** (2 * j) - (S - 2) ** (2 * j)) / sp.Integer(2 * j + 1)
    return 4 * (S - S ** (2 * j + 1)) / sp.Integer(2 * j + 1)


def bounds_proved(power: int, dim: int) -> tuple[bool, bool]:
    """Exact check of both steps as polynomial inequalities for all real k >= alpha + 1.

    lower: (k+alpha+d)^2 x^{2s} >= (k-alpha)^2 (x+2)^{2s}. upper, for 2s >= 4:
    (k-alpha+2)^{2s} (k+alpha+d)^{2s-4} >= (k-alpha)^{2s-4} (k+alpha+d-2)^{2s}; for s = 1 the two
    bounds are the same number, so both steps must be 0. ValueError: power < 0, dim < 2, or s = 3/2,
    where the upper bound fails.
    """
    power, dim = integer("power", power, 0), integer("dim", dim, 2)
    double = 2 * power + dim
    if double == 3:
        raise ValueError("power and dim must not be 0 and 3: the upper bound fails, got 0 and 3")
    near, far = X - power, X + power + dim
    twice = 2 * X + dim - 2
    lower = far**2 * twice**double - near**2 * (twice + 4) ** double
    if double >= 4:
        upper = (near + 2) ** double * far ** (double - 4)
        upper -= near ** (double - 4) * (far - 2) ** double
    else:
        upper = -lower
    return nonnegative_from(lower, power + 1), nonnegative_from(upper, power + 1)


def certified_ratio(power: int, dim: int, degree: int, digits: int = 30) -> arb:
    """Ball around lambda_k k^{2 alpha+d} / C, which tends to 1.

    ValueError: degree not above power by an odd number, digits < 1.
    """
    power, dim = integer("power", power, 0), integer("dim", dim, 2)
    degree = integer("degree", degree, power + 1)
    if (degree - power) % 2 == 0:
        raise ValueError(f"degree must be {power + 1} + an even number, got {degree}")
    ratio = formulas.power_sphere() ** 2 * K ** (2 * ALPHA + D) / decay_constant()
    return _ball(ratio, power, dim, degree, digits)


def certified_bounds(power: int, dim: int, degree: int, digits: int = 30) -> tuple[arb, arb]:
    """Balls around lambda_k/lower >= 1 and lambda_k/upper <= 1. ValueError as `certified_ratio`."""
    certified_ratio(power, dim, degree, digits)
    square = formulas.power_sphere() ** 2
    below, above = square / lower_bound(), square / upper_bound()
    return _ball(below, power, dim, degree, digits), _ball(above, power, dim, degree, digits)


def _ball(expression: Expr, power: int, dim: int, degree: int, digits: int) -> arb:
    run, at = lower(expression), {K: degree, D: dim, ALPHA: power}
    return refine(lambda _bits: run(at), digits, guard=gamma_guard(degree, dim))
