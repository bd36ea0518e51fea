"""The act behind a move that subsidies draw, with who pays, since when and its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.results.answer.speech import quoted
from sim.results.names import place_in_words
from sim.results.numbers import percent

_SIZES = {
    "share_of_outlay": "{} of the outlay",
    "share_of_price": "{} of the price",
    "profit_tax": "{} of profit spared in tax",
}


@dataclass(frozen=True, slots=True)
class PublicMoney:
    """The act that most decisions of a kind name, as it stands when they are made.

    ``size`` is told in words; ``start`` and ``end`` are the days of that size, ``end`` empty where
    none is set. Sizes of one day that follow each other in a project's years are told by the first.
    """

    id: str
    title: str
    giver: str
    legal_basis: str
    size: str
    start: str
    end: str
    source: str

    def words(self) -> str:
        """Name it with who pays, how much from when, its legal basis and source."""
        days = f"from {self.start}" + (f" to {self.end}" if self.end else "")
        size = f", {days}: {self.size}" if self.size else ""
        basis = "; ".join(part for part in (self.legal_basis, self.source) if part)
        by = f" of {place_in_words(self.giver)}" if self.giver else ""
        return f"{quoted(self.title)}{by}{size}" + (f" ({basis})" if basis else "")


def public_money(act: str, acts: Mapping[str, Mapping[str, Any]], day: str) -> PublicMoney:
    """The act as a policy has it on a day, or as it stood last; ``acts`` by id."""
    text = acts.get(act, {})
    grants = [
        one for one in text.get("grants", ()) if (one["announced"] or one["start"]) <= day
    ] or list(text.get("grants", ()))
    now = [one for one in grants if one["start"] <= day <= (one["end"] or "9999")]
    told = next(iter(now), grants[-1] if grants else {})
    return PublicMoney(
        id=act,
        title=str(text.get("title", act)),
        giver=str(text.get("giver", "")),
        legal_basis=str(text.get("legal_basis", "")),
        size=size_in_words(str(text["kind"]), float(told["size"])) if told else "",
        start=str(told.get("start", "")),
        end=str(told.get("end") or ""),
        source=str(told.get("source", "")),
    )


def size_in_words(kind: str, size: float) -> str:
    """What an act gives, in words.

    >>> size_in_words("share_of_price", 0.25), size_in_words("usd_per_unit", 2400.0)
    ('25.0 % of the price', '2,400 USD a unit')
    """
    return (
        f"{size:,.0f} USD a unit" if kind == "usd_per_unit" else _SIZES[kind].format(percent(size))
    )
