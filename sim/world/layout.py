"""Which rows exist: plants, outlets, routes and slices of every line, as index arrays.

Rows are sorted by line, then by country codes' order, so that one line is one run of rows. The
letters P, M, E and Q are those of ``docs/model.md``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Ints
from sim.axes import COUNTRIES, COUNTRY_INDEX
from sim.world.world import World


class Layout(NamedTuple):
    """Index arrays shared by every kernel; ``*_start`` arrays have one entry more than lines."""

    plant_line: Ints
    plant_country: Ints
    outlet_line: Ints
    outlet_market: Ints
    route_line: Ints
    route_plant: Ints
    route_outlet: Ints
    route_origin: Ints
    route_market: Ints
    route_lag: Ints
    line_plants: Ints
    line_outlets: Ints
    line_routes: Ints
    line_slices: Ints
    line_firm: Ints
    slice_line: Ints
    slice_route: Ints
    slice_destination: Ints
    """int64[Q, I]: route from each candidate place to the slice's market, -1 where none."""
    china: int
    """Index of China on axis I: compiled kernels must not keep what a table may reorder."""
    japan: int


def programme_lump(world: World) -> NDArray[np.float64]:
    """Yearly units of one programme, float64[N]; infinite where the line moves none."""
    parameters = world.parameters
    sales = world.base_flow.sum(axis=(1, 2))
    lump = np.maximum(
        parameters["programme_lump_share"] * sales, parameters["programme_lump_units"]
    )
    return np.where(parameters["programmes"] > 0.5, lump, np.inf)


def slice_lump(world: World, layout: Layout) -> NDArray[np.float64]:
    """Yearly units of one programme of each slice, float64[Q].

    That of the line, but never more than ``programme_slice_share`` of the slice, unless it is the
    least that a programme can be.
    """
    parameters, line = world.parameters, layout.slice_line
    volume = world.base_flow[
        line,
        layout.route_origin[layout.slice_route],
        layout.route_market[layout.slice_route],
    ]
    part = np.maximum(
        parameters["programme_slice_share"][line] * volume, parameters["programme_lump_units"][line]
    )
    return np.minimum(programme_lump(world)[line], part)


def build_layout(world: World) -> Layout:
    """Rows of a world.

    A plant row exists where there is capacity or where a programme may go; a route exists where
    there is base flow, and from every candidate place to each market that a slice serves.
    """
    slices, routes = _masks(world)
    plants = (world.base_capacity > 0.0) | routes.any(axis=2)
    outlets = world.base_flow.sum(axis=1) > 0.0
    line, origin, market = _rows(routes)
    (plant_line, plant_country), (outlet_line, outlet_market) = _rows(plants), _rows(outlets)
    slice_line, slice_route, slice_destination = _slices(world, slices, _number(routes))
    return Layout(
        plant_line, plant_country, outlet_line, outlet_market,
        route_line=line,
        route_plant=_number(plants)[line, origin],
        route_outlet=_number(outlets)[line, market],
        route_origin=origin,
        route_market=market,
        route_lag=world.sea_months[origin, market],
        line_plants=_starts(plant_line, world),
        line_outlets=_starts(outlet_line, world),
        line_routes=_starts(line, world),
        line_slices=_starts(slice_line, world),
        line_firm=world.firm_of_line,
        slice_line=slice_line,
        slice_route=slice_route,
        slice_destination=slice_destination,
        china=COUNTRY_INDEX["CN"],
        japan=COUNTRY_INDEX["JP"],
    )  # fmt: skip


def _masks(world: World) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Slices, and routes with base flow or that a slice may come to use, bool[N, I, J] each."""
    slices = _slice_mask(world)
    served = np.asarray(slices.any(axis=1))[:, None, :]
    return slices, (world.base_flow > 0.0) | (world.candidate[:, :, None] & served)


def _slices(world: World, slices: NDArray[np.bool_], route_row: Ints) -> tuple[Ints, Ints, Ints]:
    """Line, route and routes from other places of every slice: int64[S], int64[S], int64[S, I]."""
    line, origin, market = _rows(slices)
    destination = np.where(world.candidate[line], route_row[line, :, market], -1)
    destination[np.arange(len(line)), origin] = -1
    return line, route_row[line, origin, market], destination


def _slice_mask(world: World) -> NDArray[np.bool_]:
    """Routes that are slices: exports of at least a third of a programme a year."""
    lump = programme_lump(world)
    least = np.broadcast_to(lump[:, None, None] / 3.0, world.base_flow.shape)
    mask = np.greater_equal(world.base_flow, least)
    mask[:, np.arange(len(COUNTRIES)), np.arange(len(COUNTRIES))] = False
    mask[:, COUNTRY_INDEX["ROW"], :] = False
    return mask


def _rows(mask: NDArray[np.bool_]) -> tuple[Ints, ...]:
    """Indices of the true cells by axis, each contiguous, as kernels are compiled for."""
    return tuple(np.ascontiguousarray(axis) for axis in np.nonzero(mask))


def _number(mask: NDArray[np.bool_]) -> Ints:
    """Row number of every true cell in C order, -1 elsewhere."""
    rows = np.full(mask.shape, -1, dtype=np.int64)
    rows[mask] = np.arange(int(mask.sum()))
    return rows


def _starts(line_of_row: Ints, world: World) -> Ints:
    """First row of every line, and the number of rows last."""
    return np.searchsorted(line_of_row, np.arange(len(world.lines) + 1)).astype(np.int64)
