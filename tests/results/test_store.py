"""Chunks are whole or absent, whatever kills the writer."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from sim.axes import month_range
from sim.errors import QueryError, RunError
from sim.results.run_folder import files
from sim.results.run_folder.arrow import schema
from sim.results.run_folder.files import WriteError, digest, remove_parts, sole_writer, write_whole
from sim.results.run_folder.outcomes import write_outcomes
from sim.results.run_folder.query import open_run
from sim.results.run_folder.store import damage, forget, read_entries, trusted_files, write_chunk
from sim.tables import TABLES
from tests.plausible import frames
from tests.results.conftest import manifest, write_run

MONTHS = month_range(date(2017, 1, 1), date(2018, 12, 1))
LANES = [("a", "base", r) for r in range(3)]


def write(folder: Path, name: str = "chunk-00000") -> Any:
    return write_chunk(folder, name, LANES, frames(LANES, MONTHS))


def test_every_file_of_a_chunk_has_the_schema_rows_and_digest_of_its_entry(tmp_path: Path) -> None:
    entry = write(tmp_path)
    assert {file.table for file in entry.files} == set(TABLES)
    for file in entry.files:
        path = tmp_path / file.path
        assert pq.read_schema(path).equals(schema(TABLES[file.table]))
        assert pq.read_metadata(path).num_rows == file.rows
        assert (path.stat().st_size, digest(path)) == (file.bytes, file.sha256)


def test_entries_come_back_as_they_were_written(tmp_path: Path) -> None:
    entry = write(tmp_path)
    assert read_entries(tmp_path) == {"chunk-00000": entry}


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    first = write(tmp_path / "one")
    second = write(tmp_path / "two")
    assert first == second


def test_a_file_without_an_entry_is_never_read(tmp_path: Path) -> None:
    write_run(tmp_path)
    forget(tmp_path, "chunk-00001")
    with open_run(tmp_path) as run:
        assert set(run.sql("SELECT DISTINCT policy FROM outcomes")["policy"]) == {"base"}


def test_a_damaged_file_is_told_and_not_read(tmp_path: Path) -> None:
    write_run(tmp_path)
    path = tmp_path / "tables/outcomes/chunk-00001.parquet"
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(QueryError, match=r"chunk-00001.*bytes instead of"):
        trusted_files(tmp_path)


def test_a_changed_byte_is_found_by_its_digest(tmp_path: Path) -> None:
    entry = write(tmp_path)
    path = tmp_path / entry.files[0].path
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert damage(tmp_path, entry) == ""
    assert "SHA-256" in damage(tmp_path, entry, thorough=True)


class FullDisk:
    """A disk with room for so many bytes."""

    def __init__(self, room: int) -> None:
        self.room = room

    def write(self, view: memoryview) -> int:
        self.room -= len(view)
        if self.room < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return len(view)


@pytest.mark.parametrize("room", [0, 3_000, 12_000])
def test_a_full_disk_leaves_no_trusted_and_no_half_written_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    disk = FullDisk(room)
    whole = files._Hashing.write

    def limited(self: files._Hashing, data: Any) -> int:
        disk.write(memoryview(data).cast("B"))
        return whole(self, data)

    monkeypatch.setattr(files._Hashing, "write", limited)
    with pytest.raises(WriteError, match="No space left"):
        write(tmp_path)
    assert read_entries(tmp_path) == {}
    assert not list(tmp_path.rglob("*.part"))
    for path in tmp_path.rglob("*.parquet"):
        pq.read_table(path)


def test_a_real_full_file_system_is_told_with_the_path() -> None:
    with pytest.raises(WriteError, match="No space left"):
        write_whole_to_full_device()


def write_whole_to_full_device() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full on this system")

    class Device(type(Path())):
        def open(self, *args: Any, **kwargs: Any) -> Any:
            return Path("/dev/full").open("wb", buffering=0)

        def with_name(self, name: str) -> Any:
            return Device(super().with_name(name))

    write_whole(Device("/tmp/never-made.parquet"), lambda file: file.write(b"x"))


def test_a_failed_replacement_keeps_the_former_file(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    write_whole(path, lambda file: file.write(b"old"))

    def fail(file: Any) -> None:
        file.write(b"ne")
        raise OSError(errno.EIO, "broken")

    with pytest.raises(WriteError, match="broken"):
        write_whole(path, fail)
    assert path.read_bytes() == b"old"


_SLOW_WRITER = """
import sys, time
from pathlib import Path
from sim.results.run_folder import files
from tests.results.test_store import write
whole = files._Hashing.write
def slow(self, data):
    time.sleep(0.002)
    return whole(self, data)
files._Hashing.write = slow
for number in range(1000):
    write(Path(sys.argv[1]), f"chunk-{number:05d}")
"""


@pytest.mark.parametrize("kill", [signal.SIGKILL, signal.SIGINT])
def test_a_killed_writer_leaves_only_whole_files_and_whole_chunks(
    tmp_path: Path, kill: signal.Signals
) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", _SLOW_WRITER, str(tmp_path)],
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    until = time.monotonic() + 30
    while len(list(tmp_path.glob("tables/*/chunk-00001.parquet"))) < 4:
        assert time.monotonic() < until, "the writer never came so far"
        assert writer.poll() is None, "the writer ended by itself"
        time.sleep(0.01)
    writer.send_signal(kill)
    writer.wait(timeout=60)
    entries = read_entries(tmp_path)
    assert "chunk-00000" in entries
    assert all(damage(tmp_path, entry, thorough=True) == "" for entry in entries.values())
    for path in tmp_path.glob("tables/*/*.parquet"):
        pq.read_table(path)
    remove_parts(tmp_path)
    assert not list(tmp_path.rglob("*.part"))


def test_two_processes_cannot_write_into_one_folder(tmp_path: Path) -> None:
    hold = (
        "import sys, time; from pathlib import Path;"
        "from sim.results.run_folder.files import sole_writer\n"
        "with sole_writer(Path(sys.argv[1])): print('held', flush=True); time.sleep(20)"
    )
    command = [sys.executable, "-c", hold, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        assert first.stdout.readline().strip() == "held"
        begun = time.monotonic()
        with pytest.raises(RunError, match="another process"), sole_writer(tmp_path):
            pass
        assert time.monotonic() - begun < 1.0, "a second writer is refused at once"
        first.kill()
    with sole_writer(tmp_path):
        pass  # the system freed it when the first was killed


def test_one_process_cannot_write_twice_into_one_folder(tmp_path: Path) -> None:
    second = sole_writer(tmp_path)
    with sole_writer(tmp_path), pytest.raises(RunError, match="another process"), second:
        pass


def test_a_progress_entry_that_is_not_one_is_told(tmp_path: Path) -> None:
    (tmp_path / "progress").mkdir()
    (tmp_path / "progress" / "chunk-00000.json").write_text('{"chunk": "x"}')
    with pytest.raises(QueryError, match="not a progress entry"):
        read_entries(tmp_path)


def test_an_unfinished_run_without_a_chunk_says_so(tmp_path: Path) -> None:
    from sim.results.run_folder.manifest import write_manifest

    write_manifest(tmp_path, manifest(status="running"))
    from sim.engine.outcomes import OUTCOMES  # slow, and a writer's process has no use for it

    write_outcomes(tmp_path, OUTCOMES)
    with pytest.raises(QueryError, match="no finished chunk"):
        open_run(tmp_path)
