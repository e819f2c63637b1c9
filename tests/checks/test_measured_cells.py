"""A measurement claims what it does at listed cells alone, and each of them is measured."""

import pytest
from sympy import And, Eq, Or

from checks.test_relu import FULL_WIDTHS, QUICK_WIDTHS
from w2s_theory.ledger.measurements import GAIN_CELLS
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.statement import Kind

MEASURED = [key for key, entry in load().items() if entry.kind is Kind.MEASUREMENT]


def listed(condition):
    """Whether a condition allows nothing but numbers that it lists."""
    if isinstance(condition, And | Or):
        return all(map(listed, condition.args))
    return isinstance(condition, Eq) and condition.rhs.is_Integer


@pytest.mark.parametrize("key", MEASURED)
def test_a_measurement_is_of_listed_cells(key):
    assumed = load()[key].assumes
    assert assumed
    assert all(listed(one.condition) for one in assumed)


def test_a_range_is_no_list():
    width = load()["thm-3.1-measured"].assumes[0].condition.args[0].args[0].lhs
    assert not listed(width >= 16)
    assert not listed(And(width >= 16, Eq(width, 32)))


def test_the_cells_of_theorem_3_1_are_those_that_are_drawn():
    """The other lists are read by their checks."""
    drawn = {(dim, *widths) for (dim, _), widths in (QUICK_WIDTHS | FULL_WIDTHS).items()}
    assert drawn == set(GAIN_CELLS)
