"""The rounding model shared by models and students.

Quadratic forms such as ``1 - 2 b.w + w.G.w`` cancel to losses of 1e-9, so they are accumulated in
NumPy's ``longdouble``.  Where the platform has no wider type than float64 the same code runs with
``EXTENDED_EPS`` = 1.1e-16 and every reported bound widens accordingly.
"""

from __future__ import annotations

import numpy as np

EXTENDED_EPS = float(np.finfo(np.longdouble).eps) / 2
"""Unit roundoff of the accumulation type."""

DOUBLE_EPS = float(np.finfo(np.float64).eps) / 2
"""Unit roundoff of float64."""


def gamma(operations: int, unit_roundoff: float = EXTENDED_EPS) -> float:
    """``n u / (1 - n u)``, the relative error of n roundings (Higham 2002, sec. 3.1)."""
    product = operations * unit_roundoff
    if product >= 0.5:
        raise ValueError(f"operations must satisfy n u < 1/2, got {operations}")
    return product / (1 - product)
