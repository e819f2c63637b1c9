"""The tables of docs/evidence.md, written into the page between their marks.

python -m benchmarks.evidence_tables [--only NAME] [--checks FILE] [--power FILE] [--code FILE]

`proofs`: every proof is derived again, its facts are counted by the rule that gave them. `mutants`
and `weaker`: from the report of `make checks PROFILE=full`. `power`: from `make power`. `code`:
from the record of `tests.mutate`, or another file of it. A table without source is left as it is.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.pages import ROOT, Table, markdown, write
from proofs.proof import ancestors, proof_of
from w2s_theory.ledger.registry import load
from w2s_theory.regression.report import Fate

PAGE = "docs/evidence.md"
RECORD = ROOT / "tests" / "mutate_record.json"
CODE = ("killed at first", "killed by tests written for it", "harmless", "survived")
K = TypeVar("K")


def proof_table() -> str:
    """Facts by the rule that gave them, and the gaps of each statement that has some."""
    rules: Counter[str] = Counter()
    proved, gaps = [], []
    for entry in load().values():
        if entry.proof is None:
            continue
        proof = proof_of(entry.id)
        facts = tuple(ancestors(proof.facts))
        rules.update(fact.rule for fact in facts if fact.rule != "named")
        missing = dict.fromkeys(gap for fact in facts for gap in fact.gaps)
        gaps += [(entry.id, gap) for gap in missing]
        if not missing:
            proved.append(entry.id)
    without = f"{len(proved)} statements are proved without a gap, {rules.total()} facts in all."
    shown = markdown(("rule of the kernel", "facts"), rules.most_common())
    listed = markdown(("statement", "taken without proof"), gaps) if gaps else ""
    return "\n\n".join(filter(None, (without, shown, listed)))


def mutant_table(report: Mapping[str, Any]) -> str:
    """Listed mutants by the ledger's module, and by kind of evidence."""
    home = {entry.id: _module(entry.proof or entry.checks[0]) for entry in load().values()}
    rows = _tally(
        (home[m["statement"]], "killed" if m["killed_by"] else "survived")
        for m in report["mutants"]
        if m["statement"] in home
    )
    table = markdown(("proof or check", "mutants", "killed"), [
        (name, sum(counts.values()), counts["killed"]) for name, counts in rows
    ])  # fmt: skip
    kinds = [(kind, found["run"], found["killed"]) for kind, found in report["kills"].items()]
    by_kind = "\n\nBy kind of evidence, in the same run of `make checks`:\n\n"
    return table + by_kind + markdown(("evidence", "mutants it looks at", "killed"), kinds)


def weaker_table(report: Mapping[str, Any]) -> str:
    """Weaker hypotheses by statement and fate, and those that are open."""
    fates = [fate.value for fate in Fate]
    place = list(load()).index
    found = sorted(report["weaker"], key=lambda one: place(one["statement"]))
    rows = _tally((one["statement"], one["fate"]) for one in found)
    total = sum((counts for _, counts in rows), Counter[str]())
    header = ("statement", "weaker hypotheses", *fates)
    body = [(name, counts.total(), *(counts[f] for f in fates)) for name, counts in rows]
    return markdown(header, [*body, ("all", total.total(), *(total[f] for f in fates))])


def code_table(results: Sequence[Mapping[str, Any]]) -> str:
    """Mutants of the code by seed and room, and by module: what became of each of them."""
    known = [(r, name) for r in results if (name := _became(r))]
    room = [((r["seed"], r["module"].partition(".")[0]), name) for r, name in known]
    module = [(("", r["module"]), name) for r, name in known]
    alive = [(r["module"], f"`{r['text']}`", f"`{r['change']}`") for r, n in known if n == CODE[-1]]
    by_module = f"By module (`make mutate`):\n\n{_code_rows('', 'module', module)}"
    tables = [_code_rows("seed", "room", room), by_module]
    tables += [markdown(("survivor in", "line", "change"), alive)] if alive else []
    return "\n\n".join(tables)


def _became(result: Mapping[str, Any]) -> str | None:
    """The column of a mutant; None for one that was not run, or whose line is gone."""
    killed = ("killed", "timeout")
    if result["outcome"] in killed:
        return CODE[0] if result["first"] in killed else CODE[1]
    return result["outcome"] if result["outcome"] in CODE else None


def _code_rows(first: str, second: str, pairs: Sequence[tuple[tuple[Any, str], str]]) -> str:
    rows = sorted(_tally(pairs))
    total = sum((counts for _, counts in rows), Counter[str]())
    sums = sorted(_tally(((key[0], "all"), name) for key, name in pairs)) if first else []
    body = []
    for key, counts in [*rows, *sums, (("", "all"), total)]:
        dead, harmful = counts[CODE[0]], counts.total() - counts["harmless"]
        shares = [f"{n / harmful:.0%}" if harmful else "" for n in (dead, dead + counts[CODE[1]])]
        body.append([*key, counts.total(), *(counts[c] for c in CODE), *shares])
    header = (first, second, "mutants", *CODE, "dead at first", "dead now")
    start = 0 if first else 1
    return markdown(header[start:], [row[start:] for row in body])


def _module(path: str) -> str:
    return path.removesuffix(".py").rsplit("/", 1)[-1]


def _tally(pairs: Iterable[tuple[K, str]]) -> list[tuple[K, Counter[str]]]:
    found: dict[K, Counter[str]] = {}
    for name, outcome in pairs:
        found.setdefault(name, Counter())[outcome] += 1
    return list(found.items())


def _json(path: Path, make: Callable[[Any], str]) -> Callable[[], str] | None:
    return (lambda: make(json.loads(path.read_text("utf-8")))) if path.exists() else None


def main() -> int:
    """Write the tables whose sources are there."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--checks", type=Path, default=Path("checks-report.json"))
    parser.add_argument("--power", type=Path, default=Path("build/power.md"))
    parser.add_argument("--weaker", type=Path, help="another report for that table")
    parser.add_argument("--code", type=Path, default=RECORD)
    parser.add_argument("--only", nargs="+", help="names of tables")
    options = parser.parse_args()
    power: Path = options.power
    sources = {
        "proofs": proof_table,
        "mutants": _json(options.checks, mutant_table),
        "weaker": _json(options.weaker or options.checks, weaker_table),
        "power": (lambda: power.read_text("utf-8")) if power.exists() else None,
        "code": _json(options.code, code_table),
    }
    chosen = options.only or sources
    write(Table(name, PAGE, make) for name, make in sources.items() if name in chosen)
    return 0


if __name__ == "__main__":
    sys.exit(main())
