"""A hand-made world of two lines and its duties: small enough to follow with a pencil.

A carmaker builds in Japan, China, the United States and Mexico; a maker of printers in Japan,
China and Vietnam. Parameters are the real ones of their classes.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

import sim.data
from sim.axes import BASIS_INDEX, COUNTRIES, COUNTRY_INDEX, LEGAL_BASES, PRODUCT_INDEX, PRODUCTS
from sim.axes import month_range as months_between
from sim.data.dataset import load_dataset
from sim.data.demand_tables import KINDS
from sim.law.agreement import Agreement, OriginRule
from sim.law.instrument import FOREVER, Provenance
from sim.law.origin.declared import declared
from sim.law.subsidies.act import Grant, Subsidy
from sim.world.car_kinds import CarKinds
from sim.world.hosts import days_from_japan, host_values
from sim.world.lines import Firm, Line, Partnership
from sim.world.parameter_table import load_parameters
from sim.world.world import World

C = COUNTRY_INDEX
PLACES, K, B = len(COUNTRIES), len(PRODUCTS), len(LEGAL_BASES)

FLOWS = (
    {
        ("JP", "JP"): 600e3, ("JP", "US"): 300e3, ("JP", "CN"): 20e3, ("US", "US"): 500e3,
        ("MX", "US"): 150e3, ("MX", "MX"): 60e3, ("CN", "CN"): 700e3,
    },
    {
        ("JP", "JP"): 0.5e9, ("CN", "CN"): 0.6e9, ("CN", "US"): 1.4e9, ("CN", "JP"): 0.8e9,
        ("VN", "US"): 0.5e9, ("VN", "JP"): 0.3e9,
    },
)  # fmt: skip
"""Yearly base flows of the two lines."""

PARTNERS = (
    Partnership("aoi_cars", "Kumo", "cockpit", date(2017, 1, 1), "battery", 0.1, 0.5, 12),
    Partnership("aoi_cars", "Michi", "driving", date(2019, 3, 1), "battery", 0.1, 0.8, 15),
    Partnership("aoi_cars", "Sora", "cockpit", date(2019, 6, 1), "battery", 0.1, 0.5, 12),
    Partnership("aoi_cars", "Denchi", "battery", date(2020, 1, 1), "plug_in", 0.4, 0.3, 24),
)
"""Who offers the carmaker technology in China, and since when."""

CANDIDATES = ((), ("JP", "VN", "TH", "MX", "US"))


def parameters(classes: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Default parameters of the lines of these classes."""
    table: dict[str, np.ndarray] = {}
    path = Path(sim.data.__file__).parent / "world" / "parameters.csv"
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for name in {row["parameter"] for row in rows}:
        table[name] = np.full(len(classes), np.nan)
    for row in sorted(rows, key=lambda row: row["scope"] != "all"):
        for n, line_class in enumerate(classes):
            if row["scope"] in ("all", line_class):
                table[row["parameter"]][n] = float(row["value"] or "nan")
    return table


def world(months: int = 60, **changes: float) -> World:
    """The world; keyword arguments replace parameters for every line."""
    base = np.zeros((2, PLACES, PLACES))
    for n, flows in enumerate(FLOWS):
        for (i, j), units in flows.items():
            base[n, C[i], C[j]] = units
    table = parameters(("cars", "printers"))
    capacity = base.sum(axis=2) / table["base_use_share"][:, None]
    table["model_life_months"] = np.zeros(2)
    table |= {name: np.full(2, float(value)) for name, value in changes.items()}
    candidate = np.zeros((2, PLACES), dtype=bool)
    for n, places in enumerate(CANDIDATES):
        candidate[n, [C[place] for place in places]] = True
    maker = candidate & (np.arange(PLACES) == C["MX"])
    return World(
        months=tuple(months_between_first(months)),
        firms=(Firm("aoi", "Aoi", "cars", 4), Firm("midori", "Midori", "printers", 1)),
        lines=(
            Line("aoi_cars", "aoi", "cars", "cars", "cars", "estimated"),
            Line("midori_printers", "midori", "printers", "printers", "printers", "estimated"),
        ),
        firm_of_line=np.array([0, 1]),
        product_of_line=np.array([PRODUCT_INDEX["cars"], PRODUCT_INDEX["printers"]]),
        parts_product_of_line=np.array([PRODUCT_INDEX["auto_parts"], PRODUCT_INDEX["components"]]),
        base_flow=base, base_capacity=capacity, site_count=(capacity > 0).astype(np.int64),
        lump_units=np.where(np.arange(2)[:, None] == 0, 60e3, np.maximum(30e6, capacity / 5)),
        price_usd=np.array([25000.0, 1.0]), retail_markup=np.array([1.2, 1.6]),
        parts_source=np.broadcast_to(np.array([0.3, 0.3, 0.4]), (2, PLACES, 3)),
        freight_share=np.broadcast_to(0.04 * (1 - np.eye(PLACES)), (2, PLACES, PLACES)),
        sea_months=(1 - np.eye(PLACES)).astype(np.int64),
        preference_share=_preferences(), candidate=candidate, contract_maker=maker,
        equity_share=np.ones((2, PLACES)),
        **_paths(months), **hosts(months), parameters=table, parameter_rows=load_parameters(),
        sales_scale={}, site_table=(),
    )  # fmt: skip


def hosts(months: int) -> dict[str, Any]:
    """What countries offer: as in the real world of 2017, its workforce for ever."""
    data = load_dataset()
    people = np.array(host_values(data, "workforce"))[:, None] * 1e6
    return {
        "host_wage": host_values(data, "wage"),
        "host_workforce": np.repeat(people, months, axis=1),
        "labour_supply": host_values(data, "labour_supply"),
        "days_from_japan": days_from_japan(data),
    }


def months_between_first(months: int) -> tuple[Any, ...]:
    """The first so many months from January 2017."""
    from datetime import date

    last = 2017 * 12 + months - 1
    return months_between(date(2017, 1, 1), date(last // 12, last % 12 + 1, 1))


def _preferences() -> np.ndarray:
    share = np.zeros((2, PLACES, PLACES))
    share[0, C["MX"], C["US"]] = 0.9
    return share


def _paths(months: int) -> dict[str, Any]:
    """Flat markets, rising wages in China, a falling yen, two years of dear freight."""
    flat, path = np.ones((2, PLACES, months)), np.ones((PLACES, months))
    years = np.maximum(0.0, (np.arange(months) - 11.0) / 12)
    wage, price, fx = path.copy(), path.copy(), path.copy()
    wage[C["CN"]] = 1.07**years
    price[C["US"]] = 1.02**years
    price[C["CN"]] = 1.02**years
    fx[C["JP"]] = 110 * np.where(np.arange(months) < 48, 1.0, 1.25)
    energy = path.copy()
    energy[C["JP"]] = np.where(np.arange(months) < 48, 1.0, 1.4)
    rivals = flat.copy()
    rivals[0, C["CN"]] = np.maximum(0.4, 1 - 0.06 * years)
    rival_price = flat.copy()
    rival_price[0, C["CN"]] = np.maximum(0.8, 1 - 0.05 * np.maximum(0.0, years - 1.5))
    return {
        "car_kinds": _kinds(months, years), "partnerships": PARTNERS, "market_index": flat,
        "rival_factor": rivals, "rival_price": rival_price, "brand_trend": flat, "wage_index": wage,
        "energy_index": energy,
        "price_level": price, "fx_per_usd": fx, "fx_known_months": min(months, 54),
        "freight_index": np.where((np.arange(months) >= 36) & (np.arange(months) < 60), 2.5, 1.0),
        "content_relief": np.where(np.arange(months) > 40, 0.5, 0.0),
        "parts_duty_share": np.where(np.arange(PLACES) == C["US"], 0.7, 0.0),
    }  # fmt: skip


def _kinds(months: int, years: np.ndarray) -> CarKinds:
    """Battery cars and plug-in hybrids rise in China, where rivals have most of both."""
    share, rivals, price = np.zeros((3, len(KINDS), PLACES, months))
    at = C["CN"]
    share[KINDS.index("battery"), at] = np.minimum(0.6, 0.2 * years)
    share[KINDS.index("plug_in"), at] = np.minimum(0.3, 0.1 * years)
    share[0] = 1.0 - share[1:].sum(axis=0)
    rivals[0, at] = 0.4
    rivals[KINDS.index("battery"), at] = np.minimum(0.9, 0.7 + 0.02 * years)
    rivals[KINDS.index("plug_in"), at] = 0.9
    return CarKinds(share, rivals, price)


def duties(months: int, *, tariffs: bool = True) -> Any:
    """MFN duties; 25 % on Chinese goods from month 19; 25 % on cars from month 30.

    Both are announced three months before; Mexican cars pay by foreign content.
    """
    shape = (months, PLACES, PLACES, K)
    duty = SimpleNamespace(
        mfn=np.zeros(shape), preference=np.zeros(shape), extra=np.zeros((*shape, B)),
        extra_claimed=np.zeros((*shape, B)), content_weight=np.zeros(shape),
        age_months=np.zeros((*shape, B), dtype=np.int16), announced=np.zeros((*shape, B)),
        announced_months=np.zeros((*shape, B), dtype=np.int16),
        announced_stage=np.zeros((*shape, B), dtype=np.int8),
        announced_count=np.zeros((months, 3, B)),
        carried_count=np.zeros((months, 3, B)),
        credit=np.zeros((months, PLACES, K)), agreements=(_agreement(),), declared=declared(),
        subsidies=_subsidies() if tariffs else (),
        measures=lambda *_: (), claimable=lambda *_: "",
    )  # fmt: skip
    us, cars = C["US"], PRODUCT_INDEX["cars"]
    duty.mfn[:, us, :, cars] = 0.025
    duty.mfn[:, us, us] = 0
    if tariffs:
        _impose(duty, 19, us, [C["CN"]], range(K), BASIS_INDEX["section_301"])
        others = [i for i in range(PLACES) if i != us]
        goods = [cars, PRODUCT_INDEX["auto_parts"]]
        _impose(duty, 30, us, others, goods, BASIS_INDEX["section_232"], stage=1)
        duty.content_weight[30:, us, C["MX"], cars] = 0.25
        duty.credit[32:, us, PRODUCT_INDEX["auto_parts"]] = 0.0375
    return duty


def _subsidies() -> tuple[Subsidy, ...]:
    """A fifth of what is built in Vietnam; pay for what is made in the United States, for a time;
    years of spared tax in Mexico from before the first month until June 2019."""
    source = Provenance("", "high", "estimated")

    def act(place: str, kind: str, *grants: Grant, firms: tuple[str, ...] = ()) -> Subsidy:
        code = f"{place.lower()}_{kind}"
        return Subsidy(code, code, "", place, (place,), PRODUCTS, firms, kind, grants)

    def grant(start: date, end: date | None, size: float, **more: Any) -> Grant:
        return Grant(start, end, size, more.get("announced"), more.get("years"), source)

    return (
        act("VN", "share_of_outlay", grant(date(2018, 1, 1), None, 0.2)),
        act(
            "US", "share_of_price",
            grant(date(2018, 7, 1), date(2021, 6, 30), 0.03, announced=date(2018, 2, 1)),
            grant(date(2021, 7, 1), date(2022, 12, 31), 0.01), firms=("aoi",),
        ),
        act(
            "MX", "profit_tax",
            grant(date(2010, 1, 1), date(2019, 6, 30), 0.2, years=(0.0, 4.0)),
            grant(date(2010, 1, 1), date(2019, 6, 30), 0.1, years=(4.0, 9.0)),
        ),
    )  # fmt: skip


def _agreement() -> Agreement:
    """A pact of Mexico and the United States that asks three tenths of a car's value."""
    source = Provenance("made up", "low", "estimated")
    rule = OriginRule(("cars",), date(2000, 1, 1), FOREVER, 0.3, "build_down", "", "either", None,
                      source)  # fmt: skip
    since = date(2000, 1, 1)
    members = (("MX", since), ("US", since))
    return Agreement("PACT", "Pact", members, FOREVER, ("MX", "US"), (rule,), source)


def _impose(
    duty: Any, start: int, importer: int, exporters: list[int], products: Any, basis: int,
    stage: int = 0,
) -> None:  # fmt: skip
    months = duty.mfn.shape[0]
    duty.announced_count[start - 3 :, stage, basis] = 1
    duty.carried_count[start:, stage, basis] = 1
    for i in exporters:
        for k in products:
            duty.extra[start:, importer, i, k, basis] = 0.25
            duty.extra_claimed[start:, importer, i, k, basis] = 0.25
            for month in range(max(0, start - 3), min(start, months)):
                duty.announced[month, importer, i, k, basis] = 0.25
                duty.announced_months[month, importer, i, k, basis] = start - month
                duty.announced_stage[month, importer, i, k, basis] = stage
            for month in range(start, months):
                duty.age_months[month, importer, i, k, basis] = month - start
