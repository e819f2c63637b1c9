"""The command that counts failures runs all that is sampled, and counts what is not PROVED."""

from dataclasses import fields

from benchmarks.power import SAMPLED, Case, Watched, cases, table
from w2s_theory.certify import Verdict
from w2s_theory.ledger.registry import load
from w2s_theory.regression.outcome import QUICK, Outcome

GIVEN = {f.name: getattr(QUICK, f.name) for f in fields(QUICK)}


def test_every_statement_with_sampled_evidence_is_run():
    found = {(case.statement, case.evidence) for case in cases(SAMPLED)}
    assert found == {(e.id, k.value) for e in load().values() for k in e.needs if k in SAMPLED}


def test_parameters_are_told_apart():
    shown = [(case.statement, case.name) for case in cases(SAMPLED)]
    assert len(set(shown)) == len(shown)


def test_whatever_is_not_proved_is_a_failure():
    def call(profile):
        if profile.seed == 3:
            raise ArithmeticError("no enclosure")
        return Outcome(verdict=Verdict.UNDECIDED if profile.seed == 2 else Verdict.PROVED, draws=5)

    case = Case("made", "made", "monte-carlo", call)
    for seed in range(5):
        case.run(Watched(**GIVEN | {"seed": seed}))
    assert case.failed == [2, 3]
    assert case.row()[-3:] == ("5", "2", "81.1%")


def test_a_check_that_draws_is_noticed():
    profile = Watched(**GIVEN)
    assert not profile.asked
    assert profile.rng("law").integers(10**9) == QUICK.rng("law").integers(10**9)
    assert profile.asked


def test_the_table_counts_failing_runs_once():
    def call(profile):
        verdict = Verdict.UNDECIDED if profile.seed == 2 else Verdict.PROVED
        return Outcome(verdict=verdict, draws=profile.seed, rate="1e-06", resolves="medians")

    found = [Case("made", name, "monte-carlo", call) for name in ("one", "two")]
    for seed in range(1, 5):
        for case in found:
            case.run(Watched(**GIVEN | {"seed": seed}))
    shown = table(found, range(1, 5), "quick")
    assert "| made | two | 1e-06 | medians | 1 to 4 | 4 | 1 | 75.1% |" in shown
    assert "seeds 1 to 4: 1 failed" in shown
    assert "75.1% at most" in shown
