"""`kyoten list` names everything that an experiment, a question or a run can name."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sim.data.dataset import load_dataset
from sim.engine.outcomes import OUTCOMES
from sim.experiments.spec.checks import parameter_table
from sim.experiments.spec.config import ExperimentConfig
from sim.law.controls import enacted
from sim.law.law import load_law
from sim.results.run_folder.manifest import read_manifest, write_manifest
from sim.results.run_folder.scenarios import Drawn, write_scenarios
from tests.cli.test_overlays import SMALL
from tests.data.kitsune import write_kitsune
from tests.law.test_overlays import INSTRUMENT, STACKING
from tests.results.conftest import write_run

EVERY = ("firms", "outcomes", "parameters", "instruments", "rules", "reforms")
EXTENSION = """\
from sim.engine.record.outcome import Outcome
from sim.engine.record.outcomes import by_plant

OUTCOMES = (
    Outcome("idle_units", "units a month", "flow", ("product", "country"), "not used", by_plant,
            lambda s, group: group.sum(s.month.usable - s.month.output)),
)
"""


def test_firms_outcomes_instruments_and_rules_are_all_there(kyoten: Any) -> None:
    listed = {kind: kyoten("list", kind, "--json").json for kind in EVERY}
    assert {row["id"] for row in listed["firms"]} == {
        row.text("id") for row in load_dataset()["firms"]
    }
    assert [row["name"] for row in listed["outcomes"]] == [one.name for one in OUTCOMES]
    assert [row["id"] for row in listed["instruments"]] == [
        one.id for one in load_law().instruments
    ]
    assert [row["id"] for row in listed["rules"]] == [one.id for one in enacted().rules]
    toyota = next(row for row in listed["firms"] if row["id"] == "toyota")
    assert toyota["makes_in"][:2] == ["JP", "US"]
    assert toyota["products"] == ["cars", "light_trucks"]


def test_every_parameter_may_be_written_as_it_is_listed(kyoten: Any) -> None:
    rows = kyoten("list", "parameters", "--json").json
    table = parameter_table()
    assert len(rows) > 300
    for row in rows:
        assert not table.faults({row["key"]: row["value"]}), row["key"]
        assert row["low"] <= row["value"] <= row["high"], row["key"]
        assert row["unit"]
        assert row["evidence"]


def test_every_reform_with_a_name_may_be_used_and_every_operation_tells_its_keys(
    kyoten: Any,
) -> None:
    rows = kyoten("list", "reforms", "--json").json
    named = [row["name"] for row in rows if row["kind"] == "named"]
    ExperimentConfig(
        experiment="x", end="2017-03", policies={name: {"use": [name]} for name in named}
    )
    assert {"china_60", "japan_aligns"} <= set(named)
    made = {row["name"]: row for row in rows if row["kind"] == "operation"}
    assert {"op: cap", "op: repeal", "op: add", "act: repeal", "act: regroup"} <= set(made)
    assert made["op: cap"]["needed"] == ["rate"]
    assert {"importer", "basis", "start", "end"} <= set(made["op: cap"]["keys"])


@pytest.mark.parametrize("kind", EVERY)
def test_a_screen_of_eighty_columns_holds_every_list_with_whole_words(
    kyoten: Any, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    ended = kyoten("list", kind)
    assert ended.code == 0
    lines = ended.out.splitlines()
    assert max(map(len, lines)) <= 80
    told = {word.strip("(),") for word in ended.out.split()}
    monkeypatch.undo()
    whole = {word.strip("(),") for word in kyoten("list", kind).out.split()}
    assert not whole - told


def test_words_keep_the_rows_that_hold_them_all_and_tell_more_of_few(kyoten: Any) -> None:
    rows = kyoten("list", "instruments", "FENTANYL", "china", "--json").json
    assert {row["id"] for row in rows} >= {"us_ieepa_fentanyl_cn"}
    assert len(rows) < 8
    out = kyoten("list", "parameters", "theta_slice").out
    assert "inverse mean of the unobserved cost" in out
    assert kyoten("list", "firms", "nobody", "--json").json == []
    assert kyoten("list", "firms", "nobody").out.startswith("None of the firms has these words")


def test_an_unknown_kind_is_answered_with_the_nearest(kyoten: Any) -> None:
    ended = kyoten("list", "parmeters")
    assert ended.code == 2
    assert "did you mean `parameters`?" in ended.err


def test_options_that_would_change_nothing_are_refused(kyoten: Any, tmp_path: Path) -> None:
    ended = kyoten("list", "outcomes", "--data", tmp_path)
    assert ended.code == 2
    assert "outcomes do not depend on it" in ended.err
    ended = kyoten("list", "rules", "--run", tmp_path, "--law", tmp_path)
    assert ended.code == 2
    assert "a run holds its own" in ended.err


def test_overlays_and_the_file_of_an_experiment_are_respected(kyoten: Any, tmp_path: Path) -> None:
    write_kitsune(tmp_path / "kitsune")
    (tmp_path / "law" / "us").mkdir(parents=True)
    (tmp_path / "law" / "us" / "us_robots.yaml").write_text(INSTRUMENT)
    (tmp_path / "law" / "stacking.yaml").write_text(STACKING)
    (tmp_path / "mine.py").write_text(EXTENSION)
    (tmp_path / "x.yaml").write_text(
        SMALL + "data: [kitsune]\nlaw: [law]\nextensions: [mine.py]\n"
        "parameters: {theta.scale: 2}\nuncertainties: {eta.cars: [3, 4]}\n"
        "design: {kind: factorial}\n"
    )
    asked = {
        "firms": (("--data", tmp_path / "kitsune"), "id", "kitsune"),
        "instruments": (("--law", tmp_path / "law"), "id", "us_robots"),
        "outcomes": (None, "name", "idle_units"),
    }
    for kind, (options, key, new) in asked.items():
        for given in filter(None, (options, ("--config", tmp_path / "x.yaml"))):
            assert new in {row[key] for row in kyoten("list", kind, *given, "--json").json}
    rows = kyoten("list", "parameters", "--config", tmp_path / "x.yaml", "--json").json
    given = {row["key"]: row["given"] for row in rows if "given" in row}
    assert given == {"theta.scale": 2.0, "eta.cars": [3.0, 4.0]}


def test_a_run_tells_what_it_holds(kyoten: Any, tmp_path: Path) -> None:
    write_run(tmp_path)
    (tmp_path / "law.json").write_text("{}")
    rules = {"base": {"us_x": {"title": "X", "authority": "US", "windows": [["2020-01-01", None]]}}}
    (tmp_path / "controls.json").write_text(json.dumps(rules))
    config = {"parameters": {"eta": 3.0}, "policies": {"base": {"reforms": [{"op": "cap"}]}}}
    write_manifest(tmp_path, replace(read_manifest(tmp_path), config=config))
    ranges = {"theta": {"low": 5.0, "high": 9.0, "scale": "linear"}}
    write_scenarios(tmp_path, Drawn(ranges, {"s0000": {"eta": 3.0, "theta": 6.0}}))
    told = {kind: kyoten("list", kind, "--run", tmp_path, "--json").json for kind in EVERY}
    assert [row["id"] for row in told["firms"]] == ["brother", "canon", "honda"]
    assert {row["key"]: row["given"] for row in told["parameters"]} == {
        "eta": 3.0,
        "theta": ranges["theta"],
    }
    assert [row["id"] for row in told["rules"]] == ["us_x"]
    assert [row["name"] for row in told["reforms"]] == ["base"]
    assert told["instruments"] == []
    for kind in EVERY:
        assert kyoten("list", kind, "--run", tmp_path).code == 0


def test_named_reforms_are_listed_with_their_days(kyoten: Any) -> None:
    rows = {row["name"]: row for row in kyoten("list", "reforms", "--json").json}
    assert (rows["china_60"]["first_day"], rows["china_60"]["last_day"]) == ("2025-02-01", None)
    assert rows["detente"]["first_day"] == "2026-11-10"
    assert "from 2025-02-01" in kyoten("list", "reforms", "china_60").out


@pytest.mark.parametrize("asked", [(), ("USMCA",), ("CPTPP",), ("GSP_US",), ("us_232_autos_jp",)])
def test_pages_of_the_law_wrap_at_words(
    kyoten: Any, monkeypatch: pytest.MonkeyPatch, asked: tuple[str, ...]
) -> None:
    monkeypatch.setenv("COLUMNS", "10000")
    whole = set(kyoten("law", "show", *asked).out.split())
    monkeypatch.setenv("COLUMNS", "80")
    assert set(kyoten("law", "show", *asked).out.split()) <= whole


def test_parameters_are_listed_with_their_meaning_calibrated_ones_too(kyoten: Any) -> None:
    cars = " ".join(kyoten("list", "parameters", "reallocation_share.cars").out.split())
    assert "a model cycle of six years (derived)" in cars
    assert "dispersion of sourcing costs" in kyoten("list", "parameters", "theta").out
