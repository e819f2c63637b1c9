"""A search draws the same from its seed in every process, whatever modules are loaded there."""

import importlib
import sys
import threading
from contextlib import nullcontext

import pytest
from hypothesis import strategies as st
from hypothesis.internal.conjecture import engine
from sympy import Ge

from tests.making import numbers, statement
from w2s_theory.ledger import quantities as q
from w2s_theory.search import literals as undrawn
from w2s_theory.search.falsify import falsify

LITERALS = range(700_001, 700_401)


@pytest.fixture
def literals(tmp_path, monkeypatch):
    """Load a module of 400 literals; pytest's own folder would not count as somebody's code."""
    place = tmp_path / "loaded_late.py"
    place.write_text("\n".join(f"x{n} = {n}" for n in LITERALS))
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(
        "hypothesis.internal.conjecture.providers.is_local_module_file",
        lambda path: str(path) == str(place),
        raising=False,
    )

    def load():
        importlib.import_module("loaded_late")

    yield load
    sys.modules.pop("loaded_late", None)


def drawn(seed=0):
    seen = []

    def note(number):
        seen.append(number)
        return numbers(L_TE=number)

    claim = statement(Ge(q.L_TE, 0))
    falsify(claim, st.integers(0, 10**6).map(note), tries=200, seed=seed)
    return seen


def test_modules_that_are_loaded_change_nothing(literals):
    before = drawn()
    literals()
    assert drawn() == before
    assert drawn(seed=1) != before


def test_without_the_override_they_would(literals, monkeypatch):
    """The guard of the test above: Hypothesis still draws literals for everybody else."""
    if not hasattr(getattr(engine, "HypothesisProvider", None), "_maybe_draw_constant"):
        pytest.skip("this Hypothesis draws no literals")
    monkeypatch.setattr("w2s_theory.search.falsify.without_literals", nullcontext)
    before = drawn()
    literals()
    assert drawn() != before


def test_other_threads_are_left_alone():
    seen = []
    with undrawn.without_literals():
        thread = threading.Thread(target=lambda: seen.append(undrawn._DRAWN.get()))
        thread.start()
        thread.join()
        seen.append(undrawn._DRAWN.get())
    assert [*seen, undrawn._DRAWN.get()] == [True, False, True]
