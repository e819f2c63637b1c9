"""A user's own predictions against the theory: what Theorem 4.1 and its kin say of one run."""
