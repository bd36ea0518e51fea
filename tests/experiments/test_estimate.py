"""What `plan` tells of a run before it starts, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim.errors import InputError
from sim.experiments.running import estimate, machine
from sim.experiments.running.batch import run_experiment
from sim.experiments.running.estimate import need_of, refuse_unfit
from sim.experiments.spec.config import ExperimentConfig
from tests.plausible import engine, ground

LARGE = ExperimentConfig(
    experiment="large", end="2030-12", replications=8, policies={"a": {}, "b": {}},
    uncertainties={"theta": {"low": 5, "high": 9}},
    design={"kind": "latin_hypercube", "samples": 40},
)  # fmt: skip
"""640 runs, 80 of them in detail."""


def have(
    monkeypatch: pytest.MonkeyPatch, *, memory: float | None = 64e9, disk: float = 1e12
) -> None:
    monkeypatch.setattr(estimate, "memory_free", lambda: memory)
    monkeypatch.setattr(estimate, "disk_free", lambda _: disk)


@pytest.mark.slow
def test_a_run_takes_what_was_told_within_a_factor_of_two(tmp_path: Path) -> None:
    config = ExperimentConfig(
        experiment="x", end="2020-12", replications=24, detail_replications=6,
        policies={"a": {}, "b": {"use": ["no_tariffs_since_2018"]}},
    )  # fmt: skip
    need = need_of(config, 1, machine.slowness())
    manifest = run_experiment(config, tmp_path / "run", workers=1)
    stored = sum(path.stat().st_size for path in (tmp_path / "run").rglob("*.parquet"))
    assert 0.5 < need.disk / stored < 2.0
    assert 0.5 < need.seconds / manifest.seconds < 2.0


def test_more_workers_take_more_memory_and_less_time() -> None:
    one, two = need_of(LARGE, 1), need_of(LARGE, 2)
    assert two.memory > 1.5 * one.memory
    assert two.seconds < 0.7 * one.seconds
    assert two.disk == one.disk


def test_detail_takes_memory_disk_and_time() -> None:
    bare, kept = need_of(LARGE.having(detail_replications=0)), need_of(LARGE)
    assert kept.disk - bare.disk == pytest.approx(kept.detail_disk)
    assert bare.detail_disk == 0
    assert kept.memory > bare.memory
    assert kept.seconds > bare.seconds


def test_what_memory_cannot_hold_is_refused_with_what_would_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    have(monkeypatch, memory=need_of(LARGE, 2).memory - 1e6)
    with pytest.raises(InputError, match=r"2 workers.*`--workers 1` would take") as refused:
        refuse_unfit(LARGE, tmp_path / "x", 2)
    assert refused.value.exit_code == 2
    refuse_unfit(LARGE, tmp_path / "x", 1)
    refuse_unfit(LARGE, tmp_path / "x", 2, elsewhere=True)
    have(monkeypatch, memory=None)
    refuse_unfit(LARGE, tmp_path / "x", 2)
    have(monkeypatch, memory=1e6)
    with pytest.raises(InputError, match="larger machine"):
        refuse_unfit(LARGE, tmp_path / "x", 2)


def test_what_the_disk_cannot_hold_is_refused_with_what_would_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    need = need_of(LARGE)
    have(monkeypatch, disk=need.disk - 1e6)
    with pytest.raises(InputError, match="`detail_replications: 0` would take"):
        refuse_unfit(LARGE, tmp_path / "x")
    have(monkeypatch, disk=(need.disk - need.detail_disk) / 2)
    with pytest.raises(InputError, match="`replications: 3` would fit"):
        refuse_unfit(LARGE, tmp_path / "x")
    refuse_unfit(LARGE.having(detail_replications=0, replications=3), tmp_path / "x")


def test_what_an_unfinished_run_has_stored_is_not_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tables" / "flows").mkdir(parents=True)
    (tmp_path / "tables" / "flows" / "chunk-00000.parquet").write_bytes(bytes(2_000_000))
    have(monkeypatch, disk=need_of(LARGE).disk - 1e6)
    refuse_unfit(LARGE, tmp_path)


def test_nothing_is_written_by_a_run_that_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    have(monkeypatch, disk=0.0)
    with pytest.raises(InputError, match="larger disk"):
        run_experiment(LARGE, tmp_path / "x", engine=engine, ground=ground)
    assert not (tmp_path / "x").exists()


def test_memory_is_what_the_kernel_and_the_container_leave(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "meminfo").write_text("MemTotal: 9 kB\nMemAvailable:   2048 kB\n")
    assert machine._meminfo(tmp_path / "meminfo") == 2048 * 1024
    (tmp_path / "memory.max").write_text("5000\n")
    (tmp_path / "memory.current").write_text("3000\n")
    assert machine._container(tmp_path) == 2000
    (tmp_path / "memory.max").write_text("max\n")
    assert machine._container(tmp_path) is None
    assert machine._meminfo(tmp_path / "none") is None
    free: Any = [None, 7.0]
    monkeypatch.setattr(machine, "_meminfo", lambda: free[0])
    monkeypatch.setattr(machine, "_container", lambda: free[1])
    assert machine.memory_free() == 7.0
