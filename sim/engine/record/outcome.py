"""What an outcome is: its meaning, how its rows are grouped and how it is measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.arrays import Floats
from sim.engine.record.grouping import Grouping
from sim.meanings import OutcomeMeaning

if TYPE_CHECKING:
    from sim.engine.simulation import Simulation


@dataclass(frozen=True, slots=True)
class Outcome(OutcomeMeaning):
    """A monthly figure of every lane, kept in the ``outcomes`` table.

    Name, unit, kind, keys and description are those of :class:`sim.meanings.OutcomeMeaning`. One
    made in any file is recorded beside those that ship when it is handed to
    :func:`sim.engine.block.run_block`.

    >>> from sim.engine.record.outcomes import by_plant
    >>> idle = Outcome(
    ...     "idle_units",
    ...     "units a month",
    ...     "flow",
    ...     ("product", "country"),
    ...     "capacity not used",
    ...     by_plant,
    ...     lambda s, group: group.sum(s.month.usable - s.month.output),
    ... )
    >>> idle.accrues
    True
    """

    grouping: Callable[[Simulation], Grouping | None]
    """Groups of the rows that are measured, by :attr:`keys`; asked once, before the first month.
    None where the world holds nothing of the kind: the outcome then has no rows."""
    measure: Callable[[Simulation, Grouping], Floats]
    """Value of every group in the month just closed, float64[groups, R]; money nominal."""
