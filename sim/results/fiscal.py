"""A firm's books by Japanese fiscal year or quarter, in JPY or USD, and what a policy did to them.

A fiscal year begins in April and bears the number of the year in which it begins; its first quarter
is April to June. Money is nominal and each month is converted at its own rate. Everything is read
from the runs kept in full monthly detail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.errors import Fault, QueryError, nearest
from sim.results.comparing.futures import FUTURES
from sim.results.names import find_firm
from sim.results.run_folder.query import RunFolder
from sim.tables import SEGMENTS

PERIODS: tuple[str, ...] = ("year", "quarter")
CURRENCIES: tuple[str, ...] = ("JPY", "USD")
ITEMS: tuple[str, ...] = ("revenue", "duty", "operating_profit")
BAND: tuple[float, float] = FUTURES
"""Quantiles over runs that the range of futures of a figure reaches from and to."""

_PAIR = ["scenario", "replication"]
_SEGMENT_KEY = ["fiscal_year", "quarter", "segment", "item"]
_DUTY_KEY = ["fiscal_year", "quarter", "market", "origin", "product", "basis"]
_SPREAD = ("value", "low", "high", "effect", "effect_low", "effect_high")

_PERIOD = """
year(t.month - INTERVAL 3 MONTH)::INTEGER AS fiscal_year,
CASE WHEN $quarterly THEN quarter(t.month - INTERVAL 3 MONTH)::INTEGER ELSE 0 END AS quarter
"""
_SOURCE = """
FROM {table} t {join}
WHERE t.policy = $policy AND t.firm = $firm GROUP BY ALL ORDER BY ALL
"""
_JOIN = """
JOIN (SELECT scenario, replication, month, per_usd FROM fx
    WHERE policy = $policy AND currency = $currency) rate USING (scenario, replication, month)
"""
_SEGMENTS = """
SELECT scenario, replication, {period}, count(*)::INTEGER AS months, t.segment,
    sum(t.revenue_usd * {rate}) AS revenue, sum(t.duty_usd * {rate}) AS duty,
    sum(t.operating_profit_usd * {rate}) AS operating_profit {source}
"""
_DUTIES = """
SELECT scenario, replication, {period}, t.market, t.origin, t.product, t.basis,
    sum(t.duty_usd * {rate}) AS amount {source}
"""
_PAIRS = "SELECT DISTINCT scenario, replication FROM firms WHERE policy = $policy ORDER BY ALL"


@dataclass(frozen=True, slots=True, eq=False)
class FirmBooks:
    """Books of one firm under ``policy``, and their difference to those under ``against``.

    ``segments`` holds ``period, fiscal_year, quarter, months, segment, item`` and the spread;
    ``duties`` holds ``period, fiscal_year, quarter, market, origin, product, basis`` and the
    spread of the duty (``supplier_support``: what the firm bears of its suppliers' duty; credits
    are negative). ``quarter`` is 0 in books by year, ``months`` how many of the period's months the
    run covers. The spread is ``value, low, high, effect, effect_low, effect_high``: the median over
    runs with the quantiles of :data:`BAND`, of the amount and of its difference to ``against`` run
    by run. Medians of parts do not add up to the median of their sum.
    """

    firm: str
    name: str
    policy: str
    against: str
    by: str
    currency: str
    runs: int
    segments: pd.DataFrame
    duties: pd.DataFrame

    def content(self) -> dict[str, Any]:
        """Give the books as one JSON object."""
        head = {
            name: getattr(self, name)
            for name in ("firm", "name", "policy", "against", "by", "currency", "runs")
        }
        return head | {
            "band": list(BAND),
            "segments": self.segments.to_dict("records"),
            "duties": self.duties.to_dict("records"),
        }


def firm_books(
    run: RunFolder,
    firm: str,
    policy: str,
    against: str | None = None,
    by: str = "year",
    currency: str = "JPY",
) -> FirmBooks:
    """Books of ``firm`` (id or name in any case); ``against`` is the baseline unless named.

    Raises
    ------
    QueryError
        No such firm, policy, period or currency, or no run of both policies is kept in detail.
    """
    code, name = find_firm(run, firm)
    for key, value, known in (("by", by, PERIODS), ("currency", currency, CURRENCIES)):
        if value not in known:
            wrong = f"`{value}` is none of {', '.join(known)}"
            raise QueryError(Fault(str(run.path), key, wrong, nearest(value, known)))
    other = run.require_policy(run.baseline if against is None else against)
    pairs = _pairs(run, run.require_policy(policy), other)
    asked = {"firm": code, "quarterly": by == "quarter", "currency": currency}
    own, base = (
        [
            _ask(run, query, {**asked, "policy": one})
            for query in (("firms", _SEGMENTS), ("ledger", _DUTIES))
        ]
        for one in (policy, other)
    )
    months = own[0].groupby(["fiscal_year", "quarter"])["months"].max().rename("months")
    segments = _spread(_long(own[0]), _long(base[0]), _SEGMENT_KEY, pairs)
    segments = segments.merge(months.reset_index(), on=["fiscal_year", "quarter"], how="left")
    duties = _spread(own[1], base[1], _DUTY_KEY, pairs)
    return FirmBooks(
        firm=code, name=name, policy=policy, against=other, by=by, currency=currency,
        runs=len(pairs), segments=_ordered(segments, ["months", "segment", "item", *_SPREAD]),
        duties=_ordered(duties, [*_DUTY_KEY[2:], *_SPREAD]),
    )  # fmt: skip


def _pairs(run: RunFolder, policy: str, against: str) -> pd.MultiIndex:
    """Draws that both policies keep in detail."""
    own, base = (
        pd.MultiIndex.from_frame(run.sql(_PAIRS, {"policy": one})) for one in (policy, against)
    )
    both = own.intersection(base)
    if not len(both):
        wrong = f"`{policy}` and `{against}` keep no run in detail that they share"
        cure = "set detail_replications in the experiment and run it again"
        raise QueryError(Fault(str(run.path), "detail_replications", wrong, cure))
    return both.sort_values()


def _ask(run: RunFolder, query: tuple[str, str], bound: dict[str, object]) -> pd.DataFrame:
    table, text = query
    converts = bound["currency"] != "USD"
    source = _SOURCE.format(table=table, join=_JOIN if converts else "")
    rate = "rate.per_usd" if converts else "1.0"
    used = bound if converts else {key: v for key, v in bound.items() if key != "currency"}
    return run.sql(text.format(period=_PERIOD, rate=rate, source=source), used)


def _long(books: pd.DataFrame) -> pd.DataFrame:
    """One row an item."""
    key = [*_PAIR, "fiscal_year", "quarter", "segment"]
    return books.melt(key, list(ITEMS), var_name="item", value_name="amount")


def _spread(
    own: pd.DataFrame, base: pd.DataFrame, key: Sequence[str], pairs: pd.MultiIndex
) -> pd.DataFrame:
    """Medians and bands over pairs; an entry that a run lacks is zero."""
    sheets = [
        frame.set_index([*key, *_PAIR])["amount"].unstack(_PAIR).reindex(columns=pairs)  # noqa: PD010  # keeps pairs of levels together
        for frame in (own, base)
    ]
    rows = sheets[0].index.union(sheets[1].index)
    a, b = (sheet.reindex(rows).fillna(0.0).to_numpy(np.float64) for sheet in sheets)
    spread = [
        column
        for values in (a, a - b)
        for column in (np.median(values, axis=1), *np.quantile(values, BAND, axis=1))
    ]
    return rows.to_frame(index=False).assign(**dict(zip(_SPREAD, spread, strict=True)))


def _ordered(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Rows by period, segments and items in their own order, with the period's name in front."""
    ranks = {"segment": SEGMENTS, "item": ITEMS}
    key = [column for column in columns if column not in {*_SPREAD, "months"}]
    whole = frame.sort_values(
        ["fiscal_year", "quarter", *key],
        key=lambda column: column.map(ranks[column.name].index) if column.name in ranks else column,
        ignore_index=True,
    )
    whole["period"] = [
        period(year, quarter)
        for year, quarter in zip(whole["fiscal_year"], whole["quarter"], strict=True)
    ]
    return whole[["period", "fiscal_year", "quarter", *columns]]


def period(fiscal_year: int, quarter: int = 0) -> str:
    """Name of a fiscal year, or of one of its quarters.

    >>> period(2025), period(2025, 1)
    ('FY2025', 'FY2025 Q1')
    """
    return f"FY{fiscal_year}" + (f" Q{quarter}" if quarter else "")


def whole_years(books: FirmBooks) -> list[int]:
    """Fiscal years of which the run covers all twelve months, or every one it covers a part of."""
    covered = books.segments.drop_duplicates(["fiscal_year", "quarter"])
    months = covered.groupby("fiscal_year")["months"].sum()
    return [
        int(year) for year in (months[months == 12].index if (months == 12).any() else months.index)
    ]


def asked_year(text: str | None) -> int | None:
    """Fiscal year as people write it.

    Raises
    ------
    QueryError
        It is no year.

    >>> asked_year("FY2028"), asked_year("2028"), asked_year(None)
    (2028, 2028, None)
    """
    digits = None if text is None else text.strip().upper().removeprefix("FY").strip()
    if digits is not None and not (digits.isascii() and digits.isdigit()):
        raise QueryError(Fault("", "--year", f"`{text}` is no fiscal year", "write 2028 or FY2028"))
    return None if digits is None else int(digits)


def shown_year(books: FirmBooks, year: int | None = None) -> int:
    """Give back ``year`` if the books hold that fiscal year; the last whole one if it is None.

    Raises
    ------
    QueryError
        They do not; the fiscal years at hand are told.
    """
    if year is None:
        return whole_years(books)[-1]
    known = sorted({int(one) for one in books.segments["fiscal_year"]})
    if year not in known:
        wrong, cure = f"the run has no fiscal year {year}", f"choose {known[0]} to {known[-1]}"
        raise QueryError(Fault("", "--year", wrong, cure))
    return year
