"""Definition 1: the three forms of shrinkage optimality are equivalent."""

from __future__ import annotations

from sympy import Expr, Ge, Integer, Le, Lt, Max

from proofs.kernel import Fact, assume, cases, evident, larger, square_norm
from proofs.lemmas import cauchy_schwarz, defining, over, unit_scale
from proofs.proof import Proof
from w2s_theory.ledger import definitions as d
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger import spaces as v
from w2s_theory.ledger.statement import Statement

S, ST, T, A = q.STUDENT_NORM2, q.STUDENT_TEACHER, q.TEACHER_NORM2, q.SCALE


def closed_form() -> Fact:
    """||f_T - a f_S||^2 - ||f_T - f_S||^2 = (1 - a) (2 gamma + (1 - a) ||f_S||^2)."""
    return (defining(d.SCALED_FIT) - defining(d.FIT)).named("closed form", "expanded")


def prove_def_1(statement: Statement) -> Proof:
    """Claims in order: (ii) => (i); not (ii) => not (i); (iii) <=> (ii); the gap's closed form."""
    room, premise = unit_scale(), assume(Ge(s.SHRINKAGE, 0))
    fits = room * (2 * premise + room * square_norm(v.STUDENT)) + closed_form()
    ball = defining(d.CENTRE).named("ball", "the distance from the centre f_T/2, expanded")
    return Proof(statement, (fits, _no_better(), ball, closed_form()))


def _no_better() -> Fact:
    """At a = 0 if <f_S, f_T> <= 0, else at a = <f_S, f_T>/||f_S||^2, a f_S fits better."""
    longer = assume(Lt(s.SHRINKAGE, 0))  # ||f_S||^2 - <f_S, f_T> > 0
    rest = square_norm(v.TEACHER) + 2 * longer
    squares = cauchy_schwarz(v.STUDENT, v.TEACHER) + evident(S**2) + longer * longer
    long = over(squares, rest, S).named("f_S is not 0", "Cauchy-Schwarz")
    best, low, high = Max(0, ST / S), assume(Le(ST, 0)), assume(Ge(ST, 0))

    def at(value: Expr, better: Fact, order: Fact) -> Fact:
        chosen = larger(best, value, order, long)
        return better + chosen.times(2 * ST - (best + value) * S, order, long)

    nothing = at(Integer(0), longer + low, low / long)
    some = at(ST / S, longer * longer / long, high / long)
    gap = -s.scaling_gap(best)
    return cases(some.states(gap, high, long), high, nothing.states(gap, low, long), low)
