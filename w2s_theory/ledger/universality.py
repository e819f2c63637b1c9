"""Gaussian universality: the deterministic equivalent, and optimality of the student under it.

With M features and kernel eigenvalues lambda_i the effective ridge kappa solves
sum_i lambda_i/(lambda_i + kappa) = M. These are predictions, exact in no model here: what rests on
them is labelled as an ansatz, and what holds without it is in `measurements`.
"""

from __future__ import annotations

from sympy import And, Expr, Implies, Integer, Rational, factorial, log
from sympy.logic.boolalg import Boolean

from w2s_theory.ledger import kernels as f
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.at_infinity import at_infinity
from w2s_theory.ledger.prose import cite, say
from w2s_theory.ledger.references import QUADRATIC
from w2s_theory.ledger.relations import Eq, Ge, Gt, Le, Lt
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
    "noise_weight", (q.EIGENVALUE, q.RIDGE), q.RIDGE * q.EIGENVALUE / (q.EIGENVALUE + q.RIDGE) ** 2
)
"""The teacher's noise in an eigenfunction, up to L_TE (1 - L_TE)/SPREAD, the sum of the weights."""

TEACHER_DECAY = Formula("teacher_decay", (q.DIM,), 1 + 3 / (q.DIM - 1))
"""L_TE of ReLU teachers falls with this power of their width."""
PROVEN_EXPONENT = Formula("proven_exponent", (q.DIM,), 1 + (q.DIM - 1) / (2 * (q.DIM + 2)))
"""What it makes of a gain of M^(-1/2): statement `thm-3.1-exponent`."""

POSITIVE = Assumption(
    "positive-spectrum",
    "lambda > 0 and lambda + kappa > 0",
    And(Gt(q.EIGENVALUE, 0), Gt(q.EIGENVALUE + q.RIDGE, 0)),
)


def _equivalent(
    falls: Boolean | None = None, share: Expr = LEARNED.expr, weight: Expr = NOISE_WEIGHT.expr
) -> tuple[Boolean, ...]:
    above = LEARNED(q.EIGENVALUE, q.RIDGE_ABOVE)
    wider = Lt(q.RIDGE, q.RIDGE_ABOVE)
    together = And(Gt(q.RIDGE, 0), wider)
    loss = EQUIVALENT_LOSS(q.EIGENVALUE, q.RIDGE)
    return (
        Implies(wider, Gt(share, above)),
        Implies(together, Gt(q.CAPTURED, q.CAPTURED_ABOVE) if falls is None else falls),
        Eq(weight, loss * (1 - loss)),
    )


UNIVERSALITY = Statement(
    id="universality",
    kind=Kind.LAW,
    title="The deterministic equivalent of a random-feature teacher has one effective ridge",
    source=Source.EXTENSION,
    text="Every summand lambda/(lambda + kappa) falls strictly as kappa grows, and if kappa is "
    "positive so does their sum: at most one makes it M. The equivalent's loss on an eigenfunction "
    "and the noise weight add up: signal and noise have the energy of a least-squares teacher. "
    "That a random teacher has this loss is the ansatz. For even targets its exponent in the width "
    "is that of leverage and teacher-lower, up to a logarithm; for linear targets measurement "
    "contradicts it on the circle (ansatz-fails-measured) and near it: it is meant for high "
    "dimension.",
    claim=_equivalent(),
    assumes=(POSITIVE,),
    uses=("lem-ls",),
    needs=(Evidence.SYMBOLIC, Evidence.PROPERTY),
    reference="The paper's Gaussian universality ansatz; derived independently of, and overlapping "
    f"with, {QUADRATIC}",
    proof=_PROOF,
    mutants=(
        Mutant(
            "rises",
            "the sum rises with kappa",
            claim=_equivalent(falls=Lt(q.CAPTURED, q.CAPTURED_ABOVE)),
        ),
        Mutant(
            "squared",
            "the share of an eigenfunction is squared",
            claim=_equivalent(share=LEARNED.expr**2),
        ),
        Mutant(
            "weight-squared",
            "the noise weight is L^2",
            claim=_equivalent(weight=EQUIVALENT_LOSS(q.EIGENVALUE, q.RIDGE) ** 2),
        ),
        Mutant("any-sign", "lambda may have any sign", assumes=()),
    ),
)

_ONE = Integer(1)
_PATIENCE = Integer(2)
FORWARDS = Assumption(
    "patience",
    "lambda_0 > 0, kappa > 0 and t = c log(1/L_TE)/lambda_0 with c >= 0",
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


def _optimal(bound: Expr = EXCESS.expr, constant: Expr = _ONE) -> tuple[Boolean, ...]:
    return (Ge(q.L_ST, constant * q.L_TE**2), Le(q.L_ST, bound * q.L_TE**2))


OPTIMALITY = Statement(
    id="optimality",
    kind=Kind.THEOREM,
    title=f"Optimality under universality: bounds of L_ST/{say(q.L_TE**2)} at one stopping time",
    source=Source.EXTENSION,
    text=f"With the energies of the deterministic equivalent and t = {say(STOP)}, for any "
    f"spectrum: L_ST/{say(q.L_TE**2)} is at least {say(_ONE)} and at most the bound, in which D "
    f"is the sum of {say(NOISE_WEIGHT)} over the spectrum. It says of random teachers what the "
    "ansatz does, so of odd targets in low dimension nothing (ansatz-fails-measured); without the "
    "ansatz see gain-rate.",
    claim=_optimal(),
    assumes=_OPTIMAL,
    uses=("universality",),
    needs=(Evidence.SYMBOLIC, Evidence.PROPERTY),
    reference="Extension of Theorems 3.1 and 4.1, independent of the quadratic rate of "
    f"{QUADRATIC}; rests on the universality ansatz",
    proof=_PROOF,
    mutants=(
        Mutant("floor-1.1", "L_ST >= 1.1 L_TE^2", claim=_optimal(constant=Rational(11, 10))),
        Mutant("no-noise", "the noise term dropped", claim=_optimal(excess(trace=Integer(0)))),
        Mutant(
            "no-unfinished",
            "the unfinished term dropped",
            claim=_optimal(excess(unfinished=Integer(0))),
        ),
        Mutant(
            "any-teacher",
            "the teacher's loss need not be the equivalent's",
            assumes=dropped(_OPTIMAL, ANSATZ),
        ),
        Mutant(
            "backwards",
            "the student may run backwards in time",
            assumes=dropped(_OPTIMAL, FORWARDS),
        ),
    ),
)

# --- the limit on the sphere ----------------------------------------------------------------------

_K, _D = q.CUT, q.SPACE_DIM
_DECAY = f.DECAY_CONSTANT(_D, Integer(1))
RIDGE_AT = Formula("ridge_at", (_K, _D), _DECAY * _K ** (-_D - 2))
"""The eigenvalue of a real degree K, without the corrections of low degrees."""
DEGREE_AT = Formula("degree_at", (q.RIDGE, _D), (_DECAY / q.RIDGE) ** (1 / (_D + 2)))
"""The K with kappa = C K^-(d+2)."""
SPREAD_BELOW = Formula(
    "spread_below", (_K, _D), Rational(4, 9) * (_K - _D / 2 - 1) ** (_D - 2) / factorial(_D - 2)
)
_FIRST = 3 * _D / 2 + 3
SMALL = Assumption(
    "small-ridge",
    "d >= 3 and 0 < kappa <= C (3d/2 + 3)^-(d+2), C the constant of spec-decay",
    And(Ge(_D, 3), Gt(q.RIDGE, 0), Le(q.RIDGE, RIDGE_AT(_FIRST, _D))),
)
TARGET = Assumption("target-seen", "lambda_0 > 0", Gt(q.LAMBDA_TARGET, 0))


def _limit(
    factor: Expr = Integer(1), value: Expr = _ONE, noise: Expr = SPREAD_BELOW.expr
) -> tuple[Boolean, ...]:
    loss = EQUIVALENT_LOSS(q.LAMBDA_TARGET, RIDGE_AT.expr)
    trace = f.TRACE(Integer(1), _D)
    bound = EXCESS(loss, _PATIENCE, trace, q.LAMBDA_TARGET, noise)
    below = SPREAD_BELOW(DEGREE_AT.expr, _D)
    return (Ge(q.SPREAD, factor * below), at_infinity(bound, value, _K))


OPTIMALITY_LIMIT = Statement(
    id="optimality-limit",
    kind=Kind.COROLLARY,
    title="Under universality early-stopped ReLU students are asymptotically optimal",
    source=Source.EXTENSION,
    text=f"ReLU on the sphere, d fixed, kappa = {say(RIDGE_AT)}. D is at least an explicit power "
    f"of K, so the bound of optimality at patience {say(_PATIENCE)} tends to {say(_ONE)} as K "
    f"grows: then min_t L_ST is asymptotically {say(q.L_TE**2)}, which the sharp floor of "
    f"{cite('thm-4.1')} lets no student improve as L_TE vanishes.",
    claim=_limit(),
    assumes=(SMALL, TARGET),
    uses=("optimality", "thm-4.1", "spec-decay", "spec-multiplicity", "spec-parseval"),
    needs=(Evidence.SYMBOLIC, Evidence.CERTIFIED),
    reference="Extension of Theorems 3.1 and 4.1, independent of the quadratic rate of "
    f"{QUADRATIC}; rests on the universality ansatz",
    proof="proofs/symbolic/optimality_limit.py",
    checks=(_CHECKS,),
    mutants=(
        Mutant(
            "spread-larger",
            "100 times as much of D at the least",
            claim=_limit(factor=Integer(100)),
        ),
        Mutant("limit-3/4", "the limit is 3/4", claim=_limit(value=s.QUADRATIC_CONSTANT)),
        Mutant("spread-flat", "D does not grow", claim=_limit(noise=Integer(1))),
        Mutant(
            "any-ridge",
            "any kappa",
            assumes=(Assumption("any-ridge", "d >= 3, kappa > 0", And(Ge(_D, 3), Gt(q.RIDGE, 0))),),
        ),
    ),
)

PLACE = 100
STATEMENTS = (UNIVERSALITY, OPTIMALITY, OPTIMALITY_LIMIT)
