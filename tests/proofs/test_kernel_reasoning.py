"""The kernel's rules of reasoning: cases, instances, means, limits, induction, minima, vectors."""

import pytest
import sympy as sp
from sympy import Eq, Ge, Gt, Integer, Lt, Rational, exp, sqrt

from proofs import kernel as k
from proofs.domains import RefusedError, Sign, bounded
from tests.proofs.test_kernel import EPSILON, POSITIVE, I, M, X, Y, Z, at_least
from w2s_theory.ledger import definitions as d
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger import spaces as v
from w2s_theory.ledger.infimum import Infimum
from w2s_theory.ledger.statement import Assumption


def test_discharge_needs_the_whole_assumption():
    fact, (low, _) = at_least(X) + k.given(s.LOSS_IN_UNIT)[0], k.given(s.LOSS_IN_UNIT)
    with pytest.raises(RefusedError):
        k.discharge(fact, s.LOSS_IN_UNIT, low)
    with pytest.raises(RefusedError):
        k.discharge(at_least(X), at_least(X).assumes[0], at_least(X + 1))


def test_discharge_is_not_circular():
    fact = at_least(X)
    assert k.discharge(fact, fact.assumes[0], fact).assumes == fact.assumes


def test_cases_cover():
    low, high = at_least(X), k.assume(Lt(X, 0))
    goal = k.evident(Y**2)
    assert k.cases(goal + low * 0, low, goal + high * 0, high).assumes == ()
    for wrong in (
        lambda: k.cases(goal, k.assume(Gt(X, 0)), goal, k.assume(Lt(X, 0))),  # X = 0 is missing
        lambda: k.cases(goal, low, goal, at_least(Y)),
        lambda: k.cases(goal, low, goal, k.assume(Eq(X, 0))),
        lambda: k.cases(goal, low, goal + k.evident(1), high),
        lambda: k.cases(goal, low + low, goal, at_least(-2 * X)),  # derived, not assumed
    ):
        with pytest.raises(RefusedError):
            wrong()


def test_cases_keep_what_else_is_assumed():
    pair = Assumption("pair", "two conjuncts", Ge(X, 0) & Ge(Y, 0))
    first = next(f for f in k.given(pair) if f.gap == X)
    with pytest.raises(RefusedError):
        k.cases(k.evident(Z**2) + first * 0, first, k.evident(Z**2), k.assume(Lt(X, 0)))


def test_both_needs_opposites():
    assert k.both(at_least(X), at_least(-X)).sign is Sign.ZERO
    with pytest.raises(RefusedError):
        k.both(at_least(X), at_least(-2 * X))


@pytest.mark.parametrize(
    ("fact", "values"),
    [
        (k.square_norm(v.TARGET), {q.TARGET_NORM2: Integer(-1)}),
        (k.definition(d.TEACHER_LOSS)[0], {q.L_TE: Integer(7)}),
        (k.evident(POSITIVE), {POSITIVE: X}),
        (k.evident(POSITIVE), {POSITIVE: Integer(0)}),
        (k.evident(M), {M: Rational(1, 2)}),
        (k.evident(M - 1), {M: Integer(0)}),
        (at_least(X), {X: Integer(-1)}),
        (k.evident(X**2), {X: sqrt(Y)}),
        (
            k.evident(sp.Symbol("o", odd=True, positive=True)),
            {sp.Symbol("o", odd=True, positive=True): Integer(2)},
        ),
    ],
)
def test_instances_must_be_values(fact, values):
    with pytest.raises(RefusedError):
        k.instantiate(fact, values)


def test_assumptions_instantiate_too():
    fact = k.instantiate(k.monotone("square", at_least(X), Integer(0), X), {X: Y - 1})
    assert fact.gap == (Y - 1) ** 2
    assert [a.condition for a in fact.assumes] == [Ge(Y - 1, 0)]


def test_means_of_single_points_only_without_assumptions_on_them():
    with pytest.raises(RefusedError):
        k.average(at_least(v.FILTER_AT), v.SPECTRUM)
    fact = k.average(k.evident(v.FILTER_AT**2), v.SPECTRUM)
    assert fact.gap == v.Mean(v.FILTER_AT**2, v.SPECTRUM)
    assert k.average(k.evident(exp(v.FILTER_AT)), v.SPECTRUM).sign is Sign.NONNEGATIVE
    with pytest.raises(RefusedError):
        bounded(1 / v.FILTER_AT, (v.FILTER_AT,))
    with pytest.raises(RefusedError):
        k.average(k.evident(sqrt(v.FILTER_AT**2 + 1)), v.SPECTRUM)


def test_squeeze_needs_every_small_number():
    assert k.squeeze(at_least(X) + k.evident(EPSILON), EPSILON).sign is Sign.NONNEGATIVE
    for wrong in (
        at_least(X - EPSILON),  # assumes something of it
        k.evident(1 / EPSILON),
        k.evident(POSITIVE * M),
    ):
        with pytest.raises(RefusedError):
            k.squeeze(wrong, M if wrong.gap.has(M) else EPSILON)


def test_induction_needs_base_and_step():
    claim = Ge(X**2 * I, 0, evaluate=False)
    step = k.assume(claim) + k.evident(X**2)
    assert k.induction(claim, I, k.evident(0), step, M).assumes == ()
    wrong_claim = Ge(1 - I, 0)
    for wrong in (
        lambda: k.induction(claim, I, k.evident(1), step, M),
        lambda: k.induction(claim, I, k.evident(0), k.evident(X**2), M),
        lambda: k.induction(claim, I, k.evident(0), step, X),
        lambda: k.induction(claim, I, k.evident(0), step, Rational(1, 2)),
        lambda: k.induction(claim, I, k.evident(0), step, M - 2),
        lambda: k.induction(claim, I, k.evident(0), step, I),
        lambda: k.induction(wrong_claim, I, k.evident(1), k.assume(wrong_claim), M),
        lambda: k.induction(wrong_claim, I, k.evident(1), at_least(-I), M),  # assumes the goal
        lambda: k.induction(Ge(X, 0), I, at_least(X), at_least(X), M),  # no index
    ):
        with pytest.raises(RefusedError):
            wrong()


def test_minimum_is_attained_within_the_interval_only():
    minimum = Infimum(X * Y, Y, Integer(0), Integer(1))
    assert k.attained(minimum, Rational(1, 2)).gap == X / 2 - minimum
    for point in (Integer(2), Integer(-1), Z):
        with pytest.raises(RefusedError):
            k.attained(minimum, point)


def test_minimum_from_below_on_the_whole_interval():
    minimum = Infimum(X**2 + Y, Y, Integer(0), Integer(1))
    low = at_least(Y)
    assert k.below(low + k.evident(X**2), minimum).gap == minimum
    for wrong in (
        k.assume(Ge(Y, Rational(1, 2))) + k.evident(X**2) + k.evident(Rational(1, 2)),
        k.assume(Ge(X**2 + Y - Z * Y, 0)),
        k.evident(X**2),
    ):
        with pytest.raises(RefusedError):
            k.below(wrong, minimum)


def test_any_vector_only_where_a_definition_speaks_of_any():
    fact = k.square_norm(v.ANY)
    assert k.at_vector(fact, v.TARGET).gap == q.TARGET_NORM2
    bound = k.definition(d.ALIGNMENT)[1]
    assert not k.at_vector(bound, v.TEACHER - v.TARGET).gap.has(v.ANY)
    with pytest.raises(RefusedError):
        k.at_vector(at_least(v.norm2(v.ANY) - 1) + k.evident(1), v.TARGET)
    with pytest.raises(RefusedError):
        k.at_vector(fact, v.TARGET / X)


def test_projections_are_idempotent_and_nested():
    assert v.norm2(v.P_S * v.TARGET) == v.inner(v.TARGET, v.P_S * v.TARGET)
    assert v.inner(v.P_0 * v.TARGET, v.P_S * v.TEACHER) == v.inner(v.P_0 * v.TARGET, v.TEACHER)
    assert v.norm2(v.P_S * v.P_T * v.TARGET) != v.norm2(v.P_T * v.P_S * v.TARGET)
    assert v.norm2(v.FILTER * v.TARGET) != v.inner(v.TARGET, v.FILTER * v.TARGET)


def test_a_rotation_keeps_norms_and_is_not_self_adjoint():
    turned, back = v.ROTATION * v.TARGET, v.BACK * v.TEACHER
    assert v.norm2(turned) == q.TARGET_NORM2
    assert v.inner(turned, v.TEACHER) == v.inner(v.TARGET, back)
    assert v.inner(turned, v.TEACHER) == v.inner(v.TEACHER, turned)
    assert v.inner(turned, v.TEACHER) != v.inner(v.TARGET, v.ROTATION * v.TEACHER)
    assert v.norm2(v.ROTATION * v.P_S * v.BACK * v.TARGET) != v.norm2(v.P_S * v.TARGET)


def test_projections_on_scales_are_nested_and_commute_with_the_filter():
    i = d.INDEX
    at, later = v.scale(i), v.scale(i + 1)
    assert v.inner(v.ANY, at * later * v.TEACHER) == v.inner(v.ANY, at * v.TEACHER)
    assert v.inner(v.ANY, v.P_S * later * v.TEACHER) == v.inner(v.ANY, v.P_S * v.TEACHER)
    assert v.inner(v.ANY, v.scale(0) * v.TEACHER) == v.inner(v.ANY, v.P_S * v.TEACHER)
    assert v.inner(v.ANY, later * v.FILTER * v.TEACHER) == v.inner(
        v.ANY, v.FILTER * later * v.TEACHER
    )
    assert v.norm2((later - at) * v.TEACHER) == v.norm2(later * v.TEACHER) - v.norm2(at * v.TEACHER)
    # Of two scales whose order is not known nothing is known, nor of one and the teacher's span.
    other = v.scale(d.SCALES)
    assert v.inner(v.ANY, at * other * v.TEACHER) != v.inner(v.ANY, at * v.TEACHER)
    assert v.inner(v.ANY, at * v.P_T * v.TEACHER) != v.inner(v.ANY, v.P_T * at * v.TEACHER)
