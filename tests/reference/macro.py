"""Section 1 of docs/model.md: wages, energy, prices and exchange rates of one month.

Drivers can be switched off one by one (section 9, why): ``wage`` stands for wages and energy with
local prices, ``fx`` for exchange rates, ``experience`` for learning and scale.
"""

from __future__ import annotations

import math

import numpy as np

from sim.axes import COUNTRIES
from sim.engine.random_streams import Streams, entity_id
from sim.world.world import World

On = frozenset[str]
"""The drivers that are at their present value; all others are at base."""

ALL: On = frozenset({"duty", "wage", "fx", "freight", "experience"})


def draw(streams: Streams, kind: str, stream: str, name: str, month: int) -> float:
    """One number of a stream for one named entity."""
    entities = np.array([entity_id(name)], dtype=np.uint32)
    return float(getattr(streams, kind)(stream, entities, month)[0, 0])


class Macro:
    """Real indices of every country in the present month."""

    def __init__(self, world: World, streams: Streams, step_months: int = 1) -> None:
        self.world, self.streams = world, streams
        self.walk = [0.0] * len(COUNTRIES)
        self.sd = float(world.parameters["fx_noise_sd"][0]) * step_months**0.5
        self.base_fx = [float(np.mean(path[:12])) for path in world.fx_per_usd]
        self.month = 0
        self.last_price_index = [1.0] * len(COUNTRIES)
        self.host_pay = [1.0] * len(COUNTRIES)

    def step(self, month: int) -> None:
        """After the record ends, ln fx follows a random walk (USD and ROW: none)."""
        if month > 0:
            self.last_price_index = [self.price_index(i) for i in range(len(COUNTRIES))]
        self.month = month
        if month >= self.world.fx_known_months:
            for i, country in enumerate(COUNTRIES):
                if country not in ("US", "ROW"):
                    self.walk[i] += self.sd * draw(self.streams, "normal", "fx", country, month)

    def _path(self, values: np.ndarray, i: int) -> float:
        """The value of the month over that of 2017, at which it is held through 2017."""
        return 1.0 if self.month < 12 else float(values[i, self.month])

    def us_prices(self) -> float:
        """US price level, 2017 = 1: nominal USD per real USD."""
        return self._path(self.world.price_level, COUNTRIES.index("US"))

    def _fx(self, i: int, on: On) -> float:
        """fx(0) / fx."""
        if "fx" not in on or self.month < 12:
            return 1.0
        return self.base_fx[i] / (
            float(self.world.fx_per_usd[i, self.month]) * math.exp(self.walk[i])
        )

    def price_index(self, i: int, on: On = ALL) -> float:
        """Real macro index m_i."""
        local = self._path(self.world.price_level, i) / self.us_prices() if "wage" in on else 1.0
        return local * self._fx(i, on)

    def wage_index(self, i: int, on: On = ALL) -> float:
        """Real wage index w_i."""
        local = 1.0
        if "wage" in on:
            local = self._path(self.world.wage_index, i) / self.us_prices() * self.host_pay[i]
        return local * self._fx(i, on)

    def energy_index(self, i: int, on: On = ALL) -> float:
        """Real energy index n_i."""
        local = self._path(self.world.energy_index, i) / self.us_prices() if "wage" in on else 1.0
        return local * self._fx(i, on)
