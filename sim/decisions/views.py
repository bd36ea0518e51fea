"""Bundles of read-only arrays that the investment kernels look at in one review."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Flags, Floats, Ints

Shorts = NDArray[np.int16]


class Subsidies(NamedTuple):
    """Acts of the month that pay for making a line's goods in a place, and those of the base year.

    ``when`` is 0 for now, 1 for the base year; the last axis counts the dated sizes of a cell.
    """

    outlay: Floats
    """float64[L, N, I]: part of an outlay that is paid, less what was paid in the base year."""
    size: Floats
    """float64[L, when, N, I, grants]: share of price, or points of tax; 0 where there is none."""
    first: Floats
    """float64[L, when, N, I, grants]: years until it begins, from now or from a project's start."""
    last: Floats
    """float64[L, when, N, I, grants]: years until it ends; infinite where it is for good."""
    tax: Flags
    """bool[L, when, N, I, grants]: whether ``size`` is points of tax on the margin."""
    project: Flags
    """bool[L, when, N, I, grants]: whether the years are those of each project."""


class Outlook(NamedTuple):
    """Duties of the month as investors see them; first axis the law (L) or hazard set (H)."""

    law: Ints
    """int64[R]: law of the lane."""
    hazard_set: Ints
    """int64[N, R]: row of ``weights`` of the line in the lane."""
    permanent: Floats
    """float64[L, E]: MFN or preference duty, taken as permanent."""
    most: Floats
    """float64[L, E]: the most that the duty can be expected to be, announced duties included."""
    extra: Floats
    """float64[L, E, B]: duty above it by legal basis."""
    age: Shorts
    """int16[L, E, B]: months that basis has been in force on the route."""
    announced: Floats
    """float64[L, E, B]: announced additions not yet in force."""
    announced_in: Shorts
    """int16[L, E, B]: months until they start."""
    announced_stage: NDArray[np.int8]
    """int8[L, E, B]: how far they have come."""
    enforced: Floats
    """float64[L, stages, B, R]: belief that what is announced is carried out."""
    deviation: Floats
    """float64[L, stages, B, R]: deviation of that belief."""
    act_within: Ints
    """int64[R]: months; an announced start this near counts for a move ready sooner too."""
    weights: Floats
    """float64[H, B, ages, leads]: survival weights."""
    hurdles: Floats
    """float64[H, B, ages, leads]: learning hurdles."""
    subsidies: Subsidies


class Costs(NamedTuple):
    """Costs of the month, ``float64[.., R]`` in real USD, and their base values."""

    plan: Floats
    """float64[P, R]: planning unit cost, without learning and scale."""
    plan_at_base_fx: Floats
    """float64[P, R]: the same with exchange rates at base."""
    factor: Floats
    """float64[P, R]: learning and scale, times which the planning cost is what a unit costs."""
    parts_duty: Floats
    """float64[P, R]: duty on parts above base."""
    controls: Floats
    """float64[E, R]: what export rules are expected to cost on the route, share of price."""
    base_cost: Floats
    """float64[N, R]."""
    duty: Floats
    """float64[E, R]."""
    base_duty: Floats
    """float64[E, R]."""
    transfer_price: Floats
    """float64[E, R]."""
    freight: Floats
    """float64[E]: freight over price in the base year."""
    freight_plan: Floats
    """float64[R]."""
    price: Floats
    """float64[N]."""


class Orders(NamedTuple):
    """Orders of the month and where they went, for the reasons of capacity events."""

    placed: Floats
    """float64[M, R], units a month."""
    at_base_prices: Floats
    """float64[M, R], units a month: what would be ordered at base prices."""
    base_demand: Floats
    """float64[M], units a month."""
    lawful: Floats
    """float64[M, R]: orders under export rules over those without any; 1 where none reach."""
    share: Floats
    """float64[E, R]: sourcing share in force."""
    licensed: Floats
    """float64[E, R]: shares by which orders are served under export rules."""
    kernel_base: Floats
    """float64[E, R]: base share, moved by programmes."""
    base_delivered: Floats
    """float64[E, R], USD: planning cost delivered in the base year."""
    base_landed: Floats
    """float64[M, R], USD: average landed cost in the base year."""


class Places(NamedTuple):
    """What places are to firms besides their costs, shares of price."""

    fear: Floats
    """float64[P, R]: cost that exposure and alarm make the plant's firm see in its place."""
    assembler: Floats
    """float64[N, I, R]: fall of the gap where assemblers of the line's group have grown."""
    freed: Floats
    """float64[P, R]: worth of the room that work leaves behind when it leaves the plant."""
    ease: Floats
    """float64[N, I, R]: fall of the gap of a new plant where sister lines stand; a rise below 0."""
    gathered: Floats
    """float64[N, I, R]: fall of any gap since more sister lines stand there than at base."""
    strange: Floats
    """float64[N, I, R]: rise of the gap of a new plant where no other line of the group stands."""
    wage: Floats
    """float64[I]: log of pay in manufacturing in 2017, USD."""
    land: Floats
    """float64[I, R]: what building a new plant costs, over base."""
    distance: Floats
    """float64[I]: days at sea from headquarters."""


class Slices(NamedTuple):
    """Programmes of every slice so far, and what bounds the next one."""

    contract_maker: Flags
    """bool[N, I]: places where the line's class has contract makers."""
    lump: Floats
    """float64[Q], units a year: one programme."""
    volume: Floats
    """float64[Q, R], units a year: the slice in the base year, grown as it follows assemblers."""
    capacity: Floats
    """float64[P, R], units a year."""
    spare: Floats
    """float64[P, R], units a year: capacity that nothing uses, nor is promised."""
    own_site: Flags
    """bool[F, I, R]: places where the firm has a plant of some line."""
    partner: Ints
    """int64[N, I, R]: plant there of a maker of the class with ties to the firm, -1 where none."""
    host: Ints
    """int64[N, I, R]: plant there of another maker of the class, that with most room; or -1."""
    ordered: Floats
    """float64[Q, I, R], units a year: programmes ordered, by destination."""
    moved: Floats
    """float64[Q, I, R], units a year: programmes operating at the destination."""
    returned: Floats
    """float64[Q, I, R], units a year: returns ordered."""
    room: Floats
    """float64[P, R], units a year: what the plant can still take on this year."""
    gap_paid: Floats
    """float64[Q, I, R]: gap and fee that what moved bears, share of price."""


class Room(NamedTuple):
    """Capacity of the plants and how it has been used, for capacity events."""

    lump: Floats
    """float64[P], units a year: the piece that is built or closed."""
    straight: Floats
    """float64[P, R]: share of usable capacity in straight time."""
    capacity: Floats
    """float64[P, R], units a year."""
    capacity_base: Floats
    """float64[P, R], units a year: what of it no expansion added."""
    mothballed: Floats
    """float64[P, R], units a year: capacity laid up."""
    growth: Floats
    """float64[P, R], units a year: what the plant can still take on this year."""
    worth: Floats
    """float64[P, R], USD a unit-year: what more room earns, as far as it lasts; 0 where none is
    wanted."""
    elsewhere: Floats
    """float64[Q, R]: net value, share of price, of the best way to serve a slice's market from
    another place; minus infinity where nobody asked."""
    output_average: Floats
    """float64[P, R], units a month."""
    idle_months: Ints
    """int64[P, R]: unbroken months with a whole lump idle."""
    flow: Floats
    """float64[E, R], units a month."""


class Terms(NamedTuple):
    """Investment parameters of the lines, float64[N, R]."""

    theta: Floats
    theta_slice: Floats
    ambiguity: Floats
    """Deviations of a belief by which firms lean against a move."""
    parts_share: Floats
    discount: Floats
    depreciation: Floats
    diffusion: Floats
    """Diffusion hurdle."""
    transfer_sunk: Floats
    open_sunk: Floats
    expand_sunk: Floats
    brownfield_sunk: Floats
    """Tools and an expansion."""
    ems_sunk: Floats
    ems_fee: Floats
    shared_sunk: Floats
    """NaN where the class shares no plants."""
    shared_fee: Floats
    untied_fee: Floats
    """Asked for besides where the makers have no tie."""
    transfer_months: Floats
    brownfield_months: Floats
    open_months: Floats
    expand_months: Floats
    ems_months: Floats
    shared_months: Floats
    moved_share: Floats
    """Part of a programme's capacity that moves with it."""
    usual_use: Floats
    """Output over capacity by which a programme's volume is turned into capacity."""
    fixed_project: Floats
    subsidy_weight: Floats
    """Part of what is paid of an outlay that counts when a firm decides."""
    subsidy_hazard: Floats
    """Rate at which acts that pay all makers every year end before their day."""
    taxed_margin: Floats
    """Taxed profit over price."""
    entry_gap: Floats
    existing_gap: Floats
    wage_gap: Floats
    """Part of the price that a place's pay weighs in planning: rise of a gap for each log point."""
    distance_gap: Floats
    growth_penalty: Floats
    idle_cost: Floats
    exit_cost: Floats
    mothball_cost: Floats
    mothball_exit: Floats
    overtime_premium: Floats
    minimum_scale: Floats
    full_use: Floats
    """Output over capacity above which a plant counts as fully used."""
    restart_use: Floats
    """Average use above which laid-up room is needed, even where no overtime is paid."""
    exit_use: Floats
    """What remains of a plant under its minimum scale leaves too when used less than this."""
