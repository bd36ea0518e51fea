"""The duties behind a move: measures that two policies charge otherwise when it is decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.results.answer.speech import quoted
from sim.results.names import place_in_words
from sim.results.numbers import percent
from sim.results.route_rates import Text, by_measure, charged_measures, value_on
from sim.results.run_folder.query import RunFolder
from sim.tables import MOVES

MOST = 2
"""Instruments that a move names at most."""
_LEAVES = ("close", "exit", "mothball")
_MOVES = (*MOVES, "return")
_DUTIES = """
SELECT policy, importer, exporter, rate_share, instruments FROM duties
WHERE list_contains($both, policy) AND product = $product AND month = CAST($month AS DATE)
"""
_SHIPPED = """
SELECT market, origin, sum(units) AS units FROM flows
WHERE list_contains($both, policy) AND firm = $firm AND product = $product AND market <> origin
GROUP BY ALL ORDER BY ALL
"""
Charged = Mapping[tuple[str, str, str], tuple[float, frozenset[str]]]
"""(Policy, importer, exporter) -> whole duty and the instruments in it; empty where not kept."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One instrument of which two policies charge different rates on a day.

    ``rate_share`` and ``against_share`` are its rates on goods of ``exporter`` at the border of
    ``importer``, None where it is neither in force nor announced; ``start`` is the first day of the
    rate that is told, of ``policy`` if it has one. ``duty_share`` and ``duty_against_share`` are
    all duties of that route together, None where the run kept no duties.
    """

    id: str
    title: str
    legal_basis: str
    source: str
    importer: str
    exporter: str
    policy: str
    against: str
    rate_share: float | None
    against_share: float | None
    start: str
    duty_share: float | None = None
    duty_against_share: float | None = None

    @property
    def apart(self) -> float:
        """How far the two rates lie apart."""
        return abs((self.rate_share or 0.0) - (self.against_share or 0.0))

    def words(self, names: Mapping[str, str]) -> str:
        """Name it with its rate under each policy, since when, its legal basis and source."""
        where = f"{place_in_words(self.importer)} on goods of {place_in_words(self.exporter)}"
        rates = [
            f"{_rate(share)} under {quoted(names[policy])}"
            for policy, share in (
                (self.policy, self.rate_share),
                (self.against, self.against_share),
            )
        ]
        source = f"; {self.source}" if self.source else ""
        whole = ""
        if self.duty_share is not None and self.duty_against_share is not None:
            both = f"{percent(self.duty_share)} and {percent(self.duty_against_share)}"
            if self.duty_share == self.duty_against_share:
                both = f"still {percent(self.duty_share)} under both"
            whole = f"; all duties there together {both}"
        return (
            f"{quoted(self.title)} of {where}, from {self.start}: {', '.join(rates)}{whole}"
            f" ({self.legal_basis}{source})"
        )


def _rate(share: float | None) -> str:
    return "nothing" if share is None else percent(share)


def rules_behind(
    run: RunFolder, both: tuple[str, str], move: Mapping[str, Any], day: str
) -> tuple[Rule, ...]:
    """Measures on the routes of a move whose rate differs on ``day``, those that weigh first.

    ``both`` is the policy and the one it is compared with; ``move`` holds the columns that tell
    moves apart. What is announced by then counts with its rate to come; what the stacking of the
    law does not charge on that route does not count, where the run kept its duties. For work that
    moves the route is from where it leaves, and to where it goes, to its market; for a plant that
    grows all routes into its country, for one that shrinks all routes out of it, as far as the
    firm ships on them. A rule weighs by how far its rates lie apart and by what is shipped there.
    """
    laws = [by_measure(run.law.get(name, {})) for name in both]
    shipped, found = _shipped(run, both, move), []
    charged = _charged(run, both, move["product"], day)
    for name in sorted({*laws[0], *laws[1]}):
        texts = [law.get(name, []) for law in laws]
        if texts[0] != texts[1]:
            for route in _routes(move, (*texts[0], *texts[1])[0], shipped):
                rule = _rule(charged, name, both, texts, (*route, move["product"], day))
                if rule is not None:
                    found.append((rule.apart * shipped.get(route, 1.0), rule))
    found.sort(key=lambda one: (-one[0], one[1].id, one[1].exporter))
    first = {rule.id: rule for _, rule in reversed(found)}
    return tuple(rule for _, rule in found if first[rule.id] is rule)[:MOST]


def _routes(
    move: Mapping[str, Any], text: Mapping[str, Any], shipped: Mapping[tuple[str, str], float]
) -> list[tuple[str, str]]:
    """(Importer, exporter) of the routes that a move is about, as far as the instrument covers."""
    importer, kind = str(text["importer"]), move["kind"]
    if kind in _MOVES:
        ends = (move["from_country"], move["to_country"]) if importer == move["market"] else ()
        return [(importer, end) for end in ends if end != importer]
    side, place = (1, move["from_country"]) if kind in _LEAVES else (0, move["to_country"])
    return [route for route in shipped if route[side] == place and route[0] == importer]


def _shipped(
    run: RunFolder, both: tuple[str, str], move: Mapping[str, Any]
) -> Mapping[tuple[str, str], float]:
    """Units that the firm ships of the product by (importer, exporter), under both policies.

    Known for runs kept in detail alone; empty without any.
    """
    asked = {"both": list(both), "firm": move["firm"], "product": move["product"]}
    return {
        (str(row["market"]), str(row["origin"])): float(row["units"])
        for row in run.sql(_SHIPPED, asked).to_dict("records")
    }


def _rule(
    charged: Charged,
    name: str,
    both: tuple[str, str],
    texts: Sequence[Sequence[Text]],
    at: tuple[str, str, str, str],
) -> Rule | None:
    """A measure on a route (importer, exporter, product, day); None where nothing differs.

    Where all duties of the route are equal under both, only what is still to come differs.
    """
    values = [value_on(parts, at[:3], at[3]) for parts in texts]
    totals: list[float | None] = [None, None]
    for side, policy in enumerate(both):
        found, value = charged.get((policy, *at[:2])), values[side]
        if found is not None:
            totals[side] = found[0]
            if value is not None and value["start"] <= at[3] and name not in found[1]:
                values[side] = None
    shares = [None if value is None else float(value["rate"]) for value in values]
    text, value = (*texts[0], *texts[1])[0], values[0] or values[1] or {}
    coming = any(one is not None and one["start"] > at[3] for one in values)
    equal = totals[0] is not None and totals[0] == totals[1]
    if (shares[0] or 0.0) == (shares[1] or 0.0) or (equal and not coming):
        return None
    return Rule(
        id=name, title=str(text["title"]), legal_basis=str(text["legal_basis"]),
        source=str(value.get("source", "")), importer=at[0], exporter=at[1],
        policy=both[0], against=both[1], rate_share=shares[0], against_share=shares[1],
        start=str(value.get("start", "")), duty_share=totals[0], duty_against_share=totals[1],
    )  # fmt: skip


def _charged(run: RunFolder, both: tuple[str, str], product: str, day: str) -> Charged:
    """Duties of a product on every route in the month of a day, under both policies."""
    asked = {"both": list(both), "product": product, "month": f"{day[:7]}-01"}
    return {
        (str(row["policy"]), str(row["importer"]), str(row["exporter"])): (
            float(row["rate_share"]),
            charged_measures(str(row["instruments"])),
        )
        for row in run.sql(_DUTIES, asked).to_dict("records")
    }
