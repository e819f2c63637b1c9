"""Inequalities that contain the minimum of an expression over an interval, decided rigorously.

An upper bound for a minimum is any value the objective takes; a lower bound is verified global
minimisation. So `x >= min f` is proved by one point, and refuted by branch and bound.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache

from flint import arb, fmpq
from sympy import Dummy, Expr, Symbol, diff
from sympy.logic.boolalg import Boolean

from w2s_theory.certify import Minimum, Verdict, decide, lower, minimise, precision, recheck, to_arb
from w2s_theory.certify.balls import dyadic, to_fraction
from w2s_theory.certify.lower import Values
from w2s_theory.ledger.infimum import Infimum

Function = Callable[[Values], arb]

_UNIT = Dummy("u", real=True)  # the interval, mapped to [0, 1]
_GRID = 64
_NEWTON = 12
_DEFINED_BITS, _MAX_BITS = 1 << 14, 1 << 17


def has_infimum(clause: Boolean) -> bool:
    """Whether a clause contains a minimum."""
    return bool(clause.has(Infimum))


def upper_bound(node: Infimum, values: Values, bits: int) -> arb:
    """A value of the objective, close to its minimum: a rigorous upper bound for it."""
    run, _, _ = _compiled(node)
    with precision(bits):
        return run({**_balls(values), _UNIT: to_arb(argmin(node, values, bits))})


def argmin(node: Infimum, values: Values, bits: int) -> fmpq:
    """A rational u in [0, 1] near the minimum (grid, then Newton); not rigorous, nor need it be."""
    run, slope, curvature = _compiled(node)
    with precision(bits):
        point = _balls(values)

        def at(function: Function, u: fmpq) -> arb:
            return function({**point, _UNIT: to_arb(u)}).mid()

        best = min((fmpq(i, _GRID) for i in range(_GRID + 1)), key=lambda u: float(at(run, u)))
        value = at(run, best)
        for _ in range(_NEWTON + bits.bit_length()):
            bend = at(curvature, best)
            if not (bend.is_finite() and bend > 0):
                break
            step = (at(slope, best) / bend).mid()
            moved = dyadic((to_arb(best) - step).mid()) if step.is_finite() else best
            moved = min(max(moved, fmpq(0)), fmpq(1))
            trial = at(run, moved)
            if moved == best or not trial.is_finite() or trial > value:
                break
            best, value = moved, trial
        return best


def enclosure(node: Infimum, values: Values, digits: int = 20) -> arb:
    """A ball around the minimum with about `digits` relative digits, by verified minimisation.

    `values` must be exact rationals. Errors: `ArithmeticError` if branch and bound gives up.
    """
    found, bits = _minimum(node, values, digits)
    with precision(bits):
        return arb(found.lower).union(arb(found.upper))


def verify(node: Infimum, values: Values, digits: int = 20) -> Verdict:
    """The verdict of the independent checker on the certificate behind `enclosure`."""
    found, _ = _minimum(node, values, digits)
    verdict: Verdict = recheck(found.certificate)
    return verdict


def _minimum(node: Infimum, values: Values, digits: int) -> tuple[Minimum, int]:
    top, least = _resolved(node, values)
    # An upper bound that is exactly 0 has no leading digit: the digits are then absolute.
    tolerance = (to_fraction(dyadic(abs(top).mid())) or Fraction(1)) / 10**digits
    # Rounding in the objective, of order 1, must stay well below the tolerance.
    bits = 64 + 2 * (tolerance.denominator.bit_length() - tolerance.numerator.bit_length())
    bits = max(bits, 2 * least)
    found = minimise(
        _on_unit(node), {_UNIT: (0, 1)}, values=dict(values), tolerance=tolerance, bits=bits
    )
    if found.verdict is not Verdict.PROVED:
        raise ArithmeticError(f"the minimum of {node} was not enclosed to {digits} digits")
    return found, bits


def _resolved(node: Infimum, values: Values) -> tuple[arb, int]:
    """An upper bound for the minimum with a leading digit, and the precision that it took.

    Small minima take more, and so do roots of nearly nothing, which few bits leave undefined.
    """
    bits, finite = 256, False
    while bits <= _MAX_BITS:
        top = upper_bound(node, values, bits)
        if top.rel_accuracy_bits() > 32:
            return top, bits
        finite = finite or top.is_finite()
        if not finite and bits >= _DEFINED_BITS:
            raise ArithmeticError(f"the objective of {node} is not defined at {dict(values)}")
        bits *= 2
    raise ArithmeticError(f"the minimum of {node} is not told from 0 at {_MAX_BITS} bits")


def decide_with_infima(clause: Boolean, values: Values, bits: int) -> Verdict:
    """Decide a relation with minima in it at exact `values`."""
    nodes = sorted(clause.atoms(Infimum), key=str)
    names = {node: Dummy(f"min{i}", real=True) for i, node in enumerate(nodes)}
    given = {node: {symbol: values[symbol] for symbol in node.free_symbols} for node in nodes}
    replaced = clause.xreplace(names)
    with precision(bits):
        if _grows_against(clause, nodes):
            known = {**values, **{names[n]: upper_bound(n, given[n], bits) for n in nodes}}
            if decide(replaced, known, start_bits=bits, max_bits=bits).verdict is Verdict.PROVED:
                return Verdict.PROVED
        if any(isinstance(values[symbol], arb) for n in nodes for symbol in n.free_symbols):
            return Verdict.UNDECIDED
        digits = max(10, bits // 8)
        try:
            known = {**values, **{names[n]: enclosure(n, given[n], digits) for n in nodes}}
        except ArithmeticError:
            return Verdict.UNDECIDED
        verdict: Verdict = decide(replaced, known, start_bits=bits, max_bits=bits).verdict
        return verdict


def _grows_against(clause: Boolean, nodes: list[Infimum]) -> bool:
    """True for x >= min f or x > min f with no minimum in x."""
    return (
        getattr(clause, "rel_op", "") in (">=", ">", "<=", "<")
        and clause.lts in nodes
        and not clause.gts.has(Infimum)
    )


def _on_unit(node: Infimum) -> Expr:
    lo, hi = node.interval
    return node.objective.xreplace({node.symbol: lo + _UNIT * (hi - lo)})


@lru_cache(maxsize=256)
def _compiled(node: Infimum) -> tuple[Function, Function, Function]:
    objective = _on_unit(node)
    slope = diff(objective, _UNIT)
    return lower(objective), lower(slope), lower(diff(slope, _UNIT))


def _balls(values: Values) -> dict[Symbol, arb]:
    return {symbol: to_arb(value) for symbol, value in values.items()}
