"""Population-exact random-feature models: features, targets and teachers, no sampled inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from w2s_theory.models.conformance import check_model

__all__ = ["check_model"]


def __getattr__(name: str) -> object:
    """`check_model` loads on first use."""
    if name == "check_model":
        from w2s_theory.models.conformance import check_model

        return check_model
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
