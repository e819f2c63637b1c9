"""The report around the statements: macro file, preamble and main file."""

from __future__ import annotations

from collections.abc import Sequence

from w2s_theory.ledger.references import PAPER
from w2s_theory.ledger.statement import Kind, Source, Statement
from w2s_theory.text.escape import latex_text
from w2s_theory.text.inline_math import prose_latex
from w2s_theory.text.notation import Notation

_PLAIN = (Kind.DEFINITION, Kind.WITNESS, Kind.ERRATUM)

STRUCTURE = r"""% What the statements need besides their symbols.
% Packages: amsmath, amssymb, amsthm, array, booktabs, graphicx, longtable, xcolor.
\newsavebox{\wtsbox}
% \wtsfit{math}: as it is, or shrunk to the width of the line.
\newcommand{\wtsfit}[1]{\sbox{\wtsbox}{$\displaystyle #1$}%
  \ifdim\wd\wtsbox>\linewidth\resizebox{\linewidth}{!}{\usebox{\wtsbox}}%
  \else\usebox{\wtsbox}\fi}
\newcommand{\wtssource}[2]{\leavevmode\par\nobreak\begingroup\noindent\raggedright
  \normalfont\small\sffamily\color{wtsgray}[#1]\enspace #2.\par\nobreak\endgroup\smallskip\noindent}
\newcommand{\wtsevidence}[1]{{\normalfont\footnotesize\sffamily\textcolor{wtsgray}{%
  Evidence: #1.}}\enspace}
\newcommand{\wtsuses}[1]{{\normalfont\footnotesize\sffamily\textcolor{wtsgray}{Rests on: #1.}}}
\newenvironment{wtsassumptions}{\begin{itemize}\setlength{\itemsep}{1pt}}{\end{itemize}}
\definecolor{wtsgray}{gray}{0.35}
% \wtsroom: a new page unless a table can begin on this one.
\newcommand{\wtsroom}{\par\dimen0=\pagegoal\advance\dimen0 by -\pagetotal
  \ifdim\dimen0<9\baselineskip\newpage\fi}
"""

_TITLE = "Weak-to-strong generalization in random feature networks"
_PREAMBLE = r"""\documentclass[11pt,a4paper]{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{lmodern}
\usepackage[margin=27mm]{geometry}
\usepackage{amsmath,amssymb,amsthm}
\usepackage{array,booktabs,longtable}
\usepackage{graphicx,xcolor}
\usepackage{microtype}
\usepackage[hidelinks]{hyperref}
\emergencystretch=3em
\input{macros}

\title{TITLE:\\the theory as it is checked}
\author{}
\date{}

\begin{document}
\maketitle
"""


def macros_tex(notation: Notation) -> str:
    """The macro file: notation first, then the environments."""
    numbered = [
        (r"\theoremstyle{definition}" if kind in _PLAIN else r"\theoremstyle{plain}")
        + "\n"
        + (
            rf"\newtheorem{{wts{kind.value}}}{{{kind.value.capitalize()}}}"
            if place == 0
            else rf"\newtheorem{{wts{kind.value}}}[wts{_first()}]{{{kind.value.capitalize()}}}"
        )
        for place, kind in enumerate(Kind)
    ]
    return "\n".join(
        [
            "% Notation: one macro a symbol. `w2s export latex --notation FILE` overrides it.",
            *notation.definitions(),
            "",
            STRUCTURE + "\n".join(numbered),
            "",
        ]
    )


def _first() -> str:
    return next(iter(Kind)).value


def main_tex(
    statements: Sequence[Statement],
    tables: Sequence[tuple[str, str]],
    figures: Sequence[str],
    theory: str = "",
) -> str:
    """The main file: introduction, notation, statements, tables (title, file), figures, works.

    `theory` is the name of one that does not contain the package's.
    """
    counts = [f"{sum(s.source is source for s in statements)} {source.value}" for source in Source]
    title = latex_text(theory) if theory else _TITLE
    results = rf" on the results of {PAPER}~\cite{{{PAPER.key}}}" * (not theory)
    lines = [
        _PREAMBLE.replace("TITLE", title),
        rf"\noindent This report is generated from the ledger of statements{results}. It holds",
        rf"{len(statements)} statements: {', '.join(counts)}. A statement marked \emph{{paper}} is",
        r"legible in the paper's public summary; \emph{reconstructed}: the summary names it, the",
        r"exact form is ours; \emph{extension}: not in the paper. Norms and inner products are",
        r"those of $L_2(\mathcal{D})$, and time is that of $dw/dt = -\tfrac12\nabla$.",
        "",
        r"\section{Statements}",
        *(rf"\input{{statements/{s.id}}}" for s in statements),
    ]
    for title, name in tables:
        lines += ["", r"\wtsroom", rf"\section{{{title}}}", rf"\input{{tables/{name}}}"]
    if figures:
        lines += ["", r"\clearpage", r"\section{Figures}"]
        for name, caption in figures_with_captions(figures):
            lines += [
                r"\begin{figure}[!htbp]\centering",
                rf"\includegraphics[width=\linewidth]{{figures/{name}}}",
                rf"\caption{{{caption}}}",
                r"\end{figure}",
            ]
        lines.append(r"\clearpage")
    lines += ["", r"\bibliographystyle{plain}", r"\bibliography{references}", r"\end{document}", ""]
    return "\n".join(lines)


def figures_with_captions(names: Sequence[str]) -> list[tuple[str, str]]:
    """File names and their captions as LaTeX."""
    from w2s_theory.experiments.figures.make import caption

    return [(name, prose_latex(caption(int(name.removeprefix("figure"))))) for name in names]


def notation_table(notation: Notation, used: Sequence[str]) -> str:
    """A longtable of the symbols named in `used`."""
    rows = [
        rf"\wtsfit{{\{e.macro}}} & {prose_latex(e.meaning, notation.macros)} & "
        rf"\texttt{{{latex_text(e.name)}}} \\"
        for e in notation.entries
        if e.macro in used
    ]
    return "\n".join(
        [
            r"\begin{longtable}{@{}>{\raggedright\arraybackslash}p{0.23\linewidth}"
            r">{\raggedright\arraybackslash}p{0.45\linewidth}l@{}}",
            r"\toprule Symbol & Meaning & Name \\ \midrule\endhead",
            r"\bottomrule\endlastfoot",
            *rows,
            r"\end{longtable}",
            "",
        ]
    )
