"""Prose with ASCII mathematics to LaTeX."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from w2s_theory.ledger.quantities import QUANTITIES
from w2s_theory.ledger.registry import load
from w2s_theory.text.inline_math import prose_latex

MACROS = {"L_TE": r"\wtsLTE", "L_ST": r"\wtsLST"}
CASES = {
    "plain words stay": "plain words stay",
    "a student is 50% & more": r"a student is 50\% \& more",
    "L_ST >= c L_TE^beta": r"${\wtsLST} \ge  c \wtsLTE^{\beta}$",
    "at L_TE = 2/3.": r"at ${\wtsLTE} = 2/3$.",
    "<f_S, f_T - f_S> >= 0": r"$\langle {f_{S}}, {f_{T}} - {f_{S}}\rangle  \ge  0$",
    "||f_T||^2 = 1 - L_TE (least squares)": r"$\|{f_{T}}\|^{2} = 1 - {\wtsLTE}$ (least squares)",
    "f_S = sqrt(1 - L_TE) f*": r"${f_{S}} = \sqrt{1 - {\wtsLTE}} {f^*}$",
    "an n-step chain": "an n-step chain",
    "Theorem 4.1's floor": "Theorem 4.1's floor",
    "Theorem 4.1 (n = 1)": "Theorem 4.1 $(n = 1)$",
    "M^(-(1+3/(d-1)))": "$M^{-(1+3/(d-1))}$",
    "M^-(1+3/(d-1))": r"$M^{-(1+3/(d-1))}$",
    "M^-((d+2)/(d-1))": r"$M^{-(d+2)/(d-1)}$",
    "c/(2 sqrt 2)": r"$c/(2 \sqrt{2})$",
    "Q = sum of squares": "$Q$ = sum of squares",
    "cos(theta') <= sin(theta')^2": r"$\cos(\theta') \le  \sin(\theta')^{2}$",
    "(g'' + g)^2": "$(g'' + g)^{2}$",
    "5 * 10^4": r"$5 \cdot 10^{4}$",
    "theta's sine": "theta's sine",
    "the sqrt of it": "the sqrt of it",
    "L_TE^beta(d)": r"$\wtsLTE^{\beta(d)}$",
    "f_{i-1} - f_i": "${f_{i-1}} - {f_{i}}$",
    "O~(M^-1/2)": r"$\tilde{O}(M^{-1/2})$",
    "on [0, 1] the floor": "on [0, 1] the floor",
    "if a f_S is": "if $a {f_{S}}$ is",
    "X ~ chi^2_(d-M)": r"$X \sim  \chi^{2}_{d-M}$",
    "(unbalanced": "(unbalanced",
    "on S^{d-1}, e_{k+1}": "on $S^{d-1}$, ${e_{k+1}}$",
    "every odd degree >= 3 for ReLU": r"every odd degree $\ge  3$ for ReLU",
    "As Figure 2(b) and (a) below": "As Figure 2(b) and (a) below",
    "R(f) = g(x)": "$R(f) = g(x)$",
    "x < y": "$x < y$",
    "x = a": "$x = a$",
    "x is a": "$x$ is a",
    "lambda_k + err_max": r"${\lambda_{k}} + {\mathrm{err}_{\max}}$",
    "|x| <= 1": r"$|x| \le  1$",
    "L_TE, theta": r"${\wtsLTE}$, $\theta$",
    "sqrt(x (y + 1)) z": r"$\sqrt{x (y + 1)} z$",
    "2 (x + y)": "2 $(x + y)$",
    "sum_k a_k^2": r"$\sum_{k} a_{k}^{2}$",
    "(0, s] and [s, t)": "$(0, s]$ and $[s, t)$",
    "k x M matrix": r"$k\times M$ matrix",
    "(x) y": "(x) $y$",
    "5 and 7": "5 and 7",
    "a_b_c { } ~ \\ #": r"${a_{b,c}} \{ \}$ \textasciitilde{} \textbackslash{} \#",
}


@pytest.mark.parametrize("text", CASES)
def test_cases(text):
    assert prose_latex(text, MACROS) == CASES[text]


def texts():
    for entry in load().values():
        yield from (entry.title, entry.text, entry.reference, *(a.text for a in entry.assumes))
    yield from (quantity.meaning for quantity in QUANTITIES)


def well_formed(latex):
    """Dollars pair up, braces balance in and out of mathematics, no bare special outside."""
    bare = re.sub(r"\\[A-Za-z]+|\\.", "", latex)
    assert bare.count("$") % 2 == 0
    for place, part in enumerate(bare.split("$")):
        depth = 0
        for c in part:
            depth += (c == "{") - (c == "}")
            assert depth >= 0
        assert depth == 0
        if place % 2 == 0:
            assert not set(part) & set("_^&#%~<>|")
    return True


def test_every_text_of_the_ledger_is_well_formed():
    assert all(well_formed(prose_latex(text, MACROS)) for text in texts())


@given(st.text(st.sampled_from("abLf_ST^*<>=|()[]{}0 12,-+/$\\&%#~'"), max_size=30))
def test_any_text_is_well_formed(text):
    assert well_formed(prose_latex(text, MACROS))
