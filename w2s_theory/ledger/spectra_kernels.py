"""Section 1, continued: the arc-cosine kernels, their series, and the Gaussian limit."""

from __future__ import annotations

from sympy import (
    Expr,
    Integer,
    Integral,
    Rational,
    Sum,
    acos,
    cos,
    exp,
    factorial,
    oo,
    pi,
    sin,
    sqrt,
)
from sympy.logic.boolalg import Boolean

from w2s_theory.ledger import kernels as f
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.at_infinity import AtInfinity
from w2s_theory.ledger.harmonic import Harmonic, Hermite
from w2s_theory.ledger.prose import say
from w2s_theory.ledger.references import CHO_SAUL, DLMF
from w2s_theory.ledger.spectra import A_IS, C_IS, COSINE_RHO, H_IS, RELU_MODEL, SPHERE, equation
from w2s_theory.ledger.statement import Evidence, Kind, Mutant, Source, Statement

_CHECKS = "checks/test_spectra.py"
K, D, ALPHA, T, M, RHO, THETA = (q.DEGREE, q.SPACE_DIM, q.POWER, q.POINT, q.TERM, q.RHO, q.TURN)
_ORDERS = (0, 1, 2)
_ONE = Integer(1)

# --- the kernels ----------------------------------------------------------------------------------


def _planar(order: int) -> Expr:
    phi = q.PLANE_ANGLE
    product = cos(phi) ** order * cos(phi - THETA) ** order
    return Integral(2**order * factorial(order) * product, (phi, THETA - pi / 2, pi / 2))


def _arccosine(*changed: tuple[int, Expr]) -> tuple[Boolean, ...]:
    forms = {n: f.angular(n) for n in _ORDERS} | dict(changed)
    return tuple(equation(_planar(n), forms[n]) for n in _ORDERS)


ARCCOSINE = Statement(
    id="spec-arccosine",
    kind=Kind.IDENTITY,
    title="The first three arc-cosine kernels",
    source=Source.EXTENSION,
    text="J_n for a standard Gaussian and two unit vectors at angle vartheta: in polar coordinates "
    "of their plane the radius gives the factor in front, the angle the integral.",
    claim=_arccosine(),
    needs=(Evidence.SYMBOLIC, Evidence.CERTIFIED),
    reference=f"{CHO_SAUL}, eq. 3 to 6",
    proof="proofs/symbolic/spectra_kernels.py",
    checks=(_CHECKS,),
    mutants=(
        Mutant(
            "sign",
            "the sine is subtracted",
            claim=_arccosine((1, -sin(THETA) + (pi - THETA) * cos(THETA))),
        ),
        Mutant(
            "two",
            "the squared cosine is not doubled",
            claim=_arccosine(
                (2, 3 * sin(THETA) * cos(THETA) + (pi - THETA) * (1 + cos(THETA) ** 2))
            ),
        ),
        Mutant("angle", "the first kernel is theta itself", claim=_arccosine((0, THETA))),
    ),
)


# --- the Gaussian measure -------------------------------------------------------------------------


def _hermite(value: Expr = q.H_K, relu: Expr = f.RELU_HERMITE.expr) -> tuple[Boolean, ...]:
    gauss = exp(-(T**2) / 2) / sqrt(2 * pi)
    mean = Integral(T**ALPHA * Hermite(K, T) * gauss / sqrt(factorial(K)), (T, 0, oo))
    return (equation(mean, value), equation(f.HERMITE_COEFFICIENT(2 * M, _ONE), relu))


HERMITE = Statement(
    id="spec-hermite",
    kind=Kind.THEOREM,
    title="Hermite coefficients of the powers of ReLU in closed form",
    source=Source.EXTENSION,
    text="h_k is the mean of the activation times the normalised Hermite polynomial, for a "
    "standard Gaussian. For ReLU the even ones are as the second clause says, with the "
    "double factorials of negative odd numbers continued by their recurrence; the odd ones "
    "beyond the first vanish (spec-odd).",
    claim=_hermite(),
    where=(H_IS,),
    needs=(Evidence.SYMBOLIC, Evidence.CERTIFIED),
    reference=f"{DLMF} 18.9 (He_{{k+1}} = t He_k - He_k')",
    proof="proofs/symbolic/spectra_gauss.py",
    checks=(_CHECKS,),
    mutants=(
        Mutant("two", "2 h_k", claim=_hermite(2 * q.H_K)),
        Mutant(
            "factorial",
            "h_k is not divided by sqrt(k!)",
            claim=_hermite(sqrt(factorial(K)) * q.H_K),
        ),
        Mutant("sign", "(-1)^m instead of (-1)^(m-1)", claim=_hermite(relu=-f.RELU_HERMITE.expr)),
        Mutant("off-by-one", "m off by one", claim=_hermite(relu=f.RELU_HERMITE(M + 1))),
    ),
)


def _hermite_kernel(term: Expr | None = None, changed: Expr | None = None) -> tuple[Boolean, ...]:
    def weight(order: int) -> Expr:
        square = f.HERMITE_COEFFICIENT(K, Integer(order)) ** 2
        return square if term is None else square * term

    sides = {n: f.arccosine(n) / (2 * pi) for n in _ORDERS}
    if changed is not None:
        sides[1] = changed
    return tuple(equation(Sum(weight(n) * RHO**K, (K, 0, oo)), sides[n]) for n in _ORDERS)


HERMITE_KERNEL = Statement(
    id="spec-hermite-kernel",
    kind=Kind.THEOREM,
    title="The arc-cosine kernels as power series with squared Hermite coefficients",
    source=Source.EXTENSION,
    text="The mean of the product of the activation at two standard Gaussians of correlation "
    "rho, by Mehler's formula, for the first three powers.",
    claim=_hermite_kernel(),
    assumes=(COSINE_RHO,),
    uses=("spec-hermite", "spec-arccosine"),
    needs=(Evidence.SYMBOLIC, Evidence.CERTIFIED),
    reference=f"Mehler's formula, {DLMF} 18.18.28",
    proof="proofs/symbolic/spectra_gauss.py",
    checks=(_CHECKS,),
    mutants=(
        Mutant("two", "2 h_k^2", claim=_hermite_kernel(Integer(2))),
        Mutant("sign", "degrees alternate", claim=_hermite_kernel((-1) ** K)),
        Mutant("factorial", "every term divided by k + 1", claim=_hermite_kernel(1 / (K + 1))),
        Mutant(
            "angle",
            "arccos rho instead of pi - arccos rho in the second kernel",
            claim=_hermite_kernel(changed=(sqrt(1 - RHO**2) + RHO * acos(RHO)) / (2 * pi)),
        ),
    ),
)

_LOW = {0: Rational(1, 2), 1: 1 / pi + RHO / 2, 2: Rational(1, 2) + 4 * RHO / pi + RHO**2}


def _taylor(factor: Expr = _ONE, low: Expr = _LOW[1], shift: int = 0) -> tuple[Boolean, ...]:
    lows = {**_LOW, 1: low}
    return tuple(
        equation(
            f.arccosine(n) / pi,
            lows[n] + Sum(factor * f.taylor_term(n).xreplace({M: M + shift}), (M, 0, oo)),
        )
        for n in _ORDERS
    )


def _listed_taylor() -> str:
    low = [_LOW[1].coeff(RHO, k) for k in range(2)]
    high = [f.taylor_term(1).xreplace({M: Integer(m), RHO: _ONE}) for m in range(2)]
    return ", ".join(say(value) for value in (*low, *high))


TAYLOR = Statement(
    id="spec-taylor",
    kind=Kind.IDENTITY,
    title="Taylor coefficients of the arc-cosine kernels: exact rationals over pi",
    source=Source.EXTENSION,
    text="The coefficients of the arc-cosine kernels in rho are rationals up to degree n, for "
    "its parity, and otherwise rationals over pi. For ReLU the first but for zeros are "
    f"{_listed_taylor()}.",
    claim=_taylor(),
    assumes=(COSINE_RHO,),
    uses=("spec-hermite-kernel",),
    needs=(Evidence.SYMBOLIC, Evidence.CERTIFIED),
    reference="(d/drho)^{n+1} J_n = n!^2 (1-rho^2)^{-1/2} and the binomial series",
    proof="proofs/symbolic/spectra_gauss.py",
    checks=(_CHECKS,),
    mutants=(
        Mutant("two", "the series halved", claim=_taylor(Rational(1, 2))),
        Mutant("sign", "the signs of arcsinh", claim=_taylor((-1) ** M)),
        Mutant("low", "rho instead of rho/2 in the second kernel", claim=_taylor(low=1 / pi + RHO)),
        Mutant("off-by-one", "m starts at 1", claim=_taylor(shift=1)),
    ),
)


# --- the spectrum of the kernel -------------------------------------------------------------------


def _eigenvalue(factor: Expr = _ONE, shift: int = 0) -> tuple[Boolean, ...]:
    density = f.DENSITY(q.C_D, RHO, D)
    return tuple(
        equation(
            Integral(density * f.gram(n) * Harmonic(K, D, RHO), (RHO, -1, 1)),
            factor * f.COEFFICIENT(K + shift, D, Integer(n)) ** 2,
        )
        for n in _ORDERS
    )


EIGENVALUE = Statement(
    id="spec-eigenvalue",
    kind=Kind.THEOREM,
    title="The kernel's own Funk-Hecke coefficients are the squares of a_k",
    source=Source.RECONSTRUCTED,
    text="The Gram function of the features has the square of a_k for its eigenvalue on the "
    "harmonics of degree k: the step, ReLU and its square.",
    claim=_eigenvalue(),
    assumes=(SPHERE,),
    where=(C_IS,),
    uses=("spec-funk-hecke", "spec-coefficients", "spec-hermite-kernel"),
    needs=(Evidence.SYMBOLIC, Evidence.CERTIFIED),
    reference=RELU_MODEL,
    proof="proofs/symbolic/spectra_kernels.py",
    checks=(_CHECKS,),
    mutants=(
        Mutant("two", "twice the eigenvalue", claim=_eigenvalue(Integer(2))),
        Mutant("sign", "the eigenvalue negated", claim=_eigenvalue(Integer(-1))),
        Mutant("off-by-one", "the eigenvalue of the next degree", claim=_eigenvalue(shift=1)),
    ),
)

_A_ZERO = (q.A_ZERO, f.COEFFICIENT(Integer(0), D, ALPHA))
_N_IS = (q.N_K, f.MULTIPLICITY.expr)


_RELU_TRACE = 1 / (2 * D)


def _parseval(term: Expr = q.A_K**2 * q.N_K, trace: Expr = _RELU_TRACE) -> tuple[Boolean, ...]:
    return (
        equation(q.A_ZERO**2 + Sum(term, (K, 1, oo)), f.TRACE.expr),
        equation(f.TRACE(_ONE, D), trace),
    )


PARSEVAL = Statement(
    id="spec-parseval",
    kind=Kind.THEOREM,
    title="Parseval: the eigenvalues with their multiplicities add up to the trace",
    source=Source.RECONSTRUCTED,
    text="The trace is the squared norm of a feature, a quotient of Gaussian moments on the "
    f"line and in space; {say(_RELU_TRACE)} for ReLU.",
    claim=_parseval(),
    assumes=(SPHERE,),
    where=(A_IS, _A_ZERO, _N_IS),
    uses=("spec-multiplicity", "spec-coefficients"),
    needs=(Evidence.SYMBOLIC, Evidence.CERTIFIED),
    reference=RELU_MODEL,
    proof="proofs/symbolic/spectra_kernels.py",
    checks=(_CHECKS,),
    mutants=(
        Mutant(
            "off-by-one",
            "k off by one in N_k",
            claim=_parseval(q.A_K**2 * f.MULTIPLICITY(K + 1, D)),
        ),
        Mutant("two", "the trace is 1/d", claim=_parseval(trace=1 / D)),
        Mutant("twice", "every eigenvalue twice", claim=_parseval(2 * q.A_K**2 * q.N_K)),
        Mutant("sign", "degrees alternate in sign", claim=_parseval((-1) ** K * q.A_K**2 * q.N_K)),
    ),
)

_RELU_A = (q.A_K, f.COEFFICIENT(K, D, _ONE))
_RELU_ZERO = (q.A_ZERO, f.COEFFICIENT(Integer(0), D, _ONE))


def _kernel(weight: Expr = q.A_K**2 * q.N_K, kernel: Expr | None = None) -> tuple[Boolean, ...]:
    series = q.A_ZERO**2 + Sum(weight * Harmonic(K, D, RHO), (K, 1, oo))
    return (equation(series, f.gram(1) if kernel is None else kernel),)


KERNEL = Statement(
    id="spec-kernel",
    kind=Kind.THEOREM,
    title="The arc-cosine kernel is the sum of its spectrum",
    source=Source.RECONSTRUCTED,
    text="The mean over ReLU features u, uniform on the sphere, of their product at two inputs "
    "with <x,y> = rho; also the Gram function of two features. As the trace is finite "
    "(spec-parseval) the series converges absolutely, at both ends of the interval too.",
    claim=_kernel(),
    assumes=(SPHERE, COSINE_RHO),
    where=(_RELU_A, _RELU_ZERO, _N_IS),
    uses=("spec-eigenvalue", "spec-parseval"),
    needs=(Evidence.SYMBOLIC, Evidence.CERTIFIED, Evidence.MONTE_CARLO),
    reference=f"{RELU_MODEL}; {CHO_SAUL}",
    proof="proofs/symbolic/spectra_kernels.py",
    checks=(_CHECKS,),
    mutants=(
        Mutant(
            "sign",
            "rho (pi - arccos rho) is subtracted",
            claim=_kernel(kernel=(sqrt(1 - RHO**2) - RHO * (pi - acos(RHO))) / (2 * pi * D)),
        ),
        Mutant("two", "pi d instead of 2 pi d", claim=_kernel(kernel=2 * f.gram(1))),
        Mutant(
            "off-by-one", "k off by one in N_k", claim=_kernel(q.A_K**2 * f.MULTIPLICITY(K + 1, D))
        ),
        Mutant("no-multiplicity", "N_k is left out", claim=_kernel(q.A_K**2)),
    ),
)

# --- the limit of large dimension -----------------------------------------------------------------


def _limit(
    scaled: Expr = f.SCALED_EIGENVALUE.expr, rate: Expr = f.LIMIT_RATE.expr
) -> tuple[Boolean, ...]:
    return (
        equation(AtInfinity(scaled, D), q.H_K**2),
        equation(AtInfinity(D * (scaled - q.H_K**2), D), rate * q.H_K**2),
    )


_RELU_RATE = f.LIMIT_RATE(K, _ONE)
LIMIT = Statement(
    id="spec-limit",
    kind=Kind.THEOREM,
    title="Gegenbauer to Hermite as d grows, with the rate",
    source=Source.EXTENSION,
    text="The scaled eigenvalue tends to the square of h_k, and d times the gap to a constant "
    f"times it, which for ReLU is {say(_RELU_RATE)}. (At degree zero the formula of N_k "
    "needs d beyond the circle's.)",
    claim=_limit(),
    where=(A_IS, _N_IS, H_IS),
    uses=("spec-coefficients", "spec-multiplicity", "spec-hermite"),
    needs=(Evidence.SYMBOLIC, Evidence.CERTIFIED),
    reference=f"Stirling's formula, {DLMF} 5.11.1",
    proof="proofs/symbolic/spectra_decay.py",
    checks=(_CHECKS,),
    mutants=(
        Mutant("sign", "the rate negated", claim=_limit(rate=-f.LIMIT_RATE.expr)),
        Mutant("two", "twice the rate", claim=_limit(rate=2 * f.LIMIT_RATE.expr)),
        Mutant(
            "off-by-one",
            "k off by one in N_k",
            claim=_limit(f.SCALED_EIGENVALUE(q.A_K, f.MULTIPLICITY(K + 1, D), D, ALPHA)),
        ),
        Mutant(
            "scale", "d^(alpha+1) instead of d^alpha", claim=_limit(D * f.SCALED_EIGENVALUE.expr)
        ),
    ),
)

PLACE = 60
STATEMENTS = (ARCCOSINE, HERMITE, HERMITE_KERNEL, TAYLOR, EIGENVALUE, PARSEVAL, KERNEL, LIMIT)
