"""Consequences of Theorem 4.1: values in balls, and students that attain the floors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import product

from sympy import And, Ge, Gt, Le, Lt, Rational, Symbol
from sympy.logic.boolalg import Boolean

from checks.support.judging import EQUAL_DIGITS, assumed, combine, judge_all, part
from checks.support.relu_networks import fitted_to_target, initial, measured, nearly, task, trained
from w2s_theory.certify import Verdict, decide, weakest
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.section4 import SHRINKAGE
from w2s_theory.ledger.statement import Evidence, Statement
from w2s_theory.regression.outcome import Outcome, Profile, check
from w2s_theory.search.classes import ClassRun
from w2s_theory.search.judge import judge
from w2s_theory.search.runs import Run, fitted, nearest
from w2s_theory.search.settings import NumberSetting
from w2s_theory.search.spectral_students import FixedStudent
from w2s_theory.search.training import on_axis

HALF, TENTH = Fraction(1, 2), Fraction(1, 10)
LOSSES = (Fraction(1, 10**6), TENTH, HALF, Fraction(2, 3), Fraction(9, 10), Fraction(1))
HALVES = (TENTH, Fraction(41, 100), Fraction(4, 5))
"""tan(theta/2) of the teachers of the witnesses."""


@check("thm-4.1-instance", Evidence.CERTIFIED)
def test_thm_4_1_instance_certified(statement: Statement, profile: Profile) -> Outcome:
    """Norms and slacks at which the ball holds the target, just does, and does not."""
    norms = (Fraction(1, 4), HALF, Fraction(1), Fraction(3, 2))
    values = product(LOSSES[1:], norms, (Fraction(0), TENTH, HALF))
    inside = (v for v in values if 4 * v[0] >= (v[1] - v[0] - 1) ** 2)  # a triangle
    symbols = (q.L_TE, q.TEACHER_NORM2, q.SLACK)
    return judge_all(part(statement, 1, 2, 3), _numbers(statement, symbols, inside), least=30)


@check("pretrained", Evidence.CERTIFIED)
def test_pretrained_certified(statement: Statement, profile: Profile) -> Outcome:
    """Starts at the target, at a right angle, and elsewhere."""
    values = product(
        (TENTH, HALF), (Fraction(0), TENTH, Fraction(1)), (TENTH, HALF, Fraction(6, 5))
    )
    slacks = ((*v, eps) for v in values for eps in (Fraction(0), TENTH))
    inside = (v for v in slacks if 4 * v[0] * v[1] >= (v[2] - v[0] - v[1]) ** 2)
    symbols = (q.L_TE, q.START_LOSS, q.START_DISTANCE, q.SLACK)
    return judge_all(part(statement, 1, 2), _numbers(statement, symbols, inside), least=14)


@check("pgr-ceiling", Evidence.CERTIFIED)
def test_pgr_ceiling_certified(statement: Statement, profile: Profile) -> Outcome:
    """The bound of a perfect ceiling, where it touches the parabola's too."""
    values = ((loss, Fraction(0)) for loss in LOSSES)
    settings = _numbers(statement, (q.L_TE, q.CEILING), values)
    return judge_all(part(statement, 1), settings, least=len(LOSSES))


@check("no-boost", Evidence.CERTIFIED)
def test_no_boost_certified(statement: Statement, profile: Profile) -> Outcome:
    settings = _numbers(statement, (q.L_TE,), ((1 - e,) for e in LOSSES))
    return judge_all(part(statement, 1), settings, least=len(LOSSES))


@check("gold-labels", Evidence.CERTIFIED)
def test_gold_labels_certified(statement: Statement, profile: Profile) -> Outcome:
    """Shares of gold labels from none to all; the first share touches at 2/3."""
    shares = (Fraction(1), Fraction(4, 5), HALF, Fraction(1, 5), Fraction(1, 10**6), Fraction(0))
    settings = _numbers(statement, (q.L_TE, q.WEAK_SHARE), product(LOSSES, shares))
    return judge_all(part(statement, 1, 2, 3), settings, least=36)


@check("thm-4.1-instance", Evidence.WITNESS)
def test_thm_4_1_instance_witness(statement: Statement, profile: Profile) -> Outcome:
    """Nearest points of the ball, widened or not, of teachers that are short, fitted and long."""
    scales = (HALF, Fraction(1), Fraction(101, 100))
    return _attained(
        statement,
        (
            nearest(fitted(half, scale=scale), widened=wide, digits=14)
            for half in HALVES[:2]
            for scale in scales
            for wide in (Fraction(0), Fraction(1, 100))
        ),
    )


@check("pretrained", Evidence.WITNESS)
def test_pretrained_witness(statement: Statement, profile: Profile) -> Outcome:
    """Nearest points from starts before and behind; and one that starts at the target.

    That one has no loss at time 0, so that Theorem 4.1 is false of it.
    """
    zero = Fraction(0)
    starts = ((Fraction(1, 5), -TENTH), (Fraction(11, 10), HALF), (Fraction(4, 5), zero))
    reached = _attained(
        statement, (nearest(fitted(h), start=s, digits=14) for h in HALVES[1:2] for s in starts)
    )
    target = (Fraction(1), zero)
    still = Run(teacher=fitted(HALVES[1]), student=FixedStudent(target), start=target)
    values, holds = still.values(), judge(statement, still)
    floor = load()["thm-4.1"].claim[0]
    broken = decide(floor, {k: values[k] for k in (q.L_ST, q.L_TE)}).verdict
    found = Verdict.PROVED if broken is Verdict.REFUTED else Verdict.UNDECIDED
    return combine(reached, Outcome(verdict=holds.verdict), Outcome(verdict=found))


@check("gold-labels", Evidence.WITNESS)
def test_gold_labels_witness(statement: Statement, profile: Profile) -> Outcome:
    """Nearest points of the ball of the labels, for several shares of gold."""
    return _attained(
        statement,
        (
            nearest(fitted(half), weak_share=share, digits=14)
            for half in HALVES
            for share in (Fraction(1), Fraction(4, 5), HALF, TENTH)
        ),
    )


@check("convex-class", Evidence.WITNESS)
def test_convex_class_witness(statement: Statement, profile: Profile) -> Outcome:
    """Students stopped early are shrinkage optimal, and gain less than their misfit.

    They are no projections on a class that holds f*: the gain needs the class, not shrinkage.
    """
    teacher = fitted(HALVES[1])
    looks = []
    for share in (Fraction(1, 100), TENTH, Fraction(1, 5)):
        stopped = tuple(share * x for x in teacher)
        run = ClassRun(teacher, stopped, stopped)
        values = run.values()
        early = And(Ge(SHRINKAGE, 0), Gt(q.L_ST, q.L_TE - q.FIT), Lt(q.CLASS_TARGET, 0))
        known = {symbol: values[symbol] for symbol in early.free_symbols}
        looks += [
            Outcome(verdict=decide(early, known).verdict, effective=1),
            Outcome(verdict=judge(statement, run, equality_digits=EQUAL_DIGITS).verdict),
        ]
    return combine(*looks)


@check("squared-only", Evidence.WITNESS)
def test_squared_only_witness(statement: Statement, profile: Profile) -> Outcome:
    """Perfectly aligned students at losses from small to nearly 1."""
    settings = [on_axis(half) for half in (Fraction(1, 1000), *HALVES, Fraction(99, 100))]
    return judge_all(statement, settings, least=len(settings))


@check("homogeneous", Evidence.WITNESS)
def test_homogeneous_witness(statement: Statement, profile: Profile) -> Outcome:
    """Networks of two and three layers trained whole, by gradient descent with a small step.

    Every clause holds at every step, to rounding. A network that starts at the target with large
    weights has a falling norm, and a loss below the floor.
    """
    given, steps = task(0), 3 * profile.tries
    starts = [
        (initial(1, (4, 40, 1), 0.3), 0.05, 0.0),
        (initial(2, (4, 24, 24, 1), 0.6), 0.05, 0.0),
        (initial(3, (4, 24, 24, 1), 0.6), 0.05, 0.01),
        (initial(4, (4, 40, 1), 3.0), 0.002, 0.0),
        (fitted_to_target(5, given, 80), 1e-5, 0.0),
    ]
    looked, low, broken = 0, 0, []
    for weights, step, decay in starts:
        for at in trained(weights, given, step=step, steps=steps, decay=decay):
            numbers = measured(given, at, len(weights), decay)
            broken += [c for c in statement.unfolded if not nearly(c, numbers)][:1]
            below = not nearly(load()["thm-4.1"].claim[0], numbers)
            low += below and numbers[q.NORM_RATE] < 0
            looked += 1
    verdict = Verdict.REFUTED if broken else Verdict.PROVED if low else Verdict.UNDECIDED
    detail = f"fails: {broken[0]}" if broken else f"{low} steps below the floor, the norm falling"
    return Outcome(verdict=verdict, effective=looked, detail=detail)


def _numbers(
    statement: Statement, symbols: tuple[Symbol, ...], rows: Iterable[tuple[Fraction, ...]]
) -> list[NumberSetting]:
    """Numbers alone: there are functions with them, for which everything assumed holds."""
    return [
        NumberSetting(tuple(zip(symbols, row, strict=True)), assumed(statement)) for row in rows
    ]


def _attained(statement: Statement, runs: Iterable[Run]) -> Outcome:
    """All is true of each run; the loss is at least the floor, at most a billionth of it more."""
    floor = statement.unfolded[0].rhs
    slack = 1 + Rational(1, 10**9)
    near = Ge(q.L_ST, floor) & Le(q.L_ST, slack * floor)
    return combine(*_looks(statement, near, runs))


def _looks(statement: Statement, near: Boolean, runs: Iterable[Run]) -> Iterator[Outcome]:
    for run in runs:
        values, judged = run.values(), judge(statement, run)
        if judged.effective:
            verdict = decide(near, {k: values[k] for k in near.free_symbols}).verdict
            verdict = weakest([verdict, judged.verdict])
            yield Outcome(verdict=verdict, margin="1e-9", effective=1)
