"""Signs of rational polynomials on a half-line, exactly."""

from __future__ import annotations

from flint import fmpq, fmpq_poly

X = fmpq_poly([0, 1])


def nonnegative_from(polynomial: fmpq_poly, start: int | fmpq) -> bool:
    """Whether p(start + y) has no negative coefficient: then p >= 0 on [start, inf).

    Sufficient, and met by every polynomial of positive leading coefficient from some start on.
    """
    return all(c >= 0 for c in polynomial(X + fmpq(start)).coeffs())
