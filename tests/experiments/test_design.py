"""Scenarios, lanes and chunks follow from the configuration alone."""

from __future__ import annotations

from itertools import chain, groupby

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sim.experiments.spec.config import Design, ExperimentConfig, Range
from sim.experiments.spec.design import chunks, lanes, quantile, scenarios, unconstrained

SMALL = {"experiment": "small", "end": "2018-12", "policies": {"a": {}, "b": {}}}


def config(**keys: object) -> ExperimentConfig:
    return ExperimentConfig.model_validate(SMALL | keys)


def designed(kind: str, samples: int = 8, seed: int = 1) -> ExperimentConfig:
    """Two uncertainties: a range and three values."""
    return config(
        uncertainties={"theta": {"low": 4, "high": 12}, "eta": [1.0, 2.0, 4.0]},
        design={"kind": kind, "samples": samples, "seed": seed},
        parameters={"hazard_cv": 0.5},
    )


def test_without_uncertainties_there_is_one_scenario_called_base() -> None:
    (only,) = scenarios(config(parameters={"theta": 5.0}))
    assert (only.name, dict(only.values)) == ("base", {"theta": 5.0})


def test_a_factorial_crosses_both_ends_of_a_range_with_every_value() -> None:
    found = [(s.values["theta"], s.values["eta"]) for s in scenarios(designed("factorial"))]
    assert found == [(4, 1), (4, 2), (4, 4), (12, 1), (12, 2), (12, 4)]


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol"])
def test_drawn_designs_spread_evenly_and_keep_fixed_parameters(kind: str) -> None:
    drawn = scenarios(designed(kind, samples=16))
    theta = sorted(s.values["theta"] for s in drawn)
    strata = [int((value - 4) / 8 * 16) for value in theta]
    assert strata == list(range(16))
    assert {s.values["eta"] for s in drawn} == {1.0, 2.0, 4.0}
    assert {s.values["hazard_cv"] for s in drawn} == {0.5}


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol"])
def test_a_drawn_design_is_the_same_each_time_and_another_with_another_seed(kind: str) -> None:
    assert scenarios(designed(kind)) == scenarios(designed(kind))
    assert scenarios(designed(kind)) != scenarios(designed(kind, seed=2))


def test_lanes_are_ordered_by_policy_then_scenario_then_replication() -> None:
    found = [
        (lane.policy, lane.scenario, lane.replication) for lane in lanes(designed("factorial"))
    ]
    assert found == sorted(found)
    assert len(found) == len(set(found)) == 2 * 6 * 64


def test_a_lane_carries_the_index_of_its_policys_law_and_its_scenarios_values() -> None:
    every = lanes(designed("factorial").having(replications=1))
    assert {(lane.policy, lane.law) for lane in every} == {("a", 0), ("b", 1)}
    first = {s.name: s.values for s in scenarios(designed("factorial"))}
    assert all(lane.overrides == first[lane.scenario] for lane in every)


def test_the_first_replications_of_each_case_are_kept_in_detail() -> None:
    every = lanes(config(replications=5, detail_replications=2))
    for _, case in groupby(every, key=lambda lane: (lane.policy, lane.scenario)):
        assert [lane.detail for lane in case] == [True, True, False, False, False]


@given(st.integers(1, 40), st.integers(1, 64))
def test_chunks_are_the_lanes_in_order_and_full_but_for_the_last(count: int, size: int) -> None:
    experiment = config(replications=count, chunk_lanes=size)
    cut = chunks(experiment)
    assert tuple(chain.from_iterable(cut)) == lanes(experiment)
    assert all(len(chunk) == size for chunk in cut[:-1])
    assert 1 <= len(cut[-1]) <= size


@given(st.floats(0, 1))
def test_a_quantile_lies_within_the_range(share: float) -> None:
    for scale in ("linear", "log"):
        value = quantile(Range(low=2, high=9, scale=scale), np.array([share]))[0]
        assert 2 - 1e-12 <= value <= 9 + 1e-12


def test_no_drawing_without_a_design() -> None:
    assert Design().kind == "none"


def test_posterior_draws_are_the_scenarios_and_what_the_experiment_sets_goes_before_them() -> None:
    plain = scenarios(config(design={"kind": "posterior", "samples": 4}))
    assert [one.name for one in plain] == ["s0000", "s0001", "s0002", "s0003"]
    assert len({one.values["theta_slice"] for one in plain}) == 4
    chosen = {"theta_slice": 5.0, "entry_gap.printers": 0.07}
    fixed = scenarios(config(design={"kind": "posterior", "samples": 4}, parameters=chosen))
    for one, other in zip(plain, fixed, strict=True):
        assert (
            other.values
            == {
                key: x
                for key, x in one.values.items()
                if key not in ("theta_slice", "entry_gap.scale")
            }
            | chosen
        )


def test_parameters_that_draws_leave_as_wide_as_declared_are_told_as_unconstrained() -> None:
    posterior = config(design={"kind": "posterior"})
    free = unconstrained(scenarios(posterior), posterior)
    assert "hazard_ieepa" in free
    assert set(free) < set(scenarios(posterior)[0].values)


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"design": {"kind": "posterior", "samples": 1000}}, "there are 64 draws"),
        (
            {"design": {"kind": "posterior"}, "uncertainties": {"theta": [5.0, 6.0]}},
            "the posterior draws vary parameters themselves",
        ),
    ],
)
def test_a_posterior_has_only_its_draws(keys: dict[str, object], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        config(**keys)


def test_of_posterior_draws_so_many_runs_in_all_are_kept_in_full() -> None:
    every = lanes(config(design={"kind": "posterior"}, replications=2, detail_replications=3))
    kept = [(one.policy, one.scenario, one.replication) for one in every if one.detail]
    first = [("s0000", 0), ("s0000", 1), ("s0001", 0)]
    assert kept == [(policy, *run) for policy in ("a", "b") for run in first]
