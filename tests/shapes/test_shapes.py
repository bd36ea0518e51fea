"""Every claim of shape in a docstring is written with the letters of the axes, and is true."""

from __future__ import annotations

import ast
import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from sim.axes import COUNTRIES, LAW_COUNTRIES, LEGAL_BASES, LETTERS, PRODUCTS, SMALL_AXES
from sim.decisions.proposal import FIELDS
from sim.engine.assembly import build_simulation
from sim.engine.chip_tools.state import Tools
from sim.engine.mechanisms import INPUTS
from sim.engine.phases import step
from sim.engine.random_streams import Streams
from sim.engine.route_duty import route_duty
from sim.engine.simulation import Simulation
from sim.law.controls.history import ControlHistory
from sim.law.law import load_law
from sim.law.rates.monthly import monthly
from sim.world.build import load_world
from sim.world.chip_tools.controls import controls_of
from sim.world.layout import build_layout
from sim.world.parameters import lane_values
from tests.shapes.claims import claims
from tests.shapes.watching import Findings, look_at, watched

ROOT = Path(__file__).resolve().parents[2]


def test_every_claim_of_shape_is_written_with_the_letters_of_the_axes() -> None:
    strange = []
    for path in sorted((ROOT / "sim").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            text = node.value if isinstance(node, ast.Constant) else None
            for claim in claims(text) if isinstance(text, str) else ():
                strange += [
                    f"{path.relative_to(ROOT)}:{node.lineno} {claim.text}"
                    for axis in claim.axes
                    if not known(axis)
                ]
    assert strange == []


def known(axis: str) -> bool:
    """Whether every word of an axis is a letter, a declared word, a number or an ellipsis."""
    words = re.findall(r"\w+", axis)
    return axis in ("...", "..") or all(
        word in LETTERS or word in SMALL_AXES or word.isdigit() for word in words if word != "x"
    )


@pytest.fixture(scope="module")
def findings() -> Findings:
    """What a world of all firms shows under two laws, past its first reviews."""
    found = Findings()
    with watched(found):
        s = stepped()
    look_at(s, found)
    return found


@pytest.fixture(scope="module")
def lengths() -> dict[str, int]:
    """Length of every axis in that world."""
    s = stepped(1)
    layout, world, tools = s.layout, s.world, s.of(Tools)
    assert tools is not None
    return {
        "B": len(LEGAL_BASES), "C": len(tools.rows.book.line), "E": len(layout.route_line),
        "F": len(world.firms), "I": len(COUNTRIES), "J": len(COUNTRIES), "K": len(PRODUCTS),
        "L": len(s.laws), "M": len(layout.outlet_line), "N": len(world.lines),
        "O": len(tools.rows.outlet), "P": len(layout.plant_line), "Q": len(layout.slice_line),
        "R": s.lanes, "T": len(world.months), "U": len(tools.market.customers),
        "X": len(LAW_COUNTRIES), "Z": len(tools.market.classes), "V": 1 + len(tools.market.rivals),
        "materials": len(tools.market.materials), "fields": FIELDS,
        "rivals": len(tools.market.rivals),
    }  # fmt: skip


def stepped(months: int | None = None) -> Simulation:
    """Five lanes of all firms under two laws, so many months on; all of them by default."""
    world = load_world(last=date(2018, 7, 1))
    layout = build_layout(world)
    duties = [monthly(load_law(), world.months)] * 2
    s = build_simulation(
        world, layout, [route_duty(world, layout, one) for one in duties],
        np.array([0, 0, 1, 1, 1]), lane_values(world, [{}] * 5), Streams(7, np.arange(5)),
        dict.fromkeys(INPUTS, True), controls_of(world, [ControlHistory()] * 2),
    )  # fmt: skip
    for _ in world.months[:months]:
        step(s)
    return s


def test_every_claim_of_shape_is_true_of_a_running_world(
    findings: Findings, lengths: dict[str, int]
) -> None:
    assert findings.wrong(lengths) == []
