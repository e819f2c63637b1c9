"""Sweeps that survive: a grid of simulations, each cell once, in a store that outlives the run."""
