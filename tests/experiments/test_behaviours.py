"""Firms whose decisions come from a user's file: read, run in batches, and told when wrong."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sim.errors import ConfigError, InputError
from sim.experiments.running.batch import run_experiment
from sim.experiments.spec.config import ExperimentConfig
from sim.experiments.spec.reading import load_config
from sim.extensions import ExtensionFile, load
from sim.results.run_folder.manifest import read_manifest
from sim.results.run_folder.query import open_run

MINE = '''\
"""Kinds of firm."""

from sim.engine.agents import Firm, affordable


class Eager(Firm):
    """Orders each quarter what its own random numbers point at, whatever it is worth."""

    def decide(self, options):
        self.reviews = getattr(self, "reviews", 0) + 1
        programmes = [one for one in options if one.step == "programme"]
        self.random.shuffle(programmes)
        return affordable(programmes[: self.reviews > 1], self.budget)


class Broken(Firm):
    def decide(self, options):
        return options[self.nothing]
'''
EXPERIMENT = """\
experiment: minds
end: 2017-09
replications: 3
chunk_lanes: 4
detail_replications: 3
extensions: [mine.py]
policies:
  as_enacted: {}
  eager: {behaviours: {ricoh: Eager}}
"""


def written(folder: Path, experiment: str = EXPERIMENT, **files: str) -> Path:
    """An experiment file with its extensions beside it."""
    folder.mkdir(exist_ok=True)
    for name, text in ({"mine": MINE} | files).items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    (folder / "x.yaml").write_text(experiment, encoding="utf-8")
    return folder / "x.yaml"


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> ExperimentConfig:
    return load_config(written(tmp_path_factory.mktemp("given")))


@pytest.fixture(scope="module")
def one_worker(config: ExperimentConfig, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("minds") / "one"
    run_experiment(config, folder, workers=1)
    return folder


def rows(folder: Path, name: str) -> pd.DataFrame:
    with open_run(folder) as run:
        table = run.table(name)
        return table.sort_values(list(table.columns), ignore_index=True)


def bytes_of(folder: Path) -> dict[str, bytes]:
    paths = sorted((folder / "tables").rglob("*.parquet"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def test_a_firm_of_a_users_file_decides_under_the_policy_that_names_it(one_worker: Path) -> None:
    """Each replication draws its own numbers and keeps its own memory."""
    moves = rows(one_worker, "relocations").query("firm == 'ricoh' and option_value_usd < 0")
    assert set(moves["policy"]) == {"eager"}
    assert set(moves["replication"]) == {0, 1, 2}
    assert set(moves["announced_month"].astype(str)) == {"2017-07-01"}
    assert len(moves[["from_country", "to_country", "market"]].drop_duplicates()) > 1


def test_two_workers_write_the_bytes_of_one(
    config: ExperimentConfig, one_worker: Path, tmp_path: Path
) -> None:
    run_experiment(config, tmp_path / "two", workers=2)
    assert bytes_of(tmp_path / "two") == bytes_of(one_worker)


def test_figures_do_not_depend_on_how_runs_are_packed(
    config: ExperimentConfig, one_worker: Path, tmp_path: Path
) -> None:
    run_experiment(config.having(chunk_lanes=64), tmp_path / "x", workers=1)
    for name in ("outcomes", "relocations", "plants"):
        pd.testing.assert_frame_equal(rows(one_worker, name), rows(tmp_path / "x", name))


def test_a_run_folder_holds_the_files_and_names_their_digests(
    config: ExperimentConfig, one_worker: Path
) -> None:
    """Its own configuration can be run again and is the same experiment."""
    assert (one_worker / "mine.py").read_text(encoding="utf-8") == MINE
    [named] = read_manifest(one_worker).config["extensions"]
    assert named == {"file": "mine.py", "sha256": config.extensions[0].sha256}
    assert load_config(one_worker / "config.yaml").digest() == config.digest()


def test_the_digest_of_an_experiment_covers_what_its_files_say(tmp_path: Path) -> None:
    first = load_config(written(tmp_path / "a"))
    moved = load_config(written(tmp_path / "b"))
    changed = load_config(written(tmp_path / "c", mine=MINE.replace("> 1", "> 2")))
    other = load_config(written(tmp_path / "d", EXPERIMENT.replace("ricoh:", "brother:")))
    assert first.digest() == moved.digest()
    assert len({first.digest(), changed.digest(), other.digest()}) == 3


def test_behaviours_of_all_policies_go_before_those_of_an_ancestor_and_its_own_last(
    tmp_path: Path,
) -> None:
    text = EXPERIMENT + (
        "  heir: {extends: eager, behaviours: {sharp: Eager}}\n"
        "behaviours: {ricoh: Broken, brother: Eager}\n"
    )
    config = load_config(written(tmp_path, text))
    assert config.behaviours_of("as_enacted") == {"ricoh": "Broken", "brother": "Eager"}
    assert config.behaviours_of("heir") == dict.fromkeys(("ricoh", "brother", "sharp"), "Eager")


@pytest.mark.parametrize("workers", [1, 2])
def test_an_exception_in_a_users_file_is_told_at_its_line(tmp_path: Path, workers: int) -> None:
    path = written(tmp_path, EXPERIMENT.replace(": Eager", ": Broken"))
    with pytest.raises(InputError) as caught:
        run_experiment(load_config(path), tmp_path / "out", workers=workers)
    [fault] = caught.value.faults
    line = MINE.splitlines().index("        return options[self.nothing]") + 1
    assert (fault.file, fault.line) == (str(tmp_path / "mine.py"), line)
    assert fault.wrong == "AttributeError: 'Broken' object has no attribute 'nothing'"


@pytest.mark.parametrize(
    ("old", "new", "mine", "words"),
    [
        ("ricoh", "rico", MINE, "x.yaml:9:24: policies.eager.behaviours.rico: no firm `rico`"),
        (": Eager", ": Eagre", MINE, "no extension defines a firm `Eagre`; did you mean `Eager`?"),
        ("[mine.py]", "[yours.py]", MINE, "x.yaml:6:14: extensions[0]: `yours.py` cannot be read"),
        ("[mine.py]", "[x.yaml]", MINE, "`x.yaml` is not a Python file"),
        ("[mine.py]", "[mine.py, ./mine.py]", MINE, "two files are named mine.py"),
        ("", "", MINE + "\nx = (\n", "mine.py:20:5: no Python: '(' was never closed"),
        ("", "", MINE + "\nx = 1 / 0\n", "mine.py:20: ZeroDivisionError: division by zero"),
        ("", "", "import nowhere\n", "mine.py:1: ModuleNotFoundError: No module named 'nowhere'"),
    ],
)
def test_a_mistake_in_the_keys_or_the_file_is_told_before_anything_runs(
    tmp_path: Path, old: str, new: str, mine: str, words: str
) -> None:
    path = written(tmp_path, EXPERIMENT.replace(old, new) if old else EXPERIMENT, mine=mine)
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    assert words in str(caught.value).replace(f"{tmp_path}/", "")


def test_one_name_in_two_files_is_refused(tmp_path: Path) -> None:
    text = EXPERIMENT.replace("[mine.py]", "[mine.py, other.py]")
    with pytest.raises(ConfigError, match=r"`Eager` is defined in mine.py too"):
        load_config(written(tmp_path, text, other=MINE + "\n# elsewhere\n"))


def test_a_file_that_changes_under_a_run_is_refused(tmp_path: Path) -> None:
    """Every worker reads the file itself: they must all run what was read first."""
    [extension] = load_config(written(tmp_path, mine=MINE + "# first\n")).extensions
    other = ExtensionFile(file=extension.file, sha256="0" * 64)
    with pytest.raises(InputError, match="holds something else than when the experiment was read"):
        load(other)
