"""The tables that a comparison leads with: what left China, where things are made, which moves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.cli.render import Section, print_table, say

if TYPE_CHECKING:
    import pandas as pd

    from sim.results.comparing.headline import Headline
    from sim.results.run_folder.query import RunFolder

SHOWN_MOVES = 12
"""Relocations shown for each kind of change; ``--json`` and the report hold all."""


def print_leading(run: RunFolder, policy: str, against: str | None, year: int | None) -> None:
    """Print the leading tables of ``policy`` against another; those without a difference go."""
    from sim.cli.chip_tool_tables import tool_sections
    from sim.results.comparing.chip_tools import tool_tables
    from sim.results.comparing.headline import headline
    from sim.results.names import firm_names

    found = headline(run, policy, against, year)
    what = f"{policy} less {found.against} at the end of {found.year}"
    say(f"{what}, {found.runs} pairs of runs; 95 % intervals")
    tools = tool_sections(tool_tables(run, policy, against, year))
    sections = [_moves(found), *tools, _production(found), _left_china(found)]
    names = firm_names(run)
    for change, title in (("gained", "only under"), ("lost", "missing under")):
        heading = f"Relocations {title} {policy}"
        sections.append(_relocations(found.relocations, change, heading, names))
    for title, columns, rows in sections:
        if rows:
            print_table(title, columns, rows)
    empty = [title for title, _, rows in sections if not rows]
    if empty:
        say(f"Nothing to tell, left out: {'; '.join(empty)}.")


def _moves(found: Headline) -> Section:
    """One row a product, one column a destination; no rows when no product moves differently."""
    from sim.results.numbers import interval

    frame = found.moves
    destinations = list(dict.fromkeys(frame["destination"]))
    rows: list[tuple[object, ...]] = []
    for product in dict.fromkeys(frame["product"]):
        own = frame[frame["product"] == product].to_dict("records")
        cells = {row["destination"]: interval(row) for row in own}
        last = own[-1]
        moves = f"{last['decisions']:+.1f}"
        row = (product, last["unit"], *(cells[place] for place in destinations))
        rows.append((*row, moves, last["evidence"]))
    columns = ("sector", "unit a year", *destinations, "moves a run", "evidence of base")
    kept = rows if _some(frame["difference"]) or _some(frame["decisions"]) else []
    return "Moved out of China, by destination", columns, kept


def _some(values: pd.Series[float]) -> bool:
    """Whether any value is not zero."""
    return bool((values.fillna(0.0) != 0.0).any())


def _production(found: Headline) -> Section:
    """One row a place whose output differs."""
    from sim.results.numbers import amount, interval

    rows: list[tuple[object, ...]] = [
        (row["unit"], row["country"], amount(row["base"]), amount(row["level"]), interval(row))
        for row in found.production.to_dict("records")
        if row["difference"] or row["low"] or row["high"]
    ]
    same = len(found.production) - len(rows)
    title = "Production by country" + (f" ({same} rows are the same)" if rows and same else "")
    columns = ("unit a year", "country", found.against, found.policy, "difference")
    return title, columns, rows


def _left_china(found: Headline) -> Section:
    """One row a product: what became of China's supply to the United States."""
    from sim.results.numbers import amount

    frame = found.left_china
    parts = list(dict.fromkeys(frame["part"]))
    rows: list[tuple[object, ...]] = []
    for product, own in frame.groupby("product", sort=False):
        by = own.set_index("part")["difference"]
        if by.fillna(0.0).abs().max() > 0:
            rows.append((str(product), *(amount(by[part], signed=True) for part in parts)))
    columns = ("sector", *(part.replace("_", " ") for part in parts))
    return "What became of China's supply to the United States", columns, rows


def _relocations(frame: pd.DataFrame, change: str, title: str, names: Mapping[str, str]) -> Section:
    own = frame[frame["change"] == change]
    rows = [_move(row, names) for row in own.head(SHOWN_MOVES).to_dict("records")]
    more = len(own) - len(rows)
    heading = title + (f": {len(own)} kinds" if rows else "")
    heading += f", the {len(rows)} most frequent" if more > 0 else ""
    return heading, _MOVE_COLUMNS, rows


_MOVE_COLUMNS = (
    "firm",
    "product",
    "kind",
    "move",
    "for",
    "median month",
    "times a run",
    "size a year",
    "reason",
)


def _move(row: Mapping[Any, Any], names: Mapping[str, str]) -> tuple[object, ...]:
    """One kind of relocation in the order of its columns."""
    from sim.results.numbers import count

    return (
        names.get(row["firm"], row["firm"]),
        row["product"],
        row["kind"],
        f"{row['from_country']} -> {row['to_country']}".strip(" ->"),
        row["market"],
        row["announced_month"].strftime("%Y-%m"),
        f"{row['decisions']:.2f} [{row['low']:.2f}, {row['high']:.2f}]",
        count(row["units"], row["product"]),
        row["reason"],
    )
