"""`w2s new`: a theory of one's own, as a small project whose pytest ends in a verdict."""

from __future__ import annotations

import keyword
import sys
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated

import typer

from w2s_theory.commands.output import emit, fail, reports_bad_input
from w2s_theory.commands.theory import Json

_MODEL, _SUFFIX = "mypaper", ".txt"

app = typer.Typer()
PLACE = 80


@app.command()
@reports_bad_input
def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Directory, empty or absent.")],
    as_json: Json = False,
) -> None:
    """Start a theory of your own, as a small project.

    It has statements, mutants, proofs and checks; pytest gives the verdict. Its package is called
    as DIR, with _ for -.
    """
    from w2s_theory.text.files import write_directory

    name = folder.resolve().name.replace("-", "_").replace(".", "_").lower()
    taken = {"w2s_theory", "proofs", "checks", "tests", *sys.stdlib_module_names}
    if not (name.isascii() and name.isidentifier()) or keyword.iskeyword(name) or name in taken:
        fail(f"DIR must end in a name that a package of your own can have, got {str(folder)!r}")
    files = dict(_files(resources.files("w2s_theory") / "templates", name))
    write_directory(folder, files)
    if as_json:
        emit({"out": str(folder), "files": sorted(files)})
        return
    typer.echo(f"{folder}: {len(files)} files; cd {folder} && pytest")


def _files(place: Traversable, name: str, above: str = "") -> list[tuple[str, str]]:
    """Relative paths and texts of the model project, its package called `name`."""
    found: list[tuple[str, str]] = []
    for entry in sorted(place.iterdir(), key=lambda e: e.name):
        path = f"{above}{entry.name.replace(_MODEL, name)}"
        if entry.is_dir():
            found += _files(entry, name, f"{path}/")
        elif path.endswith(_SUFFIX):
            text = entry.read_text(encoding="utf-8").replace(_MODEL, name)
            found.append((path.removesuffix(_SUFFIX), text))
    return found
