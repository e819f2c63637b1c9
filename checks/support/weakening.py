"""What becomes of a statement that assumes less: refuted at a setting, or proved all the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import flint
from flint import fmpq
from sympy import (
    Basic,
    Derivative,
    Eq,
    Expr,
    I,
    Implies,
    Integer,
    Integral,
    Pow,
    Rational,
    Sum,
    Symbol,
    asin,
    betainc_regularized,
    log,
    nan,
    zoo,
)
from sympy.logic.boolalg import Boolean

from checks.support.judging import EQUAL_DIGITS
from checks.support.made_settings import Restated
from proofs.calculus import reaches
from proofs.domains import RefusedError, RefutedError
from proofs.proof import prove
from w2s_theory.certify import Verdict
from w2s_theory.enclose.claims import decide_clause
from w2s_theory.ledger.at_infinity import AtInfinity
from w2s_theory.ledger.infimum import Infimum
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.statement import Statement
from w2s_theory.regression.report import Fate
from w2s_theory.search.judge import START_BITS, judge
from w2s_theory.search.settings import Number, NumberSetting, Settled

_VALUELESS = ("NaN", "ComplexInfinity", "ImaginaryUnit")
_FAR = Integer(101)
"""Where the body of a limit must have a value to have a limit; SymPy works Gamma functions out."""
_BOUND = (Integral, Sum, Derivative, AtInfinity, Infimum)


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """A setting whose values are worked out once at each precision."""

    setting: Settled
    known: dict[int, Mapping[Symbol, Number]] = field(default_factory=dict)

    @property
    def grants(self) -> tuple[str, ...]:
        """Those of the setting."""
        return self.setting.grants

    def values(self) -> Mapping[Symbol, Number]:
        """Those of the setting."""
        bits = flint.ctx.prec
        if bits not in self.known:
            self.known[bits] = self.setting.values()
        return self.known[bits]


def fate(weaker: Statement, settings: Iterable[Kept]) -> tuple[Fate, str]:
    """REFUTED or UNDEFINED and the setting at which it is, or PROVED, or UNDECIDED.

    PROVED: by the facts of the statement's own proof, so with its gaps. In a setting the clauses
    are judged whose symbols it determines. One at which the statement itself would fail shows
    nothing.
    """
    real = load()[weaker.mutant_of or weaker.id]
    for setting in settings:
        found = at(weaker, setting)
        if found is not None and at(real, setting) is None:
            return found, str(setting.setting)
    if weaker is not real and real.proof is not None:
        outcome = prove(weaker)
        if outcome.verdict is Verdict.PROVED:
            return Fate.PROVED, outcome.detail
    return Fate.UNDECIDED, ""


def at(weaker: Statement, setting: Kept) -> Fate | None:
    """What the setting shows, if anything; an equality also to its digits of the larger side."""
    known = setting.values()
    pairs = zip(weaker.claim, weaker.unfolded, strict=True)
    chosen = [(clause, whole) for clause, whole in pairs if whole.free_symbols <= known.keys()]
    if not chosen or not _admitted(weaker, setting):
        return None
    if isinstance(setting.setting, NumberSetting | Restated):
        exact = {s: _rational(x) for s, x in known.items() if isinstance(x, fmpq)}
        if any(_asked(whole, known) and _valueless(whole, exact) for _, whole in chosen):
            return Fate.UNDEFINED
        if any(_another_limit(whole, exact) for _, whole in chosen):
            return Fate.REFUTED
    for clause, whole in chosen:
        # The sides of an equality between minima are not enclosed, so there is no larger one.
        for relative in (False,) if whole.has(Infimum) else (False, True):
            found = _judged(replace(weaker, claim=(clause,)), setting, relative)
            if found is not None:
                return found
    return None


def _judged(asked: Statement, setting: Kept, relative: bool) -> Fate | None:
    """Of one clause; a minimum that is not enclosed shows nothing."""
    try:
        found = judge(asked, setting, equality_digits=EQUAL_DIGITS, relative=relative)
    except ValueError as error:
        if "cannot enclose the node Infimum " in str(error):
            return None
        if not any(f"cannot enclose the node {node} " in str(error) for node in _VALUELESS):
            raise
        return Fate.UNDEFINED  # an integral of what has no value there
    if found.effective and found.undefined:
        return Fate.UNDEFINED
    return Fate.REFUTED if found.effective and found.verdict is Verdict.REFUTED else None


def _admitted(weaker: Statement, setting: Kept) -> bool:
    """Whether all that is assumed holds there."""
    values = setting.values()
    for assumption in weaker.assumes:
        condition = weaker.unfold(assumption.condition)
        if not condition.free_symbols <= values.keys():
            if assumption.id in setting.grants:
                continue
            return False
        ruling = decide_clause(condition, values, START_BITS)
        if ruling.verdict is Verdict.REFUTED:
            return False
    return True


def _asked(clause: Boolean, values: Mapping[Symbol, Number]) -> bool:
    """Whether it says something there: not where its premise fails."""
    if not isinstance(clause, Implies):
        return True
    premise = decide_clause(clause.args[0], values, START_BITS)
    return premise.verdict is not Verdict.REFUTED


def _another_limit(clause: Boolean, exact: Mapping[Symbol, Rational]) -> bool:
    """Whether a limit, of which everything but the index is known, is shown to be another."""
    if not isinstance(clause, Eq) or not clause.has(AtInfinity):
        return False
    try:
        reaches(clause.xreplace({s: exact[s] for s in clause.free_symbols if s in exact}))
    except RefutedError:
        return True
    except RefusedError:
        return False
    return False


def _rational(number: fmpq) -> Rational:
    return Rational(int(number.p), int(number.q))


def _valueless(clause: Basic, exact: Mapping[Symbol, Rational]) -> bool:
    """Whether exact numbers make a pole, 0/0 or an imaginary number of some part of a clause."""
    for piece in _pieces(clause):
        value = piece.xreplace(exact)
        if value.has(nan, zoo, I) or value.is_extended_real is False:
            return True
        betas = value.atoms(betainc_regularized)
        if any(number.is_nonpositive for beta in betas for number in beta.args[:2]):
            return True
        if any((end * (1 - end)).is_negative for beta in betas for end in beta.args[2:]):
            return True
        parts = (part.xreplace(exact) for part in piece.atoms(Pow, log, asin))
        if any(part.is_extended_real is False for part in parts):
            return True
    return False


def _pieces(clause: Basic) -> Iterator[Expr]:
    """The largest parts that are closed formulas."""
    if isinstance(clause, Expr) and not clause.has(*_BOUND):
        yield clause
    elif isinstance(clause, AtInfinity):
        body, index = clause.args
        yield from _pieces(body.xreplace({index: _FAR}))
    elif not isinstance(clause, _BOUND):
        for part in clause.args:
            yield from _pieces(part)
