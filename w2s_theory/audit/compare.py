"""What has drifted between two audits."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

from w2s_theory.audit.constant import Audit, Enclosure, Row

_MOST_BYTES = 4_000_000


def read(path: Path) -> Audit:
    """An earlier audit; ValueError unless it is a file made by `w2s audit --json`."""
    if path.stat().st_size > _MOST_BYTES:
        raise ValueError(f"audit must be a file of at most {_MOST_BYTES} bytes, got {path}")
    try:
        earlier: Audit = json.loads(path.read_text(encoding="utf-8"))
        rows = earlier["constants"]
        ids = [entry["id"] for entry in rows]
        for entry in rows:
            ball(entry["enclosure"])
    except (ValueError, TypeError, KeyError, RecursionError, ZeroDivisionError) as error:
        raise ValueError(f"audit must be made by `w2s audit --json`, got {path}: {error}") from None
    if len(set(ids)) != len(ids):
        raise ValueError(f"audit must name every constant once, got {path}")
    return earlier


def ball(enclosure: Enclosure) -> tuple[Fraction, Fraction]:
    """Ends of mid +- rad as exact rationals."""
    mid, rad = _decimal(enclosure["mid"]), _decimal(enclosure["rad"])
    return mid - rad, mid + rad


def _decimal(written: object) -> Fraction:
    if not isinstance(written, str) or len(written) > 2000:
        raise ValueError(f"enclosure must be a decimal string, got {str(written)[:40]!r}")
    digits, _, exponent = written.lower().partition("e")
    if exponent and abs(int(exponent)) > 9999:
        raise ValueError(f"enclosure must have an exponent below 10^4, got {written!r}")
    return Fraction(digits) * Fraction(10) ** int(exponent or 0)


def drift(earlier: Audit, now: Audit) -> list[str]:
    """One line a difference; empty if nothing drifted.

    An enclosure drifts if the balls are disjoint, or if certified digits were lost; every other
    key of a row drifts if it is not equal.
    """
    before = {entry["id"]: entry for entry in earlier["constants"]}
    after = {entry["id"]: entry for entry in now["constants"]}
    lines = [f"{key}: removed" for key in before if key not in after]
    lines += [f"{key}: added" for key in after if key not in before]
    for key, new in after.items():
        if key in before:
            lines += _row_drift(key, before[key], new)
    return lines


def _row_drift(key: str, old: Row, new: Row) -> list[str]:
    lines = []
    (low, high), (lower, upper) = ball(old["enclosure"]), ball(new["enclosure"])
    was, now = old["enclosure"]["mid"], new["enclosure"]["mid"]
    if high < lower or upper < low:
        lines.append(f"{key}: enclosure {was} -> {now}, disjoint")
    lost = old["enclosure"].get("digits", 0), new["enclosure"]["digits"]
    if lost[1] < lost[0]:
        lines.append(f"{key}: certified digits {lost[0]} -> {lost[1]}")
    fields = [name for name in {**new, **old} if name not in ("id", "enclosure")]
    for name in fields:
        if old.get(name) != new.get(name):
            lines.append(f"{key}: {name} {old.get(name)!r} -> {new.get(name)!r}")
    return lines
