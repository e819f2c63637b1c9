"""Learning rules as spectral filters: the student is ``f_S = s(K) f_T`` with K the kernel operator.

Time convention (all rules): one unit of time is ``dw/dt = -(1/2) grad``, so gradient flow gives
``s = 1 - exp(-lambda t)`` and one gradient step of size eta advances the time by eta.
Each rule states its formula once, in the ledger where a statement speaks of it, else in
``formula``, over any field (Fraction, SymPy, Arb).  The float path is a rearrangement that keeps
*relative* accuracy as lambda -> 0; the tests compare.  A rule with a ``name`` and ``at_time`` is
one of `w2s simulate --rule`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from w2s_theory.arguments import FloatArray, integer, real
from w2s_theory.ledger import section4
from w2s_theory.students.floats import FieldElement, field_function, numpy_function, quotient
from w2s_theory.students.momentum import HeavyBall, Nesterov
from w2s_theory.students.spectral import (
    Number,
    SpectralFilter,
    field_constant,
    flow_resolvent,
    step_rate,
)

__all__ = [
    "Chain",
    "GradientDescent",
    "GradientFlow",
    "HeavyBall",
    "IterateAveraging",
    "Nesterov",
    "Ridge",
    "SpectralCutoff",
    "learning_rule",
    "named_rules",
]

_FLOW = field_function(section4.GRADIENT_FLOW)
_DESCENT = field_function(section4.GRADIENT_DESCENT)
_RIDGE = field_function(section4.RIDGE)


MAX_STEPS = 10**300
"""Of rules in closed form: a float is made of it."""


def named_rules() -> dict[str, type[SpectralFilter]]:
    """The rules of this module that have a ``name``, by it."""
    classes = [item for item in globals().values() if isinstance(item, type)]
    return {c.name: c for c in classes if issubclass(c, SpectralFilter) and c.name}


def learning_rule(text: str) -> Callable[[float, float], SpectralFilter]:
    """`SpectralFilter.at_time` of a named rule, with the value that stands after a colon.

    ValueError lists the rules there are, and says which take a value.

    >>> learning_rule("heavy-ball:0.5")(4, 1)
    HeavyBall(step=1.0, momentum=0.5, steps=2)
    """
    name, colon, value = text.partition(":")
    rules = named_rules()
    if name not in rules:
        known = (f"{c.name}[:{c.value}]" if c.value else c.name for c in rules.values())
        raise ValueError(f"rule must be one of {', '.join(known)}, got {text!r}")
    if not colon:
        return rules[name].at_time
    try:
        number = float(value)
    except ValueError:
        raise ValueError(f"rule must have a number after the colon, got {text!r}") from None
    return rules[name].with_value(number)


@dataclass(frozen=True, slots=True)
class GradientFlow(SpectralFilter):
    """Gradient flow from 0 stopped at ``duration`` in [0, inf]: ``s = 1 - exp(-lambda t)``."""

    name: ClassVar[str] = "flow"
    duration: float

    def __post_init__(self) -> None:
        """Reject a negative or NaN duration."""
        real("duration", self.duration, infinite=True)

    @classmethod
    def at_time(cls, time: float, largest: float) -> Self:
        """Stopped at ``time``."""
        return cls(time)

    @property
    def time(self) -> float:
        """The stopping time itself."""
        return float(self.duration)

    def formula(self, eigenvalue: FieldElement) -> FieldElement:
        """``1 - exp(-lambda t)``; ValueError for a Fraction, where it is not rational."""
        if self.duration in (0, math.inf):
            return eigenvalue * 0 + (1 if self.duration and eigenvalue != 0 else 0)
        return _FLOW(eigenvalue, field_constant(self.duration, eigenvalue))

    def _resolvent(self, values: FloatArray) -> FloatArray:
        return flow_resolvent(values, self.duration).reshape(values.shape)


@dataclass(frozen=True, slots=True)
class GradientDescent(SpectralFilter):
    """Gradient descent from 0, n = ``steps`` of size ``step``: ``s = 1 - (1 - step lambda)^n``."""

    name: ClassVar[str] = "gd"
    value: ClassVar[str] = "STEP"
    step: Number
    steps: int

    def __post_init__(self) -> None:
        """Reject a non-positive step or a negative count."""
        real("step", self.step, positive=True)
        object.__setattr__(self, "steps", integer("steps", self.steps, 0, MAX_STEPS))

    @classmethod
    def at_time(cls, time: float, largest: float) -> Self:
        """As many steps of size 1/``largest``, at least one."""
        return cls(1 / step_rate(time, largest), max(round(time * largest), 1))

    @classmethod
    def with_value(cls, value: float) -> Callable[[float, float], GradientDescent]:
        """As `at_time` with steps of size ``value``. ValueError unless 0 < value < 2/largest."""
        real("step", value, positive=True)

        def at_time(time: float, largest: float) -> GradientDescent:
            if not value * largest < 2:
                raise ValueError(
                    f"step must be < 2/lambda_max = {2 / largest:.6g} to converge, got {value!r}"
                )
            return cls(value, max(round(time * step_rate(time, 1 / value)), 1))

        return at_time

    @property
    def time(self) -> float:
        """``step * steps``."""
        return float(self.step) * self.steps

    def formula(self, eigenvalue: FieldElement) -> FieldElement:
        """``1 - (1 - step lambda)^n``."""
        return _DESCENT(eigenvalue, field_constant(self.step, eigenvalue), self.steps)

    def _resolvent(self, values: FloatArray) -> FloatArray:
        return _descent_resolvent(values, float(self.step), self.steps)

    def supremum(self, largest: float) -> float:
        """s(largest) while ``step largest <= 1``; beyond, ``1 + max(1, |1 - step largest|^n)``."""
        return _descent_supremum(self, float(self.step) * largest, largest)


@dataclass(frozen=True, slots=True)
class Ridge(SpectralFilter):
    """Ridge regression on the teacher's labels, ``s = lambda/(lambda + penalty)``, penalty > 0.

    >>> print(Ridge(1)([0, 1, 3]))
    [0.   0.5  0.75]
    """

    name: ClassVar[str] = "ridge"
    penalty: Number

    def __post_init__(self) -> None:
        """Reject a non-positive penalty."""
        real("penalty", self.penalty, positive=True)

    @classmethod
    def at_time(cls, time: float, largest: float) -> Self:
        """The penalty 1/``time``."""
        return cls(1 / real("time", time, positive=True))

    @property
    def time(self) -> float:
        """``1/penalty``."""
        return 1 / float(self.penalty)

    def formula(self, eigenvalue: FieldElement) -> FieldElement:
        """``lambda/(lambda + penalty)``."""
        return _RIDGE(eigenvalue, field_constant(self.penalty, eigenvalue))

    def _resolvent(self, values: FloatArray) -> FloatArray:
        return numpy_function(quotient(section4.RIDGE))(values, float(self.penalty))


@dataclass(frozen=True, slots=True)
class SpectralCutoff(SpectralFilter):
    """Projection onto the eigenspaces with ``lambda >= threshold`` > 0."""

    name: ClassVar[str] = "cutoff"
    threshold: Number

    def __post_init__(self) -> None:
        """Reject a non-positive threshold."""
        real("threshold", self.threshold, positive=True)

    @classmethod
    def at_time(cls, time: float, largest: float) -> Self:
        """The threshold 1/``time``."""
        return cls(1 / real("time", time, positive=True))

    @property
    def time(self) -> float:
        """``1/threshold``."""
        return 1 / float(self.threshold)

    def formula(self, eigenvalue: FieldElement) -> FieldElement:
        """1 if ``lambda >= threshold``, else 0."""
        kept = eigenvalue >= field_constant(self.threshold, eigenvalue)
        return eigenvalue * 0 + int(bool(kept))

    def _resolvent(self, values: FloatArray) -> FloatArray:
        kept = values >= float(self.threshold)
        return np.where(kept, 1 / np.where(kept, values, 1.0), 0.0)


@dataclass(frozen=True, slots=True)
class IterateAveraging(SpectralFilter):
    """Mean of gradient-descent iterates 1..steps (Polyak-Ruppert)."""

    name: ClassVar[str] = "average"
    step: Number
    steps: int

    def __post_init__(self) -> None:
        """Reject a non-positive step or count."""
        real("step", self.step, positive=True)
        object.__setattr__(self, "steps", integer("steps", self.steps, 1, MAX_STEPS))

    @classmethod
    def at_time(cls, time: float, largest: float) -> Self:
        """A mean over steps of size 1/``largest``, at least one."""
        return cls(1 / step_rate(time, largest), max(round(2 * time * largest - 1), 1))

    @property
    def time(self) -> float:
        """``step (steps + 1)/2``."""
        return float(self.step) * (self.steps + 1) / 2

    def formula(self, eigenvalue: FieldElement) -> FieldElement:
        """``(1/n) sum_{i=1..n} (1 - (1 - step lambda)^i)``."""
        step = field_constant(self.step, eigenvalue)
        iterates = (_DESCENT(eigenvalue, step, i) for i in range(1, self.steps + 1))
        return sum(iterates, start=eigenvalue * 0) / self.steps

    def _resolvent(self, values: FloatArray) -> FloatArray:
        # Geometric sum: mean = 1 - q s_n/(n x), x = step lambda, q = 1 - x.  It cancels for small
        # n x, where the binomial series sum_k (-1)^(k+1) C(n+1, k+1)/n x^k converges fast instead.
        step, count = float(self.step), self.steps
        x = step * values
        small = (count + 1) * x < 0.25
        series = np.zeros_like(x)
        term = np.full_like(x, (count + 1) / 2 * step)  # k = 1, divided by lambda
        x_small = np.where(small, x, 0.0)
        for k in range(1, min(count, 20) + 1):
            series += term
            term = -term * x_small * ((count - k) / (k + 2))
        safe = np.where(small, 1.0, values)
        final = _descent_resolvent(safe, step, count)
        closed = (1 - (1 - step * safe) * final / (count * step)) / safe
        return np.where(small, series, closed)

    def supremum(self, largest: float) -> float:
        """As for gradient descent: a mean of iterates exceeds none of them."""
        return _descent_supremum(self, float(self.step) * largest, largest)


@dataclass(frozen=True, slots=True)
class Chain(SpectralFilter):
    """Students in a row, each taught by the last over the same kernel: the product of the s_i."""

    links: tuple[SpectralFilter, ...]

    def __post_init__(self) -> None:
        """Reject an empty chain."""
        if not self.links:
            raise ValueError("links must hold at least one filter, got none")

    @property
    def time(self) -> float:
        """The sum of the links' times."""
        return sum(link.time for link in self.links)

    def formula(self, eigenvalue: FieldElement) -> FieldElement:
        """The product of the links' formulas."""
        return math.prod((link.formula(eigenvalue) for link in self.links), start=1)

    def _resolvent(self, values: FloatArray) -> FloatArray:
        result = self.links[0].resolvent(values)
        for link in self.links[1:]:
            result = result * link(values)
        return result

    def supremum(self, largest: float) -> float:
        """The product of the links' bounds."""
        return math.prod(link.supremum(largest) for link in self.links)


def _descent_resolvent(values: FloatArray, step: float, steps: int) -> FloatArray:
    """``(1 - (1 - step lambda)^n)/lambda`` without cancellation at small ``step lambda``."""
    x = step * values
    gentle = x < 0.5
    x_gentle = np.where(gentle, x, 0.0)
    positive = x_gentle > 0
    smooth = -np.expm1(steps * np.log1p(-x_gentle)) / np.where(positive, values, 1.0)
    smooth = np.where(positive, smooth, step * steps)
    rough = _DESCENT(values, step, steps) / np.where(gentle, 1.0, values)
    return np.where(gentle, smooth, rough)


def _descent_supremum(rule: GradientDescent | IterateAveraging, x: float, largest: float) -> float:
    if x <= 1:
        return float(rule(largest))
    return 1 + max(1.0, abs(1 - x) ** rule.steps)
