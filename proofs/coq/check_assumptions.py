"""What the compiled proofs assume: one line of evidence per theorem, or a failure.

Reads the `.v` files of `_CoqProject`, asks Coq for the statement (`Check`) and the assumptions
(`Print Assumptions`) of every `Theorem`, and writes `build/formal-report.json`. Fails on an axiom
outside `ALLOWED`, on an admitted proof, on a theorem without a ledger id (a comment such as
`(** [thm-4.1] ... *)` directly above it) and on a file that is not part of the project.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypedDict

HERE = Path(__file__).resolve().parent
BUILD = HERE / "build"
NAMESPACE = "W2S"

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


class FormalError(Exception):
    """The development does not prove what it should, or not on the allowed axioms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Theorem:
    """One theorem as Coq reports it; `id` is the ledger's."""

    id: str
    name: str
    file: str
    statement: str
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
        raise FormalError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
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


class Report(TypedDict):
    """The contents of `build/formal-report.json`."""

    coq: str
    theorems: list[dict[str, object]]
    sources: dict[str, str]


def collect() -> Report:
    """The report. Raises `FormalError` on any axiom outside `ALLOWED`."""
    files = project()
    marked = [
        (file, ledger_id, name)
        for file in files
        for ledger_id, name in marked_theorems(file, (HERE / file).read_text(encoding="utf-8"))
    ]
    BUILD.mkdir(exist_ok=True)
    report = BUILD / "Report.v"
    modules = [file.removesuffix(".v") for file in files]
    report.write_text(query(modules, [(file.removesuffix(".v"), name) for file, _, name in marked]))
    printed = run(["coqc", "-Q", ".", NAMESPACE, str(report.relative_to(HERE))])
    theorems = []
    for (file, ledger_id, name), (statement, axioms) in zip(marked, parse(printed), strict=True):
        if extra := [axiom for axiom in axioms if axiom not in ALLOWED]:
            raise FormalError(f"{file}: {name} rests on {', '.join(extra)}")
        theorem = Theorem(
            id=ledger_id, name=name, file=file, statement=statement, assumptions=axioms
        )
        theorems.append(asdict(theorem))
    return {
        "coq": run(["coqc", "-print-version"]).split()[0],
        "theorems": theorems,
        "sources": {file: hashlib.sha256((HERE / file).read_bytes()).hexdigest() for file in files},
    }


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
    """Write the report, or check a summary of coqchk (`--coqchk FILE`); 1 on failure."""
    try:
        if arguments[:1] == ["--coqchk"] and len(arguments) == 2:
            axioms = coqchk_axioms(Path(arguments[1]).read_text())
            sys.stdout.write(f"coqchk: {len(axioms)} axioms in the libraries loaded, none here\n")
            return 0
        if arguments:
            sys.stderr.write("usage: check_assumptions.py [--coqchk FILE]\n")
            return 2
        report = collect()
    except FormalError as error:
        sys.stderr.write(f"formal: {error}\n")
        return 1
    target = BUILD / "formal-report.json"
    target.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    count = len(report["theorems"])
    sys.stdout.write(f"{count} theorems, no axiom outside the allow-list: {target.name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
