"""Duties become steps, instruments become spans of months."""

from __future__ import annotations

import pandas as pd

from analysis.summaries.duties import (
    changing_exporters,
    duty_lanes,
    duty_steps,
    instrument_spans,
    rate_steps,
)
from sim.results.run_folder.query import RunFolder


def steps(**instruments: list[str]) -> pd.DataFrame:
    months = pd.date_range("2018-01-01", periods=4, freq="MS")
    return pd.DataFrame(
        [
            {"month": month, "exporter": exporter, "instruments": names,
             "rate_share": 0.1 * len(names.split(";"))}
            for exporter, listed in instruments.items()
            for month, names in zip(months, listed, strict=True)
        ]
    )  # fmt: skip


def test_only_duties_that_change_are_told(run: RunFolder) -> None:
    found = duty_lanes(run, "as_enacted")
    assert found[["importer", "product"]].to_numpy().tolist() == [
        ["US", "cars"],
        ["US", "printers"],
    ]
    assert duty_lanes(run, "no_tariffs_since_2018").empty


def test_a_span_ends_when_its_instrument_pauses() -> None:
    spans = instrument_spans(steps(CN=["a", "a;b", "a", "a;b"]))
    b = spans[spans["instrument"] == "b"]
    assert [(f"{s:%m}", f"{e:%m}") for s, e in zip(b["start"], b["end"], strict=True)] == [
        ("02", "03"),
        ("04", "05"),
    ]


def test_a_span_names_every_exporter_it_bears_on() -> None:
    spans = instrument_spans(steps(CN=["a"] * 4, JP=["a"] * 4))
    assert spans["exporters"].tolist() == ["CN JP"]


def test_exporters_with_one_duty_share_a_line() -> None:
    late = ["a", "a", "a;b", "a"]
    table = steps(CN=["a", "a;b", "a;b;c", "a"], JP=late, TH=late, VN=["a"] * 4)
    assert changing_exporters(table) == {"JP": ["TH"], "CN": []}


def test_steps_keep_changes_and_the_last_month(run: RunFolder) -> None:
    kept = rate_steps(duty_steps(run, "as_enacted", "US", "printers"))
    china = kept[kept["exporter"] == "CN"]
    assert [f"{month:%Y-%m}" for month in china["month"]] == [
        "2017-01",
        "2018-09",
        "2019-05",
        "2020-12",
    ]
