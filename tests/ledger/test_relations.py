"""Nobody asks SymPy to decide a relation when it is typed; here it is asked, and decides none."""

import sympy
from sympy.core.relational import Relational

from w2s_theory.ledger import relations
from w2s_theory.ledger.quantities import L_TE
from w2s_theory.ledger.registry import load


def decided(clauses):
    """The relations in clauses of which SymPy makes something else: true or false."""
    found = dict.fromkeys(part for clause in clauses for part in clause.atoms(Relational))
    return [part for part in found if part.func(*part.args) != part]


def test_no_relation_of_the_ledger_holds_or_fails_by_itself():
    versions = [v for entry in load().values() for v in (entry, *map(entry.mutated, entry.mutants))]
    conditions = [assumption.condition for v in versions for assumption in v.assumes]
    assert decided([clause for v in versions for clause in v.claim] + conditions) == []


def test_what_would_be_decided_is_found():
    trivial, absurd = relations.Ge(L_TE**2, 0), relations.Eq(L_TE + 1, L_TE)
    clauses = [sympy.Implies(trivial, relations.Gt(L_TE, 0)), absurd]
    assert set(decided(clauses)) == {trivial, absurd}


def test_they_are_sympys():
    for name in ("Eq", "Ge", "Gt", "Le", "Lt", "Ne"):
        kept = getattr(relations, name)(L_TE, 2)
        assert kept == getattr(sympy, name)(L_TE, 2)
        assert isinstance(kept, getattr(sympy, name))
