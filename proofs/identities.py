"""The identities of the kernel spectra, each as an equation of independently built sides.

`Identity.holds` is exact: it reduces the equation to 0 = 0 by Gamma's functional equations, or as
rational functions (of exp(i theta) where there are angles), and answers False for what it cannot.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp
from sympy import Expr
from sympy.logic.boolalg import Boolean

from w2s_theory.arguments import integer
from w2s_theory.ledger import kernels
from w2s_theory.spectra import formulas, kernel
from w2s_theory.spectra.formulas import ALPHA, HALF, D, K, M
from w2s_theory.spectra.polynomials import moment_coefficient

J = sp.Symbol("j", integer=True, nonnegative=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """``left`` = ``right`` for all values of their symbols; ``title`` says which."""

    title: str
    left: Expr
    right: Expr

    @property
    def equation(self) -> Boolean:
        """The SymPy equation, unevaluated."""
        return sp.Eq(self.left, self.right, evaluate=False)

    def holds(self) -> bool:
        """Whether left - right reduces to 0; for Gamma quotients, whether left/right does to 1."""
        gap = sp.sympify(self.left - self.right)
        if gap.has(sp.gamma, sp.factorial):
            if self.right == 0:
                return bool(_reduced(gap) == 0)
            return bool(_reduced(self.left / self.right) == 1)
        if gap.has(sp.exp, sp.sin, sp.cos):
            return bool(sp.cancel(_turns(gap)) == 0)
        return bool(gap == 0 or sp.cancel(gap) == 0)


def _reduced(expression: Expr) -> Expr:
    return sp.simplify(sp.gammasimp(sp.powsimp(sp.expand_func(expression))))


def _turns(expression: Expr) -> Expr:
    """Sines and cosines of multiples of theta as powers of w = exp(i theta)."""
    turn = sp.Symbol("w")
    unit = sp.I * kernel.THETA
    waves = sp.expand(expression.rewrite(sp.exp))
    return waves.replace(sp.exp, lambda argument: turn ** sp.simplify(argument / unit))


def _coefficient(power: Expr | int, degree: Expr | int) -> Expr:
    return kernels.COEFFICIENT(sp.sympify(degree), D, sp.sympify(power))


def reflected(power: Expr | int, degree: Expr | int) -> Expr:
    """a_k with 1/Gamma(w) = Gamma(1-w) sin(pi w)/pi, w = 1 + (alpha-k)/2: zeros become visible."""
    pole = 1 + sp.sympify(power - degree) / 2
    rest = (formulas.power_sphere() * sp.gamma((ALPHA - K) / 2 + 1)).subs(
        {ALPHA: power, K: degree}, simultaneous=True
    )
    return rest * sp.gamma(1 - pole) * sp.sin(sp.expand(sp.pi * pole)) / sp.pi


def integrated_by_parts(power: Expr | int) -> Identity:
    """Rodrigues and alpha+1 integrations by parts against the closed form, k = alpha+1+2m.

    a_k = c_d (-1/2)^k Gamma((d-1)/2)/Gamma(k+(d-1)/2) (-1)^{alpha+1} alpha! g^{(k-alpha-1)}(0),
    g = (1-t^2)^{k+(d-3)/2}. ``power`` an integer >= 0 or a symbol for one.
    """
    degree = power + 1 + 2 * M
    top = degree + (D - 3) / sp.Integer(2)
    derivative = (-1) ** M * sp.gamma(2 * M + 1) * sp.gamma(top + 1)
    derivative /= sp.gamma(M + 1) * sp.gamma(top - M + 1)
    scale = sp.gamma((D - 1) / 2) / sp.gamma(degree + (D - 1) / 2)
    return Identity(
        title=f"a_k by Rodrigues = closed form, alpha = {power}, k = alpha+1+2m, all m, d",
        left=formulas.density_constant()
        * (-HALF) ** degree
        * scale
        * (-1) ** (power + 1)
        * sp.factorial(power)
        * derivative,
        right=_coefficient(power, degree),
    )


def beta_integrals(power: int, degree: int) -> Identity:
    """The Beta integrals of P_k, term by term, against the closed form, d symbolic."""
    return Identity(
        title=f"E[max(t,0)^{power} P_{degree}] termwise = closed form, all d >= 2",
        left=moment_coefficient(power, degree),
        right=_coefficient(power, degree),
    )


def vanishing(power: int) -> Identity:
    """a_k = 0 for k = alpha+2+2m: every odd degree >= 3 for ReLU."""
    return Identity(
        title=f"a_k = 0, alpha = {power}, k = alpha+2+2m, all m, d",
        left=reflected(power, power + 2 + 2 * M),
        right=sp.Integer(0),
    )


def trace() -> Identity:
    """E[max(t,0)^{2 alpha}], the sum of a_k^2 N_k (Parseval), against J_alpha(1)/(2 pi E|g|^2a).

    J_alpha(1)/(2 pi) = E[max(g,0)^{2 alpha}] = 2^{alpha-1} Gamma(alpha+1/2)/sqrt(pi).
    """
    return Identity(
        title="trace: E[max(t,0)^{2 alpha}] = E[max(g,0)^{2 alpha}] / E|g|^{2 alpha}, all alpha, d",
        left=_coefficient(2 * ALPHA, 0),
        right=kernels.TRACE.expr,
    )


def arccosine_family(order: int) -> tuple[Identity, Identity]:
    """Cho & Saul's derivative formula, the planar integral and the closed form J_n agree."""
    order = integer("order", order, 0)
    closed = kernels.angular(order)
    definition = kernel.angular_definition(order)
    return (
        Identity(title=f"J_{order}: derivative formula", left=definition, right=closed),
        Identity(
            title=f"J_{order}: planar integral", left=kernel.planar_integral(order), right=closed
        ),
    )


def kernel_series() -> tuple[Identity, Identity]:
    """The arc-cosine kernel's own Funk-Hecke coefficient is a_k^2, for all k, d and alpha.

    With kappa_m = [rho^m] of the kernel = h_m^2 / E|g|^{2 alpha}, that coefficient is
    sum_j kappa_m E[t^m P_k(t)], m = k+2j, where E[t^m P_k] = 2 E[max(t,0)^m P_k]. (1) Its terms
    have the ratio of F(a, a; c; 1), a = (k-alpha)/2, c = k+d/2; (2) summed by Gauss,
    Gamma(c) Gamma(c-2a)/Gamma(c-a)^2 (DLMF 15.4.20, c-2a = alpha+d/2 > 0), it is a_k^2.
    """
    alpha = sp.Symbol("alpha", positive=True)
    a, c = (K - alpha) / 2, K + D / 2

    def term(index: Expr | int) -> Expr:
        power = K + 2 * index
        taylor = _square_hermite(alpha, power) / kernel.gaussian_moment(alpha)
        return taylor * 2 * _coefficient(power, K)

    ratio = Identity(
        title="term ratio of the kernel's Funk-Hecke series, all j, k, alpha, d",
        left=term(J + 1) / term(J),
        right=(a + J) ** 2 / ((c + J) * (J + 1)),
    )
    gauss = sp.gamma(c) * sp.gamma(c - 2 * a) / sp.gamma(c - a) ** 2
    total = Identity(
        title="kernel's Funk-Hecke coefficient = a_k^2, all k, alpha, d",
        left=term(0) * gauss,
        right=_coefficient(alpha, K) ** 2,
    )
    return ratio, total


def _square_hermite(power: Expr | int, degree: Expr | int) -> Expr:
    return kernels.HERMITE_COEFFICIENT(sp.sympify(degree), sp.sympify(power)) ** 2


def taylor(order: int, power: int) -> Identity:
    """[rho^m] J_n / pi from the Hermite coefficients and from the binomial series, m > n."""
    return Identity(
        title=f"[rho^{power}] J_{order}/pi: Hermite = binomial",
        left=kernel.taylor_coefficient(order, power),
        right=kernel.taylor_by_binomial(order, power),
    )
