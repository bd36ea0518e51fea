"""What the app tells as JSON besides figures: runs, what can be asked of one, moves and reasons."""

from __future__ import annotations

from typing import Any

from analysis.app.shelf import Shelf
from analysis.catalogue import figures
from analysis.open_run import OpenRun
from analysis.sections import told_sections
from analysis.summaries.move_rows import MOVE_HEAD, move_rows
from sim.results.names import policy_name
from sim.results.reasons.why import why


def runs_json(shelf: Shelf) -> list[dict[str, Any]]:
    """Runs on the shelf, newest first; ``readable`` once a chunk is finished.

    A damaged one says what is ``wrong``.
    """
    return [
        {
            "name": run.path.name,
            "experiment": run.experiment,
            "status": run.status,
            "done": run.chunks_done,
            "chunks": run.chunks,
            "policies": len(run.policies),
            "replications": run.replications,
            "started": run.started,
            "readable": run.chunks_done > 0,
            "wrong": run.wrong,
        }
        for run in shelf.runs()
    ]


def run_json(held: OpenRun) -> dict[str, Any]:
    """Everything that can be asked of a run, with names for a reader."""
    return held.once(("told", *figures()), lambda: _told(held))


def _told(held: OpenRun) -> dict[str, Any]:
    run = held.run
    finished = run.lanes()
    policies = [policy for policy in run.policies if finished.get(policy)]
    return {
        "experiment": run.manifest.experiment,
        "months": [run.manifest.first_month, run.manifest.last_month],
        "replications": run.manifest.replications,
        "seed": run.manifest.seed,
        "policies": [[policy, policy_name(run, policy)] for policy in policies],
        "baseline": run.baseline,
        "sections": told_sections(held, "app"),
    }


def answer_json(held: OpenRun, policy: str, against: str) -> dict[str, Any]:
    """The answer in sentences, with its doubts and totals; the same words as everywhere."""
    return held.answer(policy, against).content()


def moves_json(held: OpenRun, policy: str, against: str) -> dict[str, Any]:
    """Distinct moves of a policy with how often they happen under the other."""
    other = None if policy == against else held.moves(against)
    return {"head": MOVE_HEAD, **move_rows(held.run, held.moves(policy), other)}


def why_json(held: OpenRun, firm: str, policy: str, against: str) -> list[dict[str, Any]]:
    """A firm's moves in words: what the policy changes first, then what is the same."""
    return why(held.run, firm, policy, against).rows()
