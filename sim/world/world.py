"""The world in its base year and the exogenous paths it is given: read-only arrays, no lanes.

Built by :func:`sim.world.build.load_world` from ``sim/data/world``; the engine copies what changes
into its own state. Axis letters are those of :mod:`sim.axes`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats
from sim.world.car_kinds import CarKinds
from sim.world.customers import ToolMarket
from sim.world.lines import Firm, Line, Partnership, PlantPartners
from sim.world.parameter_table import Parameter


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """Base year 2017 and exogenous monthly paths.

    Quantities are ``units`` a year: vehicles for cars, USD at 2017 prices for everything else.
    Months before the end of a source's data are the record; after it the last value is held
    (``fx_known_months`` says how far exchange rates are known: the engine draws them afterwards).
    """

    months: tuple[date, ...]
    firms: tuple[Firm, ...]
    lines: tuple[Line, ...]
    firm_of_line: NDArray[np.int64]
    """int64[N]: index of the line's firm."""
    product_of_line: NDArray[np.int64]
    """int64[N]: index into :data:`sim.axes.PRODUCTS`."""
    parts_product_of_line: NDArray[np.int64]
    """int64[N]: product whose duty the line's imported parts pay."""

    base_flow: Floats
    """float64[N, I, J], units a year: fitted base flows, biproportional to output and sales."""
    base_capacity: Floats
    """float64[N, I], units a year: stated, or output / 0.88 where missing or below output."""
    site_count: NDArray[np.int64]
    """int64[N, I]: plants that make up the capacity (at least 1 where capacity is positive)."""
    lump_units: Floats
    """float64[N, I], units a year: the smallest piece that is built or closed, a real plant."""
    price_usd: Floats
    """float64[N]: ex-works (transfer) price of one unit in 2017, USD."""
    retail_markup: Floats
    """float64[N]: consumer price over landed price in 2017."""
    parts_source: Floats
    """float64[N, I, 3]: share of parts bought from China, Japan and local suppliers."""
    freight_share: Floats
    """float64[N, I, J]: freight over price in 2017; 0 on the diagonal."""
    sea_months: NDArray[np.int64]
    """int64[I, J]: whole months at sea, 0..2."""
    preference_share: Floats
    """float64[N, I, J]: share of the flow that claims the best trade preference (an estimate)."""
    candidate: NDArray[np.bool_]
    """bool[N, I]: places where a programme may go: every country, and not the rest of the world."""
    contract_maker: NDArray[np.bool_]
    """bool[N, I]: places where the class has contract makers (``ems``)."""
    equity_share: Floats
    """float64[N, I]: the firm's share in the line's business there; below 1 in joint ventures."""

    market_index: Floats
    """float64[N, J, T]: market size over 2017."""
    rival_factor: Floats
    """float64[N, J, T]: what Chinese rivals' rise, kind by kind, leaves of the 2017 share."""
    rival_price: Floats
    """float64[N, J, T]: what rivals charge in the kinds that the line sells, over 2017."""
    brand_trend: Floats
    """float64[N, J, T]: declared brand trend over 2017 (an input, outside China, to 2024)."""
    wage_index: Floats
    """float64[I, T]: manufacturing wage in local currency, 2017 = 1."""
    energy_index: Floats
    """float64[I, T]: price of electricity for industry in local currency, 2017 = 1."""
    price_level: Floats
    """float64[I, T]: consumer prices in local currency, 2017 = 1."""
    fx_per_usd: Floats
    """float64[I, T]: local currency per USD."""
    fx_known_months: int
    """Months of :attr:`fx_per_usd` that are the record."""
    freight_index: Floats
    """float64[T]: ocean freight over 2017."""

    host_wage: Floats
    """float64[I], USD a month: pay in manufacturing in 2017; NaN for the rest of the world."""
    host_workforce: Floats
    """float64[I, T], people at work in manufacturing; NaN for the rest of the world."""
    labour_supply: Floats
    """float64[I]: elasticity of the number of workers to pay; NaN for the rest of the world."""
    days_from_japan: Floats
    """float64[I]: days at sea from headquarters."""

    content_relief: Floats
    """float64[T]: share of US-content claims that customs has accepted (0 before mid 2025)."""
    parts_duty_share: Floats
    """float64[I]: share of imported parts that pay duty (0 where export zones refund it)."""

    parameters: Mapping[str, Floats]
    """Parameter name -> float64[N]: default value for every line (see ``parameters.csv``)."""
    sales_scale: Mapping[str, float]
    """Firm id -> factor by which its sales were scaled to its output (printed by ``check``)."""
    site_table: tuple[Mapping[str, str], ...]
    """Rows of ``plants.csv`` with coordinates, for maps."""
    tools: ToolMarket | None = None
    """Buyers of chip tools; None in a world without makers of them."""
    market_units: Floats | None = None
    """float64[N, J], units in 2017: size of the product's whole market, NaN where it is not in the
    data; None where it is nowhere."""
    product_sales: Floats | None = None
    """float64[N, J], units a year: base sales of all lines of the line's product; None where the
    world holds every line, so that its own flows say it (a narrowed world keeps the whole's)."""
    car_kinds: CarKinds | None = None
    """Kinds of every car market and rivals in them; None in a world without partnerships."""
    partnerships: tuple[Partnership, ...] = ()
    """Technology partners on offer, in the order of ``partnerships.csv``."""
    plant_partners: tuple[PlantPartners, ...] = ()
    """Firms that share plants sooner than others."""
    parameter_rows: tuple[Parameter, ...] = ()
    """Rows of the table of parameters: ranges, and kinds that say which values have a meaning."""
