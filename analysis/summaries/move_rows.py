"""The table of moves as rows for a page: text is written here, numbers by the page's script."""

from __future__ import annotations

import math
from typing import Any

from analysis.style import DRIVER_NAMES, place, plain, product_name
from analysis.summaries.outcomes import records
from analysis.summaries.relocations import DRIVER_COLUMNS, Moves, move_table
from sim.results.names import firm_names
from sim.results.run_folder.query import RunFolder
from sim.tables import DRIVERS

ROWS = 400
"""Distinct moves that the table of a policy holds, those of greatest expected worth."""

MOVE_HEAD: list[dict[str, object]] = [
    {"title": "Firm"},
    {"title": "Product"},
    {"title": "From"},
    {"title": "To"},
    {"title": "For market"},
    {"title": "Kind"},
    {"title": "In runs", "kind": "share", "hint": "share of runs in which the move happens"},
    {"title": "Against", "kind": "share", "hint": "the same under the compared policy"},
    {"title": "Decided", "hint": "median month of the decision"},
    {"title": "Takes effect", "hint": "median month of first output; of closures, of the stop"},
    {"title": "Worth, USD", "kind": "short", "hint": "yearly output moved, base-year prices"},
    {"title": "Outlay, USD", "kind": "short", "hint": "outlay that cannot be recovered"},
    {"title": "Value, USD a year", "kind": "short", "hint": "of acting, less what must be earned"},
    {"title": "Must earn", "kind": "fixed", "hint": "multiple of the outlay, for uncertainty"},
    {"title": "Main reason"},
    {
        "title": "Drivers, USD a year",
        "kind": "drivers",
        "names": [DRIVER_NAMES.get(name, plain(name)) for name in DRIVERS],
    },
]
"""Headings of the table in order; ``kind`` tells the script how to write and sort a column."""


def move_rows(run: RunFolder, moves: Moves, against: Moves | None) -> dict[str, Any]:
    """Rows in the order of :data:`MOVE_HEAD`, those of greatest expected worth.

    Returns
    -------
    dict
        ``rows``; ``all``, how many distinct moves there are; ``kept``, the share of all expected
        worth that the rows hold.
    """
    table = move_table(moves, against)
    names = firm_names(run)
    rows = [_row(row, names) for row in records(table.head(ROWS))]
    expected = table["value_usd"] * table["share"]
    kept = float(expected.head(ROWS).sum() / expected.sum()) if expected.sum() > 0 else 1.0
    return {"rows": rows, "all": len(table), "kept": _rounded(kept)}


def _row(row: Any, names: dict[str, str]) -> list[object]:
    return [
        names.get(row.firm, plain(row.firm)),
        product_name(row.product),
        place(row.from_country),
        place(row.to_country),
        place(row.market),
        row.kind,
        _rounded(row.share),
        _rounded(row.share_against),
        f"{row.announced_month:%Y-%m}",
        f"{row.operating_month:%Y-%m}",
        _rounded(row.value_usd),
        _rounded(row.sunk_cost_usd),
        _rounded(row.option_value_usd),
        _rounded(row.hurdle),
        DRIVER_NAMES.get(row.reason, plain(row.reason)),
        [_rounded(getattr(row, column)) for column in DRIVER_COLUMNS],
    ]


def _rounded(value: float) -> float | None:
    """Keep four significant digits, or nothing where there is no value."""
    return None if math.isnan(value) else float(f"{value:.4g}")
