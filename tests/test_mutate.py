"""The driver of the code mutants: what it changes, what it calls killed, and its lists."""

from __future__ import annotations

import ast
import os
import random
import subprocess
import sys
from dataclasses import replace

import pytest

from tests import mutate, weaken
from tests.mutations import mutated, mutations

SOURCE = '''
"""Text."""
LIMIT = 3

def f(a: int = 1, *, lo: float, hi: float) -> int | None:
    """Text 2."""
    if not a < LIMIT and lo:
        raise ValueError(f"a must be {LIMIT}, got {a}")
    a += 2
    g(a, hi)
    return abs(-a) * max(lo, hi) + 0.5
'''
CHANGES = [
    "3 -> 4",
    "3 -> 2",
    "1 -> 2",
    "1 -> 0",
    "not a < LIMIT and lo -> not a < LIMIT or lo",
    "not a < LIMIT and lo -> not (not a < LIMIT and lo)",
    "not a < LIMIT -> a < LIMIT",
    "a < LIMIT -> a <= LIMIT",
    "a < LIMIT -> a >= LIMIT",
    "not a < LIMIT and lo -> not a < LIMIT and hi",
    "raise ValueError(f'a must be {LIMIT}, got {a}') -> pass",
    "a += 2 -> a -= 2",
    "a += 2 -> pass",
    "2 -> 3",
    "2 -> 1",
    "g(a, hi) -> pass",
    "g(a, hi) -> g(hi, a)",
    "g(a, hi) -> g(a, lo)",
    "abs(-a) * max(lo, hi) + 0.5 -> abs(-a) * max(lo, hi) - 0.5",
    "abs(-a) * max(lo, hi) -> abs(-a) / max(lo, hi)",
    "abs(-a) -> -a",
    "-a -> a",
    "max(lo, hi) -> min(lo, hi)",
    "max(lo, hi) -> max(hi, hi)",
    "max(lo, hi) -> max(lo, lo)",
    "abs(-a) * max(lo, hi) + 0.5 -> abs(-a) * max(lo, hi) + 1.0",
    "abs(-a) * max(lo, hi) + 0.5 -> abs(-a) * max(lo, hi) + 0.25",
]


def test_every_kind_of_change_and_no_text_or_annotation():
    assert sorted(m.change for m in mutations(SOURCE)) == sorted(CHANGES)


def test_a_mutant_differs_in_its_one_place():
    whole = ast.unparse(ast.parse(SOURCE))
    for mutation in mutations(SOURCE):
        before, after = mutation.change.split(" -> ")
        tree = ast.unparse(mutated(SOURCE, mutation))
        assert tree != whole
        assert before.split("(")[0] in whole
        assert after.split("(")[0] in tree
        assert mutation.text in SOURCE


def test_samples_are_those_of_their_seed():
    names = mutate.modules(["certify"])
    assert mutate.sample(names, 20, 1) == mutate.sample(names, 20, 1) != mutate.sample(names, 20, 2)
    assert len(mutate.sample(["certify.positivity"], None, 0)) >= 8
    with pytest.raises(ValueError, match="module must name"):
        mutate.modules(["nowhere"])


def test_every_module_has_tests_that_exist():
    for module in mutate.modules(mutate.MODULES):
        for place in mutate.nearest(module):
            assert (mutate.ROOT / place).exists(), module
        assert len(mutate.nearest(module)) > 1, module


def test_every_harmless_mutant_is_one_and_has_a_reason():
    for (module, line, change), reason in mutate.harmless().items():
        found = mutations(mutate.path_of(module).read_text())
        assert any(line == m.text and change in (m.change, "*") for m in found), (module, line)
        assert len(reason) > 20


def test_what_the_record_calls_harmless_is_listed():
    record = mutate.read(mutate.TESTS / "mutate_record.json")
    known = mutate.harmless()
    assert len(record) > 300
    for r in record:
        listed = any((r.module, r.text, change) in known for change in (r.change, "*"))
        assert listed == (r.outcome == "harmless"), r


RUN = """
from tests import mutate, weaken
from tests.mutations import mutations
source = mutate.path_of("certify.positivity").read_text()
found = {m.change: m for m in mutations(source)}
for change, place, limit in (("c >= 0 -> c > 0", "a", 60), ("c >= 0 -> c < 0", "a", 60),
                             ("c >= 0 -> c > 0", "b", 2), ("c >= 0 -> c > 0", "c", 60)):
    mutate.CPU_SECONDS = limit
    mutate.nearest = lambda _: [f"{FOLDER}/test_{place}.py", "-c", f"{FOLDER}/pytest.ini"]
    try:
        print(mutate.fate("certify.positivity", found[change], clean={(SLOW,)}))
    except ValueError as error:
        print(error)
"""
TEST = """
from flint import fmpq_poly
from w2s_theory.certify.positivity import nonnegative_from
def test_one():
    assert nonnegative_from(fmpq_poly([1]), 0)
"""


@pytest.mark.slow
def test_a_child_sees_the_mutant_and_is_stopped_in_time(tmp_path):
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "test_a.py").write_text(TEST)
    (tmp_path / "test_b.py").write_text(TEST + "    while True:\n        pass\n")
    (tmp_path / "test_c.py").write_text(TEST + "    assert False\n")
    code = f"FOLDER, SLOW = {str(tmp_path)!r}, 'test_b.py::test_one'\n{RUN}"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(mutate.ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    outcomes = done.stdout.splitlines()
    assert outcomes[:3] == ["survived", "killed", "timeout"]
    assert "must pass without a mutation: ('test_c.py::test_one',)" in outcomes[3]


def test_survivors_are_run_again_and_keep_what_became_of_them_at_first(tmp_path, monkeypatch):
    source = mutate.path_of("certify.positivity").read_text()
    mutation = next(m for m in mutations(source) if m.change == "c >= 0 -> c > 0")
    one = mutate.Result(
        "certify.positivity", 1, mutation.text, mutation.change, "survived", 1.0, 7, "survived"
    )
    results = [
        one,
        replace(one, outcome="killed", first="killed"),
        replace(one, outcome="not run", first="not run"),
        replace(one, text="a line of before"),
    ]
    mutate.write(tmp_path / "m.json", results)
    assert mutate.read(tmp_path / "m.json") == results
    assert mutate.read(tmp_path / "none.json") == []
    monkeypatch.setattr(mutate, "fate", lambda *_: "killed")
    monkeypatch.setattr(mutate, "HEAVY", ())
    now = [(r.first, r.outcome, r.seed) for r in mutate.again(results, 1)]
    assert now == [
        ("survived", "killed", 7), ("killed", "killed", 7), ("killed", "killed", 7),
        ("survived", "gone", 7),
    ]  # fmt: skip


def test_the_table_counts_each_outcome_once():
    rng = random.Random(0)
    outcomes = [
        rng.choice(["killed", "timeout", "survived", "harmless", "not run"]) for _ in range(50)
    ]
    results = [mutate.Result("a.b", 1, "x", "y", outcome) for outcome in outcomes]
    last = mutate.table(results).splitlines()[-1]
    killed = outcomes.count("killed") + outcomes.count("timeout")
    rest = [str(outcomes.count(kind)) for kind in ("harmless", "survived", "not run")]
    assert last == " | ".join(["| all", "50", str(killed), *rest]) + " |"


@pytest.mark.parametrize(("module", "before", "after"), weaken.WEAKENED)
def test_every_bound_that_is_weakened_is_there(module, before, after):
    source = mutate.path_of(module).read_text()
    assert before in source
    ast.parse(source.replace(before, after, 1))
