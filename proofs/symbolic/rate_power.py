"""The square for even targets: the bound on the student over that on every teacher's square."""

from __future__ import annotations

from sympy import Eq, Ge, Gt, Integer, Le, exp, log, symbols

from proofs.calculus import logarithm, reaches
from proofs.kernel import Fact, assume, evident, given, instantiate, monotone
from proofs.kernel import power as raised
from proofs.lemmas import part, settle
from proofs.proof import Proof
from proofs.symbolic.gain_rate import late
from proofs.symbolic.relu_degrees import smaller
from proofs.symbolic.spectra_coefficients import sphere
from proofs.symbolic.teacher_lower import place, places, wide
from w2s_theory.ledger import kernels as f
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import rate_power as r
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.rate import STOP_AT, STOPPED, VISIBLE
from w2s_theory.ledger.spectra import SPHERE
from w2s_theory.ledger.statement import Statement

TARGET, LEVEL, D = q.LAMBDA_TARGET, q.LEVEL, q.SPACE_DIM


def _levels() -> tuple[Fact, ...]:
    """mu > 0, lambda_0 - mu >= 0 and lambda_0 > 0."""
    some, below = part(r.AT_STOP, Gt(LEVEL, 0)), part(r.AT_STOP, Le(LEVEL, TARGET))
    return some, below, *given(VISIBLE)


def _student() -> tuple[Fact, Fact]:
    """(mu/lambda_0)^2 (4 + log(lambda_0/mu)) - L_ST >= 0, for Delta <= mu."""
    known = _levels()
    _, below, visible = known
    stop = STOP_AT(LEVEL, TARGET)
    at = part(r.AT_STOP, Eq(q.TIME, stop))
    ends = -TARGET * q.TIME, -TARGET * stop
    premise = monotone("exp", at.times(TARGET), *ends, *known)
    rises = monotone("log", below, LEVEL, TARGET, *known)
    ratio = logarithm(TARGET / LEVEL, {TARGET: Integer(1), LEVEL: Integer(-1)}, *known)
    long = (rises + ratio).states(log(TARGET / LEVEL), *known)
    (time,) = given(s.TIME_NONNEGATIVE)
    share = (LEVEL / TARGET) ** 2
    leak = visible * time * evident(exp(-q.LAMBDA_OUT * q.TIME) * share, *known)
    bound = settle(late(LEVEL), premise) + leak - at.times(share * TARGET, *known)
    bound = bound.states(STOPPED(LEVEL, TARGET) - q.L_ST, *known)
    least = evident(share, *known) * (long + evident(Integer(4)))
    (at_cut,) = given(r.LEVEL_FOR)
    return bound.put(at_cut, LEVEL), least.put(at_cut, LEVEL)


def _teacher() -> tuple[Fact, ...]:
    """L_TE - l >= 0 and l > 0, l the least loss, and what makes it real."""
    flat, energy = (part(r.SOME_TARGET, Gt(x, 0)) for x in (q.FLATNESS, q.TARGET_ENERGY))
    enough, near = (
        part(r.ENOUGH, words)
        for words in (
            Ge(q.VANISHING ** (D - 1), r.polynomials(q.WIDTH)),
            Le(q.VANISHING, r.polynomials(q.WIDTH) ** (1 / (D - 1)) + 1),
        )
    )
    some = part(r.SOME_TARGET, Ge(q.WIDTH, 1)) + evident(Integer(1))
    known = (flat, energy, *places(), some.states(q.WIDTH))
    start = place()
    at = start.gap
    top = at.xreplace({q.VANISHING: r.TOP})
    rest = (2 * near).states(top - at, *known)
    ends = start, (start + rest).states(top, *known)
    powers = raised(rest, at, top, D + 2, *ends, *known)
    bases = evident(top ** (D + 2), *ends, *known), evident(at ** (D + 2), start)
    falls = smaller(*bases, powers, *ends, *known)
    share = evident(f.DECAY_CONSTANT(D, Integer(1)) * q.TARGET_ENERGY / 2, energy)
    found = settle(wide(), enough) + share * falls
    least = evident(share.gap * top ** (-D - 2), energy, *ends, *known)
    return found, least, *known, *ends


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
    limit = statement.claim[1]
    flat, energy = (part(r.SOME_TARGET, Gt(x, 0)) for x in (q.FLATNESS, q.TARGET_ENERGY))
    degree = part(r.SOME_TARGET, Ge(q.DEGREE, 2)) + evident(Integer(2))
    known = (sphere(), *given(SPHERE), part(r.AT_STOP, Gt(q.RISK, 0)), *given(VISIBLE))
    known = (*known, flat, energy, degree.states(q.DEGREE))
    return Proof(statement, (square, reaches(limit, *known)))
