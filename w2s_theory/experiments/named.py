"""Experiments by name: a model, its target and its students from a few words, or from your own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import numpy as np

from w2s_theory.arguments import choice, integer
from w2s_theory.experiments import simulation
from w2s_theory.experiments.gains import mixed_target
from w2s_theory.experiments.simulation import Simulation
from w2s_theory.models.base import Model
from w2s_theory.models.expansions import network_target, zonal_target
from w2s_theory.models.linear_gaussian import LinearGaussian
from w2s_theory.models.parallel import Progress, silent
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.targets import Harmonic, Target, harmonic_target
from w2s_theory.models.teacher import DEFAULT_MAX_DEGREE

_NETWORK_SEED = 3
"""Beside those of teachers and students (0, 1, 2)."""


class ModelName(StrEnum):
    """The models that experiments draw from."""

    RELU = "relu"
    LINEAR = "linear"


DIMS = {ModelName.RELU: 32, ModelName.LINEAR: 1024}
"""Dimensions of the inputs where none is given; 32 for a model not listed."""


def dimension(model: str, dim: int | None) -> int:
    """``dim``, or the model's own if None. ValueError for a model that is none, or dim < 2."""
    return integer(
        "dim", DIMS.get(choice("model", model, ModelName), 32) if dim is None else dim, 2
    )


def simulate(
    model: str | Model[Any, Any] = "relu",
    dim: int | None = None,
    *,
    target: Any = None,
    activation: str | None = None,
    top: int | None = None,
    psi: float | None = None,
    teacher_width: int = 64,
    student_width: int | None = None,
    draws: int = 10,
    seed: int = 0,
    rule: str = "flow",
    rank_revealing: bool = False,
    allow_unlearnable: bool = False,
    progress: Progress = silent,
) -> Simulation:
    """Teachers and students of a model by name, or of your own: losses, PGR, kappa_S, floors.

    "relu" (``dim`` 32): features sigma(<u, x>) on the sphere, sigma an ``activation`` by name or
    an expression in t; ``target`` as `sphere_target` reads it. "linear" (``dim`` 1024): ``top``
    eigenvalues 1 (default 1), the others ``psi`` (default dim^(-2/3)), the first axis as target. A
    `Model` of your own needs a ``target`` of its kind. ``student_width`` None is infinite, ``rule``
    is one of `w2s simulate --rule`; the rest as in `simulation.simulate`. ValueError for an
    argument that does not apply to the model, and as there.
    """
    own = {"target": target, "activation": activation, "top": top, "psi": psi}
    seed, most = integer("seed", seed, 0), DEFAULT_MAX_DEGREE
    if isinstance(model, str):
        model, target, most = named_experiment(model, dim, own, seed)
    else:
        _refuse("your own model", {"dim": dim, **own}, "target")
        if target is None:
            raise ValueError("target must be given for a model of your own, got None")
    return simulation.simulate(
        model,
        target,
        teacher_width=teacher_width,
        student_width=student_width,
        draws=draws,
        seed=seed,
        rule=rule,
        rank_revealing=rank_revealing,
        allow_unlearnable=allow_unlearnable,
        max_degree=most,
        progress=progress,
    )


def named_experiment(
    name: str, dim: int | None, own: Mapping[str, Any], seed: int = 0
) -> tuple[Model[Any, Any], Any, int]:
    """A model, its target and the degrees to list, by `simulate`'s arguments of these names.

    ValueError for a model that is none, and an argument that does not apply to it.
    """
    model, dim = choice("model", name, ModelName), dimension(name, dim)
    given = {key: value for key, value in own.items() if value is not None}
    if model is ModelName.RELU:
        _refuse(name, given, "target", "activation")
        sphere = ReluSphere(dim, given.get("activation", "relu"))
        target = sphere_target(sphere, given.get("target", "1"), seed)
        return sphere, target, max(DEFAULT_MAX_DEGREE, target.degrees[-1], target.most)
    _refuse(name, given, "top", "psi")
    top, psi = integer("top", given.get("top", 1), 1), given.get("psi", dim ** (-2 / 3))
    if top >= dim:
        raise ValueError(f"top must be in 1..dim-1 = 1..{dim - 1}, got {top}")
    gaussian = LinearGaussian(*(([1.0], [dim]) if psi == 1 else ([1.0, psi], [top, dim - top])))
    return gaussian, gaussian.target(np.eye(1, dim)[0]), DEFAULT_MAX_DEGREE


def _refuse(name: str, given: dict[str, Any], *allowed: str) -> None:
    """ValueError for an argument that does not apply."""
    for key, value in given.items():
        if key not in allowed and value is not None:
            raise ValueError(
                f"{key} does not apply to {name}, which takes {' and '.join(allowed)}, "
                f"got {value!r}"
            )


def sphere_target(model: ReluSphere, text: str | int | Target, seed: int = 0) -> Target:
    """A unit target on the sphere, by its text.

    "2": the zonal harmonic of that degree about the first axis; "1:0.5,2:0.5": a sum of them with
    these energies; "network:64": a random network of that width on the model's own activation,
    drawn from ``seed``; anything else: a smooth function of t = <e_1, x> as an expression, such as
    "exp(-4*(1-t)^2)", divided by its norm. ValueError for what is none of them.
    """
    if isinstance(text, Target):
        return text
    words = str(text).replace(" ", "")
    if re.fullmatch(r"-?\d+", words):
        return harmonic_target(Harmonic(int(words), np.eye(1, model.dim)[0]))
    if found := re.fullmatch(r"network:(\d+)", words):
        rng = np.random.default_rng([seed, _NETWORK_SEED])
        return network_target(model, int(found[1]), rng, DEFAULT_MAX_DEGREE)
    if ":" in words:
        parts = [re.fullmatch(r"(\d+):(\d*\.?\d+(?:e-?\d+)?)", part) for part in words.split(",")]
        energies = {int(part[1]): float(part[2]) for part in parts if part}
        if len(energies) < len(parts):
            raise ValueError(
                "target must be degree:energy,... with distinct degrees, or network:WIDTH, "
                f"got {text!r}"
            )
        return mixed_target(model.dim, energies)
    try:
        return zonal_target(words, model.dim, DEFAULT_MAX_DEGREE)
    except ValueError as error:
        raise ValueError(
            "target must be a degree, degree:energy,..., network:WIDTH or a function of t; as "
            f"one: {error}"
        ) from None
