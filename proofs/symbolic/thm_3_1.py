"""Theorem 3.1 from the master bound; the exponents; what no teacher learns."""

from __future__ import annotations

from sympy import Eq, Ge, Gt, Integer, Le, exp, sqrt

from proofs.calculus import power_of_product
from proofs.kernel import (
    Fact,
    assume,
    average,
    both,
    cases,
    definition,
    equal,
    evident,
    given,
    instantiate,
    monotone,
    power,
    square_norm,
)
from proofs.lemmas import below_root, defining, nothing, over, part, settle
from proofs.means import vanishing
from proofs.proof import Proof
from proofs.symbolic.alignment import prove_kappa_width
from proofs.symbolic.master_bound import master_bound, unit_loss
from proofs.symbolic.spectra_coefficients import prove_spec_odd
from w2s_theory.ledger import definitions as d
from w2s_theory.ledger import model_definitions as m
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger import spaces as v
from w2s_theory.ledger.alignment import ALIGNMENT_COST
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.relu import EXPONENT, IN_SPAN, LATE, LEVEL, RISK_POSITIVE
from w2s_theory.ledger.statement import Statement
from w2s_theory.ledger.universality import PROVEN_EXPONENT, TEACHER_DECAY


def _risk() -> Fact:
    """Markov's inequality: P(kappa_S > x) <= E kappa_S/x, x = A_S/(delta M)."""
    (delta,), cost, level = given(RISK_POSITIVE), ALIGNMENT_COST.expr, LEVEL.expr
    width = defining(m.WIDTH) + evident(1)
    least, mean, risk = definition(m.MEAN_ALIGNMENT)
    missed, met = defining(m.MISSED), defining(m.MET)
    known = prove_kappa_width(load()["kappa-width"]).facts[0]
    most = known + mean  # E kappa_S <= A_S/M
    beyond, within = (assume(kind(v.KAPPA_DRAWN, level)) for kind in (Gt, Le))
    domain = delta, width
    words = v.KAPPA_DRAWN - level * v.MISSED_DRAWN
    markov = cases(
        (beyond - missed.times(level, *domain)).states(words, *domain),
        beyond,
        (least - met.times(level, *domain)).states(words, *domain),
        within,
    )
    some, none = assume(Gt(cost, 0)), assume(Le(cost, 0))
    bound = average(markov, v.FEATURE_DRAWS) + most - risk.times(level, *domain)
    bound = over(bound, some / (delta * width), q.RISK - q.MISS_RISK, *domain)
    # A_S <= 0: then kappa_S is 0 almost surely, and so is what exceeds its level, 0
    mean_least = average(least, v.FEATURE_DRAWS)
    flat = both(mean_least, (most + none / width).states(-mean_least.gap, width))
    zero = both((most + mean_least) * width, none)
    level_zero = zero.times(1 / (q.RISK * q.WIDTH), *domain).states(level, *domain)
    nowhere = assume(Eq(v.KAPPA_DRAWN, 0))
    inside = (level_zero - nowhere).states(level - v.KAPPA_DRAWN, *domain)
    never = settle(met, inside)
    never = vanishing(never, least, flat.states(mean_least.gap)) + risk
    narrow = (delta - never).states(q.RISK - q.MISS_RISK)
    return cases(bound, some, narrow, none)


def _late() -> tuple[Fact, Fact]:
    """On the event kappa_S <= A_S/(delta M), late enough: the bound of L_ST, and L_TE > 0."""
    (delta,), (late,) = given(RISK_POSITIVE), given(LATE)
    level, loss, width = LEVEL.expr, q.L_TE, defining(m.WIDTH) + evident(1)
    low, high, kappa = unit_loss()
    event = assume(Le(q.KAPPA, level))
    slow = exp(-q.LAMBDA_TARGET * q.TIME)
    known = (delta, width, low, high, kappa, event + kappa)
    near, far = sqrt(q.KAPPA * loss), sqrt(level) * sqrt(loss)
    left, right = slow * sqrt(1 - loss), sqrt(1 / q.WIDTH) * sqrt(loss)
    aligned = below_root((event * low).states(far**2 - near**2, *known), near, far, *known)
    trained = below_root(late.states(right**2 - left**2, *known), left, right, *known)
    start = evident(near + left, *known)
    squares = monotone("square", aligned + trained, near + left, far + right, start, *known)
    gain = (sqrt(level) + sqrt(1 / q.WIDTH)) ** 2
    leak = s.GRADIENT_FLOW(q.LAMBDA_OUT, q.TIME) ** 2
    bound = (squares + master_bound()).states((gain + leak) * loss - q.L_ST, *known)
    rate = evident(slow**2)
    some = over(late + rate, evident(1 / q.WIDTH, width) + rate, loss, width)
    return bound, some


def prove_thm_3_1_markov(statement: Statement) -> Proof:
    """Markov's inequality for the event; on it, the master bound at a late time."""
    bound, some = _late()
    (delta,), width = given(RISK_POSITIVE), defining(m.WIDTH) + evident(1)
    level = assume(Le(q.KAPPA, LEVEL.expr)) + unit_loss()[2]
    recovered = statement.claim[2].args[1]
    recovered = (bound / some).states(recovered, some, width, delta, level)
    return Proof(statement, (_risk(), bound, recovered))


def _power() -> Fact:
    """L_ST <= A M^(-1/2) L_TE and M^(-1/2) = (M^-r)^(beta-1) <= (L_TE/c)^(beta-1)."""
    (two,), loss, c, width = given(EXPONENT[0]), q.L_TE, q.COEFFICIENT, q.WIDTH
    gain, rate = PROVEN_EXPONENT.expr - 1, TEACHER_DECAY.expr
    premises = (c > 0, width > 0, q.FACTOR >= 0, Ge(loss, c * width**-rate))
    positive, wide, factor, teacher = (part(EXPONENT[1], e) for e in premises)
    larger = (two + evident(1)) / (2 * (two + evident(4)))  # beta - 1 > 0
    known = [two + evident(1), two + evident(4), positive, wide, larger]
    low = evident(c * width**-rate, *known)
    known += [low, low + teacher]
    least = power(teacher, low.gap, loss, gain, *known)
    least = least + power_of_product([(c, Integer(1)), (width, -rate)], gain, *known)
    student = part(EXPONENT[1], Le(q.L_ST, q.FACTOR * loss / sqrt(width)))
    return factor * (teacher + low) * least * evident(c**-gain, *known) + student


def prove_thm_3_1_exponent(statement: Statement) -> Proof:
    """Powers of the two premises; rational functions of d."""
    (two,), dim, _beta = given(EXPONENT[0]), q.DIM, PROVEN_EXPONENT.expr
    one, wide = two + evident(1), two + evident(4)  # d - 1, d + 2
    known = one, wide, (4 * two + evident(13)).states(4 * dim + 5)
    _, formula, below, headline, until, sharper, above = statement.claim
    formulas = [
        equal(e.lhs, e.rhs, *known, evident(1 + 3 / (dim - 1), one)) for e in (formula, sharper)
    ]
    limit = evident(3 / (2 * (dim + 2)), wide).states(below, *known)
    late, early = assume(headline.args[0]), assume(until.args[0])
    reached = (late * evident(1 / (100 * (dim + 2)), wide)).states(headline.args[1], *known)
    not_yet = (early * evident(1 / (100 * (dim + 2)), wide)).states(until.args[1], *known)
    larger = evident(3 * (dim - 1) / (2 * (dim + 2) * (4 * dim + 5)), *known).states(above, *known)
    return Proof(statement, (_power(), formulas[0], limit, reached, not_yet, formulas[1], larger))


def prove_odd_target(statement: Statement) -> Proof:
    """L_TE = ||P_0 (f_T - f*)||^2 + ||(I - P_0)(f_T - f*)||^2 and P_0 f_T = 0."""
    energy, teacher = definition(m.UNSEEN)
    (none,) = given(IN_SPAN)
    crossed = nothing(v.TARGET, v.P_0 * v.TEACHER, none - teacher)
    error = v.TEACHER - v.TARGET
    rest = square_norm((1 - v.P_0) * error) + defining(d.TEACHER_LOSS)
    seen = rest + none - teacher - energy - crossed.times(2)
    odd = {q.DEGREE: 2 * q.TERM + 3, q.POWER: Integer(1)}
    unlearnt, *_ = prove_spec_odd(load()["spec-odd"]).facts
    return Proof(statement, (seen, instantiate(unlearnt, odd)))
