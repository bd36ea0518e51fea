"""Every target names an experiment that ships, and asks it of policies that it has."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.data.dataset import packaged_folder
from sim.errors import DataError
from sim.experiments.calibration.scoreboard import config_file, read_facts, runs_of, scoreboard
from sim.experiments.spec.reading import load_config

ROOT = Path(__file__).resolve().parents[2]
CONFIGS = ROOT / "configs"
FACTS = read_facts(packaged_folder().parent / "targets" / "calibration.csv")
EXPERIMENTS = sorted((CONFIGS / "experiments").glob("*.yaml"))


@pytest.mark.parametrize("path", EXPERIMENTS, ids=lambda path: path.name)
def test_every_small_experiment_is_sound_named_like_its_file_and_answers_a_target(
    path: Path,
) -> None:
    config = load_config(path)
    assert config.experiment == path.stem
    assert config.description
    assert path.stem in runs_of(FACTS)
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=../schema.json"


def test_every_ask_is_put_to_policies_that_its_experiment_has() -> None:
    for fact in FACTS:
        if fact.is_property or not fact.target.ask:
            continue
        path = config_file(CONFIGS, fact.run)
        assert path is not None, fact.id
        policies = load_config(path).policies
        assert fact.target.policy in policies, fact.id
        assert not fact.target.against or fact.target.against in policies, fact.id
        assert ("base_" in fact.target.ask) == bool(fact.target.against), fact.id


def test_every_row_of_the_history_asks_something() -> None:
    assert [fact.id for fact in FACTS if fact.run == "history" and not fact.target.ask] == []


def test_a_row_whose_experiment_was_never_run_is_a_miss_that_says_so(tmp_path: Path) -> None:
    verdicts = scoreboard(FACTS, tmp_path)
    assert list(verdicts) == [fact.id for fact in FACTS if not fact.is_property]
    assert not any(one.within for one in verdicts.values())
    assert verdicts["A01"].why_not == f"no run of `history` in {tmp_path}"
    assert verdicts["G29"].why_not == "the row asks nothing"


def test_a_file_without_the_column_run_or_with_an_empty_cell_is_refused(tmp_path: Path) -> None:
    head = "id,policy,against,ask,low,high,unit,source"
    path = tmp_path / "t.csv"
    path.write_text(f"{head}\nX,p,,,0,1,share,here\n")
    with pytest.raises(DataError, match="run: column is missing"):
        read_facts(path)
    path.write_text(f"{head},run\nX,p,,,0,1,share,here,\n")
    with pytest.raises(DataError, match="run: is empty"):
        read_facts(path)
