"""A safe parser of user expressions: arithmetic and named functions, bounded in size.

    sum     := product (('+' | '-') product)*
    product := sign (('*' | '/') sign)*
    sign    := ('+' | '-') sign | power
    power   := atom (('**' | '^') sign)?
    atom    := number | name | name '(' sum (',' sum)* ')' | '(' sum ')'

Nothing is evaluated by Python or SymPy: the result is a tree of unevaluated SymPy nodes, and a
ball beside each node refuses numbers too large to work with before they are built.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from w2s_theory.text import names

if TYPE_CHECKING:
    from flint import arb
    from sympy import Expr, Symbol

MAX_LENGTH = 1000
MAX_DEPTH = 40
MAX_DIGITS = 100
MAX_BITS = 20_000
"""Every subexpression lies in 2^-MAX_BITS..2^MAX_BITS in size, or is 0."""

_BITS = 128
_SAMPLE = Fraction(7, 19)
_TOKEN = re.compile(
    r"\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)|([A-Za-z_]\w*)|(\*\*|[-+*/^(),]))", re.ASCII
)


@dataclass(frozen=True, slots=True)
class _Node:
    expr: Expr
    ball: arb


def parse(text: str, symbols: Mapping[str, Symbol] | None = None) -> Expr:
    """An unevaluated SymPy number from `text`; numbers are exact, 0.1 is 1/10.

    `symbols` allows these names as SymPy symbols; the bounds on sizes then hold where each of them
    is 7/19. Raises `ValueError` with one line for anything else: unknown names or characters, more
    than `MAX_LENGTH` characters or `MAX_DEPTH` parentheses, numbers or powers too large, a value
    that is not real and finite.

    >>> import sympy
    >>> parse("0.75*L^2", {"L": sympy.Symbol("L")})
    3*L**2/4
    """
    if len(text) > MAX_LENGTH:
        raise ValueError(f"expression must have at most {MAX_LENGTH} characters, got {len(text)}")
    reader = _Reader(_tokens(text), symbols or {})
    node = reader.sum()
    if reader.peek():
        raise ValueError(f"expression must end after a term, got {reader.peek()!r}")
    return node.expr


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    place, end = 0, len(text.rstrip())
    while place < end:
        found = _TOKEN.match(text, place)
        if found is None:
            rest = text[place:].strip()[:1]
            raise ValueError(f"expression must hold numbers, names and + - * / ^ ( ), got {rest!r}")
        tokens.append(found.group(0).strip())
        place = found.end()
    if not tokens:
        raise ValueError("expression must not be empty")
    return tokens


class _Reader:
    """Recursive descent over the tokens."""

    def __init__(self, tokens: list[str], symbols: Mapping[str, Symbol]) -> None:
        from w2s_theory.certify import to_arb

        self.tokens = tokens
        self.symbols = symbols
        self.values = {symbol: to_arb(_SAMPLE) for symbol in symbols.values()}
        self.place = 0
        self.depth = 0

    def peek(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        self.place += 1
        return token

    def expect(self, token: str) -> None:
        if self.take() != token:
            raise ValueError(f"expression must have {token!r} at token {self.place}")

    def sum(self) -> _Node:
        import sympy

        self.deeper()
        node = self.product()
        while self.peek() in ("+", "-"):
            sign = self.take()
            other = self.product()
            ball = node.ball + other.ball if sign == "+" else node.ball - other.ball
            term = other.expr if sign == "+" else _product(sympy.Integer(-1), other.expr)
            node = _checked(sympy.Add(node.expr, term, evaluate=False), ball)
        self.depth -= 1
        return node

    def product(self) -> _Node:
        import sympy

        node = self.sign()
        while self.peek() in ("*", "/"):
            if self.take() == "*":
                other = self.sign()
                node = _checked(_product(node.expr, other.expr), node.ball * other.ball)
            else:
                other = self.sign()
                inverse = sympy.Pow(other.expr, -1, evaluate=False)
                node = _checked(_product(node.expr, inverse), node.ball / other.ball)
        return node

    def sign(self) -> _Node:
        import sympy

        if self.peek() not in ("+", "-"):
            return self.power()
        self.deeper()
        negative = self.take() == "-"
        node = self.sign()
        self.depth -= 1
        if negative:
            return _Node(_product(sympy.Integer(-1), node.expr), -node.ball)
        return node

    def power(self) -> _Node:
        import sympy

        base = self.atom()
        if self.peek() not in ("**", "^"):
            return base
        self.take()
        self.deeper()
        exponent = self.sign()
        self.depth -= 1
        _check_power(base.ball, exponent.ball)
        return self.valued(sympy.Pow(base.expr, _folded(exponent.expr), evaluate=False))

    def atom(self) -> _Node:
        token = self.take()
        if token == "(":
            node = self.sum()
            self.expect(")")
            return node
        if token[:1].isdigit() or token[:1] == ".":
            return self.valued(_number(token))
        if not (token[:1].isalpha() or token[:1] == "_"):
            raise ValueError(f"expression must have a number or name where {token or 'it ends'!r}")
        if self.peek() == "(":
            return self.call(token)
        if token in self.symbols:
            return self.valued(self.symbols[token])
        known = names.constants()
        if token not in known:
            known = {**known, **self.symbols}
            raise ValueError(_unknown("constant", token, known))
        return self.valued(known[token])

    def call(self, name: str) -> _Node:
        known = names.functions()
        if name not in known:
            raise ValueError(_unknown("function", name, known))
        function, arity = known[name]
        self.expect("(")
        arguments = [self.sum()]
        while self.peek() == ",":
            self.take()
            arguments.append(self.sum())
        self.expect(")")
        if len(arguments) != arity:
            raise ValueError(f"{name} must have {arity} argument(s), got {len(arguments)}")
        for argument in arguments:
            if not abs(argument.ball) < MAX_BITS:
                raise ValueError(f"{name} must have arguments below {MAX_BITS} in size")
        folded = [_folded(argument.expr) for argument in arguments]
        return self.valued(function(*folded, evaluate=False))

    def valued(self, expr: Expr) -> _Node:
        from w2s_theory.certify import lower, precision

        with precision(_BITS):
            return _checked(expr, lower(expr)(self.values))

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ValueError(f"expression must nest at most {MAX_DEPTH} deep")


def _unknown(kind: str, name: str, known: Iterable[str]) -> str:
    return f"{kind} must be one of {', '.join(known)}, got {name[:40]!r}"


def _number(token: str) -> Expr:
    import sympy

    mantissa, _, exponent = token.lower().partition("e")
    if len(mantissa) > MAX_DIGITS or len(exponent) > 5 or abs(int(exponent or 0)) > MAX_DIGITS:
        raise ValueError(f"numbers must have at most {MAX_DIGITS} digits, got {token[:20]}...")
    value = Fraction(mantissa) * Fraction(10) ** int(exponent or 0)
    return sympy.Rational(value.numerator, value.denominator)


def _product(left: Expr, right: Expr) -> Expr:
    import sympy

    return sympy.Mul(left, right, evaluate=False)


def _folded(expr: Expr) -> Expr:
    """A negated or divided number as one rational: exponents such as -2 and 1/3."""
    import sympy

    if expr.is_Number or len(expr.args) != 2 or not isinstance(expr, sympy.Mul):
        return expr
    left, right = expr.args
    if left.is_Rational and right.is_Rational:
        return left * right
    if left.is_Rational and isinstance(right, sympy.Pow) and right.exp == -1:
        return left / right.base if right.base.is_Rational else expr
    return expr


def _check_power(base: arb, exponent: arb) -> None:
    from flint import arb

    from w2s_theory.certify import precision

    with precision(_BITS):
        size = abs(base)
        bits = abs(exponent) * abs(size.log()) / arb(2).log() if size > 0 else abs(exponent)
    if not bits < MAX_BITS:
        raise ValueError(f"powers must stay within 2^{MAX_BITS} in size")


def _checked(expr: Expr, ball: arb) -> _Node:
    from flint import arb

    if not ball.is_finite():
        raise ValueError("expression must be real and finite throughout, got a part that is not")
    if not abs(ball) < arb(2) ** MAX_BITS or (ball != 0 and abs(ball) < arb(2) ** -MAX_BITS):
        raise ValueError(f"parts of an expression must stay within 2^{MAX_BITS} in size")
    return _Node(expr, ball)
