"""The README's tour: every line is run, in order, as a reader would."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def tour() -> str:
    """The section that a reader follows."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return text.split("## Five minutes")[1].split("\n## ")[0]


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", tour(), re.DOTALL)


@pytest.mark.slow
def test_every_command_of_the_tour_ends_well_and_says_something(tmp_path: Path) -> None:
    (tmp_path / "configs").symlink_to(ROOT / "configs")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    commands = [line for block in blocks("sh") for line in block.splitlines() if line.strip()]
    assert len(commands) > 8
    for command in commands:
        ended = subprocess.run(
            command.split(), cwd=tmp_path, env={**os.environ, "PATH": path},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert ended.returncode == 0, f"{command}\n{ended.stderr}"
        assert ended.stdout.strip(), command


def test_the_policy_of_the_tour_is_one_that_quick_yaml_takes(tmp_path: Path) -> None:
    from sim.experiments.spec.reading import load_config

    (added,) = blocks("yaml")
    quick = (ROOT / "configs" / "quick.yaml").read_text(encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(quick + added, encoding="utf-8")
    assert len(load_config(tmp_path / "mine.yaml").policies) == 3


@pytest.mark.slow
def test_the_python_of_the_tour_runs() -> None:
    for block in blocks("python"):
        subprocess.run([sys.executable, "-c", block], cwd=ROOT, check=True)
