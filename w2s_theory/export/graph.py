"""The graph of what rests on what, as SVG: layers from left to right, every node a link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT = 186, 24
_ACROSS, _DOWN, _MARGIN = 240, 34, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A statement in the graph; `evidence` and `status` choose its colours."""

    id: str
    href: str
    title: str
    evidence: str
    status: str
    part: str
    source: str
    uses: tuple[str, ...]


def svg(nodes: Sequence[Node], label: str, current: str | None = None) -> str:
    """The nodes and the edges among them; `current` is marked. Layout: Sugiyama, by igraph."""
    places = _layout(nodes)
    width = max(x for x, _ in places.values()) + _WIDTH + _MARGIN
    height = max(y for _, y in places.values()) + _HEIGHT + _MARGIN
    lines = [
        f'<svg class="graph" role="group" aria-label="{escape(label)}" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'xmlns="http://www.w3.org/2000/svg">'
    ]
    for node in nodes:
        lines += [
            _edge(places[other], places[node.id], other, node.id)
            for other in node.uses
            if other in places
        ]
    lines += [_drawn(node, places[node.id], current) for node in nodes]
    return "\n".join([*lines, "</svg>"])


def _layout(nodes: Sequence[Node]) -> Mapping[str, tuple[int, int]]:
    """Left upper corners; a statement stands right of all that it uses."""
    import igraph

    index = {node.id: place for place, node in enumerate(nodes)}
    edges = [(index[u], index[n.id]) for n in nodes for u in n.uses if u in index]
    layers = [0] * len(nodes)
    for node in nodes:  # in the ledger's order what is used comes first, or is raised again below
        layers[index[node.id]] = max(
            (layers[index[u]] + 1 for u in node.uses if u in index), default=0
        )
    for _ in nodes:
        raised = [
            max([layers[index[n.id]], *(layers[index[u]] + 1 for u in n.uses if u in index)])
            for n in nodes
        ]
        if raised == layers:
            break
        layers = raised
    graph = igraph.Graph(n=len(nodes), edges=edges, directed=True)
    found = graph.layout_sugiyama(layers=layers, maxiter=200)
    columns: dict[int, list[tuple[float, int]]] = {}
    for place in range(len(nodes)):
        columns.setdefault(layers[place], []).append((found.coords[place][0], place))
    # All columns begin at the top: a phone shows that corner first.
    return {
        nodes[place].id: (_MARGIN + layer * _ACROSS, _MARGIN + row * _DOWN)
        for layer, column in columns.items()
        for row, (_, place) in enumerate(sorted(column))
    }


def _edge(start: tuple[int, int], end: tuple[int, int], used: str, user: str) -> str:
    x0, y0 = start[0] + _WIDTH, start[1] + _HEIGHT // 2
    x1, y1 = end[0], end[1] + _HEIGHT // 2
    bend = max(24, (x1 - x0) // 2)
    return (
        f'<path data-from="{escape(used)}" data-to="{escape(user)}" '
        f'd="M{x0},{y0} C{x0 + bend},{y0} {x1 - bend},{y1} {x1},{y1}"/>'
    )


def _drawn(node: Node, place: tuple[int, int], current: str | None) -> str:
    x, y = place
    # The title is the link's name too. The filter of the page with all nodes asks for the rest.
    spoken = f"{node.id}: {node.title}; evidence: {node.evidence}; {node.status}"
    said = {"part": node.part, "source": node.source, "status": node.status}
    asked = "".join(f' data-{name}="{escape(value)}"' for name, value in said.items())
    classes = f"node fill-{node.evidence} border-{node.status.replace(' ', '-')}"
    return (
        f'<a href="{escape(node.href)}" class="{classes}{" current" * (node.id == current)}" '
        f'data-id="{escape(node.id)}"{asked * (current is None)}><title>{escape(spoken)}</title>'
        f'<rect x="{x}" y="{y}" width="{_WIDTH}" height="{_HEIGHT}" rx="4"/>'
        f'<text x="{x + _WIDTH // 2}" y="{y + 16}">{escape(node.id)}</text></a>'
    )
