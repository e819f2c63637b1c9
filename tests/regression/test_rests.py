"""The hash of what evidence rests on: it follows imports, however they are written."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from sympy import Ge

from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.registry import Ledger, load
from w2s_theory.regression.rests import Rests
from w2s_theory.regression.stored import ours

ROOT = Path(__file__).parents[2]
OTHER = replace(load()["lem-1"], uses=())


def key(root, ledger):
    served = {"proofs": None, "searches": None, "formal": None}
    theory = SimpleNamespace(ledger=ledger, own=tuple(ledger), root=root, **served)
    return Rests(theory).keys(ledger["def-1"])["symbolic"]


@pytest.fixture
def tree(tmp_path):
    """A function that makes files, a proof of def-1 with this text among them: (root, ledger)."""

    def make(proof, **files):
        for name, text in {"mine/proof": proof, "mine/__init__": "", **files}.items():
            path = tmp_path / f"{name}.py"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        entry = replace(load()["def-1"], proof="mine/proof.py")
        return tmp_path, Ledger([entry, OTHER])

    return make


@pytest.mark.parametrize(
    "proof",
    [
        "import mine.a",
        "import os, mine.a as b",
        "from mine import a",
        "from mine import (  # why\n    a as b,\n)",
        "from mine.a import name",
        "from . import a",
        "from .a import name",
        "def f():\n    from mine.a import name",
        "from mine.b import name",  # b imports a
        "from mine.lazy import name",  # a name that the package finds by import_module
        'parts("mine.lazy", "THINGS")',
    ],
)
def test_a_change_is_seen_through_every_way_to_import(tree, proof):
    files = {
        "mine/b": "from mine import a",
        "mine/lazy/__init__": "from importlib import import_module",
        "mine/lazy/home": "from mine.a import name",
    }
    before = key(*tree(proof, **{"mine/a": "name = 1", **files}))
    assert key(*tree(proof, **{"mine/a": "name = 1", **files})) == before
    assert key(*tree(proof, **{"mine/a": "name = 2", **files})) != before


@pytest.mark.parametrize("broken", ["def (", "x = '\0'"])
def test_a_source_that_cannot_be_read_counts_by_its_text(tree, broken):
    assert key(*tree(broken)) == key(*tree(broken)) != key(*tree(broken + " "))


def test_an_import_in_a_text_does_not_count(tree):
    proof = 'x = """\nfrom mine import a\n"""'
    before = key(*tree(proof, **{"mine/a": "name = 1"}))
    assert key(*tree(proof, **{"mine/a": "name = 2"})) == before


def test_a_library_counts_by_its_version(tree, monkeypatch):
    before = key(*tree("x = 1"))
    monkeypatch.setattr("w2s_theory.regression.rests.version", lambda name: f"{name} 0")
    assert key(*tree("x = 1")) != before


def test_what_is_not_imported_does_not_count(tree):
    before = key(*tree("x = 1", **{"mine/a": "name = 1"}))
    assert key(*tree("x = 1", **{"mine/a": "name = 2"})) == before
    assert key(*tree("x = 2", **{"mine/a": "name = 2"})) != before


def test_another_statement_counts_where_it_is_looked_up(tree):
    proof = 'x = load()["lem-1"]'
    root, ledger = tree(proof)
    other = Ledger(
        [ledger["def-1"], replace(OTHER, claim=OTHER.claim[:1], mutants=OTHER.mutants[:1])]
    )
    assert key(root, ledger) != key(root, other)
    root, ledger = tree('x = "lem-1"')
    assert key(root, ledger) == key(root, other)


def test_what_a_statement_assumes_counts_under_the_same_id(tree):
    root, ledger = tree("")
    entry = ledger["def-1"]
    weaker = tuple(replace(a, condition=Ge(q.SCALE, 0)) for a in entry.assumes)
    assert [a.id for a in weaker] == [a.id for a in entry.assumes]
    for changed in (replace(entry, assumes=weaker), replace(entry, where=((q.TOUCH, q.SCALE),))):
        assert key(root, ledger) != key(root, Ledger([changed, OTHER]))


def test_the_package_itself_counts():
    rests = Rests(ours())
    names = {path.name for path in rests._reached([ROOT / "checks/test_proofs.py"])}
    assert {"kernel.py", "proof.py", "sturm.py", "definitions.py"} <= names
    assert not {"plugin.py", "gathering.py", "document.py"} & names
