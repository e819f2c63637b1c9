"""What a learning rule is: a function s of the kernel's eigenvalues, in floats and exactly."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import ClassVar, Self, TypeGuard, overload

import numpy as np
from numpy.typing import ArrayLike

from w2s_theory.arguments import FloatArray, real, real_array
from w2s_theory.ledger import section4
from w2s_theory.students.floats import FieldElement, numpy_function

Number = float | int | Fraction


def field_constant(value: Number, like: FieldElement) -> FieldElement:
    """The exact value of ``value`` in the field of ``like``: a float is its dyadic rational."""
    exact = Fraction(value)
    if type(like).__module__.startswith("flint"):
        import flint

        return flint.fmpq(exact.numerator, exact.denominator)
    return exact


def _eigenvalue_array(eigenvalues: ArrayLike) -> FloatArray:
    array = real_array("eigenvalues", eigenvalues)
    if not (np.isfinite(array).all() and (array >= 0).all()):
        raise ValueError("eigenvalues must be finite and >= 0")
    return array


def flow_resolvent(eigenvalues: ArrayLike, times: ArrayLike) -> FloatArray:
    """``(1 - exp(-lambda t))/lambda``, shape (times, eigenvalues); at lambda 0: t (0 at inf).

    ValueError unless eigenvalues and times are >= 0, and eigenvalues finite.
    """
    values, clock = _eigenvalue_array(eigenvalues), real_array("times", times)[..., None]
    if not (clock >= 0).all():
        raise ValueError("times must be >= 0, got a negative one or NaN")
    positive = values > 0
    safe = np.where(positive, values, 1.0)
    with np.errstate(over="ignore"):
        quotient = numpy_function(section4.GRADIENT_FLOW)(safe, clock) / safe
    at_zero = np.where(np.isinf(clock), 0.0, clock)
    return np.where(positive, quotient, at_zero)


def step_rate(time: float, largest: float) -> float:
    """``largest``; ValueError unless both are > 0 and their product, the steps, is a float."""
    rate = real("largest", largest, positive=True)
    real("time * largest", real("time", time, positive=True) * rate)
    return rate


def _holds_fractions(values: object) -> TypeGuard[Sequence[Fraction]]:
    return isinstance(values, Sequence) and any(isinstance(v, Fraction) for v in values)


class SpectralFilter(ABC):
    """A learning rule: ``filter(eigenvalues)`` gives s, exactly for a Fraction."""

    __slots__ = ()
    name: ClassVar[str] = ""
    """What `w2s simulate --rule` calls it; empty for a rule that no single time fixes."""
    value: ClassVar[str] = ""
    """What may stand after the name and a colon; empty for a rule that takes no value."""

    @overload
    def __call__(self, eigenvalues: Fraction) -> Fraction: ...
    @overload
    def __call__(self, eigenvalues: ArrayLike) -> FloatArray: ...
    def __call__(self, eigenvalues: Fraction | ArrayLike) -> Fraction | FloatArray:
        """s(lambda): an array for numbers, a Fraction for a Fraction (rational rules only)."""
        if isinstance(eigenvalues, Fraction):
            if eigenvalues < 0:
                raise ValueError(f"eigenvalues must be >= 0, got {eigenvalues}")
            exact: Fraction = self.formula(eigenvalues)
            return exact
        values = _eigenvalue_array(eigenvalues)
        with np.errstate(over="ignore", invalid="ignore"):
            result = values * self._resolvent(values)
        return self._finite(result)

    def resolvent(self, eigenvalues: ArrayLike) -> FloatArray:
        """``s(lambda)/lambda``, continuous at 0: the weights are ``v = resolvent(G) h``."""
        values = _eigenvalue_array(eigenvalues)
        with np.errstate(over="ignore", invalid="ignore"):
            result = self._resolvent(values)
        return self._finite(result)

    def shrinks(self, eigenvalues: ArrayLike | Fraction | Sequence[Fraction]) -> bool:
        """Whether ``0 <= s <= 1`` at every given eigenvalue (the hypothesis of Lemma 1)."""
        if isinstance(eigenvalues, Fraction):
            return 0 <= self(eigenvalues) <= 1
        if _holds_fractions(eigenvalues):
            return all(0 <= self(Fraction(v)) <= 1 for v in eigenvalues)
        values = self(np.asarray(eigenvalues))
        return bool(((values >= 0) & (values <= 1)).all())

    def supremum(self, largest: float) -> float:
        """A bound on ``|s|`` over [0, largest]; s(largest) where s increases."""
        return float(self(largest))

    @classmethod
    def at_time(cls, time: float, largest: float) -> Self:
        """The rule of about this equivalent ``time`` > 0, its step 1/``largest`` eigenvalue.

        ValueError for a rule without a ``name``.
        """
        raise ValueError(f"rule must be fixed by its time, got {cls.__name__}")

    @classmethod
    def with_value(cls, value: float) -> Callable[[float, float], SpectralFilter]:
        """`at_time` with a ``value`` of the user's. ValueError for a rule that takes none."""
        raise ValueError(f"rule must be {cls.name} alone, which takes no value, got {value!r}")

    @property
    @abstractmethod
    def time(self) -> float:
        """The gradient-flow time the rule corresponds to, ``ds/dlambda`` at 0 where that is > 0."""

    @abstractmethod
    def formula(self, eigenvalue: FieldElement) -> FieldElement:
        """s(lambda) as typed in a textbook, over the field of ``eigenvalue``."""

    @abstractmethod
    def _resolvent(self, values: FloatArray) -> FloatArray:
        """Float ``s/lambda``, relatively accurate as lambda -> 0."""

    def _finite(self, result: FloatArray) -> FloatArray:
        if not np.isfinite(result).all():
            raise ValueError(f"eigenvalues are too large for {self}: the iteration diverges")
        return result
