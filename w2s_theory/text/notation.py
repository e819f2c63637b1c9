"""The notation in one place: a macro for every symbol, overridable by a file."""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sympy import Basic, Symbol

from w2s_theory.ledger.printers import has_exponent
from w2s_theory.ledger.quantities import QUANTITIES
from w2s_theory.ledger.render import latex as printed_latex
from w2s_theory.ledger.render import square_roots
from w2s_theory.text import mathematics

PREFIX = "wts"
_DIGITS = ("Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
_RAISED = "^'"
_MOST_LATEX = 200
_MOST_BYTES = 1_000_000
_USED = re.compile(rf"\\({PREFIX}[A-Za-z]+)")
_MARK = re.compile(r"\[\[(\d+)\^?\]\](?=(\^?))")


@dataclass(frozen=True, slots=True)
class Entry:
    """A symbol: its name in notation files, its macro, its LaTeX and its meaning."""

    name: str
    macro: str
    latex: str
    meaning: str
    symbol: Symbol


@dataclass(frozen=True)
class Notation:
    """All symbols, in the ledger's order."""

    entries: tuple[Entry, ...]

    @cached_property
    def marks(self) -> dict[Symbol, str]:
        """What to give the printer as LaTeX of each symbol; `finish` makes macros of them."""
        # The printer puts a base with an exponent in parentheses if it sees one in its name; a
        # prime is one.
        return {
            entry.symbol: f"[[{place}{'^' if has_exponent(entry.latex) else ''}]]"
            for place, entry in enumerate(self.entries)
        }

    @cached_property
    def _squares(self) -> dict[Symbol, str]:
        return square_roots({entry.symbol: entry.latex for entry in self.entries})

    @cached_property
    def roots(self) -> dict[Symbol, str]:
        """The macro of what is squared in a symbol, such as the norm in a squared norm."""
        return {e.symbol: f"\\{e.macro}Root" for e in self.entries if e.symbol in self._squares}

    @cached_property
    def macros(self) -> dict[str, str]:
        """Name -> macro, for names longer than a letter (prose has articles).

        In braces where the symbol has an exponent of its own.
        """
        return {
            e.name: f"{{\\{e.macro}}}" if set(e.latex) & set(_RAISED) else f"\\{e.macro}"
            for e in self.entries
            if len(e.name) > 1
        }

    def finish(self, printed: str) -> str:
        """Printed LaTeX with marks replaced by macros, in braces unless an exponent follows.

        So that the exponent of a_k stands above its index, not behind it.
        """

        def macro(mark: re.Match[str]) -> str:
            name = f"\\{self.entries[int(mark[1])].macro}"
            return name if mark[2] else f"{{{name}}}"

        return _MARK.sub(macro, printed)

    def latex(self, expr: Basic, named: Mapping[Basic, str] | None = None) -> str:
        """LaTeX of an expression, in macros; those `named` have names."""
        return self.finish(printed_latex(expr, self.marks, self.roots, named))

    def expanded(self, latex: str) -> str:
        """LaTeX with its macros written out."""
        written = {entry.macro: entry.latex for entry in self.entries}
        written |= {
            f"{entry.macro}Root": self._squares[entry.symbol]
            for entry in self.entries
            if entry.symbol in self._squares
        }
        return _USED.sub(lambda m: written.get(m[1], m[0]), latex)

    def definitions(self) -> list[str]:
        """One ``\\newcommand`` a symbol, its meaning as a comment; one for what is squared."""
        width = max(len(e.macro) + len(e.latex) for e in self.entries)
        lines = []
        for e in self.entries:
            made = rf"\newcommand{{\{e.macro}}}{{{e.latex}}}"
            lines.append(made.ljust(width + 18) + f" % {e.meaning}")
            if e.symbol in self._squares:
                lines.append(rf"\newcommand{{\{e.macro}Root}}{{{self._squares[e.symbol]}}}")
        return lines


def macro_name(name: str) -> str:
    """A LaTeX macro name (letters only) for a symbol's name."""
    parts = re.split(r"[^A-Za-z0-9]+", name)
    words = "".join(part[:1].upper() + part[1:] for part in parts)
    return PREFIX + re.sub(r"\d", lambda m: _DIGITS[int(m.group(0))], words)


def load_notation(path: Path | None = None) -> Notation:
    """The package's notation, with the entries of a TOML or JSON file in place of its own.

    The file maps names of symbols ("L_TE") to LaTeX. Raises `ValueError` for an unknown name (near
    matches listed), for values that are not LaTeX of at most 200 characters that `mathematics`
    takes, and for a file that is neither TOML nor JSON.
    """
    own = _overrides(path) if path is not None else {}
    names = [str(quantity.symbol) for quantity in QUANTITIES]
    chosen = {key: _checked(key, value, names) for key, value in own.items()}
    entries: list[Entry] = []
    used: dict[str, int] = {}
    for quantity, name in zip(QUANTITIES, names, strict=True):
        base = macro_name(name)
        used[base] = used.get(base, 0) + 1
        # Symbols of one name and different assumptions are different symbols.
        macro = base if used[base] == 1 else f"{base}{'x' * (used[base] - 1)}"
        latex = chosen.get(name, quantity.latex)
        entries.append(Entry(name, macro, latex, quantity.meaning, quantity.symbol))
    return Notation(tuple(entries))


def _overrides(path: Path) -> dict[str, object]:
    if path.stat().st_size > _MOST_BYTES:
        raise ValueError(f"notation must be a file of at most {_MOST_BYTES} bytes, got {path}")
    try:
        text = path.read_text(encoding="utf-8")
        loaded: object = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"notation must be TOML or .json, got {path}: {error}") from None
    if not isinstance(loaded, dict):
        raise ValueError(f"notation must map names to LaTeX, got {path}")
    return loaded


def _checked(key: str, value: object, names: list[str]) -> str:
    if key not in names:
        near = difflib.get_close_matches(key, names, n=5, cutoff=0.4)
        hint = f"did you mean {', '.join(near)}?" if near else f"known: {', '.join(names)}"
        raise ValueError(f"notation must name known symbols, got {key!r}; {hint}")
    if not isinstance(value, str) or not value.strip() or len(value) > _MOST_LATEX:
        raise ValueError(f"notation of {key} must be LaTeX of 1..{_MOST_LATEX} characters")
    try:
        mathematics.check(value)
    except ValueError as error:
        raise ValueError(
            f"notation of {key} must be mathematics as in `text.mathematics`, "
            f"got {value!r}, refused at {error}"
        ) from None
    return value
