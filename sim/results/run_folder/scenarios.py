"""``DIR/scenarios.json``: the parameters that each scenario of a run sets, and their ranges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pandas as pd
from pydantic import TypeAdapter, ValidationError

from sim.errors import Fault, QueryError
from sim.results.run_folder.files import json_faults, read_json, write_json
from sim.results.run_folder.manifest import Manifest

NAME = "scenarios.json"


@dataclass(frozen=True, slots=True)
class Drawn:
    """The scenarios of a run.

    ``ranges`` holds what varies, as the configuration says it: parameter key ->
    ``{low, high, scale}``, or the list of its values. ``scenarios`` holds, for every scenario, the
    value of each key that varies or that the configuration sets. Other parameters are ordinary.
    ``unconstrained`` lists keys that vary and that nothing observed constrains.
    """

    ranges: Mapping[str, Mapping[str, float | str] | list[float]] = field(default_factory=dict)
    scenarios: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    unconstrained: tuple[str, ...] = ()

    @property
    def values(self) -> pd.DataFrame:
        """float64, one row a scenario, one column a parameter key."""
        index = pd.Index(list(self.scenarios), name="scenario", dtype="str")
        frame = pd.DataFrame(list(self.scenarios.values()), index=index, dtype="float64")
        return frame.rename_axis(columns="parameter")


_DRAWN = TypeAdapter(Drawn)


def write_scenarios(folder: Path, drawn: Drawn) -> None:
    """Write or replace the file, all or nothing."""
    write_json(folder / NAME, asdict(drawn))


def read_scenarios(folder: Path, manifest: Manifest) -> Drawn:
    """Scenarios of the run in a folder.

    A run of an earlier version has no such file: its only scenario sets what its configuration
    sets, and where scenarios vary their values are lost.

    Raises
    ------
    QueryError
        The values are lost, or the file is damaged.
    """
    path = folder / NAME
    if path.is_file():
        try:
            return _DRAWN.validate_python(read_json(path))
        except ValidationError as fault:
            raise QueryError(json_faults(path, "no scenarios", fault)) from fault
    if manifest.scenarios == 1 and not manifest.config.get("uncertainties"):
        return Drawn(scenarios={"base": dict(manifest.config.get("parameters", {}))})
    wrong = f"was written by an earlier version: it has no `{NAME}`"
    raise QueryError(Fault(str(folder), "scenarios", wrong, "run the experiment again"))
