"""Ctrl-C at a terminal reaches every process of the group; the reader sees one sentence."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.0, 2.0, 6.0])
def test_a_run_stopped_by_ctrl_c_exits_130_tells_how_to_go_on_and_shows_no_traceback(
    tmp_path: Path, seconds: float
) -> None:
    out = tmp_path / "run"
    command = (
        sys.executable, "-m", "sim.cli.main", "run", str(ROOT / "configs" / "headline.yaml"),
        "--out", str(out), "--workers", "2",
    )  # fmt: skip
    with subprocess.Popen(
        command, cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as running:
        while not (out / "manifest.json").exists():
            assert running.poll() is None
            time.sleep(0.1)
        time.sleep(seconds)
        os.killpg(running.pid, signal.SIGINT)
        _, told = running.communicate(timeout=120)
    assert running.returncode == 130
    assert "--resume" in told
    assert "Traceback" not in told
    assert not list(out.rglob("*.part"))
