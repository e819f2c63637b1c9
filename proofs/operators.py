"""Identities between words in operators: orthogonal projections and their products.

A word is a product of noncommuting SymPy symbols. Rules rewrite a pair of neighbours: P P -> P
(idempotent), W^-1 W -> 1. Both sides are brought to normal form
and compared term by term, so a step holds for operators on any space.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sympy import Add, Eq, Expr, Integer, Mul, Pow, Symbol, expand

from proofs.steps import Step
from w2s_theory.certify import Verdict
from w2s_theory.ledger.statement import Assumption

Rules = Mapping[tuple[Symbol, Symbol], tuple[Symbol, ...]]


def operator(name: str) -> Symbol:
    """A noncommuting symbol."""
    return Symbol(name, commutative=False)


def projections(*symbols: Symbol) -> dict[tuple[Symbol, Symbol], tuple[Symbol, ...]]:
    """P P -> P for each."""
    return {(p, p): (p,) for p in symbols}


def normal_form(expr: Expr, rules: Rules) -> dict[tuple[Symbol, ...], Expr]:
    """Words and their coefficients, zero coefficients dropped."""
    total: dict[tuple[Symbol, ...], Expr] = {}
    for term in Add.make_args(expand(expr)):
        numbers, letters = term.args_cnc()
        word = _reduce(_spell(letters), rules)
        total[word] = total.get(word, Integer(0)) + Mul(*numbers)
    return {word: value for word, value in total.items() if expand(value) != 0}


def operator_equal(
    name: str, lhs: Expr, rhs: Expr, rules: Rules, because: str, *assumes: Assumption
) -> Step:
    """lhs = rhs as operators, by the rules alone."""

    def run() -> Verdict:
        same = not normal_form(lhs - rhs, rules)
        return Verdict.PROVED if same else Verdict.UNDECIDED

    claim = Eq(lhs, rhs, evaluate=False)
    return Step(name=name, claim=claim, because=because, check=run, assumes=assumes)


def _spell(letters: Sequence[Expr]) -> list[Symbol]:
    word: list[Symbol] = []
    for letter in letters:
        base, power = letter.as_base_exp() if isinstance(letter, Pow) else (letter, 1)
        word += [base] * int(power)
    return word


def _reduce(word: list[Symbol], rules: Rules) -> tuple[Symbol, ...]:
    place = 0
    while place < len(word) - 1:
        pair = (word[place], word[place + 1])
        if pair in rules:
            word[place : place + 2] = rules[pair]
            place = max(place - 1, 0)
        else:
            place += 1
    return tuple(word)
