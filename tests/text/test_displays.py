"""Displays: what is long has a name, which stands for that and for nothing else."""

import pytest
from sympy import Ge, Integer, Le, Sum, Symbol, cos, sin, sqrt

from w2s_theory.ledger.infimum import Infimum
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.render import latex
from w2s_theory.text.displays import Plain, abbreviations, displayed, visible

LEDGER = load()
X, Y, Q = (Symbol(name, real=True) for name in "xyQ")
LONG = sqrt(1 + X**2) + cos(X) ** 3 + sin(X) ** 5 + 7 * X**4 + 13 * sqrt(2 + X**6) - 11


@pytest.fixture(scope="module")
def named():
    """The names in each claim that has some."""
    found = {key: abbreviations(*_claim(key)) for key in LEDGER}
    return {key: names for key, names in found.items() if names}


def test_names_replace_what_they_stand_for_and_are_defined(named):
    for key, names in named.items():
        lines, defined = displayed(*_claim(key), Plain())
        assert len(set(names.values())) == len(names), key
        for expr, name in names.items():
            others = {other: made for other, made in names.items() if other != expr}
            assert latex(expr, named=others) not in "".join(lines), key
            assert any(line.startswith(f"& {name} = ") for line in defined), key
            assert any(name in line for line in [*lines, *defined]), key
        used = "".join(str(symbol) for side in LEDGER[key].claim for symbol in side.free_symbols)
        assert not any(name[0] in used for name in names.values()), key


def test_the_longest_claims_have_names(named):
    assert {"thm-4.1-sharp-flow", "thm-4.1-instance", "gain-rate-power"} <= set(named)
    lines = [line for key in named for line in displayed(*_claim(key), Plain())[0]]
    assert max(map(visible, lines)) < 120


def _claim(key):
    return LEDGER[key].claim, LEDGER[key].where


def test_a_letter_that_is_taken_is_no_name():
    assert abbreviations((Ge(LONG, 0), Le(LONG, Y), Le(LONG, 2))) == {LONG: "Q"}
    assert abbreviations((Ge(LONG, 0), Le(LONG, Q), Le(LONG, 2))) == {LONG: "U"}


def test_what_is_short_or_said_once_has_no_name():
    assert abbreviations((Ge(X**2 + 1, 0), Le(X**2 + 1, Y))) == {}
    assert abbreviations((Ge(LONG, Y),)) == {}


@pytest.mark.parametrize(
    "bind",
    [
        lambda body: Infimum(body, X, Integer(0), Integer(1)),
        lambda body: Sum(body.xreplace({X: Symbol("j")}), (Symbol("j"), 0, 9)),
    ],
)
def test_what_has_a_bound_variable_has_no_name(bind):
    bodies = (sqrt(LONG), cos(LONG), sin(LONG))
    assert abbreviations([Ge(bind(body), Y) for body in bodies]) == {}
    assert abbreviations([Ge(body, Y) for body in bodies]) == {LONG: "Q"}
