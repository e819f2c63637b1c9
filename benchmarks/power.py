"""How often the random checks fail on true statements, as a table in Markdown.

python -m benchmarks.power [--runs 200] [--profile quick] [--seed N] [--kinds KIND] [--json FILE]

The Monte-Carlo checks and those of exact laws run again and again, each time with a fresh seed;
with --kinds those of other evidence that ask for random numbers. Exit code 1 if any of them failed.
The table is rewritten to FILE.md after every run, the numbers behind it to FILE.
"""

from __future__ import annotations

import argparse
import itertools
import json
import secrets
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from functools import partial
from importlib import import_module
from pathlib import Path

from w2s_theory.certify import Verdict
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.statement import Evidence
from w2s_theory.regression.outcome import PROFILES, Outcome, Profile
from w2s_theory.regression.stored import ours
from w2s_theory.statistics import failure_bound

SAMPLED = [Evidence.MONTE_CARLO, Evidence.EXACT_LAW]
CHECKS = Path(__file__).parent.parent / "checks"
HEADER = (
    *("statement", "check", "error rate", "the last look resolves", "draws", "runs", "failed"),
    "at most",
)


class Watched(Profile):
    """A profile that remembers whether it was asked for anything random."""

    asked = False

    def stream(self, *label: object) -> int:
        """As `Profile.stream`."""
        object.__setattr__(self, "asked", True)
        return Profile.stream(self, *label)


@dataclass(slots=True)
class Case:
    """A check on a statement, and what its runs gave."""

    statement: str
    name: str
    evidence: str
    call: Callable[..., Outcome]
    outcomes: list[Outcome] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)

    def run(self, profile: Profile) -> None:
        """Once more; an exception is a failure."""
        try:
            outcome = self.call(profile=profile)
        except Exception as error:
            outcome = Outcome(verdict=Verdict.UNDECIDED, detail=f"{type(error).__name__}: {error}")
        self.outcomes.append(outcome)
        if outcome.verdict is not Verdict.PROVED:
            self.failed.append(profile.seed)
            print(f"seed {profile.seed}: {self.name}: {outcome}"[:600], file=sys.stderr, flush=True)

    def row(self) -> tuple[str, ...]:
        """The cells of the table."""
        runs, failed = len(self.outcomes), len(self.failed)
        draws = sorted(outcome.draws for outcome in self.outcomes)
        drawn = f"{draws[0]}" if draws[0] == draws[-1] else f"{draws[0]} to {draws[-1]}"
        told = next((o for o in self.outcomes if o.rate), self.outcomes[0])
        return (
            self.statement,
            self.name,
            told.rate or "exact",
            told.resolves,
            drawn if draws[-1] else "",
            str(runs),
            str(failed),
            f"{failure_bound(failed, runs):.1%}",
        )


def cases(kinds: list[str]) -> Iterator[Case]:
    """The checks of some kinds but proofs and Coq's, one for each statement and parameters."""
    ledger, skipped = load(), (ours().proofs, ours().formal)
    for path in sorted(CHECKS.glob("test_*.py")):
        if f"checks/{path.name}" in skipped:
            continue
        for name, function in vars(import_module(f"checks.{path.stem}")).items():
            if not name.startswith("test_") or not hasattr(function, "w2s_check"):
                continue
            key, kind = function.w2s_check
            if kind not in kinds:
                continue
            for parameters in _parameters(function):
                statement = key or parameters["statement_id"]
                shown = [f"{k} = {v}" for k, v in parameters.items() if k != "statement_id"]
                title = " ".join(name.split("_")[1:]) + (f" ({', '.join(shown)})" if shown else "")
                call = partial(function, statement=ledger[statement], **parameters)
                yield Case(statement, title, kind.value, call)


def _parameters(function: Callable[..., Outcome]) -> Iterator[dict[str, object]]:
    axes = []
    for mark in getattr(function, "pytestmark", []):
        names, values = mark.args
        if isinstance(names, str):
            axes.append([{names: value} for value in values])
        else:
            axes.append([dict(zip(names, value, strict=True)) for value in values])
    for row in itertools.product(*axes):
        yield {name: value for part in row for name, value in part.items()}


def table(found: Sequence[Case], seeds: Sequence[int], profile: str) -> str:
    """Rows of all cases, and what the runs say of a run of all of them."""
    failed = {seed for case in found for seed in case.failed}
    rows = (HEADER, ("---",) * len(HEADER), *(case.row() for case in found))
    lines = [f"| {' | '.join(row)} |" for row in rows]
    bound = failure_bound(len(failed), len(seeds))
    return "\n".join(lines) + (
        f"\n\n{len(seeds)} runs, {profile} profile, seeds {seeds[0]} to {seeds[-1]}: "
        f"{len(failed)} failed, so a run of these checks fails with probability {bound:.1%} at "
        "most (95 percent confidence).\n"
    )


def main() -> int:
    """Run all of them, and print the table."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--profile", choices=PROFILES, default="quick")
    parser.add_argument("--seed", type=int, default=secrets.randbits(32), help="of the first run")
    parser.add_argument("--kinds", nargs="+", choices=list(Evidence), default=SAMPLED)
    parser.add_argument("--json", type=Path, help="where numbers and table go after every run")
    options = parser.parse_args()
    plan = PROFILES[options.profile]
    given = {f.name: getattr(plan, f.name) for f in fields(plan)}
    found = list(cases(options.kinds))
    seeds: list[int] = []
    while len(seeds) < options.runs:
        seeds.append(options.seed + len(seeds))
        start = time.process_time()
        for case in tuple(found):
            profile = Watched(**given | {"seed": seeds[-1]})
            case.run(profile)
            if not profile.asked:
                found.remove(case)
        shown = table(found, seeds, options.profile)
        spent = time.process_time() - start
        print(f"run {len(seeds)} of {options.runs}: {spent:.0f} s", file=sys.stderr, flush=True)
        if options.json:
            options.json.write_text(json.dumps({"seeds": seeds, "cases": _numbers(found)}) + "\n")
            options.json.with_suffix(".md").write_text(shown)
    print(shown)
    return int(any(case.failed for case in found))


def _numbers(found: Sequence[Case]) -> dict[str, dict[str, list[int]]]:
    return {
        f"{case.statement}: {case.name}": {
            "draws": [outcome.draws for outcome in case.outcomes],
            "failed": case.failed,
        }
        for case in found
    }


if __name__ == "__main__":
    sys.exit(main())
