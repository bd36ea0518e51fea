"""Paths start at the base, meet their yearly figures and hold their last value."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.axes import COUNTRY_INDEX, VEHICLES, month_range
from sim.data.dataset import load_dataset
from sim.world import car_kinds, demand, paths
from sim.world.build import load_world
from sim.world.footprint import read_lines

MONTHS = month_range(date(2017, 1, 1), date(2030, 12, 1))


@given(st.lists(st.floats(0.5, 2.0), min_size=1, max_size=8))
def test_a_matched_path_has_the_mean_of_every_year(values: list[float]) -> None:
    years = {2017: 1.0} | {2018 + n: value for n, value in enumerate(values)}
    path = paths.matched_path(MONTHS, years)
    for year, value in years.items():
        at = (year - 2017) * 12
        assert path[at : at + 12].mean() == pytest.approx(value, rel=1e-6)
    held = path[(max(years) - 2017) * 12 + 6 :]
    assert np.all(held == held[0])


def test_a_yearly_path_is_flat_in_the_base_year_and_held_at_the_end() -> None:
    path = paths.yearly_path(MONTHS, {2017: 1.0, 2019: 4.0}, log=True)
    assert np.all(path[:12] == 1.0)
    assert np.all(path[30:] == pytest.approx(4.0))
    assert np.all(np.diff(path) >= 0.0)


def test_wages_compound_at_the_rate_of_the_table() -> None:
    wages = paths.wage_indices(load_dataset(), MONTHS)[COUNTRY_INDEX["CN"]]
    assert wages[23] / wages[11] == pytest.approx(1.072)
    assert wages[95] / wages[83] == pytest.approx(1.072)
    assert wages[-1] / wages[-13] == pytest.approx(1.051)


def test_prices_grow_by_the_declared_rate_after_the_record() -> None:
    levels = paths.price_levels(load_dataset(), MONTHS, 0.02)
    assert levels[:, 150] / levels[:, 138] == pytest.approx(1.02)


def test_tool_spending_is_the_quarter_at_2017_prices_over_the_mean_of_2017_to_2020() -> None:
    spending = demand.tool_spending(load_dataset(), MONTHS)[COUNTRY_INDEX["CN"]]
    base = (2.01 + 2.51 + 1.93 + 1.77) / 4.0
    assert np.all(spending[:12] == 1.0)
    prices = paths.price_levels(load_dataset(), MONTHS, 0.0)[COUNTRY_INDEX["US"]]
    month = (2020 - 2017) * 12 + 7
    assert spending[month] == pytest.approx(5.62 / base / prices[month])


def test_after_2020_china_buys_in_its_ratio_to_all_others_and_its_own_record_is_not_read() -> None:
    data = load_dataset()
    spending = demand.tool_spending(data, MONTHS)
    rows = {(row.text("region"), row.text("quarter")): row for row in data["equipment_billings"]}
    billed = {key: row.number("billings_usd_bn") for key, row in rows.items()}
    regions = sorted({region for region, _ in billed} - {"CN"})

    def others(quarter: str) -> float:
        return sum(billed[region, quarter] for region in regions)

    year = [f"2020Q{q}" for q in (1, 2, 3, 4)]
    ratio = sum(billed["CN", q] for q in year) / sum(others(q) for q in year)
    base = sum(billed["CN", f"2017Q{q}"] for q in (1, 2, 3, 4)) / 4.0
    prices = paths.price_levels(data, MONTHS, 0.0)[COUNTRY_INDEX["US"]]
    at = (2023 - 2017) * 12 + 7
    wished = ratio * others("2023Q3") / base / prices[at]
    assert spending[COUNTRY_INDEX["CN"], at] == pytest.approx(wished)
    parts = spending[:, at] / spending[:, at + 12]
    np.testing.assert_allclose(parts, parts[0], rtol=1e-12)
    assert np.all(spending[:, -60:] == spending[:, [-60]])


def test_countries_without_their_own_billings_follow_their_region() -> None:
    spending = demand.tool_spending(load_dataset(), MONTHS)
    assert np.array_equal(spending[COUNTRY_INDEX["MX"]], spending[COUNTRY_INDEX["US"]])
    assert np.array_equal(spending[COUNTRY_INDEX["MY"]], spending[COUNTRY_INDEX["ROW"]])


def test_rivals_leave_what_the_kinds_say() -> None:
    """One line, one month, by hand: Nissan in China in July 2022; parts within kinds are held."""
    data = load_dataset()
    month = (date(2022, 7, 1),)
    lines = tuple(line for line in read_lines(data) if line.id == "nissan_cars")
    at = 0.5 / 12.0
    battery = 0.2032 + (0.2306 - 0.2032) * at
    plug_in = 0.0575 + (0.0967 - 0.0575) * at
    hybrid = 0.022 + (0.026 - 0.022) * (1.0 + at) / 2.0
    petrol = 1.0 - battery - plug_in - hybrid

    def in_petrol(total: float, hybrid: float, plug_in: float, battery: float) -> float:
        others = 0.1 * hybrid + 0.9 * plug_in + 0.83 * battery
        return (total - others) / (1.0 - hybrid - plug_in - battery)

    base = in_petrol(0.439, 0.007, 0.0045, 0.0233)
    held = in_petrol(0.384, 0.017, 0.0103, 0.0459)
    sold = (
        0.9925 * petrol / (1.0 - 0.007 - 0.0045 - 0.0233) * (1.0 - held) / (1.0 - base),
        0.005 * hybrid / 0.007,
        0.0005 * plug_in / 0.0045,
        0.002 * battery / 0.0233,
    )
    factor, price = car_kinds.rival_paths(data, lines, month)
    china = 0, COUNTRY_INDEX["CN"], 0
    assert factor[china] == pytest.approx(sum(sold), rel=1e-9)
    log = [np.log(0.972) + np.log(now / 0.972) * at for now in (0.941, 0.941, 0.921, 0.921)]
    weighted = sum(part * one for part, one in zip(sold, log, strict=True)) / sum(sold)
    assert price[china] == pytest.approx(np.exp(weighted), rel=1e-9)


def test_makers_fare_in_china_by_what_they_sell() -> None:
    """As the market leaves petrol a maker of hybrids keeps more than one of petrol cars alone."""
    world = load_world()
    names = [line.id for line in world.lines]
    keeps = world.rival_factor[:, COUNTRY_INDEX["CN"], -1]
    toyota, honda, mazda = (
        keeps[names.index(name)] for name in ("toyota_cars", "honda_cars", "mazda_cars")
    )
    assert mazda < 0.9 * honda < 0.8 * toyota < 0.8


def test_no_rivals_of_later_years_enter_but_their_prices_and_the_kinds_of_the_market() -> None:
    """How the parts of Chinese brands went on after 2020 is for the model to say."""
    rows = load_dataset().where("rivals", market="CN", series="rival_share")
    assert max(row.integer("year") for row in rows) == 2020


def test_rivals_touch_cars_in_china_and_thailand_only() -> None:
    world = load_world()
    touched = np.argwhere((world.rival_factor != 1.0).any(axis=2))
    assert {int(j) for _, j in touched} == {COUNTRY_INDEX["CN"], COUNTRY_INDEX["TH"]}
    assert {world.lines[n].product for n, _ in touched} == {"cars"}


def test_trend_times_rivals_is_the_recorded_share() -> None:
    """Toyota in Thailand in 2024: 220,356 of 572,675, against 240,091 of 871,647."""
    world = load_world()
    n = [line.id for line in world.lines].index("toyota_cars")
    share = (world.brand_trend * world.rival_factor)[n, COUNTRY_INDEX["TH"], -1]
    assert share == pytest.approx((220356 / 572675) / (240091 / 871647), rel=1e-6)


def test_a_year_counts_only_when_every_brand_of_the_line_is_known() -> None:
    """Daihatsu in Japan is known for 2023 and 2024, Toyota also for 2019 to 2021."""
    world = load_world()
    n = [line.id for line in world.lines].index("toyota_cars")
    trend = np.log(world.brand_trend[n, COUNTRY_INDEX["JP"]])
    steps = np.diff(trend[12:78])
    assert np.allclose(steps, steps[0])


def test_brand_trends_leave_china_and_goods_alone() -> None:
    world = load_world()
    assert np.all(world.brand_trend[:, COUNTRY_INDEX["CN"]] == 1.0)
    goods = [n for n, line in enumerate(world.lines) if line.product not in VEHICLES]
    assert np.all(world.brand_trend[goods] == 1.0)
    assert np.all(world.rival_factor[goods] == 1.0)


def test_light_trucks_follow_their_brand_and_battery_cars_their_own_record() -> None:
    """Hilux falls in Thailand as Toyota does; the Leaf's part of battery cars of 2020 is held."""
    world = load_world()
    names = [line.id for line in world.lines]
    cars, trucks, leaf = (
        names.index(name) for name in ("toyota_cars", "toyota_light_trucks", "nissan_cars_bev")
    )
    thailand, us = COUNTRY_INDEX["TH"], COUNTRY_INDEX["US"]
    share = world.brand_trend * world.rival_factor
    np.testing.assert_allclose(share[trucks, thailand], share[cars, thailand], rtol=1e-12)
    np.testing.assert_array_equal(world.market_index[trucks], world.market_index[cars])
    assert world.brand_trend[leaf, us, -1] == pytest.approx((9564 / 240053) / (11230 / 104487))
    assert world.market_index[leaf, us, -1] == pytest.approx(1301411 / 104487, rel=0.15)


def test_energy_follows_its_table_then_the_consumer_prices_of_the_country() -> None:
    data = load_dataset()
    energy = paths.energy_indices(data, MONTHS, 0.02)
    levels = paths.price_levels(data, MONTHS, 0.02)
    assert np.all(energy[:, :12] == 1.0)
    korea = energy[COUNTRY_INDEX["KR"]]
    in_2023 = (2023 - 2017) * 12
    assert korea[in_2023 + 5 : in_2023 + 7].mean() == pytest.approx(153.71 / 107.41, rel=5e-3)
    after = slice((2026 - 2017) * 12, None)
    real = energy[:, after] / levels[:, after]
    assert np.all(real == pytest.approx(real[:, :1].repeat(real.shape[1], axis=1)))
    np.testing.assert_array_equal(load_world().energy_index, energy)


def test_kinds_of_cars_are_shares_of_every_market() -> None:
    kinds = load_world().car_kinds
    assert kinds is not None
    np.testing.assert_allclose(kinds.share.sum(axis=0), 1.0, rtol=1e-12)
    assert np.all(kinds.share >= 0.0)
    assert np.all((kinds.rivals >= 0.0) & (kinds.rivals < 1.0))
    china = kinds.share[:, COUNTRY_INDEX["CN"]]
    assert np.all(china[3, :12] == 0.0233)
    assert china[3, (2024 - 2017) * 12 + 5 : (2024 - 2017) * 12 + 7].mean() == pytest.approx(
        0.2717, rel=5e-3
    )
    assert np.all(china[2, -60:] == pytest.approx(0.2032))
    elsewhere = np.delete(kinds.share, COUNTRY_INDEX["CN"], axis=1)
    assert np.all(elsewhere[0] == 1.0)
