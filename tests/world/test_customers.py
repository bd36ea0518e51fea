"""Buyers of chip tools and the law as it reaches them."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pytest

from sim.law.controls import Switches, decide_grid, enacted, load_reform
from sim.law.controls.history import ControlHistory, known, pending
from sim.world.build import load_world
from sim.world.chip_tools.queries import DAY, middles, own_list, shipments, with_content
from sim.world.chip_tools.rulings import tool_law
from sim.world.customers import ToolMarket
from sim.world.world import World

LAST = date(2027, 12, 1)


@cache
def world() -> World:
    return load_world(last=LAST)


def market() -> ToolMarket:
    tools = world().tools
    assert tools is not None
    return tools


def test_purchases_of_every_market_are_exhausted_by_its_customers() -> None:
    tools = market()
    for place in np.unique(tools.market):
        shares = tools.spending[tools.market == place]
        np.testing.assert_allclose(shares.sum(axis=0), 1.0)
        assert shares.min() >= 0.0


def test_every_market_that_buys_tools_has_customers() -> None:
    lines = [n for n, line in enumerate(world().lines) if line.product == "chip_tools"]
    buys = np.flatnonzero(world().base_flow[lines].sum(axis=(0, 1)) > 0.0)
    assert set(buys) == set(market().market)


def test_customers_and_classes_are_those_of_the_law() -> None:
    law, tools = enacted(), market()
    assert {one.control for one in tools.customers} <= set(law.customers)
    assert {one.place for one in tools.customers} <= set(law.countries)
    assert set(tools.classes) <= set(law.classes)
    assert set(tools.materials) <= set(law.materials)


def test_classes_of_a_line_make_one_for_every_kind_of_buyer() -> None:
    for n, line in enumerate(world().lines):
        total = market().mix[n].sum(axis=1)
        np.testing.assert_allclose(total, float(line.product == "chip_tools"))


@pytest.mark.parametrize("reforms", [(), ("no_october_2022_and_after", "match_act")])
def test_kept_answers_are_those_of_the_procedure(reforms: tuple[str, ...]) -> None:
    """A sample of shipments asked one by one on every month gives the same codes."""
    history = ControlHistory(tuple(load_reform(name) for name in reforms))
    law, (queries, _, _) = tool_law(world(), history), shipments(world(), market())
    sample = np.random.default_rng(3).choice(len(queries), 25, replace=False)
    days = [month.replace(day=DAY) for month in world().months]
    for band, share in enumerate(middles(law.content)):
        asked = [with_content(queries[q], share) for q in sample]
        grid = decide_grid(asked, days, Switches.default(), history.law)
        np.testing.assert_array_equal(grid.us.T, law.us[:, sample, band])
        for place, q in enumerate(sample):
            for t in range(0, len(days), 12):
                decision = grid.decisions[place][t]
                assert own_list(history.law, decision, queries[q].to) == law.own[t, q]


def test_nothing_is_known_before_it_is_announced_or_begun() -> None:
    law, switches = enacted(), Switches.default()
    for day in (date(2019, 1, 1), date(2023, 4, 15), date(2024, 11, 30)):
        told = known(law, day, switches)
        assert all(rule.announced is None or rule.announced <= day for rule in told.rules)
        assert all((row.start or date.min) <= day for row in told.listings)
    assert pending(law, date(2023, 4, 15), switches, 365) == (date(2023, 7, 23),)
    assert pending(law, date(2023, 3, 30), switches, 365) == ()


def test_a_reform_is_known_from_its_first_day() -> None:
    history = ControlHistory((load_reform("detente"), load_reform("match_act")))
    assert history.on(date(2026, 11, 9)) is enacted()
    assert history.on(date(2026, 12, 1)).digest != history.law.digest
    assert history.on(date(2027, 1, 1)).digest == history.law.digest


def test_what_an_announced_rule_reaches_counts_before_it_starts_and_no_more_after() -> None:
    """Japan's list of July 2023 is felt in China from April, and in no other place."""
    reach = tool_law(world(), ControlHistory()).reach
    april, august = (2023 - 2017) * 12 + 3, (2023 - 2017) * 12 + 7
    china = market().market == market().market[0]
    now, soon = (part[:, :, 0, :, 0].sum(axis=0) for part in (reach.in_force, reach.announced))
    assert not now[april].any()
    assert soon[april][china].min() > 0.0
    assert not soon[april][~china].any()
    np.testing.assert_allclose(now[august], soon[april], atol=1e-12)
