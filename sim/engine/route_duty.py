"""One law seen from the routes of a world: duties by month and route, lane-independent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.arrays import Floats, Ints, Out
from sim.axes import BASIS_INDEX, COUNTRY_INDEX, PRODUCTS, VEHICLES
from sim.engine.preference_claims import claims
from sim.law.subsidies.act import Subsidy
from sim.world.layout import Layout
from sim.world.world import World

if TYPE_CHECKING:
    from sim.law.rates.monthly import MonthlyDuty

Shorts = NDArray[np.int16]

_CHINA, _JAPAN = COUNTRY_INDEX["CN"], COUNTRY_INDEX["JP"]
_SECTION_232 = BASIS_INDEX["section_232"]


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
    announced_stage: NDArray[np.int8]
    """int8[T, E, B]: how far what is announced has come (:data:`sim.law.instrument.STAGES`)."""
    announced_count: Floats
    """float64[T, stages, B]: announcements whose day has passed."""
    carried_count: Floats
    """float64[T, stages, B]: what of them was carried out, as known by then."""
    parts_rate: Floats
    """float64[T, P, 2, 1 + B]: duty on parts from China and from Japan, MFN first, then by basis.

    Over the value of what the supplier sells to the plant; what no zone refunds."""
    parts_due: Floats
    """float64[T, P, 2]: the same, bases added."""
    parts_credit: Floats
    """float64[T, P]: credit against it, over the value of all parts."""
    service_rate: Floats
    """float64[T, M, 1 + B]: duty on service parts from Japan, MFN first, then by basis."""
    subsidies: tuple[Subsidy, ...]
    """Acts that pay firms for making goods in a place."""
    source: MonthlyDuty
    """The law's duties by place and product, which know the measures that charge them."""
    acts: Floats
    """float64[T, P]: rise in the month of what is in force or announced against a plant's goods, on
    the route where it rises most (``docs/model.md`` 2, Alarm)."""


def route_duty(world: World, layout: Layout, duty: MonthlyDuty) -> RouteDuty:
    """Gather a law's duties along the routes; preferences by the share that may claim them."""
    lane = (slice(None), layout.route_market, layout.route_origin,
            world.product_of_line[layout.route_line])  # fmt: skip
    claim = claims(world, layout, duty.agreements, duty.declared)
    kept = 1.0 - claim
    rate = _parts_rate(world, layout, duty)
    extra = claim[..., None] * duty.extra_claimed[lane] + kept[..., None] * duty.extra[lane]
    announced = kept[..., None] * duty.announced[lane]
    return RouteDuty(
        permanent=claim * duty.preference[lane] + kept * duty.mfn[lane],
        extra=extra,
        relief=claim * duty.content_weight[lane] * world.content_relief[:, None],
        age=duty.age_months[lane],
        announced=announced,
        announced_in=duty.announced_months[lane],
        announced_stage=duty.announced_stage[lane],
        announced_count=duty.announced_count,
        carried_count=duty.carried_count,
        parts_rate=rate,
        parts_due=rate.sum(axis=3),
        parts_credit=_credit(world, layout, duty, _levied(world, layout, rate)),
        service_rate=_service_rate(world, layout, duty),
        subsidies=duty.subsidies,
        source=duty,
        acts=_acts(layout, extra, announced),
    )  # fmt: skip


def duty_of_month(
    layout: Layout, laws: Sequence[RouteDuty], law: Ints, parameters: Mapping[str, Floats], t: int
) -> Floats:
    """Duty of every route and lane in month t, float64[E, R]."""
    rate = np.stack([one.permanent[t] + one.extra[t].sum(axis=-1) for one in laws], axis=1)
    relief = np.stack([one.relief[t] for one in laws], axis=1)
    duty = np.empty((len(rate), len(law)))
    _levy(layout.route_line, law, rate, relief, parameters["us_content"], duty)
    return duty


@njit(cache=True, error_model="numpy")
def _levy(
    line: Ints, law: Ints, rate: Floats, relief: Floats, content: Floats, out: Out[Floats]
) -> None:
    """Fill the duty of every route and lane, float64[E, R], less what US content relieves."""
    for e in range(line.size):
        for r in range(law.size):
            out[e, r] = rate[e, law[r]]
            if relief[e, law[r]] != 0.0:
                out[e, r] -= relief[e, law[r]] * content[line[e], r]


def _acts(layout: Layout, extra: Floats, announced: Floats) -> Floats:
    """Rise of what is in force or announced, on each plant's worst route, float64[T, P]."""
    rise = np.zeros((len(extra), len(layout.plant_line)))
    for t in range(1, len(extra)):
        step = (extra[t] + announced[t]) - (extra[t - 1] + announced[t - 1])
        np.maximum.at(rise[t], layout.route_plant, np.maximum(0.0, step).sum(axis=-1))
    return rise


def _service_rate(world: World, layout: Layout, duty: MonthlyDuty) -> Floats:
    """Duty on service parts from Japan at each outlet, float64[T, M, 1 + B]."""
    product = world.parts_product_of_line[layout.outlet_line]
    return _by_basis(duty, layout.outlet_market, _JAPAN, product)


def _by_basis(
    duty: MonthlyDuty, importer: NDArray[np.int64], exporter: int, product: NDArray[np.int64]
) -> Floats:
    """Duty without preference, MFN first and then by basis, float64[T, rows, 1 + B]."""
    mfn = duty.mfn[:, importer, exporter, product]
    return np.concatenate([mfn[..., None], duty.extra[:, importer, exporter, product]], axis=-1)


def _parts_rate(world: World, layout: Layout, duty: MonthlyDuty) -> Floats:
    """Duty on parts from China and from Japan over their value, where no zone refunds it."""
    product = world.parts_product_of_line[layout.plant_line]
    place = layout.plant_country
    paying = world.parts_duty_share[place, None]
    rates = [_by_basis(duty, place, supplier, product) * paying for supplier in (_CHINA, _JAPAN)]
    return np.stack(rates, axis=2)


def _levied(world: World, layout: Layout, rate: Floats) -> Floats:
    """Duty under Section 232 on all parts at base shares of suppliers, float64[T, P]."""
    source = world.parts_source[layout.plant_line, layout.plant_country, : rate.shape[2]]
    return np.asarray((rate[..., 1 + _SECTION_232] * source).sum(axis=2))


def _credit(world: World, layout: Layout, duty: MonthlyDuty, levied: Floats) -> Floats:
    """Credit for output against the duty on its parts, over the parts' value, float64[T, P].

    It is a share of the list price and at most ``levied``, the duty under Section 232 at base
    shares of suppliers (HTS note 33); the value of parts in a unit is taken at the default
    parameters.
    """
    line = layout.plant_line
    assembles = np.array([PRODUCTS[k] in VEHICLES for k in world.product_of_line[line]])
    parts_product = world.parts_product_of_line[line]
    share = duty.credit[:, layout.plant_country, parts_product] * assembles
    parts = (1.0 - world.parameters["base_margin"]) * world.parameters["parts_share"]
    listed = share * (world.retail_markup / parts)[line]
    return np.asarray(np.minimum(listed, levied))
