"""Numbers and formulas of titles and texts, printed from the SymPy objects of the claims."""

from __future__ import annotations

import re

from sympy import Add, Basic, Function, Pow, Rational, Symbol
from sympy.printing.str import StrPrinter

from w2s_theory.ledger.quantities import NOTATION
from w2s_theory.ledger.statement import Formula
from w2s_theory.ledger.sums_and_products import in_order

_PLAIN = (
    (r"\\(?:mathcal|mathrm|operatorname|overline|hat|mathbb)\b\s*", ""),
    (r"\\\|", "||"),
    (r"\\langle ?", "<"),
    (r"\\rangle", ">"),
    (r"\\tfrac\{(\w+)\}\{(\w+)\}", r"\1/\2"),
    (r"\\(?:left|right|,)", ""),
    (r"\\(?:var)?", ""),
    (r"[{}]", ""),
    (r"\^\*", "*"),
)
"""From the notation's LaTeX to plain text."""


def name(symbol: Symbol) -> str:
    """The package's notation of a symbol in plain text: lambda_0, L_TE, M."""
    plain = NOTATION.get(symbol, str(symbol))
    for pattern, replacement in _PLAIN:
        plain = re.sub(pattern, replacement, plain)
    return plain


_STAR = "\N{ASTERISK OPERATOR}"  # the star of f*, which is no product


_KINDS = {"thm": "Theorem", "lem": "Lemma", "cor": "Corollary", "def": "Definition"}


def cite(id: str) -> str:
    """A statement with a number of the paper, as texts name it: thm-4.1 is Theorem 4.1."""
    kind, number = id.split("-", 1)
    return f"{_KINDS[kind]} {number}"


class _Prose(StrPrinter):
    def _print_Symbol(self, expr: Symbol) -> str:  # noqa: N802 (SymPy's naming)
        return name(expr).replace("*", _STAR)

    def _print_Pow(self, expr: Pow, rational: bool = False) -> str:  # noqa: N802
        square = name(expr.base) if expr.base.is_Symbol else ""
        if expr.exp == Rational(1, 2) and square.endswith("^2"):
            return square.removesuffix("^2").replace("*", _STAR)
        return str(super()._print_Pow(expr, rational))

    def _print_Add(self, expr: Add, order: str | None = None) -> str:  # noqa: N802
        return str(super()._print_Add(Add(*in_order(expr), evaluate=False), "none"))

    def _print_gamma(self, expr: Function) -> str:
        return f"Gamma({self._print(expr.args[0])})"


def say(entry: Basic | Formula) -> str:
    """An expression, or a formula's, in the notation of titles and texts: 4 log(M)^2/M^(3/2)."""
    expr = entry.expr if isinstance(entry, Formula) else entry
    printed: str = _Prose({"order": "none"}).doprint(expr)
    return printed.replace("**", "^").replace("*", " ").replace(_STAR, "*")
