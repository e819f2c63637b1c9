"""Section 4, continued: Theorem 4.2, Corollary 2, and the limit of n-step chains."""

from __future__ import annotations

from fractions import Fraction

from sympy import Le

from checks.support.judging import combine, judge_all
from checks.test_limits import MIDDLE, enclosed_gap
from w2s_theory.certify import Verdict, decide
from w2s_theory.enclose.minima import enclosure, verify
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.infimum import Infimum
from w2s_theory.ledger.statement import Evidence, Statement
from w2s_theory.regression.outcome import Outcome, Profile, check
from w2s_theory.search import bootstrapping, one_student
from w2s_theory.search.settings import NumberSetting, Values
from w2s_theory.search.spectral_students import Given

LENGTHS = (1, 2, 4, 16, 256)
LOSSES = (Fraction(1, 100), Fraction(1, 10), Fraction(1, 2))
HALVES = (Fraction(1, 20), MIDDLE, Fraction(4, 5))


@check("thm-4.2", Evidence.CERTIFIED)
def test_thm_4_2_certified(statement: Statement, profile: Profile) -> Outcome:
    return enclosed_gap(statement.claim[1], profile)


@check("thm-4.2-sharp", Evidence.WITNESS)
def test_thm_4_2_sharp_witness(statement: Statement, profile: Profile) -> Outcome:
    shares = (Fraction(1), Fraction(9, 10))
    settings = [one_student.on_target(half, share) for half in HALVES for share in shares]
    return judge_all(statement, settings, least=len(HALVES))


@check("nstep", Evidence.CERTIFIED)
def test_nstep_certified(statement: Statement, profile: Profile) -> Outcome:
    """The limit enclosed at n = 1, 2, 4, 16, 256, and met from above by rotating chains.

    A rotating chain at the best turn must respect the limit and exceed it by less than 1e-9.
    """
    clause = statement.unfolded[0]
    chains = [bootstrapping.rotating(half, length) for length in (1, 2, 4, 16) for half in HALVES]
    respected = judge_all(statement, chains, least=len(chains))
    if respected.verdict is not Verdict.PROVED or not clause.has(Infimum):
        return respected
    met = [_met(clause.rhs, chain.values()) for chain in chains]
    digits = []
    for length in LENGTHS:
        for loss in LOSSES:
            ball = enclosure(clause.rhs, {q.CHAIN: length, q.L_TE: loss}, profile.digits)
            digits.append(ball.rel_accuracy_bits() * 0.30103)
            verified = verify(clause.rhs, {q.CHAIN: length, q.L_TE: loss}, profile.digits)
            met.append(Outcome(verdict=verified))
    return combine(
        Outcome(verdict=Verdict.PROVED, margin=f"{min(digits):.0f} digits"), respected, *met
    )


def _met(limit: Infimum, values: Values) -> Outcome:
    at = {symbol: values[symbol] for symbol in (q.CHAIN, q.L_TE)}
    ball = enclosure(limit, at, 20)
    near = Le(q.L_ST, (1 + Fraction(1, 10**9)) * q.FLOOR_N)
    verdict = decide(near, {q.L_ST: values[q.L_ST], q.FLOOR_N: ball}).verdict
    return Outcome(verdict=verdict)


@check("nstep-ends", Evidence.CERTIFIED)
def test_nstep_ends_certified(statement: Statement, profile: Profile) -> Outcome:
    grid = [
        NumberSetting(((q.L_TE, loss), (q.CHAIN, Fraction(length))))
        for length in LENGTHS
        for loss in (*LOSSES, Fraction(2, 3), Fraction(99, 100))
    ]
    return judge_all(statement, grid, least=len(grid))


@check("nstep-sharp", Evidence.WITNESS)
def test_nstep_sharp_witness(statement: Statement, profile: Profile) -> Outcome:
    spoilt = Given((Fraction(1, 2), Fraction(0)))
    chains = [
        bootstrapping.rotating(half, length, share=share)
        for length in (1, 2, 5, 20)
        for half in HALVES
        for share in (None, 0.5)
    ]
    return judge_all(
        statement, [*chains, bootstrapping.rotating(MIDDLE, 2, last=spoilt)], least=len(chains)
    )
