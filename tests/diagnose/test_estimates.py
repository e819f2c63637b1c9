"""Figures and intervals: exact cases, SciPy's own bootstrap, Fieller's set, degenerate data."""

from functools import partial

import numpy as np
import pytest
from scipy.stats import bootstrap, expon, norm, t

from w2s_theory.diagnose import estimates
from w2s_theory.diagnose.diagnosis import diagnose
from w2s_theory.diagnose.estimates import Statistics, expanded, fieller, figures, tail_term
from w2s_theory.diagnose.moments import Layout
from w2s_theory.theorems.floors import shrinkage_floor
from w2s_theory.theorems.practical_limits import instance_floor, pgr_ceiling, pretrained_floor


def sample(count=60, seed=0):
    rng = np.random.default_rng(seed)
    y, e, d = rng.standard_normal((3, count))
    return y, 0.8 * y + 0.3 * e, 0.7 * y + 0.1 * e + 0.1 * d


def value(found, name):
    return getattr(found.run, name).estimate


def test_the_figures_of_a_small_table_by_hand():
    y, f, s = np.array([1.0, -1, 0]), np.array([0.5, -0.5, 0.5]), np.array([0.5, -0.5, 0])
    c, start = np.array([1.0, -1, 0.1]), np.array([0.0, 0, 0.5])
    found = diagnose(y, f, s, ceiling=c, start=start)
    expected = {
        "target_norm2": 2 / 3,
        "teacher_norm2": 0.375,
        "student_norm2": 0.25,
        "teacher_loss": 0.375,
        "student_loss": 0.25,
        "ceiling_loss": 0.005,
        "teacher_gap": (0.5 + 0.5 - 0.75) / 2,
        "student_gap": 0.0,
        "misfit": 0.125,
        "gain": 0.125,
        "cross_term": 0.0,
        "start_loss": 1.125,
        "start_distance": 0.25,
        "moved": (0.25 + 0.25 + 0.25) / 2,
        "start_gap": (0.25 + 0.25 - 0.25) / 2 - 0.25,
        "best_scale": 2.0,
        "rescaled_loss": 0.0,
        "floor": float(shrinkage_floor(0.375)),
        "instance_floor": float(instance_floor(0.375, 0.375)),
        "pretrained_floor": float(pretrained_floor(0.375, 1.125, 0.25, 0.125)),
        "limit": float(pretrained_floor(0.375, 1.125, 0.25)),
        "pgr_ceiling": float(pgr_ceiling(0.375, 0.005)),
    }
    for name, number in expected.items():
        assert value(found, name) == pytest.approx(number, abs=1e-15), name


def test_weights_are_repetitions_and_scales_cancel():
    y, f, s = sample()
    times = np.random.default_rng(1).integers(1, 4, y.size)
    weighted = diagnose(y, f, s, weights=times)
    repeated = diagnose(*(np.repeat(v, times) for v in (y, f, s)))
    scaled = diagnose(1e-40 * y, 1e-40 * f, 1e-40 * s, weights=1e30 * times)
    for name in ("teacher_loss", "student_gap", "instance_floor", "ratio", "rescaled_loss", "pgr"):
        assert value(weighted, name) == pytest.approx(value(repeated, name), rel=1e-12)
        assert value(scaled, name) == pytest.approx(value(weighted, name), rel=1e-12)


def test_a_small_loss_keeps_its_digits():
    y, f, _ = sample()
    s = y + 1e-9 * np.sign(y)
    assert value(diagnose(y, f, s), "student_loss") == pytest.approx(
        1e-18 * y.size / (y @ y), rel=1e-6
    )


def test_no_student_of_any_data_is_below_the_floors_that_take_its_gap():
    """7.1 and 7.9 hold for every triple and start on every data set: not an assumption is left."""
    rng = np.random.default_rng(4)
    layout = Layout(
        ("weight", "target2", "teacher2", "teacher_target2", "start_target2", "start_teacher2"),
        ("student2", "student_target2", "student_teacher2", "student_start2"),
        ("",),
    )
    y, f, s, start = rng.standard_normal((4, 3000, 3)) * rng.exponential(size=(4, 3000, 1))
    toward = rng.uniform(size=(3000, 1))
    s[::2] = (toward * y + (1 - toward) * s)[::2]

    def square(v):
        return (v * v).sum(1)

    parts = (
        *(np.ones(3000), square(y), square(f), square(f - y), square(start - y), square(start - f)),
        *(square(s), square(s - y), square(s - f), square(s - start)),
    )
    found = figures(layout, np.stack(parts, axis=1))
    loss = found["student_loss"]
    assert (loss >= found["instance_floor"] * (1 - 1e-9) - 1e-12).all()
    assert (loss >= found["pretrained_floor"] * (1 - 1e-9) - 1e-12).all()
    assert (loss < found["floor"]).sum() > 100
    assert (found["room"] < 0).sum() > 100
    np.testing.assert_allclose(found["gain"], found["misfit"] + found["cross_term"], atol=1e-12)
    cross = 2 * ((f - s) * (s - y)).sum(1) / square(y)
    np.testing.assert_allclose(found["cross_term"], cross, rtol=1e-9, atol=1e-9)


def test_intervals_are_bootstrap_t_in_logarithms():
    """By SciPy's resamples of the data, and the textbook's standard error of a ratio of means."""
    y, f, s = sample()
    found = diagnose(y, f, s, level=0.9).run.student_loss

    def loss(y, s, axis=-1):
        above, below = (s - y) ** 2, y * y
        ratio = above.sum(axis) / below.sum(axis)
        left = above - ratio[..., None] * below
        return np.stack([np.log(ratio), np.sqrt((left**2).sum(axis)) / above.sum(axis)])

    drawn = bootstrap(
        (y, s),
        loss,
        paired=True,
        vectorized=True,
        n_resamples=4000,
        method="percentile",
        random_state=np.random.default_rng(0),
    ).bootstrap_distribution
    here, error = loss(y, s)
    above, below = (s - y) ** 2, y * y
    left = above - above.sum() / below.sum() * below
    tail = norm.sf(norm.isf(0.05) * (1 + max(tail_term(left[None], level=0.9)[0], 0.0)))
    high, low = np.quantile((drawn[0] - here) / drawn[1], [tail, 1 - tail])
    assert found.low == pytest.approx(np.exp(here - low * error), rel=1e-3)
    assert found.high == pytest.approx(np.exp(here - high * error), rel=1e-3)


def test_intervals_of_few_units_hold_scipys_bca_and_students():
    for count in (2, 3, 40):
        y, f, s = sample(count)
        found = diagnose(y, f, s, level=0.9)
        got = found.run.student_loss
        above, below = (s - y) ** 2, y * y
        loss = above.sum() / below.sum()
        left = above - loss * below
        error = np.sqrt((left**2).sum() * count / (count - 1)) / above.sum()
        half = np.exp(t.isf(0.05, count - 1) * error)
        low, high = loss / half, loss * half
        if count == 40:
            plain = bootstrap(
                (y, s),
                lambda y, s, axis: ((s - y) ** 2).sum(axis) / (y * y).sum(axis),
                paired=True,
                vectorized=True,
                n_resamples=4000,
                confidence_level=expanded(0.9, 40),
                method="BCa",
                random_state=np.random.default_rng(0),
            ).confidence_interval
            low, high = min(low, plain.low), max(high, plain.high)
            assert (got.low, got.high) == pytest.approx((low, high), rel=2e-3)
        assert got.low <= 1.002 * low
        assert got.high >= 0.998 * high
        assert any(f"{count} examples are few" in reason for reason in found.reasons)


def test_slopes_are_those_of_the_formulas():
    """Also where the moments next to these are no triangle's, and of a loss that is tiny."""
    layout = Layout(
        ("weight", "target2", "teacher2", "teacher_target2"),
        ("student2", "student_target2", "student_teacher2"),
        ("",),
    )
    sums = np.array([5.0, 2.0, 0.5, 0.5, 1e-9, 1.0, 0.5])  # the teacher is half the target
    part = Statistics(prefix="", places=layout.places(0), of=partial(figures, layout))
    names = list(figures(layout, sums))
    found = part.slopes(sums)
    exact = {
        "target_norm2": [-2 / 25, 1 / 5, 0, 0, 0, 0, 0],
        "teacher_loss": [0, -0.5 / 4, 0, 1 / 2, 0, 0, 0],
        "student_gap": [0, (1e-9 + 0.5 - 0.5) / 8, 0.25, 0, -0.25, 0, -0.25],
    }
    for name, slopes in exact.items():
        np.testing.assert_allclose(found[names.index(name)], slopes, rtol=2e-3, atol=1e-4)


@pytest.mark.parametrize("seed", range(4))
def test_a_floor_that_is_0_has_it_in_its_interval(seed):
    """The slack of a student that is the target: 0 but for rounding."""
    x = np.random.default_rng(seed).standard_normal((400, 2))
    floor = diagnose(x[:, 0], x @ [0.7, 0.3], x[:, 0]).run.instance_floor
    assert floor.low == 0 <= floor.estimate < 1e-24
    assert floor.high < 1e-24


def test_heavy_tails_widen_and_put_in_doubt_where_a_few_examples_carry_the_figure(monkeypatch):
    """The term by Hall's formula: 0 for normal and exponential laws, less than 0 for uniform."""
    places = (np.arange(10**6) + 0.5) / 10**6
    laws = np.stack([norm.ppf(places), expon.ppf(places), places])
    laws -= laws.mean(axis=1, keepdims=True)
    uniform = -1.2 * (2 * norm.isf(0.025) ** 2 + 1) / 6e6
    found = tail_term(laws, level=0.95)
    assert found[2] == pytest.approx(uniform, rel=1e-4)
    assert (np.abs(found[:2]) < 0.02 * abs(uniform)).all()
    y, f, s = sample(200)
    calm = diagnose(y, f, s)
    assert calm.run.doubtful == ()
    s[7] += 30
    spoilt = diagnose(y, f, s)
    assert {"student_loss", "room"} < set(spoilt.run.doubtful)
    assert "teacher_loss" not in spoilt.run.doubtful
    assert spoilt.as_dict()["doubtful"] == list(spoilt.run.doubtful)
    assert any(
        reason.startswith("tails too heavy for so few examples") for reason in spoilt.reasons
    )
    # Both intervals are held: with bootstrap-t alone some figure's is shorter.
    monkeypatch.setattr(estimates, "DOUBT", np.inf)
    alone = diagnose(y, f, s)
    pairs = [(getattr(spoilt.run, n), getattr(alone.run, n)) for n in ("student_loss", "room")]
    assert all(wide.low <= t.low and t.high <= wide.high for wide, t in pairs)
    assert any(wide.low < t.low or t.high < wide.high for wide, t in pairs)


def test_the_level_grows_as_units_become_few():
    """For a mean of normal draws the percentile interval is then Student's."""
    levels = [expanded(0.95, units) for units in (2, 5, 20, 200, 10**6)]
    assert levels == sorted(levels, reverse=True)
    assert levels[-1] == pytest.approx(0.95, abs=1e-6)
    y = np.random.default_rng(2).standard_normal(20)
    spread = np.sqrt(y.var() / 20)
    half = t.isf(0.025, 19) * y.std(ddof=1) / np.sqrt(20)
    assert norm.isf((1 - levels[2]) / 2) * spread == pytest.approx(half, rel=1e-12)


def test_fieller_is_the_set_of_ratios_that_are_not_rejected():
    rng = np.random.default_rng(5)
    below = 1 + rng.standard_normal(40)
    above = 0.4 * below + 0.3 * rng.standard_normal(40)
    ratio, low, high = fieller(above, below, level=0.95)
    assert ratio == pytest.approx(above.mean() / below.mean())
    for end in (low, high):
        gone = above - end * below
        statistic = gone.mean() / (gone.std(ddof=1) / np.sqrt(40))
        assert abs(statistic) == pytest.approx(t.isf(0.025, 39), rel=1e-9)
    assert fieller(above, below - below.mean(), level=0.95) is None
    assert fieller(above, -below, level=0.95) is None
    assert fieller(2 * below, below, level=0.95) == pytest.approx((2, 2, 2))


def test_pgr_is_undefined_where_the_gap_may_be_zero():
    y, f, s = sample()
    rng = np.random.default_rng(6)
    for ceiling in (f + 0.01 * rng.standard_normal(60), 0.1 * f):  # as good; worse
        found = diagnose(y, f, s, ceiling=ceiling)
        assert found.run.pgr is found.run.pgr_ceiling is found.run.instance_pgr_ceiling is None
        assert any("PGR is undefined" in reason for reason in found.reasons)
    better = diagnose(y, f, s, ceiling=0.95 * y).run
    losses = (better.teacher_loss, better.student_loss, better.ceiling_loss)
    teacher, student, ceiling = (loss.estimate for loss in losses)
    assert better.pgr.estimate == pytest.approx((teacher - student) / (teacher - ceiling))
    assert better.pgr.low < better.pgr.estimate < better.pgr.high


def test_a_ceiling_above_the_floor_may_be_beaten_and_that_is_said():
    y, f, s = sample()
    found = diagnose(y, f, s, ceiling=0.75 * y)
    assert found.run.pgr_ceiling.estimate > 1
    assert any("the ceiling on PGR exceeds 1" in reason for reason in found.reasons)


def test_where_nothing_varies_the_interval_is_a_point():
    """A floor that is 0 in every resample, and a student that is its teacher."""
    y, f, _ = sample()
    found = diagnose(y, 3 * y + f, f - f).run
    assert (found.instance_floor.low, found.instance_floor.high) == (0, 0)
    same = diagnose(y, f, f)
    assert (same.run.misfit.low, same.run.misfit.high) == (0, 0)
    assert (same.run.pgr.low, same.run.pgr.high) == (0, 0)
    assert (same.run.gain.estimate, same.run.gain.low, same.run.gain.high) == (0, 0, 0)


def test_the_zero_student_and_a_teacher_worse_than_zero():
    y, f, _ = sample()
    zero = diagnose(y, f, 0 * y).run
    assert (zero.student_loss.estimate, zero.rescaled_loss.estimate) == (1, 1)
    assert zero.student_gap.estimate == pytest.approx(0, abs=1e-15)
    bad = diagnose(y, -y + f, 0.1 * y)
    assert bad.run.floor is bad.run.above_floor is bad.run.pgr_ceiling is None
    assert bad.run.instance_floor.estimate > 0
    assert any("is no better than 0" in reason for reason in bad.reasons)


def test_the_ratio_to_a_limit_that_may_be_zero_has_no_upper_end():
    y, f, s = sample(30)
    found = diagnose(y, 1.25 * f, s)
    assert found.run.limit.low == 0 < found.run.limit.estimate
    assert found.run.ratio.high == np.inf
    assert found.as_dict()["ratio"]["high"] is None
    assert " to inf) times the instance floor" in found.reasons[0]


def test_resamples_without_a_target_are_no_division_by_zero():
    y = np.array([0.0, 0, 0, 1])
    found = diagnose(y, np.array([0.0, 0, 0.1, 0.5]), np.array([0.0, 0.1, 0, 0.6])).run
    assert 0 <= found.teacher_loss.low <= found.teacher_loss.estimate <= found.teacher_loss.high
    assert np.isfinite([found.ratio.low, found.ratio.high, found.room.high]).all()


def test_higher_levels_are_wider_and_seeds_repeat():
    y, f, s = sample()
    narrow, wide = (diagnose(y, f, s, level=level).run.ratio for level in (0.8, 0.99))
    assert wide.low < narrow.low < narrow.high < wide.high
    assert diagnose(y, f, s, seed=3) == diagnose(y, f, s, seed=3) != diagnose(y, f, s, seed=4)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"level": 1.0}, r"level must be in \[0.5, 0.999\], got 1.0"),
        ({"level": "x"}, "level must be a finite number"),
        ({"inputs": "train"}, "inputs must be test or training, got 'train'"),
        ({"seed": -1}, "seed must be an integer >= 0"),
    ],
    ids=str,
)
def test_bad_options(options, message):
    with pytest.raises(ValueError, match=message):
        diagnose(*sample(), **options)
