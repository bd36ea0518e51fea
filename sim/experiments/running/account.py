"""What a run folder tells about law and world, so that pages read both through results.

Nothing of the engine is read, so that lists of firms and measures answer at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

import numpy as np

from sim.axes import COUNTRIES, COUNTRY_INDEX
from sim.law.agreement import Agreement
from sim.law.controls.history import ControlHistory
from sim.law.instrument import FOREVER, Carve, Instrument, Value
from sim.law.law import Law
from sim.law.subsidies.act import Subsidy
from sim.world.world import World


def control_account(histories: Mapping[str, ControlHistory]) -> dict[str, Any]:
    """Content of ``controls.json``: title, authority, citation, days and source of every rule."""
    return {
        policy: {
            rule.id: {
                "title": rule.title,
                "authority": rule.authority,
                "kind": rule.kind,
                "citation": rule.citation,
                "announced": _day(rule.announced),
                "windows": [[_day(one.start), _day(one.until)] for one in rule.windows],
                "switches": sorted(
                    {it for one in rule.windows for it in (one.from_switch, one.switch) if it}
                ),
                "source_url": rule.url,
            }
            for rule in history.law.rules
        }
        for policy, history in histories.items()
    }


def name_account(world: World) -> dict[str, dict[str, str]]:
    """Content of ``names.json``: buyers of chip tools (firms stand in ``lines.json``)."""
    buyers = world.tools.customers if world.tools else ()
    return {"customers": {one.id: one.name for one in buyers}}


def law_account(laws: Mapping[str, Law]) -> dict[str, Any]:
    """Content of ``law.json``: policy -> id -> its text, values and sources.

    Instruments have an ``importer``, subsidies a ``giver``, agreements ``members``; ``mfn`` holds
    the base rates that have changed.
    """
    return {
        policy: {one.id: instrument_account(one) for one in law.instruments}
        | {one.id: act_account(one) for one in law.subsidies}
        | {one.id: _agreement(one) for one in law.agreements}
        | {"mfn": {"base_rates": _changed_rates(law)}}
        for policy, law in laws.items()
    }


def act_account(act: Subsidy) -> dict[str, Any]:
    """One subsidy as plain content: who pays whom for what, its dated sizes with sources."""
    return {
        "title": act.title,
        "legal_basis": act.legal_basis,
        "giver": act.giver,
        "places": list(act.places),
        "products": list(act.products),
        "firms": list(act.firms),
        "kind": act.kind,
        "chance": act.chance,
        "silent": act.silent,
        "conditions": act.conditions,
        "recipients": act.recipients,
        "note": act.note,
        "grants": [
            {
                "start": one.start.isoformat(),
                "end": _day(one.end),
                "size": one.size,
                "announced": _day(one.announced),
                "years": None if one.years is None else list(one.years),
                **asdict(one.provenance),
            }
            for one in act.grants
        ],
    }


def _agreement(one: Agreement) -> dict[str, Any]:
    members = [[code, start.isoformat()] for code, start in one.members]
    return {"title": one.title, "members": members, **asdict(one.provenance)}


def _changed_rates(law: Law) -> list[dict[str, Any]]:
    """Base rates of importers and products that have more than one."""
    pairs = Counter((row.importer, row.product) for row in law.mfn)
    return [
        {
            "importer": row.importer,
            "product": row.product,
            "start": row.start.isoformat(),
            "end": _day(row.end),
            "rate": row.rate,
            **asdict(row.provenance),
        }
        for row in law.mfn
        if pairs[row.importer, row.product] > 1
    ]


def instrument_account(instrument: Instrument) -> dict[str, Any]:
    """One instrument as plain content: title, legal basis, lanes, dated values with sources.

    ``measure`` is the id of the instrument that a reform cut this part from, or its own;
    ``excludes`` are the flows that it leaves out, a part's among them.
    """
    return {
        "title": instrument.title,
        "legal_basis": instrument.legal_basis,
        "basis": instrument.basis,
        "importer": instrument.importer,
        "exporters": list(instrument.exporters),
        "products": list(instrument.products),
        "group": instrument.group,
        "measure": instrument.measure,
        "excludes": [_excluded(one) for one in instrument.excludes],
        "note": instrument.note,
        "values": [_dated(value) for value in instrument.values],
    }


def _excluded(flows: Carve) -> dict[str, Any]:
    return {
        "exporters": list(flows.exporters),
        "products": list(flows.products),
        "start": flows.start.isoformat(),
        "end": _day(flows.end),
    }


def _dated(value: Value) -> dict[str, Any]:
    return {
        "start": value.start.isoformat(),
        "end": _day(value.end),
        "rate": value.rate,
        "kind": value.kind,
        "status": value.status,
        "announced": _day(value.announced),
        **asdict(value.provenance),
    }


def _day(day: date | None) -> str | None:
    return None if day is None or day == FOREVER else day.isoformat()


def line_account(world: World) -> list[dict[str, Any]]:
    """Content of ``lines.json``: every product line with its evidence and its base output.

    ``base_units`` and ``china_base_units`` are units of 2017 (vehicles, or USD for other goods);
    ``base_by_country`` holds the places with output; ``ways`` how work for a market may go to
    another country (none of them where the line's class moves none).
    """
    output = world.base_flow.sum(axis=2)
    firms = {firm.id: firm for firm in world.firms}
    return [
        {
            "id": line.id,
            "firm": line.firm,
            "firm_name": firms[line.firm].name,
            "sector": firms[line.firm].sector,
            "product": line.product,
            "line_class": line.line_class,
            "name": line.name,
            "evidence": line.evidence,
            "base_units": float(made.sum()),
            "china_base_units": float(made[COUNTRY_INDEX["CN"]]),
            "base_by_country": {
                code: float(units) for code, units in zip(COUNTRIES, made, strict=True) if units
            },
            "ways": _ways(world, n),
        }
        for n, (line, made) in enumerate(zip(world.lines, output, strict=True))
    ]


def _ways(world: World, n: int) -> list[str]:
    """Ways of line n to another country, by :data:`sim.tables.RELOCATION_KINDS`."""
    if not world.parameters["programmes"][n] > 0.5:  # as the rows of its slices are laid out
        return []
    ways = ["transfer", "brownfield", "open"] if world.candidate[n].any() else []
    ways += [] if np.isnan(world.parameters["shared_sunk"][n]) else ["shared"]
    return ways + (["ems"] if world.contract_maker[n].any() else [])
