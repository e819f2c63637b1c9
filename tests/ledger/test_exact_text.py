"""What is printed is what is meant: read back, by readers of other makes, as the same value."""

import pytest
import sympy
from sympy import Add, Integer, Mul, Pow, Rational

from tests.text import fuzz
from w2s_theory.ledger import render
from w2s_theory.ledger.render import latex, text
from w2s_theory.text.parser import parse

FORMS = {
    "1-2/0.5": ("1 - 2/(1/2)", r"1 - \frac{2}{1/2}"),
    "31/((2*34))": ("31/(2*34)", r"\frac{31}{2 \cdot 34}"),
    "(sqrt(2))**2 - 1*2": ("sqrt(2)**2 - 2", r"\left(\sqrt{2}\right)^{2} - 2"),
    "2*(1/(3+4))": ("2/(3 + 4)", r"\frac{2}{3 + 4}"),
    "1*(1/3)": ("1/3", r"\frac{1}{3}"),
    "(-1)^-2": ("(-1)**(-2)", r"\frac{1}{(- 1)^{2}}"),
    "1/(1/pi)": ("1/(1/pi)", r"\frac{1}{1/\pi}"),
    "(1/e)^3": ("(1/e)**3", r"\left(\frac{1}{e}\right)^{3}"),
    "1 - (2 - 3)": ("1 - (2 - 3)", "1 - (2 - 3)"),
    "log(3)*4": ("log(3)*4", r"\log(3) \cdot 4"),
    "3/.5/.25": ("3/((1/2)*(1/4))", r"\frac{3}{1/2 \cdot 1/4}"),
    "abs(2)*euler_gamma": ("abs(2)*euler_gamma", r"\left|{2}\right| \gamma"),
    "beta(.5, 2)": ("beta(1/2, 2)", r"\operatorname{B}\left(\frac{1}{2}, 2\right)"),
}


@pytest.mark.parametrize("written", FORMS)
def test_forms(written):
    expr = parse(written)
    assert (text(expr), latex(expr)) == FORMS[written]
    assert fuzz.round_trip(written)


def test_random_input_reads_back():
    assert fuzz.run("round-trip", 500, "quick") > 300


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("text", sympy.sstr),
        ("latex", sympy.latex),
        ("text", lambda expr: text(expr).replace("(", "").replace(")", "")),
        ("latex", lambda expr: latex(expr).replace(r"\frac", "")),
    ],
    ids=["SymPy's text", "SymPy's LaTeX", "no brackets", "no fractions"],
)
def test_the_readers_refuse_a_wrong_printer(name, wrong, monkeypatch):
    monkeypatch.setattr(fuzz, name, wrong)
    with pytest.raises((AssertionError, SyntaxError, ValueError, KeyError, RecursionError)):
        fuzz.run("round-trip", 200, "quick")


def test_trees_that_no_text_makes():
    half = Rational(1, 2)
    product = Mul(-1, Mul(-half, 3, evaluate=False), evaluate=False)
    assert (text(product), latex(product)) == ("3/2", r"\frac{3}{2}")
    nested = Add(1, Add(2, Mul(-3, half, evaluate=False), evaluate=False), evaluate=False)
    assert (text(nested), latex(nested)) == ("1 + 2 - 3/2", r"1 + 2 - \frac{3}{2}")
    power = Pow(Mul(-1, half, evaluate=False), -2, evaluate=False)
    assert (text(power), latex(power)) == ("(-1/2)**(-2)", r"\frac{1}{(- 1/2)^{2}}")
    deep = Integer(1)
    for _ in range(3000):
        deep = Add(deep, 1, evaluate=False)
    assert text(deep) == " + ".join(["1"] * 3001)
    assert render.latex(deep) == text(deep)
