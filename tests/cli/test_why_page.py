"""What the page of results shows of `kyoten why` is what it prints."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def examples() -> list[tuple[list[str], str]]:
    """Commands of the page whose answer it shows, with that answer."""
    page = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```text\n\$ kyoten (why [^\n]*)\n(.*?)```", page, re.DOTALL)
    return [(words.split(), told) for words, told in blocks]


@pytest.mark.slow
def test_the_answers_on_the_page_are_those_of_the_quick_experiment(
    kyoten: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    folder = tmp_path / "quick"
    assert kyoten("run", ROOT / "configs" / "quick.yaml", "--out", folder).code == 0
    assert len(examples()) == 2
    for words, told in examples():
        asked = [folder if word == "runs/quick" else word for word in words]
        assert kyoten(*asked).out.strip() == told.strip()
