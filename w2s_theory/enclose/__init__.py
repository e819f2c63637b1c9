"""The parts of a claim that need more than evaluation: minima, integrals, sums, limits."""
