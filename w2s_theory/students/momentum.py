"""Gradient descent with momentum: Polyak's heavy ball and Nesterov's; both can overshoot.

Neither shrinks at every eigenvalue, so Theorem 4.1's floor is not theirs.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, Self

import numpy as np

from w2s_theory.arguments import FloatArray, integer, real
from w2s_theory.students.floats import FieldElement
from w2s_theory.students.spectral import Number, SpectralFilter, field_constant, step_rate

DEFAULT_MOMENTUM = 0.9

MOST_STEPS = 10**12
"""Of heavy ball: taken by squaring, whose rounding grows like the steps."""

MOST_NESTEROV = 10**5
"""Of Nesterov: taken one by one, in C."""


@dataclass(frozen=True, slots=True)
class HeavyBall(SpectralFilter):
    """Polyak's momentum, ``f += step (f_T - K f) + momentum (f - f_previous)``; can overshoot."""

    name: ClassVar[str] = "heavy-ball"
    value: ClassVar[str] = "MU"
    step: Number
    momentum: Number
    steps: int

    def __post_init__(self) -> None:
        """Reject a non-positive step, a momentum outside [0, 1) or a negative count."""
        real("step", self.step, positive=True)
        if real("momentum", self.momentum) >= 1:
            raise ValueError(f"momentum must be in [0, 1), got {self.momentum}")
        object.__setattr__(self, "steps", integer("steps", self.steps, 0, MOST_STEPS))

    @classmethod
    def at_time(cls, time: float, largest: float) -> HeavyBall:
        """Momentum 9/10 and steps of size 1/``largest``."""
        return cls.with_value(DEFAULT_MOMENTUM)(time, largest)

    @classmethod
    def with_value(cls, value: float) -> Callable[[float, float], HeavyBall]:
        """As `at_time` with momentum ``value``. ValueError unless it is in [0, 1)."""
        cls(1, value, 0)

        def at_time(time: float, largest: float) -> HeavyBall:
            rate = step_rate(time, largest)
            return cls(1 / rate, value, _count(time * rate * (1 - value), MOST_STEPS))

        return at_time

    @property
    def time(self) -> float:
        """``ds/dlambda`` at 0, about ``step steps/(1 - momentum)``."""
        return float(self._resolvent(np.zeros(1))[0])

    def formula(self, eigenvalue: FieldElement) -> FieldElement:
        """The iteration on one eigenvector: ``s += step lambda (1-s) + momentum (s - s_prev)``."""
        step = field_constant(self.step, eigenvalue)
        momentum = field_constant(self.momentum, eigenvalue)
        previous = current = eigenvalue * 0
        for _ in range(self.steps):
            move = step * eigenvalue * (1 - current) + momentum * (current - previous)
            previous, current = current, current + move
        return current

    def _resolvent(self, values: FloatArray) -> FloatArray:
        """The step is affine in (s/lambda, its last move): its power by squaring, extended."""
        step, momentum = np.longdouble(self.step), np.longdouble(self.momentum)
        once = np.empty((*values.shape, 2, 2), dtype=np.longdouble)
        once[..., 0, 0] = 1 - step * values
        once[..., 1, 0] = -step * values
        once[..., :, 1] = momentum
        push = np.full((*values.shape, 2, 1), step, dtype=np.longdouble)
        power, moved = np.broadcast_to(np.eye(2, dtype=np.longdouble), once.shape), 0 * push
        for bit in f"{self.steps:b}":
            power, moved = power @ power, power @ moved + moved
            if bit == "1":
                power, moved = once @ power, once @ moved + push
        result: FloatArray = moved[..., 0, 0].astype(np.float64)
        return result

    def supremum(self, largest: float) -> float:
        """``min(1, largest ds/dlambda(0))`` where overdamped: there s climbs to 1 monotonically.

        ValueError if ``step largest > (1 - sqrt(momentum))^2``.
        """
        largest = real("largest", largest)
        if float(self.step) * largest > (1 - math.sqrt(self.momentum)) ** 2:
            raise ValueError(
                f"largest must satisfy step largest <= (1 - sqrt(momentum))^2 for {self}, "
                f"got {largest!r} (a smaller momentum allows more)"
            )
        return min(1.0, largest * self.time)


@dataclass(frozen=True, slots=True)
class Nesterov(SpectralFilter):
    """Nesterov's method with momentum k/(k+3) at step k = 0, 1, ...; can overshoot.

    The residual 1 - s is ``x^(n/2) P_n(sqrt x)``, x = 1 - step lambda and P_n the Legendre
    polynomial in dimension 5: the recurrences are the same.
    """

    name: ClassVar[str] = "nesterov"
    step: Number
    steps: int

    def __post_init__(self) -> None:
        """Reject a non-positive step or a negative count."""
        real("step", self.step, positive=True)
        object.__setattr__(self, "steps", integer("steps", self.steps, 0, MOST_NESTEROV))

    @classmethod
    def at_time(cls, time: float, largest: float) -> Self:
        """Steps of size 1/``largest``, at most `MOST_NESTEROV`."""
        rate = step_rate(time, largest)
        return cls(1 / rate, _count((math.sqrt(49 + 32 * time * rate) - 7) / 2, MOST_NESTEROV))

    @property
    def time(self) -> float:
        """``ds/dlambda`` at 0, which is ``step n (n + 7)/8``."""
        return float(self.step) * self.steps * (self.steps + 7) / 8

    def formula(self, eigenvalue: FieldElement) -> FieldElement:
        """``y = s + k/(k+3) (s - s_prev)``, then ``s = y + step lambda (1 - y)``."""
        step = field_constant(self.step, eigenvalue)
        previous = current = eigenvalue * 0
        for k in range(self.steps):
            momentum = field_constant(Fraction(k, k + 3), eigenvalue)
            ahead = current + momentum * (current - previous)
            previous, current = current, ahead + step * eigenvalue * (1 - ahead)
        return current

    def _resolvent(self, values: FloatArray) -> FloatArray:
        """Near 0 by the series of 2F1(-m, b; 2; z), z = step lambda, in which nothing cancels."""
        step, half = float(self.step), self.steps // 2
        odd = self.steps % 2
        b, exponent, z = half + odd + 1.5, half + odd, step * values
        gentle = (half * b * z <= 1) & (z < 0.5)
        small = np.where(gentle, z, 0.0)
        term, bent = np.full_like(z, -half * b / 2), np.zeros_like(z)
        for j in range(1, 14):  # (F - 1)/z; the terms fall like 1/(j! (j+1)!)
            bent += term
            term = term * small * (j - half) * (b + j) / ((j + 2) * (j + 1))
        logs = exponent * np.log1p(-small)
        lost = np.where(small > 0, -np.expm1(logs) / np.where(small > 0, small, 1), exponent)
        near = step * (lost - np.exp(logs) * bent)
        safe = np.where(gentle, 1.0, values)
        return np.where(gentle, near, (1 - self._residual(step * safe)) / safe)

    def _residual(self, z: FloatArray) -> FloatArray:
        """``1 - s`` where it is not close to 1: 0 below 1e-21, by steps beyond ``z`` = 1."""
        from scipy.special import eval_gegenbauer

        n, result = self.steps, np.zeros_like(z)
        inner = (z <= 1) & (n * z < 100)
        x = 1 - z[inner]
        top = (n + 1) * (n + 2) / 2  # C_n^(3/2)(1)
        result[inner] = x ** (n / 2) * eval_gegenbauer(n, 1.5, np.sqrt(x)) / top
        if (outer := z > 1).any():
            x = 1 - z[outer]
            before = now = np.ones_like(x)
            slowest = float((np.sqrt(x * x - x) - x).max())  # the larger root, < 1 where z < 4/3
            for k in range(min(n, int(60 / -math.log(slowest))) if slowest < 1 else n):
                before, now = now, x * (now + k / (k + 3) * (now - before))
            result[outer] = now
        return result

    def supremum(self, largest: float) -> float:
        """``min(2, largest ds/dlambda(0))``: P_n and its slope are largest at 1.

        ValueError if ``step largest > 1``.
        """
        largest = real("largest", largest)
        if float(self.step) * largest > 1:
            raise ValueError(f"largest must satisfy step largest <= 1 for {self}, got {largest!r}")
        return min(2.0, largest * self.time)


def _count(steps: float, most: int) -> int:
    return min(max(round(steps), 1), most)
