"""Prose with ASCII mathematics, as the ledger writes it, to LaTeX.

Runs of mathematical tokens (`L_TE <= c L_TE^beta`, `<f_S, f_T>`, `sqrt(1 - L)`) become inline
mathematics, everything else is escaped. What does not balance stays text: it always compiles.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from w2s_theory.text.escape import latex_text

_GREEK = (
    *("alpha", "beta", "gamma", "delta", "epsilon", "eta", "theta", "kappa", "lambda", "mu"),
    "vartheta",
    *("nu", "pi", "rho", "sigma", "tau", "phi", "psi", "omega"),
)
_FUNCTIONS = ("sin", "cos", "tan", "exp", "log", "min", "max", "lim")
_WORDS = {
    **{name: rf"\{name}" for name in (*_GREEK, *_FUNCTIONS)},
    "phi": r"\varphi",
    "epsilon": r"\varepsilon",
    "eps": r"\varepsilon",
    "Psi": r"\Psi",
    "Delta": r"\Delta",
    "Lambda": r"\Lambda",
    "ell": r"\ell",
    "Theta": r"\Theta",
    "sum": r"\sum",
    "infinity": r"\infty",
    "inf": r"\infty",
    "Gamma": r"\Gamma",
    "relu": r"\mathrm{relu}",
    "acos": r"\arccos",
    "arccos": r"\arccos",
    "asin": r"\arcsin",
    "atan": r"\arctan",
    "chi2": r"\chi^2",
    "chi": r"\chi",
    "tr": r"\operatorname{tr}",
    "PGR": r"\mathrm{PGR}",
    "argmin": r"\operatorname*{arg\,min}",
    "grad": r"\nabla",
    "dw": "dw",
    "dt": "dt",
    "drho": r"d\rho",
    "dtheta": r"d\theta",
    "sqrt": "@",
}
_NAMES = "|".join(sorted(map(re.escape, _WORDS), key=len, reverse=True))
_SYMBOLS = {
    ">=": r"\ge ",
    "<=": r"\le ",
    "->": r"\to ",
    "!=": r"\ne ",
    "+-": r"\pm ",
    " x ": r"\times ",
    "||": r"\|",
    "~": r"\sim ",
    "*": r"\,",
    "{": r"\{",
    "}": r"\}",
}
_TOKEN = re.compile(
    rf"""(?P<times>(?<=\b[dkM])\ x\ (?=[kM]\b))
    |(?P<space>\s+)
    |(?P<matrix>[A-Z](?='s\b))
    |(?P<word>[A-Za-z]{{2,}}(?:-[A-Za-z]+)+|[A-Za-z]-[A-Za-z]{{2,}}|[A-Za-z]+'[a-z]+|[nk](?=-step)|\d+(?:\.\d+)*'[a-z]+)
    |(?P<rest>(?<![A-Za-z_\])}}*])\d*\([a-z]\)(?![\w^*/+=-]))
    |(?P<script>(?:{_NAMES}|[A-Za-z]+)(?:_(?:[A-Za-z]+|\d+|\{{[^{{}}]*\}}))+(?:\*|'(?!\w))?)
    |(?P<star>[A-Za-z]\*|O~)
    |(?P<name>(?:{_NAMES})(?![A-Za-z])(?:'(?!\w))?)
    |(?P<letter>[A-Za-z](?:''?|(?![A-Za-z])))
    |(?P<number>\d+(?:\.\d+)?)
    |(?P<op>>=|<=|->|!=|\+-|\|\||[-+*/^_=<>()\[\]|,~{{}}!])
    |(?P<other>[A-Za-z]+|.)""",
    re.VERBOSE,
)
_BRACED = (("@", r"\sqrt{", "}"), ("^-", "^{-(", ")}"), ("^", "^{", "}"), ("_", "_{", "}"))
_INDEXED = re.compile(
    r"\{(\\wts[A-Za-z]+|(?:\\mathcal\{L\}|\\[A-Za-z]+|[A-Za-z])_\{(?:[^{}]|\{[^{}]*\})*\})\}\^"
)
"""A name with an index before an exponent: without braces they stand one above the other."""
_ATOMS = ("script", "star", "name", "letter", "number", "matrix")
_ARTICLES = ("a", "A", "I")
_NO_NOUN = re.compile(r"(the|times|plus|from|has|is)\b")
"""What follows a letter, and never an article."""
_OPENS, _CLOSES = "([{", ")]}"


def prose_latex(
    text: str, macros: Mapping[str, str] | None = None, *, upright: bool = False
) -> str:
    """`text` as LaTeX prose; `macros` names the LaTeX of identifiers such as "L_TE".

    `upright`: for text in italics, whose numbers are set as mathematics.
    """
    out, pieces = "", prose_pieces(text, macros)
    for place, (is_math, piece) in enumerate(pieces):
        number = upright and re.fullmatch(r"\d+", piece)
        if number:
            after = "".join(tex for _, tex in pieces[place + 1 : place + 2])
            named = out[-1:] not in ("", " ", "(") or re.search(r"[A-Z][a-z]+ $", out)
            number = None if named or after.startswith("-") else number  # Lemma 1, thm-4
        out += f"${piece}$" if is_math or number else latex_text(piece)
    return out


def prose_pieces(text: str, macros: Mapping[str, str] | None = None) -> list[tuple[bool, str]]:
    """`text` in pieces: (True, LaTeX of mathematics) or (False, words as they are)."""
    runs = prose_runs(text, macros)
    return [(latex is not None, source if latex is None else latex) for source, latex in runs]


def prose_runs(text: str, macros: Mapping[str, str] | None = None) -> list[tuple[str, str | None]]:
    """`text` in pieces as they are, each with its LaTeX where it is mathematics."""
    kinds = {None: "rest", "times": "op"}
    tokens = [(kinds.get(m.lastgroup, str(m.lastgroup)), m[0]) for m in _TOKEN.finditer(text)]
    out: list[tuple[str, str | None]] = []
    place = 0
    while place < len(tokens):
        end = _run_end(tokens, place)
        run = tokens[place:end]
        after = "".join(token for _, token in tokens[end + 1 : end + 2])
        letter = len(run) == 1 and run[0][1] in _ARTICLES and _NO_NOUN.match(after)
        if run and (_is_math(run) or letter):
            out.append(("".join(token for _, token in run), _math(run, macros or {})))
            place = end
        else:
            out.append((tokens[place][1], None))
            place += 1
    return out


def _run_end(tokens: list[tuple[str, str]], start: int) -> int:
    """Where the longest well-formed run of mathematics from `start` ends."""
    end = start
    while end < len(tokens) and tokens[end][0] in (*_ATOMS, "op", "space"):
        end += 1
    while end > start and not _well_formed(tokens[start:end]):
        end -= 1
    return end


def _well_formed(run: list[tuple[str, str]]) -> bool:
    """Balanced, beginning and ending as a formula does."""
    first, last = run[0], run[-1]
    if first[0] == "space" or last[0] == "space" or (last[1] in ("sum", "sqrt") and len(run) > 1):
        return False
    if first[0] == "op" and first[1] not in ("(", "[", "{", "||", "<", "-", "|", ">=", "<="):
        return False
    if last[0] == "op" and last[1] not in (")", "]", "}", "||", ">", "|", "!"):
        return False
    if last[1] in _ARTICLES and last[0] == "letter" and len(run) > 1:
        before = next((t for t in reversed(run[:-1]) if t[0] != "space"), last)
        if before[0] != "op" or before[1] == ",":
            return False
    if first[0] == "number" and len(run) > 2 and run[1][0] == "space" and run[2][1] in _OPENS:
        return False
    return _balanced(run) and _angles(run) and _juxtaposed(run)


def _balanced(run: list[tuple[str, str]]) -> bool:
    stack: list[str] = []
    for _, token in run:
        if token in _OPENS:
            stack.append(token)
        elif token in _CLOSES:
            # Half-open intervals pair a bracket with a parenthesis.
            if not stack or (stack[-1] == "{") != (token == "}"):
                return False
            stack.pop()
    bars = sum(token == "|" for _, token in run), sum(token == "||" for _, token in run)
    return not stack and bars[0] % 2 == 0 and bars[1] % 2 == 0


def _angles(run: list[tuple[str, str]]) -> bool:
    """A leading `<` must be an inner product, a trailing `>` its end."""
    text = "".join(token for _, token in run)
    if text.startswith("<") or text.endswith(">"):
        return re.search(r"<[^<>=]*,[^<>=]*>", text) is not None
    return True


def _juxtaposed(run: list[tuple[str, str]]) -> bool:
    """No comma between prose-like items at depth 0: `L_TE, theta` are two formulas."""
    depth = 0
    for _, token in run:
        depth += (token in _OPENS) - (token in _CLOSES)
        depth += (token == "<") - (token == ">")
        if token == "," and depth <= 0:
            return False
    return True


def _is_math(run: list[tuple[str, str]]) -> bool:
    atoms = [token for token in run if token[0] in _ATOMS]
    if not atoms:
        return False
    if len(run) == 1:
        kind, token = run[0]
        return (
            kind != "number"
            and token not in _ARTICLES
            and token not in ("min", "max", "sum", "sqrt")
        )
    if run[0][0] == "letter" and run[0][1] in _ARTICLES and run[1][0] == "space":
        following = next(t for t in run[1:] if t[0] != "space")
        return following[0] == "op" or following[0] in ("script", "star")
    # Numbers in brackets or joined by a comma are text.
    return any(kind != "number" for kind, _ in atoms) or any(
        token in ("=", "<", ">", "<=", ">=", "->", "^", "/", "*", "+") for _, token in run
    )


def _math(run: list[tuple[str, str]], macros: Mapping[str, str]) -> str:
    out = ""
    for kind, token in run:
        piece = _piece(kind, token, macros)
        glued = piece[:1].isalpha() and re.search(r"\\[A-Za-z]+$", out)
        out += f" {piece}" if glued else piece
    text = re.sub(r"<([^<>=]*),([^<>=]*)>", r"\\langle \1,\2\\rangle ", out)
    text = re.sub(r"([_^])\\\{([^{}\\]*)\\\}", r"\1{\2}", text)
    text = re.sub(r"\^-(\d[\d./]*|[A-Za-z](?![A-Za-z]))", r"^{-\1}", text)
    text = re.sub(r"\^\{(\\wts[A-Za-z]+)\}(\([^()]*\))", r"^{\1\2}", text)
    text = re.sub(r"(?<![A-Za-z\\])E\[", r"\\mathbb{E}[", text)
    text = re.sub(r"(?<![A-Za-z\\])P(?=\([^()]*[<>])", r"\\mathbb{P}", text)
    text = re.sub(r"\^T(?![A-Za-z])", r"^\\top ", text)
    text = re.sub(r"\{([A-Za-z])\^\*\}_", r"\1^*_", text)
    for mark, opening, closing in _BRACED:
        text = _braced(text, mark, opening, closing)
    text = re.sub(r"(?<=\d)( ?)\\,( ?)(?=\d)", r" \\cdot ", text)
    # A minus before a quotient or product needs no brackets.
    text = re.sub(r"\^\{-\(((?:[^()+-]|\([^()]*\))*)\)\}", r"^{-\1}", text)
    text = re.sub(r"@ *(\d+|\w|\\[A-Za-z]+|\{[^{}]*\})", r"\\sqrt{\1}", text)
    text = _INDEXED.sub(r"\1^", text)
    text = re.sub(r"\^(\d[\d.]*|\\[A-Za-z]+(?:\([^()]*\))?)", r"^{\1}", text)
    return text.strip()


def _piece(kind: str, token: str, macros: Mapping[str, str]) -> str:
    if token in macros:
        return f"{{{macros[token]}}}"
    if kind == "script":
        return _script(token, macros)
    if kind == "star":
        return rf"\tilde{{{token[0]}}}" if token[1] == "~" else rf"{{{token[0]}^*}}"
    if kind == "name":
        return _WORDS[token.rstrip("'")] + "'" * token.endswith("'")
    return _SYMBOLS.get(token, token)


def _script(token: str, macros: Mapping[str, str]) -> str:
    star = {"*": "^*", "'": "'"}.get(token[-1], "")
    base, *subscripts = token.rstrip("*'").split("_")
    head = _WORDS.get(base, base if len(base) == 1 else rf"\mathrm{{{base}}}")
    if base == "L" and subscripts[0] in ("ST", "TE", "ceiling"):
        head = r"\mathcal{L}"
    subs = ",".join(map(_subscript, subscripts))
    name = rf"{head}_{{{subs}}}" + star
    return name if base in ("sum", "min", "max", "lim") else f"{{{name}}}"


def _subscript(name: str) -> str:
    if name.startswith("{"):
        return name[1:-1]
    return _WORDS.get(name, name if len(name) == 1 else rf"\mathrm{{{name}}}")


def _braced(text: str, mark: str, opening: str, closing: str) -> str:
    """`mark(x)`, with its matching parenthesis, to `opening x closing`."""
    while (start := text.find(f"{mark}(")) >= 0:
        first = start + len(mark)
        depth, end = 0, first
        for end in range(first, len(text)):
            depth += (text[end] == "(") - (text[end] == ")")
            if depth == 0:
                break
        text = f"{text[:start]}{opening}{text[first + 1 : end]}{closing}{text[end + 1 :]}"
    return text
