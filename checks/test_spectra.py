"""Section 1: harmonics, coefficients, decay, arc-cosine kernels, sums over degrees, limits."""

from __future__ import annotations

import numpy as np

from checks.support.judging import agree, grid
from checks.support.sampling import means
from w2s_theory.certify import Verdict
from w2s_theory.enclose.claims import enclose
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.statement import Evidence, Statement
from w2s_theory.regression.outcome import Outcome, Profile, check
from w2s_theory.statistics import ERROR_RATE, bounded_mean_interval

DIMS = (2, 3, 8, 32)
POWERS = (0, 1, 2, 3)
COSINES = ("-1", "-7/10", "0", "1/3", "99/100", "1")
POWER_SERIES_COSINES = ("-1", "-7/10", "0", "1/3", "9/10", "1")
FEATURES = 100_000
TERMS = 1000


@check("spec-multiplicity", Evidence.CERTIFIED)
def test_multiplicity_certified(statement: Statement, profile: Profile) -> Outcome:
    """Every degree in every dimension; that of 0 in d = 2 is for the assumptions to exclude."""
    settings = grid(DEGREE=(0, 1, 2, 5, 8), SPACE_DIM=DIMS)
    return agree(statement, settings, profile, least=len(settings) - 1)


@check("spec-rodrigues", Evidence.CERTIFIED)
def test_rodrigues_certified(statement: Statement, profile: Profile) -> Outcome:
    """Derivatives worked out; d = 1 is for the assumptions to exclude."""
    settings = grid(DEGREE=(0, 1, 2, 5), SPACE_DIM=DIMS, POINT=("-1/2", "0", "3/4"))
    outside = grid(DEGREE=(1,), SPACE_DIM=(1,), POINT=("3/4",))
    return agree(statement, [*settings, *outside], profile, least=len(settings))


@check("spec-funk-hecke", Evidence.CERTIFIED)
def test_funk_hecke_certified(statement: Statement, profile: Profile) -> Outcome:
    settings = grid(
        DEGREE=(0, 1, 2, 5), SPACE_DIM=(3, 4, 32), RHO=("-1", "1/3"), POINT=("-1/2", "3/4")
    )
    return agree(statement, settings, profile, least=len(settings))


@check("spec-coefficients", Evidence.CERTIFIED)
def test_coefficients_certified(statement: Statement, profile: Profile) -> Outcome:
    settings = grid(DEGREE=(0, 1, 2, 3, 4, 7, 12), SPACE_DIM=DIMS, POWER=POWERS)
    return agree(statement, settings, profile, least=len(settings))


@check("spec-relu-3-5", Evidence.CERTIFIED)
def test_relu_in_3_and_5_certified(statement: Statement, profile: Profile) -> Outcome:
    settings = grid(DEGREE=range(7), SPACE_DIM=(2, 3, 5, 8))
    return agree(statement, settings, profile, least=10)


@check("spec-low", Evidence.CERTIFIED)
def test_low_degrees_certified(statement: Statement, profile: Profile) -> Outcome:
    settings = grid(SPACE_DIM=DIMS, POWER=(0, "1/2", 1, 3))
    return agree(statement, settings, profile, least=len(settings))


@check("spec-odd", Evidence.CERTIFIED)
def test_odd_degrees_certified(statement: Statement, profile: Profile) -> Outcome:
    """Quadrature of every degree 0..9; those that the assumptions admit must vanish."""
    settings = grid(DEGREE=range(10), SPACE_DIM=DIMS, POWER=POWERS)
    return agree(statement, settings, profile, least=len(DIMS) * 12)


@check("spec-decay", Evidence.CERTIFIED)
def test_decay_certified(statement: Statement, profile: Profile) -> Outcome:
    """The bounds up to degree 10^9 + 1, and the limit from the step ratio.

    Where alpha + d/2 is 1 or 2 a bound is attained; balls cannot decide that, the proof does.
    """
    degrees = (1, 2, 3, 4, 5, 10, 1001, 10**9, 10**9 + 1)
    settings = [
        setting
        for setting in grid(DEGREE=degrees, SPACE_DIM=DIMS, POWER=(0, 1, 3))
        for numbers in [dict(setting.numbers)]
        if 2 * numbers[q.POWER] + numbers[q.SPACE_DIM] not in (2, 4)
    ]
    return agree(statement, settings, profile, least=len(settings) // 3)


@check("spec-arccosine", Evidence.CERTIFIED)
def test_arccosine_certified(statement: Statement, profile: Profile) -> Outcome:
    settings = grid(TURN=("0", "1/10", "1", "2", "31/10"))
    return agree(statement, settings, profile, least=len(settings))


@check("spec-hermite", Evidence.CERTIFIED)
def test_hermite_certified(statement: Statement, profile: Profile) -> Outcome:
    settings = grid(DEGREE=(0, 1, 2, 3, 4, 9), POWER=POWERS, TERM=(0, 5))
    return agree(statement, settings, profile, least=len(settings))


@check("spec-hermite-kernel", Evidence.CERTIFIED)
def test_hermite_kernel_certified(statement: Statement, profile: Profile) -> Outcome:
    settings = grid(RHO=POWER_SERIES_COSINES)
    return agree(statement, settings, profile, least=len(settings), terms=TERMS // 4)


@check("spec-taylor", Evidence.CERTIFIED)
def test_taylor_certified(statement: Statement, profile: Profile) -> Outcome:
    settings = grid(RHO=POWER_SERIES_COSINES)
    return agree(statement, settings, profile, least=len(settings), terms=TERMS // 4)


@check("spec-eigenvalue", Evidence.CERTIFIED)
def test_eigenvalue_certified(statement: Statement, profile: Profile) -> Outcome:
    settings = grid(DEGREE=(0, 1, 2, 3, 6), SPACE_DIM=DIMS)
    return agree(statement, settings, profile, least=len(settings))


@check("spec-parseval", Evidence.CERTIFIED)
def test_parseval_certified(statement: Statement, profile: Profile) -> Outcome:
    settings = grid(SPACE_DIM=DIMS, POWER=(0, 1, 3))
    return agree(statement, settings, profile, least=len(settings), terms=TERMS // 2)


@check("spec-kernel", Evidence.CERTIFIED)
def test_kernel_certified(statement: Statement, profile: Profile) -> Outcome:
    settings = grid(SPACE_DIM=DIMS, RHO=COSINES)
    return agree(statement, settings, profile, least=len(settings), terms=TERMS)


@check("spec-kernel", Evidence.MONTE_CARLO)
def test_kernel_of_sampled_features(statement: Statement, profile: Profile) -> Outcome:
    """The empirical kernel of 10^5 random features against both sides, error rate 1e-6 in all.

    Each mean lies in its empirical Bernstein interval; draws are in [0, (1 + rho)/2].
    """
    (clause,) = statement.unfolded
    settings = grid(SPACE_DIM=(3, 32), RHO=("-1/2", "0", "7/10", "1"))
    generator = profile.rng("kernel")
    widest = 0.0
    for setting in settings:
        numbers = dict(setting.numbers)
        dim, rho = int(numbers[q.SPACE_DIM]), float(numbers[q.RHO])
        normal = generator.standard_normal((FEATURES, dim))
        units = normal / np.linalg.norm(normal, axis=1, keepdims=True)
        other = rho * units[:, 0] + np.sqrt(1 - rho**2) * units[:, 1]
        products = np.maximum(units[:, 0], 0) * np.maximum(other, 0)
        interval = bounded_mean_interval(
            products, 0.0, (1 + rho) / 2, error_rate=ERROR_RATE / len(settings)
        )
        for side in (clause.lhs, clause.rhs):
            value = enclose(side, numbers, 128, TERMS)
            if not interval.ball.overlaps(value):
                where = f"d = {dim}, rho = {rho}: mean {interval.estimate:.6g}, claimed {value}"
                return Outcome(verdict=Verdict.REFUTED, margin="1e-6", detail=where)
        widest = max(widest, (interval.high - interval.low) / interval.estimate / 2)
    return Outcome(
        verdict=Verdict.PROVED,
        margin=f"+-{widest:.0%} at most",
        effective=len(settings),
        draws=FEATURES * len(settings),
        rate=f"{ERROR_RATE:.0e}",
        resolves=means(1, 0.25)(FEATURES, ERROR_RATE / len(settings), len(settings)),
    )


@check("spec-limit", Evidence.CERTIFIED)
def test_limit_certified(statement: Statement, profile: Profile) -> Outcome:
    """The limit from values at d = 10^9 and a proved bound of all later steps; the rate exactly."""
    settings = grid(DEGREE=(1, 2, 3, 4, 5), POWER=POWERS)
    return agree(statement, settings, profile, least=len(settings))
