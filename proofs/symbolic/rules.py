"""The named filters lie between 0 and 1; flows with two eigenvalues approach the floor."""

from __future__ import annotations

from sympy import Ge, Le, Symbol, cos, sin, sqrt, symbols

from proofs.limits import clause_tends
from proofs.steps import Proof, Step, combination, concludes, equal
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.rules import (
    FLOW_LOSS,
    LATE,
    NAMED_RULES,
    POSITIVE_EIGENVALUE,
    POSITIVE_STEP,
    POSITIVE_STEPS,
    REACH,
    SHORT_STEP,
    TURN,
    between,
    two_eigenvalues,
)
from w2s_theory.ledger.statement import Statement

_RULES = (POSITIVE_EIGENVALUE, POSITIVE_STEP, POSITIVE_STEPS, SHORT_STEP, s.TIME_NONNEGATIVE)


def _rules() -> tuple[Step, ...]:
    """x = eta lambda in (0, 1], p = (1-x)^k in [0, 1], y = -log(1-x)."""
    lam, ridge, x, power, steps, y = symbols("lambda eta x p k y", positive=True)
    total = 1 - power
    return (
        equal(
            "ridge",
            1 - s.RIDGE(lam, ridge),
            ridge / (lam + ridge),
            "positive, and so is the filter: quotients of positive numbers",
            POSITIVE_EIGENVALUE,
            POSITIVE_STEP,
        ),
        combination(
            "an average is at most 1",
            (1 - x) * total / (steps * x),
            [(1 - x, total, 1 / steps, 1 / x)],
            [
                (1 - x, "eta lambda <= 1"),
                (total, "p = (1-x)^k <= 1, as k > 0"),
                (1 / steps, "k > 0"),
                (1 / x, "eta lambda > 0"),
            ],
            "1 - s is this",
        ),
        combination(
            "an average is nonnegative",
            steps * x - (1 - x) * total,
            [(steps, x - (1 - x) * y), (1 - x, steps * y - total)],
            [
                (steps, "k > 0"),
                (x - (1 - x) * y, "-log(1-x) <= x/(1-x)"),
                (1 - x, "eta lambda <= 1"),
                (steps * y - total, "1 - exp(-k y) <= k y"),
            ],
            "k x s is this (for x = 1 it is k)",
        ),
    )


def prove_lem_1_named(statement: Statement) -> Proof:
    """Each filter and its complement are products of nonnegative numbers."""
    because = "exp(-lambda t) and (1 - x)^k lie in [0, 1]; ridge and averages: above"
    conclusions = [
        concludes(rule.name, clause, between(rule.expr), because, *_RULES)
        for rule, clause in zip(NAMED_RULES, statement.claim, strict=True)
    ]
    return Proof(statement, (*_rules(), *conclusions))


def prove_thm_4_1_sharp_flow(statement: Statement) -> Proof:
    """The flow is within reach of the projection, whose loss is the floor; triangle inequality."""
    floor, above, limit = statement.claim
    theta, phi = q.THETA, q.PHI
    fast, slow, root, reach, far = symbols("s_1 s_2 f r g", nonnegative=True)
    turned = Symbol("phi", real=True)
    kept, leaked = (fast - 1) * cos(theta) * cos(phi), slow * cos(theta) * sin(phi)
    along, across = cos(theta) * cos(phi) - cos(theta - phi), sin(theta - phi)
    return Proof(
        statement,
        (
            equal(
                "two coordinates",
                two_eigenvalues(fast, slow),
                (along + kept) ** 2 + (across + leaked) ** 2,
                "f_S - f* along the nearest point and across it: the projection's error plus "
                "(kept, leaked), by cos^2 + sin^2 = 1",
            ),
            equal(
                "what is missed and leaked",
                kept**2 + leaked**2,
                cos(theta) ** 2 * ((1 - fast) ** 2 * cos(phi) ** 2 + slow**2 * sin(phi) ** 2),
                "at most (1-L) (1/N + log(N)/N)^2: 1 - s_1 = exp(-log N) and s_2 = "
                "1 - exp(-log(N)/N) <= log(N)/N, cos(theta)^2 = 1 - L",
            ),
            combination(
                "triangle inequality",
                (root + reach) ** 2 - far**2,
                [(root + reach - far, root + reach + far)],
                [(root + reach - far, "g <= f + r: norms"), (root + reach + far, "nonnegative")],
                "f = sqrt(floor), the norm of the projection's error (thm-4.1-sharp)",
            ),
            concludes(
                "floor",
                floor,
                Ge(FLOW_LOSS(theta, TURN, q.SLOWNESS), s.SHRINKAGE_FLOOR.expr),
                "a gradient flow is shrinkage optimal (lem-1), so Theorem 4.1 holds",
                s.LOSS_BELOW_ONE,
                LATE,
            ),
            concludes(
                "reach",
                above,
                Le(
                    FLOW_LOSS(theta, TURN, q.SLOWNESS),
                    (sqrt(s.SHRINKAGE_FLOOR.expr) + REACH.expr) ** 2,
                ),
                "the triangle inequality",
                s.LOSS_BELOW_ONE,
                LATE,
            ),
            clause_tends("limit", limit, "Gruntz", instead=((TURN, turned),)),
        ),
    )
