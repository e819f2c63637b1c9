"""Gaussian universality: the deterministic equivalent, and optimality of the student under it.

With M features and kernel eigenvalues lambda_i the effective ridge kappa solves
sum_i lambda_i/(lambda_i + kappa) = M. These are predictions, exact in no model here: what rests on
them is labelled as an ansatz, and measured without it.
"""

from __future__ import annotations

from sympy import Abs, And, Eq, Expr, Ge, Gt, Implies, Integer, Le, Lt, Rational, log
from sympy.logic.boolalg import Boolean

from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.statement import (
    Assumption,
    Evidence,
    Formula,
    Kind,
    Mutant,
    Source,
    Statement,
    dropped,
)

_CHECKS = "checks/test_universality.py"
_PROOF = "proofs/symbolic/optimality.py"

LEARNED = Formula("learned", (q.EIGENVALUE, q.RIDGE), q.EIGENVALUE / (q.EIGENVALUE + q.RIDGE))
"""The share of an eigenfunction that a teacher captures; summed over all of them it is M."""

EQUIVALENT_LOSS = Formula(
    "equivalent_loss", (q.LAMBDA_TARGET, q.RIDGE), q.RIDGE / (q.LAMBDA_TARGET + q.RIDGE)
)
NOISE_WEIGHT = Formula(
    "noise_weight",
    (q.EIGENVALUE, q.RIDGE),
    q.RIDGE * q.EIGENVALUE / (q.EIGENVALUE + q.RIDGE) ** 2,
)
"""The teacher's noise in an eigenfunction, up to L_TE (1 - L_TE)/SPREAD, the sum of the weights."""

_POSITIVE = Assumption(
    "positive-spectrum",
    "lambda > 0 and kappa > 0",
    And(Gt(q.EIGENVALUE, 0), Gt(q.RIDGE, 0), Gt(q.RIDGE_ABOVE, 0)),
)


def _equivalent(
    loss: Expr = EQUIVALENT_LOSS.expr,
    far: Expr = Rational(11, 100),
    near: Expr = Rational(5, 100),
    curve: Expr = q.PREDICTED_CURVE,
) -> tuple[Boolean, ...]:
    learned = LEARNED.expr
    return (
        Implies(Lt(q.RIDGE, q.RIDGE_ABOVE), Gt(learned, LEARNED(q.EIGENVALUE, q.RIDGE_ABOVE))),
        Le(Abs(q.MEASURED_LOSS - loss), far * loss),
        Implies(Ge(q.WIDTH, 64), Le(Abs(q.MEASURED_LOSS - loss), near * loss)),
        Le(Abs(log(q.MEASURED_CURVE / curve)), Rational(15, 100)),
    )


UNIVERSALITY = Statement(
    id="universality",
    kind=Kind.LAW,
    title="The deterministic equivalent of a random-feature teacher",
    source=Source.EXTENSION,
    text="kappa is unique, for every summand falls as kappa grows. ReLU, d = 32, linear target: "
    "the predicted L_TE = kappa/(lambda + kappa) is within 11 percent of the mean at M = 16..48 "
    "and 5 percent from M = 64 on, and the predicted curve L_ST(t) within 15 percent in log. At "
    "d = 3, 4 it is off by far more.",
    claim=_equivalent(),
    assumes=(_POSITIVE,),
    uses=("lem-ls",),
    needs=(Evidence.SYMBOLIC, Evidence.MONTE_CARLO),
    reference="Extension; the paper's Gaussian universality ansatz",
    proof=_PROOF,
    checks=(_CHECKS,),
    mutants=(
        Mutant(
            id="unsaturated",
            change="L_TE = kappa/lambda",
            claim=_equivalent(loss=q.RIDGE / q.LAMBDA_TARGET),
        ),
        Mutant(
            id="squared",
            change="L_TE = (kappa/(lambda + kappa))^2",
            claim=_equivalent(loss=EQUIVALENT_LOSS.expr**2),
        ),
        Mutant(
            id="curve-twice",
            change="twice the predicted curve",
            claim=_equivalent(curve=2 * q.PREDICTED_CURVE),
        ),
        Mutant(
            id="half-ridge",
            change="kappa -> kappa/2",
            claim=_equivalent(loss=EQUIVALENT_LOSS(q.LAMBDA_TARGET, q.RIDGE / 2)),
        ),
    ),
)

FORWARDS = Assumption(
    "patience",
    "lambda_0 > 0, kappa > 0 and t = C log(1/L_TE)/lambda_0 with C >= 0",
    And(Ge(q.COEFFICIENT, 0), Gt(q.LAMBDA_TARGET, 0), Gt(q.RIDGE, 0)),
)
ANSATZ = Assumption(
    "universality-ansatz",
    "the teacher's energies are those of the deterministic equivalent",
    Eq(q.L_TE, EQUIVALENT_LOSS.expr),
)
STOP = Formula(
    "stopping_time",
    (q.COEFFICIENT, q.L_TE, q.LAMBDA_TARGET),
    q.COEFFICIENT * log(1 / q.L_TE) / q.LAMBDA_TARGET,
)
_OPTIMAL = (ANSATZ, FORWARDS)


def excess(
    unfinished: Expr = q.L_TE ** (q.COEFFICIENT - 1),
    trace: Expr = q.TRACE,
    power: Expr = Integer(2),
) -> Expr:
    """(1 + L^(C-1))^2 + C^2 log(1/L)^2 tr K/(lambda_0 SPREAD)."""
    noise = q.COEFFICIENT**2 * log(1 / q.L_TE) ** 2 * trace / (q.LAMBDA_TARGET * q.SPREAD)
    return (1 + unfinished) ** 2 + noise


EXCESS = Formula("excess", (q.L_TE, q.COEFFICIENT, q.TRACE, q.LAMBDA_TARGET, q.SPREAD), excess())


def _optimal(bound: Expr = EXCESS.expr, constant: Expr = Integer(1)) -> tuple[Boolean, ...]:
    return (
        Ge(q.L_ST, constant * q.L_TE**2),
        Le(q.L_ST, bound * q.L_TE**2),
        Lt(q.RATIO_WIDE, q.RATIO_NARROW),
        Gt(q.RATIO_WIDE, constant),
    )


OPTIMALITY = Statement(
    id="optimality",
    kind=Kind.THEOREM,
    title="Under universality early-stopped students are asymptotically optimal",
    source=Source.EXTENSION,
    text="With the energies of the deterministic equivalent and t = C log(1/L)/lambda_0: 1 <= "
    "L_ST/L_TE^2 <= (1 + L^(C-1))^2 + C^2 log(1/L)^2 tr K/(lambda_0 D), D = sum kappa lambda/"
    "(lambda + kappa)^2. For d >= 3 fixed D outgrows every power of log(1/L), so the ratio tends "
    "to 1, the sharp floor of Theorem 4.1 as L -> 0. Without the ansatz: medians of the measured "
    "ratio min_t L_ST/L_TE^2, which fall with width and stay above 1.",
    claim=_optimal(),
    assumes=_OPTIMAL,
    uses=("universality", "thm-4.1"),
    needs=(Evidence.SYMBOLIC, Evidence.PROPERTY, Evidence.MONTE_CARLO),
    reference="Extension of Theorems 3.1 and 4.1; rests on the universality ansatz",
    proof=_PROOF,
    checks=(_CHECKS,),
    mutants=(
        Mutant(
            id="floor-1.1",
            change="L_ST >= 1.1 L_TE^2",
            claim=_optimal(constant=Rational(11, 10)),
        ),
        Mutant(
            id="no-noise",
            change="the noise term dropped",
            claim=_optimal(excess(trace=Integer(0))),
        ),
        Mutant(
            id="no-unfinished",
            change="the unfinished term dropped",
            claim=_optimal(excess(unfinished=Integer(0))),
        ),
        Mutant(
            id="any-teacher",
            change="the teacher's loss need not be the equivalent's",
            assumes=dropped(_OPTIMAL, ANSATZ),
        ),
        Mutant(
            id="backwards",
            change="the student may run backwards in time",
            assumes=dropped(_OPTIMAL, FORWARDS),
        ),
        Mutant(
            id="rising",
            change="the measured ratio rises with width",
            claim=(*_optimal()[:2], Gt(q.RATIO_WIDE, q.RATIO_NARROW), _optimal()[3]),
        ),
    ),
)

PLACE = 100
STATEMENTS = (UNIVERSALITY, OPTIMALITY)
