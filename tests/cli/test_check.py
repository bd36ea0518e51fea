"""``kyoten check``: what the tables hold, what is weak, and how faults are told."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from sim.data.dataset import packaged_folder
from sim.errors import DataError, Fault, LawError
from tests.data.kitsune import write_kitsune


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(packaged_folder(), tmp_path / "data" / "world"))


def test_the_packaged_tables_pass_and_are_counted(kyoten: Any) -> None:
    report = kyoten("check", "--json").json
    assert report["lines"] == 63
    assert report["tables"]["fx_monthly"] > 1000
    assert report["sales_scale"]["toyota"] == pytest.approx(1.0041, abs=1e-4)
    assert all(finding["holds"] for finding in report["findings"])


def test_people_see_factors_idle_capacity_and_checks(kyoten: Any) -> None:
    ended = kyoten("check")
    assert ended.code == 0
    for text in (
        "Sales are multiplied by",
        "mitsubishi_motors",
        "left out as idle",
        "sales fitted",
    ):
        assert text in ended.out


def test_a_copy_of_the_data_is_checked_in_its_place(kyoten: Any, copied: Path) -> None:
    assert kyoten("check", "--tables", copied.parent, "--json").json["folder"] == str(copied)


def test_faults_end_with_exit_2_and_every_place(kyoten: Any, copied: Path) -> None:
    path = copied / "capacity_2017.csv"
    path.write_text(path.read_text("utf-8").replace("301132", "-301132", 1), "utf-8")
    (copied / "connections.csv").unlink()
    ended = kyoten("check", "--tables", copied)
    assert ended.code == 2
    assert "capacity_2017.csv:3:3: capacity_units: -301132 is outside 0 .. inf" in ended.err
    assert "connections.csv: is missing" in ended.err
    assert "Traceback" not in ended.err


def test_flows_above_the_trade_that_holds_them_end_with_exit_2(kyoten: Any, tmp_path: Path) -> None:
    head = (packaged_folder() / "flow_facts.csv").read_text("utf-8").splitlines()[0]
    row = "toyota_cars,JP,TH,sales,0.3,0.2,0.4,declared,a trial,low,estimated"
    (tmp_path / "flow_facts.csv").write_text(f"{head}\n{row}\n", "utf-8")
    ended = kyoten("check", "--data", tmp_path)
    assert ended.code == 2
    assert "trade_totals.csv:" in ended.err
    assert "jp_cars JP > TH 2017: lines ship" in ended.err


def test_faults_of_the_law_and_of_the_tables_come_together(
    kyoten: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sim.law.soundness
    import sim.results.scoring.targets

    def broken(*_: object) -> None:
        raise LawError(Fault("us/x.yaml", "rate", "is missing", line=3))

    def missing(path: Path) -> None:
        raise DataError(Fault(str(path), "", "cannot be read"))

    monkeypatch.setattr(sim.law.soundness, "load_law", broken)
    monkeypatch.setattr(sim.results.scoring.targets, "read_targets", missing)
    ended = kyoten("check")
    assert ended.code == 2
    assert "us/x.yaml:3: rate: is missing" in ended.err
    assert "calibration.csv: cannot be read" in ended.err


def test_the_audit_tells_on_what_evidence_the_volume_rests(kyoten: Any) -> None:
    volumes = kyoten("check", "--audit", "--json").json["volume_by_evidence"]
    whole, route = volumes["all"][-1], volumes["china_to_us"][-1]
    assert whole["product"] == route["product"] == "all"
    assert whole["usd"] > route["usd"] > 5e9
    grades = ("read", "cited", "derived", "recalled", "estimated")
    assert sum(route[grade] for grade in grades) == pytest.approx(1.0)
    assert "Of these from China to the United States" in kyoten("check", "--audit").out


def test_the_audit_of_the_package_asks_the_law_too(kyoten: Any) -> None:
    weak = kyoten("check", "--audit", "--json").json["weak_evidence"]
    assert {"law", "parameters", "plants"} <= {row["table"] for row in weak}


def test_the_audit_of_a_copy_lists_its_weak_rows(kyoten: Any, copied: Path) -> None:
    weak = kyoten("check", "--tables", copied, "--audit", "--json").json["weak_evidence"]
    assert {"table", "line", "key", "evidence", "note"} <= set(weak[0])
    assert {row["evidence"] for row in weak} == {"derived", "recalled", "estimated"}


def test_the_law_of_a_copied_data_folder_is_checked_with_its_tables(
    kyoten: Any, tmp_path: Path
) -> None:
    """A wrong key in an instrument file of a copy of sim/data is named as a mistake."""
    copy = tmp_path / "data"
    shutil.copytree(packaged_folder().parent, copy)
    instrument = copy / "law" / "us" / "us_122.yaml"
    text = instrument.read_text(encoding="utf-8")
    instrument.write_text(text.replace("source:", "sorce:", 1), encoding="utf-8")
    ended = kyoten("check", "--tables", copy)
    assert ended.code == 2
    assert "us_122.yaml" in ended.err
    assert "did you mean `source`?" in ended.err


def test_an_overlay_is_checked_with_the_tables_it_lies_over(kyoten: Any, tmp_path: Path) -> None:
    folder = write_kitsune(tmp_path / "kitsune")
    report = kyoten("check", "--data", folder, "--json").json
    assert report["overlays"] == [str(folder)]
    assert report["lines"] == 64
    (folder / "sales_2017.csv").unlink()
    ended = kyoten("check", "--data", folder)
    assert ended.code == 2
    assert "kitsune_cars has no rows" in ended.err
