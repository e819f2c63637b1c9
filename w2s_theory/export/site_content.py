"""What the site says of each statement: the ledger, the last run, the sources, as plain data."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any
from unicodedata import normalize

from w2s_theory.export import mathml
from w2s_theory.export.graph import Node, svg
from w2s_theory.ledger.numbering import all_parts, label, numbers, paper_number
from w2s_theory.ledger.references import cited
from w2s_theory.ledger.registry import Ledger
from w2s_theory.ledger.statement import Evidence, Kind, Statement
from w2s_theory.ledger.theories import Theory
from w2s_theory.regression.formal import StaleReportError, known_theorems
from w2s_theory.regression.lasting import known, summary
from w2s_theory.regression.links import check_files
from w2s_theory.regression.stored import home_of, ours

_SET = 800
"""Characters of LaTeX beyond which a step is shown as it is: set, it would fill the screen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What the runs so far have found, once for all pages."""

    status: Mapping[str, str]
    evidence: Mapping[str, Mapping[str, Any]]
    kills: Mapping[tuple[str, str], Mapping[str, Any]]
    said: str


def last_run(theory: Theory) -> Run:
    """What is known of each statement; "not run" and empty where nothing is."""
    found = known(theory)
    return Run(
        status={key: each.inherited.value for key, each in found.items()},
        evidence={key: each.evidence for key, each in found.items()},
        kills={(key, m): kill for key, each in found.items() for m, kill in each.mutants.items()},
        said=summary(found),
    )


def alias(statement: Statement) -> str:
    """What the paper calls it, such as "Theorem 4.1"; empty for what is ours."""
    number = paper_number(statement)
    return label(statement, number) if number else ""


def strongest(statement: Statement, evidence: Mapping[str, Any]) -> str:
    """The strongest kind of evidence that held in the last run, "none" without any."""
    held = (k.value for k in Evidence if evidence.get(k.value, {}).get("status") == "held")
    return next(held, "none")


def nodes(theory: Theory, run: Run, keys: Sequence[str], prefix: str = "statements/") -> list[Node]:
    """The graph's nodes for `keys`, in the ledger's order."""
    where = {
        key: f"{part.letter} {part.title.split(':')[0]}"
        for part in all_parts(theory)
        for key in part.ids
    }
    ledger = theory.ledger
    return [
        Node(
            id=key,
            href=f"{prefix}{key}.html",
            title=ledger[key].title,
            evidence=strongest(ledger[key], run.evidence[key]),
            status=run.status[key],
            part=where[key],
            source=ledger[key].source.value,
            uses=ledger[key].uses,
        )
        for key in ledger
        if key in keys
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What a site may have beside the ledger: each is empty where it is not at hand."""

    steps: Mapping[str, Mapping[str, Any]]
    """Statement -> the steps of its proof, as `python -m proofs.steps` lists them."""
    figures: Sequence[Path]
    docs: str
    """From the site's root to the documentation's, such as ".."."""


NOTHING = Beside(steps={}, figures=(), docs="")
"""The ledger alone."""


def page(theory: Theory, run: Run, key: str, beside: Beside = NOTHING) -> dict[str, Any]:
    """Everything on the page of one statement; texts are HTML where their name ends in _html."""
    ledger, home = theory.ledger, home_of(theory, key)
    entry = ledger[key]
    evidence = run.evidence[key]
    around = [*ledger.ancestors(key), key]
    users = [other for other, statement in ledger.items() if key in statement.uses]
    return {
        "id": key,
        "alias": alias(entry),
        "kind": entry.kind.value,
        "source": entry.source.value,
        "reference": entry.reference,
        "works": [(work.key, work.names[0]) for work in cited(entry.reference)],
        "title_html": mathml.prose(entry.title),
        "title": entry.title,
        "text_html": linked(entry.text, {*ledger} - {key}),
        "assumes_html": [mathml.assumption(a) for a in entry.assumes],
        "claim_html": mathml.claim(entry),
        "latex": entry.latex,
        "status": run.status[key],
        "graph_html": svg(
            nodes(theory, run, [*around, *users], ""), f"What {key} rests on and serves", key
        ),
        "uses": entry.uses,
        "users": users,
        "needs": [
            {"kind": kind.value, **_evidence(evidence.get(kind.value))} for kind in entry.needs
        ],
        "checks": check_files(entry, home),
        "number": label(entry, numbers(theory)[key]),
        "proof": entry.proof,
        "proof_source": _source(home, entry.proof),
        "steps": _steps(beside.steps.get(key), {*ledger} - {key}),
        "figures": _figures(entry, beside.figures, {*ledger} - {key}),
        "api": _api(theory, entry, beside.docs),
        "coq": _coq(home, entry),
        "mutants": [
            {
                "id": m.id,
                "change_html": mathml.prose(m.change),
                "killed_by": (run.kills.get((key, m.id)) or {}).get("killed_by"),
                "run": (key, m.id) in run.kills,
            }
            for m in entry.mutants
        ],
    }


def _evidence(found: Mapping[str, Any] | None) -> dict[str, Any]:
    if found is None:
        return {"status": "not run", "when": "", "margin": "", "effective": "", "gaps": 0}
    keys = ("status", "margin", "effective", "gaps")
    when = str(found.get("when", ""))[:10]
    return {name: found.get(name, 0 if name == "gaps" else "") for name in keys} | {"when": when}


def linked(text: str, ids: Collection[str], folder: str = "") -> str:
    """Prose as HTML; statements of `ids` that it names are links to their pages in `folder`."""
    named = "|".join(sorted((re.escape(key) for key in ids if "-" in key), key=len, reverse=True))
    link = rf'<a href="{folder}\1.html">\1</a>'
    html = mathml.prose(text)
    return re.sub(rf"(?<![\w.-])({named})(?![\w-])", link, html) if named else html


def _steps(found: Mapping[str, Any] | None, ids: Collection[str]) -> dict[str, Any] | None:
    """The steps of a proof, each with the rule that gave it and what it leaves unproved."""
    if not found:
        return None
    rows = [
        {
            "name": step["name"],
            "claim_html": mathml.scrolling(step["claim"], "step")
            if len(step["claim"]) <= _SET
            else "<details><summary>a formula of many lines, as LaTeX</summary>"
            f'<pre tabindex="0"><code>{escape(step["claim"])}</code></pre></details>',
            "because_html": linked(step["because"], ids),
            "rule": step["rule"],
            "gaps": step["gaps"],
        }
        for step in found["steps"]
    ]
    rules = ", ".join(f"{rule} {count}" for rule, count in found["rules"].items())
    return {
        "rows": rows,
        "facts": found["facts"],
        "rules": rules,
        "refused": found.get("refused", ""),
        "gaps_html": [
            linked(gap.replace("**", "^"), ids)
            for gap in dict.fromkeys(gap for step in found["steps"] for gap in step["gaps"])
        ],
    }


def _figures(entry: Statement, drawn: Sequence[Path], ids: Collection[str]) -> list[dict[str, str]]:
    """The figures whose caption names the statement, by its id or as the paper calls it."""
    from w2s_theory.experiments.figures.make import caption

    found = []
    for path in drawn:
        number = int(path.stem.removeprefix("figure"))
        said = caption(number)
        if any(name and re.search(rf"(?<![\\w.-]){re.escape(name)}(?![\\w-])(?!\\.\\d)", said)
               for name in (entry.id, alias(entry))):  # fmt: skip
            found.append({"name": path.name, "alt": said, "caption_html": linked(said, ids)})
    return found


def _api(theory: Theory, entry: Statement, docs: str) -> tuple[str, str] | None:
    """The module that states it and its page in the documentation, where that is beside."""
    if not docs:
        return None
    for module in (*ours().modules, *theory.modules):
        if entry in module.STATEMENTS:
            return module.__name__, f"{docs}/api/{module.__name__}.html"
    return None


def _source(home: Theory, proof: str | None) -> str:
    """The text of the proof, empty where the sources are not at hand."""
    try:
        return (home.root / proof).read_text(encoding="utf-8") if proof else ""
    except OSError:
        return ""


def _coq(home: Theory, entry: Statement) -> dict[str, Any] | None:
    """The Coq theorem as last built: its statement, the claim it implies, and its proof script."""
    if entry.formal is None:
        return None
    found: dict[str, Any] = {"name": entry.formal, "statement": "", "claim": "", "axioms": ()}
    try:
        theorems = known_theorems(home.root, home.ledger)[0].get(entry.id, ())
    except (FileNotFoundError, StaleReportError):
        theorems = ()
    for theorem in theorems:
        if theorem.name == entry.formal:
            found |= {"statement": theorem.statement, "claim": theorem.claim or ""}
            found["axioms"] = theorem.assumptions
    found["script"] = _script(home, entry.formal)
    return found


def _script(home: Theory, name: str) -> str:
    """The theorem with its proof, from the source that states it."""
    start = re.compile(rf"^\s*(Theorem|Lemma|Corollary|Definition) {re.escape(name)}\b", re.M)
    try:
        files: list[Path] = sorted((home.root / "proofs" / "coq").glob("*.v"))
        for file in files:
            text = file.read_text(encoding="utf-8")
            if found := start.search(text):
                end = re.compile(r"\b(Qed|Defined)\.").search(text, found.start())
                stop = end.end() if end else found.end()
                return f"(* {file.name} *)\n{text[found.start() : stop].strip()}"
    except OSError:
        pass
    return ""


def works(ledger: Ledger) -> list[dict[str, Any]]:
    """The works cited, each with the statements that cite it."""
    found: dict[str, dict[str, Any]] = {}
    for key, entry in ledger.items():
        for work in cited(entry.reference):
            fields = dict(re.findall(r"(\w+)\s*=\s*\{((?:[^{}]|\{[^{}]*\})*)\}", work.bibtex))
            clean = {name: _plain(value) for name, value in fields.items()}
            row = found.setdefault(work.key, {**clean, "key": work.key, "statements": []})
            row["statements"].append(key)
    return [found[key] for key in sorted(found)]


def _plain(value: str) -> str:
    """A field of BibTeX without its accents' commands, braces and line breaks."""
    letters = re.sub(
        r"\\([\"'`^~])\{?(\w)\}?",
        lambda found: normalize("NFC", found[2] + _ACCENTS[found[1]]),
        value.replace(r"\AA", "\u00c5"),
    )
    return re.sub(r"\s+", " ", letters).replace("{", "").replace("}", "")


_ACCENTS = {'"': "\u0308", "'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303"}


def search_index(ledger: Ledger) -> list[dict[str, str]]:
    """What the search looks at, a row a statement."""
    return [
        {
            "id": key,
            "alias": alias(entry),
            "title": entry.title,
            "text": f"{entry.text} {' '.join(a.text for a in entry.assumes)}",
            "href": f"statements/{key}.html",
        }
        for key, entry in ledger.items()
    ]


def errata(ledger: Ledger) -> list[str]:
    """The statements that correct what is printed."""
    return [key for key, entry in ledger.items() if entry.kind is Kind.ERRATUM]
