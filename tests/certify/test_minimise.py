import dataclasses
import itertools
import random
from fractions import Fraction

import mpmath
import pytest
import sympy as sp
from flint import ctx, fmpq
from sympy import Rational

from w2s_theory.certify import Verdict, ball, minimise, recheck

L, u, v, w = sp.symbols("L u v w")
FAR = Fraction(1, 10**12)


def chain_loss(n):
    shrink, angle = sp.sqrt(1 - L), sp.asin(sp.sqrt(L))
    phi = u * angle / n
    return (
        1
        - 2 * shrink * sp.cos(phi) ** n * sp.cos(angle - n * phi)
        + shrink**2 * sp.cos(phi) ** (2 * n)
    )


def reference_minimum(n, loss):
    """Golden section by mpmath: the chain loss has one valley in u."""
    with mpmath.workdps(40):
        x = mpmath.mpf(loss.numerator) / loss.denominator
        shrink, angle = mpmath.sqrt(1 - x), mpmath.asin(mpmath.sqrt(x))

        def f(s):
            phi = s * angle / n
            c = shrink * mpmath.cos(phi) ** n
            return 1 - 2 * c * mpmath.cos(angle - n * phi) + c * c

        lo, hi, ratio = mpmath.mpf(0), mpmath.mpf(1), (mpmath.sqrt(5) - 1) / 2
        for _ in range(90):
            a, b = hi - ratio * (hi - lo), lo + ratio * (hi - lo)
            lo, hi = (lo, b) if f(a) < f(b) else (a, hi)
        return f(lo)


@pytest.mark.parametrize("n", [1, 2, 4, 16, 256])
@pytest.mark.parametrize(
    "loss", [Fraction(1, 100), Fraction(1, 10), Fraction(1, 2), Fraction(9, 10)]
)
def test_chain_limits(n, loss):
    result = minimise(chain_loss(n), {u: (0, 1)}, values={L: loss}, tolerance=FAR, relative=True)
    assert result.verdict is Verdict.PROVED
    assert result.upper - result.lower <= fmpq(1, 10**12) * result.upper
    reference = reference_minimum(n, loss)
    for bound in (result.lower, result.upper):
        assert abs(mpmath.mpf(int(bound.p)) / int(bound.q) / reference - 1) < 1e-11
    assert len(result.certificate.leaves) < 50
    assert recheck(result.certificate) is Verdict.PROVED


@pytest.mark.parametrize(
    ("n", "ratio"),
    [
        (1, "0.9167308680"),
        (2, "0.5593011"),
        (4, "0.4011658"),
        (16, "0.2956171"),
        (256, "0.2653121"),
    ],
)
def test_chain_constants_at_a_tenth(n, ratio):
    result = minimise(chain_loss(n), {u: (0, 1)}, values={L: Fraction(1, 10)}, tolerance=FAR)
    value = 100 * Fraction(int(result.lower.p), int(result.lower.q))
    assert abs(value - Fraction(ratio)) < Fraction(1, 10 ** (len(ratio) - 2))


PROBLEMS = {
    "parabola": ((u - Rational(1, 3)) ** 2 - 2, {u: (0, 1)}, -2),
    "quartic": ((u - Rational(1, 3)) ** 4, {u: (0, 1)}, 0),
    "edge": (u, {u: (Rational(-1, 3), 1)}, Rational(-1, 3)),
    "falling": (sp.exp(-u), {u: (0, 1)}, sp.exp(-1)),
    "cubic": (u**3 - u, {u: (-1, 2)}, -2 / (3 * sp.sqrt(3))),
    "root at the corner": (sp.sqrt(u) * (1 - u) + u**2, {u: (0, 1)}, 0),
    "half circle": (-sp.sqrt(1 - u**2), {u: (-1, 1)}, -1),
    "kink": (sp.Abs(u - Rational(1, 3)), {u: (-1, 1)}, 0),
    "jump": (sp.Piecewise((u + 2, u < 0), (u, True)), {u: (Rational(-1, 3), 1)}, None),
    "constant": (sp.Integer(1), {u: (0, 1)}, 1),
    "point": (u**2, {u: (2, 2)}, 4),
    "rosenbrock": (100 * (v - u**2) ** 2 + (1 - u) ** 2, {u: (-2, 2), v: (-2, 2)}, 0),
    "saddle": (u**2 - v**2, {u: (-1, 2), v: (-1, 2)}, -4),
    "bilinear": (sp.UnevaluatedExpr(u) * v, {u: (-1, 2), v: (-3, 1)}, -6),
    "three": (
        (u - v) ** 2 + (v - w) ** 2 + (w - Rational(1, 3)) ** 2 + u * v * w / 10,
        {u: (-1, 1), v: (-1, 1), w: (-1, 1)},
        None,
    ),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_known_minima(name):
    expr, box, minimum = PROBLEMS[name]
    result = minimise(expr, box, tolerance=Fraction(1, 10**8), max_boxes=20_000)
    certificate = result.certificate
    if name != "jump":  # a jump cannot be enclosed: the box that holds it stays undecided
        assert result.verdict is Verdict.PROVED
        assert result.upper - result.lower <= fmpq(1, 10**8)
        assert recheck(certificate) is Verdict.PROVED
    if minimum is not None:
        value = Rational(int(result.lower.p), int(result.lower.q))
        assert value <= minimum
        assert minimum <= Rational(int(result.upper.p), int(result.upper.q))
    generator = random.Random(name)
    for _ in range(200):
        point = {
            s: Rational(a) + (Rational(b) - a) * Rational(generator.randint(0, 1000), 1000)
            for s, (a, b) in box.items()
        }
        if result.lower is not None:
            low = mpmath.mpf(int(result.lower.p)) / int(result.lower.q)
            assert sp.N(expr.doit().subs(point), 20) >= low - 1e-15


def test_singular_derivative_everywhere_falls_back_to_bisection():
    result = minimise(sp.sqrt(u) - u / 2, {u: (0, 1)}, tolerance=Fraction(1, 10**6))
    assert result.verdict is Verdict.PROVED
    assert result.lower <= 0 <= result.upper


def test_the_minimum_is_over_the_points_where_the_function_is_real():
    half = minimise(sp.sqrt(u) + 1, {u: (-1, 1)})
    assert half.verdict is Verdict.PROVED
    assert half.lower <= 1 <= half.upper
    none = minimise(sp.sqrt(u) + 1, {u: (-2, -1)}, max_boxes=200)
    assert (none.verdict, none.lower, none.upper) == (Verdict.UNDECIDED, None, None)
    assert recheck(none.certificate) is Verdict.UNDECIDED


def test_running_out_of_boxes_keeps_valid_bounds():
    result = minimise(sp.sin(5 * u) * sp.cos(7 * v), {u: (-3, 3), v: (-3, 3)}, max_boxes=9)
    assert result.verdict is Verdict.UNDECIDED
    assert result.lower <= -1 <= result.upper + 1
    assert recheck(result.certificate) is Verdict.PROVED


def test_balls_as_values_hold_for_every_point_in_them():
    expr = (u - L) ** 2 + L
    result = minimise(expr, {u: (0, 1)}, values={L: ball(0.5, 0.01)}, max_boxes=200)
    assert result.lower <= fmpq(49, 100)
    assert result.upper >= fmpq(51, 100)
    assert result.verdict is Verdict.UNDECIDED


def leaf_with(certificate, index, **changes):
    leaves = list(certificate.leaves)
    leaves[index] = dataclasses.replace(leaves[index], **changes)
    return dataclasses.replace(certificate, leaves=tuple(leaves))


@pytest.fixture(scope="module", params=["rosenbrock", "root at the corner", "cubic", "three"])
def honest(request):
    expr, box, _ = PROBLEMS[request.param]
    certificate = minimise(expr, box, tolerance=Fraction(1, 10**6)).certificate
    assert recheck(certificate) is Verdict.PROVED
    return certificate


def test_every_removed_leaf_is_noticed(honest):
    leaves = honest.leaves
    for i in range(0, len(leaves), max(1, len(leaves) // 10)):
        tampered = dataclasses.replace(honest, leaves=leaves[:i] + leaves[i + 1 :])
        assert recheck(tampered) is Verdict.REFUTED


def test_every_false_bound_is_noticed(honest):
    """Each leaf in turn claims slightly more than the least value seen in a few of its points."""
    for i in range(0, len(honest.leaves), max(1, len(honest.leaves) // 10)):
        leaf = honest.leaves[i]
        least = min(
            honest.expr.subs(dict(zip(honest.symbols, rational(point), strict=True)))
            for point in (leaf.lo, leaf.hi, leaf.point, middle(leaf))
        )
        claim = fmpq(int(sp.floor(least * 10**12)) + 2, 10**12)
        assert recheck(leaf_with(honest, i, bound=claim)) is not Verdict.PROVED
        absurd = leaf_with(honest, i, bound=fmpq(10**6))
        assert recheck(absurd) is Verdict.REFUTED


def rational(point):
    return [Rational(int(c.p), int(c.q)) for c in point]


def middle(leaf):
    return tuple((a + b) / 2 for a, b in zip(leaf.lo, leaf.hi, strict=True))


def test_other_tampering_is_noticed(honest):
    ends = [hi + 1 for _, hi in honest.domain]
    leaves, replace = honest.leaves, dataclasses.replace
    tampered = {
        "point outside": replace(honest, point=tuple(ends)),
        "point moved": replace(honest, point=tuple(hi for _, hi in honest.domain)),
        "short point": replace(honest, point=()),
        "upper lowered": replace(honest, upper=honest.lower - 1),
        "lower raised": replace(honest, lower=honest.lower + fmpq(1, 1000)),
        "leaf twice": replace(honest, leaves=(*leaves, leaves[0])),
        "no leaves": replace(honest, leaves=()),
        "domain grown": replace(honest, domain=tuple((lo, hi + 1) for lo, hi in honest.domain)),
        "other function": replace(honest, expr=honest.expr - 1),
        "leaf shrunk": leaf_with(
            honest,
            0,
            hi=tuple((a + b) / 2 for a, b in zip(leaves[0].lo, leaves[0].hi, strict=True)),
        ),
    }
    for name, certificate in tampered.items():
        assert recheck(certificate) is Verdict.REFUTED, name


def test_rules_that_do_not_apply_confirm_nothing():
    certificate = minimise(u**3 - u, {u: (-2, 2)}, max_boxes=1).certificate
    (leaf,) = certificate.leaves
    middle = (fmpq(0),)
    for rule in ("convex", "slope", "quadratic", "natural", "invented"):
        for face in ((-1,), (0,), (1,)):
            claim = dataclasses.replace(leaf, rule=rule, face=face, point=middle, bound=fmpq(-1))
            forged = dataclasses.replace(certificate, leaves=(claim,), lower=fmpq(-1))
            assert recheck(forged) is not Verdict.PROVED  # the minimum is -6


# function on [-1, 1], rule, face, a false bound that lo, hi and point do not give away
FORGERIES = [
    (u**2, "natural", -1, -1, Fraction(1, 2)),
    (u**2, "natural", 1, 1, Fraction(1, 2)),
    (u**4 - u**2, "convex", 0, 0, Fraction(-1, 100)),
    (u**4 - u**2, "quadratic", 0, 0, Fraction(-1, 100)),
    (u**4 - u**2, "slope", 0, 0, Fraction(-1, 100)),
    (u**4 - u**2, "natural", 0, 0, Fraction(-1, 100)),
    (u**4 - u**2, "invented", 0, 0, Fraction(-1, 100)),
    (sp.floor(u) - u, "slope", 0, 0, Fraction(-1)),
    (sp.Abs(u) * u, "convex", 1, 1, Fraction(0)),
]


@pytest.mark.parametrize(("expr", "rule", "face", "at", "bound"), FORGERIES)
def test_forged_rules_confirm_nothing(expr, rule, face, at, bound):
    certificate = minimise(expr, {u: (-1, 1)}, max_boxes=1).certificate
    claim, point = fmpq(bound.numerator, bound.denominator), (fmpq(at),)
    forged = dataclasses.replace(
        leaf_with(certificate, 0, rule=rule, face=(face,), point=point, bound=claim),
        lower=claim,
        upper=fmpq(1),
        point=point,
    )
    assert recheck(forged) is not Verdict.PROVED


@pytest.mark.parametrize(
    ("bound", "holds"), [(Fraction(-1, 140), True), (Fraction(-1, 4500), False)]
)
def test_second_order_terms_on_a_small_box_are_bounded_by_squares(bound, holds):
    """f'' > -14 by balls, so f >= -7/1024; its least value is -1/4096, not at ends or middle."""
    end = Fraction(1, 32)
    certificate = minimise(1024 * u**4 - u**2, {u: (-end, end)}, max_boxes=1).certificate
    claim, point = fmpq(bound.numerator, bound.denominator), (fmpq(0),)
    forged = dataclasses.replace(
        leaf_with(certificate, 0, rule="quadratic", face=(0,), point=point, bound=claim),
        lower=claim,
        upper=fmpq(1),
        point=point,
    )
    assert (recheck(forged) is Verdict.PROVED) == holds


@pytest.mark.parametrize(
    ("rule", "bound"), [("quadratic", -3), ("natural", Fraction(-1)), ("slope", -6)]
)
def test_what_a_rule_gives_exactly_is_confirmed_and_no_more(rule, bound):
    """u^4 - u^2 about 0: second derivatives in [-2, 10], slopes in [-6, 6], values in [-1, 1].

    The product of two wide balls, [-2, 10] and [0, 1], is [-6, 10].
    """
    certificate = minimise(u**4 - u**2, {u: (-1, 1)}, max_boxes=1).certificate
    for excess, verdict in ((0, Verdict.PROVED), (Fraction(1, 1000), Verdict.UNDECIDED)):
        claim = Fraction(bound) + excess - Fraction(1, 10**6)
        claim = fmpq(claim.numerator, claim.denominator)
        forged = dataclasses.replace(
            leaf_with(certificate, 0, rule=rule, face=(0,), point=(fmpq(0),), bound=claim),
            lower=claim,
            upper=fmpq(0),
            point=(fmpq(0),),
        )
        assert recheck(forged) is verdict


def test_a_point_without_a_value_confirms_nothing():
    certificate = minimise(sp.sqrt(u) + 1, {u: (-1, 1)}).certificate
    assert recheck(certificate) is Verdict.PROVED
    moved = dataclasses.replace(certificate, point=(fmpq(-1),))
    assert recheck(moved) is Verdict.UNDECIDED


def test_equal_volume_does_not_hide_a_gap(honest):
    by_size = {}
    for i, leaf in enumerate(honest.leaves):
        size = tuple(b - a for a, b in zip(leaf.lo, leaf.hi, strict=True))
        by_size.setdefault(size, []).append(i)
    twins = next((same for same in by_size.values() if len(same) > 1), None)
    if twins is not None:
        leaves = list(honest.leaves)
        leaves[twins[0]] = leaves[twins[1]]
        assert recheck(dataclasses.replace(honest, leaves=tuple(leaves))) is not Verdict.PROVED


@pytest.mark.parametrize("shift", [5, -5])
def test_a_leaf_moved_out_of_the_domain_is_noticed(shift):
    certificate = minimise(u, {u: (0, 1)}, max_boxes=1).certificate
    (leaf,) = certificate.leaves
    ends = [tuple(c + shift for c in end) for end in (leaf.lo, leaf.hi, leaf.point)]
    moved = leaf_with(certificate, 0, lo=ends[0], hi=ends[1], point=ends[2])
    assert recheck(moved) is Verdict.REFUTED


@pytest.mark.parametrize("place", [0, 1])
def test_a_leafs_point_outside_it_is_noticed(place):
    """In one coordinate only; the function does not give it away."""
    certificate = minimise(u**2 + v**2, {u: (-1, 1), v: (-1, 1)}, max_boxes=1).certificate
    point = [fmpq(0), fmpq(0)]
    point[place] = fmpq(2)
    assert recheck(leaf_with(certificate, 0, point=tuple(point))) is Verdict.REFUTED


def test_a_face_must_be_least_in_each_of_its_axes():
    """u^2 + v falls towards v = -1, but not towards u = -1, where it is 0 and not -1."""
    certificate = minimise(u**2 + v, {u: (-1, 1), v: (-1, 1)}, max_boxes=1).certificate
    corner = (fmpq(-1), fmpq(-1))
    forged = dataclasses.replace(
        leaf_with(certificate, 0, rule="natural", face=(-1, -1), point=corner, bound=fmpq(-1, 10)),
        lower=fmpq(-1, 10),
        upper=fmpq(0),
        point=corner,
    )
    assert recheck(forged) is not Verdict.PROVED


def test_the_quadratic_rule_is_sharp_on_a_saddle():
    certificate = minimise((u - v) * (u + v), {u: (-1, 1), v: (-1, 1)}, max_boxes=1).certificate
    (leaf,) = certificate.leaves
    assert leaf.rule == "quadratic"
    assert fmpq(-1001, 1000) < leaf.bound <= -1
    assert recheck(certificate) is Verdict.PROVED


def test_bounds_of_every_rule_lie_below_the_function():
    expressions = [
        sp.sin(u * v) - u**4 * v / 3 + v**2,
        2 * u - (u + Rational(1, 10**6)) ** Rational(3, 2) + v,
        (v - u**2) ** 2 + (1 - u) ** 2,
    ]
    rules = set()
    generator = random.Random(5)
    for expr, most in itertools.product(expressions, (1, 3, 9, 41)):
        box = {u: (0, 2), v: (-1, 1)}
        certificate = minimise(expr, box, max_boxes=most, bits=64).certificate
        assert recheck(certificate) is Verdict.PROVED
        f = sp.lambdify((u, v), expr, "mpmath")
        for leaf in certificate.leaves:
            rules.add(leaf.rule)
            low = float(Rational(int(leaf.bound.p), int(leaf.bound.q)))
            (a, c), (b, d) = rational(leaf.lo), rational(leaf.hi)
            for _ in range(20):
                s, t = generator.random(), generator.random()
                point = mpmath.mpf(a + (b - a) * s), mpmath.mpf(c + (d - c) * t)
                assert f(*point) >= low - 1e-13
    assert rules == {"natural", "slope", "convex", "quadratic"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"expr": sp.Float(0.5) * u}, "float"),
        ({"box": {u: (0, 0.5)}}, "Fraction"),
        ({"box": {u: (1, 0)}}, "lo <= hi"),
        ({"box": {}}, "at least one"),
        ({"expr": u * v}, "never"),
        ({"values": {u: 1}}, "twice"),
        ({"tolerance": Fraction(0)}, "tolerance"),
        ({"tolerance": 1e-9}, "Fraction"),
        ({"max_boxes": 0}, "max_boxes"),
        ({"bits": 1}, "bits"),
        ({"expr": sp.zeta(u)}, "zeta"),
    ],
)
def test_bad_input(arguments, message):
    with pytest.raises(ValueError, match=message):
        minimise(**({"expr": u, "box": {u: (0, 1)}} | arguments))


def test_same_answer_twice_and_precision_restored():
    before = ctx.prec
    expr, box, _ = PROBLEMS["rosenbrock"]
    assert minimise(expr, box) == minimise(expr, box)
    with pytest.raises(ValueError, match="zeta"):
        minimise(sp.zeta(u), {u: (0, 1)})
    assert ctx.prec == before
