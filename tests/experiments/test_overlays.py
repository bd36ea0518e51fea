"""An experiment may lay folders of tables over the shipped ones."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sim.engine.model import RelocationModel
from sim.errors import ConfigError, InputError
from sim.experiments.running.batch import run_experiment
from sim.experiments.running.folder import overlays_told
from sim.experiments.running.setting import lay_ground
from sim.experiments.spec.reading import load_config
from sim.results.run_folder.manifest import read_manifest
from tests.data.kitsune import write_kitsune

SMALL = """\
experiment: small
end: 2017-03
replications: 1
data: [kitsune]
policies:
  as_enacted: {title: As enacted}
"""
LAW = {
    "us/us_robots.yaml": """\
id: us_robots
title: Duty on robots
legal_basis: Section 232
basis: section_232
importer: US
exporters: [JP]
products: [machinery]
kind: additional
stacking: robots
status: enacted
values:
  2017-02-01:
    rate: 0.2
    source: https://example.org/notice
    confidence: high
    evidence: estimated
""",
    "stacking.yaml": "groups:\n  robots: {importer: US, title: Robots}\n",
}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    write_kitsune(tmp_path / "kitsune")
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def test_a_maker_with_plants_in_two_countries_needs_an_overlay_alone(
    config: Path, tmp_path: Path
) -> None:
    run_experiment(load_config(config), tmp_path / "run", workers=1)
    plants = pd.concat(
        pd.read_parquet(path)
        for path in (tmp_path / "run" / "tables" / "plants").rglob("*.parquet")
    )
    own = plants[(plants["firm"] == "kitsune") & (plants["month"].astype(str) == "2017-01-01")]
    made = dict(zip(own["country"], own["output_units"] * 12, strict=True))
    assert {code for code, units in made.items() if units > 0.0} == {"JP", "MX"}
    assert made["MX"] == pytest.approx(150_000, rel=1e-6)


def test_the_run_folder_tells_its_overlays_by_content(config: Path, tmp_path: Path) -> None:
    run_experiment(load_config(config), tmp_path / "run", workers=1)
    (told,) = read_manifest(tmp_path / "run").overlays["data"]
    assert told["folder"] == str((tmp_path / "kitsune").resolve())
    assert len(told["sha256"]) == 64


def test_a_run_is_not_resumed_over_an_overlay_that_has_changed(
    config: Path, tmp_path: Path
) -> None:
    run_experiment(load_config(config), tmp_path / "run", workers=1)
    path = tmp_path / "kitsune" / "output_2017.csv"
    path.write_text(path.read_text("utf-8").replace("300000", "310000"), encoding="utf-8")
    with pytest.raises(InputError, match="or of an overlay have changed"):
        run_experiment(load_config(config), tmp_path / "run", workers=1, resume=True)


def test_an_overlay_elsewhere_with_the_same_content_is_the_same_experiment(
    config: Path, tmp_path: Path
) -> None:
    run_experiment(load_config(config), tmp_path / "run", workers=1)
    (tmp_path / "kitsune").rename(tmp_path / "moved")
    config.write_text(SMALL.replace("[kitsune]", "[moved]"), encoding="utf-8")
    said: list[str] = []
    run_experiment(load_config(config), tmp_path / "run", workers=1, say=said.append)
    assert "nothing to do" in said[0]


def test_folders_of_the_command_lie_over_those_of_the_file(config: Path, tmp_path: Path) -> None:
    more = write_kitsune(tmp_path / "more")
    path = more / "output_2017.csv"
    path.write_text(path.read_text("utf-8").replace("300000", "310000"), encoding="utf-8")
    lines = lay_ground(load_config(config, data=[more])).lines
    (own,) = [line for line in lines if line["firm"] == "kitsune"]
    assert own["base_by_country"]["JP"] == pytest.approx(310_000)


def test_mistakes_of_file_and_overlay_come_together(config: Path, tmp_path: Path) -> None:
    (tmp_path / "kitsune" / "sales_2017.csv").unlink()
    config.write_text(SMALL + "replicatons: 2\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(config)
    told = [str(fault) for fault in caught.value.faults]
    assert "small.yaml:7:1: replicatons: unknown key" in told[0]
    assert "kitsune/sales_2017.csv: line: kitsune_cars has no rows" in told[1]


def test_a_folder_that_is_not_there_is_told_at_its_line(config: Path) -> None:
    config.write_text(SMALL.replace("[kitsune]", "[kitsun]"), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(config)
    (fault,) = caught.value.faults
    assert (fault.key, fault.line, fault.cure) == ("data[0]", 4, "did you mean `kitsune`?")


def test_the_mesa_face_takes_overlays(tmp_path: Path) -> None:
    folder = write_kitsune(tmp_path / "kitsune")
    model = RelocationModel(last="2017-02", data=[folder])
    assert "kitsune" in {firm.id for firm in model.simulation.world.firms}


def test_a_new_duty_needs_an_overlay_of_the_law_alone(config: Path, tmp_path: Path) -> None:
    for name, text in LAW.items():
        path = tmp_path / "law" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    config.write_text(SMALL.replace("data: [kitsune]", "law: [law]"), encoding="utf-8")
    laid = lay_ground(load_config(config))
    assert "us_robots" in laid.law["as_enacted"]
    plain = lay_ground(load_config(config).having(law=[]))
    assert laid.law_sha256 != plain.law_sha256
    told = overlays_told(load_config(config))["law"]
    assert told[0]["folder"] == str((tmp_path / "law").resolve())
    (tmp_path / "law" / "us" / "us_robots.yaml").write_text("id: us_robots\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"law/us/us_robots\.yaml.*is missing"):
        load_config(config)
