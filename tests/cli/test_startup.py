"""The command answers at once: nothing heavy is imported before it is needed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

HEAVY = {
    "duckdb", "fastapi", "mesa", "networkx", "numba", "numpy", "pandas", "plotly", "pyarrow",
    "scipy",
}  # fmt: skip


def imported_by(*arguments: str) -> set[str]:
    """Top-level packages that a command line imports."""
    code = f"from sim.cli.main import main; main({list(arguments)!r})"
    run = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", code],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    lines = [line for line in run.stderr.splitlines() if line.startswith("import time:")]
    return {line.rsplit("|", 1)[1].strip().split(".")[0] for line in lines}


@pytest.mark.parametrize("arguments", [("--help",), ("run", "--help"), ("--version",)])
def test_help_imports_nothing_heavy(arguments: tuple[str, ...]) -> None:
    """`--help` loads the module of every command, those of other rooms among them."""
    assert imported_by(*arguments) & HEAVY == set()


@pytest.mark.parametrize("kind", ["firms", "instruments", "rules"])
def test_lists_do_without_the_engine(kind: str) -> None:
    assert imported_by("list", kind) & {"duckdb", "mesa", "numba"} == set()


@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_it_answers_in_less_than_half_a_second(argument: str) -> None:
    """Of processor time, and the best of three, so that a busy machine does not turn it red."""
    seconds = []
    for _ in range(3):
        begun = os.times()
        subprocess.run(
            [sys.executable, "-m", "sim.cli.main", argument], capture_output=True, check=True
        )
        ended = os.times()
        seconds.append(
            ended.children_user + ended.children_system
            - begun.children_user - begun.children_system
        )  # fmt: skip
    assert min(seconds) < 0.5
