"""Random calls of the public API with extreme, invalid, wrong-shape and wrong-dtype input.

A call must return, or raise what its docstring says: `ValueError`, or `ArithmeticError` where no
enclosure was narrow enough, or `MemoryError`. Numbers, arrays and texts are anything; what has a
class of the library (model, target, teacher, rule) is of that class, as the type checker holds it.
The calls under `accuracy` compare a result with an enclosure of it: off by no more than it says.
Run: python -m tests.fuzzing [calls] [first].
"""

from __future__ import annotations

import faulthandler
import sys
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from flint import arb

from w2s_theory import arguments, statistics
from w2s_theory.audit.expression import audit_expression
from w2s_theory.certify import balls, enclose, precision
from w2s_theory.experiments import gains, named
from w2s_theory.models.ball_model import certified_loss
from w2s_theory.models.ball_sphere import gram_function
from w2s_theory.models.linear_gaussian import LinearGaussian
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.spiked_law import sample_spiked_losses
from w2s_theory.models.targets import Harmonic, harmonic_target
from w2s_theory.models.teacher import fit_teacher, teacher_from_weights
from w2s_theory.spectra import Homogeneous, arccosine_kernel, get_activation, harmonics, tabulate
from w2s_theory.students import filters
from w2s_theory.students.ball_finite import certified_finite
from w2s_theory.students.ball_student import certified_student
from w2s_theory.students.finite import finite_students
from w2s_theory.students.infinite import infinite_student
from w2s_theory.students.memory import plan_memory
from w2s_theory.students.spectral import flow_resolvent
from w2s_theory.text.with_error import with_error
from w2s_theory.theorems import floors, linear_law
from w2s_theory.theorems.ball_kappa import certified_kappa
from w2s_theory.theorems.deterministic_equivalent import deterministic_equivalent
from w2s_theory.theorems.kappa import best_master_bound, kappa, master_bound

DOCUMENTED = (ValueError, MemoryError)
UNDECIDED = (ZeroDivisionError, OverflowError, FloatingPointError)
"""Arithmetic errors that say nothing: only a plain one says that no enclosure was narrow enough."""

LIMIT = 60
"""Seconds after which a call hangs."""

NASTY = (
    *(None, True, "3", "x", b"1", 1j, object(), [], {}, (), [[1.0]], [1.0, "a"], [None]),
    *(0, -1, 2**63, 10**30, 10**400, -(10**400), 0.0, -0.0, 1.5, -2.5, 1e-320, 1e300, -1e300),
    *(float("nan"), float("inf"), -float("inf"), Fraction(1, 3), Fraction(-5), np.float32(0.3)),
    *(np.int8(3), np.array([]), np.array([1.0, np.nan]), np.ones((2, 2, 2)), np.array(["a"])),
    *(np.array([1j, 2.0]), np.array([True, False]), np.array([0.1], dtype=object), np.uint8([1])),
)


@dataclass(frozen=True)
class Inputs:
    """Arguments of one call: mostly of the right kind, now and then anything."""

    rng: np.random.Generator

    def pick(self, *values: object) -> object:
        return values[int(self.rng.integers(len(values)))]

    def maybe(self, value: object, share: float = 0.12) -> object:
        return self.pick(*NASTY) if self.rng.random() < share else value

    def small(self) -> object:
        return self.maybe(int(self.rng.integers(0, 12)))

    def dim(self) -> object:
        return self.maybe(self.pick(2, 3, 4, 7, 32, 1000, 2**31, 10**12, 10**30, 10**310))

    def degree(self) -> object:
        return self.maybe(self.pick(0, 1, 2, 3, 4, 7, 40, 121))

    def digits(self) -> object:
        return self.maybe(self.pick(1, 2, 15, 30, 60))

    def size(self) -> object:
        return self.maybe(self.pick(0.0, 1e-300, 1e-9, 0.1, 0.5, 1.0, 2.0, 30.0, 1e9, 1e300))

    def array(self, *shape: int) -> object:
        kind = self.pick("normal", "unit", "positive", "spiked", "integers", "list")
        found = self.rng.standard_normal(shape)
        if kind == "unit":
            found = self.rng.random(shape)
        elif kind == "positive":
            found = np.exp(30 * found)
        elif kind == "spiked":
            found.flat[0] = self.pick(np.nan, np.inf, -1e300, 0.0, 1e308)
        elif kind == "integers":
            return self.maybe(np.round(3 * found).astype(np.int64))
        elif kind == "list":
            return self.maybe(found.tolist())
        return self.maybe(found)

    def rows(self) -> object:
        width, dim = int(self.rng.integers(1, 7)), int(self.rng.integers(2, 5))
        found = self.rng.standard_normal((width, dim))
        found /= np.linalg.norm(found, axis=1, keepdims=True)
        if self.rng.random() < 0.1:
            found[-1] = found[0]
        return self.maybe(found)

    def model(self) -> ReluSphere:
        return ReluSphere(int(self.rng.integers(2, 5)), str(self.pick("relu", "step", "abs")))

    def target(self) -> object:
        axis = np.eye(int(self.rng.integers(2, 5)))[0]
        return harmonic_target(Harmonic(int(self.rng.integers(0, 5)), axis))

    def activation(self) -> object:
        return get_activation(str(self.pick("relu", "step", "relu3", "abs", "erf", "sin", "gelu")))

    def rule(self) -> object:
        make = self.pick(filters.GradientFlow, filters.Ridge, filters.SpectralCutoff)
        return make(self.size())

    def teacher(self) -> tuple[ReluSphere, object, object]:
        model = self.model()
        features = model.sample_features(int(self.rng.integers(1, 6)), self.rng)
        target = harmonic_target(Harmonic(int(self.rng.integers(0, 3)), np.eye(model.dim)[0]))
        return model, features, fit_teacher(model, features, target)


Call = Callable[[Inputs], object]


def _spectra() -> dict[str, Call]:
    return {
        "activation": lambda i: get_activation(i.maybe("relu", 0.8)),
        "values": lambda i: i.activation().values(i.degree(), i.dim(), i.size()),
        "arrays": lambda i: _arrays(i.activation().values(i.degree(), i.dim())),
        "hermite_values": lambda i: i.activation().hermite_values(i.degree(), i.size()),
        "certified": lambda i: i.activation().certified(i.degree(), i.dim(), i.digits(), i.size()),
        "hermite": lambda i: i.activation().hermite_certified(i.degree(), i.digits(), i.size()),
        "power": lambda i: Homogeneous(
            name="p",
            power=i.maybe(i.pick(Fraction(1, 2), Fraction(2), Fraction(-1, 4))),
            plus=i.maybe(Fraction(1)),
            minus=i.maybe(Fraction(0)),
        ).values(3, 5),
        "gram": lambda i: get_activation(i.pick("relu", "abs")).gram(i.array(3), i.dim()),
        "kernel": lambda i: arccosine_kernel(i.array(2, 2), i.dim(), i.small()),
        "legendre": lambda i: harmonics.legendre(i.degree(), i.dim(), i.array(3)),
        "multiplicity": lambda i: harmonics.multiplicity(i.degree(), i.dim()),
        "counts": lambda i: _arrays(harmonics.scaled_multiplicities(i.degree(), i.dim())),
    }


def _arrays(spectrum: object) -> object:
    for name in ("coefficients", "eigenvalues", "log_eigenvalues", "multiplicities", "floats"):
        found = getattr(spectrum, name, None)
        if callable(found):
            found = found()
        if found is not None and np.isnan(found).any():
            raise AssertionError(f"{name} has NaN")
    return spectrum


def _theorems() -> dict[str, Call]:
    return {
        "shrinkage_floor": lambda i: floors.shrinkage_floor(i.array(3)),
        "bounded_floor": lambda i: floors.bounded_floor(i.array(3)),
        "floors": lambda i: floors.floors(
            i.maybe(i.pick(Fraction(1, 3), "1e-400", "0.999999", "1e-30", 0, 1, "2/3"), 0.2),
            chain=i.maybe(i.pick(1, 2, 5, 10**6)),
            digits=i.digits(),
        ),
        "exact_loss": lambda i: floors.exact_loss(i.maybe("1e99999999999", 0.8)),
        "loss_cdf": lambda i: linear_law.loss_cdf(i.array(3), i.small(), i.dim(), i.size()),
        "quantile": lambda i: linear_law.loss_quantile(i.array(3), i.small(), i.dim(), i.size()),
        "linear_students": lambda i: linear_law.student_losses(i.array(2), i.size(), i.array(3)),
        "mean_ratio": lambda i: linear_law.mean_ratio(
            i.small(), i.dim(), i.maybe(Fraction(1, 7)), bits=i.maybe(64)
        ),
        "kappa": lambda i: kappa(i.model(), i.rows(), i.maybe([1])),
        "certified_kappa": lambda i: certified_kappa(i.model(), i.rows(), [1], digits=i.digits()),
        "equivalent": lambda i: deterministic_equivalent(i.model(), i.target(), i.small()),
        "best_bound": lambda i: best_master_bound(*i.teacher()[::2]),
        "quadratic_floor": lambda i: floors.quadratic_floor(i.array(3)),
        "mean_loss": lambda i: linear_law.mean_loss(
            i.small(), i.dim(), Fraction(int(i.rng.integers(1, 9)), 7), bits=i.maybe(64)
        ),
        "master": lambda i: master_bound(i.size(), i.size(), i.size(), i.size(), i.array(3)),
    }


def _models() -> dict[str, Call]:
    return {
        "sphere": lambda i: ReluSphere(i.dim(), i.maybe("relu", 0.3)),
        "features": lambda i: i.model().check_features(i.rows()),
        "sample": lambda i: i.model().sample_features(i.small(), i.rng),
        "gram": lambda i: i.model().gram(i.rows()),
        "cross": lambda i: i.model().cross_gram(i.rows(), i.rows()),
        "space": lambda i: i.model().space_gram(i.rows(), i.degree()),
        "overlaps": lambda i: i.model().target_overlaps(i.target(), i.rows()),
        "target": lambda i: harmonic_target(Harmonic(i.degree(), i.array(3), i.size())),
        "linear": lambda i: LinearGaussian(i.array(2), [i.small(), i.small()]),
        "direction": lambda i: LinearGaussian([1.0, 0.1], [1, 2]).target(i.array(3)),
        "rows": lambda i: LinearGaussian([1.0, 0.1], [1, 2]).features_from_rows(
            i.array(2, 3), i.array(3)
        ),
        "fit": lambda i: fit_teacher(
            i.model(), i.rows(), i.target(), max_degree=i.degree(), rank_revealing=True
        ),
        "plain_fit": lambda i: fit_teacher(i.model(), i.rows(), i.target()),
        "weights": lambda i: teacher_from_weights(i.model(), i.rows(), i.target(), i.array(3)),
        "kernel": lambda i: i.model().kernel(i.array(3)),
        "eigenspaces": lambda i: i.model().eigenspaces(i.small()),
        "gaussian": _gaussian,
        "spiked": lambda i: sample_spiked_losses(
            i.small(), i.dim(), i.size(), i.maybe(i.pick(1, 9)), i.rng
        ),
        "certified_loss": lambda i: certified_loss(*i.teacher()[:2], i.target()),
    }


def _gaussian(i: Inputs) -> object:
    """A linear teacher and both its students."""
    level = float(i.pick(0.1, 1e-9, 1.0, 1e-300, 1e300))
    model = LinearGaussian([1.0, level], [1, int(i.rng.integers(1, 4))])
    features = model.sample_features(int(i.rng.integers(1, 4)), i.rng)
    teacher = fit_teacher(model, features, model.target(np.eye(model.dim)[0]), rank_revealing=True)
    more = model.sample_features(int(i.rng.integers(1, 9)), i.rng)
    times = i.pick(None, i.maybe([0.0, 3.0]))
    return infinite_student(teacher, times), finite_students(
        model, more, [teacher], times, required=False
    )


def _students() -> dict[str, Call]:
    def finite(i: Inputs) -> object:
        model, _, teacher = i.teacher()
        rows = i.maybe(model.sample_features(int(i.rng.integers(1, 20)), i.rng))
        rule = i.pick(None, i.maybe([1.0, 5.0, np.inf]), i.rule())
        tolerance = i.maybe(1e-3)
        return finite_students(model, rows, [teacher], rule, tolerance=tolerance, required=False)

    def certified(i: Inputs) -> object:
        model, features, teacher = i.teacher()
        return certified_finite(model, i.maybe(features), teacher, bits=i.maybe(64)).loss(i.size())

    return {
        "flow": lambda i: filters.GradientFlow(i.size())(i.array(3)),
        "gd": lambda i: filters.GradientDescent(i.size(), i.small())(i.array(3)),
        "ridge": lambda i: filters.Ridge(i.size()).resolvent(i.array(3)),
        "cutoff": lambda i: filters.SpectralCutoff(i.size())(i.array(3)),
        "average": lambda i: filters.IterateAveraging(i.size(), i.small())(i.array(3)),
        "heavy": lambda i: filters.HeavyBall(i.size(), i.size(), i.small()).supremum(i.size()),
        "chain": lambda i: filters.Chain((i.rule(), i.rule()))(i.array(3)),
        "at_time": lambda i: i.pick(
            filters.GradientFlow, filters.Ridge, filters.GradientDescent
        ).at_time(i.size(), i.size()),
        "infinite": lambda i: infinite_student(
            i.teacher()[2], i.pick(None, i.maybe([0.0, 3.0]), i.rule(), [i.rule(), i.rule()])
        ),
        "finite": finite,
        "resolvent": lambda i: flow_resolvent(i.array(3), i.pick(i.size(), i.array(2))),
        "ball_finite": certified,
        "memory": lambda i: plan_memory(i.dim(), i.small(), max_blocks=i.small()),
    }


def _others() -> dict[str, Call]:
    return {
        "median": lambda i: statistics.median_interval(i.array(40), error_rate=i.size()),
        "bounded": lambda i: statistics.bounded_mean_interval(i.array(9), i.size(), i.size()),
        "median_share": lambda i: statistics.median_share(i.small(), error_rate=i.size()),
        "mean_reach": lambda i: statistics.mean_reach(i.small(), i.size()),
        "law_draws": lambda i: statistics.law_draws(i.size()),
        "failures": lambda i: statistics.failure_bound(i.small(), i.small(), confidence=i.size()),
        "power_law": lambda i: statistics.power_law(
            i.array(6), i.array(6), i.array(6), seed=i.small(), resamples=i.maybe(20)
        ),
        "extrapolated": lambda i: statistics.extrapolated_median(
            [i.array(5) for _ in range(3)], i.array(3), resamples=i.maybe(20)
        ),
        "integer": lambda i: arguments.integer("n", i.pick(*NASTY), 0),
        "real": lambda i: arguments.real("x", i.pick(*NASTY), positive=True, infinite=True),
        "times": lambda i: arguments.increasing_times(i.array(3)),
        "interval": lambda i: arguments.unit_interval("x", i.pick(*NASTY, i.array(3))),
        "cosines": lambda i: arguments.cosines("x", i.array(3)),
        "floats": lambda i: arguments.float_array("x", i.pick(*NASTY, i.array(2, 2)), 2),
        "ball": lambda i: balls.ball(i.size(), i.size()),
        "hull": lambda i: balls.interval(i.pick(*NASTY), i.pick(*NASTY)),
        "describe": lambda i: balls.describe(balls.ball(i.pick(0.0, 1.5, 1e300), 0.0), i.digits()),
        "precision": lambda i: precision(i.pick(*NASTY)),
        "enclose": lambda i: enclose(_expression(i), digits=i.digits()),
        "audit": lambda i: audit_expression(
            str(
                i.pick("1/3", "pi^1e3", "1e400", "9^9^9", "2**-1", "nan", "\u0663", "(", "x" * 999)
            ),
            i.digits(),
        ),
        "rows": lambda i: list(
            tabulate.rows(
                tabulate.Request(
                    activation=str(i.pick("relu", "abs", "relu2", "sine")),
                    measure=i.pick(*tabulate.Measure),
                    dim=i.dim(),
                    max_degree=i.maybe(i.pick(0, 3, 7)),
                ),
                i.pick(None, i.digits()),
            )
        ),
        "law_test": lambda i: statistics.law_test(i.array(9), lambda x: np.clip(x, 0, 1)),
        "with_error": lambda i: with_error(
            float(i.pick(0.0, 1.5, -3e300, 5e-324, np.nan)), float(i.pick(0, 1e-9, np.inf, 1e308))
        ),
        "mixed": lambda i: gains.mixed_target(
            i.pick(2, 3), {i.pick(0, 1, -1, 10**30): 0.5, 2: i.size()}
        ),
        "experiment": lambda i: named.simulate(
            str(i.maybe(i.pick("relu", "linear"))),
            i.maybe(3),
            target=i.pick(None, i.maybe(1), "0:0.5,1:0.5"),
            top=i.pick(None, i.maybe(1)),
            psi=i.pick(None, 0.1, 1.0, i.size()),
            teacher_width=i.pick(1, 3),
            student_width=i.pick(None, 4),
            draws=1,
            seed=i.small(),
        ),
    }


def _within(found: float, exact: arb, error: float) -> None:
    """The claim is refuted where every point of the ball is further off than ``error``."""
    if abs(exact - found) > error:
        raise AssertionError(f"{found!r} is off {exact} by more than {error:.3g}")


def _accuracy() -> dict[str, Call]:
    """Results against enclosures, at the error that their docstrings or fields state."""

    def spectrum(i: Inputs) -> None:
        sigma = get_activation(str(i.pick("relu", "step", "relu3", "abs")))
        dim, degree = int(i.pick(2, 3, 32, 10**6, 10**30)), int(i.pick(0, 1, 2, 3, 4, 9, 40, 121))
        radius = float(i.pick(1.0, 1e-9, 30.0, 1e9))
        exact = sigma.certified(degree, dim, 30, radius)
        error = (1e-15 + 1.2e-16 * degree) * abs(float(exact)) + 1e-307
        _within(sigma.values(degree, dim, radius).coefficients[degree], exact, error)

    def kernel(i: Inputs) -> None:
        cosine, dim = (
            float(i.pick(*(2 * i.rng.random(3) - 1), -1 + 1e-9, 1.0)),
            int(i.pick(2, 3, 32)),
        )
        with precision(200):
            exact = gram_function(get_activation("relu"), dim)(arb(cosine))
        _within(float(arccosine_kernel([cosine], dim)[0]), exact, 2e-15 * float(exact))

    def scaled(i: Inputs) -> tuple[ReluSphere, object, object]:
        """A teacher that is not the best of its width, and may be far off."""
        model, features, found = i.teacher()
        weights = float(i.pick(1.0, 1.0, -3.0, 1e9, 1e-9, 1e90)) * found.weights
        return model, features, teacher_from_weights(model, features, found.target, weights)

    def teacher(i: Inputs) -> None:
        model, features, found = scaled(i)
        exact = certified_loss(model, features, found.target, found.weights)
        _within(found.loss, exact, found.error_bound)

    def alignment(i: Inputs) -> None:
        model = ReluSphere(int(i.rng.integers(2, 5)))
        features = model.sample_features(int(i.rng.integers(1, 6)), i.rng)
        found = kappa(model, features, [1])
        _within(found.kappa, certified_kappa(model, features, [1]), found.error_bound)

    def infinite(i: Inputs) -> None:
        model, _, found = scaled(i)
        exact, time = certified_student(model, found), float(i.pick(0.0, 0.1, 3.0, 1e3, 1e9))
        curve = infinite_student(found, [time])
        middle = curve.losses[0] + curve.truncation[0] / 2
        _within(middle, exact.loss(time), curve.error_bound[0] + curve.truncation[0] / 2)

    def finite(i: Inputs) -> None:
        model, _, found = scaled(i)
        features = model.sample_features(int(i.rng.integers(1, 20)), i.rng)
        time = float(i.pick(0.0, 0.1, 3.0, 1e3, 1e9))
        (curve,) = finite_students(model, features, [found], [time], required=False).curves
        exact = certified_finite(model, features, found).loss(time)
        _within(curve.losses[0], exact, curve.error_bound[0])

    def floor(i: Inputs) -> None:
        loss = float(i.pick(i.rng.random(), 1e-9 * i.rng.random(), 1e-200, 1 - 1e-9, 1 - 2**-53))
        exact = floors.floors(Fraction(loss), digits=30)
        for made, ball in (
            (floors.shrinkage_floor, exact.floor),
            (floors.quadratic_floor, exact.quadratic_floor),
            (floors.bounded_floor, exact.bounded_floor),
        ):
            _within(float(made(loss)), ball, 1e-15 * float(ball) + 1e-307)

    def digits(i: Inputs) -> None:
        expr, count = _expression(i), int(i.pick(1, 15, 60))
        coarse, fine = enclose(expr, digits=count), enclose(expr, digits=count + 40)
        if not coarse.overlaps(fine) or coarse.rad() > abs(fine) * arb(10) ** -count:
            raise AssertionError(f"{coarse} and {fine}")

    return {
        "spectrum": spectrum,
        "kernel": kernel,
        "teacher": teacher,
        "alignment": alignment,
        "infinite": infinite,
        "finite": finite,
        "floor": floor,
        "digits": digits,
    }


def _expression(i: Inputs) -> object:
    import sympy

    x = sympy.Rational(int(i.rng.integers(-9, 9)), int(i.rng.integers(1, 9)))
    return i.pick(sympy.sqrt(abs(x)), sympy.exp(x), sympy.gamma(x), 1 / (x - 1), sympy.log(x), x)


CALLS: dict[str, Call] = {
    f"{room}.{name}": call
    for room, calls in (
        ("spectra", _spectra()),
        ("theorems", _theorems()),
        ("models", _models()),
        ("students", _students()),
        ("others", _others()),
        ("accuracy", _accuracy()),
    )
    for name, call in calls.items()
}


def run(number: int) -> tuple[str, str | None]:
    """The call of this number: its name, and the defect if it has one."""
    inputs = Inputs(np.random.default_rng([29, number]))
    name = list(CALLS)[number % len(CALLS)]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            CALLS[name](inputs)
    except DOCUMENTED as error:
        if "Traceback" in str(error) or not str(error):
            return name, f"silent {type(error).__name__}"
    except ArithmeticError as error:
        if isinstance(error, UNDECIDED):
            return name, traceback.format_exc(limit=-2)
    except Exception:
        return name, traceback.format_exc(limit=-2)
    return name, None


def say(line: str) -> None:
    """A line on standard output, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Print every kind of defect once, with the number of its first call."""
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    found: Counter[str] = Counter()
    slow: Counter[str] = Counter()
    for number in range(first, first + calls):
        faulthandler.dump_traceback_later(LIMIT, exit=True)
        started = time.monotonic()
        name, defect = run(number)
        if time.monotonic() - started > 10:
            slow[name] += 1
            say(f"{number} {name}: {time.monotonic() - started:.0f} s")
        if defect is not None:
            kind = f"{name}: {defect.strip().splitlines()[-1][:90]}"
            if not found[kind]:
                say(f"{number} {name}\n{defect}")
            found[kind] += 1
    say(f"{calls} calls, {sum(found.values())} defects of {len(found)} kinds, slow: {dict(slow)}")


if __name__ == "__main__":
    main()
