"""Tables of trade: groups that customs count, their totals, and the group that holds each good."""

from __future__ import annotations

from collections.abc import Mapping

from sim.axes import PRODUCTS
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
TRADE_TABLES: tuple[Spec, ...] = (TRADE_GROUPS, TRADE_TOTALS, TRADE_HOLDERS)


def wider_groups(parents: Mapping[str, str], group: str) -> tuple[str, ...]:
    """The group, the one that holds it, and so on; ends where a circle would begin.

    >>> wider_groups({"cars": "vehicles", "vehicles": ""}, "cars")
    ('cars', 'vehicles')
    """
    found = [group]
    while (wide := parents.get(found[-1], "")) and wide not in found:
        found.append(wide)
    return tuple(found)
