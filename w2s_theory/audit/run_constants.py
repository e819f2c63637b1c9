"""Values of the consequences of Theorem 4.1, read off the ledger's formulas."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Integer, Rational

from w2s_theory.audit.constant import Constant, Sharpness
from w2s_theory.ledger import section7 as z
from w2s_theory.ledger.consequences import GOLD_LABELS, NO_BOOST, PGR_CEILING
from w2s_theory.ledger.statement import Formula, Statement

PLACE = 15
LOSSES = (Rational(1, 10), Rational(3, 10), Rational(1, 2), Rational(9, 10))
"""Teacher losses at which the ceiling of PGR is listed."""

ADVANTAGES = (Rational(1, 100), LOSSES[0])
WEAK_SHARES = (Rational(4, 5), LOSSES[2], Rational(1, 5))
"""Shares of the teacher's labels; the rest is gold."""

_BY_PROJECTION = "attained by a projection (thm-4.1-sharp)"


def _value(
    formula: Formula, at: tuple[Expr, ...], name: str, meaning: str, statement: Statement
) -> Constant:
    """A sharp bound of a statement at one point."""
    mutants = {
        PGR_CEILING.id: ("perfect-ceiling", "c-0.76"),
        NO_BOOST.id: ("no-root", "chain-as-one"),
        GOLD_LABELS.id: ("constant-q^2", "share-q"),
    }
    chain = formula is z.NO_BOOST_CHAIN
    place = "-".join(str(value).replace("/", "-") for value in at if value)
    symbols = ", ".join(str(value) for value in at)
    return Constant(
        id=f"{formula.name.replace('_', '-')}-at-{place}",
        latex=rf"{name}({symbols})",
        meaning=meaning,
        expr=formula(*at),
        formula=formula.expr,
        home=f"w2s_theory.ledger.section7.{formula.name.upper()}",
        source=statement.source,
        reference=statement.reference,
        sharpness=Sharpness.BEST,
        remark="approached by long rotating chains (nstep-ends)" if chain else _BY_PROJECTION,
        statements=(statement.id,),
        mutants=tuple(f"{statement.id}~{mutant}" for mutant in mutants[statement.id]),
    )


def declared() -> tuple[Constant, ...]:
    """Ceilings of PGR, of a weak teacher's student, and the floors with gold labels."""
    return tuple(_declared())


def _declared() -> Iterator[Constant]:
    none = Integer(0)
    for loss in LOSSES:
        meaning = f"the largest PGR at L_TE = {loss}, perfect ceiling"
        yield _value(z.PGR_CEILING, (loss, none), r"\mathrm{PGR}", meaning, PGR_CEILING)
    for weak in ADVANTAGES:
        one = f"the largest 1 - L_ST at 1 - L_TE = {weak}"
        yield _value(z.NO_BOOST, (weak,), "a", one, NO_BOOST)
        yield _value(z.NO_BOOST_CHAIN, (weak,), r"a_\infty", f"{one}, for chains", NO_BOOST)
    for share in WEAK_SHARES:
        gold = f"a share {1 - share} of gold labels"
        constant = f"the c of L_ST >= c L_TE^2 with {gold}"
        yield _value(z.GOLD_CONSTANT, (share,), "c", constant, GOLD_LABELS)
        touch = f"the teacher loss at which floor and parabola touch with {gold}"
        yield _value(z.GOLD_TOUCH, (share,), "L_0", touch, GOLD_LABELS)
    first = f"the floor at L_TE = {LOSSES[0]} with a share {1 - WEAK_SHARES[0]} of gold labels"
    yield _value(z.GOLD_FLOOR, (LOSSES[0], WEAK_SHARES[0]), r"\mathcal{F}", first, GOLD_LABELS)
