"""YAML 1.2 with the place of every key."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.data.document import parse, read
from sim.errors import ConfigError


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"),  # Norway is a country
        ("on", "on"),
        ("yes", "yes"),
        ("true", True),
        ("null", None),
        ("1e-3", 0.001),
        ("017", 17),
        ("0x1F", 31),
        ("1_000", 1000),
        ("2025-04-03", "2025-04-03"),  # the schema judges dates
        ("2025-13-01", "2025-13-01"),
        ("1:30", "1:30"),
        ("'12'", "12"),
    ],
)
def test_scalars_are_those_of_yaml_1_2(text: str, value: object) -> None:
    found = parse(f"key: {text}\n", "x.yaml").data["key"]
    assert found == value
    assert type(found) is type(value)


def test_every_key_and_item_has_its_place() -> None:
    document = parse("a: 1\nb:\n  - x\n  - {c: 2, d: 3}\n", "x.yaml")
    assert document.place(("a",)) == (1, 1)
    assert document.place(("b", 0)) == (3, 5)
    assert document.place(("b", 1, "d")) == (4, 12)


def test_every_repeated_key_is_found_with_the_line_of_the_first() -> None:
    document = parse("a: 1\nb: {c: 1, c: 2}\na: 3\n", "x.yaml")
    told = [(fault.key, fault.line, fault.column) for fault in document.faults]
    assert told == [("b.c", 2, 11), ("a", 3, 1)]
    assert "line 1" in document.faults[1].wrong
    assert document.data["a"] == 1


def test_a_fault_at_a_missing_key_stands_at_its_parent() -> None:
    fault = parse("a:\n  b: 1\n", "x.yaml").fault(("a", "c"), "this key is missing")
    assert (fault.line, fault.column, fault.key) == (1, 1, "a.c")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a:\n\tb: 1\n", 2, "a tab"),
        ("a: [1,\n", 2, "never closed"),
        ("a: b: c\n", 1, "quotes"),
        ("", 1, "empty"),
        ("# only a comment\n", 1, "empty"),
        ("- a\n", 1, "no keys"),
        ("just words\n", 1, "no keys"),
        ("a: 1\n---\nb: 2\n", 2, "second document"),
        ("a: *nowhere\n", 1, "nowhere"),
        ("a: 'x\n", 1, "never closed"),
    ],
)
def test_what_is_not_a_mapping_is_told_with_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(text, "x.yaml")
    (fault,) = caught.value.faults
    assert fault.line == line
    assert words in str(fault)


def test_folded_text_holds_its_words_alone() -> None:
    assert parse("a: >-\n  one,\n  two\n", "x.yaml").data == {"a": "one, two"}


def test_an_alias_that_holds_itself_ends() -> None:
    with pytest.raises(ConfigError, match="alias that holds itself"):
        parse("a: &x {b: *x}\n", "x.yaml")


def test_a_missing_file_is_answered_with_the_nearest_name(tmp_path: Path) -> None:
    (tmp_path / "headline.yaml").write_text("a: 1\n")
    with pytest.raises(ConfigError, match=r"did you mean `headline\.yaml`"):
        read(tmp_path / "headlin.yaml")


def test_a_folder_or_other_bytes_are_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes(b"a: \xe9\n")
    with pytest.raises(ConfigError, match="UTF-8"):
        read(tmp_path / "latin.yaml")
    with pytest.raises(ConfigError, match="directory"):
        read(tmp_path)
