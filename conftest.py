"""The theorem regression: `pytest checks/` gathers evidence for every statement of the ledger."""

pytest_plugins = ["w2s_theory.regression.plugin", "pytester"]
