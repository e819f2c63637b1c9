"""Means of chi-square variables: what has none is refused, and so is what no law gives."""

import mpmath
import pytest
from sympy import Eq, Float, Gt, Integer, Le, Rational, Symbol, exp, log, oo, sqrt

from proofs import kernel as k
from proofs import means
from proofs.domains import RefusedError, Sign
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import spaces as v
from w2s_theory.ledger.infimum import Infimum

X, Y, DRAWS = v.SIGNAL_AT, v.NOISE_AT, v.DRAWS
N, D = q.WIDTH, q.DIM - q.WIDTH
T = q.TIME
WIDE = k.assume(Gt(N, 2))
MANY = k.assume(Gt(D, 4))
KNOWN = (*(WIDE + k.evident(2 * i) for i in range(4)), *(MANY + k.evident(i) for i in range(9)))


def mean(body):
    return v.Mean(body, DRAWS)


def test_a_law_has_mass_one():
    assert mean(3 + X) == 3 + mean(X)
    assert v.Mean(Integer(1), v.SPECTRUM) != 1


@pytest.mark.parametrize(
    ("variable", "power", "value"),
    [(X, 1, N), (X, 2, N * (N + 2)), (X, -1, 1 / (N - 2)), (Y, -2, 1 / ((D - 2) * (D - 4)))],
)
def test_moments(variable, power, value):
    fact = means.moment(variable, power, DRAWS, *KNOWN)
    assert fact.sign is Sign.ZERO
    assert fact.gap == mean(variable**power) - value


@pytest.mark.parametrize(("variable", "power"), [(X, -2), (Y, -3), (X, -1)])
def test_moments_that_may_be_infinite(variable, power):
    known = KNOWN if power < -1 else (k.assume(Gt(N, 0)),)
    with pytest.raises(RefusedError):
        means.moment(variable, power, DRAWS, *known)


def test_independence():
    fact = means.independent(X * sqrt(Y) / (1 + X), DRAWS, *KNOWN)
    assert fact.gap == mean(X * sqrt(Y) / (1 + X)) - mean(X / (1 + X)) * mean(sqrt(Y))


@pytest.mark.parametrize(
    ("width", "dim", "z"), [(1, 6, -3.0), (2, 9, 0.5), (7, 12, 0.99), (3, 20, -0.25)]
)
def test_euler_against_quadrature(width, dim, z):
    """E 1/(X/Y + 1 - z) over B = Y/(X + Y), which is Beta(n/2, m/2), by mpmath."""
    share = Symbol("z", real=True)
    below = k.assume(Gt(1 - share, 0))
    fact = means.euler(X, Y, share, DRAWS, *KNOWN, below)
    value = -(fact.gap - mean(Y / (X + (1 - share) * Y)))
    at = float(value.xreplace({N: Integer(width), q.DIM: Integer(dim), share: Float(z)}))
    a, b = (dim - width) / 2, width / 2

    def density(t):
        return t**a * (1 - t) ** (b - 1) / (1 - z * t)

    assert at == pytest.approx(float(mpmath.quad(density, [0, 0.5, 1]) / mpmath.beta(a, b)), 1e-6)


def test_euler_where_it_may_have_no_value():
    share = Symbol("z", real=True)
    below = k.assume(Gt(1 - share, 0))
    for arguments, known in (
        ((X, Y, share), KNOWN),  # z may exceed 1
        ((X, Y, Integer(1)), KNOWN),
        ((X, Y, share), (below,)),  # degrees of freedom that may be 0
        ((X, X, share), (*KNOWN, below)),
        ((X, Y, -X), KNOWN),
    ):
        with pytest.raises(RefusedError):
            means.euler(*arguments, DRAWS, *known)


@pytest.mark.parametrize("body", [1 / (X + Y), X + Y, X**-2 * Y, exp(X) * Y, X / Y**2 * log(Y)])
def test_no_product_of_means(body):
    with pytest.raises(RefusedError):
        means.independent(body, DRAWS, *KNOWN)


@pytest.mark.parametrize(
    "body", [X / Y, Y / (q.PSI * Y + X), X**2 * Y**-2, X * Y / (q.PSI + X) ** 2, sqrt(X) / Y, 1 / X]
)
def test_what_has_a_mean(body):
    psi = k.assume(Gt(q.PSI, 0))
    fact = k.average(k.evident(body, psi), DRAWS, psi, *KNOWN)
    assert fact.gap == mean(body)


@pytest.mark.parametrize(
    "body",
    [
        X**-2,  # N > 2 says nothing of E X^-2
        Y**-3,
        Y**-2 * X**-2,
        exp(X),
        X ** Symbol("a", positive=True),
        1 / (X**2 * Y + X**3),  # neither term alone bounds it well enough
    ],
)
def test_what_may_have_no_mean(body):
    with pytest.raises(RefusedError):
        k.average(k.evident(body), DRAWS, *KNOWN)


def test_a_denominator_of_any_sign_bounds_nothing():
    fact = k.assume(Gt(1 / (q.PSI * Y + X), 0))
    with pytest.raises(RefusedError):
        k.average(fact, DRAWS, *KNOWN)
    given = k.gap("told", Gt(1 / (q.PSI * Y - X) ** 2, 0))
    with pytest.raises(RefusedError):
        k.average(given, DRAWS, k.assume(Gt(q.PSI, 0)), *KNOWN)


def test_single_points_are_not_averaged():
    for fact in (k.assume(X >= 5), k.assume(q.TIME > 0) * k.assume(Y > X)):
        with pytest.raises(RefusedError):
            k.average(fact, DRAWS, *KNOWN)
    with pytest.raises(RefusedError):
        k.average(k.evident(X / Y), DRAWS, *KNOWN, k.assume(X > 3))


def test_a_law_keeps_its_parameters():
    fact = means.moment(X, 1, DRAWS, *KNOWN)
    for symbol, value in ((N, Integer(5)), (q.DIM, Integer(9)), (X, Integer(1))):
        with pytest.raises(RefusedError):
            k.instantiate(fact, {symbol: value})


# --- infima without an upper end ------------------------------------------------------------------

ENDLESS = Infimum(X * exp(-T) / Y + exp(-2 * T), T, Integer(0), oo)


def test_an_endless_infimum():
    rate = k.attained(ENDLESS, Integer(3))
    assert rate.sign is Sign.NONNEGATIVE
    low = k.below(k.evident(ENDLESS.objective), ENDLESS)
    assert low.gap == ENDLESS
    assert k.average(low, DRAWS, *KNOWN).gap.has(v.Mean)
    with pytest.raises(RefusedError):
        k.attained(ENDLESS, Integer(-1))


def test_an_endless_infimum_may_be_infinite():
    for objective in (-X * T**2, X * (T - 1), exp(-T) - T):
        with pytest.raises(RefusedError):
            k.attained(Infimum(objective, T, Integer(0), oo), Integer(0))
    known = k.assume(X * (T - 1) >= 0)  # of this t alone
    with pytest.raises(RefusedError):
        k.attained(Infimum(X * (T - 1), T, Integer(0), oo), Integer(0), known)


def test_an_infimum_is_integrable_like_its_first_value():
    bad = Infimum(X**-2 * exp(-T) + 1, T, Integer(0), oo)
    with pytest.raises(RefusedError):
        k.average(k.below(k.evident(bad.objective), bad), DRAWS, *KNOWN)
    inverse = k.gap("told", Gt(1 / ENDLESS, 0))
    with pytest.raises(RefusedError):
        k.average(inverse, DRAWS, *KNOWN)


def test_ends_may_be_infinite_above_only():
    for low, high in ((-oo, Integer(0)), (Symbol("x", real=True), -oo)):
        node = Infimum(exp(-T), T, low, high)
        with pytest.raises(RefusedError):
            k.attained(node, Integer(0), k.assume(Le(T, 1)))
    assert k.assume(Eq(q.L_TE, ENDLESS.xreplace({X: Rational(1), Y: Rational(1)})))


# --- bounded families -----------------------------------------------------------------------------

AT, RIDGE = v.TRACED_AT, q.RIDGE
LEAST, SOME = k.assume(AT >= 0), k.assume(Gt(RIDGE, 0))
EVERYWHERE = k.gap("told", AT >= 0)


def test_a_quotient_away_from_0_is_bounded():
    share = k.evident(1 / (AT + RIDGE) ** 2, EVERYWHERE, SOME)
    fact = k.average(share, v.TRACED, EVERYWHERE, SOME)
    assert fact.sign is Sign.NONNEGATIVE
    assert fact.gap.has(v.Mean)
    for known in ((EVERYWHERE,), (SOME,), (EVERYWHERE, k.assume(RIDGE >= 0)), (LEAST, SOME)):
        with pytest.raises(RefusedError):
            k.average(share, v.TRACED, *known)
    for body in (1 / (AT**2), 1 / (AT - RIDGE) ** 2, 1 / (AT * RIDGE) ** 2):
        with pytest.raises(RefusedError):
            k.average(k.gap("told", Gt(body, 0)), v.TRACED, EVERYWHERE, SOME)


def test_a_mean_is_positive_if_the_measure_is_not_0():
    share = k.evident(1 + AT**2)
    mass = k.assume(Gt(v.Mean(Integer(1), v.TRACED), 0))
    other = k.assume(Gt(v.Mean(Integer(1), v.OTHERS), 0))
    assert k.average(share, v.TRACED, mass).sign is Sign.POSITIVE
    assert k.average(share, v.TRACED, other).sign is Sign.NONNEGATIVE
    assert k.average(k.evident(AT**2), v.TRACED, mass).sign is Sign.NONNEGATIVE
    assert k.average(k.evident(1 + X), DRAWS, *KNOWN).sign is Sign.POSITIVE


F, G = v.KAPPA_DRAWN, v.MISSED_DRAWN
POSITIVE_F = k.gap("told", F >= 0)
NO_MEAN = k.assume(Eq(v.Mean(F, v.FEATURE_DRAWS), 0))
WHERE_0 = k.gap("told", Eq(G, F)) + k.assume(Eq(F, 0))


def test_what_vanishes_with_a_nonnegative_function():
    fact = means.vanishing(WHERE_0, POSITIVE_F, NO_MEAN)
    assert fact.gap == v.Mean(G, v.FEATURE_DRAWS)
    assert fact.sign is Sign.ZERO
    assert [a.condition for a in fact.assumes] == [Eq(v.Mean(F, v.FEATURE_DRAWS), 0)]


@pytest.mark.parametrize(
    ("fact", "positive", "mean"),
    [
        (WHERE_0, k.gap("told", F >= -1), NO_MEAN),
        (WHERE_0, k.assume(F >= 0), NO_MEAN),  # of single points
        (WHERE_0, POSITIVE_F, k.assume(v.Mean(F, v.FEATURE_DRAWS) >= 0)),
        (WHERE_0, POSITIVE_F, k.assume(Eq(v.Mean(F**2, v.FEATURE_DRAWS), 0))),
        (k.assume(Eq(G, 0)), POSITIVE_F, NO_MEAN),
        (k.gap("told", G >= 0) + k.assume(Eq(F, 0)), POSITIVE_F, NO_MEAN),
        (WHERE_0, POSITIVE_F, k.assume(Eq(F, 0))),
    ],
)
def test_what_need_not_vanish(fact, positive, mean):
    with pytest.raises(RefusedError):
        means.vanishing(fact, positive, mean)
