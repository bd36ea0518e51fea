"""The law answers fast enough to be asked for everything (processor time, not the wall clock)."""

from __future__ import annotations

from datetime import date
from time import process_time

import numpy as np
import pandas as pd
import pytest

from sim.axes import COUNTRIES, LAW_COUNTRIES, PRODUCTS, month_range
from sim.law.law import load_law
from sim.law.rates.monthly import monthly
from sim.law.rates.tabular import rates
from sim.law.reforms.edits import apply_reforms
from sim.law.reforms.schema import named_reforms

pytestmark = pytest.mark.slow


def test_a_hundred_thousand_rates_take_less_than_a_second() -> None:
    law, rng, rows = load_law(), np.random.default_rng(7), 100_000
    days = pd.Timestamp("2017-01-01") + pd.to_timedelta(rng.integers(0, 3600, rows), unit="D")
    table = pd.DataFrame(
        {
            "exporter": rng.choice(LAW_COUNTRIES, rows),
            "importer": rng.choice(COUNTRIES, rows),
            "product": rng.choice(PRODUCTS, rows),
            "on": days.strftime("%Y-%m-%d"),
            "claim": rng.choice(["", "best"], rows),
        }
    )
    rates(law, table.head())
    began = process_time()
    assert len(rates(law, table)) == rows
    assert process_time() - began < 1.0


def test_168_months_of_a_new_law_take_less_than_two_seconds() -> None:
    law = apply_reforms(load_law(), named_reforms("universal_10"))
    began = process_time()
    monthly(law, month_range(date(2017, 1, 1), date(2030, 12, 1)))
    assert process_time() - began < 2.0
