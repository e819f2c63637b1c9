"""Limits by leading terms: proved, refuted, or left open."""

from dataclasses import replace

import pytest
from sympy import Eq, Function, Gt, Integer, Rational, Symbol, exp, log, sin, sqrt

from proofs import kernel as k
from proofs.asymptotics import limit
from proofs.calculus import reaches
from proofs.domains import RefusedError, RefutedError
from proofs.proof import prove
from w2s_theory.certify import Verdict
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.at_infinity import AtInfinity, at_infinity
from w2s_theory.ledger.registry import load

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
