"""The parser of user expressions: what it means, what it refuses, and how fast it refuses."""

import json
import math
import subprocess
import sys
import time
from fractions import Fraction

import mpmath
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from tests.text import fuzz
from w2s_theory.audit.expression import audit_expression
from w2s_theory.cli import app
from w2s_theory.text import names
from w2s_theory.text.parser import parse, rational


@pytest.fixture(autouse=True, scope="module")
def _loaded():
    """What the first question loads counts for no answer's time: SymPy, and the ledger's beta."""
    audit_expression("1")
    names.clash("beta")


MEANINGS = {
    "1 + 2*3": 7,
    "-2^2": -4,
    "(-2)^2": 4,
    "2^3^2": 512,
    "2**-1": Fraction(1, 2),
    "7/2/7": Fraction(1, 2),
    "1 - 2 - 3": -4,
    "0.1 + 0.2 - 0.3": 0,
    "1e-3*1e3": 1,
    "+-+4": -4,
    ".5": Fraction(1, 2),
    "sqrt(4)^2/3": Fraction(4, 3),
    "factorial(5) + binomial(4, 2)": 126,
    "(-1)^-2": 1,
    "(-2)^(1+1)": 4,
    "1^(10^90)": 1,
    "sqrt(40000)": 200,
    "+".join(["1/2"] * 245): Fraction(245, 2),
    "*".join(["2"] * 300): 2**300,
    "1" + "-1" * 499: -498,
    "(" * 39 + "1" + ")" * 39: 1,
}


@pytest.mark.parametrize("text", MEANINGS)
def test_precedence_and_exact_numbers(text):
    found = audit_expression(text, 30)
    assert found.settled
    value = MEANINGS[text]
    assert (found.ball - fmpq(value.numerator, value.denominator)).contains(0)
    assert float(found.ball.rad()) <= 1e-29 * abs(float(value))


def oracle(text):
    table = {name: getattr(mpmath, name) for name in names.functions() if hasattr(mpmath, name)}
    table |= {
        "abs": abs,
        "mpf": mpmath.mpf,
        "pi": mpmath.pi,
        "e": mpmath.e,
        "euler_gamma": mpmath.euler,
    }
    return eval(text.replace("^", "**"), {"__builtins__": {}}, table)


@pytest.mark.parametrize(
    "text",
    [
        "exp(pi*sqrt(163)) - 262537412640768744",
        "(1 - sqrt(9)/sqrt(10))^2 * 100",
        "gamma(1.25)*beta(2.5, 3.5)/erfc(0.5)",
        "tan(1) + asin(0.3) - acos(0.2)*atan(2)",
        "loggamma(20.5) - ln(7) + cosh(1) - sinh(2)*tanh(3)",
        "2^0.5^0.5 + euler_gamma^(1/3)",
        "abs(sin(4)) + erf(cos(1))",
    ],
)
def test_functions_against_mpmath(text):
    with mpmath.workdps(80):
        # The text of a decimal means the decimal: mpmath must not see a float.
        quoted = "".join(_exact(token) for token in _split(text))
        value = mpmath.mpf(oracle(quoted))
        ball = audit_expression(text, 50).ball
        inside = abs(mpmath.mpf(ball.mid().str(75, radius=False)) - value)
        assert inside <= abs(value) * mpmath.mpf(10) ** -50


def _split(text):
    number, out = "", []
    for c in text:
        if c.isdigit() or c == ".":
            number += c
        else:
            out += [number, c]
            number = ""
    return [*out, number]


def _exact(token):
    return token if not token[:1].isdigit() else f"mpf('{token}')"


HOSTILE = {
    "import": "__import__('os').system('true')",
    "dunder": "().__class__",
    "attribute": "pi.evalf",
    "tower": "9**9**9",
    "tower of brackets": "((((9^99)^99)^99)^99)^99",
    "hidden tower": "exp(exp(exp(exp(9))))",
    "factorial": "factorial(factorial(9))",
    "gamma": "gamma(10^90)",
    "brackets": "(" * 400 + "1" + ")" * 400,
    "long brackets": "(" * 100000 + "1",
    "signs": "-" * 900 + "1",
    "powers": "2" + "^1" * 400,
    "huge integer": "9" * 200,
    "huge text": "1+" * 50000 + "1",
    "huge exponent": "1e999999999",
    "large exponent": "1e101",
    "small exponent": "1e-101",
    "long number": "1" * 101,
    "unicode digit": "\u0661 + 1",
    "lambda": "lambda: 0",
    "comparison": "1 < 2",
    "string": "'a'*9",
    "empty": "   ",
    "newline": "1\n2",
    "zero division": "1/(1-1)",
    "pole": "gamma(0)",
    "complex": "sqrt(-1)",
    "name": "oo",
    "nan": "nan",
    "nothing called": "sin()",
    "too many": "sqrt(1, 2)",
    "the ledger's beta": "beta(32)",
    "superscript": "2\u00b2",
    "surrogate": "\ud800",
    "long sum too large": "*".join(["2^9999"] * 110),
}


@pytest.mark.parametrize("text", ["1e100", "1e-100", "1e+0100", "1" * 100])
def test_numbers_of_a_hundred_digits_are_taken(text):
    assert str(rational(parse(text), 1000)) == str(Fraction(text))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_strings_are_refused_at_once(name):
    start = time.process_time()  # others may be at work on the machine
    with pytest.raises(ValueError, match="must") as caught:
        audit_expression(HOSTILE[name])
    assert time.process_time() - start < 2
    assert len(str(caught.value)) < 400
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["import", "tower", "brackets", "huge integer", "attribute"])
def test_the_command_exits_2_in_one_line(name):
    done = CliRunner().invoke(app, ["audit", f"--expr={HOSTILE[name]}"])
    assert (done.exit_code, done.stdout) == (2, "")
    assert len(done.stderr.strip().splitlines()) == 1


def test_so_does_its_process():
    done = subprocess.run(
        [sys.executable, "-m", "w2s_theory.cli", "audit", f"--expr={HOSTILE['tower']}"],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.strip().splitlines()) == 1


LEAVES = st.integers(0, 30).map(str) | st.sampled_from(["0.25", "3.5", ".125"])
TREES = st.recursive(
    LEAVES,
    lambda sub: (
        st.tuples(sub, st.sampled_from("+-*/"), sub).map(lambda t: f"({t[0]} {t[1]} {t[2]})")
        | sub.map(lambda t: f"-{t}")
    ),
    max_leaves=8,
)


@given(TREES)
def test_rational_arithmetic_is_that_of_fractions(text):
    quoted = "".join(
        token if not token[:1].isdigit() and token[:1] != "." else f"F('{token}')"
        for token in _split(text)
    )
    try:
        value = eval(quoted, {"F": Fraction})
    except ZeroDivisionError:
        with pytest.raises(ValueError, match="finite"):
            parse(text)
        return
    found = rational(parse(text), 10**6)
    assert Fraction(int(found.p), int(found.q)) == value


@given(st.text(max_size=60))
def test_any_text_is_parsed_or_refused(text):
    message = "must"
    try:
        audit_expression(text, 5)
    except ValueError as error:
        message = str(error)
    assert "must" in message


def test_roots_of_any_order():
    ball = audit_expression("(2^1e-30 - 1)*1e30", 20).ball
    assert abs(float(ball.mid()) - math.log(2)) < 1e-15


def test_random_input_has_an_answer():
    assert 100 < fuzz.run("hostile", 500, "quick") < 400


@pytest.mark.parametrize(
    "error", [RecursionError("deep"), ValueError("no"), ValueError("a must\nb must")], ids=repr
)
def test_the_fuzzer_sees_a_traceback_and_a_second_line(error, monkeypatch):
    def audit(_text):
        raise error

    monkeypatch.setattr(fuzz, "audit_expression", audit)
    with pytest.raises((AssertionError, RecursionError)):
        fuzz.answer("1")


def test_the_fuzzer_sees_a_slow_answer(monkeypatch):
    monkeypatch.setattr(fuzz, "MOST_SECONDS", 0.0)
    with pytest.raises(AssertionError):
        fuzz.answer("1")


def test_the_long_run_sees_python_run_files_opened_and_a_hang():
    code = """
from tests.text import fuzz
def spin(text):
    while True:
        pass
fuzz.MOST_SECONDS = 0.1
for judge in (len, lambda text: eval("1"), lambda text: open("setup.cfg"), spin):
    fuzz.KINDS["hostile"] = (lambda rng: "1", judge)
    print("failed", fuzz.campaign("hostile", 2, "0", warm=0)[1])
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=600
    )
    lines = done.stdout.splitlines()
    assert [line for line in lines if line.startswith("failed")] == ["failed 0", *["failed 2"] * 3]
    assert sum("hangs" in line for line in lines) == 2
    assert sum("compile" in line for line in lines) == 2


def test_the_ledgers_beta_is_named_beside_eulers():
    with pytest.raises(ValueError, match=r"Euler's Beta, the ledger's beta\(dim\) is 1 \+ \("):
        parse("beta(32)")


@pytest.mark.parametrize("digits", [0, -1, 1001, True, 2.0])
def test_digits_are_bounded(digits):
    with pytest.raises(ValueError, match="digits must be an integer in"):
        audit_expression("pi", digits)


def test_a_hidden_zero_is_undecided_and_never_a_number():
    found = audit_expression("sqrt(2)*sqrt(3) - sqrt(6)", 40)
    assert not found.settled
    assert found.ball.contains(0)
    assert math.isfinite(float(found.ball.rad()))
    done = CliRunner().invoke(app, ["audit", "--expr=sin(pi)", "--json"])
    assert done.exit_code == 3
    told = json.loads(done.stdout)
    assert told["settled"] is False
    assert told["enclosure"]["mid"] == "0"  # no digit of it is known
    assert told["enclosure"]["digits"] == 0
