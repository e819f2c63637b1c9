"""What a teacher hides, against eigenvalues in floats."""

from __future__ import annotations

import numpy as np
import pytest

from w2s_theory.certify import to_arb
from w2s_theory.ledger import quantities as q
from w2s_theory.search.hidden import named


@pytest.mark.parametrize("setting", named(), ids=lambda s: f"{s.target}, {s.eigenvalues}")
def test_delta_and_tau_are_the_eigenvalues_they_are_said_to_be(setting):
    values = {symbol: float(to_arb(value)) for symbol, value in setting.values().items()}
    rows = np.array(setting.teacher.features, dtype=float)
    kernel = np.diag(np.array(setting.eigenvalues, dtype=float))
    missed = np.eye(len(kernel)) - np.linalg.pinv(rows) @ rows
    hidden = np.linalg.eigvalsh(missed @ kernel @ missed)[-1]
    assert values[q.HIDDEN] == pytest.approx(hidden, abs=1e-12)
    white = np.diag((np.diag(kernel) + float(setting.level)) ** -0.5)
    excess = white @ (kernel - rows.T @ rows / len(rows)) @ white
    assert values[q.DEVIATION] == pytest.approx(np.linalg.eigvalsh(excess)[-1], abs=1e-12)
    assert values[q.LAMBDA_TARGET] == min(float(setting.eigenvalues[i]) for i in setting.inside)
