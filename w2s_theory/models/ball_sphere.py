"""The sphere's population quantities in Arb balls, at the current precision."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from w2s_theory.arguments import FloatArray
from w2s_theory.certify import to_fmpq
from w2s_theory.certify.balls import working_bits
from w2s_theory.spectra.activations import Activation
from w2s_theory.spectra.homogeneous import Homogeneous

if TYPE_CHECKING:
    from flint import arb

BallFunction = Callable[["arb"], "arb"]
Balls = list["arb"]


def unit_ball(row: FloatArray) -> Balls:
    """The exact ``u/|u|`` of a float row."""
    from flint import arb

    exact = [arb(float(value)) for value in row]
    norm = ball_dot(exact, exact).sqrt()
    return [value / norm for value in exact]


def ball_dot(left: Iterable[arb], right: Iterable[arb]) -> arb:
    """The inner product of two rows of balls."""
    from flint import arb

    return sum((a * b for a, b in zip(left, right, strict=True)), arb(0))


def gram_function(sigma: Activation, dim: int) -> BallFunction:
    """The Gram function of two units at a ball cosine, to the precision of the call.

    ValueError: a power that is not an integer, or an activation out of reach of quadrature.
    """
    from flint import arb

    from w2s_theory.certify import lower
    from w2s_theory.ledger import kernels
    from w2s_theory.ledger import quantities as q
    from w2s_theory.models.series_kernel import series

    if not isinstance(sigma, Homogeneous):
        return series(sigma, dim, working_bits()).balls
    if sigma.power.denominator != 1:
        raise ValueError(f"activation must have an integer power, got {sigma.name!r}")
    run = lower(kernels.gram(int(sigma.power)))
    plus, minus = (arb(to_fmpq(weight)) for weight in (sigma.plus, sigma.minus))

    def kernel(cosine: arb) -> arb:
        same = run({q.RHO: cosine, q.SPACE_DIM: dim})
        if sigma.minus == 0:
            return plus**2 * same
        return (plus**2 + minus**2) * same + 2 * plus * minus * run(
            {q.RHO: -cosine, q.SPACE_DIM: dim}
        )

    return kernel


def eigenvalue_beyond(sigma: Activation, dim: int, max_degree: int) -> arb:
    """The largest a_k^2 beyond a degree, or a bound on it.

    Homogeneous: ``|a_k|`` falls within each parity. Else what the degrees up to it leave of
    ||sigma||^2, which N_k harmonics share.
    """
    from flint import arb

    from w2s_theory.models.series_kernel import series
    from w2s_theory.spectra.harmonics import multiplicity

    if isinstance(sigma, Homogeneous):
        digits = max(working_bits() // 3, 20)
        beyond = (sigma.certified(max_degree + k, dim, digits=digits) ** 2 for k in (1, 2))
        return arb.max(*beyond)
    left = series(sigma, dim, working_bits()).beyond(max_degree)
    return arb(left) / multiplicity(max_degree + 1, dim)


def space_function(sigma: Activation, dim: int, degrees: Sequence[int]) -> BallFunction:
    """``sum_k a_k^2 N_k P_k`` over the degrees, at a ball cosine."""
    from flint import arb

    from w2s_theory.spectra.harmonics import multiplicity

    terms = [
        (sigma.certified(k, dim, digits=60) ** 2 * multiplicity(k, dim), zonal_function(k, dim))
        for k in degrees
    ]
    return lambda cosine: sum((scale * zonal(cosine) for scale, zonal in terms), arb(0))


def gram_balls(rows: Sequence[Balls], function: BallFunction) -> list[Balls]:
    """The symmetric matrix of ``function`` at the cosines of the unit ``rows``."""
    from flint import arb, arb_mat

    width = len(rows)
    table = arb_mat([list(row) for row in rows])
    cosines = (table * table.transpose()).tolist()
    entries = [[arb(0)] * width for _ in range(width)]
    for i in range(width):
        entries[i][i] = function(arb(1))
        for j in range(i):
            entries[i][j] = entries[j][i] = function(cosines[i][j])
    return entries


def zonal_function(degree: int, dim: int) -> BallFunction:
    """P_degree in dimension ``dim`` at a ball cosine."""
    from w2s_theory.certify import lower
    from w2s_theory.ledger.harmonic import legendre_polynomial
    from w2s_theory.ledger.quantities import POINT

    run = lower(legendre_polynomial(degree, dim))
    return lambda cosine: run({POINT: cosine})
