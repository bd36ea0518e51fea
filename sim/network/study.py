"""The literature's shock study: shut some firms for some days, follow everybody's value added.

Direct loss is the value added of the shut firms themselves; indirect loss is all the rest. The
finding to compare with: indirect losses exceed direct ones many times, and more so on a scale-free
network than on a random one (Inoue and Todo 2019; Inoue, Todo and Sasahara 2019).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.arrays import Floats, Ints
from sim.errors import InputError
from sim.network.graph import Network
from sim.network.parameters import Parameters
from sim.network.population import stream
from sim.network.propagation import at_rest, step


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """Losses over the value added of one base day, lane last."""

    loss: Floats
    """float64[days, R]: value added lost on each day."""
    direct: Floats
    """float64[days, R]: part of it that the damage took itself."""

    @property
    def ratio(self) -> Floats:
        """float64[R]: indirect loss over direct loss, summed over the days."""
        total: Floats = self.loss.sum(axis=0)
        return total / self.direct.sum(axis=0) - 1.0


def shut_share(network: Network, share: float, seeds: Ints, *, among: Ints | None = None) -> Floats:
    """float64[F, R]: damage 1 to ``share`` of the firms ``among`` (all of them), a lane a seed.

    Each firm keeps its own number for a seed, so a larger share shuts the same firms and more.
    """
    chosen = np.arange(network.firms) if among is None else np.unique(among)
    if not 0.0 <= share <= 1.0:
        raise InputError(f"network: share {share} of firms to shut is outside 0..1")
    damage = np.zeros((network.firms, len(seeds)))
    for lane, seed in enumerate(seeds.tolist()):
        number = stream(seed, "shut").random(network.firms)
        shut = chosen[np.argsort(number[chosen])[: round(share * len(chosen))]]
        damage[shut, lane] = 1.0
    return damage


def profile(shut_days: int, recovery_days: int, days: int) -> Floats:
    """float64[days]: share of the damage that stands on each day: all, then less in equal steps.

    >>> profile(2, 4, 7).tolist()
    [1.0, 1.0, 0.75, 0.5, 0.25, 0.0, 0.0]
    """
    since = np.arange(days) - shut_days + 1.0
    return np.clip(1.0 - since / max(recovery_days, 1), 0.0, 1.0)


def run(network: Network, damage: Floats, standing: Floats, parameters: Parameters) -> Study:
    """Path of losses when ``damage[F, R]`` (share of capacity) stands as ``standing[D]`` says."""
    whole = network.value_added.sum()
    weight = network.value_added / whole
    day = at_rest(network, damage.shape[1])
    loss = np.empty((len(standing), damage.shape[1]))
    for d, share in enumerate(standing):
        day = step(network, day, 1.0 - damage * share, parameters)
        loss[d] = weight @ (1.0 - day.output)
    return Study(loss, standing[:, None] * (weight @ damage))
