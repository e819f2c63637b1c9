"""The generator against expressions typed here, and the generated file against Coq."""

# ruff: noqa: D103

from __future__ import annotations

import subprocess
from fractions import Fraction
from pathlib import Path

import pytest
from correspondence import (
    Definition,
    bounds,
    generate,
    ledger_definitions,
    relu_coefficients,
)
from sympy import Expr, Rational, Symbol, cos, sqrt, symbols

HERE = Path(__file__).resolve().parent
L = Symbol("L", real=True)
SHRINKAGE = (1 + L - sqrt((1 + 3 * L) * (1 - L))) / 2
GRID = tuple((Fraction(k, 6),) for k in range(7))


def shrinkage(expr: Expr) -> Definition:
    return Definition(coq="shrinkage_floor", expr=expr, symbols=(L,), points=GRID)


def compiles(source: str, folder: Path) -> bool:
    file = folder / "Generated.v"
    file.write_text(source, encoding="utf-8")
    command = ["coqc", "-Q", str(HERE), "W2S", str(file)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_bounds_hold_the_value_and_are_narrow() -> None:
    lo, hi = bounds(sqrt(L), {L: Fraction(2)}, digits=20)
    # floor(sqrt(2) * 10^20) by integer square root.
    assert lo < 141421356237309504880 < hi
    assert hi - lo == 3


def test_bounds_of_an_exact_value_stay_open() -> None:
    lo, hi = bounds(3 * L**2 / 4, {L: Fraction(2, 5)}, digits=4)
    assert lo < 1200 < hi <= lo + 4


def test_an_expression_that_is_not_a_number_is_refused() -> None:
    with pytest.raises(ValueError, match="must be enclosed"):
        bounds(1 / L, {L: Fraction(0)})


def test_a_natural_argument_must_be_one() -> None:
    n, theta, phi = symbols("n theta phi", real=True)
    chain = Definition(
        coq="chain_objective",
        expr=1 - cos(theta - n * phi),
        symbols=(n, theta, phi),
        points=((Fraction(1, 2), Fraction(1), Fraction(0)),),
        naturals=(n,),
    )
    with pytest.raises(ValueError, match="natural number, got 1/2"):
        generate([chain], {})


def test_the_ledger_names_every_definition_once() -> None:
    names = [definition.coq for definition in ledger_definitions()]
    assert names == [
        "shrinkage_floor",
        "quadratic_floor",
        "bounded_floor",
        "chain_objective",
        "master_bound",
    ]
    floors = (HERE / "Floors.v").read_text(encoding="utf-8")
    assert all(f"Definition {name} " in floors for name in names)


@pytest.mark.parametrize(
    ("expr", "proved"),
    [
        (SHRINKAGE, True),
        (SHRINKAGE + Rational(1, 10**13), False),
        ((1 + L - sqrt((1 + 2 * L) * (1 - L))) / 2, False),
    ],
    ids=["the floor", "shifted by 1e-13", "a wrong factor"],
)
def test_coq_proves_the_comparison_exactly_if_it_holds(
    expr: Expr, proved: bool, tmp_path: Path
) -> None:
    assert compiles(generate([shrinkage(expr)], {}), tmp_path) is proved


def test_the_ledger_gives_ten_rational_coefficients_and_coq_refuses_a_wrong_one(
    tmp_path: Path,
) -> None:
    found = relu_coefficients()
    assert [found[5, k] for k in range(5)] == [
        Fraction(3, 16),
        Fraction(1, 10),
        Fraction(1, 32),
        Fraction(0),
        Fraction(-1, 256),
    ]
    assert len(found) == 10
    assert compiles(generate([], found), tmp_path)
    wrong = found | {(3, 4): Fraction(-1, 95)}
    assert not compiles(generate([], wrong), tmp_path)
