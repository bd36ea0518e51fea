"""Policies may edit the law of export control, by name or in full."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from sim.errors import ConfigError
from sim.experiments.running.account import control_account
from sim.experiments.running.setting import controls_histories
from sim.experiments.spec.config import ExperimentConfig
from sim.experiments.spec.reading import load_config
from sim.law.controls import Query, decide

TEXT = """\
experiment: tools
end: 2027-12
policies:
  enacted: {}
  act: {use: [match_act, no_tariffs_since_2025]}
  korea:
    extends: act
    reforms:
      - {op: cap, importer: US, exporters: JP, rate: 0.1, start: 2026-01-01}
      - name: korea_joins
        title: South Korea joins
        source: scenario
        start: 2027-03-01
        changes: [{act: regroup, group: SUPP4, join: [KR]}]
"""


def config(tmp_path: Path, text: str = TEXT) -> ExperimentConfig:
    path = tmp_path / "x.yaml"
    path.write_text(text)
    return load_config(path)


def faults(tmp_path: Path, reform: str) -> list[str]:
    text = f"experiment: x\nend: 2027-12\npolicies:\n  a:\n    reforms:\n      - {reform}\n"
    with pytest.raises(ConfigError) as raised:
        config(tmp_path, text)
    return [str(fault) for fault in raised.value.faults]


def test_each_reform_goes_to_its_own_law_in_order(tmp_path: Path) -> None:
    found = config(tmp_path)
    assert [one.name for one in found.control_reforms("korea")] == ["match_act", "korea_joins"]
    assert [one.op for one in found.reforms("korea")][-1] == "cap"
    assert found.control_reforms("enacted") == ()


def test_the_law_of_a_policy_is_that_of_its_reforms(tmp_path: Path) -> None:
    history = controls_histories(config(tmp_path))["korea"]
    tool = Query("3B001", 0.05, "KR", "KR", "CN", "hua_hong")
    days = (date(2027, 2, 1), date(2027, 4, 1))
    assert [decide(tool, day, law=history.law).us for day in days] == ["LIC_PoD", "EXEMPT_S4"]
    told = control_account({"korea": history})["korea"]["us_sme_fdp"]
    assert (told["authority"], told["announced"]) == ("US", "2024-12-02")


def test_a_resolved_experiment_has_nothing_left_to_look_up_and_the_same_digest(
    tmp_path: Path,
) -> None:
    found = config(tmp_path)
    again = ExperimentConfig.model_validate(found.resolved())
    assert again.digest() == found.digest()
    assert again.control_reforms("korea") == found.control_reforms("korea")


def test_another_reform_of_controls_is_another_experiment(tmp_path: Path) -> None:
    other = TEXT.replace("2027-03-01", "2027-04-01")
    assert config(tmp_path).digest() != config(tmp_path, other).digest()


@pytest.mark.parametrize(
    ("reform", "message"),
    [
        ("{name: x, title: x, source: x, start: 2027-01-01, changes: [{act: repea}]}",
         "changes[0].act: unknown word `repea`"),
        (("{name: x, titl: x, source: x, start: 2027-01-01, changes: [{act: repeal, "
         "pick: {authority: US}}]}"), "titl: unknown key"),
        (("{name: x, title: x, source: x, start: 2027-01-01, changes: [{act: repeal, "
         "pick: {rules: [us_sme_fd]}}]}"), "did you mean `us_sme_fdp`?"),
        ("{name: x, title: x, source: x, start: 2027-01-01, changes: []}", "must not be empty"),
        ("{op: se, importer: US}", "reforms[0].op: unknown word `se`"),
    ],
)  # fmt: skip
def test_a_wrong_reform_is_told_with_its_place_and_cure(
    tmp_path: Path, reform: str, message: str
) -> None:
    found = faults(tmp_path, reform)
    assert any(message in fault for fault in found), found
    assert all(":6:" in fault for fault in found)
    if "repea" in message:
        assert len(found) == 1


def test_a_name_that_neither_law_ships_is_told(tmp_path: Path) -> None:
    text = TEXT.replace("[match_act, no_tariffs_since_2025]", "[match_ac]")
    with pytest.raises(ConfigError, match="did you mean `match_act`"):
        config(tmp_path, text)
