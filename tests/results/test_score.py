"""Targets are judged inside a fence."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.engine.outcomes import OUTCOMES
from sim.errors import DataError
from sim.results.run_folder.manifest import write_manifest
from sim.results.run_folder.outcomes import write_outcomes
from sim.results.run_folder.query import RunFolder, open_run
from sim.results.run_folder.store import forget, write_chunk
from sim.results.scoring.guarded import Guarded, Refused
from sim.results.scoring.score import score
from sim.results.scoring.targets import Target, read_targets
from tests.plausible import frames
from tests.results.conftest import MONTHS, manifest, write_run

HEAD = "id,policy,against,ask,low,high,unit,source\n"
MEAN = (
    "SELECT replication, avg(value) AS value FROM outcomes"
    " WHERE outcome = 'output' AND \"group\" = 'product=printers;country=VN'"
    " AND month >= DATE '2019-01-01' GROUP BY replication"
)


def target(ask: str, **changes: object) -> Target:
    content = {
        "id": "x", "policy": "tariff", "against": "", "ask": ask, "low": 110.0, "high": 120.0,
        "unit": "", "source": "", "line": 2,
    }  # fmt: skip
    return Target(**{**content, **changes})


def test_a_median_inside_the_band_is_within(run: RunFolder) -> None:
    [verdict] = score(run, [target(MEAN)])
    assert verdict.within
    assert verdict.why_not == ""
    assert verdict.band_low < verdict.simulated < verdict.band_high


@pytest.mark.parametrize(("low", "high", "why"), [(190, 199, "below 190"), (10, 20, "above 20")])
def test_a_median_outside_says_on_which_side(
    run: RunFolder, low: float, high: float, why: str
) -> None:
    [verdict] = score(run, [target(MEAN, low=low, high=high)])
    assert not verdict.within
    assert why in verdict.why_not


def test_the_value_is_the_median_and_the_band_the_central_95_percent(run: RunFolder) -> None:
    ask = "SELECT r AS replication, r * r AS value FROM range(41) t(r)"
    [verdict] = score(run, [target(ask)])
    assert verdict.simulated == 20 * 20
    assert (verdict.band_low, verdict.band_high) == (1, 39 * 39)


def test_an_ask_takes_no_python_variable_and_installs_nothing(run: RunFolder) -> None:
    settings = (
        "python_enable_replacements", "autoinstall_known_extensions",
        "autoload_known_extensions", "enable_external_access",
    )  # fmt: skip
    with Guarded(run, "tariff") as tables:
        told = [
            tables.ask(f"SELECT current_setting('{name}') AS v")["v"].iloc[0] for name in settings
        ]
    assert [bool(value) for value in told] == [False] * 4


def test_bounds_belong_to_the_band(run: RunFolder) -> None:
    ask = "SELECT r AS replication, 5 AS value FROM range(3) t(r)"
    assert score(run, [target(ask, low=5, high=5)])[0].within


def test_an_open_side_has_no_bound(run: RunFolder) -> None:
    [verdict] = score(run, [target(MEAN, low=float("-inf"))])
    assert verdict.within
    assert verdict.row()["low"] is None


def test_against_gives_views_with_a_prefix(run: RunFolder) -> None:
    ask = (
        "SELECT a.replication, sum(a.value - b.value) AS value FROM outcomes a"
        " JOIN base_outcomes b USING (scenario, replication, month, outcome, product, country)"
        " WHERE outcome = 'output' GROUP BY 1"
    )
    [verdict] = score(run, [target(ask, against="base", low=-1000, high=0)])
    assert verdict.within
    assert "base_outcomes" in score(run, [target(ask)])[0].why_not


def test_only_the_rows_of_the_policy_are_in_view(run: RunFolder) -> None:
    with Guarded(run, "tariff") as tables:
        assert list(tables.ask("SELECT DISTINCT policy FROM outcomes")["policy"]) == ["tariff"]
        assert tables.ask("SELECT * FROM outcomes WHERE policy = 'base'").empty


def test_policies_that_share_a_chunk_are_kept_apart(tmp_path: Path) -> None:
    lanes = [(policy, "base", r) for policy in ("base", "tariff") for r in range(2)]
    write_chunk(tmp_path, "chunk-00000", lanes, frames(lanes, MONTHS, detail=9))
    write_manifest(tmp_path, manifest())
    write_outcomes(tmp_path, OUTCOMES)
    with open_run(tmp_path) as run, Guarded(run, "tariff", "base") as tables:
        for prefix, policy in (("", "tariff"), ("base_", "base")):
            for table in ("outcomes", "flows", "relocations"):
                found = tables.ask(f"SELECT DISTINCT policy, experiment FROM {prefix}{table}")
                assert found.to_numpy().tolist() == [[policy, "plausible"]]


@pytest.mark.parametrize("rows", [0, 10**9])
def test_outcomes_are_the_same_held_in_memory_or_scanned(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    monkeypatch.setattr("sim.results.scoring.guarded._HELD_ROWS", rows)
    with Guarded(run, "tariff") as tables:
        found = tables.ask("SELECT * FROM outcomes ORDER BY ALL")
    wanted = run.sql("SELECT * FROM outcomes WHERE policy = 'tariff' ORDER BY ALL")
    assert list(found.columns) == list(wanted.columns)
    for column in wanted.columns:
        assert found[column].tolist() == wanted[column].tolist()


@pytest.mark.parametrize(
    "ask",
    [
        "SELECT * FROM read_parquet('{dir}/tables/outcomes/chunk-00000.parquet')",
        "SELECT * FROM '{dir}/tables/outcomes/chunk-00000.parquet'",
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM glob('/*')",
        "SELECT * FROM read_csv('http://localhost/x.csv')",
        "COPY (SELECT 1) TO '{dir}/stolen.csv'",
        "ATTACH '{dir}/x.duckdb'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "CREATE TABLE t AS SELECT 1",
        "DROP VIEW outcomes",
        "SELECT 1; SELECT 2",
        "SELECT * FROM run",
        "",
    ],
)
def test_files_network_settings_and_writes_are_refused(
    run: RunFolder, run_dir: Path, ask: str
) -> None:
    with Guarded(run, "tariff") as tables, pytest.raises(Refused):
        tables.ask(ask.format(dir=run_dir))
    assert not (run_dir / "stolen.csv").exists()


def test_a_query_without_end_is_stopped(run: RunFolder) -> None:
    endless = "SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE hash(a, b) = 1"
    with Guarded(run, "tariff") as tables, pytest.raises(Refused, match=r"longer than 0\.2 s"):
        tables.ask(endless, seconds=0.2)


@pytest.mark.parametrize(
    ("ask", "why"),
    [
        ("", "asks nothing"),
        ("SELEC 1", "Parser Error"),
        ("SELECT 1 AS value", "instead of replication, value"),
        ("SELECT 1 AS replication, 2 AS value, 3 AS more", "beside replication, value"),
        ("SELECT 1 AS replication, 2 AS value WHERE false", "no row"),
        ("SELECT 1 AS replication, 'x' AS value", "not a number"),
        ("SELECT 1 AS replication, NULL AS value", "null or infinite in 1 of 1"),
        ("SELECT 1 AS replication, 'inf'::DOUBLE AS value", "null or infinite"),
        ("SELECT 1 AS replication, r AS value FROM range(2) t(r)", "more than once"),
    ],
)
def test_an_ask_that_fails_is_a_miss_with_its_reason(run: RunFolder, ask: str, why: str) -> None:
    [verdict] = score(run, [target(ask)])
    assert not verdict.within
    assert why in verdict.why_not
    assert verdict.simulated is None


def test_a_row_without_a_band_or_with_an_unknown_policy_is_a_miss(run: RunFolder) -> None:
    rows = [
        target(MEAN, id="a", low=float("-inf"), high=float("inf")),
        target(MEAN, id="b", policy="tarif"),
        target(MEAN, id="c", against="bse"),
        target(MEAN, id="d", policy=""),
    ]
    why = [verdict.why_not for verdict in score(run, rows)]
    assert "neither low nor high" in why[0]
    assert "did you mean `tariff`" in why[1]
    assert "against `bse`" in why[2]
    assert "no policy" in why[3]


def test_a_policy_without_a_finished_run_is_a_miss(tmp_path: Path) -> None:
    write_run(tmp_path)
    forget(tmp_path, "chunk-00001")
    with open_run(tmp_path) as run:
        assert "no finished run" in score(run, [target(MEAN)])[0].why_not


def test_verdicts_keep_the_order_of_the_rows(run: RunFolder) -> None:
    rows = [target(MEAN, id=str(i), policy=("base", "tariff")[i % 2]) for i in range(5)]
    assert [verdict.id for verdict in score(run, rows)] == list("01234")


def test_a_target_file_is_read_with_quotes_and_open_bounds(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(HEAD.strip() + ',note\nA1,base,,"SELECT ""x"",\n 1",,2.5,share,http://x,n\n')
    [row] = read_targets(path)
    assert row.ask == 'SELECT "x",\n 1'
    assert (row.low, row.high) == (float("-inf"), 2.5)


def test_all_mistakes_of_a_target_file_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(HEAD + "A,p,,q,one,2,,\nA,p,,q,3,2,,\n,p,,q,1,2,,\nB,p,,q,1,2,,,SELECT\n")
    with pytest.raises(DataError) as caught:
        read_targets(path)
    told = str(caught.value)
    for part in ("t.csv:2:5: low: `one`", "t.csv:3: low: 3 is above", "t.csv:3: id: `A` stands",
                 "t.csv:4:1: id: is empty", "t.csv:5: 9 cells under 8 columns"):  # fmt: skip
        assert part in told


def test_a_missing_column_is_told_with_the_nearest(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(HEAD.replace("ask", "aks"))
    with pytest.raises(DataError, match="ask: column is missing; did you mean `aks`"):
        read_targets(path)
    with pytest.raises(DataError, match="is missing"):
        read_targets(tmp_path / "none.csv")


def test_a_file_without_rows_is_told(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(HEAD)
    with pytest.raises(DataError, match="holds a header and no rows"):
        read_targets(path)
