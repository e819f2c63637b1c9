"""Plain text made safe for LaTeX and Markdown."""

from __future__ import annotations

_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': "''",
}


def latex_text(text: str) -> str:
    """`text` as LaTeX prose; characters outside ASCII become a question mark in a box."""
    return "".join(_LATEX.get(c, c if c.isascii() else r"\fbox{?}") for c in text)


def markdown_cell(text: str) -> str:
    """`text` for a cell of a Markdown table."""
    return text.replace("|", r"\|").replace("\n", " ")
