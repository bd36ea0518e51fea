"""Run folders are read through DuckDB views."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from sim.errors import QueryError
from sim.meanings import Group, OutcomeMeaning
from sim.results.run_folder.listing import list_runs
from sim.results.run_folder.outcomes import write_outcomes
from sim.results.run_folder.query import RunFolder, open_run
from sim.tables import TABLES
from tests.plausible import LINES
from tests.results.conftest import MONTHS, write_run


def test_every_table_is_a_view_with_its_columns(run: RunFolder) -> None:
    for name, table in TABLES.items():
        assert tuple(run.table(name).columns) == table.names


def test_filters_keep_equal_rows_and_take_several_values(run: RunFolder) -> None:
    rows = run.table("flows", policy="tariff", replication=(0, 3))
    assert len(rows) == len(MONTHS)
    assert set(rows["replication"]) == {0}


def test_an_undefined_number_is_null_in_sql(run: RunFolder) -> None:
    counted = run.sql("SELECT count(*) AS n, count(us_exposure_share) AS k FROM firms")
    assert int(counted["n"].iloc[0]) > 0
    assert int(counted["k"].iloc[0]) == 0


def test_results_cannot_be_changed_by_a_query(run: RunFolder) -> None:
    with pytest.raises(QueryError):
        run.sql("DELETE FROM outcomes")


def test_a_wrong_table_column_policy_or_outcome_is_told_with_the_nearest(run: RunFolder) -> None:
    with pytest.raises(QueryError, match="did you mean `flows`"):
        run.table("flow")
    with pytest.raises(QueryError, match="did you mean `market`"):
        run.table("flows", markt="US")
    with pytest.raises(QueryError, match="did you mean `tariff`"):
        run.require_policy("tarif")
    with pytest.raises(QueryError, match="did you mean `output`"):
        run.require_outcome("outputs")


def test_a_query_that_duckdb_refuses_is_the_users_mistake(run: RunFolder) -> None:
    with pytest.raises(QueryError, match="nowhere"):
        run.sql("SELECT * FROM nowhere")


def test_a_python_variable_is_not_a_table(run: RunFolder) -> None:
    secret = run.table("fx")
    with pytest.raises(QueryError, match="secret"):
        run.sql("SELECT * FROM secret")
    assert len(secret)


def test_a_folder_without_a_run_is_told(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="no run is here"):
        open_run(tmp_path / "nothing")


def test_lines_and_lanes_come_from_the_folder(run: RunFolder) -> None:
    assert len(run.lines) == len(LINES)
    assert run.lanes()["tariff"] == {("base", r) for r in range(4)}


def test_runs_are_listed_newest_first_with_how_far_they_are(tmp_path: Path) -> None:
    write_run(tmp_path / "old", started="2026-01-01")
    write_run(tmp_path / "new", started="2026-02-01", chunks=3, status="stopped")
    (tmp_path / "no_run").mkdir()
    summaries = list_runs(tmp_path)
    assert [s.path.name for s in summaries] == ["new", "old"]
    assert (summaries[0].chunks_done, summaries[0].chunks, summaries[0].status) == (2, 3, "stopped")
    assert list_runs(tmp_path / "absent") == []


DAMAGED = {"cut": b"{", "list": b"[]", "empty": b"", "latin": b'{"experiment": "caf\xe9"}'}


@pytest.mark.parametrize("held", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_run_is_told_and_hides_no_other(tmp_path: Path, held: bytes) -> None:
    write_run(tmp_path / "whole")
    damaged = tmp_path / "damaged" / "manifest.json"
    damaged.parent.mkdir()
    damaged.write_bytes(held)
    whole, other = list_runs(tmp_path)
    assert (whole.path.name, whole.wrong) == ("whole", "")
    assert (other.path.name, other.status) == ("damaged", "damaged")
    assert f"{damaged}: not a manifest" in other.wrong


def test_a_path_with_a_quote_can_be_opened(tmp_path: Path) -> None:
    write_run(tmp_path / "Tariff's end")
    with open_run(tmp_path / "Tariff's end") as run:
        assert len(run.table("fx"))


def test_a_run_of_an_earlier_version_is_refused_with_what_it_lacks(
    run: RunFolder, tmp_path: Path
) -> None:
    """A table without a column that is known now is told by name, not in DuckDB's words."""
    old = tmp_path / "plants.parquet"
    run.connection.execute(f"COPY (SELECT 'x' AS experiment) TO '{old}'")
    with pytest.raises(QueryError, match="earlier version: it has no `policy`"):
        RunFolder(tmp_path, run.manifest, {"plants": [old]})


def test_a_run_with_packed_outcomes_is_refused_by_name(tmp_path: Path) -> None:
    write_run(tmp_path)
    for path in (tmp_path / "tables" / "outcomes").glob("*.parquet"):
        length = path.stat().st_size
        keys = list(Group._fields)
        table = pq.read_table(path)
        packed = table.append_column("group", table["product"]).drop_columns(keys)
        pq.write_table(packed.slice(0, 9), path, compression=None)
        entry = tmp_path / "progress" / f"{path.stem}.json"
        entry.write_text(entry.read_text().replace(str(length), str(path.stat().st_size)))
    with pytest.raises(
        QueryError, match="outcomes: was written by an earlier version: it has no `p"
    ):
        open_run(tmp_path)


def test_a_run_that_does_not_say_what_its_outcomes_mean_is_refused_by_name(tmp_path: Path) -> None:
    write_run(tmp_path)
    (tmp_path / "outcomes.json").unlink()
    with pytest.raises(QueryError, match=r"earlier version: it has no `outcomes\.json`"):
        open_run(tmp_path)


def test_outcomes_that_only_this_run_has_are_known_with_unit_and_kind(tmp_path: Path) -> None:
    write_run(tmp_path)
    own = OutcomeMeaning("output", "tonnes a month", "flow", ("product", "country"), "weight")
    write_outcomes(tmp_path, [own])
    with open_run(tmp_path) as run:
        assert run.require_outcome("output") == own
        with pytest.raises(QueryError, match="no such outcome in this run"):
            run.require_outcome("capacity")
