"""Vectors, orthogonal projections and means, as SymPy nodes that bring themselves to normal form.

A vector is a sum of real multiples of words: operators (self-adjoint, but for those that come in
pairs), then a vector atom. The functions of a chain are f(0) = f_T, f(1), ..., f(n) = f_S; the
target is f*.
"""

from __future__ import annotations

from typing import Any

from sympy import Add, Expr, Function, Integer, Mul, Pow, S, Symbol, expand, symbols, sympify
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE

from w2s_theory.ledger import quantities as q

chain = Function("f", commutative=False)
TARGET = Symbol("f*", commutative=False)
ANY = Symbol("u", commutative=False)  # in a definition: any vector
WORST, NEAREST, MISSED, LEFT, TURNED, BLIND, FARTHEST, WEAKEST = (
    Symbol(f"u_{name}", commutative=False)
    for name in ("worst", "nearest", "missed", "left", "turned", "blind", "farthest", "weakest")
)
"""Where the extremes of the alignment are attained: S is not empty, and finite."""
START = Symbol("f_0", commutative=False)
FORM_SOLVED = Symbol("g_R", commutative=False)  # sum x_i sigma_i with (G - b b^T) x = b
RADIAL = Symbol("theta.grad", commutative=False)  # the derivative of f_S along its weights
POINT = Symbol("g", commutative=False)  # a member of a class
STUDENTS = tuple(Symbol(name, commutative=False) for name in ("f_1", "f_2"))
TEACHERS = tuple(Symbol(name, commutative=False) for name in ("t_1", "t_2"))
TEACHER, STUDENT = chain(Integer(0)), chain(q.CHAIN)

P_T, P_S, P_0 = (Symbol(name, commutative=False) for name in ("P_T", "P_S", "P_0"))
P_WIDER, P_LARGER = (Symbol(name, commutative=False) for name in ("P_T'", "P_S'"))
FILTER = Symbol("s(K)", commutative=False)
ROOT, EMPIRICAL = (Symbol(name, commutative=False) for name in ("K^(1/2)", "K_M"))
"""Of the kernel operator K, and its mean over the teacher's features."""
PROJECTIONS = (P_T, P_S, P_0, P_WIDER, P_LARGER)
"""On the span of the teacher's features, of S, and of S_0, a part of S; then on those of a teacher
with more units, and of a larger set."""
ROTATION, BACK = (Symbol(name, commutative=False) for name in ("R", "R*"))
STRONG, STRONG_T = (Symbol(name, commutative=False) for name in ("A", "A^T"))
"""From the weights of the linear model's features to their part in S, and back."""
WEAK, WEAK_INVERSE, FEATURE_GRAM, GRAM_INVERSE = (
    Symbol(name, commutative=False) for name in ("W", "W^-1", "G", "G^-1")
)
SOLVED = Symbol("H", commutative=False)  # (I + A W^-1 A^T)^-1 on S
_ADJOINT = {ROTATION: BACK, BACK: ROTATION, STRONG: STRONG_T, STRONG_T: STRONG}
"""Everything else is self-adjoint."""

_RULES = {(p, p): (p,) for p in PROJECTIONS} | {
    (P_0, P_S): (P_0,),  # S_0 lies in S
    (P_S, P_0): (P_0,),
    (P_S, FILTER): (FILTER, P_S),  # S and S_0 are made of eigenfunctions of K
    (P_0, FILTER): (FILTER, P_0),
    (P_S, ROOT): (ROOT, P_S),
    (P_0, ROOT): (ROOT, P_0),
    **dict.fromkeys(((P_T, P_WIDER), (P_WIDER, P_T)), (P_T,)),
    **dict.fromkeys(((P_S, P_LARGER), (P_LARGER, P_S)), (P_S,)),
    (ROTATION, BACK): (),
    (BACK, ROTATION): (),
    (P_S, STRONG): (STRONG,),
    (STRONG_T, P_S): (STRONG_T,),
    **dict.fromkeys(((P_S, SOLVED), (SOLVED, P_S)), (SOLVED,)),
    **dict.fromkeys(((WEAK, WEAK_INVERSE), (WEAK_INVERSE, WEAK)), ()),
    **dict.fromkeys(((FEATURE_GRAM, GRAM_INVERSE), (GRAM_INVERSE, FEATURE_GRAM)), ()),
}

_SCALED = Function("P", commutative=False)


def scale(index: Expr) -> Expr:
    """The projection on the span of S_i: S_0 = S, and each is a part of the next."""
    return _SCALED(index)


def _nested(left: Expr, right: Expr) -> tuple[Expr, ...] | None:
    """Two projections on scales are the one on the smaller; they commute with the filter."""
    if not any(isinstance(letter, _SCALED) for letter in (left, right)):
        return None
    if P_0 in (left, right):
        return (P_0,)
    if right == FILTER:
        return (FILTER, left)
    places = [_place(letter) for letter in (left, right)]
    if None in places:
        return None
    rise = expand(places[1] - places[0])
    if rise.is_nonnegative:
        return (left,)
    return (right,) if rise.is_nonpositive else None


def _place(letter: Expr) -> Any:
    if isinstance(letter, _SCALED):
        return letter.args[0]
    return Integer(0) if letter == P_S else None


_GRAM = {
    frozenset((TARGET,)): q.TARGET_NORM2,
    frozenset((TEACHER,)): q.TEACHER_NORM2,
    frozenset((STUDENT,)): q.STUDENT_NORM2,
    frozenset((TEACHER, TARGET)): q.TEACHER_TARGET,
    frozenset((STUDENT, TARGET)): q.STUDENT_TARGET,
    frozenset((STUDENT, TEACHER)): q.STUDENT_TEACHER,
}
GRAM_SYMBOLS = tuple(_GRAM.values())

# Families: numbers, one for each point of a measure space that is not empty, bounded on it.
FILTER_AT, EIGENVALUE_AT = Symbol("s_k", real=True), Symbol("lambda_k", real=True)
LATER_AT = Symbol("s'_k", real=True)
INVERSE_AT, MISSED_AT = Symbol("1/lambda_k", real=True), Symbol("rho_k", real=True)
WEIGHT_AT, RESIDUAL_AT = Symbol("weight_i", real=True), Symbol("residual_i", real=True)
SPECTRUM, FEATURES, ENERGY = Symbol("spectrum"), Symbol("features"), Symbol("energy")
WITHIN, BETWEEN, OUTSIDE = (Symbol(f"spectrum {part}") for part in ("in S_0", "in S", "outside S"))
WITHIN_AT, BETWEEN_AT, OUTSIDE_AT = symbols("lambda_in lambda_between lambda_beyond", real=True)
SIGNAL_AT, NOISE_AT = symbols("X Y", positive=True)
DRAWS = Symbol("draws of X and Y")
LAWS = {DRAWS: {SIGNAL_AT: q.WIDTH, NOISE_AT: q.DIM - q.WIDTH}}
"""Independent chi-square variables, by their degrees of freedom: not bounded, of total mass 1."""
ZEROS_AT, DUAL_AT, INPUTS = Symbol("Q(x)", real=True), Symbol("h(x)", real=True), Symbol("inputs")
DUAL, PREIMAGE = Symbol("r", commutative=False), Symbol("K^(-1/2) f*", commutative=False)
TRACED, OTHERS = Symbol("trace"), Symbol("trace without the target")
TRACED_AT, OTHER_AT, LEARNED_AT = symbols("lambda_i lambda_j s_j", real=True)
FEATURE_DRAWS = Symbol("draws of the features")
KAPPA_DRAWN, MISSED_DRAWN = symbols("kappa_drawn missed_drawn", real=True)
LOSS_DRAWN, ESTIMATE_DRAWN, SUM_DRAWN = symbols("loss_drawn error_drawn errors_drawn", real=True)
SPLINE_AT, BENT_AT, ARC = Symbol("B(x)", real=True), Symbol("phi(x)", real=True), Symbol("arc")
NEAR_AT, OTHER_ARM_AT = Symbol("u(x)", real=True), Symbol("v(x)", real=True)
FAMILIES = {
    # length on an arc of the circle: x is u from the end of its arm, the other arm is v long
    ARC: (SPLINE_AT, BENT_AT, NEAR_AT, OTHER_ARM_AT),
    INPUTS: (ZEROS_AT, DUAL_AT),  # the uniform measure of the sphere
    TRACED: (TRACED_AT,),  # each eigenvalue of K weighted by itself, of all and of the others
    OTHERS: (OTHER_AT, LEARNED_AT),
    # kappa_S; 1 if it is large, else 0; a teacher's loss, an estimate's, and its sum over S
    FEATURE_DRAWS: (KAPPA_DRAWN, MISSED_DRAWN, LOSS_DRAWN, ESTIMATE_DRAWN, SUM_DRAWN),
    **{measure: tuple(law) for measure, law in LAWS.items()},
    WITHIN: (WITHIN_AT,),  # the spectral measures of P_0 f_T, (P_S - P_0) f_T and (I - P_S) f_T
    BETWEEN: (BETWEEN_AT,),
    OUTSIDE: (OUTSIDE_AT,),
    ENERGY: (INVERSE_AT, MISSED_AT, FILTER_AT),  # the target's energy over the spectrum
    SPECTRUM: (FILTER_AT, LATER_AT, EIGENVALUE_AT),  # the spectral measure of f_T under K
    FEATURES: (WEIGHT_AT, RESIDUAL_AT),  # counts the teacher's features
}
FAMILY_SYMBOLS = tuple(symbol for family in FAMILIES.values() for symbol in family)
LAW_SYMBOLS = tuple({s: 0 for law in LAWS.values() for n in law.values() for s in n.free_symbols})
"""What the laws depend on: nothing else may be put for it."""


class Inner(Expr):
    """<left, word right>, in normal form; between f*, f_T and f_S it is the ledger's symbol."""

    is_commutative = True
    is_real = True

    def __new__(cls, left: Expr, word: Expr, right: Expr) -> Expr:
        """The word is reduced; of the two ways to write it, the first in order is kept."""
        letters = _reduce(_spell(word))
        back = _reduce(_adjoint(letters))
        if not letters and frozenset((left, right)) in _GRAM:
            return _GRAM[frozenset((left, right))]
        forms = ((left, Mul(*letters), right), (right, Mul(*back), left))
        return Expr.__new__(cls, *min(forms, key=str))

    def _latex(self, printer: LatexPrinter) -> str:
        left, word, right = map(printer.doprint, self.args)
        operator = "" if self.args[1] == 1 else f"{word} "
        return rf"\langle {left}, {operator}{right}\rangle"


class Mean(Expr):
    """The integral of an integrable function of families against a finite positive measure."""

    is_commutative = True
    is_real = True

    def __new__(cls, body: Expr, measure: Symbol) -> Expr:
        """Linear: what does not vary comes out."""
        total: Any = Integer(0)
        for term in Add.make_args(expand(body)):
            fixed, varying = sympify(term).as_independent(*FAMILIES[measure], as_Add=False)
            whole = varying is S.One and measure in LAWS
            total += fixed * (varying if whole else Expr.__new__(cls, varying, measure))
        return total

    @property
    def free_symbols(self) -> set[Symbol]:
        """Free symbols, without the families over which the mean is taken."""
        body, measure = self.args
        return set(body.free_symbols) - set(FAMILIES[measure])

    def _latex(self, printer: LatexPrinter) -> str:
        body, measure = self.args
        return rf"\int_{{\text{{{measure}}}}} {printer.parenthesize(body, PRECEDENCE['Mul'])}"


def inner(left: Expr, right: Expr) -> Expr:
    """<left, right> by bilinearity."""
    return Add(
        *(
            a * b * Inner(u[-1], Mul(*_adjoint(u[:-1]), *v[:-1]), v[-1])
            for a, u in _terms(left)
            for b, v in _terms(right)
        )
    )


def norm2(vector: Expr) -> Expr:
    """||vector||^2."""
    return inner(vector, vector)


def at_vector(expr: Expr, vector: Expr) -> Expr:
    """`expr` with a vector in the place of `ANY`."""
    return expr.xreplace(
        {
            node: inner(
                node.args[0].xreplace({ANY: vector}),
                node.args[1] * node.args[2].xreplace({ANY: vector}),
            )
            for node in expr.atoms(Inner)
            if node.has(ANY)
        }
    )


def _terms(vector: Expr) -> list[tuple[Any, list[Expr]]]:
    terms = []
    for term in Add.make_args(expand(vector)):
        numbers, letters = term.args_cnc()
        if letters:
            terms.append((Mul(*numbers), _spell(Mul(*letters))))
        elif term != 0:
            raise ValueError(f"vector must be a sum of multiples of vectors, got {vector}")
    return terms


def _spell(word: Expr) -> list[Expr]:
    letters: list[Any] = []
    for letter in () if word is S.One else Mul.make_args(word):
        base, power = letter.as_base_exp() if isinstance(letter, Pow) else (letter, 1)
        letters += [base] * int(power)
    return letters


def _adjoint(letters: list[Expr]) -> list[Expr]:
    return [_ADJOINT.get(letter, letter) for letter in letters[::-1]]


def _reduce(letters: list[Expr]) -> list[Expr]:
    word, place = [P_S if letter == _SCALED(0) else letter for letter in letters], 0
    while place < len(word) - 1:
        pair = (word[place], word[place + 1])
        short = _RULES[pair] if pair in _RULES else _nested(*pair)
        if short is not None:
            word[place : place + 2] = short
            place = max(place - 1, 0)
        else:
            place += 1
    return word
