from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from w2s_theory.students.lanczos import BlockLanczos


@dataclass(frozen=True)
class Matrix:
    """An operator that is a matrix."""

    matrix: np.ndarray

    def apply(self, block: np.ndarray) -> np.ndarray:
        return self.matrix @ block


def _operator(values: np.ndarray, seed: int = 0) -> tuple[Matrix, np.ndarray]:
    rng = np.random.default_rng(seed)
    vectors, _ = np.linalg.qr(rng.standard_normal((values.size, values.size)))
    return Matrix((vectors * values) @ vectors.T), vectors


@pytest.mark.parametrize(
    "values",
    [
        np.geomspace(1, 1e-10, 300),  # remainders shrink fast: one projection would not do
        np.concatenate([[1e3, 1e3], np.linspace(1, 2, 298)]),
        np.linspace(0.5, 1, 300),
    ],
)
def test_the_basis_stays_orthonormal_and_the_projection_exact(values: np.ndarray) -> None:
    operator, _ = _operator(values)
    start = np.random.default_rng(1).standard_normal((300, 3))
    lanczos = BlockLanczos(operator, start, 40)
    for _ in range(40):
        lanczos.step()
    basis = lanczos.basis
    size = lanczos.dimension
    assert size == basis.shape[1] == 120
    assert np.abs(basis.T @ basis - np.eye(size)).max() < 1e-13
    assert np.abs(lanczos.projected - basis.T @ operator.matrix @ basis).max() < 1e-12 * values[0]
    assert np.abs(basis @ lanczos.coordinates() - start).max() < 1e-12


def test_dependent_columns_and_invariant_spaces_are_deflated() -> None:
    values = np.repeat([3.0, 2.0, 1.0], 20)  # a vector spans an invariant space in three steps
    operator, _ = _operator(values)
    first = np.random.default_rng(2).standard_normal(60)
    start = np.stack([first, 2 * first, np.zeros(60)], axis=1)
    lanczos = BlockLanczos(operator, start, 20)
    for _ in range(10):
        lanczos.step()
    assert lanczos.exhausted
    assert lanczos.dimension == 3
    assert np.linalg.eigvalsh(lanczos.projected) == pytest.approx([1, 2, 3], rel=1e-12)
    assert np.abs(lanczos.basis @ lanczos.coordinates() - start).max() < 1e-12


def test_a_full_basis_is_exhausted() -> None:
    operator, _ = _operator(np.linspace(1, 2, 10))
    lanczos = BlockLanczos(operator, np.random.default_rng(3).standard_normal((10, 4)), 20)
    for _ in range(5):
        lanczos.step()
    assert lanczos.exhausted
    assert lanczos.dimension == 10
    assert np.linalg.eigvalsh(lanczos.projected) == pytest.approx(np.linspace(1, 2, 10), rel=1e-12)
