"""Every rule of the kernel refuses what does not follow, and nothing but a rule makes a fact."""

import copy
import dataclasses
import pickle
from itertools import pairwise

import pytest
import sympy as sp
from sympy import Eq, Ge, Gt, Integer, Le, Lt, Max, Rational, acos, cos, exp, log, pi, sqrt, tan

from proofs import kernel as k
from proofs.domains import SHAPES, RefusedError, Sign
from w2s_theory.ledger import definitions as d
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger import spaces as v
from w2s_theory.ledger.definition import Definition
from w2s_theory.ledger.infimum import Infimum
from w2s_theory.ledger.statement import Assumption

X, Y, Z = sp.symbols("x y z", real=True)
POSITIVE = sp.Symbol("p", positive=True)
EPSILON = sp.Symbol("eps", positive=True)
I = sp.Symbol("i", integer=True, nonnegative=True)  # noqa: E741 - an index
M = sp.Symbol("m", integer=True, positive=True)


def at_least(expr):
    return k.assume(Ge(expr, 0, evaluate=False))


# --- nothing but a rule makes a fact --------------------------------------------------------------


def test_the_class_makes_no_fact():
    with pytest.raises(RefusedError):
        k.Fact()
    with pytest.raises(RefusedError):
        k.Fact(gap=Integer(-1), sign=Sign.NONNEGATIVE)


def test_no_subclass():
    with pytest.raises(RefusedError):
        type("Forged", (k.Fact,), {})


def forged(fact, **changes):
    """The slots of a fact in a bare object, some of them changed."""
    made = object.__new__(k.Fact)
    for name in k.Fact.__slots__:
        object.__setattr__(made, name, changes.get(name, getattr(fact, name)))
    return made


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"gap": Integer(-1)},
        {"sign": Sign.ZERO},
        {"assumes": ()},
        {"gaps": ()},
        {"definitions": ()},
    ],
)
def test_a_bare_object_is_no_fact(changes):
    fake = forged(at_least(X), **changes)
    other = k.evident(1)
    for use in (
        lambda: fake + other,
        lambda: other + fake,
        lambda: other * fake,
        lambda: fake.states(X),
        lambda: fake.put(k.equal(X, X), X),
        lambda: k.evident(sqrt(X), fake),
        lambda: k.discharge(other, s.UNIT_TARGET, fake),
        lambda: k.instantiate(fake, {X: Y}),
        lambda: k.real(fake),
    ):
        with pytest.raises(RefusedError):
            use()


def test_a_changed_fact_is_none():
    fact = at_least(X)
    with pytest.raises(RefusedError):
        fact.gap = Integer(-1)
    object.__setattr__(fact, "gap", Integer(-1))
    with pytest.raises(RefusedError):
        k.real(fact)


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, pickle.dumps, dataclasses.replace])
def test_no_copies(duplicate):
    with pytest.raises((RefusedError, TypeError)):
        duplicate(at_least(X))


# --- where facts start ----------------------------------------------------------------------------


def test_given_is_what_the_assumption_says():
    both = k.given(s.LOSS_IN_UNIT)
    assert {f.relation for f in both} == {Ge(q.L_TE, 0), Ge(1 - q.L_TE, 0)}
    assert all(f.assumes == (s.LOSS_IN_UNIT,) for f in both)


@pytest.mark.parametrize("condition", [sp.Ne(X, 0), sp.Or(Ge(X, 0), Ge(Y, 0)), sp.true])
def test_given_needs_relations(condition):
    with pytest.raises(RefusedError):
        k.given(Assumption("odd", "odd", condition))


def test_only_the_ledger_defines():
    with pytest.raises(RefusedError):
        k.definition(Definition(text="L_TE is -1", relations=(Eq(q.L_TE, -1),)))
    with pytest.raises(RefusedError):
        k.definition(dataclasses.replace(d.TEACHER_LOSS, relations=(Eq(q.L_TE, -1),)))


@pytest.mark.parametrize("expr", [X, X**3, X * Y, -(X**2), X**2 - 1, sp.sin(X), 1 - M, M - 2])
def test_not_evident(expr):
    with pytest.raises(RefusedError):
        k.evident(expr)


@pytest.mark.parametrize(
    ("expr", "sign"),
    [
        (X**2, Sign.NONNEGATIVE),
        (exp(X), Sign.POSITIVE),
        (POSITIVE + X**2, Sign.POSITIVE),
        (M - 1, Sign.NONNEGATIVE),
        (Integer(0), Sign.ZERO),
        (sqrt(2) - 1, Sign.POSITIVE),
    ],
)
def test_evident(expr, sign):
    assert k.evident(expr).sign is sign


@pytest.mark.parametrize(
    "expr",
    [
        *(sqrt(X), 1 / X, log(X), X**Y, tan(X), acos(X), sp.asin(X), 1 / (1 + X)),
        *(X ** Rational(-1, 2), sp.gamma(X), sp.zeta(X), sp.Float(1.5) * X, sp.I * X, X / 0),
        *(Infimum(Y * X, Y, Integer(1), Integer(0)), Infimum(1 / Y, Y, Integer(0), Integer(1))),
        *(sp.Symbol("A", commutative=False), sqrt(X**3)),
    ],
)
def test_undefined_expressions_do_not_enter(expr):
    with pytest.raises((RefusedError, ValueError)):
        k.equal(expr, expr)
    with pytest.raises((RefusedError, ValueError)):
        k.evident(expr**2)
    with pytest.raises((RefusedError, ValueError)):
        k.instantiate(k.evident(Y**2), {Y: expr})


def test_a_root_needs_its_argument_nonnegative():
    assert k.evident(sqrt(X), at_least(X)).assumes[0].condition == Ge(X, 0)
    with pytest.raises(RefusedError):
        k.evident(1 / X, at_least(X))
    with pytest.raises(RefusedError):
        k.evident(sqrt(-X), at_least(X))


@pytest.mark.parametrize(
    "expr",
    [
        sp.Symbol("z", imaginary=True),
        sp.Symbol("z", infinite=True),
        sp.Function("f", imaginary=True)(X),
    ],
)
def test_what_is_known_not_to_be_real_has_no_square(expr):
    for make in (
        lambda: k.evident(expr**2),
        lambda: k.evident(sp.exp(expr)),
        lambda: k.assume(sp.Ge(expr, X, evaluate=False)),
        lambda: k.instantiate(k.evident(Y**2), {Y: expr}),
    ):
        with pytest.raises(RefusedError):
            make()


def test_a_positive_power_of_zero_is_real():
    assert k.evident(X**Y, at_least(X), k.assume(Gt(Y, 0))).sign is Sign.NONNEGATIVE
    for domain in (
        (at_least(X), at_least(Y)),
        (at_least(X), k.assume(Lt(Y, 0))),
        (k.assume(Gt(Y, 0)),),
    ):
        with pytest.raises(RefusedError):
            k.equal(X**Y, X**Y, *domain)


@pytest.mark.parametrize(
    ("left", "right"),
    [(X, Y), ((X + 1) ** 2, X**2 + 1), (sp.sin(X) ** 2, cos(X) ** 2), (sqrt(X**2), X)],
)
def test_what_is_not_identical(left, right):
    with pytest.raises(RefusedError):
        k.equal(left, right)


def test_square_norms_are_of_vectors():
    fact = k.square_norm(v.TARGET - X * v.TEACHER)
    assert fact.gap == q.TARGET_NORM2 - 2 * X * q.TEACHER_TARGET + X**2 * q.TEACHER_NORM2
    assert d.GRAM in fact.definitions
    for wrong in (X, v.TARGET + 1, v.TARGET * v.TEACHER * X + 1):
        with pytest.raises(ValueError, match="vector must be"):
            k.square_norm(wrong)
    with pytest.raises(RefusedError):
        k.square_norm(v.TARGET / X)


@pytest.mark.parametrize(
    "relation",
    [
        Lt(pi, 3, evaluate=False),
        Gt(sqrt(2), 2, evaluate=False),
        Gt(sqrt(2) ** 2, 2, evaluate=False),
        Eq(pi, Rational(22, 7), evaluate=False),
        Ge(X**2, 0, evaluate=False),
    ],
)
def test_ball_decides_numbers(relation):
    with pytest.raises(RefusedError):
        k.ball(relation)
    assert k.ball(Gt(pi, 3, evaluate=False)).sign is Sign.POSITIVE


def test_sturm_only_on_its_interval():
    low, high = at_least(X), at_least(1 - X)
    assert k.sturm(X - X**2, X, low, high).sign is Sign.NONNEGATIVE
    assert k.sturm(1 + X, X, low, high).sign is Sign.POSITIVE
    for polynomial in (X - Rational(1, 2), -(X**2), X - X**2 - Rational(1, 10**9)):
        with pytest.raises(RefusedError):
            k.sturm(polynomial, X, low, high)
    with pytest.raises(RefusedError):
        k.sturm(X, X, at_least(X - Y), high)
    with pytest.raises(RefusedError):
        k.sturm(Y**2, X, low, at_least(1 - Y))


def test_a_gap_is_never_forgotten():
    hole = k.gap("not proved here", Ge(X, 0))
    for fact in (
        hole + k.evident(1),
        hole * 2,
        hole.states(Ge(2 * X, X)),
        k.monotone("square", hole, Integer(0), X),
        k.instantiate(hole, {X: Y}),
        k.discharge(at_least(X), at_least(X).assumes[0], hole),
        hole.named("step", "because"),
        k.evident(sqrt(X), hole),
    ):
        assert fact.gaps == ("not proved here",)
    with pytest.raises(RefusedError):
        k.gap("", Ge(X, 0))


# --- arithmetic -----------------------------------------------------------------------------------


def test_signs_of_sums_and_products():
    weak, strict, zero = at_least(X), k.assume(Gt(Y, 0)), k.assume(Eq(Z, 0))
    assert (weak + strict).sign is Sign.POSITIVE
    assert (weak + zero).sign is Sign.NONNEGATIVE
    assert (weak * strict).sign is Sign.NONNEGATIVE
    assert (strict * zero).sign is Sign.ZERO
    assert (strict * strict).sign is Sign.POSITIVE
    assert (weak + strict).assumes == weak.assumes + strict.assumes


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: at_least(X) * Y,
        lambda: at_least(X) * Integer(-1),
        lambda: at_least(X) - at_least(Y),
        lambda: at_least(X).times(Integer(-1)),
        lambda: at_least(X) / at_least(Y),
        lambda: k.evident(1) / k.assume(Eq(X, 0)),
        lambda: k.assume(Eq(X, 0)).times(1 / Y),
    ],
)
def test_wrong_arithmetic(wrong):
    with pytest.raises(RefusedError):
        wrong()


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        (at_least(X), Gt(X, 0)),
        (at_least(X), Eq(X, 0)),
        (at_least(X), Ge(-X, 0)),
        (at_least(X), Le(X, 0)),
        (at_least(X), Ge(X, 1)),
        (at_least(X), Ge(2 * X, 0)),
        (k.assume(Eq(X, 0)), Gt(X, 0)),
        (at_least(X**2), Ge(X, 0)),
    ],
)
def test_other_words_say_the_same(fact, words):
    with pytest.raises(RefusedError):
        fact.states(words)


def test_weaker_words():
    assert k.assume(Gt(X, 1)).states(Ge(X, 1)).sign is Sign.NONNEGATIVE
    assert k.assume(Eq(X, 1)).states(Le(X, 1)).sign is Sign.NONNEGATIVE


def test_substitution_needs_an_equation_that_gives_the_symbol():
    fact = at_least(X + Y)
    assert fact.put(k.assume(Eq(X, 3)), X).gap == 3 + Y
    for wrong in (
        at_least(X - 3),
        k.assume(Eq(X**2, 3)),
        k.assume(Eq(X * Y, 3)),
        k.assume(Eq(Y, 1)),
    ):
        with pytest.raises(RefusedError):
            fact.put(wrong, X)


def test_numbers_are_not_substituted():
    with pytest.raises(RefusedError):
        at_least(X + 1).put(k.assume(Eq(Y, 1)), Integer(1))


def test_substitution_does_not_capture():
    lowest = k.attained(Infimum(X * Y, Y, Integer(0), Integer(1)), Integer(0))
    with pytest.raises(RefusedError):
        lowest.put(k.assume(Eq(X, Y)), X)
    with pytest.raises(RefusedError):
        k.instantiate(lowest, {X: Y})
    mean = k.average(k.evident(v.FILTER_AT**2 * POSITIVE), v.SPECTRUM)
    with pytest.raises(RefusedError):
        k.instantiate(mean, {POSITIVE: exp(v.FILTER_AT)})
    with pytest.raises(RefusedError):
        k.instantiate(k.evident(v.FILTER_AT**2), {v.FILTER_AT: X})


# --- functions ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: k.monotone("square", at_least(Y - X), X, Y),  # X may be negative
        lambda: k.monotone("square", at_least(Y - X), Y, X, at_least(X)),
        lambda: k.monotone("root", at_least(Y - X), X, Y),
        lambda: k.monotone("log", at_least(Y - X), X, Y, at_least(X)),  # not > 0
        lambda: k.monotone("reciprocal", at_least(Y - X), X, Y, at_least(X)),
        lambda: k.monotone("cos", at_least(Y - X), X, Y, at_least(X)),  # Y may pass pi
        lambda: k.monotone("sin", at_least(Y - X), X, Y, at_least(X), at_least(pi - Y)),
        lambda: k.monotone("asin", at_least(Y - X), X, Y, at_least(X), at_least(2 - Y)),
        lambda: k.monotone("tan", at_least(Y - X), X, Y, at_least(X), at_least(pi / 2 - Y)),
        lambda: k.monotone("parabola", at_least(Y - X), X, Y),
        lambda: k.monotone("exp", at_least(X * Y), X, Y),
        lambda: k.power(at_least(Y - X), X, Y, Integer(3)),
        lambda: k.power(at_least(Y - X), X, Y, Integer(-1), k.assume(Gt(X, 0))),
        lambda: k.power(at_least(Y - X), X, Y, Z, at_least(X)),
        # at Z = 0 both are 1
        lambda: k.power(k.assume(Gt(Y, X)), X, Y, Z, at_least(X), at_least(Z)),
        lambda: k.tangent("square", X, Y),
        lambda: k.tangent("root", X, Integer(0), at_least(X)),  # no slope at 0
        lambda: k.tangent("log", X, Integer(1), at_least(X)),
        lambda: k.tangent("dome", X, Integer(0)),
        lambda: k.chord("exp", X, Y, Z, X * Z + Y * (1 - Z)),
        lambda: k.chord("exp", X, Y, Rational(3, 2), (3 * X - Y) / 2),
        lambda: k.chord("exp", X, Y, Rational(1, 2), X),
        lambda: k.chord(
            "log cos", X, Integer(0), Rational(1, 2), X / 2, at_least(X), at_least(pi / 2 - X)
        ),
        lambda: k.chord("arch", Integer(0), 3 * pi, Rational(1, 2), 3 * pi / 2),
        lambda: k.chord("arch", -pi, pi, Rational(1, 2), Integer(0)),
        lambda: k.as_power(X, Y),
        lambda: k.as_power(X, Y, at_least(X)),
        lambda: k.inverse("cos", X, at_least(X)),
        lambda: k.inverse("sin", X, at_least(X), at_least(pi - X)),
        lambda: k.larger(Max(X, Y), X),
        lambda: k.larger(Max(X, Y), X, at_least(Y - X)),
        lambda: k.larger(Max(X, Y), Z, at_least(X - Y)),
        lambda: k.larger(Max(X, Y), Z, at_least(Z - X), at_least(Z - Y)),
    ],
)
def test_functions_refuse_outside_their_domain(wrong):
    with pytest.raises(RefusedError):
        wrong()


def test_what_rules_of_functions_give():
    """Exactly this, not only something true."""
    half, middle = Rational(1, 2), (X + Y) / 2
    given = {
        k.as_power(POSITIVE, X): exp(X * log(POSITIVE)) - POSITIVE**X,
        k.larger(Max(X, Y), X, at_least(X - Y)): Max(X, Y) - X,
        k.chord("exp", X, Y, half, middle): exp(X) / 2 + exp(Y) / 2 - exp(middle),
        k.chord("arch", Integer(0), pi, half, pi / 2): Integer(1),
        k.tangent("exp", X, Integer(0)): exp(X) - 1 - X,
    }
    assert [fact.gap - gap for fact, gap in given.items()] == [0] * len(given)


def test_falling_functions_turn_the_order():
    fact = k.monotone("cos", at_least(Y - X), X, Y, at_least(X), at_least(pi - Y))
    assert fact.gap == cos(X) - cos(Y)
    fact = k.monotone("reciprocal", at_least(Y - X), X, Y, k.assume(Gt(X, 0)))
    assert fact.gap == 1 / X - 1 / Y


@pytest.mark.parametrize("name", SHAPES)
def test_shapes_are_what_they_say(name):
    """In 60 digits at points of the domain: the order, and the sign of second differences."""
    shape = SHAPES[name]
    low = -5 if shape.low.is_infinite else shape.low
    high = 5 if shape.high.is_infinite else shape.high
    points = [low + (high - low) * Rational(j, 40) for j in range(1, 40)]
    values = [sp.N(shape.function(p), 60) for p in points]
    steps = [b - a for a, b in pairwise(values)]
    assert shape.rises or shape.bends
    if shape.rises:
        assert all(shape.rises * step > 0 for step in steps)
    if shape.bends:
        bends = [b - a for a, b in pairwise(steps)]
        assert all(shape.bends * bend > 0 for bend in bends)
    for end in (shape.low, shape.high):
        if not end.is_infinite:
            value = shape.function(end)
            lacks = shape.open or (shape.half and end is shape.high)
            assert lacks == bool(value.has(sp.zoo, sp.oo, sp.nan) or value.is_infinite)
