"""Chains of students, each taught by the one before: rotating (sharp) ones and random ones."""

from __future__ import annotations

import math
from fractions import Fraction

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from w2s_theory.certify.balls import to_fraction
from w2s_theory.enclose.minima import argmin
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4
from w2s_theory.search import one_student
from w2s_theory.search.coordinates import MAX_DIM, ONE, UNIT, ZERO, from_stereographic, rounded
from w2s_theory.search.one_student import HALF_LOST, HALVES, Setting, half_tangents, planar
from w2s_theory.search.spectral_students import KEEP_FIRST, Given, Link, links, reflector_to
from w2s_theory.search.teachers import teachers

MAX_CHAIN = 20


def rotating(
    half: Fraction,
    length: int,
    *,
    share: float | None = None,
    digits: int = 12,
    last: Given = KEEP_FIRST,
) -> Setting:
    """`length` students, each turning by phi = share theta/length and shrinking by cos(phi).

    `share` None is the best one. A `last` student with another rule spoils the rotation.
    """
    theta = 2 * math.atan(half)
    direction = from_stereographic((half,))
    if share is None:
        node = section4.CHAIN_FLOOR.expr.xreplace(dict([section4.ANGLE]))
        share = float(to_fraction(argmin(node, {q.CHAIN: length, q.L_TE: direction[1] ** 2}, 64)))
    turn = rounded(math.tan(share * theta / length / 2), digits)
    students = []
    for step in range(length):
        direction = _turned(direction, turn)
        rule = last if step == length - 1 else KEEP_FIRST
        students.append(Link((ONE, ZERO), rule, reflector_to(direction)))
    grants = ("rotating-chain",) if last is KEEP_FIRST else ()
    return planar(half, tuple(students), turn=turn, grants=grants)


def _turned(direction: tuple[Fraction, ...], turn: Fraction) -> tuple[Fraction, ...]:
    """A point of the unit circle, turned clockwise by 2 atan(turn)."""
    c, s = from_stereographic((turn,))
    x, y = direction
    return (c * x + s * y, c * y - s * x)


def named() -> tuple[Setting, ...]:
    """One student's, then rotating chains at the sharp angles, another one, and spoilt ones."""
    halves = (*HALVES[1:], HALF_LOST)
    return (
        *one_student.named(),
        *(rotating(half, n) for n in (1, 2, 7) for half in halves),
        rotating(HALF_LOST, 2, share=0.5),
        rotating(HALF_LOST, 2, last=Given((Fraction(1, 2), ZERO))),
    )


def rotating_chains(length: int) -> SearchStrategy[Setting]:
    """`rotating` near the best turn or at any other; one in five is spoilt at its end."""
    weaker = Given((Fraction(1, 2), ZERO))
    return st.builds(
        rotating,
        half_tangents(),
        st.just(length),
        share=st.one_of(st.none(), UNIT.map(float)),
        digits=st.integers(3, 15),
        last=st.sampled_from([KEEP_FIRST] * 4 + [weaker]),
    )


@st.composite
def chains(draw: DrawFn) -> Setting:
    """A chain of 1 to 20 students, each with a kernel of its own; half of them rotate."""
    length = draw(st.one_of(st.integers(1, 3), st.integers(1, MAX_CHAIN)))
    if draw(st.booleans()):
        turning: Setting = draw(rotating_chains(length))
        return turning
    if draw(st.integers(0, 5)) == 0:
        scaled: Setting = draw(one_student.scaled_up_teachers())
        return scaled
    dim = draw(st.integers(2, MAX_DIM))
    # An exponential in the middle would make balls of coordinates that are exactly 0 further on.
    students = [draw(links(dim, rational=True)) for _ in range(min(length, 4) - 1)]
    students.append(draw(links(dim)))
    return Setting(dim=dim, teacher=draw(teachers(dim)), links=tuple(students))


@st.composite
def bounded(draw: DrawFn) -> Setting:
    """A student no longer than its teacher: a chain's last, one in a row, or one on the target."""
    on_target = one_student.students_on_target()
    kind = draw(st.sampled_from([chains(), one_student.one_student(), on_target, on_target]))
    setting: Setting = draw(kind)
    return setting
