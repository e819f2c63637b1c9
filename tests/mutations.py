"""The small changes that make mutants of a module's code."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass, replace

_COMPARE: dict[type, tuple[type, ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_ARITHMETIC = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.LShift: ast.RShift,
}
_PAIRS = (
    *(("min", "max"), ("any", "all"), ("floor", "ceil"), ("lower", "upper"), ("lo", "hi")),
    *(("abs_lower", "abs_upper"), ("low", "high"), ("left", "right"), ("lhs", "rhs")),
    *(("minimum", "maximum"), ("argmin", "argmax"), ("PROVED", "REFUTED"), ("sin", "cos")),
)
_PARTNER = {a: b for pair in _PAIRS for a, b in (pair, pair[::-1])}
_SYMMETRIC = {"min", "max", "zip", "isinstance", "getattr", "hasattr", "range", "field", "cast"}


@dataclass(frozen=True)
class Mutation:
    """The ``place``-th change of a module: where, the line's text, and ``before -> after``."""

    place: int
    line: int
    text: str
    change: str


@dataclass(frozen=True)
class _Site:
    parent: ast.AST
    field: str
    index: int | None
    old: ast.AST
    new: ast.AST

    def change(self) -> str:
        """What it does, with what stands around a mere name or number."""
        if not (
            isinstance(self.old, ast.Name | ast.Constant) and isinstance(self.parent, ast.expr)
        ):
            return f"{ast.unparse(self.old)} -> {ast.unparse(self.new)}"
        before = ast.unparse(self.parent)
        self.apply()
        after = ast.unparse(self.parent)
        replace(self, new=self.old).apply()
        return f"{before} -> {after}"

    def apply(self) -> None:
        """Put the new node in the old one's place."""
        if self.index is None:
            setattr(self.parent, self.field, self.new)
        else:
            getattr(self.parent, self.field)[self.index] = self.new


def mutations(source: str) -> list[Mutation]:
    """Every mutation of a module's source, in the order of its tree."""
    lines = source.splitlines()
    return [
        Mutation(place, site.old.lineno, lines[site.old.lineno - 1].strip(), site.change())
        for place, site in enumerate(_sites(ast.parse(source)))
    ]


def mutated(source: str, mutation: Mutation) -> ast.Module:
    """The module's tree with one mutation in it."""
    tree = ast.parse(source)
    list(_sites(tree))[mutation.place].apply()
    return ast.fix_missing_locations(tree)


def _sites(
    node: ast.AST, names: frozenset[str] = frozenset(), inside: bool = False
) -> Iterator[_Site]:
    """Sites below ``node``: no annotation, decorator, text, message, or guard for type checkers."""
    if isinstance(node, ast.FunctionDef):
        inside = True
        names = frozenset(n.id for n in ast.walk(node) if isinstance(n, ast.Name)) | frozenset(
            n.arg for n in ast.walk(node) if isinstance(n, ast.arg)
        )
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "bases", "msg"):
            continue
        for index, child in enumerate(value if isinstance(value, list) else [value]):
            if not isinstance(child, ast.AST) or _is_text(child):
                continue
            for new in _changes(node, name, child, names, inside):
                ast.copy_location(new, child)
                yield _Site(node, name, index if isinstance(value, list) else None, child, new)
            if not isinstance(child, ast.Raise):
                yield from _sites(child, names, inside)


def _is_text(node: ast.AST) -> bool:
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return True
    value = node.value if isinstance(node, ast.Expr) else node
    return isinstance(value, ast.JoinedStr) or (
        isinstance(value, ast.Constant) and isinstance(value.value, str)
    )


def _changes(  # noqa: PLR0912 - one branch per class of node
    parent: ast.AST, field: str, node: ast.AST, names: frozenset[str], inside: bool
) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare):
        for i, op in enumerate(node.ops):
            for other in _COMPARE[type(op)]:
                ops = [*node.ops[:i], other(), *node.ops[i + 1 :]]
                yield ast.Compare(node.left, ops, node.comparators)
    elif isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC and inside:
        yield ast.BinOp(node.left, _ARITHMETIC[type(node.op)](), node.right)
    elif isinstance(node, ast.AugAssign) and inside:
        if type(node.op) in _ARITHMETIC:
            yield ast.AugAssign(node.target, _ARITHMETIC[type(node.op)](), node.value)
        yield ast.Pass()
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.And() if isinstance(node.op, ast.Or) else ast.Or(), node.values)
    elif isinstance(node, ast.UnaryOp) and not isinstance(node.op, ast.UAdd):
        yield node.operand
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, bool):
            yield ast.Constant(not node.value)
        elif isinstance(node.value, int):
            yield ast.Constant(node.value + 1)
            yield ast.Constant(node.value - 1)
        elif isinstance(node.value, float) and node.value:
            yield ast.Constant(node.value * 2)
            yield ast.Constant(node.value / 2)
    elif isinstance(node, ast.Call) and inside:
        yield from _calls(node)
    elif isinstance(node, ast.Attribute) and node.attr in _PARTNER:
        yield ast.Attribute(node.value, _PARTNER[node.attr], node.ctx)
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in _PARTNER:
        other = _PARTNER[node.id]
        if other in names or node.id in ("min", "max", "any", "all"):
            yield ast.Name(other, node.ctx)
    elif isinstance(node, ast.Raise | ast.Continue) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    ):
        yield ast.Pass()
    if (
        field == "test"
        and isinstance(parent, ast.If | ast.IfExp | ast.While | ast.Assert)
        and not isinstance(node, ast.Compare | ast.UnaryOp)
    ):
        yield ast.UnaryOp(ast.Not(), copy.deepcopy(node))


def _calls(node: ast.Call) -> Iterator[ast.AST]:
    """``abs(x) -> x`` and ``f(a, b) -> f(b, a)``."""
    called = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
    if called in ("abs", "sqrt", "fabs") and len(node.args) == 1 and not node.keywords:
        yield node.args[0]
    if len(node.args) == 2 and called not in _SYMMETRIC and not node.keywords:
        first, second = node.args
        if not any(isinstance(a, ast.Starred) for a in node.args):
            yield ast.Call(node.func, [second, first], [])
