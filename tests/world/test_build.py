"""The built world: month 0 is the fitted base, facts are kept, nothing is negative."""

from __future__ import annotations

import pickle
from dataclasses import fields
from datetime import date

import numpy as np
import pytest

from sim.axes import COUNTRIES, COUNTRY_INDEX, PRODUCTS
from sim.data.dataset import load_dataset
from sim.errors import InputError
from sim.world.build import load_world
from sim.world.consistency import mothballed, world_findings
from sim.world.footprint import read_margins
from sim.world.world import World

JP, CN, US = (COUNTRY_INDEX[code] for code in ("JP", "CN", "US"))


@pytest.fixture(scope="module")
def world() -> World:
    return load_world()


def line(world: World, name: str) -> int:
    return [found.id for found in world.lines].index(name)


def test_output_is_fitted_exactly_and_sales_to_their_scale(world: World) -> None:
    data = load_dataset()
    output = read_margins(data, "output_2017", "country", world.lines)
    sales = read_margins(data, "sales_2017", "market", world.lines)
    wanted = sales * (output.sum(axis=1) / sales.sum(axis=1))[:, None]
    np.testing.assert_allclose(world.base_flow.sum(axis=2), output, rtol=1e-9)
    np.testing.assert_allclose(world.base_flow.sum(axis=1), wanted, rtol=1e-9, atol=1e-6)


def test_every_given_flow_is_in_the_base(world: World) -> None:
    for row in load_dataset()["flow_facts"]:
        n = line(world, row.text("line"))
        i, j = COUNTRY_INDEX[row.text("origin")], COUNTRY_INDEX[row.text("market")]
        flow = world.base_flow[n]
        base = flow[:, j].sum() if row.text("of") == "sales" else flow[i].sum()
        assert flow[i, j] == pytest.approx(row.number("share") * base, rel=1e-9)


PATHS = ("market_index", "rival_factor", "rival_price", "brand_trend", "wage_index")


def test_first_year_of_every_path_is_the_base(world: World) -> None:
    for name in (*PATHS, "price_level"):
        assert np.all(getattr(world, name)[..., :12] == 1.0), name
    assert np.all(world.freight_index[:12] == 1.0)
    assert np.all(world.content_relief[:12] == 0.0)


def test_internal_checks_hold(world: World) -> None:
    assert [f.name for f in world_findings(world) if f.internal and not f.holds] == []


def test_cars_from_japan_to_the_us_come_near_the_customs_total(world: World) -> None:
    (finding,) = [f for f in world_findings(world) if f.name == "JP-US cars, value"]
    assert finding.holds, finding.value


UNKNOWN = ("market_units", "host_wage", "host_workforce", "labour_supply")
"""NaN where a market's size is not in the data, or for the rest of the world, which is no host."""


def test_no_quantity_is_negative_and_no_path_is_not_positive(world: World) -> None:
    for field in fields(world):
        value = getattr(world, field.name)
        if isinstance(value, np.ndarray) and value.dtype == np.float64:
            if field.name in UNKNOWN:
                value = value[~np.isnan(value)]
            assert np.all(np.isfinite(value)), field.name
            assert value.min() >= 0.0, field.name


def test_output_never_exceeds_capacity_and_leaves_room(world: World) -> None:
    output = world.base_flow.sum(axis=2)
    assert np.all(output <= 0.97 * world.base_capacity + 1e-6)
    assert np.all((world.base_capacity > 0.0) == (output > 0.0))
    assert np.all(world.site_count[world.base_capacity > 0.0] >= 1)


def test_no_plant_is_so_idle_that_an_unchanged_world_would_close_it(world: World) -> None:
    output = world.base_flow.sum(axis=2)
    idle = world.base_capacity - output / 0.9
    assert np.all(idle <= 0.5 * world.lump_units + 1e-6)


def test_capacity_left_out_is_reported(world: World) -> None:
    left = mothballed(world)
    assert left["nissan_cars", COUNTRY_INDEX["TH"]] == pytest.approx(246_207 - 124_444, abs=100)


def test_the_world_has_the_firms_it_promises(world: World) -> None:
    sectors = [firm.sector for firm in world.firms]
    by_class = [found.line_class for found in world.lines]
    assert sectors.count("carmaker") == 8
    assert sectors.count("parts") >= 8
    assert sectors.count("chip_equipment") >= 8
    others = {"electronics", "machinery", "components", "consumer_goods"}
    assert sum(sector in others for sector in sectors) >= 20
    assert by_class.count("chip_tools") >= 8


def test_china_made_cars_stay_in_china(world: World) -> None:
    cars = [n for n, found in enumerate(world.lines) if found.product == "cars"]
    made = world.base_flow[cars, CN].sum()
    assert world.base_flow[cars, CN, CN].sum() > 0.99 * made


def test_tiny_plants_serve_their_home(world: World) -> None:
    flow = world.base_flow[line(world, "nissan_cars"), COUNTRY_INDEX["VN"]]
    assert flow[COUNTRY_INDEX["VN"]] == pytest.approx(flow.sum())


def test_every_line_may_go_to_every_country_and_never_to_the_residual_place(world: World) -> None:
    places = np.arange(len(COUNTRIES)) != COUNTRY_INDEX["ROW"]
    assert np.all(world.candidate == places)
    assert 0 < world.contract_maker.sum() < world.candidate.sum()
    assert np.all(world.candidate[world.contract_maker])


def test_hosts_say_what_they_pay_and_how_many_work_there(world: World) -> None:
    pay = dict(zip(COUNTRIES, world.host_wage, strict=True))
    assert pay["VN"] < pay["CN"] < pay["JP"] < pay["US"]
    assert np.isnan(pay["ROW"])
    assert world.host_workforce[CN, 0] == pytest.approx(120e6)
    assert world.host_workforce[COUNTRY_INDEX["VN"], -1] == pytest.approx(12.1e6)
    assert world.days_from_japan[JP] == 0.0


def test_freight_is_free_at_home_and_dearer_farther(world: World) -> None:
    cars = world.freight_share[line(world, "toyota_cars")]
    assert np.all(np.diagonal(cars) == 0.0)
    assert 0.0 < cars[JP, COUNTRY_INDEX["KR"]] < cars[JP, US] < cars[JP, COUNTRY_INDEX["EU"]]
    assert cars[JP, US] * 25_000 == pytest.approx(900, rel=0.1)


def test_goods_sail_for_whole_months_and_drive_in_none(world: World) -> None:
    assert world.sea_months[JP, US] == 1
    assert world.sea_months[COUNTRY_INDEX["MX"], US] == 0
    assert np.all(np.diagonal(world.sea_months) == 0)
    assert np.array_equal(world.sea_months, world.sea_months.T)


def test_exchange_rates_are_the_record_and_then_held(world: World) -> None:
    known = world.fx_known_months
    assert world.months[known - 1] == date(2026, 6, 1)
    assert np.all(world.fx_per_usd[:, known:] == world.fx_per_usd[:, known - 1 : known])
    assert np.all(world.fx_per_usd[US] == 1.0)
    assert 100 < world.fx_per_usd[JP, 0] < 120


def test_a_line_carries_the_grade_of_its_weakest_heavy_fact(world: World) -> None:
    grades = {found.id: found.evidence for found in world.lines}
    assert grades["honda_cars"] == "derived"
    assert grades["ricoh_printers"] == "estimated"


def test_indices_point_at_the_right_names(world: World) -> None:
    for n, found in enumerate(world.lines):
        assert world.firms[world.firm_of_line[n]].id == found.firm
        assert PRODUCTS[world.product_of_line[n]] == found.product
        assert found.id.startswith(f"{found.firm}_{found.product}")


def test_the_world_is_built_once_read_only_and_travels_to_workers(world: World) -> None:
    assert load_world() is world
    with pytest.raises(ValueError, match="read-only"):
        world.base_flow[0, 0, 0] = 1.0
    copy = pickle.loads(pickle.dumps(world))
    assert np.array_equal(copy.base_flow, world.base_flow)
    assert copy.lines == world.lines


def test_a_part_of_the_months_is_the_same_part_of_the_paths(world: World) -> None:
    part = load_world(date(2020, 3, 1), date(2021, 2, 1))
    at = slice(38, 50)
    assert part.months == world.months[at]
    for name in (*PATHS, "fx_per_usd"):
        np.testing.assert_allclose(getattr(part, name), getattr(world, name)[..., at], rtol=1e-12)


def test_months_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(InputError, match="swap"):
        load_world(date(2020, 1, 1), date(2019, 1, 1))


def test_every_place_has_a_row_for_maps(world: World) -> None:
    for site in world.site_table:
        assert site["place"] in COUNTRIES
        assert -90.0 <= float(site["latitude"]) <= 90.0


def test_every_product_of_a_japanese_firm_has_a_line(world: World) -> None:
    """All but large cars, which have no line of their own, and metals, which only the law knows."""
    made = {found.product for found in world.lines}
    assert made == set(PRODUCTS) - {"cars_large", "metals"}
