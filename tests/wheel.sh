#!/usr/bin/env bash
# Wheel and sdist, built and used where the tree is not: PYTHON [pytest arguments for the sdist].
# Without arguments the sdist's whole tests/ are run.
set -euo pipefail
python=$1
shift
tree=$PWD place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
unset PYTHONPATH

step() { echo "wheel: $* ($SECONDS s)"; }

step "building"
"$python" -m venv "$place/env"
pip=("$place/env/bin/python" -m pip install --quiet --disable-pip-version-check)
"${pip[@]}" build
"$place/env/bin/python" -m build --outdir "$place/dist" "$tree" >"$place/log" 2>&1 ||
    { cat "$place/log"; exit 1; }
"${pip[@]}" --constraint constraints.txt \
    "$(ls "$place"/dist/*.whl)[files,site]" pytest-xdist scikit-learn
w2s=$place/env/bin/w2s

# A folder whose name has a space, and whose own checks/ and proofs/ are none of ours.
mkdir -p "$place/some where/checks" "$place/some where/proofs"
cd "$place/some where"
echo "raise SystemExit('not ours')" | tee checks/__init__.py proofs/__init__.py >/dev/null
step "some statements"
"$w2s" check def-1 lem-ls | tail -1
"$w2s" list | tail -1 | grep "^2 held, "
"$w2s" show def-1 | grep "formal: held (recorded)"
step "all of them"
"$w2s" check | grep "^verdict: HELD"
"$w2s" list | tail -1 | grep -v "not run"
step "diagnose and export"
"$place/env/bin/python" - <<'RUN'
import numpy as np

target, noise = np.random.default_rng(0).normal(size=(2, 500))
teacher = 0.8 * target + 0.3 * noise
np.savetxt("run.csv", np.c_[target, teacher, 0.9 * teacher], delimiter=",",
           header="target,teacher,student", comments="")
RUN
"$w2s" diagnose run.csv --plot run.svg | grep "^verdict"
"$w2s" export latex --out report
"$w2s" export html --out site
ls report/main.tex site/index.html checks-report.json checks-status.json run.svg

step "a theory of one's own"
"$w2s" new my-paper
(cd my-paper && "$place/env/bin/python" -m pytest -q -n 2 | grep "^verdict: HELD" && "$w2s" list | grep "^2 held")

step "the tests of the sdist"
mkdir "$place/source"
tar -xzf "$place"/dist/*.tar.gz -C "$place/source" --strip-components 1
cd "$place/source"
[ $# -gt 0 ] || set -- tests
"$place/env/bin/python" -m pytest -q -p no:cacheprovider -n auto "$@"
step "done"
