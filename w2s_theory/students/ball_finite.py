"""The finite-width student in Arb balls: its loss under gradient flow, proved, width <= 1024.

With A = G/width and labels h the weights follow v' = h - A v. Floats give a trial of the same form,
``v(s) = V phi_s(Theta) g`` with phi_s(x) = (1 - exp(-x s))/x, whose residual is exactly

    h - A v(s) - v'(s) = (h - V g) - (A V - V Theta) phi_s(Theta) g,

for any V, Theta >= 0 and g: no orthogonality is assumed. A is positive semidefinite, so the trial
is off by at most the integral of the residual's norm, delta; a loss with gradient 2 (A v - b) is
then off by at most ``2 |A v - b| delta + |A| delta^2``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from w2s_theory.arguments import FloatArray, integer, real
from w2s_theory.certify.balls import precision
from w2s_theory.models import ball_sphere as balls
from w2s_theory.models.ball_sphere import Balls
from w2s_theory.models.relu_sphere import ReluSphere
from w2s_theory.models.roundoff import DOUBLE_EPS
from w2s_theory.models.teacher import SphereTeacher

if TYPE_CHECKING:
    from flint import arb, arb_mat

MAX_WIDTH = 1024
BITS = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class CertifiedFinite:
    """What fixes the student's loss at every time; balls, and the exact numbers of the trial.

    ``matrix`` is A, ``truth`` b and ``norm2`` ||f*||^2; ``vectors`` V, ``values`` Theta and
    ``data`` g of the trial, ``residuals`` the norms of the columns of A V - V Theta and ``start``
    that of h - V g.
    """

    matrix: arb_mat
    truth: arb_mat
    norm2: arb
    vectors: arb_mat
    values: Balls
    data: Balls
    residuals: Balls
    start: arb
    bits: int

    def loss(self, time: float) -> arb:
        """Enclosure of L_ST under gradient flow stopped at exactly ``time``.

        ValueError unless 0 <= time < inf.
        """
        from flint import arb, arb_mat

        clock = real("time", time)
        with precision(self.bits):
            parts, delta = [], clock * self.start
            for value, datum, residual in zip(self.values, self.data, self.residuals, strict=True):
                phi = -(-value * clock).expm1() / value if value > 0 else arb(clock)
                parts.append([phi * datum])
                delta += residual * abs(datum) * phi * clock  # phi_s <= phi_t
            weights = self.vectors * arb_mat(parts)
            image = self.matrix * weights
            loss = self.norm2 - 2 * _dot(weights, self.truth) + _dot(weights, image)
            slope = 2 * _norm(image - self.truth) * delta
            off = slope + _trace(self.matrix) * delta**2
            return loss + (-off).union(off)


def certified_finite(
    model: ReluSphere, features: FloatArray, teacher: SphereTeacher, *, bits: int = BITS
) -> CertifiedFinite:
    """The student of ``teacher`` on ``features``, in Arb balls.

    Floats are the binary fractions they are; a row stands for ``u/|u|``. 25 s and 1 GiB at width
    1024. ValueError above it, and for features or a target of another dimension.
    """
    from flint import arb, arb_mat

    units = model.check_features(features)
    width = len(units)
    if width > MAX_WIDTH:
        raise ValueError(f"features must number at most {MAX_WIDTH}, got {width}")
    with precision(integer("bits", bits, 64)):
        gram = balls.gram_function(model.sigma, model.dim)
        rows = [balls.unit_ball(row) for row in units]
        others = [balls.unit_ball(row) for row in model.check_features(teacher.features)]
        matrix = arb_mat(balls.gram_balls(rows, gram)) / width
        cosines = arb_mat(rows) * arb_mat(others).transpose()
        cross = arb_mat([[gram(cosine) for cosine in row] for row in cosines.tolist()])
        root = arb(width).sqrt()
        labels = cross * arb_mat([[arb(float(w))] for w in teacher.weights]) / root
        overlaps, norm2 = model.ball_overlaps(units, teacher.target)
        truth = arb_mat([[value] for value in overlaps]) / root
        values, vectors = _eigenpairs(matrix.mid())
        data = (vectors.transpose() * labels).mid()
        data = (data + vectors.transpose() * (labels - vectors * data)).mid()
        error = (matrix * vectors - _scaled(vectors, values)).transpose().tolist()
        return CertifiedFinite(
            matrix=matrix,
            truth=truth,
            norm2=norm2,
            vectors=vectors,
            values=values,
            data=data.entries(),
            residuals=[_size(column) for column in error],
            start=_norm(labels - vectors * data),
            bits=bits,
        )


def _eigenpairs(matrix: arb_mat) -> tuple[Balls, arb_mat]:
    """Eigenvalues >= 0 and vectors to about twice the digits of float64; exact, not proved.

    One step of refinement (Ogita & Aishima 2018): V + V E, with E from V'V and V'AV.
    """
    from flint import arb, arb_mat

    first, start = np.linalg.eigh(_floats(matrix))
    vectors = _exact(start)
    turned = vectors.transpose()
    whole = [[arb(int(i == j)) for j in range(len(first))] for i in range(len(first))]
    defect = _floats(arb_mat(whole) - turned * vectors)
    image = turned * (matrix * vectors)
    values = [image[i, i] / (1 - arb(float(defect[i, i]))) for i in range(len(first))]
    off = _floats(image)
    np.fill_diagonal(off, 0.0)
    rates = np.array([float(value) for value in values])
    gaps = rates[None, :] - rates[:, None]
    near = np.abs(gaps) <= 4 * len(first) * DOUBLE_EPS * rates[-1]
    gaps[near] = 1.0
    change = np.where(near, defect / 2, (off + rates * defect) / gaps)
    better = (vectors + vectors * _exact(change)).mid()
    return [arb.max(value, arb(0)).mid() for value in values], better


def _scaled(vectors: arb_mat, values: Balls) -> arb_mat:
    from flint import arb_mat

    rows = vectors.tolist()
    return arb_mat([[x * t for x, t in zip(row, values, strict=True)] for row in rows])


def _exact(array: FloatArray) -> arb_mat:
    from flint import arb, arb_mat

    return arb_mat([[arb(float(value)) for value in row] for row in array])


def _floats(matrix: arb_mat) -> FloatArray:
    return np.array([[float(entry.mid()) for entry in row] for row in matrix.tolist()])


def _dot(left: arb_mat, right: arb_mat) -> arb:
    return (left.transpose() * right)[0, 0]


def _norm(column: arb_mat) -> arb:
    return _size(column.entries())


def _size(entries: Balls) -> arb:
    """An upper bound on the Euclidean norm."""
    return balls.ball_dot(entries, entries).abs_upper().sqrt()


def _trace(matrix: arb_mat) -> arb:
    """Of a positive semidefinite matrix: at least its norm."""
    return matrix.trace()
