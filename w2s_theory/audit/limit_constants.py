"""Section 4: the constants of the limits, read off the ledger's formulas."""

from __future__ import annotations

from sympy import Expr, Integer, Rational, limit

from w2s_theory.audit.constant import Constant, Sharpness
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.chains import COR_2, NSTEP, NSTEP_ENDS, THM_4_2
from w2s_theory.ledger.limits import COR_1, THM_4_1
from w2s_theory.ledger.sharpness import THM_4_1_BEST
from w2s_theory.ledger.statement import Formula, Source
from w2s_theory.students.floats import stable

LOSS = Rational(1, 10)
"""The teacher loss at which n-step limits are listed."""

CHAINS = (1, 2, 4, 16, 256)
_HOME = "w2s_theory.ledger.section4"


def ratio_at_zero(floor: Formula) -> Expr:
    """The limit of floor(L)/L^2 as L -> 0."""
    ratio = stable(floor.expr) / q.L_TE**s.QUADRATIC_EXPONENT
    return limit(ratio, q.L_TE, 0, "+")


def chain_ratio(length: int) -> Expr:
    """The n-step limit over L^2 at L = `LOSS`; a minimum, unevaluated."""
    angle = s.ANGLE[1].xreplace({q.L_TE: LOSS})
    return s.CHAIN_FLOOR(Integer(length), angle) / LOSS**s.QUADRATIC_EXPONENT


PLACE = 10


def declared() -> tuple[Constant, ...]:
    """Constants, exponents and n-step values of section 4."""
    chains = tuple(
        Constant(
            id=f"chain-ratio-{length}",
            latex=rf"\mathcal{{F}}_{{{length}}}/L^2",
            meaning=f"the {length}-step limit over L_TE^2, at L_TE = {LOSS}",
            expr=chain_ratio(length),
            home=f"{_HOME}.CHAIN_FLOOR",
            source=Source.EXTENSION,
            reference=NSTEP.reference,
            sharpness=Sharpness.BEST,
            remark="attained by a rotating chain (nstep-sharp)",
            statements=("nstep", "nstep-sharp"),
            mutants=("nstep~extra-shrink", "nstep~fewer-turns"),
        )
        for length in CHAINS
    )
    return (
        Constant(
            id="limit-constant",
            latex="c",
            meaning="the c of L_ST >= c L_TE^2",
            expr=s.QUADRATIC_CONSTANT,
            home=f"{_HOME}.QUADRATIC_CONSTANT",
            source=THM_4_1.source,
            reference=THM_4_1.reference,
            sharpness=Sharpness.BEST,
            remark="the sharp floor touches the parabola at L_TE = 2/3 (thm-4.1-best)",
            statements=("thm-4.1", "cor-1", "thm-4.1-best", "thm-4.1-needs-teacher", "err-1"),
            mutants=("thm-4.1~c-0.76", "thm-4.1~c-0.7501", "cor-1~c-0.76", "thm-4.1-best~c-0.7499"),
        ),
        Constant(
            id="limit-exponent",
            latex=r"\beta",
            meaning="the exponent of L_ST >= c L_TE^beta",
            expr=s.QUADRATIC_EXPONENT,
            home=f"{_HOME}.QUADRATIC_EXPONENT",
            source=THM_4_1.source,
            reference=COR_1.reference,
            sharpness=Sharpness.BEST,
            remark="the sharp floor over L_TE^2 tends to 1 as L_TE -> 0 (thm-4.1-sharp)",
            statements=("thm-4.1", "cor-1", "err-1"),
            mutants=("thm-4.1~beta-1.9", "thm-4.1~beta-1.99", "cor-1~beta-1.9"),
        ),
        Constant(
            id="touching-loss",
            latex=r"L_0",
            meaning="the teacher loss at which the sharp floor equals (3/4) L_TE^2",
            expr=dict(THM_4_1_BEST.where)[q.TOUCH],
            home="w2s_theory.ledger.sharpness.THM_4_1_BEST",
            source=THM_4_1_BEST.source,
            reference=THM_4_1_BEST.reference,
            sharpness=Sharpness.VALUE,
            remark="the only touching point in (0, 1]",
            statements=("thm-4.1-best",),
            mutants=("thm-4.1-best~root-3/5",),
        ),
        Constant(
            id="floor-ratio-at-zero",
            latex=r"\lim_0 \mathcal{F}_1/L^2",
            meaning="the sharp floor over L_TE^2 as L_TE -> 0",
            expr=ratio_at_zero(s.SHRINKAGE_FLOOR),
            home=f"{_HOME}.SHRINKAGE_FLOOR",
            source=Source.EXTENSION,
            reference=THM_4_1_BEST.reference,
            sharpness=Sharpness.BEST,
            remark="attained by a projection (thm-4.1-sharp)",
            statements=("thm-4.1", "thm-4.1-sharp"),
            mutants=("thm-4.1~floor-2L", "thm-4.1-sharp~floor-higher"),
        ),
        Constant(
            id="bounded-constant",
            latex="c'",
            meaning="the c of L_ST >= c L_TE^2 for a bounded student, and for chains",
            expr=s.BOUNDED_CONSTANT,
            home=f"{_HOME}.BOUNDED_CONSTANT",
            source=THM_4_2.source,
            reference=THM_4_2.reference,
            sharpness=Sharpness.BEST,
            remark="attained as L_TE -> 0 by the student sqrt(1 - L_TE) f* (thm-4.2-sharp)",
            statements=("thm-4.2", "thm-4.2-sharp", "cor-2"),
            mutants=("thm-4.2~c-0.2501", "cor-2~c-0.3"),
        ),
        Constant(
            id="bounded-ratio-at-zero",
            latex=r"\lim_0 \mathcal{F}_\infty/L^2",
            meaning="the bounded student's floor over L_TE^2 as L_TE -> 0",
            expr=ratio_at_zero(s.BOUNDED_FLOOR),
            home=f"{_HOME}.BOUNDED_FLOOR",
            source=THM_4_2.source,
            reference=COR_2.reference,
            sharpness=Sharpness.BEST,
            remark="attained by the student sqrt(1 - L_TE) f* (thm-4.2-sharp)",
            statements=("thm-4.2", "thm-4.2-sharp", "cor-2", "nstep-ends"),
            mutants=("thm-4.2~shrinkage-floor",),
        ),
        *chains,
        Constant(
            id="chain-ratio-infinity",
            latex=r"\mathcal{F}_\infty/L^2",
            meaning=f"the limit of ever longer chains over L_TE^2, at L_TE = {LOSS}",
            expr=s.BOUNDED_FLOOR(LOSS) / LOSS**s.QUADRATIC_EXPONENT,
            home=f"{_HOME}.BOUNDED_FLOOR",
            source=NSTEP_ENDS.source,
            reference=NSTEP_ENDS.reference,
            sharpness=Sharpness.BEST,
            remark="approached by rotating chains at rate 1/n (nstep-ends)",
            statements=("nstep-ends", "cor-2"),
            mutants=("nstep-ends~rate-1/4", "cor-2~one-step-floor"),
        ),
    )
