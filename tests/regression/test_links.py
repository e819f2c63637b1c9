"""Every link of the ledger resolves: proofs, checks and formal theorems exist by name."""

import ast
import importlib
from pathlib import Path

import pytest

from w2s_theory.ledger.registry import load
from w2s_theory.ledger.statement import Evidence
from w2s_theory.regression.links import check_files
from w2s_theory.regression.stored import ours

ROOT = Path(__file__).parents[2]
LEDGER = load()


def functions(path: Path) -> list[ast.FunctionDef]:
    return [n for n in ast.parse(path.read_text()).body if isinstance(n, ast.FunctionDef)]


def declared(path: Path) -> list[tuple[str, str]]:
    """(statement id, evidence) of every check in a file of checks/, parametrised ones spelt out."""
    module = importlib.import_module(f"checks.{path.stem}")
    found = []
    for function in vars(module).values():
        if getattr(function, "__module__", "") != module.__name__:
            continue
        key, kind = getattr(function, "w2s_check", (None, None))
        if kind is None:
            continue
        marks = getattr(function, "pytestmark", [])
        spelt = [
            m.args[1] for m in marks if m.name == "parametrize" and m.args[0] == "statement_id"
        ]
        found += [(k, kind.name) for k in ([key] if key is not None else spelt[0])]
    return found


@pytest.mark.parametrize("key", list(LEDGER))
def test_proof_exists(key: str) -> None:
    entry = LEDGER[key]
    if Evidence.SYMBOLIC not in entry.needs:
        return
    assert entry.proof is not None
    names = [function.name for function in functions(ROOT / entry.proof)]
    assert "prove_" + key.replace("-", "_").replace(".", "_") in names


@pytest.mark.parametrize("key", list(LEDGER))
def test_checks_exist_and_give_what_is_needed(key: str) -> None:
    entry = LEDGER[key]
    given = [
        kind for name in check_files(entry, ours()) for k, kind in declared(ROOT / name) if k == key
    ]
    for kind in entry.needs:
        assert kind.name in given, (
            f"{key} needs {kind} and {check_files(entry, ours())} give {given}"
        )


def test_every_check_is_in_a_file_that_its_statement_names_and_every_such_file_has_one() -> None:
    found = {
        (key, f"checks/{path.name}")
        for path in (ROOT / "checks").glob("test_*.py")
        for key, _ in declared(path)
    }
    assert found == {(key, name) for key in LEDGER for name in check_files(LEDGER[key], ours())}


@pytest.mark.parametrize("key", [k for k in LEDGER if LEDGER[k].formal])
def test_formal_theorem_is_in_the_sources(key: str) -> None:
    sources = "\n".join(p.read_text() for p in sorted((ROOT / "proofs/coq").glob("*.v")))
    assert any(
        f"{word} {LEDGER[key].formal} " in sources
        or f"{word} {LEDGER[key].formal}:" in sources
        or f"{word} {LEDGER[key].formal}\n" in sources
        for word in ("Theorem", "Lemma", "Corollary")
    )


def test_nothing_names_what_is_outside_the_repository() -> None:
    outside = "../" + "shared"
    for path in (*ROOT.glob("*.*"), *ROOT.glob("docs/*"), *ROOT.glob("w2s_theory/**/*.py")):
        if path.is_file() and path.suffix in {".py", ".md", ".toml", ".txt"}:
            assert outside not in path.read_text()
