"""Claims about the two losses: proved, refuted on the floor, and the edges between."""

import random
from dataclasses import replace

import numpy as np
import pytest
from flint import fmpq
from sympy import Rational, simplify

from w2s_theory.certify import Verdict
from w2s_theory.ledger import quantities as q
from w2s_theory.search import attainable
from w2s_theory.search.attainable import decided, region
from w2s_theory.search.conjecture import conjecture
from w2s_theory.search.example import at
from w2s_theory.search.premises import NAMES, premises
from w2s_theory.search.sampling import Cube

PROVED, REFUTED, VACUOUS = Verdict.PROVED, Verdict.REFUTED, Verdict.VACUOUS
SINGLE = [name for name in NAMES if name != "chain:N"]

CASES = [
    # claim, when, assume, answer
    ("L_ST >= 0.75*L_TE^2", "", "", PROVED),  # touches at 0 and 2/3
    ("L_ST >= 0.7501*L_TE^2", "", "", REFUTED),
    ("L_ST > 0.75*L_TE^2", "", "", REFUTED),
    ("L_ST > 0.75*L_TE^2", "L_TE > 0, L_TE < 2/3", "", PROVED),
    ("L_ST > 0.75*L_TE^2", "L_TE > 0, L_TE <= 2/3", "", REFUTED),  # only at 2/3
    ("L_ST >= 0.92*L_TE^2", "L_TE <= 1/10", "", REFUTED),  # 0.9167 at 1/10
    ("L_ST >= 0.9167*L_TE^2", "L_TE <= 1/10", "", PROVED),
    ("L_ST >= 0.75*L_TE^1.99", "", "", REFUTED),  # only below 10^-12
    ("L_ST >= 0.75*L_TE^1.99", "L_TE >= 1/10", "", REFUTED),
    ("L_ST >= 0.7*L_TE^1.99", "L_TE >= 1/10", "", PROVED),
    ("L_ST >= L_TE^2.1", "", "", REFUTED),
    ("L_ST >= L_TE^1.999999999", "", "", REFUTED),  # a root of an index that nothing is taken to
    ("L_ST >= 10^-300*L_TE", "", "", REFUTED),  # only below 10^-300
    ("L_ST > 0.75*L_TE^2", "L_TE > 0, L_TE <= 0.67", "", REFUTED),  # only at 2/3, inside
    ("L_ST <= L_TE", "", "", REFUTED),
    ("L_ST <= L_TE", "", "convex", PROVED),
    ("L_ST < L_TE", "L_TE > 0", "convex", REFUTED),
    ("L_ST >= 0.76*L_TE^2", "", "convex", REFUTED),
    ("PGR <= 1 - 3/4*L_TE", "L_TE > 0", "", PROVED),
    ("PGR <= 1 - 0.76*L_TE", "L_TE > 0", "", REFUTED),
    ("PGR <= 0.618033988749895", "L_TE >= 1/2", "", PROVED),
    ("PGR <= 0.618033988749894", "L_TE >= 1/2", "", REFUTED),
    ("L_ST >= L_TE^2/4", "", "bounded", PROVED),
    ("L_ST >= 0.2501*L_TE^2", "", "bounded", REFUTED),
    ("L_ST <= (1 + sqrt(1 - L_TE))^2", "", "bounded", PROVED),
    ("4*L_ST >= (sqrt(1 + 3*L_TE) - sqrt(1 - L_TE))^2", "", "", PROVED),
    ("4*L_ST > (sqrt(1 + 3*L_TE) - sqrt(1 - L_TE))^2", "L_TE > 0, L_TE < 1", "", REFUTED),
    ("L_ST >= 0.76*L_TE^2", "", "gradient-flow", REFUTED),
    ("L_ST > 0.75*L_TE^2", "L_TE > 0", "gradient-flow", PROVED),  # the floor is not reached
    ("L_ST > L_TE", "", "gradient-flow", REFUTED),
    ("L_ST < 1 + 5*L_TE", "", "gradient-flow", REFUTED),  # only by f_S = 0, at L_TE = 0
    ("L_ST >= L_TE/1000", "", "any-teacher", REFUTED),
    ("L_ST <= 1 + L_TE", "", "any-teacher", PROVED),
    ("L_ST <= 0.99*(1 + L_TE)", "", "any-teacher", REFUTED),
    ("L_ST >= L_TE/1000", "", "pretrained", REFUTED),
    ("L_ST >= 0", "", "pretrained", PROVED),
    ("L_ST <= 10^20", "", "pretrained", REFUTED),
    ("L_TE <= 1", "", "", PROVED),
    ("L_TE <= 0.9", "", "", REFUTED),
    ("L_ST >= 0", "L_TE > 2", "", VACUOUS),
    ("L_ST >= 0", "L_TE < 1/2, L_TE >= 1/2", "", VACUOUS),
    ("L_ST >= (exp(L_TE) - 1 - L_TE)/4", "L_TE >= 1/100", "", PROVED),
    ("L_ST >= exp(L_TE) - 1", "", "", REFUTED),
    ("L_ST >= L_TE^2/2", "L_TE >= 1/10", "chain:2", PROVED),
    ("L_ST >= L_TE^2/2", "L_TE >= 1/100", "chain:5", REFUTED),
]


@pytest.mark.parametrize(("claim", "when", "assume", "verdict"), CASES)
def test_the_answer_is_exact(claim: str, when: str, assume: str, verdict: Verdict) -> None:
    asked = conjecture(
        claim, when=[w for w in when.split(", ") if w], assume=[assume] if assume else []
    )
    found = decided(asked)
    if "sqrt(1 + 3" in claim and ">=" not in claim:
        # Equal all along, which a strict claim over balls cannot tell: it is left to the search.
        assert found is None or found.verdict is verdict
        return
    assert found is not None
    assert found.verdict is verdict
    if found.verdict is REFUTED:
        assert found.example is not None
        assert found.example.meets(asked.premises) is PROVED
        assert at(asked.claims[0], found.example.values) is REFUTED
        assert all(at(c, found.example.values) is PROVED for c in asked.conditions)
    else:
        assert bool(found.because) == (found.verdict is PROVED)


@pytest.mark.parametrize(
    ("claim", "when", "assume", "said"),
    [
        ("L_ST > 3/4*L_TE^2", "L_TE > 0, L_TE < 2/3", "", "> 0 for x = L_TE, L_TE in (0, 2/3)"),
        ("L_ST > 3/4*L_TE^2", "L_TE > 0", "gradient-flow", ">= 0 for x = L_TE, L_TE in (0, 1], 0"),
        ("L_ST <= 2 + L_TE", "", "any-teacher", "L_TE in [0, oo)"),
    ],
)
def test_a_proof_says_no_more_than_was_shown(claim: str, when: str, assume: str, said: str) -> None:
    asked = conjecture(
        claim, when=[w for w in when.split(", ") if w], assume=[assume] if assume else []
    )
    found = decided(asked)
    assert found is not None
    assert found.verdict is PROVED
    assert said in found.because[-1]


def test_the_least_value_shown_is_rounded_down(monkeypatch: pytest.MonkeyPatch) -> None:
    proved = attainable.minimise

    def known(*args: object, **named: object) -> object:
        return replace(proved(*args, **named), lower=fmpq(8796, 1000))

    monkeypatch.setattr(attainable, "minimise", known)
    found = decided(conjecture("L_ST >= cos(L_TE) - 10"))
    assert found is not None
    assert " > 8.79, L_TE in [0, 1]" in found.because[0]


@pytest.mark.parametrize("claim", ["misfit >= 0", "L_ST^2 >= L_TE^4/2", "1/(L_TE - L_ST) <= 3"])
def test_what_is_out_of_reach_is_left_to_the_search(claim: str) -> None:
    assert decided(conjecture(claim)) is None
    assert decided(conjecture("L_ST >= 0", when=["misfit >= 1"])) is None
    assert decided(conjecture("L_ST <= 4", assume=["chain:2"])) is None


@pytest.mark.parametrize("name", ["shrinkage", "bounded", "convex"])
def test_floor_and_roof_are_the_roots_they_are_said_to_be(name: str) -> None:
    here = region(premises([name]))
    assert here is not None
    assert here.middle is not None
    for end in (here.low, here.high):
        if end != q.L_TE:
            assert simplify(end**2 - here.middle * end + q.L_TE**2) == 0


@pytest.mark.parametrize("name", SINGLE)
def test_no_setting_lies_outside_the_region(name: str) -> None:
    here = region(premises([name]))
    assert here is not None
    cube = Cube(premises([name]))
    values = cube.values(np.random.default_rng(1).random((4000, cube.sides)))
    if name == "convex":
        gap = values[q.TEACHER_TARGET] - values[q.STUDENT_TARGET]
        keep = gap - values[q.STUDENT_TEACHER] + values[q.STUDENT_NORM2] <= 0
        values = {symbol: value[keep] for symbol, value in values.items()}
    from sympy import lambdify

    losses, students = values[q.L_TE], values[q.L_ST]
    low = lambdify(q.L_TE, here.low, "numpy")(losses)
    high = lambdify(q.L_TE, here.high, "numpy")(losses)
    assert np.all(students >= low - 1e-12)
    assert np.all(students <= high + 1e-12)


def test_random_bounds_agree_with_dense_evaluation() -> None:
    """PROVED and REFUTED against the floor on a fine grid, bounds c L^b with b in sixths."""
    rng = random.Random(5)
    grid = np.linspace(0.01, 1, 4001)
    floor = (1 + grid - np.sqrt((1 + 3 * grid) * (1 - grid))) / 2
    seen = set()
    for _ in range(25):
        constant, power = Rational(rng.randint(50, 100), 100), Rational(rng.randint(6, 18), 6)
        asked = conjecture(f"L_ST >= {constant}*L_TE^({power})", when=["L_TE >= 1/100"])
        found = decided(asked)
        assert found is not None
        slack = float(np.min(floor - float(constant) * grid ** float(power)))
        if abs(slack) > 1e-6:
            assert (found.verdict is PROVED) == (slack > 0)
            seen.add(found.verdict)
    assert seen == {PROVED, REFUTED}
