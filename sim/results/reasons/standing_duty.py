"""The measure behind a move that duty drives alike under both policies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.results.answer.speech import quoted
from sim.results.names import place_in_words
from sim.results.numbers import percent
from sim.results.route_rates import FOREVER, by_measure, value_on
from sim.results.run_folder.query import RunFolder

MFN = "mfn"
"""How decisions name the most-favoured-nation rate."""


@dataclass(frozen=True, slots=True)
class StandingDuty:
    """The instrument, agreement or base rate that most decisions of a kind name.

    ``where`` tells the flow that it charges, ``rate`` what it charges there when they are made,
    both empty where the route does not tell.
    """

    id: str
    title: str
    where: str
    rate: str
    start: str
    legal_basis: str
    source: str

    def words(self) -> str:
        """Name it with what it charges since when, its legal basis and source."""
        since = f", from {self.start}" if self.start else ""
        rate = f": {self.rate}" if self.rate else ""
        basis = "; ".join(part for part in (self.legal_basis, self.source) if part)
        return f"{quoted(self.title)}{self.where}{since}{rate}" + (f" ({basis})" if basis else "")


def standing_duty(
    run: RunFolder, policy: str, name: str, move: Mapping[str, Any], day: str
) -> StandingDuty:
    """The measure of a policy as it stands on the routes of a move on a day.

    ``move`` holds the columns that tell moves apart.
    """
    law = run.law.get(policy, {})
    parts = by_measure(law).get(name)
    if parts:
        text = parts[0]
        for route in _routes(move, str(text["importer"])):
            value = value_on(parts, route, day)
            if value is not None:
                where = _flow(*route[:2])
                return StandingDuty(
                    name, str(text["title"]), where, percent(value["rate"]), str(value["start"]),
                    str(text["legal_basis"]), str(value.get("source", "")),
                )  # fmt: skip
        last = parts[0]["values"][-1] if parts[0]["values"] else {}
        where = f" of {place_in_words(str(text['importer']))}"
        basis, source = str(text["legal_basis"]), str(last.get("source", ""))
        start = str(last.get("start", ""))
        return StandingDuty(name, str(text["title"]), where, "", start, basis, source)
    if name == MFN:
        return _base_rate(run, policy, move, day)
    text = run.agreements.get(policy, {}).get(name, {})
    return StandingDuty(name, str(text.get("title", name)), "", "", "", "", text.get("source", ""))


def _routes(move: Mapping[str, Any], importer: str) -> list[tuple[str, str, str]]:
    """Importer, exporter and product of the routes that a move is about."""
    ends = [one for one in (move["from_country"], move["to_country"]) if one not in ("", importer)]
    return [(importer, str(end), str(move["product"])) for end in ends]


def _flow(importer: str, exporter: str) -> str:
    return f" of {place_in_words(importer)} on goods of {place_in_words(exporter)}"


def _base_rate(run: RunFolder, policy: str, move: Mapping[str, Any], day: str) -> StandingDuty:
    """The most-favoured-nation rate of the market, where it has changed since the base year."""
    market = str(move["market"] or move["to_country"] or move["from_country"])
    rows = [
        row
        for row in run.base_rates.get(policy, ())
        if (row["importer"], row["product"]) == (market, move["product"])
        and row["start"] <= day <= (row["end"] or FOREVER)
    ]
    row: Mapping[str, Any] = rows[-1] if rows else {"start": "", "source": ""}
    rate = percent(row["rate"]) if rows else ""
    where, source = f" of {place_in_words(market)}", str(row["source"])
    return StandingDuty(
        MFN, "Most-favoured-nation rate", where, rate, str(row["start"]), "", source
    )
