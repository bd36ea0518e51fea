"""Whether the built world holds together, and how near it comes to totals it was not fitted to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.arrays import Floats
from sim.axes import COUNTRY_INDEX
from sim.data.dataset import Dataset, load_dataset
from sim.world.capacity import read_capacity
from sim.world.footprint import read_margins
from sim.world.trade import trade_bounds
from sim.world.world import World

BALANCE = 1e-9
"""Greatest relative miss of a margin of the base flows."""
ABROAD = {
    "asia": ("CN", "VN", "TH", "KR", "TW", "IN", "ID", "MY", "PH"),
    "north_america": ("US", "CA"),
    "europe": ("EU",),
}
"""Regions of the surveys of makers abroad, in places of the model."""
SAMPLE = 0.08
"""How far shares of the firms here may lie from those of all makers abroad."""
PARTS_SAMPLE = 0.12
"""The same for parts: surveys count every firm once, most of them small."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: its value against the band in which it should lie.

    ``internal`` checks are laws of the build; the others compare with a published total.
    """

    name: str
    value: float
    low: float
    high: float
    internal: bool
    note: str = ""

    @property
    def holds(self) -> bool:
        """Whether the value lies in the band."""
        return bool(self.low <= self.value <= self.high)


def world_findings(world: World, data: Dataset | None = None) -> tuple[Finding, ...]:
    """Every check of a world, internal ones first."""
    tables = load_dataset() if data is None else data
    told = (*_published(world, tables), *_abroad(world, tables), *_parts_bought(world, tables))
    return (*_balance(world, tables), *_bounds(world), *told)


def _balance(world: World, data: Dataset) -> tuple[Finding, ...]:
    output = read_margins(data, "output_2017", "country", world.lines)
    sales = read_margins(data, "sales_2017", "market", world.lines)
    scaled = sales * (output.sum(axis=1) / sales.sum(axis=1))[:, None]
    misses = {
        "output fitted": _miss(world.base_flow.sum(axis=2), output),
        "sales fitted": _miss(world.base_flow.sum(axis=1), scaled),
    }
    return tuple(Finding(name, x, 0.0, BALANCE, internal=True) for name, x in misses.items())


def _miss(held: Floats, wanted: Floats) -> float:
    """Greatest miss of a margin, relative where it is wanted, over the total where it is not."""
    total = wanted.sum(axis=1, keepdims=True)
    scale = np.where(wanted > 0.0, wanted, total)
    return float(np.max(np.abs(held - wanted) / scale))


def _bounds(world: World) -> tuple[Finding, ...]:
    output = world.base_flow.sum(axis=2)
    use = np.divide(output, world.base_capacity, out=np.zeros_like(output), where=output > 0.0)
    limit = world.parameters["stated_use_limit"][:, None]
    base = (
        world.base_flow, world.base_capacity, world.freight_share, world.preference_share,
        world.parts_source,
    )  # fmt: skip
    paths = (
        world.market_index, world.rival_factor, world.rival_price, world.brand_trend,
        world.wage_index, world.price_level, world.fx_per_usd, world.freight_index,
    )  # fmt: skip
    bands = {
        "least base quantity": (min(float(array.min()) for array in base), 0.0, np.inf),
        "least path value": (min(float(array.min()) for array in paths), 1e-9, np.inf),
        "base use over its limit": (float((use / limit).max()), 0.0, 1.0 + 1e-9),
        "parts shares": (float(np.abs(world.parts_source.sum(axis=2) - 1.0).max()), 0.0, 1e-6),
        "freight at home": (float(np.diagonal(world.freight_share, 0, 1, 2).max()), 0.0, 0.0),
        "lines that may go nowhere": (float((~world.candidate.any(axis=1)).sum()), 0.0, 0.0),
    }
    return tuple(Finding(name, *band, internal=True) for name, band in bands.items())


def _published(world: World, data: Dataset) -> tuple[Finding, ...]:
    """Totals the build does not use: the trade that holds flows, US imports of cars from Japan."""
    worst = max(trade_bounds(world, data), key=lambda bound: bound.use, default=None)
    findings = []
    if worst is not None:
        place = f"{' + '.join(worst.groups)} {worst.origin} > {worst.market}"
        findings = [Finding("flow over its trade", worst.use, 0.0, 1.0, internal=False, note=place)]
    cars = [n for n, line in enumerate(world.lines) if line.product == "cars"]
    route = (cars, COUNTRY_INDEX["JP"], COUNTRY_INDEX["US"])
    value = float((world.base_flow[route] * world.price_usd[cars]).sum())
    for row in data.where("trade_totals", group="us_8703", origin="JP", market="US", year="2017"):
        ratio = value / row.number("value")
        note = "seven makers at model prices over US imports of cars from Japan in 2017"
        findings.append(Finding("JP-US cars, value", ratio, 0.85, 1.15, internal=False, note=note))
    return tuple(findings)


def _abroad(world: World, data: Dataset) -> Iterator[Finding]:
    """Output outside Japan by region beside the sales of all makers abroad at the end of 2017."""
    output = (world.base_flow.sum(axis=2) * world.price_usd[:, None]).sum(axis=0)
    abroad = float(output.sum() - output[COUNTRY_INDEX["JP"]])
    for row in data.where("affiliates", measure="sales_share", year="2017"):
        region, wanted = row.text("place"), row.number("value")
        held = float(sum(output[COUNTRY_INDEX[one]] for one in ABROAD[region])) / abroad
        band = (wanted - SAMPLE, wanted + SAMPLE)
        yield Finding(f"output abroad: {region}", held, *band, internal=False, note="of USD output")


def _parts_bought(world: World, data: Dataset) -> Iterator[Finding]:
    """Parts bought in a country, mean of its lines, beside the mean of all makers there."""
    makes = world.base_flow.sum(axis=2) > 0.0
    for row in data.where("affiliates", measure="local_parts"):
        place, wanted = row.text("place"), row.number("value")
        source = 0 if place == "CN" else 2
        i = COUNTRY_INDEX[place]
        held = float(world.parts_source[makes[:, i], i, source].mean())
        band = (wanted - PARTS_SAMPLE, wanted + PARTS_SAMPLE)
        note = "parts of other countries count here where they are neither Japanese nor Chinese"
        yield Finding(f"parts bought in {place}", held, *band, internal=False, note=note)


def mothballed(world: World, data: Dataset | None = None) -> dict[tuple[str, int], float]:
    """Stated capacity of 2017 that is left out as idle for good: (line id, country) -> units."""
    tables = load_dataset() if data is None else data
    held = read_capacity(tables, world.lines, world.base_flow.sum(axis=2), world.parameters)
    return {
        (world.lines[n].id, int(i)): float(held.mothballed[n, i])
        for n, i in np.argwhere(held.mothballed > 0.5)
    }
