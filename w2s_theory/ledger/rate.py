"""The rate of the gain: every scale of the kernel's spectrum bounds what the teacher's noise does.

Nothing here assumes Gaussian universality. S_0 = S holds the target; beyond it the sets S_i grow
down the spectrum, and kappa_i, the alignment of S_i, bounds the noise of the teacher up to there.
"""

from __future__ import annotations

from sympy import And, Expr, Implies, Integer, Rational, exp, factorial, floor, log, sqrt
from sympy.logic.boolalg import Boolean

from w2s_theory.ledger import kernels as f
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger import section4 as s
from w2s_theory.ledger.alignment import MASTER, TARGET_IN_S, VISIBLE
from w2s_theory.ledger.at_infinity import at_infinity
from w2s_theory.ledger.prose import say
from w2s_theory.ledger.references import BACH, TROPP
from w2s_theory.ledger.relations import Eq, Ge, Gt, Le
from w2s_theory.ledger.spectra import SPHERE, equation
from w2s_theory.ledger.statement import (
    Assumption,
    Evidence,
    Formula,
    Kind,
    Mutant,
    Source,
    Statement,
    dropped,
)

_CHECKS = "checks/test_rate.py"
_SAFE = 1 - q.RISK


def multiscale(
    aligned: Expr = q.KAPPA, rate: Expr = q.LAMBDA_TARGET, leaked: Expr = q.LEAKED
) -> Expr:
    """(sqrt(kappa L) + exp(-lambda_0 t) sqrt(1-L))^2 + Lambda L."""
    inside = sqrt(aligned * q.L_TE) + exp(-rate * q.TIME) * sqrt(1 - q.L_TE)
    return inside**2 + leaked * q.L_TE


MULTISCALE = Formula(
    "multiscale_bound", (q.KAPPA, q.L_TE, q.LAMBDA_TARGET, q.TIME, q.LEAKED), multiscale()
)
_OUT = s.GRADIENT_FLOW(q.LAMBDA_OUT, q.TIME) ** 2


def _scales(
    bound: Expr = MULTISCALE.expr, most: Expr = _OUT, leaked: Expr = q.LEAKED
) -> tuple[Boolean, ...]:
    return (Le(q.L_ST, bound), Le(leaked, most))


MULTISCALE_BOUND = Statement(
    id="master-bound-multiscale",
    kind=Kind.THEOREM,
    title="The master bound at every scale of the spectrum at once",
    source=Source.EXTENSION,
    text="The alignment inequality holds for every set in a chain that begins with S and grows "
    "down the spectrum, so the noise of the teacher up to each is bounded by its alignment. "
    "Summed by parts against the filter, which falls with the eigenvalue, this bounds what "
    "leaks out. As no alignment is above that of a blind teacher it is never worse than the "
    "master bound, which is its case of no scales.",
    claim=_scales(),
    assumes=MASTER,
    uses=("kappa-alignment", "master-bound"),
    needs=(Evidence.FORMAL, Evidence.SYMBOLIC, Evidence.CERTIFIED, Evidence.PROPERTY),
    reference="Extension of the step behind Theorem 3.1",
    proof="proofs/symbolic/multiscale.py",
    checks=(_CHECKS,),
    formal="master_bound_multiscale",
    mutants=(
        Mutant(
            "one-scale", "kappa_S at every scale", claim=_scales(multiscale(leaked=q.KAPPA * _OUT))
        ),
        Mutant(
            "scale-before",
            "kappa_k -> kappa of the scale before it",
            claim=_scales(multiscale(leaked=q.LEAKED_BEFORE)),
        ),
        Mutant("half", "half of what leaks", claim=_scales(multiscale(leaked=q.LEAKED / 2))),
        Mutant(
            "kappa-squared", "kappa_S -> kappa_S^2", claim=_scales(multiscale(aligned=q.KAPPA**2))
        ),
        Mutant("no-leak", "nothing leaks", claim=_scales(multiscale(leaked=Integer(0)))),
        Mutant("half-out", "at most half of what may leak", claim=_scales(most=_OUT / 2)),
        Mutant(
            "target-anywhere", "the target need not be in S", assumes=dropped(MASTER, TARGET_IN_S)
        ),
        Mutant(
            "any-teacher",
            "the teacher need not be a least-squares fit",
            assumes=dropped(MASTER, s.NORMAL_EQUATIONS),
        ),
    ),
)

# --- what random features miss of the kernel's unit ball ------------------------------------------

WIDTH_FACTOR, BACH_FACTOR = Integer(8), Integer(5)
"""Units a degree of freedom, times a logarithm: for Delta <= mu, and for 4 mu."""
_HALF_WIDTH = (WIDTH_FACTOR * q.FREEDOM + Rational(4, 3)) * log(8 * q.FREEDOM / q.RISK)
_BACH_WIDTH = BACH_FACTOR * q.FREEDOM * log(16 * q.FREEDOM / q.RISK)
WIDTH_AT = Formula("width_at", (q.FREEDOM, q.RISK), _HALF_WIDTH)
"""The width from which on Delta <= mu, d(mu) = FREEDOM, with probability at least 1 - RISK."""
BACH_WIDTH = Formula("bach_width", (q.FREEDOM, q.RISK), _BACH_WIDTH)
"""The same for 4 mu (Bach 2017, proposition 1)."""

LEVERED = (
    s.UNIT_TARGET,
    s.NORMAL_EQUATIONS,
    TARGET_IN_S,
    Assumption("level", "mu >= 0 and tau >= 0", And(Ge(q.LEVEL, 0), Ge(q.DEVIATION, 0))),
    Assumption(
        "freedom",
        "d(mu) >= 1 and 0 < delta <= 1",
        And(Ge(q.FREEDOM, 1), Gt(q.RISK, 0), Le(q.RISK, 1)),
    ),
)


def _levered(
    aligned: Expr = q.LAMBDA_TARGET * q.KAPPA,
    loss: Expr = q.LAMBDA_TARGET * q.L_TE,
    spread: Expr = q.DEVIATION * q.LEVEL,
    width: Expr = WIDTH_AT.expr,
    bach: Expr = BACH_WIDTH.expr,
) -> tuple[Boolean, ...]:
    return (
        Le(aligned, q.HIDDEN),
        Le(loss, q.HIDDEN),
        Le((1 - q.DEVIATION) * q.HIDDEN, spread),
        Implies(Ge(q.WIDTH, width), Le(q.LEVERAGE_RISK, q.RISK)),
        Implies(Ge(q.WIDTH, bach), Le(q.FAR_RISK, q.RISK)),
    )


LEVERAGE = Statement(
    id="leverage",
    kind=Kind.THEOREM,
    title="Leverage: what random features miss of the kernel's unit ball",
    source=Source.EXTENSION,
    text="Delta is the worst squared distance from a unit function of the kernel's space to the "
    f"teacher's span, {say(q.LAMBDA_TARGET)} the least eigenvalue in S. It bounds the alignment "
    "of every set at once and the teacher's loss; it is bounded by how far the features' mean may "
    "be from the kernel; and by symmetry every feature has the same leverage, d(mu), so that "
    f"width {say(WIDTH_AT)} suffices for Delta at most mu with probability at least {say(_SAFE)}. "
    f"The last clause is Bach's width, for {say(q.FAR_RISK)}.",
    claim=_levered(),
    assumes=LEVERED,
    uses=("kappa-forms", "lem-ls"),
    needs=(Evidence.SYMBOLIC, Evidence.PROPERTY, Evidence.MONTE_CARLO),
    reference=f"{BACH}, proposition 1; {TROPP}, theorem 7.7.1",
    proof="proofs/symbolic/gain_rate.py",
    checks=(_CHECKS,),
    mutants=(
        Mutant(
            "square-eigenvalue",
            "lambda_0 -> sqrt(lambda_0)",
            claim=_levered(aligned=sqrt(q.LAMBDA_TARGET) * q.KAPPA),
        ),
        Mutant(
            "root-loss", "L_TE -> its root", claim=_levered(loss=q.LAMBDA_TARGET * sqrt(q.L_TE))
        ),
        Mutant("half-spread", "half of tau mu", claim=_levered(spread=q.DEVIATION * q.LEVEL / 2)),
        Mutant("narrow", "an eighth of d(mu) units suffice", claim=_levered(width=q.FREEDOM / 8)),
        Mutant(
            "narrow-bach",
            "an eighth of d(mu) units suffice for the larger multiple",
            claim=_levered(bach=q.FREEDOM / 8),
        ),
        Mutant(
            "any-teacher",
            "the teacher need not be a least-squares fit",
            assumes=dropped(LEVERED, s.NORMAL_EQUATIONS),
        ),
    ),
)

RATED = (s.NORMAL_EQUATIONS,)


def _rated(hidden: Expr = q.HIDDEN, energy: Expr = q.TARGET_ENERGY) -> tuple[Boolean, ...]:
    level = hidden.xreplace({q.HIDDEN: q.LEVEL})
    return (Le(q.L_TE, hidden * energy), Implies(Le(q.HIDDEN, q.LEVEL), Le(q.L_TE, level * energy)))


TEACHER_RATE = Statement(
    id="teacher-rate",
    kind=Kind.LEMMA,
    title="What a teacher misses, by the target's energy in the kernel's own norm",
    source=Source.EXTENSION,
    text="A target of finite energy, of whatever degrees: L_TE is at most what the teacher hides "
    "times that energy, sharper than leverage's clause on the least eigenvalue, as the energy is "
    "at most its inverse for a unit target in S. With leverage for Delta at most mu, and the power "
    "of mu by leverage-power, this is the rate from above; teacher-lower is the one from below.",
    claim=_rated(),
    assumes=RATED,
    uses=("leverage",),
    needs=(Evidence.SYMBOLIC, Evidence.PROPERTY),
    reference=f"{BACH}, proposition 1 (approximation of functions in the kernel's space)",
    proof="proofs/symbolic/gain_rate.py",
    mutants=(
        Mutant("hidden-squared", "Delta -> Delta^2", claim=_rated(q.HIDDEN**2)),
        Mutant("half", "half of it", claim=_rated(q.HIDDEN / 2)),
        Mutant("no-energy", "without the energy", claim=_rated(energy=Integer(1))),
        Mutant("any-teacher", "the teacher need not be a least-squares fit", assumes=()),
    ),
)

# --- the rate -------------------------------------------------------------------------------------

RATE = (*MASTER, VISIBLE)
_LEFT = exp(-q.LAMBDA_TARGET * q.TIME)
_SHARE = q.HIDDEN / q.LAMBDA_TARGET
_PASSED = s.GRADIENT_FLOW(q.LAMBDA_OUT, q.TIME)


def rate(share: Expr = _SHARE, leaked: Expr = q.HIDDEN * q.TIME * _PASSED) -> Expr:
    """(sqrt(Delta L/lambda_0) + exp(-lambda_0 t) sqrt(1-L))^2 + Delta t s_out L."""
    return (sqrt(share * q.L_TE) + _LEFT * sqrt(1 - q.L_TE)) ** 2 + leaked * q.L_TE


UNFINISHED, SQUARE = Integer(4), Integer(2)
"""The factor of the square but for its logarithm, and the exponent."""
GAIN = Formula(
    "gain", (q.LAMBDA_TARGET, q.LAMBDA_OUT, q.TIME), UNFINISHED + q.LAMBDA_TARGET * q.TIME * _PASSED
)
SQUARE_RATE = Formula(
    "square_rate", (q.HIDDEN, q.LAMBDA_TARGET, q.LAMBDA_OUT, q.TIME), _SHARE**SQUARE * GAIN.expr
)
"""The bound on L_ST once exp(-lambda_0 t) is at most Delta/lambda_0."""
STOP_AT = Formula("stop_at", (q.HIDDEN, q.LAMBDA_TARGET), log(1 / _SHARE) / q.LAMBDA_TARGET)


def _rates(
    bound: Expr | None = None, square: Expr = SQUARE_RATE.expr, gain: Expr = _SHARE * GAIN.expr
) -> tuple[Boolean, ...]:
    return (
        Le(q.L_ST, rate() if bound is None else bound),
        Implies(Le(_LEFT, _SHARE), Le(q.L_ST, square)),
        Implies(Le(_LEFT**2 * (1 - q.L_TE), _SHARE * q.L_TE), Le(q.L_ST, gain * q.L_TE)),
    )


GAIN_RATE = Statement(
    id="gain-rate",
    kind=Kind.THEOREM,
    title="The gain of weak-to-strong students, without universality: a square",
    source=Source.EXTENSION,
    text=f"S holds the target's eigenfunctions and {say(q.LAMBDA_TARGET)} is its least "
    "eigenvalue; Delta as in leverage. At every t, and for every teacher by least squares: the "
    f"first bound. Once {say(_LEFT)} is at most {say(_SHARE)} the student's loss is at most the "
    "square of that share, which bounds its teacher's loss, times a factor that grows like the "
    "training time; stopped by the teacher's loss it gains that share on it, but for the same "
    "factor. The teacher's noise beyond S is bounded by the kernel's own norm of its error, at "
    "once and not scale by scale. (How fast Delta falls with the width, by leverage, is computed, "
    "not claimed here.)",
    claim=_rates(),
    assumes=RATE,
    uses=("leverage", "master-bound"),
    needs=(Evidence.SYMBOLIC, Evidence.CERTIFIED, Evidence.PROPERTY),
    reference=f"Extension of Theorem 3.1; {BACH}",
    proof="proofs/symbolic/gain_rate.py",
    checks=(_CHECKS,),
    mutants=(
        Mutant(
            "half-leak",
            "half of what leaks",
            claim=_rates(rate(leaked=q.HIDDEN * q.TIME * _PASSED / 2)),
        ),
        Mutant(
            "no-level",
            "the leak without its factor Delta",
            claim=_rates(rate(leaked=q.HIDDEN**2 * q.TIME * _PASSED)),
        ),
        Mutant(
            "half-share",
            "Delta/lambda_0 -> its half within S",
            claim=_rates(rate(share=_SHARE / 2)),
        ),
        Mutant("no-time", "t left out", claim=_rates(rate(leaked=q.HIDDEN * _PASSED / 10))),
        Mutant("cube", "the square is a cube", claim=_rates(square=_SHARE**3 * GAIN.expr)),
        Mutant("one", "4 -> 1/2", claim=_rates(square=_SHARE**2 * (GAIN.expr - Rational(7, 2)))),
        Mutant(
            "any-teacher",
            "the teacher need not be a least-squares fit",
            assumes=dropped(RATE, s.NORMAL_EQUATIONS),
        ),
        Mutant(
            "target-anywhere", "the target need not be in S", assumes=dropped(RATE, TARGET_IN_S)
        ),
    ),
)

# --- one stopping time, and the limit -------------------------------------------------------------

_STEP = q.TERM + 1
_LOG = Formula(
    "log_factor", (q.HIDDEN, q.LAMBDA_TARGET), UNFINISHED + log(q.LAMBDA_TARGET / q.HIDDEN)
)
STOPPED = Formula("stopped_rate", (q.HIDDEN, q.LAMBDA_TARGET), _SHARE**2 * _LOG.expr)
"""The bound on L_ST at t = log(lambda_0/Delta)/lambda_0."""
SHARED = Assumption(
    "share", "0 < Delta <= lambda_0", And(Gt(q.HIDDEN, 0), Le(q.HIDDEN, q.LAMBDA_TARGET))
)


def _stopped(bound: Expr = STOPPED.expr, gain: Expr = 1 / _STEP) -> tuple[Boolean, ...]:
    at_stop = SQUARE_RATE(q.HIDDEN, q.LAMBDA_TARGET, q.LAMBDA_OUT, STOP_AT.expr)
    ratio = gain * _LOG(1 / _STEP, Integer(1))
    return (Le(at_stop, bound), at_infinity(ratio, Integer(0), q.TERM))


GAIN_RATE_LIMIT = Statement(
    id="gain-rate-limit",
    kind=Kind.COROLLARY,
    title="The gain vanishes: the rate at one stopping time, without the teacher's loss",
    source=Source.EXTENSION,
    text=f"Stopped at {say(STOP_AT)}, a time that asks nothing of the teacher's loss, the student "
    f"loses at most {say(STOPPED)}. Its ratio to {say(_SHARE)}, the bound of its teacher, vanishes "
    f"as Delta does, here along {say(1 / _STEP)}; and by leverage Delta vanishes with the width.",
    claim=_stopped(),
    assumes=(SHARED,),
    uses=("gain-rate",),
    needs=(Evidence.SYMBOLIC, Evidence.CERTIFIED),
    reference=f"Extension of Theorem 3.1; {BACH}",
    proof="proofs/symbolic/gain_rate.py",
    checks=(_CHECKS,),
    mutants=(
        Mutant("no-log", "without the logarithm", claim=_stopped(4 * _SHARE**2)),
        Mutant("cube", "the square is a cube", claim=_stopped(_SHARE**3 * _LOG.expr)),
        Mutant("stays", "the ratio without its factor", claim=_stopped(gain=Integer(1))),
        Mutant(
            "any-share",
            "Delta may exceed lambda_0",
            assumes=(
                Assumption(
                    "any-share",
                    "Delta > 0 and lambda_0 > 0",
                    And(Gt(q.HIDDEN, 0), Gt(q.LAMBDA_TARGET, 0)),
                ),
            ),
        ),
    ),
)

# --- leverage in powers ---------------------------------------------------------------------------

_K, _D = q.CUT, q.SPACE_DIM
_DECAY = f.DECAY_CONSTANT(_D, Integer(1))
EVEN_CUT = Assumption("even-cut", "K is even", Eq(2 * floor(_K / 2), _K))
LEVEL_POSITIVE = Assumption("some-level", "mu > 0", Gt(q.LEVEL, 0))
POWER = (SPHERE, EVEN_CUT, LEVEL_POSITIVE, LEVERED[-1])
_UP_TO_K = 2 * (_K + _D) ** (_D - 1) / factorial(_D - 1)
_TAIL = _DECAY / (3 * factorial(_D - 2) * _K**3 * q.LEVEL)
FREEDOM_ABOVE = Formula(
    "freedom_above", (_K, _D, q.LEVEL), _UP_TO_K + _TAIL * ((_K + _D + 2) / (_K + 1)) ** (_D - 1)
)
"""A bound on d(mu) for every even K: the harmonics up to K, and the trace beyond over mu."""
LEVEL_AT = Formula("level_at", (_K, _D), _DECAY * _K ** (-_D - 2))
"""The level that K is for: about the eigenvalue of degree K."""
FREEDOM_AT = Formula(
    "freedom_at",
    (_K, _D),
    _UP_TO_K + _K ** (_D - 1) * ((_K + _D + 2) / (_K + 1)) ** (_D - 1) / (3 * factorial(_D - 2)),
)
"""The bound on d(mu) there."""
WIDTH_OF = Formula("width_of", (_K, _D, q.RISK), WIDTH_AT(FREEDOM_AT.expr, q.RISK))
"""The width from which on Delta is at most that level, with probability at least 1 - RISK."""


WIDTH_LIMIT = (_D - 1) * (
    2 * WIDTH_FACTOR / factorial(_D - 1) + WIDTH_FACTOR / (3 * factorial(_D - 2))
)
"""The limit of that width over K^(d-1) log(K)."""
_GROWTH = _K ** (_D - 1) * log(_K)
HIDDEN_DECAY = Formula("hidden_decay", (q.WIDTH, _D), q.WIDTH ** (-(_D + 2) / (_D - 1)))


def _power(
    above: Expr = FREEDOM_ABOVE.expr, wide: Expr | None = None, power: Expr = _D - 1
) -> tuple[Boolean, ...]:
    most = WIDTH_AT(FREEDOM_ABOVE.expr, q.RISK) if wide is None else wide
    return (
        Le(q.FREEDOM, above),
        Le(WIDTH_AT.expr, most),
        equation(FREEDOM_ABOVE(_K, _D, LEVEL_AT.expr), FREEDOM_AT.expr),
        at_infinity(WIDTH_OF.expr / (_K**power * log(_K)), WIDTH_LIMIT, _K),
    )


LEVERAGE_POWER = Statement(
    id="leverage-power",
    kind=Kind.COROLLARY,
    title="The power of the width in leverage",
    source=Source.EXTENSION,
    text="ReLU on the sphere, K any even degree. Up to K each harmonic counts at most once in "
    "d(mu), beyond K its eigenvalue over mu; the first clause. So the width that leverage asks for "
    f"Delta at most mu is at most that of the bound. At mu = {say(LEVEL_AT)}, C the constant of "
    f"spec-decay, it grows like {say(_GROWTH)}, the last clause: Delta falls like "
    f"{say(HIDDEN_DECAY)} up to a logarithm, with "
    f"probability at least {say(_SAFE)}.",
    claim=_power(),
    assumes=POWER,
    uses=("leverage", "spec-decay", "spec-multiplicity", "spec-coefficients"),
    needs=(Evidence.SYMBOLIC, Evidence.CERTIFIED),
    reference=f"Extension; {BACH}",
    proof="proofs/symbolic/leverage_power.py",
    checks=(_CHECKS,),
    mutants=(
        Mutant(
            "no-tail",
            "a fiftieth of what is up to K, and nothing beyond",
            claim=_power(_UP_TO_K / 50),
        ),
        Mutant(
            "tail-alone",
            "a fiftieth of what is beyond K, and nothing up to it",
            claim=_power(_TAIL / 50),
        ),
        Mutant(
            "no-log", "without the logarithm", claim=_power(wide=WIDTH_FACTOR * FREEDOM_ABOVE.expr)
        ),
        Mutant("power-d", "K^(d-1) -> K^d", claim=_power(power=_D)),
    ),
)

PLACE = 82
STATEMENTS = (MULTISCALE_BOUND, LEVERAGE, TEACHER_RATE, GAIN_RATE, GAIN_RATE_LIMIT, LEVERAGE_POWER)
