"""The range of futures is the 10th to the 90th percentile of single runs."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.results.comparing.bootstrap import mean_interval
from sim.results.comparing.futures import FUTURES, range_of_futures


@given(
    st.lists(
        st.floats(-1e9, 1e9) | st.just(float("nan")),
        min_size=2,
        max_size=30,
    ).filter(lambda values: np.isfinite(values).sum() > 1)
)
def test_it_is_what_numpy_says_of_the_runs_that_have_a_value(values: list[float]) -> None:
    runs = np.array(values)
    expected = np.nanpercentile(runs, [100 * share for share in FUTURES])
    np.testing.assert_allclose(range_of_futures(runs), expected, atol=1e-6)


def test_it_does_not_shrink_with_more_runs_while_the_precision_does() -> None:
    few, many = np.tile([0.0, 1.0], 8), np.tile([0.0, 1.0], 200)
    for runs in (few, many):
        np.testing.assert_array_equal(range_of_futures(runs), [0.0, 1.0])
    widths = [np.subtract(*mean_interval(runs)[2:0:-1]) for runs in (few, many)]
    assert widths[1] < widths[0] / 3


def test_one_run_has_no_range() -> None:
    assert np.isnan(range_of_futures(np.array([3.0]))).all()
    assert np.isnan(range_of_futures(np.array([3.0, np.nan]))).all()
