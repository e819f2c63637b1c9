"""Exact equality of sums of Gamma quotients, by the functional equations of the Gamma function.

Each term is a product of powers. Arguments that differ by an integer are brought together by
Gamma(z + 1) = z Gamma(z), those in the ratio two by Legendre's duplication, opposite ones by the
reflection formula; where all Gammas cancel, the rest is left to `identity`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import neg

import sympy
from sympy import Add, Expr, Integer, Mod, Mul, Pow, Rational, gamma, pi, rf, sin, sqrt

from w2s_theory.certify.exact import identity
from w2s_theory.certify.lower import reject_floats
from w2s_theory.certify.verdict import Verdict

_GAMMAS = (gamma, sympy.factorial, sympy.binomial, sympy.factorial2)


@dataclass(slots=True)
class _Quotient:
    """A product: `value` times Gamma(linear + shift)^power for each entry of `powers`."""

    rest: Expr = field(default_factory=lambda: Integer(1))
    turns: Expr = field(default_factory=lambda: Integer(0))  # times (-1)^turns
    scales: dict[Expr, Expr] = field(default_factory=dict)  # times base^exponent
    powers: dict[tuple[Expr, Rational], Rational] = field(default_factory=dict)

    def put(self, argument: Expr, power: Expr) -> None:
        """One more Gamma function."""
        shift, linear = sympy.expand(argument).as_coeff_Add(rational=True)
        if linear == 0:
            self.rest *= gamma(shift) ** power
            return
        total = self.powers.pop((linear, shift), Integer(0)) + power
        if total != 0:
            self.powers[(linear, shift)] = total

    def taken(self, linear: Expr) -> Iterator[tuple[Expr, Rational, Rational]]:
        """Take out every Gamma with this argument, up to the shift."""
        for key in [key for key in self.powers if key[0] == linear]:
            yield (*key, self.powers.pop(key))

    def scale(self, base: Expr, exponent: Expr) -> None:
        """One more power of a positive number."""
        self.scales[base] = sympy.expand(self.scales.get(base, Integer(0)) + exponent)

    @property
    def value(self) -> Expr:
        """What is no Gamma, the exponents of -1 modulo 2."""
        terms = (term.as_coeff_Mul() for term in Add.make_args(sympy.expand(self.turns)))
        scaled = Mul(*(base**exponent for base, exponent in self.scales.items()))
        return scaled * self.rest * (-1) ** Add(*(Mod(c, 2) * atom for c, atom in terms))

    @property
    def linears(self) -> list[Expr]:
        """The arguments that occur, without their shifts."""
        return list(dict.fromkeys(linear for linear, _ in self.powers))


def gamma_identity(lhs: Expr, rhs: Expr) -> bool:
    """Whether lhs = rhs by exact algebra, as analytic functions of their symbols.

    They are equal then wherever both are finite, 1/Gamma being 0 at the poles. False says that this
    is not shown. ValueError for floats.
    """
    terms = [term for term in _summands(reject_floats(lhs) - reject_floats(rhs)) if term != 0]
    while terms:
        ratios = [_free(term, terms[0]) for term in terms]
        if (
            ratios[0] is None
            or identity(Add(*filter(None, ratios)), Integer(0)) is not Verdict.PROVED
        ):
            return False
        terms = [term for term, ratio in zip(terms, ratios, strict=True) if ratio is None]
    return True


def _summands(expr: Expr) -> list[Expr]:
    """The terms of a sum, and of products with sums in which there are Gammas."""
    if isinstance(expr, Add):
        return [term for part in expr.args for term in _summands(part)]
    if not isinstance(expr, Mul):
        return [expr]
    products = [Integer(1)]
    for factor in expr.args:
        parts = _summands(factor) if factor.has(*_GAMMAS) else [factor]
        products = [known * part for known in products for part in parts]
    return products


def _free(top: Expr, bottom: Expr) -> Expr | None:
    """top/bottom without Gammas; None if some remain."""
    product = _Quotient()
    if not (_collect(top, Integer(1), product) and _collect(bottom, Integer(-1), product)):
        return None
    _double(product)
    if not _reflect(product) or not _shift(product) or product.rest.has(*_GAMMAS):
        return None
    return product.value


def _collect(expr: Expr, power: Expr, product: _Quotient) -> bool:
    """expr^power, if its roots are of positive numbers."""
    if not power.is_Integer and not expr.is_positive:
        return False
    if isinstance(expr, Mul):
        return all(_collect(factor, power, product) for factor in expr.args)
    if isinstance(expr, Pow) and isinstance(expr.base, Rational):
        if expr.base < 0:
            product.turns += expr.exp * power
        product.scale(abs(expr.base), expr.exp * power)
        return expr.base > 0 or bool(expr.exp.is_integer and power.is_Integer)
    if isinstance(expr, Pow) and isinstance(expr.exp, Rational):
        return _collect(expr.base, power * expr.exp, product)
    if isinstance(expr, sympy.factorial):
        product.put(expr.args[0] + 1, power)
    elif isinstance(expr, gamma):
        product.put(expr.args[0], power)
    elif isinstance(expr, sympy.binomial):
        n, k = expr.args
        for argument, sign in ((n, 1), (k, -1), (n - k, -1)):
            product.put(argument + 1, sign * power)
    elif isinstance(expr, sympy.factorial2) and expr.args[0].is_odd:
        half = (expr.args[0] + 1) / 2  # (2h - 1)!! = 2^h Gamma(h + 1/2)/sqrt(pi)
        product.scale(Integer(2), half * power)
        product.rest *= sqrt(pi) ** (-power)
        product.put(half + Rational(1, 2), power)
    else:
        product.rest *= expr**power
    return True


def _double(product: _Quotient) -> None:
    """Gamma(2z) = 2^(2z-1) Gamma(z) Gamma(z+1/2)/sqrt(pi), where multiples of z occur too."""
    while True:
        linears = product.linears
        doubled = [
            linear
            for linear in linears
            if any(
                sympy.expand(2 * other - linear) == 0 for other in (*linears, *map(neg, linears))
            )
        ]
        if not doubled:
            return
        for linear, shift, power in product.taken(doubled[0]):
            z = (linear + shift) / 2
            product.scale(Integer(2), (2 * z - 1) * power)
            product.rest *= sqrt(pi) ** (-power)
            product.put(z, power)
            product.put(z + Rational(1, 2), power)


def _reflect(product: _Quotient) -> bool:
    """Gamma(z) = pi/(sin(pi z) Gamma(1-z)) where -z occurs too; not at the poles of integers."""
    linears = product.linears
    for linear in linears:
        if not linear.could_extract_minus_sign() or sympy.expand(-linear) not in linears:
            continue
        for _, shift, power in product.taken(linear):
            wave = sin(sympy.expand(pi * (linear + shift)))
            if linear.is_integer:
                product.turns += linear * power
                wave = sin(pi * shift)
            if wave == 0 or not power.is_Integer:
                return False
            product.rest *= (pi / wave) ** power
            product.put(1 - linear - shift, -power)
    return True


def _shift(product: _Quotient) -> bool:
    """Gamma(z + n) = z (z+1) ... (z+n-1) Gamma(z); whether nothing remains."""
    for linear in product.linears:
        entries = sorted(product.taken(linear), key=lambda entry: entry[1])
        for base in entries:
            near = [e for e in entries if (e[1] - base[1]).is_Integer]
            if base[1] != near[0][1]:
                continue
            fixed = [e for e in near if not e[2].is_Integer]  # no roots of factors of either sign
            start = fixed[0] if fixed else base
            if len(fixed) > 1 or sum(e[2] for e in near) != 0:
                return False
            for _, shift, power in near:
                steps = int(shift - start[1])
                low = linear + (start[1] if steps >= 0 else shift)
                product.rest *= rf(low, abs(steps)) ** (power if steps >= 0 else -power)
    return True
