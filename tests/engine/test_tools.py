"""Chip tools under export control on the real makers and buyers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.axes import BASIS_INDEX, COUNTRIES, COUNTRY_INDEX, PRODUCT_INDEX
from sim.engine.assembly import build_simulation
from sim.engine.chip_tools.licences import LicenceRecorder
from sim.engine.chip_tools.state import Tools
from sim.engine.phases import step
from sim.engine.random_streams import Streams
from sim.engine.route_duty import route_duty
from sim.engine.simulation import Simulation
from sim.law.controls import ControlReform, load_reform
from sim.law.controls.history import ControlHistory
from sim.tables import TABLES
from sim.world.build import load_world
from sim.world.chip_tools.controls import controls_of
from sim.world.chip_tools.queries import origins
from sim.world.layout import build_layout
from sim.world.narrowing import narrowed, structured
from sim.world.parameters import lane_values
from sim.world.world import World
from tests.engine.conftest import LOUD, measured
from tests.reference import tiny

CN, JP = COUNTRY_INDEX["CN"], COUNTRY_INDEX["JP"]
MONTHS = 132
"""January 2017 to December 2027."""


@cache
def makers(last: date = date(2027, 12, 1)) -> World:
    """The world with makers of chip tools alone."""
    world = load_world(last=last)
    return narrowed(world, [one.id for one in world.lines if one.product == "chip_tools"])


@cache
def settled() -> World:
    """The same world where no maker moves its programmes."""
    return structured(makers(), {"programmes.chip_tools": 0.0})


@cache
def ground(world: World | None = None) -> tuple[Any, Any]:
    """Layout, and a world without tariffs."""
    world = world or makers()
    layout = build_layout(world)
    return layout, route_duty(world, layout, tiny.duties(len(world.months), tariffs=False))


def block(
    laws: Sequence[Sequence[str | ControlReform]] = ((),),
    law: Sequence[int] = (0, 0),
    replications: Sequence[int] | None = None,
    licences: bool = True,
    world: World | None = None,
    **parameters: float,
) -> Simulation:
    """Lanes under control laws, each named by its reforms."""
    layout, duty = ground(world)
    world = world or makers()
    histories = [
        ControlHistory(tuple(load_reform(r) if isinstance(r, str) else r for r in names))
        for names in laws
    ]
    lanes = np.arange(len(law)) if replications is None else np.array(replications)
    return build_simulation(
        world, layout, [duty] * len(laws), np.array(law, dtype=np.int64),
        lane_values(world, [parameters] * len(law)), Streams(1, lanes),
        {**LOUD, "licences": licences}, controls_of(world, histories),
    )  # fmt: skip


def tools_of(s: Simulation) -> Tools:
    """The chip-tool block of a run that has one."""
    found = s.of(Tools)
    assert found is not None
    return found


def months_of(
    s: Simulation, months: int, look: Callable[[Simulation], np.ndarray]
) -> list[np.ndarray]:
    """Step and look at each month."""
    seen = []
    for _ in range(months):
        step(s)
        seen.append(look(s).copy())
    return seen


def month(year: int, number: int) -> int:
    return (year - 2017) * 12 + number - 1


def to_china(s: Simulation) -> np.ndarray:
    """Tools sold in China, float64[R]."""
    return np.asarray(s.month.sold[s.layout.outlet_market == CN].sum(axis=0))


def test_no_control_binds_in_the_base_year_and_tools_flow_as_without_licences() -> None:
    """Month 0 is the fitted base year, and all of 2017 is as in a run that knows no licences."""
    with_law, without = block(), block(licences=False)
    assert without.of(Tools) is None
    for t in range(12):
        step(with_law)
        step(without)
        if t == 0:
            np.testing.assert_allclose(with_law.month.flow, with_law.base.flow[:, None] + 0.0
                                       * with_law.month.flow, rtol=1e-9)  # fmt: skip
        filled = tools_of(with_law).month.filled
        assert not any(part.any() for part in (filled.denied, filled.applied, filled.deviation))
        np.testing.assert_allclose(with_law.month.sold, without.month.sold, rtol=1e-3)


@pytest.mark.parametrize(
    ("reform", "until"),
    [("match_act", (2027, 1)), ("japan_loses_supplement_4", (2027, 1)), ("detente", (2026, 11)),
     ("china_full_countermeasures", (2027, 1)), ("no_october_2022_and_after", (2022, 10))],
)  # fmt: skip
def test_a_reform_leaves_every_month_before_it_bitwise_equal(
    reform: str, until: tuple[int, int]
) -> None:
    """Nobody looks ahead: two lanes of one seed, one with the reform, part no earlier than it."""
    s = block([(), (reform,)], law=[0, 1], replications=[0, 0])
    last = month(*until)
    seen = months_of(s, min(MONTHS, last + 8), lambda s: s.month.flow)
    for t in range(last):
        np.testing.assert_array_equal(seen[t][:, 0], seen[t][:, 1])
    assert any(np.any(flow[:, 0] != flow[:, 1]) for flow in seen[last:])


def announced_list(announced: date | None) -> ControlReform:
    """Japan puts all other tools on its list from July 2025, announced or not."""
    rule = {
        "id": "jp_all_tools", "authority": "JP", "kind": "export_list", "title": "all tools",
        "citation": "scenario", "announced": announced, "windows": [{"from": date(2025, 7, 1)}],
        "where": {"classes": ["3B991", "3B992", "3B993"]}, "bulk_group": "JP_BULK",
        "code": "JP_LIC",
        "sources": [{"url": "declared", "confidence": "high", "evidence": "estimated"}],
    }  # fmt: skip
    return ControlReform.model_validate(
        {"name": "list", "title": "list", "source": "declared", "start": date(2025, 1, 1),
         "changes": [{"act": "add", "rule": rule}]}
    )  # fmt: skip


def test_buyers_stock_up_before_an_announced_rule_and_not_before_its_announcement() -> None:
    """The same rule, announced in January or never: stocks move only where it was announced."""
    told, untold = announced_list(date(2025, 1, 10)), announced_list(None)
    s = block([(), (told,), (untold,)], law=[0, 1, 2], replications=[0, 0, 0])

    def motive(s: Simulation) -> np.ndarray:
        return tools_of(s).state.buyers.motive

    seen = months_of(s, month(2025, 9), motive)
    for t in range(month(2025, 1)):
        np.testing.assert_array_equal(seen[t][:, 0], seen[t][:, 1])
    for t in range(month(2025, 7)):
        np.testing.assert_array_equal(seen[t][:, 0], seen[t][:, 2])
    april, august = seen[month(2025, 4)], seen[month(2025, 8)]
    assert april[:, 1].sum() > april[:, 0].sum()
    assert august[:, 2].sum() > august[:, 0].sum()


def test_a_policy_against_itself_is_exactly_zero_and_lanes_do_not_touch() -> None:
    """One lane alone, among others, and under another place of the same law gives the same bits."""
    alone = block(law=[0], replications=[3])
    among = block([(), ("match_act",), ()], law=[0, 1, 2, 2], replications=[3, 3, 3, 5])
    for _ in range(month(2024, 6)):
        step(alone)
        step(among)
        np.testing.assert_array_equal(alone.month.flow[:, 0], among.month.flow[:, 0])
        np.testing.assert_array_equal(among.month.flow[:, 0], among.month.flow[:, 2])
    assert np.any(among.month.flow[:, 2] != among.month.flow[:, 3])


def test_units_and_money_balance_under_licence() -> None:
    """Made = shipped, stocks add up, orders are shipped, waiting or lost, profit is its entries."""
    s, waiting = block(law=[0, 0, 0]), 0.0
    stock = s.state.stock.copy()
    for _ in range(month(2025, 1)):
        step(s)
        made = np.zeros_like(s.month.output)
        np.add.at(made, s.layout.route_plant, s.month.flow)
        np.testing.assert_allclose(made, s.month.output, rtol=1e-9, atol=1e-3)
        arrived = np.zeros_like(s.month.sold)
        np.add.at(arrived, s.layout.route_outlet, s.month.arrived)
        np.testing.assert_allclose(stock + arrived, s.month.sold + s.state.stock, rtol=1e-9)
        stock = s.state.stock.copy()
        now, filled = tools_of(s).month, tools_of(s).month.filled
        held = float(tools_of(s).waiting.sum())
        gone = filled.shipped + filled.denied + filled.cancelled
        np.testing.assert_allclose(waiting + now.wanted.sum(), held + gone.sum(), rtol=1e-9)
        waiting = held
        np.testing.assert_allclose(
            filled.lost_by_rule.sum(),
            (filled.denied + filled.cancelled).sum(),
            rtol=1e-9,
            atol=1e-3,
        )
        assert min(v.min() for v in (filled.shipped, filled.denied, s.month.flow)) >= 0.0
    assert waiting > 0.0


def test_japans_list_delays_and_refuses_orders_to_chinese_fabs_alone() -> None:
    """Advanced tools to China wait from summer 2023; to Taiwan a bulk licence covers them."""
    s = block(law=[0, 0, 0, 0])
    lost = months_of(s, month(2024, 6), lambda s: tools_of(s).month.filled.applied)
    market = tools_of(s).market.market[tools_of(s).rows.book.customer]
    assert not np.array(lost[: month(2023, 7)])[:, tools_of(s).rows.book.line == 0].any()
    since = np.array(lost[month(2023, 8) :]).sum(axis=(0, 2))
    assert since[market == CN].sum() > 0.0
    assert not since[market != CN].any()


def test_denied_us_orders_move_to_japanese_makers_of_the_same_tools() -> None:
    """After October 2022 etchers gain, dicing saws hardly, steppers by market prices alone.

    Where lines can be completed without the tools that are denied: else steppers gain a little too.
    """
    whole = {"incomplete_share": 0.0}
    on = months_of(block(**whole), month(2023, 3), lambda s: s.month.demand)[-1]
    off = months_of(block(diversion_on=0.0, **whole), month(2023, 3), lambda s: s.month.demand)[-1]
    layout, world = ground()[0], makers()
    china = layout.outlet_market == CN
    gain = {
        world.lines[n].firm: float(on[m].sum() / off[m].sum() - 1.0)
        for m, n in enumerate(layout.outlet_line)
        if china[m]
    }
    assert gain["tokyo_electron"] > 0.05
    assert gain["tokyo_electron"] > gain["disco"] > -1e-9
    assert abs(gain["nikon"]) < 1e-5


def test_a_tool_of_too_much_us_content_is_redesigned_where_that_frees_it() -> None:
    """At 30 % US content SMIC's orders need a US licence from 2020; two years later they do not."""
    s = block(law=[0], us_content=0.3)
    still = block(law=[0], us_content=0.3, redesign_on=0.0)
    paths = [
        months_of(b, month(2024, 1), lambda s: tools_of(s).state.content[0]) for b in (s, still)
    ]
    assert paths[0][month(2020, 10)][0] == 0.3
    assert paths[0][-1][0] == pytest.approx(0.98 * 0.25)
    assert paths[1][-1][0] == 0.3


def test_redesign_is_useless_where_one_chip_suffices() -> None:
    """From outside the exempt countries a list tool is denied since 2024-12 at any content."""
    s = block(law=[0])
    law, t = tools_of(s).controls.laws[0], month(2025, 3)
    market = tools_of(s).market
    smic = [one.id for one in market.customers].index("smic")
    row = law.row[smic, market.classes.index("3B001"), CN]
    assert law.us[t, row].tolist() == [6, 6]
    assert len(set(law.us[month(2021, 6), row].tolist())) == 2


def test_full_counter_controls_raise_unit_costs_and_a_long_ban_stops_lines() -> None:
    s = block([(), ("china_full_countermeasures",)], law=[0, 1], replications=[0, 0])
    cost = months_of(s, month(2027, 3), lambda s: s.month.full_cost)[-1]
    tools = s.layout.plant_country == JP
    assert np.all(cost[tools, 1] >= cost[tools, 0])
    assert np.all(cost[tools, 1] > cost[tools, 0])


def test_mechanisms_can_be_switched_off_one_by_one() -> None:
    """Without any response tools still need their licences, and nothing else moves."""
    off = dict.fromkeys(
        ("stock_on", "diversion_on", "localisation_on", "reroute_on", "overcompliance_on",
         "exit_on",
         "redesign_on", "materials_on", "japan_list_on"), 0.0,
    )  # fmt: skip
    s = block(law=[0], **off)
    months_of(s, month(2025, 6), to_china)
    assert not tools_of(s).month.stocked.any()
    assert not tools_of(s).month.gain.any()
    assert not tools_of(s).state.gone.any()


def test_records_hold_the_response_to_controls_to_2020() -> None:
    """Demand without controls is the record before the first rule, below it when stocks arrive.

    After 2020 no record is read: the last year of the response is held.
    """
    s = block(law=[0])
    relief, market = tools_of(s).relief, tools_of(s).market.market
    np.testing.assert_array_equal(relief[: month(2018, 10)], 1.0)
    np.testing.assert_allclose(relief[:, market != CN], 1.0, rtol=1e-12)
    assert relief[month(2019, 6), market == CN].max() < 1.0
    assert np.all(relief[month(2021, 1) :] == relief[month(2021, 1)])
    np.testing.assert_allclose(relief[month(2021, 1)], 1.0, atol=0.02)


def test_outcomes_of_tools_agree_with_each_other() -> None:
    """China's share is sales in China over all; buyers' tools are the firms' sales."""
    s = block(law=[0, 0])
    months_of(s, month(2024, 3), to_china)
    (markets, sales), (makers, share) = measured(s, "tool_sales_usd"), measured(s, "china_share")
    total = sales[markets.codes["firm"] == "nikon"].sum(axis=0)
    china = sales[markets.row(firm="nikon", country="CN")]
    np.testing.assert_allclose(share[makers.row(firm="nikon")], china / total)
    _, bought = measured(s, "customer_tools_usd")
    np.testing.assert_allclose(bought.sum(axis=0), sales.sum(axis=0))
    _, local = measured(s, "localisation_share")
    assert np.all((local > 0.05) & (local < 0.6))


def test_the_licences_table_tells_rule_decision_and_what_became_of_orders() -> None:
    s = block(law=[0])
    recorder = LicenceRecorder({0: {"experiment": "x", "policy": "p", "scenario": "base",
                                    "replication": 0}})  # fmt: skip
    for _ in range(month(2025, 6)):
        step(s)
        recorder.record(s)
    table = recorder.frame(s).whole()
    assert tuple(table.columns) == TABLES["licences"].names
    assert not table.duplicated(list(TABLES["licences"].key)).any()
    listed = table[(table["rule"] == "jp_23_items") & (table["shipped_from"] == "JP")]
    assert set(listed["decision"]) == {"JP_LIC"}
    assert listed["month"].min() >= np.datetime64("2023-08-01")
    exempt = table[table["decision"] == "EXEMPT_S4"]
    assert exempt["month"].min() >= np.datetime64("2024-12-01")
    assert (table[["value_usd", "shipped_usd", "denied_usd", "backlog_usd"]] >= 0.0).all().all()
    assert set(table["made_in"]) <= set(COUNTRIES)


def threshold(share: float, rule: str = "us_de_minimis_25") -> ControlReform:
    """From 2019 on, a rule on content turns on another share."""
    return ControlReform.model_validate({
        "name": "threshold", "title": "Another threshold", "source": "scenario",
        "start": "2019-01-01",
        "changes": [{"act": "alter", "rules": [rule], "where": {"threshold_share": share}}],
    })  # fmt: skip


def test_a_policy_that_alters_a_threshold_stands_beside_others_and_leaves_them_as_alone() -> None:
    """Each law counts its own bands of content: a tool is redesigned for its law's threshold."""
    names: list[list[ControlReform]] = [[], [threshold(0.1)], [threshold(0.4)]]
    dial = {"us_content": 0.3, "redesign_cost_share": 0.001, "redesign_months": 6.0}
    together = block(laws=names, law=(0, 1, 2), replications=(0, 0, 0), **dial)
    content = months_of(together, 72, lambda s: tools_of(s).state.content[0])[-1]
    assert content == pytest.approx([0.98 * 0.25, 0.98 * 0.1, 0.3])
    alone = block(laws=[names[1]], law=(0,), **dial)
    months_of(alone, 72, to_china)
    np.testing.assert_array_equal(together.month.sold[:, 1], alone.month.sold[:, 0])


def test_policies_of_different_floors_on_rare_earths_stand_beside_each_other() -> None:
    """A tool of 0.5 % Chinese rare earths is caught at 0.1 % and passes below a floor of 1 %."""
    reform = threshold(0.01, "cn_61_content")
    s = block(laws=[(), [reform]], law=(0, 1), replications=(0, 0), rare_earth_share=0.005)
    sold = months_of(s, month(2027, 1), lambda s: s.month.sold.sum(axis=0))
    assert sold[month(2026, 10)][0] == sold[month(2026, 10)][1]
    assert sold[-1][0] < sold[-1][1]


def test_programmes_of_chip_tools_may_move_and_stand_under_the_law_of_their_new_place() -> None:
    """Under a duty on Japanese tools lines leave; the law is asked of new places.

    The laws were read for a world where none may, as those of an experiment could be.
    """
    world = makers()
    layout, duties = build_layout(world), tiny.duties(MONTHS, tariffs=False)
    product, basis = PRODUCT_INDEX["chip_tools"], BASIS_INDEX["section_232"]
    duties.extra[12:, :, JP, product, basis] = 0.3
    duties.age_months[12:] = 12
    s = build_simulation(
        world, layout, [route_duty(world, layout, duties)], np.zeros(1, dtype=np.int64),
        lane_values(world, [{"decision_probability": 1.0}]), Streams(1, np.array([0])), LOUD,
        controls_of(settled(), [ControlHistory()]),
    )  # fmt: skip
    waiting = 0.0
    for _ in range(month(2020, 1)):
        step(s)
        tools = tools_of(s)
        now, filled, held = tools.month, tools.month.filled, float(tools.waiting.sum())
        gone = filled.shipped + filled.denied + filled.cancelled
        np.testing.assert_allclose(waiting + now.wanted.sum(), held + gone.sum(), rtol=1e-9)
        waiting = held
    assert s.state.moved.sum() > 0.0
    asked = tools.controls.origins
    assert asked != origins(settled())
    for e in np.flatnonzero((s.month.flow > 0.0).any(axis=1)):
        assert COUNTRIES[layout.route_origin[e]] in asked[int(layout.route_line[e])]
