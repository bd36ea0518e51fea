"""Each row of ``tools.csv`` and ``materials.csv`` is a sentence about one shipment on one day."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from sim.law.controls import MaterialQuery, Query, decide, decide_material

HERE = Path(__file__).parent


def rows(name: str) -> list[object]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return [pytest.param(row, id=row["sentence"]) for row in csv.DictReader(file)]


def tool(row: dict[str, str]) -> Query:
    return Query(
        row["tool_class"],
        float(row["us_content"]),
        row["made"],
        row["shipped_from"],
        row["to"],
        row["customer"],
        row["owner"] or None,
        float(row["owner_share"]) if row["owner_share"] else None,
        row["node"] or None,
    )


@pytest.mark.parametrize("row", rows("tools.csv"))
def test_tool(row: dict[str, str]) -> None:
    decision = decide(tool(row), date.fromisoformat(row["on"]))
    assert (decision.us, decision.japan) == (row["us"], row["japan"]), decision.reason


@pytest.mark.parametrize("row", rows("materials.csv"))
def test_material(row: dict[str, str]) -> None:
    query = MaterialQuery(
        row["item"],
        row["made"],
        row["shipped_from"],
        row["to"],
        row["party"],
        float(row["content_share"]) if row["content_share"] else None,
        row["technology"] == "yes",
        row["military"] == "yes",
    )
    decision = decide_material(query, date.fromisoformat(row["on"]))
    assert decision.china == row["china"], decision.reason
