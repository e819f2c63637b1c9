"""Arc-cosine kernels of every integer order as integer polynomials (Cho & Saul 2009)."""

from __future__ import annotations

from functools import cache

Polynomial = tuple[int, ...]


@cache
def polynomials(order: int) -> tuple[Polynomial, Polynomial]:
    """(A_n, B_n) with J_n(rho) = A_n(rho) sqrt(1-rho^2) + B_n(rho) (pi - arccos(rho)).

    Coefficients from the constant up, by J_{n+1} = (1-rho^2) J_n' + (2n+1) rho J_n; that is
    J_n = (1-rho^2)^{n+1/2} (d/drho)^n [(pi - arccos(rho)) / sqrt(1-rho^2)], the definition.
    ValueError: order not an integer >= 0.
    """
    if isinstance(order, bool) or not isinstance(order, int) or order < 0:
        raise ValueError(f"order must be an integer >= 0, got {order!r}")
    if order == 0:
        return (), (1,)
    root, angle = polynomials(order - 1)
    n = order - 1
    next_root = _add(_flow(root, 2 * n), angle)
    return next_root, _flow(angle, 2 * n + 1)


def _flow(poly: Polynomial, factor: int) -> Polynomial:
    """(1 - rho^2) p' + factor rho p."""
    out = [0] * (len(poly) + 1)
    for power, value in enumerate(poly):
        if power:
            out[power - 1] += power * value
        out[power + 1] += (factor - power) * value
    return _trim(out)


def _add(left: Polynomial, right: Polynomial) -> Polynomial:
    size = max(len(left), len(right))
    pairs = zip(left + (0,) * (size - len(left)), right + (0,) * (size - len(right)), strict=True)
    return _trim([a + b for a, b in pairs])


def _trim(values: list[int]) -> Polynomial:
    while values and values[-1] == 0:
        values.pop()
    return tuple(values)
