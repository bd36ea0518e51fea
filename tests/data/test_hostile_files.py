"""Whatever a file holds, it is told with its place and cure, and costs no more than its bytes."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from sim.data import text_files
from sim.data.columns import Field, Spec
from sim.data.document import parse, read
from sim.data.entries import Page
from sim.data.reading import read_table
from sim.errors import ConfigError, Fault, InputError

SPEC = Spec("things", (Field("id"), Field("share", "number", low=0.0)), ("id",))


def table_faults(folder: Path, content: bytes, spec: Spec = SPEC) -> list[Fault]:
    path = folder / "things.csv"
    path.write_bytes(content)
    return read_table(path, spec)[1]


def yaml_fault(folder: Path, content: bytes) -> Fault:
    path = folder / "x.yaml"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read(path)
    (fault,) = caught.value.faults
    return fault


@pytest.mark.parametrize(
    ("content", "line", "column", "words"),
    [
        (b"a: 1\nb: \x00\n", 2, 4, "NUL"),
        ("a: 1\n".encode("utf-16"), 1, 1, "UTF-16"),
        ("a: 1\n".encode("utf-32"), 1, 1, "UTF-32"),
        (b"a: 1\n\xc3\xa9: \xe9\n", 2, 4, "0xe9"),
        (b"a: \x07\n", 1, 4, "U+0007"),
        (b"a: !!python/object:os.system x\n", 1, 4, "tag"),
        (b"? [a, b]\n: 1\n", 1, 3, "as a key"),
        (b"a: &x {b: *x}\n", 1, 11, "holds itself"),
    ],
)
def test_bytes_that_are_no_document_are_told_with_their_place(
    tmp_path: Path, content: bytes, line: int, column: int, words: str
) -> None:
    fault = yaml_fault(tmp_path, content)
    assert (fault.line, fault.column) == (line, column)
    assert words in str(fault)
    assert fault.cure


def test_a_page_of_law_tells_the_same_mistakes(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(b"a: \x00\n")
    (fault,) = Page(path, "x.yaml").all_faults()
    assert (fault.file, fault.line, fault.column) == ("x.yaml", 1, 4)


def test_deep_nesting_ends_with_its_place_and_not_with_the_stack() -> None:
    with pytest.raises(ConfigError, match="deeper than 40 levels"):
        parse("a: " + "[" * 100_000, "x.yaml")


def test_nesting_that_aliases_make_deep_ends_likewise() -> None:
    lines = ["a0: &a0 [1]"]
    lines += [f"a{n}: &a{n} [[[[[[[[*a{n - 1}]]]]]]]]" for n in range(1, 400)]
    with pytest.raises(ConfigError, match="deeper than 40 levels"):
        parse("\n".join(lines), "x.yaml")


def test_aliases_that_unfold_to_billions_are_refused_at_once() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    began = time.monotonic()
    with pytest.raises(ConfigError, match="aliases unfolded"):
        parse("\n".join(lines), "x.yaml")
    assert time.monotonic() - began < 2.0


def test_a_file_that_is_too_large_is_not_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large.yaml"
    path.write_text("a: 1\n" * 100)
    with pytest.raises(InputError, match="larger than"):
        text_files.read_text(path, most_bytes=100)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"id,share\na,0.5\nb,\x00\n", "3:3::holds a NUL byte"),
        ("id,share\na,0.5\n".encode("utf-16"), "1:1::is UTF-16"),
        (b"id,share\n\xe9,0.5\n", "2:1::is not UTF-8"),
        ("id,share\na,０.５\n".encode(), "2:2:share:`０.５` is no number"),
        (b"id,share\na,1_000\n", "2:2:share:`1_000` is no number"),
        (b"id,share\na,true\n", "2:2:share:`true` is no number"),
        (b"id,share\n", "1:None::holds a header and no rows"),
        (b"", "1:None::is empty"),
        (b"id,share\na\n", "2:None::1 cells under 2 columns"),
        (b"id,share\na,1,2\n", "2:None::3 cells under 2 columns"),
        (b'id,share\na,1\n"b,2\n', "3:None::a quote is never closed"),
        (b"id,share\n" + b"a" * 200_000 + b",1\n", "2:None::a cell is longer than 131,072"),
    ],
)
def test_a_hostile_table_is_told_with_its_place(tmp_path: Path, content: bytes, told: str) -> None:
    (fault,) = table_faults(tmp_path, content)
    assert f"{fault.line}:{fault.column}:{fault.key}:{fault.wrong}".startswith(told)
    assert fault.cure


def test_a_full_width_number_is_answered_with_its_plain_digits(tmp_path: Path) -> None:
    (fault,) = table_faults(tmp_path, "id,share\na,０.５\n".encode())
    assert fault.cure == "write `0.5` in plain digits"


@pytest.mark.parametrize("cell", ["2025-02-30", "2025-2-3", "20250203", "２０２５-02-03"])
def test_a_day_that_no_calendar_has_is_told(tmp_path: Path, cell: str) -> None:
    spec = Spec("things", (Field("on", "day"),))
    (fault,) = table_faults(tmp_path, f"on\n{cell}\n".encode(), spec)
    assert f"`{cell}` is no date" in fault.wrong


def test_a_row_is_named_by_the_line_on_which_it_begins(tmp_path: Path) -> None:
    (fault,) = table_faults(tmp_path, b'id,share\n"a\nb",1\n"c\nd",x\n')
    assert fault.line == 4
