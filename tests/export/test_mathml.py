"""MathML is short, and spaced as TeX spaces it."""

import pytest

from w2s_theory.export.mathml import mathml


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
