"""Why work stayed is told from what the engine noted: the saving, and what stood against it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sim.errors import QueryError
from sim.results.reasons.stayed import stayed
from sim.results.run_folder.query import RunFolder, open_run
from sim.results.run_folder.store import chunk_name, write_chunk
from tests.plausible import frames
from tests.results.conftest import MONTHS, POLICIES, write_run
from tests.results.test_reasons import refuse_other_numbers


def test_the_review_in_which_work_came_nearest_to_leaving_is_told(run: RunFolder) -> None:
    [work] = stayed(run, "Canon", "tariff").work
    told = work.paragraph()
    assert told.startswith(
        "Printers made in China for the United States stay there in all 4 futures. They came"
        " nearest to leaving in 2018-10: making 200 USD of 2017 a year at its plant in"
        " Vietnam would save 9.0 % of the price (19.8 USD a year; duty alone 8.0 %)."
    )
    assert "3.0 % because making them there is less practised, 2.0 % a year for the cost of" in told
    assert "1.0 % that uncertainty asks for: 6.0 % in all." in told
    assert told.endswith(
        "enough would go from a saving of 12.0 % on, had duty made 11.0 % of the price instead of"
        " 8.0 %. Next best, mean over the years against staying: a new plant in Thailand (5 USD a"
        " year less)."
    )


def test_numbers_of_the_paragraphs_are_those_of_the_rows(run: RunFolder) -> None:
    for policy in POLICIES:
        for row in stayed(run, "canon", policy).rows():
            refuse_other_numbers(row | {"moved": row["futures"] - row["futures_moved"]})


def test_work_that_moves_in_most_futures_did_not_stay(tmp_path: Path) -> None:
    write_run(tmp_path)
    rewritten(
        tmp_path,
        lambda table: table.replace({"canon": "brother", "canon_printers": "brother_printers"}),
    )
    with open_run(tmp_path) as run:
        assert stayed(run, "brother", "tariff").work == ()
        assert len(stayed(run, "brother", "base").work) == 1


@pytest.mark.parametrize(
    ("barrier", "told"),
    [
        ("review", "the board did not take the question up"),
        ("budget", "the outlay of 50 USD was above its budget of 90 USD"),
        ("other", "another move of the same line was worth more"),
        ("own", "which has a mind of its own"),
    ],
)
def test_each_barrier_has_its_words(tmp_path: Path, barrier: str, told: str) -> None:
    write_run(tmp_path)
    rewritten(tmp_path, lambda table: table.replace({"value": barrier}))
    with open_run(tmp_path) as run:
        assert told in stayed(run, "canon", "tariff").work[0].paragraph()


def test_a_class_that_moves_no_work_says_so_from_the_lines_of_the_run(run: RunFolder) -> None:
    found = stayed(run, "honda", "tariff")
    assert found.work == ()
    assert (
        "this version moves no such work from one country to another by itself" in found.cannot[0]
    )


def test_a_line_that_may_move_but_makes_too_little_elsewhere_says_so(run: RunFolder) -> None:
    [text] = stayed(run, "brother", "tariff").cannot
    assert "nothing that it makes in one country for another is large enough" in text


def test_a_product_is_asked_for_by_name_and_refused_if_not_made(run: RunFolder) -> None:
    assert stayed(run, "canon", "tariff", "Printers").work
    with pytest.raises(QueryError, match="is no product of Canon in this run"):
        stayed(run, "canon", "tariff", "cars")


def test_a_run_of_an_earlier_version_is_refused_with_a_cure(tmp_path: Path) -> None:
    write_run(tmp_path)
    for entry in (tmp_path / "progress").glob("*.json"):
        content = json.loads(entry.read_text())
        content["files"] = [one for one in content["files"] if one["table"] != "considered"]
        entry.write_text(json.dumps(content))
    with (
        open_run(tmp_path) as run,
        pytest.raises(QueryError, match=r"(?s)earlier version.*run the experiment again"),
    ):
        stayed(run, "canon", "tariff")


def test_a_run_without_detail_is_refused_with_a_cure(tmp_path: Path) -> None:
    write_run(tmp_path)
    for number, policy in enumerate(POLICIES):
        lanes = [(policy, "base", r) for r in range(4)]
        write_chunk(tmp_path, chunk_name(number), lanes, frames(lanes, MONTHS, detail=0))
    with open_run(tmp_path) as run, pytest.raises(QueryError, match="detail_replications: 1"):
        stayed(run, "canon", "tariff")


def rewritten(folder: Path, change: Any) -> None:
    """Write the plausible run again with its table of what was considered changed."""
    for number, policy in enumerate(POLICIES):
        lanes = [(policy, "base", r) for r in range(4)]
        content = frames(lanes, MONTHS, detail=2)
        content["considered"] = change(content["considered"].astype(object).infer_objects())
        months = content["considered"]["month"].astype("datetime64[s]")
        content["considered"] = content["considered"].assign(month=months)
        write_chunk(folder, chunk_name(number), lanes, content)
