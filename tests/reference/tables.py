"""What the reference recorded, as the result tables of :mod:`sim.tables`."""

from __future__ import annotations

import math

import pandas as pd

from sim.tables import DRIVERS
from tests.reference.model import ReferenceModel
from tests.reference.programmes import Option, wish
from tests.reference.why import Event

FLOW_KEY = ["month", "firm", "product", "origin", "market"]
FLOW_VALUES = ["units", "value_usd", "customs_value_usd", "duty_usd"]
PLANT_KEY = ["month", "firm", "product", "country"]
PLANT_VALUES = ["capacity_units", "output_units"]
FIRM_KEY = ["month", "firm"]
FIRM_VALUES = ["revenue_usd", "operating_profit_usd", "cash_usd"]
MOVE_KEY = [
    "announced_month", "firm", "product", "from_country", "to_country", "kind", "market",
]  # fmt: skip
MOVE_VALUES = [
    "units", "sunk_cost_usd", "grant_usd", "option_value_usd", "hurdle",
    *(f"driver_{d}_usd" for d in DRIVERS),
]  # fmt: skip
LOOK_KEY = [
    "month", "firm", "product", "line", "from_country", "market",
]  # fmt: skip
LOOK_PLACE = ["to_country", "way"]
LOOK_VALUES = [
    "units", "slice_units", "ordered_units", "value_usd", "saving_share", "gap_share",
    "moving_share", "caution_share", "needed_share", "wanted_share", "outlay_usd", "budget_usd",
]  # fmt: skip


def flows(model: ReferenceModel) -> pd.DataFrame:
    """Units, values and duty by month, firm, product and route; lines of one product are added."""
    rows = []
    for month, record in zip(model.world.months, model.records, strict=False):
        for (line, origin, market), flow in record.flows.items():
            rows.append((
                month, *_owner(model, line), origin, market,
                flow.units, flow.value_usd, flow.customs_value_usd, flow.duty_usd,
            ))  # fmt: skip
    frame = pd.DataFrame(rows, columns=[*FLOW_KEY, *FLOW_VALUES])
    return frame.groupby(FLOW_KEY)[FLOW_VALUES].sum()


def plants(model: ReferenceModel) -> pd.DataFrame:
    """Capacity and output by month, firm, product and country."""
    rows = []
    for month, record in zip(model.world.months, model.records, strict=False):
        for (line, country), plant in record.plants.items():
            numbers = plant.capacity_units, plant.output_units
            rows.append((month, *_owner(model, line), country, *numbers))
    frame = pd.DataFrame(rows, columns=[*PLANT_KEY, *PLANT_VALUES])
    return frame.groupby(PLANT_KEY)[PLANT_VALUES].sum()


def firms(model: ReferenceModel) -> pd.DataFrame:
    """Revenue, operating profit and cash so far by month and firm."""
    rows = [
        (month, name, books.revenue_usd, books.profit_usd, books.cash_usd)
        for month, record in zip(model.world.months, model.records, strict=False)
        for name, books in record.firms.items()
    ]
    return pd.DataFrame(rows, columns=[*FIRM_KEY, *FIRM_VALUES]).set_index(FIRM_KEY)


def relocations(model: ReferenceModel) -> pd.DataFrame:
    """Every decision, operating or not yet."""
    rows = [_event_row(model, event) for event in model.events]
    frame = pd.DataFrame(rows, columns=[*MOVE_KEY, *MOVE_VALUES, "operating", "reason", "partner"])
    return frame.set_index(MOVE_KEY).sort_index()


def considered(model: ReferenceModel) -> pd.DataFrame:
    """Best destination of every slice in the last review of each year, by section 8."""
    frame = pd.DataFrame(
        [_look_row(model, key) for key in model.looks if _last_of_year(model, key[0])],
        columns=[*LOOK_KEY, *LOOK_PLACE, *LOOK_VALUES],
    )
    return frame.set_index(LOOK_KEY).sort_index()


def options(model: ReferenceModel) -> pd.DataFrame:
    """Net value of the three best places and ways that were not taken, nominal USD a year."""
    done = {
        (event.announced, event.line, event.source, event.market): event
        for event in model.events
        if event.market and event.kind != "return"
    }
    rows = []
    for key, (ranked, _, _, level) in model.looks.items():
        went = done.get(key)
        if went is None and not _last_of_year(model, key[0]):
            continue
        taken = () if went is None else (went.kind, went.target, went.partner)
        left = [one for one in ranked if _place(model, one) != taken]
        value = 0.0 if went is None else went.option_value_usd
        rows += [
            (
                model.world.months[key[0]], *_owner(model, key[1]), *key[1:], str(rank),
                one.value() * level, value - one.value() * level,
            )
            for rank, one in enumerate(left[:3], start=1)
        ]  # fmt: skip
    columns = [*LOOK_KEY, "rank", "option_value_usd", "gap_usd"]
    return pd.DataFrame(rows, columns=columns).set_index([*LOOK_KEY, "rank"]).sort_index()


def _place(model: ReferenceModel, one: Option) -> tuple[str, str, str]:
    whose = model.industry.owner(one.host) if one.kind == "shared" else ""
    return one.kind, one.target.plant.country, whose


def _last_of_year(model: ReferenceModel, month: int) -> bool:
    months, pause = model.world.months, round(float(model.world.parameters["review_months"][0]))
    return month + pause >= len(months) or months[month + pause].year > months[month].year


def _look_row(model: ReferenceModel, key: tuple[int, str, str, str]) -> tuple[object, ...]:
    (option, *_), ordered, budget, level = model.looks[key]
    line, volume = option.line, option.volume
    part, capital = volume * line.price, line.par.discount + line.par.depreciation
    moving, needed = capital * option.outlay() / part, (ordered + volume / 2) / option.whole
    caution = capital * (option.hurdle - 1) * option.sunk
    against = option.gap + moving + caution
    return (
        model.world.months[key[0]], *_owner(model, key[1]), key[1], key[2], key[3],
        option.target.plant.country, option.kind, volume, option.whole, ordered,
        part * level, option.net + against, option.gap, moving, caution,
        against - math.log(1 - needed) / line.par.theta_slice, wish(line, option.net),
        option.outlay() * level, budget * level,
    )  # fmt: skip


def _event_row(model: ReferenceModel, event: Event) -> tuple[object, ...]:
    return (
        model.world.months[event.announced], event.firm, event.product, event.source,
        event.target, event.kind, event.market, event.units, event.sunk_cost_usd,
        event.grant_usd,
        event.option_value_usd, event.hurdle, *(event.drivers[d] for d in DRIVERS),
        event.operating, event.reason, event.partner,
    )  # fmt: skip


def _owner(model: ReferenceModel, name: str) -> tuple[str, str]:
    line = next(line for line in model.world.lines if line.id == name)
    return line.firm, line.product
