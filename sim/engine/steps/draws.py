"""Who decides in a review: boards have a rhythm of their own, and firms copy each other.

``docs/model.md`` 8, Rhythm.
"""

from __future__ import annotations

import numpy as np

from sim.arrays import Flags, Floats
from sim.axes import MONTHS_PER_YEAR
from sim.engine.row_sums import sum_rows
from sim.engine.simulation import Simulation
from sim.engine.steps.places import peers_moving

_OF_PLANTS = ("expansion", "closure")
"""Streams that are drawn for each plant; the others for each line."""


def drawn(s: Simulation, stream: str) -> Flags:
    """Lines or plants that decide in this review, bool[rows, R], by the stream of what they decide.

    For programmes (stream ``decision``) the rhythm of the firm and of its models counts, and others
    of the class that have just moved make it likelier.
    """
    chance, entity = s.parameters["decision_probability"], "line"
    if stream in _OF_PLANTS:
        chance, entity = chance[s.layout.plant_line], "plant"
    elif stream == "decision":
        copied = 1.0 + s.parameters["imitation"] * peers_moving(s)
        chance = _of_models(s) * _of_the_year(s) * (1.0 + _of_shocks(s)) * copied
    return np.asarray(s.streams.uniform(stream, s.ids[entity], s.state.month) < chance)


def _of_models(s: Simulation) -> Floats:
    """Chance that a review is one in which work may move, float64[N, R].

    A model moves at its change: the more models a line could move, the oftener one of them is at
    it. Lines without models decide in any quarter alike.
    """
    life, review = s.parameters["model_life_months"], s.parameters["review_months"]
    count = (s.base.slice_volume / s.base.slice_lump)[:, None]
    models = sum_rows(s.layout.slice_line, count, len(s.world.lines))
    at_change = np.minimum(1.0, models * review / np.maximum(life, review))
    return np.where(life > 0.0, at_change, s.parameters["decision_probability"])


def _of_the_year(s: Simulation) -> Floats:
    """Weight of the review in its firm's year, float64[N, R]; 1 over the year.

    The review that begins a fiscal year decides on its plan.
    """
    review = s.parameters["review_months"]
    reviews = MONTHS_PER_YEAR / review
    start = np.array([firm.fiscal_year_start for firm in s.world.firms])[s.layout.line_firm]
    since = (s.world.months[s.state.month].month - start[:, None]) % MONTHS_PER_YEAR
    weight = np.minimum(s.parameters["plan_review_weight"], reviews)
    others = (reviews - weight) / np.maximum(reviews - 1.0, 1e-9)
    return np.where(since < review, weight, np.where(reviews > 1.0, others, 1.0))


def _of_shocks(s: Simulation) -> Floats:
    """What alarm adds to a line's chance, float64[N, R].

    It counts as far as a market hangs on the place: by the part of its supply that came from there
    in the base year, at the slice where that is most.
    """
    route = s.layout.slice_route
    felt = s.base.share[route][:, None] * s.state.alarm[s.layout.route_plant[route]]
    most = np.zeros((len(s.world.lines), s.lanes))
    np.maximum.at(most, s.layout.slice_line, felt)
    return np.asarray(s.parameters["shock_review"] * most)
