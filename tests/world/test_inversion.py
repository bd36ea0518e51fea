"""The biproportional fit meets its margins, keeps given cells, and stays near its prior."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.world.inversion import SMALLEST_CELL, InfeasibleError, balance, fit_flows

Floats = NDArray[np.float64]
SIZE = 6


def random_world(seed: int) -> tuple[Floats, Floats, Floats]:
    """Output, sales and prior of a random line, with countries that make or sell nothing."""
    random = np.random.default_rng(seed)
    output = random.lognormal(0.0, 2.0, SIZE) * (random.random(SIZE) < 0.7)
    sales = random.lognormal(0.0, 2.0, SIZE) * (random.random(SIZE) < 0.8)
    output[0], sales[-1] = output[0] + 1.0, sales[-1] + 1.0
    prior = random.lognormal(0.0, 1.5, (SIZE, SIZE))
    return output, sales * output.sum() / sales.sum(), prior


def free() -> Floats:
    return np.full((SIZE, SIZE), np.nan)


@given(st.integers(0, 10_000))
def test_margins_are_met_on_random_worlds(seed: int) -> None:
    output, sales, prior = random_world(seed)
    flow = fit_flows(output, sales, prior, free())
    assert np.all(flow >= 0.0)
    np.testing.assert_allclose(flow.sum(axis=1), output, rtol=1e-14)
    np.testing.assert_allclose(flow.sum(axis=0), sales, rtol=1e-9)


@given(st.integers(0, 10_000))
def test_small_cells_are_gone_unless_a_margin_needs_them(seed: int) -> None:
    output, sales, prior = random_world(seed)
    flow = fit_flows(output, sales, prior, free())
    small = (flow > 0.0) & (flow < SMALLEST_CELL * output.sum())
    for i, j in np.argwhere(small):
        without = np.where(flow > 0.0, flow, 0.0)
        others = small.copy()
        others[i, j] = False
        best_row = flow[i, j] == flow[i].max()
        best_column = flow[i, j] == flow[:, j].max()
        without[i, j] = 0.0
        _, error = balance(without, output, sales)
        assert best_row or best_column or error > 1e-12


@given(st.integers(0, 10_000), st.floats(0.0, 0.95))
def test_a_given_cell_is_kept_to_the_last_bit_that_counts(seed: int, part: float) -> None:
    output, sales, prior = random_world(seed)
    row, column = int(output.argmax()), int(sales.argmax())
    fact = free()
    fact[row, column] = part * min(output[row], sales[column])
    rest = output.sum() - output[row] + fact[row, column]
    if sales[column] > rest:  # the other places cannot fill the market
        return
    flow = fit_flows(output, sales, prior, fact)
    assert flow[row, column] == pytest.approx(fact[row, column], rel=1e-9, abs=1e-12)
    np.testing.assert_allclose(flow.sum(axis=0), sales, rtol=1e-9)


@given(st.integers(0, 10_000), st.floats(0.01, 100.0))
def test_a_fit_scales_with_its_margins_and_not_with_its_prior(seed: int, factor: float) -> None:
    output, sales, prior = random_world(seed)
    flow = fit_flows(output, sales, prior, free())
    np.testing.assert_allclose(
        fit_flows(factor * output, factor * sales, prior, free()), factor * flow, rtol=1e-6
    )
    np.testing.assert_allclose(fit_flows(output, sales, factor * prior, free()), flow, rtol=1e-6)


def test_a_prior_that_has_the_margins_already_is_returned() -> None:
    prior = np.outer(np.arange(1.0, 7.0), np.arange(2.0, 8.0))
    flow = fit_flows(prior.sum(axis=1), prior.sum(axis=0), prior, free())
    np.testing.assert_allclose(flow, prior, rtol=1e-12)


def test_odds_ratios_of_the_prior_survive() -> None:
    output, sales, prior = np.array([5.0, 3.0]), np.array([6.0, 2.0]), np.array([[4.0, 1], [1, 2]])
    flow = fit_flows(output, sales, prior, np.full((2, 2), np.nan))
    odds = flow[0, 0] * flow[1, 1] / (flow[0, 1] * flow[1, 0])
    assert odds == pytest.approx(8.0, rel=1e-9)


def test_a_given_flow_above_its_margin_is_refused() -> None:
    output, sales, prior = random_world(3)
    fact = free()
    fact[0, -1] = 2.0 * output[0]
    with pytest.raises(InfeasibleError, match="exceeds"):
        fit_flows(output, sales, prior, fact)


def test_margins_that_given_zeros_cut_apart_are_refused() -> None:
    fact = np.array([[np.nan, 0.0], [np.nan, 0.0]])
    with pytest.raises(InfeasibleError):
        fit_flows(np.array([1.0, 1.0]), np.array([1.0, 1.0]), np.ones((2, 2)), fact)
