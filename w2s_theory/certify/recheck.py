"""A second look at the certificate of a verified minimisation, by separate code.

Everything is derived anew from the expression, at higher precision: the tiling in rational
arithmetic, each leaf's bound from the rule it names, the value at the best point.
"""

from flint import arb, arb_mat, fmpq
from sympy import Expr

from w2s_theory.certify.balls import dyadic, precision, to_arb
from w2s_theory.certify.certificate import Certificate, Leaf, Point, Rule
from w2s_theory.certify.lower import lower
from w2s_theory.certify.table import is_smooth
from w2s_theory.certify.verdict import Verdict, weakest

Box = tuple[tuple[fmpq, fmpq], ...]


def recheck(certificate: Certificate) -> Verdict:
    """PROVED if the certificate establishes lower <= min <= upper; REFUTED if part of it is false.

    UNDECIDED if a bound is neither confirmed nor contradicted, or no bound is claimed.
    """
    lowest, upper = certificate.lower, certificate.upper
    if lowest is None or upper is None:
        return Verdict.UNDECIDED
    boxes = [tuple(zip(leaf.lo, leaf.hi, strict=True)) for leaf in certificate.leaves]
    with precision(certificate.bits + certificate.bits // 2):
        verdicts = [_tiles(certificate.domain, boxes), _upper(certificate, upper)]
        verdicts += [_leaf(certificate, lowest, leaf) for leaf in certificate.leaves]
    return weakest(verdicts)


def _tiles(domain: Box, boxes: list[Box]) -> Verdict:
    """Whether the boxes cover the domain without overlap, by halving it as often as needed."""
    wide = [axis for axis, (lo, hi) in enumerate(domain) if lo < hi]
    if sum((_volume(box, wide) for box in boxes), fmpq(0)) != _volume(domain, wide):
        return Verdict.REFUTED
    stack = [(domain, boxes)]
    while stack:
        part, inside = stack.pop()
        if inside == [part]:
            continue
        for axis, (lo, hi) in enumerate(part):
            middle = (lo + hi) / 2
            below = [box for box in inside if box[axis][1] <= middle]
            above = [box for box in inside if box[axis][0] >= middle]
            if lo < hi and len(below) + len(above) == len(inside):
                if not (below and above):
                    return Verdict.REFUTED  # half of the part is not covered
                halves = (lo, middle), (middle, hi)
                stack += [
                    ((*part[:axis], half, *part[axis + 1 :]), rest)
                    for half, rest in zip(halves, (below, above), strict=True)
                ]
                break
        else:
            return Verdict.UNDECIDED
    return Verdict.PROVED


def _volume(box: Box, axes: list[int]) -> fmpq:
    volume = fmpq(1)
    for axis in axes:
        volume *= box[axis][1] - box[axis][0]
    return volume


def _within(inner: Box, outer: Box) -> bool:
    return all(a <= c <= d <= b for (c, d), (a, b) in zip(inner, outer, strict=True))


def _spot(point: Point) -> Box:
    return tuple((x, x) for x in point)


def _evaluate(certificate: Certificate, expr: Expr, box: Box, clip: bool = False) -> arb:
    values = {symbol: to_arb(value) for symbol, value in certificate.values}
    for symbol, (lo, hi) in zip(certificate.symbols, box, strict=True):
        values[symbol] = arb(lo) if lo == hi else arb(lo).union(arb(hi))
    return lower(expr, clip=clip)(values)


def _upper(certificate: Certificate, upper: fmpq) -> Verdict:
    point = _spot(certificate.point)
    if len(point) != len(certificate.domain) or not _within(point, certificate.domain):
        return Verdict.REFUTED
    value = _evaluate(certificate, certificate.expr, point, clip=True)
    if value > upper:
        return Verdict.REFUTED
    return Verdict.PROVED if value <= upper else Verdict.UNDECIDED


def _leaf(certificate: Certificate, lowest: fmpq, leaf: Leaf) -> Verdict:
    if leaf.bound is None:
        return Verdict.UNDECIDED
    if lowest > leaf.bound:
        return Verdict.REFUTED
    box = tuple(zip(leaf.lo, leaf.hi, strict=True))
    if not _within(_spot(leaf.point), box):
        return Verdict.REFUTED
    for spot in (_spot(leaf.lo), _spot(leaf.point), _spot(leaf.hi)):
        if _evaluate(certificate, certificate.expr, spot, clip=True) < leaf.bound:
            return Verdict.REFUTED
    ball = _bound(certificate, leaf, box)
    confirmed = ball is not None and ball.is_finite() and dyadic(ball.lower()) >= leaf.bound
    return Verdict.PROVED if confirmed else Verdict.UNDECIDED


def _bound(certificate: Certificate, leaf: Leaf, box: Box) -> arb | None:
    """A ball whose lower end bounds the function on the leaf; None if the rule does not apply."""
    expr = certificate.expr
    if leaf.rule == Rule.NATURAL and not any(leaf.face):
        return _evaluate(certificate, expr, box, clip=True)
    if not (is_smooth(expr) and _evaluate(certificate, expr, box).is_finite()):
        return None
    slopes = [_evaluate(certificate, expr.diff(s), box) for s in certificate.symbols]
    signs = list(zip(slopes, leaf.face, strict=True))
    if not all(slope.is_finite() and (side == 0 or side * slope < 0) for slope, side in signs):
        return None
    face = tuple(
        (lo, hi) if side == 0 else (lo, lo) if side < 0 else (hi, hi)
        for (lo, hi), side in zip(box, leaf.face, strict=True)
    )
    if leaf.rule == Rule.NATURAL:
        return _evaluate(certificate, expr, face)
    return _expand(certificate, leaf, face)


def _expand(certificate: Certificate, leaf: Leaf, face: Box) -> arb | None:
    """The mean value, tangent plane or second-order form about the point of the leaf."""
    expr, symbols, spot = certificate.expr, certificate.symbols, _spot(leaf.point)
    if not _within(spot, face):
        return None
    free = [i for i, (lo, hi) in enumerate(face) if lo < hi]
    steps = [arb(face[i][0] - leaf.point[i]).union(arb(face[i][1] - leaf.point[i])) for i in free]
    # "slope" uses the gradient over the face, the others the gradient at the point
    where = face if leaf.rule == Rule.SLOPE else spot
    total = _evaluate(certificate, expr, spot)
    for i, step in zip(free, steps, strict=True):
        total += step * _evaluate(certificate, expr.diff(symbols[i]), where)
    if leaf.rule == Rule.SLOPE:
        return total
    second = arb_mat(
        [
            [_evaluate(certificate, expr.diff(symbols[i], symbols[j]), face) for j in free]
            for i in free
        ]
    )
    if leaf.rule == Rule.CONVEX:
        return total if _minors_positive(second) else None
    if leaf.rule != Rule.QUADRATIC:
        return None
    for i, first in enumerate(steps):
        for j, other in enumerate(steps):
            product = first * other if i != j else arb(0).union(first.abs_upper() ** 2)
            total += second[i, j] * product / 2
    return total


def _minors_positive(matrix: arb_mat) -> bool:
    """Sylvester's criterion for every symmetric matrix in the ball matrix."""
    rows = matrix.tolist()
    sizes = range(1, len(rows) + 1)
    return all(arb_mat([row[:k] for row in rows[:k]]).det() > 0 for k in sizes)
