"""The audit as LaTeX: every number that is set is the number of the enclosure."""

import re
from fractions import Fraction
from functools import cache

import pytest

from w2s_theory.audit.constants import constants
from w2s_theory.audit.evaluate import audit
from w2s_theory.audit.layout import latex
from w2s_theory.ledger.numbering import labels
from w2s_theory.regression.stored import ours

LABELS = labels(ours())
NUMBER = re.compile(r"(-?\d+(?:\.\d*)?)(?:\\cdot 10\^\{(-?\d+)\})?")


@cache
def rows():
    return {row["id"]: row for row in audit()["constants"]}


def _number(text: str) -> Fraction:
    found = NUMBER.fullmatch(text.strip())
    assert found, text
    return Fraction(found[1]) * Fraction(10) ** int(found[2] or 0)


@pytest.mark.parametrize("key", [constant.id for constant in constants()])
def test_the_interval_set_is_that_of_the_row(key):
    row = rows()[key]
    cell = latex([row], LABELS)[-2].split(" & ")[2].strip("$")
    mid, rad = (Fraction(row["enclosure"][key]) for key in ("mid", "rad"))
    if cell.endswith("exactly}"):
        assert (rad, _number(cell.partition(r"\text")[0])) == (0, mid)
        return
    inner = cell.removeprefix(r"\begin{array}[t]{@{}l@{}}").removesuffix(r"\end{array}")
    value, _, error = (
        inner.replace(r"\\", "").replace("{}", "").replace(r"\ ", "").partition(r"\pm ")
    )
    assert (_number(value), _number(error)) == (mid, rad)
    assert abs(Fraction(NUMBER.match(value)[1])) >= Fraction(1, 100)  # no row of leading zeros
