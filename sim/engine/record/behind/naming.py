"""Names of what of the law is behind the decisions of a block, driver by driver."""

from __future__ import annotations

from collections.abc import Iterable

from sim.decisions import proposal as field
from sim.engine.record.behind.acts import act_behind
from sim.engine.record.behind.duties import Duties
from sim.engine.simulation import Simulation

BETWEEN = ";"
"""Stands between the names of one decision."""


def named(s: Simulation, decisions: Iterable[int]) -> list[str]:
    """For every decision (places in the log) what is behind its drivers that law makes.

    One name for each of duty, controls and subsidy that is not 0, that of the greatest driver
    first: an instrument (an agreement, or ``mfn``), a rule of export control, an act.
    """
    duties, told = Duties(s), []
    for k in decisions:
        order = s.events.proposal[k]
        names = {
            field.DUTY: duties.behind(k),
            field.CONTROLS: s.events.rule[k],
            field.SUBSIDY: act_behind(s, k),
        }
        ordered = sorted(names, key=lambda driver: -abs(float(order[driver])))
        told.append(BETWEEN.join(names[driver] for driver in ordered if names[driver]))
    return told
