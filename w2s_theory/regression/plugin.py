"""The pytest plugin of `checks/`: selection, mutants, and what each of them comes to.

Load it with `pytest_plugins = ["w2s_theory.regression.plugin"]` in a top-level conftest. Tests
that are no checks run as they do without it; `regression.gathering` makes the report.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from w2s_theory.certify.verdict import Verdict
from w2s_theory.ledger.registry import UnknownStatementError
from w2s_theory.ledger.statement import Evidence, Mutant, Statement
from w2s_theory.ledger.theories import Theory
from w2s_theory.regression.gathering import (
    PLAN,
    REFUSED,
    RESULT,
    WEAKER,
    Gathering,
    Plan,
    check_report_path,
    packed,
)
from w2s_theory.regression.links import check_files
from w2s_theory.regression.looking import looks
from w2s_theory.regression.outcome import PROFILES, Outcome, PendingError, Profile, first_line
from w2s_theory.regression.report import Kill, Record, Weaker
from w2s_theory.regression.stored import JSON_NAME, chosen, package_root


class CheckError(AssertionError):
    """A check whose outcome is not PROVED."""


@dataclass(slots=True)
class _State:
    theory: Theory
    profile: Profile
    statements: tuple[str, ...]
    evidence: Evidence | None
    mutants: str
    # Before anything was filtered: the files that were read, and their checks by node id.
    files: set[Path] = field(default_factory=set)
    declared: dict[str, tuple[str, Evidence]] = field(default_factory=dict)
    plan: Plan | None = None

    @property
    def asked(self) -> bool:
        """Whether checks were asked for by an option."""
        return bool(self.statements or self.evidence) or self.mutants == "only"


_SEED = "w2s_seed"
_STATE = pytest.StashKey[_State]()
_RESULT = pytest.StashKey[Record | Kill]()
_DECLARED_AS = pytest.StashKey[str]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of the theorem regression."""
    group = parser.getgroup("w2s", "theorem regression")
    group.addoption(
        "--statement", action="append", default=[], metavar="ID", help="only checks of this one"
    )
    group.addoption(
        "--theory", metavar="MODULE:NAME", help="the theory, instead of what pyproject.toml says"
    )
    group.addoption("--evidence", metavar="KIND", help="only checks that give this kind")
    group.addoption("--profile", default="quick", metavar="NAME", help="quick (default) or full")
    group.addoption("--report", metavar="FILE", help=f"JSON report, default {JSON_NAME}")
    group.addoption(
        "--seed",
        type=int,
        metavar="N",
        help="of all that is random; fresh by default, 0 where CI or W2S_DERANDOMIZE is set",
    )
    group.addoption(
        "--mutants",
        default="with",
        metavar="WHEN",
        help="run mutants: with (default), without or only",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Validate the options before anything runs."""
    if not __debug__:
        raise pytest.UsageError("python -O strips assert statements: run without -O")
    profile = config.getoption("profile")
    if profile not in PROFILES:
        raise pytest.UsageError(f"--profile must be one of {', '.join(PROFILES)}, got {profile!r}")
    mutants = config.getoption("mutants")
    if mutants not in ("with", "without", "only"):
        raise pytest.UsageError(f"--mutants must be with, without or only, got {mutants!r}")
    kind = config.getoption("evidence")
    kinds = [e.value for e in Evidence]
    if kind is not None and kind not in kinds:
        raise pytest.UsageError(f"--evidence must be one of {', '.join(kinds)}, got {kind!r}")
    # `proofs.kernel` and `checks.support` serve every theory; a project's own names come first.
    if str(package_root()) not in sys.path:
        sys.path.append(str(package_root()))
    try:
        theory = chosen(config.getoption("theory"), config.rootpath)
        for key in config.getoption("statement"):
            _own(theory, key)
    except ValueError as error:
        raise pytest.UsageError(" ".join(str(error).split())) from None
    # A process of pytest-xdist parses the command line again, which need not say the seed.
    shared = getattr(config, "workerinput", {}).get(_SEED, config.option.seed)
    config.option.seed = choose_seed(shared)
    state = _State(
        theory=theory,
        profile=replace(PROFILES[profile], seed=config.option.seed),
        statements=tuple(config.getoption("statement")),
        evidence=None if kind is None else Evidence(kind),
        mutants=mutants,
    )
    config.stash[_STATE] = state
    if not hasattr(config, "workerinput"):  # the processes of pytest-xdist leave reports to us
        if config.getoption("report"):
            check_report_path(Path(config.getoption("report")))
        config.pluginmanager.register(Gathering(config, state.profile, theory), "w2s_gathering")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Hand a process of pytest-xdist the seed that this one has chosen and prints."""
    node.workerinput[_SEED] = node.config.option.seed


def choose_seed(given: int | None) -> int:
    """The seed that is given; otherwise 0 where CI or W2S_DERANDOMIZE is set, or a fresh one."""
    if given is not None:
        return given
    fixed = os.environ.get("CI") or os.environ.get("W2S_DERANDOMIZE")
    return 0 if fixed else secrets.randbits(32)


def pytest_report_header(config: pytest.Config) -> str:
    """What repeats this run."""
    return f"w2s: --seed {config.stash[_STATE].profile.seed}"


def _check_of(item: object) -> tuple[str, Evidence] | None:
    found: tuple[str | None, Evidence] | None
    found = getattr(getattr(item, "obj", None), "w2s_check", None)
    if found is None:
        return None
    key, kind = found
    if key is None:  # one check for many statements, parametrised by `statement_id`
        key = item.callspec.params["statement_id"]  # type: ignore[attr-defined]
    return key, kind


@pytest.fixture
def statement(request: pytest.FixtureRequest) -> Statement:
    """The statement that the check is about."""
    found = _check_of(request.node)
    if found is None:
        raise CheckError(f"{request.node.nodeid} asks for a statement but is not a check")
    return request.config.stash[_STATE].theory.ledger[found[0]]


@pytest.fixture
def profile(request: pytest.FixtureRequest) -> Profile:
    """How much work the check may do."""
    return request.config.stash[_STATE].profile


@pytest.fixture
def record_weaker(request: pytest.FixtureRequest) -> Callable[[Weaker], None]:
    """Takes what became of a statement that assumes less, for the report."""

    def record(one: Weaker) -> None:
        request.node.user_properties.append((WEAKER, json.dumps(asdict(one))))

    return record


def pytest_make_collect_report(collector: pytest.Collector) -> None:
    """Note that a file is read: `--last-failed` skips files without a word."""
    if isinstance(collector, pytest.Module):
        collector.config.stash[_STATE].files.add(collector.path)


@pytest.hookimpl(wrapper=True)
def pytest_pycollect_makeitem(collector: pytest.Collector) -> Generator[None, Any, Any]:
    """Note the checks of a file before anything can filter them."""
    made = yield
    for item in made if isinstance(made, list) else [made]:
        found = _check_of(item) if isinstance(item, pytest.Item) else None
        if found is not None:
            collector.config.stash[_STATE].declared[item.nodeid] = found
            item.stash[_DECLARED_AS] = item.nodeid
    return made


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Drop the checks that are not asked for and append one item a mutant."""
    state = config.stash[_STATE]
    try:
        # Proofs, then searches: a mutant meets its checks in this order, until one refutes it.
        kept = sorted((item for item in items if _selected(item, state)), key=_place)
    except UnknownStatementError as error:
        return _refuse(config, items, str(error))
    run = kept if state.mutants != "only" else []
    mutants = list(_mutant_items(session, state, kept)) if state.mutants != "without" else []
    if state.asked and not (run or mutants):
        return _refuse(config, items, "no check is selected: nothing would be verified")
    others = [item for item in items if _check_of(item) is None and _follows(item, state)]
    if dropped := [item for item in items if item not in run and item not in others]:
        config.hook.pytest_deselected(items=dropped)
    items[:] = [*others, *run, *mutants]
    return None


def _follows(item: pytest.Item, state: _State) -> bool:
    """Whether a test of weaker hypotheses is asked for: as mutants of its statement are."""
    if not _about_weaker(item):
        return True
    key = item.callspec.params["statement_id"]  # type: ignore[attr-defined]
    about = not state.statements or key in state.statements
    return about and state.evidence is None and state.mutants != "without"


def _about_weaker(item: pytest.Item) -> bool:
    return hasattr(getattr(item, "obj", None), "w2s_weaker")


def _refuse(config: pytest.Config, items: list[pytest.Item], message: str) -> None:
    """Run nothing. A process of pytest-xdist tells the one that reports, which says why."""
    if not hasattr(config, "workeroutput"):
        raise pytest.UsageError(message)
    config.workeroutput[REFUSED] = message
    items[:] = []


def _place(item: pytest.Item) -> int:
    theory = item.config.stash[_STATE].theory
    first = [Path(name).name for name in (theory.proofs, theory.searches) if name]
    return first.index(item.path.name) if item.path.name in first else len(first)


def _selected(item: pytest.Item, state: _State) -> bool:
    found = _check_of(item)
    if found is None:
        return False
    key, kind = found
    _own(state.theory, key)  # an unknown id in a check is an error, not a silent pass
    return (not state.statements or key in state.statements) and (
        state.evidence is None or kind is state.evidence
    )


def _own(theory: Theory, key: str) -> Statement:
    """A statement of the theory itself; `UnknownStatementError` for those that it is on top of."""
    found = theory.ledger[key]
    if key not in theory.own:
        raise UnknownStatementError(f"{key!r} is beneath the theory {theory.name}, not of it")
    return found


def _unread(state: _State, root: Path, keys: Sequence[str], *but: str | None) -> bool:
    """Whether a file that one of the statements names is on disk and was not read."""
    ledger = state.theory.ledger
    names = {name for key in keys for name in check_files(ledger[key], state.theory)} - {*but}
    return any((root / name).is_file() and root / name not in state.files for name in names)


def _mutant_items(
    session: pytest.Session, state: _State, kept: Sequence[pytest.Item]
) -> Iterator[pytest.Item]:
    """The mutants of the statements all of whose checks are at hand, but for formal ones.

    A mutant that some of its checks cannot see would be no survivor.
    """
    here = {item.stash[_DECLARED_AS] for item in kept}
    absent = {k for name, (k, e) in state.declared.items() if name not in here and e not in _BLIND}
    about = [(_check_of(item), item) for item in kept]
    keys = {found[0] for found, _ in about if found is not None}
    theory, root = state.theory, session.config.rootpath
    for key in theory.own if keys else ():  # a ledger takes seconds to load
        if key not in keys - absent or _unread(state, root, [key], theory.formal):
            continue
        checks = [item for found, item in about if found is not None and found[0] == key]
        for mutant in theory.ledger[key].mutants:
            yield MutantItem.from_parent(
                session, name=f"mutant[{key}~{mutant.id}]", key=key, mutant=mutant, checks=checks
            )


_BLIND = (Evidence.FORMAL,)
"""Evidence about the statement as it is built, which sees no mutant."""
_PROOF = Evidence.SYMBOLIC


def pytest_collection_finish(session: pytest.Session) -> None:
    """Set down what is going to run, once every plugin has had its say."""
    state = session.config.stash[_STATE]
    items: dict[str, Record | Kill] = {}
    names = set()
    for item in session.items:
        if isinstance(item, MutantItem):
            items[item.nodeid] = replace(item.kill, note="gave no outcome")
        elif (found := _check_of(item)) is not None:
            names.add(item.stash[_DECLARED_AS])
            items[item.nodeid] = _record(item, found, None, "gave no outcome")
    partial = (
        state.asked
        or not items
        or bool(state.declared.keys() - names)
        or _unread(state, session.config.rootpath, state.theory.own)
    )
    about = {result.statement for result in items.values()}
    selected = tuple(k for k in state.theory.own if k in about or not partial) if items else ()
    pairs = dict.fromkeys(state.declared.values())
    absent = {found for name, found in state.declared.items() if name not in names}
    whole = tuple(
        (key, kind.value)
        for key, kind in pairs
        if key in selected
        and (key, kind) not in absent
        and not _unread(state, session.config.rootpath, [key])
    )
    plan = Plan(items=items, selected=selected, partial=partial, whole=whole)
    state.plan = plan if items or any(map(_about_weaker, session.items)) else None


def _call(item: pytest.Item, statement: Statement, profile: Profile) -> Outcome:
    """The check behind an item, run on another statement."""
    callspec = getattr(item, "callspec", None)
    parameters = {} if callspec is None else callspec.params
    arguments = {"statement": statement, "profile": profile, **parameters}
    outcome: Outcome = item.obj(**arguments)  # type: ignore[attr-defined]
    return outcome


class MutantItem(pytest.Item):
    """Passes if one of the statement's checks refutes the mutant."""

    def __init__(
        self, *, key: str, mutant: Mutant, checks: list[pytest.Item], **kwargs: Any
    ) -> None:
        """Remember the mutant and the statement's checks."""
        super().__init__(**kwargs)
        self.key, self.mutant, self.checks = key, mutant, checks

    def runtest(self) -> None:
        """Run the proof, and the checks until one refutes the mutant; in the full profile, all.

        A proof of the mutant is a defect, whatever refutes it.
        """
        state = self.config.stash[_STATE]
        profile, statement = state.profile, state.theory.ledger[self.key]
        mutated = statement.mutated(self.mutant)
        quick = replace(PROFILES["quick"], seed=profile.seed, shrink=False)
        notes, by, kinds, proved = [], self.kill, dict[str, str](), False
        for item in self.checks:
            kind = _check_of(item)[1]  # type: ignore[index]
            done = by.check is not None and profile.name != "full" and kind is not _PROOF
            if done or kind in _BLIND or kinds.get(kind.value) == Verdict.REFUTED.name:
                continue
            try:
                outcome = _call(item, mutated, quick)
            except Exception as error:
                notes.append(f"{item.name}: {type(error).__name__}: {first_line(error)}")
                continue
            spared = outcome.verdict is not Verdict.REFUTED and kind is not _PROOF
            if spared and not looks(partial(_call, item, profile=quick), statement, mutated):
                notes.append(f"{item.name}: does not look at it")
                continue
            kinds[kind.value] = outcome.verdict.name
            proved |= kind is _PROOF and outcome.verdict is Verdict.PROVED
            if outcome.verdict is Verdict.REFUTED and by.check is None:
                note = first_line(outcome.detail)[:60]
                by = replace(by, check=item.name, margin=outcome.margin, note=note)
            notes.append(f"{item.name}: {outcome.verdict.name.lower()}")
        if proved or by.check is None:
            by = replace(by, check=None, note="; ".join(notes))
        self.stash[_RESULT] = replace(by, kinds=kinds)
        if by.check is None:
            what = "is proved" if proved else "survived"
            raise CheckError(f"mutant {what}: {mutated.id} ({self.mutant.change}); {notes}")

    @property
    def kill(self) -> Kill:
        """The line of the report on this mutant, as long as nothing has refuted it."""
        about = self.mutant
        return Kill(statement=self.key, mutant=about.id, change=about.change, check=None)

    def repr_failure(self, excinfo: Any, style: Any = None) -> str:
        """One line: the traceback of a survivor says nothing."""
        return str(excinfo.value)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the mutant is listed."""
        return self.path, None, self.name


def _record(
    item: pytest.Item,
    about: tuple[str, Evidence],
    outcome: Outcome | None,
    error: str = "",
    pending: bool = False,
) -> Record:
    key, kind = about
    return Record(
        statement=key, kind=kind, check=item.name, outcome=outcome, error=error, pending=pending
    )


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a check, keep its outcome for the report, fail unless PROVED."""
    found = _check_of(pyfuncitem)
    if found is None:
        return None
    names = pyfuncitem._fixtureinfo.argnames
    arguments = {name: pyfuncitem.funcargs[name] for name in names}
    try:
        outcome = pyfuncitem.obj(**arguments)
    except PendingError as why:
        pyfuncitem.stash[_RESULT] = _record(pyfuncitem, found, None, str(why), pending=True)
        pytest.skip(f"pending: {why}")
    except Exception as error:
        pyfuncitem.stash[_RESULT] = _record(pyfuncitem, found, None, first_line(error))
        raise
    if not isinstance(outcome, Outcome):
        pyfuncitem.stash[_RESULT] = _record(pyfuncitem, found, None, "returned no Outcome")
        raise CheckError(f"a check must return an Outcome, {pyfuncitem.name} returned {outcome!r}")
    pyfuncitem.stash[_RESULT] = _record(pyfuncitem, found, outcome)
    pyfuncitem.user_properties += [
        ("statement", found[0]),
        ("evidence", found[1].value),
        ("margin", outcome.margin),
        ("effective", str(outcome.effective)),
    ]
    if outcome.verdict is not Verdict.PROVED:
        raise CheckError(f"{found[0]} [{found[1].value}] {outcome.verdict.name}: {outcome.detail}")
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Attach the result, and to the first report of this process what it set out to do."""
    report = yield
    state = item.config.stash[_STATE]
    if state.plan is not None:
        setattr(report, PLAN, state.plan.packed())
        state.plan = None
    if call.when == "call" and _RESULT in item.stash:
        setattr(report, RESULT, packed(item.stash[_RESULT]))
        del item.stash[_RESULT]
    if call.excinfo is not None and isinstance(call.excinfo.value, CheckError):
        report.longrepr = str(call.excinfo.value)  # where a verdict was raised says nothing
    return report
