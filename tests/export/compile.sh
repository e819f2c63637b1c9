#!/usr/bin/env bash
# Compile the exported report with a real LaTeX: no error, no undefined reference, no overfull line.
# Usage: tests/export/compile.sh [directory of figures as PDF]
# Debian: texlive-latex-recommended lmodern
set -euo pipefail
cd "$(dirname "$0")/../.."
W2S=${W2S:-.venv/bin/w2s}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

compile() {
    cd "$1"
    for command in "pdflatex -interaction=nonstopmode -halt-on-error main" "bibtex main" \
        "pdflatex -interaction=nonstopmode main" "pdflatex -interaction=nonstopmode main"; do
        $command >"$work/out" 2>&1 || { cat "$work/out"; echo "compile: $command failed" >&2; exit 1; }
    done
    if grep -nE '^!|^(Over|Under)full|undefined|multiply defined|(LaTeX|Package)( \w+)? Warning' main.log; then
        echo "compile: warnings in $1/main.log" >&2
        exit 1
    fi
    if grep -n '^Warning' main.blg; then exit 1; fi
    echo "compile: $(grep -o 'Output written.*' main.log)"
    cd - >/dev/null
}

"$W2S" export latex --out "$work/report" ${1:+--figures "$1"}
compile "$work/report"
mkdir -p build && cp "$work/report/main.pdf" build/report.pdf && echo "compile: build/report.pdf"
cat >"$work/notation.toml" <<'TOML'
L_TE = "\\ell_{\\mathrm{weak}}"
L_ST = "\\ell^{\\mathrm{strong}}"
teacher_norm2 = "\\lVert T \\rVert^{2}"
TOML
"$W2S" export latex thm-4.1 cor-2 nstep-ends --out "$work/chosen" --notation "$work/notation.toml"
compile "$work/chosen"

# Every statement in an article that loads w2s_theory.sty, as `w2s export latex ID` prints it.
PYTHON=${PYTHON:-.venv/bin/python}
mkdir "$work/fragments" && cp "$work/report/w2s_theory.sty" "$work/report/references.bib" "$work/fragments"
"$PYTHON" - >"$work/fragments/main.tex" <<'PY'
from w2s_theory.export.latex import fragment
from w2s_theory.ledger.registry import load

print(r"\documentclass{article}\usepackage{w2s_theory}\begin{document}")
print(*map(fragment, load()), r"\bibliographystyle{plain}\bibliography{references}\end{document}")
PY
compile "$work/fragments"

# Every notation that is let through compiles; each of the forms refused for breaking does break.
typeset() { "$PYTHON" -m tests.export.notations "$1" "$2" >"$work/notations.tex" &&
    (cd "$work" && pdflatex -interaction=nonstopmode -halt-on-error notations >out 2>&1); }
typeset taken "${NOTATIONS:-200}" || { cat "$work/out"; echo "compile: a notation failed" >&2; exit 1; }
if grep -n 'Missing character' "$work/notations.log"; then exit 1; fi
for form in $("$PYTHON" -c 'from tests.export.notations import *; print(*range(len(BREAKING)))'); do
    if typeset breaking "$form"; then echo "compile: form $form is sound" >&2; exit 1; fi
done
echo "compile: ${NOTATIONS:-200} random notations compile, $((form + 1)) refused ones do not"
