"""Tables of trade that bound the base year, and of surveys of makers abroad that judge it."""

from __future__ import annotations

from collections.abc import Mapping

from sim.axes import COUNTRIES, PRODUCTS
from sim.data.columns import Field, Spec
from sim.data.shared_columns import CLASS, MARKET, ORIGIN, YEAR, amount, share, spec

BASES = ("us_imports", "us_imports_naics", "japan_exports")
"""Who counts and how: US imports by HS and by industry, Japan's exports by principal commodity."""
_GROUP = Field("group", refers="trade_groups.group")
TRADE_GROUPS = spec(
    "trade_groups", "group", Field("group"), Field("basis", choices=BASES), Field("codes"),
    Field("within", required=False, refers="trade_groups.group"), share("tolerance"), Field("name"),
)  # fmt: skip
"""``within``: the wider group that holds it; ``tolerance``: part that ships at sea, classes and
exchange rates may put a year's flow above it."""
TRADE_TOTALS = spec(
    "trade_totals", "group origin market year", _GROUP, ORIGIN, MARKET, YEAR,
    amount("value"), Field("currency", choices=("USD", "JPY")),
)  # fmt: skip
TRADE_HOLDERS = spec(
    "trade_holders", "product line_class line group", Field("product", choices=PRODUCTS), CLASS,
    Field("line", required=False, refers="lines.id"), _GROUP,
)  # fmt: skip
"""Groups that hold the goods of a product and class; rows of a line stand for that line alone."""
REGIONS = ("world", "asia", "north_america", "europe")
"""Regions of the surveys of makers abroad; Mexico is in none of the last three."""
AFFILIATE_MEASURES = (
    "sales_usd", "sales_share", "sales_growth", "local_parts", "japan_parts", "us_share_of_exports",
)  # fmt: skip
AFFILIATES = spec(
    "affiliates", "place measure year quarter",
    Field("place", choices=(*REGIONS, *COUNTRIES)), Field("measure", choices=AFFILIATE_MEASURES),
    YEAR, Field("quarter", "integer", False, 1, 4), Field("value", "number"),
)  # fmt: skip
"""What surveys tell of all Japanese makers abroad: sales by region, where parts are bought."""
TRADE_TABLES: tuple[Spec, ...] = (TRADE_GROUPS, TRADE_TOTALS, TRADE_HOLDERS, AFFILIATES)


def wider_groups(parents: Mapping[str, str], group: str) -> tuple[str, ...]:
    """The group, the one that holds it, and so on; ends where a circle would begin.

    >>> wider_groups({"cars": "vehicles", "vehicles": ""}, "cars")
    ('cars', 'vehicles')
    """
    found = [group]
    while (wide := parents.get(found[-1], "")) and wide not in found:
        found.append(wide)
    return tuple(found)
