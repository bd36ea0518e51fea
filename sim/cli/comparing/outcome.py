"""One outcome of a comparison: a year's differences, largest first, and since when they differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.cli.render import print_table, say, say_wrapped

if TYPE_CHECKING:
    from sim.meanings import OutcomeMeaning
    from sim.results.run_folder.query import RunFolder

SHOWN = 24
"""Rows shown without ``--all``."""
COLUMNS = ("", "base", "change", "range of\nfutures", "precision\nof the mean", "since")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of one outcome: its name, the policies, the year, which rows and how many."""

    outcome: str
    policy: str
    against: str | None = None
    year: int | None = None
    only: str = ""
    every: bool = False


def print_outcome(run: RunFolder, asked: Asked) -> None:
    """Print a year's differences of an outcome; rows that never differ are counted."""
    from sim.results.comparing.compare import compare
    from sim.results.comparing.headline import last_whole_year
    from sim.results.names import policy_name

    meaning = run.require_outcome(asked.outcome)
    year = last_whole_year(run) if asked.year is None else run.require_year(asked.year)
    found = compare(run, asked.policy, asked.against, asked.outcome)
    names = [policy_name(run, name) for name in (asked.policy, found.against)]
    codes = _names(run)
    every = {_label(meaning, row, codes): row for row in found.rows("year", year)}
    rows = _kept(run, meaning, every, asked)
    moved = _moved(meaning, rows, found.divergence.to_dict("records"))
    about = f"{meaning.name} ({meaning.unit_of('year')}, {meaning.year_is})"
    say_wrapped(f"{about}: {meaning.description}", hang=0)
    title = f"“{names[0]}” against “{names[1]}” in {year}, {found.pairs} paired runs"
    shown = moved if asked.every else moved[:SHOWN]
    print_table(title, COLUMNS, [(label, *_cells(rows[label]), s) for label, s in shown], breaks=1)
    if len(moved) > len(shown):
        say(f"{len(moved) - len(shown)} more rows with --all.")
    if len(moved) < len(rows):
        say(f"{len(rows) - len(moved)} of {len(rows)} rows never differ.")
    counted = " Units: vehicles; of other goods USD of 2017." if "units" in meaning.unit else ""
    say_wrapped(f"Since: the first month in which the mean is told from zero.{counted}", hang=0)


Rows = dict[str, dict[str, Any]]


def _kept(run: RunFolder, meaning: OutcomeMeaning, rows: Rows, asked: Asked) -> Rows:
    """Rows that hold what is asked for: phrases between commas, each a code, a name or part of one.

    Phrases that belong to the same key (two places, say) are alternatives.

    Raises
    ------
    QueryError
        A phrase that no row has, or no row that has them all.
    """
    from sim.errors import Fault, QueryError

    codes = _names(run)
    wanted: dict[str, set[str]] = {}
    for phrase in filter(None, (part.strip() for part in asked.only.split(","))):
        key, found = _meant(phrase, meaning.keys, rows, codes)
        wanted.setdefault(key, set()).update(found)
    kept = {
        label: row
        for label, row in rows.items()
        if all(row.get(key) in found for key, found in wanted.items())
    }
    if rows and not kept:
        cure = "rows are like " + "; ".join(f"`{label}`" for label in list(rows)[:3])
        wrong = f"no row of {asked.outcome} has all of this: `{asked.only}`"
        raise QueryError(Fault(str(run.path), "only", wrong, cure))
    return kept


def _meant(
    phrase: str, keys: tuple[str, ...], rows: Rows, names: Mapping[str, Mapping[str, str]]
) -> tuple[str, set[str]]:
    """Key and codes that a phrase means: whole codes and names before parts of them."""
    from sim.spelling import COUNTRY, PRODUCT

    word = phrase.casefold()
    spelt = {"country": COUNTRY.code(phrase), "product": PRODUCT.code(phrase)}
    for whole in (True, False):
        for key in keys:
            told = {str(row[key]): names.get(key, {}).get(row[key], "") for row in rows.values()}
            found = {
                code
                for code, name in told.items()
                if (word in (code.casefold(), name.casefold()) or code == spelt.get(key))
                or (not whole and (word in code.casefold() or word in name.casefold()))
            }
            if found:
                return key, found
    return "", set()


def _moved(
    meaning: OutcomeMeaning, rows: Rows, divergence: list[dict[Any, Any]]
) -> list[tuple[str, str]]:
    """Labels of rows that any run changes, largest first, and since when they do clearly."""
    import pandas as pd

    parts = {tuple(part[key] for key in meaning.keys): part for part in divergence}
    told = []
    for label, row in rows.items():
        part = parts[tuple(row[key] for key in meaning.keys)]
        if not pd.isna(part["first_difference"]):
            clear = part["first_clear"]
            told.append((label, "unclear" if pd.isna(clear) else f"{clear:%Y-%m}"))
    return sorted(told, key=lambda one: -abs(rows[one[0]]["difference"] or 0.0))


def _cells(row: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """Base, change and both spreads."""
    from sim.results.numbers import amount, between

    bounds = {name: float("nan") if value is None else value for name, value in row.items()}
    return (
        amount(float(bounds["base"])),
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
