"""The golden files: what they are made from. `python -m tests.export.golden` writes them anew."""

from pathlib import Path

from w2s_theory.export import report_tables
from w2s_theory.export.statement_tex import statement_tex
from w2s_theory.ledger.registry import load
from w2s_theory.text.notation import load_notation

FOLDER = Path(__file__).with_name("golden")
IDS = ("thm-4.1", "lem-1-overshoot", "nstep", "err-1")


def contents():
    """Name -> text."""
    ledger, notation = load(), load_notation()
    found = {
        f"{key}.tex": statement_tex(ledger[key], notation, {"thm-4.1", "def-1"}) for key in IDS
    }
    return found | {
        "chains.tex": report_tables.chain_tex(),
        "spectra.tex": report_tables.spectrum_tex(),
    }


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in contents().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
