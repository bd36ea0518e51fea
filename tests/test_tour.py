"""The README's tour: every line is run, in order, as a reader would."""

from __future__ import annotations

import os
import re
import shutil
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


def write_exercise(folder: Path) -> tuple[str, str]:
    """Follow the exercise to the letter; the policies that its comparison names."""
    (added,) = blocks("yaml")
    quick = (ROOT / "configs" / "quick.yaml").read_text(encoding="utf-8")
    mine = quick.replace("experiment: quick", "experiment: mine") + added
    (folder / "mine.yaml").write_text(mine, encoding="utf-8")
    compared = re.search(r"runs/mine --policy (\w+) --against (\w+)", tour())
    assert compared
    return compared[1], compared[2]


@pytest.mark.slow
def test_every_command_of_the_tour_ends_well_and_says_something(tmp_path: Path) -> None:
    (tmp_path / "configs").mkdir()
    shutil.copy(ROOT / "configs" / "quick.yaml", tmp_path / "configs")
    write_exercise(tmp_path / "configs")
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


def test_the_exercise_of_the_tour_moves_something(tmp_path: Path) -> None:
    """Its two policies are told apart by moves that only one of them has."""
    from sim.experiments.running.batch import run_experiment
    from sim.experiments.spec.reading import load_config
    from sim.results.run_folder.query import open_run

    pair = write_exercise(tmp_path)
    config = load_config(tmp_path / "mine.yaml", replications=1)
    assert len(config.policies) == 3
    run_experiment(config.having(end="2019-12"), tmp_path / "run", workers=1)
    with open_run(tmp_path / "run") as run:
        moves = run.table("relocations")
    kinds = ["firm", "product", "kind", "from_country", "to_country"]
    one, other = (
        set(moves[moves["policy"] == name][kinds].itertuples(index=False, name=None))
        for name in pair
    )
    assert len(one - other) > 3


@pytest.mark.slow
def test_the_python_of_the_tour_runs() -> None:
    for block in blocks("python"):
        subprocess.run([sys.executable, "-c", block], cwd=ROOT, check=True)
