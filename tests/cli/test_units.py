"""A year's figure is headed by the unit of a year, at every door."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim.engine.outcomes import OUTCOMES
from sim.errors import InputError
from sim.meanings import OutcomeMeaning
from sim.notebook import open_run as open_face
from sim.results.comparing.compare import present_outcomes
from sim.results.comparing.pairs import paired
from sim.results.exporting.export import export
from sim.results.exporting.spreads import chosen
from sim.results.run_folder.query import RunFolder, open_run
from sim.units import Unit
from tests.results.conftest import write_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunFolder]:
    """A small finished run; nothing writes there."""
    folder = tmp_path_factory.mktemp("runs") / "plausible"
    write_run(folder)
    with open_run(folder) as opened:
        yield opened


@pytest.mark.parametrize("outcome", OUTCOMES, ids=lambda one: one.name)
def test_no_yearly_figure_of_an_outcome_has_a_monthly_unit(outcome: OutcomeMeaning) -> None:
    month, year = outcome.unit_of("month"), outcome.unit_of("year")
    assert str(month) == outcome.unit
    assert (month.per == "month") == (outcome.kind == "flow")
    assert year.per == ("year" if outcome.kind == "flow" else month.per)
    assert year.amount == month.amount
    assert "month" not in str(year)
    assert outcome.year_is == {"flow": "sum of months", "stock": "at year's end"}.get(
        outcome.kind, "mean"
    )


def test_a_year_has_as_many_units_as_its_twelve_months_only_for_what_flows(run: RunFolder) -> None:
    for name in present_outcomes(run):
        both = paired(run, "base", "base", name)
        months, year = both.a[:, :12], both.yearly().a[:, 0]
        kind = run.outcomes[name].kind
        made = {"flow": months.sum(axis=1), "stock": months[:, -1]}.get(kind, months.mean(axis=1))
        assert year == pytest.approx(made, nan_ok=True)


def test_a_flow_that_is_not_counted_by_the_month_is_refused_with_the_cure() -> None:
    with pytest.raises(InputError, match="`USD` is no unit of a flow; write `USD a month`"):
        OutcomeMeaning("paid", "USD", "flow", ("firm",), "paid")


def test_units_of_a_product_are_vehicles_or_money() -> None:
    made = OutcomeMeaning("made", "units a month", "flow", ("product",), "made")
    assert made.unit_of("year", "light_trucks") == Unit("vehicles", "year")
    assert made.unit_of("year", "printers") == Unit("USD of 2017", "year")


def test_compare_heads_every_outcome_with_the_unit_of_a_year(run: RunFolder, kyoten: Any) -> None:
    for name in present_outcomes(run):
        told = run.outcomes[name]
        ended = kyoten("compare", run.path, "--policy", "tariff", "--outcome", name)
        assert ended.code == 0
        assert "a month" not in ended.out
        assert str(told.unit_of("year")) in ended.out


def test_an_iamc_table_has_no_unit_of_a_month(run: RunFolder, tmp_path: Path) -> None:
    export(chosen(run), tmp_path / "x.csv")
    units = set(pd.read_csv(tmp_path / "x.csv")["unit"])
    assert units >= {"vehicles/yr", "USD_2017/yr"}
    assert not {unit for unit in units if "month" in unit}


def test_the_figure_of_an_outcome_names_the_unit_of_the_year_that_it_draws(run: RunFolder) -> None:
    with open_face(run.path) as face:
        drawn = face.figure("outcome", outcome="output", group="product=cars&country=CN")
    assert "Vehicles a year" in drawn.layout.title.subtitle.text
    assert "a month" not in drawn.to_json()
