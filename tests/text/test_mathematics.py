"""The LaTeX that a notation may hold: what the grammar takes and what it refuses."""

import pytest

from tests.export.notations import BREAKING, taken
from w2s_theory.ledger.quantities import QUANTITIES
from w2s_theory.text.mathematics import MAX_DEPTH, check

DANGEROUS = (
    *(r"\input{x}", r"\include{x}", r"\openin5=x", r"\read5 to\x", r"\write18{x}", r"\def\x{1}"),
    *(r"\immediate\openout5=x", r"\catcode`\%=12", r"\let\x=\y", r"\csname x\endcsname"),
    *(r"\newcommand{\x}{1}", r"\lowercase{x}", r"\special{x}", r"\char`a", r"\@ifnextchar", "^^5c"),
    *(r"\verb|x|", r"\ensuremath{x}", r"\mathchoice", r"\wtsLTE", r"\InputIfFileExists{x}", r"\\"),
    *(
        r"\begin{array}",
        r"\end{document}",
        r"\par",
        r"\hbox{x}",
        r"\text{\input{x}}",
        "x\nx",
        r"\ ",
    ),
    *(
        r"\mathrm{\input{x}}",
        r"\operatorname{\def}",
        r"\left\input",
        r"\sqrt[\input]{x}",
        r"\inputx",
    ),
)
UNSOUND = (
    *(
        "$x$",
        "a%",
        "a&b",
        "a#1",
        "~",
        '"',
        "`",
        "\u00e9",
        "\u03b1",
        "\x00",
        "\\",
        "{",
        "}",
        "a}b{",
        "^2",
    ),
    *(
        "_a",
        "x^",
        "x_",
        "x^_2",
        "a^b^c",
        "a_b_c",
        "a^2'",
        "a'^2'",
        "a' ^2",
        "a'_b^2",
        r"x^\sin",
        "x^{",
    ),
    *(r"\frac{1}", r"\frac", r"\hat", r"\hat{x^2}", r"\hat{\bar{x}}", r"{\hat{x}'}^2", r"\right)"),
    *(
        r"\left(x",
        r"\left(x\right",
        r"\left x\right.",
        r"\left({x\right)}",
        r"\mathbb{b}",
        r"\text{a_b}",
    ),
    *(
        "{" * MAX_DEPTH + "}" * MAX_DEPTH,
        r"\sqrt[n]{x}",
        r"\mathfrak{\pi}",
        r"\hat0'^'",
        r"{\hat0'}^2",
    ),
)
SOUND = (
    *(
        r"\ell^{w}",
        r"\vartheta",
        "a'^2",
        "a_b'^2",
        "x''",
        r"\left(\hat x\right]^2_3",
        r"\frac12",
        "f^*",
    ),
    *(
        r"\sqrt[3]\pi",
        r"\mathcal{L}_{\mathrm{weak}}",
        r"\lVert T \rVert^{2}",
        r"\hat\beta_0^2",
        "{}",
    ),
    *(
        r"\operatorname{tr}\,K",
        r"\{x\}",
        r"\text{weak loss}",
        r"\tfrac{a}{b}",
        "]x[",
        r"\mathbb R^d",
    ),
)


@pytest.mark.parametrize("latex", [*DANGEROUS, *UNSOUND, *BREAKING])
def test_refused(latex):
    with pytest.raises(ValueError, match=r"near character|its end"):
        check(latex)


@pytest.mark.parametrize("latex", [*SOUND, *(quantity.latex for quantity in QUANTITIES)])
def test_taken(latex):
    check(latex)


def test_what_is_taken_is_a_fair_part_of_the_random_lines():
    found = taken(300, 1)
    assert len(set(found)) > 250
    assert sum("\\" in latex for latex in found) > 150
