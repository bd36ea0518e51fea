"""The engine itself, through the runner: byte-equal however it is run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.experiments.running.batch import run_experiment
from sim.experiments.running.progress import Standing
from sim.experiments.spec.config import ExperimentConfig
from sim.results.comparing.compare import compare
from sim.results.run_folder.query import open_run
from sim.results.run_folder.store import read_entries
from tests.experiments.test_batch import freeze_sources

CONFIG = ExperimentConfig(
    experiment="small",
    end="2019-06",
    replications=4,
    chunk_lanes=3,
    baseline="no_tariffs",
    policies={"as_enacted": {}, "no_tariffs": {"use": ("no_tariffs_since_2018",)}},
)


class Stop(Exception):  # noqa: N818 -- it ends a run as Ctrl-C does
    """Ends a run from inside."""


def tables(folder: Path) -> dict[str, bytes]:
    paths = sorted((folder / "tables").rglob("*.parquet"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@pytest.fixture(autouse=True, scope="module")
def frozen_sources() -> Iterator[None]:
    """Whoever edits the model while the tests run does not end them."""
    with pytest.MonkeyPatch.context() as patch:
        freeze_sources(patch.setattr)
        yield


@pytest.fixture(scope="module")
def one_worker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("engine") / "one"
    run_experiment(CONFIG, folder, workers=1)
    return folder


@pytest.mark.slow
def test_two_workers_write_the_bytes_of_one(one_worker: Path, tmp_path: Path) -> None:
    run_experiment(CONFIG, tmp_path / "two", workers=2)
    assert tables(tmp_path / "two") == tables(one_worker)


@pytest.mark.slow
def test_a_stopped_and_resumed_run_writes_the_bytes_of_an_unbroken_one(
    one_worker: Path, tmp_path: Path
) -> None:
    def stop(standing: Standing) -> None:
        if standing.chunks == 1:
            raise Stop

    with pytest.raises(Stop):
        run_experiment(CONFIG, tmp_path / "x", workers=1, progress=stop)
    assert 0 < len(read_entries(tmp_path / "x")) < 3
    run_experiment(CONFIG, tmp_path / "x", workers=2, resume=True)
    assert tables(tmp_path / "x") == tables(one_worker)


@pytest.mark.slow
def test_chunks_of_another_size_hold_the_same_rows(one_worker: Path, tmp_path: Path) -> None:
    """How runs are packed changes files, never figures."""
    run_experiment(CONFIG.having(chunk_lanes=64), tmp_path / "x", workers=1)
    with open_run(one_worker) as first, open_run(tmp_path / "x") as second:
        for name in ("outcomes", "relocations", "flows", "plants"):
            rows = [
                run.table(name).sort_values(list(run.table(name).columns), ignore_index=True)
                for run in (first, second)
            ]
            assert rows[0].equals(rows[1]), name


@pytest.mark.slow
def test_a_policy_against_itself_is_exactly_zero_and_tariffs_move_something(
    one_worker: Path,
) -> None:
    with open_run(one_worker) as run:
        same = compare(run, "as_enacted", "as_enacted")
        assert (same.monthly[["difference", "low", "high"]] == 0).all().all()
        other = compare(run, "as_enacted", "no_tariffs")
        assert (other.monthly["difference"] != 0).any()
        parted = other.divergence["first_difference"].dropna()
        assert str(parted.min())[:4] == "2018"
