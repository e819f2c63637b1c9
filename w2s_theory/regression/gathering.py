"""What a run set out to do and what came of it, gathered in the one process that reports.

Plan and results travel as text on pytest's test reports, so that it makes no difference whether
the checks ran in this process or in others (pytest-xdist), nor which of them broke down.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from shutil import get_terminal_size
from textwrap import wrap
from typing import Any

import pytest

from w2s_theory.certify.verdict import Verdict
from w2s_theory.ledger.statement import Evidence
from w2s_theory.ledger.theories import Theory
from w2s_theory.regression import report as reporting
from w2s_theory.regression.lasting import Pair, keep
from w2s_theory.regression.outcome import Outcome, Profile, first_line
from w2s_theory.regression.report import Fate, Kill, Record, Report, Status, Weaker
from w2s_theory.regression.rests import Rests
from w2s_theory.regression.stored import JSON_NAME
from w2s_theory.text.columns import columns
from w2s_theory.text.files import replace_files

_FEW, _AROUND = 24, 14
"""Rows that a log has room for; lines of a screen that are taken by what stands around tables."""
_FINE = (Status.HELD, Status.PENDING)
PLAN, RESULT, REFUSED, WEAKER = "w2s_plan", "w2s_result", "w2s_refused", "w2s_weaker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The items of a run in order, each with its result if it does not finish.

    `whole`: the statements and kinds of evidence all of whose checks are among them.
    """

    items: dict[str, Record | Kill]
    selected: tuple[str, ...]
    partial: bool
    whole: tuple[Pair, ...] = ()

    def packed(self) -> str:
        """As text."""
        items = {key: packed(result) for key, result in self.items.items()}
        return json.dumps([items, self.selected, self.partial, self.whole])

    @classmethod
    def unpacked(cls, text: str) -> Plan:
        """From text."""
        items, selected, partial, whole = json.loads(text)
        found = {key: unpacked(result) for key, result in items.items()}
        pairs = tuple((key, kind) for key, kind in whole)
        return cls(items=found, selected=tuple(selected), partial=partial, whole=pairs)


def packed(result: Record | Kill) -> str:
    """A result as text."""
    return json.dumps(
        asdict(result), default=lambda x: x.name if isinstance(x, Verdict) else int(x)
    )


def unpacked(text: str) -> Record | Kill:
    """The result of a text of `packed`."""
    data = json.loads(text)
    if "mutant" in data:
        return Kill(**data)
    if data["outcome"] is not None:
        data["outcome"]["verdict"] = Verdict[data["outcome"]["verdict"]]
        data["outcome"] = Outcome(**data["outcome"])
    return Record(**{**data, "kind": Evidence(data["kind"])})


def unpacked_weaker(text: str) -> Weaker:
    """A weaker hypothesis from its text, `json.dumps(asdict(...))`."""
    data = json.loads(text)
    return Weaker(**{**data, "fate": Fate(data["fate"])})


def check_report_path(path: Path) -> None:
    """Raise `pytest.UsageError` unless a report can be written there."""
    try:
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise pytest.UsageError(f"--report {path}: {error.strerror or error}") from None
    if path.is_dir():
        raise pytest.UsageError(f"--report must be a file, got the folder {path}")


@dataclass(slots=True, eq=False)
class Gathering:
    """The plugin of the process that reports: collects results, writes, and gives the verdict."""

    config: pytest.Config
    profile: Profile
    theory: Theory
    plan: Plan | None = None
    keys: Mapping[str, Mapping[str, str]] = field(
        default_factory=dict, init=False
    )  # when the run began
    results: dict[str, Record | Kill] = field(default_factory=dict, init=False)
    weaker: dict[str, Weaker] = field(default_factory=dict, init=False)
    broken: dict[str, None] = field(default_factory=dict, init=False)
    order: Sequence[str] = ()  # of all tests; known to us where pytest-xdist runs them
    failures: Counter[str] = field(default_factory=Counter, init=False)
    refused: str = ""
    unwritten: str = ""
    started: float = 0.0  # the first test

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note what could not be collected."""
        if report.failed:
            self.broken[report.nodeid] = None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take plan and result off a report; of two results of an item the worse one counts."""
        self.failures[report.nodeid] += report.failed and not hasattr(report, "wasxfail")
        if self.plan is None and hasattr(report, PLAN):
            self.plan = Plan.unpacked(getattr(report, PLAN))
            rests = Rests(self.theory)
            self.started = time.monotonic() - report.duration
            self.keys = {key: rests.keys(self.theory.ledger[key]) for key in self.plan.selected}
        for name, value in report.user_properties:
            if name == WEAKER:
                one = unpacked_weaker(str(value))
                self.weaker[f"{one.statement}~{one.id}"] = one
        if self.plan is None or report.nodeid not in self.plan.items:
            return
        results = [self.results[report.nodeid]] if report.nodeid in self.results else []
        if hasattr(report, RESULT):
            results.append(unpacked(getattr(report, RESULT)))
        elif report.failed or report.skipped:
            results.append(_unfinished(self.plan.items[report.nodeid], report))
        elif report.when == "call":
            results.append(self.plan.items[report.nodeid])
        if results:
            self.results[report.nodeid] = min(results, key=_rank)
            self._tell(self.results[report.nodeid].statement)

    def _tell(self, statement: str) -> None:
        """On a terminal, what is done and what is left, in a line that stays one."""
        screen = self.config.pluginmanager.get_plugin("terminalreporter")
        if self.plan is None or screen is None or not self._lively():
            return
        screen._show_progress_info = False  # pytest's percentage would be put behind ours
        items, ran = self.plan.items, len(self.results)
        waiting = {item.statement for key, item in items.items() if key not in self.results}
        every = {item.statement for item in items.values()}
        left = round((time.monotonic() - self.started) / ran * (len(items) - ran))
        line = (
            f"{ran} of {len(items)} checks and mutants, {len(every) - len(waiting)} of "
            f"{len(every)} statements, {left // 60}:{left % 60:02} left: {statement}"
        )
        screen.rewrite(line[: get_terminal_size().columns - 1], erase=True)

    def _lively(self) -> bool:
        """Whether checks are counted on a terminal, and no list of tests is asked for."""
        if self.plan is None or not self.plan.items:
            return False
        screen = self.config.pluginmanager.get_plugin("terminalreporter")
        return bool(screen and screen.isatty and self.config.get_verbosity() == 0)

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(
        self, report: pytest.TestReport | pytest.CollectReport
    ) -> tuple[str, str, str] | None:
        """No dots where statements are counted; what fails keeps its letter."""
        quiet = report.passed and self._lively()
        return ("passed" * (report.when == "call"), "", "") if quiet else None

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Hear why a process of pytest-xdist refused to run anything."""
        self.refused = getattr(node, "workeroutput", {}).get(REFUSED, self.refused)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Sequence[str]) -> None:
        """Note the order, which is the same in every process."""
        self.order = ids

    def _end(self) -> int | None:
        """How many tests a run in one process takes to the failure that ends it (-x, --maxfail).

        pytest-xdist runs some that come later, and all before: it hands them out in order.
        """
        most, seen = self.config.getoption("maxfail"), len(self.broken)
        for place, name in enumerate(self.order if most else (), 1):
            seen += self.failures[name]
            if seen >= most:
                return place
        return None

    def found(self) -> list[Record | Kill]:
        """The results that count, in order."""
        items = {} if self.plan is None else self.plan.items
        end = self._end()
        beyond = () if end is None else frozenset(self.order[end:])
        return [self.results[key] for key in items if key in self.results and key not in beyond]

    def _whole(self) -> tuple[Pair, ...]:
        """The kinds of evidence all of whose checks have a result."""
        plan, found = self.plan, {id(result) for result in self.found()}
        items = () if plan is None else plan.items.items()
        records = ((key, item) for key, item in items if isinstance(item, Record))
        lost = {
            (item.statement, item.kind.value)
            for key, item in records
            if id(self.results.get(key)) not in found
        }
        return () if plan is None else tuple(pair for pair in plan.whole if pair not in lost)

    def report(self) -> Report | None:
        """What has been gathered; None where no check or mutant was run."""
        found = self.found()
        if self.plan is None or not (found or self.weaker):
            return None
        return reporting.build(
            self.theory.ledger,
            [result for result in found if isinstance(result, Record)],
            [result for result in found if isinstance(result, Kill)],
            [self.weaker[key] for key in sorted(self.weaker)],
            selected=self.plan.selected,
            partial=self.plan.partial or len(found) < len(self.plan.items),
            profile=self.profile.name,
            seed=self.profile.seed,
            broken=tuple(self.broken),
        )

    @pytest.hookimpl(wrapper=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, None, None]:
        """Write the report; missing evidence fails the run even if every check passed."""
        found = self.report()
        if self.refused:
            session.exitstatus = pytest.ExitCode.USAGE_ERROR
        if session.exitstatus == pytest.ExitCode.INTERRUPTED and self._end() is not None:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED  # -x is no keyboard interrupt
        if found is not None:
            path = Path(self.config.getoption("report") or self.config.rootpath / JSON_NAME)
            text = json.dumps(reporting.to_json(found), indent=1) + "\n"
            try:
                replace_files(path.parent, {path.name: text.encode()})
                keep(path.parent, found, self._whole(), self.keys)
            except OSError as error:
                why = error.strerror or error
                self.unwritten = f"the report was not written: {path}: {why}"
            if session.exitstatus == pytest.ExitCode.OK and (found.exit_code or self.unwritten):
                session.exitstatus = pytest.ExitCode.TESTS_FAILED
        return (yield)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """What is not held, and one verdict line; with -v, or where there is room, every row."""
        for line in filter(None, (self.refused, self.unwritten)):
            terminalreporter.write_line(f"ERROR: {line}", red=True)
        found = self.report()
        if found is None:
            return
        if self._lively():
            terminalreporter.rewrite("", erase=True)
            terminalreporter.rewrite("")
        size = get_terminal_size() if terminalreporter.isatty else None
        width = size.columns if size else None
        ran = any(isinstance(result, Record) for result in self.found())
        evidence = columns(reporting.table(found), width)
        mutants = columns(reporting.kill_table(found.kills), width)
        weaker = columns(reporting.weaker_table(found), width)
        room = size.lines - _AROUND if size else len(evidence) * (len(found.rows) <= _FEW)
        if (not size and room) or self.config.get_verbosity() > 0:
            room = len(evidence) + len(mutants) + len(weaker)
        every = ran and len(evidence) <= room  # statements first, then mutants
        room -= len(evidence) * every
        all_kills = len(mutants) <= room
        room -= len(mutants) * all_kills
        if found.kills:
            terminalreporter.section("mutants")
            alive = [kill for kill in found.kills if kill.check is None]
            survivors = columns(reporting.kill_table(alive), width) if alive else []
            for line in mutants if all_kills else survivors:
                terminalreporter.write_line(line, red=not all_kills)
            for kind, run, killed in reporting.kills_by_kind(found):
                line = f"{kind.value}: {killed} killed of {run} that it looks at"
                terminalreporter.write_line(line)
        if count := len(reporting.weaker_table(found)) - 1:
            terminalreporter.section("weaker hypotheses that are not refuted")
            for line in weaker if len(weaker) <= room else (f"{count} (all rows: -v)",):
                terminalreporter.write_line(line)
        if ran:
            rows = reporting.table(found, without=() if every else _FINE)
            terminalreporter.section("statements x evidence" if every else "not held")
            for line in columns(rows, width) if len(rows) > 1 else ("nothing (all rows: -v)",):
                terminalreporter.write_line(line, yellow=not every and len(rows) > 1)
        good = found.status in (Status.HELD, Status.PENDING, Status.NOT_RUN)
        verdict = reporting.verdict_line(found)
        for line in wrap(verdict, width) if width else [verdict]:
            terminalreporter.write_line(line, green=good, red=not good)


def _unfinished(result: Record | Kill, report: pytest.TestReport) -> Record | Kill:
    """The result of an item of which pytest says no more than that it failed or was skipped."""
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longreprtext
    lines = [line for line in str(reason).splitlines() if line.strip()]
    why = first_line(lines[-1].strip()) if lines else report.outcome
    if isinstance(result, Kill):
        return replace(result, note=why)
    return replace(result, error=why)


def _rank(result: Record | Kill) -> int:
    status = Status.REFUTED if isinstance(result, Kill) and result.check is None else Status.HELD
    return reporting.rank(result.status if isinstance(result, Record) else status)
