"""Numbers in the texts of assumptions and mutants are those of what they describe."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest
from sympy import Add, And, Integer, Mul, Or, Pow, Rational, preorder_traversal

import w2s_theory.ledger as package
from tests.ledger.test_mutant_texts import CASES, agrees, replacements
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.prose import cite, name
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
    """The numbers of expressions but squares; of a fraction its parts as well."""
    squares = sum(power.exp == 2 for e in expressions for power in e.atoms(Pow))
    found = Counter({Integer(2): -squares})
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
#
# A text that a machine reads (`agrees`) says what is changed. Of any other each number is one of
# those in what the mutant has instead, a theorem that it names exists and limits the mutant, and
# what is printed from an object (`say`) is printed from one that the mutant's claim is made of.

CITED = re.compile(r"(?:Theorem|Lemma|Corollary|Definition) \d+(?:\.\d+)?")
NUMBERED_AS = {cite(key): key for key in load() if re.fullmatch(r"(thm|lem|cor|def)-[\d.]+", key)}
TOKEN = re.compile(r"\d+(?:\.\d+)?(?:/\d+(?![\w(]))?")
KNOWN = NAMES | {"f_0", "S_0"}
LOST = re.compile(r"\b(?:lost|dropped)$")


def parts(old, new):
    """The smallest parts in which two expressions differ, in pairs."""
    if old == new:
        return
    if old.func != new.func or not old.args:
        yield old, new
        return
    before, after = list(old.args), list(new.args)
    if isinstance(old, Add | Mul | And | Or):
        common = Counter(before) & Counter(after)
        before = list((Counter(before) - common).elements())
        after = list((Counter(after) - common).elements())
        if len(before) != len(after):
            yield old.func(*before), new.func(*after)
            return
    if len(before) != len(after):
        yield old, new
        return
    for pair in zip(before, after, strict=True):
        yield from parts(*pair)


def size(pairs):
    return sum(one.count_ops() for pair in pairs for one in pair)


def clauses(old, new):
    """The parts of a claim; of one with another number of clauses, from the nearest one."""
    if len(old) == len(new):
        return [pair for both in zip(old, new, strict=True) for pair in parts(*both)]
    nearest = (min((list(parts(a, b)) for a in old), key=size) for b in new if b not in old)
    return [pair for pairs in nearest for pair in pairs]


def differences(entry, mutant):
    """What the statement has and what the mutant has in its place, typed and unfolded."""
    new = entry.mutated(mutant)
    if mutant.assumes is None:
        for claims in ((entry.claim, new.claim), (entry.unfolded, new.unfolded)):
            pairs = clauses(*claims)
            yield [a for a, _ in pairs], [b for _, b in pairs]
        return
    gone = tuple(a.condition for a in entry.assumes if a not in mutant.assumes)
    come = tuple(a.condition for a in mutant.assumes if a not in entry.assumes)
    pairs = clauses(gone, come) if come else [(condition, condition) for condition in gone]
    yield [a for a, _ in pairs], [b for _, b in pairs]


def numbers(expressions):
    return [
        abs(node)
        for one in expressions
        for node in preorder_traversal(one)
        if isinstance(node, Rational)
    ]


def within(wanted, expressions):
    """Whether the numbers are those of the expressions; one of theirs may be said in its parts."""
    had = Counter(numbers(expressions))
    rest = wanted - had
    for fraction in (had - wanted).elements():
        rest -= Counter([fraction.p, fraction.q] if fraction.q != 1 else [])
    return not rest


def tokens(text):
    """The numbers of a text; None for a fraction that is not in lowest terms, or a strange name."""
    for known in sorted(KNOWN, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(known)}(?!\w)", "", text)
    text = CITED.sub("", text)
    found = TOKEN.findall(text)
    reduced = all("/" not in number or str(Rational(number)) == number for number in found)
    if not reduced or re.search(r"[A-Za-z]\w*_\w*\d", text):
        return None
    return Counter(Rational(number) for number in found)


def limited_by(entry, mutant, theorem):
    """Whether the theorem is in the ledger, and its bound on L_ST in what the mutant claims."""
    cited = load()[NUMBERED_AS[theorem]].claim if theorem in NUMBERED_AS else ()
    bounds = [clause.rhs for clause in cited if q.L_ST in clause.args]
    changed = [clause for clause in entry.mutated(mutant).claim if clause not in entry.claim]
    return any(clause.has(bound) for clause in changed for bound in bounds)


def holds(entry, mutant, text):
    """Whether every number of the text is that of the mutant."""
    read = agrees(entry, mutant, text)
    if read is not None:
        return read
    if not all(limited_by(entry, mutant, found) for found in CITED.findall(text)):
        return False
    old, new = replacements(text) or ((text, "") if LOST.search(text) else ("", text))
    before, after = tokens(old), tokens(new)
    if before is None or after is None:
        return False
    return any(within(before, a) and within(after, b) for a, b in differences(entry, mutant))


def printed():
    """Names in what a text prints and names in what the mutant is made of, of those that print."""
    for path in sorted(Path(package.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Statement":
                yield from _printed(node)


def _printed(statement):
    given = {k.arg: k.value for k in statement.keywords}
    for call in ast.walk(given.get("mutants", ast.Tuple([]))):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Mutant":
            id, change, *_ = [*call.args, *(k.value for k in call.keywords if k.arg)]
            if isinstance(change, ast.JoinedStr):
                made_of = [k.value for k in call.keywords if k.arg in ("claim", "assumes")]
                yield f"{given['id'].value}~{id.value}", (change, names(*made_of))


def names(*nodes):
    inner = (n for node in nodes for n in ast.walk(node))
    return {ast.unparse(n) for n in inner if isinstance(n, ast.Name | ast.Attribute)}


PRINTED = dict(printed())
NUMBERED = [key for key, (_, m) in CASES.items() if re.search(r"\d", m.change)]
TYPED = [key for key in NUMBERED if key not in PRINTED]


@pytest.mark.parametrize("key", PRINTED)
def test_what_a_mutant_prints_is_what_it_is_made_of(key):
    change, made_of = PRINTED[key]
    for piece in change.values:
        if isinstance(piece, ast.Constant):
            assert not re.search(r"\d", piece.value)
            continue
        assert ast.unparse(piece.value.func) == "say"
        typed = [n for n in ast.walk(piece.value) if isinstance(n, ast.Constant)]
        assert len(typed) == ast.unparse(piece.value).startswith("say(1 / ")
        said_of = {name.removesuffix(".condition") for name in names(*piece.value.args)}
        assert said_of <= made_of


@pytest.mark.parametrize("key", TYPED)
def test_a_mutant_says_the_numbers_of_its_change(key):
    assert holds(*CASES[key], CASES[key][1].change)


@pytest.mark.parametrize("key", TYPED)
def test_an_edited_number_of_a_mutant_is_found(key):
    assert not [text for text in edits(CASES[key][1].change) if holds(*CASES[key], text)]
