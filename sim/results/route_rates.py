"""The rate of a measure on one route on a day, from the law that a run folder holds.

A reform that touches some flows of an instrument cuts a part out of it; the law of the run then has
both. Here they are one measure again: a flow is charged by that part alone which does not leave it
out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sim.law.instrument import whole_id

Text = Mapping[str, Any]
"""One instrument, or part of one, as ``law.json`` holds it."""
Route = tuple[str, str, str]
"""Importer, exporter, product."""
FOREVER = "9999"
_IN_FORCE = ("enacted", "announced")


def by_measure(law: Mapping[str, Text]) -> dict[str, list[Text]]:
    """Id of a measure -> its parts, those that were cut out last first."""
    found: dict[str, list[Text]] = {}
    for identity in sorted(law, key=lambda one: (-one.count("."), one)):
        found.setdefault(whole_id(identity), []).append(law[identity])
    return found


def charged_measures(instruments: str) -> frozenset[str]:
    """Ids of the measures among the instruments that the ``duties`` table names for a route.

    >>> sorted(charged_measures("us_232_cars;us_ieepa_cn.reform1"))
    ['us_232_cars', 'us_ieepa_cn']
    """
    return frozenset(whole_id(one) for one in instruments.split(";") if one)


def value_on(parts: Iterable[Text], route: Route, day: str) -> Text | None:
    """The dated value of a measure on a route on a day, or the next one announced by then."""
    known = [
        value
        for text in parts
        for value in text["values"]
        if value["status"] in _IN_FORCE
        and value["rate"] is not None
        and _covers(text, route, max(day, value["start"]))
    ]
    now = [one for one in known if one["start"] <= day <= (one["end"] or FOREVER)]
    coming = [one for one in known if (one["announced"] or one["start"]) <= day < one["start"]]
    return max(now, key=lambda one: str(one["start"]), default=None) or min(
        coming, key=lambda one: str(one["start"]), default=None
    )


def _covers(text: Text, route: Route, day: str) -> bool:
    """Whether an instrument charges a route on a day, so far as it has a value then.

    Folders of earlier versions hold no ``excludes``.
    """
    importer, exporter, product = route
    if importer != text["importer"] or exporter not in text["exporters"]:
        return False
    return product in text["products"] and not any(
        exporter in one["exporters"]
        and product in one["products"]
        and one["start"] <= day <= (one["end"] or FOREVER)
        for one in text.get("excludes", ())
    )
