"""Numbers in the texts of assumptions and mutants are those of what they describe."""

import re
from collections import Counter

import pytest
from sympy import And, Integer, Rational, preorder_traversal

from tests.ledger.test_mutant_texts import CASES, agrees
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.prose import name
from w2s_theory.ledger.registry import load

ASSUMPTIONS = {
    f"{entry.id}~{assumption.id}": assumption
    for entry in load().values()
    for assumption in entry.assumes
}
NAMES = {"S_0", *(name(quantity.symbol) for quantity in q.QUANTITIES)}
SQUARE = re.compile(r"\^2")
# Said in other words than the condition's: pinned, word for word.
OTHERWISE = {
    (
        "f_S - f_0 is shrinkage optimal for f_T - f_0 up to the slack, "
        "<f_S - f_0, f_T - f_S> >= -epsilon"
    ): "start_gap >= -slack",
    "f_S = (1 - L_TE) f*": (
        "Eq(student_norm2 - 2*student_target*(1 - L_TE) + target_norm2*(1 - L_TE)**2, 0)"
    ),
    "the regulariser is convex along [0, f_S]": "R_aS <= R_0*(1 - a) + R_S*a",
    "the regulariser is smallest at 0": "R_S >= R_0",
    "-1 < t < 1": "t**2 < 1",
    "-1 <= t <= 1": "t**2 <= 1",
    "-1 <= rho <= 1": "rho**2 <= 1",
    "k > 0 if d = 2": "d + k > 2",
    "t >= log(M (1 - L_TE)/L_TE)/(2 lambda_0), as exp(-2 lambda_0 t) (1 - L_TE) <= L_TE/M": (
        "L_TE/width >= (1 - L_TE)*exp(-2*lambda_target*time)"
    ),
    "L_TE >= c M^-(1 + 3/(d-1)), L_ST <= A M^(-1/2) L_TE, c > 0, A >= 0 and M > 0": (
        "(factor >= 0) & (c > 0) & (width > 0) & (L_ST <= L_TE*factor/sqrt(width)) "
        "& (L_TE >= c*width**(-1 - 3/(dim - 1)))"
    ),
    "0 < L_TE < (3/(4c))^(1/(beta - 2)), L_TE <= 1": (
        "(L_TE <= 1) & (L_TE > 0) & (L_TE < (3/(4*c))**(1/(beta - 2)))"
    ),
    "d = 1 + M^(3/2), psi = 1/M and d > M + 4": (
        "Eq(psi*width, 1) & (dim > width + 4) & Eq((dim - 1)**2, width**3)"
    ),
    "ell^(d-1) >= 2 M B (d-1)! and ell <= (2 M B (d-1)!)^(1/(d-1)) + 1": (
        "(ell**(d - 1) >= 2*flatness*width*factorial(d - 1)) "
        "& (ell <= (2*flatness*width*factorial(d - 1))**(1/(d - 1)) + 1)"
    ),
    "lambda_0 > 0, kappa > 0 and t = c log(1/L_TE)/lambda_0 with c >= 0": (
        "(c >= 0) & (lambda_target > 0) & (ridge > 0)"
    ),
}


def said(text):
    """The numbers of a text, whole ones and decimals, each as often as it stands there."""
    for known in sorted(NAMES, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(known)}(?!\w)", "", text)
    found = re.findall(r"\d+(?:\.\d+)?", SQUARE.sub("", text))
    return Counter(Rational(number) for number in found)


def meant(*expressions):
    """The numbers of expressions; of a fraction its parts as well."""
    found = Counter()
    for node in (node for e in expressions for node in preorder_traversal(e)):
        if isinstance(node, Rational) and node >= 0:
            found.update({node, Integer(node.p), Integer(node.q)} - {Integer(1)} | {node})
    return found


def explained(text, *expressions):
    """Whether each number of the text is one of theirs, as often."""
    condition = str(And(*expressions))
    if text in OTHERWISE or condition in OTHERWISE.values():
        return OTHERWISE.get(text) == condition
    return said(text) <= meant(*expressions)


def edits(text):
    for found in re.finditer(r"\d+", text):
        yield text[: found.start()] + str(int(found.group()) + 1) + text[found.end() :]


@pytest.mark.parametrize("key", ASSUMPTIONS)
def test_assumptions_say_the_numbers_of_their_conditions(key):
    assumption = ASSUMPTIONS[key]
    assert explained(assumption.text, assumption.condition)


@pytest.mark.parametrize("key", ASSUMPTIONS)
def test_an_edited_number_of_an_assumption_is_found(key):
    assumption = ASSUMPTIONS[key]
    missed = [e for e in edits(assumption.text) if explained(e, assumption.condition)]
    assert not missed


@pytest.mark.parametrize("text", OTHERWISE)
def test_what_is_pinned_is_said_somewhere(text):
    assert any(a.text == text for a in ASSUMPTIONS.values())


# --- mutants --------------------------------------------------------------------------------------

FOUND_OUT = 137
"""Of 245 edits: what a machine reads, or a number that nothing has that was changed."""


def changed(entry, mutant):
    """What the mutant and the statement do not share."""
    new = entry.mutated(mutant)
    old_claim, new_claim = set(entry.claim), set(new.claim)
    old, now = ({a.condition for a in s.assumes} for s in (entry, new))
    return [*(old_claim ^ new_claim), *(old ^ now)]


def noticed(entry, mutant, text):
    if agrees(entry, mutant, text) is False:
        return True
    parts = [part for part in changed(entry, mutant) if part not in (True, False)]
    return said(mutant.change) <= meant(*parts) and not said(text) <= meant(*parts)


def test_most_edited_numbers_of_mutants_are_found():
    edited = [(*case, text) for case in CASES.values() for text in edits(case[1].change)]
    assert sum(noticed(*one) for one in edited) >= FOUND_OUT
