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
    Rational,
    Symbol,
    diff,
    expand,
    expand_func,
    gamma,
    powsimp,
    symbols,
    sympify,
)

from proofs import steps
from proofs.calculus import pole, quotient, whole
from proofs.domains import claim
from proofs.integrals import Hypothesis, carried, halves, integrate, recursion
from proofs.kernel import Fact, assume, both, cases, evident, gap, given, instantiate
from proofs.lemmas import defining, over
from proofs.proof import Proof
from proofs.quotients import reduces
from proofs.steps import Step, equal
from proofs.symbolic.spectra_coefficients import coefficient, sphere
from w2s_theory.ledger import kernels as f
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.definitions import HARMONICS
from w2s_theory.ledger.harmonic import Harmonic, legendre_polynomial
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.spectra import (
    COSINE,
    COSINE_RHO,
    INSIDE,
    NOT_0_IN_2,
    SPHERE,
    SPHERE_OF_SPHERES,
)
from w2s_theory.ledger.statement import Statement

K, D, ALPHA, T = q.DEGREE, q.SPACE_DIM, q.POWER, q.POINT
W = 1 - T**2
B = (D - 3) / 2
_P, _BEFORE, _SLOPE = Symbol("P_k"), Symbol("P_before"), Symbol("dP_k")
_FIRST_DEGREES = range(4)


def _next(degree: Expr, now: Expr, before: Expr) -> Expr:
    """P_{k+1} by the recurrence."""
    return ((2 * degree + D - 2) * T * now - degree * before) / (degree + D - 2)


def _lowered(degree: Expr, now: Expr, before: Expr) -> Expr:
    """(1-t^2) P_k'."""
    return degree * (before - T * now)


def derivative_steps() -> tuple[Step, ...]:
    """(1-t^2) P_k' = k (P_{k-1} - t P_k) by induction, the raising form, Legendre's equation."""
    # P_{k-2} from the recurrence at k - 1.
    two_before = ((2 * K + D - 4) * T * _BEFORE - (K + D - 3) * _P) / (K - 1)
    slope_before = _lowered(K - 1, _BEFORE, two_before)
    slope = _lowered(K, _P, _BEFORE)
    raised = ((2 * K + D - 2) * (W * _P + T * slope) - K * slope_before) / (K + D - 2)
    second = K * (slope_before - W * _P - T * slope)
    return (
        equal("lowering, k = 1", W * 1, _lowered(1, T, 1), "P_1 = t, P_0 = 1"),
        equal(
            "lowering, k to k + 1",
            raised,
            _lowered(K + 1, _next(K, _P, _BEFORE), _P),
            "the recurrence, differentiated and multiplied by 1 - t^2",
        ),
        equal(
            "raising",
            _next(K, _P, _BEFORE),
            T * _P - slope / (K + D - 2),
            "P_{k+1} = t P_k - (1-t^2) P_k'/(k+d-2)",
        ),
        equal(
            "Legendre's equation",
            second - (D - 3) * T * slope + K * (K + D - 2) * W * _P,
            Integer(0),
            "(1-t^2) times (1-t^2) P'' - (d-1) t P' + k (k+d-2) P, where "
            "(1-t^2)^2 P'' = 2 t (1-t^2) P' + (1-t^2) d/dt [k (P_{k-1} - t P_k)]",
        ),
    )


def rodrigues_steps() -> tuple[Step, ...]:
    """p_k = (1-t^2)^{-b} (d/dt)^k (1-t^2)^{k+b} obeys the raising relation, up to its scale."""
    power = K + B
    now, ahead, before = (Symbol(name) for name in ("F", "dF", "G"))
    u = W**power
    leibniz = W * ahead - 2 * K * T * now - K * (K - 1) * before
    relation = leibniz + 2 * power * (T * now + K * before)
    solved = -(W * ahead + 2 * B * T * now) / (K * (K + 2 * B + 1))
    # F = (1-t^2)^b p, so F' = (1-t^2)^b (p' - 2 b t p/(1-t^2)).
    in_p = {now: _P, ahead: _SLOPE - 2 * B * T * _P / W}
    return (
        equal("u = (1-t^2)^(k+b)", W * diff(u, T), -2 * power * T * u, "its own equation"),
        equal(
            "differentiated k times",
            relation,
            W * ahead + 2 * B * T * now + K * (K + 2 * B + 1) * before,
            "Leibniz, with F = u^(k), F' = u^(k+1), G = u^(k-1); it is 0",
        ),
        equal(
            "one more factor",
            powsimp(diff(W ** (power + 1), T) / u),
            -2 * (power + 1) * T,
            "so (d/dt)^(k+1) (1-t^2)^(k+1+b) = -2 (k+1+b) (t F + k G), by Leibniz",
        ),
        equal(
            "raising of p_k",
            (T * now + K * solved).xreplace(in_p),
            T * _P - W * _SLOPE / (K + 2 * B + 1),
            "G from the second step: p_{k+1} = -2 (k+1+b) (t p_k - (1-t^2) p_k'/(k+2b+1))",
        ),
        equal("the same divisor", K + 2 * B + 1, K + D - 2, "b = (d-3)/2"),
    )


def prove_spec_rodrigues(statement: Statement) -> steps.Proof:
    """Both sides obey the same raising relation, and agree at k = 0."""
    (clause,) = statement.claim
    (derivative,) = clause.rhs.atoms(Derivative)
    scale = (clause.rhs / derivative).xreplace({W: Integer(1)})
    # The derivative and the recurrence at small k, d symbolic: they would catch a wrong formula.
    instances = tuple(
        equal(
            f"k = {k}",
            legendre_polynomial(k),
            expand_func(powsimp(expand(clause.rhs.xreplace({K: Integer(k)}).doit()))),
            "both sides worked out",
            is_clause=True,
        )
        for k in _FIRST_DEGREES
    )
    return steps.Proof(
        statement,
        (
            *derivative_steps(),
            *rodrigues_steps(),
            reduces(
                "scale",
                scale.xreplace({K: K + 1}) / scale,
                -1 / (2 * (K + 1 + B)),
                "the scale takes the factor -2 (k+1+b) away",
                SPHERE,
                INSIDE,
            ),
            equal("start", scale.xreplace({K: Integer(0)}), Integer(1), "P_0 = 1"),
            *instances,
        ),
    )


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
