"""Power series give what follows and refuse what does not."""

import pytest
import sympy as sp
from sympy import Eq, Gt, Integer, Le, Rational, Sum, Symbol, acos, oo, pi, sqrt, symbols

from proofs import kernel as k
from proofs import series as s
from proofs.calculus import pole
from proofs.domains import RefusedError, Sign

X, Y = symbols("x y", real=True)
M, J = symbols("m j", integer=True, nonnegative=True)
P = Symbol("p", positive=True)
INSIDE = k.assume(Le(X**2, 1))
ARC = s.known("arccosine", X, M, INSIDE)
(TOTAL,) = ARC.gap.atoms(Sum)


def test_known():
    assert ARC.sign is Sign.ZERO
    assert ARC.assumes == INSIDE.assumes
    for inside, index in ((k.assume(Le(X, 1)), M), (k.assume(Le(Y**2, 1)), M), (INSIDE, Y)):
        with pytest.raises(RefusedError):
            s.known("arccosine", X, index, inside)


@pytest.mark.parametrize("name", s.SERIES)
def test_series_are_true(name):
    function, term = s.SERIES[name]
    terms = sum(term(X, Integer(m)) for m in range(6))
    assert sp.expand(sp.series(function(X), X, 0, 12).removeO() - terms) == 0
    end = [sp.N(sum(term(Integer(1), Integer(m)) for m in range(n)), 30) for n in (100, 400)]
    value = sp.N(function(Integer(1)), 30)
    assert 0 < value - end[1] < (value - end[0]) * Rational(6, 10)


def test_integrated():
    root = X * (pi / 2 - acos(X)) + sqrt(1 - X**2)
    fact = s.integrated(ARC, root, X)
    (total,) = fact.gap.atoms(Sum)
    assert fact.gap == root - 1 - total
    assert sp.expand(total.function.xreplace({M: Integer(0)})) == X**2 / 2
    for series, primitive in (
        (ARC, root + X),
        (ARC, 2 * root),
        (ARC, root + sp.floor(X)),
        (ARC, root + 0 * X + sp.sqrt(X**2) - sp.Abs(X) + 1 / (X - Rational(1, 2))),
        (k.gap("told", Eq(TOTAL, X)), X**2 / 2),
        (k.instantiate(ARC, {X: Rational(1, 2)}), pi * X / 6),
        (ARC + k.assume(Gt(X, 0)) * 0, root),
        (k.gap("told", Eq(Y, Sum(X**M / (X + 2), (M, 0, oo)))), Y * X),
        (k.gap("told", Eq(Y, Sum(X ** (-M), (M, 0, oo)))), Y * X),
        (INSIDE, root),
    ):
        with pytest.raises(RefusedError):
            s.integrated(series, primitive, X)


def geometric(factor, ratio=Rational(1, 2)):
    return Sum(factor * ratio**M, (M, 0, oo))


def test_rescaled():
    known = k.gap("told", Eq(geometric(1), 2))
    assert s.rescaled(geometric(3), geometric(1), Integer(3), known).gap.has(Sum)
    assert s.rescaled(geometric(1), geometric(3), Rational(1, 3), known).gap.has(Sum)
    for left, right, factor, domain in (
        (geometric(3), geometric(1), Integer(2), (known,)),
        (geometric(3), geometric(1), Integer(3), ()),
        (geometric(0 * P), geometric(P), Integer(0), ()),
        (geometric(1), geometric(1 / P), P, (known,)),  # converges only if p is not 0
        (geometric(M), geometric(1), M, (known,)),
        (Sum(J, (J, 0, oo)), geometric(1), Integer(1), (known,)),
        (Sum(Rational(1, 2) ** M, (M, 1, oo)), geometric(1), Integer(1), (known,)),
        (geometric(1 / Y), geometric(1), 1 / Y, (known,)),
    ):
        with pytest.raises(RefusedError):
            s.rescaled(left, right, factor, *domain)


def test_thinned():
    terms = Rational(1, 2) ** J / sp.gamma(1 - J / 2)  # none at 2, 4, ...
    total = Sum(terms, (J, 0, oo))
    known = k.gap("told", Eq(total, P))
    odd = terms.xreplace({J: 2 * M + 2})
    none = pole(k.evident(Integer(0)), -M, k.evident(M))
    none = none.times(odd * sp.gamma(-M)).states(odd)
    fact = s.thinned(total, 1, M, none, known)
    assert fact.gap == total - 1 - Sum(terms.xreplace({J: 2 * M + 1}), (M, 0, oo))
    varying = Sum(terms * M, (J, 0, oo))
    once = k.assume(Eq(odd, 0, evaluate=False))
    for sum_, start, vanishing, domain in (
        (total, 0, none, (known,)),
        (total, 2, none, (known,)),
        (total, 1, none, ()),
        (total, 1, once, (known,)),
        (total, 1, k.evident(Integer(0)), (known,)),
        (Sum(terms, (J, 1, oo)), 1, none, (known,)),
        (varying, 1, none.times(M), (k.gap("told", Eq(varying, P)),)),
    ):
        with pytest.raises(RefusedError):
            s.thinned(sum_, start, M, vanishing, *domain)
