"""Experiments of the paper: sweeps over teachers and students, and the figures drawn from them."""
