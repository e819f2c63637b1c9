"""Entries of the ledger: what a statement refuses, how it is mutated, and the rules all obey."""

import re
from dataclasses import FrozenInstanceError, replace
from pathlib import PurePosixPath

import pytest
from sympy import Eq, Ge, Gt, Implies, Integer, Symbol, false, true

from tests.making import assuming, statement
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.statement import (
    Assumption,
    Evidence,
    Formula,
    Kind,
    Mutant,
    Source,
    Statement,
    dropped,
)

LEDGER = load()
CLAIM = Ge(q.L_ST, q.L_TE**2)
ONE, TWO, THREE = (assuming(Gt(q.SCALE, n), id) for n, id in enumerate(("one", "two", "three")))


def content(version):
    """What a version claims: its clauses spelled out, under its assumptions in any order."""
    conditions = frozenset(version.unfold(a.condition) for a in version.assumes)
    return version.unfolded, conditions


# --- refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        ((), "must have at least one clause"),
        ((CLAIM, true), "a clause that SymPy made True"),
        ((false,), "a clause that SymPy made False"),
        ((True,), "a clause that SymPy made True"),
        ((Ge(q.L_TE**2, 0),), "a clause that SymPy made True"),
        ((CLAIM, Eq(q.L_TE + 1, q.L_TE)), "a clause that SymPy made False"),
        ((Implies(Gt(q.L_TE, q.L_TE), CLAIM),), "a clause that SymPy made True"),
    ],
    ids=["none", "true", "false", "bool", "square", "absurd", "vacuous"],
)
def test_claims_that_cannot_be_tested_are_refused(claim, message):
    with pytest.raises(ValueError, match=f"'made' .*{message}"):
        statement(*claim)


def test_a_mutant_whose_claim_sympy_evaluates_is_refused():
    mutant = Mutant(id="empty", change="nothing left", claim=(Ge(q.L_TE**2, 0),))
    with pytest.raises(ValueError, match="'made~empty' has a clause that SymPy made True"):
        statement(CLAIM).mutated(mutant)


def test_a_statement_without_evidence_is_refused():
    with pytest.raises(ValueError, match="'made' must need at least one kind of evidence"):
        statement(CLAIM, needs=())


def test_a_mutant_that_changes_nothing_is_refused():
    with pytest.raises(ValueError, match="'same' must change the claim or the assumptions"):
        Mutant(id="same", change="nothing")


@pytest.mark.parametrize(
    ("entry", "name"),
    [(statement(CLAIM), "claim"), (s.UNIT_TARGET, "condition"), (s.RIDGE, "expr")],
    ids=["statement", "assumption", "formula"],
)
def test_entries_are_frozen(entry, name):
    with pytest.raises(FrozenInstanceError):
        setattr(entry, name, ())


# --- assumptions ---------------------------------------------------------------------------------


def test_dropping_assumptions():
    made = (ONE, TWO, THREE)
    assert dropped(made, TWO) == (ONE, THREE)
    assert dropped(made, THREE, ONE) == (TWO,)
    assert dropped(made) == made


def test_only_an_assumption_that_is_made_can_be_dropped():
    with pytest.raises(ValueError, match="'three' is not made, so it cannot be dropped"):
        dropped((ONE, TWO), THREE)
    with pytest.raises(ValueError, match="'two' is not made"):
        dropped((ONE,), TWO)


def test_an_assumption_made_from_a_symbol():
    made = s.above(q.GAIN, Integer(1))
    assert made.condition == Gt(q.GAIN, 1)
    assert made.id.startswith(str(q.GAIN))


# --- formulas and definitions --------------------------------------------------------------------


def test_a_formula_substitutes_in_order():
    formula = Formula("power", (q.L_TE, q.EXPONENT), q.L_TE**q.EXPONENT)
    assert formula(Integer(3), Integer(2)) == 9
    # Both at once: a swap is a swap, not a chain of replacements.
    assert formula(q.EXPONENT, q.L_TE) == q.EXPONENT**q.L_TE


@pytest.mark.parametrize("values", [(), (1,), (1, 2, 3)], ids=len)
def test_a_formula_counts_its_values(values):
    formula = Formula("power", (q.L_TE, q.EXPONENT), q.L_TE**q.EXPONENT)
    with pytest.raises(ValueError, match=f"power takes 2 values, got {len(values)}"):
        formula(*values)


def test_definitions_are_unfolded_last_first():
    where = ((q.SCALE, q.L_TE + 1), (q.GAIN, q.SCALE**2))
    entry = statement(Ge(q.L_ST, q.GAIN + q.SCALE), where=where)
    assert entry.unfolded == (Ge(q.L_ST, (q.L_TE + 1) ** 2 + q.L_TE + 1),)
    assert entry.claim == (Ge(q.L_ST, q.GAIN + q.SCALE),)


# --- mutants -------------------------------------------------------------------------------------


def test_mutating_changes_what_the_mutant_says_and_nothing_else():
    entry = statement(CLAIM, assumes=(ONE, TWO), uses=("other",), proof="a.py", checks=("b.py",))
    weaker = Mutant(id="m", change="drop two", assumes=(ONE,))
    other = Mutant(id="n", change="a cube", claim=(Ge(q.L_ST, q.L_TE**3),))
    first, second = entry.mutated(weaker), entry.mutated(other)
    assert (first.id, first.mutant_of) == ("made~m", "made")
    assert first.title == "Made up [drop two]"
    assert (first.claim, first.assumes) == (entry.claim, (ONE,))
    assert (second.claim, second.assumes) == (other.claim, entry.assumes)
    for version in (first, second):
        assert version.mutants == ()
        restored = replace(
            version,
            id=entry.id,
            title=entry.title,
            claim=entry.claim,
            assumes=entry.assumes,
            mutants=entry.mutants,
            mutant_of=None,
        )
        assert restored == entry


def test_a_mutant_may_drop_every_assumption():
    bare = Mutant(id="bare", change="no assumption", assumes=())
    assert statement(CLAIM, assumes=(ONE,)).mutated(bare).assumes == ()


@pytest.mark.parametrize("name", list(LEDGER))
def test_every_statement_has_three_different_mutants(name):
    entry = LEDGER[name]
    assert len(entry.mutants) >= 3
    assert len({m.id for m in entry.mutants}) == len(entry.mutants)
    assert all(m.id and m.change for m in entry.mutants)
    versions = [entry, *(entry.mutated(m) for m in entry.mutants)]
    contents = [content(v) for v in versions]
    assert len(set(contents)) == len(contents)
    for version in versions[1:]:
        assert version.mutant_of == name
        assert version.id.startswith(f"{name}~")


@pytest.mark.parametrize("name", list(LEDGER))
def test_assumptions_of_mutants_are_no_stronger_in_number(name):
    # A mutant drops, or replaces, what the statement assumes: it never hides behind more.
    entry = LEDGER[name]
    for mutant in entry.mutants:
        assert mutant.assumes is None or len(mutant.assumes) <= len(entry.assumes)


# --- entries of the ledger -----------------------------------------------------------------------


@pytest.mark.parametrize("name", list(LEDGER))
def test_entries_are_complete(name):
    entry = LEDGER[name]
    assert isinstance(entry, Statement)
    assert re.fullmatch(r"[a-z0-9.-]+", entry.id)
    assert entry.id == name
    assert entry.title
    assert entry.text
    assert entry.reference
    assert isinstance(entry.kind, Kind)
    assert isinstance(entry.source, Source)
    assert entry.mutant_of is None
    assert all(isinstance(kind, Evidence) for kind in entry.needs)
    assert len(set(entry.needs)) == len(entry.needs)
    assert len({a.id for a in entry.assumes}) == len(entry.assumes)
    assert all(isinstance(a, Assumption) and a.text for a in entry.assumes)
    assert all(isinstance(symbol, Symbol) for symbol, _ in entry.where)


@pytest.mark.parametrize("name", list(LEDGER))
def test_links_are_relative_paths_to_python_files(name):
    entry = LEDGER[name]
    measured = entry.kind is Kind.MEASUREMENT
    assert (entry.proof is None) == measured == (Evidence.SYMBOLIC not in entry.needs)
    assert isinstance(entry.checks, tuple)
    proofs = [] if measured else [(entry.proof, "proofs")]
    for link, folder in (*proofs, *((check, "checks") for check in entry.checks)):
        assert isinstance(link, str)
        path = PurePosixPath(link)
        assert path.parts[0] == folder
        assert path.suffix == ".py"
        assert ".." not in path.parts
    assert (entry.formal is not None) == (Evidence.FORMAL in entry.needs)


@pytest.mark.parametrize("name", list(LEDGER))
def test_one_id_is_one_assumption(name):
    # Settings grant assumptions by id, so an id must mean the same everywhere.
    known = {a.id: a.condition for entry in LEDGER.values() for a in entry.assumes}
    for a in LEDGER[name].assumes:
        assert known[a.id] == a.condition
