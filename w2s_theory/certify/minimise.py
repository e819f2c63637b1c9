"""Verified global minimisation by interval branch and bound (Hansen and Walster 2004, ch. 12)."""

import heapq
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import sympy
from flint import fmpq
from sympy import Expr, Symbol

from w2s_theory.certify.balls import Exact, dyadic, precision, to_arb, to_fmpq
from w2s_theory.certify.bounds import Function, plain_leaf, sharp_leaf
from w2s_theory.certify.certificate import Certificate, Leaf, Point
from w2s_theory.certify.lower import Values, reject_floats
from w2s_theory.certify.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Minimum:
    """lower <= minimum <= upper, proved; argmin is a point whose value is at most upper.

    verdict: PROVED if upper - lower is within the tolerance, else UNDECIDED (the bounds still
    hold; one of them is None if no finite value was found).
    """

    lower: fmpq | None
    upper: fmpq | None
    argmin: Point
    certificate: Certificate
    verdict: Verdict


def minimise(
    expr: Expr,
    box: Mapping[Symbol, tuple[Exact, Exact]],
    *,
    values: Values | None = None,
    tolerance: Fraction = Fraction(1, 10**10),
    relative: bool = False,
    max_boxes: int = 200_000,
    bits: int = 128,
) -> Minimum:
    """Bounds of the minimum of ``expr`` over a box, with a certificate for ``recheck``.

    The minimum is over the points of the box where expr is real; given balls in ``values``, the
    bounds hold for every point of them. With ``relative`` the tolerance is a fraction of
    ``|upper|``. Errors: ValueError for floats, unknown nodes, symbols in neither or both of box
    and values, empty boxes, tolerance <= 0.

    >>> x = Symbol("x")
    >>> found = minimise(x**2 - x, {x: (0, 1)}, tolerance=Fraction(1, 1000))
    >>> found.lower, found.upper
    (-1/4, -1/4)
    """
    expr = reject_floats(expr).replace(
        lambda node: isinstance(node, sympy.UnevaluatedExpr), lambda node: node.args[0]
    )
    given = values or {}
    width = to_fmpq(tolerance)
    domain = _domain(expr, box, given)
    if not width > 0:
        raise ValueError(f"tolerance must be > 0, got {tolerance}")
    if isinstance(max_boxes, bool) or not isinstance(max_boxes, int) or max_boxes < 1:
        raise ValueError(f"max_boxes must be an integer >= 1, got {max_boxes!r}")
    with precision(bits):
        fixed = {symbol: to_arb(value) for symbol, value in given.items()}
        search = _Search(
            Function(expr, tuple(domain), fixed), tuple(domain.values()), width, relative
        )
        search.run(max_boxes)
    leaves = tuple(sorted(search.leaves(), key=lambda leaf: (leaf.lo, leaf.hi)))
    bounds = [leaf.bound for leaf in leaves]
    lower = None if None in bounds else min(bound for bound in bounds if bound is not None)
    closed = lower is not None and search.upper is not None and lower >= search.target()
    certificate = Certificate(
        expr=expr,
        symbols=tuple(domain),
        values=tuple(sorted(given.items(), key=lambda item: str(item[0]))),
        domain=tuple(domain.values()),
        leaves=leaves,
        lower=lower,
        upper=search.upper,
        point=search.argmin,
        bits=bits,
    )
    return Minimum(
        lower=lower,
        upper=search.upper,
        argmin=search.argmin,
        certificate=certificate,
        verdict=Verdict.PROVED if closed else Verdict.UNDECIDED,
    )


def _domain(
    expr: Expr, box: Mapping[Symbol, tuple[Exact, Exact]], given: Values
) -> dict[Symbol, tuple[fmpq, fmpq]]:
    if not box:
        raise ValueError("box must have at least one symbol, got none")
    both = sorted(set(box) & set(given), key=str)
    missing = sorted(expr.free_symbols - set(box) - set(given), key=str)
    if both or missing:
        raise ValueError(
            f"every symbol must be in box or values, got {both} twice, {missing} never"
        )
    domain = {symbol: (to_fmpq(lo), to_fmpq(hi)) for symbol, (lo, hi) in box.items()}
    for symbol, (lo, hi) in domain.items():
        if lo > hi:
            raise ValueError(f"box must have lo <= hi, got [{lo}, {hi}] for {symbol}")
    return domain


class _Search:
    """Best-first branch and bound; the heap holds leaves by their lower bound."""

    def __init__(
        self,
        function: Function,
        domain: tuple[tuple[fmpq, fmpq], ...],
        tolerance: fmpq,
        relative: bool,
    ) -> None:
        self._function, self._tolerance, self._relative = function, tolerance, relative
        self._widths = [hi - lo for lo, hi in domain]
        self._count = 0
        self._heap: list[tuple[bool, fmpq, int, Leaf]] = []
        self.upper: fmpq | None = None
        lo, hi = tuple(a for a, _ in domain), tuple(b for _, b in domain)
        self.argmin: Point = tuple((a + b) / 2 for a, b in domain)
        for point in (self.argmin, lo, hi):
            self._try(point)
        self._push(lo, hi)

    def leaves(self) -> list[Leaf]:
        return [leaf for *_, leaf in self._heap]

    def target(self) -> fmpq:
        """The lower bound that closes the search."""
        upper = fmpq(0) if self.upper is None else self.upper
        return upper - self._tolerance * (abs(upper) if self._relative else 1)

    def run(self, max_boxes: int) -> None:
        while self._count + 2 <= max_boxes:
            _, _, _, leaf = self._heap[0]
            if self._closed(leaf):
                return
            axis = self._axis(leaf)
            if axis is None:
                return
            heapq.heappop(self._heap)
            middle = (leaf.lo[axis] + leaf.hi[axis]) / 2
            self._push(leaf.lo, _replaced(leaf.hi, axis, middle))
            self._push(_replaced(leaf.lo, axis, middle), leaf.hi)

    def _closed(self, leaf: Leaf) -> bool:
        return self.upper is not None and leaf.bound is not None and leaf.bound >= self.target()

    def _push(self, lo: Point, hi: Point) -> None:
        leaf = plain_leaf(self._function, lo, hi)
        if not self._closed(leaf):
            leaf = sharp_leaf(self._function, leaf)
            self._try(leaf.point)
        self._count += 1
        finite = leaf.bound is not None
        heapq.heappush(self._heap, (finite, leaf.bound or fmpq(0), self._count, leaf))

    def _try(self, point: Point) -> None:
        value = self._function.value(point, point)
        if value.is_finite():
            upper = dyadic(value.upper())
            if self.upper is None or upper < self.upper:
                self.upper, self.argmin = upper, point

    def _axis(self, leaf: Leaf) -> int | None:
        """The free coordinate that is widest relative to the domain; None if all are fixed."""
        wide = [i for i in range(len(leaf.lo)) if leaf.lo[i] < leaf.hi[i] and not leaf.face[i]]
        return max(wide, key=lambda i: (leaf.hi[i] - leaf.lo[i]) / self._widths[i], default=None)


def _replaced(point: Point, axis: int, value: fmpq) -> Point:
    return (*point[:axis], value, *point[axis + 1 :])
