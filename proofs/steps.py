"""A proof is a list of named steps; each step carries its claim and the checker that discharges it.

Checkers are exact: polynomial identity, Sturm sequences, exact zero tests. None of them samples.
What they take for granted is written in the step: the assumptions it uses, and the steps and
axioms (of an inner-product space, of the ordered field of the reals) that its `because` names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sympy import Eq, Expr, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from w2s_theory.certify import Verdict, identity, weakest
from w2s_theory.ledger.statement import Assumption, Statement
from w2s_theory.regression.outcome import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: what is claimed, why, under which assumptions, and its exact checker.

    `is_clause`: the step decides a clause of the statement itself, so refuting it refutes the
    statement. If any other step fails, this proof does, which refutes nothing. `gaps`: how much of
    it is told and not checked.
    """

    name: str
    claim: Boolean
    because: str
    check: Callable[[], Verdict]
    assumes: tuple[Assumption, ...] = ()
    is_clause: bool = False
    gaps: int = 0


@dataclass(frozen=True, slots=True)
class Proof:
    """A statement and the steps that establish it, in order."""

    statement: Statement
    steps: tuple[Step, ...]

    def run(self) -> Outcome:
        """PROVED if every step is and uses only what the statement assumes.

        A step that uses an assumption the statement does not make leaves the proof UNDECIDED: the
        argument does not go through, which refutes nothing; so does one without steps.
        """
        if not self.steps:
            return Outcome(verdict=Verdict.UNDECIDED, effective=0, detail="no steps")
        assumed = [a.condition for a in self.statement.assumes]
        verdicts, notes = [], []
        for step in self.steps:
            missing = [a.id for a in step.assumes if a.condition not in assumed]
            verdict = Verdict.UNDECIDED if missing else step.check()
            if verdict is Verdict.REFUTED and not step.is_clause:
                verdict = Verdict.UNDECIDED
            verdicts.append(verdict)
            if missing:
                notes.append(f"step {step.name!r} uses {', '.join(missing)}, which is not assumed")
            elif verdict is not Verdict.PROVED:
                notes.append(f"step {step.name!r} is {verdict.name}: {step.claim}")
        detail = "; ".join(notes) or f"{len(self.steps)} steps"
        verdict = weakest(verdicts)
        margin = "exact" if verdict is Verdict.REFUTED else ""
        return Outcome(
            verdict=verdict,
            margin=margin,
            effective=len(self.steps),
            detail=detail,
            gaps=sum(step.gaps for step in self.steps) + self._untold(),
        )

    def _untold(self) -> int:
        """How many clauses no step decides or concludes."""
        claims = [step.claim for step in self.steps]
        left = sum(clause not in claims for clause in self.statement.claim)
        own = [step.claim for step in self.steps if step.is_clause]
        return max(0, left - sum(claim not in self.statement.claim for claim in own))


def equal(
    name: str,
    lhs: Expr,
    rhs: Expr,
    because: str,
    *assumes: Assumption,
    of: Sequence[tuple[Symbol, Expr]] = (),
    is_clause: bool = False,
) -> Step:
    """lhs = rhs, an identity in their symbols. `of`: definitions (symbol, value) put in first."""
    for symbol, value in of:
        lhs, rhs = lhs.xreplace({symbol: value}), rhs.xreplace({symbol: value})
    return Step(
        name=name,
        claim=Eq(lhs, rhs, evaluate=False),
        because=because,
        check=lambda: identity(lhs, rhs),
        assumes=assumes,
        is_clause=is_clause,
    )


def concludes(
    name: str, clause: Boolean, expected: Relational, because: str, *assumes: Assumption
) -> Step:
    """The statement's clause is the relation that has been established, up to exact identity."""

    def run() -> Verdict:
        if getattr(clause, "rel_op", None) != expected.rel_op:
            return Verdict.UNDECIDED
        verdict: Verdict = identity(clause.lhs - clause.rhs, expected.lhs - expected.rhs)
        return verdict

    return Step(name=name, claim=clause, because=because, check=run, assumes=assumes, gaps=1)
