"""A small experiment from its file to its comparison, by the command line alone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from sim.axes import PRODUCT_NAMES
from sim.cli.main import main

EXPERIMENT = """\
experiment: tiny
description: Two years, two policies.
end: 2018-12
replications: 2
baseline: no_tariffs
policies:
  as_enacted: {title: As enacted}
  no_tariffs: {title: No new tariffs, use: [no_tariffs_since_2018]}
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the experiment's file."""
    place = tmp_path_factory.mktemp("tiny")
    (place / "tiny.yaml").write_text(EXPERIMENT, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def folder(place: Path) -> Path:
    """The finished run; nothing writes there."""
    folder = place / "run"
    with pytest.raises(SystemExit) as stopped:
        main(["run", str(place / "tiny.yaml"), "--out", str(folder), "--workers", "1"])
    assert not stopped.value.code
    return folder


def test_a_plan_tells_what_would_run_and_writes_nothing(kyoten: Any, place: Path) -> None:
    before = sorted(place.iterdir())
    told = kyoten("plan", place / "tiny.yaml", "--json").json
    assert (told["cases"], told["runs"], told["chunks"]) == (2, 4, 1)
    assert [policy["policy"] for policy in told["policies"]] == ["as_enacted", "no_tariffs"]
    people = kyoten("plan", place / "tiny.yaml").out
    assert "Two years, two policies." in people
    assert "No new tariffs" in people
    assert sorted(place.iterdir()) == before


def test_a_run_ends_finished_with_every_table(folder: Path) -> None:
    from sim.results.names import NAMES, customer_names
    from sim.results.run_folder.query import open_run
    from sim.tables import TABLES

    with open_run(folder) as run:
        assert (folder / NAMES).is_file()
        assert customer_names(run)["cxmt"] == "CXMT"
        assert run.manifest.status == "finished"
        assert set(run.policies) == {"as_enacted", "no_tariffs"}
        held = {name for name in TABLES if len(run.table(name))}
    assert {"outcomes", "flows", "ledger", "plants", "firms", "duties", "fx"} <= held


def test_a_run_keeps_the_digests_that_version_prints(kyoten: Any, folder: Path) -> None:
    from sim.results.run_folder.query import open_run
    from sim.results.source import source_line

    told = kyoten("--version", "--json").json
    with open_run(folder) as run:
        assert run.manifest.editions == {part: told[part]["sha256"] for part in ("law", "data")}
        source = source_line(run, run.policies)
    printed = kyoten("--version").out
    for part in ("law", "data"):
        assert told[part]["sha256"][:12] in printed
        assert f"{part} {told[part]['sha256'][:12]}" in source


def test_a_finished_run_is_left_alone_and_says_where_to_look(
    kyoten: Any, place: Path, folder: Path
) -> None:
    stamp = (folder / "manifest.json").stat().st_mtime_ns
    ended = kyoten("run", place / "tiny.yaml", "--out", folder, "--resume")
    assert ended.code == 0
    assert f"kyoten compare {folder}" in ended.out
    assert (folder / "manifest.json").stat().st_mtime_ns == stamp


def test_another_experiment_in_the_same_folder_is_refused(
    kyoten: Any, place: Path, folder: Path
) -> None:
    ended = kyoten("run", place / "tiny.yaml", "--out", folder, "--seed", 7)
    assert ended.code == 2
    assert "seed" in ended.err


def test_a_run_of_one_policy_points_to_its_report_alone() -> None:
    from sim.cli.run import _ending
    from tests.results.conftest import manifest

    alone = _ending(Path("x"), manifest(policies=("base",)))
    assert "one policy" in alone
    assert "kyoten report x" in alone
    assert "compare" not in alone
    assert "compare x --policy tariff --against base" in _ending(Path("x"), manifest())


def test_every_policy_of_a_run_is_proposed_for_comparison() -> None:
    from sim.cli.run import _ending
    from tests.results.conftest import manifest

    told = _ending(Path("x"), manifest(policies=("base", "enacted", "mine")))
    assert "--policy enacted --against base" in told
    assert "--policy mine --against base" in told


def test_what_a_run_says_while_it_is_under_way_fits_its_stage() -> None:
    from sim.cli.run import _standing
    from sim.experiments.running.progress import Standing

    assert _standing(Standing(0, 2, 3, 24, 0.1, None)) == "3 of 24 months"
    assert _standing(Standing(0, 2, 3, 24, 0.1, 130.0)) == "3 of 24 months, about 2 min left"
    assert _standing(Standing(1, 2, 24, 24, 0.9, 4.0)) == "writing tables, about 4 s left"
    assert _standing(Standing(2, 2, 24, 24, 1.0, 0.0)) == "24 of 24 months"


def test_without_a_terminal_each_tenth_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    from sim.cli.run import _Lines
    from sim.experiments.running.progress import Standing

    lines = _Lines("x")
    for step in range(101):
        lines(Standing(0, 1, step, 100, step / 100, None))
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 11
    assert told[1] == "x: 10 %, 10 of 100 months"


def test_the_run_can_be_compared_and_told(kyoten: Any, folder: Path) -> None:
    ended = kyoten("compare", folder, "--policy", "as_enacted")
    assert ended.code == 0
    assert ended.out.startswith("Under “")
    assert "(range of futures)" in " ".join(ended.out.split())


def test_one_outcome_is_told_by_its_largest_differences_first(kyoten: Any, folder: Path) -> None:
    out = kyoten("compare", folder, "--policy", "as_enacted", "--outcome", "output").out
    names = tuple(PRODUCT_NAMES.values())
    rows = [line for line in out.splitlines() if line.startswith(names)]
    changes = [re.search(r"  ([-+][\d.]+)(?: (k|m|bn))?  ", row) for row in rows]
    steps = {None: 1.0, "k": 1e3, "m": 1e6, "bn": 1e9}
    sizes = [abs(float(found[1])) * steps[found[2]] for found in changes if found]
    assert len(sizes) > 10
    assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (EXPERIMENT.replace("replications", "replicatons"), "did you mean `replications`"),
        (EXPERIMENT.replace("2018-12", "2018-13"), "is not a month"),
        (EXPERIMENT + "end: 2019-12\n", "given before"),
        (EXPERIMENT.replace("no_tariffs_since_2018", "no_tarifs"), "no shipped reform"),
        ("", "the file is empty"),
        ("policies:\n\tas_enacted: {}\n", "a tab"),
    ],
)
def test_a_mistake_in_the_file_ends_with_2_and_nothing_is_written(
    kyoten: Any, tmp_path: Path, text: str, words: str
) -> None:
    (tmp_path / "x.yaml").write_text(text, encoding="utf-8")
    ended = kyoten("run", tmp_path / "x.yaml", "--out", tmp_path / "out")
    assert ended.code == 2
    assert words in ended.err
    assert "x.yaml:" in ended.err
    assert "Traceback" not in ended.err
    assert not (tmp_path / "out").exists()


def test_a_missing_file_is_answered_with_the_nearest(kyoten: Any, place: Path) -> None:
    ended = kyoten("plan", place / "tniy.yaml")
    assert ended.code == 2
    assert "did you mean `tiny.yaml`" in ended.err


def test_a_value_outside_its_declared_range_is_told_by_plan_and_run(
    kyoten: Any, tmp_path: Path
) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(EXPERIMENT.replace("2018-12", "2017-02") + "parameters: {theta: 20}\n")
    said = "warning: parameters.theta: 20 is outside its declared range 5..11.5"
    assert said in kyoten("plan", path).out
    assert kyoten("plan", path, "--json").json["warnings"][0] == said.removeprefix("warning: ")
    assert said in kyoten("run", path, "--out", tmp_path / "run", "--workers", "1").err
