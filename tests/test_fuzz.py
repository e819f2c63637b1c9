"""A sample of the random calls of `fuzzing`; W2S_FUZZ_CALLS=100000 asks for the full run."""

import os

import pytest

from tests.fuzzing import CALLS, run

CALLS_HERE = int(os.environ.get("W2S_FUZZ_CALLS", 6 * len(CALLS)))


@pytest.mark.parametrize("name", CALLS)
def test_any_input_gives_a_result_or_a_documented_error(name):
    place = list(CALLS).index(name)
    for number in range(place, CALLS_HERE, len(CALLS)):
        assert run(number) == (name, None), number


def test_a_defect_would_be_seen(monkeypatch):
    def broken(inputs):
        return 1 / 0

    monkeypatch.setitem(CALLS, "spectra.values", broken)
    name, defect = run(list(CALLS).index("spectra.values"))
    assert name == "spectra.values"
    assert "ZeroDivisionError" in defect
