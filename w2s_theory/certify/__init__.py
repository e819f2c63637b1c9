"""Rigorous arithmetic on top of Arb: enclosures, decisions, sign proofs, verified minimisation.

Every name below loads on first use; importing the package loads neither SymPy nor python-flint.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from w2s_theory.certify.balls import Exact, ball, describe, precision, to_arb, to_fmpq
    from w2s_theory.certify.certificate import Certificate, Leaf
    from w2s_theory.certify.decide import Decision, decide
    from w2s_theory.certify.digits import PrecisionExhausted, enclose
    from w2s_theory.certify.exact import identity, is_zero, separating_point
    from w2s_theory.certify.gammas import gamma_identity
    from w2s_theory.certify.lower import lower
    from w2s_theory.certify.minimise import Minimum, minimise
    from w2s_theory.certify.recheck import recheck
    from w2s_theory.certify.sturm import SignProof, prove_sign
    from w2s_theory.certify.verdict import Verdict, weakest

_HOMES = {
    "balls": ("Exact", "ball", "describe", "precision", "to_arb", "to_fmpq"),
    "certificate": ("Certificate", "Leaf"),
    "decide": ("Decision", "decide"),
    "digits": ("PrecisionExhausted", "enclose"),
    "exact": ("identity", "is_zero", "separating_point"),
    "gammas": ("gamma_identity",),
    "lower": ("lower",),
    "minimise": ("Minimum", "minimise"),
    "recheck": ("recheck",),
    "sturm": ("SignProof", "prove_sign"),
    "verdict": ("Verdict", "weakest"),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "Certificate",
    "Decision",
    "Exact",
    "Leaf",
    "Minimum",
    "PrecisionExhausted",
    "SignProof",
    "Verdict",
    "ball",
    "decide",
    "describe",
    "enclose",
    "gamma_identity",
    "identity",
    "is_zero",
    "lower",
    "minimise",
    "precision",
    "prove_sign",
    "recheck",
    "separating_point",
    "to_arb",
    "to_fmpq",
    "weakest",
]


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)


def __dir__() -> list[str]:
    return __all__


class _Package(ModuleType):
    """Keeps ``certify.decide`` the function: importing certify/decide.py would rebind it."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOME_OF and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
