"""What figures ask for beside two policies: products, firms, importers, years, outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

import pandas as pd

from analysis.figure import Choices, Need, Values
from analysis.open_run import OpenRun
from analysis.style import place, plain, product_name
from analysis.summaries.duties import duty_lanes
from analysis.summaries.outcomes import made_products, moved_most, only, records
from analysis.summaries.trade import years
from sim.meanings import Group
from sim.results.comparing.headline import last_whole_year
from sim.results.names import firm_names

ALL_GOODS = "all"
FIRST_IMPORTER = "US"
"""Importer whose duties show first, where they change."""


def _made(held: OpenRun, _: Values) -> Choices:
    made = held.once(("made",), lambda: made_products(held.run))
    return [(code, product_name(code)) for code in made]


def _moved_most(held: OpenRun, values: Values) -> str:
    made = [code for code, _ in _made(held, values)]
    pair = (values["policy"], values["against"])
    return held.once(("moved most", *pair), lambda: moved_most(held.run, *pair, made))


PRODUCT = Need(
    "product",
    "Product",
    "product code; the first that differs if absent",
    _made,
    usual=_moved_most,
)


def _goods(held: OpenRun, values: Values) -> Choices:
    return [(ALL_GOODS, "All goods"), *_made(held, values)]


GOODS = Need("product", "Goods", "product code, or `all`", _goods)


def _plants(held: OpenRun) -> pd.DataFrame:
    query = "SELECT DISTINCT firm, product FROM plants ORDER BY firm, product"
    return held.once(("makers",), lambda: held.run.sql(query))


def _firms(held: OpenRun, _: Values) -> Choices:
    """Firms whose plants the run keeps."""
    names = firm_names(held.run)
    firms = dict.fromkeys(_plants(held)["firm"].astype(str))
    return [(firm, names.get(firm, plain(firm))) for firm in firms]


FIRM = Need("firm", "Firm", "firm, by id or name", _firms)


def _made_by(held: OpenRun, values: Values) -> Choices:
    made = only(_plants(held), firm=values["firm"])["product"]
    return [(str(code), product_name(str(code))) for code in made]


MADE = Need("product", "Product", "one of the firm's products", _made_by, after=("firm",))


def _lanes(held: OpenRun) -> dict[str, list[str]]:
    """Importer -> products whose duty changes under a policy and that somebody makes."""

    def found() -> dict[str, list[str]]:
        finished, made = held.run.lanes(), {code for code, _ in _made(held, {})}
        lanes: dict[str, list[str]] = {}
        for policy in held.run.policies:
            for lane in records(duty_lanes(held.run, policy)) if finished.get(policy) else ():
                products = lanes.setdefault(lane.importer, [])
                if lane.product in made and lane.product not in products:
                    products.append(lane.product)
        return {importer: products for importer, products in lanes.items() if products}

    return held.once(("duty lanes",), found)


def _importers(held: OpenRun, _: Values) -> Choices:
    return [(code, place(code)) for code in _lanes(held)]


def _first_importer(held: OpenRun, _: Values) -> str:
    order = list(_lanes(held)) or _codes("importer", held)
    return FIRST_IMPORTER if FIRST_IMPORTER in order else next(iter(order), "")


def _codes(column: str, held: OpenRun) -> list[str]:
    query = f"SELECT DISTINCT {column} AS code FROM duties ORDER BY code"
    return held.once(("codes", column), lambda: held.run.sql(query)["code"].astype(str).tolist())


IMPORTER = Need(
    "importer",
    "Importer",
    "country that charges the duty",
    _importers,
    usual=_first_importer,
    known=lambda held: _codes("importer", held),
)


def _dutied(held: OpenRun, values: Values) -> Choices:
    return [(code, product_name(code)) for code in _lanes(held).get(values["importer"], ())]


DUTIED = Need(
    "product",
    "Product",
    "product on which it is charged",
    _dutied,
    known=lambda held: _codes("product", held),
    after=("importer",),
)


def _run_years(held: OpenRun, _: Values) -> Choices:
    return [(str(year), str(year)) for year in reversed(held.run.years)]


def _last_year(held: OpenRun, _: Values) -> str:
    return str(last_whole_year(held.run))


YEAR = Need("year", "Year", "calendar year; the last whole one if absent", _run_years, _last_year)


def _flow_years(held: OpenRun, _: Values) -> Choices:
    found = held.once(("years",), lambda: years(held.run))
    return [(str(year), str(year)) for year in reversed(found)]


FLOW_YEAR = Need(
    "year", "Year", "calendar year; the last whole one if absent", _flow_years, _last_year
)


def _groups(held: OpenRun) -> pd.DataFrame:
    """Every group of every outcome that the run holds: ``outcome`` and its keys."""
    query = f"SELECT DISTINCT outcome, {', '.join(Group._fields)} FROM outcomes ORDER BY ALL"
    return held.once(("groups",), lambda: held.run.sql(query))


def _outcomes(held: OpenRun, _: Values) -> Choices:
    """Outcomes that the run holds."""
    found = set(_groups(held)["outcome"])
    return [(name, one.description) for name, one in held.run.outcomes.items() if name in found]


OUTCOME = Need("outcome", "Outcome", "outcome by its name", _outcomes)


def _groups_of(held: OpenRun, values: Values) -> Choices:
    names = firm_names(held.run)
    keys = list(held.run.require_outcome(values["outcome"]).keys)
    rows = only(_groups(held), outcome=values["outcome"])[keys].itertuples(index=False, name=None)
    groups = [dict(zip(keys, row, strict=True)) for row in rows]
    return [(urlencode(codes), _told(codes, names)) for codes in groups]


def _told(codes: Mapping[str, str], firms: dict[str, str]) -> str:
    tell = {"product": product_name, "country": place}
    return ", ".join(tell.get(key, plain)(firms.get(code, code)) for key, code in codes.items())


GROUP = Need(
    "group", "of", "group of the outcome: `product=cars&country=US`", _groups_of, after=("outcome",)
)

EVERY = Need(
    "every",
    "Step",
    "step of the slider: `year` or `month`",
    lambda _held, _values: [("year", "Year"), ("month", "Month")],
)
ROOM = Need(
    "room",
    "Room",
    "room for the figure: `whole` screen or `half`",
    lambda _held, _values: [("whole", "Whole"), ("half", "Half")],
)
