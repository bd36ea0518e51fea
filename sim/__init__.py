"""Kyoten: how Japanese manufacturers move production when tariffs and controls change.

The public face. Every name is imported when it is first used, so that ``import sim`` takes
milliseconds; ``docs/python.md`` shows each at work.

>>> import sim
>>> sim.law.rate("JP", "US", "cars", on="2025-06-15").total
0.275
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.lazy import lazy_names

__all__ = ["RelocationModel", "Run", "law", "load_config", "open_run", "run"]

if TYPE_CHECKING:
    from sim import law
    from sim.engine.model import RelocationModel
    from sim.experiments.spec.reading import load_config
    from sim.notebook import Run, open_run, run
else:
    # Hidden from type checkers: to them any name would exist.
    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "RelocationModel": "sim.engine.model",
            "Run": "sim.notebook",
            "law": "sim.law",
            "load_config": "sim.experiments.spec.reading",
            "open_run": "sim.notebook",
            "run": "sim.notebook",
        },
    )
