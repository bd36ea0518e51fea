"""The experiments that ship are sound, and the schema that editors read is fresh."""

from __future__ import annotations

import difflib
from datetime import date
from pathlib import Path

import pytest

from sim.cli.schema import schema_text
from sim.experiments.running.batch import run_experiment
from sim.experiments.spec.design import chunks, scenarios
from sim.experiments.spec.reading import load_config
from sim.results.run_folder.query import open_run

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "configs").glob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_shipped_experiment_is_sound_named_like_its_file_and_told(path: Path) -> None:
    config = load_config(path)
    assert config.experiment == path.stem
    assert config.description
    assert all(policy.title for policy in config.policies.values())
    readme = (ROOT / "configs" / "README.md").read_text(encoding="utf-8")
    assert f"[`{path.name}`]({path.name})" in readme


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_shipped_experiment_runs_its_first_months_under_every_policy(
    path: Path, tmp_path: Path
) -> None:
    few = {"end": date(2017, 4, 1), "replications": 1, "detail_replications": 0}
    config = load_config(path).model_copy(update=few)
    if config.design.kind == "posterior":
        config = config.model_copy(
            update={"design": config.design.model_copy(update={"samples": 2})}
        )
    run_experiment(config, tmp_path / "run", workers=1)
    with open_run(tmp_path / "run") as run:
        assert set(run.lanes()) == set(config.policies)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_shipped_experiment_points_editors_at_the_schema(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=schema.json"


def test_the_schema_that_editors_read_is_fresh() -> None:
    """Renew it with `make docs` and commit the difference."""
    stored = (ROOT / "configs" / "schema.json").read_text(encoding="utf-8")
    lines = difflib.unified_diff(stored.splitlines(), schema_text().splitlines(), n=1)
    assert "\n".join(lines) == ""


def test_the_headline_has_its_policies_to_2030_over_64_draws_with_two_seeds_each() -> None:
    config = load_config(ROOT / "configs" / "headline.yaml")
    assert list(config.policies) == [
        "as_enacted",
        "no_tariffs_since_2018",
        "no_tariffs_since_2025",
        "us_autos_25_for_good",
        "neighbours_as_china",
        "japan_15_lost",
        "us_subsidies_repealed",
        "chip_tool_embargo",
        "china_60_both_ways",
    ]
    assert (len(config.months), len(scenarios(config)), config.replications) == (168, 64, 2)
    for chunk in chunks(config):
        assert len({lane.policy for lane in chunk}) == 1
