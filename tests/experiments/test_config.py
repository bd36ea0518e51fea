"""The schema of experiment files, and what a resolved experiment holds."""

from __future__ import annotations

import json
from datetime import date

import pytest
from pydantic import ValidationError

from sim.axes import LANES
from sim.experiments.spec.config import ExperimentConfig, Inputs
from sim.experiments.spec.policy import ancestry

SMALL = {
    "experiment": "small",
    "end": "2018-12",
    "policies": {"as_enacted": {"title": "As enacted"}, "other": {}},
}


def config(**keys: object) -> ExperimentConfig:
    return ExperimentConfig.model_validate(SMALL | keys)


def test_defaults_are_the_base_year_64_paired_replications_and_full_blocks() -> None:
    small = config()
    assert (small.start, small.replications, small.chunk_lanes) == (date(2017, 1, 1), 64, LANES)
    assert len(small.months) == 24
    assert small.reference == "as_enacted"


def test_months_are_written_in_two_ways_and_mean_the_first_day() -> None:
    assert config(end="2020-03").end == config(end="2020-03-01").end == date(2020, 3, 1)


@pytest.mark.parametrize(
    "month", ["2025-13", "2025-00", "2025-3", "2025-03-15", "25-03", "soon", 2025]
)
def test_what_is_not_a_month_is_refused(month: object) -> None:
    with pytest.raises(ValidationError, match="is not a month"):
        config(end=month)


def test_python_callers_meet_the_rules_that_join_keys_too() -> None:
    with pytest.raises(ValidationError, match="no policy `nobody`"):
        config(baseline="nobody")


def test_a_config_with_other_keys_is_checked_again() -> None:
    small = config()
    assert small.having(replications=3).replications == 3
    assert small.having() == small
    with pytest.raises(ValidationError):
        small.having(replications=0)


def test_descriptions_do_not_change_the_digest_and_everything_else_does() -> None:
    small = config()
    named = {"as_enacted": {"title": "Another title"}, "other": {}}
    assert config(description="x", policies=named).digest() == small.digest()
    changes: list[dict[str, object]] = [
        {"seed": 1}, {"end": "2019-01"}, {"replications": 2}, {"chunk_lanes": 32},
        {"baseline": "other"}, {"inputs": {"rivals": False}}, {"parameters": {"theta": 5.0}},
        {"policies": {"as_enacted": {}}},
    ]  # fmt: skip
    digests = {config(**change).digest() for change in changes}
    assert len(digests | {small.digest()}) == len(changes) + 1


def test_the_resolved_form_is_plain_and_leaves_nothing_to_look_up() -> None:
    resolved = config().resolved()
    assert json.loads(json.dumps(resolved)) == resolved
    assert resolved["baseline"] == "as_enacted"
    assert resolved["policies"]["other"] == {"title": "", "reforms": [], "behaviours": {}}


def test_inputs_are_those_that_the_engine_switches() -> None:
    from sim.engine.mechanisms import INPUTS

    assert set(Inputs.model_fields) == set(INPUTS)


def test_ancestry_ends_where_a_circle_closes() -> None:
    assert ancestry("a", {"a": "b", "b": "a"}) == ("a", "b")
