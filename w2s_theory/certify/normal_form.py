"""Exact test that an expression vanishes identically: a polynomial reduced by its relations.

Roots, cos and sin, exponentials and symbolic powers become generators. A root r = b^(1/q) obeys
r^q = b, a pair (c, s) obeys c^2 + s^2 = 1. If the numerator reduces to zero by pseudo-division,
the expression is zero wherever all its roots are real and no denominator vanishes. Any other
function is an unknown of its own.
"""

from dataclasses import dataclass, field
from math import lcm

import sympy
from sympy import Add, Dummy, Expr, Integer, Mul, Pow, Rational, S

_MAX_DEGREE = 200
_MAX_POWER = 1000  # of a power beyond nothing is shown: it would be multiplied out
_TRIAL_LIMIT = 10_000  # primes tried when the root of an integer is split


@dataclass(slots=True)
class _Field:
    """Generators met so far and the relations among them, innermost first."""

    roots: dict[tuple[Expr, int], Expr] = field(default_factory=dict)
    circles: dict[Expr, tuple[Expr, Expr]] = field(default_factory=dict)
    powers: dict[tuple[Expr, Expr], Expr] = field(default_factory=dict)
    others: dict[Expr, Expr] = field(default_factory=dict)
    relations: list[tuple[Expr, Expr]] = field(default_factory=list)  # (main variable, polynomial)
    units: dict[Expr, int] = field(default_factory=dict)  # common denominators of the arguments
    written: list[tuple[Expr, int]] = field(default_factory=list)  # the roots in the expression


def vanishes(expr: Expr) -> bool:
    """True if ``expr`` is identically zero by exact algebra; False says that this is not shown."""
    expr = _prepare(expr)
    exponents = (p.exp for p in expr.atoms(Pow) if isinstance(p.exp, Rational))
    if any(max(abs(e.p), e.q) > _MAX_POWER for e in exponents):
        return False
    table = _Field(units=_denominators(expr), written=_written_roots(expr))
    numerator, denominator = sympy.fraction(sympy.together(_translate(expr, table)))
    try:
        if _reduce(denominator, table) == 0:
            return False
        return bool(_reduce(numerator, table) == 0)
    except sympy.PolynomialError:
        return False


def _prepare(expr: Expr) -> Expr:
    expr = expr.replace(lambda e: isinstance(e, sympy.UnevaluatedExpr), lambda e: e.args[0])
    hyperbolic = (sympy.sinh, sympy.cosh, sympy.tanh, sympy.coth)
    if expr.has(*hyperbolic):
        expr = expr.rewrite(sympy.exp)
    return expr.replace(sympy.tan, lambda x: sympy.sin(x) / sympy.cos(x))


def _terms(expr: Expr) -> list[tuple[Rational, Expr]]:
    """An argument as a sum of rational coefficients times atoms."""
    return [term.as_coeff_Mul(rational=True) for term in Add.make_args(sympy.expand(expr))]


def _arguments(expr: Expr) -> list[Expr]:
    trig = [node.args[0] for node in expr.atoms(sympy.sin, sympy.cos)]
    exponents = [p.exp for p in expr.atoms(Pow, sympy.exp) if not isinstance(p.exp, Rational)]
    return [*trig, *exponents]


def _denominators(expr: Expr) -> dict[Expr, int]:
    units: dict[Expr, int] = {}
    for argument in _arguments(expr):
        for coefficient, atom in _terms(argument):
            units[atom] = lcm(units.get(atom, 1), int(coefficient.q))
    return units


def _plain(base: Expr) -> Expr:
    return sympy.expand(base) if base.is_polynomial() else base


def _written_roots(expr: Expr) -> list[tuple[Expr, int]]:
    powers = [p for p in expr.atoms(Pow) if isinstance(p.exp, Rational) and p.exp.q > 1]
    return sorted(
        {(_plain(p.base), int(p.exp.q)) for p in powers}, key=lambda r: (r[0].count_ops(), str(r))
    )


def _translate(expr: Expr, table: _Field) -> Expr:
    if isinstance(expr, Rational | sympy.Symbol):
        return expr
    if isinstance(expr, Add | Mul):
        return expr.func(*[_translate(arg, table) for arg in expr.args])
    if isinstance(expr, Pow | sympy.exp):
        return _power(expr.base, expr.exp, table)
    if isinstance(expr, sympy.sin | sympy.cos):
        cosine, sine = _angle(expr.args[0], table)
        return sine if isinstance(expr, sympy.sin) else cosine
    if expr not in table.others:
        table.others[expr] = Dummy("f")
    return table.others[expr]


def _power(base: Expr, exponent: Expr, table: _Field) -> Expr:
    if isinstance(exponent, Integer):
        return _translate(base, table) ** exponent
    if isinstance(exponent, Rational):
        return _root(base, int(exponent.q), table) ** exponent.p
    result = S.One
    inner = table.others.setdefault(base, Dummy("e")) if base is S.Exp1 else None
    inner = _translate(base, table) if inner is None else inner
    for coefficient, atom in _terms(exponent):
        if atom is S.One and coefficient.q == 1:
            result *= inner**coefficient
            continue
        if atom is S.One and base is not S.Exp1:  # b^(e + 1/2) = b^e root(b)
            result *= _root(base, int(coefficient.q), table) ** coefficient.p
            continue
        power = table.powers.setdefault((base, atom), Dummy("p"))
        result *= power ** (coefficient * table.units[atom])
    return result


def _root(base: Expr, q: int, table: _Field) -> Expr:
    """base^(1/q): split where that is valid, else a generator with its relation."""
    base = _plain(base)
    if (base, q) in table.roots:
        return table.roots[(base, q)]
    if isinstance(base, Integer) and base > 0 and not sympy.isprime(base):
        primes = sympy.factorint(int(base), limit=_TRIAL_LIMIT)
        if len(primes) > 1 or max(primes.values(), default=0) > 1:
            return Mul(*[_root(Integer(p), q, table) ** n for p, n in primes.items()])
    before = True  # a constant ratio is split off in one direction only
    for other, index in table.written:
        if other == base:
            before = False
        elif index == q:
            # where the root of ``other`` is real too, root(other * rest) = root(other) root(rest)
            rest = _quotient(base, other)
            if rest is not None and (rest.free_symbols or (before and rest > 0)):
                return _root(other, q, table) * _root(rest, q, table)
    inner = _translate(base, table)
    root = table.roots[(base, q)] = Dummy("r")
    top, bottom = sympy.fraction(sympy.together(inner))
    table.relations.append((root, bottom * root**q - top))
    return root


def _quotient(base: Expr, other: Expr) -> Expr:
    """base / other if ``other`` divides ``base`` as a polynomial, else None."""
    if not (base.is_polynomial() and other.is_polynomial() and other.free_symbols):
        return None
    if not other.free_symbols <= base.free_symbols:
        return None
    quotient, remainder = sympy.div(base, other, *sorted(base.free_symbols, key=str), domain="QQ")
    return quotient if remainder == 0 else None


def _angle(argument: Expr, table: _Field) -> tuple[Expr, Expr]:
    """(cos, sin) of a sum of multiples, by the addition theorem."""
    cosine, sine = S.One, S.Zero
    for coefficient, atom in _terms(argument):
        if atom not in table.circles:
            c, s = Dummy("c"), Dummy("s")
            table.circles[atom] = (c, s)
            table.relations.append((s, s**2 + c**2 - 1))
        c, s = _multiple(int(coefficient * table.units[atom]), *table.circles[atom])
        cosine, sine = cosine * c - sine * s, sine * c + cosine * s
    return cosine, sine


def _multiple(n: int, c: Expr, s: Expr) -> tuple[Expr, Expr]:
    """cos and sin of n times the angle with cosine c and sine s: T_n(c) and s U_(n-1)(c)."""
    order = abs(n)
    if order == 0:
        return S.One, S.Zero
    sine = s * sympy.chebyshevu(order - 1, c)
    return sympy.chebyshevt(order, c), sine if n > 0 else -sine


def _reduce(expr: Expr, table: _Field) -> Expr:
    """Pseudo-remainder by every relation, outermost generator first; zero proves vanishing."""
    for variable, relation in reversed(table.relations):
        expr = sympy.expand(expr)
        if not expr.has(variable):
            continue
        if sympy.degree(expr, variable) > _MAX_DEGREE:
            raise sympy.PolynomialError("degree too high")
        expr = sympy.prem(expr, relation, variable)
    return sympy.expand(expr)
