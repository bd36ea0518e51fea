"""Orders of programmes and expansions, and their arrival (section 8 of docs/model.md)."""

from __future__ import annotations

from tests.reference.cost import fade_ramp, take_up
from tests.reference.programmes import Option
from tests.reference.rows import Line, Moved, Programme, Route


def order(option: Option, month: int, due: int) -> None:
    """Put a programme on its way."""
    q, volume = option.slice, option.volume
    if option.back():
        q.moved[option.source.plant.i].returning += volume
    else:
        q.ordered += volume
        option.line.ordered_in.append(month)
        if option.kind in ("transfer", "brownfield"):
            option.target.plant.taken.append((month, volume))
    option.line.works.append(
        Programme(
            q, option.source, option.target, volume, option.gap, option.kind, option.room, due
        )
    )


def arrive(line: Line, month: int) -> None:
    """Programmes and expansions that are ready start to work, in the order of their orders."""
    for plant in line.plants.values():
        fade_ramp(line, plant)
    for work in [work for work in line.works if work.due <= month]:
        line.works.remove(work)
        if isinstance(work, Programme):
            _move(line, work)
        else:
            take_up(line, work.plant, work.capacity)
            work.plant.building = False


def _move(line: Line, programme: Programme) -> None:
    volume, source, target = programme.volume, programme.source, programme.target
    if programme.back():
        moved = programme.slice.moved[source.plant.i]
        moved.volume -= volume
        moved.returning -= volume
        programme.slice.ordered -= volume
    else:
        moved = programme.slice.moved.setdefault(target.plant.i, Moved())
        cost = moved.gap * moved.volume + programme.gap * volume
        moved.volume += volume
        moved.gap = cost / moved.volume
    base = volume / source.outlet.followed
    phi = min(1.0, base / source.volume) if source.volume > 0 else 0.0
    _shift_shares(source, target, phi, phi * line.par.rebase_share)
    source.volume = max(0.0, source.volume - base)
    target.volume += base
    stays = 1 - line.par.capacity_moved_share
    made = min(stays * phi * source.units, source.plant.smooth_output)
    source.plant.smooth_output -= made
    target.plant.smooth_output += made
    whole = volume / (12 * line.par.base_use_share)
    capacity = min(line.par.capacity_moved_share * whole, source.plant.capacity)
    source.plant.capacity -= capacity
    source.plant.base_capacity = max(0.0, source.plant.base_capacity - capacity)
    source.plant.mothballed = min(source.plant.mothballed, source.plant.capacity)
    if not programme.finds_room():
        capacity += stays * whole
    take_up(line, target.plant, capacity)
    target.plant.base_capacity += capacity


def _shift_shares(source: Route, target: Route, phi: float, rebased: float) -> None:
    """Move a fraction of S, of all lagged S*, and a fraction of s0."""
    moved = phi * source.share
    source.share, target.share = source.share - moved, target.share + moved
    for lag, star in enumerate(source.targets):
        source.targets[lag] -= phi * star
        target.targets[lag] += phi * star
    moved = rebased * source.base_share
    source.base_share, target.base_share = source.base_share - moved, target.base_share + moved
