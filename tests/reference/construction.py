"""Orders of programmes and expansions, and their arrival (section 8 of docs/model.md)."""

from __future__ import annotations

from tests.reference.cost import fade_ramp, take_up
from tests.reference.programmes import Option
from tests.reference.rows import U0, Line, Moved, Programme, Route


def order(option: Option, month: int, due: int) -> None:
    """Put a programme on its way."""
    q, volume = option.slice, option.volume
    if option.back():
        q.moved[option.source.plant.i].return_ordered += volume
        q.ordered -= volume
    else:
        q.ordered += volume
        option.line.ordered_in.append(month)
    option.line.programmes.append(
        Programme(
            q, option.source, option.target, volume, option.gap, option.back(),
            due,
        )
    )  # fmt: skip


def arrive(line: Line, month: int) -> None:
    """Programmes and expansions that are ready start to work."""
    for plant in line.plants.values():
        fade_ramp(line, plant)
    for programme in [p for p in line.programmes if p.due <= month]:
        line.programmes.remove(programme)
        _move(line, programme)
    for project in [p for p in line.projects if p.due <= month]:
        line.projects.remove(project)
        take_up(line, project.plant, project.capacity)
        project.plant.building = False


def _move(line: Line, programme: Programme) -> None:
    volume, source, target = programme.volume, programme.source, programme.target
    if programme.back:
        programme.slice.moved[source.plant.i].return_arrived += volume
    else:
        moved = programme.slice.moved.setdefault(target.plant.i, Moved())
        moved.arrived += volume
        moved.gap_volume += programme.gap * volume
    phi = min(1.0, volume / source.volume) if source.volume > 0 else 0.0
    _shift_shares(source, target, phi, phi * line.par.rebase_share)
    source.volume -= volume
    target.volume += volume
    capacity = min(volume / (12 * U0), source.plant.capacity)
    source.plant.capacity -= capacity
    source.plant.base_capacity = max(0.0, source.plant.base_capacity - capacity)
    source.plant.mothballed = min(source.plant.mothballed, source.plant.capacity)
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
