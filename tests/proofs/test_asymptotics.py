"""Limits by leading terms: proved, refuted, or left open."""

from dataclasses import replace

import pytest
from sympy import (
    Eq,
    Function,
    Ge,
    Gt,
    Integer,
    Le,
    Rational,
    Symbol,
    exp,
    expand,
    expand_log,
    factor,
    log,
    sin,
    sqrt,
)

from proofs import kernel as k
from proofs.asymptotics import limit
from proofs.calculus import reaches
from proofs.domains import RefusedError, RefutedError, Sign, opaque
from proofs.proof import Proof, prove
from w2s_theory.certify import Verdict
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.at_infinity import AtInfinity, at_infinity
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.statement import Assumption

C, M = q.LIMIT_RATIO, q.WIDTH
POSITIVE = k.assume(Gt(C, 0))
HALF = Rational(1, 2)


@pytest.mark.parametrize(
    ("expr", "value", "wrong"),
    [
        (log(M) ** 2 / M ** Rational(3, 2), Integer(0), Integer(1)),
        ((M + 1) / (2 * M), HALF, Rational(1, 3)),
        (C * M / (M + 1), C, C / (1 + C)),
        (M * (1 - exp(-C / M)), C, 2 * C),
        (log(M**2 + M) / log(M), Integer(2), Integer(1)),
        (log(log(M) ** 3) / log(log(M + 5)), Integer(3), Integer(2)),
        ((2 * log(M) - log(log(M))) / log(M), Integer(2), Integer(1)),
        (1 + 1 / M - 1, Integer(0), C),
        ((M + C) / M - (M**2 + 1) / M**2, Integer(0), C),
        (exp(-log(M) / M), Integer(1), Integer(0)),
        (log(C + 2 + 1 / M), log(C + 2), Integer(0)),
        (M**-C, Integer(0), C),
    ],
    ids=str,
)
def test_limits(expr, value, wrong):
    known = (POSITIVE, k.evident(C + 1, POSITIVE), k.evident(1) + POSITIVE)
    logs = k.monotone("log", POSITIVE + k.evident(1), Integer(1), C + 2, POSITIVE + k.evident(2))
    known = (*known, POSITIVE + k.evident(2), logs)
    assert reaches(at_infinity(expr, value, M), *known).gap == AtInfinity(expr, M) - value
    with pytest.raises(RefutedError):
        reaches(at_infinity(expr, wrong, M), *known)


@pytest.mark.parametrize(
    "expr", [sqrt(M), M / log(M), -(M**2) + M, log(log(M)), M**C / log(M)], ids=str
)
def test_infinite_limits_are_refuted(expr):
    with pytest.raises(RefutedError):
        reaches(at_infinity(expr, Integer(1), M), POSITIVE)


@pytest.mark.parametrize(
    "expr",
    [
        Function("f")(M),
        sin(M),
        exp(M) / M,
        exp(-M),
        M - sqrt(M**2 - M),  # the largest terms cancel
        M * (1 / M - 1 / (M + 1)),
        (-M) ** HALF,
        log(-M) / M,
        log(1 + 1 / M),
        q.PSI * M / (M + 1),  # of unknown sign
        M**q.PSI,
        log(log(log(log(M)))),
    ],
    ids=str,
)
def test_what_is_not_found_is_left_open(expr):
    with pytest.raises(RefusedError) as refusal:
        reaches(at_infinity(expr, Integer(0), M), POSITIVE)
    assert not isinstance(refusal.value, RefutedError)


def test_only_limits():
    for relation in (Gt(AtInfinity(1 / M, M), -1), Eq(M, 1), Eq(AtInfinity(1 / M, M), M - M + C)):
        with pytest.raises(RefusedError):
            reaches(relation)
    with pytest.raises(RefusedError):
        reaches(Eq(AtInfinity(M / (M + 1), M), 1 / M, evaluate=False))


def test_facts_about_the_index_say_nothing_of_its_limit():
    psi = Symbol("psi_0", real=True)
    with pytest.raises(RefusedError):
        reaches(at_infinity(psi * M / M**2, Integer(0), M), k.assume(Gt(psi * M, 0)))
    assert limit(1 / M, M, [k.assume(Gt(-M, 0))]) == 0


def test_a_clause_that_is_refuted_refutes_the_statement():
    """But a lemma on the way that fails does not."""
    theorem = load()["thm-3.3"]
    wrong = at_infinity(theorem.claim[-1].lhs.args[0], Integer(1), M)
    assert prove(replace(theorem, claim=(*theorem.claim[:-1], wrong))).verdict is Verdict.REFUTED


def _rewritten(key, place, form, times=Integer(1)):
    entry = load()[key]
    body, index = entry.claim[place].lhs.args
    clause = at_infinity(times * form(body), entry.claim[place].rhs, index)
    return replace(entry, claim=(*entry.claim[:place], clause, *entry.claim[place + 1 :]))


@pytest.mark.parametrize(
    ("key", "place", "form"),
    [
        ("leverage-power", 3, expand),
        ("leverage-power", 3, lambda body: expand_log(body, force=True)),
        ("thm-3.3", 6, factor),
        ("thm-3.1-limit", 3, expand),
        ("spec-limit", 1, expand),
    ],
)
def test_equal_forms_are_one_limit(key, place, form):
    """A factor written another way is proved; the same form with another factor is not."""
    assert prove(_rewritten(key, place, form)).verdict is Verdict.PROVED
    assert prove(_rewritten(key, place, form, Rational(101, 100))).verdict is not Verdict.PROVED


def test_limits_of_different_bodies_stay_apart():
    body = (M**2 - 1) / (M - 1)
    one, two = opaque(AtInfinity(body, M), AtInfinity(M + 1, M))
    assert one == two
    wrong = (AtInfinity(M + 2, M), AtInfinity(C + 1, C), AtInfinity(M + C, M))
    assert all(one != opaque(AtInfinity(body, M), other)[1] for other in wrong)
    fact = k.gap("told", at_infinity(body / M, Integer(1), M))
    assert k.matches(fact, AtInfinity((M + 1) / M, M) - 1, Sign.ZERO)
    assert not k.matches(fact, AtInfinity((M + 2) / M, M) - 1, Sign.ZERO)


def test_constants_beside_what_grows():
    """Of any sign, but with a value; beside what does not grow the sign must be plain."""
    positive, psi = k.assume(Gt(C, 0)), q.PSI
    assert reaches(at_infinity((M + psi) / M, Integer(1), M)).sign is Sign.ZERO
    assert reaches(at_infinity((M + log(C)) / M, Integer(1), M), positive).sign is Sign.ZERO
    for body in ((M + log(C)) / M, (1 / M + psi) / (1 + psi), (M + 1 / psi) / M):
        with pytest.raises(RefusedError):
            reaches(at_infinity(body, Integer(1), M))


def _bound(kind, number):
    return (Assumption("bound", "a bound", kind(q.TARGET_NORM2, number)),)


def test_an_equality_assumed_gives_its_halves_and_a_bound_those_further_away():
    entry = load()["thm-4.1"]
    fact = k.assume(Ge(q.TARGET_NORM2, 1))
    plain = replace(entry, claim=(Ge(q.TARGET_NORM2, 1),))
    assert Proof(plain, (fact,)).run().verdict is Verdict.PROVED
    loose = replace(plain, assumes=(replace(entry.assumes[0], condition=Ge(q.TARGET_NORM2, 0)),))
    assert Proof(loose, (fact,)).run().verdict is Verdict.UNDECIDED
    for bound, verdict in ((0, Verdict.PROVED), (2, Verdict.UNDECIDED)):
        further = k.assume(Ge(q.TARGET_NORM2, bound))
        near = replace(plain, claim=(Ge(q.TARGET_NORM2, bound),), assumes=_bound(Ge, 1))
        assert Proof(near, (further,)).run().verdict is verdict
        assert Proof(replace(near, assumes=_bound(Le, 1)), (further,)).run().verdict is (
            Verdict.UNDECIDED
        )
    strict = k.assume(Gt(q.TARGET_NORM2, 1))
    assert Proof(replace(plain, claim=(Gt(q.TARGET_NORM2, 1),)), (strict,)).run().verdict is (
        Verdict.UNDECIDED
    )
