"""Theorem 3.1: proof, exact settings, ReLU networks in d = 3, 5, 8, 32; exponents; odd targets."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache, partial

import numpy as np
from flint import arb
from sympy import Rational

from checks.support.judging import agree, assumed, combine, grid, judge_all, limits, part
from checks.support.sampling import means, medians, sample_all, sampled
from checks.support.spectrum_sums import degrees
from w2s_theory.arguments import FloatArray
from w2s_theory.certify import ball, to_arb
from w2s_theory.experiments.draws import draw_features
from w2s_theory.experiments.gains import Gains, finite_gains, mixed_target, relu_gains
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.measurements import FINITE_DIM, FITTED_DIMS
from w2s_theory.ledger.relu import LEVEL
from w2s_theory.ledger.statement import Evidence, Statement
from w2s_theory.models.parallel import one_thread_blas
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.teacher import SphereTeacher, fit_teacher
from w2s_theory.regression.outcome import Outcome, Profile, check
from w2s_theory.search.settings import BallSetting, NumberSetting
from w2s_theory.statistics import bounded_mean_interval, median_interval
from w2s_theory.theorems.kappa import kappa

DRAWS = 32
"""In a block: with fewer the largest and the least would not enclose the median as safely."""

RISK = Rational(1, 2)

TARGETS = {
    "linear": {1: 1.0},
    "degree 2": {2: 1.0},
    "degree 4": {4: 1.0},
    "mixture": {0: 0.1, 1: 0.4, 2: 0.3, 4: 0.2},
    "mixture to degree 2": {0: 0.1, 1: 0.5, 2: 0.4},
}
QUICK_WIDTHS = {
    (3, "linear"): (16, 128),
    (3, "degree 2"): (16, 128),
    (3, "degree 4"): (16, 128),
    (3, "mixture"): (16, 128),
    (5, "linear"): (16, 128),
    (5, "degree 2"): (16, 128),
    (8, "linear"): (16, 128),
    (8, "degree 2"): (48, 128),
    (32, "linear"): (16, 128),
}
FULL_WIDTHS = {
    (5, "degree 4"): (64, 256),
    (5, "mixture"): (64, 256),
    (8, "degree 4"): (384, 768),
    (8, "mixture"): (384, 768),
    (32, "degree 2"): (768, 1536),
    (32, "mixture to degree 2"): (768, 1536),
}
"""Theorem 3.1 is about fixed d, and degree k needs more units than it has harmonics, M > N_k:
N_2 = 527 and N_4 = 51832 in d = 32, where degree 4 is out of reach."""


@check("thm-3.1-markov", Evidence.MONTE_CARLO)
def test_thm_3_1_risk(statement: Statement, profile: Profile) -> Outcome:
    """How often kappa_S exceeds its level at delta = 1/2, by empirical Bernstein.

    At a level of 1 or more nothing could be counted, so it is refused. In d = 2 two features may
    lie so close that kappa_S has no bound in floats: such a draw counts as one above the level.
    """
    shapes = ((2, 16, 0), (3, 32, 1), (3, 64, 1), (8, 16, 0))
    cells = [partial(_risk, assumed(statement), profile, shape) for shape in shapes]
    return sample_all(part(statement, 0), cells, first=DRAWS, resolves=means(1, 0.25))


def _risk(
    grants: tuple[str, ...], profile: Profile, shape: tuple[int, int, int], draws: int, rate: float
) -> BallSetting:
    dim, width, degree = shape
    model, count = ReluSphere(dim), 1 if degree == 0 else dim
    inverse = count / float(model.spectrum(degree).eigenvalues[degree])
    level = float(LEVEL(Rational(1, 2 * dim), inverse, count, width, RISK))
    if level >= 1:
        raise ValueError(f"alignment_level must be below 1, got {level:.3g} at {shape}")
    blocks = [
        _alignments(profile.stream("risk", i), dim, width, degree) for i in range(draws // DRAWS)
    ]
    above = (np.concatenate(blocks) > level).astype(float)
    found = bounded_mean_interval(above, 0, 1, error_rate=rate)
    label = f"dim {dim}, width {width}, level {level:.2g}"
    return sampled({q.MISS_RISK: found}, (q.RISK, to_arb(RISK)), grants=grants, label=label)


@cache
def _alignments(seed: int, dim: int, width: int, degree: int) -> FloatArray:
    """Upper bounds of kappa_S for `DRAWS` draws."""
    model = ReluSphere(dim)
    with one_thread_blas():
        features = draw_features(model, width, range(DRAWS), (seed, dim, width))
        return np.array([_highest(model, units, degree) for units in features])


def _highest(model: ReluSphere, units: FloatArray, degree: int) -> float:
    try:
        found = kappa(model, units, [degree])
    except ValueError:  # a Gram matrix that floats cannot tell from a singular one
        return 1.0
    return found.kappa + found.error_bound


@check("thm-3.1-limit", Evidence.CERTIFIED)
def test_thm_3_1_limit_certified(statement: Statement, profile: Profile) -> Outcome:
    """A_S and the eigenvalue beyond K in balls, at the least and the largest width for K.

    One loss is smaller than any power of the width allows: for the assumptions to exclude.
    """
    cells = [(dim, cut) for dim in (2, 3, 5, 8, 32) for cut in (2, 4, 10, 100)]
    settings = [degrees(dim, cut, power) for dim, cut in cells for power in (0, 2)]
    settings.append(degrees(3, 4, 2, least=Fraction(1, 10**200)))
    held = judge_all(part(statement, 0, 1, 2), settings, least=2 * len(cells), digits=None)
    at = {"SPACE_DIM": (2, 3, 8), "LAMBDA_TARGET": ("1/36",), "LOSS_POWER": (0, "5/2")}
    return combine(held, limits(statement, 3, 4, **at))


@check("thm-3.1-measured", Evidence.MONTE_CARLO)
def test_thm_3_1_medians(statement: Statement, profile: Profile) -> Outcome:
    """Medians at two widths, by order statistics."""
    cases = dict(QUICK_WIDTHS)
    if profile.name == "full":
        cases |= FULL_WIDTHS

    def drawn(dim: int, name: str, widths: tuple[int, int], draws: int, rate: float) -> BallSetting:
        first, second = (gains(profile, dim, name, width, draws) for width in widths)
        return _medians(widths, first, second, rate, name)

    cells = [partial(drawn, dim, name, widths) for (dim, name), widths in cases.items()]
    return sample_all(statement, cells, first=DRAWS, resolves=medians(4))


def _medians(
    widths: tuple[int, int], first: Gains, second: Gains, rate: float, label: str
) -> BallSetting:
    """The iteration's own error is estimated, not bounded, and added to the intervals."""
    numbers = zip((q.DIM, q.WIDTH, q.WIDTH_WIDE), map(arb, (first.dim, *widths)), strict=True)
    found = {}
    for symbols, drawn in (
        ((q.RATIO_NARROW, q.PGR_NARROW), first),
        ((q.RATIO_WIDE, q.PGR_WIDE), second),
    ):
        slack = drawn.estimate / float(drawn.teacher_losses.min() - drawn.ceiling)
        for symbol, values in zip(symbols, (drawn.ratios, drawn.pgr), strict=True):
            interval = median_interval(values, error_rate=rate / 4)
            found[symbol] = replace(interval, low=interval.low - slack, high=interval.high + slack)
    return sampled(found, *numbers, label=f"dim {first.dim}, widths {widths}, {label}")


@check("thm-3.1-measured", Evidence.MONTE_CARLO)
def test_thm_3_1_finite_student(statement: Statement, profile: Profile) -> Outcome:
    """Students of finite width, d = 8, linear target: medians at two teacher widths.

    Given the student's features the teachers are independent.
    """

    def drawn(student: int, draws: int, rate: float) -> BallSetting:
        seed = profile.stream("finite", student)
        narrow, wide = (_finite(seed, width, student, draws) for width in (16, 128))
        return _medians((16, 128), narrow, wide, rate, f"M_ST = {student}")

    students = (512,) if profile.name == "quick" else (512, 2048, 4096)
    cells = [partial(drawn, width) for width in students]
    return sample_all(statement, cells, first=DRAWS, resolves=medians(4))


@cache
def _finite(seed: int, width: int, student: int, draws: int) -> Gains:
    dim = int(FINITE_DIM)
    target = mixed_target(dim, TARGETS["linear"])
    return finite_gains(dim, target, width, draws, student, seed=seed)


def gains(profile: Profile, dim: int, name: str, width: int, draws: int) -> Gains:
    """Blocks of `DRAWS`, each drawn once in a run."""
    blocks = [
        _gains(profile.stream("gains", name, i), dim, name, width) for i in range(draws // DRAWS)
    ]
    losses = (
        np.concatenate([block.teacher_losses for block in blocks]),
        np.concatenate([block.student_losses for block in blocks]),
    )
    return replace(blocks[0], teacher_losses=losses[0], student_losses=losses[1])


@cache
def _gains(seed: int, dim: int, name: str, width: int) -> Gains:
    return relu_gains(dim, mixed_target(dim, TARGETS[name]), width, DRAWS, seed=seed)


@check("thm-3.1-exponent", Evidence.CERTIFIED)
def test_exponent_certified(statement: Statement, profile: Profile) -> Outcome:
    """Exact numbers from d = 2 to 10^6; losses at the edge of the premises, and beyond it."""
    dims = (2, 3, 5, 8, 16, 32, 64, 100, 147, 148, 149, 200, 1000, 10**6)
    settings = []
    for dim, (gain, wide) in itertools.product(dims, ((1, 100), (Fraction(1, 10), 3))):
        decay = Fraction(dim + 2, dim - 1)
        loss = to_arb(wide) ** to_arb(-decay) * arb("1.001")  # c = 1
        for slack in (arb("0.999"), arb(2)):
            student = slack * to_arb(gain) * loss / arb(wide).sqrt()
            values = (
                *((q.DIM, arb(dim)), (q.WIDTH, arb(wide)), (q.COEFFICIENT, arb(1))),
                *((q.FACTOR, to_arb(gain)), (q.L_TE, loss), (q.L_ST, student)),
            )
            settings.append(BallSetting(values, (), f"d = {dim}, M = {wide}, {slack}"))
    return judge_all(statement, settings, least=2 * len(dims))


@check("thm-3.1-exponent-measured", Evidence.MONTE_CARLO)
def test_fitted_exponent(statement: Statement, profile: Profile) -> Outcome:
    """Linear target: the slope between the logarithms of medians, by order statistics."""
    narrow, wide = (16, 128) if profile.name == "quick" else (16, 256)

    def drawn(dim: int, draws: int, rate: float) -> BallSetting:
        ends = [gains(profile, dim, "linear", width, draws) for width in (narrow, wide)]
        rise, run = (
            _log_ratio(*(median_interval(x, error_rate=rate / 4).ball for x in pair))
            for pair in ([end.student_losses for end in ends], [end.teacher_losses for end in ends])
        )
        return BallSetting(((q.DIM, arb(dim)), (q.SLOPE, rise / run)), (), f"dim {dim}")

    cells = [partial(drawn, dim) for dim in FITTED_DIMS]
    return sample_all(statement, cells, first=DRAWS, resolves=medians(4))


def _log_ratio(first: arb, second: arb) -> arb:
    return (first / second).log()


@check("odd-target", Evidence.PROPERTY)
def test_odd_target_on_networks(statement: Statement, profile: Profile) -> Outcome:
    """Teachers of targets with energy in degree 3, and a function that no teacher can be."""
    everywhere = ((q.SPACE_DIM, 3), (q.L_TE, 0), (q.NULL_ENERGY, 1), (q.NULL_TEACHER, 1))
    stranger = NumberSetting(tuple((symbol, Fraction(n)) for symbol, n in everywhere))
    with one_thread_blas():
        return judge_all(part(statement, 0), [*_odd(profile), stranger], least=12, digits=None)


@check("odd-target", Evidence.CERTIFIED)
def test_odd_target_certified(statement: Statement, profile: Profile) -> Outcome:
    """a_k of ReLU by quadrature, odd k from 3 to 11."""
    settings = grid(TERM=range(5), SPACE_DIM=(2, 3, 8, 32), NULL_TEACHER=(0,))
    return agree(part(statement, 1), settings, profile, least=len(settings))


def _odd(profile: Profile) -> Iterator[BallSetting]:
    for dim in (3, 5, 8):
        model = ReluSphere(dim)
        for odd in (0.99, 0.36):
            target = mixed_target(dim, {1: 1 - odd, 3: odd})
            energy = model.unlearnable_energy(target)
            for width in profile.widths:
                rng = profile.rng("odd-target", dim, width)
                features = model.sample_features(width, rng)
                teacher = fit_teacher(model, features, target, allow_unlearnable=True)
                values = (
                    (q.L_TE, ball(teacher.loss, teacher.error_bound)),
                    (q.NULL_ENERGY, ball(energy, 1e-15)),
                    (q.NULL_TEACHER, _in_degree_3(model, teacher)),
                    (q.SPACE_DIM, arb(dim)),
                )
                yield BallSetting(values, (), f"dim {dim}, width {width}, energy {odd}")


def _in_degree_3(model: ReluSphere, teacher: SphereTeacher) -> arb:
    """The energy of f_T in degree 3, w^T G_3 w: its Gram matrix carries the factor a_3^2."""
    gram = model.space_gram(teacher.features, 3)
    return arb(float(teacher.weights @ gram @ teacher.weights))
