"""Weak-to-strong generalization in random feature networks, as executable theory."""

__version__ = "0.1.0"
