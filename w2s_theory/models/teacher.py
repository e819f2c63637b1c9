"""The teacher: top-layer weights on frozen features, with its loss and their error bounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol

import numpy as np

from w2s_theory.arguments import ExtendedArray, FloatArray, degree_number, float_array
from w2s_theory.models.ball_model import Exact, exact_fit
from w2s_theory.models.base import EigenSpaces, Features, Goal, Model, System
from w2s_theory.models.parallel import Progress, run_parallel, silent
from w2s_theory.models.roundoff import DOUBLE_EPS, EXTENDED_EPS, gamma
from w2s_theory.models.targets import Target

DEFAULT_MAX_DEGREE = 40
REFINEMENTS = 5

MAX_MASS = 1e100
"""Of the sum of abs(w_i): what is made of its square is still a float."""


class DependentFeaturesError(ValueError):
    """Features whose Gram matrix is singular to rounding: there is no one least-squares fit."""


class Rule(Protocol):
    """A teacher's own learning rule, as a filter on the eigenvalues of Gram/width."""

    def resolvent(self, eigenvalues: FloatArray) -> FloatArray:
        """``s(lambda)/lambda``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Teacher(Generic[Features, Goal]):
    """A fitted teacher f_T and everything a student needs to know of it.

    ``loss`` is L_TE = ||f_T - f*||^2 of the function with exactly these float ``weights``;
    ``error_bound`` bounds its rounding error.  ``optimality_gap`` bounds L_TE minus the loss of the
    exact least-squares fit on these features (``r.G^-1.r``, r the residual; inf if singular).
    By eigenspace j: ``energies``, ``overlaps`` <f_T, f*_j>, ``noise`` (energy orthogonal to f*_j),
    ``target_energies``, with ``overlap_errors`` and ``noise_errors``; ``tail`` is the energy of f_T
    outside them, ``target_tail`` that of f*.
    ``condition`` is lambda_max/lambda_min of the Gram matrix, ``rank`` < width only after the
    rank-revealing fallback, ``unlearnable`` the target's energy in eigenspaces of eigenvalue 0.
    """

    features: Features
    target: Goal
    weights: FloatArray
    loss: float
    norm2: float
    error_bound: float
    optimality_gap: float
    condition: float
    rank: int
    spaces: EigenSpaces
    target_energies: FloatArray
    energies: FloatArray
    overlaps: FloatArray
    noise: FloatArray
    overlap_errors: FloatArray
    noise_errors: FloatArray
    tail: float
    target_tail: float
    unlearnable: float


SphereTeacher = Teacher[FloatArray, Target]


@dataclass(frozen=True, slots=True)
class _Spectrum:
    """Extreme eigenvalues of the float64 Gram; ``floor`` bounds the least from below."""

    smallest: float
    largest: float
    slack: float

    @property
    def floor(self) -> float:
        return self.smallest - self.slack

    @property
    def condition(self) -> float:
        return self.largest / self.smallest


@dataclass(frozen=True, slots=True)
class _Fit:
    weights: FloatArray
    spectrum: _Spectrum
    rank: int
    system: System
    exact: Exact | None = None


def fit_teacher(
    model: Model[Features, Goal],
    features: Features,
    target: Goal,
    *,
    rule: Rule | None = None,
    max_degree: int = DEFAULT_MAX_DEGREE,
    rank_revealing: bool = False,
    allow_unlearnable: bool = False,
) -> Teacher[Features, Goal]:
    """Fit a teacher: population least squares, or ``rule`` (ridge, early stopping) if given.

    A rule is a filter s on the eigenvalues of Gram/width: ``w = s(G/M) G^-1 b``.  Least squares is
    Cholesky plus iterative refinement on the extended-precision residual (Higham 2002, ch. 12);
    in balls, up to width 512, where float64 does not tell the Gram matrix from a singular one.
    ValueError: singular Gram (duplicate features) unless ``rank_revealing``; a target with energy
    in eigenspaces of eigenvalue 0 unless ``allow_unlearnable``.
    """
    max_degree = degree_number("max_degree", max_degree)
    unlearnable = model.unlearnable_energy(target)
    if unlearnable > 0 and not allow_unlearnable:
        raise ValueError(
            f"target must have no energy in eigenspaces of eigenvalue 0, got {unlearnable:.6g}: "
            "every teacher loses at least that much (allow_unlearnable=True, or "
            "--allow-unlearnable, fits the rest)"
        )
    gram = model.gram(features)
    system = model.extended_system(target, features)
    if rule is None and not rank_revealing:
        fit = _least_squares(model, features, target, gram, system)
    else:
        fit = _spectral_fit(gram, system, rule, rank_revealing)
    return _assemble(model, features, target, fit, max_degree)


def fit_teachers(
    model: Model[Features, Goal],
    batches: Sequence[Features],
    target: Goal,
    *,
    rule: Rule | None = None,
    max_degree: int = DEFAULT_MAX_DEGREE,
    rank_revealing: bool = False,
    allow_unlearnable: bool = False,
    progress: Progress = silent,
) -> list[Teacher[Features, Goal]]:
    """:func:`fit_teacher` on every entry of ``batches``, on all cores, in order."""
    return run_parallel(
        lambda features: fit_teacher(
            model,
            features,
            target,
            rule=rule,
            max_degree=max_degree,
            rank_revealing=rank_revealing,
            allow_unlearnable=allow_unlearnable,
        ),
        batches,
        "teachers",
        progress,
    )


def teacher_from_weights(
    model: Model[Features, Goal],
    features: Features,
    target: Goal,
    weights: FloatArray,
    *,
    max_degree: int = DEFAULT_MAX_DEGREE,
) -> Teacher[Features, Goal]:
    """The teacher with the given weights ``(width,)``, however they were found.

    ValueError: another shape, NaN or infinity, or sizes that add up to more than ``MAX_MASS``.
    """
    gram = model.gram(features)
    values = float_array("weights", weights, 1)
    if values.shape != gram.shape[:1]:
        raise ValueError(f"weights must have shape {gram.shape[:1]}, got {values.shape}")
    if not np.abs(values).max() <= MAX_MASS / values.size:
        raise ValueError(f"weights must add up to at most {MAX_MASS} in size")
    spectrum = _spectrum(np.asarray(np.linalg.eigvalsh(gram), dtype=np.float64))
    system = model.extended_system(target, features)
    fit = _Fit(values, spectrum, values.size, system)
    return _assemble(model, features, target, fit, max_degree)


def _spectrum(eigenvalues: FloatArray) -> _Spectrum:
    # Backward error of a symmetric eigensolver and of the float64 entries: both below
    # width * 2u * lambda_max in norm (Higham 2002, sec. 3.5; LAPACK Users' Guide, sec. 4.7).
    largest = float(eigenvalues[-1])
    slack = 4 * eigenvalues.size * DOUBLE_EPS * largest
    return _Spectrum(float(eigenvalues[0]), largest, slack)


def _least_squares(
    model: Model[Features, Goal], features: Features, target: Goal, gram: FloatArray, system: System
) -> _Fit:
    from scipy.linalg import LinAlgError, cho_factor, cho_solve

    spectrum = _spectrum(np.asarray(np.linalg.eigvalsh(gram), dtype=np.float64))
    singular = DependentFeaturesError(
        "features must be linearly independent, got a Gram matrix with smallest eigenvalue "
        f"{spectrum.smallest:.3g} of {spectrum.largest:.3g} (duplicate or too many features; "
        "rank_revealing=True, or --rank-revealing, fits on their span)"
    )
    if not spectrum.floor > 0:
        try:
            weights, exact = exact_fit(model, features, target)
        except ValueError:
            raise singular from None
        return _Fit(weights, spectrum, weights.size, system, exact)
    try:
        factor = cho_factor(gram, lower=True)
    except LinAlgError:
        raise singular from None
    weights = cho_solve(factor, system.overlaps.astype(np.float64))
    residual = system.overlaps - system.product(weights)
    for _ in range(REFINEMENTS):
        candidate = weights + cho_solve(factor, residual.astype(np.float64))
        improved = system.overlaps - system.product(candidate)
        if not np.abs(improved).max() < 0.5 * np.abs(residual).max():
            break
        weights, residual = candidate, improved
    return _Fit(weights, spectrum, weights.size, system)


def _spectral_fit(
    gram: FloatArray, system: System, rule: Rule | None, rank_revealing: bool
) -> _Fit:
    overlaps = system.overlaps.astype(np.float64)
    eigenvalues: FloatArray
    eigenvalues, vectors = np.linalg.eigh(gram)
    full = _spectrum(eigenvalues)
    kept = eigenvalues > full.slack
    if rank_revealing or rule is None:
        eigenvalues, vectors = eigenvalues[kept], vectors[:, kept]
    width = gram.shape[0]
    if rule is None:
        scale = 1 / eigenvalues
    else:
        scale = rule.resolvent(np.maximum(eigenvalues, 0.0) / width) / width
    weights = vectors @ (scale * (vectors.T @ overlaps))
    smallest = float(eigenvalues[0])
    return _Fit(weights, _Spectrum(smallest, full.largest, full.slack), eigenvalues.size, system)


def _assemble(
    model: Model[Features, Goal], features: Features, target: Goal, fit: _Fit, max_degree: int
) -> Teacher[Features, Goal]:
    weights, spectrum, system = fit.weights, fit.spectrum, fit.system
    spaces = model.eigenspaces(max_degree)
    target_energies = model.target_energies(target, max_degree)
    expansion = model.expand(target, features, weights, max_degree)
    product = system.product(weights)
    norm2 = weights @ product
    target_tail = model.target_tail(target)
    unit = np.longdouble(target_energies.sum(dtype=np.longdouble)) + target_tail
    residual = float(np.linalg.norm((system.overlaps - product).astype(np.float64)))
    residual += np.sqrt(weights.size) * _entry_rounding(system, weights)
    bounded = fit.rank == weights.size and spectrum.floor > 0
    loss = float((unit - 2 * (system.overlaps @ weights)) + norm2)
    exact = fit.exact or Exact(
        loss=loss,
        error=_loss_rounding(system, weights, product)
        + (3 if target_tail else 1) * DOUBLE_EPS * max(loss, 1.0),
        gap=residual**2 / spectrum.floor if bounded else float("inf"),
    )
    return Teacher(
        features=features,
        target=target,
        weights=weights,
        loss=max(exact.loss, 0.0),
        norm2=float(norm2),
        error_bound=exact.error,
        optimality_gap=exact.gap,
        condition=spectrum.condition if spectrum.smallest > 0 else float("inf"),
        rank=fit.rank,
        spaces=spaces,
        target_energies=target_energies,
        energies=expansion.energies,
        overlaps=expansion.overlaps,
        noise=expansion.noise,
        overlap_errors=expansion.overlap_errors,
        noise_errors=expansion.noise_errors,
        tail=max(float(norm2 - expansion.energies.sum(dtype=np.longdouble)), 0.0),
        target_tail=target_tail,
        unlearnable=model.unlearnable_energy(target),
    )


def _entry_rounding(system: System, weights: FloatArray) -> float:
    """Bound on the error of one entry of ``b - G w``."""
    sizes = np.abs(weights)
    product = gamma(system.roundings + 2) * float(system.magnitude(sizes).max())
    overlaps = gamma(2) * float(np.abs(system.overlaps).max()) + system.overlap_error
    return product + system.gram_error * float(sizes.sum()) + overlaps


def _loss_rounding(system: System, weights: FloatArray, product: ExtendedArray) -> float:
    """Bound on the error of ``1 - 2 b.w + w.G.w`` (inner products: Higham 2002, eq. 3.5)."""
    width = weights.size
    sizes = np.abs(weights)
    mass = float(sizes.sum())
    overlap_form = float(np.abs(system.overlaps) @ sizes)
    form = gamma(width + system.roundings + 2) * float(sizes @ system.magnitude(sizes))
    form += system.gram_error * mass**2
    linear = gamma(width + 2) * overlap_form + system.overlap_error * mass
    last = 4 * EXTENDED_EPS * (1 + 2 * overlap_form + float(abs(weights @ product)))
    return form + 2 * linear + last
