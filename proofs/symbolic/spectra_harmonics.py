"""Rodrigues' formula, multiplicities and Funk-Hecke, for every degree and dimension at once."""

from __future__ import annotations

from functools import cache

from sympy import (
    Derivative,
    Expr,
    Gt,
    Integer,
    Integral,
    Le,
    Mul,
    Rational,
    cancel,
    expand,
    gamma,
    symbols,
    sympify,
)

from proofs.calculus import leibniz, lowered, pole, quotient, whole, worked
from proofs.domains import claim
from proofs.integrals import Hypothesis, carried, halves, integrate, recursion
from proofs.kernel import Fact, assume, both, cases, equal, evident, gap, given, instantiate
from proofs.lemmas import defining, over
from proofs.proof import Proof
from proofs.symbolic.spectra_coefficients import coefficient, sphere
from w2s_theory.ledger import kernels as f
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.definitions import HARMONICS
from w2s_theory.ledger.harmonic import Harmonic
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.spectra import COSINE, COSINE_RHO, INSIDE, NOT_0_IN_2, SPHERE_OF_SPHERES
from w2s_theory.ledger.statement import Statement

K, D, ALPHA, T = q.DEGREE, q.SPACE_DIM, q.POWER, q.POINT
W = 1 - T**2
B = (D - 3) / 2
HALF = Rational(1, 2)


def _root(order: Expr, power: Expr) -> Derivative:
    """(d/dt)^n (1-t^2)^p."""
    return Derivative(W ** sympify(power), (T, sympify(order)))


def _raised(order: Expr, power: Expr, *known: Fact) -> Fact:
    """D^(n+1) W^(p+1) = -2 (p+1) (t D^n W^p + n D^(n-1) W^p), n >= 1."""
    slope = -2 * (power + 1) * T
    after = lowered(_root(order + 1, power + 1), slope * W**power, *known)
    inner = Derivative(slope * W**power, (T, order))
    return after + leibniz(inner, slope, W**power, *known)


@cache
def _three_terms() -> Fact:
    """(k+d-1) R_{k+2} + 2 (p+2) ((2k+d) t R_{k+1} + 2 (k+1) (p+1) R_k) = 0 for R_k = D^k W^(k+b).

    Here k = K + 2 and p = k + b: both forms of D^k W^(p+1), and W + t^2 = 1.
    """
    (inside,) = given(INSIDE)
    k, p = K + 2, K + 2 + B
    known = (inside, evident(K), evident(K + 1), evident(K + 2))
    first = _raised(k, p, *known)  # R_{k+1}
    second = _raised(k + 1, p + 1, *known)  # R_{k+2}
    product = leibniz(_root(k, p + 1), W, W**p, *known)
    again = _raised(k - 1, p, *known)
    total = product.times(2 * (p + 1)) - again.times(k) - first.times(T)
    c, ahead, now = K + D + 1, _root(k + 1, p + 1), _root(k, p)
    shown = second.times(c) - total.times(2 * (p + 2) * (k + 1))
    inner = (2 * k + D) * T * ahead + 2 * (k + 1) * (p + 1) * now
    return shown.states(c * _root(k + 2, p + 2) + 2 * (p + 2) * inner)


def _scale(degree: Expr) -> Expr:
    return (-HALF) ** degree * gamma((D - 1) / 2) / gamma(degree + (D - 1) / 2)


def _low_degree(words: Expr, degree: int) -> Fact:
    """Both sides worked out."""
    (inside,), n = given(INSIDE), Integer(degree)
    known, side = (inside, sphere()), W**-B
    root, scale = Derivative(W ** (n + B), (T, n)), _scale(n)
    fact = worked(root, *known) if degree else evident(Integer(0))
    result = root.doit()
    number = (-HALF) ** n / Mul(*((D - 1) / 2 + i for i in range(degree)))
    polynomial = expand(cancel(Harmonic(n, D, T) / number))
    same_side = evident(Integer(0)).states(side * result - polynomial, *known)
    total = equal(Harmonic(n, D, T), number * polynomial, *known)
    total = total - quotient(scale, number, *known).times(polynomial, *known)
    total = total - same_side.times(scale, *known) - fact.times(scale * side, *known)
    return total.states(words.xreplace({K: n}), *known, fact)


def prove_spec_rodrigues(statement: Statement) -> Proof:
    """Both sides obey the same recurrence, and agree at the first degrees."""
    words, _ = claim(load()["spec-rodrigues"].claim[0])
    (inside,), three, side = given(INSIDE), _three_terms(), W**-B
    k, p = K + 2, K + 2 + B
    low = [_low_degree(words, degree) for degree in range(4)]

    def step(hypothesis: Hypothesis) -> Fact:
        c0, c1, c2 = k + 1, 2 * k + D, sphere() + evident(K + 2)
        s0, s1, s2 = (_scale(k + i) for i in range(3))
        known = (inside, sphere(), three)
        total = instantiate(defining(HARMONICS), {K: k})
        total = total + hypothesis(1).times(c1 * T) - hypothesis(0).times(c0)
        total = total - three.times(s2 * side, *known)
        once = quotient(s1, -2 * (p + 2) * s2, *known)
        twice = quotient(s0, 4 * (p + 1) * (p + 2) * s2, *known)
        total = total + once.times(c1 * T * side * _root(k + 1, p + 1), *known)
        total = total - twice.times(c0 * side * _root(k, p), *known)
        return over(total, c2, words.xreplace({K: k + 2}), *known, total)

    later = recursion(words.xreplace({K: k}), K, (), (low[2], low[3]), step, inside, sphere())
    many, few, some, none = (assume(kind) for kind in (K > 1, K <= 1, K > 0, K <= 0))
    far = instantiate(later, {K: K - 2}, whole(many))
    one = carried(low[1], words, K, both(whole(some), few))
    zero = carried(low[0], words, K, both(evident(K), none))
    return Proof(statement, (cases(far, many, cases(one, some, zero, none), few),))


_N, _I = symbols("n i", integer=True, nonnegative=True)


def _product(first: Expr, second: Expr, power: Expr = _N) -> Integral:
    """E[t^n P_j P_k]."""
    density = f.DENSITY(f.DENSITY_CONSTANT.expr, T, D)
    polynomials = Harmonic(sympify(first), D, T) * Harmonic(sympify(second), D, T)
    return Integral(density * T**power * polynomials, (T, -1, 1))


def _stepped(degree: Expr, other: Expr, *known: Fact) -> Fact:
    """The recurrence of P_{degree+2}, multiplied by t^n P_other, in the mean."""
    parts = (
        (degree + D - 1, _product(degree + 2, other)),
        (-(2 * degree + D), _product(degree + 1, other, _N + 1)),
        (degree + 1, _product(degree, other)),
    )
    weight = _product(0, other).function
    return integrate(instantiate(defining(HARMONICS), {K: degree}), weight, parts, *known)


@cache
def _full_moments() -> Fact:
    """E[t^n P_k] = (1 + (-1)^(n+k)) a_k, alpha = n: by parity at degree 0, then by recursion."""
    known, turn = sphere(), (-1) ** _N

    def value(degree: Expr, power: Expr = _N) -> Expr:
        return (1 + (-1) ** (power + degree)) * f.COEFFICIENT(sympify(degree), D, power)

    half = instantiate(coefficient(), {ALPHA: _N, K: Integer(0)})
    split = halves(_product(Integer(0), Integer(0)), known)
    (straight,) = half.gap.atoms(Integral)
    mirrored = straight.func(straight.function.xreplace({T: -T}), *straight.limits)
    turned = integrate(evident(Integer(0)), Integer(0), ((1, mirrored), (-turn, straight)), known)
    zero = split + half + turned + half.times(turn)
    one = instantiate(zero, {_N: _N + 1})
    one = one + quotient(value(Integer(0), _N + 1), value(Integer(1)), known)

    def step(hypothesis: Hypothesis) -> Fact:
        c0, c1, c2 = K + 1, 2 * K + D, known + evident(K)
        total = _stepped(K, Integer(0), known)
        total = total + hypothesis(1, {_N: _N + 1}).times(c1) - hypothesis(0).times(c0)
        values = c1 * value(K + 1, _N + 1) - c0 * value(K)
        total = total + quotient(values, c2.gap * value(K + 2), known)
        return over(total, c2, _product(K + 2, Integer(0)) - value(K + 2), known, total)

    return recursion(_product(K, Integer(0)) - value(K), K, (_N,), (zero, one), step, known)


@cache
def _orthogonal() -> Fact:
    """E[t^n P_k P_{n+k+2+2i}] = 0."""
    known, beyond = sphere(), _N + 2 + 2 * _I
    degree = beyond + K
    vanishing = f.COEFFICIENT(beyond, D, _N)
    zero = instantiate(_full_moments(), {K: beyond})
    none = pole(evident(Integer(0)), -_I, evident(_I))
    gone = none.times((1 + (-1) ** (_N + beyond)) * vanishing / none.gap, known)
    zero = zero + gone
    one = instantiate(zero, {_N: _N + 1})

    def step(hypothesis: Hypothesis) -> Fact:
        c2 = known + evident(K)
        total = _stepped(K, degree + 2, known)
        total = total + hypothesis(1, {_N: _N + 1}).times(2 * K + D)
        total = total - hypothesis(0, {_I: _I + 1}).times(K + 1)
        return over(total, c2, _product(K + 2, degree + 2), known, total)

    return recursion(_product(K, degree), K, (_N, _I), (zero, one), step, known)


@cache
def _norms() -> Fact:
    """E[t^n P_{k+1} P_{n+k+1}] in closed form."""
    known = sphere()

    def value(degree: Expr, power: Expr = _N) -> Expr:
        top = degree + power + 1
        doubled = 2**degree * gamma(degree + D / 2) / gamma(D / 2)
        return 2 * f.COEFFICIENT(top, D, top) * doubled * gamma(D - 1) / gamma(degree + D - 1)

    def stepped(degree: Expr, ahead: Fact) -> Fact:
        """From t P_{degree+1} to P_{degree+2}, against P_{n+degree+2}."""
        top = _N + degree + 2
        c0, c1, c2 = degree + 1, 2 * degree + D, known + evident(degree)
        total = _stepped(degree, top, known) + ahead.times(c1)
        total = total - instantiate(_orthogonal(), {K: degree, _I: Integer(0)}).times(c0)
        after = degree + 1
        total = total + quotient(c1 * value(degree, _N + 1), c2.gap * value(after), known)
        return over(total, c2, _product(degree + 2, top) - value(after), known, total)

    full = instantiate(_full_moments(), {K: _N + 1, _N: _N + 1})
    even = 2 * f.COEFFICIENT(_N + 1, D, _N + 1)
    zero = full + quotient(even, value(Integer(0)), known)
    one = stepped(Integer(0), instantiate(zero, {_N: _N + 1}))
    return recursion(
        _product(K + 1, _N + K + 1) - value(K),
        *(K, (_N,), (zero, one), lambda known_at: stepped(K + 1, known_at(1, {_N: _N + 1})), known),
    )


def prove_spec_multiplicity(statement: Statement) -> Proof:
    """The norms, at degree 0 the density's integral; binomials as quotients of Gammas."""
    square, count = load()["spec-multiplicity"].unfolded
    (apart,), (words, _) = given(NOT_0_IN_2), claim(square)
    some, none = assume(Gt(K, 0)), assume(Le(K, 0))
    norms = instantiate(_norms(), {_N: Integer(0), K: K - 1}, whole(some))
    (area,) = norms.gap.atoms(Integral)
    middle = sphere() * Rational(1, 2) + whole(some) + evident(Rational(1, 2))
    known = (sphere(), whole(some), apart, apart + evident(1), middle)
    positive = norms + quotient(area - norms.gap, square.rhs, *known)
    zero = both(evident(K), none)
    start = instantiate(_full_moments(), {K: Integer(0), _N: Integer(0)})
    far = apart.put(zero, K)
    one = quotient(
        start.gap.atoms(Integral).pop() - start.gap,
        square.rhs.xreplace({K: Integer(0)}),
        sphere(),
        far,
    )
    nought = carried(start + one, words, K, zero)
    mean = cases(positive.states(words, *known), some, nought, none)
    counted = (sphere(), apart, apart + evident(1), whole(apart))
    return Proof(statement, (mean, quotient(count.lhs, count.rhs, *counted)))


def prove_spec_funk_hecke(statement: Statement) -> Proof:
    """Taken from the literature."""
    (clause,) = load()["spec-funk-hecke"].claim
    reason = "the mean of a harmonic over rotations about a point, Atkinson & Han theorem 2.22"
    assumes = (SPHERE_OF_SPHERES, COSINE, COSINE_RHO)
    return Proof(statement, (gap(reason, clause, *assumes),))
