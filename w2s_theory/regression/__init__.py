"""The theorem regression: checks give evidence for statements, and must kill their mutants.

`w2s_theory.regression.plugin` is a pytest plugin; a check is a test function marked with
`check(statement_id, kind)` that takes `statement` and `profile` and returns an `Outcome`.
"""
