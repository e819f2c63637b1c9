"""What a statement is: a claim typed once in SymPy, its assumptions, its source and its mutants."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, replace
from enum import StrEnum
from html import escape
from typing import TYPE_CHECKING

from w2s_theory.ledger.render import claim_latex

if TYPE_CHECKING:
    from sympy import Expr, Symbol
    from sympy.logic.boolalg import Boolean


class Kind(StrEnum):
    """What sort of claim a statement makes."""

    DEFINITION = "definition"
    LEMMA = "lemma"
    THEOREM = "theorem"
    COROLLARY = "corollary"
    WITNESS = "witness"
    ERRATUM = "erratum"
    IDENTITY = "identity"
    LAW = "law"
    MEASUREMENT = "measurement"


class Source(StrEnum):
    """Where a statement comes from; shown wherever the statement is."""

    PAPER = "paper"
    RECONSTRUCTED = "reconstructed"
    EXTENSION = "extension"
    LITERATURE = "literature"


class Evidence(StrEnum):
    """The kinds of evidence, strongest first."""

    FORMAL = "formal"
    SYMBOLIC = "symbolic"
    CERTIFIED = "certified"
    EXACT_LAW = "exact-law"
    MONTE_CARLO = "monte-carlo"
    PROPERTY = "property"
    WITNESS = "witness"


@dataclass(frozen=True, slots=True)
class Assumption:
    """A hypothesis as an executable condition on the quantities of a setting."""

    id: str
    text: str
    condition: Boolean


@dataclass(frozen=True, slots=True)
class Formula:
    """A named expression in ordered arguments; calling it substitutes SymPy values.

    The LaTeX, the text, the NumPy function and the ball-arithmetic function are all made from
    `expr` (`ledger.render`, `w2s_theory.students.floats`).
    """

    name: str
    args: tuple[Symbol, ...]
    expr: Expr

    def __call__(self, *values: object) -> Expr:
        """`expr` with its arguments replaced, in order."""
        if len(values) != len(self.args):
            raise ValueError(f"{self.name} takes {len(self.args)} values, got {len(values)}")
        return self.expr.xreplace(dict(zip(self.args, values, strict=True)))


@dataclass(frozen=True, slots=True)
class Mutant:
    """A nearby false version of a statement: another claim, or other assumptions."""

    id: str
    change: str
    _: KW_ONLY
    claim: tuple[Boolean, ...] | None = None
    assumes: tuple[Assumption, ...] | None = None

    def __post_init__(self) -> None:
        """A mutant that changes nothing could never be killed."""
        if self.claim is None and self.assumes is None:
            raise ValueError(f"mutant {self.id!r} must change the claim or the assumptions")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Statement:
    """One claim of the theory: all clauses of `claim` hold wherever all of `assumes` do.

    `where` defines symbols of the claim by expressions in earlier ones, `uses` are ids of earlier
    statements, `needs` the kinds of evidence without which it is not held. `proof` and `checks`
    name files of the repository (`regression.links` adds those that serve every statement),
    `formal` a theorem of `proofs/coq`. A measurement has no proof.
    """

    id: str
    kind: Kind
    title: str
    source: Source
    text: str
    claim: tuple[Boolean, ...]
    assumes: tuple[Assumption, ...] = ()
    where: tuple[tuple[Symbol, Expr], ...] = ()
    uses: tuple[str, ...] = ()
    needs: tuple[Evidence, ...]
    reference: str
    proof: str | None = None
    checks: tuple[str, ...] = ()
    formal: str | None = None
    mutants: tuple[Mutant, ...] = ()
    mutant_of: str | None = None

    def __post_init__(self) -> None:
        """Refuse entries that could not be checked."""
        if not self.claim:
            raise ValueError(f"statement {self.id!r} must have at least one clause")
        for clause in self.claim:
            if clause in (True, False):
                # SymPy evaluates early: such a clause would pass, or fail, without being looked at.
                raise ValueError(f"statement {self.id!r} has a clause that SymPy made {clause}")
        if not self.needs:
            raise ValueError(f"statement {self.id!r} must need at least one kind of evidence")

    def mutated(self, mutant: Mutant) -> Statement:
        """This statement as `mutant` has it."""
        return replace(
            self,
            id=f"{self.id}~{mutant.id}",
            title=f"{self.title} [{mutant.change}]",
            claim=self.claim if mutant.claim is None else mutant.claim,
            assumes=self.assumes if mutant.assumes is None else mutant.assumes,
            mutants=(),
            mutant_of=self.id,
        )

    @property
    def unfolded(self) -> tuple[Boolean, ...]:
        """The claim with the symbols of `where` replaced by what they stand for."""
        return tuple(self.unfold(clause) for clause in self.claim)

    def unfold(self, expr: Expr) -> Expr:
        """`expr` with the symbols of `where` replaced, the last definition first."""
        for symbol, definition in reversed(self.where):
            expr = expr.xreplace({symbol: definition})
        return expr

    @property
    def latex(self) -> str:
        """The claim in LaTeX, in the package's notation, without dollars."""
        return claim_latex(self.claim, self.where)

    def __repr__(self) -> str:
        """One line; everything else is an attribute."""
        return f"<{self.kind.value} {self.id}: {self.title} [{self.source.value}]>"

    def _repr_html_(self) -> str:
        """What it needs is said, not what it has: that is known where the checks are."""
        assumed = "".join(f"<li>{escape(a.text)}</li>" for a in self.assumes)
        needs = ", ".join(kind.value for kind in self.needs)
        return (
            f"<div><strong>{escape(self.id)}: {escape(self.title)}</strong><br>"
            f"<em>{self.kind.value}, {self.source.value} ({escape(self.reference)})</em>"
            f"<p>{escape(self.text)}</p>"
            + (f"<p>Assumes</p><ul>{assumed}</ul>" if assumed else "")
            + f"$$\\displaystyle {escape(self.latex)}$$"
            f"<p>Needs {needs}. What it has: <code>w2s show {escape(self.id)}</code></p></div>"
        )


def dropped(assumes: tuple[Assumption, ...], *assumptions: Assumption) -> tuple[Assumption, ...]:
    """`assumes` without some of its members; `ValueError` for one that is not among them."""
    for assumption in assumptions:
        if assumption not in assumes:
            raise ValueError(f"assumption {assumption.id!r} is not made, so it cannot be dropped")
    return tuple(a for a in assumes if a not in assumptions)
