"""Smaller files, the same drawing: every point of every path stays where it was."""

import re

import pytest

from w2s_theory.experiments.figures import style
from w2s_theory.experiments.figures.compact_svg import compact

TOKEN = re.compile(r"[a-zA-Z]|-?(?:\d+\.?\d*|\.\d+)")
PATH = re.compile(r' d="([^"]*)"')
Corner = tuple[str, tuple[float, float]]


def corners(path: str) -> list[Corner]:
    """The commands and absolute points of a path of M, L, Q, C and z, relative or not."""
    found: list[Corner] = []
    command, at, start = "", (0.0, 0.0), (0.0, 0.0)
    tokens = TOKEN.findall(path)
    while tokens:
        if tokens[0].isalpha():
            command = tokens.pop(0)
        if command in "zZ":
            at = start
            found.append(("Z", at))
            continue
        base = at if command.islower() else (0.0, 0.0)
        for _ in range({"m": 1, "l": 1, "q": 2, "c": 3}[command.lower()]):
            at = (base[0] + float(tokens.pop(0)), base[1] + float(tokens.pop(0)))
            found.append((command.upper(), at))
        if command in "Mm":
            start, command = at, "l" if command == "m" else "L"
    return found


def drawn() -> str:
    """A figure with lines, markers, a band, glyphs, and a transparent dot."""
    with style.styled():
        figure = style.new_figure()
        axes = figure.subplots()
        axes.plot([k / 7 for k in range(200)], [(k / 9) ** 0.5 for k in range(200)])
        axes.plot([3], [2], "o", alpha=0.125, label=r"$\mathcal{L}_{\mathrm{TE}}$")
        axes.fill_between([1, 2, 3], [1, 1.23456, 2], 0)
        axes.legend()
        from io import BytesIO

        buffer = BytesIO()
        figure.savefig(buffer, format="svg")
    return buffer.getvalue().decode()


def test_every_point_stays_to_a_hundredth() -> None:
    before = drawn()
    after = compact(before)
    assert len(after) < 0.8 * len(before)
    pairs = list(zip(PATH.findall(before), PATH.findall(after), strict=True))
    assert len(pairs) > 10
    for one, two in pairs:
        was, now = corners(one), corners(two)
        assert [command for command, _ in was] == [command for command, _ in now]
        for (_, a), (_, b) in zip(was, now, strict=True):
            assert a == pytest.approx(b, abs=0.0051)


def test_what_is_no_coordinate_stays() -> None:
    svg = '<use style="opacity: 0.125" transform="translate(1.2345 0) scale(0.015625 -0.075)"/>'
    assert compact(svg) == svg.replace("1.2345", "1.23")
    assert compact("<a>\n  <!-- 1.2 text -->\n <b/></a>") == "<a>\n<!-- 1.2 text -->\n<b/></a>"
    assert compact('<path d="M 0 0 L 0.5 -0.25 L 1 1 z M 1 2"/>') == (
        '<path d="m0 0 .5-.25 .5 1.25zm1 2"/>'
    )
