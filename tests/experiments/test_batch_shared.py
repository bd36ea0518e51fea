"""Workers of a machine share one copy of the setting."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest

from sim.experiments.running.shared import shared
from sim.results.run_folder.files import WriteError


def test_an_object_comes_back_with_read_only_arrays(tmp_path: Path) -> None:
    table = np.zeros((50, 400, 7))
    table[3] = np.random.default_rng(1).normal(size=(400, 7))
    content = {"a": table, "b": [np.arange(5, dtype=np.int16), np.zeros((0, 3))], "c": "text"}
    with shared(content, tmp_path) as laid:
        found = laid.load()
        assert np.array_equal(found["a"], table)
        assert np.array_equal(found["b"][0], np.arange(5))
        assert found["b"][1].shape == (0, 3)
        assert found["c"] == "text"
        assert not found["a"].flags.writeable


def test_the_file_is_gone_afterwards_and_zeros_take_no_room(tmp_path: Path) -> None:
    with shared(np.zeros(4_000_000), tmp_path) as laid:
        assert laid.path.stat().st_blocks * 512 < 1_000_000
    assert list(tmp_path.iterdir()) == []


def test_an_object_without_arrays_can_be_shared(tmp_path: Path) -> None:
    with shared(("a", 1), tmp_path) as laid:
        assert laid.load() == ("a", 1)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match="cannot write"), shared(np.ones(3), tmp_path / "none"):
        pass


def test_what_a_starting_worker_is_handed_fits_a_pipe(tmp_path: Path) -> None:
    """A worker that dies while it starts would otherwise leave its parent writing for ever."""
    with shared({"text": "x" * 10**6, "array": np.ones(10**5)}, tmp_path) as laid:
        assert len(pickle.dumps(laid)) < 2**14
