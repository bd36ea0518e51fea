"""A table with mistakes names every one of them with line, column and cure."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from sim.data.columns import Field, Row, Spec
from sim.data.reading import read_table

SPEC = Spec(
    "things",
    (
        Field("id"),
        Field("month", "month"),
        Field("share", "number", low=0.0, high=1.0),
        Field("low", "number", required=False),
        Field("high", "number", required=False),
        Field("plants", "integer", required=False, low=0),
        Field("grade", choices=("good", "bad")),
    ),
    ("id",),
    (("share", "low", "high"),),
)
HEADER = "id,month,share,low,high,plants,grade\n"
GOOD = "a,2017-01-01,0.5,0.4,0.6,3,good\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "things.csv"
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, text: str) -> list[str]:
    _, found = read_table(written(folder, text), SPEC)
    return [f"{fault.line}:{fault.column}:{fault.key}: {fault.wrong}" for fault in found]


def test_a_sound_table_gives_typed_rows(tmp_path: Path) -> None:
    rows, found = read_table(written(tmp_path, HEADER + GOOD), SPEC)
    assert found == []
    (row,) = rows
    assert (row.text("id"), row.month("month"), row.number("share"), row.integer("plants")) == (
        "a", date(2017, 1, 1), 0.5, 3,
    )  # fmt: skip


def test_an_empty_cell_is_unknown_and_never_zero(tmp_path: Path) -> None:
    (row,), found = read_table(written(tmp_path, HEADER + "a,2017-01-01,0.5,,,,good\n"), SPEC)
    assert found == []
    assert row.number("plants") != row.number("plants")
    with pytest.raises(TypeError):
        row.integer("plants")


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ("a,2025-13-01,0.5,,,,good", "2:2:month: `2025-13-01` is no date of the calendar"),
        ("a,2017-01-02,0.5,,,,good", "2:2:month: `2017-01-02` is not the first day of a month"),
        ("a,2017-01-01,half,,,,good", "2:3:share: `half` is no number"),
        ("a,2017-01-01,nan,,,,good", "2:3:share: `nan` is not finite"),
        ("a,2017-01-01,-0.1,,,,good", "2:3:share: -0.1 is outside 0 .. 1"),
        ("a,2017-01-01,,,,,good", "2:3:share: is empty"),
        ("a,2017-01-01,0.5,0.6,,,good", "2:None:share: 0.5 is outside its own range 0.6 .. nan"),
        ("a,2017-01-01,0.5,,,1.5,good", "2:6:plants: `1.5` is no whole number"),
        ("a,2017-01-01,0.5,,,,goood", "2:7:grade: `goood` is not known"),
        ("a,2017-01-01,0.5", "2:None:: 3 cells under 7 columns"),
    ],
)
def test_a_wrong_cell_is_named_with_its_place(tmp_path: Path, cells: str, fault: str) -> None:
    assert faults(tmp_path, f"{HEADER}{cells}\n") == [fault]


def test_a_wrong_word_gets_the_nearest_right_one(tmp_path: Path) -> None:
    text = HEADER + "a,2017-01-01,0.5,,,,goood\n"
    _, (fault,) = read_table(written(tmp_path, text), SPEC)
    assert fault.cure == "did you mean `good`?"


def test_all_mistakes_of_a_table_come_at_once(tmp_path: Path) -> None:
    text = HEADER + "c,x,y,,,,z\n" + GOOD + "b,2017-02-01,2,,,,bad\n"
    assert len(faults(tmp_path, text)) == 4


def test_a_repeated_key_names_both_lines(tmp_path: Path) -> None:
    assert faults(tmp_path, HEADER + GOOD + GOOD) == ["3:None:id: `a` stands on line 2 already"]


def test_a_missing_file_is_a_fault(tmp_path: Path) -> None:
    rows, (fault,) = read_table(tmp_path / "gone.csv", SPEC)
    assert (rows, fault.wrong) == ((), "is missing")


@pytest.mark.parametrize(
    ("header", "wrong"),
    [
        (HEADER.replace("share", "shares"), {"column is missing", "unknown column"}),
        (HEADER.replace("grade", "grade,grade"), {"column stands twice"}),
    ],
)
def test_a_wrong_header_is_told_before_any_row(
    tmp_path: Path, header: str, wrong: set[str]
) -> None:
    rows, found = read_table(written(tmp_path, header + GOOD), SPEC)
    assert rows == ()
    assert {fault.wrong for fault in found} == wrong


def test_a_row_that_is_no_month_is_not_read_as_one() -> None:
    with pytest.raises(TypeError):
        Row(2, {"month": None}).month("month")
