"""What the evidence for a statement rests on, as a hash: where it changes, the evidence is stale.

That is the statement with its mutants, its proof, its check files, every source that they import
from the same tree or from this package, however far away, and the versions of the libraries.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from sympy.printing.repr import ReprPrinter

from w2s_theory.ledger.statement import Evidence, Mutant, Statement
from w2s_theory.ledger.theories import Theory
from w2s_theory.regression.links import check_files
from w2s_theory.regression.stored import home_of, package_root

_PACKAGE = Path(__file__).resolve().parents[1]
_LIBRARIES = ("hypothesis", "mpmath", "numpy", "python-flint", "scipy", "sympy")
_COQ = ("*.v", "claims.py", "statements.json")


@dataclass(frozen=True, slots=True)
class _Source:
    digest: str
    imports: tuple[Path, ...]
    names: frozenset[str]


class Rests:
    """The hashes of the statements of a theory; each file is read once."""

    def __init__(self, theory: Theory) -> None:
        """Nothing is read yet."""
        self.theory = theory
        self._roots = (theory.root, package_root(), _PACKAGE.parent)
        self._read: dict[Path, _Source] = {}
        self._found: dict[tuple[str, str], tuple[Path, ...]] = {}
        self._said: dict[str, str] = {}
        self._versions = [f"{name} {version(name)}" for name in _LIBRARIES]

    def keys(self, statement: Statement) -> dict[str, str]:
        """A hash for each kind of evidence, and for "mutants"; formal evidence has the Coq sources.

        A kind's checks are among the files of all kinds, and a hash is of all of them.
        """
        home, ledger = home_of(self.theory, statement.id), self.theory.ledger
        named = [*check_files(statement, home), *([statement.proof] if statement.proof else [])]
        files = self._reached(home.root / name for name in named)
        sources = [self._source(path) for path in files]
        spoken = {name for source in sources for name in source.names}
        parts = [source.digest for source in sources]
        parts += [self._claims(key) for key in ledger if key in spoken]
        parts += [said(statement), *self._versions]
        common = _hash(parts)
        coq = home.root / "proofs" / "coq"
        built = [_digest(path) for name in _COQ for path in sorted(coq.glob(name))]
        kinds = dict.fromkeys([kind.value for kind in Evidence] + ["mutants"], common)
        return kinds | {Evidence.FORMAL.value: _hash([common, *built])}

    def _claims(self, key: str) -> str:
        if key not in self._said:
            self._said[key] = said(self.theory.ledger[key])
        return self._said[key]

    def _reached(self, first: Iterable[Path]) -> list[Path]:
        found, queue = set[Path](), [path for path in first if path.is_file()]
        while queue:
            path = queue.pop()
            if path not in found:
                found.add(path)
                queue.extend(self._source(path).imports)
        return sorted(found)

    def _source(self, path: Path) -> _Source:
        if path not in self._read:
            text = path.read_text(encoding="utf-8")
            nodes = _nodes(text)
            imports = tuple(dict.fromkeys(self._imports(path, nodes)))
            # Other statements that it looks up: what they claim counts, not where they are typed.
            names = frozenset(_texts(nodes)) if "load(" in text else frozenset()
            self._read[path] = _Source(_digest(path), imports, names)
        return self._read[path]

    def _imports(self, path: Path, nodes: Sequence[ast.AST]) -> Iterator[Path]:
        """The files that a source imports, also where modules are looked for by `parts`."""
        for node in nodes:
            match node:
                case ast.Import(names=names):
                    for alias in names:
                        yield from self._files(alias.name)
                case ast.ImportFrom(module=module, names=names, level=level):
                    package = self._absolute(path, module, level)
                    yield from self._files(package)
                    for alias in names:
                        yield from self._files(f"{package}.{alias.name}", package)
                case ast.Call(
                    func=ast.Name(id="parts"), args=[ast.Constant(value=str(package)), *_]
                ):
                    if package != "w2s_theory.ledger":  # statements count where they are looked up
                        yield from self._modules(package)

    def _absolute(self, path: Path, module: str | None, level: int) -> str:
        if not level:
            return module or ""
        above = path.parents[level - 1]
        root = next((r for r in self._roots if above.is_relative_to(r)), above)
        return ".".join([*above.relative_to(root).parts, *([module] if module else [])])

    def _files(self, module: str, package: str = "") -> tuple[Path, ...]:
        """The file of a module; for a name that a package loads on first use, all its modules."""
        if (module, package) not in self._found:
            self._found[module, package] = tuple(self._looked_for(module, package))
        return self._found[module, package]

    def _looked_for(self, module: str, package: str) -> Iterator[Path]:
        for root in self._roots:
            place = root.joinpath(*module.split("."))
            for path in (place.with_suffix(".py"), place / "__init__.py"):
                if path.is_file():
                    yield path
                    return
        if package:
            for path in self._files(package):
                lazy = "import_module" in path.read_text(encoding="utf-8")
                if path.name == "__init__.py" and lazy:
                    yield from self._modules(package)

    def _modules(self, package: str) -> Iterator[Path]:
        for path in self._files(package):
            yield from sorted(path.parent.glob("*.py"))


def said(statement: Statement) -> str:
    """Everything that a statement and its mutants claim and assume, with their symbols' domains."""
    srepr = ReprPrinter({"order": "none"}).doprint  # as SymPy keeps it: sorting takes as long again
    lines = [statement.id, *(kind.value for kind in statement.needs)]
    lines += [srepr(part) for pair in statement.where for part in pair]
    versions: tuple[Statement | Mutant, ...] = (statement, *statement.mutants)
    for each in versions:
        lines += [each.id, *(srepr(clause) for clause in each.claim or ())]
        lines += [f"{a.id} {srepr(a.condition)}" for a in each.assumes or ()]
    return "\n".join(lines)


def _nodes(text: str) -> list[ast.AST]:
    try:
        return list(ast.walk(ast.parse(text)))
    except (SyntaxError, ValueError):  # it cannot be run either; a NUL is a ValueError in 3.11
        return []


def _texts(nodes: Sequence[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _hash(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]


def _digest(path: Path) -> str:
    return f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}"
