"""Balls around the sums and limits of a claim whose terms have a rational step ratio.

The ratio is computed from the claim's own term, so a changed claim is enclosed as it stands.
"""

from __future__ import annotations

from functools import cache

import sympy as sp
from flint import arb, fmpq, fmpq_poly

from w2s_theory.certify.balls import precision
from w2s_theory.certify.lower import lower
from w2s_theory.enclose.growth import limit_of_growth
from w2s_theory.enclose.integrals import Rationals
from w2s_theory.enclose.telescope import limit_factor, multipliers, second_order
from w2s_theory.ledger.at_infinity import AtInfinity
from w2s_theory.ledger.harmonic import Harmonic

STEP = 2
FAR = 10**12


@cache
def step_ratio(term: sp.Expr, index: sp.Symbol) -> tuple[fmpq_poly, fmpq_poly]:
    """term(index + 2)/term(index) as two polynomials over Q, the second with positive lead.

    ``term`` has no other symbol. ArithmeticError: the ratio is not rational in the index.
    """
    ratio = term.xreplace({index: index + STEP}) / term
    for reduce in (sp.gammasimp, lambda e: sp.gammasimp(sp.expand_func(e.rewrite(sp.gamma)))):
        reduced = sp.powsimp(reduce(sp.powsimp(ratio)))
        if reduced.is_rational_function(index):
            top, bottom = (
                _over_rationals(part, index) for part in sp.fraction(sp.together(reduced))
            )
            return (-top, -bottom) if bottom[bottom.degree()] < 0 else (top, bottom)
    raise ArithmeticError(f"the step ratio of {term} is not rational in {index}: {ratio}")


def _over_rationals(polynomial: sp.Expr, index: sp.Symbol) -> fmpq_poly:
    coefficients = sp.Poly(polynomial, index).all_coeffs()
    return fmpq_poly([fmpq(int(c.p), int(c.q)) for c in reversed(coefficients)])


def series(node: sp.Sum, values: Rationals, bits: int, start: int) -> arb:
    """Ball around a SymPy Sum to infinity: terms below ``start`` one by one, the tail telescoped.

    In the tail a factor P_k(rho) is at most 1 and a power of rho at most its first value; at
    rho = +-1 both are exact.
    ArithmeticError: no tail bound is provable (`telescope.multipliers`).
    """
    index, first, _ = node.limits[0]
    weight, carrier = _split(node.function, index)
    weight = weight.xreplace(dict(values))
    shift = fmpq(1, 2)
    if isinstance(carrier, Harmonic):
        shift = fmpq(int(values[carrier.args[1]]) - 2, 2)
    # Ball recurrences for P_k lose at most log2(1 + sqrt 2) = 1.28 bits a degree.
    with precision(bits + 32 + 13 * start // 10):
        weights = lower(weight)
        sizes, at_end = _carriers(carrier, index, values, start + STEP)
        total = arb(0)
        for k in range(int(first), start):
            total += weights({index: k}) * sizes[k]
        for k in (start, start + 1):
            low, high = multipliers(*step_ratio(weight, index), shift, k)
            tail = weights({index: k}) * arb(low).union(arb(high))
            if at_end:
                total += tail * sizes[k]
            else:
                tail *= 1 if isinstance(carrier, Harmonic) else abs(sizes[k])
                total += tail.union(-tail)
    return total


def _split(term: sp.Expr, index: sp.Symbol) -> tuple[sp.Expr, sp.Expr]:
    """The term without its factor P_k(rho) or rho^(a k + b), and that factor (1 if none)."""
    factors = sp.Mul.make_args(term)
    for place, factor in enumerate(factors):
        power = factor.is_Pow and factor.base.is_Symbol and factor.exp.has(index)
        if isinstance(factor, Harmonic) or power:
            return sp.Mul(*factors[:place], *factors[place + 1 :]), factor
    return term, sp.Integer(1)


def _carriers(
    carrier: sp.Expr, index: sp.Symbol, values: Rationals, count: int
) -> tuple[list[arb], bool]:
    """The factor at index 0, ..., count - 1, and whether it is +-1 throughout."""
    if carrier == 1:
        return [arb(1)] * count, True
    if not isinstance(carrier, Harmonic):
        base = lower(carrier.base.xreplace(dict(values)))({})
        exponents = (int(carrier.exp.xreplace({index: sp.Integer(k)})) for k in range(count))
        return [base**e for e in exponents], bool(abs(base) == 1)
    dim = int(values[carrier.args[1]])
    point = lower(carrier.args[2].xreplace(dict(values)))({})
    found = [arb(1), point]
    for k in range(1, count - 1):
        above = (2 * k + dim - 2) * point * found[k] - k * found[k - 1]
        found.append(above / (k + dim - 2))
    return found, bool(abs(point) == 1)


def limit(node: AtInfinity, values: Rationals, bits: int) -> arb:
    """Ball around an `AtInfinity`, over the integers.

    Of an expression with a rational step ratio 1 + q/n^2 + ..., or of n (expression - constant):
    that is -q/2 times the expression's limit, if this is the constant; the ball is not finite if
    provably it is not. A ratio 1 + q/n + ... gives 0 for q < 0, infinity for q > 0. Of powers
    and logarithms: `limit_of_growth`.
    """
    expression, index = node.args[0].xreplace(dict(values)), node.args[1]
    scaled = sp.Mul.make_args(expression)
    sums = [factor for factor in scaled if factor.is_Add and factor.has(index)]
    with precision(bits):
        if not (index in scaled and len(sums) == 1 and len(scaled) == 2):
            return _limit(expression, index, bits)
        constant, moving = sums[0].as_independent(index, as_Add=True)
        reached = _limit(moving, index, bits)
        if not (reached + lower(constant)({})).contains(0):
            return arb("nan")
        return -arb(second_order(*step_ratio(moving, index))) / STEP * reached


def _limit(expression: sp.Expr, index: sp.Symbol, bits: int) -> arb:
    """The hull over both parities of the index."""
    if not expression.has(index):
        return lower(expression)({})
    try:
        return limit_of_growth(expression, index, bits)
    except ArithmeticError:  # of Gamma functions, or largest parts that cancel
        pass
    top, bottom = step_ratio(expression, index)
    evaluate = lower(expression)
    gap = top - bottom
    if gap.degree() >= 0 and top.degree() == bottom.degree() == gap.degree() + 1:
        far = evaluate({index: FAR})  # not finite where a part has no value
        return far * arb(0 if gap[gap.degree()] < 0 else "inf")
    ends = [evaluate({index: n}) * limit_factor(top, bottom, n) for n in (FAR, FAR + 1)]
    return ends[0].union(ends[1])
