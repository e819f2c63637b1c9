"""The square for even targets: the bound on the student over that on every teacher's square."""

from __future__ import annotations

from sympy import Eq, Ge, Gt, Integer, Le, Symbol, exp, floor, symbols

from proofs.calculus import absurd, floored, reaches
from proofs.kernel import (
    Fact,
    assume,
    at_vector,
    cases,
    definition,
    evident,
    given,
    instantiate,
    square_norm,
)
from proofs.kernel import power as raised
from proofs.lemmas import cauchy_schwarz, over, settle, unit
from proofs.proof import Proof
from proofs.symbolic.gain_rate import late
from proofs.symbolic.relu_degrees import smaller
from proofs.symbolic.spectra_coefficients import sphere
from proofs.symbolic.teacher_lower import most_flat, place, places, wide
from w2s_theory.ledger import definitions as d
from w2s_theory.ledger import kernels as f
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import rate_power as r
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger import spaces as v
from w2s_theory.ledger.alignment import VISIBLE
from w2s_theory.ledger.rate import STOPPED
from w2s_theory.ledger.spectra import SPHERE
from w2s_theory.ledger.statement import Statement

TARGET, D = q.LAMBDA_TARGET, q.SPACE_DIM
_ROOT = Symbol("x_root", nonnegative=True)


def _student() -> tuple[Fact, Fact]:
    """x^2 (4 + lambda_0 t) - L_ST >= 0 for Delta <= lambda_0 x, x = exp(-lambda_0 t)."""
    ((visible,), (time,)) = map(given, (VISIBLE, s.TIME_NONNEGATIVE))
    level = r.UNLEARNT.expr
    share = (level / TARGET) ** 2
    bound = instantiate(late(q.LEVEL), {q.LEVEL: level}, visible)
    leak = visible * time * evident(exp(-q.LAMBDA_OUT * q.TIME) * share)
    least = evident(share) * (visible * time + evident(Integer(4)))
    return (bound + leak).states(STOPPED(level, TARGET) - q.L_ST, visible), least


def _energy() -> tuple[Fact, Fact]:
    """B > 0 and E > 0: 1 = <K^(1/2) f*, g>^2 <= ||K^(1/2) f*||^2 E, and E <= B E."""
    meaning, energy = definition(d.PREIMAGE)
    kernel, product = v.ROOT * v.TARGET, v.inner(v.ROOT * v.TARGET, v.PREIMAGE)
    one = (at_vector(meaning, v.TARGET) + unit()).states(product - 1)
    found = cauchy_schwarz(kernel, v.PREIMAGE) + one.times(product + 1)
    found = found - energy.times(v.norm2(kernel))
    some, none = assume(Gt(q.TARGET_ENERGY, 0)), assume(Le(q.TARGET_ENERGY, 0))
    nothing = found + square_norm(kernel) * none + evident(Integer(1))
    positive = cases(some, some, absurd(nothing, Gt(q.TARGET_ENERGY, 0)), none)
    return over(most_flat(), positive, q.FLATNESS - 1) + evident(Integer(1)), positive


def _teacher() -> tuple[Fact, ...]:
    """L_TE - l >= 0 and l > 0, l the least loss, and what makes it real.

    At ell = floor(x) + 1, x^(d-1) = 2 M B (d-1)!: the first degree with polynomials enough.
    """
    flat, energy = _energy()
    (width,), (before, _) = given(r.WIDTH), places()
    known = (flat.states(q.FLATNESS), energy, before, width)
    count = r.polynomials(q.WIDTH)
    exact = assume(Eq(_ROOT ** (D - 1), count))
    least, below = floored(_ROOT)  # x - floor(x) >= 0, floor(x) + 1 - x > 0
    degree = floor(_ROOT) + 1
    some = (below + evident(_ROOT)).states(degree)
    enough = raised(below, _ROOT, degree, D - 1, before) + exact
    found = settle(instantiate(wide(), {q.VANISHING: degree}, some), enough)
    start = instantiate(place(), {q.VANISHING: degree}, some)
    rest = 2 * least
    top = start.gap + rest.gap
    ends = start, start + rest
    powers = raised(rest, start.gap, top, D + 2, *ends)
    bases = evident(top ** (D + 2), *ends), evident(start.gap ** (D + 2), start)
    falls = smaller(*bases, powers, *ends)
    share = evident(f.DECAY_CONSTANT(D, Integer(1)) * q.TARGET_ENERGY / 2, energy)
    found, high = found + share * falls, ends[1]
    at = {_ROOT: count ** (1 / (D - 1))}
    found, high = (instantiate(fact, at, *known) for fact in (found, high))
    least_loss = evident(share.gap * high.gap ** (-D - 2), energy, high, *known)
    return found, least_loss, *known, high


def _square(bound: Fact, least: Fact, teacher: Fact, some: Fact, *known: Fact) -> Fact:
    """(a/l^2) L_TE^2 - L_ST >= 0 from a - L_ST, a, L_TE - l >= 0 and l > 0, whatever they are."""
    top, low = symbols("a_top l_low", real=True)
    student, size = assume(Ge(top - q.L_ST, 0)), assume(Ge(top, 0))
    loss, positive = assume(Ge(q.L_TE - low, 0)), assume(Gt(low, 0))
    squares = loss * (loss + 2 * positive)  # L^2 - l^2
    found = (squares * size / (positive * positive) + student).states(
        top * q.L_TE**2 / low**2 - q.L_ST, positive
    )
    values = {top: least.gap, low: some.gap}
    moved = instantiate(found, values, least, some, *known)
    return settle(moved, bound, least, teacher, some)


def prove_gain_rate_power(statement: Statement) -> Proof:
    """One over the other; leading terms."""
    bound, least = _student()
    square = _square(bound, least, *_teacher(), *given(VISIBLE))
    (risk,) = given(r.SOME_RISK)
    known = (sphere(), *given(SPHERE), risk, *given(VISIBLE), *_energy())
    return Proof(statement, (square, reaches(statement.claim[1], *known)))
