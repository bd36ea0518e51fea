"""Draws of the parameters given dated decisions, as scenarios take them."""

from __future__ import annotations

from collections.abc import Sequence

from sim.data.dataset import Dataset, load_dataset
from sim.world.parameter_table import SCALE

Draw = dict[str, float]
"""Parameter key (as in experiment files) -> value."""


def posterior_draws(data: Dataset | None = None) -> tuple[Draw, ...]:
    """Draws of ``posterior.csv`` in the order of their numbers; each has the same weight.

    >>> draws = posterior_draws()
    >>> len(draws), len({frozenset(draw) for draw in draws})
    (64, 1)
    """
    draws: dict[int, Draw] = {}
    for row in (data or load_dataset())["posterior"]:
        factor = row.text("sets") == "factor"
        key = f"{row.text('parameter')}.{SCALE}" if factor else row.text("parameter")
        draws.setdefault(row.integer("draw"), {})[key] = row.number("value")
    return tuple(draws[number] for number in sorted(draws))


def rows_of(draws: Sequence[Draw]) -> list[dict[str, str]]:
    """Rows of ``posterior.csv`` that hold these draws.

    >>> rows_of([{"theta.scale": 0.5}])
    [{'draw': '0', 'parameter': 'theta', 'sets': 'factor', 'value': '0.5'}]
    """
    return [
        {
            "draw": str(number),
            "parameter": key.removesuffix(f".{SCALE}"),
            "sets": "factor" if key.endswith(f".{SCALE}") else "value",
            "value": f"{value:.6g}",
        }
        for number, draw in enumerate(draws)
        for key, value in draw.items()
    ]
