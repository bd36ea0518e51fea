"""How much work a chunk is, and where it goes: for the time left and for what `plan` tells.

Seconds are those of one core that the figures were taken on; :mod:`sim.experiments.running.speed`
compares it with the machine at hand. Every block is stepped at its full width, so that its months
cost the same for one lane as for 64; what is recorded and written costs by lane.
"""

from __future__ import annotations

from collections.abc import Mapping

from sim.data.dataset import load_dataset
from sim.engine.block import Block
from sim.experiments.spec.config import ExperimentConfig
from sim.world.parameter_table import load_parameters, split_key

A_CHUNK, A_CHUNK_MONTH = 0.9, 0.004
"""Seconds to lay out a block, and for each of its months."""
A_MONTH, A_DETAIL_MONTH = 0.06, 0.0015
"""Seconds to step a block by a month and record it, and more for every lane kept in detail."""
A_PIECE_MONTH: Mapping[str, float] = {
    "outcomes": 0.0008,
    "flows": 0.0035,
    "ledger": 0.0065,
    "plants": 0.0010,
    "firms": 0.0009,
    "fx": 0.0003,
    "duties": 0.0037,
    "diplomacy": 0.0005,
}
"""Seconds to write a lane's piece of a table, for each month of it."""
IN_DETAIL = tuple(name for name in A_PIECE_MONTH if name != "outcomes")


def step_seconds(block: Block) -> float:
    """Seconds for one month of a block."""
    return A_MONTH + A_DETAIL_MONTH * sum(lane.detail for lane in block.lanes)


def chunk_seconds(block: Block, months: int, kinds: int = 1) -> float:
    """Seconds for a chunk, of which ``kinds`` kinds of world are stepped one after the other."""
    detail = sum(lane.detail for lane in block.lanes)
    once = sum(lane.detail and lane.replication == 0 for lane in block.lanes)
    pieces = dict.fromkeys(IN_DETAIL, detail) | {"outcomes": len(block.lanes)}
    pieces |= {"duties": once, "diplomacy": once}
    written = sum(count * A_PIECE_MONTH[name] for name, count in pieces.items())
    made = kinds * (A_CHUNK + A_CHUNK_MONTH * months + step_seconds(block) * months)
    return made + written * months


def kinds_of_world(config: ExperimentConfig, block: Block) -> int:
    """How many kinds of world the lanes of a block are of: each is stepped by itself."""
    names = {
        row.name
        for row in load_parameters(load_dataset(overlays=config.data))
        if row.settled == "rows"
    }
    return len(
        {
            tuple(sorted((k, v) for k, v in lane.overrides.items() if split_key(k)[0] in names))
            for lane in block.lanes
        }
    )
