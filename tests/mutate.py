"""Mutants of the code: one small change each, and whether the nearest tests see it.

A child process per mutant: its import system serves the mutated module from memory (the tree is
never touched), and pytest runs the tests that mirror or import the module until one fails.

    python -m tests.mutate --module certify --count 60 --seed 1 --json build/code-mutants.json

A mutant is killed by a test that passes without it, which is asked once. Tests that start another
interpreter are left out: it would import the module as it is. The file of ``--json``
grows: what is in it does not run twice, and ``--again`` runs its survivors once more, when tests
were written for them; ``first`` keeps what became of each at first.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path

from tests.mutations import Mutation, mutated, mutations
from w2s_theory.ledger.registry import load

ROOT = Path(__file__).parents[1]
TESTS = Path(__file__).parent
HARMLESS = Path(__file__).with_name("mutate_harmless.toml")
# The ledger is data, with mutants of its own; figures and the command line certify nothing.
MODULES = (
    *("arguments", "certify", "enclose", "statistics", "regression", "spectra", "models"),
    *("students", "theorems", "search", "diagnose", "text", "audit", "proofs.kernel"),
)
ROOTS = ("w2s_theory", "proofs")
# Tests that reach a module through others, where neither a name nor an import says so.
_AUDIT = ("tests/commands/test_audit.py", "tests/audit/test_compare.py")
_MINIMISE = ("tests/certify/test_minimise.py",)
_EXACT = ("tests/certify/test_exact.py",)
_CLAIMS = ("tests/enclose/test_bounds_hold.py", "tests/enclose/test_claims.py")
_REGRESSION = ("tests/regression/test_weaker.py", "tests/regression/test_report.py")
_SPHERE = ("tests/models/test_rounding.py", "tests/models/test_relu_sphere.py")
NEIGHBOURS = {
    "audit.expression": (*_AUDIT, "tests/text/test_parser.py"),
    "audit.layout": _AUDIT,
    "audit.lookup": _AUDIT,
    "certify.bounds": _MINIMISE,
    "certify.certificate": _MINIMISE,
    "certify.recheck": _MINIMISE,
    "certify.functions": ("tests/certify/test_lower.py",),
    "certify.table": ("tests/certify/test_lower.py",),
    "certify.normal_form": _EXACT,
    "certify.rational": ("tests/certify/test_decide.py",),
    "certify.separation": _EXACT,
    "certify.positivity": _CLAIMS,
    "certify.verdict": ("tests/certify/test_decide.py",),
    "enclose.integrals": _CLAIMS,
    "enclose.minima": _CLAIMS[:1],
    "enclose.sums": _CLAIMS,
    "enclose.telescope": _CLAIMS,
    "models.cosines": _SPHERE,
    "models.energies": _SPHERE,
    "models.extended_kernel": _SPHERE,
    "models.legendre": _SPHERE,
    "models.harmonic_polynomials": (_SPHERE[0], "tests/models/test_targets.py"),
    "models.roundoff": _SPHERE[:1],
    "models.relu_sphere": _SPHERE[:1],
    "models.targets": _SPHERE[:1],
    "models.teacher": _SPHERE[:1],
    "models.parallel": ("tests/students/test_finite.py",),
    "proofs.kernel": ("tests/proofs/test_kernel_reasoning.py", "tests/proofs/test_quotients.py"),
    "regression.gathering": (*_REGRESSION, "tests/regression/test_plugin.py"),
    "regression.plugin": _REGRESSION,
    "regression.outcome": ("tests/regression/test_outcome.py", "tests/regression/test_report.py"),
    "students.infinite": ("tests/students/test_rounding.py",),
    "students.memory": ("tests/students/test_finite.py",),
}
HEAVY = ("pytest", "hypothesis", "sympy", "scipy.linalg", "scipy.stats", "flint", "mpmath", "rich")
_MEMORY = 8 << 30
CPU_SECONDS = 20  # of one test; without a mutation it takes less than half of it
IMPORT_SECONDS = 40  # of the processor too, to import and to collect


@dataclass(frozen=True)
class Result:
    """What became of a mutant: killed, survived, timeout or harmless (listed, with its reason).

    ``first`` is what became of it when it was run first, before tests were written for it.
    """

    module: str
    line: int
    text: str
    change: str
    outcome: str
    seconds: float = 0.0
    seed: int = 0
    first: str = ""


class _Overlay(importlib.machinery.SourceFileLoader, importlib.abc.MetaPathFinder):
    """Serves one module from a tree in memory and leaves all others alone."""

    def __init__(self, name: str, path: Path, tree: ast.Module) -> None:
        super().__init__(name, str(path))
        self._code = compile(tree, str(path), "exec")

    def find_spec(self, fullname, path, target=None):
        if fullname != self.name:
            return None
        places = [str(Path(self.path).parent)] if self.path.endswith("__init__.py") else None
        return importlib.util.spec_from_file_location(
            fullname, self.path, loader=self, submodule_search_locations=places
        )

    def get_code(self, fullname):
        return self._code


def modules(prefixes: Sequence[str]) -> list[str]:
    """The modules and rooms asked for, sorted, below ``w2s_theory`` or as ``proofs.kernel``."""
    found = []
    for path in [p for root in ROOTS for p in sorted((ROOT / root).rglob("*.py"))]:
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removeprefix("w2s_theory.")
        if any(name == p or name.startswith(p + ".") for p in prefixes) and "__" not in name:
            found.append(name)
    if not found:
        raise ValueError(f"module must name a module or room of w2s_theory, got {prefixes}")
    return found


def path_of(module: str) -> Path:
    """The file of a module."""
    return ROOT / (imported_as(module).replace(".", "/") + ".py")


def imported_as(module: str) -> str:
    """Its name in an import."""
    return module if module.startswith(f"{ROOTS[1]}.") else f"{ROOTS[0]}.{module}"


def nearest(module: str) -> list[str]:
    """The tests of a module: the file that mirrors it, those that import it, else its room."""
    room, _, leaf = module.rpartition(".")
    folder = TESTS / room
    mirrors = [p for p in (folder / f"test_{leaf}.py", folder / f"test_{leaf}s.py") if p.exists()]
    exported = _exports(room).get(module, set())
    users = [p for p in sorted(TESTS.rglob("test_*.py")) if _imports(p, module, exported)]
    near = [p for p in users if p.parent == folder]
    named = [ROOT / place for place in NEIGHBOURS.get(module, ())]
    if not mirrors and not named:
        near = users
    whole = [folder] if not (mirrors or named) and room and folder.exists() else []
    tests = dict.fromkeys(str(p.relative_to(ROOT)) for p in [*mirrors, *near, *named, *whole])
    inside = {t for t in tests if any(t.startswith(f"{other}/") for other in tests)}
    return [t for t in tests if t not in inside] + [str(path_of(module).relative_to(ROOT))]


def _exports(room: str) -> dict[str, set[str]]:
    """Names that a room's ``__init__`` takes from each of its modules."""
    found: dict[str, set[str]] = {}
    init = ROOT / "w2s_theory" / room / "__init__.py"
    if room and init.exists():
        for node in ast.walk(ast.parse(init.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module:
                name = node.module.removeprefix("w2s_theory.")
                found.setdefault(name, set()).update(alias.name for alias in node.names)
    return found


def _imports(path: Path, module: str, exported: set[str]) -> bool:
    room, _, leaf = module.rpartition(".")
    package = f"w2s_theory.{room}".rstrip(".")
    return any(
        source == imported_as(module)
        or (source == package and (leaf in names or (room and exported & names)))
        for source, names in _imported(path)
    )


@cache
def _imported(path: Path) -> list[tuple[str | None, set[str]]]:
    found = (n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.ImportFrom))
    return [(node.module, {alias.name for alias in node.names}) for node in found]


class _Watch:
    """Writes each test that starts, and the first that fails or file that cannot be imported.

    A test that takes more than its seconds of CPU ends the process.
    """

    def __init__(self, place: int, limit: float) -> None:
        self._place, self._limit = place, limit

    def pytest_runtest_logstart(self, nodeid: str, location: object) -> None:
        signal.setitimer(signal.ITIMER_PROF, self._limit)
        os.write(self._place, f"starts {nodeid}\n".encode())

    def pytest_runtest_logreport(self, report) -> None:
        if report.failed:
            os.write(self._place, f"fails {report.nodeid}\n".encode())

    pytest_collectreport = pytest_runtest_logreport


def _child(
    module: str, tree: ast.Module | None, tests: Sequence[str], limit: float, place: int
) -> None:
    os.setsid()
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    signal.setitimer(signal.ITIMER_PROF, IMPORT_SECONDS)
    sys.dont_write_bytecode = True
    if tree is not None:
        name = imported_as(module)
        sys.meta_path.insert(0, _Overlay(name, path_of(module), tree))
    import pytest

    start = subprocess.Popen.__init__

    def seen(self, args, *rest, **options) -> None:
        words = [] if isinstance(args, str) else [*map(str, args)]
        if words[:1] == [sys.executable]:
            pytest.skip("another interpreter imports the module without the mutation")
        start(self, args, *rest, **options)

    subprocess.Popen.__init__ = seen  # type: ignore[method-assign]
    options = ["-x", "-q", "-p", "no:cacheprovider", "--doctest-modules", "--hypothesis-seed=0"]
    # pytest's own import hook would serve a module that is named for its examples, not the mutant.
    options.append("--assert=plain")
    os._exit(int(pytest.main([*options, *tests], plugins=[_Watch(place, limit)])))


def run(
    module: str, tree: ast.Module | None, tests: Sequence[str], limit: float
) -> tuple[str, str | None]:
    """``survived``, ``killed`` or ``timeout`` (of a test's CPU), and the test that ended it."""
    with tempfile.TemporaryFile() as place:
        sys.stdout.flush()
        child = os.fork()
        if not child:
            try:
                _child(module, tree, tests, limit, place.fileno())
            finally:
                os._exit(70)
        # One that sleeps; others may use the processors.
        end = time.monotonic() + 20 * (IMPORT_SECONDS + limit)
        status = None
        while status is None and time.monotonic() < end:
            done, found = os.waitpid(child, os.WNOHANG)
            status = os.waitstatus_to_exitcode(found) if done else None
            time.sleep(0 if done else 0.02)
        if status is None:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
        place.seek(0)
        told = [line.split(" ", 1) for line in place.read().decode().splitlines()]
    empty = 5  # pytest's code for no tests
    if status == empty:
        raise ValueError(f"no tests found for {module} in {tests}")
    if status == 0:
        return "survived", None
    last = next((name for what, name in told if what == "fails"), told[-1][1] if told else None)
    return "timeout" if status in (None, -signal.SIGPROF) else "killed", last


def fate(module: str, mutation: Mutation, clean: set[tuple[str, ...]]) -> str:
    """What becomes of a mutant; ValueError where its tests fail without it too.

    ``clean`` holds what is known to pass without a mutation and is added to.
    """
    tests = nearest(module)
    tree = mutated(path_of(module).read_text(), mutation)
    outcome, failed = run(module, tree, tests, CPU_SECONDS)
    if outcome != "survived":
        one = (failed,) if failed and "::" in failed else (*tests, "--collect-only")
        asked = one if failed else tuple(tests)
        if asked not in clean:
            if run(module, None, asked, CPU_SECONDS // 2)[0] != "survived":
                raise ValueError(f"the tests of {module} must pass without a mutation: {asked}")
            clean.add(asked)
    return outcome


def harmless() -> dict[tuple[str, str, str], str]:
    """(module, line, change) of each mutant that changes no promise, with the reason."""
    listed = tomllib.loads(HARMLESS.read_text()).get("mutant", [])
    return {(m["module"], m["line"], m["change"]): m["reason"] for m in listed}


def sample(names: Sequence[str], count: int | None, seed: int) -> list[tuple[str, Mutation]]:
    """``count`` mutations of the modules (all for None), each equally likely, module by module."""
    every = [(name, m) for name in names for m in mutations(path_of(name).read_text())]
    if count is not None and count < len(every):
        every = [every[i] for i in sorted(random.Random(seed).sample(range(len(every)), count))]
    return every


def campaign(
    chosen: Iterable[tuple[str, Mutation]], minutes: float, seed: int = 0
) -> Iterator[Result]:
    """Results one by one; ValueError if a test that kills a mutant fails without it."""
    for name in HEAVY:
        importlib.import_module(name)
    load()  # the ledger, which imports nothing that is mutated
    known, end, clean = harmless(), time.monotonic() + 60 * minutes, set()
    for module, mutation in chosen:
        start = time.monotonic()
        if any((module, mutation.text, change) in known for change in (mutation.change, "*")):
            outcome = "harmless"
        else:
            outcome = fate(module, mutation, clean) if start < end else "not run"
        seconds = round(time.monotonic() - start, 1)
        yield Result(
            *(module, mutation.line, mutation.text, mutation.change, outcome, seconds, seed),
            first=outcome,
        )


def again(results: Sequence[Result], minutes: float) -> Iterator[Result]:
    """The results in their order, the survivors and what was not run as they are now."""
    for old in results:
        found = [
            m
            for m in mutations(
                path_of(old.module).read_text() if path_of(old.module).exists() else ""
            )
            if (m.text, m.change) == (old.text, old.change)
        ]
        if old.outcome not in ("survived", "not run"):
            yield old
        elif not found:
            yield replace(old, outcome="gone")
        else:
            mutation = min(found, key=lambda m: abs(m.line - old.line))
            new = next(campaign([(old.module, mutation)], minutes, old.seed))
            yield replace(new, first=new.first if old.first == "not run" else old.first)


def read(path: Path) -> list[Result]:
    """The results in a file that ``write`` wrote, none where there is no file."""
    return [Result(**one) for one in json.loads(path.read_text())] if path.exists() else []


def write(path: Path, results: Sequence[Result]) -> None:
    """One mutant a line."""
    path.write_text("[\n" + ",\n".join(json.dumps(asdict(r)) for r in results) + "\n]\n")


def table(results: Sequence[Result]) -> str:
    """Markdown: mutants, killed (timeouts count), harmless, survivors, not run, by module."""
    rows = [
        "| module | mutants | killed | harmless | survived | not run |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    kinds = {"killed": 0, "timeout": 0, "harmless": 1, "survived": 2, "not run": 3}
    counts = Counter((r.module, kinds[r.outcome]) for r in results if r.outcome in kinds)
    for name in [*dict.fromkeys(r.module for r in results), ""]:
        row = [
            sum(n for (m, k), n in counts.items() if k == i and name in ("", m)) for i in range(4)
        ]
        rows.append(" | ".join([f"| {name or 'all'}", *map(str, [sum(row), *row])]) + " |")
    return "\n".join(rows)


def main() -> int:
    """Runs a sample; 1 if a mutant survived that is not listed as harmless."""
    parser = argparse.ArgumentParser(description="Mutants of the code against its nearest tests.")
    parser.add_argument("--module", action="append", help="module or room, as certify.bounds")
    parser.add_argument("--count", type=int, help="how many mutants (all of them without it)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=600, help="starts no mutant after these")
    parser.add_argument("--json", type=Path, help="where the results go, beside those of before")
    parser.add_argument("--again", action="store_true", help="only the survivors of that file")
    options = parser.parse_args()
    if options.again and not options.json:
        parser.error("--again needs the file of --json")
    os.chdir(ROOT)
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = tempfile.mkdtemp(prefix="mutants-")
    before = read(options.json) if options.json else []
    if options.again:
        results, kept = again(before, options.minutes), []
    else:
        ran = {(r.seed, r.module, r.text, r.change) for r in before}
        chosen = sample(modules(options.module or MODULES), options.count, options.seed)
        new = [(n, m) for n, m in chosen if (options.seed, n, m.text, m.change) not in ran]
        results, kept = campaign(new, options.minutes, options.seed), before
    done = []
    for result in results:
        done.append(result)
        if options.json:
            write(options.json, [*kept, *done, *(before[len(done) :] if options.again else [])])
        if result.outcome == "survived":
            sys.stdout.write(f"{result.module}:{result.line}: {result.text}\n    {result.change}\n")
            sys.stdout.flush()
    sys.stdout.write(table(done) + "\n")
    return int(any(r.outcome == "survived" for r in done))


if __name__ == "__main__":
    sys.exit(main())
