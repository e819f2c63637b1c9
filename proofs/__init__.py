"""Proofs of the ledger's statements: `symbolic` (exact algebra) and `coq` (kernel-checked)."""
