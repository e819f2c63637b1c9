"""Streams of random numbers, one a label, all from one seed; results that travel as text."""

from dataclasses import replace

import numpy as np

from w2s_theory.certify import Verdict
from w2s_theory.ledger.statement import Evidence
from w2s_theory.regression.gathering import Plan, packed, unpacked
from w2s_theory.regression.outcome import FULL, QUICK, Outcome
from w2s_theory.regression.report import Kill, Record


def test_a_stream_depends_on_the_seed_and_its_label_alone():
    again = replace(FULL, seed=QUICK.seed)
    assert QUICK.stream("law", 4, 16) == again.stream("law", 4, 16)
    labels = [("law", 4, 16), ("law", 41, 6), ("law",), ("kappa", 4, 16), ("law", 4, "16", "")]
    streams = [replace(QUICK, seed=seed).stream(*label) for seed in (0, 1) for label in labels]
    assert len(set(streams)) == len(streams)


def test_streams_are_known():
    # Another value would change what every seed in a report stands for.
    assert QUICK.stream("law", 4) == 315537023431363101867574087299718402301


def test_generators_repeat():
    first, second = (QUICK.rng("law", 4).standard_normal(5) for _ in "ab")
    np.testing.assert_array_equal(first, second)
    assert not np.array_equal(first, QUICK.rng("law", 5).standard_normal(5))


def test_results_survive_the_journey():
    outcome = Outcome(verdict=Verdict.REFUTED, margin="1/2", effective=3, detail="é\n2")
    about = {"statement": "def-1", "kind": Evidence.PROPERTY, "check": "c"}
    results = [
        Record(**about, outcome=outcome),
        Record(**about, outcome=None, error="why", pending=True),
        Kill(
            statement="def-1",
            mutant="m",
            change="c",
            check=None,
            note="n",
            kinds={"symbolic": "PROVED"},
        ),
    ]
    assert [unpacked(packed(result)) for result in results] == results
    plan = Plan(items={str(i): r for i, r in enumerate(results)}, selected=("a",), partial=True)
    assert Plan.unpacked(plan.packed()) == plan
    counted = Outcome(verdict=Verdict.PROVED, effective=np.int64(3))
    assert unpacked(packed(Record(**about, outcome=counted))).outcome.effective == 3
