"""One spectrum, degree by degree: float64 or certified numbers, LaTeX, and a plot."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING

from w2s_theory.arguments import degree_number, integer
from w2s_theory.spectra.activations import Activation, get_activation

if TYPE_CHECKING:
    import numpy as np
    from flint import arb
    from numpy.typing import NDArray

    from w2s_theory.arguments import FloatArray
    from w2s_theory.spectra.interface import Spectrum


MAX_PLOTTED_DIM = 10**12
"""The decay law is drawn up to here: beyond, its logarithm is off by more than the line."""


DEFAULT_DIM = 32


class Measure(StrEnum):
    """Where the features live. ValueError for a name that is neither."""

    SPHERE = "sphere"
    GAUSSIAN = "gaussian"

    @classmethod
    def _missing_(cls, value: object) -> Measure:
        raise ValueError(f"measure must be {' or '.join(cls)}, got {value!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A degree: multiplicity (exact), coefficient and eigenvalue (floats, or Arb balls).

    ``log_eigenvalue`` is a float in either case, -inf for 0.
    """

    degree: int
    multiplicity: int
    coefficient: float | arb
    eigenvalue: float | arb
    log_eigenvalue: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Which spectrum: activation, measure, dimension (None for the Gaussian), degrees 0..max.

    ValueError: an unknown activation, dim < 2, max_degree < 0.
    """

    activation: str
    measure: Measure
    dim: int | None
    max_degree: int

    def __post_init__(self) -> None:
        """Refuse what has no spectrum."""
        get_activation(self.activation)
        if self.measure is Measure.SPHERE:
            dim = integer("dim", self.dim if self.dim is not None else -1, 2)
            object.__setattr__(self, "dim", dim)
        most = degree_number("max_degree", self.max_degree)
        object.__setattr__(self, "max_degree", most)

    @property
    def sigma(self) -> Activation:
        """The activation."""
        return get_activation(self.activation)


def spectrum(
    activation: str = "relu",
    dim: int | None = None,
    max_degree: int = 10,
    *,
    measure: str = Measure.SPHERE,
) -> Spectrum:
    """Coefficients, eigenvalues and multiplicities of a kernel, degrees 0..max_degree, in floats.

    ``activation`` is a name or an expression in t; ``dim`` is 32 where the measure is the sphere's
    and none is given. `get_activation` has certified ones. ValueError as `Request`, and for a dim
    of the Gaussian measure.

    >>> print(spectrum("t/(1+exp(-t))", dim=3, max_degree=1).eigenvalues)
    [0.00631113 0.02777778]
    """
    return _floats(requested(activation, dim, max_degree, measure))


def requested(activation: str, dim: int | None, max_degree: int, measure: str) -> Request:
    """The request of `spectrum`. ValueError as there."""
    where = Measure(measure)
    if where is Measure.GAUSSIAN and dim is not None:
        raise ValueError(f"dim does not apply to the gaussian measure, got {dim!r}")
    if where is Measure.SPHERE and dim is None:
        dim = DEFAULT_DIM
    return Request(activation=activation, measure=where, dim=dim, max_degree=max_degree)


def rows(request: Request, digits: int | None = None) -> Iterator[Row]:
    """The degrees in order; with ``digits``, balls of that relative accuracy.

    ValueError: digits < 1.
    """
    from w2s_theory.spectra.harmonics import iterate_multiplicity

    if digits is not None:
        integer("digits", digits, 1)
    floats = None if digits is not None else _floats(request)
    counts = repeat(1) if request.dim is None else iterate_multiplicity(request.dim)
    for degree, count in zip(range(request.max_degree + 1), counts, strict=False):
        pair: tuple[float, float] | tuple[arb, arb]
        if floats is not None:
            log = float(floats.log_eigenvalues[degree])
            # What is too small for a float keeps its sign; a vanishing degree has none.
            pair = (float(floats.coefficients[degree]), float(floats.eigenvalues[degree]))
            pair = (0.0, 0.0) if log == -math.inf else pair
        else:
            pair = _balls(request, degree, int(digits or 1))
            log = float(pair[1].log().mid()) if pair[1] != 0 else -math.inf
        yield Row(
            degree=degree,
            multiplicity=count,
            coefficient=pair[0],
            eigenvalue=pair[1],
            log_eigenvalue=log,
        )


def _floats(request: Request) -> Spectrum:
    if request.dim is None:
        return request.sigma.hermite_values(request.max_degree)
    return request.sigma.values(request.max_degree, request.dim)


def _balls(request: Request, degree: int, digits: int) -> tuple[arb, arb]:
    from w2s_theory.certify.balls import precision

    # One digit more, for a square has half the relative accuracy.
    if request.dim is None:
        ball = request.sigma.hermite_certified(degree, digits + 1)
    else:
        ball = request.sigma.certified(degree, request.dim, digits + 1)
    with precision(4 * digits + 64):
        return ball, ball**2


def latex(request: Request) -> str:
    """The closed form in LaTeX, d symbolic: low degrees one by one, then each parity class.

    ValueError: no closed form (tanh).
    """
    from w2s_theory.ledger import kernels
    from w2s_theory.ledger import quantities as q
    from w2s_theory.ledger.render import latex as printed
    from w2s_theory.spectra import formulas
    from w2s_theory.spectra.closed import ClosedForm

    sigma, gauss = request.sigma, request.dim is None
    if not isinstance(sigma, ClosedForm):
        raise ValueError(f"activation must have a closed form for LaTeX, got {request.activation}")
    letter = "h" if gauss else "a"
    single = sigma.hermite_symbolic if gauss else sigma.symbolic
    low, general = [], []
    for parity in (0, 1):
        form = sigma.symbolic_general(parity, gauss)
        low += [(k, single(k)) for k in range(parity, form.least, 2)]
        index = "2m" if parity == 0 else "2m+1"
        value = printed(form.expression.subs(formulas.RADIUS, 1))
        start = (form.least - parity) // 2
        general.append(rf"{letter}_{{{index}}} &= {value} && (m \ge {start})")
    lines = [
        rf"{letter}_{{{k}}} &= {printed(value)}" for k, value in sorted(low, key=lambda x: x[0])
    ]
    lines += general
    if gauss:
        lines.append(r"\lambda_k &= h_k^2")
    else:
        count = printed(kernels.MULTIPLICITY_BY_BINOMIALS.expr)
        lines.append(rf"\lambda_k &= a_k^2, \quad {printed(q.N_K)} = {count} && (k \ge 1)")
    return "\\begin{align*}\n" + " \\\\\n".join(lines) + "\n\\end{align*}"


def plot(request: Request, file: Path) -> str:
    """log-log ``|eigenvalue|`` against degree (non-zero, >= 1), with the decay law's lower bound.

    Returns what a logarithmic axis has no place for, empty if nothing: degree 0 and zeros.
    ValueError: nothing to plot, or a format that matplotlib cannot write. OSError: the file.
    """
    import matplotlib as mpl
    import numpy as np

    mpl.use("Agg")
    import matplotlib.pyplot as plt
    from matplotlib.ticker import FuncFormatter

    spectrum = _floats(request)
    logs = spectrum.log_eigenvalues / np.log(10)
    shown = np.isfinite(logs) & (spectrum.degrees >= 1)
    if not shown.any():
        raise ValueError(
            f"max_degree must reach a non-zero eigenvalue of degree >= 1, got {request.max_degree}"
        )
    degrees = spectrum.degrees[shown]
    figure, axes = plt.subplots(figsize=(5, 3.6), layout="constrained")
    try:
        axes.semilogx(degrees, logs[shown], "o", markersize=3, label=r"$\lambda_k$")
        bound = _decay_bound(request, degrees)
        if bound is not None:
            axes.semilogx(degrees, bound[1], "--", linewidth=1, color="0.5", label=bound[0])
            axes.legend()
        axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _place: f"$10^{{{y:g}}}$"))
        place = "Gaussian" if request.dim is None else f"$d = {request.dim}$"
        symbol = "h" if request.dim is None else "a"
        axes.set(
            xlabel="degree $k$",
            ylabel=rf"kernel eigenvalue $\lambda_k = {symbol}_k^2$",
            title=f"{request.activation}, {place}",
        )
        figure.savefig(file)
    finally:
        plt.close(figure)
    zero = spectrum.degrees[~np.isfinite(logs) & (spectrum.degrees >= 1)]
    first = np.flatnonzero(np.isfinite(logs) & (spectrum.degrees == 0))
    said = [f"degree 0, lambda_0 = {10 ** logs[place]:.6g}" for place in first]
    if zero.size:
        said.append(f"{zero.size} degrees whose eigenvalue is zero, the first {zero[0]}")
    return "; ".join(said)


def _decay_bound(request: Request, degrees: NDArray[np.int64]) -> tuple[str, FloatArray] | None:
    """Label and log10 of C (k+d/2-1)^{-(2 alpha+d)} (spec-decay), for max(t,0)^alpha on the sphere.

    It holds at every non-zero degree above alpha, and is sharp as k grows.
    """
    import numpy as np

    from w2s_theory.certify import lower, precision
    from w2s_theory.ledger import kernels
    from w2s_theory.spectra import formulas
    from w2s_theory.spectra.homogeneous import Homogeneous

    sigma = request.sigma
    if request.dim is None or not isinstance(sigma, Homogeneous) or sigma.minus != 0:
        return None
    if request.dim > MAX_PLOTTED_DIM:
        return None
    with precision(64):
        constant = lower(kernels.DECAY_CONSTANT.expr)(
            {formulas.ALPHA: sigma.power, formulas.D: request.dim}
        )
        log_c = float(constant.log().mid())
    exponent = 2 * int(sigma.power) + request.dim
    label = rf"$C\,(k + {request.dim / 2 - 1:g})^{{-{exponent}}}$"
    base = degrees + request.dim / 2 - 1
    beyond = np.where(degrees > int(sigma.power), base, np.nan)
    return label, (log_c - exponent * np.log(beyond)) / np.log(10)
