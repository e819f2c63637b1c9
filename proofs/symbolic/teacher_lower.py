"""No teacher is better: polynomials that vanish at the units, and what no unit sees."""

from __future__ import annotations

from functools import cache

from sympy import Eq, Ge, Gt, Integer, Le, Rational, factorial

from proofs.calculus import quotient
from proofs.kernel import (
    Fact,
    assume,
    average,
    cases,
    definition,
    discharge,
    equal,
    evident,
    gap,
    given,
    induction,
    instantiate,
    square_norm,
)
from proofs.lemmas import cauchy_schwarz, defining, over, part
from proofs.proof import Proof
from proofs.symbolic.spectra_decay import lower_bound
from w2s_theory.ledger import definitions as d
from w2s_theory.ledger import kernels as f
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import spaces as v
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.spectra import SPHERE
from w2s_theory.ledger.statement import Statement
from w2s_theory.ledger.teacher_forms import EVEN_TARGET, LAST_EIGENVALUE, POLYNOMIALS

Q, H, COUNT, LAST = v.ZEROS_AT, v.DUAL_AT, POLYNOMIALS.expr, LAST_EIGENVALUE.expr
_DUAL = (
    "r = sum_k (h Q)_k/a_k over the even degrees up to 2 ell + k, h Q being even, zero at the "
    "units, of that degree: its inner product with a unit u is (h Q)(u) (spec-funk-hecke), "
    "<r, f*> = <h Q, h>; no eigenvalue of these degrees is below that of 2 ell + k "
    "(spec-coefficients)"
)
_CHRISTOFFEL = (
    "Q, the sum of squares of an orthonormal basis of the homogeneous polynomials of degree ell "
    "that vanish at the M units, is at most that of all of them, which is D everywhere (addition "
    "theorem, Atkinson & Han 2012, theorem 2.9), and its mean is their number, at least D - M"
)


@cache
def decay() -> Fact:
    """lambda_n - C (n + d/2 - 1)^-(d+2) >= 0, n = 2 ell + k."""
    degree = 2 * q.VANISHING + q.DEGREE
    found = instantiate(lower_bound(), {q.DEGREE: degree, q.POWER: Integer(1)})
    (even,) = given(EVEN_TARGET[1])
    first = 2 * evident(q.VANISHING - 1) + evident(q.DEGREE)
    known = (even, first.states(degree - 2))
    for assumption in found.assumes:
        if assumption not in EVEN_TARGET:
            found = discharge(found, assumption, *known)
    return found


def place() -> Fact:
    """n + d/2 - 1 > 0."""
    dim = part(SPHERE, Ge(q.SPACE_DIM, 2)) * evident(Rational(1, 2))
    return (dim + evident(2 * q.VANISHING + q.DEGREE)).states(
        2 * q.VANISHING + q.DEGREE + q.SPACE_DIM / 2 - 1
    )


def _positive() -> tuple[Fact, Fact]:
    """D > 0 and lambda_n > 0."""
    base = place()
    power = evident(f.DECAY_CONSTANT(q.SPACE_DIM, Integer(1))) * evident(
        base.gap ** (-q.SPACE_DIM - 2), base
    )
    return evident(COUNT, *places()), (decay() + power).states(LAST)


def places() -> tuple[Fact, Fact]:
    """d - 1 > 0 and ell + d - 1 > 0."""
    before = (part(SPHERE, Ge(q.SPACE_DIM, 2)) + evident(Integer(1))).states(q.SPACE_DIM - 1)
    return before, (before + evident(q.VANISHING)).states(q.VANISHING + q.SPACE_DIM - 1)


def _energy() -> Fact:
    """E >= 0: a mean square."""
    return average(evident(H**2), v.INPUTS) - definition(d.TARGET_VALUES)[1]


def most_flat() -> Fact:
    """B E - E >= 0: the largest square is at least the mean one."""
    whole, energy, flat = definition(d.TARGET_VALUES)
    return average(flat, v.INPUTS) + whole.times(-q.FLATNESS * q.TARGET_ENERGY) + energy


@cache
def floor_of_teachers() -> Fact:
    """L_TE - lambda_n E (1 - M B/D) >= 0."""
    whole, energy, flat = definition(d.TARGET_VALUES)
    mean, measure = v.Mean, v.INPUTS
    caught = mean(Q * H**2, measure)
    unseen, seen, dual = (
        gap(_DUAL, relation)
        for relation in (
            Eq(v.inner(v.DUAL, v.TEACHER), 0),
            Eq(v.inner(v.DUAL, v.TARGET), caught),
            Ge(mean(Q**2 * H**2, measure), LAST * v.norm2(v.DUAL)),
        )
    )
    least, most, many = (
        gap(_CHRISTOFFEL, relation)
        for relation in (Ge(Q, 0), Le(Q, COUNT), Ge(mean(Q, measure), COUNT - q.WIDTH))
    )
    count, last = _positive()
    square = average(most * least * evident(H**2), measure)  # D I - mean Q^2 h^2
    rest = average(most * flat, measure)
    largest = (most_flat() + _energy()).states(q.FLATNESS * q.TARGET_ENERGY)
    rest = rest + largest * many
    sizes = places()
    rest = rest - whole.times(COUNT * q.FLATNESS * q.TARGET_ENERGY, *sizes)
    rest = rest + energy.times(COUNT, *sizes)
    rest = rest.states(caught - q.TARGET_ENERGY * (COUNT - q.WIDTH * q.FLATNESS), *sizes)
    error = v.TARGET - v.TEACHER
    inner = seen - unseen
    schwarz = cauchy_schwarz(v.DUAL, error) + inner.times(v.inner(v.DUAL, error) + caught)
    schwarz = schwarz + defining(d.TEACHER_LOSS).times(v.norm2(v.DUAL))
    loss = square_norm(v.TEACHER - v.TARGET) + defining(d.TEACHER_LOSS)
    product = loss * (square + dual) + last * schwarz  # I (D L - lambda I) >= 0
    known = (count, *sizes)
    some, none = assume(Gt(caught, 0)), assume(Le(caught, 0))
    at_most = over(product, some, COUNT * q.L_TE - LAST * caught, *known)
    wanted = COUNT * q.L_TE - LAST * q.TARGET_ENERGY * (COUNT - q.WIDTH * q.FLATNESS)
    right = (at_most + last * rest).states(wanted, *known)
    left = (count * loss + last * rest + last * none).states(wanted, *known)
    whole_case = cases(right, some, left, none)
    return over(
        whole_case,
        count,
        q.L_TE - LAST * q.TARGET_ENERGY * (1 - q.WIDTH * q.FLATNESS / COUNT),
        *known,
    )


@cache
def _many() -> Fact:
    """D (d-1)! - ell^(d-1) >= 0, by induction: (m+i+1)! = (m+i+1) (m+i)! >= m^(i+1) m!."""
    index, m = d.INDEX, q.VANISHING
    words = Ge(factorial(m + index) - m**index * factorial(m), 0)
    ratio = quotient(factorial(m + index + 1), (m + index + 1) * factorial(m + index))
    grown = evident(m + index + 1) * assume(words)
    grown = grown + evident((index + 1) * m**index * factorial(m)) + ratio
    step = grown.states(factorial(m + index + 1) - m ** (index + 1) * factorial(m))
    return induction(words, index, evident(Integer(0)), step, q.SPACE_DIM - 1, places()[0])


@cache
def wide() -> Fact:
    """L_TE - (C/2) E (n + d/2 - 1)^-(d+2) >= 0, if ell^(d-1) >= 2 M B (d-1)!."""
    count, last = _positive()
    premise = load()["teacher-lower"].claim[1].args[0]
    wide = assume(premise)
    sizes = places()
    fewer = evident(factorial(q.SPACE_DIM - 1), *sizes)
    # D (d-1)! m! = (m+d-1)! >= ell^(d-1) m! >= 2 M B (d-1)! m!
    term = evident(factorial(q.VANISHING))
    room = over(_many() + wide * term, fewer * term, COUNT - 2 * q.WIDTH * q.FLATNESS, *sizes)
    share = over(
        room * evident(Rational(1, 2)), count, Rational(1, 2) - q.WIDTH * q.FLATNESS / COUNT, *sizes
    )
    energy = _energy()
    half = floor_of_teachers() + last * energy * share
    return half + decay() * energy * evident(Rational(1, 2))


def prove_teacher_lower(statement: Statement) -> Proof:
    """Cauchy-Schwarz against what no unit sees; counting; the decay of the eigenvalues."""
    power = load()["teacher-lower"].claim[2]
    same = equal(power.lhs, power.rhs, *places())
    return Proof(statement, (floor_of_teachers(), wide(), same))
