"""China's part of tool sales by rules alone: a rise while buyers stock, a fall as controls bite."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
import pytest

from sim.axes import COUNTRY_INDEX
from sim.engine.phases import step
from tests.engine.test_tools import block, month, tools_of

CN = COUNTRY_INDEX["CN"]
SEEDS = 4
LAST = month(2027, 12)

pytestmark = pytest.mark.slow


@cache
def china_shares(**parameters: float) -> Mapping[str, np.ndarray]:
    """China's part of all Japanese sales by year, float64[year], as enacted and without controls.

    ``stocked`` and ``diverted`` are float64[T], means over the Chinese buyers as enacted.
    """
    law = [0] * SEEDS + [1] * SEEDS
    s = block([(), ("no_controls",)], law, replications=[*range(SEEDS)] * 2, **parameters)
    here = s.layout.outlet_market == CN
    sold, parts = [], []
    for _ in range(LAST + 1):
        step(s)
        revenue = s.closed_books.revenue
        sold.append(np.stack([revenue[here].sum(axis=0), revenue.sum(axis=0)]))
        tools = tools_of(s)
        chinese = tools.market.market == CN
        share = tools.market.spending[chinese, s.last_month]
        parts.append([share @ part[chinese, :SEEDS].mean(axis=1)
                      for part in (tools.month.stocked, tools.month.gain)])  # fmt: skip
    yearly = np.array(sold).reshape(-1, 12, 2, 2 * SEEDS).sum(axis=1)
    share = yearly[:, 0] / yearly[:, 1]
    stocked, diverted = np.array(parts).T
    return {"enacted": share[:, :SEEDS].mean(axis=1), "none": share[:, SEEDS:].mean(axis=1),
            "stocked": stocked, "diverted": diverted}  # fmt: skip


def year(number: int) -> int:
    return number - 2017


def test_controls_make_chinas_part_rise_while_buyers_stock_and_fall_below_a_world_without() -> None:
    paths = china_shares()
    apart = paths["enacted"] - paths["none"]
    assert abs(apart[: year(2019)]).max() < 0.005
    assert apart[year(2023)] > 0.02
    assert apart[year(2023)] == apart.max()
    assert apart[year(2027)] < -0.015
    assert np.all(np.diff(apart[year(2023) :]) < 0.005)


def test_stocks_come_before_they_are_run_down() -> None:
    stocked = china_shares()["stocked"]
    assert stocked[month(2023, 1) : month(2024, 1)].mean() > 0.1
    assert stocked[month(2024, 7) : month(2025, 12)].mean() < 0.0


def test_without_stocks_and_orders_of_us_makers_controls_only_lower_the_share() -> None:
    paths = china_shares(stock_on=0.0, diversion_on=0.0)
    apart = paths["enacted"] - paths["none"]
    assert apart.max() < 0.005
    assert apart[year(2027)] < -0.03


def test_what_denials_and_chinas_own_rule_take_away_is_gone_where_nobody_localises() -> None:
    """Without Chinese makers' gains and with lines completed the two worlds end otherwise."""
    kept = china_shares(localisation_on=0.0, incomplete_share=0.0)
    apart = {name: path["enacted"] - path["none"]
             for name, path in (("all", china_shares()), ("kept", kept))}  # fmt: skip
    assert apart["kept"][year(2027)] > apart["all"][year(2027)] + 0.02
