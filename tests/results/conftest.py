"""A small finished run: two policies, four replications, three years."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from sim.axes import month_range
from sim.results.run_folder.manifest import Identity, Manifest, write_manifest
from sim.results.run_folder.outcomes import write_outcomes
from sim.results.run_folder.query import RunFolder, open_run
from sim.results.run_folder.store import chunk_name, write_chunk
from tests.plausible import LINES, frames

MONTHS = month_range(date(2017, 1, 1), date(2019, 12, 1))
POLICIES = ("base", "tariff")


def manifest(**changes: object) -> Manifest:
    """A manifest of the plausible run."""
    identity = Identity("c", {"base": "l0", "tariff": "l1"}, "d", "s", {"python": "3.11.7"})
    content = {
        "experiment": "plausible", "policies": POLICIES, "baseline": "base", "seed": 1,
        "replications": 4, "scenarios": 1, "first_month": "2017-01-01",
        "last_month": "2019-12-01", "chunks": 2, "runs": 8, "config": {"seed": 1, "end": "2019-12"},
        "identity": identity, "git": None, "processors": ("x",), "started": "2026-01-01",
        "status": "finished",
    }  # fmt: skip
    return Manifest(**{**content, **changes})


def write_run(folder: Path, **changes: object) -> None:
    """Write the plausible run into a folder."""
    for number, policy in enumerate(POLICIES):
        lanes = [(policy, "base", replication) for replication in range(4)]
        write_chunk(folder, chunk_name(number), lanes, frames(lanes, MONTHS, detail=2))
    write_manifest(folder, manifest(**changes))
    (folder / "lines.json").write_text(json.dumps(LINES))
    (folder / "law.json").write_text("{}")
    from sim.engine.outcomes import OUTCOMES  # slow, and a writer's process has no use for it

    write_outcomes(folder, OUTCOMES)


@pytest.fixture(scope="session")
def run_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a finished run; do not write there."""
    folder = tmp_path_factory.mktemp("runs") / "plausible"
    write_run(folder)
    return folder


@pytest.fixture
def run(run_dir: Path) -> Iterator[RunFolder]:
    """That run, open."""
    with open_run(run_dir) as opened:
        yield opened
