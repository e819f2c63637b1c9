"""The kernel's rules of expectation for independent chi-square variables.

Part of `proofs.kernel`, like which they make facts. That a mean is linear and keeps order is
`kernel.average`; what has a mean, `domains.integrable`.
"""

from __future__ import annotations

from sympy import Eq, Expr, Integer, Mul, Symbol, expand, hyper

from proofs import domains
from proofs.domains import RefusedError, Sign, sign_of
from proofs.kernel import Fact, _derive, real
from w2s_theory.ledger.spaces import FAMILIES, LAWS, Mean


def independent(product: Expr, measure: Symbol, *domain: Fact) -> Fact:
    """E[f(X) g(Y)] = E f(X) E g(Y), for X and Y independent under the measure."""
    known = [real(fact) for fact in domain]
    rest, means = product, []
    for variable in LAWS[measure]:
        rest, part = rest.as_independent(variable, as_Add=False)
        if part.has(*(other for other in LAWS[measure] if other != variable)):
            raise RefusedError(f"{product} is no product of functions of single variables")
        means.append(part)
    for body in (product, *means):
        domains.integrable(body, measure, known)
    value = Mul(rest, *(Mean(part, measure) for part in means))
    return _derive("independence", Mean(product, measure) - value, Sign.ZERO, *domain)


def moment(variable: Symbol, power: int, measure: Symbol, *domain: Fact) -> Fact:
    """E X^p for X ~ chi^2_n: n (n+2) ... (n+2p-2), for p < 0 1/((n-2)(n-4) ... (n+2p)).

    It is 2^p Gamma(n/2 + p)/Gamma(n/2), for n > 0 and n + 2 p > 0.
    """
    known, freedom = [real(fact) for fact in domain], LAWS[measure][variable]
    for room in (freedom, expand(freedom + 2 * power)):
        if sign_of(room, known) is not Sign.POSITIVE:
            raise RefusedError(f"{room} is not shown > 0")
    steps = range(power) if power > 0 else range(power, 0)
    factors = Mul(*(freedom + 2 * Integer(step) for step in steps))
    value = factors if power > 0 else 1 / factors
    return _derive("chi-square", Mean(variable**power, measure) - value, Sign.ZERO, *domain)


def euler(signal: Symbol, noise: Symbol, z: Expr, measure: Symbol, *domain: Fact) -> Fact:
    """E Y/(X + (1-z) Y) = n/(m+n) F(1, n/2+1; (m+n)/2+1; z), X ~ chi^2_m, Y ~ chi^2_n, z < 1.

    Y/(X+Y) ~ Beta(n/2, m/2) (Lukacs 1955), and Euler's integral (DLMF 15.6.1).
    """
    known, law = [real(fact) for fact in domain], LAWS[measure]
    m, n = law[signal], law[noise]
    if signal == noise or z.has(*law):
        raise RefusedError(f"{signal} and {noise} must be two variables, and {z} a constant")
    for room in (m, n, 1 - domains.defined(z, known)):
        if sign_of(room, known) is not Sign.POSITIVE:
            raise RefusedError(f"{room} is not shown > 0")
    value = n / (m + n) * hyper((1, n / 2 + 1), ((m + n) / 2 + 1,), z)
    mean = Mean(noise / (signal + (1 - z) * noise), measure)
    return _derive("Euler integral", mean - value, Sign.ZERO, *domain)


def vanishing(fact: Fact, positive: Fact, mean: Fact) -> Fact:
    """The mean of g is 0, from: g = 0 wherever f = 0, f >= 0 everywhere, and the mean of f is 0.

    The first assumes f = 0, which is dropped.
    """
    node = next(iter(real(mean).gap.atoms(Mean)), None)
    if node is None or mean.gap not in (node, -node):
        raise RefusedError(f"{mean.relation} is no mean")
    body, measure = node.args
    family, none = set(FAMILIES[measure]), Eq(body, 0, evaluate=False)
    points = [a for f in (real(fact), real(positive)) for a in f.assumes if a.condition != none]
    if any(a.condition.free_symbols & family for a in points):
        raise RefusedError(f"{fact.relation} or {positive.relation} assumes more of single points")
    equations = mean.sign is Sign.ZERO and fact.sign is Sign.ZERO
    if not equations or positive.gap != body or positive.sign is Sign.ZERO:
        raise RefusedError(f"{mean.relation} and {positive.relation} do not make {body} vanish")
    domains.integrable(fact.gap, measure, None)
    bare = _derive("vanishing", fact.gap, Sign.ZERO, fact, drop=(none,))
    return _derive("vanishing", Mean(fact.gap, measure), Sign.ZERO, bare, positive, mean)
