"""A real weak-to-strong run: scikit-learn's handwritten digits, three kinds of student."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

FEATURES = 40
WIDE = 1000
TIMES = np.geomspace(3, 3e4, 6)
MOMENTUM, STEPS = 0.97, (5, 20, 80, 320)


@dataclass(frozen=True)
class Digits:
    """One split: the teacher's, the student's and the test's images, and what was learnt."""

    train: np.ndarray
    test: np.ndarray
    labels: np.ndarray
    truth: np.ndarray
    taught: np.ndarray
    teacher: np.ndarray

    def student(self, outputs):
        """(on training inputs, on test inputs) by name of the inputs."""
        return dict(zip(("training", "test"), outputs, strict=True))


def relu_features(x, width, rng):
    """Random ReLU features of unit mean square, with a bias."""
    bottom = rng.standard_normal((x.shape[1] + 1, width))
    return lambda z: np.maximum(np.c_[z, np.ones(len(z))] @ bottom, 0) / np.sqrt(width)


@cache
def run(seed=0):
    """600 images for the teacher, 600 that it labels, 597 for the test."""
    from sklearn.datasets import load_digits

    rng = np.random.default_rng(seed)
    images, digits = load_digits(return_X_y=True)
    order = rng.permutation(len(images))
    x, y = images[order] / 16 - 0.3, np.eye(10)[digits[order]]
    small = relu_features(x, FEATURES, rng)
    f = small(x[:600])
    top = np.linalg.solve(f.T @ f + 1e-3 * np.eye(FEATURES), f.T @ y[:600])
    teacher = small(x) @ top
    return Digits(
        train=x[600:1200],
        test=x[1200:],
        labels=y[600:1200],
        truth=y[1200:],
        taught=teacher[600:1200],
        teacher=teacher[1200:],
    )


@cache
def _kernel(seed):
    found = run(seed)
    wide = relu_features(found.train, WIDE, np.random.default_rng(seed + 1000))
    train, test = wide(found.train), wide(found.test)
    values, vectors = np.linalg.eigh(train @ train.T / 600)
    return np.maximum(values, 0), vectors, train, test


def filtered(seed, scales):
    """Random features with their top layer trained: the filter's factors by eigenvalue."""
    found, (values, vectors, train, test) = run(seed), _kernel(seed)
    labels = vectors.T @ found.taught
    safe = np.where(values > 1e-13, values, np.inf)
    weights = train.T @ (vectors @ ((scales / safe)[:, None] * labels)) / 600
    return {"training": vectors @ (scales[:, None] * labels), "test": test @ weights}


def flow(seed, time):
    """Gradient flow, stopped at a time."""
    return filtered(seed, -np.expm1(-_kernel(seed)[0] * time))


def heavy_ball(seed, steps):
    """Gradient descent with momentum, step 1/lambda_max."""
    values = _kernel(seed)[0] / _kernel(seed)[0].max()
    now = before = np.zeros_like(values)
    for _ in range(steps):
        now, before = now + MOMENTUM * (now - before) + values * (1 - now), now
    return filtered(seed, now)


def network(seed, alpha=1.0, width=64):
    """A two-layer network trained whole on the teacher's labels, with a linear head."""
    from sklearn.neural_network import MLPRegressor

    found = run(seed)
    model = MLPRegressor(
        hidden_layer_sizes=(width,),
        alpha=alpha,
        solver="lbfgs",
        max_iter=300,
        max_fun=10**6,
        random_state=seed,
    )
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(found.train, found.taught)
    return found.student((model.predict(found.train), model.predict(found.test)))
