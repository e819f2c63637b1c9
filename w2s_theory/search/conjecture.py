"""A user's own claims about teachers and students, as something that can be decided or attacked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sympy import Expr, Ge, Gt, Le, Lt, Symbol
from sympy.core.relational import Relational

from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.search.example import link_loss
from w2s_theory.search.premises import Premises, premises
from w2s_theory.text.parser import parse

SYMBOLS = {
    str(symbol): symbol
    for symbol in (
        q.L_TE,
        q.L_ST,
        q.TEACHER_NORM2,
        q.STUDENT_NORM2,
        q.TEACHER_TARGET,
        q.STUDENT_TARGET,
        q.STUDENT_TEACHER,
        q.TARGET_NORM2,
    )
}
"""The losses and the inner products of a unit target's setting; the student is a chain's last."""

DERIVED: dict[str, Expr] = {
    "misfit": q.squared_distance(q.TEACHER_NORM2, q.STUDENT_NORM2, q.STUDENT_TEACHER),
    "teacher_gap": q.TEACHER_TARGET - q.TEACHER_NORM2,
    "student_gap": s.SHRINKAGE,
    "PGR": (q.L_TE - q.L_ST) / q.L_TE,
}
"""What else may be named: ||f_S - f_T||^2, the two shrinkage gaps, and PGR for a ceiling of 0."""

_RELATION = re.compile(r"(>=|<=|=>|=<|==|!=|>|<|=)")
_RELATIONS = {">=": Ge, "<=": Le, ">": Gt, "<": Lt}
_MISSING_TIMES = re.compile(r"([\d)])\s+([A-Za-z_(])|(\d)([A-DF-Za-df-z_(])")


@dataclass(frozen=True, slots=True)
class Conjecture:
    """Claims (all of them are made), the conditions under which they are made, the premises.

    `typed`: the texts it was made from, as "claims", "when", "assume".
    """

    claims: tuple[Relational, ...]
    conditions: tuple[Relational, ...]
    premises: Premises
    typed: Mapping[str, list[str]]

    @property
    def text(self) -> str:
        """The claims as they were typed."""
        return ",  ".join(" ".join(text.split()) for text in self.typed["claims"])

    @property
    def partial(self) -> bool:
        """Whether a claim may lack a value in some settings, as quotients, roots and logarithms do.

        Nothing is then said of those settings.
        """
        sides = [side for claim in self.claims for side in claim.args]
        return not all(side.is_polynomial(*side.free_symbols) for side in sides)


def conjecture(
    claims: str | Sequence[str], *, when: str | Sequence[str] = (), assume: str | Sequence[str] = ()
) -> Conjecture:
    """The claims, such as "L_ST >= 0.8*L_TE^2", for settings that meet `when` and `assume`.

    The sides are arithmetic in `SYMBOLS`, `DERIVED`, the losses L_1, L_2, ... of a chain, exact
    numbers and named functions (`text.parser`); `assume` as in `premises`. Raises `ValueError` for
    anything else, and for a claim or condition that speaks of no setting.

    >>> conjecture("L_ST >= 0.8*L_TE^2").text
    'L_ST >= 0.8*L_TE^2'
    """
    texts, when, assume = (_texts(given) for given in (claims, when, assume))
    if not texts:
        raise ValueError("claim must be given at least once")
    found = premises(assume)
    known = dict(SYMBOLS)
    if found.chain > 1:
        links = (link_loss(index) for index in range(1, found.chain + 1))
        known |= {str(symbol): symbol for symbol in links}
    return Conjecture(
        tuple(_relation("claim", text, known) for text in texts),
        tuple(_relation("--when", text, known) for text in when),
        found,
        {"claims": list(texts), "when": list(when), "assume": list(assume)},
    )


def _texts(given: str | Sequence[str]) -> tuple[str, ...]:
    """Of one text or several."""
    texts = (given,) if isinstance(given, str) or not isinstance(given, Sequence) else tuple(given)
    if bad := [each for each in texts if not isinstance(each, str)]:
        raise ValueError(f"claims, when and assume must be text, got {bad[0]!r}")
    return texts


def _relation(name: str, text: str, known: dict[str, Symbol]) -> Relational:
    parts = _RELATION.split(text)
    signs = parts[1::2]
    example = "one inequality such as L_ST >= 0.8*L_TE^2"
    if len(parts) != 3 or signs[0] not in _RELATIONS:
        swapped = {"=>": ">=", "=<": "<="}
        hint = "".join(f"; did you mean {swapped[x]} for {x}?" for x in signs if x in swapped)
        raise ValueError(f"{name} must be {example}, got {text!r}{hint}")
    names = known | {derived: Symbol(derived, real=True) for derived in DERIVED}
    try:
        sides = [parse(side, names) for side in (parts[0], parts[2])]
    except ValueError as error:
        if missing := _MISSING_TIMES.search(text):
            before = text[: missing.start(2 if missing.group(2) else 4)].rstrip()
            fixed = f"{before}*{text[len(before) :].lstrip()}"
            raise ValueError(f"{name} must have * between factors: {fixed!r}?") from error
        raise
    derived = {names[key]: value for key, value in DERIVED.items()}
    left, right = (side.xreplace(derived) for side in sides)
    relation: Relational = _RELATIONS[signs[0]](left, right, evaluate=False)
    if not relation.free_symbols:
        raise ValueError(f"{name} must speak of {', '.join(names)}, got {text!r}")
    return relation
