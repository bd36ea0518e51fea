"""One outcome of a comparison: a year's differences, largest first, and since when they differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.cli.render import print_table, say

if TYPE_CHECKING:
    from sim.results.run_folder.query import RunFolder
    from sim.tables import OutcomeMeaning

SHOWN = 24
"""Rows shown without ``--all``."""
COLUMNS = ("", "change", "range of\nfutures", "precision\nof the mean", "since")

Key = tuple[str, ...]


def print_outcome(
    run: RunFolder, asked: tuple[str, str | None, str], year: int | None, *, every: bool
) -> None:
    """Print a year's differences of an outcome; ``asked`` is the policies and the outcome's name.

    Rows that never differ are counted.
    """
    from sim.results.comparing.compare import compare
    from sim.results.comparing.headline import last_whole_year
    from sim.results.names import policy_name

    policy, against, outcome = asked
    meaning = run.require_outcome(outcome)
    shown = last_whole_year(run) if year is None else run.require_year(year)
    found = compare(run, policy, against, outcome)
    names = [policy_name(run, name) for name in (policy, found.against)]
    rows = found.rows("year", shown)
    moved = _moved(meaning, rows, found.divergence.to_dict("records"))
    say(f"{outcome} ({meaning.unit_of('year')}, {meaning.year_is}): {meaning.description}")
    title = f"“{names[0]}” against “{names[1]}” in {shown}, {found.pairs} paired runs"
    codes = _names(run)
    cells = [(_label(meaning, row, codes), *_cells(row), since) for row, since in moved]
    print_table(title, COLUMNS, cells if every else cells[:SHOWN], breaks=1)
    if len(moved) > SHOWN and not every:
        say(f"{len(moved) - SHOWN} more rows with --all.")
    if len(moved) < len(rows):
        say(f"{len(rows) - len(moved)} of {len(rows)} rows never differ.")
    say("Since: the first month in which the mean is told from zero.")


def _moved(
    meaning: OutcomeMeaning, rows: list[dict[str, Any]], divergence: list[dict[Any, Any]]
) -> list[tuple[dict[str, Any], str]]:
    """Rows that any run changes, largest first, each with the month since which it does clearly."""

    def key(row: Mapping[Any, Any]) -> Key:
        return tuple(str(row[name]) for name in meaning.keys)

    import pandas as pd

    parts = {key(part): part for part in divergence}
    told = []
    for row in rows:
        part = parts[key(row)]
        if not pd.isna(part["first_difference"]):
            clear = part["first_clear"]
            told.append((row, "unclear" if pd.isna(clear) else f"{clear:%Y-%m}"))
    return sorted(told, key=lambda one: -abs(one[0]["difference"] or 0.0))


def _cells(row: Mapping[str, Any]) -> tuple[str, str, str]:
    """Change and both spreads."""
    from sim.results.numbers import amount, between

    bounds = {name: float("nan") if value is None else value for name, value in row.items()}
    return (
        amount(float(bounds["difference"]), signed=True),
        between(bounds["futures_low"], bounds["futures_high"]),
        between(bounds["low"], bounds["high"]),
    )


def _names(run: RunFolder) -> dict[str, Mapping[str, str]]:
    """Names of the codes of every key that has any."""
    from sim.axes import COUNTRY_NAMES, PRODUCT_NAMES
    from sim.results.names import customer_names, firm_names

    return {
        "country": COUNTRY_NAMES,
        "product": PRODUCT_NAMES,
        "firm": firm_names(run),
        "customer": customer_names(run),
    }


def _label(
    meaning: OutcomeMeaning, row: Mapping[str, Any], names: Mapping[str, Mapping[str, str]]
) -> str:
    """Names of a row's codes."""
    told = [names.get(key, {}).get(row[key], row[key]) for key in meaning.keys]
    return ", ".join(told) or "all"
