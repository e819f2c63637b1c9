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

import difflib
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

from w2s_theory.text import names

if TYPE_CHECKING:
    from flint import arb, fmpq
    from sympy import Expr, Symbol

MAX_LENGTH = 1000
MAX_DEPTH = 40
MAX_DIGITS = 100
MAX_BITS = 20_000
"""Every subexpression lies in 2^-MAX_BITS..2^MAX_BITS in size, or is 0."""

_BITS = 128
_MOST_FOLDED = 1000
_TAME = ("sqrt", "abs", "log", "ln", "atan")  # never larger than their argument
_POINTS = 25
_TOKEN = re.compile(
    r"\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)|([A-Za-z_]\w*)|(\*\*|[-+*/^(),]))", re.ASCII
)


@dataclass(frozen=True, slots=True)
class _Node:
    expr: Expr
    ball: arb


class _UndefinedError(ValueError):
    """A part without a real and finite value at the point that was tried."""


def parse(text: str, symbols: Mapping[str, Symbol] | None = None) -> Expr:
    """An unevaluated SymPy number from `text`; numbers are exact, 0.1 is 1/10.

    `symbols` allows these names as SymPy symbols; sizes and values are then looked at in the first
    of a few points where every part is real and finite. Raises `ValueError` with one line for
    anything else: unknown names or characters, more than `MAX_LENGTH` characters or `MAX_DEPTH`
    parentheses, numbers or powers too large, a value that is not real and finite.

    >>> import sympy
    >>> parse("0.75*L^2", {"L": sympy.Symbol("L")})
    3*L**2/4
    """
    if len(text) > MAX_LENGTH:
        raise ValueError(f"expression must have at most {MAX_LENGTH} characters, got {len(text)}")
    from w2s_theory.certify import precision

    tokens = _tokens(text)
    points = range(_POINTS if symbols else 1)
    for point in points:
        reader = _Reader(tokens, symbols or {}, point)
        try:
            with precision(_BITS):
                node = reader.sum()
        except _UndefinedError:
            if point == points[-1]:
                raise
            continue
        break
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

    def __init__(self, tokens: list[str], symbols: Mapping[str, Symbol], point: int) -> None:
        self.tokens = tokens
        self.point = _point(symbols, point)
        self.symbols = symbols
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
        terms = [node.expr]
        while self.peek() in ("+", "-"):
            sign = self.take()
            other = self.product()
            terms.append(other.expr if sign == "+" else _negated(other.expr))
            ball = node.ball + other.ball if sign == "+" else node.ball - other.ball
            node = _checked(other.expr, ball)
        self.depth -= 1
        # All terms in one node: a tree as deep as the sum is long would overrun the stack.
        return node if len(terms) == 1 else _Node(sympy.Add(*terms, evaluate=False), node.ball)

    def product(self) -> _Node:
        import sympy

        node = self.sign()
        factors = [node.expr]
        while self.peek() in ("*", "/"):
            sign = self.take()
            other = self.sign()
            inverse = sympy.Pow(other.expr, -1, evaluate=False)
            factors.append(other.expr if sign == "*" else inverse)
            ball = node.ball * other.ball if sign == "*" else node.ball / other.ball
            node = _checked(other.expr, ball)
        return node if len(factors) == 1 else _Node(sympy.Mul(*factors, evaluate=False), node.ball)

    def sign(self) -> _Node:
        if self.peek() not in ("+", "-"):
            return self.power()
        self.deeper()
        negative = self.take() == "-"
        node = self.sign()
        self.depth -= 1
        if negative:
            return _Node(_negated(node.expr), -node.ball)
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
        power = sympy.Pow(base.expr, _folded(exponent.expr), evaluate=False)
        return _valued(power, (base.ball, exponent.ball))

    def atom(self) -> _Node:
        from w2s_theory.certify import to_arb

        token = self.take()
        if token == "(":
            node = self.sum()
            self.expect(")")
            return node
        if token[:1].isdigit() or token[:1] == ".":
            return _valued(_number(token))
        if not (token[:1].isalpha() or token[:1] == "_"):
            raise ValueError(f"expression must have a number or name where {token or 'it ends'!r}")
        if self.peek() == "(":
            return self.call(token)
        if token in self.symbols:
            return _Node(self.symbols[token], to_arb(self.point[token]))
        known = names.constants()
        if token not in known:
            known = {**known, **self.symbols}
            raise ValueError(_unknown("constant", token, known))
        return _valued(known[token])

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
            hint = names.clash(name)
            raise ValueError(f"{name} must have {arity} argument(s), got {len(arguments)}{hint}")
        for argument in arguments:
            if name not in _TAME and not abs(argument.ball) < MAX_BITS:
                raise ValueError(f"{name} must have arguments below {MAX_BITS} in size")
        folded = [_folded(argument.expr) for argument in arguments]
        return _valued(function(*folded, evaluate=False), [node.ball for node in arguments])

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ValueError(f"expression must nest at most {MAX_DEPTH} deep")


def _point(symbols: Iterable[str], index: int) -> dict[str, Fraction]:
    """7/19 for every symbol first; then numbers small and large, of either sign, unlike each other.

    Between 1/50 and 3 in size: where inner products and losses are.
    """
    if index == 0:
        return dict.fromkeys(symbols, Fraction(7, 19))
    draw = random.Random(index)
    return {name: Fraction(draw.choice((1, 1, -1)) * draw.randint(1, 150), 50) for name in symbols}


def _unknown(kind: str, name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name[:40], list(known), n=3, cutoff=0.5)
    hint = f"; did you mean {', '.join(near)}?" if near else ""
    return f"{kind} must be one of {', '.join(known)}, got {name[:40]!r}{hint}"


def _number(token: str) -> Expr:
    import sympy

    mantissa, _, exponent = token.lower().partition("e")
    if len(mantissa) > MAX_DIGITS or len(exponent) > 5 or abs(int(exponent or 0)) > MAX_DIGITS:
        raise ValueError(f"numbers must have at most {MAX_DIGITS} digits, got {token[:20]}...")
    value = Fraction(mantissa) * Fraction(10) ** int(exponent or 0)
    return sympy.Rational(value.numerator, value.denominator)


def _negated(expr: Expr) -> Expr:
    import sympy

    return sympy.Mul(-1, expr, evaluate=False)


def _folded(expr: Expr) -> Expr:
    """An exponent or argument that is rational as that number: -2, 1/3, 1 + 1."""
    import sympy

    value = rational(expr, _MOST_FOLDED)
    return expr if value is None else sympy.Rational(int(value.p), int(value.q))


def rational(expr: Expr, most_bits: int) -> fmpq | None:
    """The value of an unevaluated tree of rationals, or None if it is anything else, or too big."""
    import sympy

    from w2s_theory.certify import to_fmpq

    if expr.is_Rational:
        return to_fmpq(expr)
    if not isinstance(expr, sympy.Add | sympy.Mul | sympy.Pow):
        return None
    total: fmpq | None = None
    for arg in expr.args:
        part = rational(arg, most_bits)
        if part is None:
            return None
        if total is None:
            total = part
        elif isinstance(expr, sympy.Pow):
            return _rational_power(total, part, most_bits)
        else:
            total = total * part if isinstance(expr, sympy.Mul) else total + part
        if _bits(total) > most_bits:
            return None
    return total


def _rational_power(base: fmpq, exponent: fmpq, most_bits: int) -> fmpq | None:
    if exponent.q != 1 or _bits(base) * abs(exponent) > most_bits:
        return None
    return base ** int(exponent.p) if base != 0 or exponent >= 0 else None


def _bits(value: fmpq) -> int:
    return int(value.p).bit_length() + int(value.q).bit_length()


def _valued(expr: Expr, balls: Sequence[arb] = ()) -> _Node:
    """A node of which the operands are known: their exact values, else their balls."""
    from w2s_theory.certify import lower

    operands, values = list(expr.args), {}
    for place, ball in enumerate(balls):
        if not operands[place].is_Rational:
            operands[place] = _slot(place)
            values[operands[place]] = ball
    shape = expr.func(*operands, evaluate=False) if balls else expr
    return _checked(expr, lower(shape)(values))


@cache
def _slot(place: int) -> Symbol:
    import sympy

    return sympy.Dummy(f"operand{place}")


def _check_power(base: arb, exponent: arb) -> None:
    from flint import arb

    size = abs(base)
    bits = abs(exponent) * abs(size.log()) / arb(2).log() if size > 0 else abs(exponent)
    if not bits < MAX_BITS:
        raise ValueError(f"powers must stay within 2^{MAX_BITS} in size")


def _checked(expr: Expr, ball: arb) -> _Node:
    from flint import arb

    if not ball.is_finite():
        raise _UndefinedError(
            "expression must be real and finite throughout, got a part that is not"
        )
    if not abs(ball) < arb(2) ** MAX_BITS or (ball != 0 and abs(ball) < arb(2) ** -MAX_BITS):
        raise ValueError(f"parts of an expression must stay within 2^{MAX_BITS} in size")
    return _Node(expr, ball)
