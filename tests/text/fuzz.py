"""Random inputs against the parser and the printers.

`python -m tests.text.fuzz hostile 1000000` and `python -m tests.text.fuzz round-trip 100000`, each
with a seed to end on; the quick tests run a few hundred of both.
"""

import random
import sys
import time
from fractions import Fraction

import mpmath
from flint import fmpq

from tests.text.inputs import arithmetic, hostile
from tests.text.readers import inexact, read_latex, read_text
from w2s_theory.audit.expression import audit_expression
from w2s_theory.certify import lower, precision
from w2s_theory.ledger.render import latex, text
from w2s_theory.text.parser import parse

MOST_SECONDS = 1.0
DIGITS = 100


def answer(written):
    """What the command answers, timed on the processor: others may be at work on the machine."""
    start = time.process_time()
    try:
        found = audit_expression(written)
        said = f"{text(found.expr)} {latex(found.expr)}"
    except ValueError as error:
        found, said = None, str(error)
        assert "must" in said, (written, said)
    seconds = time.process_time() - start
    assert len(said.splitlines()) == 1, (written, said)
    assert seconds < MOST_SECONDS or len(written) > 1000, (written, seconds)
    return found


def near(left, right):
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return left == right
    left, right = inexact(left), inexact(right)
    return abs(left - right) <= mpmath.mpf(10) ** -20 * (1 + abs(left))


def enclosed(value, expr):
    """Whether the ball of the tree agrees with a value of mpmath."""
    with precision(400):
        ball = lower(expr)({})
    if isinstance(value, Fraction):
        return ball.overlaps(fmpq(value.numerator, value.denominator) + ball * 0)
    middle = mpmath.mpf(ball.mid().str(120, radius=False))
    return abs(middle - value) <= mpmath.mpf(10) ** -20 * (1 + abs(value)) + float(ball.rad())


def round_trip(written):
    """Whether `written` has a value; if so, it is that of both printed forms, by all readers."""
    try:
        expr = parse(written)
    except ValueError:
        return False
    shown, tex = text(expr), latex(expr)
    with mpmath.workdps(DIGITS):
        value = read_text(written)
        assert enclosed(value, expr), (written, value)
        assert enclosed(value, parse(shown)), (written, shown)
        assert near(value, read_text(shown)), (written, shown)
        assert near(value, read_latex(tex)), (written, tex)
    return True


def run(kind, count, seed):
    """How many of `count` random inputs had a value."""
    rng = random.Random(f"{kind} {seed}")
    make, judge = {"hostile": (hostile, answer), "round-trip": (arithmetic, round_trip)}[kind]
    return sum(bool(judge(make(rng))) for _ in range(count))


if __name__ == "__main__":
    kind, count, *seed = sys.argv[1:]
    valued = run(kind, int(count), *(seed or ["0"]))
    print(f"{kind}: {count} inputs, {valued} with a value, no failure")  # noqa: T201
