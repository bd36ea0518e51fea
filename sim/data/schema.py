"""Every table under ``sim/data/world``: its columns, their kinds, bounds and references."""

from __future__ import annotations

from sim.axes import COUNTRIES, CURRENCIES, LAW_COUNTRIES, PLACES, PRODUCTS
from sim.data.columns import Field, Spec
from sim.data.demand_tables import DEMAND_TABLES
from sim.data.evidence import CONFIDENCE, EVIDENCE
from sim.data.kinds import KINDS, SETTLED
from sim.data.shared_columns import (
    CLASS,
    LINE,
    MARKET,
    MONTH,
    ORIGIN,
    PLACE,
    YEAR,
    amount,
    ranged,
    share,
    spec,
    spread,
)
from sim.data.trade_tables import TRADE_TABLES

SECTORS = (
    "carmaker",
    "parts",
    "electronics",
    "consumer_goods",
    "machinery",
    "components",
    "chip_equipment",
)
PRODUCT_SECTORS = ("vehicles", "vehicle_parts", "electronics", "components", "machinery", "chips")
BOOK_SEGMENTS = ("home", "north_america", "china", "asean", "other")
"""Segments of a firm's books; :data:`sim.tables.SEGMENTS` adds their total."""
NODE_GROUPS = ("advanced", "mature")
"""Chip makers by what they buy: classes of tools are mixed by group."""
PREFERENCE_GROUPS = ("cars", "auto", "goods")
"""Groups of line classes that share an agreement's use."""
HOST_MEASURES = ("wage", "workforce", "labour_supply")
"""Pay in manufacturing (USD a month), people at work in it (million), their elasticity to pay."""
BLOCKS: dict[str, tuple[str, ...]] = {
    block: tuple(one.code for one in PLACES if one.segment == block)
    for block in ("north_america", "asean")
}
"""Trade blocks that a row of ``flow_prior`` may name."""
FIRMS = Spec(
    "firms",
    (
        Field("id"),
        Field("name"),
        Field("sector", choices=SECTORS),
        Field("headquarters", required=False),
        Field("fiscal_year_start", "integer", required=False, low=1, high=12, optional=True),
        Field("group", required=False, optional=True),
    ),
    ("id",),
)
PRODUCTS_TABLE = Spec(
    "products", (
        Field("product", choices=PRODUCTS), Field("name"), Field("also", required=False),
        Field("sector", choices=PRODUCT_SECTORS), Field("vehicle", choices=("yes", "no")),
    ), ("product",),
)  # fmt: skip
LINES = spec(
    "lines",
    "id",
    Field("id"),
    Field("firm", refers="firms.id"),
    Field("product", choices=PRODUCTS),
    CLASS,
    Field("name"),
    Field("parts_product", choices=PRODUCTS),
    Field("market_path", required=False, optional=True, refers="goods_markets.path"),
    amount("base_output_usd", False),
    amount("base_output_low", False),
    amount("base_output_high", False),
    Field("price_usd", "number", low=1e-9),
    amount("price_low"),
    amount("price_high"),
    ranges=(
        ("base_output_usd", "base_output_low", "base_output_high"),
        ("price_usd", "price_low", "price_high"),
    ),
)
LINE_CLASSES = spec(
    "line_classes",
    "id",
    Field("id"),
    Field("retail_markup", "number", low=1.0),
    amount("markup_low"),
    amount("markup_high"),
    amount("cargo_value_usd", False),
    amount("cargo_low", False),
    amount("cargo_high", False),
    share("customs_share"),
    share("customs_low"),
    share("customs_high"),
    ranges=(
        ("retail_markup", "markup_low", "markup_high"),
        ("cargo_value_usd", "cargo_low", "cargo_high"),
        ("customs_share", "customs_low", "customs_high"),
    ),
)
OUTPUT = spec(
    "output_2017", "line country", LINE, PLACE, *spread(amount("quantity")),
    Field("unit", choices=("vehicles", "share")), ranges=ranged("quantity"),
)  # fmt: skip
SALES = spec(
    "sales_2017", "line market", LINE, MARKET, *spread(amount("quantity")),
    Field("unit", choices=("vehicles", "share")), ranges=ranged("quantity"),
)  # fmt: skip
FLOW_FACTS = spec(
    "flow_facts", "line origin market", LINE, ORIGIN, MARKET,
    Field("of", choices=("sales", "output")), *spread(share("share")), ranges=ranged("share"),
)  # fmt: skip
FLOW_PRIOR = spec(
    "flow_prior",
    "order",
    Field("order", "integer", low=1),
    Field("group", choices=PREFERENCE_GROUPS),
    Field("origin", choices=(*COUNTRIES, *BLOCKS, "*")),
    Field("market", choices=(*COUNTRIES, *BLOCKS, "*", "home")),
    amount("weight"),
)
CAPACITY = spec(
    "capacity_2017", "line country", LINE, PLACE, *spread(amount("capacity_units")),
    ranges=ranged("capacity_units"),
)  # fmt: skip
PLANTS = spec(
    "plants", "firm plant country",
    Field("firm", refers="firms.id"), Field("line", required=False, refers="lines.id"),
    Field("plant"), Field("country"), Field("place", choices=COUNTRIES), Field("city"),
    Field("latitude", "number", low=-90, high=90), Field("longitude", "number", low=-180, high=180),
    Field("kind", choices=("plant", "aggregate")), amount("capacity_units", False),
    Field("capacity_confidence", required=False, choices=CONFIDENCE),
    Field("capacity_year", "integer", False, 1990, 2030),
    Field("opened_year", "integer", False, 1850, 2030),
    Field("closed_year", "integer", False, 1850, 2030), Field("ownership", required=False),
)  # fmt: skip
_YES_NO = ("yes", "no")
COUNTRIES_TABLE = spec(
    "countries", "country",
    Field("country", choices=LAW_COUNTRIES), Field("name"), Field("also", required=False),
    Field("article", required=False, choices=("the",)),
    Field("role", choices=("simulated", "law_only")), Field("currency"),
    Field("segment", required=False, choices=BOOK_SEGMENTS),
    Field("billings_region", required=False, choices=COUNTRIES),
    Field("government", required=False, choices=_YES_NO),
    Field("longitude", "number", False, -180, 180), Field("latitude", "number", False, -90, 90),
    Field("maps", required=False, choices=("world", "asia", "asia_and_world")),
    Field("label_side", required=False,
          choices=tuple(f"{row} {side}" for row in ("top", "middle", "bottom")
                        for side in ("left", "center", "right"))),
    Field("colour", required=False), amount("gdp_2017_usd_bn", False),
    share("parts_duty_share", False), share("parts_duty_low", False),
    share("parts_duty_high", False),
    Field("parts_duty_note", required=False),
    ranges=(("parts_duty_share", "parts_duty_low", "parts_duty_high"),),
)  # fmt: skip
FINANCIALS = spec(
    "financials", "firm fiscal_year_end item", Field("firm", refers="firms.id"),
    Field("fiscal_year_end"), Field("item"), Field("value_jpy_bn", "number"),
)  # fmt: skip
FX = spec(
    "fx_monthly", "currency month", MONTH,
    Field("currency", choices=tuple(sorted(set(CURRENCIES.values())))),
    Field("units_per_usd", "number", low=1e-6),
)  # fmt: skip
PRICES = spec("price_levels", "country year", PLACE, YEAR, Field("index_2017", "number", low=1e-3))
WAGES = spec(
    "wage_growth", "country from_year", PLACE,
    Field("from_year", "integer", low=2017, high=2100),
    Field("to_year", "integer", False, 2017, 2100),
    *spread(Field("growth_per_year", "number", low=-0.5, high=0.5)),
    ranges=ranged("growth_per_year"),
)  # fmt: skip
ENERGY = spec("energy_prices", "country year", PLACE, YEAR, Field("price", "number", low=1e-6))
BILLINGS = spec(
    "equipment_billings", "quarter region", Field("quarter"), Field("region", choices=COUNTRIES),
    amount("billings_usd_bn"),
)  # fmt: skip
CONNECTIONS = spec(
    "connections", "origin market", ORIGIN, MARKET, Field("mode", choices=("sea", "land")),
    amount("sailing_days", False),
)  # fmt: skip
FREIGHT_RATES = spec(
    "freight_rates", "rate", Field("rate"), *spread(amount("value")), Field("unit"),
    ranges=ranged("value"),
)  # fmt: skip
FREIGHT_INDEX = spec(
    "freight_index", "month", MONTH, *spread(Field("index_2017", "number", low=0.1)),
    ranges=ranged("index_2017"),
)  # fmt: skip
CONTENT_RELIEF = spec(
    "content_relief", "month", MONTH, *spread(share("share")), ranges=ranged("share")
)
PREFERENCES = spec(
    "preference_shares", "group origin market", Field("group", choices=PREFERENCE_GROUPS),
    ORIGIN, MARKET, *spread(share("share")), ranges=ranged("share"),
)  # fmt: skip
PARTS_SOURCES = spec(
    "parts_sources", "line_class country", CLASS, Field("country", choices=(*COUNTRIES, "*")),
    share("china_share"), share("japan_share"), share("local_share"), share("china_low"),
    share("china_high"), ranges=(("china_share", "china_low", "china_high"),),
)  # fmt: skip
CONTRACT_MAKERS = spec("contract_makers", "line_class country", CLASS, PLACE)
HOSTS = spec(
    "hosts", "country measure year", PLACE, Field("measure", choices=HOST_MEASURES), YEAR,
    *spread(Field("value", "number", low=1e-6)), ranges=ranged("value"),
)  # fmt: skip
PARAMETERS = spec(
    "parameters", "parameter scope", Field("parameter"), Field("scope"),
    *spread(Field("value", "number", False)), Field("unit"),
    Field("kind", choices=tuple(KINDS)), Field("settled", choices=SETTLED),
    Field("by", choices=("class", "all")), ranges=ranged("value"),
)  # fmt: skip
CALIBRATED = Spec(
    "calibrated",
    (
        Field("parameter", refers="parameters.parameter"),
        Field("scope"),
        Field("value", "number"),
        Field("rows"),
        Field("source_url"),
        Field("note", required=False),
        Field("confidence", choices=CONFIDENCE),
        Field("evidence", choices=EVIDENCE),
    ),
    ("parameter", "scope"),
)
"""Values that stand in for those of ``parameters``; ``rows`` are the targets they answer to."""
POSTERIOR = Spec(
    "posterior",
    (
        Field("draw", "integer", low=0, high=9999),
        Field("parameter", refers="parameters.parameter"),
        Field("sets", choices=("value", "factor")),
        Field("value", "number"),
    ),
    ("draw", "parameter"),
)
"""Draws of the parameters given dated decisions: for each its value, or a factor on its values."""

CUSTOMERS = spec(
    "customers", "customer",
    Field("customer"), Field("name"), MARKET, Field("place"), Field("control"),
    Field("node_group", choices=NODE_GROUPS),
)  # fmt: skip
CUSTOMER_SPENDING = spec(
    "customer_spending", "customer year", Field("customer", refers="customers.customer"), YEAR,
    *spread(share("share")), ranges=ranged("share"),
)  # fmt: skip
_NODES = Field("node_group", choices=NODE_GROUPS)
TOOL_MIX = spec(
    "tool_mix", "line node_group tool_class", LINE, _NODES, Field("tool_class"),
    *spread(share("share")), ranges=ranged("share"),
)  # fmt: skip
TOOL_RIVALS = spec(
    "tool_rivals", "maker node_group tool_class", Field("maker"), _NODES, Field("tool_class"),
    *spread(share("share")), ranges=ranged("share"),
)  # fmt: skip
TOOL_LINES = spec(
    "tool_lines", "line", LINE, *spread(share("contested_share")),
    ranges=ranged("contested_share"),
)  # fmt: skip
TOOL_MATERIALS = spec(
    "tool_materials", "material", Field("material"), *spread(share("cost_share")),
    share("stop_share"), ranges=ranged("cost_share"),
)  # fmt: skip

PLANT_PARTNERS = spec(
    "plant_partners", "firm partner", Field("firm", refers="firms.id"),
    Field("partner", refers="firms.id"), Field("since", "month"),
)  # fmt: skip
"""Firms that capital or production ties, who share plants sooner than others; either way round."""

VENTURES = spec(
    "ventures", "line country", LINE,
    Field("country", choices=tuple(one.code for one in PLACES if one.segment != "home")),
    *spread(share("equity_share")), Field("partner"), ranges=ranged("equity_share"),
)  # fmt: skip
"""Joint ventures abroad; at home a firm owns what its lines do."""

TABLES: tuple[Spec, ...] = (
    PRODUCTS_TABLE, FIRMS, *DEMAND_TABLES, LINES, LINE_CLASSES, OUTPUT, SALES, FLOW_FACTS,
    FLOW_PRIOR, CAPACITY, PLANTS,
    COUNTRIES_TABLE, FINANCIALS, *TRADE_TABLES, FX, PRICES, WAGES, ENERGY, BILLINGS,
    CONNECTIONS, FREIGHT_RATES, FREIGHT_INDEX, CONTENT_RELIEF,
    PREFERENCES, PARTS_SOURCES, CONTRACT_MAKERS, HOSTS, PARAMETERS, CALIBRATED, POSTERIOR,
    CUSTOMERS,
    CUSTOMER_SPENDING, TOOL_MIX, TOOL_RIVALS, TOOL_LINES, TOOL_MATERIALS,
    PLANT_PARTNERS, VENTURES,
)  # fmt: skip
"""Tables of the world, the ones that others refer to first."""
