"""The site: every statement has its page, every link leads somewhere, nothing is fetched."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag

import pytest
from typer.testing import CliRunner

from proofs import steps
from w2s_theory.cli import app
from w2s_theory.export import mathml, site, site_content
from w2s_theory.export.graph import Node, svg
from w2s_theory.ledger.registry import load
from w2s_theory.regression.stored import ours

MOST_BYTES = 3_000_000


class Page(HTMLParser):
    """Links, ids, and what loads something."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.ids: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if "id" in found:
            self.ids.add(str(found["id"]))
        if tag == "a":
            self.links.append(str(found["href"]))
        for name in ("src", "srcset") if tag != "link" else ("href",):
            if name in found:
                self.loads.append(str(found[name]))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as the command writes it."""
    out = tmp_path_factory.mktemp("export") / "site"
    done = CliRunner().invoke(app, ["export", "html", "--out", str(out)])
    assert done.exit_code == 0, done.stderr
    return out


@pytest.fixture(scope="module")
def files(written: Path) -> dict[str, str]:
    return {
        path.relative_to(written).as_posix(): path.read_text("utf-8")
        for path in written.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def listed() -> dict[str, dict[str, Any]]:
    return {key: steps.listed(key) for key in ("thm-4.1", "thm-3.3")}


@pytest.fixture(scope="module")
def beside(
    listed: dict[str, dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str | bytes]:
    """The site with figures and steps, beside the documentation."""
    folder = tmp_path_factory.mktemp("beside")
    (folder / "steps.json").write_text(json.dumps(listed))
    for number in (2, 7):
        (folder / f"figure{number}.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    return site.site_files(folder, steps=folder / "steps.json", docs="..")


@pytest.fixture(scope="module")
def pages(files: dict[str, str]) -> dict[str, Page]:
    return {name: Page(text) for name, text in files.items() if name.endswith(".html")}


def test_every_link_and_anchor_leads_somewhere(
    files: dict[str, str], pages: dict[str, Page]
) -> None:
    for name, page in pages.items():
        for link in (*page.links, *page.loads):
            if link == "data:,":
                continue
            path, anchor = urldefrag(link)
            target = (Path("/") / name).parent / path if path else Path("/") / name
            found = str(target.resolve().relative_to("/"))
            assert found in files, f"{name}: {link}"
            assert not anchor or anchor in pages[found].ids, f"{name}: {link}"


def test_nothing_is_fetched_and_it_is_small(files: dict[str, str]) -> None:
    for name, text in files.items():
        bare = re.sub(r'xmlns="[^"]*"', "", text)
        assert not re.search(r"(src|href|url)\s*[=(]\s*[\"']?(https?:)?//", bare), name
    assert sum(len(text.encode()) for text in files.values()) < MOST_BYTES


@pytest.mark.parametrize("key", ["thm-4.1", "spec-decay", "err-1", "nstep"])
def test_a_statement_has_everything_on_its_page(files: dict[str, str], key: str) -> None:
    entry, text = load()[key], files[f"statements/{key}.html"]
    for mutant in entry.mutants:
        assert f">{mutant.id}</th>" in text
    for kind in entry.needs:
        assert f">{kind.value}</th>" in text
    for other in entry.uses:
        assert f'href="{other}.html"' in text
    assert text.count("<math") > 2
    assert entry.proof is not None
    assert entry.proof in text


def test_no_latex_is_left_in_the_mathematics() -> None:
    for entry in load().values():
        shown = [mathml.claim(entry), mathml.prose(entry.text), mathml.prose(entry.title)]
        shown += [mathml.assumption(a) for a in entry.assumes]
        for html in shown:
            assert not re.findall(r">[^<]*(?:\\[a-zA-Z]+|&amp;)[^<]*<", html), entry.id


def test_what_was_not_run_is_not_called_held(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    ledger = load()
    run = site_content.last_run(ours())
    assert run.said == "not run"
    found = site_content.page(ours(), run, "thm-4.1")
    assert {need["status"] for need in found["needs"]} == {"not run"}
    assert not any(mutant["run"] for mutant in found["mutants"])
    assert {node.evidence for node in site_content.nodes(ours(), run, list(ledger))} == {"none"}


def test_the_search_knows_the_papers_numbers() -> None:
    rows = {row["id"]: row for row in site_content.search_index(load())}
    assert rows["thm-4.1"]["alias"] == "Theorem 4.1"
    assert rows["def-1"]["alias"] == "Definition 1"
    assert rows["thm-4.1-sharp"]["alias"] == ""  # ours
    assert json.dumps(list(rows.values()))


def test_a_statement_stands_right_of_what_it_uses() -> None:
    def node(name: str, *uses: str) -> Node:
        return Node(
            id=name, href="", title="<&>", evidence="none", status="held", part="", source="paper",
            uses=uses,
        )  # fmt: skip

    drawn = svg([node("c", "b", "a"), node("b", "a"), node("a"), node("far", "unknown")], "x", "b")
    places = dict(re.findall(r'data-id="(\w+)".*?<rect x="(\d+)"', drawn))
    assert int(places["a"]) < int(places["b"]) < int(places["c"])
    assert drawn.count("<path") == 3
    assert "<&>" not in drawn
    assert drawn.count("current") == 1


def test_the_command(written: Path, tmp_path: Path) -> None:
    assert (written / "index.html").exists()
    again = CliRunner().invoke(app, ["export", "html", "--out", str(written)])
    assert (again.exit_code, len(again.stderr.strip().splitlines())) == (2, 1)
    (tmp_path / "empty").mkdir()
    none = ["export", "html", "--out", str(tmp_path / "b"), "--figures", str(tmp_path / "empty")]
    assert "--figures must hold figureN.svg" in CliRunner().invoke(app, none).stderr


def test_a_proof_is_shown_step_by_step_with_its_gaps(
    listed: dict[str, dict[str, Any]], beside: dict[str, str | bytes]
) -> None:
    proved = str(beside["statements/thm-4.1.html"])
    for step in listed["thm-4.1"]["steps"]:
        assert f"<strong>{step['name']}</strong>" in proved
        assert f"by {step['rule']}" in proved
    assert "No gaps." in proved
    assert 'href="../../api/w2s_theory.ledger.limits.html"' in proved
    assert 'href="../index.html">documentation' in str(beside["index.html"])
    open_still = str(beside["statements/thm-3.3.html"])
    assert "rests on a gap" in open_still
    assert "Not proved by any checker:" in open_still
    size = sum(len(c if isinstance(c, bytes) else c.encode()) for c in beside.values())
    assert size < MOST_BYTES


def test_steps_of_another_kind_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "steps.json"
    path.write_text('{"thm-4.1": []}')
    with pytest.raises(ValueError, match="--steps must be a file"):
        site.site_files(steps=path)


def test_figures_are_taken_along_and_stand_with_the_statements_they_name(
    beside: dict[str, str | bytes],
) -> None:
    assert "figures/figure2.svg" in beside
    assert 'src="figures/figure2.svg"' in str(beside["figures.html"])
    assert 'src="../figures/figure2.svg"' in str(beside["statements/thm-4.1.html"])
    assert 'src="../figures/figure7.svg"' in str(beside["statements/ansatz-fails.html"])
    assert "figure7.svg" not in str(beside["statements/ansatz-fails-measured.html"])


def test_a_statement_that_a_text_names_is_a_link(files: dict[str, str | bytes]) -> None:
    link = '<a href="teacher-lower.html">teacher-lower</a> bounds'
    assert link in str(files["statements/gain-rate-power.html"])
    assert '(<a href="statements/thm-4.1-best.html">thm-4.1-best</a>)' in str(
        files["constants.html"]
    )
    assert site_content.linked("thm-4.1-best", ["thm-4.1"]) == "thm-4.1-best"
    assert (
        site_content.linked("see thm-4.1.", ["thm-4.1"], "s/")
        == 'see <a href="s/thm-4.1.html">thm-4.1</a>.'
    )
    assert site_content.linked("plain", []) == "plain"
