"""Intervals of means."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.results.comparing.bootstrap import mean_interval, weights


def test_the_interval_covers_the_true_mean_about_as_often_as_it_says() -> None:
    draws = np.random.default_rng(5).normal(size=(4000, 64))
    _, low, high = mean_interval(draws)
    assert 0.925 < float(np.mean((low < 0) & (high > 0))) < 0.96


def test_the_interval_is_that_of_percentiles_over_resamples() -> None:
    values = np.random.default_rng(6).exponential(size=20)
    mean, low, high = mean_interval(values)
    means = weights(20) @ values
    assert float(mean) == pytest.approx(values.mean())
    assert [float(low), float(high)] == pytest.approx(list(np.quantile(means, [0.025, 0.975])))


def test_runs_without_a_value_leave_the_mean_to_the_others() -> None:
    values = np.random.default_rng(7).normal(size=(3, 10))
    values[1, 4:] = np.nan
    values[2] = np.nan
    mean, low, high = mean_interval(values)
    assert float(mean[1]) == pytest.approx(values[1, :4].mean())
    assert low[1] < mean[1] < high[1]
    assert np.isnan([mean[2], low[2], high[2]]).all()


def test_a_single_run_has_a_mean_and_no_interval() -> None:
    mean, low, high = mean_interval(np.array([[3.0]]))
    assert (float(mean[0]), bool(np.isnan(low[0])), bool(np.isnan(high[0]))) == (3.0, True, True)


def test_equal_values_have_an_interval_of_exactly_themselves() -> None:
    mean, low, high = mean_interval(np.full((2, 7), 0.1))
    assert (low == mean).all()
    assert (high == mean).all()


@settings(deadline=None, max_examples=30)
@given(st.lists(st.floats(-1e9, 1e9), min_size=2, max_size=40))
def test_the_interval_holds_the_mean_and_lies_within_the_values(values: list[float]) -> None:
    mean, low, high = mean_interval(np.array(values))
    room = 1e-9 * (1 + max(map(abs, values)))
    assert min(values) - room <= low <= mean <= high <= max(values) + room


def test_series_do_not_depend_on_their_neighbours() -> None:
    values = np.random.default_rng(8).normal(size=(5000, 16))
    together = mean_interval(values)
    alone = mean_interval(values[4321:4322])
    for whole, one in zip(together, alone, strict=True):
        assert float(whole[4321]) == pytest.approx(float(one[0]), rel=1e-12)
