"""Only the engine writes state: shown over the syntax trees of every module."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from sim.engine import phases
from sim.engine.chip_tools.state import ToolMonth, ToolState
from sim.engine.month import Month
from sim.engine.partners.state import Partners
from sim.engine.state import Projects, State

ROOT = Path(__file__).resolve().parents[2]
ENGINE = ROOT / "sim" / "engine"
MODULES = sorted(path for room in ("sim", "analysis") for path in (ROOT / room).rglob("*.py"))
STATES = (State, Month, Projects, Partners, ToolState, ToolMonth)
FIELDS = {one.name for kind in STATES for one in fields(kind)}
IN_PLACE = {"fill", "itemset", "partition", "put", "resize", "setfield", "setflags", "sort"}
"""Methods of arrays that change them."""
FIRST_ARGUMENT = {"at", "copyto", "fill_diagonal", "place", "put", "put_along_axis", "putmask"}
"""Functions of NumPy that change their first argument; `at` is that of every ufunc."""


def written(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and text of every expression that a module assigns to or changes in place."""
    for node in ast.walk(module):
        for target in targets(node):
            whole = target
            while isinstance(whole, ast.Subscript | ast.Starred):
                whole = whole.value
            yield whole.lineno, ast.unparse(whole)


def targets(node: ast.AST) -> list[ast.expr]:
    """What a statement or call writes to; tuples are taken apart."""
    if isinstance(node, ast.Assign | ast.Delete):
        return [one for target in node.targets for one in taken_apart(target)]
    if isinstance(node, ast.AugAssign | ast.AnnAssign | ast.For | ast.NamedExpr):
        return taken_apart(node.target)
    if not isinstance(node, ast.Call):
        return []
    found = [word.value for word in node.keywords if word.arg == "out"]
    if isinstance(node.func, ast.Attribute):
        if node.func.attr in FIRST_ARGUMENT and node.args:
            found.append(node.args[0])
        if node.func.attr in IN_PLACE:
            found.append(node.func.value)
    if isinstance(node.func, ast.Name) and node.func.id == "setattr":
        found.append(node.args[0])
    return found


def taken_apart(target: ast.expr) -> list[ast.expr]:
    if isinstance(target, ast.Tuple | ast.List):
        return [one for part in target.elts for one in taken_apart(part)]
    return [target]


def state_fields(text: str) -> list[str]:
    """Fields of some state that a module writes, with their lines; what kernels fill apart.

    A kernel can reach no state: its room cannot import it. It fills the arrays that it is handed.
    """
    module = ast.parse(text)
    for function in [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)]:
        if any("njit" in ast.unparse(one) for one in function.decorator_list):
            function.body = []
    return [
        f"{line} {name}"
        for line, name in written(module)
        if "." in name and name.rpartition(".")[2] in FIELDS and name.partition(".")[0] != "self"
    ]


def test_no_module_outside_the_engine_writes_a_field_of_a_state() -> None:
    outside = [path for path in MODULES if ENGINE not in path.parents]
    found = {
        path.relative_to(ROOT).as_posix(): state_fields(path.read_text(encoding="utf-8"))
        for path in outside
    }
    assert {name: fields for name, fields in found.items() if fields} == {}
    assert len(outside) > 100


def test_inside_the_engine_those_write_that_the_list_of_phases_names() -> None:
    """Steps, mechanisms and agents: the docstring of the phases says so, and so do the trees."""
    writers = {
        path.parent.name if path.parent != ENGINE else path.stem
        for path in ENGINE.rglob("*.py")
        if state_fields(path.read_text(encoding="utf-8"))
    }
    assert writers == {"phases", "steps", "partners", "chip_tools", "materials", "agents"}
    said = (phases.__doc__ or "").partition("State is written")[2]
    for words in ("in this module", "sim.engine.steps", "mechanisms", "sim.engine.agents"):
        assert words in said


@pytest.mark.parametrize(
    "line",
    [
        "s.state.stock = 0",
        "s.state.stock[:, 0] += 1.0",
        "a, model.simulation.month.flow = b",
        "del s.state.projects.kind",
        "np.add.at(s.state.cash, rows, 1.0)",
        "np.multiply(a, b, out=s.month.duty)",
        "np.copyto(state.share, a)",
        "s.state.capacity.fill(0.0)",
        "block.agreed[0] = 3",
    ],
)
def test_every_way_to_write_is_seen(line: str) -> None:
    assert state_fields(line)
