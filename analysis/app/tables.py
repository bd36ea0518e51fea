"""What the app tells as JSON besides figures: runs, what can be asked of one, moves and reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import pandas as pd

from analysis.app.shelf import OpenRun, Shelf
from analysis.style import place, plain, product_name
from analysis.summaries.duties import duty_lanes
from analysis.summaries.move_rows import MOVE_HEAD, move_rows
from analysis.summaries.outcomes import made_products, only, policy_name, records
from analysis.summaries.trade import years
from sim.results.names import firm_names
from sim.results.reasons import reasons
from sim.results.run_folder.query import RunFolder
from sim.tables import Group


def runs_json(shelf: Shelf) -> list[dict[str, Any]]:
    """Runs on the shelf, newest first; ``readable`` once a chunk is finished."""
    return [
        {
            "name": run.path.name, "experiment": run.experiment, "status": run.status,
            "done": run.chunks_done, "chunks": run.chunks, "policies": len(run.policies),
            "replications": run.replications, "started": run.started,
            "readable": run.chunks_done > 0,
        }
        for run in shelf.runs()
    ]  # fmt: skip


def run_json(held: OpenRun) -> dict[str, Any]:
    """Everything that can be asked of a run, with names for a reader."""
    return held.once(("told",), lambda: _told(held.run))


def _told(run: RunFolder) -> dict[str, Any]:
    finished = run.lanes()
    policies = [policy for policy in run.policies if finished.get(policy)]
    return {
        "experiment": run.manifest.experiment,
        "months": [run.manifest.first_month, run.manifest.last_month],
        "replications": run.manifest.replications,
        "seed": run.manifest.seed,
        "policies": [[policy, policy_name(run, policy)] for policy in policies],
        "baseline": run.baseline,
        "products": [[code, product_name(code)] for code in made_products(run)],
        "firms": _firms(run),
        "duties": {policy: _duties(run, policy) for policy in policies},
        "years": years(run),
        "outcomes": _outcomes(run),
    }


def _firms(run: RunFolder) -> list[dict[str, Any]]:
    """Firms whose plants the run keeps, each with its products."""
    found = run.sql("SELECT DISTINCT firm, product FROM plants ORDER BY firm, product")
    names = firm_names(run)
    return [
        {
            "id": firm, "name": names.get(firm, plain(firm)),
            "products": [[code, product_name(code)] for code in only(found, firm=firm)["product"]],
        }
        for firm in dict.fromkeys(found["firm"].astype(str))
    ]  # fmt: skip


def _duties(run: RunFolder, policy: str) -> list[list[str]]:
    made = set(made_products(run))
    return [
        [lane.importer, place(lane.importer), lane.product, product_name(lane.product)]
        for lane in records(duty_lanes(run, policy))
        if lane.product in made
    ]


def _outcomes(run: RunFolder) -> list[dict[str, Any]]:
    """Outcomes that the run holds, with their groups."""
    keys = ", ".join(Group._fields)
    found = run.sql(f"SELECT DISTINCT outcome, {keys} FROM outcomes ORDER BY ALL")
    names = firm_names(run)
    return [
        {
            "id": outcome, "name": meaning.description,
            "groups": [[urlencode(codes), _group_name(codes, names)]
                       for codes in _groups(found, outcome, meaning.keys)],
        }
        for outcome, meaning in run.outcomes.items()
        if outcome in set(found["outcome"])
    ]  # fmt: skip


def _groups(found: pd.DataFrame, outcome: str, keys: Sequence[str]) -> list[dict[str, str]]:
    """Codes of every group of an outcome, by its keys."""
    rows = only(found, outcome=outcome)[list(keys)].itertuples(index=False, name=None)
    return [dict(zip(keys, row, strict=True)) for row in rows]


def _group_name(codes: Mapping[str, str], firms: dict[str, str]) -> str:
    tell = {"product": product_name, "country": place}
    return ", ".join(tell.get(key, plain)(firms.get(code, code)) for key, code in codes.items())


def moves_json(held: OpenRun, policy: str, against: str) -> dict[str, Any]:
    """Distinct moves of a policy with how often they happen under the other."""
    other = None if policy == against else held.moves(against)
    return {"head": MOVE_HEAD, **move_rows(held.run, held.moves(policy), other)}


def why_json(held: OpenRun, firm: str, policy: str, against: str) -> list[dict[str, Any]]:
    """A firm's moves in words, most frequent first."""
    return [reason.row() for reason in reasons(held.run, firm, policy, against)]
