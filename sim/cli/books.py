"""``kyoten books``: a firm's books by fiscal year or quarter, and what a policy did to them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.render import AsJson, print_json, print_table, say_wrapped

if TYPE_CHECKING:
    import pandas as pd

    from sim.results.fiscal import FirmBooks

app = typer.Typer(add_completion=False)

SHOWN_DUTIES = 24
"""Entries of the duty ledger shown, the largest; ``--json`` holds all."""
_NEGLIGIBLE = 5e-5
"""Share of the year's largest entry below which an entry is not shown."""
_SHOWN = 0.005
"""Steps below which an amount is shown as none."""
_FEW = 10
"""Runs below which eight in ten are hardly told from all."""
_LARGE = 1e11
"""Revenue of a year from which on figures are in billions, below it in millions."""


@app.command()
def books(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of an experiment.")],
    firm: Annotated[str, typer.Option("--firm", help="Firm, by id or name: `toyota`.")],
    policy: Annotated[
        str | None, typer.Option("--policy", help="Policy; the first that is not the baseline.")
    ] = None,
    against: Annotated[
        str | None, typer.Option("--against", help="Policy to judge it by; the baseline if absent.")
    ] = None,
    by: Annotated[str, typer.Option("--by", help="Periods: `year` or `quarter`.")] = "year",
    currency: Annotated[str, typer.Option("--currency", help="`JPY` or `USD`.")] = "JPY",
    year: Annotated[
        str | None,
        typer.Option(
            "--year",
            metavar="YEAR",
            help="Fiscal year shown, `2028` or `FY2028`; the last whole one if absent.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show a firm's books by fiscal year: segments, duty by legal basis, effect of the policy."""
    from sim.results.fiscal import asked_year, firm_books, shown_year
    from sim.results.names import policy_name
    from sim.results.run_folder.query import open_run

    wanted = asked_year(year)
    with open_run(folder) as run:
        judged = policy or next((p for p in run.policies if p != run.baseline), run.baseline)
        found = firm_books(run, firm, judged, against, by, currency.upper())
        shown = shown_year(found, wanted)
        names = [policy_name(run, one) for one in (found.policy, found.against)]
        every = run.manifest.replications * run.manifest.scenarios
    if as_json:
        print_json(found.content())
    else:
        _print(found, names, shown, every)


def _print(found: FirmBooks, names: list[str], year: int, every: int) -> None:
    segments = found.segments[found.segments["fiscal_year"] == year]
    unit, step = ("bn", 1e9) if _revenue(segments) >= _LARGE else ("m", 1e6)
    say_wrapped(
        f"{found.name} under “{names[0]}”, compared with “{names[1]}”: {unit} {found.currency},"
        f" {_scope_told(found.runs, every)} FY{year} is April {year} to March {year + 1}.",
        hang=0,
    )
    print()
    if found.by == "year":
        total = found.segments[found.segments["segment"] == "total"]
        print_table(*_sheet("Year by year", total, step, "period"))
        print_table(*_sheet(f"Segments in FY{year}", segments, step, "segment"))
    else:
        title = f"Segments in FY{year} by quarter"
        print_table(*_sheet(title, segments, step, "period", "segment"))
    print_table(*_duties(found, year, step), breaks=1)
    for note in _notes(found, segments):
        say_wrapped(note)


def _scope_told(runs: int, every: int) -> str:
    """How many runs the figures rest on, and what their range can say."""
    if runs == 1:
        return (
            f"of one run, the only one kept in detail of {every}. One future: it says nothing of"
            " how sure this is (more: `detail_replications` in the experiment)."
        )
    few = f" {runs} runs are few: their range is rough." if runs < _FEW else ""
    return (
        f"medians of {runs} runs kept in detail, of {every}; in brackets their range of futures"
        f" (eight in ten).{few}"
    )


def _notes(found: FirmBooks, segments: pd.DataFrame) -> list[str]:
    """What a reader could take wrongly: small effects, segments, and the duty of ``compare``."""
    notes = []
    if found.runs > 1:
        notes.append("An effect whose range goes from below to above zero may be chance.")
    sheet = segments.pivot_table(index="segment", columns="item", values="value", sort=False)
    above = list(sheet.index[sheet["operating_profit"] > sheet["revenue"]])
    if above:
        notes.append(
            f"{', '.join(above)}: profit is above revenue, for revenue counts where goods are sold"
            " and profit also where they are made: exports leave at a transfer price."
        )
    notes.append(
        "Duty here is what this firm bears in all countries, its support of suppliers among it, by"
        " fiscal year. `kyoten compare` has the duty that all firms pay in one country by calendar"
        " year, in USD, mean of all runs, without that support; both count goods, parts and"
        " service parts, in money of the day."
    )
    return notes


def _revenue(segments: pd.DataFrame) -> float:
    whole = (segments["segment"] == "total") & (segments["item"] == "revenue")
    return float(segments[whole]["value"].sum())


_Table = tuple[str, tuple[str, ...], list[tuple[object, ...]]]


def _sheet(title: str, frame: pd.DataFrame, step: float, *labels: str) -> _Table:
    """One row a period or segment: revenue, duty, profit, and what the policy did to profit."""
    rows: list[tuple[object, ...]] = []
    for key, own in frame.groupby(list(labels), sort=False):
        items = {row["item"]: row for row in own.to_dict("records")}
        part = _covered(items["revenue"]) if key[-1] == items["revenue"]["period"] else ""
        profit = items["operating_profit"]
        amounts = (_amount(items[name]["value"], step) for name in ("revenue", "duty"))
        effects = (_band(one, step, *_EFFECT) for one in (items["duty"], profit))
        rows.append((*key[:-1], f"{key[-1]}{part}", *amounts, _band(profit, step, *_OWN), *effects))
    columns = ("revenue", "duty", "profit", "effect on duty", "effect on profit")
    return title, (*labels, *columns), rows


_OWN, _EFFECT = ("value", "low", "high"), ("effect", "effect_low", "effect_high")


def _covered(row: Mapping[Any, Any]) -> str:
    """How much of a year the run covers, where it is not all."""
    return "" if row["months"] == 12 or row["quarter"] else f" ({row['months']} months)"


def _duties(found: FirmBooks, year: int, step: float) -> _Table:
    """Duty by importer, origin, product and legal basis, the largest first."""
    frame = found.duties[found.duties["fiscal_year"] == year]
    frame = frame.assign(size=frame[["value", "effect"]].abs().max(axis=1))
    size = frame.groupby(_ENTRY)["size"].sum().sort_values(ascending=False, kind="stable")
    shown = list(size[size > _NEGLIGIBLE * size.max()].index)[:SHOWN_DUTIES]
    cells = {
        (*(row[name] for name in _ENTRY), row["period"]): row for row in frame.to_dict("records")
    }
    periods = list(dict.fromkeys(found.segments.query("fiscal_year == @year")["period"]))
    rows: list[tuple[object, ...]] = [
        (_label(entry), *_paid([cells.get((*entry, one)) for one in periods], step))
        for entry in shown
    ]
    more = f", the {len(rows)} largest of {len(size)} entries" if len(rows) < len(size) else ""
    amounts = ("duty", "effect") if found.by == "year" else tuple(periods)
    columns = ("paid by, on goods from", *amounts)
    return f"Duty by legal basis and origin in FY{year}{more}", columns, rows


_ENTRY = ["market", "origin", "product", "basis"]


def _label(entry: tuple[str, ...]) -> str:
    """Name of an entry: who charges whose goods on which basis."""
    from sim.axes import COUNTRY_NAMES, PRODUCT_NAMES

    market, origin, product, basis = entry
    here, there = (COUNTRY_NAMES.get(code, code) for code in (market, origin))
    told = "base rate" if basis == "mfn" else basis.replace("_", " ").replace("ieepa", "IEEPA")
    return f"{here} from {there}: {PRODUCT_NAMES.get(product, product).lower()}, {told}"


def _paid(rows: list[Mapping[Any, Any] | None], step: float) -> list[str]:
    """Duty and effect of a year with their bands, or the duty of each quarter."""
    if len(rows) == 1 and rows[0] is not None and not rows[0]["quarter"]:
        return [_band(rows[0], step, *_OWN), _band(rows[0], step, *_EFFECT)]
    return [_amount(row["value"], step) if row is not None else "0" for row in rows]


def _amount(value: float, step: float) -> str:
    """Amount in steps, with thousands separated and three digits or more."""
    size = abs(value) / step
    digits = 0 if size >= 1000 else 1 if size >= 10 else 2
    return f"{value / step:,.{digits}f}" if size >= _SHOWN else "0"


def _band(row: Mapping[Any, Any], step: float, *names: str) -> str:
    middle, low, high = (_amount(row[name], step) for name in names)
    return f"{middle} [{low} to {high}]" if low != high else middle
