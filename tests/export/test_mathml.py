"""MathML is short, and spaced as TeX spaces it."""

import pytest

from w2s_theory.export.mathml import assumption, mathml
from w2s_theory.ledger.registry import load


@pytest.mark.parametrize(
    ("latex", "inside"),
    [
        (r"{{x}}", "<mi>x</mi>"),
        (r"\mathcal{L}_{\mathrm{ST}}", "<msub><mi>ℒ</mi><mi>ST</mi></msub>"),
        (r"\sqrt{1 + x}", "<msqrt><mn>1</mn><mo>+</mo><mi>x</mi></msqrt>"),
        (
            r"\log(x)",
            '<mi>log</mi><mo stretchy="false">(</mo><mi>x</mi><mo stretchy="false">)</mo>',
        ),
        (r"a < b", "<mi>a</mi><mo>&lt;</mo><mi>b</mi>"),
    ],
)
def test_what_is_made(latex: str, inside: str) -> None:
    assert mathml(latex) == f"<math>{inside}</math>"


@pytest.mark.parametrize(
    ("latex", "spaces"),
    [
        (r"2 \cos^n x \cos y", 4),
        (r"1 + \cos x", 1),
        (r"\cos(x) \sin(y)", 1),
        (r"\arcsin\left(x\right)", 0),
        (r"\frac{2 \log x}{d}", 2),
    ],
)
def test_names_of_functions_stand_apart(latex: str, spaces: int) -> None:
    assert mathml(latex).count('<mspace width="0.167em">') == spaces


@pytest.mark.parametrize(
    ("latex", "inside"),
    [
        ("a/b", '<mo lspace="0" rspace="0">/</mo>'),
        ("f(-x)", '<mo form="prefix">\u2212</mo>'),
        ("x = -1", '<mo form="prefix">\u2212</mo>'),
        ("(a) - b", "</mo><mo>\u2212</mo>"),
        (r"\left(a\right) - b", "</mrow><mo>\u2212</mo>"),
        ("|x| \\ge 0", '<mo stretchy="false" form="postfix">|</mo><mo>\u2265</mo>'),
        (r"\Gamma(x)", '<mi mathvariant="normal">\u0393</mi>'),
        (r"\gamma(x)", "<mi>\u03b3</mi>"),
        (r"x \to \infty", "<mi>\u221e</mi>"),
    ],
)
def test_operators_stand_as_tex_sets_them(latex: str, inside: str) -> None:
    assert inside in mathml(latex)


def test_a_limit_stands_under_its_name_in_a_display_only() -> None:
    assert "<munder><mi>lim</mi>" in mathml(r"\lim_{x\to 0} x", display=True)
    assert "<msub><mi>lim</mi>" in mathml(r"\lim_{x\to 0} x")


def test_a_condition_that_its_text_says_is_set_once() -> None:
    conditions = {made.text: assumption(made) for made in load()["gain-rate-power"].assumes}
    assert conditions["d >= 2"].count("<math") == 1
    assert conditions["kernel eigenvalues are nonnegative"].count("<math") == 1
    assert conditions["||f*|| = 1"].count("<math") == 2
