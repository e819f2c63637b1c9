"""The constants: links resolve, values agree with references found in other ways."""

import importlib
import math
from functools import cache

import mpmath
import numpy as np
import pytest

from w2s_theory.audit.coefficient_constants import DIM, degree_exponent, index_exponent
from w2s_theory.audit.constant import Sharpness
from w2s_theory.audit.constants import constants
from w2s_theory.audit.evaluate import audit, enclosure
from w2s_theory.audit.loss_constants import WIDTHS
from w2s_theory.audit.rate_constants import WIDTHS as WIDTHS_OF_LAW
from w2s_theory.ledger.registry import load
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.spiked_law import sample_spiked_losses
from w2s_theory.models.targets import Harmonic, harmonic_target
from w2s_theory.models.teacher import fit_teacher
from w2s_theory.regression.stored import project_root

# From the restatement of the theory, found without this package.
REFERENCES = {
    "beta-infinity": "1.5",
    "limit-constant": "0.75",
    "bounded-constant": "0.25",
    "chain-ratio-1": "0.9167308680",
    "chain-ratio-2": "0.5593011",
    "chain-ratio-4": "0.4011658",
    "chain-ratio-16": "0.2956171",
    "chain-ratio-256": "0.2653121",
    "chain-ratio-infinity": "0.2633403899",
    "pgr-ceiling-at-1-10": "0.908326913196",
    "pgr-ceiling-at-3-10": "0.755427099112",
    "pgr-ceiling-at-1-2": "0.618033988750",
    "pgr-ceiling-at-9-10": "0.282375696128",
    "no-boost-at-1-100": "0.104624294226",
    "no-boost-at-1-10": "0.354138126515",
    "no-boost-chain-at-1-100": "0.19",
    "no-boost-chain-at-1-10": "0.532455532034",
    "gold-constant-at-4-5": "0.5376",
    "gold-floor-at-1-10-4-5": "0.00604943198053",
    "a0-32": "0.0710767318886031",
    "a1-32": "0.015625",
    "a2-32": "0.0021538403602607",
    "a4-32": "-6.15382960074486e-5",
    "a6-32": "4.9895915681715e-6",
}
BY_ID = {constant.id: constant for constant in constants()}


@cache
def rows():
    return {row["id"]: row for row in audit()["constants"]}


def value(key):
    return mpmath.mpf(rows()[key]["enclosure"]["mid"])


@pytest.mark.parametrize("key", REFERENCES)
def test_reference_values(key):
    written = REFERENCES[key]
    digits = len(written.split("e")[0].replace(".", "").replace("-", "").lstrip("0"))
    with mpmath.workdps(40):
        assert mpmath.almosteq(value(key), mpmath.mpf(written), rel_eps=10.0 ** (1 - digits))


@pytest.mark.parametrize("key", BY_ID)
def test_thirty_digits_are_proven(key):
    found = rows()[key]["enclosure"]
    assert found["digits"] == 30
    assert float(found["rad"]) <= 1e-29 * abs(float(found["mid"]))


@pytest.mark.parametrize("key", BY_ID)
def test_homes_and_links_resolve(key):
    constant = BY_ID[key]
    module, _, name = constant.home.rpartition(".")
    assert hasattr(importlib.import_module(module), name)
    assert not constant.expr.free_symbols
    for path in constant.evidence:
        assert (project_root() / path).is_file()
    for link in constant.statements:
        assert link in load()
    for link in constant.mutants:
        statement, _, mutant = link.partition("~")
        assert mutant in [m.id for m in load()[statement].mutants]


@pytest.mark.parametrize("key", [c.id for c in constants() if c.sharpness is Sharpness.BEST])
def test_best_possible_constants_say_why(key):
    assert BY_ID[key].remark
    assert BY_ID[key].statements or BY_ID[key].evidence


@pytest.mark.parametrize("width", WIDTHS)
def test_orthonormal_teachers_are_what_the_solver_finds(width):
    model = ReluSphere(DIM)
    target = harmonic_target(Harmonic(1, np.eye(DIM)[0]))
    teacher = fit_teacher(model, np.eye(DIM)[:width], target)
    ball = enclosure(BY_ID[f"teacher-loss-{width}"])
    assert abs(teacher.loss - float(ball.mid())) <= teacher.error_bound + 1e-15


def test_hermite_coefficients_by_quadrature():
    with mpmath.workdps(30):
        for degree, factorial in ((0, 1), (1, 1), (2, 2), (4, 24), (6, 720)):

            def weighted(g, k=degree):
                he = mpmath.hermite(k, g / mpmath.sqrt(2)) * mpmath.mpf(2) ** (-k / mpmath.mpf(2))
                return g * he * mpmath.exp(-g * g / 2)

            integral = mpmath.quad(weighted, [0, 2, 5, 10, 20]) / mpmath.sqrt(2 * mpmath.pi)
            expected = integral / mpmath.sqrt(factorial)
            assert mpmath.almosteq(value(f"h{degree}"), expected, rel_eps=1e-20)


def test_decay_is_seen_in_the_float_spectrum():
    spectrum = ReluSphere(8).spectrum(4000)
    slope = math.log(spectrum.eigenvalues[4000] / spectrum.eigenvalues[2000]) / math.log(2)
    # The gamma functions behind a_k correct the power of k by a factor 1 + O(d^2/k).
    first_order = 8**2 / 4000
    assert -slope == pytest.approx(float(degree_exponent(8)), abs=first_order)
    scaled = spectrum.eigenvalues[4000] * 4000.0 ** float(degree_exponent(8))
    assert scaled == pytest.approx(float(value("decay-constant-8")), rel=first_order)
    assert index_exponent(8) * 7 == 10


def test_trace_is_the_sum_of_the_eigenvalues():
    spectrum = ReluSphere(DIM).spectrum(4000)
    total = float((spectrum.eigenvalues * spectrum.multiplicities).sum())
    # What is left out falls like degree^-3: lambda_k N_k is of order k^-34 k^30.
    assert total == pytest.approx(float(value("trace-32")), rel=1e-9)


@pytest.mark.parametrize("width", WIDTHS_OF_LAW)
def test_mean_losses_of_the_linear_model_by_sampling(width):
    size, dim = 40_000, 1 + round(width**1.5)
    draws = sample_spiked_losses(width, dim, 1 / width, size, np.random.default_rng(width))
    error = draws.std() / math.sqrt(size)
    # 5 standard errors: a false alarm once in two million.
    assert abs(draws.mean() - float(value(f"linear-mean-loss-{width}"))) < 5 * error


def test_the_headline_exponent():
    assert float(value("beta-32")) == pytest.approx(1.456, abs=5e-4)  # given to three decimals
    assert float(value("beta-148")) == pytest.approx(1.49, abs=1e-15)
    assert value("teacher-decay-32") == value("decay-index-32")


def test_audit_refuses_bad_digits():
    for digits in (0, True, 1.5):
        with pytest.raises(ValueError, match="digits must be an integer >= 1"):
            audit(digits)
