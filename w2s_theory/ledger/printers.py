"""SymPy's printers of text and LaTeX, made exact on trees that nobody evaluated.

SymPy prints 1 - 2/0.5, kept as it was typed, as `1 - 2/1/2`. Here products in products are opened,
and every part gets the brackets that the printed form of its neighbours asks for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from math import prod
from types import MappingProxyType

from sympy import (
    Abs,
    Add,
    Basic,
    Expr,
    Function,
    Integral,
    Mul,
    Pow,
    Rational,
    S,
    Symbol,
    beta,
    exp,
    hyper,
)
from sympy.core.function import Application
from sympy.core.numbers import NumberSymbol
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.str import StrPrinter

from w2s_theory.ledger.quantities import NOTATION
from w2s_theory.ledger.sums_and_products import (
    ACTING,
    Product,
    closed,
    gathered,
    opened,
    terms_of,
    tidied,
    worded,
    written,
)

_CONSTANTS = {
    S.Exp1: "e",
    S.EulerGamma: "euler_gamma",
    S.Catalan: "catalan",
    S.GoldenRatio: "golden_ratio",
}
_INSIDE = re.compile(r"\\langle.*\\rangle|\{[^{}]*\}")
_NUMBER = re.compile(r"\d|\\frac")
_CALL = re.compile(r"\{(\\left\((?:(?!\\left|\\right).)*) \\right\)\}")
_LOW = re.compile(
    r"\\left\(((?:(?!\\(?:(?:left|right|t?frac|sqrt|binom|sum|prod|int)(?![a-z])|(?:lim|min)_)).)*)\\right\)"
)
"""Brackets around what is no higher than a letter with its scripts."""


def has_exponent(latex: str) -> bool:
    """Whether an exponent behind a name would meet one of its own, or a prime."""
    before = ""
    while latex != before:
        before, latex = latex, _INSIDE.sub("", latex)
    return "^" in latex or "'" in latex


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
        product = opened(expr)
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

    def quotient(self, product: Product) -> str:
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
    roots: Mapping[Symbol, str] = MappingProxyType({})
    """Symbols that are squares, such as squared norms: the LaTeX of what is squared."""
    named: Mapping[Basic, str] = MappingProxyType({})
    """Expressions that have a name of their own."""
    seen: Counter[Basic]
    """How often each expression was printed."""

    def doprint(self, expr: Basic) -> str:
        """SymPy's, with brackets as high as what is in them."""
        printed, before = str(super().doprint(expr)), ""
        while printed != before:
            before = printed
            printed = _LOW.sub(r"(\1)", _CALL.sub(r"\1\\right)", printed))
        return printed

    def _print(self, expr: Basic, **kwargs: str) -> str:
        if (name := self.named.get(expr)) is not None:
            return f"{name}^{{{kwargs['exp']}}}" if kwargs.get("exp") else name
        self.seen[expr] += 1
        return str(super()._print(expr, **kwargs))

    def parenthesize(
        self, item: Basic, level: int, is_neg: bool = False, strict: bool = False
    ) -> str:
        """SymPy's; a name needs no brackets."""
        if item in self.named:
            return self._print(item)
        return str(super().parenthesize(item, level, is_neg, strict))

    def parenthesize_super(self, s: str) -> str:
        """SymPy's, for names with an exponent that is not in brackets of their own."""
        return str(super().parenthesize_super(s)) if has_exponent(s) else s

    def _needs_mul_brackets(self, expr: Expr, first: bool = False, last: bool = False) -> bool:
        return expr not in self.named and super()._needs_mul_brackets(expr, first, last)

    def raised(self, part: Basic) -> str:
        """An exponent, or a part of a fraction: its fractions lie in the line."""
        with self._in_line():
            return str(self._print(part))

    @contextmanager
    def _in_line(self) -> Iterator[None]:
        self._raised += 1
        try:
            yield
        finally:
            self._raised -= 1

    def fraction(self, above: str, below: str, sums: tuple[bool, bool]) -> str:
        """A fraction; in an exponent with a slash, its sums in brackets."""
        if not self._raised:
            return rf"\frac{{{above}}}{{{below}}}"
        parts = zip((above, below), sums, strict=True)
        return "/".join(rf"\left({tex}\right)" if wide else tex for tex, wide in parts)

    def _print_Add(self, expr: Add, order: str | None = None) -> str:
        terms = terms_of(expr)
        if expr.args != Add(*expr.args).args:
            return _sum(self, expr, terms)  # as somebody typed it
        return _sum(self, expr, written(gathered(terms)))

    def _needs_function_brackets(self, expr: Expr) -> bool:
        return not expr.is_Symbol  # cos theta, but log(11)

    def _print_Mul(self, expr: Mul) -> str:
        product = opened(expr)
        return "- " * product.negative + self.quotient(product)

    def _print_Pow(self, expr: Pow) -> str:
        if expr.exp.is_Rational and expr.exp.is_negative:
            return self._print_Mul(expr)
        if (root := self.roots.get(expr.base)) and (2 * expr.exp).is_Integer:
            return root if expr.exp * 2 == 1 else f"{root}^{{{2 * expr.exp}}}"
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

    def _print_gamma(self, expr: Function, exp: str | None = None) -> str:
        power = "" if exp is None else f"^{{{exp}}}"
        return rf"\Gamma\left({self.raised(expr.args[0])}\right){power}"

    def _print_Integral(self, expr: Integral) -> str:
        signs, measure = "", ""
        for variable, *ends in expr.limits:
            low, high = map(self.raised, ends)
            signs += rf"\int_{{{low}}}^{{{high}}}"
            measure = rf"\, d{self._print(variable)}{measure}"
        body = expr.function
        tex = "" if body == 1 else self.parenthesize(body, PRECEDENCE["Add"], strict=True)
        return f"{signs} {tex} {measure}"

    def _print_beta(self, expr: beta, exp: str | None = None) -> str:
        arguments = ", ".join(self._print(argument) for argument in expr.args)
        power = "" if exp is None else f"^{{{exp}}}"
        return rf"\operatorname{{B}}{power}\left({arguments}\right)"

    def quotient(self, product: Product) -> str:
        """A product without its sign; in a fraction no other has a bar."""
        product = tidied(product, self.named)
        if not product.below:
            return self._factors(product.above, False) or "1"
        if (tex := self._small(product)) and not self._raised:
            return tex
        acting = [f for f in product.above if isinstance(f, ACTING) and not self._raised]
        rest = [factor for factor in product.above if factor not in acting]
        with self._in_line():
            above, below = self._factors(rest, True) or "1", self._factors(product.below, True)
        sums = [
            len(part) == 1 and not (part[0] in self.named or closed(part[0]))
            for part in (rest, product.below)
        ]
        several = len(product.below) > 1
        tex = self.fraction(above, below, (sums[0], sums[1] or several))
        return f"{tex} {self._factors(acting, True)}" if acting else tex

    def _small(self, product: Product) -> str:
        """With a small fraction in front: 3/4 of a product, half of a call or of a bracket."""
        numbers = [factor for factor in product.above if factor.is_Integer]
        others = [factor for factor in product.above if not factor.is_Integer]
        if not others or not all(factor.is_Integer for factor in product.below):
            return ""
        first = others[0]
        ratio = Rational(prod(map(int, numbers)), prod(map(int, product.below)))
        base, power = first.as_base_exp()
        closed = isinstance(first, Application) or (
            isinstance(base, Add | Application) and power.is_Integer and power > 1
        )
        halved = ratio.p == 1 and len(others) == 1 and closed and not isinstance(first, exp)
        if isinstance(first, Add) or not (halved or ratio.p > 1):
            return ""
        if not 1 < ratio.q < 10 or ratio.p > 9:
            return ""
        tex = self._factors(others, False)
        dot = r"\cdot " if _NUMBER.match(tex) else ""
        return rf"\tfrac{{{ratio.p}}}{{{ratio.q}}} {dot}{tex}"

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
                apart = NOTATION.get(factor, "").startswith(r"\operatorname")
                apart |= all(map(worded, (factor, factors[place - 1])))
                printed += r" \cdot " if _NUMBER.match(tex) else r" \, " if apart else " "
            printed += tex
        return printed


def _sum(printer: ExactText | ExactLatex, expr: Add, terms: Sequence[Expr] | None = None) -> str:
    first, *others = terms_of(expr) if terms is None else terms
    printed = str(printer._print(first))
    for product in map(opened, others):
        printed += f" {'-' if product.negative else '+'} {printer.quotient(product)}"
    return printed
