"""Detail tables: each month is its own, and the tables agree with each other."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.engine.phases import step
from sim.engine.record.detail import DetailRecorder
from tests.engine.conftest import simulation
from tests.reference import tiny

KEYS = {"experiment": "x", "policy": "p", "scenario": "base", "replication": 0}


def detail(months: int = 60) -> dict[str, pd.DataFrame]:
    """Detail tables of the first lane."""
    s = simulation(tiny.world(), tiny.duties(60))
    recorder = DetailRecorder(s, {0: KEYS})
    for _ in range(months):
        step(s)
        recorder.record(s)
    return {name: table.whole() for name, table in recorder.tables(s).items()}


def test_flows_of_different_months_differ() -> None:
    """What is recorded in a month does not change when later months are run."""
    flows = detail()["flows"]
    cars = flows[(flows["origin"] == "JP") & (flows["market"] == "US") & (flows["firm"] == "aoi")]
    assert cars["units"].nunique() > 50


def test_the_ledger_adds_up_to_the_duty_of_the_flows() -> None:
    """Entries by legal basis, content relief included, sum to the duty paid on each route."""
    tables = detail()
    key = ["month", "firm", "product", "origin", "market"]
    ledger = tables["ledger"]
    booked = ledger[ledger["product"].isin(["cars", "printers"])].groupby(key)["duty_usd"].sum()
    paid = tables["flows"].set_index(key)["duty_usd"].reindex(booked.index)
    np.testing.assert_allclose(booked, paid, rtol=1e-9, atol=1e-6)


def test_output_of_plants_is_what_the_flows_ship() -> None:
    """Units made in a country are units shipped from it, month by month."""
    tables = detail()
    made = tables["plants"].groupby(["month", "firm", "country"])["output_units"].sum()
    shipped = tables["flows"].groupby(["month", "firm", "origin"])["units"].sum()
    made, shipped = made[made > 0.0], shipped[shipped > 0.0]
    np.testing.assert_allclose(made.to_numpy(), shipped.to_numpy(), rtol=1e-9)


def test_segments_sum_to_the_firm() -> None:
    """Home, North America, China, ASEAN and other add up to the total."""
    firms = detail()["firms"]
    columns = ["revenue_usd", "duty_usd", "operating_profit_usd"]
    parts = firms[firms["segment"] != "total"].groupby(["month", "firm"])[columns].sum()
    total = firms[firms["segment"] == "total"].set_index(["month", "firm"])[columns]
    np.testing.assert_allclose(parts.to_numpy(), total.loc[parts.index].to_numpy(), rtol=1e-9)
