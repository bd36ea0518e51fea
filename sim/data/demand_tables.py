"""Tables of demand: the size of markets, who sells what in them, and partners on offer."""

from __future__ import annotations

from sim.axes import COUNTRIES
from sim.data.columns import Field, Spec
from sim.data.shared_columns import (
    ALL,
    LINE,
    MARKET,
    PLACE,
    YEAR,
    amount,
    ranged,
    share,
    spec,
    spread,
)

SEGMENTS = ("mass", "hybrid", "bev")
PARTNER_FIELDS = ("platform", "driving", "cockpit", "battery")
"""What a technology partner brings to a car: a line has one partner a field."""
WORLD_MARKET = "world"
MARKET_REGIONS = ("asia", "asia_ex_china_japan", "north_america", "latin_america", "abroad")
"""Regions that statistics on markets of goods know; ``abroad`` is all but Japan."""
GOODS_MARKETS = spec(
    "goods_markets", "path place year", Field("path"),
    Field("place", choices=(*COUNTRIES, *MARKET_REGIONS, WORLD_MARKET)), YEAR,
    *spread(Field("amount", "number", low=1e-9)), Field("unit", choices=("units", "JPY", "USD")),
    ranges=ranged("amount"),
)  # fmt: skip
MARKET_REGIONS_TABLE = spec(
    "market_regions", "region country", Field("region", choices=MARKET_REGIONS), PLACE
)
MARKET_SIZE = spec("market_size", "market year", MARKET, YEAR, amount("sales_units"))
RIVALS = spec(
    "rivals", "market series segment year", MARKET,
    Field("series", choices=("segment_share", "rival_share")),
    Field("segment", choices=(*SEGMENTS, ALL)), YEAR, *spread(share("share")),
    ranges=ranged("share"),
)  # fmt: skip
SEGMENT_MIX = spec(
    "segment_mix", "line market segment", LINE, MARKET, Field("segment", choices=SEGMENTS),
    *spread(share("share")), ranges=ranged("share"),
)  # fmt: skip
BRAND_SALES = spec(
    "brand_sales", "brand market year", Field("brand"), MARKET, YEAR, amount("sales_units")
)
PARTNERSHIPS = spec(
    "partnerships", "line partner field", LINE, Field("partner"),
    Field("field", choices=PARTNER_FIELDS), Field("offered_from", "month"),
    Field("agreed", "month", False),
)  # fmt: skip

DEMAND_TABLES: tuple[Spec, ...] = (
    GOODS_MARKETS, MARKET_REGIONS_TABLE, MARKET_SIZE, RIVALS, SEGMENT_MIX, BRAND_SALES,
    PARTNERSHIPS,
)  # fmt: skip
"""Tables of this module, the ones that others refer to first."""
