"""Amounts are written alike on the terminal, in figures and in the report."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.results.numbers import dollars, short


@given(st.floats(-1e14, 1e14, allow_nan=False))
def test_a_short_number_is_the_number_to_three_digits(value: float) -> None:
    text = short(value)
    number, _, word = text.partition(" ")
    scale = {"": 1.0, "k": 1e3, "m": 1e6, "bn": 1e9, "tn": 1e12}[word]
    assert float(number.replace(",", "")) * scale == pytest.approx(value, rel=0.0051)


def test_dollars_have_no_dollar_sign_that_plotly_would_take_for_tex() -> None:
    assert "$" not in dollars(1.0) + dollars(-2e9)
