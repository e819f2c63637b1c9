"""`w2s export html`: the theory as a static site, without a server or a network."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from functools import cache
from html import escape
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from w2s_theory.export import mathml, site_content
from w2s_theory.export.graph import svg
from w2s_theory.ledger.registry import Ledger
from w2s_theory.ledger.render import latex
from w2s_theory.ledger.statement import Evidence
from w2s_theory.ledger.theories import Theory
from w2s_theory.models.parallel import Progress, silent
from w2s_theory.regression.stored import OURS, ours
from w2s_theory.text.files import check_target, write_directory

if TYPE_CHECKING:
    from jinja2 import Environment

SITE = "Weak-to-strong generalization, checked"
_LEAD = (
    "A small teacher is fitted to the truth, a large student sees only its labels and, stopped "
    "early, beats it; never by more than a square. Every definition, theorem, constant and figure "
    "here is an object that is evaluated, proved, attacked and measured."
)
_IMAGES = (".svg", ".png")


def site_files(
    figures: Path | None = None,
    theory: Theory | None = None,
    *,
    steps: Path | None = None,
    docs: str = "",
    progress: Progress = silent,
) -> dict[str, str | bytes]:
    """Relative path -> content of the site of a theory, the package's own by default.

    `figures` is a directory made by `w2s figure N --format svg`, `steps` a file made by
    `python -m proofs.steps`, `docs` the way from the site to the documentation, such as "..".
    Raises `ValueError` if the first holds no figure or the second no steps, and where the
    libraries of the extra "site" are not installed.
    """
    theory = ours() if theory is None else theory
    ledger, package = theory.ledger, theory.name == OURS
    templates = _templates()
    run = site_content.last_run(theory)
    drawn = _figures(figures)
    beside = site_content.Beside(steps=_listed(steps), figures=drawn, docs=docs)
    pages = [
        ("constants", "The constants, audited", _ENCLOSED, _constants(theory)),
        ("figures", "Figures", "" if drawn else _NOT_DRAWN, _figure_sections(drawn, ledger)),
        ("errata", "Errata", "What the paper's public summary prints, and what is true.",
         [_short(ledger, key) for key in site_content.errata(ledger)]),
        ("prior-art", "Prior art", "The works that statements refer to.", _works(ledger)),
    ]  # fmt: skip
    # Of another theory, what it has; of the package, also that its figures are not drawn.
    pages = [page for page in pages if page[3] or package]
    menu = [
        ("index.html#table", "statements"),
        *((f"{name}.html", name.replace("-", " ")) for name, *_ in pages),
        *([(f"{docs}/index.html", "documentation")] if docs else []),
    ]
    first = next(iter(ledger.values()))
    common = {
        "site": SITE if package else theory.name,
        "menu": menu,
        "run": run,
        "example": "Theorem 4.1" if "thm-4.1" in ledger else first.id,
    }
    files: dict[str, str | bytes] = {
        name: (resources.files("w2s_theory.export") / "static" / name).read_bytes()
        for name in ("site.css", "site.js")
    }
    index = json.dumps(site_content.search_index(ledger)).replace("</", "<\\/")
    files["search.js"] = f"window.STATEMENTS = {index};\n"
    rows = site_content.nodes(theory, run, list(ledger))
    files["index.html"] = templates.get_template("index.html").render(
        **common,
        root="",
        here="index.html#table",
        lead=_LEAD if package else f"The statements of {theory.name}, and on what they stand.",
        rows=[{**_row(node), "title_html": mathml.prose(node.title)} for node in rows],
        counts=sorted(Counter(node.source for node in rows).items()),
        filters=[(name, _values(rows, name)) for name in ("part", "source", "status")],
        kinds=[*(k.value for k in Evidence if any(k in s.needs for s in ledger.values())), "none"],
        graph_html=svg(rows, "What rests on what"),
    )
    statement = templates.get_template("statement.html")
    for place, key in enumerate(ledger, 1):
        files[f"statements/{key}.html"] = statement.render(
            **common, root="../", here="", s=site_content.page(theory, run, key, beside)
        )
        progress("pages", place, len(ledger))
    page = templates.get_template("page.html")
    files |= {f"figures/{path.name}": path.read_bytes() for path in drawn}
    for name, heading, lead, sections in pages:
        files[f"{name}.html"] = page.render(
            **common,
            root="",
            here=f"{name}.html",
            heading=heading,
            lead=lead,
            sections=[_BLANK | part for part in sections],
        )
    return files


_TEXTS = ("id", "title", "text_html", "image", "alt", "caption_html")
_BLANK = {**dict.fromkeys(_TEXTS, ""), "heads": (), "rows": (), "links": ()}
"""A section of a page with nothing in it."""
_ENCLOSED = "An enclosure is a proven interval, by ball arithmetic."
_NOT_DRAWN = "Not drawn for this copy: w2s figure N --format svg, then w2s export html --figures."


def export_site(
    out: Path,
    *,
    figures: Path | None = None,
    theory: Theory | None = None,
    steps: Path | None = None,
    docs: str = "",
    progress: Progress = silent,
) -> list[str]:
    """Write the site into `out`, which must be empty or absent; the files' names.

    Raises `ValueError` as `site_files` does.
    """
    check_target(out)
    files = site_files(figures, theory, steps=steps, docs=docs, progress=progress)
    write_directory(out, files)
    return sorted(files)


@cache
def _templates() -> Environment:
    try:
        import igraph  # noqa: F401 - asked for here, so that the error comes first
        import latex2mathml  # noqa: F401
        from jinja2 import Environment, PackageLoader, StrictUndefined
    except ImportError as error:
        raise ValueError(f"the site needs {error.name}: pip install 'w2s_theory[site]'") from error
    loader = PackageLoader("w2s_theory.export", "templates")
    return Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _row(node: Any) -> dict[str, str]:
    names = ("id", "href", "source", "evidence", "status", "part")
    return {name: getattr(node, name) for name in names}


def _values(rows: Sequence[Any], name: str) -> list[str]:
    return list(dict.fromkeys(getattr(row, name) for row in rows))


def _constants(theory: Theory) -> list[dict[str, Any]]:
    from w2s_theory.audit.constants import constants
    from w2s_theory.audit.evaluate import audit

    link = site_content.linked
    expressions = {constant.id: constant.expr for constant in constants(theory)}
    heads = ("constant", "meaning", "exact", "proven enclosure", "sharpness", "used by")
    rows = [
        (
            f"<code>{escape(row['id'])}</code>",
            mathml.prose(row["meaning"]),
            mathml.scrolling(latex(expressions[row["id"]]), "exactly"),
            f"<code>{row['enclosure']['mid']} &#177; {row['enclosure']['rad']}</code>",
            f"{row['sharpness']}: {link(row['remark'], theory.ledger, 'statements/')}",
            ", ".join(f'<a href="statements/{key}.html">{key}</a>' for key in row["statements"]),
        )
        for row in audit(theory=theory)["constants"]
    ]
    return [{"heads": heads, "rows": rows}] if rows else []


def _listed(path: Path | None) -> dict[str, Any]:
    """The steps of the proofs, by statement."""
    if path is None:
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        for listed in found.values():
            listed["steps"], listed["facts"], listed["rules"].items()
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ValueError(
            f"--steps must be a file of `python -m proofs.steps`, got {path}"
        ) from None
    return dict(found)


def _figures(folder: Path | None) -> list[Path]:
    if folder is None:
        return []
    found = {p.stem: p for p in sorted(folder.glob("figure[0-9]*")) if p.suffix in _IMAGES}
    if not found:
        raise ValueError(f"--figures must hold figureN.svg or .png, got {folder}")
    return [found[name] for name in sorted(found)]


def _figure_sections(drawn: Sequence[Path], ledger: Ledger) -> list[dict[str, Any]]:
    from w2s_theory.experiments.figures.make import caption

    sections = []
    for path in drawn:
        number = int(path.stem.removeprefix("figure"))
        said = caption(number)
        sections.append(
            {
                "title": f"Figure {number}",
                "id": path.stem,
                "image": f"figures/{path.name}",
                "alt": said,
                "caption_html": site_content.linked(said, ledger, "statements/"),
            }
        )
    return sections


def _short(ledger: Ledger, key: str) -> dict[str, Any]:
    entry = ledger[key]
    return {
        "id": key,
        "title": entry.title,
        "text_html": site_content.linked(entry.text, ledger, "statements/"),
        "links": [(f"statements/{key}.html", key)],
    }


def _works(ledger: Ledger) -> list[dict[str, Any]]:
    return [
        {
            "id": work["key"],
            "title": work.get("title", work["key"]),
            "text_html": escape(
                ", ".join(
                    work[name]
                    for name in ("author", "booktitle", "journal", "publisher", "year", "note")
                    if name in work
                )
            ),
            "links": [(f"statements/{key}.html", key) for key in work["statements"]],
        }
        for work in site_content.works(ledger)
    ]
