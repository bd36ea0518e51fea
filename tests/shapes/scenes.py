"""Scenes in which claims of shape are looked at: what is run, and how long each axis is then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from sim.axes import COUNTRIES, LANES, LAW_COUNTRIES, LEGAL_BASES, PRODUCTS
from sim.data.dataset import load_dataset
from sim.decisions.proposal import FIELDS
from sim.engine import block as blocks
from sim.engine.agents import Firm
from sim.engine.assembly import build_simulation
from sim.engine.chip_tools.state import Tools
from sim.engine.materials.state import COST_SHARES
from sim.engine.mechanisms import INPUTS
from sim.engine.model import RelocationModel
from sim.engine.options import Option
from sim.engine.phases import step
from sim.engine.random_streams import Streams
from sim.engine.route_duty import route_duty
from sim.engine.simulation import Simulation
from sim.law.controls.history import ControlHistory
from sim.law.law import load_law
from sim.law.rates import monthly, tabular
from sim.law.telling import difference
from sim.network import exposure, parameters, study
from sim.results.answer.answer import answer
from sim.results.comparing import chip_tools
from sim.results.comparing.compare import compare
from sim.results.run_folder.query import open_run
from sim.world.build import load_world
from sim.world.chip_tools.controls import controls_of
from sim.world.grades import volume_by_grade
from sim.world.layout import build_layout
from sim.world.parameters import lane_values
from sim.world.trade import trade_bounds
from tests.network import worlds
from tests.results.tool_run import write_tool_run

Lengths = Mapping[str, int]

SIZES = {
    "B": len(LEGAL_BASES), "I": len(COUNTRIES), "J": len(COUNTRIES), "K": len(PRODUCTS),
    "X": len(LAW_COUNTRIES), "fields": FIELDS,
}  # fmt: skip
"""Lengths that are the same in every scene."""


def sizes_of(s: Simulation, lanes: int) -> dict[str, int]:
    """Length of every axis of a simulation of all firms."""
    layout, world, tools = s.layout, s.world, s.of(Tools)
    assert tools is not None
    return SIZES | {
        "C": len(tools.rows.book.line), "E": len(layout.route_line), "F": len(world.firms),
        "L": len(s.laws), "M": len(layout.outlet_line), "N": len(world.lines),
        "O": len(tools.rows.outlet), "P": len(layout.plant_line), "Q": len(layout.slice_line),
        "R": lanes, "T": len(world.months), "U": len(tools.market.customers),
        "V": 1 + len(tools.market.rivals), "Z": len(tools.market.classes),
        "class_materials": len(COST_SHARES), "materials": len(tools.market.materials),
        "rivals": len(tools.market.rivals),
    }  # fmt: skip


def stepped() -> tuple[Simulation, Lengths]:
    """Five lanes of all firms under two laws, past their first reviews."""
    world = load_world(last=date(2018, 7, 1))
    layout = build_layout(world)
    duties = [monthly.monthly(load_law(), world.months)] * 2
    s = build_simulation(
        world, layout, [route_duty(world, layout, one) for one in duties],
        np.array([0, 0, 1, 1, 1]), lane_values(world, [{}] * 5), Streams(7, np.arange(5)),
        dict.fromkeys(INPUTS, True), controls_of(world, [ControlHistory()] * 2),
    )  # fmt: skip
    for _ in world.months:
        step(s)
    return s, sizes_of(s, 5)


class Minded(Firm):
    """A firm that leaves the fast path and decides as the kernel would."""

    def decide(self, options: Sequence[Option]) -> list[Option]:  # type: ignore[override]
        """As every firm would."""
        return super().decide(list(options))


def decided() -> tuple[Simulation, Lengths]:
    """One lane in which a carmaker and a maker of printers decide for themselves."""
    model = RelocationModel(seed=3, last="2018-01", firms={"toyota": Minded, "brother": Minded})
    for _ in range(13):
        model.step()
    model.trade_graph()
    return model.simulation, sizes_of(model.simulation, 1)


def recorded() -> tuple[None, Lengths]:
    """A block of two lanes whose tables are kept in detail, past the rules on chip tools."""
    world = load_world(last=date(2023, 12, 1))
    law = monthly.monthly(load_law(), world.months)
    lanes = [blocks.Lane("law", "base", r, 0, detail=True) for r in range(2)]
    blocks.run_block(world, [law], blocks.Block("shapes", 1, tuple(lanes)))
    return None, SIZES | {"R": LANES, "T": len(world.months), "N": len(world.lines)}


def told() -> tuple[None, Lengths]:
    """Rates of a table of cases, what differs between two days, and the trade that holds flows."""
    cases = pd.DataFrame(
        {"exporter": ["JP"], "importer": ["US"], "product": ["cars"], "on": ["2025-06-15"]}
    )
    law = load_law()
    tabular.rates(law, cases)
    difference.between_days(law, date(2025, 1, 1), date(2025, 6, 1))
    world = load_world()
    trade_bounds(world, load_dataset())
    volume_by_grade(world, load_dataset())
    return None, SIZES | {"N": len(world.lines)}


def shocked() -> tuple[None, Lengths]:
    """A month's damage to a drawn population of suppliers, and what it does to makers."""
    drawn, values = worlds.population(3, firms=400, scale_free=True), parameters.load_parameters()
    network, lanes = drawn.network, np.arange(3)
    parameters.load_inputs()
    study.run(network, study.shut_share(network, 0.05, lanes), study.profile(5, 0, 9), values)
    shape = (4, len(COUNTRIES), len(PRODUCTS), 3)
    exposure.multipliers(drawn, np.full(shape, 0.01), np.full(shape, 0.9), values)
    response = exposure.price_response(drawn, 4, values.pass_through)
    exposure.parts_cost(drawn, response, np.zeros(shape))
    return None, SIZES | {"F": network.firms, "R": 3, "T": 4}


def compared(folder: Path) -> tuple[None, Lengths]:
    """Two policies of a run of chip tools, compared."""
    with open_run(write_tool_run(folder)) as run:
        compare(run, *run.manifest.policies[:2])
        answer(run, *reversed(run.manifest.policies[:2]))
        chip_tools.tool_tables(run, *run.manifest.policies[:2])
    return None, SIZES
