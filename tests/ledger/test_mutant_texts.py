"""What a mutant says it changes is what it changes, wherever a machine can read its text."""

import re
from collections import Counter
from functools import cache
from itertools import product

import pytest
from sympy import (
    Add,
    Eq,
    Expr,
    Ge,
    Gt,
    Integer,
    Integral,
    Le,
    Lt,
    Mul,
    Rational,
    Sum,
    Symbol,
    expand,
    gamma,
    parse_expr,
    sympify,
)
from sympy.core.relational import Relational
from sympy.parsing.sympy_parser import (
    convert_xor,
    implicit_multiplication,
    standard_transformations,
)

from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.infimum import Infimum
from w2s_theory.ledger.registry import load

CASES = {
    f"{entry.id}~{mutant.id}": (entry, mutant)
    for entry in load().values()
    for mutant in entry.mutants
}
READ = (*standard_transformations, implicit_multiplication, convert_xor)
# What texts call a symbol; of several, those that the statement has are meant.
NAMES = {
    **{
        "L_TE": [q.L_TE, q.BLOCK_LOSS],
        "L_ST": [q.L_ST],
        "L": [q.L_TE],
        "PGR": [q.PGR],
        "c": [q.LIMIT_RATIO],
    },
    **{"kappa_S": [q.KAPPA], "kappa": [q.RIDGE], "psi": [q.PSI], "t": [q.TIME, q.POINT]},
    **{"M": [q.WIDTH], "C": [q.DECAY_C], "k": [q.DEGREE], "d": [q.SPACE_DIM, q.DIM]},
    **{"m": [q.TERM], "rho": [q.RHO], "h_k": [q.H_K], "a_k": [q.A_K], "N_k": [q.N_K]},
    **{"lambda": [q.LAMBDA_TARGET, q.EIGENVALUE], "lambda_0": [q.LAMBDA_TARGET]},
    **{"lambda_out": [q.LAMBDA_OUT], "lambda_min": [q.BLOCK_MIN], "tr_K": [q.TRACE]},
    **{"beta": [q.EXPONENT], "theta": [q.THETA, q.TURN], "n": [q.CHAIN], "alpha": [q.POWER]},
    **{"norm_target": [q.TARGET_NORM2], "norm_teacher": [q.TEACHER_NORM2]},
    **{"norm_student": [q.STUDENT_NORM2], "missed": [q.BLOCK_SQUARE]},
}
SPELT = {
    "||f*||^2": "norm_target",
    "||f_T||^2": "norm_teacher",
    "||f_S||^2": "norm_student",
    "||H b||^2": "missed",
    "tr K": "tr_K",
    "lambda_min": "lambda_min",
    "L(": "L*(",
}
SIGNS = {"=": Eq, ">=": Ge, "<=": Le}
UNEXPANDED = (Sum, Integral, gamma, Infimum)
WHERE = (
    r" (?:in|under) (?:N_k|Gamma|the (?:root|time|threshold|second kernel|teacher's exponent))\b"
)
"""Where a change is made, as texts say it."""
WORD_FOR = {"R": "regulariser", "students": "student"}
WORDS = {"half": Rational(1, 2), "halved": Rational(1, 2), "twice": Integer(2), "a factor 2": 2}


# --- reading -------------------------------------------------------------------------------------


def readings(text, symbols):
    """Every expression that `text` can mean in a statement with these symbols."""
    for spelt, name in SPELT.items():
        text = text.replace(spelt, name)
    names = sorted(set(re.findall(r"[A-Za-z]\w*", text)) - {"sqrt", "exp", "log", "sin", "cos"})
    choices = [[s for s in NAMES.get(name, ()) if s in symbols] for name in names]
    for chosen in product(*choices):
        try:
            yield parse_expr(text, dict(zip(names, chosen, strict=True)), READ)
        except (SyntaxError, TypeError, ValueError):
            return


def replacements(text):
    """(old, new) of `A -> B`, `A becomes B` and `B instead of A`."""
    text = re.sub(WHERE, "", text)
    for sign, order in ((" -> ", 1), (" becomes ", 1), (" instead of ", -1)):
        if sign in text:
            return tuple(part.split(": ")[-1] for part in text.split(sign))[::order]
    return None


def changes(text, symbols):
    """What the mutant must have done at some places: functions from an expression to versions."""
    pair = replacements(text)
    if pair:
        for old, new in product(*(list(readings(part, symbols)) for part in pair)):
            # A number may stand doubled, where a square was completed.
            yield lambda e, old=old, new=new: (e.subs(old, new), e.subs(2 * old, 2 * new))
    shifted = re.fullmatch(r"([kdm]) off by one", re.sub(WHERE, "", text))
    if shifted:
        for symbol in readings(shifted[1], symbols):
            yield lambda e, x=symbol: (e.subs(x, x + 1), e.subs(x, x - 1))
    factor = re.match(r"(half|twice|a factor 2|[\d.]+ times as much)\b", text)
    if factor or text.endswith("halved"):
        said = factor[1].split(" times")[0] if factor else "half"
        number = sympify(WORDS.get(said, said), rational=True)
        yield lambda e: (number * e, e / number)
    dropped = re.fullmatch(r"(\w+) dropped", text)
    if dropped:
        for symbol in readings(dropped[1], symbols):
            yield lambda e, x=symbol: (e.subs(x, 0),)


def relations(text, symbols):
    """The relations that a text such as `L_ST >= 1.1 L_TE^2` can mean."""
    sides = re.fullmatch(r"(.+?) (=|>=|<=) (.+?)(, as printed)?", text)
    if sides:
        for left, right in product(*(list(readings(sides[n], symbols)) for n in (1, 3))):
            yield SIGNS[sides[2]](left, right)


# --- comparing -----------------------------------------------------------------------------------


def same(left, right):
    if left == right:
        return True
    if isinstance(left, Relational) or isinstance(right, Relational):
        return False
    if left.has(*UNEXPANDED) or right.has(*UNEXPANDED) or left.count_ops() > 40:
        return False
    return expand(left - right) == 0


def explained(old, new, change):
    """Whether `new` is `old` with `change` applied at some of its places."""
    if old == new:
        return True
    numbers = isinstance(old, Expr) and isinstance(new, Expr)
    if numbers and any(same(version, new) for version in change(old)):
        return True
    if old.func != new.func or not old.args:
        return False
    before, after = list(old.args), list(new.args)
    if isinstance(old, Add | Mul):
        common = Counter(before) & Counter(after)
        before = list((Counter(before) - common).elements())
        after = list((Counter(after) - common).elements())
        if any(same(version, new.func(*after)) for version in change(old.func(*before))):
            return True
    if len(before) != len(after):
        return False
    return all(explained(a, b, change) for a, b in zip(before, after, strict=True))


def states(clauses, relation):
    """Whether one of the clauses is this relation."""
    return any(
        clause.func == relation.func
        and same(clause.lhs, relation.lhs)
        and same(clause.rhs, relation.rhs)
        for clause in clauses
        if isinstance(clause, Relational)
    )


def agrees(entry, mutant, text):
    """Whether the mutant changes what the text says; None if no machine can read the text."""
    mutated = entry.mutated(mutant)
    if mutant.assumes is not None:
        return about(text, entry, mutant)
    typed, unfolded = (entry.claim, mutated.claim), (entry.unfolded, mutated.unfolded)
    symbols = {x for clause in (*entry.claim, *entry.unfolded) for x in clause.atoms(Symbol)}
    if text == ">= becomes >":
        return all(Gt(a.lhs, a.rhs) == b for a, b in zip(*typed, strict=True))
    said = list(relations(text, symbols))
    if said:
        return any(
            states(new, x) and not states(old, x) for old, new in (typed, unfolded) for x in said
        )
    known = list(changes(text, symbols))
    if not known:
        return None
    # A mutant may leave out clauses: those that it has must be explained.
    return any(
        all(any(explained(a, b, change) for a in old) for b in new if b not in old)
        for old, new in (typed, unfolded)
        for change in known
    )


def about(text, entry, mutant):
    """Whether the assumption that is dropped is the one that the text takes back."""
    gone = [a for a in entry.assumes if a not in mutant.assumes]
    bound = re.search(r"may (?:be (negative)|exceed (\d+)|be less than (\d+))$", text)
    if bound:
        value = Integer(0 if bound[1] else bound[2] or bound[3])
        kinds = (Le, Lt) if bound[2] else (Ge, Gt)
        conditions = [x for a in gone for x in a.condition.atoms(Relational)]
        return any(isinstance(x, kinds) and value in x.args for x in conditions)
    words = set(re.findall(r"[a-z]{4,}|\bR\b", text)) - {"need", "every"}
    words = {WORD_FOR.get(word, word) for word in words}
    if not words or not re.search(r"need not|\bmay (?:be|run)\b", text):
        return None
    shared = {a.id: sum(word in f"{a.id} {a.text}" for word in words) for a in entry.assumes}
    return max(shared.values()) == min(shared[a.id] for a in gone) > 0


# --- the mutants ----------------------------------------------------------------------------------

OTHERWISE = ("optimality~backwards",)
"""Its assumption bounds the time from below by what training needs."""


@cache
def found(key):
    entry, mutant = CASES[key]
    return agrees(entry, mutant, mutant.change)


def test_texts_say_what_the_mutants_change():
    """Those that a machine reads."""
    assert [key for key in CASES if found(key) is False] == list(OTHERWISE)


def test_nearly_half_of_the_texts_are_read():
    assert sum(found(key) is True for key in CASES) >= 88


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("thm-4.1~floor-2L", "1 - L under the root becomes 1 + L"),
        ("thm-4.1~c-0.76", "3/4 -> 0.75"),
        ("thm-4.1~beta-1.9", "2 -> 1.99"),
        ("spec-funk-hecke~sign", "1 - t^2 becomes 1 + t"),
        ("kappa-alignment~kappa-squared", "L_TE -> L_TE^2"),
        ("master-bound~twice-as-fast", "exp(-lambda_0 t) -> exp(-3 lambda_0 t)"),
        ("spec-coefficients~two", "3 times as much"),
        ("spec-coefficients~degree", "d off by one"),
        ("lem-ls~loss-half", "L_TE = ||f*||^2 + ||f_T||^2"),
        ("lem-1~strict", "a factor 2"),
        ("lem-1-filters~overshoot", "s may exceed 2"),
        ("lem-1-filters~negative", "s may exceed 1"),
        ("thm-4.1~any-teacher", "the target need not be a unit vector"),
        ("thm-3.1-markov~no-leak", "kappa_S dropped"),
    ],
)
def test_a_text_of_another_change_is_found_out(key, text):
    assert agrees(*CASES[key], text) is False
