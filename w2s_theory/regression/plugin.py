"""The pytest plugin of `checks/`: selection, mutants, the table, and the reports.

Load it with `pytest_plugins = ["w2s_theory.regression.plugin"]` in a top-level conftest.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from w2s_theory.certify.verdict import Verdict
from w2s_theory.ledger.registry import Ledger, UnknownStatementError, load
from w2s_theory.ledger.statement import Evidence, Mutant, Statement
from w2s_theory.regression import report as reporting
from w2s_theory.regression.links import FORMAL, PROOFS, SEARCHES, check_files
from w2s_theory.regression.outcome import PROFILES, Outcome, PendingError, Profile, first_line
from w2s_theory.regression.report import Kill, Record, Status
from w2s_theory.regression.stored import JSON_NAME, XML_NAME
from w2s_theory.text.columns import columns


class CheckError(AssertionError):
    """A check whose outcome is not PROVED."""


@dataclass(slots=True)
class _State:
    ledger: Ledger
    profile: Profile
    statements: tuple[str, ...]
    evidence: Evidence | None
    mutants: str
    records: list[Record] = field(default_factory=list)
    kills: list[Kill] = field(default_factory=list)
    selected: list[str] = field(default_factory=list)
    partial: bool = False


_STATE = pytest.StashKey[_State]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of the theorem regression."""
    group = parser.getgroup("w2s", "theorem regression")
    group.addoption(
        "--statement", action="append", default=[], metavar="ID", help="only this statement"
    )
    group.addoption("--evidence", metavar="KIND", help="only evidence of this kind")
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
    """Validate the options; JUnit XML goes next to the JSON report unless told where."""
    ledger = load()
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
    for key in config.getoption("statement"):
        try:
            ledger[key]
        except UnknownStatementError as error:
            raise pytest.UsageError(f"--statement: {error}") from None
    if not config.option.xmlpath:
        config.option.xmlpath = str(config.rootpath / XML_NAME)
    # Written back, so that the processes of xdist share it.
    config.option.seed = choose_seed(config.option.seed)
    config.stash[_STATE] = _State(
        ledger=ledger,
        profile=replace(PROFILES[profile], seed=config.option.seed),
        statements=tuple(config.getoption("statement")),
        evidence=None if kind is None else Evidence(kind),
        mutants=mutants,
    )


def choose_seed(given: int | None) -> int:
    """The seed that is given; otherwise 0 where CI or W2S_DERANDOMIZE is set, or a fresh one."""
    if given is not None:
        return given
    fixed = os.environ.get("CI") or os.environ.get("W2S_DERANDOMIZE")
    return 0 if fixed else secrets.randbits(32)


def pytest_report_header(config: pytest.Config) -> str:
    """What repeats this run."""
    return f"w2s: --seed {config.stash[_STATE].profile.seed}"


def _check_of(item: pytest.Item) -> tuple[str, Evidence] | None:
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
    return request.config.stash[_STATE].ledger[found[0]]


@pytest.fixture
def profile(request: pytest.FixtureRequest) -> Profile:
    """How much work the check may do."""
    return request.config.stash[_STATE].profile


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Keep the selected checks and append one item a mutant; nothing selected is an error."""
    state = config.stash[_STATE]
    checks = [item for item in items if _check_of(item) is not None]
    # Proofs, then searches: a mutant meets its checks in this order, until one refutes it.
    kept = sorted((item for item in checks if _selected(item, state)), key=_place)
    filtered = bool(state.statements or state.evidence or config.getoption("keyword"))
    single = any("::" in argument for argument in config.args)
    files = [Path(argument).name for argument in config.args if argument.endswith(".py")]
    state.partial = filtered or single or bool(files)
    if not kept:
        raise pytest.UsageError("no check is selected: nothing would be verified")
    names = [_check_of(item)[0] for item in kept]  # type: ignore[index]
    state.selected = [key for key in state.ledger if not state.partial or key in names]
    dropped = [item for item in items if item not in kept]
    if dropped:
        config.hook.pytest_deselected(items=dropped)
    items[:] = kept if state.mutants != "only" else []
    # A mutant that some of the checks cannot see is no survivor: run those seen by all of theirs.
    whole = not (state.evidence or config.getoption("keyword") or single)
    if state.mutants != "without" and whole:
        seen = [key for key in state.selected if not files or _covers(files, state.ledger[key])]
        items.extend(_mutant_items(session, state, kept, seen))


def _place(item: pytest.Item) -> int:
    first = [Path(name).name for name in (PROOFS, SEARCHES)]
    return first.index(item.path.name) if item.path.name in first else len(first)


def _covers(files: list[str], statement: Statement) -> bool:
    """Whether all of a statement's checks are in the files asked for."""
    needed = [name for name in check_files(statement) if name != FORMAL]
    return all(Path(name).name in files for name in needed)


def _selected(item: pytest.Item, state: _State) -> bool:
    found = _check_of(item)
    if found is None:
        return False
    key, kind = found
    state.ledger[key]  # an unknown id in a check is an error, not a silent pass
    return (not state.statements or key in state.statements) and (
        state.evidence is None or kind is state.evidence
    )


def _mutant_items(
    session: pytest.Session, state: _State, kept: list[pytest.Item], keys: list[str]
) -> Iterator[pytest.Item]:
    for key in keys:
        checks = [item for item in kept if _check_of(item)[0] == key]  # type: ignore[index]
        for mutant in state.ledger[key].mutants:
            yield MutantItem.from_parent(
                session, name=f"mutant[{key}~{mutant.id}]", key=key, mutant=mutant, checks=checks
            )


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
        """Run the checks against the mutant until one refutes it."""
        state = self.config.stash[_STATE]
        mutated = state.ledger[self.key].mutated(self.mutant)
        quick = replace(PROFILES["quick"], seed=state.profile.seed, shrink=False)
        notes = []
        for item in self.checks:
            kind = _check_of(item)[1]  # type: ignore[index]
            if kind is Evidence.FORMAL:
                continue
            try:
                outcome = _call(item, mutated, quick)
            except Exception as error:
                notes.append(f"{item.name}: {type(error).__name__}: {first_line(error)}")
                continue
            if outcome.verdict is Verdict.REFUTED:
                self._note(item.name, outcome)
                return
            notes.append(f"{item.name}: {outcome.verdict.name.lower()}")
        self._note(None, None, "; ".join(notes))
        raise CheckError(f"mutant survived: {mutated.id} ({self.mutant.change}); {notes}")

    def _note(self, check: str | None, outcome: Outcome | None, note: str = "") -> None:
        self.config.stash[_STATE].kills.append(
            Kill(
                statement=self.key,
                mutant=self.mutant.id,
                change=self.mutant.change,
                check=check,
                margin="" if outcome is None else outcome.margin,
                note=note or ("" if outcome is None else first_line(outcome.detail)[:60]),
            )
        )

    def repr_failure(self, excinfo: Any, style: Any = None) -> str:
        """One line: the traceback of a survivor says nothing."""
        return str(excinfo.value)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the mutant is listed."""
        return self.path, None, self.name


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a check, record its outcome, fail unless PROVED."""
    found = _check_of(pyfuncitem)
    if found is None:
        return None
    state = pyfuncitem.config.stash[_STATE]
    names = pyfuncitem._fixtureinfo.argnames
    arguments = {name: pyfuncitem.funcargs[name] for name in names}
    about: dict[str, Any] = {"statement": found[0], "kind": found[1], "check": pyfuncitem.name}
    try:
        outcome = pyfuncitem.obj(**arguments)
    except PendingError as pending:
        state.records.append(Record(**about, outcome=None, error=str(pending), pending=True))
        pytest.skip(f"pending: {pending}")
    except Exception as error:
        state.records.append(Record(**about, outcome=None, error=first_line(error)))
        raise
    if not isinstance(outcome, Outcome):
        state.records.append(Record(**about, outcome=None, error="returned no Outcome"))
        raise CheckError(f"a check must return an Outcome, {pyfuncitem.name} returned {outcome!r}")
    state.records.append(Record(**about, outcome=outcome))
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
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, None, None]:
    """Write the JSON report; missing evidence fails the run even if every check passed."""
    state = session.config.stash[_STATE]
    if session.config.option.collectonly or not (state.records or state.kills):
        return (yield)
    report = _report(state)
    path = Path(session.config.getoption("report") or session.config.rootpath / JSON_NAME)
    path.write_text(json.dumps(reporting.to_json(report), indent=1) + "\n", encoding="utf-8")
    if session.exitstatus == pytest.ExitCode.OK and report.exit_code:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    return (yield)


def _report(state: _State) -> reporting.Report:
    return reporting.build(
        state.ledger,
        state.records,
        state.kills,
        selected=state.selected,
        partial=state.partial or state.mutants == "only",
        profile=state.profile.name,
        seed=state.profile.seed,
    )


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """The kill table, the table of statements, and one verdict line."""
    state = config.stash[_STATE]
    if not (state.records or state.kills):
        return
    report = _report(state)
    if report.kills:
        terminalreporter.section("mutants")
        for line in columns(reporting.kill_table(report)):
            terminalreporter.write_line(line)
    if state.records:
        terminalreporter.section("statements x evidence")
        for line in columns(reporting.table(report)):
            terminalreporter.write_line(line)
    good = report.status in (Status.HELD, Status.PENDING, Status.NOT_RUN)
    terminalreporter.write_line(reporting.verdict_line(report), green=good, red=not good)
