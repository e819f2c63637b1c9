"""Proofs in exact algebra: named steps, each discharged by an exact checker."""
