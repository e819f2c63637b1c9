"""Lower bounds of a function on a box: natural, mean value, convex and quadratic forms."""

from collections.abc import Callable, Iterator, Sequence

import sympy
from flint import arb, arb_mat, fmpq
from sympy import Expr, Symbol

from w2s_theory.certify.balls import dyadic, interval
from w2s_theory.certify.certificate import Leaf, Point, Rule
from w2s_theory.certify.lower import Values, lower, lower_many
from w2s_theory.certify.table import is_smooth

_NEWTON_STEPS = 8

# Radii carry 30 bits, so another evaluation differs by about 2^-30 of the radius. A bound keeps
# this much distance from its ball, so that a second evaluation can confirm it.
_SLACK = fmpq(1, 2**18)


def safe_lower(ball: arb) -> fmpq | None:
    """A rational number a little below the whole ball; None if it is not finite."""
    if not ball.is_finite():
        return None
    return dyadic((ball.lower() - ball.rad() * _SLACK).lower())


class Function:
    """A SymPy expression with its derivatives, ready for balls at the current precision."""

    _first: Callable[[Values], list[arb]]
    _second: Callable[[Values], list[arb]]

    def __init__(self, expr: Expr, symbols: Sequence[Symbol], values: Values) -> None:
        """``values`` fixes the symbols that are not coordinates."""
        self._symbols, self._values = tuple(symbols), dict(values)
        self._natural = lower(expr, clip=True)
        self.smooth = is_smooth(expr)
        """Whether derivatives are at hand."""
        if not self.smooth:
            return
        gradient = [sympy.diff(expr, s) for s in symbols]
        hessian = [sympy.diff(g, t) for i, g in enumerate(gradient) for t in symbols[i:]]
        try:  # strict: a derivative counts only where every root is provably real
            self._first = lower_many((expr, *gradient))
            self._second = lower_many((expr, *gradient, *hessian))
        except ValueError:  # a derivative without a ball version
            self.smooth = False

    def _at(self, lo: Point, hi: Point) -> Values:
        return self._values | {
            s: interval(a, b) for s, a, b in zip(self._symbols, lo, hi, strict=True)
        }

    def value(self, lo: Point, hi: Point) -> arb:
        """Ball around the values on the box."""
        return self._natural(self._at(lo, hi))

    def gradient(self, point: Point) -> tuple[arb, list[arb]]:
        """Value and gradient at a point."""
        value, *gradient = self._first(self._at(point, point))
        return value, gradient

    def expansion(self, lo: Point, hi: Point) -> tuple[arb, list[arb], list[list[arb]]]:
        """Value, gradient and Hessian on the box."""
        n = len(self._symbols)
        value, *rest = self._second(self._at(lo, hi))
        upper = iter(rest[n:])
        hessian = [[arb(0)] * n for _ in range(n)]
        for i in range(n):
            for j in range(i, n):
                hessian[i][j] = hessian[j][i] = next(upper)
        return value, rest[:n], hessian


def plain_leaf(function: Function, lo: Point, hi: Point) -> Leaf:
    """The bound by interval evaluation alone."""
    middle = tuple((a + b) / 2 for a, b in zip(lo, hi, strict=True))
    bound = safe_lower(function.value(lo, hi))
    face = (0,) * len(lo)
    return Leaf(lo=lo, hi=hi, face=face, rule=Rule.NATURAL, point=middle, bound=bound)


def sharp_leaf(function: Function, plain: Leaf) -> Leaf:
    """The best bound known on the box of ``plain``."""
    if not function.smooth:
        return plain
    value, gradient, hessian = function.expansion(plain.lo, plain.hi)
    if not (value.is_finite() and all(g.is_finite() for g in gradient)):
        return plain
    face = tuple(_direction(g) for g in gradient)
    lo = tuple(b if f > 0 else a for a, b, f in zip(plain.lo, plain.hi, face, strict=True))
    hi = tuple(a if f < 0 else b for a, b, f in zip(plain.lo, plain.hi, face, strict=True))
    free = [i for i in range(len(lo)) if lo[i] < hi[i]]
    best = plain
    for rule, point, ball in _candidates(function, (lo, hi), free, gradient, hessian):
        bound = safe_lower(ball)
        if bound is not None and (best.bound is None or bound > best.bound):
            best = Leaf(lo=plain.lo, hi=plain.hi, face=face, rule=rule, point=point, bound=bound)
    return best


def _direction(slope: arb) -> int:
    margin = slope.rad() * _SLACK
    if slope - margin > 0:
        return -1
    return 1 if slope + margin < 0 else 0


def _candidates(
    function: Function,
    face: tuple[Point, Point],
    free: list[int],
    gradient: list[arb],
    hessian: list[list[arb]],
) -> Iterator[tuple[Rule, Point, arb]]:
    """(rule, point, ball) whose lower end bounds the function on the face."""
    lo, hi = face
    point = tuple((a + b) / 2 for a, b in zip(lo, hi, strict=True))
    yield Rule.NATURAL, point, function.value(lo, hi)
    if not free:
        return
    block = [[hessian[i][j] for j in free] for i in free]
    convex = positive_definite(block)
    if convex:
        point = _descend(function, face, free, point)
    value, slopes = function.gradient(point)
    steps = [interval(lo[i] - point[i], hi[i] - point[i]) for i in free]
    linear = sum((slopes[i] * h for i, h in zip(free, steps, strict=True)), value)
    if convex:
        yield Rule.CONVEX, point, linear
        return
    yield Rule.SLOPE, point, sum((gradient[i] * h for i, h in zip(free, steps, strict=True)), value)
    if all(entry.is_finite() for row in block for entry in row):
        yield Rule.QUADRATIC, point, linear + quadratic_form(block, steps) / 2


def quadratic_form(matrix: list[list[arb]], steps: list[arb]) -> arb:
    """Ball around h^T H h, with every square kept non-negative."""
    total = arb(0)
    for i, row in enumerate(matrix):
        square = (steps[i].abs_lower() ** 2).union(steps[i].abs_upper() ** 2)
        total += row[i] * square
        for j in range(i):
            total += 2 * row[j] * steps[i] * steps[j]
    return total


def positive_definite(matrix: list[list[arb]]) -> bool:
    """Whether every symmetric matrix in the ball matrix is positive definite (LDL^T pivots)."""
    rows = [list(row) for row in matrix]
    for k, row in enumerate(rows):
        pivot = row[k]
        if not (pivot.is_finite() and pivot - pivot.rad() * _SLACK > 0):
            return False
        for lower_row in rows[k + 1 :]:
            factor = lower_row[k] / pivot
            for j in range(k + 1, len(rows)):
                lower_row[j] = lower_row[j] - factor * row[j]
    return True


def _descend(function: Function, face: tuple[Point, Point], free: list[int], start: Point) -> Point:
    """A point near the minimum of a convex function on the face: projected Newton steps.

    Nothing here needs to be rigorous: any point of the face gives a valid tangent plane.
    """
    lo, hi = face
    point = list(start)
    for _ in range(_NEWTON_STEPS):
        _, slopes, hessian = function.expansion(tuple(point), tuple(point))
        active = [
            i
            for i in free
            if not (point[i] == lo[i] and slopes[i] >= 0)
            and not (point[i] == hi[i] and slopes[i] <= 0)
        ]
        if not active:
            break
        try:
            matrix = arb_mat([[hessian[i][j] for j in active] for i in active])
            step = matrix.solve(arb_mat([[slopes[i]] for i in active]))
        except (ZeroDivisionError, ValueError):
            break
        moved = False
        for row, i in enumerate(active):
            shift = step[row, 0].mid()
            if not shift.is_finite():
                return tuple(point)
            target = min(max(dyadic((arb(point[i]) - shift).mid()), lo[i]), hi[i])
            moved = moved or target != point[i]
            point[i] = target
        if not moved:
            break
    return tuple(point)
