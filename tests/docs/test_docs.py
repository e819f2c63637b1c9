"""The documents: links resolve, commands exist with the options shown, no page is left out."""

import pkgutil
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

import w2s_theory
from w2s_theory.cli import app
from w2s_theory.ledger.registry import load

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMAND = re.compile(r"^(?: {4})?w2s ([^\n#`]+)", re.MULTILINE)
RUNNER = CliRunner()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_relative_links_resolve(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
        assert link.startswith("https://") or (page.parent / link).exists(), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_cell_of_a_table_is_cut(page: Path) -> None:
    """A bar in a cell ends it, and what is beyond the header's cells is not shown."""
    wide = None
    for line in page.read_text().splitlines():
        cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else None
        assert wide is None or cells in (None, wide), line
        wide = cells


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_named_in_code_exist(page: Path) -> None:
    pattern = r"(?<!New )`((?:w2s_theory|proofs|checks|tests|benchmarks|docs)/[\w./-]+)`"
    for name in re.findall(pattern, page.read_text()):
        assert (ROOT / name).exists(), name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_statements_named_in_the_text_exist(page: Path) -> None:
    for name in re.findall(r"\(`((?:def|lem|thm|cor|nstep|err)-[\w.-]+)`\)", page.read_text()):
        assert name in load(), name


def shown() -> list[str]:
    found = [line.strip() for page in PAGES for line in COMMAND.findall(page.read_text())]
    return sorted(dict.fromkeys(found))


@pytest.mark.parametrize("command", shown())
def test_commands_shown_have_the_options_shown(command: str) -> None:
    words = shlex.split(command.replace("[", " ").replace("]", " ").split("|")[0])
    name = words[:2] if words[0] == "export" else words[:1]
    result = RUNNER.invoke(app, [*name, "--help"])
    assert result.exit_code == 0, result.output
    for option in (word for word in words if word.startswith("--")):
        assert option in result.output, option


def test_the_table_of_contents_names_every_page() -> None:
    trees = re.findall(r"{toctree}\n(.+?)```", (ROOT / "docs/index.md").read_text(), re.DOTALL)
    named = re.findall(r"^\w+$", "\n".join(trees), re.MULTILINE)
    assert sorted([*named, "index"]) == sorted(page.stem for page in (ROOT / "docs").glob("*.md"))


def test_the_reference_names_every_public_module() -> None:
    named = re.findall(r"^   w2s_theory\.(\w+)$", (ROOT / "docs/api.md").read_text(), re.MULTILINE)
    modules = {module.name for module in pkgutil.iter_modules(w2s_theory.__path__)}
    assert sorted(named) == sorted(modules - {"cli", "commands"})  # these have `w2s --help`
