"""Settings beyond what statements assume, at which a statement that assumed less would be false.

They lie close to the assumptions' edge (within one percent, or at the first integer excluded), at
places where the claim is tight. Each is a real object, or numbers for a claim about numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache

from checks.support.beyond_rate import attained, beyond_rate, off_the_law, two_points
from checks.support.beyond_runs import beyond_runs
from checks.support.made_settings import Products, Restated, Turned, numbers, poles, scaling
from checks.support.spectrum_sums import degrees, spread_at
from w2s_theory.ledger import quantities as q
from w2s_theory.ledger.statement import Statement
from w2s_theory.search import ansatz, one_student, regularised, spiked
from w2s_theory.search.bootstrapping import rotating
from w2s_theory.search.coordinates import ONE, ZERO, from_stereographic
from w2s_theory.search.one_student import HALF_LOST, HALVES, Setting, sharp
from w2s_theory.search.principal_angles import AlignedSetting
from w2s_theory.search.settings import NumberSetting, Settled
from w2s_theory.search.spectral_students import FixedStudent, Flow, Given, Link
from w2s_theory.search.sphere_points import point
from w2s_theory.search.teachers import FeatureTeacher, Fit, PlainTeacher

JUST = Fraction(1, 500)
"""A step that one percent allows."""
_UP, _DOWN = 1 + JUST, 1 - JUST
TOUCH = HALVES[-1]


# --- section 4 ------------------------------------------------------------------------------------


def _fitted(setting: Setting, shift: Fraction = ZERO) -> Setting:
    """Its teacher as the fit of one feature, the readout shifted."""
    assert isinstance(setting.teacher, PlainTeacher)
    row = setting.teacher.coordinates
    return replace(setting, teacher=FeatureTeacher((row,), Fit.SHIFT, shift))


def _flow(time: Fraction, *values: Fraction) -> Setting:
    """The teacher (1, 1)/2 of the target (1, 0), one feature, and a flow on the axes."""
    teacher = FeatureTeacher(((ONE, ONE),), Fit.LEAST_SQUARES)
    return Setting(dim=2, teacher=teacher, links=(Link(values, Flow(time)),))


_CLOSE = sharp(TOUCH, norm=_UP)
_LONG = sharp(TOUCH, rule=Flow(Fraction(60)), small=ZERO, norm=_UP)


def _scaled(setting: Setting, factor: Fraction) -> Setting:
    assert isinstance(setting.teacher, PlainTeacher)
    row = tuple(factor * x for x in setting.teacher.coordinates)
    return replace(setting, teacher=PlainTeacher(row))


def _kept(setting: Setting, factor: Fraction) -> Setting:
    """The last student's filter times a factor."""
    (*first, last) = setting.links
    assert isinstance(last, Link)
    assert isinstance(last.rule, Given)
    rule = Given(tuple(factor * s for s in last.rule.filter))
    return replace(setting, links=(*first, replace(last, rule=rule)))


def _shrinking() -> Iterator[Settled]:
    """A longer target; a longer teacher; a student longer than its teacher's share."""
    yield _CLOSE
    yield _scaled(sharp(TOUCH), _UP)
    yield _kept(sharp(TOUCH), _UP)


def _flows() -> Iterator[Settled]:
    """Of least-squares teachers: a longer target, a shift, negative eigenvalues, times."""
    yield _fitted(_LONG)
    yield _fitted(sharp(TOUCH, rule=Flow(Fraction(60))), JUST)
    yield _fitted(sharp(TOUCH, rule=Flow(Fraction(60)), small=-Fraction(1, 10**4)))
    back = one_student.backwards()
    (link,) = back.links
    assert isinstance(link, Link)
    steep = tuple(283 * 2 * x for x in link.eigenvalues)
    yield replace(back, links=(replace(link, eigenvalues=steep, rule=Flow(-Fraction(1, 200))),))
    yield _flow(ONE, ZERO, -Fraction(1, 200))
    yield _flow(-Fraction(1, 200), ONE, ONE)


def _filters() -> Iterator[Settled]:
    for s in (-JUST, 1 + JUST):
        yield Setting(
            dim=2, teacher=PlainTeacher((ONE, ZERO)), links=(Link((ONE, ONE), Given((s, s))),)
        )


def _bounded() -> Iterator[Settled]:
    yield _on_target(norm=_UP)
    yield _scaled(one_student.on_target(HALF_LOST, _UP), _UP)
    yield one_student.on_target(HALF_LOST, _UP)


def _on_target(norm: Fraction) -> Setting:
    cosine, _ = from_stereographic((HALF_LOST,))
    students = (FixedStudent((norm * cosine, ZERO)),)
    return one_student.planar(HALF_LOST, students, norm=norm)


def _chains() -> Iterator[Settled]:
    yield _CLOSE
    yield _scaled(sharp(TOUCH), _UP)
    yield _kept(sharp(TOUCH), _UP)
    whole = sharp(TOUCH)
    yield replace(whole, links=(Link((ONE, ONE), Given((_UP, _UP))),))


def _long_chains() -> Iterator[Settled]:
    """Twenty students, close to what infinitely many could do."""
    yield from _chains()
    chain = rotating(Fraction(49, 50), 20)
    yield replace(_scaled(chain, _UP), target_norm=_UP)
    yield _scaled(rotating(Fraction(21, 25), 20), Fraction(6, 5))


def _scales() -> Iterator[Settled]:
    """Definition 1: a = 201/200 at a generous product, and a just below 1 at one just negative."""
    for student_teacher, scale in ((2, Fraction(201, 200)), (_DOWN, Fraction(999, 1000))):
        yield _scale_at(Fraction(student_teacher), Fraction(scale))


def _scale_at(product: Fraction, scale: Fraction) -> Settled:
    """f_S a unit vector, <f_S, f_T> = `product`, ||f_T||^2 = 4."""
    fit = 4 - 2 * product + 1
    scaled = 4 - 2 * scale * product + scale**2
    centre = 1 - product + 1  # ||f_S - f_T/2||^2
    more = ((q.SCALE, scale), (q.SCALED_FIT, scaled), (q.CENTRE_DISTANCE2, centre), (q.FIT, fit))
    return Products(teacher=Fraction(4), teacher_target=product, student_teacher=product, more=more)


def _penalties() -> Iterator[Settled]:
    """f_T = 1, f_S = 10/9, a = 9/10: each inequality off by less than one percent of 100."""
    symbols = (q.SCALE, q.FIT, q.SCALED_FIT, q.PENALTY_ZERO, q.PENALTY_STUDENT, q.PENALTY_SCALED)
    yield from numbers(
        "9/10 1/81 0 100 100 100; 9/10 1/81 0 100 100 101; 9/10 1/81 0 100 99 991/10", *symbols
    )
    # |f| is convex and least at 0, but f_S/1 = f_T/2 beats only scales up to 1.
    teacher = (ONE, Fraction(-2), Fraction(1, 3))
    half = tuple(x / 2 for x in teacher)
    penalty = regularised.Penalty(regularised.Shape.LASSO, Fraction(4))
    yield regularised.RegularisedSetting(teacher, half, Fraction(201, 200), penalty)


_RULES = (q.EIGENVALUE, q.STEP, q.STEPS, q.TIME)


def _linear() -> Iterator[Settled]:
    """A longer target, a psi or an eigenvalue that is not stated, a shifted readout."""
    base = spiked.named_linear()[1]
    psi = base.root**2
    for factor in (_UP, _DOWN, Fraction(2), Fraction(1, 2)):
        yield replace(base, norm=factor)
        yield replace(base, leading=factor)
        yield replace(base, stated=psi * factor)
    yield replace(base, rule=Fit.SHIFT, shift=JUST)


def _blocks() -> Iterator[Settled]:
    """The same with two strong directions, and a target that strays from them."""
    base = spiked.named_blocks()[0]
    psi, (first, second) = base.root**2, base.target
    for factor in (_UP, _DOWN, Fraction(2), Fraction(1, 2)):
        yield replace(base, target=(first * factor, second * factor))
        yield replace(base, leading=factor)
        yield replace(base, stated=psi * factor)
    yield replace(base, rule=Fit.SHIFT, shift=JUST / 10)
    axis, tail = from_stereographic((Fraction(1, 30),))
    yield replace(base, target=(first * axis, second * axis), astray=tail, root=ONE)


# --- what lies beyond each statement --------------------------------------------------------------


def _needs_teacher() -> Iterator[Settled]:
    """g = 21/20: a target, a teacher or a student of another length; then g at most 1."""
    gain, wide = Fraction(21, 20), 1 + Fraction(1, 20)
    for target, teacher, student in (
        *((length, gain, ONE) for length in (_UP, _DOWN)),
        (ONE, gain * _UP, ONE),
        (ONE, gain, wide),
    ):
        yield Products(
            target=target,
            teacher=teacher**2 * target,
            student=student**2 * target,
            teacher_target=teacher * target,
            student_target=student * target,
            student_teacher=student * teacher * target,
            more=((q.GAIN, gain),),
        )
    for gain in (ONE, Fraction(199, 200), Fraction(1, 2)):
        yield one_student.scaled_up(gain)


def _sharp_losses() -> list[NumberSetting]:
    """L_TE outside [0, 1), and N below 1."""
    return numbers(
        "-1/200 1 2; 1 1 2; 201/200 1 2; 1/2 1 1/2; 1/2 1 199/200; 1/10 1 199/200; 0 1 199/200",
        *(q.L_TE, q.CHAIN, q.SLOWNESS),
    )


def _on_target_products() -> Iterator[Settled]:
    """||f_T||^2 = t, f_S of that length and <f_S, f*> = sqrt(t), t = 1/4, but for what is given."""
    t, half = Fraction(1, 4), Fraction(1, 2)
    base = {"teacher": t, "teacher_target": t, "student": t, "student_target": half}
    norm = Fraction(901, 899) ** 2  # within one percent, and 1 - 1/norm is a square
    for change in (
        *({"target": n, "teacher_target": (2 * t + n - 1) / 2} for n in (norm, Fraction(25, 16))),
        *({"teacher_target": t * f} for f in (_UP, _DOWN, Fraction(11, 10), Fraction(9, 10))),
        *({"student": t * f} for f in (_UP, Fraction(2))),
        *({"student": 2 * t, "student_target": half * f} for f in (_UP, _DOWN)),
        *({"student_target": half * f} for f in (_DOWN, half)),
        {"student": t * _UP, "student_target": half},
    ):
        given = {**base, **change, "student_teacher": ZERO}
        for product in (half * given["teacher_target"] / given.get("target", ONE), ZERO, t):
            try:
                yield Products(**{**given, "student_teacher": product})  # type: ignore[arg-type]
            except ValueError:
                continue
            break


def _turned() -> Iterator[Settled]:
    turn = Fraction(1, 5)
    for target in (_UP, _DOWN, Fraction(3, 2), Fraction(9, 10)):
        yield Turned(turn, target=target, overlap=(target - Fraction(1, 2)) / 2)
    for factor in (_UP, _DOWN, Fraction(3, 2), Fraction(1, 2)):
        yield Turned(turn, overlap=factor / 4)
    for share in (_UP, Fraction(11, 10), _DOWN):
        yield Turned(turn, share=share, grants=())


_THRESHOLD = (q.COEFFICIENT, q.EXPONENT, q.L_TE)
_BETWEEN = (q.EIGENVALUE, q.RIDGE, q.RIDGE_ABOVE, q.CAPTURED, q.CAPTURED_ABOVE)


def _captured() -> Iterator[Settled]:
    """One eigenvalue: what it captures at two ridges."""
    rows = ((1, Fraction(3, 2), 1), (1, 1, 1), (1, _UP, 1), (0, 1, 2), (-JUST, 1, 2), (1, -1, 2))
    for value, low, high in (*rows, (1, -_UP, 2), (-2, 1, 2)):
        shares = [Fraction(value) / (value + k) if value + k else ZERO for k in (low, high)]
        row = (value, low, high, *shares)
        yield NumberSetting(tuple(zip(_BETWEEN, map(Fraction, row), strict=True)))
    # A ridge between two eigenvalues, 1 and a small one.
    for text in ("1/10 -1/2 1/100", "1/1000 -1/200 1/200"):
        small, below, above = map(Fraction, text.split())
        pair = (ONE, small)
        both = [sum((x / (x + ridge) for x in pair), ZERO) for ridge in (below, above)]
        yield NumberSetting(tuple(zip(_BETWEEN, (ONE, below, above, *both), strict=True)))


def _angles() -> Iterator[AlignedSetting]:
    """Alignment and master bound: each with one thing slightly wrong, and a claim that notices."""
    axis, tail = from_stereographic((Fraction(1, 30),))
    whole = ((ONE, ZERO, ZERO),)
    base = AlignedSetting(
        target=(ONE, ZERO, ZERO),
        teacher=FeatureTeacher(whole, Fit.LEAST_SQUARES),
        eigenvalues=(ONE, ZERO, ZERO),
        inside=(0,),
        time=Fraction(40),
        added=1,
        unit=(ZERO, ONE, ZERO),
        normal=(ONE, Fraction(2), ONE),
    )
    tilted = FeatureTeacher(((ONE, Fraction(1, 2), ZERO),), Fit.LEAST_SQUARES)
    blind = FeatureTeacher(((ZERO, ONE, ZERO),), Fit.LEAST_SQUARES)
    steep = FeatureTeacher(((ONE, Fraction(2), ZERO),), Fit.LEAST_SQUARES)
    noisy = FeatureTeacher(((ONE, ZERO, Fraction(2)),), Fit.LEAST_SQUARES)
    three = ((ONE, ZERO, ZERO), (ONE, ONE, ZERO), (ONE, -ONE, ONE))
    for norm in (_UP, _DOWN, Fraction(2), Fraction(1, 2)):
        long = replace(base, target=(norm, ZERO, ZERO))
        yield replace(long, teacher=tilted, time=ONE)
        yield replace(long, teacher=blind, time=ZERO)
    yield replace(base, teacher=FeatureTeacher(whole, Fit.SHIFT, JUST))
    yield replace(base, teacher=FeatureTeacher(three, Fit.SHIFT, Fraction(1, 1000)))
    yield replace(base, target=(axis, tail, ZERO))
    slow = (ONE, Fraction(1, 100), ZERO)
    yield replace(base, target=(axis, tail, ZERO), eigenvalues=slow, time=Fraction(543))
    yield replace(base, teacher=steep, inside=(0, 1), eigenvalues=(ONE, Fraction(4000), ZERO),
                  time=-Fraction(1, 200), added=2)  # fmt: skip
    yield replace(base, teacher=noisy, eigenvalues=(ONE, ZERO, -Fraction(1, 200)),
                  time=Fraction(4000))  # fmt: skip
    yield replace(base, teacher=noisy, inside=(0, 2), eigenvalues=(ONE, ZERO, -Fraction(1, 200)),
                  time=Fraction(4000))  # fmt: skip


def _risky() -> Iterator[Settled]:
    """Three features in R^4: a level far too low, a target outside S, a target of length 2."""
    last = ((ZERO, ONE, -ONE, ZERO), (ZERO, ZERO, ONE, -ONE))
    base = AlignedSetting(
        target=(ONE, ZERO, ZERO, ZERO),
        teacher=FeatureTeacher(((ONE, Fraction(-3), ZERO, ZERO), *last), Fit.LEAST_SQUARES),
        eigenvalues=(ONE, ZERO, ZERO, ZERO),
        inside=(0,),
        time=Fraction(9),
    )
    yield Restated(base, ((q.RISK, Fraction(10**6)),))
    axes = tuple(tuple(ONE if i == j else ZERO for j in range(4)) for i in (0, 2, 3))
    seen = FeatureTeacher(axes, Fit.LEAST_SQUARES)
    yield replace(base, target=(ZERO, ONE, ZERO, ZERO), teacher=seen)
    rows = ((ONE, -ONE, ZERO, ZERO), *last)
    long = replace(base, target=(Fraction(2), ZERO, ZERO, ZERO), time=ZERO)
    yield replace(long, teacher=FeatureTeacher(rows, Fit.LEAST_SQUARES))


def _risks() -> list[NumberSetting]:
    """delta = 0, and below."""
    symbols = (q.RISK, q.MISS_RISK, q.KAPPA, q.INVERSE_SUM, q.TRACE, q.SIZE, q.WIDTH, q.L_TE)
    more = (q.L_ST, q.LAMBDA_OUT, q.LAMBDA_TARGET, q.TIME)
    grants = ("unit-target", "least-squares", "target-in-S", "kernel-positive")
    rows = "0 0 1/2 2 2 1 4 1/2 1/4 0 1 40; -1/200 0 1/2 2 2 1 4 1/2 1/4 0 1 40"
    return numbers(rows, *symbols, *more, grants=grants)


def _unseen() -> Iterator[Settled]:
    """A teacher that sees a little of what the kernel does not."""
    teacher = FeatureTeacher(((ONE, ZERO, Fraction(1, 20)),), Fit.LEAST_SQUARES)
    yield AlignedSetting(
        target=(ZERO, ZERO, ONE),
        teacher=teacher,
        eigenvalues=(ONE, ONE, ZERO),
        inside=(0,),
        time=ONE,
    )


_EXPONENT = (q.DIM, q.WIDTH, q.COEFFICIENT, q.FACTOR, q.L_TE, q.L_ST)


def _exponents() -> Iterator[Settled]:
    """d = 4, M = 64, c = 1: L_TE at least M^-2, and L_ST at most A L_TE/8."""
    least = Fraction(1, 64**2)
    rows: tuple[tuple[Fraction | int, ...], ...] = (
        (1, 64, 1, 1, least, ZERO),
        (4, 64, 1, -JUST, 2 * least, -JUST * 2 * least / 8),
        (4, 64, 1, -1, 2 * least, -2 * least / 8),
        (4, 64, 0, 1, least, ZERO),
        (4, 64, -JUST, 1, least, ZERO),
        (4, 64, 1, 1, least, least / 8 * _UP),
        (4, 64, 1, 1, least, least),
        (4, 64, 1, 1, least * _DOWN, least * _DOWN / 8),
        (4, 64, 1, 1, least / 2, least / 16),
        (4, 64, 1, 1, least / 4, least),
        (147, 64, 1, 1, ONE, ZERO),
        (148, 64, 1, 1, ONE, ZERO),
        (3, 64, 1, 1, ONE, ZERO),
        (200, 64, 1, 1, ONE, ZERO),
    )
    for row in rows:
        yield NumberSetting(tuple(zip(_EXPONENT, map(Fraction, row), strict=True)))


def _ansatz() -> Iterator[Settled]:
    base = ansatz.named()[1]
    ridge, (target, _) = base.ridge, base.spectrum[0]
    loss = ridge / (target + ridge)
    for factor in (_UP, _DOWN, Fraction(2), Fraction(1, 2)):
        yield replace(base, loss=loss * factor)
    yield replace(base, loss=Fraction(3, 2))
    weak = ((ONE, 1), (Fraction(1, 10**4), 10**8))
    small = Fraction(1, 10**8)
    close = ansatz.AnsatzSetting(spectrum=weak, ridge=small, patience=ONE)
    yield replace(close, loss=small / (1 + small) * Fraction(9915, 10000))
    steep = ((ONE, 1), (Fraction(100), 10**6))
    yield ansatz.AnsatzSetting(spectrum=steep, ridge=small, patience=-Fraction(1, 200))
    symbols = (q.L_TE, q.L_ST, q.RIDGE, q.LAMBDA_TARGET, q.SPREAD, q.TRACE, q.COEFFICIENT)
    yield from numbers("1 1 1 0 1 1 1; 0 0 0 1 1 1 1", *symbols)
    yield from numbers("-1/199 1 -1/200 1 1 1 1; 2 1 1 -1/2 1 1 1", *symbols)
    yield from numbers("-100 1 1/100 -99/10000 1 1 1", *symbols)


def _cut() -> Iterator[Settled]:
    """thm-3.1-limit at d = K = 2: widths, losses and eigenvalues that it excludes."""
    small = degrees(2, 2, 0)
    edge = Fraction(4**13)
    above = (
        ((q.WIDTH, edge + 1), (q.L_TE, 1 / (edge + 1)), (q.LOSS_POWER, ONE)),
        ((q.WIDTH, edge**5), (q.L_TE, 1 / edge**5), (q.LOSS_POWER, ONE)),
        ((q.WIDTH, edge), (q.L_TE, 1 / edge * _DOWN), (q.LOSS_POWER, ONE)),
        ((q.WIDTH, edge), (q.L_TE, 1 / edge**3), (q.LOSS_POWER, ONE)),
        ((q.LAMBDA_TARGET, ZERO),),
        ((q.LAMBDA_TARGET, -JUST),),
        ((q.L_TE, ONE),),
        ((q.L_TE, _UP),),
        ((q.CUT, Fraction(3)),),
    )
    for changed in above:
        yield Restated(small, changed)


def _spreads() -> Iterator[Settled]:
    yield spread_at(4, Fraction(1, 100))
    symbols = (q.RIDGE, q.SPREAD, q.SPACE_DIM, q.LAMBDA_TARGET)
    unseen = "1/1000000 1000000000 3 0"
    yield from numbers(f"0 1 4 1; -1/200 1 4 1; 0 1 3 1; -1/200 1 5 1; {unseen}", *symbols)
    # On the circle what must tend to 1 grows like log(K)^2.
    yield from numbers("1/1000000 2 1", q.RIDGE, q.SPACE_DIM, q.LAMBDA_TARGET)


_EDGE = Fraction(401, 400)
_POINTS = (
    *(point(k, dim, 1, side=side) for k in (1, 2) for dim in (4, 5, 6) for side in (ONE, _EDGE)),
    *(point(k, 3, 1, cosine=_EDGE, side=Fraction(1, 3)) for k in (2, 3)),
    *(point(k, 3, 1, cosine=Fraction(1, 3), side=_EDGE) for k in (2, 3)),
    *(point(k, 1, power) for k in (0, 1, 2, 3) for power in (0, 1)),
    point(cosine=Fraction(2)),
)


def beyond(statement: Statement) -> tuple[Settled, ...]:
    """The settings for a statement; empty for most of those that assume nothing."""
    return _beyond(statement.id)


@cache
def _beyond(key: str) -> tuple[Settled, ...]:
    if key.startswith("spec-") and key != "spec-arccosine":
        return _POINTS
    return tuple(_found().get(key, ()))


@cache
def _found() -> dict[str, Iterable[Settled]]:
    """Those of each statement, to be gone through once."""
    return {
        "def-1": _scales(),
        "lem-1": _flows(),
        "lem-1-filters": _filters(),
        "lem-1-convex": _penalties(),
        "lem-1-overshoot": numbers("1 1/2 1/2; 1 1/2 199/400", q.EIGENVALUE, q.STEP, q.MOMENTUM),
        "lem-ls": _flows(),
        "thm-4.1": _shrinking(),
        "cor-1": _flows(),
        "thm-4.1-sharp": _sharp_losses(),
        "thm-4.1-sharp-flow": _sharp_losses(),
        "thm-4.1-needs-teacher": _needs_teacher(),
        "lem-1-named": numbers(
            "0 1 1 1; -1/200 1/2 1 1; 1 0 1 1; 1/400 -1/200 1 1; 1 1/2 0 1; 1 201/200 1 1;"
            "1 1/2 1 -1/200",
            *_RULES,
        ),
        "thm-4.2": _bounded(),
        "thm-4.2-sharp": _on_target_products(),
        "cor-2": _long_chains(),
        "nstep": _chains(),
        "nstep-sharp": _turned(),
        "nstep-ends": _sharp_losses(),
        "err-1": numbers(
            "1 199/100 1/2; 1/100 3 201/200; 1 3 0; 1 5/2 -1/200; 3/2 3 1/2; 3/2 3 251/500;"
            "1/100 5/2 201/200; 0 3 1/2; -1/200 5/2 1/2",
            *_THRESHOLD,
        ),
        "kappa-alignment": _angles(),
        "kappa-properties": _angles(),
        "master-bound": _angles(),
        "thm-3.1-markov": (*_risks(), *_risky(), *_angles(), *attained()),
        "thm-3.1-limit": _cut(),
        "thm-3.1-exponent": _exponents(),
        "odd-target": (*_unseen(), *two_points()),
        "law-linear": (*off_the_law(), *poles()),
        "linear-bounds": (
            *(scaling(*shape) for shape in ((1, 41, "1/100"), (40, 43, "5"), (4, 24, "-1/200"))),
            *(scaling(8, 12, "1"), *poles()),
        ),
        "thm-3.2": (
            *(scaling(64, 513, psi) for psi in ("4/64", "1/256")),
            *(scaling(4096, 262145, f"{n}/{2**21}") for n in (513, 511)),
            *(scaling(4096, 262145 + more, "1/4096") for more in (600, -600)),
            scaling(1, 2, "1"),
        ),
        "thm-3.3": (
            *(scaling(2, 6, "1/2"), *poles(), scaling(64, 64 + 64**2, "2/64")),
            *(scaling(1024, 1024 + 1024**2, f"{n}/{2**19}") for n in (513, 511)),
            *(scaling(1024, 1024 + 1024**2 + more, "1/1024") for more in (5000, -5000)),
        ),
        "universality": _captured(),
        "optimality": _ansatz(),
        "optimality-limit": _spreads(),
        "student-linear": _linear(),
        "law-linear-k": _blocks(),
        **beyond_runs(),
        "teacher-schur": _blocks(),
        "even-kernel": _POINTS,
        **beyond_rate(tuple(_angles())),
    }
