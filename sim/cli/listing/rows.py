"""Rows of every list, as JSON has them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sim.cli.listing.source import Row, Source

if TYPE_CHECKING:
    from sim.world.parameter_table import Parameter


def firms(source: Source) -> list[Row]:
    """Firms with their product lines and where they make, the largest place first."""
    made: dict[str, dict[str, float]] = {}
    rows: dict[str, Row] = {}
    for line in _lines(source):
        firm = rows.setdefault(
            line["firm"],
            {"id": line["firm"], "name": line["firm_name"], "sector": line.get("sector", ""),
             "lines": [], "products": [], "makes_in": []},
        )  # fmt: skip
        firm["lines"].append(line["id"])
        firm["products"] += [line["product"]] if line["product"] not in firm["products"] else []
        here = made.setdefault(line["firm"], {})
        for place, units in line.get("base_by_country", {}).items():
            here[place] = here.get(place, 0.0) + units / max(line["base_units"], 1.0)
    for code, places in made.items():
        rows[code]["makes_in"] = sorted(places, key=lambda place: -places[place])
    return list(rows.values())


def _lines(source: Source) -> list[dict[str, Any]]:
    if source.run is not None:
        records = source.run.lines.to_dict("records")
        return [{str(key): cell for key, cell in row.items()} for row in records]
    from sim.experiments.running.account import line_account
    from sim.world.build import load_world

    return line_account(load_world(overlays=source.data))


def outcomes(source: Source) -> list[Row]:
    """What a run records every month, with the units of a month's and of a year's value."""
    from sim.engine.extensions import brought

    if source.run is not None:
        found = tuple(source.run.outcomes.values())
    else:
        found = brought(source.config.extensions if source.config else ()).every_outcome
    return [
        {
            "name": one.name,
            "unit": one.unit,
            "unit_of_year": str(one.unit_of("year")),
            "kind": one.kind,
            "keys": list(one.keys),
            "description": one.description,
        }
        for one in found
    ]


def parameters(source: Source) -> list[Row]:
    """Parameters by the key that an experiment writes; of a run, those that it sets or varies."""
    given = _given(source)
    rows = {row["key"]: row for row in _parameter_rows(source)}
    for key, told in given.items():
        name, _, rest = key.partition(".")
        base = rows.get(key) or rows.get(key.removesuffix(".scale")) or rows.get(name)
        kept = base or {"name": name, "scope": rest}
        rows[key] = {**kept, "key": key, "given": told}
    return [row for key, row in rows.items() if source.run is None or key in given]


def _given(source: Source) -> dict[str, Any]:
    """Key -> the value that it is set to, or what it ranges over."""
    if source.run is not None:
        return {**source.run.manifest.config.get("parameters", {}), **source.run.drawn.ranges}
    if source.config is None:
        return {}
    plain = source.config.model_dump(mode="json", include={"parameters", "uncertainties"})
    return {**plain["parameters"], **plain["uncertainties"]}


def _parameter_rows(source: Source) -> Iterator[Row]:
    """Rows of the table that a configuration may write."""
    from sim.data.dataset import load_dataset
    from sim.data.shared_columns import ALL
    from sim.engine.extensions import brought
    from sim.world.parameter_table import load_parameters

    theirs = brought(source.config.extensions).parameters if source.config else ()
    for one in (*load_parameters(load_dataset(overlays=source.data)), *theirs):
        if one.settled == "base_year" or math.isnan(one.value):
            continue
        key = one.name if one.scope == ALL else f"{one.name}.{one.scope}"
        yield {"key": key, **_told(one)}


def _told(one: Parameter) -> Row:
    calibrated = {"declared": one.declared, "calibrated_on": list(one.rows)} if one.rows else {}
    return {
        "name": one.name,
        "scope": one.scope,
        "value": one.value,
        "low": one.low,
        "high": one.high,
        "unit": one.unit,
        "evidence": one.evidence,
        "source_url": one.source_url,
        "note": one.note,
        **calibrated,
    }


def instruments(source: Source) -> list[Row]:
    """Measures of the law on duties, with their first day and what became of them."""
    from sim.experiments.running.account import instrument_account
    from sim.law.law import load_law
    from sim.results.route_rates import by_measure

    if source.run is not None:
        laws = [by_measure(law) for law in source.run.law.values()]
        every = {key: parts[-1] for law in laws for key, parts in law.items()}
    else:
        found = load_law(source.law).instruments
        every = {one.id: instrument_account(one) for one in found}
    return [_instrument(identity, one) for identity, one in every.items()]


def _instrument(identity: str, one: Mapping[str, Any]) -> Row:
    values = one["values"]
    return {
        "id": identity,
        "title": one["title"],
        "importer": one["importer"],
        "exporters": one["exporters"],
        "first_day": min((value["start"] for value in values), default=None),
        "status": list(dict.fromkeys(value["status"] for value in values)),
        "basis": one["basis"],
        "legal_basis": one["legal_basis"],
        "source_url": next((value["source"] for value in values), ""),
    }


def rules(source: Source) -> list[Row]:
    """Rules of export control, with the day from which each has held."""
    from sim.experiments.running.account import control_account
    from sim.law.controls.history import ControlHistory
    from sim.law.controls.law import enacted

    if source.run is not None:
        told: Mapping[str, Any] = source.run.controls
    else:
        told = control_account({"": ControlHistory((), enacted(source.law))})
    every = {key: one for law in told.values() for key, one in law.items()}
    return [
        {"id": key, **one, "first_day": min((w[0] for w in one["windows"] if w[0]), default=None)}
        for key, one in every.items()
    ]
