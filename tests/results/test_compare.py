"""Policies are compared over common draws."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.engine.outcomes import OUTCOMES
from sim.errors import QueryError
from sim.results.comparing.compare import compare
from sim.results.comparing.futures import SPREAD
from sim.results.comparing.headline import evidence_by_product, headline, last_whole_year
from sim.results.comparing.pairs import paired
from sim.results.run_folder.manifest import write_manifest
from sim.results.run_folder.outcomes import write_outcomes
from sim.results.run_folder.query import RunFolder, open_run
from sim.results.run_folder.store import chunk_name, write_chunk
from tests.plausible import LINES, frames
from tests.results.conftest import MONTHS, manifest, write_run


def test_a_policy_against_itself_differs_by_exactly_nothing(run: RunFolder) -> None:
    same = compare(run, "tariff", "tariff")
    for frame in (same.monthly, same.yearly):
        assert (frame[["difference", "low", "high"]] == 0).all().all()
    assert same.divergence["first_difference"].isna().all()
    assert set(same.relocations["change"]) == {"kept"}


def test_the_difference_is_the_mean_over_pairs(run: RunFolder) -> None:
    rows = compare(run, "tariff", "base", "output").monthly
    printers = (rows["product"] == "printers") & (rows["country"] == "CN")
    got = rows[printers & (rows["month"] == "2019-05-01")].iloc[0]
    by = run.sql(
        "SELECT policy, avg(value) AS v FROM outcomes WHERE outcome = 'output'"
        " AND product = 'printers' AND country = 'CN' AND month = DATE '2019-05-01'"
        " GROUP BY policy"
    ).set_index("policy")["v"]
    assert got["difference"] == pytest.approx(by["tariff"] - by["base"])
    assert got["low"] < got["difference"] < got["high"]


def test_pairing_removes_what_both_policies_share(run: RunFolder) -> None:
    both = paired(run, "tariff", "base", "us_built_share")
    assert np.std(both.a) > 0
    assert (both.difference == 0).all()


def test_years_add_flows_take_the_last_month_of_stocks_and_average_shares(run: RunFolder) -> None:
    for outcome, reduce in (("output", np.sum), ("capacity", lambda x, axis: x[..., -1, :]),
                            ("us_built_share", np.mean)):  # fmt: skip
        both = paired(run, "tariff", "base", outcome)
        wanted = reduce(both.a[:, 12:24], axis=1)
        assert np.allclose(both.yearly().a[:, 1], wanted)


def test_the_first_month_of_divergence_is_the_first_month_of_the_tariff(run: RunFolder) -> None:
    found = compare(run, "tariff", "base", "output").divergence.set_index(["product", "country"])
    assert str(found.loc[("printers", "CN"), "first_difference"])[:7] == "2018-07"
    assert str(found.loc[("printers", "CN"), "first_clear"])[:7] == "2018-07"
    assert pd.isna(found.loc[("cars", "CN"), "first_difference"])


def test_rows_are_json_with_the_promised_keys(run: RunFolder) -> None:
    rows = json.loads(json.dumps(compare(run, "tariff").rows(), allow_nan=False))
    assert list(rows[0]) == [
        "outcome", "product", "country", "firm", "customer", "rule", "month", "base", *SPREAD,
    ]  # fmt: skip
    assert {row["firm"] for row in rows} == {""}
    assert rows[0]["month"] == "2017-01-01"


def test_relocations_gained_lost_and_kept_are_told_apart_with_reasons(run: RunFolder) -> None:
    there = compare(run, "tariff", "base").relocations.set_index("change")
    assert there.loc["gained", "firm"] == "brother"
    assert there.loc["gained", "reason"] == "duty"
    assert there.loc["gained", "decisions"] == 1
    assert there.loc["kept", "firm"] == "honda"
    assert there.loc["kept", "months_later"] == 0
    back = compare(run, "base", "tariff").relocations
    assert list(back[back["change"] == "lost"]["firm"]) == ["brother"]


def test_only_runs_that_both_policies_have_are_paired(tmp_path: Path) -> None:
    write_run(tmp_path)
    lanes = [("tariff", "base", r) for r in (7, 9)]
    write_chunk(tmp_path, chunk_name(5), lanes, frames(lanes, MONTHS))
    with open_run(tmp_path) as run:
        comparison = compare(run, "tariff", "base")
    assert comparison.pairs == 4
    assert set(comparison.relocations["decisions"]) == {1.0}


def test_policies_that_share_a_chunk_compare_as_those_that_do_not(
    tmp_path: Path, run: RunFolder
) -> None:
    lanes = [(policy, "base", r) for policy in ("base", "tariff") for r in range(4)]
    write_chunk(tmp_path, chunk_name(0), lanes, frames(lanes, MONTHS, detail=2))
    write_manifest(tmp_path, manifest())
    write_outcomes(tmp_path, OUTCOMES)
    with open_run(tmp_path) as mixed:
        for policy in ("tariff", "base"):
            together = compare(mixed, policy, "base").monthly
            assert together.equals(compare(run, policy, "base").monthly)


def test_policies_without_a_shared_run_cannot_be_compared(tmp_path: Path) -> None:
    write_run(tmp_path)
    (tmp_path / "progress/chunk-00000.json").unlink()
    with open_run(tmp_path) as run, pytest.raises(QueryError, match="share no finished run"):
        compare(run, "tariff", "base")


def test_a_group_that_one_policy_never_wrote_counts_as_zero(tmp_path: Path) -> None:
    write_run(tmp_path)
    lanes = [("base", "base", r) for r in range(4)]
    content = frames(lanes, MONTHS)
    rows = content["outcomes"]
    content["outcomes"] = rows[rows["outcome"] != "programmes_from_china"]
    write_chunk(tmp_path, chunk_name(0), lanes, content)
    with open_run(tmp_path) as run:
        both = paired(run, "tariff", "base", "programmes_from_china")
    assert (both.b == 0).all()
    assert both.a.sum() > 0


def test_moves_from_china_are_told_by_destination_with_the_evidence(run: RunFolder) -> None:
    moves = headline(run, "tariff").moves.set_index(["product", "destination"])
    printers = moves.loc["printers"]
    assert printers.loc["VN", "difference"] == pytest.approx(180, rel=0.05)
    assert printers.loc["VN", "low"] < printers.loc["VN", "difference"]
    assert printers.loc["TH", "difference"] == 0
    assert printers.loc["all", "difference"] == printers.loc["VN", "difference"]
    assert printers.loc["VN", "decisions"] == 1
    assert printers.loc["VN", "evidence"] == "recalled"
    assert moves.loc[("cars", "all"), "difference"] == 0


def test_what_left_china_is_diverted_or_lost_and_the_parts_add_up(run: RunFolder) -> None:
    parts = headline(run, "tariff").left_china
    own = parts[parts["product"] == "printers"].set_index("part")["difference"]
    diverted = own[own.index.str.startswith("diverted_")].sum()
    assert own["from_china"] < 0 < diverted
    assert own["lost"] == pytest.approx(own["from_china"] + diverted)
    assert own["lost"] == pytest.approx(-own["lost_demand_world"])
    assert own["china_content"] < 0


def test_production_keeps_vehicles_apart_from_money(run: RunFolder) -> None:
    made = headline(run, "tariff").production.set_index(["unit", "country"])
    assert made.loc[("vehicles", "CN"), "difference"] == 0
    assert made.loc[("USD of 2017", "CN"), "difference"] < 0
    row = made.loc[("USD of 2017", "VN")]
    assert row["level"] - row["base"] == pytest.approx(row["difference"])


def test_evidence_is_the_weakest_grade_that_carries_weight() -> None:
    lines = pd.DataFrame(LINES)
    assert evidence_by_product(lines).set_index("product").loc["printers", "evidence"] == "recalled"
    lines.loc[lines["firm"] == "brother", "china_base_units"] = 1.0
    graded = evidence_by_product(lines).set_index("product").loc["printers"]
    assert graded["evidence"] == "cited"
    assert graded["evidence_shares"] == "cited 95%; recalled 5%"


def test_the_headline_year_is_the_last_whole_one(run: RunFolder) -> None:
    assert last_whole_year(run) == 2019


def test_a_move_is_one_net_row_whatever_its_reasons(tmp_path: Path) -> None:
    """Brother moves in three runs of `tariff`, in one of them for wages, and in one of `base`."""
    write_run(tmp_path)
    lanes = [("tariff", "base", r) for r in range(4)]
    content = frames(lanes, MONTHS, detail=2)
    rows = content["relocations"].astype({"reason": str, "policy": str})
    brother = rows["firm"] == "brother"
    rows.loc[brother & (rows["replication"] == 2), "reason"] = "wage"
    late = rows[brother & (rows["replication"] == 0)].assign(policy="base", replication=3)
    content["relocations"] = rows[~(brother & (rows["replication"] == 3))]
    write_chunk(tmp_path, chunk_name(1), lanes, content)
    ours = [("base", "base", r) for r in range(4)]
    other = frames(ours, MONTHS, detail=2)
    other["relocations"] = pd.concat([other["relocations"], late], ignore_index=True)
    write_chunk(tmp_path, chunk_name(0), ours, other)
    with open_run(tmp_path) as run:
        there, back = (
            compare(run, *both).relocations for both in (("tariff", "base"), ("base", "tariff"))
        )
    [gained] = there[there["firm"] == "brother"].to_dict("records")
    [lost] = back[back["firm"] == "brother"].to_dict("records")
    assert (gained["change"], gained["decisions"], gained["units"]) == ("gained", 0.5, 120.0)
    assert (lost["change"], lost["decisions"], lost["units"]) == ("lost", 0.5, 120.0)
    assert gained["reason"] == lost["reason"] == "duty"
