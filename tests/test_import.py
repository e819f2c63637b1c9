"""`import w2s_theory` is cheap: nothing heavy loads before it is used."""

import subprocess
import sys
from pathlib import Path

import pytest

import w2s_theory as w2s

HEAVY = ("sympy", "mpmath", "numpy", "scipy", "matplotlib", "flint", "hypothesis", "pytest")
TIME_LIMIT = 0.2


def fresh(code):
    """Words on the standard output of `code` in a new interpreter."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


def loaded_after(statement):
    """Which heavy packages an import loads (the interpreter itself loads none)."""
    code = f"import sys; before = set(sys.modules); {statement}; "
    code += f"print(*(x for x in {HEAVY!r} if x in sys.modules and x not in before))"
    return fresh(code)


@pytest.mark.parametrize(
    "statement",
    [
        "import w2s_theory",
        "import w2s_theory.ledger",
        "import w2s_theory; w2s_theory.ledger",
        "import w2s_theory; dir(w2s_theory); w2s_theory.__version__",
        "import w2s_theory.certify",
    ],
)
def test_nothing_heavy_is_loaded(statement):
    assert loaded_after(statement) == []


def test_the_ledger_needs_no_numerics_and_submodules_load_on_first_use():
    names = ["ledger", "certify", "theorems", "search"]
    code = (
        "import sys, w2s_theory; w2s_theory.ledger['thm-4.1'].latex; "
        "print('sympy' in sys.modules); "
        "print(any(x in sys.modules for x in ('numpy', 'scipy', 'matplotlib', 'hypothesis'))); "
        f"print(*(getattr(w2s_theory, x).__name__ for x in {names}))"
    )
    assert fresh(code) == ["True", "False", *(f"w2s_theory.{name}" for name in names)]
    assert set(names) <= set(dir(w2s))


@pytest.mark.parametrize("package", ["certify", "spectra"])
def test_every_name_that_a_package_lists_loads(package):
    room = getattr(w2s, package)
    assert all(getattr(room, name) is not None for name in room.__all__)


def test_the_probe_sees_what_is_loaded():
    assert loaded_after("import mpmath") == ["mpmath"]


def test_import_time():
    code = (
        "import time; start = time.perf_counter(); import w2s_theory; "
        "print(time.perf_counter() - start)"
    )
    # The fastest of several: a busy machine makes an import slower, never faster.
    assert min(float(fresh(code)[0]) for _ in range(5)) < TIME_LIMIT


def test_what_people_call_most_is_at_the_top_and_short_to_read():
    names = {"floors", "falsify", "conjecture", "recheck", "simulate", "spectrum"}
    assert names <= set(dir(w2s))
    assert w2s.floors("1/10").teacher_loss * 10 == 1
    found = w2s.falsify("L_ST >= 0.92*L_TE^2", when=["L_TE <= 1/10"])
    assert repr(found) == "REFUTED: L_ST >= 0.92*L_TE^2"
    assert repr(w2s.ledger["thm-4.1"]).startswith("<theorem thm-4.1: ")
    assert "<td>thm-4.1</td>" in w2s.ledger._repr_html_()
    from w2s_theory.ledger.registry import load

    assert len(repr(load())) < 100


def test_unknown_attributes():
    with pytest.raises(AttributeError, match="module 'w2s_theory' has no attribute 'nonsense'"):
        _ = w2s.nonsense


def test_version_and_names():
    assert w2s.__version__.count(".") == 2
    assert {"__version__", "__doc__"} <= set(dir(w2s))
    assert dir(w2s) == sorted(dir(w2s))


def test_proofs_load_no_numerics_and_no_students():
    """The proofs know what is claimed and how it is decided, not how it is computed or drawn."""
    code = (
        "import sys, proofs.proof; "
        "print(*(x for x in ('numpy', 'scipy', 'hypothesis', 'pytest') if x in sys.modules), "
        "*(x for x in sys.modules if x.startswith('w2s_theory.')))"
    )
    loaded = fresh(code)
    rooms = {name.split(".")[1] for name in loaded if name.startswith("w2s_theory.")}
    assert rooms <= {"arguments", "certify", "ledger", "regression"}
    assert [name for name in loaded if not name.startswith("w2s_theory.")] == []


def test_the_folders_of_the_tests_are_those_of_the_package():
    here = Path(__file__).parent
    rooms = {path.name for path in here.iterdir() if (path / "__init__.py").exists()}
    package = Path(w2s.__file__).parent
    assert rooms == {p.name for p in package.iterdir() if p.is_dir() and list(p.glob("*.py"))} | {
        "checks",
        "docs",
        "proofs",
    }


def test_no_file_name_stands_twice():
    """A name says where to look."""
    names = [p.name for p in Path(w2s.__file__).parent.rglob("*.py") if p.name != "__init__.py"]
    assert sorted(set(names)) == sorted(names)


def test_files_are_under_500_lines():
    root = Path(w2s.__file__).parents[1]
    folders = ("w2s_theory", "proofs", "checks", "benchmarks")
    files = [path for folder in folders for path in (root / folder).rglob("*.py")]
    assert len(files) > 200
    assert [p.name for p in files if p.read_text("utf-8").count("\n") > 500] == []
