"""Everything that is wrong with a law: with duties, export controls and the reforms of both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from sim.errors import Fault, InputError
from sim.law.controls.law import enacted
from sim.law.controls.reforms import REFORMS, enact_reforms, load_reform
from sim.law.files import reform_files, shown
from sim.law.law import load_law
from sim.law.reforms.edits import apply_reforms
from sim.law.reforms.schema import load_reforms, seed_reforms


def law_faults(overlays: Sequence[Path] = ()) -> list[Fault]:
    """Every fault of the files; where there is none, of reforms that the law does not take."""
    reforms = seed_reforms(overlays).values()
    control_reforms = reform_files(overlays, REFORMS).values()
    faults = _faults(load_law, overlays) + _faults(enacted, overlays)
    for path in reforms:
        faults += _faults(load_reforms, path)
    for path in control_reforms:
        faults += _faults(load_reform, path)
    if faults:
        return list(dict.fromkeys(faults))
    law, controls = load_law(overlays), enacted(overlays)
    for path in reforms:
        faults += _placed(path, _faults(apply_reforms, law, load_reforms(path)))
    for path in control_reforms:
        faults += _placed(path, _faults(enact_reforms, controls, [load_reform(path)]))
    return faults


def _faults(load: Callable[..., object], *arguments: object) -> list[Fault]:
    try:
        load(*arguments)
    except InputError as error:
        return list(error.faults)
    return []


def _placed(path: Path, faults: Sequence[Fault]) -> list[Fault]:
    """Faults of a reform that was taken from a file, under its path."""
    return [replace(fault, file=fault.file or shown(path)) for fault in faults]
