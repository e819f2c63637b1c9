"""SymPy's printers of text and LaTeX, made exact on trees that nobody evaluated.

SymPy prints 1 - 2/0.5, kept as it was typed, as `1 - 2/1/2`. Here products in products are opened,
and every part gets the brackets that the printed form of its neighbours asks for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import prod
from types import MappingProxyType

from sympy import (
    Abs,
    Add,
    Basic,
    Derivative,
    Expr,
    Function,
    Integer,
    Integral,
    Limit,
    Mul,
    Pow,
    Rational,
    S,
    Sum,
    Symbol,
    beta,
    exp,
    factorial,
    hyper,
    multiplicity,
)
from sympy.core.function import Application
from sympy.core.numbers import NumberSymbol
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.str import StrPrinter

from w2s_theory.ledger.quantities import NOTATION

_CONSTANTS = {
    S.Exp1: "e",
    S.EulerGamma: "euler_gamma",
    S.Catalan: "catalan",
    S.GoldenRatio: "golden_ratio",
}
_ACTING = (Derivative, Integral, Sum, Limit)
_WORDED = re.compile(r"\\(\||langle|operatorname|top\b)")
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


@dataclass(slots=True)
class _Product:
    """A product opened: its sign, what is above the line and what below, ones left out."""

    negative: bool
    above: list[Expr]
    below: list[Expr]
    typed: bool = False
    """Whether somebody typed it in its order, which SymPy would not have chosen."""


def _product(expr: Expr) -> _Product:
    """Of any expression; products in products are opened, however deep."""
    found = _Product(False, [], [], isinstance(expr, Mul) and expr.args != Mul(*expr.args).args)
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
        terms = _terms(expr)
        if expr.args != Add(*expr.args).args:
            return _sum(self, expr, terms)  # as somebody typed it
        return _sum(self, expr, _written(_gathered(terms)))

    def _needs_function_brackets(self, expr: Expr) -> bool:
        return not expr.is_Symbol  # cos theta, but log(11)

    def _print_Mul(self, expr: Mul) -> str:
        product = _product(expr)
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

    def quotient(self, product: _Product) -> str:
        """A product without its sign; in a fraction no other has a bar."""
        product = _tidied(product, self.named)
        if not product.below:
            return self._factors(product.above, False) or "1"
        if (tex := self._small(product)) and not self._raised:
            return tex
        acting = [f for f in product.above if isinstance(f, _ACTING) and not self._raised]
        rest = [factor for factor in product.above if factor not in acting]
        with self._in_line():
            above, below = self._factors(rest, True) or "1", self._factors(product.below, True)
        sums = [
            len(part) == 1 and not (part[0] in self.named or _closed(part[0]))
            for part in (rest, product.below)
        ]
        several = len(product.below) > 1
        tex = self.fraction(above, below, (sums[0], sums[1] or several))
        return f"{tex} {self._factors(acting, True)}" if acting else tex

    def _small(self, product: _Product) -> str:
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
                worded = NOTATION.get(factor, "").startswith(r"\operatorname")
                worded |= all(map(_worded, (factor, factors[place - 1])))
                printed += r" \cdot " if _NUMBER.match(tex) else r" \, " if worded else " "
            printed += tex
        return printed


_INDICES = ("k", "steps", "K", "n", "m", "ell", "d", "dim")
"""These stand in a product before other letters."""
_COUNTS = ["k", "K", "M", "width", "n", "N", "ell", "m", "alpha", "D", "d", "dim"]
"""Whole numbers, in the order in which they stand in a sum: degree, width, ..., dimension."""


def _shared(terms: Sequence[Expr]) -> Integer | None:
    """The whole number that all terms are divided by, and nothing else."""
    below = {tuple(product.below) for product in map(_product, terms)}
    found = below.pop() if len(below) == 1 else ()
    return found[0] if len(found) == 1 and found[0].is_Integer else None


def _gathered(terms: Sequence[Expr]) -> list[Expr]:
    """The terms over one whole number as one fraction: 1 + (alpha - k)/2."""
    by_number: dict[Integer | None, list[Expr]] = {}
    for term in terms:
        by_number.setdefault(_shared([term]), []).append(term)
    several = {number: some for number, some in by_number.items() if number and len(some) > 1}
    found = [term for term in terms if _shared([term]) not in several]
    for number, some in several.items():
        sign = -1 if all(_product(term).negative for term in some) else 1
        whole = Add(*(term * number * sign for term in some))
        found.append(Mul(Rational(sign, number), whole, evaluate=False))
    return found


def _tidied(product: _Product, named: Container[Basic]) -> _Product:
    """The same with one fraction instead of several, one power of 2, and no negative powers."""
    above, below = list(product.above), list(product.below)
    if below or len(above) > 1:
        for place, factor in enumerate(above):
            opened = isinstance(factor, Add) and factor not in named
            if opened and (shared := _shared(_terms(factor))):
                above[place] = Add(*(term * shared for term in _terms(factor)))
                below.insert(0, shared)
    for factor in tuple(above if below else ()):
        if isinstance(factor, Pow) and _falls(factor.exp):
            above.remove(factor)
            below.append(_power(factor.base, -factor.exp))
    for base in {f.base: 0 for f in (*above, *below) if isinstance(f, Pow) and f.base.is_Integer}:
        _gather_powers(base, above, below)
    for root in [f for f in above if isinstance(f, Pow) and f.exp == Rational(1, 2)]:
        whole = next((f for f in below if f.is_Integer), S.One)
        number = root.base if root.base.is_Integer and root.base > 1 else None
        if number and whole != 1 and whole % number == 0:  # sqrt(2)/2 is 1/sqrt(2)
            above.remove(root)
            below[below.index(whole)] = whole / root.base
            below.append(root)
    sides = (_one_root(above), _one_root([factor for factor in below if factor != 1]))
    if any(factor.free_symbols for side in sides for factor in side):
        for side in sides:
            side.sort(key=(lambda f: (_rank(f) > 0, 0)) if product.typed else _place)
    return _Product(product.negative, *sides)


def _falls(exponent: Expr) -> bool:
    terms = _terms(exponent) if isinstance(exponent, Add) else [exponent]
    return not exponent.is_number and all(_product(term).negative for term in terms)


def _gather_powers(base: Integer, above: list[Expr], below: list[Expr]) -> None:
    """One power of `base`, if there is one with symbols, with the numbers that are powers of it."""
    total, symbolic = S.Zero, False
    places = []
    for sign, side in ((1, above), (-1, below)):
        for factor in side:
            power = factor.exp if isinstance(factor, Pow) and factor.base == base else None
            if power is None and factor.is_Integer and base > 1 and factor > 1:
                power = multiplicity(base, factor)
                power = Integer(power) if base**power == factor else None
            if power is not None:
                total, symbolic = total + sign * power, symbolic or bool(power.free_symbols)
                places.append((side, factor))
    if not symbolic or len(places) < 2:
        return
    for side, factor in places:
        side.remove(factor)
    if _falls(total) and below:
        below.insert(0, Pow(base, -total))
    elif total != 0:
        above.insert(0, Pow(base, total))


def _one_root(factors: list[Expr]) -> list[Expr]:
    """Roots of numbers and factorials under one sign."""
    roots = [
        f
        for f in factors
        if isinstance(f, Pow)
        and f.exp == Rational(1, 2)
        and isinstance(f.base, Integer | NumberSymbol | factorial)
    ]
    if len(roots) < 2:
        return factors
    joined = Pow(Mul(*(f.base for f in roots)), Rational(1, 2), evaluate=False)
    return [joined if f == roots[0] else f for f in factors if f not in roots[1:]]


def _closed(factor: Expr) -> bool:
    """Whether it may stand beside a slash without brackets."""
    inverse = isinstance(factor, Pow) and factor.exp.is_negative
    quotient = factor.is_Rational and not factor.is_Integer
    return not (isinstance(factor, Add | Mul) or inverse or quotient)


def _worded(factor: Expr) -> bool:
    return bool(_WORDED.search(NOTATION.get(factor.as_base_exp()[0], "")))


def _place(factor: Expr) -> tuple[int, int]:
    """Where a factor stands; what is in words, such as a norm or a trace, is last."""
    if _worded(factor):
        return 9, 0
    return _rank(factor), factor.count_ops() if isinstance(factor, Add) else 0


def _rank(factor: Expr) -> int:
    """Numbers, letters, roots, exponentials, brackets, calls, what acts on what follows."""
    base, power = factor.as_base_exp()
    if isinstance(factor, exp) or (power == Rational(1, 2) and isinstance(base, Add)):
        return 4
    if base.is_Symbol:
        return 2 if str(base) in _INDICES else 3
    kinds = ((Rational, 0), (NumberSymbol, 1), (Add, 5), (_ACTING, 7))
    return next((rank for kind, rank in kinds if isinstance(base, kind)), 6)


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
