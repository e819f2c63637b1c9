"""The site in a real browser: `make browser` (Chromium of the system, driven by Playwright)."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from proofs import steps
from w2s_theory.export.site import export_site
from w2s_theory.ledger.registry import load

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PAGES = [
    "index",
    "statements/thm-4.1",
    "statements/student-linear",
    "constants",
    "errata",
    "prior-art",
]


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browser")
    listed = folder / "steps.json"
    listed.write_text(json.dumps({key: steps.listed(key) for key in ("thm-4.1", "student-linear")}))
    out = folder / "site"
    export_site(out, steps=listed)
    return out


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        raise RuntimeError("chromium must be installed: apt-get install chromium")
    with sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


def opened(
    browser: Browser, root: Path, name: str, width: int = 1200, scheme: str = "light"
) -> Page:
    """A page; a request elsewhere, a message on the console or an error fails the test."""
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,  # type: ignore[arg-type]
        permissions=["clipboard-read", "clipboard-write"],
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.seen = []  # type: ignore[attr-defined]
    page.on("console", lambda message: page.seen.append(message.text))  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.seen.append(str(error)))  # type: ignore[attr-defined]
    page.on("request", lambda r: r.url.startswith(("file:", "data:")) or page.seen.append(r.url))  # type: ignore[attr-defined]
    page.goto(f"file://{root}/{name}.html")
    return page


def closed(page: Page) -> None:
    assert page.seen == []  # type: ignore[attr-defined]
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_accessibility_rules(browser: Browser, root: Path, name: str, scheme: str) -> None:
    page = opened(browser, root, name, scheme=scheme)
    found = Axe().run(page)["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found] == []
    closed(page)


@pytest.mark.parametrize("name", [*PAGES, *(f"statements/{key}" for key in load())])
def test_no_page_is_wider_than_a_phone(browser: Browser, root: Path, name: str) -> None:
    page = opened(browser, root, name, width=390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    closed(page)


def test_a_click_in_the_graph_leads_to_the_statement(browser: Browser, root: Path) -> None:
    page = opened(browser, root, "index")
    page.click('.graph a[data-id="lem-1"]')
    assert page.url.endswith("/statements/lem-1.html")
    page.click('.graph a[data-id="def-1"]')
    assert page.url.endswith("/statements/def-1.html")
    closed(page)


@pytest.mark.parametrize(("name", "seen"), [("index", ".node"), ("statements/thm-4.1", ".current")])
def test_a_graph_begins_with_something_to_see(
    browser: Browser, root: Path, name: str, seen: str
) -> None:
    """A node in the corner that a phone shows, and the statement that a page is about."""
    page = opened(browser, root, name, width=390)
    frame = page.locator(".scroll:has(.graph)").bounding_box()
    boxes = [node.bounding_box() for node in page.locator(f".graph {seen}").all()]
    assert frame is not None
    inside = [
        box["x"] - frame["x"]
        for box in boxes
        if box and box["y"] < frame["y"] + 200 and box["x"] + 60 < frame["x"] + frame["width"]
    ]
    assert any(place >= 0 for place in inside)
    closed(page)


def test_the_filter_narrows_table_and_graph(browser: Browser, root: Path) -> None:
    page = opened(browser, root, "index")
    count = sum(entry.source.value == "paper" for entry in load().values())
    page.select_option('select[name="source"]', "paper")
    assert page.locator("#statements tbody tr:visible").count() == count
    assert page.locator(".graph .node:not(.dim)").count() == count
    assert page.inner_text("#shown") == f"{count} shown"
    page.select_option('select[name="source"]', "")
    assert page.locator("#statements tbody tr:visible").count() == len(load())
    closed(page)


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("Theorem 4.1", "thm-4.1"),
        ("theorem 4.2", "thm-4.2"),
        ("nstep", "nstep"),
        ("Lemma 1", "lem-1"),
        ("momentum", "lem-1-overshoot"),
    ],
)
def test_the_search_finds_its_page_first(
    browser: Browser, root: Path, asked: str, first: str
) -> None:
    page = opened(browser, root, "constants")
    page.fill("#query", asked)
    page.press("#query", "Enter")
    page.wait_for_url(f"**/statements/{first}.html")
    closed(page)


def test_the_keyboard_is_enough(browser: Browser, root: Path) -> None:
    page = opened(browser, root, "index")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.focus("#query")
    page.keyboard.type("kappa")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/statements/kappa*.html")
    page.focus("#query")
    page.keyboard.type("zzzz")
    assert page.inner_text("#found") == "nothing found"
    page.keyboard.press("Escape")
    assert not page.is_visible("#found")
    closed(page)


def test_the_latex_is_copied(browser: Browser, root: Path) -> None:
    page = opened(browser, root, "statements/thm-4.1")
    page.click("summary:has-text('LaTeX')")
    page.click("button.copy")
    page.wait_for_function("document.querySelector('button.copy').textContent === 'Copied'")
    assert page.evaluate("navigator.clipboard.readText()") == load()["thm-4.1"].latex
    closed(page)


def test_the_rules_see_what_is_wrong(browser: Browser, root: Path, tmp_path: Path) -> None:
    """The checks of this file on a page that breaks them."""
    bad = '<html><body style="width:900px"><img src="x.png"><script>throw 1</script></body></html>'
    (tmp_path / "bad.html").write_text(bad)
    page = opened(browser, tmp_path, "bad", width=390)
    assert {"image-alt", "html-has-lang"} <= {v["id"] for v in Axe().run(page)["violations"]}
    assert page.evaluate("document.documentElement.scrollWidth") > 390
    assert page.seen  # type: ignore[attr-defined]
    page.context.close()
