"""Typed text to SymPy, and SymPy to text and LaTeX."""
