"""Explicit bounds of the linear model's means, and Theorems 3.2 and 3.3 as their limits."""

from __future__ import annotations

from functools import cache

from sympy import E, Eq, Expr, Ge, Integer, Le, Rational, Symbol, exp, log, sqrt

from proofs.calculus import reaches
from proofs.kernel import (
    Fact,
    assume,
    attained,
    average,
    below,
    cases,
    discharge,
    evident,
    given,
    instantiate,
    monotone,
    tangent,
)
from proofs.lemmas import over, part, same_root
from proofs.means import independent, moment
from proofs.proof import Proof
from proofs.symbolic.linear import BEST, LOSS, ODDS, X, Y, law, mean, put_moments
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.linear_bounds import LATEST, MOMENTS, SCALING, STOP, WEAK, WIDE, WIDE_ENOUGH
from w2s_theory.ledger.spaces import DRAWS
from w2s_theory.ledger.statement import Statement

M, D, PSI, T = q.WIDTH, q.DIM - q.WIDTH, q.PSI, q.TIME
SLOPE, ABOUT = Symbol("sigma", positive=True), Symbol("n_0", positive=True)
LEAK = s.GRADIENT_FLOW(PSI, T)
LEFT = 2 * PSI**2 + (PSI * STOP) ** 2
"""2 exp(-t) + (psi t)^2 at the stopping time, for psi <= 1."""


@cache
def known() -> tuple[Fact, ...]:
    """psi > 0, M - 2 >= 0, D - 4 > 0, and what is larger."""
    (wide,), (moments,), (weak,) = map(given, (WIDE_ENOUGH, MOMENTS, WEAK))
    more = [wide + evident(2 * i) for i in range(1, 4)]
    larger = [moments + evident(2 * i) for i in range(1, 5)]
    return (weak, wide, *more, moments, *larger, evident(BEST.objective, weak))


def _above_tangent(odds: Expr) -> Fact:
    """1/(1 + q) >= 2 s - s^2 (1 + q), the tangent at 1/s."""
    square = evident((1 - SLOPE * (1 + odds)) ** 2 / (1 + odds), *known())
    return square.states(1 / (1 + odds) - 2 * SLOPE + SLOPE**2 * (1 + odds), *known())


@cache
def loss_below() -> Fact:
    """E L_TE >= 1/(1 + E q): 1/(1 + q) is convex."""
    convex = _above_tangent(ODDS).states(LOSS - 2 * SLOPE + SLOPE**2 * (1 + ODDS), *known())
    fact = put_moments(average(convex, DRAWS, *known()), 1, *known())
    place = M / (PSI * (D - 2))
    fact = instantiate(fact, {SLOPE: 1 / (1 + place)}, *known())
    return (
        (fact + law(q.MEAN_LOSS))
        .states(q.MEAN_LOSS - PSI * (D - 2) / (PSI * (D - 2) + M), *known())
        .named("loss from below", "L_TE = 1/(1 + q) is convex in q, E q = M/(psi (D - 2))")
    )


@cache
def loss_above() -> Fact:
    """psi Y/(psi Y + X) is below its tangent in Y at D, then below that in 1/X at 1/(M - 2)."""
    flat = evident(
        PSI**2 * X * (Y - ABOUT) ** 2 / ((PSI * Y + X) * (PSI * ABOUT + X) ** 2), *known()
    )
    rate, share = PSI * ABOUT / X, X / (PSI * ABOUT + X) ** 2
    line = 1 - 2 * SLOPE + SLOPE**2 * (1 + rate) + PSI * share * (Y - ABOUT) - LOSS
    concave = (flat + _above_tangent(rate)).states(line, *known())
    more = assume(M - 2 > 0)
    domain = (*known(), more)
    noise = independent((share * Y).expand(), DRAWS, *domain)
    noise = noise.put(moment(Y, 1, DRAWS, *domain), mean(Y), *domain)
    fact = average(concave, DRAWS, *domain).put(noise, mean(share * Y), *domain)
    fact = fact.put(moment(X, -1, DRAWS, *domain), mean(1 / X), *domain)
    fact = instantiate(fact, {ABOUT: D}, *domain)
    place = PSI * D / (M - 2)
    fact = instantiate(fact, {SLOPE: 1 / (1 + place)}, *domain)
    bound = PSI * D / (PSI * D + M - 2)
    positive = known()[0] * known()[7]  # psi D > 0
    ends = (*domain, positive + known()[1])
    wide = (fact - law(q.MEAN_LOSS)).states(bound - q.MEAN_LOSS, *ends)
    two = assume(Le(M, 2))  # E 1/X may be infinite, and the bound is 1
    ends = (*known(), positive + known()[1])
    below_one = average(
        evident(X / (PSI * Y + X), *known()).states(1 - LOSS, *known()), DRAWS, *known()
    ) - law(q.MEAN_LOSS)
    narrow = below_one + (two / (positive + known()[1])).states(bound - 1, *ends)
    return cases(wide, more, narrow.states(bound - q.MEAN_LOSS, *ends), two).named(
        "loss from above", "concave in Y at E Y = D, then in 1/X at E 1/X = 1/(M - 2)"
    )


def excess() -> Fact:
    """L_ST/L_TE^2 >= 1 + q (2 exp(-t) + s_psi(t)^2)."""
    more = evident(ODDS**2 * exp(-2 * T), *known())
    return more.states(BEST.objective - 1 - ODDS * (2 * exp(-T) + LEAK**2), *known())


@cache
def ratio_below() -> Fact:
    """min_t L_ST/L_TE^2 >= 1, for every X and Y."""
    return below(excess() + evident(ODDS * (2 * exp(-T) + LEAK**2), *known()), BEST, *known())


def _late() -> tuple[Fact, Fact]:
    """For psi <= 1 stop at 2 log(1/psi) >= 0: exp(-t) = psi^2 and s_psi(t) <= psi t."""
    weak = assume(Le(PSI, 1))
    inverse = (weak / known()[0]).states(1 / PSI - 1, *known())
    return weak, monotone("log", inverse, Integer(1), 1 / PSI, *known()) * 2


@cache
def ratio_above() -> Fact:
    """min_t L_ST/L_TE^2 <= 1 + q (2 psi^2 + (psi t)^2) + q^2 psi^4, t = 2 log(1/psi)."""
    bound = 1 + ODDS * LEFT + ODDS**2 * PSI**4
    weak, stop = _late()
    domain = (*known(), stop)
    reached = attained(BEST, STOP, *domain)
    leaked = tangent("exp", -PSI * STOP, Integer(0), *domain)
    least = monotone("exp", stop * known()[0], -PSI * STOP, Integer(0), *domain)
    squares = monotone(
        "square",
        leaked.states(PSI * STOP - 1 + exp(-PSI * STOP), *domain),
        1 - exp(-PSI * STOP),
        PSI * STOP,
        least,
        *domain,
    )
    late = (reached + squares * evident(ODDS, *known())).states(bound - BEST, *domain)
    strong = assume(Ge(PSI, 1))
    first = attained(BEST, Integer(0), *known())
    square = strong * (strong + evident(2))  # psi^2 - 1
    more = square * (square + evident(2))
    spare = 2 * evident(ODDS, *known()) * square + evident(ODDS**2, *known()) * more
    spare = spare + evident(ODDS * (PSI * STOP) ** 2, *known())
    early = (first + spare).states(bound - BEST, *known())
    return cases(late, weak, early, strong).named(
        "one time", f"the student that stops at t = {STOP}, for psi > 1 at t = 0"
    )


def _odds(fact: Fact, *domain: Fact) -> Fact:
    """E q and E q^2 put in."""
    for power in (1, 2):
        fact = put_moments(fact, power, *known(), *domain)
    return fact


@cache
def bounds() -> tuple[Fact, ...]:
    """The clauses of linear-bounds."""
    least = average(ratio_below(), DRAWS, *known()) + law(q.MEAN_RATIO)
    most = _odds(average(ratio_above(), DRAWS, *known())) - law(q.MEAN_RATIO)
    part_ = evident(LOSS, *known())
    kept = 1 / (1 + ODDS)
    # L (ratio - 1) <= (1 - L) (l + q psi^4) <= l + q psi^4, as L q = 1 - L
    lost = (ratio_above() * part_ + evident(kept * (LEFT + ODDS * PSI**4), *known())).states(
        LOSS + LEFT + ODDS * PSI**4 - LOSS * BEST, *known()
    )
    recovered = _odds(average(lost, DRAWS, *known())) + loss_above() + law(q.MEAN_LOSS)
    recovered = recovered + law(q.PGR)
    top = average(ratio_below() * part_, DRAWS, *known()) + loss_below()
    top = top - law(q.MEAN_LOSS) - law(q.PGR)
    return loss_below(), loss_above(), least, most, recovered, top


def prove_linear_bounds(statement: Statement) -> Proof:
    """Jensen's inequality by tangents; the student stopped at one time."""
    return Proof(statement, bounds())


def _positive_width() -> Fact:
    """M > 0 for psi M = 1 and (d - 1)^2 = M^3: M = psi^2 (d - 1)^2 and psi = M psi^2."""
    scale, cube = part(SCALING, Eq(PSI * M, 1)), part(SCALING, Eq((q.DIM - 1) ** 2, M**3))
    width = evident(PSI**2 * (q.DIM - 1) ** 2) - cube.times(PSI**2)
    width = (width - scale.times(M * (PSI * M + 1))).states(M)
    psi = (evident(PSI**2) * width - scale.times(PSI)).states(PSI)
    return over((scale + evident(1)) + width, psi + evident(1), M)


def _on(facts: tuple[Fact, ...], dim: Fact, psi: Fact, *proofs: Fact) -> list[Fact]:
    """Facts on a path, by what d and psi are there, and what their assumptions rest on."""

    def free(fact: Fact) -> Fact:
        return discharge(discharge(discharge(fact, WIDE_ENOUGH, wide), MOMENTS, few), WEAK, weak)

    wide, few, weak, *_ = proofs
    domain = (*proofs, *map(free, known()))
    return [free(f).put(dim, q.DIM, *domain).put(psi, PSI, *domain) for f in facts]


def _latest(wide: Fact) -> tuple[Fact, Fact]:
    """2 exp(-t) + s_psi(t)^2 >= s_psi(tau)^2 for every t, and log(psi)^2 > 0, from 1/psi > 9/4."""
    psi, tau, ell, nine = known()[0], LATEST.expr, log(1 / PSI), Rational(9, 4)
    large = monotone("log", wide, nine, 1 / PSI, psi)
    positive = large + evident(log(nine))  # ell
    squares = 2 * monotone("square", large, log(nine), ell, evident(log(nine)), psi)
    least = squares + evident(2 * log(nine) ** 2 - 1)
    shift = monotone("log", least, Integer(1), 2 * ell**2, psi, least + evident(1))  # 2 ell - tau
    below_line = tangent("log", 1 / PSI, E, psi)  # ell <= 1/(e psi)
    small = monotone("square", below_line, ell, 1 / (E * PSI), positive, psi)
    spare = 2 * (small * evident(PSI**2)) + evident(1 - 2 / E**2)
    domain = (psi, least + evident(1), positive)
    line = tangent("exp", log(2 * ell**2), 2 * ell, *domain) * evident(PSI**2)
    late = (line + spare).states(tau, *domain)  # tau >= 1 - 2 (ell psi)^2 >= 0
    known_ = (*domain, late)
    leak = 1 - exp(-PSI * tau)
    some = monotone("exp", late * psi, -PSI * tau, Integer(0), *known_)
    most = tangent("exp", -PSI * tau, Integer(0), *known_) + shift * psi
    most = monotone("square", most, leak, 2 * PSI * ell, some, *known_)
    before, after = assume(Le(T, tau)), assume(Ge(T, tau))
    early = 2 * monotone("exp", before, -tau, -T, *known_) + most + evident(LEAK**2)
    falls = monotone("exp", after * psi, -PSI * T, -PSI * tau, *known_)
    falls = monotone("square", falls, leak, LEAK, some, *known_)
    words = 2 * exp(-T) + LEAK**2 - leak**2
    first = early.states(words, *known_)
    last = (falls + evident(2 * exp(-T))).states(words, *known_)
    return cases(first, before, last, after), positive * positive


def prove_thm_3_2(statement: Statement) -> Proof:
    """linear-bounds on the path; the lower bound of the ratio; the four limits."""
    width, cubed = _positive_width(), M ** Rational(3, 2)
    dims, moments = part(SCALING, Eq((q.DIM - 1) ** 2, M**3)), part(SCALING, q.DIM > M + 4)
    dim = same_root(dims, q.DIM - 1, cubed, moments + width + evident(3), width)
    psi = (part(SCALING, Eq(PSI * M, 1)) / width).states(PSI - 1 / M, width)
    weak = (evident(1 / M, width) + psi).states(PSI)
    # r^3 - r^2 - 3 > 0 for r = sqrt(M), so r > 3/2
    product = moments.put(dim, q.DIM, width) + evident(Rational(15, 8))
    root = over(
        product, evident(M + sqrt(M) / 2 + Rational(3, 4), width), sqrt(M) - Rational(3, 2), width
    )
    far = monotone("square", root, Rational(3, 2), sqrt(M), evident(Rational(3, 2)), width)
    inverse = (part(SCALING, Eq(PSI * M, 1)) / weak).states(M - 1 / PSI, weak)
    late, logs = _latest((far - inverse).states(1 / PSI - Rational(9, 4), weak))
    best = below(excess() + late * evident(ODDS, *known()), BEST, *known())
    ratio = _odds(average(best, DRAWS, *known(), logs), logs) + law(q.MEAN_RATIO)
    clauses = (loss_below(), loss_above(), ratio, bounds()[3])
    facts = _on(clauses, dim, psi, far + evident(Rational(1, 4)), moments, weak, width)
    limits = [reaches(clause) for clause in statement.unfolded[len(facts) :]]
    return Proof(statement, (*facts, *limits))


def prove_thm_3_3(statement: Statement) -> Proof:
    """linear-bounds on the path d - M = M^2, psi = c/M, and the limits of what it says."""
    c = q.LIMIT_RATIO
    positive, wide = part(WIDE, c > 0), part(WIDE, M >= 3)
    width = wide + evident(3)
    dim = part(WIDE, Eq(D, M**2))
    psi = (part(WIDE, Eq(PSI * M, c)) / width).states(PSI - c / M, width)
    weak = (positive / width + psi).states(PSI)
    few = (dim + wide * (wide + evident(6)) + evident(5)).states(q.DIM - M - 4)
    facts = _on(bounds(), dim, psi, wide + evident(1), few, weak, width)
    limits = [reaches(clause, positive) for clause in statement.unfolded[len(facts) :]]
    return Proof(statement, (*facts, *limits))
