"""A run folder tells which parameters each of its scenarios set."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.errors import QueryError
from sim.experiments.spec.design import scenarios
from sim.results.run_folder.query import open_run
from sim.results.run_folder.scenarios import NAME
from tests.experiments.test_batch import CONFIG, Stop, run, stop_after

VARIED = CONFIG.having(
    replications=2,
    uncertainties={"theta": {"low": 6, "high": 11, "scale": "log"}, "eta.cars": [1.0, 2.0]},
    parameters={"invoice_lag": 0.5},
    design={"kind": "latin_hypercube", "samples": 4},
)


def test_values_of_every_scenario_come_back_as_they_were_drawn(tmp_path: Path) -> None:
    run(tmp_path / "x", VARIED)
    with open_run(tmp_path / "x") as opened:
        frame = opened.scenarios
        ranges = opened.drawn.ranges
        results = opened.table("outcomes", outcome="output")
    with sim.open_run(tmp_path / "x") as face:
        pd.testing.assert_frame_equal(face.scenarios, frame)
    assert frame.index.name == "scenario"
    assert frame.T.to_dict() == {one.name: dict(one.values) for one in scenarios(VARIED)}
    assert set(frame.index) == set(results["scenario"])
    assert ranges == {
        "theta": {"low": 6.0, "high": 11.0, "scale": "log"},
        "eta.cars": [1.0, 2.0],
    }


def test_where_nothing_varies_the_base_scenario_tells_what_the_configuration_sets(
    tmp_path: Path,
) -> None:
    run(tmp_path / "x", CONFIG.having(parameters={"theta": 8.0}))
    run(tmp_path / "plain")
    with open_run(tmp_path / "x") as opened:
        assert opened.scenarios.loc["base"].to_dict() == {"theta": 8.0}
        assert opened.drawn.ranges == {}
    with open_run(tmp_path / "plain") as opened:
        assert opened.scenarios.shape == (1, 0)


def test_a_resumed_run_tells_the_same_scenarios_byte_by_byte(tmp_path: Path) -> None:
    run(tmp_path / "whole", VARIED)
    with pytest.raises(Stop):
        run(tmp_path / "parts", VARIED, progress=stop_after(2))
    (tmp_path / "parts" / NAME).unlink()
    run(tmp_path / "parts", VARIED, resume=True)
    whole, parts = ((tmp_path / one / NAME).read_bytes() for one in ("whole", "parts"))
    assert parts == whole


def test_a_run_of_an_earlier_version_is_refused_only_where_values_are_lost(tmp_path: Path) -> None:
    run(tmp_path / "varied", VARIED)
    run(tmp_path / "plain")
    for folder in ("varied", "plain"):
        (tmp_path / folder / NAME).unlink()
    with open_run(tmp_path / "plain") as opened:
        assert list(opened.scenarios.index) == ["base"]
    with (
        open_run(tmp_path / "varied") as opened,
        pytest.raises(QueryError, match=r"no `scenarios\.json`; run the experiment again"),
    ):
        _ = opened.scenarios


def test_a_file_that_holds_no_scenarios_is_refused_with_its_name(tmp_path: Path) -> None:
    run(tmp_path / "x")
    (tmp_path / "x" / NAME).write_text('{"scenarios": {"base": {"theta": "high"}}}')
    with open_run(tmp_path / "x") as opened, pytest.raises(QueryError, match=r"scenarios\.json"):
        _ = opened.scenarios
