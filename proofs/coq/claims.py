"""Print the ledger's statements to Coq: `build/Claims.v`, which Coq must prove from the theorems.

A claim is printed from the SymPy objects of its statement, assumptions first, over the vectors of
`InnerSpace.v`. The ledger knows a setting by numbers (`L_TE`, `link_min`); what they are numbers
*of* is typed once here, in `SETTINGS` and the tables above it: a quantity is a Coq term, or a bound
variable with the property that makes it one. `Bridge.v` holds what leads from the theorems, which
are about vectors and filters, to these numbers, and one tactic `prove_<theorem>` a claim.

To connect a new formal theorem:

1. Name it in the statement's `formal`, write it in a file of `_CoqProject` with a comment
   `(** [statement-id] ... *)` right above it.
2. Enter the statement's setting in `SETTINGS`: one that is there if it fits. A symbol without a
   meaning, or a SymPy function without a translation, stops the build and is named. A quantity
   that is an extreme (least eigenvalue) may be given by what bounds it: a claim that holds for
   every lower bound holds for the least value. A meaning must not make the claim empty: where an
   extreme might not exist, print that it does (as minima are) or use the bound.
3. Run `make correspondence`, read the printed claim in `build/Claims.v` against the paper, and
   write `Ltac prove_<theorem>` in `Bridge.v`: usually `intros; destruct (<theorem> ...); settle`.
4. If it cannot be printed honestly, enter the id in `PINNED` with the reason: the statement is then
   held by the hash of its theorem alone, and every report says "pinned".
5. Run `check_assumptions.py --pin`: `statements.json` records a hash of every theorem together with
   the definitions it rests on. A later change of either stops the build until the new text is
   read and pinned again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from printer import CoqPrinter
from sympy import Expr, Integer, Symbol, true

from w2s_theory.ledger import definitions as d
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.infimum import Infimum
from w2s_theory.ledger.registry import load
from w2s_theory.ledger.section4 import GRADIENT_FLOW
from w2s_theory.ledger.statement import Evidence, Statement

FILE = Path(__file__).resolve().parent / "build" / "Claims.v"
PINNED: Mapping[str, str] = {}
"""Statement id -> why it is not printed."""

INNER = {
    q.TARGET_NORM2: "sqnorm target",
    q.TEACHER_NORM2: "sqnorm fT",
    q.STUDENT_NORM2: "sqnorm fS",
    q.TEACHER_TARGET: "ip fT target",
    q.STUDENT_TARGET: "ip fS target",
    q.STUDENT_TEACHER: "ip fS fT",
    q.L_TE: "sqnorm (vsub fT target)",
    q.L_ST: "sqnorm (vsub fS target)",
    q.FIT: "sqnorm (vsub fT fS)",
    q.SCALED_FIT: "sqnorm (vsub fT (vscale a fS))",
    q.CENTRE_DISTANCE2: "sqnorm (vsub fS (vscale (1 / 2) fT))",
    q.PENALTY_ZERO: "penalty vzero",
    q.PENALTY_STUDENT: "penalty fS",
    q.PENALTY_SCALED: "penalty (vscale a fS)",
    q.PROJECTED_MISS: "sqnorm (PS (vsub fT target))",
    q.TARGET_OUTSIDE: "sqnorm (vsub target (eigenprojection e size S0 target))",
}
"""Quantities that are terms in target, fT and fS, and in what a setting adds to them."""

LIMITS = {
    q.LINK_MIN: "is_least (fun i => ip (f (S i)) (vsub (f i) (f (S i)))) n link_min",
    q.RESIDUAL: "forall i, (i < width)%nat -> Rabs (ip (features i) (vsub fT target)) <= residual",
    q.FILTER_MIN: "forall k, (k < size)%nat -> filter_min <= s k",
    q.FILTER_MAX: "forall k, (k < size)%nat -> s k <= filter_max",
    q.EIGENVALUE_MIN: "forall k, (k < size)%nat -> eigenvalue_min <= lambda k",
    q.KAPPA: "alignment_at_most PT PS kappa_S",
    q.LAMBDA_TARGET: "forall k, (k < size)%nat -> S0 k = true -> lambda_target <= lambda k",
    q.LAMBDA_OUT: "forall k, (k < size)%nat -> S1 k = false -> lambda k <= lambda_out",
}
"""Quantities that are variables in the claim, and what is supposed of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What the numbers of a statement are numbers of.

    `binders` are quantified over, `facts` supposed of them, `lets` names given to terms in them.
    `reals` are symbols that stand for themselves, an integer one for a `nat`; `limits` overrides
    `LIMITS`. A setting with `instances` is printed once for every value of these that the
    assumptions allow.
    """

    binders: tuple[str, ...] = ()
    lets: tuple[tuple[str, str], ...] = ()
    facts: tuple[str, ...] = ()
    reals: tuple[Symbol, ...] = ()
    terms: Mapping[Symbol, str] = field(default_factory=lambda: INNER)
    limits: Mapping[Symbol, str] = field(default_factory=lambda: LIMITS)
    instances: tuple[Symbol, ...] = ()


_SPACE = "(V : inner_space)"
_BASIS = ("(e : nat -> V)", "(size : nat)")
_SPECTRUM = (*_BASIS, "(lambda : nat -> R)")
_ORTHONORMAL = "orthonormal e size"
# A network with a readout w, which the normal equations then make the least squares teacher.
_NETWORK = ("(features : nat -> V)", "(width : nat)", "(w : nat -> R)", "(target : V)")
_TEACHER = ("fT", "vsum w features width")
_PROJECTION = "projection_on features width PT"
_FLOW = CoqPrinter({q.EIGENVALUE: "lambda k", q.TIME: "time"}).doprint(GRADIENT_FLOW.expr)
_STUDENT = ("fS", f"spectral_filter e size (fun k => {_FLOW}) fT")
_ENDS = (("fT", "f 0%nat"), ("fS", "f n"))
# A chain of sets T from S on; what the ledger says of its numbers, for every place in it.
_CHAIN_NAMES = {d.KAPPA_AT: "aligned", d.EIGENVALUE_BEYOND: "beyond", d.LEAKED_TO: "leaked_to"}
_SCALES = CoqPrinter(_CHAIN_NAMES | {d.INDEX: "i", d.SCALES: "scales"}).also(
    q.TIME, q.LAMBDA_OUT, q.LEAKED, q.LEAKED_BEFORE
)
_START, _STEP, _WHOLE, _FIRST = map(_SCALES.doprint, d.LEAK.relations)
_AT_SCALES = (
    "forall k, S0 k = true -> T 0%nat k = true",
    "forall i k, T i k = true -> T (1 + i)%nat k = true",
    "forall i, alignment_at_most PT (eigenprojection e size (T i)) (aligned i) /\\ aligned i <= 1",
    "forall i k, (k < size)%nat -> T i k = false -> lambda k <= beyond i",
    *(f"forall i, {_SCALES.doprint(order)}" for order in d.SCALE_FLOW.relations[2:]),
    *(_START, f"forall i, {_STEP}"),
)
_BEFORE = "rsum (fun i => ({} - {}) * aligned i) scales + {} * aligned scales".format(
    *(f"({_SCALES.doprint(d.passed(i))})" for i in (d.INDEX, d.INDEX + 1, d.SCALES))
)
_GRAM = "forall c, eigenvalue_min * rsum (fun i => c i ^ 2) size <= sqnorm (vsum c neurons size)"


def _vectors(*reals: Symbol) -> Setting:
    """Any target, teacher and student."""
    return Setting(binders=(_SPACE, "(target fT fS : V)"), reals=reals)


def _plain(*reals: Symbol) -> Setting:
    """Numbers, of nothing."""
    return Setting(terms={}, reals=reals)


_CHAIN = Setting(binders=(_SPACE, "(target : V)", "(f : nat -> V)"), lets=_ENDS, reals=(q.CHAIN,))

SETTINGS: Mapping[str, Setting] = {
    "def-1": _vectors(q.SCALE),
    "lem-1": Setting(
        binders=(_SPACE, *_SPECTRUM, "(fT : V)"),
        reals=(q.TIME,),
        lets=(_STUDENT,),
        facts=(_ORTHONORMAL,),
    ),
    "lem-1-filters": Setting(
        binders=(_SPACE, *_BASIS, "(s : nat -> R)", "(fT : V)"),
        lets=(("fS", "spectral_filter e size s fT"),),
        facts=(_ORTHONORMAL,),
    ),
    "lem-1-convex": Setting(
        binders=(_SPACE, "(penalty : V -> R)", "(fT fS : V)"), reals=(q.SCALE,)
    ),
    "lem-1-overshoot": _plain(q.STEP, q.EIGENVALUE, q.MOMENTUM),
    "lem-ls": Setting(binders=(_SPACE, *_NETWORK), lets=(_TEACHER,)),
    "thm-4.1": _vectors(),
    "cor-1": Setting(
        binders=(_SPACE, *_NETWORK, "(neurons : nat -> V)", "(size : nat)", "(v : nat -> R -> R)"),
        reals=(q.TIME,),
        lets=(_TEACHER, ("fS", "network neurons size v time")),
        facts=("gradient_flow neurons size fT v",),
        limits=LIMITS | {q.EIGENVALUE_MIN: _GRAM},
    ),
    "thm-4.1-instance": _vectors(q.SLACK),
    "pretrained": Setting(
        binders=(_SPACE, "(target fT fS f0 : V)"),
        reals=(q.SLACK,),
        terms=INNER
        | {
            q.START_LOSS: "sqnorm (vsub f0 target)",
            q.START_DISTANCE: "sqnorm (vsub fT f0)",
            q.START_GAP: "ip (vsub fS f0) (vsub fT fS)",
        },
    ),
    "pgr-ceiling": _vectors(q.CEILING),
    "no-boost": _CHAIN,
    "gold-labels": _vectors(q.WEAK_SHARE),
    "convex-class": Setting(
        binders=(_SPACE, "(target fT fS g : V)"),
        terms=INNER | {q.POINT_DISTANCE: "sqnorm (vsub target g)"},
        limits={
            symbol: "forall a, 0 <= a <= 1 -> "
            f"{symbol} <= sqnorm (vsub (vsub fT fS) (vscale a (vsub {point} fS)))"
            " - sqnorm (vsub fT fS)"
            for symbol, point in (
                (q.CLASS_ZERO, "vzero"),
                (q.CLASS_TARGET, "target"),
                (q.CLASS_POINT, "g"),
            )
        },
    ),
    "mixtures": Setting(
        binders=(_SPACE, "(target t1 t2 f1 f2 : V)"),
        reals=(q.WEIGHT,),
        lets=tuple(
            (f, f"vadd (vscale weight {one}) (vscale (1 - weight) {other})")
            for f, one, other in (("fT", "t1", "t2"), ("fS", "f1", "f2"))
        ),
        terms=INNER
        | {
            q.ONE_GAP: "ip f1 (vsub fT f1)",
            q.OTHER_GAP: "ip f2 (vsub fT f2)",
            q.ONE_LOSS: "sqnorm (vsub f1 target)",
            q.OTHER_LOSS: "sqnorm (vsub f2 target)",
            q.STUDENTS_APART: "sqnorm (vsub f1 f2)",
            q.ONE_TEACHER_GAP: "ip t1 (vsub target t1)",
            q.OTHER_TEACHER_GAP: "ip t2 (vsub target t2)",
            q.TEACHERS_APART: "sqnorm (vsub t1 t2)",
        },
    ),
    "linear-head": Setting(
        binders=(_SPACE, *_NETWORK[:3], "(target fT : V)"),
        reals=(q.DECAY,),
        lets=(("fS", "vsum w features width"),),
        terms=INNER | {q.HEAD_NORM2: "rsum (fun i => w i ^ 2) width"},
        limits={
            q.HEAD_GRADIENT: "forall i, (i < width)%nat -> "
            "Rabs (decay * w i - ip (features i) (vsub fT fS)) <= head_gradient"
        },
    ),
    "weak-validation": Setting(
        binders=(_SPACE, *_BASIS, "(s later : nat -> R)", "(target fT : V)"),
        reals=(q.EIGENVALUE, q.TIME, q.LATER_TIME),
        lets=(("fS", "spectral_filter e size s fT"), ("fL", "spectral_filter e size later fT")),
        facts=(_ORTHONORMAL,),
        terms=INNER | {q.LATER_FIT: "sqnorm (vsub fT fL)"},
        limits={
            q.FILTER_RISE: "forall k, (k < size)%nat -> filter_rise <= later k - s k",
            q.LATER_MAX: "forall k, (k < size)%nat -> later k <= later_max",
        },
    ),
    "converged": Setting(
        binders=(_SPACE, *_NETWORK, "(PT PS : V -> V)", "(fS : V)"),
        lets=(_TEACHER,),
        facts=(_PROJECTION, "orthogonal_projection PS"),
        terms=INNER
        | {
            q.UNCONVERGED: "sqnorm (vsub fS (PS fT))",
            q.CEILING: "sqnorm (vsub target (PS target))",
            q.UNSEEN: "sqnorm (PS (vsub target (PT target)))",
        },
    ),
    "thm-4.1-best": _plain(q.L_TE),
    "thm-4.1-sharp": _plain(q.L_TE),
    "thm-4.1-needs-teacher": _vectors(q.GAIN),
    "thm-4.2": _vectors(),
    "thm-4.2-sharp": _vectors(),
    "cor-2": _CHAIN,
    "nstep": _CHAIN,
    "nstep-ends": _plain(q.L_TE, q.CHAIN),
    "nstep-sharp": Setting(
        binders=("(angle : R)",),
        reals=(q.CHAIN, q.PHI),
        lets=(("target", "unit_x"), ("f", "spiral angle phi"), *_ENDS),
        facts=("0 <= angle <= PI / 2",),
    ),
    "err-1": _plain(q.L_TE, q.COEFFICIENT, q.EXPONENT),
    "spec-relu-3-5": Setting(terms={}, instances=(q.DEGREE, q.SPACE_DIM)),
    "kappa-alignment": Setting(
        binders=(_SPACE, *_NETWORK, "(PT PS : V -> V)"),
        lets=(_TEACHER,),
        facts=(_PROJECTION, "orthogonal_projection PS"),
    ),
    "master-bound": Setting(
        binders=(_SPACE, *_SPECTRUM, "(S0 S1 : nat -> bool)", *_NETWORK, "(PT : V -> V)"),
        reals=(q.TIME,),
        lets=(_TEACHER, ("PS", "eigenprojection e size S1"), _STUDENT),
        facts=(_ORTHONORMAL, _PROJECTION, "forall k, S0 k = true -> S1 k = true"),
    ),
    "master-bound-multiscale": Setting(
        binders=(
            *(_SPACE, *_SPECTRUM, "(S0 : nat -> bool)", "(T : nat -> nat -> bool)"),
            *("(aligned beyond leaked_to : nat -> R)", "(scales : nat)"),
            *(*_NETWORK, "(PT : V -> V)"),
        ),
        reals=(q.TIME,),
        lets=(_TEACHER, ("PS", "eigenprojection e size (T 0%nat)"), _STUDENT),
        facts=(_ORTHONORMAL, _PROJECTION, *_AT_SCALES),
        limits=LIMITS
        | {
            q.LAMBDA_OUT: _FIRST,
            q.LEAKED: _WHOLE,
            q.LEAKED_BEFORE: f"{q.LEAKED_BEFORE} = {_BEFORE}",
        },
    ),
}
"""Statement id -> its setting."""


def claim(statement: Statement, setting: Setting) -> str:
    """The statement as a Coq proposition. Raises `ValueError` for what has no translation."""
    if setting.instances:
        return " /\\\n  ".join(_instances(statement, setting))
    defined = dict(statement.where)
    used: set[Symbol] = set()
    for expr in (*statement.unfolded, *(a.condition for a in statement.assumes)):
        used |= expr.free_symbols
    limits = {s: text for s, text in setting.limits.items() if s in used}
    printer = CoqPrinter(setting.terms).also(*setting.reals, *limits, *defined)
    lines = [" ".join(["forall", *setting.binders, *map(_binder, setting.reals)]) + ","]
    lines += [f"let {name} := {term} in" for name, term in setting.lets]
    lines += [f"(1 <= {s})%nat ->" for s in setting.reals if s.is_integer and s.is_positive]
    lines += [f"({fact}) ->" for fact in setting.facts]
    lines += [f"forall {s} : R, ({text}) ->" for s, text in limits.items()]
    lines += [f"({printer.doprint(a.condition)}) ->" for a in statement.assumes]
    for symbol, definition in defined.items():
        if isinstance(definition, Infimum):
            lines.append(_minimum(symbol, definition, printer))
        else:
            lines.append(f"let {symbol} := {printer.doprint(definition)} in")
    minima = sorted({m for c in statement.claim for m in c.atoms(Infimum)}, key=str)
    named = {node: Symbol(f"minimum_{i}", real=True) for i, node in enumerate(minima)}
    lines += [_minimum(symbol, node, printer) for node, symbol in named.items()]
    inner = printer.also(*named.values())
    clauses = [f"({inner.doprint(clause.xreplace(named))})" for clause in statement.claim]
    return "\n  ".join([*lines, " /\\\n  ".join(clauses)])


def _binder(symbol: Symbol) -> str:
    return f"({symbol} : {'nat' if symbol.is_integer else 'R'})"


def _minimum(name: Symbol, node: Infimum, printer: CoqPrinter) -> str:
    """The minimum exists and is called `name` in what follows."""
    lo, hi = map(printer.argument, node.interval)
    body = printer.also(node.symbol).doprint(node.objective)
    return f"exists {name}, is_minimum (fun {node.symbol} => {body}) {lo} {hi} {name} /\\"


def _instances(statement: Statement, setting: Setting, box: int = 12) -> list[str]:
    """The clauses at every value in 0 .. box that the assumptions allow.

    Raises `ValueError` if the edge of the box is among them: there would be more.
    """
    found = []
    for values in product(range(box + 1), repeat=len(setting.instances)):
        point = dict(zip(setting.instances, map(Integer, values), strict=True))
        if any(a.condition.xreplace(point) != true for a in statement.assumes):
            continue
        if box in values:
            raise ValueError(f"{statement.id} has instances beyond {box}, such as {values}")
        for clause in statement.unfolded:
            at = clause.func(*(_evaluated(side, point) for side in clause.args), evaluate=False)
            found.append(f"({CoqPrinter({}).doprint(at)})")
    return found


def _evaluated(expr: Expr, point: Mapping[Symbol, Integer]) -> Expr:
    """`expr` at integers, Gamma functions of half-integers evaluated."""
    value = expr.subs(point)
    return value if value.has(q.POINT) else value.simplify()


def formal_statements() -> list[Statement]:
    """The statements that need formal evidence, in the order of the ledger."""
    return [s for s in load().values() if Evidence.FORMAL in s.needs]


def generate(statements: list[Statement]) -> str:
    """The Coq file. `ValueError` for a statement without setting that is not pinned either."""
    lines = [
        "(** Generated by claims.py from the SymPy objects of the ledger. *)",
        "From W2S Require Import Bridge Consequences.",
    ]
    for statement in statements:
        key = statement.mutant_of or statement.id
        if key in PINNED:
            continue
        if key not in SETTINGS:
            raise ValueError(f"{key} needs a setting in claims.py, or a reason in PINNED")
        lines += [
            f"\n(** [{statement.id}] *)",
            f"Theorem claim_{statement.formal} :\n  {claim(statement, SETTINGS[key])}.",
            f"Proof. prove_{statement.formal}. Qed.",
        ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(generate(formal_statements()), encoding="utf-8")
