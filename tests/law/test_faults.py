"""A mistake in a law file is named with its file, line, key and cure, all of them at once."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from sim.errors import Fault, LawError
from sim.law.files import LAW_FOLDER
from sim.law.law import load_law, read_law
from sim.law.rates.schedule import duty
from sim.law.reforms.edits import apply_reforms
from sim.law.reforms.schema import parse_reforms

GOOD = """\
id: us_test
title: A test duty
legal_basis: a statute
basis: section_301
importer: US
exporters: [CN]
products: [cars]
kind: additional
stacking: section_301_china
status: enacted
values:
  2018-07-06:
    rate: 0.25
    source: https://example.org/notice
    confidence: high
    evidence: read
"""

Faults = Callable[[str], list[Fault]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("stacking.yaml", "agreements.yaml", "origin.csv"):
        shutil.copy(LAW_FOLDER / name, tmp_path / name)
    shutil.copytree(LAW_FOLDER / "schedules", tmp_path / "schedules")
    (tmp_path / "us").mkdir()
    return tmp_path


@pytest.fixture
def faults(folder: Path) -> Faults:
    def found(text: str) -> list[Fault]:
        (folder / "us" / "us_test.yaml").write_text(text, encoding="utf-8")
        return read_law([folder])[1]

    return found


def test_a_good_file_has_none(faults: Faults) -> None:
    assert faults(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "says"),
    [
        ("    rate: 0.25", "\trate: 0.25", 13, "", "a tab"),
        ("    source: https://example.org/notice\n", "", 12, "values.2018-07-06", "`source`"),
        ("[cars]", "[carz]", 7, "products[0]", "`cars`"),
        ("[CN]", "[CX]", 6, "exporters[0]", "`CX` is unknown"),
        ("importer: US", "importer: USA", 5, "importer", "`USA` is unknown"),
        ("  2018-07-06:", "  2018-13-06:", 12, "values.2018-13-06", "is not a date"),
        ("rate: 0.25", "rate: 25", 13, "values.2018-07-06.rate", "a share"),
        ("rate: 0.25", "rate: a quarter", 13, "values.2018-07-06.rate", "is no number"),
        ("    rate: 0.25\n", "", 12, "values.2018-07-06", "needs its `rate`"),
        ("evidence: read", "evidence: seen", 16, "values.2018-07-06.evidence", "unknown"),
        ("https://example.org/notice", "a friend", 14, "values.2018-07-06.source", "address"),
        ("kind: additional", "kind: extra", 8, "kind", "unknown"),
        ("title:", "titel:", 2, "titel", "`title`"),
        ("id: us_test", "id: us_tset", 1, "id", "name of the file"),
        ("importer: US", "importer: CN", 5, "importer", "move it to `cn/`"),
        ("section_301_china", "section_301_chian", None, "stacking", "`section_301_china`"),
        ("title: A test duty", "title: A test duty\ntitle: Twice", 3, "title", "given before"),
    ],
)
def test_a_fault_names_line_key_and_cure(
    faults: Faults, old: str, new: str, line: int | None, key: str, says: str
) -> None:
    found = faults(GOOD.replace(old, new, 1))
    told = [fault for fault in found if says in str(fault)]
    assert told, [str(fault) for fault in found]
    assert told[0].file.endswith("us_test.yaml")
    assert told[0].line == line
    assert told[0].key == key


def test_overlapping_values_are_refused(faults: Faults) -> None:
    later = GOOD[GOOD.index("  2018-07-06") :].replace("2018-07-06", "2019-01-01")
    first = GOOD.replace("    rate: 0.25", "    rate: 0.25\n    end: 2019-02-01")
    found = faults(first + later)
    assert [fault.key for fault in found] == ["values.2018-07-06"]
    assert "2019-01-01" in str(found[0])


def test_all_faults_are_told_at_once(faults: Faults) -> None:
    broken = GOOD.replace("[cars]", "[carz]").replace("[CN]", "[CX]").replace("0.25", "25")
    assert len(faults(broken)) == 3


def test_an_end_before_the_start_is_refused(faults: Faults) -> None:
    found = faults(GOOD.replace("    rate: 0.25", "    rate: 0.25\n    end: 2017-02-01"))
    assert "before the start" in str(found[0])


@pytest.mark.parametrize(
    ("table", "old", "new", "says"),
    [
        ("mfn.csv", "JP,cars,2017-01-01,,0,", "JP,cars,2017-01-01,,,", "rate_share: is empty"),
        ("mfn.csv", "JP,cars,2017-01-01,,0,", "JP,carz,2017-01-01,,0,", "`cars`"),
        ("mfn.csv", "JP,cars,2017-01-01,,0,", "JP,cars,2018-01-01,,0,", "no rate from 2017"),
        ("mfn.csv", "importer,product", "importer,good", "product: column is missing"),
        ("preferences.csv", "USMCA,US,MX;CA", "USMAC,US,MX;CA", "`USMCA`"),
        ("preferences.csv", "USMCA,US,MX;CA", "USMCA,US,US;CA", "importer itself"),
    ],
)
def test_a_fault_in_a_schedule_names_its_line(
    folder: Path, table: str, old: str, new: str, says: str
) -> None:
    path = folder / "schedules" / table
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = [fault for fault in read_law([folder])[1] if says in str(fault)]
    assert found
    assert found[0].file.endswith(table)


def test_a_missing_file_and_a_strange_folder_are_named(folder: Path) -> None:
    (folder / "uk").mkdir()
    assert "is no issuer's folder" in str(read_law([folder])[1][0])
    (folder / "stacking.yaml").unlink()
    assert "is missing" in str(read_law([folder])[1][0])


def test_loading_a_broken_law_raises_with_every_fault(folder: Path) -> None:
    (folder / "us" / "us_test.yaml").write_text(GOOD.replace("[cars]", "[carz, vans]"))
    with pytest.raises(LawError) as raised:
        load_law([folder])
    assert len(raised.value.faults) == 2
    assert raised.value.exit_code == 2


def test_a_total_above_400_percent_is_refused() -> None:
    absurd = {"op": "add", "id": "absurd", "importer": "US", "rate": 4.0, "start": "2020-01-01"}
    law = apply_reforms(load_law(), parse_reforms([absurd]))
    with pytest.raises(LawError, match="400 %"):
        duty(law, date(2020, 1, 1))
