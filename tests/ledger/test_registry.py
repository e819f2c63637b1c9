"""The ledger as a collection: what it refuses, how it is searched, what rests on what."""

from dataclasses import FrozenInstanceError

import pytest
from sympy import Ge, Integer

import w2s_theory as w2s
from tests.making import statement
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.registry import Ledger, UnknownStatementError, load, unknown

CLAIM = Ge(q.L_ST, q.L_TE**2)
LEDGER = load()


def made(id, *uses, **changes):
    return statement(CLAIM, id=id, uses=uses, **changes)


DIAMOND = Ledger(
    [made("root"), made("left", "root"), made("right", "root"), made("top", "right", "left")]
)


@pytest.mark.parametrize(
    ("statements", "message"),
    [
        ([], "at least one statement, got none"),
        ([made("a"), made("b"), made("a")], "'a' appears twice"),
        ([made("a"), made("b", "c")], "'b' uses 'c', which is not a statement"),
        ([made("a", "a")], "in a cycle: .*'a'"),
        ([made("a", "b"), made("b", "a")], "in a cycle: .*'a'.*'b'|in a cycle: .*'b'.*'a'"),
        ([made("a", "c"), made("b", "a"), made("c", "b"), made("d")], "in a cycle"),
        ([made("a"), made("b", mutants=())], "'b' must list mutants, got none"),
    ],
    ids=["empty", "duplicate", "unknown", "self", "pair", "triangle", "no mutants"],
)
def test_unsound_collections_are_refused(statements, message):
    with pytest.raises(ValueError, match=message):
        Ledger(statements)


def test_a_generator_is_read_once():
    assert list(Ledger(made(name) for name in "abc")) == ["a", "b", "c"]


def test_mapping_protocol():
    assert list(DIAMOND) == ["root", "left", "right", "top"]
    assert len(DIAMOND) == 4
    assert "left" in DIAMOND
    assert "centre" not in DIAMOND
    assert DIAMOND["left"].uses == ("root",)
    assert DIAMOND.get("centre") is None
    assert dict(DIAMOND) == {name: DIAMOND[name] for name in DIAMOND}
    assert Ledger([made("root")]) != DIAMOND


def test_it_cannot_be_changed():
    with pytest.raises(TypeError):
        DIAMOND["new"] = made("new")
    with pytest.raises(FrozenInstanceError):
        DIAMOND["top"].claim = ()


@pytest.mark.parametrize(
    ("name", "expected"), [("root", ()), ("left", ("root",)), ("top", ("root", "left", "right"))]
)
def test_ancestors_of_a_diamond_come_once_in_order(name, expected):
    assert DIAMOND.ancestors(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("def-1", ()),
        ("cor-1", ("def-1", "lem-1", "lem-ls", "thm-4.1")),
        ("cor-2", ("def-1", "thm-4.2")),
        ("err-1", ("def-1", "thm-4.1")),
        ("nstep-sharp", ("def-1", "thm-4.1", "thm-4.2", "cor-2", "nstep")),
    ],
)
def test_ancestors_in_the_ledger(name, expected):
    assert LEDGER.ancestors(name) == expected


@pytest.mark.parametrize("name", list(LEDGER))
def test_statements_use_earlier_ones_only(name):
    order = list(LEDGER)
    assert all(order.index(other) < order.index(name) for other in LEDGER[name].uses)
    assert len(set(LEDGER[name].uses)) == len(LEDGER[name].uses)
    closure = set(LEDGER[name].uses)
    for other in LEDGER[name].uses:
        closure |= set(LEDGER.ancestors(other))
    assert LEDGER.ancestors(name) == tuple(x for x in order if x in closure)


@pytest.mark.parametrize(
    ("wrong", "near"),
    [
        ("thm-4.3", ["thm-4.1", "thm-4.2"]),
        ("thm4.1", ["thm-4.1"]),
        ("thm-4.1-shrap", ["thm-4.1-sharp"]),
        ("cor-3", ["cor-1", "cor-2"]),
        ("sharp", ["thm-4.1-sharp", "thm-4.2-sharp", "nstep-sharp"]),
        ("THM", ["thm-4.1"]),
    ],
)
def test_an_unknown_id_lists_near_matches(wrong, near):
    with pytest.raises(UnknownStatementError) as caught:
        LEDGER[wrong]
    message = str(caught.value)
    assert message.startswith(f"unknown statement {wrong!r}; did you mean ")
    assert all(name in message for name in near)
    assert "err-1" not in message


def test_an_id_like_no_other_lists_all():
    message = unknown("qqqq", LEDGER)
    assert message == f"unknown statement 'qqqq'; known: {', '.join(list(LEDGER)[:12])}, ..."


@pytest.mark.parametrize("kind", [KeyError, ValueError])
def test_the_error_is_both_a_key_and_a_value_error(kind):
    with pytest.raises(kind, match="did you mean"):
        LEDGER.ancestors("thm-4.9")


def test_loading_twice_gives_one_ledger():
    assert load() is load()


def test_the_module_is_the_mapping():
    theorem = w2s.ledger["thm-4.1"]
    assert theorem is LEDGER["thm-4.1"]
    assert theorem.id == "thm-4.1"
    assert list(w2s.ledger) == list(LEDGER)
    assert len(w2s.ledger) == len(LEDGER)
    assert "thm-4.1" in w2s.ledger
    assert "thm-9" not in w2s.ledger
    assert w2s.ledger.values() == tuple(LEDGER.values())
    assert {"def-1", "lem-1", "thm-4.1", "cor-1", "thm-4.2", "cor-2", "nstep", "err-1"} <= set(
        w2s.ledger
    )
    with pytest.raises(KeyError, match=r"did you mean thm-4\.1"):
        w2s.ledger["thm-4.1.0"]


def test_the_module_is_read_only():
    with pytest.raises(TypeError):
        w2s.ledger["thm-4.1"] = Integer(1)
    with pytest.raises(TypeError):
        del w2s.ledger["thm-4.1"]
