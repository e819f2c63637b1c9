"""The verdict on a run, in words, with reasons.

On inputs of the student's training the data are the measure, and the theorem's assumption can be
read off exactly; on others both are known up to sampling. The limit asks nothing of the teacher
(thm-4.1-instance, or pretrained), so a teacher with a negative gap is never taken for a violation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from w2s_theory.diagnose.kinds import Inputs, Standing
from w2s_theory.statistics import Interval

NEAR = 0.05
"""*At* the limit: within this share of it."""

ROUNDING = 1e-6
"""A gap this close to 0, relative to the teacher's norm, is 0: predictions are often float32."""


def judge(
    found: Mapping[str, Interval], *, inputs: Inputs, examples: int
) -> tuple[Standing, tuple[str, ...]]:
    """Where the run stands, and why."""
    exact = inputs is Inputs.TRAINING
    standing, needed = _standing(found, exact=exact, examples=examples)
    reasons = [
        _headline(found, standing, needed, exact=exact),
        *(_causes(found, exact=exact) if standing is Standing.BELOW else ()),
        *_of_start(found, standing),
        *_of_teacher(found, standing, exact=exact),
        *_of_student(found, standing, exact=exact),
        *_of_scale(found),
    ]
    return standing, tuple(reasons)


def _standing(
    found: Mapping[str, Interval], *, exact: bool, examples: int
) -> tuple[Standing, int | None]:
    """The verdict, and for an undecided one about how many examples would decide."""
    room, limit = found["room"], found["limit"].estimate
    here = room.estimate
    low, high = (here, here) if exact else (room.low, room.high)
    slack = ROUNDING * found["teacher_norm2"].estimate
    near = NEAR * limit + slack
    if limit == 0 or (high > near and low > (-slack if exact else 0)):
        return Standing.WITHIN, None
    if high < -slack:
        return Standing.BELOW, None
    if -near <= low and high <= near:
        return Standing.AT, None
    # Intervals shrink with the root of the number of examples, and lose their skewness.
    half = (high - low) / 2
    ways = [half / (near - abs(here))] * (abs(here) < near) + [half / abs(here)] * (here != 0)
    needed = examples * min(ways) ** 2
    return Standing.UNDECIDED, int(float(f"{max(needed, examples + 1):.2g}"))


def shown(value: Interval) -> str:
    """An estimate with its interval."""
    return f"{value.estimate:.3g} ({value.low:.3g} to {value.high:.3g})"


def _limit_name(found: Mapping[str, Interval]) -> str:
    if "start_loss" in found:
        return "the pre-trained student's floor (pretrained)"
    return "the instance floor (thm-4.1-instance)"


def _headline(
    found: Mapping[str, Interval], standing: Standing, needed: int | None, *, exact: bool
) -> str:
    loss, limit, name = found["student_loss"], found["limit"], _limit_name(found)
    if limit.estimate == 0:
        return f"{name} is 0 for this teacher: a student may reach any loss"
    ratio = f"{found['ratio'].estimate:.3g}" if exact else shown(found["ratio"])
    times = f"L_ST {loss.estimate:.3g} is {ratio} times {name}, {limit.estimate:.3g}"
    match standing:
        case Standing.WITHIN:
            return times
        case Standing.AT:
            return f"{times}: the same within {NEAR:.0%}"
        case Standing.BELOW:
            return f"{times}: so an assumption fails"
        case Standing.UNDECIDED:
            return f"{times}: these data do not tell on which side; about {needed} examples would"


def _causes(found: Mapping[str, Interval], *, exact: bool) -> Iterator[str]:
    """Why a student may be below its limit, the likelier first."""
    gap = found["start_gap"] if "start_gap" in found else found["student_gap"]
    said = f"{gap.estimate:.3g}" if exact else shown(gap)
    yield (
        f"the student is not shrinkage optimal: gap {said}; it overshot (momentum, a step above "
        "1/lambda_max)"
        + ("" if "start_gap" in found else " or started elsewhere than at 0 (then give its start)")
    )
    nearer = found["student_loss"].estimate < found["misfit"].estimate
    hint = ", as it is nearer to the target than to the teacher" if nearer else ""
    yield f"or its labels were other than the teacher's{hint}"
    yield "or the columns are predictions on different test sets"
    if not exact:
        yield f"or sampling error: one interval in {1 / found['room'].error_rate:.0f} misses"


def _of_start(found: Mapping[str, Interval], standing: Standing) -> Iterator[str]:
    if "start_loss" not in found:
        return
    instance = found["from_zero"]
    if standing is not Standing.BELOW and instance.high < 0:
        yield (
            "the loss is below the limit of students that start at 0: its start explains that "
            "(pretrained)"
        )


def _of_teacher(found: Mapping[str, Interval], standing: Standing, *, exact: bool) -> Iterator[str]:
    gap, loss = found["teacher_gap"], found["teacher_loss"]
    if loss.estimate >= 1:
        yield f"the teacher, L_TE {shown(loss)}, is no better than 0: Theorem 4.1 has no floor"
    elif "start_loss" in found:
        pass  # Theorem 4.1 speaks of students that start at 0
    elif gap.high < 0 or (exact and gap.estimate < 0):
        yield (
            f"the teacher's gap is negative, {shown(gap)}: fitted to other examples, it is not "
            "shrinkage optimal on these, and Theorem 4.1 does not apply; thm-4.1-instance does, "
            "which asks nothing of the teacher"
        )
    elif gap.low < 0 and not exact:
        yield f"whether Theorem 4.1 applies is open: the teacher's gap is {shown(gap)}"
    below = found["above_floor"]
    if standing is not Standing.BELOW and (below.estimate if exact else below.high) < 0:
        told = "the start" if "start_loss" in found else "the teacher's gap"
        yield f"L_ST is below Theorem 4.1's floor; {told} explains it: this is no violation"


def _of_student(found: Mapping[str, Interval], standing: Standing, *, exact: bool) -> Iterator[str]:
    name = "start_gap" if "start_gap" in found else "student_gap"
    gap, slack = found[name], ROUNDING * found["teacher_norm2"].estimate
    if standing is Standing.BELOW:
        return
    if exact and gap.estimate < -slack:
        yield (
            f"the student's gap on its training inputs is {gap.estimate:.3g} < 0: it is not "
            "shrinkage optimal for these labels, though its loss is not below the limit"
        )
    elif not exact and gap.high < 0:
        yield (
            f"the student's gap is negative on these inputs, {shown(gap)}: it is only on the "
            "student's own training inputs that training makes it >= 0; the floor with this gap "
            "as its slack holds whatever the reason"
        )
    elif not exact and gap.estimate < 0:
        yield f"the student's gap is 0 or positive up to sampling: {shown(gap)}"


def _of_scale(found: Mapping[str, Interval]) -> Iterator[str]:
    if found["rescaled_loss"].estimate < found["limit"].estimate <= found["student_loss"].estimate:
        yield (
            f"times {found['best_scale'].estimate:.3g} the student's loss would be "
            f"{found['rescaled_loss'].estimate:.3g}, below the limit: no contradiction, for the "
            "limit is of squared loss as trained (squared-only)"
        )
