"""Every table of a comparison: what moved out of China, where things are made, which moves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.cli.render import Section, print_table, say_wrapped

if TYPE_CHECKING:
    import pandas as pd

    from sim.results.answer.answer import Answer
    from sim.results.comparing.headline import Headline
    from sim.results.run_folder.query import RunFolder

SHOWN_MOVES = 12
"""Relocations shown for each kind of change; ``--json`` and the report hold all."""
_SPREADS = ("change", "range of\nfutures", "precision\nof the mean")
_SUPPLY = {
    "from_china": "China",
    "diverted_VN": "Vietnam",
    "diverted_TH": "Thailand",
    "diverted_JP": "Japan",
    "diverted_US": "US",
    "diverted_elsewhere": "others",
    "lost": "in all",
}
_CHINA = {
    "china_output": "made in China",
    "china_content": "Chinese content",
    "lost_demand_world": "sales lost to prices",
}


def print_tables(run: RunFolder, told: Answer) -> None:
    """Print every table of the policies that ``told`` is about; rows without a difference go."""
    from sim.cli.comparing.chip_tools import tool_sections
    from sim.results.comparing.chip_tools import tool_tables
    from sim.results.comparing.headline import headline
    from sim.results.names import firm_names, policy_name

    policy, against, year = told.policy, told.against, told.year
    found = headline(run, policy, against, year)
    sections = [*_assumptions(told), *_moves(found), *_production(found), *_supply(found)]
    sections += tool_sections(tool_tables(run, policy, against, year))
    names = firm_names(run)
    title = policy_name(run, policy)
    for change, under in (("gained", "only under"), ("lost", "missing under")):
        heading = f"Decisions {under} “{title}”"
        sections.append(_relocations(found.relocations, change, heading, names))
    print()
    for heading, columns, rows in sections:
        if rows:
            print_table(heading, columns, rows, breaks=1)
    empty = [heading for heading, _, rows in sections if not rows]
    if empty:
        say_wrapped(f"The same under both: {'; '.join(empty)}.")


def _assumptions(told: Answer) -> list[Section]:
    """How the leading change leans on every parameter that varied; none where none did."""
    from sim.results.numbers import amount

    rows: list[tuple[object, ...]] = [
        (
            one.parameter,
            f"{one.correlation:+.2f}",
            amount(one.low_half, signed=True, digits=2),
            amount(one.high_half, signed=True, digits=2),
        )
        for one in told.leanings
    ]
    columns = ("", "rank\ncorrelation", "change at\nlow values", "change at\nhigh values")
    title = "What the first change depends on (`kyoten list parameters NAME` tells each)"
    return [(title, columns, rows)] if rows else []


def _moves(found: Headline) -> list[Section]:
    """One row a sector that moves differently: where to, and how sure the sum is."""
    from sim.axes import COUNTRY_NAMES
    from sim.results.numbers import amount, between

    frame = found.moves
    places = list(dict.fromkeys(frame["destination"]))
    where: list[tuple[object, ...]] = []
    sure: list[tuple[object, ...]] = []
    for _, own in frame.groupby("product", sort=False):
        by = {row["destination"]: row for row in own.to_dict("records")}
        if not any(row["difference"] or row["decisions"] for row in by.values()):
            continue
        whole = by["all"]
        goods = _goods(whole["product"], whole["unit"])
        means = {place: amount(by[place]["difference"], signed=True, digits=2) for place in places}
        where.append((goods, *means.values()))
        futures = between(whole["futures_low"], whole["futures_high"])
        mean = between(whole["low"], whole["high"])
        sure.append((goods, means["all"], futures, mean, whole["evidence"]))
    title = f"Moved out of China and operating at the end of {found.year}, USD of 2017 a year"
    to = ("to", *(COUNTRY_NAMES.get(place, place) for place in places))
    return [(title, to, where), ("How sure that is", ("", *_SPREADS, "base data"), sure)]


def _goods(product: str, unit: str) -> str:
    from sim.axes import PRODUCT_NAMES

    name = PRODUCT_NAMES.get(product, product)
    return f"{name} (vehicles)" if unit == "vehicles" else name


def _production(found: Headline) -> list[Section]:
    """One table a unit, one row a place whose output differs."""
    from sim.axes import COUNTRY_NAMES
    from sim.results.numbers import amount, between

    sections: list[Section] = []
    for unit, own in found.production.groupby("unit", sort=False):
        rows: list[tuple[object, ...]] = [
            (
                COUNTRY_NAMES.get(row["country"], row["country"]),
                amount(row["base"]),
                amount(row["difference"], signed=True),
                between(row["futures_low"], row["futures_high"]),
                between(row["low"], row["high"]),
            )
            for row in own.to_dict("records")
            if row["difference"] or row["futures_low"] or row["futures_high"]
        ]
        title = f"Production of {found.year} by place, {unit}"
        sections.append((title, ("", "base", *_SPREADS), rows))
    return sections


def _supply(found: Headline) -> list[Section]:
    """What became of China's supply to the United States, and of Chinese content, by sector."""
    title = f"Supply to the US in {found.year} by place of making, change, USD of 2017"
    content = f"China in {found.year}, change, USD of 2017"
    return [_parts(found, title, _SUPPLY), _parts(found, content, _CHINA)]


def _parts(found: Headline, title: str, parts: Mapping[str, str]) -> Section:
    from sim.results.numbers import amount

    rows: list[tuple[object, ...]] = []
    for product, own in found.left_china.groupby("product", sort=False):
        by = own.set_index("part")["difference"].fillna(0.0)
        if by[list(parts)].abs().max() > 0:
            cells = (amount(by[part], signed=True, digits=2) for part in parts)
            rows.append((_goods(str(product), own["unit"].iloc[0]), *cells))
    return title, ("", *parts.values()), rows


def _relocations(frame: pd.DataFrame, change: str, title: str, names: Mapping[str, str]) -> Section:
    own = frame[frame["change"] == change]
    rows = [_move(row, names) for row in own.head(SHOWN_MOVES).to_dict("records")]
    more = len(own) - len(rows)
    heading = f"{title}: the {len(rows)} most frequent of {len(own)}" if more > 0 else title
    return heading, ("", "median\nmonth", "times in\na future", "size\na year", "why"), rows


_DECISIONS = {
    "transfer": "{goods}, moves from {origin} to {place}",
    "brownfield": "{goods}, enlarges its site in {place}, from {origin}",
    "open": "{goods}, new plant in {place}, from {origin}",
    "shared": "{goods}, plant shared with {partner} in {place}, from {origin}",
    "ems": "{goods}, contract maker in {place}, from {origin}",
    "return": "{goods}, back from {origin} to {place}",
    "expand": "{goods}, more capacity in {place}",
    "close": "{goods}, closes capacity in {origin}",
    "exit": "{goods}, gives up {origin}",
    "mothball": "{goods}, lays up capacity in {origin}",
    "restart": "{goods}, restarts capacity in {place}",
    "partner": "{goods}, technology partner {partner}",
}


def _move(row: Mapping[Any, Any], names: Mapping[str, str]) -> tuple[object, ...]:
    """One kind of decision in the order of its columns."""
    from sim.axes import COUNTRY_NAMES, PRODUCT_NAMES
    from sim.results.answer.drivers import REASONS
    from sim.results.numbers import amount

    ends = {name: row[f"{name}_country"] for name in ("from", "to")}
    decision = _DECISIONS[row["kind"]].format(
        goods=PRODUCT_NAMES.get(row["product"], row["product"]),
        origin=COUNTRY_NAMES.get(ends["from"], ends["from"]),
        place=COUNTRY_NAMES.get(ends["to"], ends["to"]),
        partner=row["partner"],
    )
    return (
        f"{names.get(row['firm'], row['firm'])}: {decision}",
        row["announced_month"].strftime("%Y-%m"),
        f"{row['decisions']:.2f}",
        amount(row["units"]),
        REASONS.get(row["reason"], row["reason"]),
    )
