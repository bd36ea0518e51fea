"""Rows of an overlay add to the shipped tables or replace them, and are checked like them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sim.data.dataset import Dataset, load_dataset, packaged_folder
from sim.data.overlays import overlay_digest
from sim.errors import DataError
from tests.data.kitsune import TABLES, write_kitsune


def told(*overlays: Path) -> list[str]:
    with pytest.raises(DataError) as caught:
        load_dataset(overlays=overlays)
    return [str(fault) for fault in caught.value.faults]


def output(data: Dataset) -> list[str]:
    return [row.text("country") for row in data.where("output_2017", line="kitsune_cars")]


def test_an_overlay_adds_a_maker_with_plants_in_two_countries(tmp_path: Path) -> None:
    folder = write_kitsune(tmp_path / "kitsune")
    shipped, laid = load_dataset(), load_dataset(overlays=[folder])
    assert output(laid) == ["JP", "MX"]
    assert len(laid["firms"]) == len(shipped["firms"]) + 1
    assert [row.text("id") for row in laid["firms"]][-1] == "kitsune"
    assert laid["fx_monthly"] == shipped["fx_monthly"]


def test_a_row_with_the_key_of_a_shipped_one_stands_in_its_place(tmp_path: Path) -> None:
    header, first, *_ = (packaged_folder() / "firms.csv").read_text("utf-8").splitlines()
    name = first.split(",")[1]
    (tmp_path / "firms.csv").write_text(f"{header}\n{first.replace(name, 'Other Name')}\n", "utf-8")
    shipped, laid = load_dataset()["firms"], load_dataset(overlays=[tmp_path])["firms"]
    assert [row.text("id") for row in laid] == [row.text("id") for row in shipped]
    assert laid[0].text("name") == "Other Name"


def test_a_later_overlay_goes_over_an_earlier_one(tmp_path: Path) -> None:
    first, second = write_kitsune(tmp_path / "a"), tmp_path / "b"
    second.mkdir()
    text = TABLES["firms"].replace("Kitsune Motors", "Kitsune")
    (second / "firms.csv").write_text(text, encoding="utf-8")
    names = [
        [row.text("name") for row in load_dataset(overlays=order)["firms"]][-1]
        for order in ([first, second], [second, first])
    ]
    assert names == ["Kitsune", "Kitsune Motors"]


@pytest.mark.parametrize(
    ("forgotten", "keys"),
    [
        ("firms", ["lines.csv:2: firm", "plants.csv:2: firm", "plants.csv:3: firm"]),
        (
            "lines",
            [
                "output_2017.csv:2: line", "output_2017.csv:3: line", "sales_2017.csv:2: line",
                "sales_2017.csv:3: line", "sales_2017.csv:4: line", "plants.csv:2: line",
                "plants.csv:3: line",
            ],
        ),
        ("output_2017", ["output_2017.csv: line: kitsune_cars has no rows"]),
        ("sales_2017", ["sales_2017.csv: line: kitsune_cars has no rows"]),
    ],
)  # fmt: skip
def test_a_forgotten_table_is_told_completely_and_at_the_overlay(
    tmp_path: Path, forgotten: str, keys: list[str]
) -> None:
    folder = write_kitsune(tmp_path / "kitsune", without=forgotten)
    found = told(folder)
    for key in keys:
        assert [one for one in found if one.startswith(f"{folder}/{key}")], key
    assert all(one.startswith(str(folder)) for one in found)


def test_two_forgotten_tables_are_told_together(tmp_path: Path) -> None:
    folder = write_kitsune(tmp_path / "kitsune", without="sales_2017")
    (folder / "firms.csv").unlink()
    found = "\n".join(told(folder))
    assert "`kitsune` is not in firms.csv" in found
    assert "sales_2017.csv: line: kitsune_cars has no rows" in found


@pytest.mark.parametrize(
    ("table", "old", "new", "says"),
    [
        ("output_2017", "kitsune_cars,MX", "kitsune_cars,JP", ":3: line + country: `kitsune_cars"),
        ("output_2017", "vehicles", "share", ":2: unit: `share` does not fit"),
        ("output_2017", "300000", "many", ":2:3: quantity: `many` is no number"),
        ("output_2017", ",estimated", ",guessed", ":2:10: evidence: `guessed` is not known"),
        ("output_2017", ",source_url,note", ",note", ":1: source_url: column is missing"),
        ("lines", "kitsune,cars,cars", "kitsune,cars,carz", ":2: line_class: `carz` is not in"),
        ("plants", "36.65", "136.65", ":2:7: latitude: 136.65 is outside"),
    ],
)
def test_a_fault_of_an_overlay_is_told_with_its_own_path_and_line(
    tmp_path: Path, table: str, old: str, new: str, says: str
) -> None:
    folder = write_kitsune(tmp_path / "kitsune")
    path = folder / f"{table}.csv"
    path.write_text(path.read_text("utf-8").replace(old, new, 1), encoding="utf-8")
    assert f"{path}{says}" in "\n".join(told(folder))


def test_a_table_of_an_unknown_name_gets_the_nearest_one(tmp_path: Path) -> None:
    (tmp_path / "firm.csv").write_text(TABLES["firms"], encoding="utf-8")
    assert told(tmp_path) == [
        f"{tmp_path}/firm.csv: is no table of the world; did you mean `firms`?"
    ]


def test_a_folder_without_tables_is_no_overlay(tmp_path: Path) -> None:
    assert "holds no table" in told(tmp_path)[0]
    assert "no such folder" in told(tmp_path / "gone")[0]


def test_the_digest_of_an_overlay_is_of_its_content_and_not_of_its_place(tmp_path: Path) -> None:
    one = write_kitsune(tmp_path / "one")
    other = Path(shutil.copytree(one, tmp_path / "elsewhere" / "other"))
    assert overlay_digest(one) == overlay_digest(other)
    path = other / "output_2017.csv"
    path.write_text(path.read_text("utf-8").replace("300000", "300001"), "utf-8")
    assert overlay_digest(one) != overlay_digest(other)


def test_an_edited_overlay_is_read_again(tmp_path: Path) -> None:
    folder = write_kitsune(tmp_path / "kitsune")
    load_dataset(overlays=[folder])
    path = folder / "firms.csv"
    path.write_text(path.read_text("utf-8").replace("Kitsune Motors", "Kitsune"), "utf-8")
    assert load_dataset(overlays=[folder])["firms"][-1].text("name") == "Kitsune"
