"""SymPy's printers of text and LaTeX, made exact on trees that nobody evaluated.

SymPy prints 1 - 2/0.5, kept as it was typed, as `1 - 2/1/2`. Here products in products are opened,
and every part gets the brackets that the printed form of its neighbours asks for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from sympy import Abs, Add, Basic, Expr, Function, Integer, Mul, Pow, Rational, S, beta
from sympy.core.numbers import NumberSymbol
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.str import StrPrinter

_CONSTANTS = {
    S.Exp1: "e",
    S.EulerGamma: "euler_gamma",
    S.Catalan: "catalan",
    S.GoldenRatio: "golden_ratio",
}
_NUMBER = re.compile(r"\d|\\frac")


@dataclass(slots=True)
class _Product:
    """A product opened: its sign, what is above the line and what below, ones left out."""

    negative: bool
    above: list[Expr]
    below: list[Expr]


def _product(expr: Expr) -> _Product:
    """Of any expression; products in products are opened, however deep."""
    found = _Product(False, [], [])
    waiting = [expr]
    while waiting:
        factor = waiting.pop()
        if isinstance(factor, Mul):
            waiting += reversed(factor.args)
        elif isinstance(factor, Rational):
            found.negative ^= bool(factor.p < 0)
            found.above += [Integer(abs(factor.p))] * (abs(factor.p) != 1)
            found.below += [Integer(factor.q)] * (factor.q != 1)
        elif isinstance(factor, Pow) and factor.exp.is_Rational and factor.exp.is_negative:
            found.below.append(_power(factor.base, -factor.exp))
        else:
            found.above.append(factor)
    return found


def _power(base: Expr, exponent: Expr) -> Expr:
    return base if exponent == 1 else Pow(base, exponent, evaluate=False)


def _terms(expr: Add) -> list[Expr]:
    """The terms of a sum; sums in sums are opened, however deep."""
    found: list[Expr] = []
    waiting: list[Expr] = [expr]
    while waiting:
        term = waiting.pop()
        if isinstance(term, Add):
            waiting += reversed(term.args)
        else:
            found.append(term)
    return found


class ExactText(StrPrinter):
    """SymPy's, with sums, products and powers that mean what the tree means, evaluated or not."""

    def parenthesize(self, item: Basic, level: int, strict: bool = False) -> str:
        """SymPy's, for powers as they are printed: sqrt(x) is a call, 1/x a quotient."""
        if isinstance(item, Pow) and item.exp == Rational(1, 2):
            return self._print_Pow(item)
        if isinstance(item, Pow) and item.exp in (-1, -Rational(1, 2)):
            item = Mul(item, 1, evaluate=False)
        return str(super().parenthesize(item, level, strict))

    def _print_Abs(self, expr: Abs) -> str:
        return f"abs({self._print(expr.args[0])})"

    def _print_NumberSymbol(self, expr: NumberSymbol) -> str:
        return _CONSTANTS[expr]

    _print_Exp1 = _print_EulerGamma = _print_Catalan = _print_GoldenRatio = _print_NumberSymbol

    def _print_Add(self, expr: Add, order: str | None = None) -> str:
        return _sum(self, expr)

    def _print_Mul(self, expr: Mul) -> str:
        product = _product(expr)
        return "-" * product.negative + self.quotient(product)

    def _print_Rational(self, expr: Rational) -> str:
        return f"{expr.p}/{expr.q}"

    def _print_Pow(self, expr: Pow, rational: bool = False) -> str:
        if expr.exp == Rational(1, 2):
            return f"sqrt({self._print(expr.base)})"
        if expr.exp in (-1, -Rational(1, 2)):
            return self._print_Mul(expr)
        level = PRECEDENCE["Pow"]
        return f"{self.parenthesize(expr.base, level)}**{self.parenthesize(expr.exp, level)}"

    def quotient(self, product: _Product) -> str:
        """A product without its sign."""
        above = self._factors(product.above) if product.above else "1"
        below = self._factors(product.below)
        return f"{above}/({below})" if len(product.below) > 1 else f"{above}/{below}".rstrip("/")

    def _factors(self, factors: Sequence[Expr]) -> str:
        return "*".join(self.parenthesize(factor, PRECEDENCE["Mul"]) for factor in factors)


class ExactLatex(LatexPrinter):
    """The same in LaTeX, sums that SymPy put in order in the order in which one writes them."""

    def _print_Add(self, expr: Add, order: str | None = None) -> str:
        terms = _terms(expr)
        if expr.args != Add(*expr.args).args:
            return _sum(self, expr, terms)  # as somebody typed it
        below = {tuple(product.below) for product in map(_product, terms)}
        shared = below.pop() if len(below) == 1 else ()
        if len(shared) == 1 and shared[0].is_Integer:
            above = [term * shared[0] for term in terms]
            return rf"\frac{{{_sum(self, expr, _written(above))}}}{{{shared[0]}}}"
        return _sum(self, expr, _written(terms))

    def _needs_function_brackets(self, expr: Expr) -> bool:
        return not expr.is_Symbol  # cos theta, but log(11)

    def _print_Mul(self, expr: Mul) -> str:
        product = _product(expr)
        return "- " * product.negative + self.quotient(product)

    def _print_Pow(self, expr: Pow) -> str:
        if expr.exp.is_Rational and expr.exp.is_negative:
            return self._print_Mul(expr)
        if isinstance(expr.base, Function) or (expr.exp.is_Rational and expr.exp.p == 1):
            return str(super()._print_Pow(expr))
        return str(self._helper_print_standard_power(expr, "%s^{%s}"))

    def _print_beta(self, expr: beta, exp: str | None = None) -> str:
        arguments = ", ".join(self._print(argument) for argument in expr.args)
        power = "" if exp is None else f"^{{{exp}}}"
        return rf"\operatorname{{B}}{power}\left({arguments}\right)"

    def quotient(self, product: _Product) -> str:
        """A product without its sign."""
        numbers = [factor for factor in product.above if factor.is_Integer]
        others = [factor for factor in product.above if not factor.is_Integer]
        whole = all(factor.is_Integer for factor in product.below)
        if product.below and whole and others and not isinstance(others[0], Add):
            ratio = Rational(prod(map(int, numbers)), prod(map(int, product.below)))
            if 1 < ratio.p < 10 and 1 < ratio.q < 10:
                return rf"\tfrac{{{ratio.p}}}{{{ratio.q}}} {self._factors(others, False)}"
        above = self._factors(product.above, bool(product.below)) or "1"
        if not product.below:
            return above
        return rf"\frac{{{above}}}{{{self._factors(product.below, True)}}}"

    def _factors(self, factors: Sequence[Expr], braced: bool) -> str:
        """Brackets where a factor needs them, a dot before a number or fraction."""
        if braced and len(factors) == 1:
            return str(self._print(factors[0]))
        printed = ""
        for place, factor in enumerate(factors):
            tex = self._print(factor)
            last = place == len(factors) - 1
            if self._needs_mul_brackets(factor, first=place == 0, last=last) or (
                place and tex.startswith("-")
            ):
                tex = rf"\left({tex}\right)"
            if place:
                printed += r" \cdot " if _NUMBER.match(tex) else " "
            printed += tex
        return printed


_COUNTS = ["k", "M", "n", "N", "m", "D", "d"]
"""Whole numbers, in the order in which they stand in a sum: degree, width, ..., dimension."""


def _written(terms: Sequence[Expr]) -> list[Expr]:
    """2k + d - 2 and 1 + 3L, not -2 + d + 2k and 3L + 1; what begins with a minus stands later."""
    numbers = [term for term in terms if term.is_Rational]
    others = [term for term in terms if not term.is_Rational]
    counts = all(str(symbol) in _COUNTS for term in others for symbol in term.free_symbols)
    if counts and all(term.is_polynomial() for term in others):
        others.sort(key=_count_key)
    positive = [term for term in others if not _product(term).negative]
    ahead = not counts or not positive
    if len(numbers) == 1 and numbers[0] > 0 and ahead:
        return [*numbers, *others]
    if positive and others[0] not in positive:
        others.remove(positive[0])
        others.insert(0, positive[0])
    return [*others, *numbers]


def _count_key(term: Expr) -> tuple[int, int]:
    symbols = [str(symbol) for symbol in term.free_symbols]
    degree = -sum(int(p.as_base_exp()[1]) for p in Mul.make_args(term) if p.free_symbols)
    return degree, min((_COUNTS.index(name) for name in symbols), default=0)


def _sum(printer: ExactText | ExactLatex, expr: Add, terms: Sequence[Expr] | None = None) -> str:
    first, *others = _terms(expr) if terms is None else terms
    printed = str(printer._print(first))
    for product in map(_product, others):
        printed += f" {'-' if product.negative else '+'} {printer.quotient(product)}"
    return printed
