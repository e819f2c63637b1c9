"""Exact eigenvalues, exact settings and operator words."""

from __future__ import annotations

import numpy as np
import pytest
from flint import arb, ctx, fmpq, fmpq_mat

from w2s_theory.certify.algebraic import eigenvalues
from w2s_theory.ledger import quantities as q
from w2s_theory.search import ansatz, principal_angles, spiked


def test_rational_eigenvalues_are_exact_with_multiplicity():
    matrix = fmpq_mat(3, 3, [2, 0, 0, 0, fmpq(1, 3), 0, 0, 0, 2])
    assert [root.value() for root in eigenvalues(matrix)] == [fmpq(1, 3), 2, 2]


def test_irrational_eigenvalues_are_balls_of_any_precision():
    low, high = eigenvalues(fmpq_mat(2, 2, [0, 1, 1, 1]))
    with ctx.workprec(400):
        golden = (1 + arb(5).sqrt()) / 2
        assert high.value().overlaps(golden)
        assert low.value().overlaps(1 - golden)
        assert float(high.value().rad()) < 1e-100


def test_equality_of_roots_is_exact():
    first = eigenvalues(fmpq_mat(2, 2, [0, 1, 1, 1]))
    again = eigenvalues(fmpq_mat(3, 3, [7, 0, 0, 0, 0, 1, 0, 1, 1]))
    assert again[0].same(first[0])
    assert again[1].same(first[1])
    assert not first[0].same(first[1])


def test_close_eigenvalues_are_told_apart():
    tiny = fmpq(1, 10**40)
    low, high = eigenvalues(fmpq_mat(2, 2, [1 + tiny, 0, 0, 1]))
    assert (low.value(), high.value()) == (1, 1 + tiny)


def test_complex_eigenvalues_are_refused():
    with pytest.raises(ValueError, match="real eigenvalues only"):
        eigenvalues(fmpq_mat(2, 2, [0, 1, -1, 0]))


@pytest.mark.parametrize("place", range(len(principal_angles.named())))
def test_exact_alignment_against_floats(place):
    setting = principal_angles.named()[place]
    values = setting.values()
    rows = np.array([[float(x) for x in row] for row in setting.teacher.features])
    projector = rows.T @ np.linalg.solve(rows @ rows.T, rows)
    block = (np.eye(len(projector)) - projector)[np.ix_(setting.inside, setting.inside)]
    # The reference is a float64 solve of a few rows and an eigenvalue of at most 1.
    assert float(arb(values[q.KAPPA])) == pytest.approx(np.linalg.eigvalsh(block)[-1], abs=1e-12)
    # Only a setting with a normal has something to turn.
    turned = (q.KAPPA_TURNED,) if setting.normal else ()
    for symbol in (q.WORST_LOSS, *turned):
        assert float(arb(values[symbol])) == pytest.approx(float(arb(values[q.KAPPA])), abs=1e-12)


def test_slope_of_the_linear_student_against_a_difference():
    from dataclasses import replace
    from fractions import Fraction

    setting = spiked.named_linear()[1]
    step = Fraction(1, 10**6)
    with ctx.workprec(200):
        before, after = (
            replace(setting, time=setting.time + s).values()[q.L_ST] for s in (-step, step)
        )
        slope = float((after - before) / 2) * 10**6
        # A central difference with step h errs by h^2/6 times the third derivative.
        assert float(setting.values()[q.STUDENT_SLOPE]) == pytest.approx(slope, rel=1e-8)


def test_ansatz_settings_hold_the_ansatz_or_say_otherwise():
    for setting in ansatz.named():
        values = setting.values()
        holds = values[q.L_TE] == values[q.RIDGE] / (values[q.LAMBDA_TARGET] + values[q.RIDGE])
        assert holds == (setting.loss is None)
