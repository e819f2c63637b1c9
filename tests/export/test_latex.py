"""The report: golden files, notation, references, and nothing half written."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from itertools import accumulate
from pathlib import Path
from types import ModuleType

import pytest
from sympy import And, Ge, Implies, Le
from typer.testing import CliRunner

from tests.export import golden
from tests.regression import test_lasting as kept
from w2s_theory.cli import app
from w2s_theory.export import latex, report_tables
from w2s_theory.export.formula import formula_picture
from w2s_theory.export.latex import export_latex, fragment, latex_files
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.numbering import all_parts, label, numbers
from w2s_theory.ledger.quantities import QUANTITIES
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.statement import Source
from w2s_theory.ledger.theories import Theory
from w2s_theory.regression.stored import ours
from w2s_theory.text import displays
from w2s_theory.text.displays import WIDE, claim_lines, visible
from w2s_theory.text.notation import load_notation, macro_name

RUNNER = CliRunner()
root = kept.root
LEDGER = load()


@cache
def report():
    return latex_files()


def invoke(*arguments):
    result = RUNNER.invoke(app, ["export", "latex", *map(str, arguments)])
    return result.exit_code, result.stdout, result.stderr


def test_golden_files():
    found = golden.contents()
    kept = {path.name: path.read_text("utf-8") for path in golden.FOLDER.iterdir()}
    assert found == kept


@pytest.mark.parametrize("key", list(LEDGER))
def test_statements_carry_label_source_and_assumptions(key):
    tex, entry = report()[f"statements/{key}.tex"], LEDGER[key]
    assert tex.count(rf"\label{{{key}}}") == 1
    assert rf"\wtssource{{{entry.source.value}}}" in tex
    assert tex.count(r"\item") == len(entry.assumes)
    assert tex.count(rf"{{wts{entry.kind.value}}}") == 2
    rests = tex[tex.index(r"\wtsuses{") :]
    assert re.findall(r"\\ref\{([^}]*)\}", rests) == list(entry.uses)
    assert key not in re.findall(r"\\ref\{([^}]*)\}", tex)  # no text refers to itself


def test_every_macro_is_defined_once_and_every_file_read():
    macros = report()["w2s_theory.sty"]
    defined = re.findall(r"\\newcommand\{\\(wts[A-Za-z]+)\}", macros)
    assert len(set(defined)) == len(defined)
    used = {m for text in report().values() for m in re.findall(r"\\(wts[A-Za-z]+)", str(text))}
    environments = set(re.findall(r"\\newtheorem\{(wts[a-z]+)\}", macros))
    styles = {"wtsplain", "wtsupright"}
    assert used <= {
        *defined,
        *environments,
        *styles,
        "wtsbox",
        "wtsoldhead",
        "wtsassumptions",
        "wtsgray",
    }
    inputs = re.findall(r"\\input\{([^}]*)\}", report()["main.tex"])
    written = {name.removesuffix(".tex") for name in report() if name.endswith(".tex")}
    assert set(inputs) | {"main"} == written
    cited = {c for text in report().values() for c in re.findall(r"\\cite\{([^}]*)\}", str(text))}
    keys = set(re.findall(r"@\w+\{(\w+),", report()["references.bib"]))
    assert {key for group in cited for key in group.split(",")} <= keys


def test_symbols_in_claims_are_macros():
    """No symbol's own LaTeX is written out in a display where its macro should stand."""
    shown = {
        name: "\n".join(line for line in text.splitlines() if line.startswith("  &"))
        for name, text in report().items()
        if name.startswith("statements/")
    }
    assert all(shown.values())
    for quantity in QUANTITIES:
        if len(quantity.latex) > 8:
            assert [n for n in shown if quantity.latex in shown[n]] == [], quantity.latex


def test_a_chosen_statement_names_what_is_left_out():
    told: list[tuple[str, int, int]] = []
    files = latex_files(["cor-1"], progress=lambda *step: told.append(step))
    assert told == [("statements", 1, 1)]
    assert [name for name in files if name.startswith("statements/")] == ["statements/cor-1.tex"]
    assert r"\ref" not in files["statements/cor-1.tex"]
    rests = "Lemma 1 (lem-1), Lemma A.4 (lem-ls), Theorem 4.1 (thm-4.1)"
    assert rests in files["statements/cor-1.tex"]
    assert r"\wtspart{A}" in files["main.tex"]
    assert r"\wtspart{B}" not in files["main.tex"]


PAPER_OF_ONES_OWN = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage%s{w2s_theory}
\emergencystretch=3em
\begin{document}
%s
\bibliographystyle{plain}\bibliography{references}
\end{document}
"""
HARD = ("thm-4.1", "thm-4.1-sharp-flow", "convex-class", "spec-decay", "law-linear")


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no pdflatex here")
@pytest.mark.parametrize(
    ("option", "number"), [("", "4.1"), pytest.param("[own]", "1", marks=pytest.mark.slow)]
)
def test_a_fragment_compiles_in_a_paper_of_ones_own(tmp_path, option, number):
    out = tmp_path / "report"
    assert invoke("thm-4.1", "--out", out)[0] == 0
    code, body, _ = invoke(*HARD)
    assert code == 0
    for name in ("w2s_theory.sty", "references.bib"):
        shutil.copy(out / name, tmp_path)
    paper = PAPER_OF_ONES_OWN % (option, body)
    (tmp_path / "own.tex").write_text(paper)
    pdflatex = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "own"]
    for command in (pdflatex, ["bibtex", "own"], pdflatex, pdflatex):
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-2000:]
    log = (tmp_path / "own.log").read_text("latin-1")
    assert not re.search(r"undefined|multiply defined|^Overfull|^!", log, re.MULTILINE)
    assert rf"\newlabel{{thm-4.1}}{{{{{number}}}" in (tmp_path / "own.aux").read_text()


def test_a_fragment_needs_a_name():
    assert "--out is needed" in invoke()[2]
    assert json.loads(invoke("err-1", "--json")[1])["fragments"].keys() == {"err-1"}


def test_the_papers_numbers_are_kept_and_ours_go_on_by_part():
    found = numbers(ours())
    assert found["thm-4.1"] == "4.1"
    assert found["def-1"] == "1"
    assert found["thm-3.2"] == "3.2"
    assert found["lem-1-filters"] == "A.1"
    assert found["thm-4.1-best"] == "B.1"
    named = [label(LEDGER[key], number) for key, number in found.items()]
    assert len(set(named)) == len(named) == len(LEDGER)


def test_a_theory_of_ones_own_has_no_number_of_the_paper(monkeypatch):
    module = ModuleType("mine", "My bounds.")
    module.STATEMENTS = (replace(LEDGER["thm-4.1"], id="thm-5", source=Source.EXTENSION),)
    monkeypatch.setitem(sys.modules, "mine", module)
    own = Theory(name="mine", parts=("mine",), root=Path(), on_top=True)
    letter = all_parts(own)[-1].letter
    assert numbers(own) == {**numbers(ours()), "thm-5": f"{letter}.1"}


def test_what_was_not_run_is_said():
    run = latex.statement_tex(
        LEDGER["err-1"], load_notation(), dict.fromkeys(LEDGER, "X 1"), (), {"formal": "held"}
    )
    assert r"\wtsevidence{formal held, symbolic not run, property not run" in run


def test_the_evidence_is_that_of_the_last_run_with_its_day(root, monkeypatch):
    theory = kept.theory(root, kept.LEDGER)
    monkeypatch.setattr(latex, "known", lambda _, *about: kept.lasting(root, theory, about))
    assert r"\wtsevidence{formal not run, symbolic not run, property not run}" in fragment("def-1")
    first = datetime.now(UTC)
    kept.run(root, kept.held("def-1"))
    days = {when.strftime("%Y-%m-%d") for when in (first, datetime.now(UTC))}  # two at midnight
    (day,) = (each for each in days if f"held on {each}" in fragment("def-1"))
    held = ", ".join(f"{kind} held on {day}" for kind in ("formal", "symbolic", "property"))
    assert rf"\wtsevidence{{{held}}}" in fragment("def-1")
    (root / LEDGER["def-1"].proof).write_text("# edited")
    stale = f"symbolic stale (what it rests on has changed since the run on {day})"
    assert stale in fragment("def-1")
    assert "formal not run" in fragment("lem-1")


def test_implications_are_conclusions_with_premises():
    claim = (Implies(And(Ge(q.L_TE, 0), Le(q.L_TE, 1)), Ge(q.L_ST, 0)),)
    line = claim_lines(claim, load_notation())[0]
    assert line.startswith(r"& {\wtsLST} \geq 0 \quad \text{if}\enspace ")
    assert line.count(r"\text{and}") == 1


def test_students_of_finite_width_miss_an_assumption(tmp_path):
    table = tmp_path / "figure5-fits.csv"
    table.write_text(
        "figure,series,exponent,low,high,theory\n5,relu d=16 M_ST=512,1.10,1.07,1.12,1.41\n"
    )
    rows = report_tables.exponents_tex([table])
    assert r"1.410 & an infinite student \\" in rows


def test_pictures_of_formulas(tmp_path):
    for key in ("thm-4.1-sharp-flow", "spec-decay"):
        assert formula_picture(LEDGER[key], "svg").startswith(b"<?xml")
    out = tmp_path / "slides" / "thm.png"
    done = RUNNER.invoke(app, ["export", "formula", "thm-4.1", "--out", str(out)])
    assert done.exit_code == 0, done.stderr
    assert out.read_bytes().startswith(b"\x89PNG")
    bad = RUNNER.invoke(app, ["export", "formula", "thm-4.1", "--out", str(tmp_path / "x.gif")])
    assert bad.exit_code == 2
    assert "one of svg, png, pdf" in bad.stderr


@pytest.mark.parametrize("suffix", ["toml", "json"])
def test_notation_is_overridden_in_one_place(suffix, tmp_path):
    path = tmp_path / f"notation.{suffix}"
    own = {"L_TE": r"\ell^{w}", "theta": r"\vartheta"}
    lines = "\n".join(f"{key} = '{value}'" for key, value in own.items())
    path.write_text(json.dumps(own) if suffix == "json" else lines)
    files = latex_files(["thm-4.1"], notation=path)
    assert r"\newcommand{\wtsLTE}{\ell^{w}}" in files["w2s_theory.sty"]
    assert r"{\vartheta}" in files["w2s_theory.sty"]
    # A superscript in the new symbol means parentheses under an exponent.
    assert r"({\wtsLTE})" not in report()["statements/thm-4.1.tex"]
    assert r"\wtsLTE^{2}" in report()["statements/thm-4.1.tex"]
    assert r"({\wtsLTE})^{2}" in files["statements/thm-4.1.tex"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("L_TEE = 'x'", "did you mean L_TE"),
        ("L_TE = 3", "must be LaTeX"),
        ("L_TE = ''", "must be LaTeX"),
        ("L_TE = '{'", "must be mathematics"),
        ("L_TE = 'x}{'", "must be mathematics"),
        (r"L_TE = 'x\'", "must be mathematics"),
        (r"L_TE = '\input{/etc/passwd}'", "must be mathematics"),
        (r"L_TE = '\catcode`\%=12'", "refused at '\\\\catcode' near character 1"),
        (r"L_TE = '\left(x'", "refused at its end"),
        ("L_TE = 'a_b_c'", "refused at '_' near character 4"),
        ("L_TE = '\u00e9'", "must be mathematics"),
        ("L_TE = 'a%b'", "must be mathematics"),
        ("L_TE = ", "must be TOML"),
        ("\x00", "must be TOML"),
    ],
)
def test_bad_notation(content, message, tmp_path):
    path = tmp_path / "notation.toml"
    path.write_text(content)
    out = tmp_path / "out"
    code, stdout, err = invoke("--out", out, "--notation", path)
    assert (code, stdout) == (2, "")
    assert message in err
    assert len(err.strip().splitlines()) == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == ["notation.toml"]


def test_bad_input_writes_nothing(tmp_path):
    full = tmp_path / "full"
    full.mkdir()
    (full / "mine.txt").write_text("keep")
    (tmp_path / "file").write_text("keep")
    before = sorted(map(str, tmp_path.rglob("*")))
    cases = [
        (["thm-4.3", "--out", tmp_path / "new"], "did you mean"),
        (["--out", full], "must be empty or absent"),
        (["--out", tmp_path / "file"], "must be a directory"),
        (["--out", tmp_path / "file" / "below"], "must be writable"),
        (["thm-4.1", "--out", "/proc/none/such"], "/proc/none"),
        (["--out", tmp_path / "new", "--notation", tmp_path / "none.toml"], "no such file"),
        (["--out", tmp_path / "new", "--figures", tmp_path / "none"], "figures must be"),
        (["--out", tmp_path / "new", "--figures", full], "figures must hold"),
    ]
    for arguments, message in cases:
        code, out, err = invoke(*arguments)
        assert (code, out) == (2, ""), arguments
        assert message in err
        assert len(err.strip().splitlines()) == 1
    assert sorted(map(str, tmp_path.rglob("*"))) == before


def test_figures_and_their_exponents(tmp_path):
    (tmp_path / "figure2.pdf").write_bytes(b"%PDF")
    (tmp_path / "notes.pdf").write_bytes(b"%PDF")
    table = tmp_path / "figure2-fits.csv"
    table.write_text("figure,series,exponent,low,high,theory\n2,relu d=32,1.86,1.84,1.87,1.456\n")
    files = latex_files(["thm-4.1"], figures=tmp_path)
    assert files["figures/figure2.pdf"] == b"%PDF"
    assert "figures/notes.pdf" not in files
    line = r"2 & ReLU $d=32$ & 1.860 & [1.840, 1.870] & 1.456 & none \\"
    assert line in files["tables/exponents.tex"]
    assert r"\includegraphics[width=\linewidth]{figures/figure2}" in files["main.tex"]
    for bad in ("figure,series\n2,x\n", "figure,series,exponent,low,high,theory\n2,x,y,1,1,1\n"):
        table.write_text(bad)
        with pytest.raises(ValueError, match="figures must hold tables"):
            latex_files(["thm-4.1"], figures=tmp_path)


def test_a_full_disk_leaves_nothing(tmp_path, monkeypatch):
    def refuse(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(OSError, match="No space"):
        export_latex(tmp_path / "a" / "b" / "out", ["thm-4.1"])
    assert list(tmp_path.iterdir()) == []


def test_written_files(tmp_path):
    out = tmp_path / "deep" / "out"
    code, said, _ = invoke("thm-4.1", "--out", out, "--json")
    assert code == 0
    written = sorted(p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file())
    assert json.loads(said) == {"out": str(out), "files": written}
    assert [p.name for p in out.parent.iterdir()] == ["out"]
    assert os.access(out, os.R_OK | os.X_OK)
    empty = tmp_path / "empty"
    empty.mkdir()
    assert invoke("thm-4.1", "--out", empty)[0] == 0


def test_long_lines_are_broken_at_signs():
    notation = load_notation()
    for entry in LEDGER.values():
        for line in claim_lines(entry.claim, notation):
            body = line.replace("&", "")
            assert body.count("{") == body.count("}")
            depths = accumulate(
                1 if side == "left" else -1 for side in re.findall(r"\\(left|right)\b", body)
            )
            assert min([*depths, 0]) == 0
            assert body.count(r"\left") == body.count(r"\right")
            if visible(notation.expanded(line)) > WIDE:  # one term, after its sign
                assert len(displays._pieces(line)) <= 2


def test_macro_names_are_letters():
    names = [macro_name(str(q.symbol)) for q in QUANTITIES]
    assert all(re.fullmatch(r"wts[A-Za-z]+", name) for name in names)
    macros = [entry.macro for entry in load_notation().entries]
    assert len(set(macros)) == len(macros)
