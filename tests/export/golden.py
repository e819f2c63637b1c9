"""The golden files: what they are made from. `python -m tests.export.golden` writes them anew."""

from pathlib import Path

from w2s_theory.export import report_tables
from w2s_theory.export.statement_tex import statement_tex
from w2s_theory.ledger.numbering import label, numbers
from w2s_theory.ledger.registry import load
from w2s_theory.regression.stored import ours
from w2s_theory.text.notation import load_notation

FOLDER = Path(__file__).with_name("golden")
# Chosen for what is hard in them: roots, minima, limits, integrals, sums, Gamma functions, powers
# of sums, implications, derivatives, chains of relations, displays that do not fit a line.
IDS = (
    *("def-1", "thm-4.1", "thm-4.1-sharp", "thm-4.1-sharp-flow", "lem-1-overshoot", "lem-1-named"),
    *("nstep", "nstep-ends", "err-1", "thm-4.1-instance", "convex-class", "mixtures"),
    *("spec-rodrigues", "spec-coefficients", "spec-decay", "spec-kernel", "spec-hermite-kernel"),
    *("thm-3.1", "thm-3.1-exponent", "leverage", "law-linear", "thm-3.2", "thm-3.3"),
    *("optimality", "optimality-limit", "teacher-lower"),
)


def contents():
    """Name -> text."""
    ledger, notation = load(), load_notation()
    named = numbers(ours())
    labels = {key: label(ledger[key], named[key]) for key in ledger}
    found = {
        f"{key}.tex": statement_tex(ledger[key], notation, labels, {"thm-4.1", "def-1"})
        for key in IDS
    }
    return found | {
        "chains.tex": report_tables.chain_tex(),
        "spectra.tex": report_tables.spectrum_tex(),
    }


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in contents().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
