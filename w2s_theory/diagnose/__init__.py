"""A user's own predictions against the theory: what Theorem 4.1 and its kin say of one run."""

from w2s_theory.diagnose.diagnosis import Diagnosis, Run, diagnose, diagnose_file
from w2s_theory.diagnose.roles import Patterns

__all__ = ["Diagnosis", "Patterns", "Run", "diagnose", "diagnose_file"]
