"""Whether a model of one's own keeps the promises of `models.base.Model`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, NoReturn

import numpy as np

from w2s_theory.arguments import FloatArray, integer
from w2s_theory.models.base import EigenSpaces, Features, Goal, Model

TOLERANCE = 1e-9
"""Of the kernel's trace: exact identities, in float64."""

DEVIATIONS = 6.0
"""Standard errors within which a mean over features must lie: two in 10^9 are further out."""

SAMPLE = 600
"""Features that the eigenvalues are estimated from."""


@dataclass(frozen=True, slots=True)
class Conformance:
    """The checks that a model passed, and those that it gave no occasion for."""

    passed: tuple[str, ...]
    not_run: tuple[str, ...]


def check_model(
    model: Model[Features, Goal],
    target: Goal | None = None,
    *,
    width: int = 24,
    max_degree: int = 12,
    seed: int = 0,
) -> Conformance:
    """Check every member of a model against the others, on ``width`` features.

    Gram matrices are positive and agree with their blocks, eigenspaces and operators; means over
    features agree with eigenvalues; with a ``target`` its energies, overlaps, extended system and
    expansion too, so that losses by eigenspace add up and no floor can be broken. ValueError says
    what does not hold, and where; a true model fails with probability below 1e-6. Checks of a
    target without one, and of balls where the model has none, are ``not_run``.
    """
    for name in vars(Model):
        if not name.startswith("_") and not hasattr(model, name):
            _fail(f"have the member {name}", f"none in {type(model).__name__}")
    width, max_degree = integer("width", width, 4), integer("max_degree", max_degree, 1)
    features = model.sample_features(width, np.random.default_rng(seed))
    if len(features) != width:
        _fail(f"sample {width} features when asked to", f"{len(features)}")
    gram = np.asarray(model.gram(features))
    if gram.shape != (width, width) or not np.isfinite(gram).all():
        _fail(f"have a finite Gram matrix of shape {(width, width)}", f"{gram.shape}")
    spaces = model.eigenspaces(max_degree)
    case = _Case(model, features, gram, spaces, max_degree, seed)
    passed: list[str] = []
    not_run: list[str] = []
    for check in (_gram, _blocks, _operator, _eigenspaces, _space_grams, _eigenvalues, _balls):
        (passed if check(case) else not_run).append(check.__name__[1:])
    checks: tuple[Callable[[_Case[Features, Goal], Goal], None], ...]
    checks = (_energies, _overlaps, _system, _expansion)
    for with_target in checks:
        if target is not None:
            with_target(case, target)
        (not_run if target is None else passed).append(with_target.__name__[1:])
    return Conformance(tuple(passed), tuple(not_run))


@dataclass(frozen=True, slots=True)
class _Case(Generic[Features, Goal]):
    model: Model[Features, Goal]
    features: Features
    gram: FloatArray
    spaces: EigenSpaces
    max_degree: int
    seed: int

    @property
    def error(self) -> float:
        return TOLERANCE * float(np.abs(np.diag(self.gram)).sum())

    def space_gram(self, space: int) -> FloatArray:
        return np.asarray(self.model.space_gram(self.features, space))

    def weights(self) -> list[FloatArray]:
        """A few, of size 1."""
        rng = np.random.default_rng([self.seed, 1])
        rows = rng.standard_normal((3, len(self.gram)))
        return list(rows / np.linalg.norm(rows, axis=1, keepdims=True))


def _fail(promise: str, found: str) -> NoReturn:
    raise ValueError(f"model must {promise}, got {found}")


def _same(case: _Case[Features, Goal], promise: str, left: object, right: object) -> None:
    a, b = np.asarray(left, dtype=np.float64), np.asarray(right, dtype=np.float64)
    if a.shape != b.shape:
        _fail(promise, f"shapes {a.shape} and {b.shape}")
    off = float(np.abs(a - b).max())
    if not off <= case.error:
        _fail(promise, f"{off:.3g} apart")


def _positive(case: _Case[Features, Goal], promise: str, matrix: FloatArray) -> None:
    _same(case, f"{promise} (symmetric)", matrix, matrix.T)
    least = float(np.linalg.eigvalsh((matrix + matrix.T) / 2)[0])
    if not least >= -case.error:
        _fail(promise, f"an eigenvalue {least:.3g}")


def _gram(case: _Case[Features, Goal]) -> bool:
    _positive(case, "have a positive semidefinite Gram matrix", case.gram)
    again = case.model.sample_features(len(case.gram), np.random.default_rng(case.seed))
    _same(case, "draw the same features from one seed", case.model.gram(again), case.gram)
    return True


def _blocks(case: _Case[Features, Goal]) -> bool:
    half = len(case.gram) // 2
    left, right = case.features[:half], case.features[half:]
    _same(
        case, "have cross_gram = gram", case.model.cross_gram(left, right), case.gram[:half, half:]
    )
    _same(case, "have gram of a slice = its block", case.model.gram(left), case.gram[:half, :half])
    return True


def _operator(case: _Case[Features, Goal]) -> bool:
    operator = case.model.operator(case.features)
    if operator is None:
        return False
    block = np.stack(case.weights(), axis=1)
    _same(case, "have operator = gram/width", operator.apply(block), case.gram @ block / len(block))
    return True


def _eigenspaces(case: _Case[Features, Goal]) -> bool:
    spaces = case.spaces
    listed = (spaces.eigenvalues, spaces.multiplicities, spaces.relative_errors)
    if len({part.shape for part in listed}) != 1 or spaces.eigenvalues.ndim != 1:
        _fail("list eigenspaces in arrays of one shape", f"{[part.shape for part in listed]}")
    if not all((np.isfinite(part) & (part >= 0)).all() for part in (*listed, spaces.beyond)):
        _fail("have eigenvalues, errors and beyond >= 0", "one that is not")
    if not (spaces.multiplicities >= 1).all():
        _fail("have multiplicities >= 1", f"{spaces.multiplicities.min()}")
    more = case.model.eigenspaces(2 * case.max_degree + 1).eigenvalues[len(spaces.eigenvalues) :]
    if more.size and more.max() > spaces.beyond * (1 + TOLERANCE):
        _fail(f"bound later eigenvalues by beyond = {spaces.beyond:.6g}", f"{more.max():.6g}")
    return True


def _space_grams(case: _Case[Features, Goal]) -> bool:
    left = case.gram.copy()
    for space in range(len(case.spaces.eigenvalues)):
        part = case.space_gram(space)
        _positive(case, f"have a positive semidefinite space_gram {space}", part)
        left -= part
    _positive(case, "have space_grams that sum to at most the Gram matrix", left)
    tail = case.model.tail_trace(float(case.spaces.eigenvalues @ case.spaces.multiplicities))
    if tail == 0:
        _same(case, "have space_grams that sum to the Gram matrix", left, 0 * left)
    return _mean(case, "have tail_trace = the mean trace beyond", np.diag(left), tail)


def _mean(case: _Case[Features, Goal], promise: str, values: FloatArray, claimed: float) -> bool:
    mean, error = float(values.mean()), float(values.std()) / np.sqrt(values.size - 1)
    allowed = DEVIATIONS * error + case.error / len(case.gram)
    if not abs(mean - claimed) <= allowed:
        _fail(promise, f"{claimed:.6g} for a mean of {mean:.6g} +- {error:.2g}")
    return True


def _eigenvalues(case: _Case[Features, Goal]) -> bool:
    """E_v <sigma_u, sigma_v>_k^2 = lambda_k ||sigma_u||_k^2, of mean lambda_k N_k over u."""
    many = case.model.sample_features(SAMPLE, np.random.default_rng([case.seed, 2]))
    half = SAMPLE // 2
    for space, (value, count) in enumerate(
        zip(case.spaces.eigenvalues, case.spaces.multiplicities, strict=True)
    ):
        part = np.asarray(case.model.space_gram(many, space))
        energies, floor = np.diag(part), case.error / len(case.gram)
        _mean(case, f"have eigenvalue times multiplicity {space}", energies, value * count)
        if energies.mean() > floor and value * count > floor:
            products = (part[:half, half:] ** 2).sum(axis=0) / energies[:half].sum()
            spread = DEVIATIONS * products.std() / np.sqrt(half - 1) + TOLERANCE * value
            if not abs(products.mean() - value) <= spread:
                _fail(
                    f"have eigenvalue {space} as its features show it",
                    f"{value:.6g} for {products.mean():.6g} +- {spread / DEVIATIONS:.2g}",
                )
    return True


def _balls(case: _Case[Features, Goal]) -> bool:
    from w2s_theory.certify.balls import precision

    few = case.features[:4]
    with precision(128):
        try:
            found = case.model.ball_gram(few)
        except ValueError:
            return False
    middle = [[float(value) for value in row] for row in found]
    _same(case, "have ball_gram = gram", middle, case.gram[:4, :4])
    return True


def _energies(case: _Case[Features, Goal], target: Goal) -> None:
    energies, tail = _target(case, target)
    if energies.shape != case.spaces.eigenvalues.shape or not (energies >= 0).all() or tail < 0:
        _fail("have target_energies >= 0, one an eigenspace", f"{energies}")
    total = float(energies.sum()) + tail
    if not abs(total - 1) <= TOLERANCE:
        _fail("have target_energies and target_tail that sum to 1", f"{total:.9g}")
    hidden = float(energies[case.spaces.eigenvalues == 0].sum())
    said = case.model.unlearnable_energy(target)
    if not abs(hidden - said) <= TOLERANCE:
        _fail(
            "have unlearnable_energy = the energy at eigenvalue 0", f"{said:.6g}, not {hidden:.6g}"
        )


def _target(case: _Case[Features, Goal], target: Goal) -> tuple[FloatArray, float]:
    energies = np.asarray(case.model.target_energies(target, case.max_degree))
    return energies, case.model.target_tail(target)


def _overlaps(case: _Case[Features, Goal], target: Goal) -> None:
    found = np.asarray(case.model.target_overlaps(target, case.features))
    if found.shape != (len(case.gram),):
        _fail("have an overlap a feature", f"shape {found.shape}")
    # The Gram matrix of f* and the features together, the features scaled to the size of f*.
    size = np.sqrt(np.trace(case.gram) / len(found))
    bordered = np.block(
        [[np.ones((1, 1)), found[None] / size], [found[:, None] / size, case.gram / size**2]]
    )
    least = float(np.linalg.eigvalsh(bordered)[0])
    if not least >= -TOLERANCE * len(found):
        _fail("have overlaps of a unit target", f"a loss below 0 (eigenvalue {least:.3g})")


def _system(case: _Case[Features, Goal], target: Goal) -> None:
    system = case.model.extended_system(target, case.features)
    overlaps = case.model.target_overlaps(target, case.features)
    _same(case, "have extended_system.overlaps = target_overlaps", system.overlaps, overlaps)
    for weights in case.weights():
        found = system.product(weights)
        _same(case, "have extended_system.product = gram", found, case.gram @ weights)
        if not (np.abs(found) <= system.magnitude(np.abs(weights)) + case.error).all():
            _fail("have extended_system.magnitude >= |product|", "less")
    if not (system.gram_error >= 0 and system.overlap_error >= 0 and system.roundings >= 1):
        _fail("state the errors of extended_system", "a negative one")


def _expansion(case: _Case[Features, Goal], target: Goal) -> None:
    energies, tail = _target(case, target)
    overlaps = np.asarray(case.model.target_overlaps(target, case.features))
    best = np.linalg.lstsq(case.gram, overlaps, rcond=1e-8)[0]
    for weights in (*case.weights(), best / np.linalg.norm(best)):
        found = case.model.expand(target, case.features, weights, case.max_degree)
        forms = [weights @ case.space_gram(k) @ weights for k in range(len(energies))]
        _same(case, "have expand.energies = w.space_gram.w", found.energies, forms)
        carried = energies > 0
        safe = np.where(carried, energies, 1.0)
        parallel = np.where(carried, found.overlaps**2 / safe, 0.0)
        _same(case, "have expand.noise = energy orthogonal to f*", found.noise, forms - parallel)
        if not (np.abs(found.overlaps[~carried]) <= case.error).all():
            _fail("have no overlap where the target has no energy", f"{found.overlaps}")
        left = weights @ case.gram @ weights - found.energies.sum()
        off = float(found.overlaps.sum() - overlaps @ weights)
        if not abs(off) <= np.sqrt(tail * max(left, 0.0)) + np.sqrt(TOLERANCE) * case.error + 1e-12:
            _fail("have expand.overlaps that sum to <f_T, f*>", f"a sum {off:.3g} off")
        errors = (found.overlap_errors, found.noise_errors)
        if not all((part >= 0).all() and part.shape == energies.shape for part in errors):
            _fail("state the errors of expand", "a negative one")
