"""The n-step limit: the bound, its two ends, and the rotating chain that attains it.

Notation: f_0 = f_T at angle theta to the target, f_i at angle alpha_i to f_{i-1}, A the angle from
f_T to f_n. Each f_i lies in the ball of diameter [0, f_{i-1}], so ||f_i|| <= ||f_{i-1}||
cos(alpha_i). R(A) = cos(theta) cos(A/n)^n is the longest a chain that turns by A can be.
"""

from __future__ import annotations

from sympy import Eq, Ge, Integer, Le, Symbol, cos, diff, log, sin, symbols, tan

from proofs.steps import Proof, Step, combination, concludes, equal
from proofs.symbolic.thm_4_1 import prove_thm_4_1_sharp
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.chains import ROTATION
from w2s_theory.ledger.infimum import Infimum
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.statement import Statement

N, THETA, PHI = q.CHAIN, q.THETA, q.PHI
_A, _B, _D = symbols("A B delta", real=True)
_R, _C = symbols("r c", positive=True)
_Y = Symbol("y", positive=True)


def _growth() -> tuple[Step, ...]:
    """x -> m log cos(x/m) grows with m: its m-derivative log cos y + y tan y is increasing in y."""
    m, x = symbols("m x", positive=True)
    growth = log(cos(_Y)) + _Y * tan(_Y)
    return (
        equal(
            "more, smaller turns shrink less: derivative in m",
            diff(m * log(cos(x / m)), m),
            growth.xreplace({_Y: x / m}),
            "with y = x/m",
        ),
        equal(
            "more, smaller turns shrink less: sign",
            diff(growth, _Y),
            _Y / cos(_Y) ** 2,
            "log cos y + y tan y is 0 at y = 0 and has derivative y/cos(y)^2 >= 0 on [0, pi/2); so "
            "cos(x/m)^m never decreases with m",
        ),
    )


def _jensen() -> Step:
    return equal(
        "equal turns shrink least",
        diff(log(cos(_Y)), _Y, 2),
        -1 / cos(_Y) ** 2,
        "log cos is concave on [0, pi/2): prod cos(alpha_i) <= cos(mean alpha)^n, and the mean is "
        "at least A/n because angles add up at least to A; so ||f_n|| <= ||f_T|| cos(A/n)^n",
    )


def _distance() -> tuple[Step, ...]:
    """||f - f*||^2 for ||f|| = r at angle B to the target decreases in r up to cos(B)."""
    loss = 1 - 2 * _R * cos(_B) + _R**2
    return (
        equal(
            "distance",
            diff(loss, _R),
            -2 * (cos(_B) - _R),
            "<= 0 for r <= cos(B); the angle B to the target is at least theta - A (spherical "
            "triangle inequality), and R(A) <= cos(theta) <= cos(theta - A)",
        ),
        combination(
            "overturning",
            loss - (1 - _R) ** 2,
            [(2, _R, 1 - cos(_B))],
            [(_R, "a norm"), (1 - cos(_B), "a cosine is at most 1")],
            "for A > theta: ||f_n - f*||^2 >= (1 - r)^2 >= (1 - R(theta))^2, the objective at "
            "phi = theta/n",
        ),
    )


def _extreme_teacher() -> tuple[Step, ...]:
    """A teacher at angle theta' = theta - delta with the same loss is dominated by least squares.

    Its norm is rho = cos(theta') - sqrt(L - sin(theta')^2). It suffices that
    rho cos(A/n)^n <= cos(theta) cos((A + delta)/n)^n for 0 <= A <= theta': then whatever it
    reaches, least squares reaches a point as long on the same ray.
    """
    m, far, near = symbols("m far near", positive=True)
    growth = log(cos(_Y)) + _Y * tan(_Y)
    ratio = N * log(cos((_A + _D) / N)) - N * log(cos(_A / N))
    square, root = symbols("sin2 v", nonnegative=True)  # sin(theta')^2, sqrt(L - sin(theta')^2)
    loss = square + root**2
    cosine = Symbol("cos1", nonnegative=True)  # cos(theta'), cos(theta')^2 = 1 - sin(theta')^2
    rho = cosine - root
    return (
        equal(
            "extreme teacher: worst at A = theta'",
            diff(ratio, _A),
            tan(_A / N) - tan((_A + _D) / N),
            "<= 0, tan being increasing on [0, pi/2)",
        ),
        *_growth(),
        equal(
            "extreme teacher: n = 1 is the worst case",
            diff(m * log(cos(far / m)) - m * log(cos(near / m)), m),
            growth.xreplace({_Y: far / m}) - growth.xreplace({_Y: near / m}),
            "(cos(theta/m)/cos(theta'/m))^m grows with m, log cos y + y tan y being increasing and "
            "theta >= theta'; so it is at least cos(theta)/cos(theta')",
        ),
        equal(
            "extreme teacher: n = 1, A = theta'",
            ((1 - loss) - rho * cosine).subs(square, 1 - cosine**2),
            (root * (cosine - root)).subs(square, 1 - cosine**2),
            "cos(theta)^2 - rho cos(theta') = v (cos(theta') - v) with v = sqrt(L - "
            "sin(theta')^2), and v <= cos(theta') because L <= 1",
        ),
    )


def prove_nstep(statement: Statement) -> Proof:
    """Turning costs length; then the distance to the target along the best turn."""
    (clause,) = statement.claim
    longest = cos(THETA) * cos(PHI) ** N
    reached = 1 - 2 * longest * cos(THETA - N * PHI) + longest**2
    expected = Ge(q.L_ST, Infimum(reached, PHI, Integer(0), THETA / N))
    before, after, turn = symbols("before after turn", positive=True)
    return Proof(
        statement,
        (
            equal(
                "one link",
                after * before * turn - after**2,
                after * (before * turn - after),
                "<f_i, f_{i-1}> - ||f_i||^2 >= 0 with <f_i, f_{i-1}> = ||f_i|| ||f_{i-1}|| "
                "cos(alpha_i): so ||f_i|| <= ||f_{i-1}|| cos(alpha_i)",
                s.CHAIN_SHRINKS,
            ),
            _jensen(),
            *_distance(),
            *_extreme_teacher(),
            concludes(
                "limit",
                clause,
                expected,
                "the minimum over A = n phi in [0, theta] of 1 - 2 R cos(theta - A) + R^2",
                s.UNIT_TARGET,
                s.TEACHER_SHRINKS,
                s.CHAIN_SHRINKS,
            ),
        ),
    )


def prove_nstep_ends(statement: Statement) -> Proof:
    """n = 1 by Theorem 4.1's witness; monotone by smaller turns; the limit by Bernoulli."""
    one, falling, above, below = statement.claim
    witness = prove_thm_4_1_sharp(load()["thm-4.1-sharp"])
    shrunk = Symbol("shrunk", real=True)
    at_end = s.CHAIN_OBJECTIVE(N, THETA, THETA / N)
    return Proof(
        statement,
        (
            *witness.steps,
            equal(
                "best turn is inside",
                tan(2 * THETA) - 2 * tan(THETA),
                2 * tan(THETA) ** 3 / (1 - tan(THETA) ** 2),
                ">= 0 for theta < pi/4, so phi = atan(2 tan theta)/2 <= theta; beyond, 2 phi < "
                "pi/2 <= 2 theta. The amplitude form shows that this phi is the minimum",
            ),
            concludes(
                "n = 1",
                one,
                Eq(q.FLOOR_ONE, s.SHRINKAGE_FLOOR.expr),
                "the witness attains it, and no phi does better",
            ),
            *_growth(),
            *_distance(),
            concludes(
                "falling",
                falling,
                Ge(q.FLOOR_N, q.FLOOR_NEXT),
                "R grows with n at equal A, and the distance decreases in R <= cos(theta - A)",
            ),
            concludes(
                "above Theorem 4.2",
                above,
                Ge(q.FLOOR_N, s.BOUNDED_FLOOR.expr),
                "1 - 2 R cos(B) + R^2 >= (1 - R)^2 >= (1 - cos(theta))^2, cos(theta) = sqrt(1 - L)",
            ),
            equal(
                "end of the interval",
                at_end,
                (1 - cos(THETA) * cos(THETA / N) ** N) ** 2,
                "phi = theta/n is allowed",
            ),
            equal(
                "cosine",
                1 - _Y**2 / 2 - cos(_Y),
                2 * sin(_Y / 2) ** 2 - _Y**2 / 2,
                "<= 0 because |sin x| <= x; Bernoulli: cos(theta/n)^n >= 1 - n theta^2/(2 n^2)",
            ),
            combination(
                "decreasing square",
                (1 - shrunk) ** 2 - (1 - _C) ** 2,
                [(_C - shrunk, (1 - shrunk) + (1 - _C))],
                [
                    (_C - shrunk, "Bernoulli"),
                    ((1 - shrunk) + (1 - _C), "both are at most 1"),
                ],
                "(1 - c)^2 decreases for c <= 1",
            ),
            concludes(
                "rate",
                below,
                Le(
                    q.FLOOR_N,
                    (1 - cos(THETA) * (1 - THETA**2 / (2 * N))) ** 2,
                ),
                "the floor is at most the objective at phi = theta/n",
            ),
        ),
    )


def prove_nstep_sharp(statement: Statement) -> Proof:
    """f_i = cos(theta) cos(phi)^i at angle theta - i phi: each link is on the ball's boundary."""
    loss, links = statement.claim
    i = Symbol("i", integer=True, nonnegative=True)
    length = cos(THETA) * cos(PHI) ** i
    following = length * cos(PHI)
    last = cos(THETA) * cos(PHI) ** N
    return Proof(
        statement,
        (
            equal(
                "links",
                length * following * cos(PHI) - following**2,
                Integer(0),
                "<f_i, f_{i-1}> = r_{i-1} r_i cos(phi) = r_i^2",
            ),
            concludes("boundary", links, Eq(q.LINK_MIN, 0), "every link is 0", *ROTATION),
            equal(
                "loss",
                loss.rhs,
                1 - 2 * last * cos(THETA - N * PHI) + last**2,
                "the last student has length cos(theta) cos(phi)^n and angle theta - n phi",
                *ROTATION,
                is_clause=True,
            ),
        ),
    )
