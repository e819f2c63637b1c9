"""Search for a counterexample to a statement among random settings (Hypothesis)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from w2s_theory.certify import Verdict
from w2s_theory.ledger.statement import Statement
from w2s_theory.models.parallel import Progress, silent
from w2s_theory.search.judge import judge
from w2s_theory.search.literals import without_literals
from w2s_theory.search.settings import Settled, refuse_foreign

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What a search found.

    `verdict`: REFUTED with a (shrunk) `counterexample`; UNDECIDED if some setting could not
    be decided; VACUOUS if none was effective; PROVED only in the sense that it holds in all
    `effective` of the `tried` settings. In `undefined` of them a part of the claim has no value.
    `margin`: smallest relative margin seen. `undecided`: the first setting left undecided.
    `untested`: clauses whose premise held in no effective setting.
    """

    verdict: Verdict
    tried: int
    effective: int
    margin: float
    counterexample: Settled | None = None
    undecided: Settled | None = None
    undefined: int = 0
    untested: tuple[int, ...] = ()


class _FoundError(Exception):
    """Stops the search at a counterexample."""


def falsify(
    statement: Statement,
    settings: SearchStrategy[Settled],
    *,
    examples: Sequence[Settled] = (),
    tries: int = 200,
    seed: int | None = None,
    shrink: bool = True,
    equality_digits: int | None = None,
    progress: Progress = silent,
) -> Search:
    """Judge `statement` in `examples`, then in `tries` settings drawn from a Hypothesis strategy.

    Hypothesis shrinks what it finds, unless `shrink` is False. The settings are those of
    `seed`, whatever else is loaded; fresh ones without. `equality_digits` as in `judge`. Raises
    `ValueError` if `tries` < 1 and for symbols that are not the ledger's.

    >>> from w2s_theory.ledger.registry import load
    >>> from w2s_theory.search import one_student
    >>> theorem = load()["thm-4.1"]
    >>> false = theorem.mutated(theorem.mutants[0])
    >>> falsify(false, one_student.sharp_students(), tries=50, seed=0).verdict.name
    'REFUTED'
    """
    import secrets
    import warnings

    import hypothesis
    from hypothesis import HealthCheck, Phase, given
    from hypothesis import settings as options

    if isinstance(tries, bool) or not isinstance(tries, int) or tries < 1:
        raise ValueError(f"tries must be an integer >= 1, got {tries!r}")
    conditions = (*statement.claim, *(a.condition for a in statement.assumes))
    for condition in conditions:
        refuse_foreign(statement.id, statement.unfold(condition).free_symbols)
    counts = {"tried": 0, "effective": 0, "undefined": 0}
    untested = dict.fromkeys(range(len(statement.claim)))
    margin, found, undecided = float("inf"), None, None
    phases = [Phase.generate, *([Phase.shrink] if shrink else [])]

    def look(setting: Settled) -> None:
        nonlocal margin, found, undecided
        result = judge(statement, setting, equality_digits=equality_digits)
        counts["tried"] += 1
        progress("settings", counts["tried"], len(examples) + tries)
        if result.undefined:
            counts["undefined"] += 1
            return
        if result.verdict is Verdict.UNDECIDED and undecided is None:
            undecided = setting
        if not result.effective:
            return
        counts["effective"] += 1
        for place in result.tested:
            untested.pop(place, None)
        if result.verdict is Verdict.REFUTED:
            found, margin = setting, result.margin
            raise _FoundError
        margin = min(margin, result.margin)

    @hypothesis.seed(secrets.randbits(64) if seed is None else seed)
    @options(
        max_examples=tries,
        database=None,
        deadline=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        print_blob=False,
        verbosity=hypothesis.Verbosity.quiet,
    )
    @given(settings)
    def probe(setting: Any) -> None:
        look(setting)

    verdict = Verdict.PROVED
    try:
        for example in examples:
            look(example)
        with without_literals(), warnings.catch_warnings():
            # Long chains have long reprs; nothing prints them unless they refute something.
            warnings.filterwarnings("ignore", message="Generating overly large repr")
            probe()
    except _FoundError:
        verdict = Verdict.REFUTED
    if verdict is Verdict.PROVED and undecided is not None:
        verdict = Verdict.UNDECIDED
    if verdict is Verdict.PROVED and not counts["effective"]:
        verdict = Verdict.VACUOUS
    return Search(
        verdict=verdict,
        **counts,
        margin=margin,
        counterexample=found,
        undecided=undecided,
        untested=tuple(untested),
    )
