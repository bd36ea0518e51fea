"""A block's large tables come lane by lane, in the order of their runs, and hold what they did."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from sim.engine.block import Block, Lane, block_tables, run_block
from sim.engine.pieces import Pieces
from sim.results.run_folder.store import write_chunk
from tests.reference import tiny

MONTHS = 15
LANES = tuple(
    Lane(policy, scenario, replication, 0, {"programmes": kind}, detail=True)
    for policy in ("b", "a")
    for scenario, kind in (("s1", 1.0), ("s0", 0.0))
    for replication in (1, 2)  # the law is kept with replication 0, and this one has none
)
"""Out of order, and of two kinds of world."""
LARGE = {
    "flows",
    "ledger",
    "plants",
    "firms",
    "fx",
    "outcomes",
    "duties",
    "diplomacy",
}  # and licences, where there are makers of chip tools
BLOCK = Block("x", 1, LANES)


def runs(frame: pd.DataFrame) -> list[tuple[str, str, int]]:
    keys = frame[["policy", "scenario", "replication"]].drop_duplicates()
    return [(str(a), str(b), int(c)) for a, b, c in keys.itertuples(index=False)]


def test_a_piece_is_one_run_and_pieces_are_in_order(tmp_path: Path) -> None:
    world, duties = tiny.world(MONTHS), [tiny.duties(MONTHS)]
    tables = block_tables(world, duties, BLOCK)
    pieces = {name: table for name, table in tables.items() if isinstance(table, Pieces)}
    assert set(pieces) >= LARGE
    for table in pieces.values():
        found = [run for frame in table for run in runs(frame)]
        assert found == sorted(found)
        assert max((len(runs(frame)) for frame in table), default=1) == 1

    lanes = [(lane.policy, lane.scenario, lane.replication) for lane in LANES]
    write_chunk(tmp_path / "pieces", "x", lanes, tables)
    write_chunk(tmp_path / "whole", "x", lanes, run_block(world, duties, BLOCK))
    for name in tables:
        one, other = (
            pq.read_table(tmp_path / kind / "tables" / name / "x.parquet")
            for kind in ("pieces", "whole")
        )
        assert one.equals(other), name


def test_a_month_of_each_kind_of_world_is_told_when_it_is_done() -> None:
    told = []
    block_tables(
        tiny.world(MONTHS), [tiny.duties(MONTHS)], BLOCK, month_done=lambda: told.append(1)
    )
    assert len(told) == 2 * MONTHS
