"""Sums of units: those of a plain computation in any pieces, and blocks that lose nothing."""

import numpy as np
import pytest

from w2s_theory.diagnose import moments, sources
from w2s_theory.diagnose.diagnosis import summarise
from w2s_theory.diagnose.kinds import Inputs
from w2s_theory.diagnose.moments import gather
from w2s_theory.diagnose.roles import Patterns, find_roles
from w2s_theory.diagnose.sources import Arrays

ALL = Patterns(ceiling="ceiling", start="start", weights="weights")


def data(count, outputs=3, seed=0):
    rng = np.random.default_rng(seed)
    names = ("target", "teacher", "student", "ceiling", "start")
    found = {name: rng.standard_normal((count, outputs)) for name in names}
    return found | {"weights": rng.uniform(0, 2, count), "groups": rng.integers(0, 40, count)}


def units(columns, patterns=ALL, **options):
    source = Arrays(columns)
    return gather(source, find_roles(source, patterns), **options)


def test_a_unit_is_the_squared_norms_and_distances_of_its_example():
    columns = data(20)
    found = units(columns)
    y, t, s, c, f0 = (columns[k] for k in ("target", "teacher", "student", "ceiling", "start"))
    w = columns["weights"]
    parts = {
        "weight": np.ones(20),
        "target2": (y * y).sum(1),
        "teacher2": (t * t).sum(1),
        "teacher_target2": ((t - y) ** 2).sum(1),
        "student2": (s * s).sum(1),
        "student_target2": ((s - y) ** 2).sum(1),
        "student_teacher2": ((s - t) ** 2).sum(1),
        "ceiling_target2": ((c - y) ** 2).sum(1),
        "start_target2": ((f0 - y) ** 2).sum(1),
        "start_teacher2": ((f0 - t) ** 2).sum(1),
        "student_start2": ((s - f0) ** 2).sum(1),
    }
    assert found.sums.shape == (20, len(parts))
    for name, values in parts.items():
        np.testing.assert_allclose(found.sums[:, found.layout.place(name)], w * values, rtol=1e-14)


@pytest.mark.parametrize("most", [10, 2000])
def test_pieces_do_not_change_the_sums(most, monkeypatch):
    columns = data(1000)
    whole = units(columns, most=most, blocks=10)
    monkeypatch.setattr(sources, "ROWS", 7)
    pieces = units(columns, most=most, blocks=10)
    np.testing.assert_allclose(pieces.sums, whole.sums, rtol=1e-12)
    assert whole.blocks == (most == 10)


def test_blocks_sum_to_the_whole_and_are_dealt_at_random(monkeypatch):
    columns = data(5000)
    one_by_one = units(columns, most=5000)
    for kept in (1 << 17, 100):
        monkeypatch.setattr(moments, "_KEPT", kept)
        blocks = units(columns, most=50, blocks=50)
        assert blocks.sums.shape == (50, 11)
        assert blocks.blocks
        np.testing.assert_allclose(blocks.sums.sum(0), one_by_one.sums.sum(0), rtol=1e-12)
        again, other = (units(columns, most=50, blocks=50, seed=seed) for seed in (0, 1))
        np.testing.assert_array_equal(blocks.sums, again.sums)
        assert (blocks.sums != other.sums).any()


def test_a_group_is_one_unit_and_names_of_any_type_name_it():
    columns = data(500)
    patterns = Patterns(groups="groups")
    found = units(columns, patterns)
    assert found.groups == len(found.sums) == 40
    for kind in (str, float, object):
        named = units(columns | {"groups": columns["groups"].astype(kind)}, patterns)
        np.testing.assert_allclose(
            np.sort(named.sums, axis=0), np.sort(found.sums, axis=0), rtol=1e-12
        )
    dealt = units(columns, patterns, most=10, blocks=10)
    assert (dealt.groups, len(dealt.sums), dealt.blocks) == (40, 10, True)
    np.testing.assert_allclose(dealt.sums.sum(0), found.sums.sum(0), rtol=1e-12)


def sorted_run(count):
    """Examples in an order that blocks must not see: the hardest last."""
    rng = np.random.default_rng(3)
    y = np.sort(rng.uniform(0.2, 2, size=count)) * rng.choice([-1, 1], count)
    t = 0.8 * y + 0.3 * rng.standard_normal(count) * np.abs(y)
    s = 0.7 * y + 0.15 * rng.standard_normal(count) * np.abs(y)
    return {"target": y, "teacher": t, "student": s}


def test_blocks_estimate_the_spread_of_the_examples_without_bias():
    """Second and third moments of sums that are 0 in all, in the mean over 300 dealings."""
    columns = sorted_run(900)
    target2 = units(columns, Patterns()).sums[:, 1]
    linear = target2 - target2.mean()
    rng = np.random.default_rng(0)
    found = []
    for _ in range(300):
        sums = moments.dealt_sums(linear[None], rng.permutation(900) % 45, 45)[:, 0]
        found.append([(sums**2).sum() * 45 / 44, (sums**3).sum() * 45**2 / (44 * 43)])
    exact = [(linear**2).sum() * 900 / 899, (linear**3).sum() * 900**2 / (899 * 898)]
    error = np.std(found, axis=0) / np.sqrt(300)
    assert (np.abs(np.mean(found, axis=0) - exact) < 5 * error).all()
    in_order = moments.dealt_sums(linear[None], np.arange(900) // 20, 45)[:, 0]
    assert (in_order**2).sum() > 3 * exact[0]  # what dealing in the file's order would say


def test_blocks_give_the_intervals_of_the_examples():
    """Even of sorted examples. A block interval has the noise of 1,000 blocks, about 2 percent."""
    columns = sorted_run(3000)
    found = {}
    for most in (3000, 1000):
        of = units(columns, Patterns(), most=most, blocks=most)
        assert of.blocks == (most == 1000)
        found[most] = summarise(of, level=0.95, inputs=Inputs.TEST).run
    for name in ("teacher_loss", "student_loss", "student_gap", "instance_floor", "ratio", "pgr"):
        plain, blocks = (getattr(found[most], name) for most in (3000, 1000))
        assert blocks.estimate == pytest.approx(plain.estimate, rel=1e-12)
        half = (plain.high - plain.low) / 2
        # Four standard errors: 1/sqrt(2 blocks) of the spread, and as much of 4,000 resamples.
        assert (blocks.high - blocks.low) / 2 == pytest.approx(half, rel=0.12), name
        assert blocks.low == pytest.approx(plain.low, abs=0.12 * half), name


def test_threads_and_narrow_types_change_nothing_and_infinities_are_counted(monkeypatch):
    """Pieces are shared out among threads; float32 is widened first."""
    columns = {name: values.astype(np.float32) for name, values in data(40_000).items()}
    columns["target"][7, 1] = np.inf
    columns["student"][30_000, 0] = np.nan
    columns["teacher"][39_999, 2] = 3e10
    found = units(columns, Patterns(), drop=True)
    assert (found.examples, found.dropped) == (39_998, 2)
    monkeypatch.setattr(moments, "_CACHED", 100)
    monkeypatch.setattr(moments, "cores", lambda: 1)
    alone = units(columns, Patterns(), drop=True)
    np.testing.assert_array_equal(found.sums, alone.sums)
    kept = np.delete(np.arange(40_000), [7, 30_000])
    wide = {name: values[kept].astype(float) for name, values in columns.items()}
    np.testing.assert_allclose(units(wide, Patterns()).sums, found.sums, rtol=1e-12)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weights": -np.ones(200)}, "weights must be >= 0, got -1"),
        ({"weights": np.zeros(200)}, "weights must not all be 0"),
        ({"weights": np.array([1e10] + 199 * [1e-25])}, "to more than one example"),
        ({"target": 1e-170 * np.arange(600.0).reshape(200, 3)}, "must have squares above 1e-292"),
        ({"weights": np.full(200, 1e300)}, "200 of 200 rows have NaN, infinite or huge"),
        ({"weights": np.full(200, 1e286)}, "squares with a finite sum"),
        ({"target": np.zeros((200, 3))}, "target must vary"),
        ({"student": np.full((200, 3), 1e40)}, r"the target's size, got 1e\+60 of its square"),
    ],
    ids=str,
)
def test_bad_weights_and_targets(change, message):
    columns = data(200)
    columns["target"] = columns["target"] * 1e10
    with pytest.raises(ValueError, match=message):
        units(columns | change)


def test_a_teacher_that_is_the_target_is_refused():
    columns = data(200)
    with pytest.raises(ValueError, match="teacher must not be the target"):
        units(columns | {"teacher": columns["target"]})


def test_rows_of_weight_zero_are_not_there():
    columns = data(300)
    columns["weights"][::3] = 0
    kept = columns["weights"] > 0
    for patterns in (Patterns(weights="weights"), Patterns(weights="weights", groups="groups")):
        found = units(columns, patterns)
        expected = units({k: v[kept] for k, v in columns.items()}, patterns)
        assert (found.examples, found.dropped) == (200, 0)
        np.testing.assert_array_equal(found.sums, expected.sums)


@pytest.mark.parametrize(
    "groups",
    [
        np.array([None] * 8 + ["a"]),
        np.r_[np.nan, np.zeros(8)],
        np.array(["2020-01-01"] * 8 + ["NaT"], dtype="datetime64[D]"),
        np.array(["a"] * 8 + [""]),
        np.array(["a"] * 8 + [""], dtype=object),
    ],
    ids=["None", "NaN", "NaT", "empty", "empty object"],
)
def test_groups_must_be_given_and_more_than_one(groups):
    with pytest.raises(ValueError, match="groups must be given in every row"):
        units(data(9) | {"groups": groups}, Patterns(groups="groups"))
    with pytest.raises(ValueError, match="at least 2 examples"):
        units(data(9) | {"groups": np.zeros(9)}, Patterns(groups="groups"))


def objects(*values):
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return found


def test_ids_are_told_apart_as_they_are(monkeypatch):
    patterns = Patterns(groups="groups")
    large = objects(2**53, 2**53 + 1, 2**53, 2.0**53, 5, 5, 5, True, 1)
    assert units(data(9) | {"groups": large}, patterns).groups == 4
    with pytest.raises(ValueError, match="groups must be ids in every row"):
        units(data(2) | {"groups": objects([1], [2])}, patterns)
    for mixed in (objects(1, "1", 1, 1, "1", 1), objects(1, 1, 1, "1", "1", "1")):
        for rows in (100, 3):
            monkeypatch.setattr(sources, "ROWS", rows)
            with pytest.raises(ValueError, match="groups must be all text or all numbers"):
                units(data(6) | {"groups": mixed}, patterns)
