"""The audit: every constant with its proven enclosure, as one JSON-ready object."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, cast

from w2s_theory.audit.constant import Audit, Constant, Enclosure, Row
from w2s_theory.audit.constants import constants
from w2s_theory.ledger.theories import Theory
from w2s_theory.models.parallel import Progress, silent

if TYPE_CHECKING:
    from flint import arb

DIGITS = 30
_GUARD = 3


def enclosure(constant: Constant, digits: int = DIGITS) -> arb:
    """Arb ball around the constant with at least `digits` certified digits."""
    from sympy import Dummy

    from w2s_theory.certify import enclose
    from w2s_theory.enclose.minima import enclosure as minimum
    from w2s_theory.ledger.infimum import Infimum

    nodes = sorted(constant.expr.atoms(Infimum), key=str)
    names = {node: Dummy("m", positive=True) for node in nodes}
    # Minima first, with digits to spare: what is done to them afterwards costs a few.
    balls = {names[node]: minimum(node, {}, digits + _GUARD) for node in nodes}
    return enclose(constant.expr.xreplace(names), balls, digits=digits)


def evidence(constant: Constant, theory: Theory | None = None) -> list[str]:
    """Kinds of evidence that its statements need, strongest first; else the tests that check it."""
    from w2s_theory.ledger.registry import load
    from w2s_theory.ledger.statement import Evidence

    ledger = load() if theory is None else theory.ledger
    needed = {kind for key in constant.statements for kind in ledger[key].needs}
    return [kind.value for kind in Evidence if kind in needed] + list(constant.evidence)


def row(constant: Constant, digits: int = DIGITS, theory: Theory | None = None) -> Row:
    """One constant, JSON-ready; `enclosure` is {"mid", "rad", "digits"}, strings and an integer.

    >>> row(constants()[0])["exact"]
    '3/4'
    """
    from w2s_theory.certify import describe
    from w2s_theory.ledger.render import text

    return {
        "id": constant.id,
        "latex": constant.latex,
        "meaning": constant.meaning,
        "exact": text(constant.expr),
        "formula": None if constant.formula is None else text(constant.formula),
        "enclosure": cast(Enclosure, describe(enclosure(constant, digits + _GUARD), digits)),
        "sharpness": constant.sharpness.value,
        "remark": constant.remark,
        "source": constant.source.value,
        "reference": constant.reference,
        "home": constant.home,
        "statements": list(constant.statements),
        "evidence": evidence(constant, theory),
        "mutants": list(constant.mutants),
    }


_row = cache(row)


def audit(digits: int = DIGITS, theory: Theory | None = None, progress: Progress = silent) -> Audit:
    """`{"constants": [...]}`, one row a constant of the theory, the package's own without.

    ValueError unless digits is an integer >= 1.
    """
    if isinstance(digits, bool) or not isinstance(digits, int) or digits < 1:
        raise ValueError(f"digits must be an integer >= 1, got {digits!r}")
    rows, asked = list[Row](), constants(theory)
    for constant in asked:
        rows.append(_row(constant, digits, theory).copy())
        progress("constants", len(rows), len(asked))
    return {"constants": rows}
