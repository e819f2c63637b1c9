"""Explicit bounds of the linear model's means, and Theorems 3.2 and 3.3 as their limits."""

from __future__ import annotations

from fractions import Fraction

from sympy import Expr, Ge, Le, Rational, Symbol, exp, log, symbols
from sympy.logic.boolalg import Boolean

from proofs.limits import clause_tends
from proofs.steps import Proof, Step, combination, concludes, decided, equal
from w2s_theory.certify import Verdict, identity, prove_sign
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.linear import MEAN_ODDS
from w2s_theory.ledger.linear_bounds import (
    LATEST,
    LINEAR_BOUNDS,
    MOMENTS,
    SCALING,
    WEAK,
    WIDE,
    WIDE_ENOUGH,
)
from w2s_theory.ledger.statement import Assumption, Statement

_ODDS, _MEAN, _PSI, _N, _M, _UP = symbols("q m psi n M u", positive=True)
_ROOT = Symbol("r", positive=True)
_X, _Y, _ZED, _ABOUT = symbols("x y z z_0", nonnegative=True)


Path = tuple[tuple[Symbol, Expr], ...]


def nonnegative_to(name: str, expr: Expr, because: str, *assumes: Assumption) -> Step:
    """A polynomial in r is >= 0 on [0, 3/2]: Sturm."""
    return Step(
        name=name,
        claim=Ge(expr, 0, evaluate=False),
        because=because,
        check=lambda: prove_sign(expr, _ROOT, 0, Fraction(3, 2)).verdict,
        assumes=assumes,
    )


def _below() -> tuple[Step, ...]:
    """1/(1+q) lies above its tangent at the mean of q."""
    tangent = 1 / (1 + _MEAN) - (_ODDS - _MEAN) / (1 + _MEAN) ** 2
    return (
        combination(
            "convex in q",
            1 / (1 + _ODDS) - tangent,
            [((_ODDS - _MEAN) ** 2, 1 / (1 + _ODDS), (1 + _MEAN) ** -2)],
            [(1 / (1 + _ODDS), "q > 0")],
            "L_TE = 1/(1 + q) is above its tangent at m = E q, so E L_TE >= 1/(1 + E q)",
        ),
        equal(
            "at the mean of q",
            1 / (1 + MEAN_ODDS(_M, _M + _N, _PSI)),
            _PSI * (_N - 2) / (_PSI * (_N - 2) + _M),
            "E q = M/(psi (D - 2)), D = d - M > 2 (law-linear)",
            MOMENTS,
        ),
    )


def _above() -> tuple[Step, ...]:
    """psi Y/(psi Y + X) lies below its tangents, first in Y, then in 1/X."""
    loss = _PSI * _Y / (_PSI * _Y + _X)
    flat = _PSI * _N / (_PSI * _N + _X) + _PSI * _X * (_Y - _N) / (_PSI * _N + _X) ** 2
    first, second = 1 / (_PSI * _Y + _X), (_PSI * _N + _X) ** -2
    rate = _PSI * _N
    curve = rate * _ZED / (1 + rate * _ZED)
    line = rate * _ABOUT / (1 + rate * _ABOUT) + rate * (_ZED - _ABOUT) / (1 + rate * _ABOUT) ** 2
    low, high = 1 / (1 + rate * _ZED), (1 + rate * _ABOUT) ** -2
    return (
        combination(
            "concave in Y",
            flat - loss,
            [(_PSI**2, _X, (_Y - _N) ** 2, first, second)],
            [(_X, "chi^2"), (first, "positive"), (second, "a square")],
            "below its tangent at E Y = D, and X is independent of Y: "
            "E L_TE <= E [psi D/(psi D + X)]",
        ),
        combination(
            "concave in 1/X",
            line - curve,
            [(_N**2, _PSI**2, (_ZED - _ABOUT) ** 2, low, high)],
            [(low, "positive"), (high, "a square")],
            "z = 1/X, tangent at its mean z_0 = E 1/X = 1/(M - 2) for M > 2; for M = 2 the bound "
            "is 1, and L_TE <= 1",
            ),
        equal(
            "at the mean of 1/X",
            (rate * _ABOUT / (1 + rate * _ABOUT)).xreplace({_ABOUT: 1 / (_M - 2)}),
            rate / (rate + _M - 2),
            "z_0 = 1/(M - 2)",
            WIDE_ENOUGH,
        ),
    )  # fmt: skip


def _excess() -> tuple[Step, ...]:
    """min_t L_ST/L^2 - 1 between q m and q (2x + y^2) + q^2 x^2, x = exp(-t), y = s_psi."""
    x, y, odds = symbols("x y q", nonnegative=True)
    loss = 1 / (1 + odds)
    ratio = ((1 - (1 - x) * (1 - loss)) ** 2 + y**2 * loss * (1 - loss)) / loss**2
    return (
        equal(
            "ratio",
            ratio,
            1 + odds * (2 * x + y**2) + odds**2 * x**2,
            "student-linear with L = 1/(1 + q)",
        ),
        combination(
            "from below",
            odds * (2 * x + y**2) + odds**2 * x**2 - odds * (2 * x + y**2),
            [(odds**2, x**2)],
            [],
            "so E min_t (ratio - 1) >= E q min_t (2 exp(-t) + s_psi(t)^2) >= 0",
        ),
    )


def _stopped() -> tuple[Step, ...]:
    """At t = 2 log(1/psi) for psi <= 1, at t = 0 for psi > 1."""
    leak, odds = symbols("s q", nonnegative=True)
    larger = Symbol("v", nonnegative=True)  # psi = 1 + v
    return (
        equal(
            "what the student misses",
            exp(-2 * log(1 / _PSI)),
            _PSI**2,
            "x = exp(-t) at t = 2 log(1/psi) >= 0, for psi <= 1",
            WEAK,
        ),
        combination(
            "what has leaked",
            _UP**2 - leak**2,
            [(_UP - leak, _UP + leak)],
            [
                (_UP - leak, "s = 1 - exp(-psi t) <= psi t = u"),
                (_UP + leak, "both are nonnegative"),
            ],
            "s^2 <= (2 psi log(1/psi))^2",
        ),
        combination(
            "for psi > 1 at t = 0",
            odds * 2 * (1 + larger) ** 2 + odds**2 * (1 + larger) ** 4 - (2 * odds + odds**2),
            [(2, odds, larger, 2 + larger), (odds**2, larger, 2 + larger, (1 + larger) ** 2 + 1)],
            [
                (odds, "q >= 0"),
                (larger, "psi = 1 + v"),
                (2 + larger, "positive"),
                ((1 + larger) ** 2 + 1, "positive"),
            ],
            "x = 1 and s = 0: the excess 2 q + q^2 is below the bound, whose term in log(psi)^2 "
            "is nonnegative",
        ),
    )


def _recovered() -> tuple[Step, ...]:
    """PGR = 1 - L - L (ratio - 1), the ceiling being 0."""
    odds, left, miss = symbols("q l x", nonnegative=True)
    loss = 1 / (1 + odds)
    excess = odds * left + odds**2 * miss**2
    return (
        combination(
            "what PGR loses besides L",
            left + odds * miss**2 - loss * excess,
            [(left, loss), (odds, miss**2, loss)],
            [(left, "nonnegative"), (loss, "positive"), (odds, "q >= 0")],
            "PGR = 1 - ratio L, and q L = 1 - L <= 1: E [L (ratio - 1)] <= l + psi^4 E q, "
            "l = 2 psi^2 + (2 psi log psi)^2; and PGR <= 1 - L as ratio >= 1",
        ),
    )


def _mean_bounds(statement: Statement, *assumes: Assumption) -> tuple[Step, ...]:
    """The six clauses of linear-bounds as literal relations between the formulas above."""
    below, above, least, ratio, low, high = statement.claim[:6]
    m, d, psi = q.WIDTH, q.DIM, q.PSI
    noise = d - m
    left = 2 * psi**2 + 4 * psi**2 * log(1 / psi) ** 2
    lower = psi * (noise - 2) / (psi * (noise - 2) + m)
    upper = psi * noise / (psi * noise + m - 2)
    mean = m / (psi * (noise - 2))
    square = m * (m + 2) / (psi**2 * (noise - 2) * (noise - 4))
    made = (
        ("loss from below", below, Ge(q.MEAN_LOSS, lower), "convexity"),
        ("loss from above", above, Le(q.MEAN_LOSS, upper), "concavity, twice"),
        ("ratio from below", least, Ge(q.MEAN_RATIO, 1), "the excess is nonnegative"),
        (
            "ratio from above",
            ratio,
            Le(q.MEAN_RATIO, 1 + mean * left + square * psi**4),
            "the mean of the excess at that time, with E q and E q^2",
        ),
        (
            "PGR from below",
            low,
            Ge(q.PGR, 1 - upper - left - mean * psi**4),
            "the upper bound of the loss",
        ),
        ("PGR from above", high, Le(q.PGR, 1 - lower), "the lower bound of the loss"),
    )
    return tuple(concludes(name, a, b, why, *assumes) for name, a, b, why in made)


def prove_linear_bounds(statement: Statement) -> Proof:
    """Jensen's inequality by tangents; the student stopped at one time."""
    steps = (*_below(), *_above(), *_excess(), *_stopped(), *_recovered())
    conclusions = _mean_bounds(statement, WIDE_ENOUGH, MOMENTS, WEAK)
    return Proof(statement, (*steps, *conclusions))


def _instance(name: str, clause: Boolean, place: int, path: Path, *assumes: Assumption) -> Step:
    """The clause is the one of linear-bounds at `place`, with `path` put in."""

    def run() -> Verdict:
        known = LINEAR_BOUNDS.claim[place].xreplace(dict(path))
        if getattr(clause, "rel_op", None) != known.rel_op:
            return Verdict.UNDECIDED
        verdict: Verdict = identity(clause.lhs - clause.rhs, known.lhs - known.rhs)
        return verdict

    because = "linear-bounds, whose assumptions hold on the path"
    return Step(name=name, claim=clause, because=because, check=run, assumes=assumes)


def _latest() -> tuple[Step, ...]:
    """2 exp(-t) + s_psi(t)^2 >= s_psi(tau)^2 for every t >= 0, if 2 log(1/psi)^2 >= 1."""
    ell, shift = symbols("l h", nonnegative=True)
    return (
        nonnegative_to(
            "the path begins beyond M = 9/4",
            3 + _ROOT**2 - _ROOT**3,
            "d > M + 4 says r^3 - r^2 - 3 > 0, M = r^2; this is <= 0 for r <= 3/2",
            SCALING,
        ),
        decided("long enough", Ge(2 * log(Rational(9, 4)) ** 2, 1), "ell = log M grows with M"),
        equal(
            "before tau",
            2 * exp(-LATEST.expr),
            (2 * q.PSI * log(1 / q.PSI)) ** 2,
            "2 exp(-t) is at least this up to tau, and s_psi(t) >= s_psi(tau) from there",
        ),
        combination(
            "the smaller of the two",
            (2 * ell) ** 2 - (2 * ell - shift) ** 2,
            [(shift, 2 * ell - shift), (shift, 2 * ell)],
            [
                (shift, "h = log(2 ell^2) >= 0"),
                (2 * ell - shift, "tau = 2 ell - h > 0, as exp(2 ell) > 1 + 2 ell + 2 ell^2"),
                (2 * ell, "ell > 0"),
            ],
            "s_psi(tau) <= psi tau <= 2 psi ell: the bound is s_psi(tau)^2",
        ),
    )


def prove_thm_3_2(statement: Statement) -> Proof:
    """linear-bounds on the path; the lower bound of the ratio; the four limits."""
    lower, upper, below, above, *limits = statement.claim
    path = ((q.DIM, 1 + q.WIDTH ** Rational(3, 2)), (q.PSI, 1 / q.WIDTH))
    noise = q.WIDTH ** Rational(3, 2) - q.WIDTH - 1  # d - M - 2
    tau = 2 * log(q.WIDTH) - log(2 * log(q.WIDTH) ** 2)
    names = (
        "the lower bound of L_TE ~ M^(-1/2)",
        "the upper bound of L_TE ~ M^(-1/2)",
        "the ratio's leading term from below",
        "the ratio's leading term from above",
    )
    return Proof(
        statement,
        (
            *_excess(),
            *_latest(),
            _instance("loss from below", lower, 0, path, SCALING),
            _instance("loss from above", upper, 1, path, SCALING),
            concludes(
                "ratio from below",
                below,
                Ge(q.MEAN_RATIO, 1 + q.WIDTH**2 / noise * (1 - exp(-tau / q.WIDTH)) ** 2),
                "1 + E q s_psi(tau)^2 with E q = M^2/(d - M - 2)",
                SCALING,
            ),
            _instance("ratio from above", above, 3, path, SCALING),
            *(
                clause_tends(name, clause, "Gruntz", SCALING)
                for name, clause in zip(names, limits, strict=True)
            ),
        ),
    )


def prove_thm_3_3(statement: Statement) -> Proof:
    """linear-bounds on the path d - M = M^2, psi = c/M, and the limits of what it says."""
    path = ((q.DIM, q.WIDTH + q.WIDTH**2), (q.PSI, q.LIMIT_RATIO / q.WIDTH))
    names = [
        f"{what} from {side}" for what in ("loss", "ratio", "PGR") for side in ("below", "above")
    ]
    return Proof(
        statement,
        (
            *(
                _instance(name, statement.claim[place], place, path, WIDE)
                for place, name in enumerate(names)
            ),
            *(
                clause_tends(f"limit {place}", clause, "Gruntz", WIDE, positive=(q.LIMIT_RATIO,))
                for place, clause in enumerate(statement.claim[len(names) :])
            ),
        ),
    )
