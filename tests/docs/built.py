"""Documentation and site as `make docs` leaves them, in a real browser: `make browser`."""

import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.export.browser import browser, closed, opened  # noqa: F401 - a fixture
from tests.export.test_site import MOST_BYTES, Page

DOCUMENTS = Path(__file__).parents[2] / "docs"
ROOT = Path(__file__).parents[2] / "build"
VIEWS = [(1200, "light"), (390, "dark"), (1200, "dark"), (390, "light")]


@pytest.fixture(scope="module")
def built() -> Path:
    folder = ROOT / "docs"
    if not (folder / "theory" / "index.html").exists():
        raise RuntimeError("make docs comes first: build/docs is not there")
    return folder


def test_the_site_is_small_with_all_its_figures(built: Path) -> None:
    drawn = {path.name for path in (ROOT / "figures").glob("figure[0-9].svg")}
    assert drawn == {path.name for path in (built / "theory" / "figures").glob("*.svg")}
    assert sum(p.stat().st_size for p in (built / "theory").rglob("*")) < MOST_BYTES


def test_every_link_of_both_leads_somewhere(built: Path) -> None:
    files = {path.resolve() for path in built.rglob("*") if path.is_file()}
    pages = {
        path: Page(path.read_text(encoding="utf-8")) for path in files if path.suffix == ".html"
    }
    wrong, seen = [], 0
    for path, page in pages.items():
        for link in page.links:
            if re.match(r"(https?|data|mailto):", link):
                continue
            name, anchor = urldefrag(link)
            target = (path.parent / unquote(name)).resolve() if name else path
            seen += 1
            if target not in files or (anchor and unquote(anchor) not in pages[target].ids):
                wrong.append(f"{path.relative_to(built)}: {link}")
    assert wrong == []
    assert seen > 1000


def test_mathematics_is_typeset(built: Path) -> None:
    """Outside of code and titles nothing is left of L_TE, M^2, <= or 1e-6."""
    left, sign = [], r".*(\b([A-Za-z]|lambda|kappa|sigma)_\w|\\|\^|[<>]=|\b\d[.\d]*e-\d|`).*"
    written = [path.stem for path in DOCUMENTS.glob("*.md")]
    for path in (built / f"{name}.html" for name in written):
        text = path.read_text(encoding="utf-8")
        if body := re.search(r"<article role=.main.*?</article>", text, re.DOTALL):
            words = re.sub(r"<(math|code|pre|h\d)\b.*?</\1>", "", body[0], flags=re.DOTALL)
            plain = unescape(re.sub("<[^>]*>", "", words))
            left += [(path.name, found[0]) for found in re.finditer(sign, plain)]
    assert len(written) > 10
    assert left == []


def test_docs_and_site_lead_to_each_other(browser: Browser, built: Path) -> None:  # noqa: F811
    page = opened(browser, built, "index")
    page.click("text=the site of the theory")
    page.click('#statements a[href="statements/thm-4.1.html"]')
    page.click("text=w2s_theory.ledger.limits")
    assert page.url.endswith("/api/w2s_theory.ledger.limits.html")
    page.click('main a[href$="theory/statements/thm-4.1.html"], article a[href$="thm-4.1.html"]')
    assert page.url.endswith("/theory/statements/thm-4.1.html")
    page.click("nav >> text=documentation")
    assert page.url.endswith("/build/docs/index.html")
    page.go_back()
    assert page.url.endswith("/theory/statements/thm-4.1.html")
    closed(page)


def names(built: Path, pattern: str) -> list[str]:
    return sorted(str(p.relative_to(built).with_suffix("")) for p in built.glob(pattern))


@pytest.mark.parametrize(("width", "scheme"), VIEWS)
def test_accessibility_rules(browser: Browser, built: Path, width: int, scheme: str) -> None:  # noqa: F811
    """Every page that is written by hand; of those that templates make by hundreds, a quarter."""
    made = names(built, "api/*.html") + names(built, "theory/statements/*.html")
    mine = made[VIEWS.index((width, scheme)) :: len(VIEWS)]
    asked = names(built, "*.html") + names(built, "theory/*.html") + mine
    assert len(mine) > 50
    assert {"audit", "search", "theory/figures"} <= set(asked)
    page, wrong = opened(browser, built, "index", width, scheme), []
    for name in asked:
        page.goto(f"file://{built}/{name}.html")
        found = Axe().run(page, options={"resultTypes": ["violations"]})["violations"]
        wrong += [(name, rule["id"], rule["nodes"][0]["html"][:200]) for rule in found]
    assert wrong == []
    closed(page)


def test_no_page_is_wider_than_a_phone(browser: Browser, built: Path) -> None:  # noqa: F811
    page, wide = opened(browser, built, "index", width=390), []
    for name in names(built, "*.html") + names(built, "api/*.html"):
        page.goto(f"file://{built}/{name}.html")
        if page.evaluate("document.documentElement.scrollWidth") > 390:
            wide.append(name)
    assert wide == []
    closed(page)
