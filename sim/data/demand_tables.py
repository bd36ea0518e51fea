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

KINDS = ("petrol", "hybrid", "plug_in", "battery")
"""Kinds of cars by drive, petrol (and diesel) first."""
PARTNER_KINDS = ("plug_in", "battery")
"""Kinds of cars that are launched with a partner's technology."""
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
    "rivals", "market series kind year", MARKET,
    Field("series", choices=("kind_share", "rival_share")),
    Field("kind", choices=(*KINDS, ALL)), YEAR, *spread(share("share")),
    ranges=ranged("share"),
)  # fmt: skip
RIVAL_PRICES = spec(
    "rival_prices", "market kind year", MARKET, Field("kind", choices=KINDS), YEAR,
    *spread(Field("index_2017", "number", low=1e-3)), ranges=ranged("index_2017"),
)  # fmt: skip
KIND_MIX = spec(
    "kind_mix", "line market kind", LINE, MARKET, Field("kind", choices=KINDS),
    *spread(share("share")), ranges=ranged("share"),
)  # fmt: skip
BRAND_SALES = spec(
    "brand_sales", "brand market year", Field("brand"), MARKET, YEAR, amount("sales_units")
)
PARTNER_FIELDS_TABLE = spec(
    "partner_fields", "field", Field("field", choices=PARTNER_FIELDS),
    share("content"), share("content_low"), share("content_high"),
    share("appeal"), share("appeal_low"), share("appeal_high"),
    Field("lead_months", "integer", low=1, high=120), amount("lead_low"), amount("lead_high"),
    ranges=(
        ("content", "content_low", "content_high"), ("appeal", "appeal_low", "appeal_high"),
        ("lead_months", "lead_low", "lead_high"),
    ),
)  # fmt: skip
PARTNERSHIPS = spec(
    "partnerships", "line partner field", LINE, Field("partner"),
    Field("field", choices=PARTNER_FIELDS, refers="partner_fields.field"),
    Field("kind", choices=PARTNER_KINDS), Field("offered_from", "month"),
    Field("agreed", "month", False),
)  # fmt: skip

DEMAND_TABLES: tuple[Spec, ...] = (
    GOODS_MARKETS, MARKET_REGIONS_TABLE, MARKET_SIZE, RIVALS, RIVAL_PRICES, KIND_MIX,
    BRAND_SALES, PARTNER_FIELDS_TABLE, PARTNERSHIPS,
)  # fmt: skip
"""Tables of this module, the ones that others refer to first."""
