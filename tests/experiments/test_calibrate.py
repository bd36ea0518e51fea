"""Calibration: dials stay in their ranges, the loss counts widths, a study finds a known place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from sim.data.dataset import packaged_folder
from sim.errors import InputError
from sim.experiments.calibration import search as subject
from sim.experiments.calibration.calibrated_set import calibrated_rows, read_felt, save
from sim.experiments.calibration.evaluator import Bench
from sim.experiments.calibration.loss import WORST, distance, open_units
from sim.experiments.calibration.search import Answer, benches, calibrate
from sim.experiments.calibration.stages import STAGES, Group, Stage
from sim.experiments.calibration.tunables import dial, overrides, standing
from sim.experiments.spec.reading import load_config
from sim.results.scoring.score import Verdict
from sim.results.scoring.targets import read_targets

ROOT = Path(__file__).resolve().parents[2]
TARGETS = read_targets(packaged_folder().parent / "targets" / "calibration.csv")


def verdict(simulated: float | None, low: float | None, high: float | None) -> Verdict:
    inside = simulated is not None and (low or -1e9) <= simulated <= (high or 1e9)
    return Verdict("X", simulated, simulated, simulated, low, high, inside, "")


def test_a_group_turns_one_factor_and_every_member_stays_in_its_own_range() -> None:
    group = dial("reallocation_share.*")
    for place in (group.low, 1.0, group.high):
        for member in group.members:
            value = group.values(place)[member.name, member.scope]
            assert member.low <= value <= member.high
    assert group.values(1.0)["reallocation_share", "printers"] == 0.06


def test_a_value_for_all_is_given_only_to_classes_without_a_row_of_their_own() -> None:
    one = dial("price_weight")
    keys = overrides(one.values(0.4))
    assert keys["price_weight.printers"] == 0.4
    assert "price_weight.cars" not in keys
    assert "price_weight" not in keys


def test_an_unknown_or_fixed_parameter_is_no_dial() -> None:
    with pytest.raises(InputError, match="did you mean `theta`"):
        dial("thata")
    with pytest.raises(InputError, match="no range to move in"):
        dial("minimum_scale_units")


def test_the_loss_counts_widths_of_the_band_and_no_more_than_three() -> None:
    assert distance(verdict(0.5, 0.0, 1.0), 1.0) == 0.0
    assert distance(verdict(1.5, 0.0, 1.0), 1.0, margin=0.0) == 0.5
    assert distance(verdict(0.98, 0.0, 1.0), 1.0) == pytest.approx(0.03)
    assert distance(verdict(50.0, 0.0, 1.0), 1.0) == WORST
    assert distance(verdict(None, 0.0, 1.0), 1.0) == WORST
    units = open_units({"X": verdict(64.0, None, 0.0)})
    assert distance(verdict(32.0, None, 0.0), units["X"], margin=0.0) == 0.5


def test_every_stage_names_dials_with_ranges_and_rows_that_ask_something() -> None:
    for stage in STAGES:
        assert all(dial(name).low < dial(name).high for name in stage.dials)
        for bench in benches(stage, TARGETS, ROOT / "configs"):
            assert bench.policies
            assert all(target.ask for target in bench.targets)
    dials = [name for stage in STAGES for name in stage.dials]
    assert len(dials) == len(set(dials))


def made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bench whose only row is the invoice lag itself, wanted between .70 and .75."""

    def judge(self: Bench, sets: Sequence[dict[str, float]]) -> list[dict[str, Verdict]]:
        return [{"B01": verdict(one["invoice_lag.cars"], 0.70, 0.75)} for one in sets]

    stage = Stage("made_up", ("invoice_lag.cars", "us_content.cars"), (Group("history", ("B01",)),))
    monkeypatch.setattr(Bench, "judge", judge)
    monkeypatch.setattr(subject, "STAGES", (stage,))


def test_a_study_meets_a_band_that_can_be_met_and_leaves_alone_what_no_row_feels(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("optuna")
    made_up(monkeypatch)
    (answer,) = calibrate(TARGETS, ROOT / "configs", trials=28, say=lambda _: None)
    assert not answer.declared["B01"].within
    assert answer.verdicts["B01"].within
    assert answer.best["us_content.cars"] == dial("us_content.cars").start
    assert answer.rows_of("invoice_lag.cars") == ("B01",)
    assert answer.rows_of("us_content.cars") == ()
    (again,) = calibrate(TARGETS, ROOT / "configs", trials=28, say=lambda _: None)
    assert again.best == answer.best


def test_an_unknown_stage_is_told_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="known: cars, goods, tools, siting"):
        calibrate(TARGETS, ROOT / "configs", stages=["car"], say=lambda _: None)


def answer(name: str, place: float) -> Answer:
    one = dial("invoice_lag.cars")
    told = {"B01": verdict(place, 0.7, 0.75)}
    moves = {(one.name, "B01"): 2.0}
    return Answer(Stage(name, (one.name,), ()), (one,), {one.name: place}, told, told, moves)


def test_saving_replaces_the_rows_of_the_stages_that_were_run_and_keeps_the_others(
    tmp_path: Path,
) -> None:
    places = tmp_path / "calibrated.csv", tmp_path / "sensitivity.csv"
    save([answer("one", 0.7)], *places)
    save([answer("two", 0.71)], *places)
    save([answer("one", 0.72)], *places)
    rows = places[0].read_text().splitlines()[1:]
    assert [row.split(",")[2] for row in rows] == ["0.71", "0.72"]
    assert [(one.stage, one.move) for one in read_felt(places[1])] == [("two", 2.0), ("one", 2.0)]
    assert read_felt(tmp_path / "none.csv") == []


def test_a_dial_at_its_declared_place_is_not_written() -> None:
    assert calibrated_rows([answer("one", dial("invoice_lag.cars").start)]) == []


def test_a_bench_judges_each_set_by_itself_on_the_engine() -> None:
    """Two sets that differ in one parameter differ in the row that feels it."""
    config = load_config(ROOT / "configs" / "experiments" / "car_elasticities.yaml")
    config = config.having(end="2018-12")
    ask = (
        "SELECT replication, sum(units) AS value FROM flows "
        "WHERE market = 'US' AND month = DATE '2018-12-01' GROUP BY replication"
    )
    row = TARGETS[0]
    target = type(row)("x", "cost_plus_1pct", "", ask, 0.0, 1.0, "units", "", 1)
    bench = Bench(config, (target,), ("cars",), 1)
    low, high, same = (
        one["x"].simulated
        for one in bench.judge([{"eta.cars": 2.5}, {"eta.cars": 5.5}, {"eta.cars": 2.5}])
    )
    assert low == same
    assert high is not None
    assert low is not None
    assert high < low


def test_a_dial_stands_where_the_calibrated_set_has_it() -> None:
    for stage in STAGES:
        for name in stage.dials:
            one = dial(name)
            assert one.low <= standing(one) <= one.high
