"""Markets of goods: whose figures a place takes, at which prices, and what is told as unknown."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from sim.axes import COUNTRIES, COUNTRY_INDEX, month_range
from sim.data.dataset import load_dataset
from sim.world.build import load_world
from sim.world.footprint import read_lines
from sim.world.goods import goods_sizes, unknown_markets

MONTHS = month_range(date(2017, 1, 1), date(2030, 12, 1))


def sizes(line: str, year: int) -> dict[str, float]:
    data = load_dataset()
    lines = tuple(one for one in read_lines(data) if one.id == line)
    at = (year - 2017) * 12
    path = goods_sizes(data, lines, MONTHS)[0, :, at : at + 12].mean(axis=1)
    return dict(zip(COUNTRIES, path, strict=True))


def test_a_place_takes_its_own_figure_then_its_regions_then_the_worlds() -> None:
    """Air conditioners of 2021: Japan, South East Asia and, the rest, the world."""
    size = sizes("daikin_machinery", 2021)
    assert size["JP"] == pytest.approx(10_201 / 9_950, rel=1e-6)
    assert size["TH"] == size["VN"] == pytest.approx(17_987 / 16_880, rel=1e-6)
    assert size["MX"] == pytest.approx(6_547 / 6_990, rel=1e-6)
    assert size["ROW"] == pytest.approx(110_041 / 110_970, rel=1e-6)


def test_money_of_a_place_counts_at_its_own_prices_and_that_of_the_world_in_dollars() -> None:
    """Office machines of 2022: the yen at home is not the yen abroad."""
    size, world = sizes("ricoh_printers", 2022), load_world()
    of_2022 = slice((2022 - 2017) * 12, (2023 - 2017) * 12)
    japan, us = COUNTRY_INDEX["JP"], COUNTRY_INDEX["US"]
    yen, price = world.fx_per_usd[japan], world.price_level
    at_home = 347.9 / 392.1 / price[japan, of_2022].mean()
    abroad = 1_515.8 / 1_063.7 * yen[:12].mean() / yen[of_2022].mean() / price[us, of_2022].mean()
    assert size["JP"] == pytest.approx(at_home, rel=1e-4)
    assert size["US"] == size["CN"] == pytest.approx(abroad, rel=1e-3)


def test_every_market_starts_at_its_base_and_holds_its_last_year() -> None:
    size = load_world().market_index
    assert np.all(size[:, :, :12] == pytest.approx(1.0))
    assert np.all(size > 0.0)
    goods = [one.product not in {"cars", "chip_tools"} for one in load_world().lines]
    np.testing.assert_array_equal(size[goods, :, -60], size[goods, :, -1])


def test_a_market_without_figures_stays_as_it_was_and_is_told(kyoten_check: Any) -> None:
    gaps = dict(unknown_markets(load_dataset()))
    assert set(sizes("makita_machinery", 2024).values()) == {1.0}
    assert gaps["makita_machinery"] == COUNTRIES
    assert "JP" not in gaps["casio_consumer_electronics"]
    assert "US" in gaps["casio_consumer_electronics"]
    assert not {"denso_auto_parts", "tokyo_electron_chip_tools", "daikin_machinery"} & set(gaps)
    told = {row["line"]: row["markets"] for row in kyoten_check["unknown_markets"]}
    assert told["makita_machinery"] == list(COUNTRIES)


def test_no_figure_of_a_firm_of_its_own_drives_a_market() -> None:
    """Sales of one maker's own goods would score that maker with its record."""
    told = " ".join(
        row.text(name) for row in load_dataset()["goods_markets"] for name in ("note", "path")
    ).lower()
    for firm in ("nintendo", "switch", "playstation", "sony", "caterpillar"):
        assert firm not in told


@pytest.fixture
def kyoten_check() -> dict[str, Any]:
    from sim.cli.check import _report

    return _report(load_dataset(), load_world())
