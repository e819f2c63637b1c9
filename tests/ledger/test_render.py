"""LaTeX and text of symbols, minima and claims: no exponent is lost, every symbol has a name."""

import re
from html import escape

import pytest
import sympy
from sympy import Add, Eq, Ge, Gt, Implies, Integer, Le, Mul, Rational, Symbol, sqrt

import w2s_theory as w2s
from tests.making import statement
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.infimum import Infimum
from w2s_theory.ledger.printers import has_exponent
from w2s_theory.ledger.render import claim_latex, claim_text, latex, text
from w2s_theory.ledger.sums_and_products import gathered, opened, terms_of, tidied

X = Symbol("X")
FORMS = {
    "square": lambda x: x**2,
    "cube": lambda x: x**3,
    "inverse": lambda x: 1 / x,
    "inverse square": lambda x: x**-2,
    "root": sqrt,
    "inverse root": lambda x: 1 / sqrt(x),
    "three halves": lambda x: x ** Rational(3, 2),
    "symbolic power": lambda x: x ** Symbol("p"),
    "exponent": lambda x: Integer(2) ** x,
    "scaled": lambda x: 3 * x,
    "scaled square": lambda x: 5 * x**2,
    "fraction": lambda x: x / 3,
    "negative": lambda x: -x,
    "product of powers": lambda x: Symbol("K") * x**2,
}
POWERS = [
    *("square", "cube", "inverse square", "root", "inverse root", "three halves"),
    *("scaled square", "product of powers"),
]
CHAIN_MIN = Infimum(q.L_ST + q.PHI, q.PHI, Integer(0), q.THETA / q.CHAIN)
MIN_LATEX = r"\min_{0 \le \varphi \le \theta/n} (\mathcal{L}_{\mathrm{ST}} + \varphi)"
X_K, X_D = (Symbol(name, integer=True, positive=True) for name in "kd")
MIN_TEXT = "min(L_ST + phi for 0 <= phi <= theta/n)"
ONE_MIN = Infimum(q.PHI**2 - q.L_TE, q.PHI, Integer(0), Integer(1))


def bare(tex, name):
    """What is printed, without the brackets around the name, and the space before an operator."""
    return tex.replace(r"\, ", "").replace(rf"\left({name}\right)", name).replace(f"({name})", name)


def sympy_latex(expr):
    return sympy.latex(expr, fold_frac_powers=True)


def as_sympy_prints(name, printer):
    """Every form of a plain symbol, as SymPy prints it, with `name` in place of the symbol."""
    return {form: printer(make(X)).replace("X", name) for form, make in FORMS.items()}


@pytest.mark.parametrize("quantity", q.QUANTITIES, ids=lambda x: str(x.symbol))
def test_symbols_print_like_any_other_symbol(quantity):
    name, symbol = quantity.latex, quantity.symbol
    printed = {form: latex(make(symbol)) for form, make in FORMS.items()}
    found = {form: bare(tex, name) for form, tex in printed.items()}
    expected = as_sympy_prints(name, sympy_latex)
    if name.endswith("^2"):  # a power of a square is one of what is squared
        side = Symbol("X", positive=True)
        for form in POWERS:
            tex = sympy_latex(FORMS[form](side**2))
            expected[form] = tex.replace("X", name.removesuffix("^2"))
    assert found == expected


@pytest.mark.parametrize("quantity", q.QUANTITIES, ids=lambda x: str(x.symbol))
def test_names_with_an_exponent_are_put_in_parentheses(quantity):
    name = quantity.latex
    assert latex(quantity.symbol) == name
    squared = latex(quantity.symbol**2)
    brackets = (f"({name})^{{2}}", rf"\left({name}\right)^{{2}}")  # as high as the name
    if name.endswith("^2"):
        assert squared == f"{name.removesuffix('^2')}^{{4}}"
    else:
        raised = has_exponent(name) and "'" not in name
        assert squared in brackets if raised else squared == f"{name}^{{2}}"


@pytest.mark.parametrize(
    ("node", "name", "line"),
    [
        (CHAIN_MIN, MIN_LATEX, MIN_TEXT),
        (ONE_MIN, latex(ONE_MIN), "min(phi**2 - L_TE for 0 <= phi <= 1)"),
    ],
    ids=["symbolic interval", "fixed interval"],
)
def test_minima_print_like_symbols(node, name, line):
    for form, make in FORMS.items():
        printed = latex(make(node))
        assert bare(printed, name) == as_sympy_prints(name, sympy_latex)[form]
        assert text(make(node)).replace(f"({line})", line) == as_sympy_prints(line, str)[
            form
        ].replace(f"({line})", line)


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (CHAIN_MIN, MIN_LATEX),
        (CHAIN_MIN**2, rf"\left({MIN_LATEX}\right)^{{2}}"),
        (1 / CHAIN_MIN, rf"\frac{{1}}{{{MIN_LATEX}}}"),
        (CHAIN_MIN**-2, rf"\frac{{1}}{{\left({MIN_LATEX}\right)^{{2}}}}"),
        (sqrt(CHAIN_MIN), rf"\sqrt{{{MIN_LATEX}}}"),
        (2 * CHAIN_MIN, rf"2 {MIN_LATEX}"),
        (q.L_TE * CHAIN_MIN**2, rf"\mathcal{{L}}_{{\mathrm{{TE}}}} \left({MIN_LATEX}\right)^{{2}}"),
    ],
    ids=str,
)
def test_golden_latex_of_a_minimum(expr, expected):
    assert latex(expr) == expected


def test_golden_strings_of_theorem_4_1():
    theorem = w2s.ledger["thm-4.1"]
    teacher = r"\mathcal{L}_{\mathrm{TE}}"
    root = rf"\sqrt{{(1 - {teacher}) (1 + 3 {teacher})}}"
    chain = (
        rf"\mathcal{{L}}_{{\mathrm{{ST}}}} \ge \frac{{1 + {teacher} - {root}}}{{2}} "
        rf"\ge \tfrac{{3}}{{4}} {teacher}^{{2}}"
    )
    assert theorem.latex == chain
    line = "L_ST >= (1 + L_TE - sqrt((1 - L_TE)*(1 + 3*L_TE)))/2 >= 3*L_TE**2/4"
    assert claim_text(theorem.claim) == line


@pytest.mark.parametrize(
    ("expr", "notation", "expected"),
    [
        (q.L_TE**2, {q.L_TE: "L"}, "L^{2}"),
        (1 / q.L_TE, {q.L_TE: "L"}, r"\frac{1}{L}"),
        (q.L_TE**2, {q.L_TE: r"\sin^2\theta"}, r"(\sin^2\theta)^{2}"),
        (q.L_TE**2, {q.L_ST: "S"}, r"\mathcal{L}_{\mathrm{TE}}^{2}"),
        (ONE_MIN, {q.PHI: "u", q.L_TE: "L"}, r"\min_{0 \le u \le 1} (u^{2} - L)"),
    ],
    ids=str,
)
def test_notation_overrides_single_symbols(expr, notation, expected):
    before = latex(expr)
    assert latex(expr, notation) == expected
    assert latex(expr) == before


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (2 * X_K + X_D - 2, "2 k + d - 2"),
        (X_D - 3, "d - 3"),
        ((X_D - 3) / 2, r"\frac{d - 3}{2}"),
        (1 - q.GAIN, "1 - g"),
        (1 + 3 * q.GAIN, "1 + 3 g"),
        (q.GAIN - 1, "g - 1"),
        (X_K + 1, "k + 1"),
        (X_K**2 + X_D * X_K - 2, "k^{2} + d k - 2"),
        (-X_K - 1, "- k - 1"),
        (sympy.exp(-q.GAIN) - 1, "e^{- g} - 1"),
        (Rational(3, 4) * q.GAIN**2, r"\tfrac{3}{4} g^{2}"),
        (q.GAIN**2 / 4, r"\frac{g^{2}}{4}"),
        (sympy.cos(q.THETA), r"\cos {\theta}"),
        (sympy.Add(X_D, -2, X_K, evaluate=False), "d - 2 + k"),  # as it was typed
        # one fraction, and none with a bar in another
        (X_K + X_D / 2 - Rational(3, 2), r"k + \frac{d - 3}{2}"),
        (-X_K / 2 - X_D / 2 + q.GAIN, r"g - \frac{k + d}{2}"),
        (1 / (q.GAIN + 1 / q.DECAY), r"\frac{1}{g + 1/\omega}"),
        (sympy.log(1 / q.GAIN) / q.DECAY, r"\frac{\log(1/g)}{\omega}"),
        (sympy.gamma(X_D / 2) ** 2, r"\Gamma(d/2)^{2}"),
        (sympy.atan(q.GAIN) / 2, r"\tfrac{1}{2} \arctan {g}"),
        # negative powers below, one power of 2, one root
        (4 * 2 ** (X_K - 4) * q.GAIN, "2^{k - 2} g"),
        (2 ** (-X_K - 1) / (4 * q.GAIN), r"\frac{1}{2^{k + 3} g}"),
        (Mul(2 ** (2 - X_D), 2 ** (X_D - 2), q.GAIN, evaluate=False), "g"),
        (sqrt(2) / (2 * sqrt(sympy.pi)), r"\frac{1}{\sqrt{2 \pi}}"),
        (sqrt(q.TEACHER_NORM2), r"\|f_T\|"),
        (q.TARGET_ENERGY**2, r"\|f^*\|_K^{4}"),
        # products: indices, exponentials before brackets, norms and traces last
        (q.PHI * q.CHAIN, r"n \varphi"),
        ((1 - sympy.exp(-q.GAIN)) * sympy.exp(-q.GAIN), "e^{- g} (1 - e^{- g})"),
        (q.WEIGHT * (1 - q.WEIGHT) * q.STUDENTS_APART, r"w (1 - w) \|f_1 - f_2\|^2"),
        (q.TRACE * q.COEFFICIENT**2, r"c^{2} \, \operatorname{tr} K"),
    ],
)
def test_sums_and_products_are_written_as_one_writes_them(expr, expected):
    assert latex(expr) == expected


def test_notation_reaches_clauses_and_definitions():
    short = {q.L_TE: "T", q.L_ST: "S", q.TOUCH: "z"}
    claim = (Ge(q.L_ST, q.L_TE**2), Implies(Gt(q.L_TE, 0), Le(q.L_ST, 1)))
    printed = claim_latex(claim, ((q.TOUCH, q.L_TE / 2),), short)
    assert printed.startswith(r"S \ge T^{2}, \qquad ")
    assert printed.endswith(r"\qquad \text{where } z = \frac{T}{2}")
    assert "mathcal" not in printed


@pytest.mark.parametrize(
    ("claim", "tex", "line"),
    [
        ((Ge(q.SCALE, q.GAIN), Ge(q.GAIN, 0)), r"a \ge g \ge 0", "a >= g >= 0"),
        ((Ge(q.SCALE, q.GAIN), Gt(q.GAIN, 0)), r"a \ge g, \qquad g > 0", "a >= g,  g > 0"),
        ((Le(q.SCALE, q.GAIN), Le(q.CHAIN, 9)), r"a \le g, \qquad n \le 9", "a <= g,  n <= 9"),
        ((Eq(q.SCALE, q.GAIN**2),), "a = g^{2}", "a = g**2"),
    ],
    ids=["chained", "other sign", "other side", "equation"],
)
def test_clauses_are_joined_only_where_they_chain(claim, tex, line):
    assert claim_latex(claim) == tex
    assert claim_text(claim) == line


@pytest.mark.parametrize("name", list(w2s.ledger))
def test_every_statement_prints_with_its_source_and_balanced_braces(name):
    entry = w2s.ledger[name]
    shown = entry._repr_html_()
    for said in (entry.title, entry.source.value, *(a.text for a in entry.assumes)):
        assert escape(said) in shown
    assert escape(entry.latex) in shown
    assert repr(entry).count("\n") == 0
    for version in (entry, *(entry.mutated(m) for m in entry.mutants)):
        printed = version.latex
        assert printed.count("{") == printed.count("}")
        assert printed.count(r"\left") == printed.count(r"\right")
        for symbol in q.NOTATION:
            if "_" in str(symbol):
                assert not re.search(
                    rf"(?<![\\A-Za-z]){re.escape(str(symbol))}(?![A-Za-z0-9])", printed
                )


@pytest.mark.parametrize("name", list(w2s.ledger))
def test_every_symbol_of_the_ledger_has_a_notation(name):
    entry = w2s.ledger[name]
    versions = (entry, *(entry.mutated(m) for m in entry.mutants))
    parts = [x for v in versions for x in (*v.claim, *(a.condition for a in v.assumes))]
    parts += [x for pair in entry.where for x in pair]
    used = {symbol for part in parts for symbol in part.atoms(Symbol)}
    assert used <= q.NOTATION.keys()


FORMULAS = [x for x in vars(s).values() if isinstance(x, s.Formula)]


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda f: f.name)
def test_text_reads_back_as_the_same_expression(formula):
    if formula.expr.has(Infimum):
        names = re.fullmatch(r"min\((.*) for (.*) <= phi <= (.*)\)", text(formula.expr)).groups()
        pairs = zip(names, (formula.expr.objective, *formula.expr.interval), strict=True)
    else:
        pairs = [(text(formula.expr), formula.expr)]
    symbols = {str(symbol): symbol for symbol in q.NOTATION}
    point = {symbol: Rational(i + 2, 17) for i, symbol in enumerate(formula.args)}
    point[q.PHI] = Rational(1, 19)
    for line, expr in pairs:
        read = sympy.parse_expr(line, local_dict=symbols)
        assert read.free_symbols == expr.free_symbols
        assert abs((read - expr).subs(point).evalf(40)) < Rational(1, 10**35)


def test_quantities_are_listed_once_with_a_meaning():
    assert len(q.NOTATION) == len(q.QUANTITIES)
    assert len({str(x.symbol) for x in q.QUANTITIES}) == len(q.QUANTITIES)
    assert all(x.latex and x.meaning for x in q.QUANTITIES)


@pytest.mark.parametrize("name", list(w2s.ledger))
def test_two_symbols_of_a_statement_never_print_alike(name):
    entry = w2s.ledger[name]
    parts = [*entry.claim, *(a.condition for a in entry.assumes)]
    parts += [x for pair in entry.where for x in pair]
    used = {symbol for part in parts for symbol in part.atoms(Symbol)}
    assert len({q.NOTATION[symbol] for symbol in used}) == len(used)


def test_squared_distance_is_the_polarised_norm():
    a, b = sympy.Matrix([1, 2, 3]), sympy.Matrix([4, -5, 6])
    assert q.squared_distance(a.dot(a), b.dot(b), a.dot(b)) == (a - b).dot(a - b)


def test_statement_made_of_a_bare_implication_prints():
    entry = statement(Implies(Gt(q.L_TE, 0), Le(q.L_ST, 1)))
    assert r"\Rightarrow" in entry.latex
    assert "Implies" in claim_text(entry.claim)


def test_what_is_gathered_for_print_means_the_same():
    """One fraction, one power of 2, one root: in every sum and product of the ledger."""
    seen = 0
    for entry in w2s.ledger.values():
        for side in (*entry.claim, *(value for _, value in entry.where)):
            for part in sorted(side.atoms(Mul, Add), key=str):
                product = opened(part)
                tidy = tidied(product, ())
                values = [
                    (
                        Mul(*product.above) / Mul(*product.below),
                        Mul(*tidy.above) / Mul(*tidy.below),
                    ),
                    (part, Add(*gathered(terms_of(part)))) if isinstance(part, Add) else (0, 0),
                ]
                names = sorted(part.free_symbols, key=str)
                at = {name: Rational(7 + place, 5) for place, name in enumerate(names)}
                for before, after in values:
                    if before != after:
                        error = ((before - after) / before).xreplace(at).evalf(30, maxn=60)
                        assert not error.is_number or abs(error) < 1e-20, part
                        seen += error.is_number
    assert seen > 50
