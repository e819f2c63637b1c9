"""The rules of calculus give what follows and refuse what does not."""

import pytest
from sympy import (
    Abs,
    Derivative,
    Eq,
    Function,
    Ge,
    Gt,
    Integer,
    Integral,
    Le,
    Lt,
    Ne,
    Or,
    Rational,
    Sum,
    Symbol,
    cos,
    exp,
    expand,
    floor,
    gamma,
    log,
    oo,
    sin,
    sqrt,
    symbols,
    tan,
)
from sympy import limit as sp_limit

from proofs import calculus as c
from proofs import kernel as k
from proofs.domains import RefusedError, Sign
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.at_infinity import AtInfinity
from w2s_theory.ledger.statement import Assumption

X, Y = symbols("x y", real=True)
P = Symbol("p", positive=True)
M = Symbol("m", integer=True, nonnegative=True)
N = Symbol("n", integer=True)


def limit(body, value=0):
    return k.gap("told", Eq(AtInfinity(body, M), value, evaluate=False))


def test_quotient():
    assert c.quotient(gamma(P + 1), P * gamma(P)).sign is Sign.ZERO
    for left, right in ((gamma(P + 1), gamma(P)), (gamma(X + 1), X * gamma(X))):
        with pytest.raises(RefusedError):
            c.quotient(left, right)  # false; not known to be real
    assert c.quotient(1 / gamma(X), X / gamma(X + 1)).gap.has(gamma)


def test_pole():
    place = k.assume(Eq(X, -M))
    assert c.pole(place, X, k.evident(M)).gap == 1 / gamma(X)
    for at, argument, order in (
        (place, X + 1, k.evident(M)),
        (k.assume(Eq(X, 1)), X, k.evident(1)),
        (k.assume(Ge(X, -M)), X, k.evident(M)),
        (k.assume(Eq(X, -P)), X, k.evident(P)),
    ):
        with pytest.raises(RefusedError):
            c.pole(at, argument, order)


@pytest.mark.parametrize(
    ("relation", "gap"),
    [
        (Ge(N - Rational(1, 2), 0), N - 1),
        (Gt(N - Rational(1, 2), 0), N - 1),
        (Gt(N, 0), N - 1),
        (Ge(N, 0), N),
        (Gt(N + Rational(3, 2), 0), N + 1),
        (Ge(floor(X) + Rational(3, 2), 0), floor(X) + 1),
    ],
)
def test_whole(relation, gap):
    assert c.whole(k.assume(relation)).gap == gap


def test_whole_refuses():
    for relation in (Ge(X, 0), Eq(N, 1), Ge(N / 2, 0)):
        with pytest.raises(RefusedError):
            c.whole(k.assume(relation))


def test_either():
    choice = Assumption("choice", "x is 1 or 2", Or(Eq(X, 1), Eq(X, 2)))
    one, two = (k.assume(Eq(X, n)) * 0 + k.evident(1) for n in (1, 2))
    fact = c.either(choice, one, two)
    assert [a.condition for a in fact.assumes] == [choice.condition]
    other = k.assume(Eq(X, 2)) * 0 + k.evident(2)
    for facts in ((one,), (one, one), (one, other)):
        with pytest.raises(RefusedError):
            c.either(choice, *facts)
    with pytest.raises(RefusedError):
        c.either(Assumption("one", "x is 1", Eq(X, 1)), one)


def test_either_keeps_what_else_is_assumed():
    choice = Assumption("choice", "x is 1 or 2", Or(Eq(X, 1), Eq(X, 2)))
    one, two = (k.assume(Eq(X, n)) * 0 + k.assume(Ge(P, 3)) for n in (1, 2))
    assert Ge(P, 3) in [a.condition for a in c.either(choice, one, two).assumes]


def test_primitive():
    area = Integral(cos(X), (X, 0, P))
    assert c.primitive(area, sin(X)).gap == area - sin(P)
    for integral, function in (
        (area, cos(X)),
        (Integral(1 / cos(X) ** 2, (X, 0, 4)), tan(X)),  # a pole between the ends
        (Integral(1 / X**2, (X, -1, 1)), -1 / X),
        (Integral(cos(X), (X, 0, oo)), sin(X)),
    ):
        with pytest.raises(RefusedError):
            c.primitive(integral, function)


def test_limit_of():
    known = limit(1 / (M + 1))
    fact = c.limit_of(k.equal(P / (M + 1), P * 1 / (M + 1)), P / (M + 1), P, known)
    assert fact.gap == AtInfinity(P / (M + 1), M)
    late = k.assume(Ge(M, 3)) * 0
    assert c.limit_of(k.equal(1 / (M + 1), 1 / (M + 1)) + late.times(1), 1 / (M + 1), 1, known)
    for equation, term, factor in (
        (k.equal(P / (M + 1), P * 1 / (M + 1)), 2 * P / (M + 1), P),
        (k.equal(M / (M + 1), M * 1 / (M + 1)), M / (M + 1), M),
        (k.assume(Eq(P, 1 / (M + 1))), P, Integer(1)),
        (k.evident(M), M, M * (M + 1)),
    ):
        with pytest.raises(RefusedError):
            c.limit_of(equation, term, factor, known)


def test_towards():
    term = 1 / (M + 1)
    falls = k.gap("told", Ge(term, term.xreplace({M: M + 1})))
    assert c.towards(falls, limit(term)).gap == term
    rises = k.gap("told", Ge(-term.xreplace({M: M + 1}), -term))
    assert c.towards(rises, limit(-term)).gap == term
    once = k.assume(Ge(term, term.xreplace({M: M + 1})))
    for step, known in (
        (once, limit(term)),  # at this m alone
        (falls, limit(term**2)),
        (falls, k.evident(M)),
        (falls, k.gap("told", Eq(AtInfinity(term, M), M))),
    ):
        with pytest.raises(RefusedError):
            c.towards(step, known)


def test_tends():
    assert c.tends("logarithm", P).gap == AtInfinity(log(P) / P, P)
    assert c.tends("reciprocal", M).gap == AtInfinity(1 / (M + 1), M)
    assert c.tends("compound", P, X).gap == AtInfinity(P * log(1 + X / P), P) - X
    for name, index, values in (
        ("reciprocal", X, ()),
        ("compound", P, (P,)),
        ("compound", P, (1 / X,)),
    ):
        with pytest.raises(RefusedError):
            c.tends(name, index, *values)


@pytest.mark.parametrize("name", c.LIMITS)
def test_limits_are_true(name):
    term, value = c.LIMITS[name]
    for extra in ((), (Integer(-3),), (Rational(1, 2),)):
        if term.__code__.co_argcount == 1 + len(extra):
            assert sp_limit(term(P, *extra), P, oo) == value(*extra)


def test_squeezed():
    late, null = k.assume(Ge(M, 2)), c.tends("reciprocal", M)
    body = exp(-X) / (M + 1) ** 2
    zero = c.through(0 * U, {U: null})
    least = k.evident(body)
    most = k.gap("told", Ge(1 / (M + 1) - body, 0)) + late * 0
    fact = c.squeezed(least, most, zero, null)
    assert fact.gap == AtInfinity(body, M)
    assert not fact.assumes
    once = k.gap("told", Ge(1 / (M + 1) - body, 0)) + k.assume(Eq(M, 2)) * 0
    one = c.through(1 + U, {U: null})
    for low, high, down, up in (
        (least, most, zero, one),
        (least, least, zero, null),
        (most, most, zero, null),
        (least, once, zero, null),
        (least, most, zero, c.tends("reciprocal", P)),
    ):
        with pytest.raises(RefusedError):
            c.squeezed(low, high, down, up)


def test_logarithm():
    power = c.logarithm(8 * P**X, {Integer(2): Integer(3), P: X})
    assert power.gap == log(8 * P**X) - 3 * log(2) - X * log(P)
    assert c.logarithm(gamma(P + 1), {P: Integer(1), gamma(P): Integer(1)}).sign is Sign.ZERO
    for product, powers in (
        (X * Y, {X: Integer(1), Y: Integer(1)}),
        (X**2, {X: Integer(2)}),
        (2 * P, {P: Integer(2)}),
        (P + 1, {P: Integer(1)}),
        (Integer(1), {Integer(-1): Integer(2)}),
        (P, {P: 1 + 0 * P, Integer(1): 1 / X}),
    ):
        with pytest.raises(RefusedError):
            c.logarithm(product, powers)


def test_either_side_of_what_differs():
    apart = Assumption("apart", "x is not 1", Ne(X, 1))
    below, above = (k.assume(kind(X, 1)) * 0 + k.evident(P) for kind in (Lt, Gt))
    assert c.either(apart, below, above).assumes == (apart,)
    weak = k.assume(Le(X, 1)) * 0 + k.evident(P)
    for facts in ((below,), (above, above), (weak, above)):
        with pytest.raises(RefusedError):
            c.either(apart, *facts)


U, V = symbols("u v", real=True)


def test_through():
    small, slow = c.tends("reciprocal", P), c.tends("logarithm", P)
    fact = c.through(X * (1 - U) ** 2 + exp(-V), {U: small, V: slow})
    assert fact.gap == AtInfinity(X * (1 - 1 / P) ** 2 + exp(-log(P) / P), P) - X - 1
    assert c.through((1 + U) ** X, {U: small}).gap == AtInfinity((1 + 1 / P) ** X, P) - 1
    assert c.through(1 / (2 + U), {U: small}).sign is Sign.ZERO


@pytest.mark.parametrize(
    "function", [floor(U), 1 / U, sqrt(U), log(U), U**X, P * U, X / Y * U, sqrt(Y) + U, Abs(1 / U)]
)
def test_through_needs_continuity_and_no_index(function):
    with pytest.raises(RefusedError):
        c.through(function, {U: c.tends("reciprocal", P)})


def test_through_needs_limits_in_one_index():
    small = c.tends("reciprocal", P)
    for limits in ({U: small, V: limit(1 / (M + 1))}, {U: k.evident(P)}, {}):
        with pytest.raises(RefusedError):
            c.through(U + V, limits)


def test_bound_symbols_are_not_captured():
    for node in (Sum(q.TERM * P, (q.TERM, 0, 3)), Integral(X * P, (X, 0, 1))):
        bound = node.variables[0]
        fact = k.gap("told", Ge(node, P**2))
        with pytest.raises(RefusedError):
            k.instantiate(fact, {P: bound + 1}, k.assume(Gt(bound + 1, 0)))
        with pytest.raises(RefusedError):
            fact.put(k.assume(Eq(P, bound)), P)


def test_infinite_ends_only_of_sums_and_integrals():
    assert k.gap("told", Ge(Sum(P, (q.TERM, 0, oo)), 0))
    for bad in (oo * P, Integral(oo * X, (X, 0, 1)), Integral(0.5 * X, (X, 0, 1))):
        with pytest.raises(RefusedError):
            k.gap("told", Ge(bad, 0, evaluate=False))


def test_power_of_product():
    a, b = k.assume(Gt(X, 0)), k.assume(Gt(N, 0))
    fact = c.power_of_product([(X, -1 / P), (N, Integer(2))], P / 2, a, b)
    assert fact.gap == (X ** (-1 / P) * N**2) ** (P / 2) - N**P / X ** Rational(1, 2)
    for factors, exponent, known in (
        ([(X, Integer(2))], Rational(1, 2), ()),  # (x^2)^(1/2) = |x|
        ([(X, Integer(2))], Rational(1, 2), (k.assume(Ge(X, 0)),)),
        ([(X, Integer(1)), (N, Integer(1))], Rational(1, 2), (a,)),
        ([(X, 1 / N)], N, (a,)),  # N may be 0
    ):
        with pytest.raises(RefusedError):
            c.power_of_product(factors, exponent, *known)


def test_floored():
    low, high = c.floored(X / 2)
    assert low.gap == X / 2 - floor(X / 2)
    assert (high.gap, high.sign) == (floor(X / 2) + 1 - X / 2, Sign.POSITIVE)
    with pytest.raises(RefusedError):
        c.floored(1 / X)


def test_absurd():
    wrong = k.assume(Gt(X, 0)) + k.assume(Gt(-X, 0))
    assert c.absurd(wrong, Ge(P, 3)).gap == P - 3
    assert c.absurd(wrong, Ge(P, 3)).assumes == wrong.assumes
    for fact in (
        k.assume(Ge(X, 0)) + k.assume(Ge(-X, 0)),  # 0 >= 0
        k.assume(Gt(X, 0)),
        k.evident(1),
        k.equal(X, X),
    ):
        with pytest.raises(RefusedError):
            c.absurd(fact, Ge(P, 3))
    with pytest.raises(RefusedError):
        c.absurd(wrong, Ge(1 / X, 0))  # not known to be real


def test_the_value_of_an_unknown_function_has_no_sign():
    value = Function("f", real=True)(Integer(0))
    with pytest.raises(RefusedError):
        k.evident(value)
    assert k.evident(value + 1, k.assume(Ge(value, 0))).sign is Sign.POSITIVE


W, N_ = 1 - X**2, Symbol("n", integer=True, nonnegative=True)
INSIDE = k.assume(Gt(W, 0))


def power(exponent, order):
    return Derivative(W**exponent, (X, order))


def test_worked():
    fact = c.worked(power(P, 1), INSIDE)
    assert fact.gap.has(Derivative)
    for node, domain in (
        (power(P, 1), ()),  # a power of what may be negative
        (power(P, N_), (INSIDE,)),
        (Derivative(Abs(X), X), ()),
        (Derivative(sqrt(X), X), (k.assume(Ge(X, 0)),)),
        (Derivative(X * Y, X, Y), ()),
    ):
        with pytest.raises((RefusedError, TypeError)):
            c.worked(node, *domain)


def test_lowered():
    node, slope = power(P, N_ + 1), -2 * P * X * W ** (P - 1)
    assert c.lowered(node, slope, INSIDE).gap == node - Derivative(slope, (X, N_))
    for wrong in (
        lambda: c.lowered(node, 2 * slope, INSIDE),
        lambda: c.lowered(node, slope),
        lambda: c.lowered(power(P, N_), slope, INSIDE),  # n may be 0
        lambda: c.lowered(Derivative(W**P, (X, N_ + 1), (P, 1)), slope, INSIDE),
    ):
        with pytest.raises(RefusedError):
            wrong()


def test_leibniz():
    node = power(P + 1, N_ + 2)
    fact = c.leibniz(node, W, W**P, INSIDE)
    at = {N_: Integer(1), P: Integer(4)}
    assert expand(fact.gap.xreplace(at).doit()) == 0
    for wrong in (
        lambda: c.leibniz(node, W, W**P),
        lambda: c.leibniz(node, X, W**P, INSIDE),
        lambda: c.leibniz(power(P + 1, N_ + 1), W, W**P, INSIDE),  # n + 1 may be 1
        lambda: c.leibniz(node, W**P, W, INSIDE),
        lambda: c.leibniz(Derivative(W * cos(X), (X, N_ + 2)), W, cos(X), INSIDE),
    ):
        with pytest.raises(RefusedError):
            wrong()
