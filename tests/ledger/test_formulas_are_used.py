"""A formula of the ledger is part of a clause, or used by what checks, proves or computes."""

import re
from pathlib import Path

import pytest

from w2s_theory.ledger.parts import parts
from w2s_theory.ledger.statement import Formula

ROOT = Path(__file__).parents[2]
SOURCES = {
    path: path.read_text("utf-8")
    for folder in ("w2s_theory", "proofs", "checks")
    for path in sorted((ROOT / folder).rglob("*.py"))
}
FORMULAS = {
    f"{Path(str(module.__file__)).name}: {name}": name
    for module in parts("w2s_theory.ledger", "STATEMENTS")
    for name, value in vars(module).items()
    if isinstance(value, Formula)
}


def uses(name, sources):
    """How often a name stands anywhere but where it is bound or imported."""
    word = re.compile(rf"\b{name}\b(?! = )(?!,?\n)")
    return sum(len(word.findall(text)) for text in sources.values())


@pytest.mark.parametrize("place", FORMULAS)
def test_a_formula_is_used(place):
    assert uses(FORMULAS[place], SOURCES) > 0


def test_a_formula_that_nothing_uses_is_found():
    text = {"made.py": 'UNUSED = Formula("unused", (), x)\nfrom made import (\n    UNUSED,\n)\n'}
    assert uses("UNUSED", text) == 0
    assert uses("UNUSED", {"made.py": text["made.py"] + "claim = Eq(x, UNUSED.expr)\n"}) == 1
