"""Groups of trade hold each other in a tree, and no goods are counted in a group twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from sim.data.columns import Row
from sim.data.meaning.faults import Tables, fault
from sim.data.trade_tables import wider_groups
from sim.errors import Fault


def trade_faults(folder: Path, tables: Tables) -> Iterator[Fault]:
    """Circles and foreign parents among groups; goods in a group and in one that holds it."""
    rows = {row.text("group"): row for row in tables["trade_groups"]}
    parents = {group: row.text("within") for group, row in rows.items()}
    sound = True
    for group, row in rows.items():
        wide = wider_groups(parents, group)
        if parents.get(wide[-1], ""):
            sound = False
            wrong = f"{group} lies within itself"
            yield fault(folder, "trade_groups", "within", wrong, "break the circle", row)
        elif any(rows[one].text("basis") != row.text("basis") for one in wide):
            wrong = f"{group} lies within a group of another basis"
            yield fault(folder, "trade_groups", "within", wrong, "name one of its own", row)
    if sound:
        yield from _counted_twice(folder, tables, parents)


def _counted_twice(folder: Path, tables: Tables, parents: Mapping[str, str]) -> Iterator[Fault]:
    held: dict[tuple[str, ...], dict[str, Row]] = defaultdict(dict)
    for row in tables["trade_holders"]:
        key = tuple(row.text(name) for name in ("product", "line_class", "line"))
        held[key][row.text("group")] = row
    for groups in held.values():
        for group, row in groups.items():
            for wide in wider_groups(parents, group)[1:]:
                if wide in groups:
                    wrong = f"{group} lies within {wide}, which is named too"
                    yield fault(folder, "trade_holders", "group", wrong, "drop one", row)
