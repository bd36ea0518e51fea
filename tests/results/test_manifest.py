"""A manifest says what a run rests on and refuses to continue another experiment."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from sim.errors import InputError, QueryError
from sim.results.run_folder.manifest import read_manifest, refuse_other, write_manifest
from sim.results.run_folder.provenance import (
    canonical_digest,
    code_digest,
    commit,
    data_digest,
    processor,
    tree_digest,
    versions,
)
from tests.results.conftest import manifest


def test_a_manifest_comes_back_as_it_was_written(tmp_path: Path) -> None:
    wanted = manifest(labels={"base": "As enacted"}, git={"commit": "abc", "dirty": True})
    write_manifest(tmp_path, wanted)
    assert read_manifest(tmp_path) == wanted


def test_the_same_experiment_may_continue() -> None:
    stored = manifest()
    refuse_other(Path("runs/x"), stored, stored.identity, stored.config)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"config_sha256": "other"}, "`seed` was 1, is 2"),
        ({"law_sha256": {"base": "l0", "tariff": "l2"}}, "the law of `tariff` differs"),
        ({"data_sha256": "e"}, "files under sim/data"),
        ({"code_sha256": "t"}, "the engine"),
        ({"versions": {"python": "3.11.9"}}, "python was 3.11.7, is 3.11.9"),
    ],
)
def test_another_experiment_is_refused_and_the_difference_named(
    change: dict[str, object], told: str
) -> None:
    stored = manifest()
    wanted = dataclasses.replace(stored.identity, **change)
    with pytest.raises(InputError, match="another run") as caught:
        refuse_other(Path("runs/x"), stored, wanted, {**stored.config, "seed": 2})
    assert told in str(caught.value)


def test_one_sentence_names_the_first_differences_in_the_words_of_the_file() -> None:
    had = {"seed": 1, "end": "2019-12", "description": "x", "policies": {"a": {"reforms": [1]}}}
    now = {"seed": 2, "end": "2020-12", "description": "y", "policies": {"a": {"reforms": []}}}
    stored = manifest(config=had)
    wanted = dataclasses.replace(
        stored.identity, config_sha256="other", data_sha256="e", code_sha256="t"
    )
    with pytest.raises(InputError) as caught:
        refuse_other(Path("runs/x"), stored, wanted, now)
    assert str(caught.value) == (
        'runs/x: holds another run: `end` was "2019-12", is "2020-12", `seed` was 1, is 2,'
        " policy `a` differs, files under sim/data or of an overlay have changed and 1 more;"
        " choose another --out, or remove it"
    )


def test_a_broken_manifest_is_told(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(QueryError, match="not a manifest"):
        read_manifest(tmp_path)


def test_a_digest_sees_names_and_contents_and_nothing_else(tmp_path: Path) -> None:
    for root, content in (("a", "x"), ("b", "x"), ("c", "y")):
        (tmp_path / root).mkdir()
        (tmp_path / root / "f.csv").write_text(content)
    a, b, c = (tree_digest(tmp_path / r, (tmp_path / r).rglob("*")) for r in "abc")
    assert a == b != c
    (tmp_path / "b" / "f.csv").rename(tmp_path / "b" / "g.csv")
    assert tree_digest(tmp_path / "b", (tmp_path / "b").rglob("*")) != a


def test_what_a_run_rests_on_can_be_told_here() -> None:
    assert len(data_digest()) == len(code_digest()) == 64
    assert canonical_digest({"a": 1}) != canonical_digest({"a": 2})
    assert versions()["numpy"] != "not installed"
    assert processor()
    found = commit()
    assert found is None or len(str(found["commit"])) == 40
