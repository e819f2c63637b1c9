"""SymPy's printers of text and LaTeX, made exact on trees that nobody evaluated.

SymPy prints 1 - 2/0.5, kept as it was typed, as `1 - 2/1/2`. Here products in products are opened,
and every part gets the brackets that the printed form of its neighbours asks for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from sympy import Abs, Add, Basic, Expr, Function, Integer, Mul, Pow, Rational, S, beta, hyper
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
_CALL = re.compile(r"\{(\\left\((?:(?!\\left|\\right).)*) \\right\)\}")
_LOW = re.compile(
    r"\\left\(((?:(?!\\(?:(?:left|right|t?frac|sqrt|binom|sum|prod|int)(?![a-z])|(?:lim|min)_)).)*)\\right\)"
)
"""Brackets around what is no higher than a letter with its scripts."""


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
    """The same in LaTeX, sums that SymPy put in order in the order in which one writes them.

    Brackets grow only where something in them does, and exponents have no fractions with a bar.
    """

    _raised = 0

    def doprint(self, expr: Basic) -> str:
        """SymPy's, with brackets as high as what is in them."""
        printed, before = str(super().doprint(expr)), ""
        while printed != before:
            before = printed
            printed = _LOW.sub(r"(\1)", _CALL.sub(r"\1\\right)", printed))
        return printed

    def raised(self, exponent: Basic) -> str:
        """An exponent: its fractions lie in the line."""
        self._raised += 1
        try:
            return str(self._print(exponent))
        finally:
            self._raised -= 1

    def fraction(self, above: str, below: str, sums: tuple[bool, bool]) -> str:
        """A fraction; in an exponent with a slash, its sums in brackets."""
        if not self._raised:
            return rf"\frac{{{above}}}{{{below}}}"
        parts = zip((above, below), sums, strict=True)
        return "/".join(rf"\left({tex}\right)" if wide else tex for tex, wide in parts)

    def _print_Add(self, expr: Add, order: str | None = None) -> str:
        terms = _terms(expr)
        if expr.args != Add(*expr.args).args:
            return _sum(self, expr, terms)  # as somebody typed it
        if shared := _shared(terms):
            whole = _sum(self, expr, _written([term * shared for term in terms]))
            return self.fraction(whole, str(shared), (True, False))
        return _sum(self, expr, _written(terms))

    def _needs_function_brackets(self, expr: Expr) -> bool:
        return not expr.is_Symbol  # cos theta, but log(11)

    def _print_Mul(self, expr: Mul) -> str:
        product = _product(expr)
        if expr.free_symbols:  # powers of numbers stand beside the number
            for side in (product.above, product.below):
                side.sort(key=lambda f: f.as_base_exp()[0].is_Integer is not True)
        return "- " * product.negative + self.quotient(product)

    def _print_Pow(self, expr: Pow) -> str:
        if expr.exp.is_Rational and expr.exp.is_negative:
            return self._print_Mul(expr)
        if isinstance(expr.base, Function) or (expr.exp.is_Rational and expr.exp.p == 1):
            return str(super()._print_Pow(expr))
        base = self.parenthesize(expr.base, PRECEDENCE["Pow"])
        base = self.parenthesize_super(base) if expr.base.is_Symbol else base
        return f"{base}^{{{self.raised(expr.exp)}}}"

    def _print_ExpBase(self, expr: Function, exp: str | None = None) -> str:
        return str(self._do_exponent(f"e^{{{self.raised(expr.args[0])}}}", exp))

    _print_exp = _print_ExpBase

    def _print_Rational(self, expr: Rational) -> str:
        if expr.q == 1:
            return str(expr.p)
        sign = "- " * bool(expr.p < 0)
        return sign + self.fraction(str(abs(expr.p)), str(expr.q), (False, False))

    def _print_log(self, expr: Function, exp: str | None = None) -> str:
        power = "" if exp is None else f"^{{{exp}}}"
        return rf"\log{power}\left({self._print(expr.args[0])}\right)"

    def _print_hyper(self, expr: hyper, exp: str | None = None) -> str:
        above, below = (", ".join(map(self._print, args)) for args in (expr.ap, expr.bq))
        name = rf"\,{{}}_{{{len(expr.ap)}}}F_{{{len(expr.bq)}}}" + (f"^{{{exp}}}" if exp else "")
        return rf"{name}\left({above}; {below}; {self._print(expr.argument)}\right)"

    def _print_betainc_regularized(self, expr: Function, exp: str | None = None) -> str:
        first, second, low, high = expr.args
        ends = self.raised(high) if low == 0 else f"{self.raised(low)}, {self.raised(high)}"
        power = "" if exp is None else f"^{{{exp}}}"
        return rf"I{power}_{{{ends}}}\left({self._print(first)}, {self._print(second)}\right)"

    def _print_beta(self, expr: beta, exp: str | None = None) -> str:
        arguments = ", ".join(self._print(argument) for argument in expr.args)
        power = "" if exp is None else f"^{{{exp}}}"
        return rf"\operatorname{{B}}{power}\left({arguments}\right)"

    def quotient(self, product: _Product) -> str:
        """A product without its sign."""
        if product.below and len(product.above) == 1 and isinstance(product.above[0], Add):
            terms = _terms(product.above[0])
            if shared := _shared(terms):  # one fraction, not two
                above = Add(*(term * shared for term in terms))
                return self.quotient(_Product(False, [above], [shared, *product.below]))
        numbers = [factor for factor in product.above if factor.is_Integer]
        others = [factor for factor in product.above if not factor.is_Integer]
        whole = all(factor.is_Integer for factor in product.below)
        if product.below and whole and others and not isinstance(others[0], Add):
            ratio = Rational(prod(map(int, numbers)), prod(map(int, product.below)))
            if 1 < ratio.p < 10 and 1 < ratio.q < 10 and not self._raised:
                return rf"\tfrac{{{ratio.p}}}{{{ratio.q}}} {self._factors(others, False)}"
        above = self._factors(product.above, bool(product.below)) or "1"
        if not product.below:
            return above
        sums = tuple(len(p) == 1 and isinstance(p[0], Add) for p in (product.above, product.below))
        several = len(product.below) > 1
        below = self._factors(product.below, True)
        return self.fraction(above, below, (sums[0], sums[1] or several))

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


_COUNTS = ["k", "K", "M", "width", "n", "N", "m", "D", "d", "dim"]
"""Whole numbers, in the order in which they stand in a sum: degree, width, ..., dimension."""


def _shared(terms: Sequence[Expr]) -> Integer | None:
    """The whole number that all terms are divided by, and nothing else."""
    below = {tuple(product.below) for product in map(_product, terms)}
    found = below.pop() if len(below) == 1 else ()
    return found[0] if len(found) == 1 and found[0].is_Integer else None


def in_order(expr: Add) -> list[Expr]:
    """The terms of a sum in the order in which one writes them."""
    return _written(_terms(expr))


def _written(terms: Sequence[Expr]) -> list[Expr]:
    """2k + d - 2 and 1 + 3L, not -2 + d + 2k and 3L + 1; what begins with a minus stands later."""
    numbers = [term for term in terms if term.is_Rational]
    others = [term for term in terms if not term.is_Rational]
    counts = all(str(symbol) in _COUNTS for term in others for symbol in term.free_symbols)
    counts = counts and all(term.is_polynomial() for term in others)
    if counts:
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
