"""The report around the statements: `w2s_theory.sty`, preamble and main file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from w2s_theory.export.statement_tex import referring
from w2s_theory.ledger.numbering import Part
from w2s_theory.ledger.references import PAPER
from w2s_theory.ledger.statement import Kind, Source, Statement
from w2s_theory.text.displays import visible
from w2s_theory.text.escape import latex_text
from w2s_theory.text.inline_math import prose_latex
from w2s_theory.text.notation import Notation

_WIDE = 20
"""Visible characters that the first column of the notation has room for."""
_PLAIN = (Kind.DEFINITION, Kind.WITNESS, Kind.ERRATUM)

STRUCTURE = r"""% What the statements need besides their symbols.
\newsavebox{\wtsbox}
% \wtsfit{math}: as it is, or shrunk to the width of the line.
\newcommand{\wtsfit}[1]{\sbox{\wtsbox}{$\displaystyle #1$}%
  \ifdim\wd\wtsbox>\linewidth\resizebox{\linewidth}{!}{\usebox{\wtsbox}}%
  \else\usebox{\wtsbox}\fi}
% \wtsnumbered{4.1}: the number of the next statement. With the option "own" the paper that loads
% this counts by itself.
\newcommand{\wtsnumber}{}
\newcommand{\wtsend}{\par\vskip 0pt plus .5\textheight\penalty-200
  \vskip 0pt plus -.5\textheight}
\newcommand{\wtsnumbered}[1]{\gdef\wtsnumber{#1}\if@nobreak\else\wtsend\fi}
\newcommand{\wtscount}[1]{\expandafter\def\csname the#1\endcsname{\wtsnumber}}
\DeclareOption{own}{\renewcommand{\wtscount}[1]{}}
\ProcessOptions\relax
% A statement stays on one page, from its title to its evidence, unless a page is too small for it:
% a page may end before it, as short as it may be, but not between it and the title of its part.
\newcommand{\wtstogether}{\emergencystretch3em \hbadness2000
  \interlinepenalty9999 \postdisplaypenalty9999
  \@beginparpenalty9999 \@itempenalty9999 \@endparpenalty9999 }
\newcommand{\wtssource}[2]{\wtstogether\begingroup\raggedright\normalfont\small\sffamily
  \color{wtsgray}[#1]\enspace #2.\par\nobreak\endgroup\nobreak\smallskip\noindent\ignorespaces}
\newcommand{\wtsnote}[2]{\begingroup\par\nobreak\noindent\raggedright
  \normalfont\footnotesize\sffamily\color{wtsgray}#1: #2.\par\endgroup}
\newcommand{\wtssymbols}[1]{\wtsnote{Symbols}{#1}}
\newcommand{\wtsevidence}[1]{\wtsnote{Evidence}{#1}}
\newcommand{\wtsuses}[1]{\wtsnote{Rests on}{#1}}
\newenvironment{wtsassumptions}{\begin{itemize}\setlength{\itemsep}{1pt}}{\end{itemize}}
\definecolor{wtsgray}{gray}{0.35}
% The anchor of a link, set before the space above a statement, would let a page end there.
\let\wtsoldhead\deferred@thm@head
\renewcommand{\deferred@thm@head}{\if@nobreak\nobreak\fi\wtsoldhead}
% The title has its line, or lines, to itself.
\newtheoremstyle{wtsplain}{12pt plus 4pt}{6pt plus 2pt}{\itshape}{}{\bfseries}{.}{\newline}{}
\newtheoremstyle{wtsupright}{12pt plus 4pt}{6pt plus 2pt}{}{}{\bfseries}{.}{\newline}{}
% \wtspart{B}{title}: a part of the theory.
\newcommand{\wtspart}[2]{\wtsend\section*{\raggedright #1\quad #2}%
  \addcontentsline{toc}{subsection}{\protect\numberline{#1}#2}\nobreak}
\newcommand{\wtstables}[1]{\section*{#1}\addcontentsline{toc}{subsection}{#1}\nobreak}
% \wtsroom: a new page unless a table can begin on this one.
\newcommand{\wtsroom}{\par\dimen0=\pagegoal\advance\dimen0 by -\pagetotal
  \ifdim\dimen0<9\baselineskip\newpage\fi}
"""

_TITLE = "Weak-to-strong generalization in random feature networks"
STYLE = "w2s_theory.sty"
_HEAD = r"""\NeedsTeXFormat{LaTeX2e}
\ProvidesPackage{w2s_theory}[the notation and the environments of w2s export latex]
\RequirePackage{amsmath,amssymb,amsthm,graphicx,xcolor}
% Notation: one macro a symbol. `w2s export latex --notation FILE` overrides it.
"""

_PREAMBLE = r"""\documentclass[11pt,a4paper]{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{lmodern}
\usepackage[margin=27mm]{geometry}
\usepackage{array,booktabs,longtable}
\usepackage{microtype}
\usepackage{w2s_theory}
\usepackage[hidelinks]{hyperref}
\emergencystretch=3em

\title{TITLE:\\the theory as it is checked}
\author{}
\date{}

\begin{document}
\maketitle
"""


def style_tex(notation: Notation) -> str:
    """`w2s_theory.sty`, to load in a paper of one's own: the notation, then the environments."""
    kinds = []
    for kind in Kind:
        style = "wtsupright" if kind in _PLAIN else "wtsplain"
        name = f"wts{kind.value}"
        kinds += [
            rf"\theoremstyle{{{style}}}",
            rf"\newtheorem{{{name}}}{{{kind.value.capitalize()}}}",
            rf"\wtscount{{{name}}}",
        ]
    return "\n".join([_HEAD + "\n".join(notation.definitions()), STRUCTURE, *kinds, ""])


def main_tex(
    statements: Mapping[Part, Sequence[Statement]],
    tables: Sequence[tuple[str, str]],
    figures: Sequence[str],
    labels: Mapping[str, str],
    theory: str = "",
) -> str:
    """The main file: introduction, statements by part, tables (title, file), figures, works.

    `labels` are the names of all statements, `theory` is the name of a theory that does not
    contain the package's.
    """
    every = [statement for part in statements.values() for statement in part]
    counts = [f"{sum(s.source is source for s in every)} {source.value}" for source in Source]
    title = latex_text(theory) if theory else _TITLE
    results = rf" on the results of {PAPER}~\cite{{{PAPER.key}}}" * (not theory)
    lines = [
        _PREAMBLE.replace("TITLE", title),
        rf"\noindent This report is generated from the ledger of statements{results}. It holds",
        rf"{len(every)} statements: {', '.join(counts)}. A statement marked \emph{{paper}} is",
        r"legible in the paper's public summary; \emph{reconstructed}: the summary names it, the",
        r"exact form is ours; \emph{extension}: not in the paper; \emph{literature}: another",
        r"paper's. What the paper numbers has its number there, such as Theorem~4.1; everything",
        r"else has the letter of its part. $f^*$ is the target, $f_T$ the teacher, $f_S$ the",
        r"student; norms and inner products are those of $L_2(\mathcal{D})$, losses the squared",
        r"distances $\mathcal{L}_{\mathrm{TE}} = \|f_T - f^*\|^2$ and",
        r"$\mathcal{L}_{\mathrm{ST}} = \|f_S - f^*\|^2$, and time is that of",
        r"$dw/dt = -\tfrac12\nabla$.",
        r"\tableofcontents",
    ]
    for part, held in statements.items():
        name = prose_latex(part.title)
        if "$" in name:  # in a PDF's bookmarks, words
            name = rf"\texorpdfstring{{{name}}}{{{latex_text(part.title)}}}"
        lines += ["", rf"\wtspart{{{part.letter}}}{{{name}}}"]
        lines += [rf"\input{{statements/{s.id}}}" for s in held]
    for title, name in tables:
        lines += ["", r"\wtsroom", rf"\wtstables{{{title}}}", rf"\input{{tables/{name}}}"]
    if figures:
        lines += ["", r"\clearpage", r"\wtstables{Figures}"]
        for name, caption in figures_with_captions(figures):
            lines += [
                r"\begin{figure}[!htbp]\centering",
                rf"\includegraphics[width=\linewidth]{{figures/{name}}}",
                rf"\caption{{{referring(caption, labels, [s.id for s in every])}}}",
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
    """A longtable of the symbols named in `used`: what each macro means."""
    rows = []
    for e in notation.entries:
        if {e.macro, f"{e.macro}Root"} & set(used):
            symbol = rf"$\{e.macro}$"
            if visible(e.latex) > _WIDE:  # a line to itself
                rows.append(rf"\multicolumn{{4}}{{@{{}}l}}{{{symbol}}} \\*")
                symbol = ""
            rows.append(
                rf"{symbol} & {prose_latex(e.meaning, notation.macros)} & "
                rf"\texttt{{\textbackslash {e.macro}}} & \texttt{{{latex_text(e.name)}}} \\"
            )
    return "\n".join(
        [
            r"{\small\begin{longtable}{@{}>{\raggedright\arraybackslash}p{0.19\linewidth}"
            r">{\raggedright\arraybackslash}p{0.32\linewidth}"
            r">{\footnotesize}l>{\footnotesize}l@{}}",
            r"\toprule Symbol & Meaning & Macro & Name \\ \midrule\endhead",
            r"\bottomrule\endlastfoot",
            *rows,
            r"\end{longtable}}",
            "",
        ]
    )
