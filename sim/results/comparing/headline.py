"""The tables the product leads with: what left China, where it went, and how sure that is.

Every figure is ``policy`` less ``against`` over paired runs, with the precision of its mean and the
range of futures (:data:`sim.results.comparing.futures.SPREAD`). Cars
and trucks count in vehicles; every other product in USD at 2017 prices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.arrays import Floats
from sim.axes import COUNTRIES, PRODUCTS
from sim.data.evidence import EVIDENCE
from sim.results.comparing.bootstrap import mean_interval
from sim.results.comparing.cube import cubes
from sim.results.comparing.futures import SPREAD, spreads
from sim.results.comparing.moves import matched_events, per_pair, relocation_changes
from sim.results.comparing.pairs import Paired, common_pairs, paired
from sim.results.run_folder.query import RunFolder
from sim.tables import MOVES
from sim.units import unit

DESTINATIONS = ("VN", "TH", "elsewhere")

_OUTCOMES = ("us_supply", "lost_demand", "output", "china_content_usd", "programmes_from_china")
WEIGHTY = 0.10
"""A grade marks a sector when it and weaker ones carry this share of its base output in China."""


@dataclass(frozen=True, slots=True, eq=False)
class Headline:
    """The leading tables of one policy against another at the end of ``year``."""

    policy: str
    against: str
    year: int
    runs: int
    moves: pd.DataFrame
    production: pd.DataFrame
    left_china: pd.DataFrame
    relocations: pd.DataFrame


def headline(
    run: RunFolder, policy: str, against: str | None = None, year: int | None = None
) -> Headline:
    """Build the leading tables; ``against`` is the baseline, ``year`` the last whole one.

    Raises
    ------
    QueryError
        An unknown policy, a year outside the run, or no run that both policies have finished.
    """
    other = run.baseline if against is None else against
    last = last_whole_year(run) if year is None else run.require_year(year)
    for name in (run.require_policy(policy), run.require_policy(other)):
        cubes(run, name, _OUTCOMES)
    return Headline(
        policy=policy,
        against=other,
        year=last,
        runs=len(common_pairs(run, policy, other)),
        moves=moves_from_china(run, policy, other, last),
        production=production_by_country(run, policy, other, last),
        left_china=what_left_china(run, policy, other, last),
        relocations=relocation_changes(run, policy, other),
    )


def last_whole_year(run: RunFolder) -> int:
    """Last calendar year whose December the run reaches, or the year of its last month."""
    year, month = (int(part) for part in run.manifest.last_month.split("-")[:2])
    return year if month == 12 or run.manifest.first_month[:4] == str(year) else year - 1


def moves_from_china(run: RunFolder, policy: str, against: str, year: int) -> pd.DataFrame:
    """Programmes moved out of China by product and destination, in force at the end of ``year``.

    Columns ``product, unit, destination`` (VN, TH, elsewhere, all), ``level`` (yearly units under
    ``policy``), the difference and its spreads (:data:`SPREAD`), ``decisions`` (mean number of
    transfers, openings and contract-maker moves announced a run, difference), ``decisions_low``,
    ``decisions_high``, ``china_base_units`` (yearly output in China in 2017), ``evidence`` (the
    grade of that figure) and ``evidence_shares``.
    """
    both = paired(run, policy, against, "programmes_from_china").yearly()
    events = _programme_events(run, policy, against, year)
    pairs = len(common_pairs(run, policy, against))
    evidence = evidence_by_product(run.lines)
    rows = []
    for product in _ordered(evidence["product"], PRODUCTS):
        graded = evidence.set_index("product").loc[product].to_dict()
        for destination in (*DESTINATIONS, "all"):
            row: dict[str, Any] = {"product": product, "unit": unit(product)}
            row["destination"] = destination
            row |= _at(both, year, {"product": [product], "country": _places(destination)})
            count = _decisions(events, product, destination, pairs)
            mean, low, high = mean_interval(count)
            row |= {"decisions": float(mean), "decisions_low": float(low)}
            rows.append(row | {"decisions_high": float(high)} | graded)
    return pd.DataFrame(rows)


def _places(destination: str) -> Sequence[str] | None:
    """Country codes of a destination; None means every one."""
    if destination == "all":
        return None
    if destination == "elsewhere":
        return [code for code in COUNTRIES if code not in (*DESTINATIONS, "CN")]
    return [destination]


def _at(both: Paired, year: int, wanted: dict[str, Sequence[str] | None]) -> dict[str, float]:
    """Level, mean difference and its spreads, of the wanted groups' sum in ``year``."""
    mask = np.ones(len(both.groups), dtype=bool)
    for key, codes in wanted.items():
        if codes is not None:
            mask &= np.isin(both.group_codes(key), list(codes))
    t = np.flatnonzero(both.periods.astype("datetime64[Y]").astype(int) + 1970 == year)
    if not len(t):
        return dict.fromkeys(("level", *SPREAD), float("nan"))
    a, b = (values[mask][:, t[0]].sum(axis=0) for values in (both.a, both.b))
    told = {name: float(value) for name, value in spreads(a - b).items()}
    return {"level": float(a.mean())} | told


def _programme_events(run: RunFolder, policy: str, against: str, year: int) -> pd.DataFrame:
    """Events that leave China as programmes, announced by the end of ``year``, signed by policy."""
    events = matched_events(run, policy, against)
    own = events["kind"].isin(MOVES) & (events["from_country"] == "CN")
    early = events["announced_month"].dt.year <= year
    kept: pd.DataFrame = events[own & early & (events["change"] != "kept")].copy()
    kept["sign"] = np.where(kept["change"] == "gained", 1.0, -1.0)
    return kept


def _decisions(events: pd.DataFrame, product: str, destination: str, pairs: int) -> Floats:
    places = _places(destination)
    chosen = events[events["product"] == product]
    if places is not None:
        chosen = chosen[chosen["to_country"].isin(places)]
    series = np.zeros(len(chosen), dtype=np.int64)
    count: Floats = per_pair(chosen, series, 1, pairs, "sign")[0]
    return count


def evidence_by_product(lines: pd.DataFrame) -> pd.DataFrame:
    """Grade of every product's base data, weighted by its lines' output in China in 2017.

    ``evidence`` is the weakest grade that, with the weaker ones, carries at least
    :data:`WEIGHTY` of that output; ``evidence_shares`` tells them all. Products made nowhere in
    China weigh their lines equally.
    """
    rows = []
    for product, own in lines.groupby("product", sort=True):
        weight = own["china_base_units"].astype(float)
        total = float(weight.sum())
        weight = weight if total > 0 else pd.Series(1.0, index=own.index)
        shares = (weight.groupby(own["evidence"]).sum() / weight.sum()).to_dict()
        rows.append(
            {
                "product": product,
                "china_base_units": total,
                "evidence": _grade(shares),
                "evidence_shares": "; ".join(
                    f"{grade} {shares[grade]:.0%}" for grade in EVIDENCE if shares.get(grade, 0) > 0
                ),
            }
        )
    return pd.DataFrame(rows)


def _grade(shares: dict[Any, float]) -> str:
    held = 0.0
    for grade in reversed(EVIDENCE):
        held += shares.get(grade, 0.0)
        if held >= WEIGHTY:
            return grade
    return EVIDENCE[-1]


def production_by_country(run: RunFolder, policy: str, against: str, year: int) -> pd.DataFrame:
    """Output of ``year`` by country: vehicles and, apart from them, all other goods.

    Columns ``unit, country, level, base`` (the other policy) and :data:`SPREAD`.
    """
    both = paired(run, policy, against, "output").yearly()
    products = {str(code) for code in both.group_codes("product")}
    present = {str(code) for code in both.group_codes("country")}
    rows = []
    for label in ("vehicles", "USD of 2017"):
        chosen = [product for product in products if unit(product) == label]
        for country in _ordered(present, COUNTRIES):
            row: dict[str, Any] = _at(both, year, {"product": chosen, "country": [country]})
            if row["level"] or row["difference"]:
                row["base"] = row["level"] - row["difference"]
                rows.append({"unit": label, "country": country} | row)
    columns = ["unit", "country", "level", "base", *SPREAD]
    return pd.DataFrame(rows, columns=columns)


def what_left_china(run: RunFolder, policy: str, against: str, year: int) -> pd.DataFrame:
    """China's lost supply to the US told apart, by product and part, for ``year``.

    ``part`` is ``from_china`` (change of US supply made in China), ``diverted_VN``,
    ``diverted_TH``, ``diverted_JP``, ``diverted_US``, ``diverted_elsewhere`` (change of US supply
    made there), ``lost`` (total change of US supply: what nobody delivers instead),
    ``lost_demand_world`` (sales that prices cost in all markets), ``china_output`` and
    ``china_content`` (USD of Chinese assembly and parts, wherever made). Columns ``product, unit,
    part`` and :data:`SPREAD`.
    """
    supply, lost, output, content = (
        paired(run, policy, against, name).yearly() for name in _OUTCOMES[:4]
    )
    named = ("VN", "TH", "JP", "US")
    others = [code for code in COUNTRIES if code not in (*named, "CN")]
    parts: list[tuple[str, Paired, Sequence[str] | None]] = [("from_china", supply, ["CN"])]
    parts += [(f"diverted_{code}", supply, [code]) for code in named]
    parts += [("diverted_elsewhere", supply, others), ("lost", supply, None)]
    parts += [("lost_demand_world", lost, None), ("china_output", output, ["CN"])]
    parts += [("china_content", content, None)]
    rows = []
    for product in _ordered(run.lines["product"], PRODUCTS):
        for part, both, countries in parts:
            row = _at(both, year, {"product": [product], "country": countries})
            label = "USD" if part == "china_content" else unit(product)
            rows.append({"product": product, "unit": label, "part": part} | row)
    columns = ["product", "unit", "part", *SPREAD]
    return pd.DataFrame(rows)[columns]


def _ordered(found: Any, order: tuple[str, ...]) -> list[str]:
    """Distinct codes that were found, in the order of their axis."""
    present = set(found)
    return [code for code in order if code in present]
