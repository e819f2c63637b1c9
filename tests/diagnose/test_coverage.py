"""Intervals hold the truth of population-exact models as often as they say."""

import pytest
from scipy.stats import binom

from benchmarks.diagnose_coverage import LEVEL, POPULATIONS, misses
from w2s_theory.statistics import ERROR_RATE

RUNS, SIZE = 40, 200


@pytest.mark.parametrize("name", POPULATIONS)
def test_coverage_is_nominal(name, profile):
    """A few runs in the quick profile; `benchmarks/diagnose_coverage.py` measures it."""
    runs = RUNS if profile.name == "quick" else 25 * RUNS
    found = misses(POPULATIONS[name](), SIZE, runs)
    most = binom.isf(ERROR_RATE / len(found), runs, 1 - LEVEL)
    assert max(found.values()) <= most, found
    assert max(found.values()) > 0  # not all of them so wide that they always hold it
