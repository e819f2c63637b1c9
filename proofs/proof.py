"""A proof of a statement: one fact of the kernel for each clause."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from importlib import import_module
from typing import Any, cast

from sympy import (
    And,
    Derivative,
    Eq,
    Expr,
    Ge,
    Implies,
    Integer,
    Integral,
    Le,
    Sum,
    Symbol,
    sympify,
)
from sympy.logic.boolalg import Boolean

from proofs.calculus import reaches
from proofs.domains import RefusedError, RefutedError, Sign, claim
from proofs.kernel import Fact, matches
from w2s_theory.certify import Verdict, decide, separating_point
from w2s_theory.ledger.at_infinity import AtInfinity
from w2s_theory.ledger.definitions import DEFINITIONS
from w2s_theory.ledger.registry import Ledger, load
from w2s_theory.ledger.statement import Assumption, Statement
from w2s_theory.regression.outcome import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A named fact, for the reader: what is claimed, why, and the rule that gave it."""

    name: str
    claim: Any
    because: str
    rule: str


_BOUND = (AtInfinity, Derivative, Integral, Sum)


@dataclass(frozen=True, slots=True)
class Proof:
    """A statement and a fact for each of its clauses, in order."""

    statement: Statement
    facts: tuple[Fact, ...]

    def run(self) -> Outcome:
        """PROVED if each clause is its fact up to exact identity, under what is assumed.

        Anything else is UNDECIDED, as an argument that does not go through refutes nothing; but a
        clause whose limit the rule for limits shows to be another is REFUTED, and an equation that
        fails at a point where another one is proved.
        """
        clauses, refuted = self.statement.claim, False
        notes = [] if len(clauses) == len(self.facts) else ["not one fact for each clause"]
        for clause, fact in zip(clauses, self.facts, strict=False):
            try:
                self._check(clause, fact)
            except RefusedError as refusal:
                refuted = refuted or isinstance(refusal, RefutedError)
                notes.append(f"clause {clause}: {refusal}")
        verdict = Verdict.UNDECIDED if notes else Verdict.PROVED
        verdict, margin = (Verdict.REFUTED, "exact") if refuted else (verdict, "")
        gaps = len(dict.fromkeys(gap for fact in self.facts for gap in fact.gaps))
        detail = "; ".join(notes) or f"{len(self.facts)} facts"
        steps = len(self.facts) if notes else len({id(f) for f in ancestors(self.facts)})
        return Outcome(verdict=verdict, margin=margin, effective=steps, detail=detail, gaps=gaps)

    def _check(self, clause: Boolean, fact: Fact) -> None:
        unfold = self.statement.unfold
        whole = [unfold(a.condition) for a in self.statement.assumes]
        assumed = [part for words in whole for part in (words, *And.make_args(words))]
        if isinstance(clause, Implies):
            premise, clause = clause.args
            assumed += [unfold(part) for part in And.make_args(premise)]
        gap, sign = claim(clause)
        if fact.rule == "leading terms" and fact.gap != unfold(gap):
            fact = _again(unfold(clause), fact)
        if not matches(fact, unfold(gap), sign):
            if sign is Sign.ZERO and (point := self._apart(fact, unfold(gap))):
                raise RefutedError(f"{fact.relation} holds, so it fails at {point}")
            raise RefusedError(f"{fact.relation} is another claim")
        missing = [a.text for a in fact.assumes if not any(_gives(c, a) for c in assumed)]
        if missing:
            raise RefusedError(f"rests on {', '.join(missing)}, which is not assumed")
        known = self.statement.mutant_of or self.statement.id
        for meaning in fact.definitions:
            if meaning not in DEFINITIONS or (meaning.scope and known not in meaning.scope):
                raise RefusedError(f"not defined so here: {meaning.text}")

    def _apart(self, fact: Fact, gap: Expr) -> dict[Symbol, Fraction] | None:
        """Where an equation fails, as another one holds that differs by a number that is not 0."""
        between = gap - fact.gap
        if fact.sign is not Sign.ZERO or fact.gaps or fact.definitions or between.has(*_BOUND):
            return None
        point = separating_point(between, Integer(0)) or {}
        conditions = [a.condition for a in (*self.statement.assumes, *fact.assumes)]
        others = {symbol: Integer(4) for c in conditions for symbol in c.free_symbols}
        numbers = others | {symbol: sympify(value) for symbol, value in point.items()}
        met = (decide(c.xreplace(numbers)).verdict is Verdict.PROVED for c in conditions)
        return point if point and all(met) else None

    @property
    def steps(self) -> tuple[Step, ...]:
        """The named facts behind the clauses, in the order in which they are derived."""
        steps = (
            Step(name=f.name, claim=f.relation, because=f.because, rule=(*f.parents, f)[0].rule)
            for f in ancestors(self.facts)
            if f.name
        )
        return tuple(dict.fromkeys(steps))


def _again(clause: Boolean, fact: Fact) -> Fact:
    """The limit in the clause's own form, by its own leading terms; `RefutedError` if it is wrong.

    The fact as it is, to be compared with the clause, where the form hides the leading terms.
    """
    try:
        return reaches(clause, *fact.parents)
    except RefutedError:
        raise
    except RefusedError:
        return fact


def _gives(condition: Boolean, wanted: Assumption) -> bool:
    """Whether an assumption is the one wanted, or an equality or a nearer bound that gives it.

    A bound by a number gives every bound of the same side and strictness that is further away.
    """
    other = wanted.condition
    if condition == other:
        return True
    if isinstance(condition, Eq) and isinstance(other, Ge | Le):
        return bool(condition.args == other.args)
    bounds = isinstance(condition, Ge | Le) and condition.func is other.func
    if not bounds or condition.lhs != other.lhs:
        return False
    numbers = condition.rhs.is_Rational and other.rhs.is_Rational
    way = 1 if isinstance(condition, Ge) else -1
    return bool(numbers and way * (condition.rhs - other.rhs) >= 0)


def prove(statement: Statement, ledger: Ledger | None = None) -> Outcome:
    """Run the function `prove_<id>` of the module that the ledger names for the statement.

    `ledger`: of a theory of one's own. A claim of another shape than the proof's, or a rule that
    refuses, is UNDECIDED.
    """
    real = (load() if ledger is None else ledger)[statement.mutant_of or statement.id]
    if len(statement.claim) != len(real.claim):
        return Outcome(verdict=Verdict.UNDECIDED, detail="the proof is of another claim")
    try:
        return replace(_proof(real), statement=statement).run()
    except RefusedError as refusal:
        return Outcome(verdict=Verdict.UNDECIDED, detail=str(refusal))


def proof_of(key: str) -> Proof:
    """The proof of a statement of the package's ledger, by id."""
    return _proof(load()[key])


@cache
def _proof(statement: Statement) -> Proof:
    """The proof of a statement as it stands: its facts are what a mutant is held against."""
    module = import_module(str(statement.proof).removesuffix(".py").replace("/", "."))
    name = "prove_" + statement.id.replace("-", "_").replace(".", "_")
    return cast("Proof", getattr(module, name)(statement))


def ancestors(facts: tuple[Fact, ...]) -> Iterator[Fact]:
    """Everything the facts rest on and they themselves, each once, parents first."""
    seen: dict[int, Fact] = {}
    stack = [(fact, False) for fact in reversed(facts)]
    while stack:
        fact, ready = stack.pop()
        if ready:
            seen.setdefault(id(fact), fact)
        elif id(fact) not in seen:
            stack += [(fact, True), *((p, False) for p in reversed(fact.parents))]
    yield from seen.values()
