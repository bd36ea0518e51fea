"""The asks of docs/results.md are what they claim to be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.results.run_folder.query import RunFolder
from sim.results.scoring.guarded import Guarded

DOCUMENT = Path(__file__).parents[2] / "docs" / "results.md"
ASKS = dict(
    enumerate(re.findall(r"```sql\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL), 1)
)


def test_there_are_twenty() -> None:
    assert len(ASKS) == 20


@pytest.mark.parametrize("number", ASKS)
def test_a_worked_ask_runs_under_guard_and_returns_replication_and_value(
    run: RunFolder, number: int
) -> None:
    with Guarded(run, "tariff", "base") as tables:
        assert list(tables.ask(ASKS[number]).columns) == ["replication", "value"]
