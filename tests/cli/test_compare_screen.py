"""The first screen of a comparison: sentences first, in 40 lines of 80 columns, without ids."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.results.conftest import write_run
from tests.results.tool_run import write_tool_run

LINES, COLUMNS = 40, 80


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A run of moves and one of chip tools."""
    place = tmp_path_factory.mktemp("runs")
    write_run(place / "moves")
    write_tool_run(place / "tools")
    return {"moves": place / "moves", "tools": place / "tools"}


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A screen of 80 columns."""
    monkeypatch.setenv("COLUMNS", str(COLUMNS))


@pytest.mark.parametrize("name", ["moves", "tools"])
def test_it_fits_and_its_first_lines_are_sentences(
    kyoten: Any, folders: dict[str, Path], name: str
) -> None:
    lines = kyoten("compare", folders[name], "--policy", "tariff").out.splitlines()
    assert len(lines) <= LINES
    assert max(map(len, lines)) <= COLUMNS
    assert lines[0].startswith("Under “")
    paragraphs = "\n".join(lines).split("\n\n")
    assert all(paragraph.endswith(".") for paragraph in paragraphs[:3])
    assert "futures agree that production leaves China" in " ".join(lines)


@pytest.mark.parametrize("name", ["moves", "tools"])
@pytest.mark.parametrize("asked", [("--all",), ("--outcome", "output")])
def test_nothing_is_wider_than_the_screen_and_no_word_is_broken(
    kyoten: Any, folders: dict[str, Path], name: str, asked: tuple[str, ...]
) -> None:
    if name == "tools" and asked[0] == "--outcome":
        asked = ("--outcome", "tool_sales_usd")
    narrow = kyoten("compare", folders[name], "--policy", "tariff", *asked).out
    assert max(map(len, narrow.splitlines())) <= COLUMNS
    with pytest.MonkeyPatch.context() as wide:
        wide.setenv("COLUMNS", "400")
        words = kyoten("compare", folders[name], "--policy", "tariff", *asked).out.split()
    assert set(narrow.split()) <= set(words)


def test_the_first_policy_is_judged_when_none_is_named(
    kyoten: Any, folders: dict[str, Path]
) -> None:
    asked = kyoten("compare", folders["moves"], "--policy", "tariff").out
    assert kyoten("compare", folders["moves"]).out == asked


def test_the_words_are_those_of_the_answer_and_of_json(
    kyoten: Any, folders: dict[str, Path]
) -> None:
    out = " ".join(kyoten("compare", folders["moves"], "--policy", "tariff").out.split())
    told = kyoten("compare", folders["moves"], "--policy", "tariff", "--json").json
    assert all(sentence in out for sentence in told["answer"])


def test_what_does_not_change_is_left_out(kyoten: Any, folders: dict[str, Path]) -> None:
    out = kyoten("compare", folders["moves"], "--policy", "tariff").out
    assert "Vehicles" not in out
    assert "Thailand" not in out
