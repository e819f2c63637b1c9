"""Streams of random numbers: one for every label, all from one seed."""

from dataclasses import replace

import numpy as np

from w2s_theory.regression.outcome import FULL, QUICK


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
