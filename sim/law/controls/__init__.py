"""Export controls: may this shipment leave, under the law of that day, and why.

:func:`decide` answers for a chip tool (United States, Japan, China and, for context, the
Netherlands), :func:`decide_material` for a material under China's counter-controls,
:func:`decide_table` for many tools at once, :func:`decide_grid` for many tools on many days.
"""

from __future__ import annotations

from sim.law.controls.law import ControlLaw, enacted
from sim.law.controls.procedure import decide, decide_grid, decide_material, decide_table
from sim.law.controls.query import Decision, Limb, MaterialDecision, MaterialQuery, Query
from sim.law.controls.reforms import ControlReform, enact_reforms, load_reform, shipped_reforms
from sim.law.controls.switches import Switches

__all__ = [
    "ControlLaw",
    "ControlReform",
    "Decision",
    "Limb",
    "MaterialDecision",
    "MaterialQuery",
    "Query",
    "Switches",
    "decide",
    "decide_grid",
    "decide_material",
    "decide_table",
    "enact_reforms",
    "enacted",
    "load_reform",
    "shipped_reforms",
]
