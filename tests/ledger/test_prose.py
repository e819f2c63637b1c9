"""Numbers of titles and texts come from the SymPy objects: none is typed by hand."""

import ast
import re
from pathlib import Path

import pytest
from sympy import Integer, Rational, exp, log, sqrt

import w2s_theory.ledger as package
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.prose import cite, name, say
from w2s_theory.ledger.registry import load

LEDGER = load()
TEXTS = ("title", "text")


def sources():
    """(id, keyword, parts) of every title and text: parts are literals (str) and AST nodes."""
    for path in sorted(Path(package.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Statement":
                given = {k.arg: k.value for k in node.keywords}
                for field in TEXTS:
                    yield given["id"].value, field, parts(given[field])


def parts(node):
    if isinstance(node, ast.Constant):
        return [node.value]
    assert isinstance(node, ast.JoinedStr), ast.dump(node)
    return [value.value for value in node.values]


SOURCES = {(key, field): found for key, field, found in sources()}


def unexplained(literal):
    """Numbers of a literal that are not part of a statement's id with a name of its own.

    thm-3.1 and its like are one edit away from each other, so they are cited (`prose.cite`).
    """
    for key in sorted(LEDGER, key=len, reverse=True):
        if re.search("[a-z]{3}$", key):
            literal = re.sub(rf"(?<![\w.-]){re.escape(key)}(?![\w-]|\.\d)", "", literal)
    return re.findall(r"\d+", literal)


def test_every_statement_is_seen():
    assert {key for key, _ in SOURCES} == set(LEDGER)


@pytest.mark.parametrize(("key", "field"), SOURCES, ids=str)
def test_no_number_is_typed(key, field):
    literals = [part for part in SOURCES[key, field] if isinstance(part, str)]
    assert not [n for literal in literals for n in unexplained(literal)]


@pytest.mark.parametrize(("key", "field"), SOURCES, ids=str)
def test_what_is_put_in_is_printed_from_objects(key, field):
    """Calls of `say` and of lists made with it; in them no numbers but places, L^2 and 1/x."""
    for node in SOURCES[key, field]:
        if isinstance(node, str):
            continue
        assert isinstance(node, ast.Call)
        if node.func.id == "cite":
            assert [argument.value in LEDGER for argument in node.args] == [True]
            continue
        assert node.func.id in ("say", "_listed", "_listed_taylor")
        free = set()
        for inner in ast.walk(node):
            if isinstance(inner, ast.Subscript):
                free |= set(ast.walk(inner.slice))
            if isinstance(inner, ast.BinOp) and ast.unparse(inner) == "q.L_TE ** 2":
                free.add(inner.right)
            if isinstance(inner, ast.BinOp) and ast.unparse(inner).startswith("1 / "):
                free.add(inner.left)
        assert not {n for n in ast.walk(node) if isinstance(n, ast.Constant)} - free


def edits(text):
    """The text with each of its numbers raised by one."""
    for found in re.finditer(r"\d+", text):
        yield text[: found.start()] + str(int(found.group()) + 1) + text[found.end() :]


@pytest.mark.parametrize(("key", "field"), SOURCES, ids=str)
def test_every_edited_number_is_found(key, field):
    """A text typed with one of its numbers changed would have a number unexplained."""
    for edited in edits(getattr(LEDGER[key], field)):
        assert unexplained(edited)


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (Rational(3, 4) * q.L_TE**2, "3 L_TE^2/4"),
        (s.QUADRATIC_CONSTANT, "3/4"),
        (4 * log(q.WIDTH) ** 2 / q.WIDTH ** Rational(3, 2), "4 log(M)^2/M^(3/2)"),
        (1 - exp(-q.PSI * q.TIME), "1 - exp(-psi t)"),
        (sqrt(q.TEACHER_NORM2), "||f_T||"),
        (q.TARGET_NORM2 - q.TEACHER_NORM2, "||f*||^2 - ||f_T||^2"),
        (Integer(2), "2"),
    ],
    ids=str,
)
def test_expressions_are_said_in_the_notation(expr, expected):
    assert say(expr) == expected


def test_a_formula_is_said_by_its_expression():
    assert say(s.GRADIENT_FLOW) == say(s.GRADIENT_FLOW.expr)


@pytest.mark.parametrize(
    ("symbol", "expected"),
    [(q.L_TE, "L_TE"), (q.WIDTH, "M"), (q.LAMBDA_TARGET, "lambda_0"), (q.TRACE, "tr K"),
     (q.STUDENT_TEACHER, "<f_S, f_T>"), (q.PHI, "phi"), (q.TARGET_NORM2, "||f*||^2")],
    ids=str,
)  # fmt: skip
def test_names_are_the_notation_without_its_commands(symbol, expected):
    assert name(symbol) == expected


def test_numbered_statements_are_cited_as_in_the_paper():
    assert [cite(key) for key in ("thm-4.1", "lem-1", "def-1")] == [
        "Theorem 4.1",
        "Lemma 1",
        "Definition 1",
    ]
