"""The 3/4 of Theorem 4.1 is typed once, and everything that says 3/4 is made from that."""

import ast
import subprocess
import sys
import tokenize
from pathlib import Path

import pytest

import w2s_theory

ROOT = Path(w2s_theory.__file__).parent
HOME = "ledger/section4.py"
EXACT_TYPES = ("Rational", "Fraction", "fmpq", "Q")
SOURCES = sorted(ROOT.rglob("*.py"))


def relative(path):
    return path.relative_to(ROOT).as_posix()


def numbers_in(path):
    """The number tokens of a source file (comments and strings are not numbers)."""
    with tokenize.open(path) as file:
        return [
            token.string
            for token in tokenize.generate_tokens(file.readline)
            if token.type == tokenize.NUMBER
        ]


def is_three_quarters(node):
    """Rational(3, 4), Fraction(3, 4), Fraction("3/4"), Rational(75, 100), 3 / 4 and the like."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        pair = [node.left, node.right]
    elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in EXACT_TYPES:
        pair = node.args
    else:
        return False
    values = [x.value for x in pair if isinstance(x, ast.Constant)]
    if len(values) != len(pair):
        return False
    if len(values) == 1:
        return values[0] in ("3/4", "0.75")
    return all(isinstance(x, int) for x in values) and values[1] and 4 * values[0] == 3 * values[1]


def three_quarters_outside_mutants(tree):
    """Lines that type 3/4; a `Mutant(...)` is a false version, with numbers of its own."""
    if isinstance(tree, ast.Call) and getattr(tree.func, "id", "") == "Mutant":
        return []
    lines = [tree.lineno] if is_three_quarters(tree) else []
    for child in ast.iter_child_nodes(tree):
        lines += three_quarters_outside_mutants(child)
    return lines


def test_three_quarters_is_typed_once():
    found = {
        relative(path): lines
        for path in SOURCES
        if (lines := three_quarters_outside_mutants(ast.parse(path.read_text("utf-8"))))
    }
    assert list(found) == [HOME]
    assert len(found[HOME]) == 1
    line = (ROOT / HOME).read_text("utf-8").splitlines()[found[HOME][0] - 1]
    assert line == "QUADRATIC_CONSTANT = Rational(3, 4)"


def test_it_is_never_typed_as_a_float():
    spelled = {"0.75", ".75", "0.750", "7.5e-1", "75e-2"}
    homes = {
        relative(path)
        for path in SOURCES
        if "w2s_theory.ledger" in path.read_text("utf-8") and spelled & set(numbers_in(path))
    }
    # Modules that do not know the ledger may use the number for a purpose of their own.
    assert homes == set()


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("x = Rational(3, 4)", 1),
        ("x = Fraction('3/4') + 3 / 4", 2),
        ("x = f(c=Rational(75, 100))", 1),
        ("m = Mutant(claim=g(Rational(3, 4)))", 0),
        ("x = Rational(3, 5) + Rational(7501, 10000) + 4 / 3 + y / 4", 0),
        ("x = 'Rational(3, 4)'  # 3/4", 0),
    ],
    ids=str,
)
def test_the_search_finds_what_it_should(code, count):
    assert len(three_quarters_outside_mutants(ast.parse(code))) == count


REPLACED = """
import importlib.util, pathlib, sys
import w2s_theory.ledger as package

path = pathlib.Path(package.__file__).with_name("section4.py")
source = path.read_text("utf-8").replace("Rational(3, 4)", "Rational(7501, 10000)")
name = "w2s_theory.ledger.section4"
module = importlib.util.module_from_spec(importlib.util.spec_from_file_location(name, path))
sys.modules[name] = package.section4 = module
exec(compile(source, str(path), "exec"), module.__dict__)

from sympy import Rational
from w2s_theory.theorems import floors
from w2s_theory.ledger.registry import load

for entry in load().values():
    parts = [*entry.claim, *(a.condition for a in entry.assumes)]
    numbers = set().union(*(part.atoms(Rational) for part in parts))
    # In the square (1 + L - 2 c L^2)^2 the constant appears doubled.
    if {Rational(7501, 10000), Rational(7501, 5000)} & numbers:
        assert not {Rational(3, 4), Rational(3, 2)} & numbers, entry.id
        print(entry.id)
print(float(floors.quadratic_floor(1.0)), floors.floors(1).quadratic_floor.str(8))
"""


def test_replacing_it_there_replaces_it_everywhere():
    done = subprocess.run(
        [sys.executable, "-c", REPLACED], capture_output=True, text=True, check=True, timeout=600
    )
    *names, values = done.stdout.splitlines()
    assert names == ["thm-4.1", "cor-1", "thm-4.1-best", "thm-4.1-needs-teacher", "err-1"]
    assert values.split()[0] == "0.7501"
    assert values.split()[1].startswith(("0.7501", "[0.7501"))
