"""No line and no lines together ship more in 2017 than the trade that holds them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.axes import COUNTRY_INDEX
from sim.data.dataset import load_dataset, packaged_folder, read_dataset
from sim.world.build import load_world
from sim.world.trade import Bound, trade_bounds, trade_faults
from sim.world.world import World


def pushed(world: World, line: str, origin: str, market: str, factor: float) -> World:
    """The world with one line's flow on a route multiplied."""
    flow = world.base_flow.copy()
    n = [one.id for one in world.lines].index(line)
    flow[n, COUNTRY_INDEX[origin], COUNTRY_INDEX[market]] *= factor
    return replace(world, base_flow=flow)


def bound(groups: tuple[str, ...], origin: str, market: str) -> Bound:
    found = {
        (one.groups, one.origin, one.market): one
        for one in trade_bounds(load_world(), load_dataset())
    }
    return found[groups, origin, market]


def test_no_flow_of_2017_exceeds_the_trade_that_holds_it() -> None:
    assert trade_faults(load_world(), load_dataset()) == ()


def test_a_line_above_its_trade_is_told_at_the_row_of_that_trade() -> None:
    world = pushed(load_world(), "renesas_semiconductors", "JP", "US", 10.0)
    fault = trade_faults(world, load_dataset())[0]
    assert fault.line is not None
    row = Path(fault.file).read_text("utf-8").splitlines()[fault.line - 1]
    assert row.startswith("jp_semiconductors,JP,US,2017,")
    assert "renesas_semiconductors" in fault.wrong


def test_lines_that_each_fit_are_found_out_together() -> None:
    tight = bound(("jp_cars",), "JP", "CN")
    assert all(usd < tight.trade_usd for _, usd in tight.lines)
    world = load_world()
    for line, _ in tight.lines:
        world = pushed(world, line, "JP", "CN", 1.1)
    keys = [fault.key for fault in trade_faults(world, load_dataset())]
    assert "jp_cars JP > CN 2017" in keys


def test_goods_of_a_narrow_group_count_in_the_wider_one() -> None:
    cars = dict(bound(("jp_cars",), "JP", "EU").lines)
    vehicles = dict(bound(("jp_vehicles",), "JP", "EU").lines)
    assert cars.items() <= vehicles.items()
    assert "toyota_light_trucks" in vehicles.keys() - cars.keys()


def test_a_line_of_its_own_groups_does_not_count_where_its_class_does() -> None:
    tools = dict(bound(("jp_chip_tools",), "JP", "KR").lines)
    testers = dict(bound(("jp_chip_tools", "jp_measuring"), "JP", "KR").lines)
    assert "advantest_chip_tools" not in tools
    assert testers.keys() - tools.keys() == {"advantest_chip_tools"}


def test_every_line_that_japan_or_others_send_to_the_states_is_bounded() -> None:
    world = load_world()
    states = COUNTRY_INDEX["US"]
    sent = np.delete(world.base_flow[:, :, states], states, axis=1).sum(axis=1) > 0.0
    held = {
        line
        for one in trade_bounds(world, load_dataset())
        if one.market == "US"
        for line, _ in one.lines
    }
    assert {line.id for line, any_ in zip(world.lines, sent, strict=True) if any_} <= held


@pytest.mark.parametrize(
    ("table", "spoil", "wrong"),
    [
        ("trade_groups", lambda text: text.replace("HS 84,,", "HS 84,us_8443,"), "within itself"),
        (
            "trade_groups",
            lambda text: text.replace("8703,us_87,", "8703,jp_cars,"),
            "another basis",
        ),
        (
            "trade_holders",
            lambda text: text + "cars,cars,,us_87,declared,,low,estimated\n",
            "us_8703 lies within us_87, which is named too",
        ),
    ],
)
def test_groups_that_make_no_tree_are_faults(
    tmp_path: Path, table: str, spoil: Callable[[str], str], wrong: str
) -> None:
    text = (packaged_folder() / f"{table}.csv").read_text("utf-8")
    assert spoil(text) != text
    for path in packaged_folder().glob("*.csv"):
        (tmp_path / path.name).write_text(path.read_text("utf-8"), "utf-8")
    (tmp_path / f"{table}.csv").write_text(spoil(text), "utf-8")
    assert any(wrong in fault.wrong for fault in read_dataset(tmp_path)[1])
