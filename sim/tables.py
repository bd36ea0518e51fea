"""Columns of every result table: the one place that names them, their type and unit.

Every table is keyed by ``experiment, policy, scenario, replication`` (:data:`sim.table.KEYS`) and
sorted by key and the columns in the order given here. Shares are 0..1; months are ISO dates of
their first day; money is nominal USD. ``units`` are vehicles for cars and USD at 2017 prices for
other goods.
"""

from __future__ import annotations

from sim.table import Table, table_of

DRIVERS: tuple[str, ...] = (
    "duty", "controls", "wage", "fx", "freight", "demand", "uncertainty", "subsidy", "entry",
)  # fmt: skip
"""What an option's value is split into; ``entry`` is the sunk cost and the entry gap."""

FREE_DECISIONS: tuple[str, ...] = (
    "NLR", "EXEMPT_S4", "AUTH_VEU", "NOT_JP", "JP_NONE", "CN_NONE",
)  # fmt: skip
"""Decisions of the ``licences`` table under which nobody need be asked."""
RELOCATION_KINDS: tuple[str, ...] = (
    "transfer", "brownfield", "open", "shared", "ems", "expand", "close", "exit", "return",
    "mothball", "restart", "partner",
)  # fmt: skip
MOVES: tuple[str, ...] = RELOCATION_KINDS[:5]
"""Kinds by which a programme goes to another place; ``return`` brings it back."""
BARRIERS: tuple[str, ...] = ("none", "value", "other", "review", "budget", "own", "room")
"""Why a slice did not move in a review: it did (``none``), too little of it wants to, another slice
of the line is worth more, the firm did not take the question up, the capital budget was too small,
its own mind decided otherwise, or the spare room that it counted on went to somebody else."""
SEGMENTS: tuple[str, ...] = ("total", "home", "north_america", "china", "asean", "other")


_DRIVER_COLUMNS = tuple(
    (f"driver_{name}_usd", "float64", f"part of option_value_usd that {name} explains")
    for name in DRIVERS
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        table_of(
            "flows",
            "month firm product origin market",
            ("month", "date32", "month of shipment"),
            ("firm", "string", "firm id"),
            ("product", "string", "product code"),
            ("origin", "string", "country of the plant"),
            ("market", "string", "country of sale"),
            ("units", "float64", "units shipped"),
            ("value_usd", "float64", "value at consumer or customer price"),
            ("customs_value_usd", "float64", "value at the related-party transfer price"),
            ("duty_usd", "float64", "duty paid in the month on this route's arrivals"),
            ("price_usd", "float64", "transfer price per unit"),
        ),
        table_of(
            "ledger",
            "month firm product origin market basis",
            ("month", "date32", "month of entry"),
            ("firm", "string", "firm id"),
            ("product", "string", "product code"),
            ("origin", "string", "country of the plant"),
            ("market", "string", "importing country"),
            ("basis", "string", "legal basis of the duty, `mfn`, a credit or `supplier_support`"),
            ("duty_usd", "float64", "duty by that basis; credits are negative"),
            ("booked_in", "string", "segment that bears it"),
        ),
        table_of(
            "plants",
            "month firm product country",
            ("month", "date32", "month"),
            ("firm", "string", "firm id"),
            ("product", "string", "product code"),
            ("country", "string", "country of the plant"),
            ("capacity_units", "float64", "capacity a year"),
            ("output_units", "float64", "output in the month"),
            ("utilisation_share", "float64", "output x 12 / capacity"),
            ("status", "string", "operating, construction, mothballed (some of it) or closed"),
        ),
        table_of(
            "relocations",
            "announced_month firm product from_country to_country kind market",
            ("month", "date32", "month in which the change is operating (equals operating_month)"),
            ("firm", "string", "firm id"),
            ("product", "string", "product code"),
            ("from_country", "string", "where work leaves; empty for expand and restart"),
            ("to_country", "string", "where work goes; empty for close, exit and mothball"),
            ("market", "string", "market the moved programme serves; empty for capacity"),
            ("kind", "string", "what is decided: one of RELOCATION_KINDS"),
            (
                "partner",
                "string",
                "technology partner, or firm whose plant is shared; else empty",
            ),
            ("units", "float64", "yearly units moved, built or added"),
            ("announced_month", "date32", "month of the decision"),
            (
                "operating_month",
                "date32",
                "month of the first output; of closures, the stop",
            ),
            ("sunk_cost_usd", "float64", "outlay that cannot be recovered"),
            ("grant_usd", "float64", "what subsidies pay of it"),
            ("option_value_usd", "float64", "yearly value over holding, net of the hurdle"),
            ("hurdle", "float64", "multiple that the sunk cost must earn"),
            ("reason", "string", "the driver that explains most"),
            (
                "rule",
                "string",
                "law behind the drivers duty, controls, subsidy, the largest first, `;` between",
            ),
            *_DRIVER_COLUMNS,
        ),
        table_of(
            "considered",
            "month firm line from_country market",
            ("month", "date32", "month of the review, the last of its year"),
            ("firm", "string", "firm id"),
            ("line", "string", "product line id"),
            ("product", "string", "product code"),
            ("from_country", "string", "where it is made"),
            ("market", "string", "market it is made for"),
            ("to_country", "string", "best place that it could have gone to"),
            ("way", "string", "how it would have gone there: one of MOVES"),
            ("units", "float64", "yearly units that would have moved at once"),
            ("slice_units", "float64", "yearly units made there for that market in the base year"),
            ("ordered_units", "float64", "yearly units of them ordered away before"),
            ("value_usd", "float64", "a year of `units` at base prices, in nominal USD"),
            ("saving_share", "float64", "yearly saving over price, the hedge among it"),
            ("duty_share", "float64", "what of the saving duty makes, over price"),
            ("gap_share", "float64", "disadvantage of making it there, fee among it, over price"),
            ("moving_share", "float64", "yearly cost of moving, over price"),
            ("caution_share", "float64", "what uncertainty asks for beyond it, a year, over price"),
            ("needed_share", "float64", "saving over price at which the units would have moved"),
            ("wanted_share", "float64", "share of slice_units that wants to go"),
            ("outlay_usd", "float64", "nominal outlay that cannot be recovered"),
            ("budget_usd", "float64", "capital budget of the firm before it decided, nominal"),
            ("barrier", "string", "why it did not move: one of BARRIERS; `none` where it did"),
        ),
        table_of(
            "options",
            "month firm line from_country market rank",
            ("month", "date32", "month of the review"),
            ("firm", "string", "firm id"),
            ("line", "string", "product line id"),
            ("product", "string", "product code"),
            ("from_country", "string", "where it is made"),
            ("market", "string", "market it is made for"),
            ("rank", "int32", "1 for the best of what was not done"),
            ("to_country", "string", "place that it could have gone to"),
            ("way", "string", "how: one of RELOCATION_KINDS"),
            ("units", "float64", "yearly units that would have moved at once"),
            ("done", "string", "what was done instead: one of RELOCATION_KINDS, or `stay`"),
            ("done_country", "string", "where it went; empty where it stayed"),
            ("option_value_usd", "float64", "yearly value over staying, net of the hurdle"),
            ("gap_usd", "float64", "yearly value of what was done less that of this option"),
            ("sunk_cost_usd", "float64", "outlay that cannot be recovered"),
            *_DRIVER_COLUMNS,
        ),
        table_of(
            "licences",
            "month firm customer tool_class made_in shipped_from",
            ("month", "date32", "month"),
            ("firm", "string", "firm id"),
            ("customer", "string", "customer id"),
            ("tool_class", "string", "export-control class of the tool"),
            ("made_in", "string", "country of manufacture"),
            ("shipped_from", "string", "country of export"),
            ("value_usd", "float64", "orders of the month"),
            ("authority", "string", "US, JP or CN"),
            ("decision", "string", "decision code"),
            ("rule", "string", "rule that decided"),
            ("reason", "string", "what it found, in words"),
            ("shipped_usd", "float64", "left in the month, orders that had waited among it"),
            ("denied_usd", "float64", "refused in the month"),
            ("cancelled_usd", "float64", "waiting orders that the buyer withdrew"),
            ("revoked_usd", "float64", "orders in hand that a rule of the month will have refused"),
            ("backlog_usd", "float64", "orders waiting for a licence at the month's end"),
        ),
        table_of(
            "duties",
            "month importer exporter product",
            ("month", "date32", "month"),
            ("importer", "string", "importing country"),
            ("exporter", "string", "exporting country"),
            ("product", "string", "product code"),
            ("rate_share", "float64", "day-weighted duty without preference"),
            ("instruments", "string", "instruments in force, separated by `;`"),
        ),
        table_of(
            "diplomacy",
            "month actor act counterpart detail",
            ("month", "date32", "month"),
            ("actor", "string", "government"),
            ("act", "string", "announce, start, raise, cut, end or dialogue"),
            ("counterpart", "string", "government addressed"),
            ("detail", "string", "the instrument or round"),
        ),
        table_of(
            "firms",
            "month firm segment",
            ("month", "date32", "month"),
            ("firm", "string", "firm id"),
            ("segment", "string", "total, home, north_america, china, asean or other"),
            ("revenue_usd", "float64", "revenue of the month, of joint ventures all of it"),
            ("duty_usd", "float64", "duty borne, supplier support among it"),
            ("operating_profit_usd", "float64", "operating profit; of ventures the firm's share"),
            ("cash_usd", "float64", "cumulated profit less investment"),
            ("hedging_index", "float64", "1 - |exposure to US - exposure to CN| over their sum"),
            ("china_exposure_share", "float64", "share of output made or sold in China"),
            ("us_exposure_share", "float64", "share of output made or sold in the US"),
        ),
        table_of(
            "fx",
            "month currency",
            ("month", "date32", "month"),
            ("currency", "string", "ISO 4217"),
            ("per_usd", "float64", "units of the currency per USD"),
        ),
        table_of(
            "outcomes",
            "month outcome product country firm customer rule",
            ("month", "date32", "month"),
            ("outcome", "string", "name of the outcome"),
            ("product", "string", "product code; empty where not told apart, as in all keys below"),
            ("country", "string", "country code"),
            ("firm", "string", "firm id"),
            ("customer", "string", "customer id"),
            ("rule", "string", "rule of export control"),
            ("value", "float64", "value in the outcome's unit"),
        ),
    )
}
