"""Random inputs against the parser and the printers.

`python -m tests.text.fuzz hostile 1000000` and `python -m tests.text.fuzz round-trip 100000`, each
with a seed to end on; the quick tests run a few hundred of both. From the command line every
failure is printed and counted and a hang is broken off; compiling or running text as Python,
opening a file or starting a process while a hostile input is answered is a failure.
"""

import faulthandler
import random
import signal
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
from w2s_theory.text import names
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


KINDS = {"hostile": (hostile, answer), "round-trip": (arithmetic, round_trip)}


def run(kind, count, seed):
    """How many of `count` random inputs had a value."""
    rng = random.Random(f"{kind} {seed}")
    make, judge = KINDS[kind]
    return sum(bool(judge(make(rng))) for _ in range(count))


class _Guard:
    """Breaks off what is slow; while ``closed``, text compiled or run and files opened too."""

    WATCHED = ("open", "os.system", "os.exec", "os.fork", "os.posix_spawn", "subprocess.Popen")

    def __init__(self, closed):
        self.closed, self.armed = closed, False
        sys.addaudithook(self.see)
        signal.signal(signal.SIGVTALRM, self.late)

    def see(self, event, args):
        if not self.armed:
            return
        code = {"compile": lambda: args[1], "exec": lambda: args[0].co_filename}.get(event)
        if event in self.WATCHED or (code is not None and str(code()).startswith("<")):
            self.armed = False
            raise AssertionError(f"{event} {args!r:.200}")

    def late(self, *_):
        raise AssertionError("hangs")

    def __enter__(self):
        signal.setitimer(signal.ITIMER_VIRTUAL, 1.5 * MOST_SECONDS if self.closed else 10.0)
        self.armed = self.closed

    def __exit__(self, *_):
        self.armed = False
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def campaign(kind, count, seed, warm=2000):
    """Print every failure; how many inputs had a value, how many failed, the longest seconds."""
    run(kind, warm, f"imports {seed}")  # what is imported late is imported here
    names.clash("beta")
    guard, rng = _Guard(kind == "hostile"), random.Random(f"{kind} {seed}")
    make, judge = KINDS[kind]
    valued = failed = 0
    longest = (0.0, "")
    for number in range(count):
        if number % 10_000 == 0:
            faulthandler.dump_traceback_later(3600, exit=True)  # C code that no signal reaches
            print(f"{number} {valued} {failed} {longest!r:.150}", flush=True)  # noqa: T201
        written = make(rng)
        start = time.process_time()
        try:
            with guard:
                valued += bool(judge(written))
        except Exception as error:
            failed += 1
            print(f"{number} {written!r}: {error!r}", flush=True)  # noqa: T201
        longest = max(longest, (time.process_time() - start, written))
    return valued, failed, longest[0]


if __name__ == "__main__":
    kind, count, *seed = sys.argv[1:]
    valued, failed, seconds = campaign(kind, int(count), *(seed or ["0"]))
    print(  # noqa: T201
        f"{kind}: {count} inputs, {valued} with a value, {failed} failures, longest {seconds:.2f} s"
    )
    sys.exit(failed > 0)
