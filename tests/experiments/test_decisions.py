"""The panel of decisions, what is likely under a set of parameters, and draws given the panel."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.axes import COUNTRIES, COUNTRY_INDEX
from sim.errors import DataError
from sim.experiments.decisions.account import SCORE_TABLE, SCORES, read
from sim.experiments.decisions.emulator import Chance
from sim.experiments.decisions.likelihood import (
    RHO,
    base_rate,
    brier_scores,
    log_likelihood,
    log_scores,
    panel_of,
    reported,
    smoothed,
)
from sim.experiments.decisions.panel import HALVES, PATH, Case, check_lines, fitted, read_panel
from sim.experiments.decisions.sampler import Sample, sample
from sim.experiments.decisions.skill import chances_of, forecasts, left_out
from sim.experiments.decisions.trials import Chances, Trials, decision, held
from sim.world.build import load_world
from sim.world.posterior import posterior_draws

CELLS = len(HALVES) * len(COUNTRIES) + 1
MOVER = Case("a", "A", "line_a", 2, ("TH", "JP"), 1.0)
STAYER = Case("b", "B", "line_b", -1, (), 1.0)
HEADER = (
    "case,firm,product,line,us_lists,duty_from,moved,announced,to,share_low,share_high,"
    "operating_by,weight,source_url,note,confidence,evidence\n"
)


def orders(*rows: tuple[int, str, str, float]) -> pd.DataFrame:
    """Orders of one line: replication, month, place, units; sorted by month."""
    table = pd.DataFrame(rows, columns=["replication", "announced_month", "to_country", "units"])
    table["announced_month"] = pd.to_datetime(table["announced_month"])
    return table.sort_values("announced_month", kind="stable")


def test_the_shipped_panel_has_movers_and_stayers_of_lines_that_the_world_has() -> None:
    cases = fitted(read_panel())
    assert 5 < sum(case.moved for case in cases) < len(cases) - 5
    check_lines(cases, load_world())


def test_an_outcome_is_one_whole_over_half_years_places_and_staying() -> None:
    cells = MOVER.observed()[:-1].reshape(len(HALVES), len(COUNTRIES))
    assert cells[2, COUNTRY_INDEX["TH"]] == cells[2, COUNTRY_INDEX["JP"]] == 0.5
    assert MOVER.observed().sum() == STAYER.observed().sum() == STAYER.observed()[-1] == 1.0


def test_a_panel_that_contradicts_itself_is_told_whole_with_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "panel.csv"
    rows = (
        "a,A,p,,,,yes,,,,,,1,declared,,low,recalled",
        "b,B,p,,,,no,2019-05-01,TH,,,,1,declared,,low,recalled",
        "c,C,p,,,,yes,2021-05-01,TH,,,,1,declared,,low,recalled",
        "d,D,p,,,,yes,2019-05-01,THA,,,,1,declared,,low,recalled",
    )
    path.write_text(HEADER + "\n".join(rows) + "\n")
    with pytest.raises(DataError) as error:
        read_panel(path)
    told = [(fault.line, fault.key) for fault in error.value.faults]
    assert told == [
        (5, "to"), (2, "announced"), (2, "to"), (3, "announced"), (3, "to"), (4, "announced"),
    ]  # fmt: skip


def test_a_line_that_the_world_has_not_is_told_with_the_nearest_name() -> None:
    wrong = Case("a", "Ricoh", "ricoh_printer", -1, (), 1.0)
    with pytest.raises(DataError, match="ricoh_printers"):
        check_lines([wrong], load_world())


def test_a_first_order_counts_in_its_review_and_by_the_volume_of_each_place() -> None:
    made = decision(orders((0, "2019-07-01", "TH", 30.0), (0, "2020-01-01", "JP", 10.0)), seeds=2)
    cells = made[:-1].reshape(len(HALVES), len(COUNTRIES))
    assert made[-1] == 0.5
    assert cells[3, COUNTRY_INDEX["TH"]] == pytest.approx(0.5 * 0.75)
    assert cells[3, COUNTRY_INDEX["JP"]] == pytest.approx(0.5 * 0.25)
    assert made.sum() == pytest.approx(1.0)


def test_an_order_before_the_panel_counts_nowhere_and_no_order_is_staying() -> None:
    early = decision(orders((0, "2017-10-01", "TH", 1.0)), seeds=1)
    assert early.sum() == 0.0
    assert decision(None, seeds=4)[-1] == 1.0


@given(
    st.lists(st.floats(0.01, 1.0), min_size=3, max_size=3),
    st.floats(0.1, 1.0),
)
def test_stayers_that_are_seldom_reported_make_movers_likelier_in_a_panel(
    chance: list[float], rho: float
) -> None:
    plain = np.array([chance]) / sum(chance)
    told = reported(plain, rho)
    assert told.sum() == pytest.approx(1.0)
    assert told[0, -1] <= plain[0, -1] + 1e-12
    assert told[0, 0] / told[0, 1] == pytest.approx(plain[0, 0] / plain[0, 1])


def test_no_outcome_is_impossible_after_smoothing_and_base_rates_leave_the_case_out() -> None:
    panel = panel_of([MOVER, STAYER], [MOVER, STAYER])
    chance = smoothed(np.zeros((2, CELLS)), panel.base, seeds=16)
    assert (chance > 0.0).all()
    assert panel.base[0, -1] > panel.base[1, -1]
    assert base_rate([STAYER.observed()]).sum() == pytest.approx(1.0)


def test_a_set_that_does_what_was_observed_is_likelier_than_base_rates() -> None:
    cases = [MOVER, STAYER]
    panel = panel_of(cases, cases)
    right = Chances(np.stack([case.observed() for case in cases]), moved=0.3)
    wrong = Chances(np.stack([case.observed() for case in reversed(cases)]), moved=0.3)
    likely = log_likelihood(right, panel, 16)
    assert (likely > log_likelihood(wrong, panel, 16)).all()
    assert likely.shape == (len(RHO),)
    crowd = Chances(right.decided, moved=1.0)
    assert (log_likelihood(crowd, panel, 16) < likely - 5.0).all()


def test_scores_are_best_for_what_happened() -> None:
    observed = MOVER.observed()[None, :]
    other = STAYER.observed()[None, :]
    sure = 0.9 * observed + 0.1 / CELLS
    assert log_scores(sure, observed)[0] > log_scores(sure, other)[0]
    assert brier_scores(sure, observed)[0] < brier_scores(sure, other)[0]


def test_a_case_is_forecast_without_itself_when_it_is_left_out() -> None:
    """One draw fits the mover, the other does not: without the case both weigh alike again."""
    cases = [MOVER]
    panel = panel_of(cases, [MOVER, STAYER])
    draws = [Chances(MOVER.observed()[None, :], 0.3), Chances(STAYER.observed()[None, :], 0.3)]
    chance = chances_of(draws, panel, 16)
    own = panel.weight * log_scores(chance, panel.observed)
    weights = np.exp(own[..., 0]) / np.exp(own[..., 0]).sum()
    kept = left_out(chance, weights, own)[0]
    np.testing.assert_allclose(kept, chance[:, :, 0].mean(axis=(0, 1)), rtol=1e-9)
    model, without, *_ = forecasts(draws, weights, own, panel, 16)
    assert model.log[0] > without.log[0]


def test_draws_of_a_posterior_have_its_mean_and_spread() -> None:
    def likelihood(at: np.ndarray) -> np.ndarray:
        return np.asarray(-0.5 * ((at[:, 0] + at[:, 1] - 0.9) / 0.1) ** 2)

    found = sample(likelihood, 12, rounds=(512, 512, 512), seed=3)
    places = found.at
    total = places[:, 0] + places[:, 1]
    assert found.weight @ total == pytest.approx(0.9, abs=0.03)
    assert np.sqrt(found.weight @ (total - 0.9) ** 2) == pytest.approx(0.1, abs=0.02)
    free = places[:, 5]
    assert np.sqrt(found.weight @ (free - 0.5) ** 2) == pytest.approx(12**-0.5, abs=0.05)


def test_resampled_rows_stand_by_weight() -> None:
    weight = np.array([0.5, 0.25, 0.25])
    rows = Sample(np.zeros((3, 1)), np.zeros(3), weight).resampled(4, seed=1)
    assert np.bincount(rows).tolist() == [2, 1, 1]


@pytest.mark.slow
def test_chances_are_the_same_whatever_the_workers_and_whatever_stands_beside() -> None:
    cases = fitted(read_panel(PATH))
    sets: Sequence[dict[str, float]] = [{}, {"existing_gap_factor": 0.01}, {"theta_slice": 15.0}]
    alone = [Trials(cases, 32).chances([one])[0] for one in sets]
    for workers in (1, 2):
        together = Trials(cases, 32, workers).chances(sets)
        for one, other in zip(alone, together, strict=True):
            np.testing.assert_array_equal(one.decided, other.decided)
            assert one.moved == other.moved


def told_scores() -> dict[str, dict[str, float]]:
    """Scores of the shipped fit by forecast."""
    return {
        row.text("forecast"): {name: row.number(name) for name in ("log_score", "brier", "hits")}
        for row in read(SCORES, SCORE_TABLE)
    }


def test_the_shipped_draws_forecast_the_panel_better_than_base_rates_and_nobody_moving() -> None:
    told = told_scores()
    for other in ("base rates", "nobody moves"):
        assert told["model"]["log_score"] > told[other]["log_score"]
        assert told["model"]["brier"] < told[other]["brier"]


@pytest.mark.slow
def test_the_shipped_draws_give_again_the_scores_that_are_told() -> None:
    every = read_panel()
    cases = fitted(every)
    panel, draws = panel_of(cases, every), posterior_draws()
    chance = chances_of(Trials(cases, 16).chances(draws), panel, 16)
    mean = chance.mean(axis=(0, 1))
    log = panel.weight @ log_scores(mean, panel.observed) / panel.weight.sum()
    assert log == pytest.approx(told_scores()["model"]["log_score"], abs=0.2)
    assert log > told_scores()["base rates"]["log_score"]


def test_an_emulated_chance_is_that_of_the_simulation_where_it_is_smooth() -> None:
    random = np.random.default_rng(2)
    scores = random.standard_normal((1500, 12))
    true = 1.0 / (1.0 + np.exp(-(1.5 * scores[:, 0] - scores[:, 1] * scores[:, 2] - 1.0)))
    seen = random.binomial(16, true) / 16
    emulated = Chance.fitted(scores, seen, 16).at(scores)
    assert np.sqrt(np.mean((emulated - true) ** 2)) < 0.05 < np.sqrt(np.mean((seen - true) ** 2))


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_chance_that_was_never_or_always_seen_is_emulated_as_such(share: float) -> None:
    scores = np.random.default_rng(3).standard_normal((200, 5))
    emulated = Chance.fitted(scores, np.full(200, share), 16).at(scores)
    assert np.abs(emulated - share).max() < 0.01


def test_a_set_keeps_its_values_factors_and_classes_but_those_of_lines_that_are_not_there() -> None:
    one = {"theta": 5.0, "theta.scale": 2.0, "eta.cars": 3.0, "eta.printers.scale": 1.5}
    assert held(one, {"printers"}) == {k: x for k, x in one.items() if k != "eta.cars"}
