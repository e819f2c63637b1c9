"""What the compiled proofs say and assume: evidence per theorem, or a failure.

Reads the `.v` files of `_CoqProject` and the claims that `claims.py` printed from the ledger, asks
Coq for the statement (`Check`) and the assumptions (`Print Assumptions`) of every `Theorem` and
claim, and writes `build/formal-report.json`. Fails on an axiom outside `ALLOWED`, on an admitted
proof, on a theorem without a ledger id (a comment such as `(** [thm-4.1] ... *)` directly above
it), on a file that is not part of the project, on claims that are not those of the present ledger,
and on a statement, with the definitions it rests on, that is not the one in `statements.json`.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypedDict

from claims import FILE, PINNED, formal_statements, generate

from w2s_theory.regression.report import fingerprint

HERE = Path(__file__).resolve().parent
BUILD = HERE / "build"
PINS = HERE / "statements.json"
RECORD = HERE / "formal-report.json"
NAMESPACE = "W2S"
COQC = ("coqc", "-Q", ".", NAMESPACE, "-w", "-ambiguous-paths")
CLAIMS = f"{BUILD.name}.{FILE.stem}"

# The axioms of Coq's classical reals; the last enters through exp and sqrt.
ALLOWED = (
    "ClassicalDedekindReals.sig_forall_dec",
    "ClassicalDedekindReals.sig_not_dec",
    "FunctionalExtensionality.functional_extensionality_dep",
    "Classical_Prop.classic",
)
FORBIDDEN = re.compile(
    r"\b(Admitted|admit|give_up|Axioms?|Parameters?|Conjecture|Abort|bypass_check|type_in_type)\b"
    r"|\bUnset\s+(Guard|Positivity|Universe)\b"
)
MARK = "@@ "
# A definition ends with its sentence; one that is built by tactics, with Defined.
DEFINITION = re.compile(
    r"^\s*(?:Definition|Fixpoint|Record)\s+(\w+)(?:(?!\.\s).)*\.(?:\s+Proof\b.*?\bDefined\.)?(?=\s)",
    re.MULTILINE | re.DOTALL,
)


class FormalError(Exception):
    """The development does not prove what it should, or not on the allowed axioms."""


class Link(StrEnum):
    """How a theorem is tied to its statement in the ledger."""

    PRINTED = "printed"
    PINNED = "pinned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Theorem:
    """A theorem, or a claim, as Coq reports it; `id` is the ledger's.

    `hash` is of the statement and of the definitions of this development that it rests on.
    """

    id: str
    name: str
    file: str
    statement: str
    hash: str
    link: Link
    assumptions: list[str]


def without_comments(source: str) -> str:
    """The text outside of `(* *)`, which nest."""
    kept: list[str] = []
    depth = 0
    for token in re.split(r"(\(\*|\*\))", source):
        if token == "(*":
            depth += 1
        elif token == "*)":
            depth -= 1
        elif depth == 0:
            kept.append(token)
    return "".join(kept)


def marked_theorems(file: str, source: str) -> list[tuple[str, str]]:
    """The (ledger id, name) of every `Theorem` of a file.

    Raises `FormalError` for a theorem without an id and for a word such as `Admitted`.
    """
    code = without_comments(source)
    if found := FORBIDDEN.search(code):
        raise FormalError(f"{file}: {found.group(0)!r} is not allowed")
    marked = re.findall(
        r"\(\*\* \[([a-z0-9.-]+)\](?:(?!\*\)).)*\*\)\nTheorem (\w+)", source, re.DOTALL
    )
    for name in re.findall(r"\bTheorem (\w+)", code):
        if name not in [known for _, known in marked]:
            raise FormalError(f"{file}: theorem {name} has no ledger id in a comment above it")
    return marked


def definitions(sources: Iterable[str]) -> dict[str, str]:
    """The text of every definition by name. `FormalError` for a name that is defined twice."""
    found: dict[str, str] = {}
    for source in sources:
        for match in DEFINITION.finditer(without_comments(source)):
            if match[1] in found:
                raise FormalError(f"{match[1]} is defined twice")
            found[match[1]] = " ".join(match[0].split())
    return found


def meaning(statement: str, known: Mapping[str, str]) -> str:
    """A hash of a statement and of all definitions that its words lead to."""
    seen: dict[str, str] = {}
    queue = [statement]
    while queue:
        for word in re.findall(r"[A-Za-z_][\w']*", queue.pop()):
            if word in known and word not in seen:
                seen[word] = known[word]
                queue.append(known[word])
    text = "\n".join([statement, *(seen[word] for word in sorted(seen))])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def project() -> list[str]:
    """The files of `_CoqProject`; `FormalError` if a `.v` file of the folder is not among them."""
    files = [line for line in (HERE / "_CoqProject").read_text().split() if line.endswith(".v")]
    stray = sorted({path.name for path in HERE.glob("*.v")} ^ set(files))
    if stray:
        raise FormalError(f"_CoqProject and the folder differ in {', '.join(stray)}")
    return files


def run(command: list[str]) -> str:
    """Standard output of a Coq command; `FormalError` with its message if it fails."""
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
    if done.returncode:
        raise FormalError(f"{' '.join(command)} failed:\n{done.stderr or done.stdout}")
    return done.stdout


def query(modules: list[str], theorems: list[tuple[str, str]]) -> str:
    """A Coq file that prints statement and assumptions of each (module, name) between marks."""
    lines = [
        "From Coq Require Import Reals.",
        f"From {NAMESPACE} Require Import {' '.join(modules)}.",
        "Open Scope R_scope.",
        "Set Printing Width 100.",
    ]
    for module, name in theorems:
        full = f"{NAMESPACE}.{module}.{name}"
        for command in (f"Check @{full}.", f"Print Assumptions {full}."):
            lines += [f'Goal True. idtac "{MARK}". Abort.', command]
    return "\n".join(lines) + "\n"


def axiom_names(printed: str) -> list[str]:
    """The axioms in the output of `Print Assumptions`."""
    if printed.strip() == "Closed under the global context":
        return []
    header, _, body = printed.strip().partition("\n")
    names = re.findall(r"^([^\s:]+)", body, re.MULTILINE)
    if header != "Axioms:" or not names:
        raise FormalError(f"cannot read the output of Print Assumptions:\n{printed}")
    return names


def parse(printed: str) -> Iterator[tuple[str, list[str]]]:
    """(statement, axioms) of each theorem from the output of the query file."""
    answers = printed.split(MARK)[1:]
    for check, assumptions in zip(answers[::2], answers[1::2], strict=True):
        statement = re.sub(r"^\s*\S+\s*:", "", check, count=1)
        yield " ".join(statement.split()), axiom_names(assumptions)


def ask(modules: list[str], names: list[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    """Statement and axioms of each (module, name), by two processes: it takes a second each."""

    def part(index: int) -> list[tuple[str, list[str]]]:
        file = BUILD / f"Report_{index}.v"
        file.write_text(query(modules, names[index::2]), encoding="utf-8")
        return list(parse(run([*COQC, str(file.relative_to(HERE))])))

    with ThreadPoolExecutor(2) as pool:
        even, odd = pool.map(part, (0, 1))
    answers = [*even, *odd]
    answers[::2], answers[1::2] = even, odd
    return answers


class Report(TypedDict):
    """The contents of `build/formal-report.json`; `ledger` are fingerprints by statement id."""

    coq: str
    theorems: list[dict[str, object]]
    claims: list[dict[str, object]]
    sources: dict[str, str]
    ledger: dict[str, str]


def collect() -> Report:
    """The report. Raises `FormalError` on any axiom outside `ALLOWED`."""
    files = project()
    sources = {file: (HERE / file).read_text(encoding="utf-8") for file in files}
    statements = formal_statements()
    if not FILE.exists() or FILE.read_text(encoding="utf-8") != generate(statements):
        raise FormalError(f"{FILE.name} is not what the ledger says now: run make correspondence")
    marked = [
        (file, ledger_id, name)
        for file in files
        for ledger_id, name in marked_theorems(file, sources[file])
    ]
    for statement in statements:
        if (statement.id, statement.formal) not in [entry[1:] for entry in marked]:
            raise FormalError(f"{statement.id} has no theorem {statement.formal}")
    printed = {s.id: s.formal for s in statements if s.id not in PINNED}
    claims = [(FILE.name, key, f"claim_{formal}") for key, formal in printed.items()]
    modules = [*(file.removesuffix(".v") for file in files), CLAIMS]
    names = [(file.removesuffix(".v"), name) for file, _, name in marked]
    names += [(CLAIMS, name) for _, _, name in claims]
    answers = ask(modules, names)
    known = definitions(sources.values())
    found: list[Theorem] = []
    for (file, key, name), (said, axioms) in zip((*marked, *claims), answers, strict=True):
        if extra := [axiom for axiom in axioms if axiom not in ALLOWED]:
            raise FormalError(f"{file}: {name} rests on {', '.join(extra)}")
        tied = file == FILE.name or printed.get(key) == name
        theorem = Theorem(
            id=key,
            name=name,
            file=file,
            statement=said,
            hash=meaning(said, known),
            link=Link.PRINTED if tied else Link.PINNED,
            assumptions=axioms,
        )
        found.append(theorem)
    return {
        "coq": run(["coqc", "-print-version"]).split()[0],
        "theorems": [asdict(t) for t in found if t.file != FILE.name],
        "claims": [asdict(t) for t in found if t.file == FILE.name],
        "sources": {},
        "ledger": {statement.id: fingerprint(statement) for statement in statements},
    }


def pins(report: Report) -> dict[str, object]:
    """The contents of `statements.json` as they should be."""
    entries = (*report["theorems"], *report["claims"])
    return {"coq": report["coq"], "statements": {str(e["name"]): e["hash"] for e in entries}}


def compare(report: Report, pinned: Mapping[str, Any]) -> None:
    """Raises `FormalError` if a statement is not the pinned one, or one is new or missing."""
    old, new = pinned["statements"], pins(report)["statements"]
    assert isinstance(new, dict)
    if changed := sorted(
        name for name in old.keys() | new.keys() if old.get(name) != new.get(name)
    ):
        raise FormalError(
            f"not as in {PINS.name} (Coq {pinned['coq']}, this is {report['coq']}):"
            f" {', '.join(changed)}; read what they say now, then check_assumptions.py --pin"
        )


def require_recorded(report: Report) -> None:
    """Raises `FormalError` unless the record is of this build; other versions print otherwise."""
    try:
        kept = json.loads(RECORD.read_text(encoding="utf-8"))
    except FileNotFoundError:
        kept = {}
    names = ["sources", "ledger"]
    if kept.get("coq") == report["coq"]:
        names += ["theorems", "claims"]
    built = json.loads(json.dumps(report))
    if changed := [name for name in names if kept.get(name) != built[name]]:
        said = ", ".join(changed)
        raise FormalError(f"{RECORD.name} is of another build ({said}): give --record to keep it")


def coqchk_axioms(summary: str) -> list[str]:
    """What the summary of `coqchk -o` lists, section by section, checked against `<none>`.

    Axioms of this development and unsafe constructions raise `FormalError`; the axioms of every
    library that is loaded are returned.
    """
    sections = re.split(r"^\* ", summary, flags=re.MULTILINE)[1:]
    found = {head.split(":")[0]: head.partition(":")[2].split() for head in sections}
    if "Axioms" not in found:
        raise FormalError("the output of coqchk has no list of axioms")
    for title, entries in found.items():
        if title not in ("Theory", "Axioms") and entries != ["<none>"]:
            raise FormalError(f"coqchk: {title}: {' '.join(entries)}")
    if own := [axiom for axiom in found["Axioms"] if axiom.startswith(f"{NAMESPACE}.")]:
        raise FormalError(f"coqchk: axioms of this development: {', '.join(own)}")
    return found["Axioms"]


def main(arguments: list[str]) -> int:
    """Write the report; `--pin` first takes its statements as right. 1 on failure.

    `--record` also keeps the report in the repository, for machines without Coq; without it the
    report must be the one that is kept.
    `--coqchk FILE` checks a summary of coqchk instead.
    """
    try:
        if arguments[:1] == ["--coqchk"] and len(arguments) == 2:
            axioms = coqchk_axioms(Path(arguments[1]).read_text())
            sys.stdout.write(f"coqchk: {len(axioms)} axioms in the libraries loaded, none here\n")
            return 0
        if not {*arguments} <= {"--pin", "--record"}:
            sys.stderr.write("usage: check_assumptions.py [--pin] [--record] | --coqchk FILE\n")
            return 2
        report = collect()
        if "--pin" in arguments:
            PINS.write_text(json.dumps(pins(report), indent=1) + "\n", encoding="utf-8")
        compare(report, json.loads(PINS.read_text(encoding="utf-8")))
        report["sources"] = {
            file: hashlib.sha256((HERE / file).read_bytes()).hexdigest()
            for file in (*project(), "claims.py", PINS.name)
        }
        target = BUILD / RECORD.name
        text = json.dumps(report, indent=2, ensure_ascii=False) + "\n"
        target.write_text(text, encoding="utf-8")
        if "--record" in arguments:
            RECORD.write_text(text, encoding="utf-8")
        require_recorded(report)
    except FormalError as error:
        sys.stderr.write(f"formal: {error}\n")
        return 1
    count, claims = len(report["theorems"]), len(report["claims"])
    sys.stdout.write(
        f"{count} theorems, {claims} claims of the ledger printed and proved, {len(PINNED)} pinned,"
        f" no axiom outside the allow-list: {target.name}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
