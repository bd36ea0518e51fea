"""What the page of results shows of `kyoten why` is what it prints."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from sim.results.reasons.stayed import stayed
from sim.results.reasons.why import why
from sim.results.run_folder.query import open_run
from tests.results.test_reasons import refuse_other_numbers

ROOT = Path(__file__).resolve().parents[2]


def examples() -> list[tuple[list[str], str]]:
    """Commands of the page whose answer it shows, with that answer."""
    page = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```text\n\$ kyoten (why [^\n]*)\n(.*?)```", page, re.DOTALL)
    return [(words.split(), told) for words, told in blocks]


@pytest.mark.slow
def test_the_page_shows_what_the_quick_experiment_answers_and_its_numbers_are_the_rows(
    kyoten: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    folder = tmp_path / "quick"
    assert kyoten("run", ROOT / "configs" / "quick.yaml", "--out", folder).code == 0
    assert len(examples()) == 2
    for words, told in examples():
        asked = [folder if word == "runs/quick" else word for word in words]
        assert kyoten(*asked).out.strip() == told.strip()
    with open_run(folder) as run:
        for firm in sorted(set(run.lines["firm"])):
            rows = [*why(run, firm, "as_enacted").rows(), *stayed(run, firm, "as_enacted").rows()]
            for row in rows:
                refuse_other_numbers(row | {"stays": stays_in(row)})


def stays_in(row: dict[str, Any]) -> int:
    """In how many futures work stays, which a row tells the other way round."""
    return int(row["futures"] - row["futures_moved"]) if "futures_moved" in row else 0
