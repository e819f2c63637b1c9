"""Ball versions of the functions that a formula may use.

Arb is sharp on narrow balls; on wide ones (boxes of a branch and bound) a monotone function is
evaluated at the two ends instead. With ``clip`` the caller vouches that the argument of an even
root lies in its domain, and the part of the ball outside it is dropped.
"""

from collections.abc import Callable

from flint import arb, fmpq

from w2s_theory.certify.balls import working_bits

NARROW_BITS = 24  # below this relative accuracy the ends are evaluated one by one
_MOST_ROOT = 1 << 32  # from here on a root is a power: Arb takes a machine word
_MAX_PRODUCT = 2000  # longest product written out for a binomial
_GENTLE_BITS = 200  # beyond, Arb may not end with a 1F1
_MOST_TERMS = 100_000

Ball = Callable[[arb], arb]


def nan() -> arb:
    """The undefined value."""
    return arb.nan()


def is_narrow(x: arb) -> bool:
    """Whether Arb's own functions are sharp enough at x."""
    return x.rel_accuracy_bits() >= NARROW_BITS


def _whole(x: arb) -> int | None:
    """The integer that x is known to be exactly, or None."""
    n = x.unique_fmpz() if x.is_exact() else None
    return None if n is None else int(n)


def monotone(x: arb, function: Ball) -> arb:
    """function(x) for a function monotone over the whole ball x."""
    if is_narrow(x):
        return function(x)
    return function(x.lower()).union(function(x.upper()))


def product(x: arb | fmpq, y: arb | fmpq) -> arb | fmpq:
    """x y; for two wide balls the hull of the four products of their ends, which is the range."""
    if isinstance(x, fmpq) or isinstance(y, fmpq):
        return x * y
    if x.rel_accuracy_bits() >= NARROW_BITS or is_narrow(y):  # the first written out: it is hot
        return x * y
    if not (x.is_finite() and y.is_finite()):
        return x * y
    a, b, c, d = x.lower(), x.upper(), y.lower(), y.upper()
    first, *rest = a * c, a * d, b * c, b * d
    hull = first
    for end in rest:
        hull = hull.union(end)
    return hull


def integer_power(x: arb, n: int) -> arb:
    """x^n with x^n >= 0 kept for even n; NaN for n < 0 if x may be zero, and of what is NaN."""
    if n == 0 and not x.is_finite():
        return nan()
    if is_narrow(x):
        return x**n
    if n < 0:
        return 1 / integer_power(x, -n) if x > 0 or x < 0 else nan()
    if n % 2:
        return (x.lower() ** n).union(x.upper() ** n)
    return (x.abs_lower() ** n).union(x.abs_upper() ** n)


def rational_power(x: arb, p: int, q: int, clip: bool = False) -> arb:
    """x^(p/q), q > 1, on x >= 0; NaN if the ball x reaches below zero, unless ``clip``."""
    if x > 0:
        if is_narrow(x):
            return _root_power(x, p, q)
        return _root_power(x.lower(), p, q).union(_root_power(x.upper(), p, q))
    if p < 0:
        return nan()
    if x.is_zero():
        return arb(0)
    if x >= 0 or (clip and not x < 0):
        upper = x.upper()
        return arb(0).union(_root_power(upper, p, q)) if upper > 0 else arb(0)
    return nan()


def _root_power(x: arb, p: int, q: int) -> arb:
    if q >= _MOST_ROOT:
        return (x.log() * arb(fmpq(p, q))).exp()
    root = x.sqrt() if q == 2 else x.root(q)
    return root if p == 1 else root**p


def general_power(x: arb, y: arb | fmpq, clip: bool = False) -> arb:
    """x^y for x > 0, for x = 0 with y >= 0, and for any x with y an integer known exactly.

    A rational y is that number: of whole and half ones no logarithm is taken, (-1)^n is exact.
    """
    if isinstance(y, fmpq):
        if y.q == 1:
            return integer_power(x, int(y.p))
        if y.q == 2:
            return rational_power(x, int(y.p), 2, clip)
        y = arb(y)
    if x > 0:
        return exp(log(x) * y)
    n = _whole(y)
    if n is not None:
        return integer_power(x, n)
    return arb(0) if x.is_zero() and y > 0 else nan()


def exp(x: arb) -> arb:
    """e^x."""
    return monotone(x, arb.exp)


def log(x: arb) -> arb:
    """Natural logarithm, NaN unless x > 0."""
    return monotone(x, arb.log) if x > 0 else nan()


def tan(x: arb) -> arb:
    """Tangent; not finite if the ball may hold a pole."""
    value = x.tan()
    return value if is_narrow(x) or not value.is_finite() else monotone(x, arb.tan)


def arc(function: Ball, x: arb, clip: bool) -> arb:
    """Asin or acos on [-1, 1]; NaN if the ball x reaches outside, unless ``clip``."""
    value = function(x)
    if is_narrow(x) and value.is_finite():
        return value
    lower, upper = x.lower(), x.upper()
    if lower >= -1 and upper <= 1:
        return monotone(x, function)
    if not clip or lower > 1 or upper < -1 or not x.is_finite():
        return nan()
    return function(lower if lower >= -1 else arb(-1)).union(
        function(upper if upper <= 1 else arb(1))
    )


def cosh(x: arb) -> arb:
    """Hyperbolic cosine."""
    return x.cosh() if is_narrow(x) else x.abs_lower().cosh().union(x.abs_upper().cosh())


def absolute(x: arb) -> arb:
    """``|x|``."""
    return abs(x) if x > 0 or x < 0 else x.abs_lower().union(x.abs_upper())


def binomial(n: arb, k: arb) -> arb:
    """Gamma(n+1) / (Gamma(k+1) Gamma(n-k+1))."""
    order = _whole(k) if n.is_finite() else None
    if order is not None and 0 <= order <= _MAX_PRODUCT:
        return n.bin(order)
    return (n + 1).gamma() * (k + 1).rgamma() * (n - k + 1).rgamma()


def falling(x: arb, k: arb) -> arb:
    """Falling factorial x (x-1) ... (x-k+1)."""
    return (x - k + 1).rising(k) if x.is_finite() else nan()


def beta(a: arb, b: arb) -> arb:
    """Euler's beta function."""
    return a.gamma() * b.gamma() * (a + b).rgamma()


def polygamma(order: arb, x: arb) -> arb:
    """Derivative psi^(n)(x) of the digamma function, n >= 0 an integer; x > 0 if n >= 1."""
    if order.is_zero():
        return x.digamma()
    n = _whole(order)
    if n is None or n < 0 or not x > 0:
        return nan()
    value = arb(n).fac() * arb(n + 1).zeta(x)
    return value if n % 2 else -value


def double_factorial(n: arb) -> arb:
    """n!! at an integer known exactly (n >= 0 or n odd), NaN elsewhere."""
    order = _whole(n)
    if order is None:
        return nan()
    if order % 2 == 0:
        return (n / 2).fac() * arb(2) ** (n / 2) if n >= 0 else nan()
    return (n / 2 + 1).gamma() * arb(2) ** ((n + 1) / 2) / arb.pi().sqrt()


def confluent(a: arb, b: arb, z: arb) -> arb:
    """Kummer's 1F1(a; b; z); NaN where z is of the size of b and too large.

    For b > 0 far above abs(a z) by its series; for -8 b < z < 0 < a < b, where Arb may find
    nothing or not end, by that of Kummer's transformation, which is positive.
    """
    if b > 4 * abs(z) * arb(1).max(abs(a)):
        return _confluent_series(a, b, z)
    if z < 0 and -z < 8 * b and a > 0 and a < b:
        if -z < _MOST_TERMS:
            return z.exp() * _confluent_series(b - a, b, -z)
        if working_bits() > _GENTLE_BITS:
            return nan()
    return z.hypgeom([a], [b])


def _confluent_series(a: arb, b: arb, z: arb) -> arb:
    """The sum of terms of one sign, or that fall from the first; for b > 0."""
    total = term = arb(1)
    smallest = arb(2) ** -working_bits()
    ratio, n = arb(1), 0
    while not (ratio < 0.5 and abs(term) <= abs(total) * smallest):
        term *= (a + n) * z / ((b + n) * (n + 1))
        total += term
        n += 1
        # Of every later term to the one before it: a quotient of sums tends to 1 monotonically.
        one, other = (arb(1).max(abs(a + n) / below) for below in (b + n, arb(n + 1)))
        ratio = abs(z) * (one / (n + 1)).min(other / (b + n))
        if not ratio.is_finite() or n > 4 * _MOST_TERMS:
            return nan()
    rest = (abs(term) * ratio / (1 - ratio)).upper()
    return total + rest.union(-rest)


def hermite_he(n: arb, x: arb) -> arb:
    """Probabilists' Hermite polynomial He_n(x) = 2^(-n/2) H_n(x / sqrt 2)."""
    return (x / arb(2).sqrt()).hermite_h(n) / arb(2).sqrt() ** n
