"""Which files of `checks/` give evidence for a statement."""

from __future__ import annotations

from w2s_theory.ledger.statement import Evidence, Statement

PROOFS, SEARCHES = "checks/test_proofs.py", "checks/test_searches.py"
FORMAL = "checks/test_formal.py"


def searched(statement: Statement) -> bool:
    """Whether PROPERTY evidence comes from a search; of `odd-target` it comes from networks."""
    return Evidence.PROPERTY in statement.needs and statement.id != "odd-target"


def check_files(statement: Statement) -> tuple[str, ...]:
    """The files that serve every statement of its kind, then those that the statement lists."""
    common = (
        (PROOFS, statement.proof is not None),
        (SEARCHES, searched(statement)),
        (FORMAL, Evidence.FORMAL in statement.needs),
    )
    return (*(name for name, serves in common if serves), *statement.checks)
