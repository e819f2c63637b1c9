"""Every error bound made too small, one at a time: its tests must fail.

python -m tests.weaken
"""

from __future__ import annotations

import ast
import importlib
import os
import sys
import time

from tests import mutate

# module, the bound's text, the text that weakens it
BOUNDS = {
    "statistics": "tests/test_statistics.py",
    "enclose": "tests/enclose/test_bounds_hold.py",
    "certify": "tests/certify/test_bounds.py",
    "models": "tests/models/test_rounding.py",
    "students": "tests/students/test_rounding.py",
}
"""The negative tests of each room."""

WEAKENED = (
    ("statistics", "7 * log_term / (3", "0 * log_term / (3"),
    ("statistics", "7 * log_term / (3", "2 * log_term / (3"),
    ("statistics", "math.log(4 / rate)", "math.log(2 / rate)"),
    ("statistics", "* (high - low), rate)", ", rate)"),
    ("statistics", "-float(ndtri(rate / 2))", "-float(ndtri(rate))"),
    ("statistics", "2 * float(binom.cdf(place - 1, count, 0.5)) > rate", "False"),
    ("statistics", "2 * float(binom.cdf(place - 1", "float(binom.cdf(place - 1"),
    ("statistics", "[rate / 2, 1 - rate / 2]", "[rate, 1 - rate]"),
    ("statistics", "(size, group.size)", "(size, 4 * group.size)"),
    ("enclose.integrals", "total + arb(0).union(rest).union(-rest)", "total"),
    ("enclose.integrals", "abs(lower(coefficient)({}))", "lower(coefficient)({})"),
    ("enclose.integrals", "arb(0).union(rest).union(-rest)", "arb(0).union(rest)"),
    ("enclose.integrals", "(arb(reach) ** 2 / 2)", "(arb(reach) ** 2)"),
    ("enclose.minima", "and not clause.gts.has(Infimum)", ""),
    ("enclose.minima", "clause.lts in nodes", "clause.lts.has(Infimum)"),
    ("enclose.telescope", "value(fmpq(start)) + delta) / at", "value(fmpq(start)) - delta) / at"),
    ("enclose.telescope", "proved = (delta * last - left, ", "proved = ("),
    ("enclose.telescope", " delta * last + left, value", " value"),
    ("enclose.telescope", "arb(2 * bound *", "arb(bound / 8 *"),
    ("enclose.telescope", "or 2 * bound > fmpq(start) ** 2", ""),
    ("certify.bounds", "- ball.rad() * _SLACK", ""),
    ("certify.bounds", "ball.lower() - ball.rad()", "ball.upper() - ball.rad()"),
    ("certify.bounds", "pivot - pivot.rad() * _SLACK > 0", "pivot.mid() > 0"),
    ("models.roundoff", "product / (1 - product)", "product"),
    ("models.legendre", "slope * cosine_error", "0.9 * slope * cosine_error"),
    ("models.legendre", "4 * unit_roundoff *", "unit_roundoff / 16 *"),
    (
        "models.extended_kernel",
        "(abs(float(activation.plus)) + abs(float(activation.minus)))",
        "(float(activation.plus) + float(activation.minus))",
    ),
    ("models.extended_kernel", "(rounding + slope_error)", "(rounding + slope_error / 8)"),
    ("models.extended_kernel", "(rounding + slope_error)", "slope_error"),
    ("models.energies", "float(np.abs(weights).sum())", "abs(float(weights.sum()))"),
    ("models.energies", "accumulation + legendre_rounding", "legendre_rounding"),
    ("models.teacher", "sizes = np.abs(weights)\n    mass", "sizes = weights\n    mass"),
    ("models.teacher", "form += system.gram_error * mass**2", ""),
    ("models.teacher", "system.overlap_error * mass\n", "0\n"),
    ("models.targets", "amplitude = abs(self.scale) *", "amplitude = self.scale *"),
    ("models.targets", "* (legendre_rounding(", "* 0 * (legendre_rounding("),
    ("models.harmonic_polynomials", "np.abs(self._floats).sum()", "abs(self._floats.sum())"),
    ("models.harmonic_polynomials", "self.degree * cosine_error", "cosine_error"),
    (
        "models.relu_sphere",
        "mass = float(np.abs(weights).sum())",
        "mass = abs(float(weights.sum()))",
    ),
    (
        "models.relu_sphere",
        "bound = float(_coefficient_rounding(k)) * largest + part",
        "bound = 0 * part",
    ),
    ("students.infinite", "+ kept**2 @ teacher.noise_errors", ""),
    ("students.infinite", "2 * misses * np.abs(kept) @ teacher.overlap_errors", "0"),
    ("students.infinite", "* np.abs(kept) @", "* kept @"),
)


def main() -> int:
    """1 if a weakened bound passes its tests."""
    os.chdir(mutate.ROOT)
    for name in mutate.HEAVY:
        importlib.import_module(name)
    passed = 0
    for module, before, after in WEAKENED:
        start, source = time.monotonic(), mutate.path_of(module).read_text()
        if before not in source:
            raise ValueError(f"before must be in {module}, got {before!r}")
        tree = ast.parse(source.replace(before, after, 1))
        tests = [tests for room, tests in BOUNDS.items() if module.startswith(room)]
        outcome, _ = mutate.run(module, tree, tests, 300)
        passed += outcome == "survived"
        seconds = time.monotonic() - start
        sys.stdout.write(f"{outcome:9} {seconds:4.0f} s  {module}: {before!r} -> {after!r}\n")
        sys.stdout.flush()
    return int(passed > 0)


if __name__ == "__main__":
    sys.exit(main())
