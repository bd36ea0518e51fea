"""``DIR/outcomes.json``: what the outcomes of a run mean, those that a user brought among them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import Path

from sim.errors import Fault, QueryError
from sim.meanings import OutcomeMeaning
from sim.results.run_folder.files import read_json, write_json

NAME = "outcomes.json"


def write_outcomes(folder: Path, outcomes: Iterable[OutcomeMeaning]) -> None:
    """Write or replace the meanings, in their order, all or nothing."""
    names = [field.name for field in fields(OutcomeMeaning)]
    write_json(folder / NAME, [{key: getattr(one, key) for key in names} for one in outcomes])


def read_outcomes(folder: Path) -> Mapping[str, OutcomeMeaning]:
    """Name of an outcome -> what it means, in the order in which pages tell them.

    Raises
    ------
    QueryError
        The file is missing, as in runs of an earlier version, or it is damaged.
    """
    path = folder / NAME
    if not path.is_file():
        wrong = f"was written by an earlier version: it has no `{NAME}`"
        raise QueryError(Fault(str(folder), "outcomes", wrong, "run the experiment again"))
    try:
        told = [OutcomeMeaning(**{**row, "keys": tuple(row["keys"])}) for row in read_json(path)]
    except (TypeError, KeyError) as fault:
        raise QueryError(Fault(str(path), "", f"holds no outcomes: {fault}")) from fault
    return {one.name: one for one in told}
