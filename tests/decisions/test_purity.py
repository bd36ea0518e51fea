"""Kernels return or fill: they assign to what their signature marks as filled, and to nothing else.

The proof is over the syntax trees of :mod:`sim.decisions`. An argument is filled when it, an
attribute, an item or a view of it is assigned to, or when it is handed to another kernel at a place
that is filled. It must then be annotated ``Out[...]``, and every ``Out`` must be filled somewhere.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOM = Path(__file__).resolve().parents[2] / "sim" / "decisions"
IN_PLACE = {"fill", "sort", "append", "extend", "update", "pop", "clear", "setdefault", "put"}
"""Methods that change what they are called on."""


@dataclass(frozen=True)
class Kernel:
    """A function of the room: its arguments in order, and those that it declares as filled."""

    arguments: tuple[str, ...]
    declared: frozenset[str]
    body: ast.FunctionDef


def kernels(source: str) -> dict[str, Kernel]:
    """Every function of a module at its top level."""
    found = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef):
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            declared = {
                one.arg
                for one in arguments
                if one.annotation is not None and ast.unparse(one.annotation).startswith("Out[")
            }
            names = tuple(one.arg for one in arguments)
            found[node.name] = Kernel(names, frozenset(declared), node)
    return found


def root(node: ast.expr) -> str | None:
    """Name that an attribute, an item or a view belongs to."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def targets(node: ast.AST) -> list[ast.expr]:
    """What a statement assigns to, tuples taken apart."""
    if isinstance(node, ast.Assign):
        found = list(node.targets)
    elif isinstance(node, ast.AugAssign | ast.AnnAssign | ast.For | ast.NamedExpr):
        found = [node.target]
    elif isinstance(node, ast.Delete):
        found = list(node.targets)
    else:
        return []
    flat: list[ast.expr] = []
    while found:
        one = found.pop()
        found += one.elts if isinstance(one, ast.Tuple | ast.List) else []
        flat += [] if isinstance(one, ast.Tuple | ast.List) else [one]
    return flat


def aliases(kernel: Kernel) -> dict[str, str]:
    """Local names that are an argument's part or view -> the argument."""
    known = {name: name for name in kernel.arguments}
    for _ in range(3):  # an alias of an alias of an alias
        for node in ast.walk(kernel.body):
            pairs: list[tuple[ast.expr, ast.expr]] = []
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    both = isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
                    pairs += (
                        list(zip(target.elts, node.value.elts, strict=True))  # type: ignore[attr-defined]
                        if both
                        else [(target, node.value)]
                    )
            elif isinstance(node, ast.For):
                pairs += [(target, node.iter) for target in targets(node)]
            for target, value in pairs:
                owner = root(value)
                if isinstance(target, ast.Name) and owner in known:
                    known.setdefault(target.id, known[owner])
    return known


def filled(kernel: Kernel, others: dict[str, Kernel]) -> set[str]:
    """Arguments that the kernel changes, by itself or through one that it calls."""
    known, found = aliases(kernel), set()
    for node in ast.walk(kernel.body):
        for target in targets(node):
            if isinstance(target, ast.Attribute | ast.Subscript):
                found.add(known.get(root(target) or ""))
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            found.add(known.get(node.target.id) if node.target.id in kernel.arguments else None)
        if isinstance(node, ast.Call):
            found |= {known.get(root(one) or "") for one in changed_by(node, others)}
    return {name for name in found if name is not None}


def changed_by(call: ast.Call, others: dict[str, Kernel]) -> list[ast.expr]:
    """What a call changes: arguments at filled places, the owner of a method that changes it."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else None
    changed = [one.value for one in call.keywords if one.arg == "out"]
    if isinstance(call.func, ast.Attribute) and name in IN_PLACE:
        changed.append(call.func.value)
    if isinstance(call.func, ast.Attribute) and name == "at":  # np.add.at
        changed.append(call.args[0])
    called = others.get(call.func.id if isinstance(call.func, ast.Name) else name or "")
    if called is not None:
        given = dict(zip(called.arguments, call.args, strict=False))
        given |= {one.arg: one.value for one in call.keywords if one.arg}
        changed += [value for key, value in given.items() if key in called.declared]
    return changed


MODULES = {path.stem: kernels(path.read_text(encoding="utf-8")) for path in ROOM.rglob("*.py")}
EVERY = {name: kernel for module in MODULES.values() for name, kernel in module.items()}


@pytest.mark.parametrize(
    ("module", "name"), [(m, name) for m in sorted(MODULES) for name in sorted(MODULES[m])]
)
def test_a_kernel_assigns_to_what_it_declares_as_filled_and_to_nothing_else(
    module: str, name: str
) -> None:
    kernel = MODULES[module][name]
    assert filled(kernel, EVERY | MODULES[module]) == kernel.declared


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("x[0] = 1.0", {"x"}),
        ("part = s.rows[2]\n    part[1] += 1.0", {"s"}),
        ("s.month = 3", {"s"}),
        ("x.fill(0.0)", {"x"}),
        ("np.add.at(x, 0, 1.0)", {"x"}),
        ("np.exp(s.a, out=x)", {"x"}),
        ("a, b = x, s.rows\n    b[0] = a[0]", {"s"}),
        ("for row in s.rows:\n        row[0] = 1.0", {"s"}),
        ("inner(s.rows, x)", {"x"}),
        ("inner(out=s.rows, x=x)", {"s"}),
        ("y = x + 1.0\n    y[0] = 2.0", set()),
        ("x = 2.0", set()),
    ],
)
def test_every_way_to_change_an_argument_is_seen(body: str, expected: set[str]) -> None:
    source = f"def inner(x, out: Out[Floats]):\n    out[:] = x\ndef outer(x, s):\n    {body}\n"
    found = kernels(source)
    assert filled(found["outer"], found) == expected


MOST_BY_POSITION = 6
"""Arguments of a kernel that a call may give by their place; a swap of arrays passes no type."""
ROOT = ROOM.parents[1]


def calls_of_kernels(path: Path) -> list[ast.Call]:
    """Calls of functions of :mod:`sim.decisions` in a module, whatever name they go by."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    known, rooms = {}, {}
    if path.is_relative_to(ROOM):
        known = dict.fromkeys(MODULES[path.stem], path.stem)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "sim.decisions":
            rooms |= {one.asname or one.name: one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sim.decisions."):
            known |= {one.asname or one.name: node.module for one in node.names}
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Name) and node.func.id in known)
            or (isinstance(node.func, ast.Attribute) and root(node.func) in rooms)
        )
    ]


def test_no_call_of_a_kernel_gives_more_than_six_arguments_by_position() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{call.lineno} {ast.unparse(call.func)}"
        for room in ("sim", "tests", "benchmarks")
        for path in sorted((ROOT / room).rglob("*.py"))
        for call in calls_of_kernels(path)
        if len(call.args) > MOST_BY_POSITION
    ]
    assert found == []
