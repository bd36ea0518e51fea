"""Whatever a key holds in the place of what it should, the mistake is told in our own words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.errors import ConfigError
from sim.experiments.spec.config import ExperimentConfig
from sim.experiments.spec.policy import Policy
from sim.experiments.spec.reading import load_config
from sim.law.reforms import schema

ODD = ("2027", "-1", "1.5", "true", ".nan", "", "text", "'2027'", "2017-02-30", "[1]", "[[1]]")
ODD += ("{a: 1}", "{a: {b: 1}}", "9" * 30, "x" * 70)
LIBRARY = r"should|Datetimes|valid |Value error|greater than or|less than or|characters|NoneType"

SOUND = {
    "set": {"importer": "US", "exporters": "CN", "rate": "0.1", "start": "2018-02-01"},
    "delay": {"instrument": "us_232_autos", "months": "3", "start": "2025-01-01"},
    "add": {"id": "x", "importer": "US", "rate": "0.1", "start": "2018-02-01"},
    "extend": {"instrument": "us_232_autos_jp", "to": "[KR]", "start": "2025-10-01"},
}
"""Reforms that are sound but for the key that a test spoils."""


def told(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")
    try:
        load_config(path)
    except ConfigError as error:
        return [str(fault).removeprefix(f"{tmp_path}/") for fault in error.faults]
    return []


def experiment(**keys: str) -> str:
    sound = {"experiment": "x", "end": "2018-12", "policies": "{a: {}}"}
    return "".join(f"{key}: {value}\n" for key, value in (sound | keys).items())


def strange(found: list[str]) -> list[str]:
    """Mistakes in the library's words, or without a place."""
    return [one for one in found if re.search(LIBRARY, one) or not re.match(r"x.yaml:\d+:\d+", one)]


@pytest.mark.parametrize("key", ExperimentConfig.model_fields)
def test_a_key_of_an_experiment(tmp_path: Path, key: str) -> None:
    assert [one for odd in ODD for one in strange(told(tmp_path, experiment(**{key: odd})))] == []


@pytest.mark.parametrize("key", Policy.model_fields)
def test_a_key_of_a_policy(tmp_path: Path, key: str) -> None:
    texts = [experiment(policies=f"{{a: {{{key}: {odd}}}}}") for odd in ODD]
    assert [one for text in texts for one in strange(told(tmp_path, text))] == []


@pytest.mark.parametrize("op", SOUND)
def test_a_key_of_a_reform(tmp_path: Path, op: str) -> None:
    (model,) = (m for m in vars(schema).values() if _op(m) == op)
    found = []
    for key in model.model_fields:
        for odd in ODD:
            words = {"op": op} | SOUND[op] | {key: odd}
            inner = ", ".join(f"{name}: {word}" for name, word in words.items())
            found += told(tmp_path, experiment(policies=f"{{a: {{reforms: [{{{inner}}}]}}}}"))
    assert strange(found) == []
    assert len(found) > 3 * len(model.model_fields)


def _op(model: object) -> str | None:
    fields = getattr(model, "model_fields", {}) if isinstance(model, type) else {}
    return fields["op"].annotation.__args__[0] if "op" in fields else None


@pytest.mark.parametrize(
    ("key", "odd", "words"),
    [
        ("start", "2027", "x.yaml:4:1: start: `2027` is not a month; write it as 2025-04"),
        ("end", "", "x.yaml:2:1: end: has no value; write it as 2025-04"),
        ("replications", "0", "x.yaml:4:1: replications: must be at least 1, not `0`"),
    ],
)
def test_its_place_and_its_cure_are_told(tmp_path: Path, key: str, odd: str, words: str) -> None:
    assert told(tmp_path, experiment(**{key: odd})) == [words]


def test_a_number_is_no_day(tmp_path: Path) -> None:
    """The library makes a day of 1970 of it."""
    for odd in ("0", "2027", "'2027'"):
        reform = f"{{op: freeze, importer: US, start: {odd}}}"
        (fault,) = told(tmp_path, experiment(policies=f"{{a: {{reforms: [{reform}]}}}}"))
        assert f"`{odd.strip(chr(39))}` is not a date; write it as 2025-04-03" in fault
