"""Lemmas on cosines of angles in [0, pi/2], derived by the kernel."""

from __future__ import annotations

from functools import cache

from sympy import (
    Expr,
    Ge,
    Gt,
    Integer,
    Le,
    Lt,
    Rational,
    Symbol,
    acos,
    cos,
    exp,
    log,
    pi,
    sin,
    sqrt,
    symbols,
)

from proofs.kernel import (
    Fact,
    as_power,
    assume,
    both,
    cases,
    chord,
    equal,
    evident,
    induction,
    instantiate,
    inverse,
    monotone,
    power,
    tangent,
)
from proofs.lemmas import over, settle

QUARTER_TURN = pi / 2
HALF = Rational(1, 2)
TURN, LAST, BASE = symbols("turn last b", real=True)
TURNS = Symbol("m", integer=True, positive=True)
_I = Symbol("i", integer=True, nonnegative=True)


def within(symbol: Symbol, high: Expr) -> tuple[Fact, Fact]:
    """symbol >= 0 and high - symbol >= 0, assumed."""
    return assume(Ge(symbol, 0)), assume(Le(symbol, high))


def cosine(angle: Expr, low: Fact, high: Fact) -> Fact:
    """cos(angle) >= 0 (> 0) from 0 <= angle and angle <= pi/2 (<)."""
    return monotone("cos", high, angle, QUARTER_TURN, low)


def at_most_one(angle: Expr, low: Fact, high: Fact) -> Fact:
    """1 - cos(angle) >= 0 from 0 <= angle <= pi/2."""
    return monotone("cos", low, Integer(0), angle, high + evident(QUARTER_TURN))


@cache
def equal_turns() -> Fact:
    """cos(a)^m cos(b) <= cos((m a + b)/(m + 1))^(m + 1) for a, b in [0, pi/2]: log cos is concave.

    Equal turns shrink least. Free symbols: `TURN`, `LAST`, `TURNS`.
    """
    mean, count = (TURNS * TURN + LAST) / (TURNS + 1), evident(TURNS + 1)
    (low, high), (low_b, high_b) = within(TURN, QUARTER_TURN), within(LAST, QUARTER_TURN)
    middle = ((TURNS * low + low_b) / count).states(mean, count)

    def shrunk(first: Fact, second: Fact) -> Fact:
        room = ((TURNS * first + second) / count).states(QUARTER_TURN - mean, count)
        return cosine(mean, middle, room)

    claim = cos(mean) ** (TURNS + 1) - cos(TURN) ** TURNS * cos(LAST)
    least = evident(cos(mean) ** (TURNS + 1), shrunk(high, high_b))
    inside, end = _split(TURN)
    inside_b, end_b = _split(LAST)
    # A turn by pi/2 leaves nothing.
    none = least - _vanishes(TURN, low, high, end).times(cos(TURN) ** (TURNS - 1) * cos(LAST))
    none_b = least - _vanishes(LAST, low_b, high_b, end_b).times(cos(TURN) ** TURNS)
    domain = (cosine(TURN, low, inside), cosine(LAST, low_b, inside_b), shrunk(inside, inside_b))
    share = evident(1 / (TURNS + 1)).states(1 - TURNS / (TURNS + 1))
    places = (low, low_b, inside, inside_b, share, *domain)
    logs = count * chord("log cos", TURN, LAST, TURNS / (TURNS + 1), mean, *places)
    before = TURNS * log(cos(TURN)) + log(cos(LAST))
    after = (TURNS + 1) * log(cos(mean))
    powers = monotone("exp", logs.states(after - before, *domain), before, after, *domain)
    for base, exponent in ((cos(TURN), TURNS), (cos(mean), TURNS + 1)):
        powers = powers.put(as_power(base, exponent, *domain), exp(exponent * log(base)))
    some = cases(powers.states(claim), inside_b, none_b.states(claim), end_b)
    return cases(some, inside, none.states(claim), end).named(
        "equal turns shrink least", "log cos is concave on [0, pi/2)"
    )


def _split(symbol: Symbol) -> tuple[Fact, Fact]:
    return assume(Lt(symbol, QUARTER_TURN)), assume(Ge(symbol, QUARTER_TURN))


def _vanishes(angle: Symbol, low: Fact, high: Fact, end: Fact) -> Fact:
    """cos(angle) = 0 at pi/2."""
    turned = monotone("cos", end, QUARTER_TURN, angle, high + evident(QUARTER_TURN))
    return both(cosine(angle, low, high), turned)


@cache
def bernoulli() -> Fact:
    """BASE^TURNS >= 1 + TURNS (BASE - 1) for BASE >= 0, by induction."""
    base = assume(Ge(BASE, 0))
    claim = Ge(BASE**_I - 1 - _I * (BASE - 1), 0)
    step = (base * assume(claim) + _I * evident((BASE - 1) ** 2)).states(
        BASE ** (_I + 1) - 1 - (_I + 1) * (BASE - 1)
    )
    return induction(claim, _I, evident(0), step, TURNS).named("Bernoulli", "by induction")


def parabola(angle: Expr, low: Fact, high: Fact) -> Fact:
    """cos(angle) - (1 - angle^2/2) >= 0 from 0 <= angle <= pi/2: |sin x| <= x."""
    half = angle / 2
    below, above = HALF * low, HALF * high + evident(3 * pi / 4)
    line = tangent("arch", half, Integer(0), below, above)
    rises = monotone("sin", below, Integer(0), half, HALF * high + evident(QUARTER_TURN / 2))
    square = monotone("square", line, sin(half), half, rises)
    return (2 * square).states(cos(angle) - (1 - angle**2 / 2))


X, Y, Z = symbols("x y z", real=True)


@cache
def spherical() -> Fact:
    """acos(x) + acos(y) >= acos(z) if z >= x y - sqrt(1 - x^2) sqrt(1 - y^2), all in [-1, 1]."""
    ends = tuple(assume(kind) for s in (X, Y, Z) for kind in (Ge(s, -1), Le(s, 1)))
    squares = tuple((ends[k] * ends[k + 1]).states(1 - s**2) for k, s in ((0, X), (2, Y)))
    sines = sqrt(1 - X**2) * sqrt(1 - Y**2)
    apart = assume(Ge(Z - X * Y + sines, 0))
    domain = (*ends, *squares)
    first, second = (
        monotone("acos", ends[k + 1], s, Integer(1), *domain) for k, s in ((0, X), (2, Y))
    )
    total = acos(X) + acos(Y)
    small, large = assume(Le(total, pi)), assume(Ge(total, pi))
    longest = monotone("acos", ends[4], Integer(-1), Z, *ends)  # pi - acos(z)
    sums = equal(cos(TURN + LAST), cos(TURN) * cos(LAST) - sin(TURN) * sin(LAST))
    angles = instantiate(sums, {TURN: acos(X), LAST: acos(Y)}, *domain)
    order = apart - angles  # z - cos(acos x + acos y)
    half = evident(2 * cos(total / 2) ** 2, *domain).states(1 + cos(total), *domain)
    turned = monotone("acos", order, cos(total), Z, half, *domain)
    back = inverse("cos", total, (first + second), small, *domain)
    return cases(turned - back, small, large + longest, large).named(
        "spherical triangle inequality", "cos(a + b) <= z, and acos falls"
    )


R_0, R_I, R_J = symbols("first_length before after", real=True)


@cache
def one_more_turn() -> Fact:
    """r_j <= r_0 cos(z/(m + 1))^(m + 1) from r_i <= r_0 cos(x/m)^m, r_j <= r_i cos(y), z <= x + y.

    x is at most m pi/2 and y at most pi/2.
    """
    start, span = assume(Ge(R_0, 0)), assume(Ge(R_0 * cos(X / TURNS) ** TURNS - R_I, 0))
    link, count = assume(Ge(R_I * cos(Y) - R_J, 0)), evident(TURNS + 1)
    low, high = assume(Ge(X, 0)), assume(Ge(TURNS * QUARTER_TURN - X, 0))
    low_y, high_y = within(Y, QUARTER_TURN)
    last, less = assume(Ge(Z, 0)), assume(Ge(X + Y - Z, 0))
    part, next_ = X / TURNS, Z / (TURNS + 1)
    small = (low / evident(TURNS)).states(part)
    room = (high / evident(TURNS)).states(QUARTER_TURN - part)
    equal_ = settle(instantiate(equal_turns(), {TURN: part, LAST: Y}), small, room, low_y, high_y)
    mean = (X + Y) / (TURNS + 1)
    order = (less / count).states(mean - next_)
    begin = (last / count).states(next_)
    end = ((high + high_y) / count).states(QUARTER_TURN - mean)
    cosines = monotone("cos", order, next_, mean, begin, end + evident(QUARTER_TURN))
    positive = cosine(mean, ((low + low_y) / count).states(mean), end)
    longer = power(cosines, cos(mean), cos(next_), TURNS + 1, positive)
    return (link + span * cosine(Y, low_y, high_y) + start * (equal_ + longer)).states(
        R_0 * cos(next_) ** (TURNS + 1) - R_J
    )


@cache
def extreme_teacher() -> Fact:
    """r_0 cos(x/m)^m <= cos(z) cos((x + z - y)/m)^m if r_0 cos(y) <= cos(z)^2, x <= y <= z < pi/2.

    A teacher at angle y to the target is dominated by least squares at angle z: chords of log cos.
    """
    low, order = assume(Ge(X, 0)), assume(Ge(Y - X, 0))
    apart, right = assume(Ge(Z - Y, 0)), assume(Lt(Z, QUARTER_TURN))
    loss = assume(Ge(cos(Z) ** 2 - R_0 * cos(Y), 0))
    count, left, near = evident(TURNS), X / TURNS, (X + Z - Y) / TURNS
    start = (low / count).states(left)
    fewer = evident((TURNS - 1) / TURNS)
    ahead = (fewer * low).states(X - left) + order  # y - x/m
    spare = ((fewer * (low + apart)).states((X + Z - Y) - near) + order).states(Z - near)
    gap = apart + ahead  # z - x/m
    pos = {
        Z: cosine(Z, gap + start, right),
        Y: cosine(Y, low + order, right + apart),
        left: cosine(left, start, right + gap),
        near: cosine(near, start + (apart / count).states(near - left), right + spare),
    }
    domain: tuple[Fact, ...] = (
        start,
        right,
        right + gap,
        right + apart,
        right + spare,
        gap + start,
        low + order,
    )
    domain = (*domain, *pos.values(), ahead, spare, apart, gap)
    wide, narrow = assume(Gt(Z - left, 0)), assume(Le(Z - left, 0))
    length = wide.gap
    claim = TURNS * (log(cos(near)) - log(cos(left))) - (log(cos(Z)) - log(cos(Y)))

    def between(point: Expr, below: Fact, above: Fact) -> Fact:
        # the share of the left end is (z - point)/(z - x/m)
        share = (Z - point) / length
        domain_ = (*domain, wide, (above / wide).states(share, wide))
        rest = (below / wide).states(1 - share, wide)
        return chord("log cos", left, Z, share, point, *domain_, rest)

    first = between(near, (apart / count).states(near - left), spare)
    second = between(Y, ahead, apart)
    chords = (count * first + second).states(claim, wide, *pos.values())
    # If z <= x/m, then z = y and both turns are the same.
    flat = both(apart, ahead + narrow)
    turns = flat.times(1 / TURNS)
    still = _same_logs(flat, Y, Z, low + order, right, *domain)
    still = still + _same_logs(turns, left, near, start, right + spare, *domain).times(-TURNS)
    logs = cases(chords, wide, still.states(claim, *domain), narrow)
    before = TURNS * log(cos(left)) + log(cos(Z))
    after = TURNS * log(cos(near)) + log(cos(Y))
    powers = monotone("exp", logs.states(after - before, *domain), before, after, *domain)
    for angle in (left, near):
        powers = powers.put(as_power(cos(angle), TURNS, *domain), exp(TURNS * log(cos(angle))))
    fall = evident(cos(left) ** TURNS, *domain) * loss
    whole = powers * pos[Z] + fall
    bound = cos(Z) * cos(near) ** TURNS - R_0 * cos(left) ** TURNS
    return over(whole, pos[Y], bound)


def _same_logs(order: Fact, low: Expr, high: Expr, start: Fact, end: Fact, *domain: Fact) -> Fact:
    """log(cos(low)) - log(cos(high)) = 0 for equal angles in [0, pi/2)."""
    cosines = monotone("cos", order, low, high, start, end + evident(QUARTER_TURN), *domain)
    return monotone("log", cosines, cos(high), cos(low), *domain)
