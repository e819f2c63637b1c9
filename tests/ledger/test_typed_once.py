"""No constant is typed twice: the audit types none, and each is found in its home alone."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ledger.test_quadratic_constant import EXACT_TYPES, SOURCES, relative
from w2s_theory.audit.constants import constants
from w2s_theory.ledger.parts import parts

LISTS = [Path(str(module.__file__)) for module in parts("w2s_theory.audit", "declared")]
# Where the theory is stated; numerics and searches use small fractions for purposes of their own.
STATED = [p for p in SOURCES if relative(p).split("/")[0] in ("ledger", "audit", "export")]
TYPED = {
    "limit-constant": (3, 4, "ledger/section4.py"),
    "bounded-constant": (1, 4, "ledger/section4.py"),
    "touching-loss": (2, 3, "ledger/sharpness.py"),
}


def fractions_in(tree):
    """(line, numerator, denominator) of exact fractions outside `Mutant(...)`."""
    if isinstance(tree, ast.Call) and getattr(tree.func, "id", "") == "Mutant":
        return []
    found = []
    if isinstance(tree, ast.Call) and getattr(tree.func, "id", "") in EXACT_TYPES:
        values = [x.value for x in tree.args if isinstance(x, ast.Constant)]
        if len(values) == 2 and all(isinstance(x, int) for x in values):
            found.append((tree.lineno, *values))
    for child in ast.iter_child_nodes(tree):
        found += fractions_in(child)
    return found


@pytest.mark.parametrize("path", LISTS, ids=lambda p: p.name)
def test_the_audit_types_no_constant(path):
    """Only where chains and widths are listed a fraction stands; no float, no other fraction."""
    tree = ast.parse(path.read_text("utf-8"))
    allowed = {
        "limit_constants.py": [(1, 10)],
        "rate_constants.py": [(3, 2)],
        "run_constants.py": [(1, 10), (3, 10), (1, 2), (9, 10), (1, 100), (4, 5), (1, 5)],
    }.get(path.name, [])
    assert [pair[1:] for pair in fractions_in(tree)] == allowed
    floats = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)]
    assert [x for x in floats if isinstance(x, float)] == []


@pytest.mark.parametrize("key", TYPED)
def test_fractions_of_the_theory_are_typed_in_their_home_alone(key):
    top, bottom, home = TYPED[key]
    places = [
        relative(path)
        for path in STATED
        for _, p, q in fractions_in(ast.parse(path.read_text("utf-8")))
        if p * bottom == q * top
    ]
    assert places == [home]
    value = {c.id: c.expr for c in constants()}[key]
    assert value * bottom == top


def test_no_formula_is_typed_in_the_audit():
    """Arithmetic on the ledger's objects is only what turns a formula into a number or a ratio."""
    for path in LISTS:
        calls = [
            node.func.id
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        ]
        assert not set(calls) & {"gamma", "factorial", "binomial", "exp", "log", "hyper", "pi"}


def test_no_constant_appears_under_two_ids_from_one_home_and_formula():
    seen = {}
    for constant in constants():
        if constant.expr.is_Rational:
            continue
        assert seen.setdefault(constant.expr, constant.id) == constant.id


REPLACED = """
import importlib, importlib.util, json, pathlib, sys

found = {}
for change, (package, module, old, new, _) in json.load(sys.stdin).items():
    for name in [name for name in sys.modules if name.partition(".")[0] == "w2s_theory"]:
        del sys.modules[name]
    path = pathlib.Path(importlib.import_module(package).__file__).with_name(module + ".py")
    source = path.read_text("utf-8")
    assert source.count(old) == 1
    name = package + "." + module
    made = importlib.util.module_from_spec(importlib.util.spec_from_file_location(name, path))
    sys.modules[name] = made
    exec(compile(source.replace(old, new), str(path), "exec"), made.__dict__)
    audited = importlib.import_module("w2s_theory.audit.constants").constants()
    found[change] = {constant.id: str(constant.expr) for constant in audited}
print(json.dumps(found))
"""
"""Loads the package anew for each change, in one process: SymPy is the same all the time."""
CHANGES = {
    "3/4": (
        "w2s_theory.ledger",
        "section4",
        "Rational(3, 4)",
        "Rational(7, 9)",
        ["limit-constant"],
    ),
    "2/3": (
        "w2s_theory.ledger",
        "sharpness",
        "Rational(2, 3)",
        "Rational(5, 9)",
        ["touching-loss"],
    ),
    "decay": (
        "w2s_theory.ledger",
        "kernels",
        '"decay_constant", (_D, _ALPHA), 2 ** (_D - 2)',
        '"decay_constant", (_D, _ALPHA), 3 ** (_D - 2)',
        ["decay-constant-3", "decay-constant-8", "decay-constant-32"],
    ),
    "beta": (
        "w2s_theory.ledger",
        "universality",
        "1 + (q.DIM - 1) / (2 * (q.DIM + 2))",
        "1 + (q.DIM - 1) / (2 * (q.DIM + 3))",
        ["beta-32", "beta-148"],
    ),
    "bounded": (
        "w2s_theory.ledger",
        "section4",
        "(1 - sqrt(1 - q.L_TE)) ** 2",
        "(1 - sqrt(1 - q.L_TE)) ** 2 * 3",
        ["bounded-ratio-at-zero", "chain-ratio-infinity"],
    ),
}


@pytest.fixture(scope="module")
def changed():
    """Name of a change -> the audited constants after it."""
    done = subprocess.run(
        [sys.executable, "-c", REPLACED],
        input=json.dumps(CHANGES),
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_at_home_is_seen_in_the_audit(name, changed):
    different = [c.id for c in constants() if str(c.expr) != changed[name][c.id]]
    assert different == CHANGES[name][-1]
