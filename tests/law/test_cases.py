"""One case file per instrument, and the worked totals: each a sentence, a flow, a day and a sum."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from ruamel.yaml import YAML

from sim.law.law import load_law
from sim.law.rates.schedule import rate
from sim.law.rates.tabular import rate_components, rates

CASES = Path(__file__).parent / "cases"
WORKED = Path(__file__).parent / "worked_totals.csv"


def _cases() -> list[Any]:
    found = []
    for path in sorted(CASES.glob("*/*.yaml")):
        page = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
        for case in page["cases"]:
            name = f"{page['instrument']}: {case['sentence']}"
            found.append(pytest.param(page["instrument"], case, id=name))
    return found


@pytest.mark.parametrize(("instrument", "case"), _cases())
def test_case(instrument: str, case: dict[str, Any]) -> None:
    exporter, importer, product = case["flow"].split()
    claim, content = case.get("claim"), case.get("us_content", 0.0)
    found = rate(load_law(), exporter, importer, product, case["on"], claim, content)
    assert found.total == pytest.approx(case["rate"], abs=1e-9), found.components


def test_every_case_in_one_call() -> None:
    cases = [parameter.values[1] for parameter in _cases()]
    table = pd.DataFrame([case["flow"].split() for case in cases])
    table.columns = pd.Index(["exporter", "importer", "product"])
    table["on"] = [case["on"].isoformat() for case in cases]
    table["claim"] = [case.get("claim", "") for case in cases]
    table["us_content"] = [case.get("us_content", 0.0) for case in cases]
    assert rates(load_law(), table) == pytest.approx([case["rate"] for case in cases], abs=1e-9)


def test_every_instrument_has_its_case_file() -> None:
    files = {path.stem: path.parent.name for path in CASES.glob("*/*.yaml")}
    assert files == {i.id: i.importer.lower() for i in load_law().instruments}


def test_a_case_lies_on_a_flow_of_its_instrument() -> None:
    law, touched = load_law(), set()
    for parameter in _cases():
        identity, case = parameter.values
        exporter, importer, product = case["flow"].split()
        found = law.instrument(identity)
        assert importer == found.importer, identity
        if exporter in found.exporters and product in (*found.products, *found.partly):
            touched.add(identity)
    assert touched == {instrument.id for instrument in law.instruments}


def _worked() -> pd.DataFrame:
    return pd.read_csv(WORKED, dtype=str, keep_default_na=False)


@pytest.mark.parametrize("row", _worked().to_dict("records"), ids=lambda row: " ".join(
    str(row[key]) for key in ("exporter", "importer", "product", "on", "claim")
))  # fmt: skip
def test_worked_total(row: dict[str, str]) -> None:
    found = rate(
        load_law(), row["exporter"], row["importer"], row["product"],
        date.fromisoformat(row["on"]), row["claim"] or None, float(row["us_content"] or 0),
    )  # fmt: skip
    assert found.total == pytest.approx(float(row["rate_share"]), abs=1e-9), row["components"]


def test_the_table_of_worked_totals_in_one_call() -> None:
    table = _worked()
    assert rates(load_law(), table) == pytest.approx(table["rate_share"].astype(float), abs=1e-9)
    parts = rate_components(load_law(), table)
    for text, total in zip(parts, table["rate_share"].astype(float), strict=True):
        assert sum(float(p.rsplit(":", 1)[1]) for p in text.split("+")) == pytest.approx(total)
