"""Which files of checks give evidence for a statement."""

from __future__ import annotations

from w2s_theory.ledger.statement import Evidence, Statement
from w2s_theory.ledger.theories import Theory


def searched(statement: Statement) -> bool:
    """Whether PROPERTY evidence comes from a search; of `odd-target` it comes from networks."""
    return Evidence.PROPERTY in statement.needs and statement.id != "odd-target"


def check_files(statement: Statement, theory: Theory) -> tuple[str, ...]:
    """The files of `theory` that serve every statement, then those that the statement lists."""
    common = (
        (theory.proofs, statement.proof is not None),
        (theory.searches, searched(statement)),
        (theory.formal, Evidence.FORMAL in statement.needs),
    )
    return (*(name for name, serves in common if serves and name), *statement.checks)
