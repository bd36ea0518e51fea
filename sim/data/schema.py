"""Every table under ``sim/data/world``: its columns, their kinds, bounds and references."""

from __future__ import annotations

from sim.axes import COUNTRIES, CURRENCIES, LAW_COUNTRIES, PLACES, PRODUCTS
from sim.data.columns import Field, Spec
from sim.data.evidence import CONFIDENCE, EVIDENCE
from sim.data.kinds import KINDS, SETTLED

SECTORS = (
    "carmaker", "parts", "electronics", "consumer_goods", "machinery", "components",
    "chip_equipment",
)  # fmt: skip
PRODUCT_SECTORS = ("vehicles", "vehicle_parts", "electronics", "components", "machinery", "chips")
SEGMENTS = ("mass", "hybrid", "bev")
BOOK_SEGMENTS = ("home", "north_america", "china", "asean", "other")
"""Segments of a firm's books; :data:`sim.tables.SEGMENTS` adds their total."""
NODE_GROUPS = ("advanced", "mature")
"""Chip makers by what they buy: classes of tools are mixed by group."""
PARTNER_FIELDS = ("platform", "driving", "cockpit", "battery")
"""What a technology partner brings to a car: a line has one partner a field."""
PREFERENCE_GROUPS = ("cars", "auto", "goods")
"""Groups of line classes that share an agreement's use."""
BLOCKS: dict[str, tuple[str, ...]] = {
    block: tuple(one.code for one in PLACES if one.segment == block)
    for block in ("north_america", "asean")
}
"""Trade blocks that a row of ``flow_prior`` may name."""
ALL = "all"
PROVENANCE = (
    Field("source_url"),
    Field("note", required=False),
    Field("confidence", choices=CONFIDENCE),
    Field("evidence", choices=EVIDENCE),
)
"""Columns of every table of facts and estimates."""

_PLACE = Field("country", choices=COUNTRIES)
_MARKET = Field("market", choices=COUNTRIES)
_ORIGIN = Field("origin", choices=COUNTRIES)
_LINE = Field("line", refers="lines.id")
_CLASS = Field("line_class", refers="line_classes.id")
_YEAR = Field("year", "integer", low=2000, high=2100)
_MONTH = Field("month", "month")


def _share(name: str, required: bool = True) -> Field:
    return Field(name, "number", required, 0.0, 1.0)


def _amount(name: str, required: bool = True) -> Field:
    return Field(name, "number", required, 0.0)


def _spread(kind: Field) -> tuple[Field, Field, Field]:
    """A value with its low and high, all of one kind."""
    low = Field("low", "number", False, kind.low, kind.high)
    return kind, low, Field("high", "number", False, kind.low, kind.high)


def _spec(
    name: str, key: str, *fields: Field, ranges: tuple[tuple[str, str, str], ...] = ()
) -> Spec:
    return Spec(name, fields + PROVENANCE, tuple(key.split()), ranges)


def _plain(value: str) -> tuple[tuple[str, str, str], ...]:
    return ((value, "low", "high"),)


FIRMS = Spec(
    "firms",
    (
        Field("id"),
        Field("name"),
        Field("sector", choices=SECTORS),
        Field("headquarters", required=False),
    ),
    ("id",),
)
PRODUCTS_TABLE = Spec(
    "products",
    (
        Field("product", choices=PRODUCTS),
        Field("name"),
        Field("sector", choices=PRODUCT_SECTORS),
        Field("vehicle", choices=("yes", "no")),
    ),
    ("product",),
)
LINES = _spec(
    "lines", "id",
    Field("id"), Field("firm", refers="firms.id"), Field("product", choices=PRODUCTS), _CLASS,
    Field("name"), Field("parts_product", choices=PRODUCTS),
    _amount("base_output_usd", False), _amount("base_output_low", False),
    _amount("base_output_high", False),
    Field("price_usd", "number", low=1e-9), _amount("price_low"), _amount("price_high"),
    ranges=(
        ("base_output_usd", "base_output_low", "base_output_high"),
        ("price_usd", "price_low", "price_high"),
    ),
)  # fmt: skip
LINE_CLASSES = _spec(
    "line_classes", "id",
    Field("id"), Field("retail_markup", "number", low=1.0), _amount("markup_low"),
    _amount("markup_high"), _amount("cargo_value_usd", False), _amount("cargo_low", False),
    _amount("cargo_high", False),
    ranges=(
        ("retail_markup", "markup_low", "markup_high"),
        ("cargo_value_usd", "cargo_low", "cargo_high"),
    ),
)  # fmt: skip
OUTPUT = _spec(
    "output_2017", "line country", _LINE, _PLACE, *_spread(_amount("quantity")),
    Field("unit", choices=("vehicles", "share")), ranges=_plain("quantity"),
)  # fmt: skip
SALES = _spec(
    "sales_2017", "line market", _LINE, _MARKET, *_spread(_amount("quantity")),
    Field("unit", choices=("vehicles", "share")), ranges=_plain("quantity"),
)  # fmt: skip
FLOW_FACTS = _spec(
    "flow_facts", "line origin market", _LINE, _ORIGIN, _MARKET,
    Field("of", choices=("sales", "output")), *_spread(_share("share")), ranges=_plain("share"),
)  # fmt: skip
FLOW_PRIOR = _spec(
    "flow_prior", "order",
    Field("order", "integer", low=1), Field("group", choices=PREFERENCE_GROUPS),
    Field("origin", choices=(*COUNTRIES, *BLOCKS, "*")),
    Field("market", choices=(*COUNTRIES, *BLOCKS, "*", "home")),
    _amount("weight"),
)  # fmt: skip
CAPACITY = _spec(
    "capacity_2017", "line country", _LINE, _PLACE, *_spread(_amount("capacity_units")),
    ranges=_plain("capacity_units"),
)  # fmt: skip
PLANTS = _spec(
    "plants", "firm plant country",
    Field("firm", refers="firms.id"), Field("line", required=False, refers="lines.id"),
    Field("plant"), Field("country"), Field("place", choices=COUNTRIES), Field("city"),
    Field("latitude", "number", low=-90, high=90), Field("longitude", "number", low=-180, high=180),
    Field("kind", choices=("plant", "aggregate")), _amount("capacity_units", False),
    Field("capacity_confidence", required=False, choices=CONFIDENCE),
    Field("capacity_year", "integer", False, 1990, 2030),
    Field("opened_year", "integer", False, 1850, 2030),
    Field("closed_year", "integer", False, 1850, 2030), Field("ownership", required=False),
)  # fmt: skip
_YES_NO = ("yes", "no")
COUNTRIES_TABLE = _spec(
    "countries", "country",
    Field("country", choices=LAW_COUNTRIES), Field("name"),
    Field("article", required=False, choices=("the",)),
    Field("role", choices=("simulated", "law_only")), Field("currency"),
    Field("segment", required=False, choices=BOOK_SEGMENTS),
    Field("high_wages", required=False, choices=_YES_NO), Field("gap_parameter", required=False),
    Field("billings_region", required=False, choices=COUNTRIES),
    Field("government", required=False, choices=_YES_NO),
    Field("longitude", "number", False, -180, 180), Field("latitude", "number", False, -90, 90),
    Field("maps", required=False, choices=("world", "asia", "asia_and_world")),
    Field("label_side", required=False,
          choices=tuple(f"{row} {side}" for row in ("top", "middle", "bottom")
                        for side in ("left", "center", "right"))),
    Field("colour", required=False), _amount("gdp_2017_usd_bn", False),
    _share("parts_duty_share", False), _share("parts_duty_low", False),
    _share("parts_duty_high", False),
    Field("parts_duty_note", required=False),
    ranges=(("parts_duty_share", "parts_duty_low", "parts_duty_high"),),
)  # fmt: skip
FINANCIALS = _spec(
    "financials", "firm fiscal_year_end item", Field("firm", refers="firms.id"),
    Field("fiscal_year_end"), Field("item"), Field("value_jpy_bn", "number"),
)  # fmt: skip
TRADE_FLOWS = _spec(
    "trade_flows", "origin market product year", _ORIGIN, _MARKET,
    Field("product", choices=PRODUCTS), _YEAR, _amount("value_usd"),
)  # fmt: skip
FX = _spec(
    "fx_monthly", "currency month", _MONTH,
    Field("currency", choices=tuple(sorted(set(CURRENCIES.values())))),
    Field("units_per_usd", "number", low=1e-6),
)  # fmt: skip
PRICES = _spec(
    "price_levels", "country year", _PLACE, _YEAR, Field("index_2017", "number", low=1e-3)
)
WAGES = _spec(
    "wage_growth", "country from_year", _PLACE,
    Field("from_year", "integer", low=2017, high=2100),
    Field("to_year", "integer", False, 2017, 2100),
    *_spread(Field("growth_per_year", "number", low=-0.5, high=0.5)),
    ranges=_plain("growth_per_year"),
)  # fmt: skip
ENERGY = _spec("energy_prices", "country year", _PLACE, _YEAR, Field("price", "number", low=1e-6))
MARKET_SIZE = _spec("market_size", "market year", _MARKET, _YEAR, _amount("sales_units"))
RIVALS = _spec(
    "rivals", "market series segment year", _MARKET,
    Field("series", choices=("segment_share", "rival_share")),
    Field("segment", choices=(*SEGMENTS, ALL)), _YEAR, *_spread(_share("share")),
    ranges=_plain("share"),
)  # fmt: skip
SEGMENT_MIX = _spec(
    "segment_mix", "line market segment", _LINE, _MARKET, Field("segment", choices=SEGMENTS),
    *_spread(_share("share")), ranges=_plain("share"),
)  # fmt: skip
BRAND_SALES = _spec(
    "brand_sales", "brand market year", Field("brand"), _MARKET, _YEAR, _amount("sales_units")
)
BILLINGS = _spec(
    "equipment_billings", "quarter region", Field("quarter"), Field("region", choices=COUNTRIES),
    _amount("billings_usd_bn"),
)  # fmt: skip
CONNECTIONS = _spec(
    "connections", "origin market", _ORIGIN, _MARKET, Field("mode", choices=("sea", "land")),
    _amount("sailing_days", False),
)  # fmt: skip
FREIGHT_RATES = _spec(
    "freight_rates", "rate", Field("rate"), *_spread(_amount("value")), Field("unit"),
    ranges=_plain("value"),
)  # fmt: skip
FREIGHT_INDEX = _spec(
    "freight_index", "month", _MONTH, *_spread(Field("index_2017", "number", low=0.1)),
    ranges=_plain("index_2017"),
)  # fmt: skip
CONTENT_RELIEF = _spec(
    "content_relief", "month", _MONTH, *_spread(_share("share")), ranges=_plain("share")
)
PREFERENCES = _spec(
    "preference_shares", "group origin market", Field("group", choices=PREFERENCE_GROUPS),
    _ORIGIN, _MARKET, *_spread(_share("share")), ranges=_plain("share"),
)  # fmt: skip
PARTS_SOURCES = _spec(
    "parts_sources", "line_class country", _CLASS, Field("country", choices=(*COUNTRIES, "*")),
    _share("china_share"), _share("japan_share"), _share("local_share"), _share("china_low"),
    _share("china_high"), ranges=(("china_share", "china_low", "china_high"),),
)  # fmt: skip
CLASS_COUNTRIES = _spec(
    "class_countries", "line_class country role", _CLASS, _PLACE,
    Field("role", choices=("open", "contract_maker")),
)  # fmt: skip
PARAMETERS = _spec(
    "parameters", "parameter scope", Field("parameter"), Field("scope"),
    *_spread(Field("value", "number", False)), Field("unit"),
    Field("kind", choices=tuple(KINDS)), Field("settled", choices=SETTLED),
    Field("by", choices=("class", "all")), ranges=_plain("value"),
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

CUSTOMERS = _spec(
    "customers", "customer",
    Field("customer"), Field("name"), _MARKET, Field("place"), Field("control"),
    Field("node_group", choices=NODE_GROUPS),
)  # fmt: skip
CUSTOMER_SPENDING = _spec(
    "customer_spending", "customer year", Field("customer", refers="customers.customer"), _YEAR,
    *_spread(_share("share")), ranges=_plain("share"),
)  # fmt: skip
_NODES = Field("node_group", choices=NODE_GROUPS)
TOOL_MIX = _spec(
    "tool_mix", "line node_group tool_class", _LINE, _NODES, Field("tool_class"),
    *_spread(_share("share")), ranges=_plain("share"),
)  # fmt: skip
TOOL_RIVALS = _spec(
    "tool_rivals", "maker node_group tool_class", Field("maker"), _NODES, Field("tool_class"),
    *_spread(_share("share")), ranges=_plain("share"),
)  # fmt: skip
TOOL_LINES = _spec(
    "tool_lines", "line", _LINE, *_spread(_share("contested_share")),
    ranges=_plain("contested_share"),
)  # fmt: skip
TOOL_MATERIALS = _spec(
    "tool_materials", "material", Field("material"), *_spread(_share("cost_share")),
    _share("stop_share"), ranges=_plain("cost_share"),
)  # fmt: skip

PARTNERSHIPS = _spec(
    "partnerships", "line partner field", _LINE, Field("partner"),
    Field("field", choices=PARTNER_FIELDS), Field("offered_from", "month"),
    Field("agreed", "month", False),
)  # fmt: skip

VENTURES = _spec(
    "ventures", "line country", _LINE,
    Field("country", choices=tuple(one.code for one in PLACES if one.segment != "home")),
    *_spread(_share("equity_share")), Field("partner"), ranges=_plain("equity_share"),
)  # fmt: skip
"""Joint ventures abroad; at home a firm owns what its lines do."""

TABLES: tuple[Spec, ...] = (
    PRODUCTS_TABLE, FIRMS, LINES, LINE_CLASSES, OUTPUT, SALES, FLOW_FACTS, FLOW_PRIOR, CAPACITY,
    PLANTS,
    COUNTRIES_TABLE, FINANCIALS, TRADE_FLOWS, FX, PRICES, WAGES, ENERGY, MARKET_SIZE, RIVALS,
    SEGMENT_MIX, BRAND_SALES, BILLINGS, CONNECTIONS, FREIGHT_RATES, FREIGHT_INDEX, CONTENT_RELIEF,
    PREFERENCES, PARTS_SOURCES, CLASS_COUNTRIES, PARAMETERS, CALIBRATED, CUSTOMERS,
    CUSTOMER_SPENDING, TOOL_MIX, TOOL_RIVALS, TOOL_LINES, TOOL_MATERIALS,
    PARTNERSHIPS, VENTURES,
)  # fmt: skip
"""Tables of the world, the ones that others refer to first."""
