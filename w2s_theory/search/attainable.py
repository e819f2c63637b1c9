"""Claims about L_TE and L_ST alone, decided: what pairs of losses there are is known exactly.

Under the premises of Theorem 4.1 the student may be anywhere in the ball over the diameter from 0
to f_T, so L_ST takes every value between the squared distances of the target to the nearest and
the farthest point of it. Both are largest apart for a least-squares teacher, where they are the
two roots S of S^2 - (1 + L) S + L^2, L = L_TE (the smaller is the floor of thm-4.1, which is
sharp). For a student no longer than its teacher they are the roots (1 -+ sqrt(1 - L))^2 of
S^2 - (4 - 2 L) S + L^2 (thm-4.2). So a claim that is linear in L_ST and algebraic in L_TE is a
matter of signs of polynomials, and Sturm's theorem decides it, points of contact included.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Context
from fractions import Fraction
from math import lcm, tan

from flint import fmpq
from sympy import (
    CoercionFailed,
    Dummy,
    Expr,
    Integer,
    Le,
    Lt,
    Poly,
    PolynomialError,
    Pow,
    Rational,
    Symbol,
    asin,
    fraction,
    oo,
    sign,
    sqrt,
    together,
)
from sympy.core.relational import Relational

from w2s_theory.certify import Verdict
from w2s_theory.certify.decide import decide
from w2s_theory.certify.exact import identity
from w2s_theory.certify.minimise import minimise
from w2s_theory.certify.sturm import SignProof, prove_sign
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.render import text
from w2s_theory.search.conjecture import Conjecture
from w2s_theory.search.coordinates import from_stereographic, rounded
from w2s_theory.search.example import Example, at
from w2s_theory.search.premises import Premises, StudentRule, TeacherRule

_L, _S = q.L_TE, q.L_ST
_X = Dummy("x", positive=True)
_ZERO, _ONE = Integer(0), Integer(1)
_MAX_ROOT = 1000
_ROUGHLY, _MOST_BOXES = Fraction(1, 2), 3000
"""Only the sign of a minimum is asked for."""
_PLAIN = (
    *(Rational(n, 10) for n in (1, 5, 9)),
    *(Rational(1, 10**k) for k in (2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233)),
)


@dataclass(frozen=True, slots=True)
class Region:
    """The attainable L_ST at a given L_TE: between `low` and `high`, ends included if `closed`.

    `middle` b: `low` and `high` are the roots of S^2 - b S + L^2; None where they are polynomials
    themselves. `high` is oo where nothing bounds the loss. `most`: the largest L_TE there is.
    """

    low: Expr
    high: Expr
    middle: Expr | None = None
    most: Expr = _ONE
    closed: bool = True


def region(premises: Premises) -> Region | None:
    """The attainable losses under the premises, None where they are not known in closed form."""
    if premises.chain > 1:
        known = premises.student is StudentRule.SHRINKS and premises.teacher is not TeacherRule.ANY
        return Region(_ZERO, oo) if known else None  # see _along_a_chain
    kind, teacher = premises.student, premises.teacher
    if kind is StudentRule.PRETRAINED:  # from the target itself, or from as far as one likes
        return Region(_ZERO, oo, most=_ONE if teacher is not TeacherRule.ANY else oo)
    if teacher is TeacherRule.ANY:
        # ||f_T||^2 = 1 + L puts the target on the sphere, and f_T - f* opposite to it.
        return Region(_ZERO, 1 + _L, most=oo) if kind is StudentRule.SHRINKS else None
    if kind is StudentRule.BOUNDED:
        return Region(s.BOUNDED_FLOOR.expr, (1 + sqrt(1 - _L)) ** 2, 4 - 2 * _L)
    floor = s.SHRINKAGE_FLOOR.expr
    if kind is StudentRule.CONVEX:  # L_ST <= L_TE - misfit, and f_S = f_T is possible
        return Region(floor, _L, 1 + _L)
    return Region(floor, 1 + _L - floor, 1 + _L, closed=kind is not StudentRule.FLOW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """The exact answer: `verdict` PROVED (`because`: what was shown), or REFUTED by `example`."""

    verdict: Verdict
    because: tuple[str, ...] = ()
    example: Example | None = None


@dataclass(frozen=True, slots=True)
class _Interval:
    """The teacher losses a conjecture speaks of."""

    low: Rational
    high: Expr
    low_open: bool = False
    high_open: bool = False

    @property
    def empty(self) -> bool:
        touching = self.low == self.high and (self.low_open or self.high_open)
        return bool(self.low > self.high) or touching

    def holds(self, point: Expr) -> bool:
        below = point < self.low or (self.low_open and point == self.low)
        above = point > self.high or (self.high_open and point == self.high)
        return not (below or above)

    def __str__(self) -> str:
        left, right = "(" if self.low_open else "[", ")" if self.high_open else "]"
        return f"L_TE in {left}{self.low}, {self.high}{')' if self.high is oo else right}"


@dataclass(frozen=True, slots=True)
class _Question:
    """One claim, where it is made, and what losses there are."""

    claim: Relational
    premises: Premises
    here: Region
    where: _Interval

    @property
    def gap(self) -> Expr:
        return self.claim.gts - self.claim.lts

    @property
    def strict(self) -> bool:
        return _strict(self.claim)

    def span(self, root: int) -> tuple[Rational, Expr]:
        """The interval of L_TE^(1/root), rounded outwards where its ends are irrational."""
        return _root_of(self.where.low, root, 0), _root_of(self.where.high, root, 1)


def decided(asked: Conjecture) -> Decided | None:
    """The exact answer to a conjecture about L_TE and L_ST alone; None where there is none.

    VACUOUS if no L_TE meets its conditions.
    """
    here = region(asked.premises)
    where = _interval(asked, here.most) if here is not None else None
    if here is None or where is None:
        return None
    if where.empty:
        return Decided(verdict=Verdict.VACUOUS)
    answers = [_one(_Question(claim, asked.premises, here, where)) for claim in asked.claims]
    for answer in answers:
        if answer is not None and answer.verdict is Verdict.REFUTED:
            return answer
    found = [answer for answer in answers if answer is not None]
    if len(found) < len(answers):
        return None
    because = tuple(line for answer in found for line in answer.because)
    return Decided(verdict=Verdict.PROVED, because=because)


def _interval(asked: Conjecture, most: Expr) -> _Interval | None:
    """None unless every condition is linear in L_TE alone."""
    low, high, low_open, high_open = _ZERO, most, False, False
    for condition in asked.conditions:
        form = _polynomial(condition.gts - condition.lts, _L)
        if form is None or form.degree() != 1:
            return None
        slope, shift = form.all_coeffs()
        end, strict = -shift / slope, _strict(condition)
        if slope > 0 and (end > low or (end == low and strict)):
            low, low_open = end, strict
        if slope < 0 and (end < high or (end == high and strict)):
            high, high_open = end, strict
    return _Interval(low, high, low_open, high_open)


def _strict(relation: Relational) -> bool:
    return relation.rel_op in {">", "<"}


def _polynomial(expr: Expr, *symbols: Symbol) -> Poly | None:
    try:
        return Poly(expr.doit(), *symbols, domain="QQ")
    except (PolynomialError, CoercionFailed):
        return None


def _one(asked: _Question) -> Decided | None:
    if not asked.gap.free_symbols <= {_L, _S}:
        return None
    if asked.premises.chain > 1:
        return _along_a_chain(asked)
    return _by_sturm(asked) or _by_balls(asked)


# --- signs of polynomials -------------------------------------------------------------------------


def _by_sturm(asked: _Question) -> Decided | None:
    """Where the claim is linear in L_ST over polynomials in a root of L_TE."""
    root = _root(asked.gap)
    if root is None:
        return None
    top, bottom = fraction(together(asked.gap.doit().xreplace({_L: _X**root})))
    numerator, denominator = _polynomial(top, _X, _S), _polynomial(bottom, _X)
    if numerator is None or denominator is None or numerator.degree(_S) > 1:
        return None
    span = asked.span(root)
    positive = _sign(denominator.as_expr(), span, poles=True)
    form = Poly(positive * numerator.as_expr(), _S)
    slope, rest = form.coeff_monomial(_S), form.coeff_monomial(1)
    side = _sign(slope, span)
    if positive == 0 or (side == 0 and slope != 0):
        return None
    because = []
    for condition in _conditions(side, slope, rest, asked.here, _X**root):
        proof = prove_sign(condition, _X, *span, strict=asked.strict)
        if proof.verdict is not Verdict.PROVED and not _spared(asked, proof, root):
            ends = (asked.where.low, asked.where.high, *_PLAIN)
            losses = [loss for loss in ends if _fails(condition, loss, root)]
            points = [proof.witness, *proof.zeros]  # the witness may be a zero that is excluded
            losses += [x for p in points if isinstance(p, Fraction) for x in _near(p**root)]
            return _refuted(asked, losses, nearest=side >= 0)
        because.append(_line(condition, asked, root, proof))
    return Decided(verdict=Verdict.PROVED, because=tuple(because))


def _conditions(side: int, slope: Expr, rest: Expr, here: Region, loss: Expr) -> list[Expr]:
    """Polynomials that are all >= 0 (> 0) exactly where slope L_ST + rest is, for every L_ST."""
    if side == 0:
        return [rest.expand()]
    size, bound = side * slope, side * -rest  # L_ST >= bound/size, or L_ST <= bound/size
    end = (here.low if side > 0 else here.high).xreplace({_L: loss})
    if end is oo:
        return [Integer(-1)]
    if here.middle is None or end == loss:
        return [(side * (size * end - bound)).expand()]
    middle = here.middle.xreplace({_L: loss})
    half = side * (size * middle / 2 - bound)
    return [half.expand(), (bound**2 - middle * bound * size + (size * loss) ** 2).expand()]


def _fails(condition: Expr, loss: Expr, root: int) -> bool:
    if loss is oo:
        return False
    value = condition.xreplace({_X: loss ** Rational(1, root)})
    # Few bits: near an irrational root of L_TE the exact test for 0 would take minutes.
    return decide(value >= 0, max_bits=128).verdict is not Verdict.PROVED


def _near(loss: Fraction) -> list[Rational]:
    """Short rationals near a loss first, itself last: the coordinates have the root of it."""
    near = (loss.limit_denominator(n) for n in (*(10**k for k in (1, 2, 4, 8, 16)), 1 << 1100))
    return [_rational(x) for x in dict.fromkeys(near)]


def _spared(asked: _Question, proof: SignProof, root: int) -> bool:
    """Whether a strict claim fails at such L_TE only as are excluded, or where no student is."""
    if not asked.strict or not proof.zeros or proof.verdict is Verdict.UNDECIDED:
        return False
    points = [zero for zero in proof.zeros if isinstance(zero, Fraction)]
    closed = asked.here.closed
    negative = proof.witness is not None and proof.witness not in points
    if negative or (len(points) < len(proof.zeros) and closed):
        return False
    losses = [_rational(point) ** root for point in points]
    return all(not asked.where.holds(x) or (not closed and 0 < x < 1) for x in losses)


def _line(condition: Expr, asked: _Question, root: int, proof: SignProof) -> str:
    name = "L_TE" if root == 1 else f"L_TE^(1/{root})"
    shown = text(condition.xreplace({_X: Symbol("x")}))
    where = "" if root == 1 and condition.is_number else f" for x = {name}"
    spared = asked.strict and any(
        not isinstance(zero, Fraction) or asked.where.holds(_rational(zero) ** root)
        for zero in proof.zeros
    )
    sign = ">" if asked.strict and not spared else ">="
    left = ", 0 only where no student is" if spared else ""
    return f"{shown} {sign} 0{where}, {asked.where}{left} (Sturm)"


def _root(gap: Expr) -> int | None:
    """The q for which every power of L_TE is one of L_TE^(1/q); None for powers too high."""
    denominators = [1]
    for power in gap.atoms(Pow):
        exponent = power.exp.doit()
        if exponent.is_Rational and abs(exponent.p) > _MAX_ROOT:
            return None
        if exponent.is_Integer:
            continue
        if power.base != _L or not exponent.is_Rational:
            return None
        denominators.append(int(exponent.q))
    root = lcm(*denominators)
    return root if root <= _MAX_ROOT else None


def _root_of(value: Expr, root: int, up: int) -> Expr:
    exact = value if value is oo else value ** Rational(1, root)
    if exact is oo or exact.is_Rational:
        return exact
    scale = 10**12
    return Rational(int(exact * scale) + up, scale)


def _rational(value: Fraction | fmpq) -> Rational:
    return Rational(int(value.numerator), int(value.denominator))


def _sign(expr: Expr, span: tuple[Rational, Expr], *, poles: bool = False) -> int:
    """1 or -1 where a polynomial keeps its sign, else 0; with `poles` it may vanish only at 0."""
    if expr == 0:
        return 0
    for factor in (1, -1):
        proof = prove_sign(factor * expr, _X, *span)
        if proof.verdict is Verdict.PROVED:
            return factor if not poles or all(zero == 0 for zero in proof.zeros) else 0
    return 0


# --- anything else: verified minimisation ---------------------------------------------------------


def _by_balls(asked: _Question) -> Decided | None:
    """Where the claim is c L_ST + g(L_TE) >= 0, c a number, at the worst end of the region."""
    slope = asked.gap.diff(_S).doit()
    if asked.where.high is oo or not slope.is_Rational:
        return None
    side = int(sign(slope))
    end = asked.here.low if side >= 0 else asked.here.high
    if end is oo:
        return None
    worst = asked.gap.xreplace({_S: end})
    if not asked.strict and identity(worst, _ZERO) is Verdict.PROVED:
        return Decided(verdict=Verdict.PROVED, because=(f"{text(worst)} = 0 identically",))
    below = (Le if asked.strict else Lt)(worst, 0, evaluate=False)
    plain = (asked.where.low, asked.where.high, *_PLAIN)
    losses = [loss for loss in plain if at(below, {_L: loss}) is Verdict.PROVED]
    if losses and (found := _refuted(asked, losses, nearest=side >= 0)):
        return found
    box = {_L: (asked.where.low, asked.where.high)}
    least = minimise(worst, box, tolerance=_ROUGHLY, relative=True, max_boxes=_MOST_BOXES)
    if least.lower is not None and least.lower > 0:
        return _minimised(asked, worst, least.lower)
    return _refuted(asked, [_rational(least.argmin[0])], nearest=side >= 0)


def _along_a_chain(asked: _Question) -> Decided | None:
    """The claim at the floor of nstep, over L_TE and the share u of the most each student turns.

    It is the least loss of n students in a row, for any shrinkage-optimal teacher (thm nstep), and
    students that turn by the same angle attain it (nstep-sharp).
    """
    slope = asked.gap.diff(_S).doit()
    if not (slope.is_Rational and slope > 0):
        return None
    students, share = Integer(asked.premises.chain), Dummy("u", real=True)
    angle = s.ANGLE[1]
    floor = s.CHAIN_OBJECTIVE.expr.xreplace(
        {q.CHAIN: students, q.THETA: angle, q.PHI: share * angle / students}
    )
    worst = asked.gap.xreplace({_S: floor})
    box = {_L: (asked.where.low, asked.where.high), share: (_ZERO, _ONE)}
    least = minimise(worst, box, tolerance=_ROUGHLY, relative=True, max_boxes=_MOST_BOXES)
    if least.lower is not None and least.lower > 0:
        return _minimised(asked, worst.xreplace({share: Symbol("u")}), least.lower)
    theta = asin(sqrt(float(_rational(least.argmin[0]))))
    turn = float(theta * float(_rational(least.argmin[1]))) / asked.premises.chain
    for digits in (1, 2, 4, 8, 16):
        example = _spiral(float(theta), turn, asked.premises.chain, digits)
        inside = asked.where.holds(example.values[_L])
        fails = inside and at(asked.claim, example.values) is Verdict.REFUTED
        if fails and example.meets(asked.premises) is Verdict.PROVED:
            return Decided(verdict=Verdict.REFUTED, example=example)
    return None


def _minimised(asked: _Question, worst: Expr, lower: fmpq) -> Decided:
    least = Context(prec=3, rounding=ROUND_DOWN).divide(int(lower.p), int(lower.q))
    line = f"{text(worst)} > {least:g}, {asked.where}"
    return Decided(verdict=Verdict.PROVED, because=(f"{line} (verified minimisation)",))


# --- examples -------------------------------------------------------------------------------------


def _refuted(asked: _Question, losses: Sequence[Expr], *, nearest: bool) -> Decided | None:
    """REFUTED by the first of the losses at which an extreme student is a counterexample."""
    for loss in losses:
        if not (loss.is_Rational and asked.where.holds(loss)):
            continue
        for example in _extreme(asked.premises, loss, nearest=nearest):
            if at(asked.claim, example.values) is not Verdict.REFUTED:
                continue
            if example.meets(asked.premises) is Verdict.PROVED:
                return Decided(verdict=Verdict.REFUTED, example=example)
    return None


def _extreme(premises: Premises, loss: Rational, *, nearest: bool) -> Iterator[Example]:
    """The student nearest to the target (or farthest from it), then ones a little inside."""
    zero, target = (_ZERO, _ZERO), (_ONE, _ZERO)
    free = premises.teacher is TeacherRule.ANY
    teacher = (_ONE, sqrt(loss)) if free else (1 - loss, sqrt(loss * (1 - loss)))
    if premises.student is StudentRule.PRETRAINED:
        far = (target,) if nearest else tuple((Integer(10**k), _ZERO) for k in range(1, 40, 4))
        for student in far:
            yield Example(target, teacher, (student,), student)
        return
    if free:
        student = target if nearest else (_ZERO, sqrt(loss))
    elif premises.student is StudentRule.BOUNDED:
        student = (sqrt(1 - loss) * (1 if nearest else -1), _ZERO)
    elif premises.student is StudentRule.CONVEX and not nearest:
        student = teacher
    else:
        ratio = sqrt((1 - loss) / (1 + 3 * loss)) * (1 if nearest else -1)
        student = tuple(t / 2 + ratio * (f - t / 2) for t, f in zip(teacher, target, strict=True))
    yield Example(target, teacher, (student,), zero)
    for k in range(2, 20, 2):
        inside = 1 - Rational(1, 10**k)
        near = tuple(t / 2 + inside * (x - t / 2) for t, x in zip(teacher, student, strict=True))
        yield Example(target, teacher, (near,), zero)


def _spiral(theta: float, turn: float, students: int, digits: int) -> Example:
    """Least-squares teacher at angle theta; each student turns by `turn` and shrinks to fit."""
    cosine, sine = _turned(theta, digits)
    cosine_turn, sine_turn = _turned(turn, digits)
    teacher = (cosine * cosine, cosine * sine)
    chain, x, y = [], *teacher
    for _ in range(students):
        x, y = (
            cosine_turn * (cosine_turn * x + sine_turn * y),
            cosine_turn * (cosine_turn * y - sine_turn * x),
        )
        chain.append((x, y))
    return Example((_ONE, _ZERO), teacher, tuple(chain), (_ZERO, _ZERO))


def _turned(angle: float, digits: int) -> tuple[Rational, Rational]:
    return tuple(_rational(x) for x in from_stereographic((rounded(tan(angle / 2), digits),)))
