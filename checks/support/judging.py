"""Judging named, measured or exact settings one by one, and putting outcomes together."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from w2s_theory.certify import Verdict, precision, weakest
from w2s_theory.enclose.claims import decide_clause
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.statement import Statement
from w2s_theory.regression.outcome import Outcome, Profile
from w2s_theory.search.judge import START_BITS, Judgement, judge
from w2s_theory.search.settings import BallSetting, NumberSetting, Settled

EQUAL_DIGITS = 30
"""Equalities of ball-valued settings are decided to this many digits; proofs make them exact."""


def judge_all(
    statement: Statement,
    settings: Iterable[Settled],
    *,
    least: int,
    digits: int | None = EQUAL_DIGITS,
    relative: bool = False,
) -> Outcome:
    """Judge settings until one refutes: all must hold, and at least `least` must be effective.

    Equalities are decided to `digits` digits, of the larger side if `relative`, None for exactly:
    infinite sides and finite ones are apart only if `relative`. The margin is the least one. A
    measured setting is effective if a clause could fail there, and each could in some of them: an
    implication cannot where its premise does not hold.
    """
    tested: set[int] = set()

    def judged() -> Iterator[tuple[Settled, Judgement]]:
        for setting in settings:
            result = judge(statement, setting, equality_digits=digits, relative=relative)
            if result.effective:
                open_here = could_fail(statement, setting)
                tested.update(set(open_here).intersection(result.tested))
                result = replace(result, effective=bool(open_here))
            yield setting, result

    outcome, found = _gather(judged(), least)
    untested = [i for i in range(len(statement.claim)) if i not in tested]
    if outcome.verdict is Verdict.PROVED and untested:
        detail = f"clause {untested[0] + 1} could not fail in any setting"
        outcome = replace(outcome, verdict=Verdict.VACUOUS, detail=detail)
    return replace(outcome, margin=shown(min((j.margin for j in found), default=float("inf"))))


def could_fail(statement: Statement, setting: Settled) -> list[int]:
    """The clauses that what is known before measuring leaves open; all, where nothing is measured.

    A bound beyond what its quantity can be holds whatever is measured.
    """
    clauses = range(len(statement.claim))
    if not isinstance(setting, BallSetting) or not setting.ranges:
        return list(clauses)
    before = setting.values() | dict(setting.ranges)
    with precision(START_BITS):
        rulings = [decide_clause(clause, before, START_BITS) for clause in statement.unfolded]
    return [i for i in clauses if rulings[i].verdict is not Verdict.PROVED]


def agree(
    statement: Statement,
    settings: Iterable[Settled],
    profile: Profile,
    *,
    least: int,
    terms: int = 0,
) -> Outcome:
    """`judge_all` at exact numbers: two sides must agree to the profile's digits of the larger one.

    Of a sum `terms` terms are added one by one. The margin is the worst resolution: by how much,
    relatively, two sides could still differ.
    """
    digits, bits = profile.digits, START_BITS + 4 * profile.digits
    judged = (
        (s, judge(statement, s, equality_digits=digits, relative=True, bits=bits, terms=terms))
        for s in settings
    )
    outcome, found = _gather(judged, least)
    if outcome.verdict is Verdict.REFUTED:
        return replace(outcome, margin="ball")
    worst = max((j.resolution for j in found), default=float("inf"))
    return replace(outcome, margin=f"to {worst:.1e}")


def _gather(
    judged: Iterable[tuple[Settled, Judgement]], least: int
) -> tuple[Outcome, list[Judgement]]:
    if least < 1:
        raise ValueError(f"least must be an integer >= 1, got {least!r}")
    found, open_settings = [], []
    for setting, result in judged:
        if not result.effective:
            continue
        found.append(result)
        if result.verdict is Verdict.REFUTED:
            detail = f"counterexample: {setting}"
            return Outcome(verdict=result.verdict, effective=len(found), detail=detail), found
        if result.verdict is Verdict.UNDECIDED:
            open_settings.append(setting)
    if len(found) < least:
        detail = f"{len(found)} settings effective, at least {least} needed"
        return Outcome(verdict=Verdict.UNDECIDED, effective=len(found), detail=detail), found
    first = f"{len(open_settings)} undecided, first {open_settings[0]}" if open_settings else ""
    verdict = weakest([result.verdict for result in found])
    return Outcome(verdict=verdict, effective=len(found), detail=first), found


def shown(margin: float) -> str:
    """A margin for the table; nothing for what has none."""
    return "" if abs(margin) == float("inf") else f"{margin:.3g}"


def combine(*outcomes: Outcome) -> Outcome:
    """The weakest of several outcomes, with all effective counts and the first margin."""
    verdict = weakest([o.verdict for o in outcomes])
    margin = next((o.margin for o in outcomes if o.margin), "")
    detail = next((o.detail for o in outcomes if o.verdict is verdict and o.detail), "")
    rate, resolves = (
        next((getattr(o, name) for o in outcomes if getattr(o, name)), "")
        for name in ("rate", "resolves")
    )
    effective, draws, gaps = (
        sum(getattr(o, name) for o in outcomes) for name in ("effective", "draws", "gaps")
    )
    return Outcome(
        verdict=verdict,
        margin=margin,
        effective=effective,
        detail=detail,
        draws=draws,
        rate=rate,
        resolves=resolves,
        gaps=gaps,
    )


def part(statement: Statement, *clauses: int) -> Statement:
    """The statement with some of its clauses only; a mutant of another shape is left whole.

    A setting judges a statement only if it determines every symbol, and one that is measured
    rarely determines what another one proves.
    """
    real = load()[statement.mutant_of or statement.id]
    if len(statement.claim) != len(real.claim):
        return statement
    return replace(statement, claim=tuple(statement.claim[i] for i in clauses))


def limits(statement: Statement, *clauses: int, **names: Iterable[object]) -> Outcome:
    """Limits enclosed at every combination of values, which must satisfy what is assumed."""
    settings = [replace(setting, grants=assumed(statement)) for setting in grid(**names)]
    return judge_all(part(statement, *clauses), settings, least=len(settings))


def assumed(statement: Statement) -> tuple[str, ...]:
    """Ids of what the real statement assumes: measured settings satisfy it by construction."""
    return tuple(a.id for a in load()[statement.mutant_of or statement.id].assumes)


def grid(**names: Iterable[object]) -> list[NumberSetting]:
    """Every combination of values, by the names of `ledger.quantities`; text is read exactly."""
    symbols = [getattr(q, name) for name in names]
    products = itertools.product(*(list(values) for values in names.values()))
    return [
        NumberSetting(tuple(zip(symbols, (Fraction(str(v)) for v in row), strict=True)))
        for row in products
    ]
