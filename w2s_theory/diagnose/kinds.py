"""The choices of `w2s diagnose`."""

from __future__ import annotations

from enum import StrEnum


class FileKind(StrEnum):
    """Files that can be read."""

    CSV = ".csv"
    PARQUET = ".parquet"
    NPZ = ".npz"
    NPY = ".npy"


class Inputs(StrEnum):
    """Which inputs the predictions are on, seen from the student."""

    TEST = "test"
    TRAINING = "training"


class Standing(StrEnum):
    """Where a run stands; the words of its verdict."""

    WITHIN = "within the limit"
    AT = "at the limit"
    BELOW = "below the limit"
    UNDECIDED = "undecided"
