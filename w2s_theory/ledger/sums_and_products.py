"""Sums and products as one writes them: opened, gathered, put in order."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass

from sympy import (
    Add,
    Basic,
    Derivative,
    Expr,
    Integer,
    Integral,
    Limit,
    Mul,
    Pow,
    Rational,
    S,
    Sum,
    exp,
    factorial,
    multiplicity,
)
from sympy.core.numbers import NumberSymbol

from w2s_theory.ledger.quantities import NOTATION

ACTING = (Derivative, Integral, Sum, Limit)
_WORDED = re.compile(r"\\(\||langle|operatorname|top\b)")


@dataclass(slots=True)
class Product:
    """A product opened: its sign, what is above the line and what below, ones left out."""

    negative: bool
    above: list[Expr]
    below: list[Expr]
    typed: bool = False
    """Whether somebody typed it in its order, which SymPy would not have chosen."""


def opened(expr: Expr) -> Product:
    """Of any expression; products in products are opened, however deep."""
    found = Product(False, [], [], isinstance(expr, Mul) and expr.args != Mul(*expr.args).args)
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
            found.below.append(raised_to(factor.base, -factor.exp))
        else:
            found.above.append(factor)
    return found


def raised_to(base: Expr, exponent: Expr) -> Expr:
    """A power, the base itself where the exponent is 1."""
    return base if exponent == 1 else Pow(base, exponent, evaluate=False)


def terms_of(expr: Add) -> list[Expr]:
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


_INDICES = ("k", "steps", "K", "n", "m", "ell", "d", "dim")
"""These stand in a product before other letters."""
_COUNTS = ["k", "K", "M", "width", "n", "N", "ell", "m", "alpha", "D", "d", "dim"]
"""Whole numbers, in the order in which they stand in a sum: degree, width, ..., dimension."""


def shared(terms: Sequence[Expr]) -> Integer | None:
    """The whole number that all terms are divided by, and nothing else."""
    below = {tuple(product.below) for product in map(opened, terms)}
    found = below.pop() if len(below) == 1 else ()
    return found[0] if len(found) == 1 and found[0].is_Integer else None


def gathered(terms: Sequence[Expr]) -> list[Expr]:
    """The terms over one whole number as one fraction: 1 + (alpha - k)/2."""
    by_number: dict[Integer | None, list[Expr]] = {}
    for term in terms:
        by_number.setdefault(shared([term]), []).append(term)
    several = {number: some for number, some in by_number.items() if number and len(some) > 1}
    found = [term for term in terms if shared([term]) not in several]
    for number, some in several.items():
        sign = -1 if all(opened(term).negative for term in some) else 1
        whole = Add(*(term * number * sign for term in some))
        found.append(Mul(Rational(sign, number), whole, evaluate=False))
    return found


def tidied(product: Product, named: Container[Basic]) -> Product:
    """The same with one fraction instead of several, one power of 2, and no negative powers."""
    above, below = list(product.above), list(product.below)
    if below or len(above) > 1:
        for place, factor in enumerate(above):
            loose = isinstance(factor, Add) and factor not in named
            if loose and (number := shared(terms_of(factor))):
                above[place] = Add(*(term * number for term in terms_of(factor)))
                below.insert(0, number)
    for factor in tuple(above if below else ()):
        if isinstance(factor, Pow) and falls(factor.exp):
            above.remove(factor)
            below.append(raised_to(factor.base, -factor.exp))
    for base in {f.base: 0 for f in (*above, *below) if isinstance(f, Pow) and f.base.is_Integer}:
        gather_powers(base, above, below)
    for root in [f for f in above if isinstance(f, Pow) and f.exp == Rational(1, 2)]:
        whole = next((f for f in below if f.is_Integer), S.One)
        number = root.base if root.base.is_Integer and root.base > 1 else None
        if number and whole != 1 and whole % number == 0:  # sqrt(2)/2 is 1/sqrt(2)
            above.remove(root)
            below[below.index(whole)] = whole / root.base
            below.append(root)
    sides = (one_root(above), one_root([factor for factor in below if factor != 1]))
    if any(factor.free_symbols for side in sides for factor in side):
        for side in sides:
            side.sort(key=(lambda f: (rank_of(f) > 0, 0)) if product.typed else place_of)
    return Product(product.negative, *sides)


def falls(exponent: Expr) -> bool:
    """Whether an exponent with symbols has negative terms alone."""
    terms = terms_of(exponent) if isinstance(exponent, Add) else [exponent]
    return not exponent.is_number and all(opened(term).negative for term in terms)


def gather_powers(base: Integer, above: list[Expr], below: list[Expr]) -> None:
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
    if falls(total) and below:
        below.insert(0, Pow(base, -total))
    elif total != 0:
        above.insert(0, Pow(base, total))


def one_root(factors: list[Expr]) -> list[Expr]:
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


def closed(factor: Expr) -> bool:
    """Whether it may stand beside a slash without brackets."""
    inverse = isinstance(factor, Pow) and factor.exp.is_negative
    quotient = factor.is_Rational and not factor.is_Integer
    return not (isinstance(factor, Add | Mul) or inverse or quotient)


def worded(factor: Expr) -> bool:
    """Whether it is a norm, an inner product, a trace or a quadratic form."""
    return bool(_WORDED.search(NOTATION.get(factor.as_base_exp()[0], "")))


def place_of(factor: Expr) -> tuple[int, int]:
    """Where a factor stands; what is in words, such as a norm or a trace, is last."""
    if worded(factor):
        return 9, 0
    return rank_of(factor), factor.count_ops() if isinstance(factor, Add) else 0


def rank_of(factor: Expr) -> int:
    """Numbers, letters, roots, exponentials, brackets, calls, what acts on what follows."""
    base, power = factor.as_base_exp()
    if isinstance(factor, exp) or (power == Rational(1, 2) and isinstance(base, Add)):
        return 4
    if base.is_Symbol:
        return 2 if str(base) in _INDICES else 3
    kinds = ((Rational, 0), (NumberSymbol, 1), (Add, 5), (ACTING, 7))
    return next((rank for kind, rank in kinds if isinstance(base, kind)), 6)


def in_order(expr: Add) -> list[Expr]:
    """The terms of a sum in the order in which one writes them."""
    return written(terms_of(expr))


def written(terms: Sequence[Expr]) -> list[Expr]:
    """2k + d - 2 and 1 + 3L, not -2 + d + 2k and 3L + 1; what begins with a minus stands later."""
    numbers = [term for term in terms if term.is_Rational]
    others = [term for term in terms if not term.is_Rational]
    counts = all(str(symbol) in _COUNTS for term in others for symbol in term.free_symbols)
    counts = counts and all(term.is_polynomial() for term in others)
    if counts:
        others.sort(key=count_key)
    positive = [term for term in others if not opened(term).negative]
    ahead = not counts or not positive
    if len(numbers) == 1 and numbers[0] > 0 and ahead:
        return [*numbers, *others]
    if positive and others[0] not in positive:
        others.remove(positive[0])
        others.insert(0, positive[0])
    return [*others, *numbers]


def count_key(term: Expr) -> tuple[int, int]:
    """Where a term stands in a sum of whole numbers."""
    symbols = [str(symbol) for symbol in term.free_symbols]
    degree = -sum(int(p.as_base_exp()[1]) for p in Mul.make_args(term) if p.free_symbols)
    return degree, min((_COUNTS.index(name) for name in symbols), default=0)
