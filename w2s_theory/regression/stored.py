"""Which theory is meant, where its proofs and checks are, and where runs leave what they found."""

from __future__ import annotations

import json
import sys
import tomllib
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from w2s_theory.ledger.theories import Theory

JSON_NAME = "checks-report.json"
OURS = "w2s_theory"
_PACKAGE = Path(__file__).resolve().parents[1]


def project_root(start: Path | None = None) -> Path:
    """The nearest checkout of this project, from `start` upwards, else `package_root()`."""
    here = (start or Path.cwd()).resolve()
    found = (folder for folder in (here, *here.parents) if _is_project(folder))
    return next(found, None) or package_root()


def package_root() -> Path:
    """The folder with the package's own proofs and checks: its checkout, or its folder `tree`.

    Raises `FileNotFoundError` where there is neither.
    """
    for folder in (_PACKAGE.parent, _PACKAGE / "tree"):
        if _is_project(folder):
            return folder
    raise FileNotFoundError(f"{_PACKAGE} has no checks: install the package again")


def ours(start: Path | None = None) -> Theory:
    """The package's theory, with the proofs and checks of `project_root`."""
    return _ours(project_root(start))


@cache
def _ours(root: Path) -> Theory:
    return Theory(
        name=OURS,
        parts=("w2s_theory.ledger",),
        root=root,
        proofs="checks/test_proofs.py",
        searches="checks/test_searches.py",
        formal="checks/test_formal.py",
        constants=("w2s_theory.audit",),
    )


def home_of(theory: Theory, key: str) -> Theory:
    """The theory that a statement is from: the package's, where it is not one of `theory`'s own."""
    return theory if key in theory.own else ours()


def chosen(name: str | None = None, start: Path | None = None) -> Theory:
    """The theory "MODULE:NAME"; without a name what the nearest pyproject.toml says, or ours.

    It says so in its table `tool.w2s`, as in `theory = "mypaper:THEORY"`; its folder, or `start`,
    is where modules are looked for first, and that folder's `src`. Raises `ValueError` if there is
    no such theory, or its ledger is refused.
    """
    here = (start or Path.cwd()).resolve()
    place = here
    if name is None:
        place = next((f for f in (here, *here.parents) if _is_project(f) or _declared(f)), here)
        name = _declared(place) or OURS
    if name == OURS:
        return ours(here)
    module, _, attribute = name.partition(":")
    if not attribute.isidentifier() or not all(part.isidentifier() for part in module.split(".")):
        raise ValueError(f"theory must be MODULE:NAME, such as mypaper:THEORY, got {name!r}")
    for folder in (place / "src", place):
        if folder.is_dir() and str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
    try:
        found = getattr(import_module(module), attribute, None)
        if isinstance(found, Theory) and found.ledger:
            return found
    except Exception as error:  # whatever a module of somebody else's does
        raise ValueError(f"theory {name!r}: {type(error).__name__}: {error}") from error
    raise ValueError(f"theory {name!r} must be a w2s_theory.ledger.theories.Theory, got {found!r}")


def results_folder() -> Path:
    """Where runs leave what they found: the top of the project that this is in, or this folder."""
    here = Path.cwd()
    return next((f for f in (here, *here.parents) if _is_project(f) or _declared(f)), here)


def is_report(path: Path) -> bool:
    """Whether the file is a report of the regression: others are not overwritten."""
    try:
        found = json.loads(path.read_bytes())
        return isinstance(found["statements"], list) and "verdict" in found
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _pyproject(folder: Path) -> dict[str, Any]:
    """Empty where there is none that can be read."""
    try:
        return tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _is_project(folder: Path) -> bool:
    """Whether its pyproject.toml has this project's name: reports of others are not ours."""
    project = _pyproject(folder).get("project")
    name = project.get("name") if isinstance(project, dict) else None
    return name == OURS and (folder / "checks").is_dir()


def _declared(folder: Path) -> str | None:
    """What its pyproject.toml calls the theory; `ValueError` for what is no name."""
    tools = _pyproject(folder).get("tool")
    table = tools.get("w2s") if isinstance(tools, dict) else None
    if table is None:
        return None
    if (
        not isinstance(table, dict)
        or [*table] != ["theory"]
        or not isinstance(table["theory"], str)
    ):
        said = f'{folder / "pyproject.toml"}: [tool.w2s] must say theory = "MODULE:NAME" alone'
        raise ValueError(f"{said}, got {table!r}")
    return str(table["theory"])
