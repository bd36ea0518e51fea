"""The sentences of an answer hold the numbers of the tables, and nothing that does not change."""

from __future__ import annotations

import re
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sim.axes import VEHICLES, month_range
from sim.meanings import Group, OutcomeMeaning
from sim.results.answer.answer import Answer, answer
from sim.results.answer.measures import MEASURES
from sim.results.answer.speech import Figure, quantity
from sim.results.answer.totals import KEYS
from sim.results.comparing.compare import compare
from sim.results.run_folder.manifest import write_manifest
from sim.results.run_folder.outcomes import write_outcomes
from sim.results.run_folder.query import RunFolder, open_run
from sim.results.run_folder.scenarios import Drawn, write_scenarios
from sim.results.run_folder.store import chunk_name, write_chunk
from sim.tables import DRIVERS, TABLES
from tests.plausible import LINES
from tests.results.conftest import manifest
from tests.results.tool_run import write_tool_run

MONTHS = month_range(date(2018, 11, 1), date(2019, 12, 1))
POLICIES = ("base", "tariff")
PLACES = ("CN", "VN", "TH", "US")
MEANINGS = (
    OutcomeMeaning("output", "units a month", "flow", ("product", "country"), "made"),
    OutcomeMeaning("duty_usd", "USD a month", "flow", ("product", "country"), "duty"),
    OutcomeMeaning("tool_sales_usd", "USD a month", "flow", ("firm", "country"), "tools"),
)
_UNITS = {"m": 1e6, "bn": 1e9, "k": 1e3, "tn": 1e12, "": 1.0}


def _write(folder: Path, seed: int, lanes: int, size: float, draws: int = 1) -> None:
    """A run of random outcomes and moves under two policies."""
    random = np.random.default_rng(seed)
    names = [f"s{number:04d}" for number in range(draws)] if draws > 1 else ["base"]
    for number, policy in enumerate(POLICIES):
        own = [(policy, name, replication) for name in names for replication in range(lanes)]
        write_chunk(folder, chunk_name(number), own, _frames(own, random, size))
    scenarios = {name: {"a": random.uniform(), "b": 1.0} for name in names}
    write_scenarios(folder, Drawn(ranges={}, scenarios=scenarios))
    first, last = (f"{month:%Y-%m-%d}" for month in (MONTHS[0], MONTHS[-1]))
    told = {"first_month": first, "last_month": last, "replications": lanes, "scenarios": draws}
    write_manifest(folder, manifest(**told, labels={"tariff": "A tariff"}))
    (folder / "lines.json").write_text(pd.Series(LINES).to_json(orient="records"))
    (folder / "law.json").write_text("{}")
    write_outcomes(folder, MEANINGS)


def _frames(lanes: list[Any], random: np.random.Generator, size: float) -> dict[str, pd.DataFrame]:
    rows: dict[str, list[Any]] = {table: [] for table in TABLES}
    for lane in lanes:
        key = ("random", *lane)
        for month in MONTHS:
            for place in PLACES:
                for product in ("cars", "printers", "chip_tools"):
                    group = Group(product, place)
                    value = size * random.lognormal()
                    rows["outcomes"].append((*key, month, "output", *group, value))
                    rows["outcomes"].append((*key, month, "duty_usd", *group, value / 10))
            sold = size * random.lognormal()
            group = Group(country="CN", firm="canon")
            rows["outcomes"].append((*key, month, "tool_sales_usd", *group, sold))
        for _ in range(random.poisson(3.0)):
            rows["relocations"].append((*key, *_move(random, size)))
    return {table: _frame(table, content) for table, content in rows.items()}


def _move(random: np.random.Generator, size: float) -> tuple[Any, ...]:
    start, goal = random.choice(PLACES, 2, replace=False)
    firm, product = [("brother", "printers"), ("canon", "printers"), ("honda", "cars")][
        random.integers(3)
    ]
    month = MONTHS[random.integers(len(MONTHS))]
    drivers = random.normal(size=len(DRIVERS))
    told = (month, firm, product, start, goal, "US", "transfer", "", size * random.uniform())
    reason = DRIVERS[int(drivers.argmax())]
    return (*told, MONTHS[0], month, 1.0, 0.0, 1.0, 1.0, reason, "", *drivers)


def _frame(table: str, rows: list[Any]) -> pd.DataFrame:
    # An order of columns that differs from the tables' own would be found by write_chunk.
    names = list(TABLES[table].names)
    if table == "relocations":
        keys, own = names[:4], ["month", "firm", "product", "from_country", "to_country", "market"]
        names = keys + own + [name for name in names[4:] if name not in own]
    frame = pd.DataFrame(rows, columns=names)[list(TABLES[table].names)]
    for column in TABLES[table].columns:
        if column.type == "date32":
            frame[column.name] = pd.to_datetime(frame[column.name]).astype("datetime64[s]")
        elif column.type == "string":
            frame[column.name] = pd.Categorical(frame[column.name].astype("str"))
        else:
            frame[column.name] = frame[column.name].astype(column.type)
    return frame


def _parsed(shown: str) -> float:
    """Number that a figure shows: its digits times what its letter stands for."""
    found = re.match(r"([-+]?[\d,.]+) ?(bn|tn|m|k)?( |$)", shown)
    assert found, shown
    return float(found[1].replace(",", "")) * _UNITS[found[2] or ""]


def _rounded(figure: Figure) -> float:
    """Value of a figure with the digits that it is written with."""
    signed = figure.shown.startswith(("+", "-"))
    value = figure.value if signed else abs(figure.value)
    vehicles = figure.total is not None and figure.total.unit == "vehicles"
    return round(float(f"{value:.2g}")) if vehicles else float(f"{value:.2g}")


@given(st.integers(0, 10**6), st.integers(1, 5), st.sampled_from([1e3, 1e6, 3e9]))
@settings(max_examples=12, phases=[Phase.explicit, Phase.generate])
def test_every_number_of_a_sentence_is_a_number_of_the_table(
    seed: int, lanes: int, size: float
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write(folder, seed, lanes, size)
        with open_run(folder) as run:
            found = answer(run, "tariff")
            rows = found.content()["totals"]
            for sentence in (*found.sentences, *found.doubts):
                _check_numbers(sentence.text, sentence.figures, rows)
            _check_totals(run, found)


def _check_numbers(text: str, figures: tuple[Figure, ...], rows: list[dict[str, Any]]) -> None:
    place = 0
    for figure in figures:
        place = text.index(figure.shown, place) + len(figure.shown)
        if figure.total is None:
            continue
        keys = {name: getattr(figure.total, name) for name in (*KEYS, "unit")}
        own = [row for row in rows if all(row[name] == code for name, code in keys.items())]
        assert [row[figure.field] for row in own] == [figure.value]
        assert _parsed(figure.shown) == pytest.approx(_rounded(figure), rel=1e-9)


def _check_totals(run: RunFolder, found: Answer) -> None:
    """Outputs are those of the comparison, moves those of the relocations."""
    yearly = compare(run, "tariff", outcome="output").yearly
    yearly = yearly[yearly["month"].dt.year == found.year]
    for total in found.found.of("output"):
        vehicles = yearly["product"].isin(VEHICLES)
        goods = ~vehicles & (yearly["product"] != "chip_tools")
        own = yearly[(yearly["country"] == total.country)]
        own = own[(vehicles if total.unit == "vehicles" else goods)[own.index]]
        assert total.difference == pytest.approx(own["difference"].sum(), rel=1e-9, abs=1e-6)
    for total in found.found.of("moved_out"):
        signed = run.sql(
            """SELECT coalesce(sum(units * (CASE policy WHEN 'tariff' THEN 1 ELSE -1 END)
                * (CASE from_country WHEN $p THEN 1 ELSE -1 END)), 0) AS units FROM relocations
            WHERE (from_country = $p OR to_country = $p) AND (product = 'cars') = $vehicles""",
            {"p": total.from_country, "vehicles": total.unit == "vehicles"},
        )
        expected = float(signed["units"].iloc[0]) / len(found.found.pairs)
        assert total.difference == pytest.approx(expected, rel=1e-9, abs=1e-6)


def test_a_policy_against_itself_is_one_sentence_that_says_so(run: RunFolder) -> None:
    found = answer(run, "tariff", "tariff")
    assert len(found.sentences) == 1
    assert "do not differ" in str(found.sentences[0])
    assert found.totals == []
    assert found.doubts == ()


def test_the_answer_says_from_where_to_where_who_why_and_how_surely(run: RunFolder) -> None:
    how_much, why, how_sure = map(str, answer(run, "tariff").sentences)
    assert "moved out of China" in how_much
    assert "to Vietnam" in how_much
    assert "Brother" in how_much
    assert why.startswith("Duty is the main reason of all that moves")
    assert "All 4 futures agree that production leaves China" in how_sure
    assert "every one gives the same 240 USD" in how_sure


def test_the_opposite_question_has_the_opposite_answer(run: RunFolder) -> None:
    there, back = answer(run, "tariff", "base"), answer(run, "base", "tariff")
    assert "stays in China" in str(back.sentences[0])
    signs = [{(t.measure, t.country): t.difference for t in one.totals} for one in (there, back)]
    assert signs[0] == {key: -value for key, value in signs[1].items()}


def test_both_spreads_are_named_and_stand_apart(tmp_path: Path) -> None:
    _write(tmp_path, 3, 5, 1e9)
    with open_run(tmp_path) as run:
        found = answer(run, "tariff")
    sure = str(found.sentences[2])
    assert "(range of futures)" in sure
    assert "(precision of the mean)" in sure
    lead = found.subjects[0].lead.spread
    assert lead.futures_low < lead.low < lead.difference < lead.high < lead.futures_high


def test_without_uncertainties_the_answer_says_that_assumptions_are_not_tested(
    run: RunFolder,
) -> None:
    assert "is not tested here" in str(answer(run, "tariff").doubts[0])


def test_where_parameters_vary_the_draws_that_keep_the_direction_are_counted(
    tmp_path: Path,
) -> None:
    _write(tmp_path, 5, 2, 1e9, draws=9)
    with open_run(tmp_path) as run:
        found = answer(run, "tariff")
    lead = found.subjects[0].lead
    by_draw = lead.differences.reshape(9, 2).mean(axis=1)
    held = int((np.sign(by_draw) == np.sign(lead.difference)).sum())
    told = str(found.doubts[0])
    assert f"holds in {held} of 9 draws of 1 parameter" in told
    assert "the size depends" in told


def test_every_parameter_that_varied_stands_with_its_halves(tmp_path: Path) -> None:
    _write(tmp_path, 5, 2, 1e9, draws=9)
    with open_run(tmp_path) as run:
        found = answer(run, "tariff")
        values = run.scenarios["a"]
    (leaning,) = found.leanings
    by_draw = found.subjects[0].lead.differences.reshape(9, 2).mean(axis=1)
    low = (values <= values.median()).to_numpy()
    assert leaning.low_half == pytest.approx(by_draw[low].mean())
    assert leaning.high_half == pytest.approx(by_draw[~low].mean())
    assert found.content()["assumptions"][0]["parameter"] == "a"


def test_what_controls_change_is_told_though_sales_of_the_year_do_not(tmp_path: Path) -> None:
    with open_run(write_tool_run(tmp_path / "tools")) as run:
        found = answer(run, "tariff")
        refused = run.sql(
            """SELECT avg(usd) AS usd FROM (SELECT replication, sum(CASE policy WHEN 'tariff' THEN
                value ELSE -value END) AS usd FROM outcomes
            WHERE outcome = 'denied_usd' AND year(month) = $year GROUP BY replication)""",
            {"year": found.year},
        )
    (total,) = found.found.of("tools_refused")
    assert total.difference == pytest.approx(float(refused["usd"].iloc[0]))
    (told,) = [one for one in found.subjects if one.kind == "tools"]
    assert [one.measure for one in told.parts] == ["tool_sales_so_far", "chinese_tools"]


def test_one_run_alone_claims_no_certainty(tmp_path: Path) -> None:
    _write(tmp_path, 8, 1, 1e9)
    with open_run(tmp_path) as run:
        found = answer(run, "tariff")
    assert "says nothing of how sure" in str(found.sentences[2])
    row = found.content()["totals"][0]
    assert row["low"] is None
    assert row["futures_low"] is None


def test_every_measure_is_explained(run: RunFolder) -> None:
    assert {total.measure for total in answer(run, "tariff").found.totals} <= set(MEASURES)


def test_vehicles_are_counted_in_pieces_and_goods_in_dollars() -> None:
    assert quantity(1234.0, "vehicles", "vehicles") == "1,200 vehicles"
    assert quantity(1.26e9, "USD of 2017", "USD of 2017") == "1.3 bn USD"


def test_the_parts_of_duty_controls_and_subsidies_are_told_even_where_they_are_small(
    tmp_path: Path,
) -> None:
    _write(tmp_path, 3, 5, 1e9)
    why = str(answer(open_run(tmp_path), "tariff").sentences[1]).lower()
    assert all(word in why for word in ("duty", "export controls", "subsidies"))


def test_the_first_sentence_tells_the_spread_of_parameters_where_draws_vary(tmp_path: Path) -> None:
    _write(tmp_path, 4, 3, 1e9, draws=9)
    found = answer(open_run(tmp_path), "tariff")
    assert "nine in ten of 9 draws of the parameters say" in str(found.sentences[0])
    assert "of its variance from the parameters and the rest from chance" in str(found.sentences[2])
