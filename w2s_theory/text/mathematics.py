r"""The LaTeX that a notation may hold: a grammar of mathematics, and nothing outside it::

    list     := (atom scripts)*
    scripts  := '_' and '^' in any order, each at most once; primes stand for '^' or right before it
    script   := character | argument
    argument := letter | digit | symbol | '{' list '}'
    atom     := character | symbol | big | '{' list '}' | font argument | name letters
              | accent argument (no scripts and no accents in it) | fraction argument argument
              | '\sqrt' ('[' digits ']')? argument | '\left' fence list '\right' fence

Every command is listed here. None reads, writes, defines or changes how TeX reads, and what the
grammar takes compiles with amsmath and amssymb.
"""

from __future__ import annotations

import re

MAX_DEPTH = 20

_ALONE = r"""
alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu
xi pi varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda
Xi Pi Sigma Upsilon Phi Psi Omega ell infty partial nabla star ast circ bullet dagger ddagger prime
emptyset top bot perp parallel imath jmath wp Re Im aleph hbar"""
_MORE = r"""
sum prod int sin cos tan arcsin arccos arctan sinh cosh tanh exp log min max inf sup lim
arg det dim ker deg gcd Pr cdot times pm mp otimes oplus odot wedge vee cap cup setminus le ge ne
leq geq neq ll gg sim simeq approx equiv propto in to mapsto mid subset subseteq ldots cdots lvert
rvert lVert rVert langle rangle lfloor rfloor lceil rceil vert Vert quad , ; : ! { } |"""
_ACCENTS = "hat widehat tilde widetilde bar vec dot ddot check breve"
_FONTS = "mathrm mathbf mathsf mathit mathtt boldsymbol overline underline"
_FENCES = r"""( ) [ ] | / . \{ \} \| \langle \rangle \lvert \rvert \lVert \rVert \vert \Vert \lfloor
\rfloor \lceil \rceil"""

SYMBOLS = frozenset(_ALONE.split())
"""May be scripts and arguments without braces."""
BIG = frozenset(_MORE.split())
ACCENTS = frozenset(_ACCENTS.split())
FONTS = frozenset(_FONTS.split())
FRACTIONS = frozenset(["frac", "tfrac", "dfrac", "binom", "tbinom"])
FENCES = frozenset(_FENCES.split())
NAMES = {
    **dict.fromkeys(
        ("operatorname", "text", "textrm", "textit", "textbf"), r"\{[A-Za-z0-9 ,.-]+\}"
    ),
    **dict.fromkeys(("mathcal", "mathbb"), r"\{[A-Z]+\}|[A-Z]"),
    "mathfrak": r"\{[A-Za-z]+\}|[A-Za-z]",
}
"""Command -> what its argument may be: these fonts lack the other characters."""

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[^\s\\]", re.ASCII | re.DOTALL)
_CHARACTER = re.compile(r"[A-Za-z0-9+\-=()\[\]|/,.;:!?*<>]")
_SINGLE = re.compile(r"[A-Za-z0-9]")
_PRIMES = re.compile(r"\s*'+")
_UP = re.compile(r"\^")
_ACCENT = re.compile(rf"\\(?:{_ACCENTS.replace(' ', '|')})(?![A-Za-z])")
_SCRIPTED = re.compile(rf"[_^']|{_ACCENT.pattern}")
_ROOT = re.compile(r"\s*\[\d+\]")


def check(latex: str) -> None:
    """Return if the grammar takes `latex`; ValueError says where it does not."""
    reader = _Reader(latex)
    reader.list("")


class _Reader:
    def __init__(self, latex: str) -> None:
        self.latex = latex
        self.place = 0
        self.depth = 0

    def peek(self) -> str:
        """The next token, after spaces; empty at the end."""
        while self.latex[self.place : self.place + 1] in (" ", "\t"):
            self.place += 1
        found = _TOKEN.match(self.latex, self.place)
        if found is None and self.place < len(self.latex):
            raise self.refusal(self.latex[self.place])
        return found.group() if found else ""

    def take(self) -> str:
        token = self.peek()
        self.place += len(token)
        return token

    def refusal(self, token: str) -> ValueError:
        return ValueError(f"{token!r} near character {self.place + 1}" if token else "its end")

    def skip(self, pattern: re.Pattern[str]) -> bool:
        found = pattern.match(self.latex, self.place)
        self.place = found.end() if found else self.place
        return found is not None

    def list(self, closing: str) -> None:
        """Atoms with their scripts, up to and with `closing`."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.refusal(self.peek())
        while (token := self.peek()) != closing:
            start = self.place
            self.atom(token)
            # TeX takes the scripts of an accent out of the braces around it.
            hidden = _ACCENT.search(self.latex, start, self.place)
            if not hidden or _name(token) in (*ACCENTS, "left"):
                self.scripts()
        self.take()
        self.depth -= 1

    def argument(self, more: re.Pattern[str] = _SINGLE) -> None:
        token = self.take()
        if token == "{":
            self.list("}")
        elif not (more.fullmatch(token) or _name(token) in SYMBOLS):
            raise self.refusal(token)

    def fence(self) -> None:
        if self.peek() not in FENCES:
            raise self.refusal(self.peek())
        self.take()

    def scripts(self) -> None:
        free = ["_", "^"]
        while True:
            sign = self.peek()
            if sign == "'" and "^" in free:
                self.skip(_PRIMES)
                free.remove("^")
            elif sign in free:
                free.remove(self.take())
            else:
                return
            # TeX takes a superscript into its primes only if nothing stands between them.
            if sign != "'" or self.skip(_UP):
                self.argument(_CHARACTER)

    def atom(self, token: str) -> None:
        name = _name(token)
        if token == "{":
            self.argument()
            return
        if not (_CHARACTER.fullmatch(token) or name in _COMMANDS):
            raise self.refusal(token)
        self.take()
        if name == "left":
            self.fence()
            self.list(r"\right")
            self.fence()
        elif name in NAMES:
            if not self.skip(re.compile(rf"\s*(?:{NAMES[name]})")):
                raise self.refusal(self.peek())
        elif name in ACCENTS:
            start = self.place
            self.argument()
            if _SCRIPTED.search(self.latex, start, self.place):
                raise self.refusal(token)
        elif name == "sqrt":
            self.skip(_ROOT)
        for _ in range((name in FONTS or name == "sqrt") + 2 * (name in FRACTIONS)):
            self.argument()


def _name(token: str) -> str:
    return token[1:] if token.startswith("\\") else ""


_COMMANDS = SYMBOLS | BIG | ACCENTS | FONTS | FRACTIONS | NAMES.keys() | {"left", "sqrt"}
