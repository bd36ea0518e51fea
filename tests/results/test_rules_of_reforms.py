"""What a reform cuts out of a measure stays that measure: a duty that is equal is never named."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim.axes import COUNTRY_INDEX, PRODUCT_INDEX, month_range
from sim.experiments.running.account import law_account
from sim.law.law import load_law
from sim.law.rates.monthly import MonthlyDuty, monthly
from sim.law.reforms.edits import apply_reforms
from sim.law.reforms.schema import parse_reforms
from sim.law.telling.explain import explain
from sim.results.answer.drivers import _changed
from sim.results.reasons.instruments import rules_behind
from sim.results.route_rates import by_measure
from sim.results.run_folder.query import open_run
from sim.results.run_folder.store import chunk_name, write_chunk
from sim.tables import TABLES
from tests.plausible import frames
from tests.results.conftest import MONTHS, write_run

ALL_MONTHS = month_range(date(2017, 1, 1), date(2027, 12, 1))
ASKED = ("2018-10-01", "2019-06-01", "2025-03-01", "2025-07-01", "2026-01-01", "2027-06-01")
PRODUCTS = ("printers", "cars", "phones_laptops")
ROUTES = (("US", "CN"), ("US", "VN"), ("US", "JP"))
REFORMS: dict[str, list[dict[str, Any]]] = {
    "a rate on a country from a day on": [
        {"op": "set", "importer": "US", "exporters": "CN", "rate": 0.6, "start": "2027-01-01"}
    ],
    "a rate on one product of a country": [
        {"op": "set", "importer": "US", "exporters": "CN", "products": "printers", "rate": 0.1,
         "start": "2026-01-01"}
    ],
    "two cuts of the same measures": [
        {"op": "set", "importer": "US", "exporters": "CN", "rate": 0.6, "start": "2027-01-01"},
        {"op": "set", "importer": "US", "exporters": "CN", "products": "printers", "rate": 0.0,
         "start": "2026-01-01"},
    ],
    "one country spared": [
        {"op": "repeal", "basis": "ieepa", "importer": "US", "exporters": "VN",
         "start": "2025-06-01"}
    ],
    "one country spared from the beginning": [
        {"op": "repeal", "basis": "ieepa", "importer": "US", "exporters": "VN"}
    ],
    "a cap on one country": [
        {"op": "cap", "importer": "US", "exporters": "JP", "rate": 0.1, "start": "2026-06-01"}
    ],
}  # fmt: skip


def duty_rows(duty: MonthlyDuty, policy: str) -> list[tuple[Any, ...]]:
    """The table `duties` of a law, as a run keeps it."""
    rows = []
    for importer, exporter in ROUTES:
        for product in PRODUCTS:
            j, i, k = COUNTRY_INDEX[importer], COUNTRY_INDEX[exporter], PRODUCT_INDEX[product]
            for day in ASKED:
                t = duty.months.index(date.fromisoformat(day))
                total = duty.mfn[t, j, i, k] + duty.extra[t, j, i, k].sum()
                names = ";".join(duty.instruments_in_force(t, j, i, k))
                rows.append(("plausible", policy, "base", 0, day, importer, exporter, product,
                             float(total), names))  # fmt: skip
    return rows


@pytest.mark.parametrize("edits", REFORMS.values(), ids=REFORMS)
def test_no_measure_is_named_whose_duty_is_equal_under_both(
    tmp_path: Path, edits: list[dict[str, Any]]
) -> None:
    law = load_law()
    laws = {"base": law, "tariff": apply_reforms(law, parse_reforms(edits))}
    write_run(tmp_path)
    (tmp_path / "law.json").write_text(json.dumps(law_account(laws)))
    duties = {name: monthly(one, ALL_MONTHS) for name, one in laws.items()}
    for number, name in enumerate(laws):
        lanes = [(name, "base", r) for r in range(4)]
        content = frames(lanes, MONTHS, detail=2)
        kept = pd.DataFrame(duty_rows(duties[name], name), columns=list(TABLES["duties"].names))
        content["duties"] = kept.assign(month=kept["month"].astype("datetime64[s]"))
        write_chunk(tmp_path, chunk_name(number), lanes, content)
    named = 0
    with open_run(tmp_path) as run:
        for product in PRODUCTS:
            for day in ASKED:
                for _, exporter in ROUTES:
                    move = {"firm": "brother", "product": product, "kind": "transfer"}
                    move |= {"market": "US", "from_country": exporter, "to_country": "MX"}
                    for rule in rules_behind(run, ("tariff", "base"), move, day):
                        coming = rule.start > day
                        assert coming or rule.duty_share != rule.duty_against_share, rule
                        assert "." not in rule.id
                        assert ".reform" not in rule.words({"tariff": "a", "base": "b"})
                        named += 1
        rates = run.sql("""SELECT CAST(a.month AS VARCHAR) AS month, a.importer, a.exporter,
            a.product, a.instruments AS under, b.instruments AS without,
            a.rate_share = b.rate_share AS equal
            FROM duties a JOIN duties b USING (month, importer, exporter, product)
            WHERE a.policy = 'tariff' AND b.policy = 'base'""")
        both = (by_measure(run.law["tariff"]), by_measure(run.law["base"]))
        for row in rates.to_dict("records"):
            assert bool(_changed(row, both)) != row["equal"], row
    assert named


@pytest.mark.parametrize("edits", REFORMS.values(), ids=REFORMS)
def test_a_part_that_a_reform_cut_out_goes_by_the_name_of_its_measure(
    edits: list[dict[str, Any]],
) -> None:
    law = apply_reforms(load_law(), parse_reforms(edits))
    for importer, exporter in ROUTES:
        for product in PRODUCTS:
            for day in ASKED:
                found = explain(law, exporter, importer, product, date.fromisoformat(day))
                names = [one.instrument for one in (*found.steps, *found.set_aside)]
                assert not [name for name in names if "." in name]
                assert not [one for one in found.set_aside if ".reform" in one.reason]
