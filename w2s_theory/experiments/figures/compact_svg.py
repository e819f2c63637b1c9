"""An SVG of Matplotlib in three fifths of its bytes, the same to a hundredth of a point."""

from __future__ import annotations

import re

_PATH = re.compile(r'(?<= d=")[MLQCz\d\s.-]*')
_COMMAND = re.compile(r"([MLQCz])([^MLQCz]*)")
_NUMBER = re.compile(r"scale\([^)]*\)|(?<![\w.])(?<!: )-?\d+\.\d{3,}\b")


def compact(svg: str) -> str:
    """Paths relative, coordinates to two decimals, no indentation; comments say what is written."""
    svg = _PATH.sub(lambda path: _relative(path[0]), svg)
    svg = _NUMBER.sub(lambda found: _rounded(found[0]), svg)
    return re.sub(r">\s*\n\s*<", ">\n<", svg)


def _relative(path: str) -> str:
    """Differences of rounded points, so that no error adds up along a path."""
    made, last, at, start = "", "", (0, 0), (0, 0)
    for command, text in _COMMAND.findall(path):
        numbers = [round(100 * float(number)) for number in text.split()]
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        steps = [_hundredths(v - w) for point in points for v, w in zip(point, at, strict=True)]
        # A repeated command need not be said again, and a line is what follows a move.
        made += (" " if command == last else command.lower()) + " ".join(steps)
        start = points[0] if command == "M" else start
        at, last = points[-1] if points else start, "L" if command == "M" else command
    return made.replace(" -", "-")


def _rounded(found: str) -> str:
    """A coordinate; scales stay as they are."""
    return found if found.startswith("scale") else _hundredths(round(100 * float(found)))


def _hundredths(number: int) -> str:
    sign, size = "-" * (number < 0), abs(number)
    decimals = f".{size % 100:02}".rstrip("0").rstrip(".")
    return f"{sign}{size // 100 or ('' if decimals else 0)}{decimals}"
