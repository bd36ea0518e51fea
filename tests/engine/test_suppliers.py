"""Parts: whom they come from, what duty they bear, and whom their makers follow."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.axes import COUNTRY_INDEX
from sim.engine.phases import step
from sim.engine.record.detail import DetailRecorder
from sim.engine.simulation import Simulation
from sim.engine.steps.ledger import parts_value, segment_books
from sim.world.world import World
from tests.engine.conftest import LOUD, QUIET, run, simulation
from tests.reference import tiny

US, CN, VN = (COUNTRY_INDEX[code] for code in ("US", "CN", "VN"))
CARS, PRINTERS = 0, 1
KEYS = {"experiment": "x", "policy": "p", "scenario": "base", "replication": 0}


def plant(s: Simulation, line: int, country: int) -> int:
    """Row of a plant."""
    layout = s.layout
    (row,) = np.flatnonzero((layout.plant_line == line) & (layout.plant_country == country))
    return int(row)


def outlets(s: Simulation, line: int, country: int) -> Any:
    """Rows of the line's outlets in a market."""
    layout = s.layout
    return np.flatnonzero((layout.outlet_line == line) & (layout.outlet_market == country))


def following(share: float, months: int = 60) -> World:
    """The hand-made world in which the second line sells so much to carmakers."""
    world = tiny.world(months)
    return replace(world, parameters={**world.parameters, "keiretsu_share": np.array([0.0, share])})


def recorded(s: Simulation, months: int) -> dict[str, pd.DataFrame]:
    """Detail tables of the first lane."""
    recorder = DetailRecorder(s, {0: KEYS})
    for _ in range(months):
        step(s)
        recorder.record(s)
    return {name: table.whole() for name, table in recorder.tables(s).items()}


def test_suppliers_stay_to_the_last_bit_where_nothing_changes() -> None:
    s = run(simulation(tiny.world(), tiny.duties(60, tariffs=False), inputs=QUIET), 60)
    base = np.repeat(s.base.parts_source[..., None], s.lanes, axis=2)
    np.testing.assert_array_equal(s.state.parts_mix, base)
    assert not s.month.parts_duty.any()


@pytest.mark.parametrize("name", ["parts_theta", "parts_reallocation"])
def test_suppliers_stay_under_tariffs_where_there_is_no_choice(name: str) -> None:
    none: dict[str, Any] = {name: 0.0}
    s = run(simulation(tiny.world(**none), tiny.duties(60)), 60)
    np.testing.assert_allclose(
        s.state.parts_mix, s.base.parts_source[..., None] + np.zeros(s.lanes), atol=1e-15
    )


def test_the_first_month_of_a_duty_moves_the_contracts_that_are_up() -> None:
    """By hand: 25 % on Chinese parts, of which 70 % pay, among three suppliers."""
    world = tiny.world()
    s = run(simulation(world, tiny.duties(60), inputs=QUIET), 20)
    theta, up = (world.parameters[name][CARS] for name in ("parts_theta", "parts_reallocation"))
    wanted = np.array([0.3 * (1.0 + 0.7 * 0.25) ** -theta, 0.3, 0.4])
    by_hand = (1.0 - up) * np.array([0.3, 0.3, 0.4]) + up * wanted / wanted.sum()
    np.testing.assert_allclose(s.state.parts_mix[plant(s, CARS, US), :, 0], by_hand, rtol=1e-12)


def test_dear_places_lose_suppliers_by_damped_macro_cost() -> None:
    """By hand, in the last month: all contracts are up, no duty, only prices and the yen move."""
    world = tiny.world(60, parts_reallocation=1.0, dual_source_share=0.0)
    s = run(simulation(world, tiny.duties(60, tariffs=False)), 54)
    damped = world.parameters["parts_theta"] * world.parameters["macro_exponent"]
    macro = s.month.macro[[CN, COUNTRY_INDEX["JP"], VN], 0]
    wanted = np.array([0.3, 0.3, 0.4]) * macro ** -damped[PRINTERS]
    found = s.state.parts_mix[plant(s, PRINTERS, VN), :, 0]
    np.testing.assert_allclose(found, wanted / wanted.sum(), rtol=1e-12)
    assert abs(found[1] - 0.3) > 1e-4


def test_a_second_source_is_kept_whatever_the_duty() -> None:
    world = tiny.world(60, parts_theta=80.0, parts_reallocation=1.0, dual_source_share=0.3)
    s = run(simulation(world, tiny.duties(60), inputs=QUIET), 60)
    china, japan, local = s.state.parts_mix[plant(s, CARS, US), :, 0]
    least = 0.3 * 0.3
    np.testing.assert_allclose(china, least / (2 * least + 1.0), rtol=1e-5)
    assert china + japan + local == pytest.approx(1.0, abs=1e-12)


def test_duty_on_parts_falls_as_suppliers_change() -> None:
    """Rate of the books by hand; the credit stays what it was at base shares."""
    fast, slow = (
        run(simulation(tiny.world(60, parts_reallocation=up), tiny.duties(60), inputs=QUIET), 50)
        for up in (0.5, 0.0)
    )
    p = plant(fast, CARS, US)
    due, credit = fast.laws[0].parts_due[49, p], fast.laws[0].parts_credit[49, p]
    by_hand = float(due @ fast.state.parts_mix[p, :2, 0]) - credit
    assert fast.month.parts_rate[p, 0] == pytest.approx(by_hand, rel=1e-12)
    assert 0.0 < fast.month.parts_rate[p, 0] < slow.month.parts_rate[p, 0]
    assert fast.books is not None
    paid = parts_value(fast)[p, 0] * by_hand
    assert fast.books.parts_duty[p, 0] == pytest.approx(paid, rel=1e-12)


def test_the_ledger_adds_up_to_the_duty_that_firms_bear() -> None:
    """Goods, parts by supplier, service parts and support, month by month, to 1e-9."""
    tables = recorded(simulation(tiny.world(), tiny.duties(60)), 60)
    booked = tables["ledger"].groupby(["month", "firm"])["duty_usd"].sum()
    firms = tables["firms"]
    borne = firms[firms["segment"] == "total"].set_index(["month", "firm"])["duty_usd"]
    borne = borne[borne != 0.0]
    np.testing.assert_allclose(booked.reindex(borne.index), borne, rtol=1e-9)
    bases = tables["ledger"].query("product == 'auto_parts' and market == 'US'")["basis"]
    assert set(bases) >= {"section_301", "section_232", "output_credit", "supplier_support"}


def test_ledger_rows_of_parts_follow_the_present_shares_of_suppliers() -> None:
    s = simulation(tiny.world(60, service_parts_share=0.0, parts_reallocation=0.5), tiny.duties(60))
    ledger = recorded(s, 60)["ledger"]
    p = plant(s, CARS, US)
    rows = ledger[(ledger["month"] == "2021-12-01") & (ledger["product"] == "auto_parts")]
    for column, origin in enumerate(("CN", "JP")):
        found = rows[(rows["origin"] == origin) & (rows["basis"] == "section_232")]["duty_usd"]
        value = parts_value(s)[p, 0] * s.nominal * s.state.parts_mix[p, column, 0]
        assert found.to_numpy() == pytest.approx([value * 0.7 * 0.25], rel=1e-9)


def test_parts_makers_do_not_move_where_assemblers_do_not() -> None:
    world = following(0.6)
    parameters = {**world.parameters, "china_drift_per_year": np.zeros(2)}
    law = tiny.duties(60, tariffs=False)
    s = run(simulation(replace(world, parameters=parameters), law, inputs=QUIET), 60)
    rows = s.layout.outlet_line == PRINTERS
    flat = np.repeat(s.base.demand[rows][:, None], s.lanes, axis=1)
    np.testing.assert_allclose(s.month.base_demand[rows], flat, rtol=1e-12)


def test_in_month_zero_parts_makers_sell_exactly_their_base() -> None:
    s = run(simulation(following(0.6), tiny.duties(60), inputs=QUIET), 1)
    flat = np.repeat(s.base.demand[:, None], s.lanes, axis=1)
    np.testing.assert_array_equal(s.month.base_demand, flat)


def test_demand_for_parts_follows_the_output_of_car_plants_in_the_market() -> None:
    """By hand, from last month's six-month average; markets without car plants do not move."""
    s = run(simulation(following(0.6), tiny.duties(60), inputs={**LOUD, "noise": False}), 50)
    base = s.base.output[plant(s, CARS, US)]
    ratio = s.state.output_average[plant(s, CARS, US)] / base
    step(s)
    rows = outlets(s, PRINTERS, US)
    plain = s.base.demand[rows][:, None] * s.demand_index[rows, 50][:, None]
    np.testing.assert_allclose(s.month.base_demand[rows], plain * ratio**0.6, rtol=1e-12)
    assert abs(ratio[0] - 1.0) > 1e-3
    alone = run(simulation(following(0.0), tiny.duties(60), inputs={**LOUD, "noise": False}), 51)
    for market in ("JP", "CN"):
        rows = outlets(s, PRINTERS, COUNTRY_INDEX[market])
        assert not np.array_equal(s.month.base_demand[rows], alone.month.base_demand[rows])
    cars = s.layout.outlet_line == CARS
    np.testing.assert_array_equal(s.month.base_demand[cars], alone.month.base_demand[cars])


def test_without_carmakers_parts_makers_follow_nobody() -> None:
    """In a world of printers alone the exponent changes nothing."""
    world = following(0.6)
    product = world.product_of_line[[PRINTERS, PRINTERS]]
    one, two = (
        run(simulation(replace(w, product_of_line=product), tiny.duties(60)), 30)
        for w in (world, following(0.0))
    )
    np.testing.assert_array_equal(one.month.base_demand, two.month.base_demand)


def test_support_is_a_part_of_what_local_suppliers_pay() -> None:
    """By hand in the United States; nothing before the first duty, nothing for printers."""
    world = tiny.world()
    s = simulation(world, tiny.duties(60), inputs=QUIET)
    before: list[float] = []
    run(s, 19, lambda one: before.append(float(one.closed_books.support.sum())))
    assert not any(before)
    run(s, 31)
    p = plant(s, CARS, US)
    names = ("supplier_support", "supplier_import_share")
    share = np.prod([world.parameters[name][CARS] for name in names])
    rise = 0.7 * (0.3 * 0.5 + 0.3 * 0.25) / 0.6
    by_hand = share * s.state.parts_mix[p, 2] * parts_value(s)[p] * rise
    np.testing.assert_allclose(s.closed_books.support[p], by_hand, rtol=1e-12)
    others = np.delete(s.closed_books.support, p, axis=0)
    assert not others.any()


def test_support_is_a_cost_of_the_segment_and_moves_nothing_else() -> None:
    """With and without: the same flows, and profit of North America lower by just the support."""
    tables = [
        recorded(simulation(tiny.world(60, supplier_support=x), tiny.duties(60)), 60)
        for x in (0.5, 0.0)
    ]
    pd.testing.assert_frame_equal(tables[0]["flows"], tables[1]["flows"])
    ledger = tables[0]["ledger"]
    paid = ledger[ledger["basis"] == "supplier_support"]
    assert set(zip(paid["origin"], paid["market"], strict=True)) == {("US", "US")}
    assert set(paid["booked_in"]) == {"north_america"}
    for segment in ("total", "north_america"):
        profits = [
            t["firms"][t["firms"]["segment"] == segment].groupby("month")["operating_profit_usd"]
            for t in tables
        ]
        lost = profits[1].sum() - profits[0].sum()
        expected = paid.groupby("month")["duty_usd"].sum().reindex(lost.index).fillna(0.0)
        np.testing.assert_allclose(lost, expected, rtol=1e-6, atol=1.0)


def test_cheaper_imports_bring_no_support_back() -> None:
    """Where duties on parts fall below their base nobody is paid for it."""
    law = tiny.duties(60, tariffs=False)
    law.mfn[:10, US, CN] = 0.05
    s = run(simulation(tiny.world(), law, inputs=QUIET), 30)
    assert s.month.parts_duty[plant(s, CARS, US)].max() < 0.0
    assert not s.closed_books.support.any()


def test_profit_of_the_books_is_the_total_of_the_segments() -> None:
    """Firm by firm in every month: the two sums of the same entries agree."""
    s = simulation(tiny.world(), tiny.duties(60))

    def watch(one: Simulation) -> None:
        sheet = segment_books(one, 0)
        np.testing.assert_allclose(sheet[2, :, 0], one.closed_books.profit[:, 0], rtol=1e-9)

    run(s, 60, watch)
