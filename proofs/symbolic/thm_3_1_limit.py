"""Theorem 3.1 with S chosen by the width: counts and decay of eigenvalues, and two limits."""

from __future__ import annotations

from functools import cache

from sympy import Expr, Ge, Integer, Le, Symbol, exp, factorial, floor, gamma, log

from proofs.calculus import logarithm, quotient, reaches
from proofs.kernel import (
    Fact,
    as_power,
    assume,
    definition,
    evident,
    given,
    induction,
    instantiate,
    monotone,
)
from proofs.kernel import power as raised
from proofs.lemmas import part
from proofs.proof import Proof
from proofs.symbolic.gamma_ratios import S, X, rise, slopes
from proofs.symbolic.relu_degrees import (
    DECAY,
    EVEN,
    D,
    N,
    between,
    eigenvalues,
    first_two,
    from_even,
    known,
    meaning,
    smaller,
)
from proofs.symbolic.spectra_coefficients import sphere
from w2s_theory.ledger import kernels as f
from w2s_theory.ledger import model_definitions as m
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.relu import CHOICE
from w2s_theory.ledger.statement import Statement

K = q.CUT
FIRST = floor(K / 2) - 1
"""The n with K = 2n + 2."""


def counted(degree: Expr) -> Expr:
    """The harmonics of degree <= k: C(k+d-1, d-1) + C(k+d-2, d-1)."""
    return (2 * degree + D - 1) * gamma(degree + D - 1) / (gamma(D) * gamma(degree + 1))


def _at(fact: Fact, index: Expr) -> Fact:
    return instantiate(fact, {q.TERM: index})


@cache
def _first() -> Fact:
    """(K - 2)/2 >= 0, an integer."""
    return from_even(given(CHOICE[1])[0])


def _half_place() -> Fact:
    """K + d/2 - 1 > 0."""
    return (2 * _first() - given(CHOICE[1])[0] + evident(D / 2 + 1)).states(K + D / 2 - 1)


@cache
def _sums() -> tuple[Fact, Fact, Fact]:
    """Up to K: the number of harmonics is at most C(K+d-1, d-1) + C(K+d-2, d-1); and the inverse

    eigenvalues add up to at most that number over lambda_K, the least of them.
    """
    none, more, start, added, *_ = definition(m.DEGREES)
    words = Ge(counted(EVEN) - m.COUNTED(N + 1), 0)
    second = 1 + D + f.MULTIPLICITY(Integer(2), D)
    first = quotient(counted(Integer(2)), second, *known()) - none - _at(more, Integer(0))
    gone, harmonics = (evident(f.MULTIPLICITY(EVEN + i, D), *known()) for i in (1, 2))
    both = harmonics.gap + gone.gap
    step = assume(words) + gone + quotient(counted(EVEN + 2) - counted(EVEN), both, *known())
    few = induction(words, N, first, step - _at(more, N + 1), FIRST, _first())
    some, order = eigenvalues()
    least = instantiate(some, {N: Integer(0)})
    low = [fact - instantiate(meaning(), {N: Integer(0)}) for fact in first_two()]
    inverses = [smaller(least + fact, least, fact) for fact in low]
    j = Symbol("n_c", integer=True, nonnegative=True)
    words = Ge(m.COUNTED(N + 1), 0)
    base = evident(second, *known()) + none + _at(more, Integer(0))
    counts = induction(words, N, base, assume(words) + harmonics + _at(more, N + 1), j)
    counts = instantiate(counts, {j: N})
    after = instantiate(some, {N: N + 1})
    words = Ge(m.COUNTED(N + 1) / some.gap - m.INVERTED(N + 1), 0)
    base = inverses[0] + inverses[1] * evident(D) + none / least
    base = base + _at(more, Integer(0)) / least - start - _at(added, Integer(0))
    step = assume(words) + counts * smaller(some, after, order)
    step = step + _at(more, N + 1) / after - _at(added, N + 1)
    inverse = induction(words, N, base, step, FIRST, _first())
    return few, inverse, instantiate(counts, {N: FIRST}, _first())


def _power_of(base: Expr, exponent: Expr, fact: Fact) -> Fact:
    """exp(e log b) as a power."""
    return fact.put(as_power(base, exponent), exp(exponent * log(base)))


def _cost() -> Fact:
    """A_S <= tr K sum 1/lambda <= tr K N/lambda_K, N the number of harmonics."""
    parity = given(CHOICE[1])[0]
    few, inverse, counts = _sums()
    *_, size, total, trace = definition(m.DEGREES)
    places = (sphere() + evident(K), sphere() + evident(2 * K), _half_place())
    some = instantiate(eigenvalues()[0], {N: FIRST}, _first())
    # N <= U = 2 (K+d)^(d-1)/(d-1)!
    slope = instantiate(slopes()[1], {X: K + 1, S: D - 1}, sphere())
    grown = monotone("exp", slope, rise(K + 1, D - 1), (D - 1) * log(K + D))
    grown = _power_of(K + D, D - 1, grown)
    most = 2 * (K + D) ** (D - 1) / gamma(D)
    rest = evident((D - 1) / (K + D - 1) * (K + D) ** (D - 1) / gamma(D), *places, sphere())
    share = evident((2 * K + D - 1) / (K + D - 1) / gamma(D), *places)
    number = quotient(counted(K), share.gap * gamma(K + D) / gamma(K + 1), *places)
    number = grown * share + rest - number
    # 1/lambda_K <= W = (K + d)^(d+2)/C
    low = evident(DECAY * (K + D / 2 - 1) ** (-D - 2), *places)
    order = instantiate(between()[0] + meaning(), {N: FIRST}, _first())
    few, inverse, counts, some, order, size, total = (
        fact.put(parity, floor(K / 2), *places)
        for fact in (few, inverse, counts, some, order, size, total)
    )
    largest = smaller(some, low, order)
    wider = raised(evident(D / 2 + 1), K + D / 2 - 1, K + D, D + 2, *places)
    # the sum of the gaps, times tr K = 1/(2d)
    scale = evident(1 / (2 * D))
    value = trace + quotient(f.TRACE(Integer(1), D), scale.gap)  # tr K - 1/(2d) = 0
    bound = (few + number) / some + evident(most) * (largest + wider / evident(DECAY)) + inverse
    cost = bound * scale + counts + size - total.times(scale.gap) - value.times(q.INVERSE_SUM)
    unit = quotient(1 / factorial(D), scale.gap * 2 / gamma(D))
    return cost + unit.times((K + D) ** (2 * D + 1) / DECAY)


def _leak() -> Fact:
    """lambda_out = a_k^2 with k - 1 >= K + 1."""
    parity, out = given(CHOICE[1])[0], m.LARGEST
    (meaning,) = definition(m.BEYOND)
    high = instantiate(between()[1], {N: FIRST + 1 + out}, _first() + evident(out + 1))
    high = (high - meaning).put(parity, floor(K / 2))
    first, last = evident(K + 1 + 2 * out), evident(K + D + 1 + 2 * out)
    room = evident(2 * out) * last + evident((K + 1) * (D + 2 * out))
    order = room.states(first.gap * last.gap - (K + 1) ** 2)
    wider = raised(order, (K + 1) ** 2, first.gap * last.gap, D / 2 + 1)
    ends = evident((first.gap * last.gap) ** (D / 2 + 1)), evident((K + 1) ** (D + 2))
    return high + smaller(*ends, wider) * evident(DECAY)


def _late() -> Fact:
    """log(M (1-L)/L) <= log M + log(1/L) <= (1 + b) log M."""
    loss, width, b, rate = q.L_TE, q.WIDTH, q.LOSS_POWER, q.LAMBDA_TARGET
    many, most = (part(CHOICE[2], e) for e in (width >= 1, Le(width, (K + 2) ** (4 * D + 5))))
    premises = (b >= 0, Ge(loss, width**-b), loss < 1, rate > 0)
    power, least, below, target = (part(CHOICE[3], e) for e in premises)
    wide = many + evident(1)
    low = evident(width**-b, wide)
    some = least + low  # L > 0
    known_ = (wide, low, some, below, evident(K + 2))
    logs = monotone("log", least, width**-b, loss, *known_)
    logs = logs + logarithm(width**-b, {width: -b}, *known_)
    rest = monotone("log", some, 1 - loss, Integer(1), *known_)
    odds = {width: Integer(1), 1 - loss: Integer(1), loss: Integer(-1)}
    split = logarithm(width * (1 - loss) / loss, odds, *known_)
    last = monotone("log", most, width, (K + 2) ** (4 * D + 5), *known_)
    last = last + logarithm((K + 2) ** (4 * D + 5), {K + 2: 4 * D + 5}, *known_)
    whole = last * (power + evident(1)) + logs + rest - split
    return whole / (2 * target)


def prove_thm_3_1_limit(statement: Statement) -> Proof:
    """Counts and decay of the eigenvalues; logarithms; two limits."""
    limits = statement.unfolded[3:]
    power, target = part(CHOICE[3], q.LOSS_POWER >= 0), part(CHOICE[3], q.LAMBDA_TARGET > 0)
    known_ = power + evident(1), target
    return Proof(statement, (_cost(), _leak(), _late(), *(reaches(e, *known_) for e in limits)))
