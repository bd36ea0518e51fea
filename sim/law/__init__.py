"""The law as data and code: duties, preferences, origin rules, export controls, what-if edits.

The names offered here are what a notebook asks for; they are imported when first used.

>>> from sim import law
>>> law.rate("JP", "US", "cars", on="2025-06-15").total
0.275
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.lazy import lazy_names

__all__ = [
    "Law",
    "MaterialQuery",
    "Query",
    "apply_reforms",
    "explain",
    "licence",
    "load_law",
    "named_reforms",
    "rate",
    "timeline",
]

if TYPE_CHECKING:
    from sim.law.controls.query import MaterialQuery, Query
    from sim.law.law import Law, load_law
    from sim.law.questions import explain, licence, rate, timeline
    from sim.law.reforms.edits import apply_reforms
    from sim.law.reforms.schema import named_reforms
else:
    # Hidden from type checkers: to them any name would exist.
    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "Law": "sim.law.law",
            "MaterialQuery": "sim.law.controls.query",
            "Query": "sim.law.controls.query",
            "apply_reforms": "sim.law.reforms.edits",
            "explain": "sim.law.questions",
            "licence": "sim.law.questions",
            "load_law": "sim.law.law",
            "named_reforms": "sim.law.reforms.schema",
            "rate": "sim.law.questions",
            "timeline": "sim.law.questions",
        },
    )
