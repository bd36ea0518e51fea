"""A difference with its interval, in one cell."""

from __future__ import annotations

import pytest

from sim.results.numbers import interval


@pytest.mark.parametrize(
    ("difference", "low", "high", "cell"),
    [
        (0.0, 0.0, 0.0, "0"),
        (338e6, 160e6, 579e6, "+338 [+160, +579] m"),
        (-34_300.0, -34_400.0, -34_100.0, "-34.3 [-34.4, -34.1] k"),
        (2.5, -1.0, 6.0, "+2.5 [-1, +6]"),
        (1.2e9, float("nan"), float("nan"), "+1.2 bn"),
        (1.2e9, None, None, "+1.2 bn"),
    ],
)
def test_all_three_numbers_share_their_thousands(
    difference: float, low: float | None, high: float | None, cell: str
) -> None:
    assert interval({"difference": difference, "low": low, "high": high}) == cell
