"""Readers of arithmetic that share nothing with the package: of plain text and of LaTeX.

A value is a Fraction as long as it can be, then a number of mpmath.
"""

import ast
import re
from fractions import Fraction

import mpmath

MOST_BITS = 20_000
TEXT_CONSTANTS = {
    "pi": mpmath.mp.pi,
    "e": mpmath.mp.e,
    "euler_gamma": mpmath.mp.euler,
    "catalan": mpmath.mp.catalan,
    "golden_ratio": mpmath.mp.phi,
}
TEXT_FUNCTIONS = {
    "abs": abs,
    "ln": mpmath.log,
    **{
        name: getattr(mpmath, name)
        for name in (
            *("sqrt", "exp", "log", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh"),
            *("tanh", "erf", "erfc", "gamma", "loggamma", "factorial", "binomial", "beta"),
        )
    },
}


def inexact(value):
    if isinstance(value, Fraction):
        return mpmath.mpf(value.numerator) / value.denominator
    return +value


def both(left, right):
    """Two Fractions, or two numbers of mpmath."""
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return left, right
    return inexact(left), inexact(right)


def power(base, exponent):
    if isinstance(exponent, Fraction) and exponent.denominator == 1:
        exponent = int(exponent)
        if not isinstance(base, Fraction):
            return base**exponent
        size = base.numerator.bit_length() + base.denominator.bit_length()
        return base**exponent if size * abs(exponent) < MOST_BITS else inexact(base) ** exponent
    return mpmath.power(inexact(base), inexact(exponent))


def apply(function, arguments):
    value = function(*map(inexact, arguments))
    return value.real if isinstance(value, mpmath.mpc) else value


def read_text(text):
    """The value of `text`, read by Python's own parser."""
    return _python(ast.parse(text.strip().replace("^", "**"), mode="eval").body, text.strip())


def _python(node, text):
    match node:
        case ast.Constant():
            return Fraction(ast.get_source_segment(text.replace("^", "**"), node))
        case ast.Name():
            return inexact(TEXT_CONSTANTS[node.id])
        case ast.Call():
            arguments = [_python(argument, text) for argument in node.args]
            return apply(TEXT_FUNCTIONS[node.func.id], arguments)
        case ast.UnaryOp():
            value = _python(node.operand, text)
            return -value if isinstance(node.op, ast.USub) else value
        case ast.BinOp():
            left, right = _python(node.left, text), _python(node.right, text)
            if isinstance(node.op, ast.Pow):
                return power(left, right)
            left, right = both(left, right)
            return {
                ast.Add: lambda: left + right,
                ast.Sub: lambda: left - right,
                ast.Mult: lambda: left * right,
                ast.Div: lambda: left / right,
            }[type(node.op)]()
    raise ValueError(f"not arithmetic: {ast.dump(node)}")


LATEX_TOKEN = re.compile(r"\s*(\\(?:left|right)\||\\[A-Za-z]+|\d+|[-+^{}\[\],!()/]|[Ge])")
LATEX_CONSTANTS = {
    r"\pi": mpmath.mp.pi,
    "e": mpmath.mp.e,
    r"\gamma": mpmath.mp.euler,
    "G": mpmath.mp.catalan,
    r"\phi": mpmath.mp.phi,
}
LATEX_FUNCTIONS = {
    **{rf"\{name}": getattr(mpmath, name) for name in ("log", "sin", "cos", "tan")},
    **{rf"\{name}": getattr(mpmath, name) for name in ("sinh", "cosh", "tanh")},
    **{rf"\arc{name}": getattr(mpmath, f"a{name}") for name in ("sin", "cos", "tan")},
    r"\Gamma": mpmath.gamma,
}
OPERATORS = {"B": mpmath.beta, "erf": mpmath.erf, "erfc": mpmath.erfc, "loggamma": mpmath.loggamma}


class LatexReader:
    """One line of LaTeX as a person reads it: a number beside a fraction is no product."""

    def __init__(self, latex):
        names = re.sub(r"\\operatorname\{(\w+)\}", r"\\operator\1 ", latex)
        names = names.replace(r"\tfrac", r"\frac").replace(r"\left(", "(").replace(r"\right)", ")")
        self.tokens, end = [], 0
        while end < len(names.rstrip()):
            found = LATEX_TOKEN.match(names, end)
            assert found, names[end:]
            self.tokens.append(found.group(1))
            end = found.end()
        self.tokens.append("")

    def peek(self):
        return self.tokens[0]

    def take(self, expected=None):
        token = self.tokens.pop(0)
        assert expected in (None, token), (expected, token, self.tokens)
        return token

    def sum(self):
        total = Fraction(0)
        sign = self.take() if self.peek() == "-" else "+"
        while True:
            left, right = both(total, self.product())
            total = left - right if sign == "-" else left + right
            if self.peek() not in ("+", "-"):
                return total
            sign = self.take()

    def product(self):
        before = self.peek()
        total = self.factor()
        while self.peek() not in ("", "+", "-", "}", "]", ",", ")", r"\right|"):
            if self.peek() == "/":
                self.take()
                above, below = both(total, self.factor())
                total = above / below
                continue
            if self.peek() == r"\cdot":
                self.take()
            else:
                assert not self.peek().isdigit(), "a number right after a factor"
                assert not (before.isdigit() and self.peek() == r"\frac"), "a mixed number"
            before = self.peek()
            left, right = both(total, self.factor())
            total = left * right
        return total

    def factor(self):
        value = self.atom()
        while self.peek() in ("!", "^"):
            if self.take() == "!":
                value = apply(mpmath.factorial, [value])
            else:
                value = power(value, self.group())
        return value

    def group(self, opening="{", closing="}"):
        self.take(opening)
        value = self.sum()
        self.take(closing)
        return value

    def atom(self):
        token = self.peek()
        if token.isdigit():
            return Fraction(self.take())
        if token in ("{", "(", r"\left|"):
            closing = {"{": "}", "(": ")", r"\left|": r"\right|"}[token]
            value = self.group(token, closing)
            return abs(value) if token == r"\left|" else value
        self.take()
        if token in LATEX_CONSTANTS:
            return inexact(LATEX_CONSTANTS[token])
        if token == r"\frac":
            above, below = both(self.group(), self.group())
            return above / below
        if token == r"\binom":
            return apply(mpmath.binomial, [self.group(), self.group()])
        if token == r"\sqrt":
            root = self.group("[", "]") if self.peek() == "[" else Fraction(2)
            return power(self.group(), 1 / root)
        return self.call(token)

    def call(self, token):
        operator = token.removeprefix(r"\operator")
        function = LATEX_FUNCTIONS[token] if operator == token else OPERATORS[operator]
        exponent = None
        if self.peek() == "^":
            self.take()
            exponent = self.group()
        braced = self.peek() == "{"
        if braced:
            self.take()
        self.take("(")
        arguments = [self.sum()]
        while self.peek() == ",":
            self.take()
            arguments.append(self.sum())
        self.take(")")
        if braced:
            self.take("}")
        value = apply(function, arguments)
        return value if exponent is None else power(value, exponent)


def read_latex(latex):
    """The value of one line of LaTeX."""
    reader = LatexReader(latex)
    value = reader.sum()
    reader.take("")
    return value
