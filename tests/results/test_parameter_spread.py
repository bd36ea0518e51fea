"""The spread that parameters make, told apart from that of chance."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.results.answer.parameter_spread import parameter_spread


def futures(between: float, within: float, seeds: int = 8, draws: int = 400) -> pd.Series:
    """Differences of draws with so much standard deviation between and within them."""
    random = np.random.default_rng(1)
    centre = np.repeat(10.0 + between * random.standard_normal(draws), seeds)
    index = np.repeat([f"s{number:04d}" for number in range(draws)], seeds)
    return pd.Series(centre + within * random.standard_normal(draws * seeds), index=index)


@pytest.mark.parametrize(("between", "within", "part"), [(1.0, 1.0, 0.5), (0.0, 1.0, 0.0)])
def test_the_part_of_parameters_is_that_of_the_variance_between_draws(
    between: float, within: float, part: float
) -> None:
    found = parameter_spread(futures(between, within))
    assert found is not None
    assert found.from_parameters == pytest.approx(part, abs=0.08)


def test_one_seed_a_draw_cannot_tell_chance_from_parameters() -> None:
    found = parameter_spread(futures(1.0, 0.0, seeds=1))
    assert found is not None
    assert np.isnan(found.from_parameters)
    assert found.factor == pytest.approx(found.high / found.low)


def test_ends_of_both_signs_have_no_factor_and_few_draws_no_range() -> None:
    found = parameter_spread(futures(100.0, 0.0))
    assert found is not None
    assert np.isnan(found.factor)
    assert parameter_spread(futures(1.0, 1.0, draws=7)) is None
