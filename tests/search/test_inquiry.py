"""Conjectures decided or attacked: what is found, what is not, and what was never tested."""

import json

import numpy as np
import pytest

from w2s_theory.certify import Verdict
from w2s_theory.ledger import quantities as q
from w2s_theory.search import inquiry
from w2s_theory.search.conjecture import conjecture
from w2s_theory.search.inquiry import Finding, inquire, recheck

CASES = [
    ("L_ST >= 0.92*L_TE^2", "L_TE <= 1/10", "", Finding.REFUTED),
    ("L_ST >= 0.75*L_TE^2", "", "", Finding.PROVED),
    ("student_norm2 <= student_teacher", "", "", Finding.NOT_REFUTED),
    ("student_norm2 < student_teacher", "", "", Finding.REFUTED),  # equal on the sphere
    ("misfit <= L_TE - L_ST", "", "convex", Finding.NOT_REFUTED),
    ("misfit <= 0.99*(L_TE - L_ST)", "", "convex", Finding.REFUTED),
    ("misfit <= L_TE - L_ST", "", "", Finding.REFUTED),
    ("L_ST >= 0.78*L_TE^2", "misfit >= 1/10", "", Finding.REFUTED),
    ("L_2 >= L_1/10", "L_TE <= 1/2", "chain:2", Finding.REFUTED),
    ("L_ST >= L_TE^2/4", "L_TE <= 1/2, misfit >= 0", "chain:2", Finding.NOT_REFUTED),
    ("student_norm2 <= teacher_norm2", "", "pretrained", Finding.REFUTED),
    ("log(L_TE - 1) <= 1", "", "", Finding.VACUOUS),
    ("L_ST >= 0", "misfit >= 50", "", Finding.VACUOUS),
]


@pytest.mark.parametrize(("claim", "when", "assume", "verdict"), CASES)
def test_a_conjecture(claim: str, when: str, assume: str, verdict: Finding) -> None:
    conditions = [w for w in when.split(", ") if w]
    asked = conjecture(claim, when=conditions, assume=[assume] if assume else [])
    found = inquire(asked, tries=6_000, seed=0)
    assert found.verdict is verdict
    assert (found.counterexample is not None) == (verdict is Finding.REFUTED)
    if verdict is Finding.VACUOUS:
        assert found.effective == 0
    if verdict is Finding.REFUTED:
        assert recheck(json.dumps(found.as_dict())) is Verdict.REFUTED


def test_points_of_a_boundary_are_just_inside_it() -> None:
    search = inquiry._Search(conjecture("L_ST >= 0", when=["L_TE <= 1/10", "misfit >= 1/10"]))
    loss, misfit = search._boundaries(np.random.default_rng(0))
    for points, index in ((loss, 0), (misfit, 1)):
        assert len(points) > 10
        gaps = search._gaps(points)[index]
        assert (gaps >= 0).all()
        assert (gaps < 1e-9).all()
    assert search.cube.values(loss)[q.L_TE] == pytest.approx(0.1, abs=1e-9)


def test_several_claims_are_all_made() -> None:
    found = inquire(conjecture(["L_ST >= 0", "L_ST >= L_TE"]))
    assert found.verdict is Finding.REFUTED
    for claims in (["misfit >= -1", "misfit <= L_TE"], ["misfit <= L_TE", "misfit >= -1"]):
        mixed = inquire(conjecture(claims), tries=3_000, seed=0)
        assert mixed.verdict is Finding.REFUTED


def test_a_search_that_hardly_tested_anything_says_so() -> None:
    asked = conjecture("student_norm2 <= student_teacher", when=["misfit >= 9/10"])
    found = inquire(asked, tries=6_000, seed=0)
    assert found.verdict is Finding.NOT_REFUTED
    assert 0 < found.effective < found.tries / 5
    assert found.weak


def test_the_seed_is_all_that_differs() -> None:
    asked = conjecture("L_2 >= L_1/10", assume=["chain:2"])
    first, second = (inquire(asked, tries=3_000, seed=4) for _ in range(2))
    assert first == second


def edited(**changes: object) -> str:
    found = inquire(conjecture("L_ST >= 0.92*L_TE^2", when=["L_TE <= 1/10"])).as_dict()
    return json.dumps(found | changes)


def test_a_counterexample_is_judged_again_in_full() -> None:
    assert recheck(edited()) is Verdict.REFUTED
    assert recheck(edited(claims=["L_ST >= 0.91*L_TE^2"])) is Verdict.PROVED
    assert recheck(edited(claims=["L_ST >= 0", "L_ST >= 0.92*L_TE^2"])) is Verdict.REFUTED
    assert recheck(edited(when=["L_TE <= 1/11"])) is Verdict.VACUOUS
    assert recheck(edited(assume=["gradient-flow"])) is Verdict.VACUOUS  # it is on the sphere
    example = json.loads(edited())["counterexample"]
    assert recheck(edited(counterexample=example | {"start": ["1", "0"]})) is Verdict.VACUOUS


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"claims": [1]}', edited(counterexample=None), edited(claims="x")]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must"):
        recheck(text)


def test_one_text_is_as_good_as_a_list_of_it() -> None:
    one = conjecture("L_ST >= 0", when="L_TE <= 1/2", assume="convex")
    several = conjecture(["L_ST >= 0"], when=["L_TE <= 1/2"], assume=["convex"])
    assert (one.claims, one.conditions, one.premises) == (
        *(several.claims, several.conditions, several.premises),
    )
    for bad in ({"claims": 3}, {"claims": "L_ST >= 0", "when": [3]}):
        with pytest.raises(ValueError, match="must be text, got 3"):
            conjecture(**bad)
    for claim in ("L_ST >= 0", "misfit >= 0"):
        with pytest.raises(ValueError, match="seed must be an integer >= 0, got -1"):
            inquire(conjecture(claim), seed=-1)


def test_tries_are_at_least_one() -> None:
    with pytest.raises(ValueError, match="--tries must be an integer >= 1, got 0"):
        inquire(conjecture("misfit >= 0"), tries=0)
