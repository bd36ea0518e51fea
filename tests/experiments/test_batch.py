"""Whole experiments: resumable, refused when they are others, byte-equal however they are run."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from sim.errors import InputError, RunError
from sim.experiments.running import executor
from sim.experiments.running.batch import run_experiment
from sim.experiments.running.progress import Standing
from sim.experiments.spec.config import ExperimentConfig
from sim.experiments.spec.reading import load_config
from sim.results.run_folder import files, provenance
from sim.results.run_folder.manifest import Manifest, read_manifest
from sim.results.run_folder.query import open_run
from sim.results.run_folder.store import read_entries
from tests.plausible import UnreadableEngine, dying_engine, engine, ground, killed_engine

ROOT = Path(__file__).parents[2]
CONFIG = ExperimentConfig(
    experiment="plausible",
    end="2018-12",
    replications=3,
    chunk_lanes=2,
    policies={"base": {}, "tariff": {"title": "Duties on China"}},
)
CHUNKS = 3
LONGER = CONFIG.having(replications=6)
"""Six chunks."""


@pytest.fixture(autouse=True)
def frozen_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever edits the model while the tests run does not disturb them."""
    freeze_sources(monkeypatch.setattr)


def freeze_sources(replace: Any = setattr) -> None:
    replace(provenance, "data_digest", lambda: "data")
    replace(provenance, "code_digest", lambda: "code")


def run(folder: Path, config: ExperimentConfig = CONFIG, **options: Any) -> Manifest:
    return run_experiment(
        config, folder, **{"engine": engine, "ground": ground, "workers": 1} | options
    )


def tables(folder: Path) -> dict[str, bytes]:
    paths = sorted((folder / "tables").rglob("*"))
    return {str(p.relative_to(folder)): p.read_bytes() for p in paths if p.is_file()}


class Stop(Exception):  # noqa: N818 -- it ends a run as Ctrl-C does
    """Ends a run from inside."""


def stop_after(chunks: int, error: type[BaseException] = Stop) -> Any:
    def progress(standing: Standing) -> None:
        if standing.chunks == chunks:
            raise error

    return progress


def test_a_run_folder_holds_tables_manifest_config_law_and_lines(tmp_path: Path) -> None:
    manifest = run(tmp_path / "x")
    assert manifest.status == "finished"
    assert (manifest.chunks, manifest.runs, manifest.baseline) == (CHUNKS, 6, "base")
    assert manifest.labels == {"tariff": "Duties on China"}
    assert manifest == read_manifest(tmp_path / "x")
    with open_run(tmp_path / "x") as opened:
        assert len(opened.lanes()["tariff"]) == 3
        assert len(opened.lines)
        assert opened.law == {}


def test_the_resolved_configuration_is_the_same_experiment(tmp_path: Path) -> None:
    run(tmp_path / "x")
    assert load_config(tmp_path / "x" / "config.yaml").digest() == CONFIG.digest()


def test_one_and_two_workers_write_the_same_bytes(tmp_path: Path) -> None:
    run(tmp_path / "one")
    run(tmp_path / "two", workers=2)
    assert tables(tmp_path / "one") == tables(tmp_path / "two")


def test_a_foreign_executor_writes_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executor, "build_setting", lambda config: ground(config).setting)
    run(tmp_path / "own")
    with ThreadPoolExecutor(2) as threads:
        run(tmp_path / "foreign", executor=threads)
    assert tables(tmp_path / "own") == tables(tmp_path / "foreign")


def test_a_stopped_run_resumes_where_it_was_and_ends_byte_equal(tmp_path: Path) -> None:
    run(tmp_path / "whole")
    with pytest.raises(Stop):
        run(tmp_path / "parts", progress=stop_after(2))
    assert read_manifest(tmp_path / "parts").status == "stopped"
    kept = {p: p.stat().st_mtime_ns for p in (tmp_path / "parts").rglob("chunk-0000[01].*")}
    assert len(kept) > 2
    seen: list[int] = []
    run(tmp_path / "parts", resume=True, progress=lambda standing: seen.append(standing.chunks))
    assert seen == [2, 3]
    assert all(path.stat().st_mtime_ns == time_ns for path, time_ns in kept.items())
    assert tables(tmp_path / "parts") == tables(tmp_path / "whole")
    assert read_manifest(tmp_path / "parts").status == "finished"


def test_ctrl_c_leaves_a_folder_that_resumes(tmp_path: Path) -> None:
    told: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "x", progress=stop_after(1, KeyboardInterrupt), say=told.append)
    assert "1 of 3 chunks are kept" in told[-1]
    assert "--resume" in told[-1]
    assert run(tmp_path / "x", resume=True).status == "finished"


@pytest.mark.parametrize("resume", [False, True])
def test_a_finished_experiment_asked_again_does_nothing_and_says_so(
    tmp_path: Path, resume: bool
) -> None:
    first = run(tmp_path / "x")
    before = {p: p.stat().st_mtime_ns for p in (tmp_path / "x").rglob("*")}
    told: list[str] = []
    again = run(tmp_path / "x", resume=resume, say=told.append, engine=dying_engine)
    assert again == first
    assert "nothing to do" in told[0]
    assert {p: p.stat().st_mtime_ns for p in (tmp_path / "x").rglob("*")} == before


def test_an_unfinished_run_is_continued_only_when_asked(tmp_path: Path) -> None:
    with pytest.raises(Stop):
        run(tmp_path / "x", progress=stop_after(1))
    with pytest.raises(InputError, match=r"unfinished \(1 of 3 chunks\); add --resume"):
        run(tmp_path / "x")


def never(config: ExperimentConfig) -> Any:
    """Ground that nobody may lay: what can be refused without the law is refused before it."""
    raise AssertionError(config)


@pytest.mark.parametrize("resume", [False, True])
def test_a_folder_of_another_experiment_is_refused_naming_the_difference(
    tmp_path: Path, resume: bool
) -> None:
    run(tmp_path / "x")
    before = tables(tmp_path / "x")
    with pytest.raises(InputError, match="`seed` was 20170101, is 5"):
        run(tmp_path / "x", CONFIG.having(seed=5), resume=resume, ground=never)
    assert tables(tmp_path / "x") == before


def test_a_changed_law_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Stop):
        run(tmp_path / "x", progress=stop_after(1))

    def other(config: ExperimentConfig) -> Any:
        laid = ground(config)
        laid.law_sha256["tariff"] = "another"
        return laid

    with pytest.raises(InputError, match="the law of `tariff` differs"):
        run(tmp_path / "x", resume=True, ground=other)


def test_a_folder_with_other_files_or_a_file_is_refused(tmp_path: Path) -> None:
    """Before any law is compiled."""
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "thesis.txt").write_text("mine")
    with pytest.raises(InputError, match="not empty and holds no run"):
        run(tmp_path / "x", ground=never)
    with pytest.raises(InputError, match="is a file"):
        run(tmp_path / "x" / "thesis.txt", ground=never)
    assert [p.name for p in (tmp_path / "x").iterdir()] == ["thesis.txt"]


def test_wrong_ground_writes_nothing(tmp_path: Path) -> None:
    def wrong(config: ExperimentConfig) -> Any:
        raise InputError("the law is wrong")

    with pytest.raises(InputError, match="the law is wrong"):
        run(tmp_path / "x", ground=wrong)
    assert not (tmp_path / "x").exists()


def test_a_damaged_chunk_is_made_again(tmp_path: Path) -> None:
    run(tmp_path / "whole")
    run(tmp_path / "x")
    path = tmp_path / "x/tables/outcomes/chunk-00001.parquet"
    path.write_bytes(path.read_bytes()[:100])
    told: list[str] = []
    run(tmp_path / "x", resume=True, say=told.append)
    assert "chunk-00001 is made again" in told[0]
    assert tables(tmp_path / "x") == tables(tmp_path / "whole")


def test_a_changed_byte_is_found_on_resume(tmp_path: Path) -> None:
    with pytest.raises(Stop):
        run(tmp_path / "x", progress=stop_after(2))
    path = tmp_path / "x/tables/outcomes/chunk-00001.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    told: list[str] = []
    run(tmp_path / "x", resume=True, say=told.append)
    assert "SHA-256" in told[0]


def test_a_full_disk_says_how_much_is_missing_and_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path / "whole")
    whole = files._Hashing.write

    def limited(self: files._Hashing, data: Any) -> int:
        if "chunk-00002" in str(getattr(self.file, "name", "")):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return whole(self, data)

    with monkeypatch.context() as full:
        full.setattr(files._Hashing, "write", limited)
        with pytest.raises(RunError) as caught:
            run(tmp_path / "x")
    told = str(caught.value)
    assert "No space left on device" in told
    assert "1 chunks are missing, about" in told
    assert "2 of 3 chunks are kept" in told
    assert "--resume" in told
    assert caught.value.exit_code == 1
    run(tmp_path / "x", resume=True)
    assert tables(tmp_path / "x") == tables(tmp_path / "whole")


def test_a_worker_that_dies_is_told_and_finished_chunks_are_kept(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"worker process died.*--resume"):
        run(tmp_path / "x", workers=2, engine=dying_engine)
    assert read_manifest(tmp_path / "x").status == "stopped"
    assert run(tmp_path / "x", resume=True).status == "finished"


def test_workers_that_die_while_they_start_are_told(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"worker process died"):
        run(tmp_path / "x", workers=2, engine=UnreadableEngine())


def test_a_worker_that_the_system_kills_is_told_as_out_of_memory(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"runs out of memory.*fewer --workers.*--resume"):
        run(tmp_path / "x", workers=2, engine=killed_engine)


@pytest.mark.parametrize("address", ["localhost:8786", "ray://a:1", "dask://nowhere"])
def test_an_address_that_is_none_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(InputError, match="dask://host:port"):
        run(tmp_path / "x", executor=address)
    assert not (tmp_path / "x").exists()


def test_a_worker_with_another_kyoten_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([("here", "data"), ("there", "data")])
    monkeypatch.setattr(executor, "sources_here", lambda: next(answers))
    with (
        ThreadPoolExecutor(1) as threads,
        pytest.raises(RunError, match="another Kyoten or other data"),
    ):
        run(tmp_path / "x", CONFIG.having(chunk_lanes=64), executor=threads)


_SLOW_RUN = """
from pathlib import Path
import sys
from tests.experiments.test_batch import LONGER, freeze_sources
from tests.plausible import ground, slow_engine
from sim.experiments.running.batch import run_experiment
if __name__ == "__main__":
    freeze_sources()
    run_experiment(LONGER, sys.argv[1], workers=2, engine=slow_engine, ground=ground)
"""


def alive(group: int) -> list[int]:
    """Processes of a group that are neither gone nor waiting to be reaped."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(words[2]) == group and words[0] != "Z":
            found.append(int(stat.parent.name))
    return found


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")
@pytest.mark.parametrize("kill", [signal.SIGINT, signal.SIGKILL])
def test_a_killed_experiment_leaves_no_worker_and_ends_byte_equal_after_a_resume(
    tmp_path: Path, kill: signal.Signals
) -> None:
    script = tmp_path / "slow.py"
    script.write_text(_SLOW_RUN)
    folder = tmp_path / "x"
    started = subprocess.Popen(
        [sys.executable, str(script), str(folder)],
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        start_new_session=True,
    )
    until = time.monotonic() + 90
    while not read_entries(folder):
        assert time.monotonic() < until, "no chunk was ever finished"
        time.sleep(0.02)
    os.kill(started.pid, kill)
    assert started.wait(timeout=30) != 0
    while alive(started.pid):
        assert time.monotonic() < until, "workers outlive their parent"
        time.sleep(0.05)
    assert 0 < len(read_entries(folder)) < 6
    run(folder, LONGER, resume=True)
    run(tmp_path / "whole", LONGER)
    assert tables(folder) == tables(tmp_path / "whole")
    assert not list(folder.rglob("*.part"))
