"""ReLU networks of any depth without biases, trained whole on a teacher's labels (NumPy floats).

The measure is a data set: <f, g> is the mean of f g over its points.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from sympy import And, Eq, Implies, Symbol, lambdify
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from w2s_theory.ledger import quantities as q

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Task:
    """Inputs `(points, dim)`, a unit target, and the labels of a least-squares teacher."""

    inputs: Array
    target: Array
    teacher: Array


def task(seed: int, *, points: int = 60, dim: int = 4, width: int = 12) -> Task:
    """A smooth target and a teacher on `width` random ReLU features: some of it is not seen."""
    rng = np.random.default_rng(seed)
    inputs = rng.standard_normal((points, dim))
    target = inputs[:, 0] + np.sin(2 * inputs[:, 1]) + 0.5 * inputs[:, 0] * inputs[:, 2]
    target /= np.sqrt(np.mean(target**2))
    features = np.maximum(inputs @ rng.standard_normal((dim, width)), 0)
    weights = np.linalg.lstsq(features, target, rcond=None)[0]
    return Task(inputs, target, features @ weights)


def initial(seed: int, sizes: tuple[int, ...], scale: float) -> list[Array]:
    """Weights of all layers, shapes (in, out)."""
    rng = np.random.default_rng(seed)
    return [scale * rng.standard_normal((a, b)) / np.sqrt(a) for a, b in pairwise(sizes)]


def fitted_to_target(seed: int, given: Task, width: int) -> list[Array]:
    """Two layers, random and large below, the head solved for the target: it starts at f*."""
    hidden, _ = initial(seed, (given.inputs.shape[1], width, 1), 3.0)
    active = np.maximum(given.inputs @ hidden, 0)
    head = np.asarray(np.linalg.lstsq(active, given.target, rcond=None)[0], dtype=np.float64)
    return [hidden, head[:, None]]


def outputs(weights: list[Array], inputs: Array) -> Array:
    """The network's values at the points."""
    active = inputs
    for layer in weights[:-1]:
        active = np.maximum(active @ layer, 0)
    return np.asarray((active @ weights[-1])[:, 0])


def half_gradient(weights: list[Array], inputs: Array, labels: Array) -> list[Array]:
    """Half the gradient of ||f - f_T||^2 in every layer, by backpropagation."""
    active = [inputs]
    for layer in weights[:-1]:
        active.append(np.maximum(active[-1] @ layer, 0))
    error = ((active[-1] @ weights[-1])[:, 0] - labels)[:, None] / len(inputs)
    found = []
    for depth in range(len(weights) - 1, -1, -1):
        found.append(active[depth].T @ error)
        error = (error @ weights[depth].T) * (active[depth] > 0)
    return found[::-1]


def trained(
    weights: list[Array], given: Task, *, step: float, steps: int, decay: float = 0.0
) -> Iterator[tuple[Array, float, float]]:
    """(f_S, rate of ||theta||^2/2, ||theta||^2) along gradient descent with a small step."""
    current = [layer.copy() for layer in weights]
    for _ in range(steps):
        descent = half_gradient(current, given.inputs, given.teacher)
        slopes = [-g - decay * w for g, w in zip(descent, current, strict=True)]
        rate = sum(float(np.sum(w * d)) for w, d in zip(current, slopes, strict=True))
        norm = sum(float(np.sum(w * w)) for w in current)
        yield outputs(current, given.inputs), rate, norm
        current = [w + step * d for w, d in zip(current, slopes, strict=True)]


def measured(
    given: Task, at: tuple[Array, float, float], layers: int, decay: float
) -> dict[Symbol, float]:
    """The symbols of the ledger for a network at one step of `trained`."""
    student, rate, norm = at

    def inner(left: Array, right: Array) -> float:
        return float(np.mean(left * right))

    missed, lost = given.teacher - given.target, student - given.target
    return {
        q.TARGET_NORM2: inner(given.target, given.target),
        q.TEACHER_NORM2: inner(given.teacher, given.teacher),
        q.STUDENT_NORM2: inner(student, student),
        q.TEACHER_TARGET: inner(given.teacher, given.target),
        q.STUDENT_TARGET: inner(student, given.target),
        q.STUDENT_TEACHER: inner(student, given.teacher),
        q.L_TE: inner(missed, missed),
        q.L_ST: inner(lost, lost),
        q.NORM_RATE: rate,
        q.PARAMETER_NORM2: norm,
        q.HOMOGENEITY: float(layers),
        q.DECAY: decay,
    }


ROUNDING = 1e-11
"""Of sums of a few thousand products, relative to the weights' squared norm or to 1."""


def nearly(clause: Boolean, numbers: Mapping[Symbol, float]) -> bool:
    """Whether a clause holds up to rounding; an equation between the target's norms is exact."""
    if isinstance(clause, And):
        return all(nearly(part, numbers) for part in clause.args)
    if isinstance(clause, Implies):
        premise, conclusion = clause.args
        return not nearly(premise, numbers) or nearly(conclusion, numbers)
    slack = ROUNDING * max(1.0, numbers[q.PARAMETER_NORM2])
    gap = _gap(clause)(*(numbers[s] for s in sorted(clause.free_symbols, key=str)))
    return bool(abs(gap) <= slack if isinstance(clause, Eq) else gap >= -slack)


@cache
def _gap(relation: Relational) -> Callable[..., float]:
    """The larger side less the smaller one, as a function of its symbols in order of name."""
    gap = relation.lhs - relation.rhs if isinstance(relation, Eq) else relation.gts - relation.lts
    function: Callable[..., float] = lambdify(sorted(relation.free_symbols, key=str), gap)
    return function
