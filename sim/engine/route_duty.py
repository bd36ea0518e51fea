"""One law seen from the routes of a world: duties by month and route, lane-independent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.axes import COUNTRY_INDEX
from sim.world.layout import Layout
from sim.world.world import World

if TYPE_CHECKING:
    from sim.law.schedule import MonthlyDuty

Floats = NDArray[np.float64]
Shorts = NDArray[np.int16]

_CHINA, _JAPAN = COUNTRY_INDEX["CN"], COUNTRY_INDEX["JP"]


@dataclass(frozen=True, slots=True, eq=False)
class RouteDuty:
    """Duties of one law on the routes of a layout."""

    permanent: Floats
    """float64[T, E]: MFN, or the preference for the share that claims it."""
    extra: Floats
    """float64[T, E, B]: duty above it by legal basis."""
    relief: Floats
    """float64[T, E]: duty that vanishes for each unit of US content."""
    age: Shorts
    """int16[T, E, B]."""
    announced: Floats
    """float64[T, E, B]."""
    announced_in: Shorts
    """int16[T, E, B]."""
    announced_count: NDArray[np.int32]
    """int32[T, B]."""
    enforced_count: NDArray[np.int32]
    """int32[T, B]."""
    parts: Floats
    """float64[T, P]: duty on the parts that a plant buys, over their value."""


def route_duty(world: World, layout: Layout, duty: MonthlyDuty) -> RouteDuty:
    """Gather a law's duties along the routes; preferences by the share that claims them."""
    product = world.product_of_line[layout.route_line]
    lane = (slice(None), layout.route_market, layout.route_origin, product)
    claim = world.preference_share[layout.route_line, layout.route_origin, layout.route_market]
    kept = 1.0 - claim
    return RouteDuty(
        permanent=claim * duty.preference[lane] + kept * duty.mfn[lane],
        extra=claim[:, None] * duty.extra_claimed[lane] + kept[:, None] * duty.extra[lane],
        relief=claim * duty.content_weight[lane] * world.content_relief[:, None],
        age=duty.age_months[lane],
        announced=kept[:, None] * duty.announced[lane],
        announced_in=duty.announced_months[lane],
        announced_count=duty.announced_count,
        enforced_count=duty.enforced_count,
        parts=_parts_duty(world, layout, duty),
    )


def _parts_duty(world: World, layout: Layout, duty: MonthlyDuty) -> Floats:
    """Duty on bought parts from China and Japan, float64[T, P], where no zone refunds it."""
    product = world.parts_product_of_line[layout.plant_line]
    place = layout.plant_country
    source = world.parts_source[layout.plant_line, place]
    total = np.zeros((len(world.months), len(place)))
    for column, supplier in ((0, _CHINA), (1, _JAPAN)):
        rate = duty.mfn[:, place, supplier, product] + duty.extra[:, place, supplier, product].sum(-1)
        total += source[:, column] * rate
    return np.asarray(total * world.parts_duty_share[place])
