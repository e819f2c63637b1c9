"""Tails and limits of sequences whose step ratio is rational, enclosed by exact polynomials.

tau_{k+2}/tau_k = r(k) = top/bottom, in k over Q.
"""

from __future__ import annotations

from flint import arb, fmpq, fmpq_poly

from w2s_theory.certify.positivity import X, nonnegative_from


def multipliers(top: fmpq_poly, bottom: fmpq_poly, shift: fmpq, start: int) -> tuple[fmpq, fmpq]:
    """(low, high) with low <= (sum of tau over start, start+2, ...) / tau_start <= high.

    If u(k) - r(k) u(k+2) >= 1 for all k >= start (a polynomial inequality, proved by its
    coefficients), then ``|tau_k| <= |tau_k| u(k) - |tau_{k+2}| u(k+2)``, and the tail telescopes to
    at most ``|tau_start| u(start)``. With <= 1 it is at least that: ``|tau_k|`` decreases and is
    summable, so k tau_k -> 0. Both bounds are u = (v +- delta)/x, x = k + shift, where v makes
    u - r u(k+2) = 1 to three orders and delta is the least power of 2 that makes the polynomials
    provable; high - low is O(start^-3) of either.
    ArithmeticError: no bound is provable from ``start`` on (or r is not in [0, 1] there).
    """
    x = X + shift
    ahead = x + 2
    left = bottom * x * ahead
    value = fmpq_poly(0)
    for part in (x * x, x, fmpq_poly([1])):
        image = bottom * part * ahead - top * part(X + 2) * x
        scale = left[image.degree()] / image[image.degree()]
        value += scale * part
        left -= scale * image
    last = bottom * ahead - top * x  # what delta/x adds to u - r u(k+2), over the same bottom
    if nonnegative_from(bottom - top, start) and nonnegative_from(top, start):
        delta = fmpq(1, 1 << 20)
        while delta < 1 << 60:
            proved = (delta * last - left, delta * last + left, value + delta)
            if all(nonnegative_from(p, start) for p in proved):
                at = x(fmpq(start))
                return (value(fmpq(start)) - delta) / at, (value(fmpq(start)) + delta) / at
            delta *= 2
    raise ArithmeticError(f"no tail bound is provable from start = {start}")


def second_order(top: fmpq_poly, bottom: fmpq_poly) -> fmpq:
    """q in r(k) = 1 + q/k^2 + O(k^-3).

    ArithmeticError: r does not tend to 1 that fast; then tau tends to 0 or infinity.
    """
    gap = top - bottom
    if gap.degree() < 0:
        return fmpq(0)
    if top.degree() != bottom.degree() or gap.degree() > bottom.degree() - 2:
        raise ArithmeticError("the step ratio is not 1 + O(k^-2), so there is no non-zero limit")
    return gap[bottom.degree() - 2] / bottom[bottom.degree()]


def limit_factor(top: fmpq_poly, bottom: fmpq_poly, start: int) -> arb:
    """Ball around (lim tau) / tau_start, the limit over start, start+2, ...

    ``|r(k) - 1| <= c/k^2 <= 1/2`` from start on gives ``|log r| <= 2 c/k^2``, in all at most
    2 c (1/start^2 + 1/(2 start)). ArithmeticError: as `second_order`, or start too small.
    """
    bound = abs(second_order(top, bottom)) + 1
    gap = X * X * (top - bottom)
    proved = (bound * bottom - gap, bound * bottom + gap)
    if not all(nonnegative_from(p, start) for p in proved) or 2 * bound > fmpq(start) ** 2:
        raise ArithmeticError(f"no bound of the steps is provable from start = {start}")
    reach = arb(2 * bound * (fmpq(1, start * start) + fmpq(1, 2 * start)))
    return (-reach).exp().union(reach.exp())
