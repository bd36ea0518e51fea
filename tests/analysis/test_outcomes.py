"""Bands are quantiles over paired runs, flows are yearly rates."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.summaries.outcomes import bands, leading, made_products, only
from sim.errors import QueryError
from sim.results.names import policy_name
from sim.results.run_folder.query import RunFolder

A, B = "as_enacted", "no_tariffs_since_2018"


def test_flows_become_yearly_rates(run: RunFolder) -> None:
    both = bands(run, "output", A, B, "year")
    cars = only(both.levels, product="cars", country="JP")
    direct = run.sql(
        """SELECT avg(made) AS made FROM (SELECT replication, sum(value) AS made FROM outcomes
           WHERE outcome = 'output' AND policy = $p AND product = 'cars' AND country = 'JP'
           AND year(month) = 2018 GROUP BY replication)""",
        {"p": A},
    )
    assert cars["mean"].iloc[1] == pytest.approx(direct["made"].iloc[0])


def test_a_year_has_four_quarters_that_average_to_it(run: RunFolder) -> None:
    year = only(bands(run, "output", A, B, "year").levels, product="printers", country="VN")
    quarter = only(bands(run, "output", A, B, "quarter").levels, product="printers", country="VN")
    assert len(quarter) == 4 * len(year)
    assert quarter["mean"].to_numpy().reshape(-1, 4).mean(axis=1) == pytest.approx(
        year["mean"].to_numpy()
    )


def test_stocks_are_taken_at_the_end_of_the_period(run: RunFolder) -> None:
    both = bands(run, "programmes_from_china", A, B, "year")
    last = only(both.levels, product="printers", country="VN").iloc[-1]
    direct = run.sql(
        """SELECT avg(value) AS value FROM outcomes WHERE outcome = 'programmes_from_china'
           AND policy = $p AND product = 'printers' AND country = 'VN'
           AND month = '2020-12-01'""",
        {"p": A},
    )
    assert last["mean"] == pytest.approx(direct["value"].iloc[0])


def test_quantiles_are_in_order(run: RunFolder) -> None:
    both = bands(run, "output", A, B)
    for table in (both.levels, both.base, both.difference):
        edges = table[["low", "q25", "median", "q75", "high"]].to_numpy()
        assert (np.diff(edges, axis=1) >= 0).all()


def test_a_policy_against_itself_differs_by_exactly_nothing(run: RunFolder) -> None:
    difference = bands(run, "output", A, A).difference
    assert (difference[["low", "median", "high", "mean"]] == 0).all().all()


def test_differences_are_paired_before_they_are_summarised(run: RunFolder) -> None:
    """The made noise is common to both policies: paired, it leaves the difference of cars."""
    cars = only(bands(run, "output", A, B).difference, product="cars")
    assert cars[["low", "high"]].abs().to_numpy().max() == 0


def test_an_unknown_period_names_the_nearest(run: RunFolder) -> None:
    with pytest.raises(QueryError, match="did you mean `quarter`"):
        bands(run, "output", A, B, "quartr")


def test_an_outcome_that_the_run_lacks_is_an_error_not_an_empty_figure(run: RunFolder) -> None:
    with pytest.raises(QueryError, match="holds no such outcome"):
        bands(run, "us_built_share", A, B)


def test_leading_groups_come_by_size(run: RunFolder) -> None:
    cars = only(bands(run, "output", A, B).levels, product="cars")
    assert leading(cars, 2) == ["JP", "CN"]


def test_products_come_by_worth(run: RunFolder) -> None:
    assert made_products(run)[0] == "cars"


def test_a_policy_is_called_by_its_label(run: RunFolder) -> None:
    assert policy_name(run, B) == "No tariffs since 2018"
