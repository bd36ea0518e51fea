"""Flows between countries for the trade graph, and a firm's plants for its page."""

from __future__ import annotations

import pandas as pd

from sim.results.run_folder.query import RunFolder


def trade(run: RunFolder, policy: str, year: int, product: str | None = None) -> pd.DataFrame:
    """Worth shipped in a year: ``origin, market, value_usd``, mean over lanes with flow detail.

    ``product`` keeps one product; without it all goods count together at transfer prices.
    """
    return run.sql(
        """SELECT origin, market, sum(customs_value_usd) / any_value(n) AS value_usd
           FROM flows, (SELECT count(DISTINCT (scenario, replication)) AS n FROM flows
                        WHERE policy = $policy)
           WHERE policy = $policy AND year(month) = $year AND ($product = '' OR product = $product)
           GROUP BY origin, market HAVING sum(customs_value_usd) > 0 ORDER BY origin, market""",
        {"policy": run.require_policy(policy), "year": year, "product": product or ""},
    )


def years(run: RunFolder) -> list[int]:
    """Calendar years for which the run holds flows."""
    found = run.sql("SELECT DISTINCT year(month) AS year FROM flows ORDER BY year")
    return [int(year) for year in found["year"]]


def plants(run: RunFolder, policy: str, firm: str) -> pd.DataFrame:
    """Read a firm's plants by month: quantiles over lanes with plant detail.

    Returns
    -------
    DataFrame
        ``product, country, month, output_low, output, output_high`` (yearly rate: twelve times the
        month; 10, 50, 90 %), ``capacity`` (median, yearly) and ``operating`` (share of lanes in
        which the plant operates).
    """
    return run.sql(
        """SELECT product, country, month,
                  quantile_cont(12 * output_units, 0.1) AS output_low,
                  quantile_cont(12 * output_units, 0.5) AS output,
                  quantile_cont(12 * output_units, 0.9) AS output_high,
                  quantile_cont(capacity_units, 0.5) AS capacity,
                  avg((status = 'operating')::INT) AS operating
           FROM plants WHERE policy = $policy AND firm = $firm
           GROUP BY product, country, month ORDER BY product, country, month""",
        {"policy": run.require_policy(policy), "firm": firm},
    )


def firm_books(run: RunFolder, policy: str, firm: str) -> pd.DataFrame:
    """Read a firm's books by month, means over lanes: yearly rates in USD and exposures."""
    return run.sql(
        """SELECT month, avg(12 * revenue_usd) AS revenue_usd, avg(12 * duty_usd) AS duty_usd,
                  avg(12 * operating_profit_usd) AS operating_profit_usd,
                  avg(hedging_index) AS hedging_index,
                  avg(china_exposure_share) AS china_exposure_share,
                  avg(us_exposure_share) AS us_exposure_share
           FROM firms WHERE policy = $policy AND firm = $firm AND segment = 'total'
           GROUP BY month ORDER BY month""",
        {"policy": run.require_policy(policy), "firm": firm},
    )


def firms(run: RunFolder) -> list[str]:
    """Firms with plants in the run, in alphabetical order."""
    found = run.sql("SELECT DISTINCT firm FROM plants ORDER BY firm")
    return [str(firm) for firm in found["firm"]]
