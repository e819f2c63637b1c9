"""The reader of Coq's output, on output as Coq prints it and on sources that must be refused."""

# ruff: noqa: D103

from __future__ import annotations

import pytest
from check_assumptions import (
    FormalError,
    Report,
    axiom_names,
    compare,
    coqchk_axioms,
    definitions,
    marked_theorems,
    meaning,
    parse,
    pins,
    query,
    without_comments,
)

PRINTED = """Axioms:
ClassicalDedekindReals.sig_not_dec : forall P : Prop, {~ ~ P} + {~ P}
ClassicalDedekindReals.sig_forall_dec
  : forall P : nat -> Prop,
    (forall n : nat, {P n} + {~ P n}) -> {n : nat | ~ P n} + {forall n : nat, P n}
"""
SUMMARY = """
CONTEXT SUMMARY
===============

* Theory: Set is predicative

* Axioms:
    Coq.Logic.Classical_Prop.classic
    {extra}
* Constants/Inductives relying on type-in-type: {unsafe}

* Inductives whose positivity is assumed: <none>
"""


def test_axioms_are_read_whatever_the_line_breaks() -> None:
    assert axiom_names(PRINTED) == [
        "ClassicalDedekindReals.sig_not_dec",
        "ClassicalDedekindReals.sig_forall_dec",
    ]
    assert axiom_names("Closed under the global context\n") == []


@pytest.mark.parametrize("printed", ["", "Axioms:\n", "Error: not found\n"])
def test_unreadable_output_is_not_taken_for_no_axioms(printed: str) -> None:
    with pytest.raises(FormalError, match="cannot read"):
        axiom_names(printed)


def test_statement_and_axioms_of_each_theorem() -> None:
    printed = f"@@ W2S.A.t\n     : forall x : R,\n       x = x\n@@ {PRINTED}"
    ((statement, axioms),) = parse(printed)
    assert statement == "forall x : R, x = x"
    assert len(axioms) == 2


def test_the_query_asks_both_questions_of_every_theorem() -> None:
    text = query(["Limits", "Flow"], [("Limits", "thm_4_1"), ("Flow", "lem_1_flow")])
    for name in ("W2S.Limits.thm_4_1", "W2S.Flow.lem_1_flow"):
        assert f"Check @{name}." in text
        assert f"Print Assumptions {name}." in text


def test_nested_comments() -> None:
    assert without_comments("a (* b (* Admitted *) c *) d") == "a  d"


def test_theorems_carry_a_ledger_id() -> None:
    source = "(** [thm-4.1] A bound. *)\nTheorem thm_4_1 : True.\nProof. exact I. Qed.\n"
    assert marked_theorems("A.v", source) == [("thm-4.1", "thm_4_1")]
    with pytest.raises(FormalError, match="other has no ledger id"):
        marked_theorems("A.v", source + "(** No id. *)\nTheorem other : True.\n")


@pytest.mark.parametrize(
    "code", ["Admitted.", "admit.", "Axiom a : False.", "Parameters a b : nat.", "Abort."]
)
def test_unproved_statements_are_refused(code: str) -> None:
    with pytest.raises(FormalError, match="is not allowed"):
        marked_theorems("A.v", f"Lemma x : True.\n{code}\n")
    assert marked_theorems("A.v", f"(* {code} *)\n") == []


def test_coqchk_summary() -> None:
    clean = SUMMARY.format(extra="", unsafe="<none>")
    assert coqchk_axioms(clean) == ["Coq.Logic.Classical_Prop.classic"]
    with pytest.raises(FormalError, match=r"W2S\.Limits\.cheat"):
        coqchk_axioms(SUMMARY.format(extra="W2S.Limits.cheat", unsafe="<none>"))
    with pytest.raises(FormalError, match="type-in-type"):
        coqchk_axioms(SUMMARY.format(extra="", unsafe="W2S.Limits.cheat"))
    with pytest.raises(FormalError, match="no list of axioms"):
        coqchk_axioms("")


SOURCE = """
Definition loss (x : R) : R := x ^ 2.
(** [Definition hidden := 1.] *)
Definition least (x : R) : Prop :=
  loss x <= 1.5 * loss 0.
Definition space : Type.
Proof. exact R. Defined.
Fixpoint sum (n : nat) : R := match n with O => 0 | S m => sum m + 1 end.
"""


def test_definitions_are_read_to_the_end_of_their_sentence_or_proof() -> None:
    found = definitions([SOURCE])
    assert list(found) == ["loss", "least", "space", "sum"]
    assert found["least"] == "Definition least (x : R) : Prop := loss x <= 1.5 * loss 0."
    assert found["space"].endswith("exact R. Defined.")
    with pytest.raises(FormalError, match="loss is defined twice"):
        definitions([SOURCE, "Definition loss := 1.\n"])


def test_a_definition_far_below_a_statement_changes_its_hash() -> None:
    statement = "forall x, least x"
    known = definitions([SOURCE])
    assert meaning(statement, known) == meaning(statement, dict(reversed(known.items())))
    changed = definitions([SOURCE.replace("x ^ 2", "0")])
    assert meaning(statement, changed) != meaning(statement, known)
    assert meaning("forall n, sum n = 0", changed) == meaning("forall n, sum n = 0", known)


def report(**hashes: str) -> Report:
    theorems: list[dict[str, object]] = [{"name": n, "hash": h} for n, h in hashes.items()]
    return {"coq": "8.16", "theorems": theorems, "claims": [], "sources": {}, "ledger": {}}


def test_statements_are_held_against_the_pinned_ones() -> None:
    pinned = pins(report(err_1="aa", thm_4_1="bb"))
    compare(report(err_1="aa", thm_4_1="bb"), pinned)
    for other in ({"err_1": "cc", "thm_4_1": "bb"}, {"thm_4_1": "bb"}):
        with pytest.raises(FormalError, match=r"not as in statements\.json.*: err_1;"):
            compare(report(**other), pinned)
    with pytest.raises(FormalError, match=": new;"):
        compare(report(err_1="aa", thm_4_1="bb", new="dd"), pinned)
